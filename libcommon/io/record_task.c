#include "io/record_task.h"
#include "base/err.h"
#include "base/mem.h"
#include <string.h>

// the lines of /task/NAME as the text of a table
static int read_text(const vr_turn *t, const char *path, vr_str *text)
{
  char **line;
  size_t n;
  VR_TRY(vr_get_strings(t, path, &line, &n));
  for (size_t i = 0; i < n; i++) vr_str_addf(text, "%s\n", line[i]);
  vr_release(line);
  return vr_str_ok(text);
}

static int read_task(
  const vr_turn *t, const char *folder, const char *name, vr_task *task, double *step)
{
  vr_str path = {0}, text = {0};
  vr_str_add(&path, "/task/");
  vr_str_add_escaped(&path, name, strlen(name), 40);
  int code = vr_str_ok(&path);
  const vr_h5 *f = code ? NULL : vr_turn_find(t, path.s);
  if (!code && !f)
    code = vr_fail(VR_EDATA, "%s: is not there, so the scene cannot be made", path.s);
  if (!code) code = read_text(t, path.s, &text);
  if (!code) code = vr_task_recall(folder, name, vr_str_get(&text), text.n, task);
  if (!code) code = vr_h5_get_attr_num(f, path.s, "physics_step", step);
  if (!code && !(*step > 0 && *step <= 0.02))
    code = vr_fail(VR_EDATA, "%s: a physics step of %g s is not in 0 .. 0.02", path.s, *step);
  vr_str_free(&path);
  vr_str_free(&text);
  return code;
}

static int read_seed(const vr_turn *t, size_t trial, uint64_t *seed)
{
  vr_mat m = {0};
  int code = vr_get_mat(t, "/trials/seed", &m);
  if (!code && (trial >= m.rows || m.cols != 1 || !(m.a[trial] >= 0 && m.a[trial] < 0x1p64)))
    code = vr_fail(VR_EDATA, "/trials/seed: there is no seed of trial %zu", trial);
  if (!code) *seed = (uint64_t)m.a[trial];
  vr_mat_free(&m);
  return code;
}

int vr_recall_task(
  const vr_turn *t, const char *folder, size_t trial, vr_task *task, uint64_t *seed, double *step)
{
  char **name;
  size_t n;
  *task = (vr_task){0};
  if (!vr_turn_has(t, "/trials/task"))
    return vr_fail(VR_EDATA, "/trials/task: is not there: not a recording of a task");
  VR_TRY(vr_get_strings(t, "/trials/task", &name, &n));
  int code = 0;
  if (trial >= n) code = vr_fail(VR_EARG, "there is no trial %zu: there are %zu, from 0", trial, n);
  if (!code) code = read_seed(t, trial, seed);
  if (!code) code = read_task(t, folder, name[trial], task, step);
  if (code) vr_task_free(task);
  vr_release(name);
  return code;
}
