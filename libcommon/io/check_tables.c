/* check_tables.c -- frames, trials, events, spikes and history of a file against each other. */
#include "base/err.h"
#include "base/json.h"
#include "base/mem.h"
#include "io/check.h"
#include "io/prov.h"
#include "num/mat.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { BLOCK = 1 << 16 };

// a column of whole numbers; NULL and a problem when it cannot be had
static int64_t *integers(const vr_h5 *f, vr_check_report *r, const char *path, size_t *n)
{
  vr_h5_info info;
  int64_t *a;
  if (!vr_h5_has(f, path)) {
    vr_check_say(r, path, "is not there");
    return NULL;
  }
  if (vr_h5_get_info(f, path, &info) || info.rank != 1 || !vr_type_size(info.type)) return NULL;
  if (vr_alloc(&a, info.rows, sizeof *a)) return NULL;
  *n = info.rows;
  if (!vr_h5_read(f, path, VR_I64, 0, info.rows, a)) return a;
  vr_release(a);
  return NULL;
}

// trials follow each other and cover all frames
static int check_trials(const vr_h5 *f, vr_check_report *r, vr_trials *tr)
{
  size_t nfirst, nframes, nnumber;
  int64_t *first = integers(f, r, "/trials/first", &nfirst), at = 0;
  int64_t *frames = integers(f, r, "/trials/frames", &nframes);
  int64_t *number = integers(f, r, "/trials/number", &nnumber);
  int good = first && frames && nfirst == nframes && nfirst > 0;
  int code = good ? vr_trials_resize(tr, nfirst) : 0;
  for (size_t k = 0; good && !code && k < nfirst; k++) {
    if (first[k] != at || frames[k] < 1) {
      vr_check_say(r, "/trials/first", "row %zu: the trial starts at frame %lld, not at %lld", k,
        (long long)first[k], (long long)at);
      good = 0;
    }
    tr->first[k] = (size_t)first[k];
    tr->frames[k] = (size_t)frames[k];
    at += frames[k];
  }
  for (size_t k = 0; number && k < nnumber; k++)
    if (number[k] != (int64_t)k) {
      vr_check_say(r, "/trials/number", "row %zu: is %lld", k, (long long)number[k]);
      break;
    }
  if (good && (size_t)at != r->frames) {
    vr_check_say(r, "/trials/frames", "sum to %lld of %zu frames", (long long)at, r->frames);
    good = 0;
  }
  if (!good) tr->n = 0;
  vr_release(first);
  vr_release(frames);
  vr_release(number);
  return code;
}

// /time counts up from 0 in each trial, /trial holds the trial's row
static int check_frames(const vr_h5 *f, vr_check_report *r, const vr_trials *tr)
{
  double *time;
  int32_t *trial;
  VR_TRY(vr_alloc(&time, BLOCK, sizeof *time + sizeof *trial));
  trial = (int32_t *)(time + BLOCK);
  int bad = 0, has_trial = vr_h5_has(f, "/trial");
  if (!has_trial) vr_check_say(r, "/trial", "is not there");
  for (size_t k = 0; k < tr->n && !bad; k++)
    for (size_t i = 0; i < tr->frames[k] && !bad; i += BLOCK) {
      size_t n = tr->frames[k] - i < BLOCK ? tr->frames[k] - i : BLOCK, row = tr->first[k] + i;
      if (vr_h5_read(f, "/time", VR_F64, row, n, time)) bad = 1; // told before
      if (!bad && has_trial && vr_h5_read(f, "/trial", VR_I32, row, n, trial)) bad = 1;
      for (size_t j = 0; j < n && !bad; j++) {
        double want = (double)(i + j) / tr->rate;
        if (fabs(time[j] - want) > 1e-6 + 1e-9 * want) {
          vr_check_say(
            r, "/time", "row %zu: is %.9g s, where its trial is at %.9g s", row + j, time[j], want);
          bad = 1;
        } else if (has_trial && trial[j] != (int32_t)k) {
          vr_check_say(r, "/trial", "row %zu: is %d, in trial %zu", row + j, trial[j], k);
          bad = 1;
        }
      }
    }
  vr_release(time);
  return 0;
}

static int check_moments(const vr_h5 *f, vr_check_report *r, const vr_trials *tr, const char *table)
{
  char at_trial[64], at_time[64], at_number[64];
  snprintf(at_trial, sizeof at_trial, "%.40s/trial", table);
  snprintf(at_time, sizeof at_time, "%.40s/time", table);
  snprintf(at_number, sizeof at_number, "%.40s/number", table);
  size_t n, m;
  if (!vr_h5_is_group(f, table)) return 0;
  int64_t *trial = integers(f, r, at_trial, &n), *number = integers(f, r, at_number, &m);
  double *time = NULL;
  int code = trial ? vr_alloc(&time, n, sizeof *time) : 0;
  vr_h5_info info;
  int timed = trial && !code && vr_h5_has(f, at_time) && !vr_h5_get_info(f, at_time, &info) &&
              info.rank == 1 && info.rows == n && !vr_h5_read(f, at_time, VR_F64, 0, n, time);
  for (size_t i = 0; trial && i < n && tr->n; i++) {
    if (trial[i] < 0 || (size_t)trial[i] >= tr->n) {
      vr_check_say(r, at_trial, "row %zu: is %lld, of %zu trials", i, (long long)trial[i], tr->n);
      break;
    }
    double length = (double)tr->frames[trial[i]] / tr->rate;
    if (timed && !(time[i] >= 0 && time[i] <= length * (1 + 1e-9))) {
      vr_check_say(r, at_time, "row %zu: is %.9g s, in a trial of %.9g s", i, time[i], length);
      break;
    }
  }
  for (size_t i = 0; number && i < m; i++)
    if (number[i] != (int64_t)i) {
      vr_check_say(r, at_number, "row %zu: is %lld", i, (long long)number[i]);
      break;
    }
  vr_release(time);
  vr_release(trial);
  vr_release(number);
  return code;
}

// every line is JSON with an id of its own and parents that came before
static int check_history(const vr_h5 *f, vr_check_report *r)
{
  char **line;
  size_t n;
  vr_json **run;
  if (vr_history_get(f, &line, &n)) return 0; // told before
  if (!n) vr_check_say(r, "/history", "is not there");
  int code = vr_alloc(&run, n, sizeof *run);
  for (size_t i = 0; i < n && !code; i++) {
    if (vr_json_parse(line[i], &run[i])) {
      vr_check_say(r, "/history", "row %zu: %s", i, vr_errmsg());
      break;
    }
    const vr_json *id = vr_json_get(run[i], "id"), *parents = vr_json_get(run[i], "parents");
    if (!id || id->kind != VR_JSON_STRING || !vr_json_get(run[i], "command")) {
      vr_check_say(r, "/history", "row %zu: has no id or no command", i);
      break;
    }
    for (const vr_json *p = parents ? parents->first : NULL; p; p = p->next) {
      size_t j = 0;
      while (j < i && (!p->text || strcmp(vr_json_get(run[j], "id")->text, p->text))) j++;
      if (j == i) vr_check_say(r, "/history", "row %zu: follows a run that is not there", i);
    }
    for (size_t j = 0; j < i; j++)
      if (!strcmp(vr_json_get(run[j], "id")->text, id->text))
        vr_check_say(r, "/history", "rows %zu and %zu have the same id", j, i);
  }
  for (size_t i = 0; run && i < n; i++) vr_json_free(run[i]);
  vr_release(run);
  vr_release(line);
  return code;
}

int vr_check_tables(const vr_h5 *f, vr_check_report *r)
{
  vr_trials tr = {0};
  vr_h5_info time;
  int code = 0;
  if (!vr_h5_has(f, "/time")) {
    // a policy alone has no frames
    if (!vr_h5_has(f, "/policy/config")) vr_check_say(r, "/time", "is not there");
  } else if (!vr_h5_get_info(f, "/time", &time)) {
    r->frames = time.rows;
    if (vr_h5_get_attr_num(f, "/time", "rate", &tr.rate))
      vr_check_say(r, "/time", "has no attribute rate");
    else if (!(tr.rate > 0 && tr.rate < 1e9))
      vr_check_say(r, "/time", "its rate is %g Hz", tr.rate);
    else
      code = check_trials(f, r, &tr);
    if (!code && tr.n) code = check_frames(f, r, &tr);
    if (!code) code = check_moments(f, r, &tr, "/events");
    if (!code) code = check_moments(f, r, &tr, "/spikes");
  }
  if (!code) code = check_history(f, r);
  vr_trials_free(&tr);
  return code;
}
