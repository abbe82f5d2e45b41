#include "io/labels.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 10000 }; // more values than this are no labels

static const char *const columns[] = {"task", "subject", "recording", "outcome"};

// the path of a column of /trials, or NULL
static int column_of(const char *what, char *path, size_t size)
{
  for (size_t k = 0; k < VR_LEN(columns); k++)
    if (!strcmp(what, columns[k])) return snprintf(path, size, "/trials/%s", what) > 0;
  return 0;
}

static int is_event(const char *what)
{
  return !strcmp(what, "event") || !strncmp(what, "event:", 6);
}

// The distinct strings of a list in order of appearance: code[i] = 1 .. *k. `names` gets pointers
// into the list.
static int encode(char *const *list, size_t n, int32_t *code, char **names, size_t *k)
{
  *k = 0;
  for (size_t i = 0; i < n; i++) {
    size_t j = 0;
    while (j < *k && strcmp(names[j], list[i])) j++;
    if (j == *k && *k == MOST) return vr_fail(VR_EDATA, "more than %d different names", MOST);
    if (j == *k) names[(*k)++] = list[i];
    code[i] = (int32_t)j + 1;
  }
  return 0;
}

// copies k names into one block
static int keep_names(vr_labels *l, char *const *names, size_t k)
{
  size_t bytes = k * sizeof *names;
  for (size_t i = 0; i < k; i++) bytes += strlen(names[i]) + 1;
  VR_TRY(vr_alloc(&l->name, bytes, 1));
  char *at = (char *)(l->name + k);
  for (size_t i = 0; i < k; i++) {
    l->name[i] = at;
    at = stpcpy(at, names[i]) + 1;
  }
  l->k = k;
  return 0;
}

static int of_trials(const vr_turn *t, const char *path, const vr_trials *tr, vr_labels *l)
{
  char **list = NULL, **names = NULL;
  int32_t *code = NULL;
  size_t n, k;
  VR_TRY(vr_get_strings(t, path, &list, &n));
  int status = n == tr->n ? 0 : vr_fail(VR_EDATA, "%s: %zu rows for %zu trials", path, n, tr->n);
  if (!status) status = vr_alloc(&names, n, sizeof *names);
  if (!status) status = vr_alloc(&code, n, sizeof *code);
  if (!status) status = vr_wrap(encode(list, n, code, names, &k), "%s", path);
  if (!status) status = keep_names(l, names, k);
  for (size_t i = 0; i < n && !status; i++)
    for (size_t f = 0; f < tr->frames[i]; f++) l->of[tr->first[i] + f] = code[i];
  vr_release(code);
  vr_release(names);
  vr_release(list);
  return status;
}

// the names "first", "first + 1", ...
static int number_names(vr_labels *l, size_t first, size_t k)
{
  vr_str text = {0};
  char **words = NULL;
  size_t n = 0;
  for (size_t i = 0; i < k; i++) vr_str_addf(&text, "%s%zu", i ? "\n" : "", first + i);
  int code = vr_str_ok(&text);
  if (!code && k) code = vr_str_split(text.s, "\n", &words, &n);
  if (!code) code = keep_names(l, words, n);
  vr_release(words);
  vr_str_free(&text);
  return code;
}

static int trial_numbers(const vr_trials *tr, vr_labels *l)
{
  if (tr->n > MOST) return vr_fail(VR_EARG, "more than %d trials", MOST);
  for (size_t i = 0; i < tr->n; i++)
    for (size_t f = 0; f < tr->frames[i]; f++) l->of[tr->first[i] + f] = (int32_t)i + 1;
  return number_names(l, 0, tr->n);
}

// /events as they come, those of the wanted names only
typedef struct {
  size_t n;
  char **name;
  int32_t *trial, *code;
  vr_mat time;
  size_t *order; // by trial, time, row
} events;

static int earlier(const void *a, const void *b, void *ctx)
{
  const events *e = ctx;
  size_t i = *(const size_t *)a, j = *(const size_t *)b;
  if (e->trial[i] != e->trial[j]) return e->trial[i] < e->trial[j] ? -1 : 1;
  if (e->time.a[i] != e->time.a[j]) return e->time.a[i] < e->time.a[j] ? -1 : 1;
  return i < j ? -1 : 1;
}

static void events_free(events *e)
{
  vr_release(e->name);
  vr_release(e->trial);
  vr_release(e->code);
  vr_release(e->order);
  vr_mat_free(&e->time);
}

static int events_read(const vr_turn *t, events *e)
{
  size_t n;
  VR_TRY(vr_get_strings(t, "/events/name", &e->name, &e->n));
  VR_TRY(vr_get_ints(t, "/events/trial", &e->trial, &n));
  VR_TRY(vr_get_mat(t, "/events/time", &e->time));
  if (n != e->n || e->time.rows != n || e->time.cols != 1)
    return vr_fail(VR_EDATA, "/events: name, trial and time differ in length");
  VR_TRY(vr_alloc(&e->code, n, sizeof *e->code));
  VR_TRY(vr_alloc(&e->order, n, sizeof *e->order));
  for (size_t i = 0; i < n; i++) e->order[i] = i;
  qsort_r(e->order, n, sizeof *e->order, earlier, e);
  return 0;
}

static int is_listed(char *const *list, size_t n, const char *name)
{
  for (size_t i = 0; i < n; i++)
    if (!strcmp(list[i], name)) return 1;
  return 0;
}

// drops the events whose names are not wanted; each wanted one must occur
static int choose(events *e, const char *wanted)
{
  char **want;
  size_t nwant, kept = 0;
  VR_TRY(vr_str_split(wanted, ",", &want, &nwant));
  int code = 0;
  for (size_t i = 0; i < nwant && !code; i++)
    if (!is_listed(e->name, e->n, want[i])) {
      const char *near = vr_str_nearest(want[i], (const char *const *)e->name, e->n);
      code = vr_fail(VR_EARG, "no event is named '%.60s'%s%.60s%s", want[i],
        near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
    }
  for (size_t k = 0; k < e->n && !code; k++)
    if (is_listed(want, nwant, e->name[e->order[k]])) e->order[kept++] = e->order[k];
  if (!code) e->n = kept;
  vr_release(want);
  return code;
}

// each event from its first frame to the next event of its trial
static void paint(const events *e, const vr_trials *tr, int32_t *of)
{
  for (size_t k = 0; k < e->n; k++) {
    size_t i = e->order[k];
    if (e->trial[i] < 0 || (size_t)e->trial[i] >= tr->n) continue;
    size_t trial = (size_t)e->trial[i], frames = tr->frames[trial];
    double at = ceil(e->time.a[i] * tr->rate - 1e-6);
    size_t start = at > 0 ? at < (double)frames ? (size_t)at : frames : 0;
    for (size_t f = start; f < frames; f++) of[tr->first[trial] + f] = e->code[i];
  }
}

static int of_events(const vr_turn *t, const char *wanted, const vr_trials *tr, vr_labels *l)
{
  events e = {0};
  char **list = NULL, **names = NULL;
  size_t k;
  int code = vr_turn_has(t, "/events/name") ? 0 : vr_fail(VR_EDATA, "no /events in this stream");
  if (!code) code = events_read(t, &e);
  if (!code && wanted) code = choose(&e, wanted);
  if (!code) code = vr_alloc(&list, e.n, 2 * sizeof *list);
  int32_t *sorted = NULL;
  if (!code) code = vr_alloc(&sorted, e.n, sizeof *sorted);
  if (!code) {
    names = list + e.n;
    for (size_t i = 0; i < e.n; i++) list[i] = e.name[e.order[i]];
    code = vr_wrap(encode(list, e.n, sorted, names, &k), "/events/name");
  }
  if (!code) code = keep_names(l, names, k);
  if (!code) {
    for (size_t i = 0; i < e.n; i++) e.code[e.order[i]] = sorted[i];
    paint(&e, tr, l->of);
  }
  vr_release(sorted);
  vr_release(list);
  events_free(&e);
  return code;
}

static int of_dataset(const vr_turn *t, const char *path, vr_labels *l)
{
  int32_t *a = NULL, most = 0;
  size_t n;
  if (!vr_turn_has(t, path)) return vr_fail(VR_EDATA, "%s: not in this stream", path);
  VR_TRY(vr_get_ints(t, path, &a, &n));
  int code = n == l->n ? 0 : vr_fail(VR_EDATA, "%s: %zu rows for %zu frames", path, n, l->n);
  for (size_t i = 0; i < n && !code; i++) {
    if (a[i] < 0 || a[i] > MOST)
      code =
        vr_fail(VR_EDATA, "%s: label %d in row %zu is not between 0 and %d", path, a[i], i, MOST);
    else if (a[i] > most)
      most = a[i];
  }
  if (!code) code = number_names(l, 1, (size_t)most);
  if (!code) memcpy(l->of, a, n * sizeof *a);
  vr_release(a);
  return code;
}

int vr_has_labels(const vr_turn *t, const char *what)
{
  char path[64];
  if (!strcmp(what, "trial")) return 1;
  if (is_event(what)) return vr_turn_has(t, "/events/name");
  if (!strcmp(what, "region")) return vr_turn_has(t, "/label/region");
  if (what[0] == '/') return vr_turn_has(t, what);
  return column_of(what, path, sizeof path) && vr_turn_has(t, path);
}

int vr_get_labels(const vr_turn *t, const char *what, vr_labels *l)
{
  char path[64];
  vr_trials tr = {0};
  vr_labels fresh = {0};
  int code = vr_get_trials(t, &tr);
  if (!code) fresh.n = vr_trials_rows(&tr);
  if (!code) code = vr_alloc(&fresh.of, fresh.n, sizeof *fresh.of);
  if (code) {
  } else if (!strcmp(what, "trial")) {
    code = trial_numbers(&tr, &fresh);
  } else if (is_event(what)) {
    code = of_events(t, what[5] ? what + 6 : NULL, &tr, &fresh);
  } else if (!strcmp(what, "region")) {
    code = of_dataset(t, "/label/region", &fresh);
  } else if (what[0] == '/') {
    code = of_dataset(t, what, &fresh);
  } else if (column_of(what, path, sizeof path)) {
    code = vr_turn_has(t, path) ? of_trials(t, path, &tr, &fresh)
                                : vr_fail(VR_EDATA, "%s: not in this stream", path);
  } else {
    code = vr_fail(VR_EARG,
      "'%.60s' labels no frames: say task, subject, recording, outcome, trial, event, region or "
      "/path",
      what);
  }
  vr_trials_free(&tr);
  if (code)
    vr_labels_free(&fresh);
  else {
    vr_labels_free(l);
    *l = fresh;
  }
  return code;
}

int vr_trial_labels(const vr_labels *l, const vr_trials *tr, const char *what, int32_t *of)
{
  for (size_t k = 0; k < tr->n; k++) {
    const int32_t *frame = l->of + tr->first[k];
    of[k] = tr->frames[k] ? frame[0] : 0;
    for (size_t i = 1; i < tr->frames[k]; i++)
      if (frame[i] != frame[0])
        return vr_fail(
          VR_EARG, "'%.60s' changes within trial %zu: one label for each trial is needed", what, k);
  }
  return 0;
}

void vr_labels_free(vr_labels *l)
{
  vr_release(l->of);
  vr_release(l->name);
  *l = (vr_labels){0};
}
