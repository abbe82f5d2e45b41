#include "num/knn_scan.h"
#include <math.h>
#include <stdlib.h>

/* -- which scores are wanted ------------------------------------------------------------------- */

static void set_limit(const knn_set *set, knn_block *b, size_t i, float limit)
{
  size_t at = i / KNN_TILE * set->stages * KNN_TILE + i % KNN_TILE;
  for (size_t s = 0; s < set->stages; s++, at += KNN_TILE)
    b->limit[at] = nextafterf(limit + b->tail[at], INFINITY);
}

/* A score is below the true one by at most 2 slack (h_x + 2 h_y), and a point whose true score is t
 * has h_y <= 2 h_x + 2 (t + h_x). So this bounds the true k-th from above. */
static float limit_from(const knn_set *set, double half, double kth)
{
  double reach = kth + half > 0 ? kth + half : 0;
  double limit = kth + 2.5 * set->slack * (5 * half + 4 * reach) + 1e-36;
  return nextafterf((float)limit, INFINITY);
}

void vr_knn_open(const knn_set *set, knn_block *b, size_t i)
{
  b->count[i] = 0;
  b->last[i] = INT32_MAX;
  set_limit(set, b, i, i < b->n ? INFINITY : -INFINITY);
}

/* -- double precision -------------------------------------------------------------------------- */

static double distance2(const double *a, const double *b, size_t n)
{
  double sum = 0;
#pragma omp simd reduction(+ : sum)
  for (size_t k = 0; k < n; k++) sum += (a[k] - b[k]) * (a[k] - b[k]);
  return sum;
}

static int before(const knn_exact *a, const knn_exact *b)
{
  return a->dist2 < b->dist2 || (a->dist2 == b->dist2 && a->index < b->index);
}

/* Shell sort: no recursion, and fast for the hundred or so candidates that are usual. */
static void sort(knn_exact *list, size_t n)
{
  static const size_t gaps[] = {3735498, 1660222, 737877, 327946, 145754, 64780, 28791, 12796, 5687,
    2528, 1124, 500, 222, 99, 44, 20, 9, 4, 1};
  for (size_t g = 0; g < sizeof gaps / sizeof *gaps; g++) {
    size_t gap = gaps[g];
    for (size_t i = gap; i < n; i++) {
      knn_exact e = list[i];
      size_t j = i;
      for (; j >= gap && before(&e, &list[j - gap]); j -= gap) list[j] = list[j - gap];
      list[j] = e;
    }
  }
}

/* Candidates of query i with their exact distances, in order, in b->list. */
static void refine(const knn_set *set, knn_block *b, size_t i)
{
  const double *q = vr_row(set->q, b->first + i);
  for (size_t c = 0; c < b->count[i]; c++) {
    int32_t j = b->index[i * b->cap + c];
    b->list[c] = (knn_exact){distance2(q, vr_row(set->x, (size_t)j), set->dims), j};
  }
  sort(b->list, b->count[i]);
}

/* -- candidates -------------------------------------------------------------------------------- */

static void swap(float *score, int32_t *index, size_t a, size_t b)
{
  float s = score[a];
  int32_t i = index[a];
  score[a] = score[b];
  index[a] = index[b];
  score[b] = s;
  index[b] = i;
}

/* The k-th smallest score (Hoare's selection); the order of the candidates changes. */
static float select_kth(float *score, int32_t *index, size_t n, size_t k)
{
  ptrdiff_t low = 0, high = (ptrdiff_t)n - 1, want = (ptrdiff_t)k - 1;
  while (low < high) {
    float pivot = score[want];
    ptrdiff_t i = low, j = high;
    while (i <= j) {
      while (score[i] < pivot) i++;
      while (score[j] > pivot) j--;
      if (i <= j) swap(score, index, (size_t)i++, (size_t)j--);
    }
    if (j < want) low = i;
    if (i > want) high = j;
  }
  return score[want];
}

/* Drops the candidates above the limit that the k-th gives. */
static void shrink(const knn_set *set, knn_block *b, size_t i)
{
  float *score = b->score + i * b->cap;
  int32_t *index = b->index + i * b->cap;
  float limit = limit_from(set, b->half[i], select_kth(score, index, b->count[i], b->k));
  size_t kept = 0;
  for (size_t c = 0; c < b->count[i]; c++)
    if (score[c] <= limit) {
      score[kept] = score[c];
      index[kept++] = index[c];
    }
  b->count[i] = kept;
  set_limit(set, b, i, limit);
}

/* Where single precision cannot tell the candidates apart double precision keeps the k nearest.
 * Once the k-th is at distance 0, only rows before it can take its place. */
static void settle(const knn_set *set, knn_block *b, size_t i)
{
  refine(set, b, i);
  for (size_t c = 0; c < b->k; c++) {
    double score = 0.5 * b->list[c].dist2 * set->scale * set->scale - b->half[i];
    b->score[i * b->cap + c] = nextafterf((float)score, -INFINITY);
    b->index[i * b->cap + c] = b->list[c].index;
  }
  b->count[i] = b->k;
  const knn_exact *worst = &b->list[b->k - 1];
  if (worst->dist2 == 0) b->last[i] = worst->index;
}

void vr_knn_take(const knn_set *set, knn_block *b, size_t i, float score, int32_t j)
{
  if (set->self && b->first + i == (size_t)j) return;
  if (j > b->last[i]) {
    if (b->ascending) set_limit(set, b, i, -INFINITY);
    return;
  }
  size_t n = b->count[i]++;
  b->score[i * b->cap + n] = score;
  b->index[i * b->cap + n] = j;
  if (b->count[i] < b->cap) return;
  shrink(set, b, i);
  if (b->count[i] > b->cap - b->cap / 4) settle(set, b, i);
}

void vr_knn_finish(const knn_set *set, knn_block *b, size_t i)
{
  if (b->count[i] > b->k) shrink(set, b, i);
  refine(set, b, i);
}
