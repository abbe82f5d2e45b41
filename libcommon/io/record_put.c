#include "base/err.h"
#include "base/mem.h"
#include "io/record_in.h"
#include <stdio.h>
#include <string.h>

/* Names of all columns, once. */
static int put_names(const vr_layout *l, vr_turn *t)
{
  for (size_t i = 0; i < l->naxes; i++) {
    char path[VR_PATH];
    snprintf(path, sizeof path, "/names/%s", l->axis[i].word);
    if (vr_turn_has(t, path)) continue;
    VR_TRY(vr_put_strings(t, path, l->axis[i].name, l->axis[i].n, l->axis[i].word));
  }
  return 0;
}

/* The resolved table of the task, a line a string, and the steps of the physics. */
static int put_task(const vr_recording *r, vr_turn *t)
{
  vr_str text = {0};
  char **line = NULL, path[VR_PATH];
  size_t n = 0;
  vr_task_text(r->task, &text);
  snprintf(path, sizeof path, "/task/%s", r->task->name);
  int code = vr_str_ok(&text);
  if (!code) code = vr_str_split(vr_str_get(&text), "\n", &line, &n);
  if (!code && n && !*line[n - 1]) n--; // after the last line's end
  if (!code) code = vr_put_strings(t, path, line, n, r->task->name);
  const vr_layout *l = vr_scene_layout(r->scene);
  if (!code) code = vr_h5_set_attr_num(t->out, path, "physics_step", l->step);
  if (!code) code = vr_h5_set_attr_num(t->out, path, "control_step", VR_CONTROL_STEP);
  vr_release(line);
  vr_str_free(&text);
  return code;
}

enum { TASK, RECORDING, SUBJECT, OUTCOME, NTEXTS, LONGEST = 96 };

static int put_columns(const vr_recording *r, const vr_trials *tr, vr_turn *t)
{
  const vr_record_par *par = r->par;
  char **text, *chars;
  double *number;
  VR_TRY(vr_alloc(&text, tr->n * NTEXTS, sizeof *text + LONGEST));
  chars = (char *)(text + tr->n * NTEXTS);
  int code = vr_alloc(&number, 2 * tr->n, sizeof *number);
  for (size_t k = 0; k < tr->n && !code; k++) {
    for (int i = 0; i < NTEXTS; i++, chars += LONGEST) text[(size_t)i * tr->n + k] = chars;
    snprintf(text[TASK * tr->n + k], LONGEST, "%s", r->task->name);
    snprintf(text[RECORDING * tr->n + k], LONGEST, "%.40s-%llu-%zu",
      par->controller ? par->controller : "actions", (unsigned long long)par->seed, par->first + k);
    snprintf(text[SUBJECT * tr->n + k], LONGEST, "rat");
    snprintf(text[OUTCOME * tr->n + k], LONGEST, "%s", r->trial[k].outcome);
    number[k] = (double)r->trial[k].seed;
    number[tr->n + k] = r->trial[k].total;
  }
  vr_trial_columns columns = {.task = text,
    .recording = text + tr->n,
    .subject = text + 2 * tr->n,
    .outcome = text + 3 * tr->n,
    .seed = number,
    .total = number + tr->n};
  if (!code) code = vr_put_trials(t, tr, &columns);
  vr_release(number);
  vr_release(text);
  return code;
}

/* Frames and trials of a fresh turn; a turn that has them keeps them. */
static int put_trials(const vr_recording *r, vr_turn *t)
{
  vr_trials tr = {.rate = 1 / VR_CONTROL_STEP};
  int kept = vr_turn_has(t, "/trials/frames");
  VR_TRY(vr_trials_resize(&tr, r->par->trials));
  int code = 0;
  for (size_t k = 0, row = 0; k < tr.n && !code; row += tr.frames[k++]) {
    tr.first[k] = row;
    tr.frames[k] = r->trial[k].frames;
    if (kept && tr.frames[k] != r->par->rows->frames[k])
      code =
        vr_fail(VR_EDATA, "trial %zu ends after %zu of its %zu frames: %s (-x writes the rest)", k,
          tr.frames[k], r->par->rows->frames[k], r->trial[k].outcome);
  }
  tr.rate = 1 / VR_CONTROL_STEP;
  if (!code && !kept) code = put_columns(r, &tr, t);
  vr_trials_free(&tr);
  return code;
}

static int put_events(const vr_recording *r, vr_turn *t)
{
  size_t n = 0, i = 0;
  for (size_t k = 0; k < r->par->trials; k++) n += r->trial[k].nevents;
  if (!n || vr_turn_has(t, "/events/number")) return 0;
  char **name;
  double *time, *value;
  int64_t *number;
  int32_t *trial;
  VR_TRY(vr_alloc(&name, n, sizeof *name + 2 * sizeof *time + sizeof *number + sizeof *trial));
  time = (double *)(name + n);
  value = time + n;
  number = (int64_t *)(value + n);
  trial = (int32_t *)(number + n);
  for (size_t k = 0; k < r->par->trials; k++)
    for (size_t j = 0; j < r->trial[k].nevents; j++, i++) {
      const vr_happened *e = r->trial[k].event + j;
      memcpy(name + i, &e->name, sizeof *name);
      time[i] = e->time;
      value[i] = e->value;
      number[i] = (int64_t)i;
      trial[i] = (int32_t)k;
    }
  vr_h5 *f = t->out;
  int code = vr_h5_put(f, "/events/number", VR_I64, 1, &n, number, "number", "");
  if (!code) code = vr_h5_put_strings(f, "/events/name", name, n, "number");
  if (!code) code = vr_h5_put(f, "/events/trial", VR_I32, 1, &n, trial, "number", "");
  if (!code) code = vr_h5_put(f, "/events/time", VR_F64, 1, &n, time, "number", "s");
  if (!code) code = vr_h5_put(f, "/events/value", VR_F64, 1, &n, value, "number", "1");
  vr_release(name);
  return code;
}

/* One dataset, trial after trial from the file of blocks. */
static int put_field(const vr_recording *r, const vr_field *f, size_t frames, void *buf, vr_turn *t)
{
  size_t row = f->cols * vr_type_size(f->type), first = 0;
  size_t dim[3] = {frames, f->deep ? f->cols / f->deep : f->cols, f->deep};
  int rank = f->deep ? 3 : strchr(f->axes, ' ') ? 2 : 1;
  VR_TRY(vr_h5_begin(t->out, f->path, f->type, rank, dim, f->axes, f->units));
  for (size_t k = 0; k < r->par->trials; k++) {
    size_t n = r->trial[k].frames;
    VR_TRY(vr_block_read(r->file, buf, n * row, k * r->block + f->at));
    VR_TRY(vr_h5_write(t->out, f->path, f->type, first, n, buf));
    first += n;
  }
  return 0;
}

int vr_recording_put(const vr_recording *r, vr_turn *t)
{
  size_t frames = 0, largest = 0;
  void *buf;
  for (size_t k = 0; k < r->par->trials; k++) frames += r->trial[k].frames;
  for (size_t i = 0; i < r->nfields; i++)
    if (r->field[i].cols > largest) largest = r->field[i].cols;
  VR_TRY(put_trials(r, t));
  VR_TRY(put_names(vr_scene_layout(r->scene), t));
  VR_TRY(put_task(r, t));
  VR_TRY(put_events(r, t));
  VR_TRY(vr_alloc(&buf, r->par->frames * largest, sizeof(double)));
  int code = 0;
  for (size_t i = 0; i < r->nfields && !code; i++) {
    // actions that came in stay as they came
    if (!r->par->controller && r->field[i].type == VR_F32 && vr_turn_has(t, r->field[i].path) &&
        !strcmp(r->field[i].path, "/action"))
      continue;
    code = put_field(r, r->field + i, frames, buf, t);
  }
  vr_release(buf);
  return code;
}
