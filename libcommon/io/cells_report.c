/* cells_report.c -- what vr-import understood of cells, as lines for its user. */
#include "ana/names.h"
#include "io/cells.h"
#include <math.h>
#include <string.h>

enum { SHOWN = 12 };

static void add_word(vr_str *s, const char *word)
{
  vr_str_add_escaped(s, word, strlen(word), 60);
}

static void add_regions(vr_str *s, const vr_units *c)
{
  size_t regions = 0;
  for (size_t u = 0; u < c->n; u++) {
    size_t n = 0;
    if (vr_names_find(c->region, u, c->region[u]) < u) continue;
    for (size_t v = u; v < c->n; v++) n += !strcmp(c->region[u], c->region[v]);
    if (regions++ < SHOWN) {
      vr_str_addf(s, "%s%zu in ", regions > 1 ? ", " : "", n);
      add_word(s, c->region[u]);
    }
  }
  if (regions > SHOWN) vr_str_addf(s, " and %zu more regions", regions - SHOWN);
}

/* each task, and its trials where they are more than one */
static void add_tasks(vr_str *s, const vr_cells_table *w)
{
  size_t shown = 0;
  for (size_t i = 0; i < w->pieces->n; i++) {
    const char *task = vr_cell_task(w, i);
    size_t n = 0, before = 0;
    while (before < i && strcmp(vr_cell_task(w, before), task)) before++;
    if (before < i) continue;
    for (size_t k = i; k < w->pieces->n; k++) n += !strcmp(vr_cell_task(w, k), task);
    if (shown++ < SHOWN) {
      vr_str_add(s, shown > 1 ? ", " : "");
      add_word(s, task[0] ? task : "no name");
      if (n > 1) vr_str_addf(s, " %zu", n);
    }
  }
  if (shown > SHOWN) vr_str_addf(s, " and %zu more", shown - SHOWN);
}

static void add_units(vr_str *s, const vr_cells_table *w)
{
  const vr_units *c = w->cells;
  double low = INFINITY, high = -INFINITY;
  for (size_t u = 0; u < c->n; u++) {
    if (c->first[u] == c->first[u + 1]) continue;
    low = fmin(low, c->time[c->first[u]]);
    high = fmax(high, c->time[c->first[u + 1] - 1]);
  }
  vr_str_addf(s, "NWB units: %zu (", c->n);
  add_regions(s, c);
  vr_str_addf(s, "), %zu spikes", c->first[c->n]);
  if (low <= high) vr_str_addf(s, " from %.6g to %.6g s", low, high);
  vr_str_addf(s, "; rates in bins of %.6g s", 1 / w->rate);
  if (w->smooth > 0)
    vr_str_addf(s, ", smoothed by %.6g s\n", w->smooth);
  else
    vr_str_add(s, ", not smoothed\n");
}

static void add_trials(vr_str *s, const vr_cells_table *w)
{
  double rows = 0;
  size_t lost = 0;
  for (size_t i = 0; i < w->pieces->n; i++) rows += (double)w->pieces->list[i].frames;
  vr_str_addf(s, "%zu trial%s", w->pieces->n, w->pieces->n == 1 ? "" : "s");
  if (w->intervals->n) {
    vr_str_add(s, " from the intervals ");
    add_word(s, w->intervals->name);
  }
  vr_str_add(s, " (");
  add_tasks(s, w);
  vr_str_addf(s, "), %.6g s", rows / w->rate);
  for (size_t i = 0; i < w->intervals->n; i++) {
    size_t k = 0;
    while (k < w->pieces->n && w->pieces->list[k].interval != i) k++;
    lost += k == w->pieces->n;
  }
  if (lost) vr_str_addf(s, "; %zu intervals have no frame", lost);
  vr_str_add(s, "\n");
}

void vr_report_cells(vr_str *s, const vr_cells_table *w, const vr_cells_count *count)
{
  double all = 0;
  for (size_t i = 0; i < w->pieces->n; i++)
    all += (double)w->pieces->list[i].frames * (double)w->cells->n;
  if (w->cells->n) add_units(s, w);
  add_trials(s, w);
  if (count->outside) vr_str_addf(s, "left out: %zu spikes in no trial\n", count->outside);
  if (count->events)
    vr_str_addf(s, "%zu events from columns of times of the intervals\n", count->events);
  if (count->unseen)
    vr_str_addf(s,
      "not observed: %zu rates (%.3g %%) are missing (analyses refuse them: see --drop and "
      "--cells)\n",
      count->unseen, 100 * (double)count->unseen / all);
}
