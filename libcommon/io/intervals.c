/* intervals.c -- tables of /intervals of an NWB file, and the trials that they make. */
#include "ana/rates.h"
#include "base/err.h"
#include "base/mem.h"
#include "io/cells.h"
#include "io/import_kinds.h"
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { TABLE = 80, PATH = 256 };

/* -- reading -- */

static int no_such_table(const vr_h5 *f, const char *name)
{
  char **there = NULL;
  size_t n = 0;
  vr_str list = {0};
  if (vr_h5_is_group(f, "/intervals")) VR_TRY(vr_h5_list(f, "/intervals", &there, &n));
  for (size_t i = 0; i < n; i++) {
    vr_str_add(&list, i ? ", " : "");
    vr_str_add_escaped(&list, there[i], strlen(there[i]), 60);
  }
  int bad = vr_fail(VR_EARG, "--trials: no intervals %.60s in the file; there are %s, none", name,
    n ? vr_str_get(&list) : "none");
  vr_str_free(&list);
  vr_release(there);
  return bad;
}

static int read_times(const vr_h5 *f, const char *table, vr_intervals *iv)
{
  char path[PATH];
  vr_h5_info info;
  static const char *const end[] = {"start_time", "stop_time"};
  double **to[] = {&iv->start, &iv->stop};
  for (int k = 0; k < 2; k++) {
    snprintf(path, sizeof path, "%.79s/%s", table, end[k]);
    VR_TRY(vr_import_numbers(f, path, to[k], &info));
    if (info.rank != 1 || (k && info.rows != iv->n))
      return vr_fail(VR_EDATA, "%s is no column of %zu rows", path, iv->n);
    iv->n = info.rows;
  }
  for (size_t i = 0; i < iv->n; i++)
    if (!(iv->start[i] <= iv->stop[i] && isfinite(iv->stop[i] - iv->start[i])))
      return vr_fail(
        VR_EDATA, "%s: row %zu: from %.10g to %.10g s", table, i, iv->start[i], iv->stop[i]);
  return 0;
}

/* tags, of which a row may have several: "wake+novel" */
static int read_tags(const vr_h5 *f, const char *table, vr_intervals *iv)
{
  char path[PATH], **tag = NULL;
  double *end = NULL;
  vr_h5_info info;
  size_t n = 0, at = 0;
  vr_str text = {0};
  snprintf(path, sizeof path, "%.79s/tags_index", table);
  VR_TRY(vr_import_numbers(f, path, &end, &info));
  snprintf(path, sizeof path, "%.79s/tags", table);
  int bad = vr_h5_read_strings(f, path, &tag, &n);
  for (size_t i = 0; i < iv->n && !bad; i++) {
    if (info.rows != iv->n || !(end[i] >= (double)at && end[i] <= (double)n))
      bad = vr_fail(VR_EDATA, "%s_index: row %zu does not fit its %zu tags", path, i, n);
    if (i) vr_str_addc(&text, '\n');
    for (size_t first = at; !bad && (double)at < end[i]; at++) {
      if (at > first) vr_str_addc(&text, '+');
      vr_str_add(&text, tag[at]);
    }
  }
  if (!bad) bad = vr_str_ok(&text);
  size_t rows;
  if (!bad) bad = vr_str_split(vr_str_get(&text), "\n", &iv->task, &rows);
  if (!bad && rows != iv->n) bad = vr_fail(VR_EDATA, "%s hold line breaks", path);
  vr_str_free(&text);
  vr_release(tag);
  vr_release(end);
  return bad;
}

static int is_word(const char *name)
{
  static const char *const used[] = {"number", "task", "recording", "subject", "outcome", "first",
    "frames", "start", "id", "start_time", "stop_time", "tags", "timeseries"};
  size_t n = strlen(name);
  for (size_t i = 0; i < VR_LEN(used); i++)
    if (!strcmp(used[i], name)) return 0;
  for (const char *p = name; *p; p++)
    if (!isalnum((unsigned char)*p) && *p != '_') return 0;
  return n < sizeof((vr_interval_column *)0)->name && !(n > 6 && !strcmp(name + n - 6, "_index"));
}

/* one more column; what has no row for each interval is passed over */
static int read_column(const vr_h5 *f, const char *table, const char *name, vr_intervals *iv)
{
  char path[PATH];
  vr_h5_info info;
  size_t rows;
  vr_interval_column *c = &iv->column[iv->columns];
  snprintf(path, sizeof path, "%.79s/%.100s", table, name);
  VR_TRY(vr_h5_get_info(f, path, &info));
  if (info.rank != 1 || info.rows != iv->n || info.type == VR_OTHER) return 0;
  snprintf(c->name, sizeof c->name, "%s", name);
  iv->columns++;
  return info.type == VR_STR ? vr_h5_read_strings(f, path, &c->text, &rows)
                             : vr_import_numbers(f, path, &c->number, &info);
}

static int read_columns(const vr_h5 *f, const char *table, vr_intervals *iv, vr_str *notes)
{
  char **name = NULL;
  size_t n = 0, passed = 0;
  VR_TRY(vr_h5_list(f, table, &name, &n));
  int bad = vr_alloc(&iv->column, n, sizeof *iv->column);
  for (size_t i = 0; i < n && !bad; i++) {
    size_t before = iv->columns;
    if (!is_word(name[i])) continue;
    bad = read_column(f, table, name[i], iv);
    if (!bad && iv->columns == before) {
      vr_str_addf(notes, "%s %s", passed++ ? "," : "columns of intervals left out:", name[i]);
    }
  }
  if (passed) vr_str_add(notes, "\n");
  vr_release(name);
  return bad;
}

/* what a column says of each interval, where there are no tags */
static int name_tasks(vr_intervals *iv)
{
  static const char *const say[] = {"label", "task", "condition", "trial_type"};
  for (size_t k = 0; k < VR_LEN(say); k++)
    for (size_t i = 0; i < iv->columns; i++)
      if (iv->column[i].text && !strcmp(iv->column[i].name, say[k]))
        return vr_names_copy(iv->column[i].text, iv->n, &iv->task);
  return 0;
}

int vr_intervals_read(const vr_h5 *f, const char *name, vr_intervals *iv, vr_str *notes)
{
  static const char *const usual[] = {"trials", "epochs"};
  char table[TABLE], path[PATH];
  for (size_t k = 0; !name && k < VR_LEN(usual); k++) {
    snprintf(path, sizeof path, "/intervals/%s/start_time", usual[k]);
    if (vr_h5_has(f, path)) name = usual[k];
  }
  if (!name || !strcmp(name, "none")) return 0;
  snprintf(table, sizeof table, "/intervals/%.60s", name);
  snprintf(path, sizeof path, "%.79s/start_time", table);
  if (!vr_h5_has(f, path)) return no_such_table(f, name);
  snprintf(iv->name, sizeof iv->name, "%s", name);
  VR_TRY(read_times(f, table, iv));
  VR_TRY(read_columns(f, table, iv, notes));
  snprintf(path, sizeof path, "%.79s/tags", table);
  char index[PATH];
  snprintf(index, sizeof index, "%.79s/tags_index", table);
  return vr_h5_has(f, path) && vr_h5_has(f, index) ? read_tags(f, table, iv) : name_tasks(iv);
}

void vr_intervals_free(vr_intervals *iv)
{
  for (size_t i = 0; i < iv->columns; i++) {
    vr_release(iv->column[i].number);
    vr_release(iv->column[i].text);
  }
  vr_release(iv->column);
  vr_release(iv->start);
  vr_release(iv->stop);
  vr_release(iv->task);
  *iv = (vr_intervals){0};
}

/* -- pieces -- */

static int add(vr_sweeps *p, vr_sweep one)
{
  if (!one.frames) return 0;
  if (p->n == p->cap) {
    size_t cap = p->cap ? 2 * p->cap : 16;
    VR_TRY(vr_grow(&p->list, p->cap, cap, sizeof *p->list));
    p->cap = cap;
  }
  p->list[p->n++] = one;
  return 0;
}

static int add_span(vr_sweeps *p, double from, double to, double rate, size_t interval)
{
  double frames = floor((to - from) * rate + 1e-6);
  if (!(frames < 1e12))
    return vr_fail(VR_EDATA,
      "from %.6g to %.6g s: too long at %.6g Hz: are these samples, not seconds?", from, to, rate);
  return add(p, (vr_sweep){.start = from, .frames = (size_t)frames, .interval = interval});
}

int vr_sweeps_of_cells(const vr_units *c, const vr_intervals *iv, double rate, vr_sweeps *p)
{
  for (size_t i = 0; i < iv->n; i++) VR_TRY(add_span(p, iv->start[i], iv->stop[i], rate, i));
  if (iv->n) return 0;
  double from = 0, to = 0;
  for (size_t u = 0; u < c->n; u++) {
    if (c->first[u] == c->first[u + 1]) continue;
    from = fmin(from, c->time[c->first[u]]);
    to = fmax(to, c->time[c->first[u + 1] - 1]);
  }
  // the bin of the last spike is whole
  return add_span(p, from, from + (floor((to - from) * rate + 1e-6) + 1) / rate, rate, 0);
}

int vr_sweeps_of_pose(
  const vr_stretches *s, const vr_intervals *iv, double clock, double rate, vr_sweeps *p)
{
  for (size_t k = 0; k < s->n; k++) {
    const vr_stretch *w = &s->list[k];
    double begin = (double)w->first, end = begin + (double)w->frames;
    for (size_t i = 0; i < (iv->n ? iv->n : 1); i++) {
      double from = begin, to = end;
      if (iv->n) {
        from = fmax(from, ceil((iv->start[i] - clock) * rate - 1e-6));
        to = fmin(to, ceil((iv->stop[i] - clock) * rate - 1e-6));
      }
      if (to <= from) continue;
      VR_TRY(add(p, (vr_sweep){.start = clock + from / rate,
                      .frames = (size_t)(to - from),
                      .interval = i,
                      .stretch = k,
                      .first = (size_t)(from - begin),
                      .cut = to == end && w->cut}));
    }
  }
  return 0;
}

/* all[i] = 1 where every cell was observed */
static void all_seen(const vr_sweep *p, const vr_units *c, double rate, uint8_t *all, uint8_t *one)
{
  memset(all, 1, p->frames);
  for (size_t u = 0; u < c->n; u++) {
    memset(one, 0, p->frames);
    vr_bin_seen(c->seen + 2 * c->seen_first[u], c->seen_first[u + 1] - c->seen_first[u], p->start,
      rate, p->frames, one);
    for (size_t i = 0; i < p->frames; i++) all[i] &= one[i];
  }
}

static int drop_in(
  const vr_sweep *p, const uint8_t *all, double least, vr_sweeps *to, size_t *gone, size_t *few)
{
  for (size_t i = 0, end; i < p->frames; i = end) {
    end = i + 1;
    if (!all[i]) {
      ++*gone;
      continue;
    }
    while (end < p->frames && all[end]) end++;
    vr_sweep part = *p;
    part.first += i;
    part.frames = end - i;
    part.cut |= end < p->frames;
    if ((double)part.frames < least)
      *few += part.frames;
    else
      VR_TRY(add(to, part));
  }
  return 0;
}

int vr_sweeps_drop(vr_sweeps *p, const vr_units *c, double rate, double min_s, vr_str *said)
{
  vr_sweeps left = {0};
  uint8_t *all;
  size_t most = 0, gone = 0, few = 0;
  if (!c->seen_first) return 0;
  for (size_t k = 0; k < p->n; k++) most = p->list[k].frames > most ? p->list[k].frames : most;
  VR_TRY(vr_alloc(&all, 2 * most, 1));
  int bad = 0;
  for (size_t k = 0; k < p->n && !bad; k++) {
    size_t from = left.n;
    all_seen(&p->list[k], c, rate, all, all + most);
    bad = drop_in(&p->list[k], all, ceil(min_s * rate - 1e-9), &left, &gone, &few);
    for (; from < left.n; from++)
      left.list[from].start += (double)(left.list[from].first - p->list[k].first) / rate;
  }
  vr_release(all);
  if (bad) {
    vr_release(left.list);
    return bad;
  }
  if (gone)
    vr_str_addf(said,
      "left out: %zu frames in which a cell was not observed, and %zu in "
      "stretches below %g s\n",
      gone, few, min_s);
  vr_release(p->list);
  *p = left;
  return 0;
}

int vr_sweeps_cut(vr_sweeps *p, double rate, double longest)
{
  vr_sweeps parts = {0};
  size_t most = longest * rate < 1e12 ? (size_t)fmax(1, round(longest * rate)) : 0;
  int bad = 0;
  if (!(longest > 0) || !most) return 0;
  for (size_t k = 0; k < p->n; k++)
    for (size_t i = 0; i < p->list[k].frames && !bad; i += most) {
      vr_sweep one = p->list[k];
      one.start += (double)i / rate;
      one.first += i;
      one.frames -= i;
      if (one.frames > most) one.frames = most, one.cut = 0;
      bad = add(&parts, one);
    }
  if (bad) {
    vr_release(parts.list);
    return bad;
  }
  vr_release(p->list);
  *p = parts;
  return 0;
}

int vr_sweeps_to_pose(const vr_cells_table *w, vr_stretches *s, char *const **tasks)
{
  const vr_sweeps *p = w->pieces;
  vr_stretch *list;
  char **task;
  for (size_t i = 1; i < s->n && w->cells->n; i++)
    if (s->list[i].animal != s->list[0].animal)
      return vr_fail(VR_EARG,
        "more than one animal: whose are the cells? Keep one (--animals 1), or no cells (--cells "
        "none)");
  VR_TRY(vr_alloc(&list, p->n, sizeof *list));
  int bad = vr_alloc(&task, p->n, sizeof *task);
  for (size_t i = 0; i < p->n && !bad; i++) {
    const vr_stretch *of = &s->list[p->list[i].stretch];
    list[i] =
      (vr_stretch){of->animal, of->first + p->list[i].first, p->list[i].frames, p->list[i].cut};
    task[i] = (char *)vr_cell_task(w, i);
  }
  if (bad) {
    vr_release(list);
    return bad;
  }
  vr_release(s->list);
  s->list = list;
  s->n = p->n;
  *tasks = task;
  return 0;
}
