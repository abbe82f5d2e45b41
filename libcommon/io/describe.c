#include "io/describe.h"
#include "base/align.h"
#include "base/err.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/number.h"
#include "io/columns.h"
#include "io/paths.h"
#include "io/schema.h"
#include <math.h>
#include <string.h>

enum { SMALL = 4096, BLOCK = 1 << 16 };

static int is_half(const vr_h5_info *info)
{
  return info->type == VR_F32 && info->bytes == 2;
}

const char *vr_type_name(const vr_h5_info *info)
{
  static const char *const name[] = {[VR_F64] = "float64",
    [VR_F32] = "float32",
    [VR_I64] = "int64",
    [VR_I32] = "int32",
    [VR_U8] = "uint8",
    [VR_STR] = "string"};
  if (is_half(info)) return "float16";
  return info->type < VR_LEN(name) ? name[info->type] : "other";
}

void vr_shape_text(const vr_h5_info *info, vr_str *text)
{
  if (info->rank <= 0) vr_str_add(text, info->rank ? "empty" : "scalar");
  for (int k = 0; k < info->rank; k++) vr_str_addf(text, k ? " x %zu" : "%zu", info->dim[k]);
}

void vr_bytes_text(double bytes, vr_str *text)
{
  int unit = 0;
  while (bytes >= 1000 && unit < 5) {
    bytes /= 1024;
    unit++;
  }
  if (unit)
    vr_str_addf(text, bytes < 10 ? "%.1f%c" : "%.0f%c", bytes, "KMGTP"[unit - 1]);
  else
    vr_str_addf(text, "%.0f", bytes);
}

// -- the list --

typedef struct {
  const vr_h5 *f;
  vr_str rows;
} list_walk;

static int add_line(void *ctx, const char *path, const vr_h5_info *info)
{
  list_walk *w = ctx;
  vr_str_add_escaped(&w->rows, path, strlen(path), 200);
  vr_str_addc(&w->rows, '\t');
  if (!info) { // refused; the reason starts with the path again
    const char *why = vr_errmsg();
    size_t n = strlen(path);
    vr_str_addf(&w->rows, "-\t-\t\t-\tnot readable: %s\n",
      !strncmp(why, path, n) && why[n] == ':' ? why + n + 2 : why);
    return 0;
  }
  const vr_schema_row *row = vr_is_scale(w->f, path) ? NULL : vr_schema_find(path);
  vr_shape_text(info, &w->rows);
  vr_str_addf(&w->rows, "\t%s\t", vr_type_name(info));
  VR_TRY(vr_units_text(w->f, path, &w->rows));
  vr_str_addc(&w->rows, '\t');
  size_t size = is_half(info) ? 2 : vr_type_size(info->type);
  if (size)
    vr_bytes_text((double)size * (double)info->rows * (double)info->row, &w->rows);
  else
    vr_str_addc(&w->rows, '-');
  vr_str_addf(&w->rows, "\t%s\n", row ? row->what : "");
  return 0;
}

int vr_describe_list(const vr_h5 *f, vr_str *text)
{
  list_walk w = {.f = f};
  int code = vr_h5_walk_all(f, "/", add_line, &w);
  if (!code) code = vr_str_ok(&w.rows);
  if (!code) vr_str_align(text, vr_str_get(&w.rows), "lrllrl");
  vr_str_free(&w.rows);
  return code ? code : vr_str_ok(text);
}

// -- JSON --

static void add_key(vr_str *text, const char *key)
{
  vr_json_add_string(text, key, strlen(key));
  vr_str_addc(text, ':');
}

static int add_attributes(const vr_h5 *f, const char *path, vr_str *text)
{
  char **name;
  size_t n;
  int code = 0;
  VR_TRY(vr_h5_list_attrs(f, path, &name, &n));
  add_key(text, "attributes");
  for (size_t i = 0; i < n && !code; i++) {
    vr_str_addc(text, i ? ',' : '{');
    add_key(text, name[i]);
    code = vr_h5_attr_json(f, path, name[i], text);
  }
  vr_str_add(text, n ? "}" : "{}");
  vr_release(name);
  return code;
}

int vr_describe_open(const vr_h5 *f, vr_str *text)
{
  vr_str_add(text, "{\"/\":{");
  VR_TRY(add_attributes(f, "/", text));
  vr_str_addc(text, '}');
  return vr_str_ok(text);
}

int vr_describe_dataset(const vr_h5 *f, const char *path, vr_str *text)
{
  vr_h5_info info;
  VR_TRY(vr_h5_get_info(f, path, &info));
  vr_str_addc(text, ',');
  add_key(text, path);
  vr_str_addf(text, "{\"type\":\"%s\",\"shape\":[", vr_type_name(&info));
  for (int k = 0; k < info.rank; k++) vr_str_addf(text, k ? ",%zu" : "%zu", info.dim[k]);
  vr_str_add(text, "],\"axes\":[");
  for (int k = 0; k < info.rank; k++) {
    char axis[256];
    if (vr_h5_get_axis(f, path, k, axis, sizeof axis)) axis[0] = 0;
    if (k) vr_str_addc(text, ',');
    if (axis[0])
      vr_json_add_string(text, axis, strlen(axis));
    else
      vr_str_add(text, "null");
  }
  vr_str_add(text, "],");
  VR_TRY(add_attributes(f, path, text));
  return vr_str_ok(text);
}

int vr_describe_small(const vr_h5 *f, const char *path)
{
  vr_h5_info info;
  if (vr_h5_get_info(f, path, &info) || info.type == VR_OTHER || info.rank < 0) return 0;
  return info.rows * info.row <= SMALL && !vr_is_frames(f, path) && strcmp(path, "/time");
}

typedef struct {
  vr_type as;
  const void *block;
  char **words;
} json_values;

static void add_value(vr_str *text, const json_values *v, size_t i)
{
  char buf[VR_NUMBER_MAX];
  if (v->words) {
    vr_json_add_string(text, v->words[i], strlen(v->words[i]));
  } else if (v->as == VR_I64) {
    vr_str_addn(text, buf, vr_number_i64(buf, ((const int64_t *)v->block)[i]));
  } else if (v->as == VR_F32) {
    float x = ((const float *)v->block)[i];
    if (isfinite(x))
      vr_str_addn(text, buf, vr_number_f32(buf, x));
    else
      vr_str_add(text, "null");
  } else {
    vr_json_add_number(text, ((const double *)v->block)[i]);
  }
}

// one row, nested as axes 1 and up are
static void add_row(vr_str *text, const vr_h5_info *info, const json_values *v, size_t first)
{
  for (size_t c = 0; c < info->row; c++) {
    size_t inner = 1;
    if (c) vr_str_addc(text, ',');
    for (int k = info->rank - 1; k >= 1; k--)
      if (c % (inner *= info->dim[k]) == 0) vr_str_addc(text, '[');
    add_value(text, v, first + c);
    inner = 1;
    for (int k = info->rank - 1; k >= 1; k--)
      if ((c + 1) % (inner *= info->dim[k]) == 0) vr_str_addc(text, ']');
  }
  if (!info->row) vr_str_add(text, "[]");
}

int vr_describe_values(const vr_h5 *f, const char *path, size_t *row, size_t *more, vr_str *text)
{
  vr_h5_info info;
  json_values v = {0};
  void *block = NULL;
  size_t nwords;
  VR_TRY(vr_h5_get_info(f, path, &info));
  if (info.type == VR_OTHER || info.rank < 0)
    return vr_fail(VR_EDATA, "%s: holds neither numbers nor strings", path);
  size_t step = BLOCK / (info.row ? info.row : 1), left = info.rows - *row;
  if (!step) step = 1;
  size_t rows = left < step || info.type == VR_STR ? left : step;
  // read
  int code;
  if (info.type == VR_STR) {
    code = vr_h5_read_strings(f, path, &v.words, &nwords);
  } else {
    v.as = info.type == VR_U8 || info.type == VR_I32 ? VR_I64 : info.type;
    code = vr_alloc(&block, rows * info.row, vr_type_size(v.as));
    if (!code) code = vr_h5_read(f, path, v.as, *row, rows, block);
    v.block = block;
  }
  // write
  if (!*row) {
    vr_str_addc(text, ',');
    add_key(text, "data");
    if (info.rank) vr_str_addc(text, '[');
  }
  for (size_t i = 0; i < rows && !code; i++) {
    if (*row + i) vr_str_addc(text, ',');
    add_row(text, &info, &v, i * info.row);
  }
  vr_release(block);
  vr_release(v.words);
  *row += rows;
  *more = *row < info.rows;
  if (!*more && info.rank) vr_str_addc(text, ']');
  return code ? code : vr_str_ok(text);
}

int vr_describe_attr(const vr_h5 *f, const char *path, const char *name, vr_str *text)
{
  vr_str json = {0};
  char *word = NULL;
  int code = vr_h5_attr_json(f, path, name, &json);
  if (!code && json.n && json.s[0] == '"') {
    code = vr_h5_get_attr_str(f, path, name, &word);
    if (!code) vr_str_add_escaped(text, word, strlen(word), (size_t)-1);
  } else if (!code) {
    vr_str_addn(text, json.s, json.n);
  }
  vr_release(word);
  vr_str_free(&json);
  return code ? code : vr_str_ok(text);
}
