/* cells.c -- the table /units of an NWB file. */
#include "io/cells.h"
#include "base/err.h"
#include "base/mem.h"
#include "io/import_kinds.h"
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define UNITS "/units"
#define ELECTRODES "/general/extracellular_ephys/electrodes"

int vr_has_cells(const vr_h5 *f)
{
  return vr_h5_has(f, UNITS "/spike_times") && vr_h5_has(f, UNITS "/spike_times_index");
}

/* A ragged column: `*values`, and where each row's begin (n + 1 of them) from the dataset NAME_index. */
static int read_index(const vr_h5 *f, const char *path, size_t values, size_t **first, size_t *n)
{
  double *end = NULL;
  vr_h5_info info;
  VR_TRY(vr_import_numbers(f, path, &end, &info));
  int bad = info.rank == 1 ? 0 : vr_fail(VR_EDATA, "%s has %d axes, not 1", path, info.rank);
  *n = info.rows;
  if (!bad) bad = vr_alloc(first, info.rows + 1, sizeof **first);
  double last = 0;
  for (size_t i = 0; i < info.rows && !bad; i++) {
    if (!(end[i] >= last) || end[i] != floor(end[i]))
      bad = vr_fail(VR_EDATA, "%s: row %zu: %.10g after %.10g: the ends of the rows must rise",
        path, i, end[i], last);
    else if (end[i] > (double)values)
      bad = vr_fail(VR_EDATA, "%s: row %zu: ends at %.10g, of %zu values", path, i, end[i], values);
    else
      (*first)[i + 1] = (size_t)(last = end[i]);
  }
  if (!bad && last < (double)values)
    bad = vr_fail(VR_EDATA, "%s: the last row ends at %.10g, of %zu values", path, last, values);
  vr_release(end);
  return bad;
}

static int read_spikes(const vr_h5 *f, vr_units *c)
{
  static const char path[] = UNITS "/spike_times";
  vr_h5_info info;
  VR_TRY(vr_import_numbers(f, path, &c->time, &info));
  if (info.rank != 1) return vr_fail(VR_EDATA, "%s has %d axes, not 1", path, info.rank);
  VR_TRY(read_index(f, UNITS "/spike_times_index", info.rows, &c->first, &c->n));
  if (!c->n) return vr_fail(VR_EDATA, UNITS " holds no units");
  for (size_t u = 0; u < c->n; u++)
    for (size_t i = c->first[u]; i < c->first[u + 1]; i++) {
      if (!isfinite(c->time[i]))
        return vr_fail(VR_EDATA, "%s: row %zu is %s", path, i, isnan(c->time[i]) ? "NaN" : "Inf");
      if (i > c->first[u] && c->time[i] < c->time[i - 1])
        return vr_fail(VR_EDATA, "%s: row %zu: %.10g s after %.10g s: spikes of a unit must rise",
          path, i, c->time[i], c->time[i - 1]);
    }
  return 0;
}

static int read_seen(const vr_h5 *f, vr_units *c)
{
  static const char path[] = UNITS "/obs_intervals";
  vr_h5_info info;
  size_t n;
  if (!vr_h5_has(f, path) || !vr_h5_has(f, UNITS "/obs_intervals_index")) return 0;
  VR_TRY(vr_import_numbers(f, path, &c->seen, &info));
  if (info.rank != 2 || info.dim[1] != 2)
    return vr_fail(VR_EDATA, "%s: not pairs of a start and an end", path);
  VR_TRY(read_index(f, UNITS "/obs_intervals_index", info.rows, &c->seen_first, &n));
  if (n != c->n) return vr_fail(VR_EDATA, "%s has %zu rows for %zu units", path, n, c->n);
  for (size_t i = 0; i < info.rows; i++)
    if (!(c->seen[2 * i] <= c->seen[2 * i + 1]))
      return vr_fail(
        VR_EDATA, "%s: row %zu: %.10g to %.10g s", path, i, c->seen[2 * i], c->seen[2 * i + 1]);
  return 0;
}

/* -- names -- */

/* Strings of the first column of these names that there is, one a row of the table; NULL: none. */
static int read_words(
  const vr_h5 *f, const char *table, const char *const *name, size_t names, size_t n, char ***list)
{
  char path[256];
  vr_h5_info info;
  *list = NULL;
  for (size_t k = 0; k < names; k++) {
    size_t rows;
    snprintf(path, sizeof path, "%s/%s", table, name[k]);
    if (!vr_h5_has(f, path)) continue;
    VR_TRY(vr_h5_get_info(f, path, &info));
    if (info.type != VR_STR || info.rank != 1) continue;
    VR_TRY(vr_h5_read_strings(f, path, list, &rows));
    if (rows == n) return 0;
    vr_release(*list);
    *list = NULL;
    return vr_fail(VR_EDATA, "%s has %zu rows, not %zu", path, rows, n);
  }
  return 0;
}

/* the names of the file where they are all different, else "u" and the id */
static int name_units(const vr_h5 *f, vr_units *c, vr_str *notes)
{
  static const char *const column[] = {"unit_name", "name", "label"};
  enum { MOST = 32 };
  vr_h5_info info;
  double *id = NULL;
  VR_TRY(read_words(f, UNITS, column, VR_LEN(column), c->n, &c->name));
  if (c->name && !vr_names_check(c->name, c->n, "unit")) return 0;
  if (c->name) vr_str_addf(notes, "%s: units go by their id\n", vr_errmsg());
  vr_release(c->name);
  c->name = NULL;
  if (vr_h5_has(f, UNITS "/id")) VR_TRY(vr_import_numbers(f, UNITS "/id", &id, &info));
  int bad = !id || info.rows == c->n
              ? 0
              : vr_fail(VR_EDATA, UNITS "/id has %zu rows for %zu units", info.rows, c->n);
  if (!bad) bad = vr_alloc(&c->name, c->n, sizeof *c->name + MOST);
  for (size_t u = 0; u < c->n && !bad; u++) {
    c->name[u] = (char *)(c->name + c->n) + u * MOST;
    snprintf(c->name[u], MOST, "u%.0f", id ? id[u] : (double)u);
  }
  vr_release(id);
  return bad ? bad : vr_names_check(c->name, c->n, "unit");
}

/* rows of the table of electrodes: of each unit its first; SIZE_MAX for none */
static int find_electrodes(const vr_h5 *f, size_t units, size_t **row)
{
  vr_h5_info info;
  double *at = NULL;
  size_t *first = NULL, n = 0;
  VR_TRY(vr_import_numbers(f, UNITS "/electrodes", &at, &info));
  int bad = read_index(f, UNITS "/electrodes_index", info.rows, &first, &n);
  if (!bad && n != units)
    bad = vr_fail(VR_EDATA, UNITS "/electrodes has %zu rows for %zu units", n, units);
  if (!bad) bad = vr_alloc(row, units, sizeof **row);
  for (size_t u = 0; u < units && !bad; u++)
    (*row)[u] = first[u] < first[u + 1] && at[first[u]] >= 0 ? (size_t)at[first[u]] : SIZE_MAX;
  vr_release(first);
  vr_release(at);
  return bad;
}

/* where each unit lies, as the file says it */
static int find_regions(const vr_h5 *f, vr_units *c, char ***list)
{
  static const char *const own[] = {"location", "region", "brain_region", "brain_area", "area"};
  char **all = NULL;
  size_t n, *row = NULL;
  VR_TRY(read_words(f, UNITS, own, VR_LEN(own), c->n, list));
  if (*list || !vr_h5_has(f, UNITS "/electrodes") || !vr_h5_has(f, UNITS "/electrodes_index") ||
      !vr_h5_has(f, ELECTRODES "/location"))
    return 0;
  VR_TRY(find_electrodes(f, c->n, &row));
  int bad = vr_h5_read_strings(f, ELECTRODES "/location", &all, &n);
  char **of = NULL;
  if (!bad) bad = vr_alloc(&of, c->n, sizeof *of);
  for (size_t u = 0; u < c->n && !bad; u++) {
    if (row[u] != SIZE_MAX && row[u] >= n)
      bad = vr_fail(VR_EDATA, UNITS "/electrodes: unit %zu: electrode %zu of %zu", u, row[u], n);
    else
      of[u] = row[u] == SIZE_MAX ? (char *)"" : all[row[u]];
  }
  if (!bad) bad = vr_names_copy(of, c->n, list);
  vr_release(of);
  vr_release(all);
  vr_release(row);
  return bad;
}

/* a word that can be a part of a path and an axis: letters, digits and _ - + . */
static int plain_word(char *s)
{
  int changed = 0;
  for (char *p = s; *p; p++)
    if (!isalnum((unsigned char)*p) && !strchr("_-+.", *p)) *p = '_', changed = 1;
  if (s[strspn(s, ".")] == 0)
    for (char *p = s; *p; p++) *p = '_', changed = 1;
  return changed;
}

static int name_regions(const vr_h5 *f, vr_units *c, vr_str *notes)
{
  char **found = NULL, **word;
  int changed = 0;
  VR_TRY(find_regions(f, c, &found));
  int bad = vr_alloc(&word, c->n, sizeof *word);
  for (size_t u = 0; u < c->n && !bad; u++)
    word[u] = found && found[u][0] ? found[u] : (char *)"units";
  if (!bad) bad = vr_names_copy(word, c->n, &c->region);
  for (size_t u = 0; u < c->n && !bad; u++) {
    if (strlen(c->region[u]) > 60) c->region[u][60] = 0, changed = 1;
    changed |= plain_word(c->region[u]);
  }
  if (changed) vr_str_add(notes, "names of regions are made words of at most 60 letters\n");
  vr_release(word);
  vr_release(found);
  return bad;
}

int vr_units_read(const vr_h5 *f, vr_units *c, vr_str *notes)
{
  VR_TRY(read_spikes(f, c));
  VR_TRY(read_seen(f, c));
  VR_TRY(name_units(f, c, notes));
  return name_regions(f, c, notes);
}

/* -- which of them -- */

static void move_unit(vr_units *c, size_t from, size_t to, size_t *at, size_t *seen_at)
{
  size_t n = c->first[from + 1] - c->first[from];
  memmove(c->time + *at, c->time + c->first[from], n * sizeof *c->time);
  c->first[to] = *at;
  *at += n;
  c->name[to] = c->name[from];
  c->region[to] = c->region[from];
  if (!c->seen_first) return;
  n = c->seen_first[from + 1] - c->seen_first[from];
  memmove(c->seen + 2 * *seen_at, c->seen + 2 * c->seen_first[from], 2 * n * sizeof *c->seen);
  c->seen_first[to] = *seen_at;
  *seen_at += n;
}

int vr_units_keep(vr_units *c, const char *list)
{
  char **word = NULL, **known = NULL;
  size_t n = 0, kept = 0, at = 0, seen_at = 0;
  VR_TRY(vr_str_split(list, ",", &word, &n));
  int bad = vr_alloc(&known, 2 * c->n, sizeof *known);
  for (size_t u = 0; u < c->n && !bad; u++) {
    known[u] = c->name[u];
    known[c->n + u] = c->region[u];
  }
  for (size_t i = 0; i < n && !bad; i++)
    if (vr_names_find(known, 2 * c->n, word[i]) == 2 * c->n) {
      const char *near = vr_str_nearest(word[i], (const char *const *)known, 2 * c->n);
      bad = vr_fail(VR_EARG, "--cells: no unit and no region %.60s%s%.60s%s", word[i],
        near ? " (is it " : "", near ? near : "", near ? "?)" : "");
    }
  for (size_t u = 0; u < c->n && !bad; u++)
    if (vr_names_find(word, n, c->name[u]) < n || vr_names_find(word, n, c->region[u]) < n)
      move_unit(c, u, kept++, &at, &seen_at);
  if (!bad) {
    c->n = kept;
    c->first[kept] = at;
    if (c->seen_first) c->seen_first[kept] = seen_at;
  }
  vr_release(known);
  vr_release(word);
  return bad;
}

void vr_units_free(vr_units *c)
{
  vr_release(c->name);
  vr_release(c->region);
  vr_release(c->first);
  vr_release(c->time);
  vr_release(c->seen_first);
  vr_release(c->seen);
  *c = (vr_units){0};
}
