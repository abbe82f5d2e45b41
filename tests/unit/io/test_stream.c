#include "../test.h"
#include "io/prov.h"
#include "io/stream.h"
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FRAMES = 5000, JOINTS = 3 };
static char folder[] = "/tmp/vr-test-XXXXXX", path[2][64];

static char *const joint[JOINTS] = {"hip", "knee", "ankle"};

static void put_recording(vr_turn *t, float start)
{
  vr_trials tr = {0};
  vr_matf angles = {0};
  assert_int_equal(vr_trials_resize(&tr, 2), 0);
  tr.frames[0] = 1000, tr.first[1] = 1000, tr.frames[1] = FRAMES - 1000, tr.rate = 50;
  assert_int_equal(vr_put_trials(t, &tr, NULL), 0);
  assert_int_equal(vr_put_strings(t, "/names/joint", joint, JOINTS, "joint"), 0);
  assert_int_equal(vr_matf_resize(&angles, FRAMES, JOINTS), 0);
  for (size_t i = 0; i < FRAMES * JOINTS; i++) angles.a[i] = start + (float)i;
  assert_int_equal(vr_put_matf(t, "/pose/angles", &angles, "time joint", "rad"), 0);
  vr_matf_free(&angles);
  vr_trials_free(&tr);
}

/* finishes the turn and writes or appends its image to a file */
static void save(vr_turn *t, const char *to, int append)
{
  assert_int_equal(vr_turn_finish(t), 0);
  int fd = open(to, O_WRONLY | O_CREAT | (append ? 0 : O_TRUNC), 0600);
  assert_true(fd >= 0 && lseek(fd, 0, SEEK_END) >= 0);
  uint64_t copied;
  assert_int_equal(vr_copy_bytes(t->spool.fd, fd, t->spool.length, &copied), 0);
  assert_int_equal(copied, t->spool.length);
  close(fd);
  vr_turn_free(t);
}

static void add_run(vr_turn *t, const char *program)
{
  char *words[] = {(char *)program, "-n", "3"}, *name[] = {"count"}, *value[] = {"3"};
  vr_run run = {.program = program,
    .command = words,
    .nwords = 3,
    .names = name,
    .values = value,
    .noptions = 1};
  assert_int_equal(vr_history_add(t, &run), 0);
}

static int make_files(void **state)
{
  (void)state;
  vr_turn *t;
  if (!mkdtemp(folder)) return -1;
  for (int i = 0; i < 2; i++) {
    snprintf(path[i], sizeof path[i], "%s/%d.h5", folder, i);
    if (vr_turn_new(&t)) return -1;
    put_recording(t, (float)i);
    add_run(t, "vr-a");
    save(t, path[i], 0);
  }
  return 0;
}

static vr_turn *open_one(const char *name, int mode)
{
  char *operand[] = {(char *)name};
  vr_source s = {.operand = operand, .noperands = 1};
  vr_turn *t, *none;
  assert_int_equal(vr_source_next(&s, mode, &t), 0);
  assert_non_null(t);
  assert_int_equal(vr_source_next(&s, mode, &none), 0);
  assert_null(none);
  return t;
}

static void round_trip(void **state)
{
  (void)state;
  vr_turn *t = open_one(path[1], VR_TURN_READ);
  vr_mat m = {0};
  vr_trials tr = {0};
  assert_int_equal(vr_get_mat(t, "/pose/angles", &m), 0);
  assert_true(m.rows == FRAMES && m.cols == JOINTS && m.a[0] == 1 && m.a[14999] == 15000);
  assert_int_equal(vr_get_trials(t, &tr), 0);
  assert_true(tr.n == 2 && tr.first[1] == 1000 && tr.rate == 50);
  char axis[16];
  assert_int_equal(vr_h5_get_axis(t->in, "/pose/angles", 0, axis, sizeof axis), 0);
  assert_string_equal(axis, "time");
  assert_int_equal(vr_h5_get_axis(t->in, "/pose/angles", 1, axis, sizeof axis), 0);
  assert_string_equal(axis, "joint");
  assert_int_equal(vr_get_mat(t, "/pose/nothing", &m), VR_EDATA);
  vr_mat_free(&m);
  vr_trials_free(&tr);
  vr_turn_free(t);
}

static void put_result(vr_turn *t, double value)
{
  vr_mat m = {0};
  assert_int_equal(vr_mat_resize(&m, FRAMES, 2), 0);
  for (size_t i = 0; i < FRAMES * 2; i++) m.a[i] = value;
  assert_int_equal(vr_put_mat(t, "/eigenposture/angles", &m, "time mode", "rad"), 0);
  vr_mat_free(&m);
}

static void extended_and_replaced(void **state)
{
  (void)state;
  char out[2][80];
  vr_mat m = {0};
  snprintf(out[0], sizeof out[0], "%s/once.h5", folder);
  snprintf(out[1], sizeof out[1], "%s/twice.h5", folder);
  vr_turn *t = open_one(path[0], VR_TURN_EXTEND);
  assert_ptr_equal(t->in, t->out);
  put_result(t, 1);
  add_run(t, "vr-b");
  save(t, out[0], 0);
  t = open_one(out[0], VR_TURN_EXTEND);
  put_result(t, 2);
  assert_true(vr_h5_needs_repack(t->out));
  add_run(t, "vr-b");
  save(t, out[1], 0);
  t = open_one(out[1], VR_TURN_READ);
  assert_int_equal(vr_get_mat(t, "/eigenposture/angles", &m), 0);
  assert_true(m.a[0] == 2 && m.a[FRAMES * 2 - 1] == 2);
  assert_int_equal(vr_get_mat(t, "/pose/angles", &m), 0); // passed on
  assert_true(m.a[14999] == 14999);
  char **line, axis[16];
  size_t n;
  assert_int_equal(vr_history_get(t->in, &line, &n), 0);
  assert_int_equal(n, 3);
  assert_non_null(strstr(line[2], "\"program\":\"vr-b\""));
  char parent[24];
  snprintf(parent, sizeof parent, "[\"%.12s\"]", line[1] + 7);
  assert_non_null(strstr(line[2], parent));
  assert_int_equal(vr_h5_get_axis(t->in, "/pose/angles", 1, axis, sizeof axis), 0);
  assert_string_equal(axis, "joint"); // scales live through repacking
  vr_release(line);
  vr_mat_free(&m);
  vr_turn_free(t);
}

static void own_results_only(void **state)
{
  (void)state;
  vr_turn *t = open_one(path[0], VR_TURN_OWN);
  put_result(t, 3);
  assert_true(vr_h5_has(t->out, "/time") && vr_h5_has(t->out, "/trials/first"));
  assert_true(vr_h5_has(t->out, "/history") && !vr_h5_has(t->out, "/pose/angles"));
  assert_true(vr_turn_has(t, "/pose/angles") && vr_turn_has(t, "/eigenposture/angles"));
  vr_turn_free(t);
}

static void images_back_to_back(void **state)
{
  (void)state;
  char both[80];
  char *operand[] = {both, path[0]};
  snprintf(both, sizeof both, "%s/both.h5", folder);
  for (int i = 0; i < 2; i++) save(open_one(path[i], VR_TURN_EXTEND), both, i);
  vr_source s = {.operand = operand, .noperands = 2};
  for (int i = 0; i < 4; i++) {
    vr_turn *t;
    float first;
    assert_int_equal(vr_source_next(&s, VR_TURN_READ, &t), 0);
    if (i == 3) {
      assert_null(t);
      break;
    }
    assert_non_null(t);
    assert_int_equal(vr_h5_read(t->in, "/pose/angles", VR_F32, 0, 0, &first), 0);
    vr_matf m = {0};
    assert_int_equal(vr_get_rows(t, "/pose/angles", 10, 5, &m), 0);
    assert_true(m.a[0] == 30 + (i == 1));
    assert_int_equal(vr_get_rows(t, "/pose/angles", FRAMES - 1, 2, &m), VR_EARG);
    vr_matf_free(&m);
    vr_turn_free(t);
  }
}

static void wrong_lengths_and_nan(void **state)
{
  (void)state;
  vr_turn *t;
  vr_mat m = {0};
  assert_int_equal(vr_turn_new(&t), 0);
  put_recording(t, 0);
  assert_int_equal(vr_mat_resize(&m, FRAMES - 1, 2), 0);
  assert_int_equal(vr_put_mat(t, "/map/xy", &m, "time space", "1"), VR_EDATA);
  assert_int_equal(vr_mat_resize(&m, FRAMES, 2), 0);
  for (size_t i = 0; i < FRAMES * 2; i++) m.a[i] = 0;
  m.a[2 * 812 + 1] = NAN;
  assert_int_equal(vr_put_mat(t, "/map/xy", &m, "time axis", "1"), 0);
  assert_int_equal(vr_get_mat(t, "/map/xy", &m), VR_EDATA);
  assert_non_null(strstr(vr_errmsg(), "/map/xy row 812: NaN"));
  vr_mat_free(&m);
  vr_turn_free(t);
}

static void cut_images(void **state)
{
  (void)state;
  char cut[80];
  char *operand[] = {cut};
  snprintf(cut, sizeof cut, "%s/cut.h5", folder);
  for (off_t n = 0; n < 60000; n += n < 700 ? 37 : 4999) {
    save(open_one(path[0], VR_TURN_EXTEND), cut, 0);
    assert_int_equal(truncate(cut, n), 0);
    vr_source s = {.operand = operand, .noperands = 1};
    vr_turn *t;
    assert_int_equal(vr_source_next(&s, VR_TURN_READ, &t), VR_EDATA);
    assert_null(t);
    vr_source_close(&s);
  }
}

static void long_history(void **state)
{
  (void)state;
  vr_turn *t;
  char *word = malloc(9001), **line;
  size_t n;
  memset(word, 'w', 9000);
  word[9000] = 0;
  assert_int_equal(vr_turn_new(&t), 0);
  add_run(t, "vr-short");
  add_run(t, word);
  add_run(t, "vr-last");
  assert_int_equal(vr_history_get(t->out, &line, &n), 0);
  assert_int_equal(n, 3);
  assert_non_null(strstr(line[1], word));
  assert_non_null(strstr(line[2], "vr-last"));
  vr_release(line);
  free(word);
  vr_turn_free(t);
}

static int remove_files(void **state)
{
  (void)state;
  char command[100];
  snprintf(command, sizeof command, "rm -r %s", folder);
  return system(command);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(round_trip),
    cmocka_unit_test(extended_and_replaced),
    cmocka_unit_test(own_results_only),
    cmocka_unit_test(images_back_to_back),
    cmocka_unit_test(wrong_lengths_and_nan),
    cmocka_unit_test(cut_images),
    cmocka_unit_test(long_history),
  };
  return cmocka_run_group_tests(tests, make_files, remove_files);
}
