#include "ana/tsne_in.h"
#include "base/err.h"
#include "base/isa.h"
#include <math.h>
#include <string.h>

/* A quadtree over points in Morton order. Its nodes stand in the order of a walk that enters a node
 * before its children; `skip` is the node after all of them, so a walk needs no stack. A leaf holds
 * up to LEAF points, or any number where the codes cannot part them. Eight neighbours in Morton
 * order walk together: each test is one vector operation, and each of them opens exactly the nodes
 * it would open alone. */
enum { LEAF = 8, LANES = 8, BITS = 26, GROUPS = 32 };

typedef struct {
  double x, y, mass, width2; /* centre of mass; squared size of the cell */
  int64_t skip;
  uint32_t first, end; /* points in Morton order */
  int leaf;
} node;

typedef struct {
  uint64_t code;
  uint32_t row;
} key;

struct vr_tree {
  size_t n, nodes, cap;
  double theta2, width;
  const vr_pool *pool;
  key *key, *other;
  double *xy; /* x, y of the points in Morton order; a group beyond the end is filled up */
  double *z;  /* one a point, in Morton order */
  node *node;
};

int vr_tree_new(size_t n, double theta, const vr_pool *pool, vr_tree **tree)
{
  VR_TRY(vr_alloc(tree, 1, sizeof **tree));
  vr_tree *t = *tree;
  *t = (vr_tree){.n = n, .theta2 = theta * theta, .pool = pool};
  int code = vr_alloc(&t->key, n, sizeof *t->key);
  if (!code) code = vr_alloc(&t->other, n, sizeof *t->other);
  if (!code) code = vr_alloc(&t->xy, 2 * (n + LANES), sizeof *t->xy);
  if (!code) code = vr_alloc(&t->z, n + LANES, sizeof *t->z);
  t->cap = n + 64;
  if (!code) code = vr_alloc(&t->node, t->cap, sizeof *t->node);
  if (code) {
    vr_tree_free(t);
    *tree = NULL;
  }
  return code;
}

/* -- Morton order ------------------------------------------------------------------------------ */

/* Bits of v at the even places. */
static uint64_t spread_bits(uint64_t v)
{
  v = (v | v << 16) & 0x0000FFFF0000FFFF;
  v = (v | v << 8) & 0x00FF00FF00FF00FF;
  v = (v | v << 4) & 0x0F0F0F0F0F0F0F0F;
  v = (v | v << 2) & 0x3333333333333333;
  return (v | v << 1) & 0x5555555555555555;
}

/* Stable, least significant byte first; bytes that all keys share cost one pass to count. */
static void sort_keys(vr_tree *t)
{
  for (int shift = 0; shift < 2 * BITS; shift += 8) {
    size_t count[257] = {0};
    for (size_t i = 0; i < t->n; i++) count[(t->key[i].code >> shift & 255) + 1]++;
    if (count[(t->key[0].code >> shift & 255) + 1] == t->n) continue;
    for (int b = 0; b < 256; b++) count[b + 1] += count[b];
    for (size_t i = 0; i < t->n; i++) t->other[count[t->key[i].code >> shift & 255]++] = t->key[i];
    key *swap = t->key;
    t->key = t->other;
    t->other = swap;
  }
}

static void order_points(vr_tree *t, const double *y)
{
  double low[2] = {INFINITY, INFINITY}, high[2] = {-INFINITY, -INFINITY};
  for (size_t i = 0; i < t->n; i++)
    for (int a = 0; a < 2; a++) {
      low[a] = fmin(low[a], y[2 * i + (size_t)a]);
      high[a] = fmax(high[a], y[2 * i + (size_t)a]);
    }
  t->width = fmax(high[0] - low[0], high[1] - low[1]);
  double scale = t->width > 0 ? (double)((1 << BITS) - 1) / t->width : 0;
  if (!isfinite(scale)) scale = 0;
  for (size_t i = 0; i < t->n; i++)
    t->key[i] = (key){spread_bits((uint64_t)((y[2 * i] - low[0]) * scale)) |
                        spread_bits((uint64_t)((y[2 * i + 1] - low[1]) * scale)) << 1,
      (uint32_t)i};
  sort_keys(t);
  for (size_t i = 0; i < t->n; i++) memcpy(t->xy + 2 * i, y + 2 * t->key[i].row, 2 * sizeof *y);
  for (size_t i = t->n; i < t->n + LANES; i++)
    memcpy(t->xy + 2 * i, t->xy + 2 * (t->n - 1), 2 * sizeof *y);
}

/* -- the tree ---------------------------------------------------------------------------------- */

/* First point in [first, end) whose code has at least `quarter` in the two bits at `shift`. */
static size_t quarter_start(const vr_tree *t, size_t first, size_t end, int shift, uint64_t quarter)
{
  while (first < end) {
    size_t mid = (first + end) / 2;
    if ((t->key[mid].code >> shift & 3) < quarter)
      first = mid + 1;
    else
      end = mid;
  }
  return first;
}

/* Adds the node of points first .. end-1 at a depth, and all below it. */
static int add_node(vr_tree *t, size_t first, size_t end, int depth, double width)
{
  if (t->nodes == t->cap) {
    VR_TRY(vr_grow(&t->node, t->cap, 2 * t->cap, sizeof *t->node));
    t->cap *= 2;
  }
  size_t at = t->nodes++;
  double x = 0, y = 0;
  int leaf = end - first <= LEAF || depth == BITS;
  if (leaf) {
    for (size_t i = first; i < end; i++) {
      x += t->xy[2 * i];
      y += t->xy[2 * i + 1];
    }
  } else {
    size_t from = first;
    for (uint64_t q = 1; q <= 4; q++) {
      size_t to = q < 4 ? quarter_start(t, from, end, 2 * (BITS - 1 - depth), q) : end;
      size_t child = t->nodes;
      if (from == to) continue;
      VR_TRY(add_node(t, from, to, depth + 1, width / 2));
      x += t->node[child].x * t->node[child].mass;
      y += t->node[child].y * t->node[child].mass;
      from = to;
    }
  }
  double mass = (double)(end - first);
  t->node[at] = (node){x / mass, y / mass, mass, width * width, (int64_t)t->nodes, (uint32_t)first,
    (uint32_t)end, leaf};
  return 0;
}

/* -- walks ------------------------------------------------------------------------------------- */

typedef struct {
  double x[LANES], y[LANES], fx[LANES], fy[LANES], z[LANES];
  int64_t next[LANES]; /* the first node that this point has still to see */
} walk;

/* All points of a leaf on the lanes that have not taken it as one. */
static inline __attribute__((always_inline)) void walk_leaf(
  const vr_tree *t, const node *nd, int64_t at, walk *w)
{
  for (uint32_t p = nd->first; p < nd->end; p++) {
    double px = t->xy[2 * p], py = t->xy[2 * p + 1];
#pragma omp simd
    for (int l = 0; l < LANES; l++) {
      double dx = w->x[l] - px, dy = w->y[l] - py;
      double q = 1 / (1 + dx * dx + dy * dy);
      q = w->next[l] <= at ? q : 0;
      w->z[l] += q;
      w->fx[l] += q * q * dx;
      w->fy[l] += q * q * dy;
    }
  }
}

VR_CLONES static void walk_tree(const vr_tree *t, walk *w)
{
  for (int64_t at = 0; at < (int64_t)t->nodes;) {
    const node *nd = t->node + at;
    int64_t open = 0;
#pragma omp simd reduction(| : open)
    for (int l = 0; l < LANES; l++) {
      double dx = w->x[l] - nd->x, dy = w->y[l] - nd->y, d2 = dx * dx + dy * dy;
      double q = 1 / (1 + d2);
      int64_t here = w->next[l] <= at, far = nd->width2 < t->theta2 * d2, take = here & far;
      double mq = take ? nd->mass * q : 0;
      w->z[l] += mq;
      w->fx[l] += mq * q * dx;
      w->fy[l] += mq * q * dy;
      w->next[l] = take ? nd->skip : w->next[l];
      open |= here & ~far;
    }
    if (open && nd->leaf) walk_leaf(t, nd, at, w);
    at = open ? at + 1 : nd->skip;
  }
}

typedef struct {
  vr_tree *tree;
  double *force;
} walk_job;

static int walk_groups(void *ctx, size_t chunk, int thread)
{
  (void)thread;
  const walk_job *job = ctx;
  vr_tree *t = job->tree;
  for (size_t g = chunk * GROUPS; g < (chunk + 1) * GROUPS && g * LANES < t->n; g++) {
    walk w = {0};
    for (size_t l = 0; l < LANES; l++) {
      w.x[l] = t->xy[2 * (g * LANES + l)];
      w.y[l] = t->xy[2 * (g * LANES + l) + 1];
    }
    walk_tree(t, &w);
    for (size_t l = 0; l < LANES && g * LANES + l < t->n; l++) {
      size_t row = t->key[g * LANES + l].row;
      job->force[2 * row] = w.fx[l];
      job->force[2 * row + 1] = w.fy[l];
      t->z[g * LANES + l] = w.z[l] - 1; // less the point itself
    }
  }
  return 0;
}

int vr_tree_push(vr_tree *t, const double *y, double *force, double *z)
{
  walk_job job = {t, force};
  order_points(t, y);
  t->nodes = 0;
  VR_TRY(add_node(t, 0, t->n, 0, t->width));
  size_t groups = (t->n + LANES - 1) / LANES;
  VR_TRY(vr_pool_run(t->pool, (groups + GROUPS - 1) / GROUPS, walk_groups, &job));
  *z = 0;
  for (size_t i = 0; i < t->n; i++) *z += t->z[i];
  return 0;
}

void vr_tree_free(vr_tree *t)
{
  if (!t) return;
  vr_release(t->key);
  vr_release(t->other);
  vr_release(t->xy);
  vr_release(t->z);
  vr_release(t->node);
  vr_release(t);
}
