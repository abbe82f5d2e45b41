#include "io/ablation.h"
#include "ana/modulation.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/rng.h"
#include "io/ablation_in.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { RNG_CONTROL = 64, FEWEST = 2, TRIES = 10000 };

/* -- windows of the behaviour -- */

/* The first row of the window around frame `at` of trial k, unless it leaves the trial. */
static void add_window(windows *w, size_t k, double at)
{
  const vr_trials *tr = &w->trials;
  double first = round(at - w->before);
  if (k >= tr->n || first < 0 || first + (double)w->length > (double)tr->frames[k]) return;
  w->first[w->n++] = tr->first[k] + (size_t)first;
}

static int no_event(const char *event, char *const *name, size_t n)
{
  vr_str word = {0};
  vr_str_add_escaped(&word, event, strlen(event), 40);
  const char *near = vr_str_nearest(event, (const char *const *)name, n);
  int code = vr_fail(VR_EDATA, "/events: there is no '%s' in the recording%s%s%s",
    vr_str_get(&word), near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
  vr_str_free(&word);
  return code;
}

static int from_events(const vr_turn *t, const char *event, windows *w)
{
  char **name;
  int32_t *trial = NULL;
  vr_mat time = {0};
  size_t n, ntrial, there = 0;
  if (!vr_turn_has(t, "/events/name")) return no_event(event, NULL, 0);
  VR_TRY(vr_get_strings(t, "/events/name", &name, &n));
  int code = vr_get_ints(t, "/events/trial", &trial, &ntrial);
  if (!code) code = vr_get_mat(t, "/events/time", &time);
  if (!code && (ntrial != n || time.rows != n || time.cols != 1))
    code = vr_fail(VR_EDATA, "/events: its columns differ in length");
  if (!code) code = vr_alloc(&w->first, n, sizeof *w->first);
  for (size_t i = 0; i < n && !code; i++)
    if (!strcmp(name[i], event)) {
      there++;
      if (trial[i] >= 0) add_window(w, (size_t)trial[i], time.a[i] * w->trials.rate);
    }
  if (!code && !there) code = no_event(event, name, n);
  vr_mat_free(&time);
  vr_release(trial);
  vr_release(name);
  return code;
}

/* "/label/region=3": the behaviour begins where the label does. */
static int from_labels(const vr_turn *t, const char *event, windows *w)
{
  const vr_trials *tr = &w->trials;
  char path[256];
  const char *equals = strchr(event, '=');
  vr_labels l = {0};
  int32_t k = 0;
  snprintf(path, sizeof path, "%.*s", (int)(equals - event), event);
  VR_TRY(vr_get_labels(t, path, &l));
  for (size_t i = 0; i < l.k && !k; i++)
    if (!strcmp(l.name[i], equals + 1)) k = (int32_t)i + 1;
  int code = k ? vr_alloc(&w->first, l.n, sizeof *w->first)
               : vr_fail(VR_EDATA, "%s: no frame has the label '%.40s'", path, equals + 1);
  for (size_t j = 0; j < tr->n && !code; j++)
    for (size_t i = 0; i < tr->frames[j] && tr->first[j] + i < l.n; i++) {
      const int32_t *of = l.of + tr->first[j] + i;
      if (*of == k && (i == 0 || of[-1] != k)) add_window(w, j, (double)i);
    }
  vr_labels_free(&l);
  return code;
}

static int find_windows(const vr_turn *t, const vr_ablation_par *par, windows *w)
{
  VR_TRY(vr_get_trials(t, &w->trials));
  double rate = w->trials.rate;
  w->before = par->before * rate;
  w->length = (size_t)fmax(round((par->before + par->after) * rate), 1);
  VR_TRY(*par->event == '/' && strchr(par->event, '=') ? from_labels(t, par->event, w)
                                                       : from_events(t, par->event, w));
  if (w->n < FEWEST)
    return vr_fail(VR_EDATA, "'%.60s': %zu whole windows in the recording, %d are needed",
      par->event, w->n, FEWEST);
  return 0;
}

static void windows_free(windows *w)
{
  vr_release(w->first);
  vr_trials_free(&w->trials);
}

int vr_ablation_windows(const vr_turn *t, const vr_ablation_par *par, size_t *n)
{
  windows w = {0};
  int code = find_windows(t, par, &w);
  *n = w.n;
  windows_free(&w);
  return code;
}

/* A window that lies within a trial and away from the behaviour. */
static int is_other(const windows *w, size_t first)
{
  const vr_trials *tr = &w->trials;
  size_t k = 0;
  while (k < tr->n && first >= tr->first[k] + tr->frames[k]) k++;
  if (k == tr->n || first + w->length > tr->first[k] + tr->frames[k]) return 0;
  for (size_t i = 0; i < w->n; i++)
    if (first + w->length > w->first[i] && first < w->first[i] + w->length) return 0;
  return 1;
}

/* As many windows as there are of the behaviour. */
static int draw_windows(const windows *w, vr_rng *r, size_t *first)
{
  size_t rows = vr_trials_rows(&w->trials);
  for (size_t i = 0; i < w->n; i++) {
    int tries = 0;
    do first[i] = (size_t)vr_rng_below(r, rows);
    while (!is_other(w, first[i]) && ++tries < TRIES);
    if (tries == TRIES)
      return vr_fail(VR_EDATA,
        "the recording has hardly a moment of %zu frames away from the behaviour, for controls "
        "(--controls 0)",
        w->length);
  }
  return 0;
}

/* -- layers -- */

static int find_layer(const vr_policy *p, const char *name, size_t *k)
{
  size_t n;
  const vr_layer *l = vr_agent_layers(p->agent, &n);
  vr_str all = {0};
  for (*k = 0; *k < n; ++*k)
    if (!strcmp(l[*k].name, name)) return 0;
  for (size_t i = 0; i < n; i++) vr_str_addf(&all, "%s%s", i ? ", " : "", l[i].name);
  int code = vr_fail(
    VR_EARG, "the policy has no layer '%.40s' (there are %s)", name, n ? vr_str_get(&all) : "none");
  vr_str_free(&all);
  return code;
}

/* Courses at moments that chance has drawn. */
static int draw_courses(const vr_matf *c, const windows *w, const job *j, layer *l)
{
  size_t *first, units = c->cols;
  double *number;
  int32_t *order;
  VR_TRY(vr_alloc(&first, w->n, sizeof *first));
  int code = vr_alloc(&number, 3 * units, sizeof *number);
  if (code) {
    vr_release(first);
    return code;
  }
  order = (int32_t *)(number + 2 * units);
  for (size_t s = 1; s <= j->par->controls && !code; s++) {
    vr_rng r = vr_rng_new(j->trials->seed, (uint32_t)l->k, RNG_CONTROL + (uint32_t)s);
    vr_windows by_chance = {w->n, w->length, first};
    code = draw_windows(w, &r, first);
    if (!code) code = vr_modulation(c, &by_chance, l->course + s, number, number + units, order);
  }
  vr_release(number);
  vr_release(first);
  return code;
}

/* Units in an order that chance has drawn, for each control. */
static void draw_units(const job *j, layer *l)
{
  for (size_t s = 1; s <= j->par->controls; s++) {
    vr_rng r = vr_rng_new(j->trials->seed, (uint32_t)l->k, RNG_CONTROL + (uint32_t)s);
    size_t *unit = l->unit + s * l->units;
    for (size_t i = 0; i < l->units; i++) {
      size_t k = (size_t)vr_rng_below(&r, i + 1);
      unit[i] = unit[k];
      unit[k] = i;
    }
  }
}

static int read_layer(const vr_turn *t, const windows *w, const job *j, layer *l)
{
  char path[64];
  vr_matf c = {0};
  size_t n, sets = 1 + j->par->controls, frames = vr_trials_rows(&w->trials);
  const vr_layer *layers = vr_agent_layers(j->trials->policy->agent, &n);
  l->name = layers[l->k].name;
  l->units = layers[l->k].units;
  snprintf(path, sizeof path, "/neural/%s/c", l->name);
  VR_TRY(vr_alloc(&l->score, 2 * l->units, sizeof *l->score));
  l->hold = l->score + l->units;
  VR_TRY(vr_alloc(&l->order, l->units, sizeof *l->order));
  VR_TRY(vr_alloc(&l->unit, sets * l->units, sizeof *l->unit));
  VR_TRY(vr_alloc(&l->course, sets, sizeof *l->course));
  if (!vr_turn_has(t, path))
    return vr_fail(VR_EDATA, "%s: is not in the recording: was it made by this policy?", path);
  int code = vr_get_matf(t, path, &c);
  if (!code && (c.cols != l->units || c.rows != frames))
    code = vr_fail(VR_EDATA, "%s: %zu x %zu, the policy has %zu units and there are %zu frames",
      path, c.rows, c.cols, l->units, frames);
  vr_windows own = {w->n, w->length, w->first};
  if (!code) code = vr_modulation(&c, &own, l->course, l->score, l->hold, l->order);
  for (size_t i = 0; i < l->units && !code; i++) l->unit[i] = (size_t)l->order[i];
  if (!code && j->par->drive) code = draw_courses(&c, w, j, l);
  if (!code && !j->par->drive) draw_units(j, l);
  vr_matf_free(&c);
  return code;
}

static int read_layers(const vr_turn *t, job *j)
{
  size_t all;
  vr_agent_layers(j->trials->policy->agent, &all);
  j->nlayer = j->par->nlayer ? j->par->nlayer : all;
  if (!j->nlayer) return vr_fail(VR_EARG, "the policy has no recurrent layer");
  VR_TRY(vr_alloc(&j->layer, j->nlayer, sizeof *j->layer));
  VR_TRY(find_windows(t, j->par, &j->window));
  for (size_t i = 0; i < j->nlayer; i++) {
    layer *l = j->layer + i;
    l->k = i;
    if (j->par->nlayer) VR_TRY(find_layer(j->trials->policy, j->par->layer[i], &l->k));
    VR_TRY(read_layer(t, &j->window, j, l));
  }
  return 0;
}

/* -- conditions -- */

/* Cells of layer l: the first n of set s. */
static int make_condition(job *j, const layer *l, size_t n, size_t s, vr_lesion *c)
{
  double *value;
  *c = (vr_lesion){.layer = l->k, .n = n};
  if (!j->par->drive) {
    c->unit = l->unit + s * l->units;
    VR_TRY(vr_arena_alloc(&j->arena, &value, n, sizeof *value));
    for (size_t i = 0; i < n; i++) value[i] = l->hold[c->unit[i]];
    c->value = value;
    return 0;
  }
  // the same units, on the course of set s
  vr_mat *course;
  const vr_mat *from = l->course + s;
  c->unit = l->unit;
  VR_TRY(vr_arena_alloc(&j->arena, &course, 1, sizeof *course));
  VR_TRY(vr_arena_alloc(&j->arena, &course->a, from->rows * n, sizeof *course->a));
  course->rows = from->rows;
  course->cols = n;
  for (size_t i = 0; i < from->rows; i++)
    for (size_t k = 0; k < n; k++) vr_row(course, i)[k] = vr_row(from, i)[c->unit[k]];
  c->course = course;
  c->at = j->par->at;
  return 0;
}

/* Condition 0 is the intact network; levels that are the same for a layer are played once. */
static int plan(job *j)
{
  size_t sets = 1 + j->par->controls, levels = j->par->nlevel;
  VR_TRY(vr_alloc(&j->at, j->nlayer * levels * sets, sizeof *j->at));
  VR_TRY(vr_alloc(&j->condition, 1 + j->nlayer * levels * sets, sizeof *j->condition));
  j->ncondition = 1;
  for (size_t i = 0; i < j->nlayer; i++)
    for (size_t k = 0; k < levels; k++)
      for (size_t s = 0; s < sets; s++) {
        const layer *l = j->layer + i;
        size_t *at = j->at + (i * levels + k) * sets + s, n = j->par->level[k];
        if (n > l->units) n = l->units;
        size_t before = k ? j->condition[at[-(ptrdiff_t)sets]].n : 0;
        if (before == n) {
          *at = k ? at[-(ptrdiff_t)sets] : 0;
          continue;
        }
        *at = j->ncondition;
        VR_TRY(make_condition(j, l, n, s, j->condition + j->ncondition++));
      }
  return 0;
}

static void job_free(job *j)
{
  for (size_t i = 0; j->layer && i < j->nlayer; i++) {
    layer *l = j->layer + i;
    for (size_t s = 0; l->course && s <= j->par->controls; s++) vr_mat_free(l->course + s);
    vr_release(l->course);
    vr_release(l->unit);
    vr_release(l->order);
    vr_release(l->score);
  }
  vr_release(j->layer);
  windows_free(&j->window);
  vr_release(j->at);
  vr_release(j->condition);
  vr_release(j->trial);
  vr_arena_free(&j->arena);
}

int vr_ablation(vr_turn *t, const vr_ablation_par *par, const vr_lesion_par *trials,
  const vr_pool *pool, void (*progress)(const char *what, double done, double total))
{
  vr_lesion_par own = *trials;
  job j = {.par = par, .trials = &own};
  int code = read_layers(t, &j);
  if (!code && par->drive) {
    own.goal.from = par->at;
    own.goal.to = par->at + (double)j.window.length / j.window.trials.rate + par->within;
  }
  if (!code) code = plan(&j);
  if (!code) code = vr_alloc(&j.trial, j.ncondition * own.trials, sizeof *j.trial);
  if (!code) code = vr_lesion_run(&own, j.condition, j.ncondition, pool, progress, j.trial);
  if (!code) code = vr_ablation_put(&j, t);
  job_free(&j);
  return code;
}
