#include "io/select.h"
#include "base/err.h"
#include "base/mem.h"
#include "io/columns.h"
#include "io/prov.h"
#include "io/select_plan.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int in_group(const char *path, const char *group)
{
  size_t n = strlen(group);
  return !strncmp(path, group, n) && path[n] == '/';
}

// one of the patterns, separated by commas, matches
static int matches(const char *patterns, const char *text, size_t *used)
{
  char **word;
  size_t n;
  int hit = 0;
  if (vr_str_split(patterns, ",", &word, &n)) return 0;
  for (size_t i = 0; i < n; i++)
    if (vr_glob(word[i], text)) {
      hit = 1;
      if (used) used[i]++;
    }
  vr_release(word);
  return hit;
}

// -- trials --

// "3", "3-5", "3-"
static int keep_range(const char *word, size_t n, char *keep)
{
  char *end;
  size_t first = strtoul(word, &end, 10), last = first;
  int good = *word >= '0' && *word <= '9';
  if (good && *end == '-') {
    last = end[1] ? strtoul(end + 1, &end, 10) : n ? n - 1 : 0;
    if (*end == '-') end++;
  }
  if (!good || *end || last < first)
    return vr_fail(VR_EARG, "trials \"%.40s\": not a number or a range such as 3-5", word);
  if (last >= n || first >= n)
    return vr_fail(VR_EDATA, "trials \"%.40s\": there are only %zu, from 0", word, n);
  for (size_t k = first; k <= last; k++) keep[k] = 1;
  return 0;
}

static int keep_numbers(const char *list, size_t n, char *keep)
{
  char **word, *listed;
  size_t nwords;
  VR_TRY(vr_alloc(&listed, n, 1));
  int code = vr_str_split(list, ",", &word, &nwords);
  for (size_t i = 0; i < nwords && !code; i++) code = keep_range(word[i], n, listed);
  for (size_t k = 0; k < n; k++) keep[k] = keep[k] && listed[k];
  vr_release(word);
  vr_release(listed);
  return code;
}

static int keep_matching(
  const vr_turn *in, const char *path, const char *patterns, size_t n, char *keep)
{
  char **list;
  size_t m;
  if (!patterns) return 0;
  VR_TRY(vr_get_strings(in, path, &list, &m));
  for (size_t k = 0; k < n; k++) keep[k] = keep[k] && k < m && matches(patterns, list[k], NULL);
  vr_release(list);
  return 0;
}

// -- frames of a trial --

// "A:B" as two numbers; what lacks is 0 and infinity
static int read_window(const char *what, const char *text, double window[2])
{
  char **part;
  size_t n;
  window[0] = 0;
  window[1] = INFINITY;
  if (!text) return 0;
  VR_TRY(vr_str_split(text, ":", &part, &n));
  int bad = n != 2;
  for (size_t k = 0; k < 2 && !bad; k++)
    if (*part[k]) bad = vr_str_number(part[k], &window[k]);
  vr_release(part);
  if (bad || window[0] < 0 || window[1] <= window[0])
    return vr_fail(VR_EARG, "%s \"%.40s\": not a range such as 2:5, 2: or :5", what, text);
  return 0;
}

// first frame at or after a time
static double frame_at(double time, double rate)
{
  return ceil(time * rate - 1e-6);
}

static int plan_segments(
  vr_selection *s, const vr_select_par *par, const vr_trials *tr, const char *keep)
{
  double frames[2], time[2];
  VR_TRY(read_window("frames", par->frames, frames));
  VR_TRY(read_window("time", par->time, time));
  double from = fmax(ceil(frames[0]), frame_at(time[0], tr->rate));
  double to = fmin(ceil(frames[1]), frame_at(time[1], tr->rate));
  s->every = par->every > 1 ? par->every : 1;
  VR_TRY(vr_alloc(&s->seg, tr->n, sizeof *s->seg));
  for (size_t k = 0; k < tr->n; k++) {
    double end = fmin(to, (double)tr->frames[k]);
    if (!keep[k] || from >= end) continue;
    size_t start = (size_t)from, rows = (size_t)end - start;
    size_t kept = (rows + s->every - 1) / s->every;
    s->seg[s->nseg++] = (vr_segment){k, start, tr->first[k] + start, rows, kept};
    s->frames += kept;
  }
  if (!s->nseg) return vr_fail(VR_EDATA, "nothing is left: no frame of any trial is selected");
  s->changed = s->frames != vr_trials_rows(tr);
  return 0;
}

static int plan_rows(vr_selection *s, const vr_turn *in, const vr_select_par *par)
{
  vr_trials tr = {0};
  char *keep = NULL;
  int code = vr_get_trials(in, &tr);
  s->rate = tr.rate;
  if (!code) code = vr_alloc(&keep, tr.n, 1);
  if (!code) memset(keep, 1, tr.n);
  if (!code && par->trials) code = keep_numbers(par->trials, tr.n, keep);
  if (!code) code = keep_matching(in, "/trials/task", par->task, tr.n, keep);
  if (!code) code = keep_matching(in, "/trials/subject", par->subject, tr.n, keep);
  if (!code) code = keep_matching(in, "/trials/recording", par->recording, tr.n, keep);
  if (!code) code = keep_matching(in, "/trials/outcome", par->outcome, tr.n, keep);
  if (!code) code = plan_segments(s, par, &tr, keep);
  vr_release(keep);
  vr_trials_free(&tr);
  return code;
}

// -- columns --

static int no_such_column(const char *pattern, const char *axis, char **names, size_t n)
{
  const char *near = vr_str_nearest(pattern, (const char *const *)names, n);
  return vr_fail(VR_EDATA, "columns: no %s is called \"%.60s\"%s%.60s%s", axis, pattern,
    near ? " (is it " : "", near ? near : "", near ? "?)" : "");
}

static int pick_names(vr_pick *p, const char *patterns, char **names, size_t n)
{
  char **word;
  size_t nwords, *used;
  VR_TRY(vr_str_split(patterns, ",", &word, &nwords));
  int code = vr_alloc(&used, nwords, sizeof *used);
  if (!code) code = vr_alloc(&p->index, n, sizeof *p->index);
  for (size_t i = 0; i < n && !code; i++)
    if (matches(patterns, names[i], used)) p->index[p->n++] = i;
  for (size_t i = 0; i < nwords && !code; i++)
    if (!used[i]) code = no_such_column(word[i], p->axis, names, n);
  vr_release(used);
  vr_release(word);
  return code;
}

static int plan_columns(vr_selection *s, const vr_select_par *par)
{
  VR_TRY(vr_alloc(&s->pick, par->ncolumns, sizeof *s->pick));
  for (size_t i = 0; i < par->ncolumns; i++) {
    const char *text = par->columns[i], *equals = strchr(text, '=');
    vr_pick *p = &s->pick[s->npicks++];
    char path[80], **names;
    size_t len = equals ? (size_t)(equals - text) : 0, n;
    if (!len || len >= sizeof p->axis)
      return vr_fail(VR_EARG, "columns \"%.60s\": say AXIS=NAMES, such as joint=hip*", text);
    memcpy(p->axis, text, len);
    snprintf(path, sizeof path, "/names/%s", p->axis);
    if (!vr_h5_has(s->in, path))
      return vr_fail(VR_EDATA, "columns \"%.60s\": there is no %s", text, path);
    VR_TRY(vr_h5_read_strings(s->in, path, &names, &n));
    int code = pick_names(p, equals + 1, names, n);
    vr_release(names);
    VR_TRY(code);
  }
  return 0;
}

// -- datasets --

// what every stream has
static int is_frame_work(const char *path)
{
  return !strcmp(path, "/time") || !strcmp(path, "/trial") || !strcmp(path, "/history") ||
         in_group(path, "/trials") || in_group(path, "/names");
}

static int wanted(const vr_select_par *par, const char *path)
{
  int keep = !par->nkeep;
  for (size_t i = 0; i < par->nkeep && !keep; i++) keep = vr_glob_path(par->keep[i], path);
  for (size_t i = 0; i < par->ndrop && keep; i++) keep = !vr_glob_path(par->drop[i], path);
  return keep;
}

// each pattern has a dataset, or it was misspelt
static int check_patterns(const char *const *pattern, size_t n, const vr_paths *all)
{
  for (size_t i = 0; i < n; i++) {
    size_t k = 0;
    while (k < all->n && !vr_glob_path(pattern[i], all->path[k])) k++;
    if (k < all->n) continue;
    const char *near = vr_str_nearest(pattern[i], (const char *const *)all->path, all->n);
    return vr_fail(VR_EDATA, "%.100s: no dataset is called so%s%.100s%s", pattern[i],
      near ? " (is it " : "", near ? near : "", near ? "?)" : "");
  }
  return 0;
}

static int listed(void *ctx, const char *path)
{
  return vr_paths_has(ctx, path);
}

static int leave_out(vr_str *dropped, const char *path, const char *why)
{
  vr_str_add_escaped(dropped, path, strlen(path), 200);
  vr_str_addf(dropped, ": %s\n", why);
  return vr_str_ok(dropped);
}

// what is said once a file: copied, cut to the columns, or not valid any more
static int sort_constant(const vr_selection *s, const char *path, vr_paths *copied, vr_str *dropped)
{
  const vr_pick *picks[VR_H5_MAXRANK];
  vr_h5_info info;
  char trial[1024];
  VR_TRY(vr_h5_get_info(s->in, path, &info));
  int n = snprintf(trial, sizeof trial, "%.*s/trial", (int)(vr_path_last(path) - path) - 1, path);
  int of_trials =
    n > 0 && (size_t)n < sizeof trial && strcmp(trial, "/trial") && vr_h5_has(s->in, trial);
  if (s->changed && of_trials)
    return leave_out(dropped, path, "tells of trials that are not the same any more");
  if (!vr_picks_of(s, path, info.rank, picks)) return vr_paths_add(copied, path);
  if (in_group(path, "/basis"))
    return leave_out(dropped, path, "a basis is of no use without all its columns");
  return vr_select_constant(s, path);
}

enum { UNWANTED, FRAME_WORK, SCALE, MOMENT, FRAMES, CONSTANT };

// what each dataset is; scales are wanted when something hangs on them, or for themselves
static int sort_all(
  const vr_selection *s, const vr_select_par *par, const vr_paths *all, char *kind)
{
  vr_paths used = {0};
  int code = 0;
  for (size_t i = 0; i < all->n && !code; i++) {
    const char *path = all->path[i];
    vr_h5_info info;
    char scale[1024];
    if (vr_is_scale(s->in, path) && !vr_moments_of(path) && !in_group(path, "/trials") &&
        strcmp(path, "/time") && strcmp(path, "/history"))
      continue;
    kind[i] = is_frame_work(path)         ? FRAME_WORK
              : !wanted(par, path)        ? UNWANTED
              : vr_moments_of(path)       ? MOMENT
              : vr_is_frames(s->in, path) ? FRAMES
                                          : CONSTANT;
    code = vr_h5_get_info(s->in, path, &info);
    for (int k = 0; k < info.rank && kind[i] != UNWANTED && !code; k++) {
      vr_axis_path(s->in, path, k, scale, sizeof scale);
      if (scale[0] && !vr_paths_has(&used, scale)) code = vr_paths_add(&used, scale);
      if (!scale[0] || code) continue;
      // names are linked into other groups, and go by their first place
      char name[1040];
      snprintf(name, sizeof name, "/names/%s", vr_path_last(scale));
      if (!vr_paths_has(&used, name)) code = vr_paths_add(&used, name);
    }
  }
  for (size_t i = 0; i < all->n && !code; i++)
    if (!kind[i] && vr_is_scale(s->in, all->path[i]) &&
        (vr_paths_has(&used, all->path[i]) ||
          (!in_group(all->path[i], "/names") && wanted(par, all->path[i]))))
      kind[i] = SCALE;
  vr_paths_free(&used);
  return code;
}

static int write_all(const vr_selection *s, const vr_paths *all, const char *kind, vr_str *dropped)
{
  static const char *const tables[] = {"/events", "/spikes"};
  vr_paths copied = {0}, moments[2] = {{0}};
  int code = 0;
  // names and other scales first, since the rest hangs on them
  for (size_t i = 0; i < all->n && !code; i++) {
    if (kind[i] != SCALE) continue;
    code = in_group(all->path[i], "/names") ? vr_select_names(s, all->path[i])
                                            : vr_paths_add(&copied, all->path[i]);
  }
  if (!code) code = vr_select_axes(s);
  for (size_t i = 0; i < all->n && !code; i++)
    if (in_group(all->path[i], "/trials")) code = vr_select_trials(s, all->path[i]);
  for (size_t i = 0; i < all->n && !code; i++)
    if (kind[i] == CONSTANT)
      code = sort_constant(s, all->path[i], &copied, dropped);
    else if (kind[i] == MOMENT)
      code = vr_paths_add(&moments[in_group(all->path[i], tables[1])], all->path[i]);
  if (!code) code = vr_h5_copy(s->in, s->out, listed, &copied, VR_H5_AS_STORED);
  for (size_t i = 0; i < all->n && !code; i++)
    if (kind[i] == FRAMES) code = vr_select_frames(s, all->path[i]);
  for (int k = 0; k < 2; k++) {
    if (!code && moments[k].n) code = vr_select_moments(s, tables[k], &moments[k]);
    vr_paths_free(&moments[k]);
  }
  // groups' own attributes
  vr_paths_free(&copied);
  if (!code) code = vr_h5_copy(s->in, s->out, listed, &copied, VR_H5_AS_STORED);
  return code;
}

int vr_select(const vr_turn *in, const vr_select_par *par, vr_h5 *out, vr_str *dropped)
{
  vr_selection s = {.in = in->in, .out = out};
  vr_paths all = {0};
  const vr_h5 *source = in->in;
  int code = in->foreign ? vr_fail(VR_EDATA, "not a vr-tools stream (vr-import makes one of it)")
                         : vr_paths_all(in->in, &all);
  if (!code) code = check_patterns(par->keep, par->nkeep, &all);
  if (!code) code = check_patterns(par->drop, par->ndrop, &all);
  if (!code) code = plan_rows(&s, in, par);
  if (!code) code = plan_columns(&s, par);
  char *kind = NULL;
  if (!code) code = vr_alloc(&kind, all.n, 1);
  if (!code) code = sort_all(&s, par, &all, kind);
  if (!code) code = write_all(&s, &all, kind, dropped);
  if (!code) code = vr_history_merge(out, &source, 1);
  for (size_t i = 0; s.pick && i < s.npicks; i++) vr_release(s.pick[i].index);
  vr_release(kind);
  vr_release(s.pick);
  vr_release(s.seg);
  vr_paths_free(&all);
  return code;
}
