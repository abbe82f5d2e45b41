#include "io/check.h"
#include "base/err.h"
#include "base/mem.h"
#include "io/columns.h"
#include "io/paths.h"
#include "io/schema.h"
#include "num/mat.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { BLOCK = 1 << 17, MOST = 200 };

void vr_check_say(vr_check_report *r, const char *path, const char *fmt, ...)
{
  char line[1024];
  va_list ap;
  va_start(ap, fmt);
  vsnprintf(line, sizeof line, fmt, ap);
  va_end(ap);
  if (r->problems++ >= MOST) return;
  vr_str_add_escaped(&r->text, path, strlen(path), 300);
  vr_str_addf(&r->text, ": %s\n", line);
}

// a failed call is a problem; its message may start with the path already. VR_EMEM goes on up
static int failed(vr_check_report *r, const char *path, int code)
{
  size_t n = strlen(path);
  const char *why = vr_errmsg();
  if (code == VR_EMEM) return code;
  if (!strncmp(why, path, n) && why[n] == ':') why += n + 2;
  vr_check_say(r, path, "%s", why);
  return 0;
}

typedef struct {
  const vr_h5 *f;
  vr_check_report *r;
} checking;

// -- what is said about a dataset --

static void check_units(checking *c, const char *path, const vr_schema_row *row)
{
  char *units;
  if (!vr_h5_has_attr(c->f, path, "units")) {
    vr_check_say(c->r, path, "has no attribute units");
    return;
  }
  if (vr_h5_get_attr_str(c->f, path, "units", &units)) {
    vr_check_say(c->r, path, "its attribute units is not text");
    return;
  }
  if (row && strcmp(row->units, "*") && !vr_schema_word(row->units, '|', units)) {
    vr_str text = {0};
    vr_str_add_escaped(&text, units, strlen(units), 60);
    vr_check_say(c->r, path, "is in \"%s\", not in \"%s\"", vr_str_get(&text), row->units);
    vr_str_free(&text);
  }
  vr_release(units);
}

static void check_type(
  checking *c, const char *path, const vr_h5_info *info, const vr_schema_row *row)
{
  static const char *const words[] = {[VR_F64] = "f64",
    [VR_F32] = "f32",
    [VR_I64] = "i64",
    [VR_I32] = "i32",
    [VR_U8] = "u8",
    [VR_STR] = "str"};
  const char *word = info->type < VR_LEN(words) ? words[info->type] : "other";
  if (info->type == VR_OTHER)
    vr_check_say(c->r, path, "holds neither numbers nor strings");
  else if (row && !vr_schema_word(row->types, ' ', word))
    vr_check_say(c->r, path, "is of type %s, not %s", word, row->types);
  if (!vr_h5_has_checksums(c->f, path)) vr_check_say(c->r, path, "has no checksums");
}

// every axis has a scale of its length
static void check_scales(checking *c, const char *path, const vr_h5_info *info)
{
  for (int k = 0; k < info->rank; k++) {
    char scale[1024];
    vr_h5_info s;
    vr_axis_path(c->f, path, k, scale, sizeof scale);
    if (!scale[0])
      vr_check_say(c->r, path, "axis %d has no scale", k);
    else if (vr_h5_get_info(c->f, scale, &s) || s.rank != 1)
      vr_check_say(c->r, path, "axis %d: its scale %s is damaged", k, scale);
    else if (s.rows != info->dim[k])
      vr_check_say(
        c->r, path, "axis %d has %zu entries, its scale %s %zu", k, info->dim[k], scale, s.rows);
  }
}

// the word itself, or WORD_LENGTH: what a scale is called where WORD is taken by another length
static int is_word(const char *word, const char *want)
{
  size_t n = strlen(want);
  if (strncmp(word, want, n)) return 0;
  return !word[n] ||
         (word[n] == '_' && word[n + 1] && !word[n + 1 + strspn(word + n + 1, "0123456789")]);
}

static int axes_match(const char *want, const char *have, int rank)
{
  char pattern[128], word[256];
  for (int k = 0;; k++) {
    int more = vr_schema_axis(want, k, pattern, sizeof pattern);
    if (more && !strcmp(pattern, "**")) return 1;
    if (!more || k >= rank) return !more && k >= rank;
    vr_schema_axis(have, k, word, sizeof word);
    if (strcmp(pattern, "*") && !is_word(word, pattern)) return 0;
  }
}

static void check_axes(
  checking *c, const char *path, const vr_h5_info *info, const vr_schema_row *row)
{
  vr_str axes = {0};
  if (info->rank < 1) {
    vr_check_say(c->r, path, "has no axis");
    return;
  }
  check_scales(c, path, info);
  if (row && !vr_axes_text(c->f, path, " ", &axes) &&
      !axes_match(row->axes, vr_str_get(&axes), info->rank))
    vr_check_say(c->r, path, "is along %s, not %s", vr_str_get(&axes), row->axes);
  vr_str_free(&axes);
}

// -- what is in it --

static int check_strings(checking *c, const char *path, const vr_h5_info *info)
{
  char **list;
  size_t n;
  int code = vr_h5_read_strings(c->f, path, &list, &n);
  if (code) return failed(c->r, path, code);
  if (n != info->rows * info->row) vr_check_say(c->r, path, "lacks strings");
  for (size_t i = 0; i < n && !strncmp(path, "/names/", 7); i++)
    for (size_t j = 0; j < i; j++)
      if (!strcmp(list[i], list[j])) {
        vr_check_say(c->r, path, "rows %zu and %zu have the same name", j, i);
        j = i = n;
      }
  vr_release(list);
  return 0;
}

static size_t bad_number(const void *block, vr_type type, size_t n)
{
  return type == VR_F32 ? vr_find_badf(block, n) : type == VR_F64 ? vr_find_bad(block, n) : n;
}

// infinities never, NaN only where the table allows it
static int check_block(checking *c, const char *path, const vr_h5_info *info, int nan,
  const void *block, size_t first, size_t rows)
{
  size_t n = rows * info->row, size = vr_type_size(info->type);
  for (size_t at = 0; at < n;) {
    size_t i = at + bad_number((const char *)block + at * size, info->type, n - at);
    if (i >= n) return 0;
    double x =
      info->type == VR_F32 ? (double)((const float *)block)[i] : ((const double *)block)[i];
    if (!nan || !isnan(x)) {
      vr_check_say(c->r, path, "row %zu, column %zu: %s", first + i / info->row, i % info->row,
        isnan(x) ? "NaN" : "Inf");
      return 1;
    }
    at = i + 1;
  }
  return 0;
}

static int check_numbers(checking *c, const char *path, const vr_h5_info *info, int nan)
{
  size_t step = info->row && info->row < BLOCK ? BLOCK / info->row : 1;
  void *block;
  if (step > info->rows) step = info->rows;
  VR_TRY(vr_alloc(&block, step * info->row, vr_type_size(info->type)));
  int code = 0;
  for (size_t i = 0, bad = 0; i < info->rows && !code; i += step) {
    size_t rows = info->rows - i < step ? info->rows - i : step;
    code = vr_h5_read(c->f, path, info->type, i, rows, block);
    if (!code && !bad) bad = (size_t)check_block(c, path, info, nan, block, i, rows);
  }
  vr_release(block);
  vr_h5_forget(c->f, path);
  return code ? failed(c->r, path, code) : 0;
}

static int check_dataset(void *ctx, const char *path, const vr_h5_info *info)
{
  checking *c = ctx;
  c->r->datasets++;
  if (!info) return failed(c->r, path, VR_EDATA);
  vr_h5_info own = *info; // the file may forget its copy
  const vr_schema_row *row = vr_schema_find(path);
  if (vr_is_scale(c->f, path) && strncmp(path, "/names/", 7) && strncmp(path, "/time", 6)) {
    // numbers of an axis: any type, along itself
    if (row && strcmp(row->axes, vr_path_last(path))) row = NULL;
    if (own.rank != 1) vr_check_say(c->r, path, "is a scale, but not a list");
  } else if (!row) {
    c->r->unknown++;
  }
  check_units(c, path, row);
  check_type(c, path, &own, row);
  check_axes(c, path, &own, row);
  if (own.type == VR_OTHER || own.rank < 0) return 0;
  if (own.type == VR_STR) return check_strings(c, path, &own);
  return check_numbers(c, path, &own, !row || row->nan);
}

int vr_check(const vr_h5 *f, vr_check_report *r)
{
  checking c = {f, r};
  double format;
  if (!vr_h5_has_attr(f, "/", "vr_format"))
    vr_check_say(r, "/", "has no attribute vr_format: not a stream of ours");
  else if (vr_h5_get_attr_num(f, "/", "vr_format", &format) || format != 1)
    vr_check_say(r, "/", "its attribute vr_format is not 1");
  int code = vr_h5_walk_all(f, "/", check_dataset, &c);
  if (code) code = failed(r, "/", code);
  if (!code) code = vr_check_tables(f, r);
  if (r->problems > MOST) vr_str_addf(&r->text, "... and %zu problems more\n", r->problems - MOST);
  return code ? code : vr_str_ok(&r->text);
}

void vr_check_free(vr_check_report *r)
{
  vr_str_free(&r->text);
  *r = (vr_check_report){0};
}
