#include "../test.h"
#include "io/record.h"
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static vr_task task;
static vr_scene *scene, *coarse;

static int open_rat(void **state)
{
  (void)state;
  vr_body body = {0};
  int code = vr_body_load("share/body/rat", &body);
  if (!code) code = vr_task_read("share/task", "flat:noise=0.05", &task);
  if (!code) code = vr_scene_of(&body, &task, 0.001, &scene);
  if (!code) code = vr_scene_of(&body, &task, 0.01, &coarse);
  vr_body_free(&body);
  return code;
}

static int close_rat(void **state)
{
  (void)state;
  vr_scene_free(scene);
  vr_scene_free(coarse);
  vr_task_free(&task);
  return 0;
}

static vr_turn *record(const vr_scene *s, const vr_record_par *par, int threads)
{
  vr_turn *t;
  vr_pool pool = {threads};
  assert_int_equal(vr_turn_new(&t), 0);
  if (vr_record(s, &task, par, &pool, t)) fail_msg("%s", vr_errmsg());
  return t;
}

static vr_matf get(vr_turn *t, const char *path)
{
  vr_matf m = {0};
  if (vr_get_matf(t, path, &m)) fail_msg("%s", vr_errmsg());
  return m;
}

static const vr_record_par small = {
  .trials = 3, .frames = 12, .seed = 4, .controller = "mix", .gaits = "share/gait"};

/* Rows from .. of both datasets are equal to the last bit. */
static void same_rows(vr_turn *a, size_t from, vr_turn *b, const char *path)
{
  vr_matf x = get(a, path), y = get(b, path);
  assert_int_equal(x.cols, y.cols);
  assert_true(x.rows >= from + y.rows);
  assert_memory_equal(x.a + from * x.cols, y.a, y.rows * y.cols * sizeof *y.a);
  vr_matf_free(&x);
  vr_matf_free(&y);
}

static const char *const all[] = {"/pose/angles", "/pose/speeds", "/pose/positions", "/pose/root",
  "/pose/root_speeds", "/action", "/force", "/reward", "/sense/actuator_activation",
  "/sense/sensors_accelerometer", "/sense/world_zaxis"};

static void a_recording_holds_its_parts(void **state)
{
  (void)state;
  vr_turn *t = record(scene, &small, 1);
  size_t rows, cols;
  static const size_t want[] = {67, 67, 195, 7, 6, 38, 38, 1, 38, 3, 3};
  for (size_t i = 0; i < VR_LEN(all); i++) {
    assert_int_equal(vr_get_shape(t, all[i], &rows, &cols), 0);
    assert_int_equal(rows, 36);
    assert_int_equal(cols, want[i]);
  }
  vr_trials tr = {0};
  assert_int_equal(vr_get_trials(t, &tr), 0);
  assert_true(tr.n == 3 && tr.rate == 50 && tr.frames[1] == 12);
  char **list;
  size_t n;
  assert_int_equal(vr_get_strings(t, "/trials/outcome", &list, &n), 0);
  assert_string_equal(list[2], "time limit");
  vr_release(list);
  assert_int_equal(vr_get_strings(t, "/trials/recording", &list, &n), 0);
  assert_string_equal(list[2], "mix-4-2");
  vr_release(list);
  // the return is the sum of rewards, the root starts at the origin
  vr_matf reward = get(t, "/reward"), root = get(t, "/pose/root");
  vr_mat total = {0};
  assert_int_equal(vr_get_mat(t, "/trials/return", &total), 0);
  double sum = 0;
  for (size_t i = 12; i < 24; i++) sum += (double)reward.a[i];
  assert_true(fabs(sum - total.a[1]) < 1e-5);
  assert_true(root.a[12 * 7] == 0 && root.a[12 * 7 + 3] == 1 && root.a[13 * 7] != 0);
  vr_mat_free(&total);
  vr_matf_free(&reward);
  vr_matf_free(&root);
  vr_trials_free(&tr);
  vr_turn_free(t);
}

static void trials_do_not_know_each_other(void **state)
{
  (void)state;
  vr_record_par one = small;
  one.first = 2;
  one.trials = 1;
  vr_turn *t = record(scene, &small, 1), *many = record(scene, &small, 4);
  vr_turn *alone = record(scene, &one, 1);
  for (size_t i = 0; i < VR_LEN(all); i++) {
    same_rows(t, 0, many, all[i]);
    same_rows(t, 24, alone, all[i]);
  }
  vr_turn_free(t);
  vr_turn_free(many);
  vr_turn_free(alone);
}

static void actions_repeat_a_recording(void **state)
{
  (void)state;
  vr_turn *t = record(scene, &small, 1);
  vr_matf action = get(t, "/action");
  vr_trials tr = {0};
  vr_mat seeds = {0};
  vr_str spec = {0};
  double step = 0;
  assert_int_equal(vr_get_trials(t, &tr), 0);
  assert_int_equal(vr_get_mat(t, "/trials/seed", &seeds), 0);
  vr_record_par par = {.trials = 3, .frames = 12, .action = &action, .rows = &tr, .seeds = seeds.a};
  vr_turn *again = record(scene, &par, 2);
  for (size_t i = 0; i < VR_LEN(all); i++) same_rows(t, 0, again, all[i]);
  // and the recording knows its task
  assert_int_equal(vr_record_task(t, "flat:friction=0.5", &spec, &step), 0);
  assert_true(step == 0.001);
  assert_non_null(strstr(spec.s, "flat:friction=0.5,size=8,"));
  assert_non_null(strstr(spec.s, ",noise=0.05"));
  assert_null(strstr(spec.s, "friction=1"));
  vr_str_free(&spec);
  vr_mat_free(&seeds);
  vr_trials_free(&tr);
  vr_matf_free(&action);
  vr_turn_free(t);
  vr_turn_free(again);
}

static void divergence_leaves_no_bad_number(void **state)
{
  (void)state;
  vr_record_par par = small;
  par.controller = "noise:size=2";
  par.frames = 100;
  vr_turn *t = record(coarse, &par, 1); // a step of 10 ms is too long for strong noise
  char **list;
  size_t n;
  vr_trials tr = {0};
  assert_int_equal(vr_get_strings(t, "/trials/outcome", &list, &n), 0);
  assert_int_equal(vr_get_trials(t, &tr), 0);
  for (size_t k = 0; k < n; k++) {
    assert_non_null(strstr(list[k], "engine: acceleration not finite"));
    assert_true(tr.frames[k] > 0 && tr.frames[k] < 100);
  }
  // get() refuses NaN and Inf
  for (size_t i = 0; i < VR_LEN(all); i++) {
    vr_matf m = get(t, all[i]);
    assert_int_equal(m.rows, vr_trials_rows(&tr));
    vr_matf_free(&m);
  }
  vr_release(list);
  vr_trials_free(&tr);
  vr_turn_free(t);
}

static void wrong_actions_are_refused(void **state)
{
  (void)state;
  vr_matf action = {0};
  vr_trials tr = {0};
  vr_turn *t;
  assert_int_equal(vr_matf_resize(&action, 5, 37), 0);
  assert_int_equal(vr_trials_single(&tr, 5, 50), 0);
  vr_record_par par = {.trials = 1, .frames = 5, .action = &action, .rows = &tr};
  assert_int_equal(vr_turn_new(&t), 0);
  assert_int_equal(vr_record(scene, &task, &par, NULL, t), VR_EDATA);
  assert_non_null(strstr(vr_errmsg(), "37 columns"));
  par.frames = 0;
  assert_int_equal(vr_record(scene, &task, &par, NULL, t), VR_EARG);
  vr_turn_free(t);
  vr_trials_free(&tr);
  vr_matf_free(&action);
}

static int attempt(void)
{
  vr_turn *t = NULL;
  vr_record_par par = small;
  par.trials = par.frames = 1;
  int code = vr_turn_new(&t);
  if (!code) code = vr_record(scene, &task, &par, NULL, t);
  vr_turn_free(t);
  return code;
}

static void out_of_memory(void **state)
{
  (void)state;
  int code;
  VR_FAIL_EACH_ALLOCATION(code, code = attempt(), (void)0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_recording_holds_its_parts),
    cmocka_unit_test(trials_do_not_know_each_other),
    cmocka_unit_test(actions_repeat_a_recording),
    cmocka_unit_test(divergence_leaves_no_bad_number),
    cmocka_unit_test(wrong_actions_are_refused),
    cmocka_unit_test(out_of_memory),
  };
  return cmocka_run_group_tests(tests, open_rat, close_rat);
}
