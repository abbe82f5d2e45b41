#include "io/merge.h"
#include "base/err.h"
#include "base/mem.h"
#include "io/columns.h"
#include "io/merge_rows.h"
#include "io/paths.h"
#include "io/prov.h"
#include "io/schema.h"
#include <stdio.h>
#include <string.h>

enum { CONSTANT, FRAMES, TABLE, SCALE, LEFT_OUT }; // what a dataset is in a merge

typedef struct {
  vr_h5 *const *in;
  const char *const *names;
  size_t n;
  vr_h5 *out;
  vr_str *dropped;
  vr_paths paths; // of all inputs, sorted as they come
  char *kind;     // of each path
} merging;

static int leave_out(merging *m, size_t i, const char *why, const char *where)
{
  vr_str_add_escaped(m->dropped, m->paths.path[i], strlen(m->paths.path[i]), 200);
  vr_str_addf(m->dropped, ": %s%s\n", why, where);
  m->kind[i] = LEFT_OUT;
  return vr_str_ok(m->dropped);
}

// -- do they fit together? --

static int same_rate(const merging *m)
{
  double first = 0, rate;
  for (size_t k = 0; k < m->n; k++) {
    if (!vr_h5_has_attr(m->in[k], "/", "vr_format"))
      return vr_fail(VR_EDATA,
        "%s: not a vr-tools stream, so it cannot be joined with others "
        "(vr-import makes one of it)",
        m->names[k]);
    int code = vr_h5_get_attr_num(m->in[k], "/time", "rate", &rate);
    if (code) return vr_wrap(code, "%s", m->names[k]);
    if (!k) first = rate;
    if (rate != first)
      return vr_fail(VR_EDATA, "%s is sampled at %.10g Hz, %s at %.10g Hz", m->names[0], first,
        m->names[k], rate);
  }
  return 0;
}

static int same_words(const merging *m, size_t k, const char *path, char *const *a, size_t na,
  char *const *b, size_t nb)
{
  if (na != nb)
    return vr_fail(
      VR_EDATA, "%s: %s has %zu of them, %s has %zu", path, m->names[0], na, m->names[k], nb);
  for (size_t i = 0; i < na; i++)
    if (strcmp(a[i], b[i]))
      return vr_fail(VR_EDATA, "%s: number %zu is \"%.60s\" in %s, \"%.60s\" in %s", path, i + 1,
        a[i], m->names[0], b[i], m->names[k]);
  return 0;
}

static int same_names(const merging *m, const char *path)
{
  char **first, **other;
  size_t nfirst, nother;
  int code = 0;
  VR_TRY(vr_wrap(vr_h5_read_strings(m->in[0], path, &first, &nfirst), "%s", m->names[0]));
  for (size_t k = 1; k < m->n && !code; k++) {
    code = vr_wrap(vr_h5_read_strings(m->in[k], path, &other, &nother), "%s", m->names[k]);
    if (code) break;
    code = same_words(m, k, path, first, nfirst, other, nother);
    vr_release(other);
  }
  vr_release(first);
  return code;
}

// -- what becomes of each dataset --

static int in_group(const char *path, const char *group)
{
  size_t n = strlen(group);
  return !strncmp(path, group, n) && path[n] == '/';
}

// the first input without the dataset; n when all have it
static size_t lacking(const merging *m, const char *path)
{
  size_t k = 0;
  while (k < m->n && vr_h5_has(m->in[k], path)) k++;
  return k;
}

static int same_text(const vr_h5 *a, const vr_h5 *b, const char *path,
  int (*text)(const vr_h5 *, const char *, vr_str *))
{
  vr_str x = {0}, y = {0};
  int same = !text(a, path, &x) && !text(b, path, &y) && !strcmp(vr_str_get(&x), vr_str_get(&y));
  vr_str_free(&x);
  vr_str_free(&y);
  return same;
}

static int axes_of(const vr_h5 *f, const char *path, vr_str *text)
{
  return vr_axes_text(f, path, " ", text);
}

// frames: all but their number is equal. NULL, or what differs
static const char *differs(const merging *m, size_t k, const char *path)
{
  vr_h5_info a, b;
  if (vr_h5_get_info(m->in[0], path, &a) || vr_h5_get_info(m->in[k], path, &b))
    return "damaged in ";
  if (a.rank != b.rank || a.type != b.type) return "of another type or rank in ";
  for (int d = 1; d < a.rank; d++)
    if (a.dim[d] != b.dim[d]) return "of another shape in ";
  if (!same_text(m->in[0], m->in[k], path, vr_units_text)) return "in another unit in ";
  if (!same_text(m->in[0], m->in[k], path, axes_of)) return "along other axes in ";
  return NULL;
}

static int classify(merging *m, size_t i)
{
  const char *path = m->paths.path[i];
  vr_h5_info info;
  if (!strcmp(path, "/history") || !strcmp(path, "/time") || !strcmp(path, "/trial") ||
      vr_moments_of(path) || in_group(path, "/task")) {
    m->kind[i] = TABLE; // these have rules of their own
    return 0;
  }
  size_t k = lacking(m, path);
  if (k < m->n) return leave_out(m, i, "not in ", m->names[k]);
  if (in_group(path, "/names")) VR_TRY(same_names(m, path));
  VR_TRY(vr_h5_get_info(m->in[0], path, &info));
  if (in_group(path, "/trials")) {
    m->kind[i] = TABLE;
  } else if (vr_is_scale(m->in[0], path)) {
    m->kind[i] = SCALE;
  } else if (info.rank >= 1 && vr_is_frames(m->in[0], path)) {
    m->kind[i] = FRAMES;
    if (!vr_type_size(info.type)) return leave_out(m, i, "not made of numbers", "");
    for (k = 1; k < m->n; k++) {
      const char *what = differs(m, k, path);
      if (what) return leave_out(m, i, what, m->names[k]);
    }
  } else {
    m->kind[i] = CONSTANT;
  }
  if (m->kind[i] != SCALE && m->kind[i] != CONSTANT) return 0;
  for (k = 1; k < m->n; k++) {
    int same;
    VR_TRY(vr_merge_equal(m->in[0], m->in[k], path, &same));
    if (!same) return leave_out(m, i, "not the same in ", m->names[k]);
  }
  return 0;
}

static size_t find_path(const merging *m, const char *path)
{
  size_t i = 0;
  while (i < m->paths.n && strcmp(m->paths.path[i], path)) i++;
  return i;
}

// 1: something is said below the group, and all of it is the same in all inputs
static int fit_stays(const merging *m, const char *group)
{
  int said = 0;
  for (size_t i = 0; i < m->paths.n; i++) {
    int parameter = in_group(m->paths.path[i], group) && m->kind[i] != FRAMES;
    if (!parameter) continue;
    if (m->kind[i] == LEFT_OUT && !vr_is_frames(m->in[0], m->paths.path[i])) return 0;
    said |= m->kind[i] == CONSTANT;
  }
  return said;
}

// a dataset goes with its fit, and with the scales of its columns
static int check_fit(merging *m, size_t i)
{
  const char *path = m->paths.path[i];
  const vr_schema_row *row = vr_schema_find(path);
  char word[128], group[1024], scale[1024];
  vr_h5_info info;
  for (int k = 0; row && row->fit && vr_schema_axis(row->fit, k, word, sizeof word); k++) {
    char *at = strchr(word, '@');
    int n = snprintf(group, sizeof group, "%.*s%s", (int)strcspn(word, "@"), word, at ? path : "");
    if (n > 0 && (size_t)n < sizeof group && !fit_stays(m, group))
      return leave_out(
        m, i, "its numbers mean something else in each input: not the same fit in ", group);
  }
  VR_TRY(vr_h5_get_info(m->in[0], path, &info));
  for (int k = 1; k < info.rank; k++) {
    vr_axis_path(m->in[0], path, k, scale, sizeof scale);
    size_t s = find_path(m, scale);
    if (s < m->paths.n && m->kind[s] == LEFT_OUT)
      return leave_out(m, i, "its columns differ: see ", scale);
  }
  return 0;
}

static int plan(merging *m)
{
  int code = 0;
  for (size_t k = 0; k < m->n && !code; k++) {
    vr_paths own = {0};
    code = vr_wrap(vr_paths_all(m->in[k], &own), "%s", m->names[k]);
    for (size_t i = 0; i < own.n && !code; i++)
      if (!vr_paths_has(&m->paths, own.path[i])) code = vr_paths_add(&m->paths, own.path[i]);
    vr_paths_free(&own);
  }
  if (!code) code = vr_alloc(&m->kind, m->paths.n, 1);
  for (size_t i = 0; i < m->paths.n && !code; i++) code = classify(m, i);
  for (size_t i = 0; i < m->paths.n && !code; i++)
    if (m->kind[i] == FRAMES) code = check_fit(m, i);
  return code;
}

// -- writing --

static int is_kept(void *ctx, const char *path)
{
  const merging *m = ctx;
  size_t i = find_path(m, path);
  return i < m->paths.n && (m->kind[i] == CONSTANT || m->kind[i] == SCALE);
}

static int is_task(void *ctx, const char *path)
{
  (void)ctx;
  return in_group(path, "/task");
}

static int is_nothing(void *ctx, const char *path)
{
  (void)ctx, (void)path;
  return 0;
}

// tables of tasks: all that there are; where two differ, the first is kept and that is told
static int merge_tasks(merging *m)
{
  for (size_t i = 0; i < m->paths.n; i++) {
    const char *path = m->paths.path[i];
    size_t first = m->n;
    for (size_t k = 0; k < m->n && in_group(path, "/task"); k++) {
      int same = 1;
      if (!vr_h5_has(m->in[k], path)) continue;
      if (first == m->n) first = k;
      VR_TRY(vr_merge_equal(m->in[first], m->in[k], path, &same));
      if (!same)
        vr_str_addf(
          m->dropped, "%s of %s: not the same as in %s\n", path, m->names[k], m->names[first]);
    }
  }
  for (size_t k = 0; k < m->n; k++)
    VR_TRY(vr_h5_copy(m->in[k], m->out, is_task, NULL, VR_H5_AS_STORED));
  return vr_str_ok(m->dropped);
}

// the columns of a table, that of its numbers first, since it is the scale of the others
static int write_table(merging *m, const char *group)
{
  char number[64];
  snprintf(number, sizeof number, "%s/number", group);
  for (int first = 1; first >= 0; first--)
    for (size_t i = 0; i < m->paths.n; i++) {
      const char *path = m->paths.path[i];
      int everywhere = 1;
      if (m->kind[i] != TABLE || !in_group(path, group) || first != !strcmp(path, number)) continue;
      if (!strcmp(group, "/trials"))
        VR_TRY(vr_merge_table(m->in, m->n, m->out, path));
      else
        VR_TRY(vr_merge_moments(m->in, m->n, m->out, path, &everywhere));
      if (!everywhere) VR_TRY(leave_out(m, i, "not in all inputs that have ", group + 1));
    }
  return 0;
}

static int write_all(merging *m)
{
  VR_TRY(vr_h5_copy(m->in[0], m->out, is_kept, m, VR_H5_AS_STORED));
  VR_TRY(vr_merge_axes(m->in, m->n, m->out));
  for (size_t i = 0; i < m->paths.n; i++)
    if (m->kind[i] == FRAMES) VR_TRY(vr_merge_frames(m->in, m->n, m->out, m->paths.path[i]));
  VR_TRY(write_table(m, "/trials"));
  VR_TRY(write_table(m, "/events"));
  VR_TRY(write_table(m, "/spikes"));
  VR_TRY(merge_tasks(m));
  // groups' own attributes, such as the order of the layers
  VR_TRY(vr_h5_copy(m->in[0], m->out, is_nothing, NULL, VR_H5_AS_STORED));
  return vr_history_merge(m->out, (const vr_h5 *const *)m->in, m->n);
}

int vr_merge(vr_h5 *const *in, const char *const *names, size_t n, vr_h5 *out, vr_str *dropped)
{
  merging m = {.in = in, .names = names, .n = n, .out = out, .dropped = dropped};
  int code = same_rate(&m);
  if (!code) code = plan(&m);
  if (!code) code = write_all(&m);
  vr_paths_free(&m.paths);
  vr_release(m.kind);
  return code;
}
