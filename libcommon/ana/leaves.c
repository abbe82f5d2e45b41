#include "ana/leaves.h"
#include "base/err.h"
#include "base/mem.h"
#include <math.h>
#include <string.h>

// branches of the tree that are not yet joined
typedef struct {
  size_t rows;
  double *between; // rows x rows: distances of branches
  double *apart;   // rows x rows: of rows
  size_t *leaf;    // rows x rows: a branch in each row
  size_t *size;    // leaves of each branch, 0: gone
} tree;

static int tree_new(tree *t, const vr_mat *x, vr_arena *arena)
{
  size_t n = x->rows;
  t->rows = n;
  VR_TRY(vr_arena_alloc(arena, &t->between, n * n, sizeof *t->between));
  VR_TRY(vr_arena_alloc(arena, &t->apart, n * n, sizeof *t->apart));
  VR_TRY(vr_arena_alloc(arena, &t->leaf, n * n, sizeof *t->leaf));
  VR_TRY(vr_arena_alloc(arena, &t->size, n, sizeof *t->size));
  for (size_t i = 0; i < n; i++) {
    t->leaf[i * n] = i;
    t->size[i] = 1;
    for (size_t j = 0; j < n; j++) {
      double sum = 0;
      for (size_t c = 0; c < x->cols; c++) {
        double d = vr_row(x, i)[c] - vr_row(x, j)[c];
        sum += d * d;
      }
      t->between[i * n + j] = t->apart[i * n + j] = sqrt(sum);
    }
  }
  return 0;
}

static void turn(size_t *leaf, size_t n)
{
  for (size_t i = 0; i < n / 2; i++) {
    size_t swap = leaf[i];
    leaf[i] = leaf[n - 1 - i];
    leaf[n - 1 - i] = swap;
  }
}

// branch b goes behind branch a, both turned so that the ends that meet are nearest
static void join(tree *t, size_t a, size_t b)
{
  size_t n = t->rows, *x = t->leaf + a * n, *y = t->leaf + b * n, nx = t->size[a], ny = t->size[b];
  const size_t end[2] = {x[nx - 1], x[0]}, start[2] = {y[0], y[ny - 1]};
  int best = 0;
  for (int k = 1; k < 4; k++)
    if (t->apart[end[k / 2] * n + start[k % 2]] < t->apart[end[best / 2] * n + start[best % 2]])
      best = k;
  if (best / 2) turn(x, nx);
  if (best % 2) turn(y, ny);
  memcpy(x + nx, y, ny * sizeof *y);
  // distances of the new branch: means over all its rows
  for (size_t c = 0; c < n; c++) {
    double sum = (double)nx * t->between[a * n + c] + (double)ny * t->between[b * n + c];
    t->between[a * n + c] = t->between[c * n + a] = sum / (double)(nx + ny);
  }
  t->size[a] = nx + ny;
  t->size[b] = 0;
}

int vr_leaves(const vr_mat *x, size_t *order)
{
  vr_arena arena = {0};
  tree t = {0};
  int code = tree_new(&t, x, &arena);
  for (size_t left = x->rows; left > 1 && !code; left--) {
    size_t a = 0, b = 0;
    double least = INFINITY;
    for (size_t i = 0; i < t.rows; i++)
      for (size_t j = i + 1; j < t.rows && t.size[i]; j++)
        if (t.size[j] && t.between[i * t.rows + j] < least) {
          least = t.between[i * t.rows + j];
          a = i;
          b = j;
        }
    join(&t, a, b);
  }
  if (!code && x->rows) memcpy(order, t.leaf, x->rows * sizeof *order);
  vr_arena_free(&arena);
  return code;
}
