#include "base/err.h"
#include "base/mem.h"
#include "base/rng.h"
#include "base/str.h"
#include "sim/body.h"
#include "sim/mjcf.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#define RAT "share/body/rat"
static const char *const files[] = {"bodies", "classes", "joints", "kinds", "geoms", "sites",
  "tendons", "tendon_joints", "actuators", "excludes", "sensors", "cameras", "lights", "options"};

static void the_rat_has_its_parts(void **state)
{
  (void)state;
  vr_body b;
  assert_int_equal(vr_body_load(RAT, &b), 0);
  assert_int_equal(b.nbones, 66);
  assert_int_equal(b.njoints, 67);
  assert_int_equal(b.ngeoms, 100);
  assert_int_equal(b.nsites, 21);
  assert_int_equal(b.ntendons, 8);
  assert_int_equal(b.nactuators, 38);
  assert_int_equal(b.nexcludes, 26);
  assert_int_equal(b.nsensors, 12);
  assert_int_equal(b.ncameras, 5);
  // geoms of each kind: trunk, limb, head, eye, tooth, paw
  size_t count[6] = {0};
  for (size_t i = 0; i < b.ngeoms; i++) count[b.geom[i].kind]++;
  assert_int_equal(b.nkinds, 6);
  assert_true(count[0] == 19 && count[1] + count[2] == 59 && count[3] == 2 && count[4] == 4 && count[5] == 16);
  // an activation of -1 or 1 puts the set point of a joint on the limit
  for (size_t i = 0; i < b.nactuators; i++) {
    const vr_actuator *a = &b.actuator[i];
    for (int k = 0; k < 2 && !a->on; k++) {
      double at = ((k ? 1 : -1) * a->gain + a->bias[0]) / -a->bias[1];
      assert_true(fabs(at - b.joint[a->target].range[k]) < 1e-9);
    }
  }
  // tendon coefficients sum to 1
  double sum[8] = {0};
  for (size_t i = 0; i < b.ntendon_joints; i++)
    sum[b.tendon_joint[i].tendon] += b.tendon_joint[i].coef;
  for (int k = 0; k < 8; k++) assert_true(fabs(sum[k] - 1) < 1e-11);
  vr_body_free(&b);
  assert_null(b.bone);
}

/* left and right are mirror images, to the rounding of the tables; the tail is on neither side */
static void left_mirrors_right(void **state)
{
  (void)state;
  vr_body b;
  int pairs = 0;
  assert_int_equal(vr_body_load(RAT, &b), 0);
  for (size_t i = 0; i < b.nbones; i++) {
    char *side, other[64];
    snprintf(other, sizeof other, "%s", b.bone[i].name);
    if (!(side = strstr(other, "_L"))) continue;
    side[1] = 'R';
    const vr_bone *l = &b.bone[i], *r = &b.bone[vr_table_find(&b.table[VR_T_BODIES], other)];
    assert_true(fabs(l->pos[0] - r->pos[0]) < 1e-12 && fabs(l->pos[1] + r->pos[1]) < 1e-12);
    assert_true(fabs(l->pos[2] - r->pos[2]) < 1e-12);
    pairs++;
  }
  assert_int_equal(pairs, 9);
  vr_body_free(&b);
}

/* the whole of a file; the caller frees it */
static char *slurp(const char *folder, const char *name)
{
  char path[256], *text = calloc(1, 1 << 16);
  snprintf(path, sizeof path, "%s/%s.tsv", folder, name);
  FILE *f = fopen(path, "r");
  assert_non_null(f);
  assert_true(fread(text, 1, (1 << 16) - 1, f) < (1 << 16) - 1);
  fclose(f);
  return text;
}

static void spit(const char *folder, const char *name, const char *text)
{
  char path[256];
  snprintf(path, sizeof path, "%s/%s.tsv", folder, name);
  FILE *f = fopen(path, "w");
  assert_non_null(f);
  fputs(text, f);
  fclose(f);
}

typedef struct {
  const char *file, *from, *to, *message;
} change;

static const change changes[] = {
  {"bodies", "walker\t-", "walker\ttorso", "there is no 'torso' above this line"},
  {"bodies", "torso\twalker", "torso\t-", "only the first body may be without a parent"},
  {"bodies", "pelvis\tvertebra_6", "pelvis\tvertebra_7", "parent: there is no 'vertebra_7'"},
  {"bodies", "foot_R\tlower_leg_R", "foot_R\tlower_leg_L", "bodies stand depth first"},
  {"bodies", "1\t0\t0\t0\n", "0.9\t0\t0\t0\n", "qw qx qy qz is not of length 1"},
  {"joints", "vertebra_1\tlumbar_extend", "walker\tlumbar_extend", "the root moves freely"},
  {"joints", "vertebra_1\tlumbar_extend", "foot_R\tlumbar_extend", "order of their bodies"},
  {"joints", "\t0\t1\t0\t", "\t0\t0.5\t0\t", "ax ay az is not of length 1"},
  {"joints", "-0.5235987756\t0.7", "0.9\t0.7", "low is not below high"},
  {"geoms", "ellipsoid\t0.05\t0.024\t0.026", "ellipsoid\t0.05\t0.024\t-", "has 3 sizes"},
  {"geoms", "sphere\t0.01\t-", "sphere\t0.01\t1", "has 1 size,"},
  {"geoms", "trunk\tellipsoid", "fur\tellipsoid", "kind: there is no 'fur' in"},
  {"sites", "knee_L\tupper_leg_L", "knee_L\tskull", "order of their bodies"},
  {"tendon_joints", "lumbar_bend\tvertebra_2_bend", "caudal_bend\tvertebra_2_bend",
    "'lumbar_bend' has no joints"},
  {"tendon_joints", "\tvertebra_4_extend", "\tvertebra_1_extend", "the joint was there before"},
  {"tendon_joints", "caudal_bend\tvertebra_C29", "lumbar_bend\tvertebra_C29",
    "rows stand in the order of the tendons"},
  {"actuators", "tendon\tlumbar_extend", "joint\tlumbar_extend", "there is no 'lumbar_extend' in"},
  {"actuators", "-1\t1\t-20\t20", "1\t1\t-20\t20", "ctrl_low is not below ctrl_high"},
  {"excludes", "pelvis\tvertebra_C2", "pelvis\tpelvis", "a body with itself"},
  {"sensors", "gyro\thead\t-", "gyro\t-\ttorso", "this sensor sits on a site"},
  {"sensors", "foot_L\ttorso", "foot_L\t-", "relative: a body for framepos"},
  {"cameras", "0\t-1\t0\t0\t0\t1", "0\t-1\t0\t0\t1\t0", "right and up lie along each other"},
  {"options", "1e-05", "-1e-05", "boundmass: '-1e-05' is not in 0"},
  {"options", "elliptic", "round", "cone: 'round' is none of pyramidal|elliptic"},
};

/* a copy of the rat's tables in a folder of its own */
typedef struct {
  char folder[64], *text[VR_LEN(files)];
} copy;

static void copy_tables(copy *c)
{
  snprintf(c->folder, sizeof c->folder, "%s", P_tmpdir "/vr-body-XXXXXX");
  assert_non_null(mkdtemp(c->folder));
  for (size_t i = 0; i < VR_LEN(files); i++)
    spit(c->folder, files[i], c->text[i] = slurp(RAT, files[i]));
}

static void remove_tables(copy *c)
{
  char path[256];
  for (size_t i = 0; i < VR_LEN(files); i++) {
    snprintf(path, sizeof path, "%s/%s.tsv", c->folder, files[i]);
    unlink(path);
    free(c->text[i]);
  }
  rmdir(c->folder);
}

/* each change of one word in one file is named with its file */
static void what_is_wrong_is_named(void **state)
{
  (void)state;
  copy t;
  char path[256];
  vr_body b;
  copy_tables(&t);
  assert_int_equal(vr_body_load(t.folder, &b), 0);
  vr_body_free(&b);
  for (size_t c = 0; c < VR_LEN(changes); c++) {
    vr_str s = {0};
    size_t i = 0;
    while (strcmp(files[i], changes[c].file)) i++;
    const char *at = strstr(t.text[i], changes[c].from);
    if (!at) fail_msg("'%s' is not in %s", changes[c].from, files[i]);
    vr_str_addn(&s, t.text[i], (size_t)(at - t.text[i]));
    vr_str_addf(&s, "%s%s", changes[c].to, at + strlen(changes[c].from));
    spit(t.folder, files[i], vr_str_get(&s));
    assert_int_equal(vr_body_load(t.folder, &b), VR_EDATA);
    snprintf(path, sizeof path, "%s/%s.tsv:", t.folder, files[i]);
    if (!strstr(vr_errmsg(), changes[c].message))
      fail_msg("'%s' does not hold '%s'", vr_errmsg(), changes[c].message);
    if (!strstr(vr_errmsg(), "has no joints")) assert_memory_equal(vr_errmsg(), path, strlen(path));
    assert_null(b.bone);
    spit(t.folder, files[i], t.text[i]);
    vr_str_free(&s);
  }
  remove_tables(&t);
}

static void a_table_too_few_is_named(void **state)
{
  (void)state;
  copy t;
  char path[256];
  vr_body b;
  copy_tables(&t);
  for (size_t i = 0; i < VR_LEN(files); i++) {
    snprintf(path, sizeof path, "%s/%s.tsv", t.folder, files[i]);
    unlink(path);
    assert_int_equal(vr_body_load(t.folder, &b), VR_EIO);
    assert_non_null(strstr(vr_errmsg(), path));
    spit(t.folder, files[i], t.text[i]);
  }
  remove_tables(&t);
}

/* n bytes of text, a few of them changed, cut out or put in */
static size_t damage(vr_rng *r, char *text, size_t n)
{
  static const char bytes[] = "\t\t\n\n#--.0159eLR_ax\xff";
  for (uint64_t k = vr_rng_below(r, 3) + 1; k > 0; k--) {
    size_t at = vr_rng_below(r, n);
    char c = bytes[vr_rng_below(r, sizeof bytes)];
    switch (vr_rng_below(r, 3)) {
    case 0: text[at] = c; break;
    case 1: memmove(text + at, text + at + 1, --n - at); break;
    default: memmove(text + at + 1, text + at, n++ - at); text[at] = c;
    }
  }
  return n;
}

/* a damaged table is either named or still makes a scene */
static void damage_never_crashes(void **state)
{
  (void)state;
  copy t;
  vr_rng r = vr_rng_new(1, 2, 3);
  vr_world w = {.spawn = {0, 0, 0, 1, 0, 0, 0}};
  vr_str scene = {0};
  int loaded = 0;
  copy_tables(&t);
  for (int k = 0; k < 1500; k++) {
    char path[256], text[1 << 16];
    size_t i = vr_rng_below(&r, VR_LEN(files)), n = strlen(t.text[i]);
    memcpy(text, t.text[i], n + 1);
    n = damage(&r, text, n);
    snprintf(path, sizeof path, "%s/%s.tsv", t.folder, files[i]);
    FILE *f = fopen(path, "w");
    assert_int_equal(fwrite(text, 1, n, f), n);
    fclose(f);
    vr_body b;
    int code = vr_body_load(t.folder, &b);
    if (code) {
      assert_int_equal(code, VR_EDATA);
      assert_int_equal(strncmp(vr_errmsg(), t.folder, strlen(t.folder)), 0);
    } else {
      assert_int_equal(vr_mjcf_scene(&b, &w, 0.001, &scene), 0);
      loaded++;
    }
    vr_body_free(&b);
    spit(t.folder, files[i], t.text[i]);
  }
  // comments and last digits may change
  assert_true(loaded > 50 && loaded < 1400);
  remove_tables(&t);
  vr_str_free(&scene);
}

static void memory_runs_out(void **state)
{
  (void)state;
  vr_body b;
  int code = VR_EMEM;
  for (long n = 1; code == VR_EMEM; n++) {
    vr_alloc_fail_at(n);
    code = vr_body_load(RAT, &b);
    if (code) assert_null(b.bone);
    assert_true(n < 1000);
  }
  vr_alloc_fail_at(0);
  assert_int_equal(code, 0);
  vr_body_free(&b);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(the_rat_has_its_parts),
    cmocka_unit_test(left_mirrors_right),
    cmocka_unit_test(what_is_wrong_is_named),
    cmocka_unit_test(a_table_too_few_is_named),
    cmocka_unit_test(damage_never_crashes),
    cmocka_unit_test(memory_runs_out),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
