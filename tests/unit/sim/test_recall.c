#include "base/err.h"
#include "base/mem.h"
#include "io/record_task.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define TASKS "share/task"
#define HEAD "name\tvalue\tmin\tmax\tunit\twhat\n"

/* a recording of two trials of `name`, with these lines in /task/flat */
static vr_turn *recording(char *name, char *const *line, size_t lines, double step)
{
  vr_turn *t;
  vr_trials tr = {0};
  char *task[] = {name, name};
  const double seed[] = {7, 9007199254740991.0};
  const vr_trial_columns columns = {.task = task, .seed = seed};
  assert_int_equal(vr_turn_new(&t), 0);
  assert_int_equal(vr_trials_resize(&tr, 2), 0);
  tr.rate = 50;
  for (size_t k = 0; k < 2; k++) tr.first[k] = 3 * k, tr.frames[k] = 3;
  assert_int_equal(vr_put_trials(t, &tr, &columns), 0);
  assert_int_equal(vr_put_strings(t, "/task/flat", line, lines, "flat"), 0);
  assert_int_equal(vr_h5_set_attr_num(t->out, "/task/flat", "physics_step", step), 0);
  vr_trials_free(&tr);
  return t;
}

static void trials_tell_their_task(void **state)
{
  (void)state;
  vr_task task, again;
  vr_str text = {0}, copy = {0};
  uint64_t seed;
  double step;
  char **line;
  size_t n;
  assert_int_equal(vr_task_read(TASKS, "flat:friction=0.1,size=1.5", &task), 0);
  vr_task_text(&task, &text);
  assert_int_equal(vr_str_split(text.s, "\n", &line, &n), 0);
  vr_turn *t = recording("flat", line, n - 1, 0.002);
  assert_int_equal(vr_recall_task(t, TASKS, 1, &again, &seed, &step), 0);
  vr_task_text(&again, &copy);
  assert_string_equal(copy.s, text.s);
  assert_true(seed == 9007199254740991u && step == 0.002);
  vr_task_free(&again);
  assert_int_equal(vr_recall_task(t, TASKS, 2, &again, &seed, &step), VR_EARG);
  assert_string_equal(vr_errmsg(), "there is no trial 2: there are 2, from 0");
  vr_turn_free(t);
  vr_release(line);
  vr_task_free(&task);
  vr_str_free(&text);
  vr_str_free(&copy);
}

static void refuses(char *name, char *lines, double step, int want, const char *message)
{
  vr_task task;
  uint64_t seed;
  double h;
  char *line[] = {"name\tvalue\tmin\tmax\tunit\twhat", lines};
  vr_turn *t = recording(name, line, 2, step);
  assert_int_equal(vr_recall_task(t, TASKS, 0, &task, &seed, &h), want);
  if (!strstr(vr_errmsg(), message)) fail_msg("'%s' does not hold '%s'", vr_errmsg(), message);
  assert_null(task.table.row);
  vr_turn_free(t);
}

static void what_is_wrong_is_named(void **state)
{
  (void)state;
  refuses("flat", "size\t0\t0\t9\tm\tx", 0.001, VR_EDATA, "/task/flat:2: size: 0 is not in 0.5");
  refuses(
    "flat", "hue\t0\t0\t9\tm\tx", 0.001, VR_EDATA, "there is no parameter 'hue' in task flat");
  refuses("flat", "size\tbig\t0\t9\tm\tx", 0.001, VR_EDATA, "'big' is not a number");
  refuses("flat", "size\t2\t0\t9\tm\tx", 1, VR_EDATA, "a physics step of 1 s is not in");
  refuses("maze", "size\t2\t0\t9\tm\tx", 0.001, VR_EDATA, "/task/maze: is not there");
  refuses("../x", "size\t2\t0\t9\tm\tx", 0.001, VR_EDATA, "is not there");

  vr_turn *t;
  vr_task task;
  uint64_t seed;
  double step;
  assert_int_equal(vr_turn_new(&t), 0);
  assert_int_equal(vr_recall_task(t, TASKS, 0, &task, &seed, &step), VR_EDATA);
  assert_non_null(strstr(vr_errmsg(), "not a recording of a task"));
  vr_turn_free(t);
}

/* keys that were not there when it was recorded keep their defaults */
static void old_recordings_are_read(void **state)
{
  (void)state;
  vr_task task;
  const char text[] = HEAD "friction\t0.3\t0\t1\t-\told words\n";
  assert_int_equal(vr_task_recall(TASKS, "flat", text, sizeof text - 1, &task), 0);
  assert_true(vr_task_get(&task, "friction") == 0.3 && vr_task_get(&task, "size") == 8);
  vr_task_free(&task);
}

/* A shipped table without a row that its task asks for: nothing is guessed. */
static void each_row_must_be_there(void **state)
{
  (void)state;
  char folder[] = "/tmp/vr-tasks-XXXXXX", path[64], line[512];
  vr_task task;
  assert_non_null(mkdtemp(folder));
  snprintf(path, sizeof path, "%s/gaps.tsv", folder);
  FILE *from = fopen(TASKS "/gaps.tsv", "r"), *to = fopen(path, "w");
  assert_true(from && to);
  while (fgets(line, sizeof line, from))
    if (strncmp(line, "speed\t", 6)) fputs(line, to);
  fclose(from);
  fclose(to);
  int code = vr_task_read(folder, "gaps", &task);
  remove(path);
  remove(folder);
  assert_int_equal(code, VR_EARG);
  assert_non_null(strstr(vr_errmsg(), "gaps.tsv: the row of 'speed' is missing"));
}

static void memory_runs_out(void **state)
{
  (void)state;
  vr_task task;
  uint64_t seed;
  double step;
  char *line[] = {"name\tvalue\tmin\tmax\tunit\twhat", "size\t2\t0\t9\tm\tx"};
  vr_turn *t = recording("flat", line, 2, 0.001);
  int code = VR_EMEM;
  for (long n = 1; code; n++) {
    vr_alloc_fail_at(n);
    code = vr_recall_task(t, TASKS, 0, &task, &seed, &step);
    assert_true(n < 1000);
  }
  vr_alloc_fail_at(0);
  assert_int_equal(code, 0);
  vr_task_free(&task);
  vr_turn_free(t);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(trials_tell_their_task),
    cmocka_unit_test(what_is_wrong_is_named),
    cmocka_unit_test(old_recordings_are_read),
    cmocka_unit_test(each_row_must_be_there),
    cmocka_unit_test(memory_runs_out),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
