/* cells_put.c -- cells of an NWB file into a stream: spikes, rates and what intervals tell of trials. */
#include "ana/names.h"
#include "ana/rates.h"
#include "base/err.h"
#include "base/mem.h"
#include "io/cells.h"
#include "io/events.h"
#include "io/put.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* -- spikes -- */

typedef struct {
  double time;
  int32_t trial, unit;
} spike;

static int earlier(const void *a, const void *b)
{
  const spike *p = a, *q = b;
  if (p->trial != q->trial) return p->trial < q->trial ? -1 : 1;
  if (p->time != q->time) return p->time < q->time ? -1 : 1;
  return (p->unit > q->unit) - (p->unit < q->unit);
}

static int put_spikes(vr_turn *t, const vr_units *c, const spike *s, size_t n)
{
  int32_t *number;
  double *time = NULL;
  char **unit = NULL;
  VR_TRY(vr_alloc(&number, 2 * n, sizeof *number));
  int bad = vr_alloc(&time, n, sizeof *time);
  if (!bad) bad = vr_alloc(&unit, n, sizeof *unit);
  for (size_t i = 0; i < n && !bad; i++) {
    number[i] = (int32_t)i;
    number[n + i] = s[i].trial;
    time[i] = s[i].time;
    unit[i] = c->name[s[i].unit];
  }
  if (!bad) bad = vr_put_ints(t, "/spikes/number", number, n, "number");
  if (!bad) bad = vr_put_ints(t, "/spikes/trial", number + n, n, "number");
  if (!bad) bad = vr_h5_put(t->out, "/spikes/time", VR_F64, 1, &n, time, "number", "s");
  if (!bad) bad = vr_put_strings(t, "/spikes/unit", unit, n, "number");
  vr_release(unit);
  vr_release(time);
  vr_release(number);
  return bad;
}

/* -- rates -- */

typedef struct {
  const vr_cells_table *w;
  size_t rows;
  double *bins; /* of the longest trial */
  uint8_t *seen;
  spike *spikes; /* all that lie in a trial */
  size_t nspikes, cap;
  vr_cells_count *count;
} work;

static int keep_spikes(work *k, size_t unit, size_t piece, size_t first, size_t n)
{
  const vr_sweep *p = &k->w->pieces->list[piece];
  if (k->nspikes + n > k->cap) {
    size_t cap = 2 * (k->nspikes + n);
    VR_TRY(vr_grow(&k->spikes, k->cap, cap, sizeof *k->spikes));
    k->cap = cap;
  }
  for (size_t i = first; i < first + n; i++)
    k->spikes[k->nspikes++] =
      (spike){fmax(0, k->w->cells->time[i] - p->start), (int32_t)piece, (int32_t)unit};
  return 0;
}

/* one unit: a column of `to` */
static int bin_unit(work *k, size_t u, float *to, size_t cols)
{
  const vr_units *c = k->w->cells;
  const vr_sweeps *pieces = k->w->pieces;
  double rate = k->w->rate;
  size_t row = 0, kept = 0;
  for (size_t i = 0; i < pieces->n; i++) {
    const vr_sweep *p = &pieces->list[i];
    size_t first, n = vr_bin_spikes(c->time + c->first[u], c->first[u + 1] - c->first[u], p->start,
                    rate, p->frames, k->bins, &first);
    kept += n;
    VR_TRY(keep_spikes(k, u, i, c->first[u] + first, n));
    for (size_t j = 0; j < p->frames; j++) k->bins[j] *= rate;
    if (c->seen_first) {
      memset(k->seen, 0, p->frames);
      vr_bin_seen(c->seen + 2 * c->seen_first[u], c->seen_first[u + 1] - c->seen_first[u], p->start,
        rate, p->frames, k->seen);
    }
    VR_TRY(vr_smooth_rate(k->bins, c->seen_first ? k->seen : NULL, p->frames, k->w->smooth * rate));
    for (size_t j = 0; j < p->frames; j++) {
      to[(row + j) * cols] = (float)k->bins[j];
      k->count->unseen += isnan(k->bins[j]) != 0;
    }
    row += p->frames;
  }
  size_t all = c->first[u + 1] - c->first[u];
  k->count->outside += all > kept ? all - kept : 0;
  return 0;
}

static int put_region(vr_turn *t, work *k, const char *region)
{
  const vr_units *c = k->w->cells;
  char path[128], axis[80];
  size_t dim[2] = {k->rows, 0}, at = 0;
  char **name;
  float *x = NULL;
  VR_TRY(vr_alloc(&name, c->n, sizeof *name));
  for (size_t u = 0; u < c->n; u++)
    if (!strcmp(c->region[u], region)) name[dim[1]++] = c->name[u];
  snprintf(axis, sizeof axis, "unit_%.60s", region);
  snprintf(path, sizeof path, "/names/%s", axis);
  int bad = vr_put_strings(t, path, name, dim[1], axis);
  if (!bad) bad = vr_alloc(&x, dim[0] * dim[1], sizeof *x);
  for (size_t u = 0; u < c->n && !bad; u++)
    if (!strcmp(c->region[u], region)) bad = bin_unit(k, u, x + at++, dim[1]);
  snprintf(path, sizeof path, "/neural/%.60s/rate", region);
  snprintf(axis, sizeof axis, "time unit_%.60s", region);
  if (!bad) bad = vr_h5_put(t->out, path, VR_F32, 2, dim, x, axis, "Hz");
  vr_release(x);
  vr_release(name);
  return bad;
}

static int put_activity(vr_turn *t, const vr_cells_table *w, vr_cells_count *count)
{
  work k = {.w = w, .count = count};
  size_t most = 0;
  for (size_t i = 0; i < w->pieces->n; i++) {
    size_t frames = w->pieces->list[i].frames;
    k.rows += frames;
    if (frames > most) most = frames;
  }
  int bad = vr_alloc(&k.bins, most, sizeof *k.bins);
  if (!bad) bad = vr_alloc(&k.seen, most, 1);
  // each region when its first unit comes
  for (size_t u = 0; u < w->cells->n && !bad; u++)
    if (vr_names_find(w->cells->region, u, w->cells->region[u]) == u)
      bad = put_region(t, &k, w->cells->region[u]);
  if (!bad) {
    if (k.nspikes) qsort(k.spikes, k.nspikes, sizeof *k.spikes, earlier);
    if (k.nspikes) bad = put_spikes(t, w->cells, k.spikes, k.nspikes);
  }
  count->spikes = k.nspikes;
  vr_release(k.spikes);
  vr_release(k.seen);
  vr_release(k.bins);
  return bad;
}

/* -- trials -- */

const char *vr_cell_task(const vr_cells_table *w, size_t i)
{
  if (w->task) return w->task;
  return w->intervals->task ? w->intervals->task[w->pieces->list[i].interval] : w->usual;
}

int vr_put_cell_trials(vr_turn *t, const vr_cells_table *w)
{
  size_t n = w->pieces->n;
  vr_cutting *trial;
  VR_TRY(vr_alloc(&trial, n, sizeof *trial));
  for (size_t i = 0; i < n; i++) {
    const vr_sweep *p = &w->pieces->list[i];
    trial[i] = (vr_cutting){.frames = p->frames,
      .start = p->start,
      .task = vr_cell_task(w, i),
      .recording = w->recording,
      .subject = w->subject,
      .outcome = p->cut ? "gap" : "end"};
  }
  int bad = vr_put_cuttings(t, w->rate, trial, n);
  vr_release(trial);
  return bad;
}

/* -- what intervals tell -- */

/* NAME_time of a trial becomes the event NAME where it lies in the trial */
static int add_events(
  const vr_cells_table *w, const vr_interval_column *c, size_t stem, vr_marks *marks)
{
  for (size_t i = 0; i < w->pieces->n; i++) {
    const vr_sweep *p = &w->pieces->list[i];
    char name[sizeof c->name];
    double time = c->number[p->interval] - p->start;
    snprintf(name, sizeof name, "%.*s", (int)stem, c->name);
    if (time >= 0 && time < (double)p->frames / w->rate)
      VR_TRY(vr_marks_add(marks, name, (int32_t)i, time, 0));
  }
  return 0;
}

static int put_column(vr_turn *t, const vr_cells_table *w, const vr_interval_column *c)
{
  size_t n = w->pieces->n;
  char path[96], **text;
  double *number;
  snprintf(path, sizeof path, "/trials/%s", c->name);
  if (vr_turn_has(t, path)) return 0;
  VR_TRY(vr_alloc(&number, n, sizeof *number + sizeof *text));
  text = (char **)(number + n);
  for (size_t i = 0; i < n; i++) {
    size_t row = w->pieces->list[i].interval;
    if (c->text)
      text[i] = c->text[row];
    else
      number[i] = c->number[row];
  }
  int bad = c->text ? vr_put_strings(t, path, text, n, "number")
                    : vr_h5_put(t->out, path, VR_F64, 1, &n, number, "number", "1");
  vr_release(number);
  return bad;
}

static int put_intervals(vr_turn *t, const vr_cells_table *w, size_t *events)
{
  vr_marks marks = {0};
  int bad = 0;
  for (size_t i = 0; i < w->intervals->columns && !bad; i++) {
    const vr_interval_column *c = &w->intervals->column[i];
    size_t n = strlen(c->name);
    if (c->number && n > 5 && !strcmp(c->name + n - 5, "_time"))
      bad = add_events(w, c, n - 5, &marks);
    else
      bad = put_column(t, w, c);
  }
  *events = marks.n;
  if (!bad && marks.n) bad = vr_put_marks(t, &marks, w->rate, NULL);
  vr_marks_free(&marks);
  return bad;
}

int vr_put_cells(vr_turn *t, const vr_cells_table *w, vr_str *said)
{
  vr_cells_count count = {0};
  VR_TRY(put_intervals(t, w, &count.events));
  if (w->cells->n) VR_TRY(put_activity(t, w, &count));
  vr_report_cells(said, w, &count);
  return vr_str_ok(said);
}
