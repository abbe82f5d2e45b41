#include "ana/watershed.h"
#include "base/err.h"
#include "base/mem.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DIGIT = 11, PASSES = 3 }; // radix sort: 3 digits of 11 bits

#define NOWHERE UINT32_MAX

// A picture of (rows + 2) x (cols + 2) pixels, so that each pixel has 8 neighbours. Rank 0 is the
// highest density, NOWHERE lies outside; equal densities share a rank.
typedef struct {
  size_t n, w;           // pixels, width of a row
  size_t inside;         // pixels with a rank
  size_t ranks;          // distinct heights
  double *height;        // n, density
  uint32_t *rank;        // n
  uint32_t *order;       // inside: pixels by rank, in row order among equals
  uint32_t *next;        // n: the queues are lists through the pixels
  uint32_t *head, *tail; // ranks
  int32_t *label;        // n; -1: on a line
  ptrdiff_t side[8];     // to the neighbours, the nearest four first
  vr_arena arena;
} picture;

typedef struct {
  uint32_t key; // the upper bits of the height, inverted
  uint32_t at;
} item;

// sorts by key, equal keys stay in order; a holds the result, b is scratch
static void radix_sort(item **a, item **b, size_t n, uint32_t *count)
{
  enum { BINS = 1 << DIGIT };
  memset(count, 0, PASSES * BINS * sizeof *count);
  for (size_t i = 0; i < n; i++)
    for (int pass = 0; pass < PASSES; pass++)
      count[pass * BINS + ((*a)[i].key >> (pass * DIGIT) & (BINS - 1))]++;
  for (int pass = 0; pass < PASSES; pass++, count += BINS) {
    uint32_t sum = 0;
    for (size_t d = 0; d < BINS; d++) {
      uint32_t c = count[d];
      count[d] = sum;
      sum += c;
    }
    for (size_t i = 0; i < n; i++)
      (*b)[count[(*a)[i].key >> (pass * DIGIT) & (BINS - 1)]++] = (*a)[i];
    item *t = *a;
    *a = *b;
    *b = t;
  }
}

static int higher_first(const void *a, const void *b, void *ctx)
{
  const item *x = a, *y = b;
  const double *height = ctx;
  if (height[x->at] != height[y->at]) return height[x->at] > height[y->at] ? -1 : 1;
  return x->at < y->at ? -1 : 1;
}

// puts right what the upper bits left open: runs of equal keys whose heights differ
static void settle_runs(item *a, size_t n, double *height)
{
  for (size_t i = 0, j; i < n; i = j) {
    int sorted = 1;
    for (j = i + 1; j < n && a[j].key == a[i].key; j++)
      sorted &= height[a[j].at] <= height[a[j - 1].at];
    if (!sorted) qsort_r(a + i, j - i, sizeof *a, higher_first, height);
  }
}

// the bits of a positive double order as the number does
static uint64_t bits(double x)
{
  uint64_t b;
  memcpy(&b, &x, sizeof b);
  return b;
}

// ranks of the pixels not below `floor`, by descending height
static int rank_pixels(picture *f, double floor)
{
  item *a, *b;
  uint32_t *count;
  vr_arena arena = {0};
  int code = vr_arena_alloc(&arena, &a, f->n, sizeof *a);
  if (!code) code = vr_arena_alloc(&arena, &b, f->n, sizeof *b);
  if (!code) code = vr_arena_alloc(&arena, &count, (size_t)PASSES << DIGIT, sizeof *count);
  if (!code) {
    double low = INFINITY, high = 0;
    for (size_t i = 0; i < f->n; i++) {
      f->rank[i] = NOWHERE;
      if (!(f->height[i] > 0 && f->height[i] >= floor)) continue;
      low = f->height[i] < low ? f->height[i] : low;
      high = f->height[i] > high ? f->height[i] : high;
      a[f->inside++].at = (uint32_t)i;
    }
    // the upper 32 of the bits in which the heights differ; the highest comes first
    uint64_t span = f->inside ? bits(high) - bits(low) : 0;
    int shift = span >> 32 ? 32 - __builtin_clz((uint32_t)(span >> 32)) : 0;
    for (size_t i = 0; i < f->inside; i++)
      a[i].key = (uint32_t)((bits(high) - bits(f->height[a[i].at])) >> shift);
    radix_sort(&a, &b, f->inside, count);
    settle_runs(a, f->inside, f->height);
    for (size_t i = 0; i < f->inside; i++) {
      f->order[i] = a[i].at;
      f->ranks += i == 0 || f->height[a[i].at] != f->height[a[i - 1].at];
      f->rank[a[i].at] = (uint32_t)f->ranks - 1;
    }
  }
  vr_arena_free(&arena);
  return code;
}

static int picture_new(picture *f, const vr_mat *p, double floor)
{
  f->w = p->cols + 2;
  f->n = (p->rows + 2) * f->w;
  ptrdiff_t w = (ptrdiff_t)f->w;
  memcpy(f->side, (ptrdiff_t[]){-w, -1, 1, w, -w - 1, -w + 1, w - 1, w + 1}, sizeof f->side);
  if (f->n >= NOWHERE) return vr_fail(VR_EARG, "a grid of %zu pixels is too large", f->n);
  VR_TRY(vr_arena_alloc(&f->arena, &f->height, f->n, sizeof *f->height));
  VR_TRY(vr_arena_alloc(&f->arena, &f->rank, f->n, sizeof *f->rank));
  VR_TRY(vr_arena_alloc(&f->arena, &f->order, f->n, sizeof *f->order));
  VR_TRY(vr_arena_alloc(&f->arena, &f->next, f->n, sizeof *f->next));
  VR_TRY(vr_arena_alloc(&f->arena, &f->label, f->n, sizeof *f->label));
  for (size_t r = 0; r < p->rows; r++)
    memcpy(f->height + (r + 1) * f->w + 1, vr_row(p, r), p->cols * sizeof *f->height);
  VR_TRY(rank_pixels(f, floor));
  VR_TRY(vr_arena_alloc(&f->arena, &f->head, f->ranks, sizeof *f->head));
  return vr_arena_alloc(&f->arena, &f->tail, f->ranks, sizeof *f->tail);
}

static int has_higher(const picture *f, size_t i)
{
  for (int s = 0; s < 8; s++)
    if (f->rank[i + (size_t)f->side[s]] < f->rank[i]) return 1;
  return 0;
}

// Labels the regional maxima 1, 2, ... in row order: patches of equal height without a higher
// neighbour. `next` serves as the stack of a patch. Returns their number.
static size_t find_peaks(picture *f)
{
  size_t peaks = 0;
  for (size_t i = 0; i < f->n; i++) {
    if (f->rank[i] == NOWHERE || f->label[i] || has_higher(f, i)) continue;
    size_t patch = 1;
    int highest = 1;
    f->next[0] = (uint32_t)i;
    f->label[i] = -2;
    for (size_t k = 0; k < patch; k++)
      for (int s = 0; s < 8; s++) {
        size_t j = f->next[k] + (size_t)f->side[s];
        if (f->rank[j] < f->rank[i]) highest = 0;
        if (f->rank[j] != f->rank[i] || f->label[j]) continue;
        f->label[j] = -2;
        f->next[patch++] = (uint32_t)j;
      }
    if (highest) peaks++;
    for (size_t k = 0; highest && k < patch; k++) f->label[f->next[k]] = (int32_t)peaks;
  }
  for (size_t i = 0; i < f->n; i++)
    if (f->label[i] < 0) f->label[i] = 0;
  return peaks;
}

static void push(picture *f, uint32_t level, size_t pixel)
{
  f->next[pixel] = NOWHERE;
  if (f->head[level] == NOWHERE)
    f->head[level] = (uint32_t)pixel;
  else
    f->next[f->tail[level]] = (uint32_t)pixel;
  f->tail[level] = (uint32_t)pixel;
}

// two labels among the neighbours: the pixel lies where floods meet
static int between(const picture *f, size_t pixel)
{
  int32_t seen = 0;
  for (int s = 0; s < 8; s++) {
    int32_t l = f->label[pixel + (size_t)f->side[s]];
    if (l <= 0 || l == seen) continue;
    if (seen) return 1;
    seen = l;
  }
  return 0;
}

// Floods from the labelled pixels. Without lines a pixel takes the label of the first neighbour
// that reaches it; with lines it stays open until its turn: -3 - label means waiting.
static void flood(picture *f, int lines)
{
  for (size_t k = 0; k < f->ranks; k++) f->head[k] = NOWHERE;
  for (size_t i = 0; i < f->n; i++)
    if (f->label[i]) push(f, f->rank[i], i);
  for (uint32_t level = 0; level < f->ranks; level++)
    for (uint32_t i = f->head[level]; i != NOWHERE; i = f->next[i]) {
      if (f->label[i] < -1) f->label[i] = between(f, i) ? -1 : -3 - f->label[i];
      if (f->label[i] < 0) continue;
      for (int s = 0; s < 8; s++) {
        size_t j = i + (size_t)f->side[s];
        if (f->label[j] || f->rank[j] == NOWHERE) continue;
        f->label[j] = lines ? -3 - f->label[i] : f->label[i];
        push(f, f->rank[j] > level ? f->rank[j] : level, j);
      }
    }
}

static int32_t root(int32_t *up, int32_t k)
{
  while (up[k] != k) k = up[k] = up[up[k]];
  return k;
}

// Joins shallow peaks to the higher one beyond their pass: passes come in descending order.
static void join_shallow(const picture *f, double share, const double *peak, int32_t *up)
{
  for (size_t k = 0; k < f->inside; k++) {
    size_t i = f->order[k];
    for (int s = 0; s < 8; s++) {
      size_t j = i + (size_t)f->side[s];
      if (f->rank[j] > f->rank[i]) continue;
      int32_t a = root(up, f->label[i]), b = root(up, f->label[j]);
      if (a == b) continue;
      int32_t low = peak[a] < peak[b] || (peak[a] == peak[b] && a > b) ? a : b;
      if (peak[low] - f->height[i] < share * peak[low]) up[low] = low == a ? b : a;
    }
  }
}

typedef struct {
  double mass;
  int32_t peak;
} basin;

static int larger_first(const void *a, const void *b)
{
  const basin *x = a, *y = b;
  if (x->mass != y->mass) return x->mass > y->mass ? -1 : 1;
  return x->peak < y->peak ? -1 : 1;
}

// The numbers of the regions, by descending mass: to[old] = new. Returns how many there are.
static size_t number(const picture *f, size_t peaks, int32_t *up, basin *b, int32_t *to)
{
  size_t n = 0;
  for (size_t k = 0; k <= peaks; k++) b[k] = (basin){0, (int32_t)k};
  for (size_t i = 0; i < f->n; i++)
    if (f->label[i] > 0) b[root(up, f->label[i])].mass += f->height[i];
  qsort(b + 1, peaks, sizeof *b, larger_first);
  for (size_t k = 1; k <= peaks; k++)
    if (up[b[k].peak] == b[k].peak) to[b[k].peak] = (int32_t)++n;
  for (size_t k = 1; k <= peaks; k++) to[k] = to[root(up, (int32_t)k)];
  return n;
}

static int solve(picture *f, const vr_watershed_par *par, size_t *regions)
{
  size_t peaks = find_peaks(f);
  int32_t *up, *to, *marker = NULL;
  double *peak;
  basin *mass;
  VR_TRY(vr_arena_alloc(&f->arena, &up, peaks + 1, sizeof *up));
  VR_TRY(vr_arena_alloc(&f->arena, &to, peaks + 1, sizeof *to));
  VR_TRY(vr_arena_alloc(&f->arena, &peak, peaks + 1, sizeof *peak));
  VR_TRY(vr_arena_alloc(&f->arena, &mass, peaks + 1, sizeof *mass));
  for (size_t k = 0; k <= peaks; k++) up[k] = (int32_t)k;
  for (size_t i = 0; i < f->n; i++)
    if (f->label[i]) peak[f->label[i]] = f->height[i];
  if (par->lines) {
    VR_TRY(vr_arena_alloc(&f->arena, &marker, f->n, sizeof *marker));
    memcpy(marker, f->label, f->n * sizeof *marker);
  }

  // basins, the shallow ones joined, the largest first
  flood(f, 0);
  if (par->merge > 0) join_shallow(f, par->merge, peak, up);
  *regions = number(f, peaks, up, mass, to);

  // lines: again, from the peaks of the joined basins
  if (par->lines) memcpy(f->label, marker, f->n * sizeof *marker);
  for (size_t i = 0; i < f->n; i++)
    if (f->label[i]) f->label[i] = to[f->label[i]];
  if (par->lines) flood(f, 1);
  return 0;
}

int vr_watershed(const vr_mat *p, const vr_watershed_par *par, int32_t *label, size_t *regions)
{
  size_t bad = vr_find_bad(p->a, p->rows * p->cols);
  if (bad < p->rows * p->cols)
    return vr_fail(VR_EARG, "the density at pixel %zu is not a number", bad);
  picture f = {0};
  int code = picture_new(&f, p, par->floor);
  if (!code) code = solve(&f, par, regions);
  for (size_t r = 0; !code && r < p->rows; r++)
    for (size_t c = 0; c < p->cols; c++) {
      int32_t l = f.label[(r + 1) * f.w + c + 1];
      label[r * p->cols + c] = l > 0 ? l : 0;
    }
  vr_arena_free(&f.arena);
  return code;
}

double vr_watershed_floor(const vr_watershed_par *par, const vr_grid *g)
{
  return par->floor > 0 ? par->floor : VR_WATERSHED_FLOOR / (g->width * g->width);
}

typedef struct {
  const vr_mat *xy;
  const vr_density_par *density;
  const vr_watershed_par *par;
  const double *sigma;
  int32_t *regions;
} sweep;

static int sweep_one(void *ctx, size_t k, int thread)
{
  (void)thread;
  const sweep *s = ctx;
  vr_density_par density = *s->density;
  vr_watershed_par par = *s->par;
  vr_mat p = {0};
  vr_grid g;
  int32_t *label = NULL;
  size_t regions = 0;
  density.sigma = s->sigma[k];
  int code = vr_grid_fit(s->xy, &density, &g);
  if (!code) code = vr_density(s->xy, &g, NULL, &p);
  if (!code) code = vr_alloc(&label, p.rows * p.cols, sizeof *label);
  par.floor = vr_watershed_floor(s->par, &g);
  par.lines = 0;
  if (!code) code = vr_watershed(&p, &par, label, &regions);
  s->regions[k] = (int32_t)regions;
  vr_release(label);
  vr_mat_free(&p);
  return code;
}

int vr_watershed_sweep(const vr_mat *xy, const vr_density_par *density, const vr_watershed_par *par,
  const vr_pool *pool, const double *sigma, size_t n, int32_t *regions)
{
  sweep s = {xy, density, par, sigma, regions};
  return vr_pool_run(pool, n, sweep_one, &s);
}
