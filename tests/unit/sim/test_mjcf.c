#include "base/err.h"
#include "base/mem.h"
#include "sim/mjcf.h"
#include "sim/task.h"
#include <math.h>
#include <mujoco/mujoco.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

static int scene(const char *spec, double timestep, vr_str *out)
{
  vr_body body = {0};
  vr_task task = {0};
  vr_world world = {0};
  int code = vr_body_load("share/body/rat", &body);
  if (!code) code = vr_task_read("share/task", spec, &task);
  if (!code) code = vr_task_world(&task, 1, &world);
  if (!code) code = vr_mjcf_scene(&body, &world, timestep, out);
  vr_world_free(&world);
  vr_task_free(&task);
  vr_body_free(&body);
  return code;
}

/* the engine's model of a text; NULL after a failure or a warning */
static mjModel *compile(const char *text)
{
  char why[512] = "";
  mjModel *m = NULL;
  mjSpec *spec = mj_parseXMLString(text, NULL, why, sizeof why);
  if (spec) m = mj_compile(spec, NULL);
  const char *said = m ? mjs_getError(spec) : spec ? mjs_getError(spec) : why;
  if (!m || (said && *said)) print_message("engine: %s\n", said);
  if (m && said && *said) {
    mj_deleteModel(m);
    m = NULL;
  }
  if (spec) mj_deleteSpec(spec);
  return m;
}

static mjModel *model(const char *spec, double timestep)
{
  vr_str s = {0};
  assert_int_equal(scene(spec, timestep, &s), 0);
  mjModel *m = compile(s.s);
  vr_str_free(&s);
  assert_non_null(m);
  return m;
}

static void the_rat_has_its_sizes(void **state)
{
  (void)state;
  mjModel *m = model("flat", VR_STEP_RELEASE);
  assert_int_equal(m->nq, 74);
  assert_int_equal(m->nv, 73);
  assert_int_equal(m->nu, 38);
  assert_int_equal(m->na, 38);
  assert_int_equal(m->nbody, 67);
  assert_int_equal(m->njnt, 68);
  assert_int_equal(m->ntendon, 8);
  assert_int_equal(m->nexclude, 26);
  assert_int_equal(m->nsite, 21);
  assert_int_equal(m->ngeom, 101);
  assert_int_equal(m->nsensordata, 28);
  assert_true(fabs(m->body_subtreemass[1] - 0.3377924) < 5e-8);
  assert_true(m->body_mass[1] == 1e-5);
  assert_true(m->opt.timestep == 0.001);
  assert_int_equal(m->opt.cone, mjCONE_ELLIPTIC);
  assert_int_equal(m->opt.noslip_iterations, 5);
  assert_true(m->opt.noslip_tolerance == 0);
  assert_int_equal(m->narena, 64 << 20);
  mj_deleteModel(m);
}

/* row i of a table is the engine's number i + 1 or i, as body.h says */
static void rows_are_ids(void **state)
{
  (void)state;
  vr_body b;
  mjModel *m = model("flat", VR_STEP_TRAIN);
  assert_true(m->opt.timestep == 0.002);
  assert_int_equal(vr_body_load("share/body/rat", &b), 0);
  for (int i = 0; i < (int)b.nbones; i++)
    assert_string_equal(mj_id2name(m, mjOBJ_BODY, i + 1), b.bone[i].name);
  for (int i = 0; i < (int)b.njoints; i++)
    assert_string_equal(mj_id2name(m, mjOBJ_JOINT, i + 1), b.joint[i].name);
  for (int i = 0; i < (int)b.nsites; i++)
    assert_string_equal(mj_id2name(m, mjOBJ_SITE, i), b.site[i].name);
  for (int i = 0; i < (int)b.nactuators; i++)
    assert_string_equal(mj_id2name(m, mjOBJ_ACTUATOR, i), b.actuator[i].name);
  for (int i = 0; i < (int)b.ntendons; i++)
    assert_string_equal(mj_id2name(m, mjOBJ_TENDON, i), b.tendon[i].name);
  for (int i = 0; i < (int)b.nsensors; i++)
    assert_string_equal(mj_id2name(m, mjOBJ_SENSOR, i), b.sensor[i].name);
  vr_body_free(&b);
  mj_deleteModel(m);
}

/* forward with actuation off, as after a reset: 51 contacts with the plane, the height of the torso */
static void it_stands_where_it_should(void **state)
{
  (void)state;
  mjModel *m = model("flat", VR_STEP_RELEASE);
  mjData *d = mj_makeData(m);
  int torso = mj_name2id(m, mjOBJ_BODY, "torso"), floor = mj_name2id(m, mjOBJ_GEOM, "floor");
  m->opt.disableflags |= mjDSBL_ACTUATION;
  mj_forward(m, d);
  m->opt.disableflags &= ~mjDSBL_ACTUATION;
  assert_int_equal(d->ncon, 51);
  for (int i = 0; i < d->ncon; i++) assert_int_equal(d->contact[i].geom[0], floor);
  assert_true(fabs(d->xpos[3 * torso + 2] - 0.0650896) < 1e-7);
  // one control step of 0.5: the filter has come 1 - 0.975^20 of the way
  for (int i = 0; i < m->nu; i++) d->ctrl[i] = 0.5;
  for (int i = 0; i < 20; i++) mj_step(m, d);
  assert_true(fabs(d->act[0] - 0.5 * (1 - pow(0.975, 20))) < 1e-15);
  assert_true(fabs(d->act[37] - 0.198656) < 1e-6);
  mj_deleteData(d);
  mj_deleteModel(m);
}

static void parameters_reach_the_scene(void **state)
{
  (void)state;
  mjModel *m = model("flat:friction=0.25,size=3", VR_STEP_RELEASE);
  int floor = mj_name2id(m, mjOBJ_GEOM, "floor");
  assert_true(m->geom_friction[3 * floor] == 0.25);
  assert_true(m->geom_size[3 * floor] == 3 && m->geom_size[3 * floor + 1] == 3);
  mj_deleteModel(m);
}

/* a pendulum: tables without rows but for two bodies, a hinge, a rod and a motor */
static void another_animal_is_another_folder(void **state)
{
  (void)state;
  static const char *const tables[][2] = {
    {"bodies", "-\t0\t0\t0\t1\t0\t0\t0\nrod\thanger\t0\t0\t1\t1\t0\t0\t0\n"},
    {"classes", "free\t0\t0.1\t0\t0\t0.01\t1\t0.9\t0.95\t0.001\t0.5\t2\n"},
    {"joints", "swing\trod\tfree\t0\t0\t0\t0\t1\t0\t-3\t3\n"},
    {"kinds",
      "wood\t1\t1\t3\t0\t2\t1\t0\t0\t0.02\t1\t0.9\t0.95\t0.001\t0.5\t2\t0\t0\t1\t1\t1\t1\n"},
    {"geoms", "bar\trod\twood\tbox\t0.1\t0.1\t0.5\t0\t0\t0\t1\t0\t0\t0\t1000\n"},
    {"sites", ""},
    {"tendons", ""},
    {"tendon_joints", ""},
    {"actuators", "motor\tjoint\tswing\t0.04\t1\t0\t-1\t-1\t1\t-1\t1\n"},
    {"excludes", ""},
    {"sensors", ""},
    {"cameras", ""},
    {"lights", ""},
    {"options", "1e-5\t1e-11\telliptic\t5\t0\t0.1\t1\t0\n"},
  };
  char folder[] = P_tmpdir "/vr-mjcf-XXXXXX", path[256], line[512];
  vr_body b;
  vr_world w = {.spawn = {0, 0, 3, 1, 0, 0, 0}};
  vr_str s = {0};
  assert_non_null(mkdtemp(folder));
  for (size_t i = 0; i < VR_LEN(tables); i++) {
    // the column names are the rat's
    snprintf(path, sizeof path, "share/body/rat/%s.tsv", tables[i][0]);
    FILE *f = fopen(path, "r");
    do assert_non_null(fgets(line, sizeof line, f));
    while (*line == '#');
    fclose(f);
    snprintf(path, sizeof path, "%s/%s.tsv", folder, tables[i][0]);
    f = fopen(path, "w");
    fprintf(f, "%s%s%s", line, i ? "" : "hanger\t", tables[i][1]);
    fclose(f);
  }
  assert_int_equal(vr_body_load(folder, &b), 0);
  assert_int_equal(vr_mjcf_scene(&b, &w, 0.001, &s), 0);
  mjModel *m = compile(s.s);
  assert_non_null(m);
  assert_int_equal(m->nq, 8);
  assert_true(fabs(m->body_mass[2] - 40) < 1e-9 && m->qpos0[2] == 3);
  mj_deleteModel(m);
  vr_body_free(&b);
  vr_str_free(&s);
  for (size_t i = 0; i < VR_LEN(tables); i++) {
    snprintf(path, sizeof path, "%s/%s.tsv", folder, tables[i][0]);
    unlink(path);
  }
  rmdir(folder);
}

static void refuses(const char *spec, const char *want)
{
  vr_task t;
  assert_int_equal(vr_task_read("share/task", spec, &t), VR_EARG);
  if (!strstr(vr_errmsg(), want)) fail_msg("'%s' does not hold '%s'", vr_errmsg(), want);
  assert_null(t.table.row);
}

static void wrong_tasks_are_named(void **state)
{
  (void)state;
  refuses("flt", "there is no task 'flt', did you mean 'flat'? (tasks: flat, ");
  refuses("", "there is no task ''");
  refuses("flat:", "write key=value, not ''");
  refuses("flat:size", "write key=value, not 'size'");
  refuses("flat:siz=2", "task flat: there is no parameter 'siz', did you mean 'size'?");
  refuses("flat:size=two", "size: 'two' is not a number");
  refuses("flat:size=0", "size: 0 is not in 0.5 .. 100");
  refuses("flat:size=2,size=3", "size is given twice");
  refuses("flat,size=2", "write a task as NAME:key=value");
  refuses("flat:size=2:friction=1", "size: '2:friction=1' is not a number");
  vr_task t;
  assert_int_equal(vr_task_read("share/nowhere", "flat", &t), VR_EIO);
  vr_str s = {0};
  assert_int_equal(scene("flat", 0.1, &s), VR_EARG);
  assert_int_equal(scene("flat", NAN, &s), VR_EARG);
  vr_str_free(&s);
}

static void parameters_are_told(void **state)
{
  (void)state;
  vr_task t;
  vr_str s = {0};
  assert_int_equal(vr_task_read("share/task", "flat:friction=0.1", &t), 0);
  assert_true(vr_task_get(&t, "friction") == 0.1 && vr_task_get(&t, "size") == 8);
  assert_true(isnan(vr_task_get(&t, "weight")));
  vr_task_text(&t, &s);
  assert_memory_equal(s.s, "name\tvalue\tmin\tmax\tunit\twhat\n", 29);
  assert_non_null(strstr(s.s, "\nfriction\t0.1\t0\t5\t-\t"));
  size_t n;
  assert_string_equal(vr_task_names(&n)[0], "flat");
  vr_str_free(&s);
  vr_task_free(&t);
}

/* numbers come back to the last bit, in as few digits as that takes */
static void numbers_come_back(void **state)
{
  (void)state;
  static const double x[] = {
    0, 1, -0.1, 1.0 / 3, 6e-7, 1e300, 5e-324, 123456789.0, 0.3377924197137957};
  static const char *const want[] = {"0", "1", "-0.1", "0.3333333333333333", "6e-07", "1e+300",
    "4.94066e-324", "123456789", "0.3377924197137957"};
  vr_str s = {0};
  for (size_t i = 0; i < VR_LEN(x); i++) {
    vr_str_clear(&s);
    vr_mjcf_number(&s, x[i]);
    assert_string_equal(s.s, want[i]);
  }
  vr_str_free(&s);
}

static void the_text_is_the_same_twice(void **state)
{
  (void)state;
  vr_str a = {0}, b = {0};
  assert_int_equal(scene("flat", 0.001, &a), 0);
  assert_int_equal(scene("flat", 0.001, &b), 0);
  assert_string_equal(a.s, b.s);
  vr_str_free(&a);
  vr_str_free(&b);
}

static void memory_runs_out(void **state)
{
  (void)state;
  vr_str s = {0};
  int code = VR_EMEM;
  for (long n = 1; code == VR_EMEM; n++) {
    vr_alloc_fail_at(n);
    vr_str_free(&s);
    code = scene("flat", 0.001, &s);
    assert_true(code == 0 || code == VR_EMEM);
    assert_true(n < 1000);
  }
  vr_alloc_fail_at(0);
  assert_int_equal(code, 0);
  vr_str_free(&s);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(the_rat_has_its_sizes),
    cmocka_unit_test(rows_are_ids),
    cmocka_unit_test(it_stands_where_it_should),
    cmocka_unit_test(parameters_reach_the_scene),
    cmocka_unit_test(another_animal_is_another_folder),
    cmocka_unit_test(wrong_tasks_are_named),
    cmocka_unit_test(parameters_are_told),
    cmocka_unit_test(numbers_come_back),
    cmocka_unit_test(the_text_is_the_same_twice),
    cmocka_unit_test(memory_runs_out),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
