#include "io/rowtext.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/number.h"
#include "io/columns.h"
#include <string.h>

enum { BLOCK = 1 << 17 }; // numbers in a block

typedef struct {
  const char *path;
  vr_h5_info info;
  vr_type as;   // how the block is held
  char **words; // all strings of a dataset of strings
  char *block;
  char *prefix;
} column_set;

struct vr_rowtext {
  const vr_h5 *f;
  column_set *set;
  size_t nset, rows, next, block;
};

static int copy_text(const char *s, char **copy)
{
  size_t n = strlen(s) + 1;
  VR_TRY(vr_alloc(copy, n, 1));
  memcpy(*copy, s, n);
  return 0;
}

// "angles", or "pose.angles" when another dataset ends in the same word
static int prefix_of(const vr_rowtext *r, size_t k, char **prefix)
{
  const char *last = vr_path_last(r->set[k].path);
  for (size_t i = 0; i < r->nset; i++) {
    if (i == k || strcmp(vr_path_last(r->set[i].path), last)) continue;
    VR_TRY(copy_text(r->set[k].path + 1, prefix));
    for (char *s = *prefix; *s; s++)
      if (*s == '/') *s = '.';
    return 0;
  }
  return copy_text(last, prefix);
}

static int open_set(vr_rowtext *r, column_set *s)
{
  VR_TRY(vr_h5_get_info(r->f, s->path, &s->info));
  if (s->info.type == VR_OTHER)
    return vr_fail(VR_EDATA, "%s: holds neither numbers nor strings (see it with h5dump)", s->path);
  if (s->info.rank < 0) return vr_fail(VR_EDATA, "%s: is empty", s->path);
  if (s->info.type == VR_STR) {
    size_t n;
    VR_TRY(vr_h5_read_strings(r->f, s->path, &s->words, &n));
    if (n != s->info.rows * s->info.row) return vr_fail(VR_EDATA, "%s: lacks strings", s->path);
  }
  s->as = s->info.type == VR_U8 || s->info.type == VR_I32 ? VR_I64 : s->info.type;
  return 0;
}

int vr_rowtext_open(const vr_h5 *f, const char *const *paths, size_t n, vr_rowtext **out)
{
  vr_rowtext *r;
  *out = NULL;
  VR_TRY(vr_alloc(&r, 1, sizeof *r));
  r->f = f;
  r->nset = n;
  int code = vr_alloc(&r->set, n, sizeof *r->set);
  size_t widest = 1;
  for (size_t k = 0; k < n && !code; k++) {
    column_set *s = &r->set[k];
    s->path = paths[k];
    code = open_set(r, s);
    if (code) break;
    if (k && s->info.rows != r->rows)
      code = vr_fail(VR_EDATA, "%s has %zu rows, %s has %zu: print them one by one", paths[0],
        r->rows, s->path, s->info.rows);
    r->rows = s->info.rows;
    if (s->info.row > widest) widest = s->info.row;
  }
  r->block = BLOCK / widest ? BLOCK / widest : 1;
  for (size_t k = 0; k < n && !code; k++) code = prefix_of(r, k, &r->set[k].prefix);
  for (size_t k = 0; k < n && !code; k++) {
    size_t rows = r->block < r->rows ? r->block : r->rows;
    if (!r->set[k].words)
      code = vr_alloc(&r->set[k].block, rows * r->set[k].info.row, vr_type_size(r->set[k].as));
  }
  if (code)
    vr_rowtext_free(r);
  else
    *out = r;
  return code;
}

int vr_rowtext_header(vr_rowtext *r, vr_str *text)
{
  for (size_t k = 0; k < r->nset; k++) {
    char **names;
    size_t n;
    VR_TRY(vr_column_names(r->f, r->set[k].path, &names, &n));
    for (size_t c = 0; c < n; c++) {
      if (k || c) vr_str_addc(text, '\t');
      vr_str_add_escaped(text, r->set[k].prefix, strlen(r->set[k].prefix), 200);
      if (!names[c][0]) continue;
      vr_str_addc(text, '.');
      vr_str_add_escaped(text, names[c], strlen(names[c]), 200);
    }
    vr_release(names);
  }
  vr_str_addc(text, '\n');
  return vr_str_ok(text);
}

static void add_cell(vr_str *text, const column_set *s, size_t row, size_t i)
{
  char buf[VR_NUMBER_MAX];
  if (s->words) {
    const char *w = s->words[row * s->info.row + i % s->info.row];
    vr_str_add_escaped(text, w, strlen(w), (size_t)-1);
  } else if (s->as == VR_F32) {
    vr_str_addn(text, buf, vr_number_f32(buf, ((const float *)s->block)[i]));
  } else if (s->as == VR_F64) {
    vr_str_addn(text, buf, vr_number_f64(buf, ((const double *)s->block)[i]));
  } else {
    vr_str_addn(text, buf, vr_number_i64(buf, ((const int64_t *)s->block)[i]));
  }
}

int vr_rowtext_next(vr_rowtext *r, vr_str *text, int *more)
{
  size_t left = r->rows - r->next, rows = left < r->block ? left : r->block;
  *more = rows > 0;
  // one block of every dataset
  for (size_t k = 0; k < r->nset && rows; k++) {
    column_set *s = &r->set[k];
    if (!s->words) VR_TRY(vr_h5_read(r->f, s->path, s->as, r->next, rows, s->block));
  }
  for (size_t i = 0; i < rows; i++) {
    for (size_t k = 0; k < r->nset; k++) {
      const column_set *s = &r->set[k];
      for (size_t c = 0; c < s->info.row; c++) {
        if (k || c) vr_str_addc(text, '\t');
        add_cell(text, s, r->next + i, i * s->info.row + c);
      }
    }
    vr_str_addc(text, '\n');
  }
  r->next += rows;
  return vr_str_ok(text);
}

void vr_rowtext_free(vr_rowtext *r)
{
  if (!r) return;
  for (size_t k = 0; r->set && k < r->nset; k++) {
    vr_release(r->set[k].words);
    vr_release(r->set[k].block);
    vr_release(r->set[k].prefix);
  }
  vr_release(r->set);
  vr_release(r);
}
