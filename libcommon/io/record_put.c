#include "base/err.h"
#include "base/mem.h"
#include "io/record_in.h"
#include <stdio.h>
#include <string.h>

/* Names of all columns, once. */
static int put_names(const vr_recording *r, vr_turn *t)
{
  static char *const rgb[] = {"red", "green", "blue"};
  const vr_layout *l = r->layout;
  if (r->eye && !vr_turn_has(t, "/names/rgb"))
    VR_TRY(vr_put_strings(t, "/names/rgb", rgb, VR_LEN(rgb), "rgb"));
  for (size_t i = 0; i < l->naxes; i++) {
    char path[VR_PATH];
    snprintf(path, sizeof path, "/names/%s", l->axis[i].word);
    if (vr_turn_has(t, path)) continue;
    VR_TRY(vr_put_strings(t, path, l->axis[i].name, l->axis[i].n, l->axis[i].word));
  }
  return 0;
}

/* The resolved table of a task, a line a string, and the steps of the physics. */
static int put_task(const vr_recording *r, const vr_task *task, vr_turn *t)
{
  vr_str text = {0};
  char **line = NULL, path[VR_PATH];
  size_t n = 0;
  vr_task_text(task, &text);
  snprintf(path, sizeof path, "/task/%s", task->name);
  int code = vr_str_ok(&text);
  if (!code) code = vr_str_split(vr_str_get(&text), "\n", &line, &n);
  if (!code && n && !*line[n - 1]) n--; // after the last line's end
  if (!code) code = vr_put_strings(t, path, line, n, task->name);
  if (!code) code = vr_h5_set_attr_num(t->out, path, "physics_step", r->layout->step);
  if (!code) code = vr_h5_set_attr_num(t->out, path, "control_step", VR_CONTROL_STEP);
  vr_release(line);
  vr_str_free(&text);
  return code;
}

enum { TASK, RECORDING, SUBJECT, OUTCOME, NTEXTS, LONGEST = 96 };

/* What a trial is called: who acts, in which of several tasks, the seed and the trial's number. */
static void name_recording(const vr_recording *r, size_t k, char name[LONGEST])
{
  const vr_record_par *par = r->par;
  const char *who = par->policy ? par->who : par->controller ? par->controller : "actions";
  const char *task = par->policy ? r->venue[k / par->trials].task->name : "";
  snprintf(name, LONGEST, "%.40s%s%.20s-%llu-%zu", who, *task ? "-" : "", task,
    (unsigned long long)par->seed, par->first + k % par->trials);
}

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
    const char *task = r->venue[k / par->trials].task->name;
    snprintf(text[TASK * tr->n + k], LONGEST, "%s", task);
    name_recording(r, k, text[RECORDING * tr->n + k]);
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

/* A replay: the trials are those of the turn, only what came of them is new. */
static int check_trials(const vr_recording *r)
{
  for (size_t k = 0; k < r->trials; k++)
    if (r->trial[k].frames != r->par->rows->frames[k])
      return vr_fail(VR_EDATA, "trial %zu ends after %zu of its %zu frames: %s", k,
        r->trial[k].frames, r->par->rows->frames[k], r->trial[k].outcome);
  return 0;
}

static int put_trials(const vr_recording *r, vr_turn *t)
{
  vr_trials tr = {0};
  if (vr_turn_has(t, "/trials/frames")) return check_trials(r);
  VR_TRY(vr_trials_resize(&tr, r->trials));
  tr.rate = 1 / VR_CONTROL_STEP;
  for (size_t k = 0, row = 0; k < tr.n; row += tr.frames[k++]) {
    tr.first[k] = row;
    tr.frames[k] = r->trial[k].frames;
  }
  int code = put_columns(r, &tr, t);
  vr_trials_free(&tr);
  return code;
}

static int put_events(const vr_recording *r, vr_turn *t)
{
  size_t n = 0, i = 0;
  for (size_t k = 0; k < r->trials; k++) n += r->trial[k].nevents;
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
  for (size_t k = 0; k < r->trials; k++)
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
  size_t dim[4] = {frames, f->deep ? f->cols / f->deep : f->cols, f->deep, 3};
  int rank = f->deep ? 3 : strchr(f->axes, ' ') ? 2 : 1;
  if (f == r->eye) {
    dim[1] = dim[2] = VR_EYE_SIZE;
    rank = 4;
  }
  VR_TRY(vr_h5_begin(t->out, f->path, f->type, rank, dim, f->axes, f->units));
  for (size_t k = 0; k < r->trials; k++) {
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
  for (size_t k = 0; k < r->trials; k++) frames += r->trial[k].frames;
  for (size_t i = 0; i < r->nfields; i++)
    if (r->field[i].cols * vr_type_size(r->field[i].type) > largest)
      largest = r->field[i].cols * vr_type_size(r->field[i].type);
  VR_TRY(put_trials(r, t));
  VR_TRY(put_names(r, t));
  for (size_t i = 0; i < r->nvenue; i++) VR_TRY(put_task(r, r->venue[i].task, t));
  VR_TRY(put_events(r, t));
  VR_TRY(vr_alloc(&buf, r->frames, largest));
  int code = 0;
  for (size_t i = 0; i < r->nfields && !code; i++) {
    if (i == ACTION && r->par->keep_action) continue;
    code = put_field(r, r->field + i, frames, buf, t);
  }
  vr_release(buf);
  return code ? code : vr_brain_tell(r, t);
}

/* -- the task of a recording -- */

/* 1 if `spec` gives this key itself */
static int gives(const char *spec, const char *key)
{
  size_t n = strlen(key);
  for (const char *s = strchr(spec, ':'); s; s = strchr(s, ',')) {
    s++;
    if (!strncmp(s, key, n) && s[n] == '=') return 1;
  }
  return 0;
}

int vr_record_task(const vr_turn *t, const char *task, vr_str *spec, double *step)
{
  char path[VR_PATH], **line = NULL;
  size_t n = 0;
  vr_str_clear(spec);
  vr_str_add(spec, task);
  snprintf(path, sizeof path, "/task/%.*s", (int)strcspn(task, ":"), task);
  vr_h5 *f = vr_turn_find(t, path);
  if (!f) return vr_str_ok(spec);
  VR_TRY(vr_get_strings(t, path, &line, &n));
  // a heading, then rows that start with name and value
  for (size_t i = 1; i < n; i++) {
    char *value = strchr(line[i], '\t');
    if (!value) continue;
    *value++ = 0;
    value[strcspn(value, "\t")] = 0;
    if (gives(task, line[i])) continue;
    vr_str_addf(spec, "%c%s=%s", strchr(vr_str_get(spec), ':') ? ',' : ':', line[i], value);
  }
  vr_release(line);
  if (vr_h5_has_attr(f, path, "physics_step"))
    VR_TRY(vr_h5_get_attr_num(f, path, "physics_step", step));
  return vr_str_ok(spec);
}
