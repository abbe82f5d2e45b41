#include "io/load.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "io/columns.h"
#include "io/paths.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { BLOCK = 1 << 17 };

// -- which columns go where --

static vr_type type_of(const vr_schema_row *row)
{
  static const struct {
    const char *word;
    vr_type type;
  } known[] = {{"f64", VR_F64}, {"f32", VR_F32}, {"i32", VR_I32}, {"i64", VR_I64}, {"u8", VR_U8}};
  char word[16];
  if (!row || !strncmp(row->path, "/series", 7)) return VR_F64; // text is kept to the last digit
  vr_schema_axis(row->types, 0, word, sizeof word);
  for (size_t i = 0; i < VR_LEN(known); i++)
    if (!strcmp(word, known[i].word)) return known[i].type;
  return VR_OTHER;
}

static int set_path(vr_load_set *s, const char *path, size_t n, vr_type type)
{
  VR_TRY(vr_alloc(&s->path, n + 1, 1));
  memcpy(s->path, path, n);
  if (n < 2 || path[0] != '/')
    return vr_fail(
      VR_EARG, "-i %.100s: a dataset starts with a slash: -i /%.100s", s->path, s->path);
  s->row = vr_schema_find(s->path);
  s->type = type == VR_OTHER ? type_of(s->row) : type;
  if (s->type == VR_OTHER) return vr_fail(VR_EARG, "-i %.100s: does not hold numbers", s->path);
  return 0;
}

static int wants(const char *globs, size_t n, const char *name)
{
  char word[256];
  for (const char *g = globs; n;) {
    const char *comma = memchr(g, ',', n);
    size_t len = comma ? (size_t)(comma - g) : n;
    if (len < sizeof word) {
      memcpy(word, g, len);
      word[len] = 0;
      if (vr_glob(word, name)) return 1;
    }
    n -= comma ? len + 1 : len;
    g += comma ? len + 1 : len;
  }
  return 0;
}

// names lose the word of their dataset where all have it ("angles.hip" in /pose/angles)
static int set_names(vr_load_set *s, char *const *names)
{
  const char *last = vr_path_last(s->path);
  size_t skip = strlen(last), bytes = 0;
  if (!names) return 0;
  for (size_t i = 0; i < s->n; i++) {
    const char *name = names[s->column[i]];
    if (strncmp(name, last, strlen(last)) || name[strlen(last)] != '.') skip = 0;
    bytes += strlen(name) + 1;
  }
  skip += skip != 0;
  VR_TRY(vr_alloc(&s->name, s->n * sizeof *s->name + bytes, 1));
  char *text = (char *)(s->name + s->n);
  for (size_t i = 0; i < s->n; i++) {
    const char *name = names[s->column[i]] + skip;
    s->name[i] = memcpy(text, name, strlen(name) + 1);
    text += strlen(name) + 1;
  }
  return 0;
}

// "snout.x" and "snout_x" have the stem "snout"; 0: the name ends in no direction
static size_t stem(const char *name, int direction)
{
  size_t n = strlen(name);
  if (n < 3 || (name[n - 2] != '.' && name[n - 2] != '_')) return 0;
  return name[n - 1] == "xyz"[direction] ? n - 2 : 0;
}

// columns of points: x, y (and z) of each in turn
static int set_space(vr_load_set *s)
{
  char third[64];
  if (!s->row || !vr_schema_axis(s->row->axes, 2, third, sizeof third)) return 0;
  if (strcmp(third, "space")) return 0;
  size_t d = s->n % 3 == 0 ? 3 : 2;
  if (s->name && s->n > 2) d = stem(s->name[2], 2) ? 3 : 2;
  if (s->n % d) return vr_fail(VR_EARG, "%s: %zu columns are not points of x, y, z", s->path, s->n);
  for (size_t i = 0; s->name && i < s->n; i++) {
    size_t n = stem(s->name[i], (int)(i % d));
    if (!n || strncmp(s->name[i], s->name[i - i % d], n))
      return vr_fail(VR_EARG, "%s: column %.60s: the columns of a point are called P.x, P.y, P.z",
        s->path, s->name[i]);
  }
  s->space = d;
  return 0;
}

static int give_columns(
  vr_load_plan *plan, const char *const *spec, char *const *names, size_t ncol, char *owner)
{
  size_t rest = plan->nsets; // the dataset that takes what is left
  for (size_t k = 0; k < plan->nsets; k++) {
    const char *globs = strchr(spec[k], '=');
    if (!globs && rest < plan->nsets)
      return vr_fail(VR_EARG,
        "-i %.100s: only one dataset can take the rest (say -i %.100s=COLUMNS)", spec[k], spec[k]);
    if (!globs)
      rest = k;
    else if (!names)
      return vr_fail(VR_EARG, "-i %.100s: the text has no header", spec[k]);
    for (size_t c = 0; globs && c < ncol; c++)
      if (!owner[c] && wants(globs + 1, strlen(globs + 1), names[c])) owner[c] = (char)(k + 2);
  }
  for (size_t c = 0; c < ncol; c++)
    if (!owner[c] && rest < plan->nsets) owner[c] = (char)(rest + 2);
  for (size_t k = 0; k < plan->nsets; k++) {
    vr_load_set *s = &plan->set[k];
    VR_TRY(vr_alloc(&s->column, ncol, sizeof *s->column));
    for (size_t c = 0; c < ncol; c++)
      if (owner[c] == (char)(k + 2)) s->column[s->n++] = c;
    if (!s->n) return vr_fail(VR_EARG, "-i %.100s: no column is left for it", spec[k]);
  }
  return 0;
}

int vr_load_plan_make(const char *const *spec, size_t nspec, char *const *names, size_t ncol,
  const char *taken, vr_type type, vr_load_plan *plan)
{
  char *owner = NULL; // 0 nobody, 1 taken, k + 2 dataset k
  if (nspec > 100) return vr_fail(VR_EARG, "more than 100 datasets");
  VR_TRY(vr_alloc(&plan->set, nspec, sizeof *plan->set));
  plan->nsets = nspec;
  int code = vr_alloc(&owner, ncol, 1);
  for (size_t c = 0; !code && c < ncol; c++) owner[c] = taken[c] != 0;
  for (size_t k = 0; k < nspec && !code; k++)
    code = set_path(&plan->set[k], spec[k], strcspn(spec[k], "="), type);
  if (!code) code = give_columns(plan, spec, names, ncol, owner);
  for (size_t k = 0; k < nspec && !code; k++) {
    vr_load_set *s = &plan->set[k];
    code = set_names(s, names);
    if (!code) code = set_space(s);
  }
  vr_release(owner);
  return code;
}

int vr_load_check(const vr_load_plan *plan, const double *row)
{
  for (size_t k = 0; k < plan->nsets; k++) {
    const vr_load_set *s = &plan->set[k];
    if (s->type == VR_F64 || s->type == VR_F32) continue;
    double low = s->type == VR_U8 ? 0 : s->type == VR_I32 ? INT32_MIN : -0x1p53;
    double high = s->type == VR_U8 ? UINT8_MAX : s->type == VR_I32 ? INT32_MAX : 0x1p53;
    for (size_t i = 0; i < s->n; i++) {
      double x = row[s->column[i]];
      if (x == floor(x) && x >= low && x <= high) continue;
      return vr_fail(VR_EDATA, "column %zu: %.17g is not a whole number that %s can hold",
        s->column[i] + 1, x, s->path);
    }
  }
  return 0;
}

// -- writing --

// the word of axis 1; names go to /names/WORD
static int axis_word(const vr_load_set *s, const vr_turn *t, char *word, size_t size)
{
  char path[300];
  if (!s->row || !vr_schema_axis(s->row->axes, 1, word, size) || word[0] == '*')
    snprintf(word, size, "column");
  snprintf(path, sizeof path, "/names/%s", word);
  if (!strcmp(word, "column") && vr_turn_has(t, path)) // that of another dataset
    snprintf(word, size, "column_%.60s", vr_path_last(s->path));
  return 0;
}

static int put_points(const vr_load_set *s, vr_turn *t)
{
  static char *const xyz[] = {"x", "y", "z"};
  char **name;
  size_t n = s->n / s->space;
  VR_TRY(vr_put_strings(t, "/names/space", xyz, s->space, "space"));
  if (!s->name) return 0;
  VR_TRY(vr_alloc(&name, n, sizeof *name));
  for (size_t i = 0; i < n; i++) {
    name[i] = s->name[i * s->space];
    name[i][stem(name[i], 0)] = 0;
  }
  int code = vr_put_strings(t, "/names/body", name, n, "body");
  vr_release(name);
  return code;
}

static int put_begin(const vr_load_set *s, const char *units, size_t rows, vr_turn *t)
{
  char unit[64], axes[256], word[128], path[300];
  // units: those asked for, or the first that the schema allows
  snprintf(unit, sizeof unit, "%s", units ? units : s->row ? s->row->units : "1");
  if (!units) unit[strcspn(unit, "|")] = 0;
  if (!units && !strcmp(unit, "*")) memcpy(unit, "1", 2);
  if (s->space) {
    size_t dim[3] = {rows, s->n / s->space, s->space};
    VR_TRY(put_points(s, t));
    return vr_h5_begin(t->out, s->path, s->type, 3, dim, "time body space", unit);
  }
  size_t dim[2] = {rows, s->n};
  int flat = s->row && !strcmp(s->row->axes, "time");
  if (flat && s->n > 1)
    return vr_fail(
      VR_EARG, "%s: holds one column, not %zu (say -i %s=COLUMN)", s->path, s->n, s->path);
  if (flat) return vr_h5_begin(t->out, s->path, s->type, 1, dim, "time", unit);
  VR_TRY(axis_word(s, t, word, sizeof word));
  snprintf(path, sizeof path, "/names/%s", word);
  if (s->name) VR_TRY(vr_put_strings(t, path, s->name, s->n, word));
  snprintf(axes, sizeof axes, "time %s", word);
  return vr_h5_begin(t->out, s->path, s->type, 2, dim, axes, unit);
}

// the columns of a dataset out of a block of rows, in its own type
static void gather(const vr_load_set *s, const double *block, size_t cols, size_t rows, void *out)
{
  size_t k = 0;
  for (size_t i = 0; i < rows; i++) {
    const double *row = block + i * cols;
    for (size_t c = 0; c < s->n; c++, k++) {
      double x = row[s->column[c]];
      switch (s->type) {
      case VR_F32: ((float *)out)[k] = (float)x; break;
      case VR_I64: ((int64_t *)out)[k] = (int64_t)x; break;
      case VR_I32: ((int32_t *)out)[k] = (int32_t)x; break;
      case VR_U8: ((uint8_t *)out)[k] = (uint8_t)x; break;
      default: ((double *)out)[k] = x;
      }
    }
  }
}

int vr_load_write(const vr_load_plan *plan, vr_rowstore *rows, const char *units, vr_turn *t)
{
  size_t cols = rows->cols, step = cols < BLOCK ? BLOCK / cols : 1;
  double *block = NULL, *part = NULL;
  int code = 0;
  for (size_t k = 0; k < plan->nsets && !code; k++)
    code = put_begin(&plan->set[k], units, rows->rows, t);
  if (!code) code = vr_alloc(&block, step * cols, sizeof *block);
  if (!code) code = vr_alloc(&part, step * cols, sizeof *part);
  for (size_t i = 0; i < rows->rows && !code; i += step) {
    size_t n = rows->rows - i < step ? rows->rows - i : step;
    code = vr_rowstore_read(rows, i, n, block);
    for (size_t k = 0; k < plan->nsets && !code; k++) {
      const vr_load_set *s = &plan->set[k];
      gather(s, block, cols, n, part);
      code = vr_h5_write(t->out, s->path, s->type, i, n, part);
    }
  }
  vr_release(block);
  vr_release(part);
  return code;
}

void vr_load_plan_free(vr_load_plan *plan)
{
  for (size_t k = 0; plan->set && k < plan->nsets; k++) {
    vr_release(plan->set[k].path);
    vr_release(plan->set[k].column);
    vr_release(plan->set[k].name);
  }
  vr_release(plan->set);
  *plan = (vr_load_plan){0};
}
