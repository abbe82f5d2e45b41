#include "io/summary.h"
#include "base/err.h"
#include "base/mem.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 1 << 18 };

static int by_text(const void *a, const void *b)
{
  return strcmp(*(char *const *)a, *(char *const *)b);
}

// different names of animals; one where none is named
static int count_animals(const vr_turn *t, double *animals)
{
  char **list;
  size_t n, distinct = 0;
  if (!vr_turn_has(t, "/trials/subject")) return 0;
  VR_TRY(vr_get_strings(t, "/trials/subject", &list, &n));
  qsort(list, n, sizeof *list, by_text);
  for (size_t i = 0; i < n; i++) distinct += !i || strcmp(list[i], list[i - 1]) != 0;
  vr_release(list);
  *animals = (double)distinct;
  return 0;
}

static int count_columns(const vr_turn *t, const char *path, double *columns)
{
  vr_h5_info info;
  if (!vr_turn_has(t, path)) return 0;
  VR_TRY(vr_h5_get_info(t->in, path, &info));
  if (info.rank >= 2) *columns = (double)info.dim[1];
  return 0;
}

// points of which a coordinate is NaN, of all
static int count_missing(const vr_turn *t, const char *path, double *share)
{
  vr_h5_info info;
  float *block;
  if (!vr_turn_has(t, path)) return 0;
  VR_TRY(vr_h5_get_info(t->in, path, &info));
  if (info.rank != 3 || !info.dim[2] || !vr_type_size(info.type)) return 0;
  size_t step = info.row < BLOCK ? BLOCK / (info.row ? info.row : 1) : 1, lost = 0;
  size_t d = info.dim[2], points = info.rows * info.dim[1];
  VR_TRY(vr_alloc(&block, step * info.row, sizeof *block));
  int code = 0;
  for (size_t i = 0; i < info.rows && !code; i += step) {
    size_t rows = info.rows - i < step ? info.rows - i : step;
    code = vr_h5_read(t->in, path, VR_F32, i, rows, block);
    for (size_t p = 0; p < rows * info.dim[1] && !code; p++) {
      int gone = 0;
      for (size_t k = 0; k < d; k++) gone |= isnan(block[p * d + k]);
      lost += (size_t)gone;
    }
  }
  vr_release(block);
  if (points) *share = (double)lost / (double)points;
  return code;
}

static int summarise_foreign(const vr_turn *t, vr_summary *s)
{
  size_t rows, cols;
  if (t->rate > 0) s->rate = t->rate;
  if (!t->rows_of) return 0;
  VR_TRY(vr_get_shape(t, t->rows_of, &rows, &cols));
  s->frames = (double)rows;
  return 0;
}

int vr_summarise(const vr_turn *t, vr_summary *s)
{
  vr_trials tr = {0};
  *s = (vr_summary){NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN};
  if (t->foreign) {
    VR_TRY(summarise_foreign(t, s));
  } else {
    int code = vr_get_trials(t, &tr);
    s->trials = (double)tr.n;
    s->frames = (double)vr_trials_rows(&tr);
    s->rate = tr.rate;
    vr_trials_free(&tr);
    if (code) return code;
    VR_TRY(count_animals(t, &s->animals));
    VR_TRY(count_columns(t, "/pose/positions", &s->points));
    VR_TRY(count_columns(t, "/pose/angles", &s->joints));
    VR_TRY(count_missing(t, "/pose/positions", &s->missing));
  }
  s->duration = s->frames / s->rate;
  return 0;
}
