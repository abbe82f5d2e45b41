/* What tasks draw by chance. Every maze is looked at; how often things come is compared with
 * labmaze and SciPy (tests/ref/arena.py). `make check-long` draws more. */
#include "../test.h"
#include "sim/env.h"
#include "sim/ground.h"
#include "sim/spline.h"
#include "ground_ref.h"
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static int times(int quick, int all)
{
  return getenv("VR_LONG") ? all : quick;
}

static vr_task task;
static vr_ground g;

static void begin(const char *spec)
{
  assert_int_equal(vr_task_read("share/task", spec, &task), 0);
  assert_int_equal(vr_ground_new(&task, &g), 0);
}

static void draw(uint32_t trial)
{
  assert_int_equal(vr_ground_draw(&task, vr_trial_seed(1, trial), &g), 0);
}

static void end(void)
{
  vr_ground_free(&g);
  vr_task_free(&task);
}

/* -- statistics -- */

/* p of two sets of counts coming from one distribution */
static double alike(const int *a, const int *b, size_t n)
{
  double na = 0, nb = 0, chi2 = 0, bins = 0;
  for (size_t i = 0; i < n; i++) na += a[i], nb += b[i];
  for (size_t i = 0; i < n; i++) {
    double both = a[i] + b[i], d = sqrt(nb / na) * a[i] - sqrt(na / nb) * b[i];
    if (both <= 0) continue;
    chi2 += d * d / both;
    bins++;
  }
  return gsl_cdf_chisq_Q(chi2, bins - 1);
}

/* p of counts coming from equal bins */
static double even(const int *a, size_t n)
{
  double total = 0, chi2 = 0;
  for (size_t i = 0; i < n; i++) total += a[i];
  for (size_t i = 0; i < n; i++) chi2 += pow(a[i] - total / (double)n, 2) / (total / (double)n);
  return gsl_cdf_chisq_Q(chi2, (double)n - 1);
}

static int ascending(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* p of numbers being uniform in [0, 1): Kolmogorov and Smirnov */
static double uniform(double *x, size_t n)
{
  double d = 0, p = 0;
  qsort(x, n, sizeof *x, ascending);
  for (size_t i = 0; i < n; i++)
    d = fmax(d, fmax(x[i] - (double)i / (double)n, (double)(i + 1) / (double)n - x[i]));
  double lambda = (sqrt((double)n) + 0.12 + 0.11 / sqrt((double)n)) * d;
  for (int k = 1; k < 100; k++) p += (k % 2 ? 2 : -2) * exp(-2 * k * k * lambda * lambda);
  return fmin(p, 1);
}

static void likely(const char *what, double p)
{
  print_message("# %s: p = %.3g\n", what, p);
  assert_true(p > 0.01);
}

/* -- the same again -- */

static void a_seed_gives_the_same_ground(void **state)
{
  static const char *const tasks[] = {"flat", "gaps", "maze", "bowl", "twotap"};
  (void)state;
  for (size_t i = 0; i < VR_LEN(tasks); i++) {
    vr_str a = {0}, b = {0}, other = {0};
    begin(tasks[i]);
    draw(3);
    vr_ground_text(&g, &a);
    draw(4);
    vr_ground_text(&g, &other);
    draw(3);
    vr_ground_text(&g, &b);
    assert_string_equal(vr_str_get(&a), vr_str_get(&b));
    if (i) assert_string_not_equal(vr_str_get(&a), vr_str_get(&other));
    vr_str_free(&a);
    vr_str_free(&b);
    vr_str_free(&other);
    end();
  }
}

static void each_allocation_fails_in_turn(void **state)
{
  static const char *const tasks[] = {"gaps", "maze", "bowl", "twotap"};
  (void)state;
  for (size_t i = 0; i < VR_LEN(tasks); i++) {
    int code;
    assert_int_equal(vr_task_read("share/task", tasks[i], &task), 0);
    VR_FAIL_EACH_ALLOCATION(code, code = vr_ground_new(&task, &g), vr_ground_free(&g))
    vr_world w;
    VR_FAIL_EACH_ALLOCATION(code, code = vr_task_world(&task, 1, &w), vr_world_free(&w))
    vr_task copy;
    VR_FAIL_EACH_ALLOCATION(code, code = vr_task_copy(&task, &copy), vr_task_free(&copy))
    vr_task_free(&task);
  }
}

/* a seed's first orb is the one that is drawn, and the next ones are others within reach */
static void orbs_of_twotap(void **state)
{
  (void)state;
  size_t n = 4000;
  double *x = calloc(n, sizeof *x), *y = calloc(n, sizeof *y), pos[3];
  begin("twotap");
  draw(0);
  vr_ground_orb(&task, vr_trial_seed(1, 0), 0, pos);
  assert_memory_equal(pos, g.orb[0].pos, sizeof pos);
  for (size_t k = 0; k < n; k++) {
    vr_ground_orb(&task, 9, (uint32_t)k, pos);
    assert_true(pos[2] == 0.14);
    x[k] = (pos[0] + 1.5) / 3;
    y[k] = (pos[1] + 1.5) / 3;
  }
  likely("x of orbs", uniform(x, n));
  likely("y of orbs", uniform(y, n));
  for (size_t k = 0; k < n; k++) {
    draw((uint32_t)k);
    x[k] = atan2(g.spawn[6], g.spawn[3]) / M_PI + 0.5;
    x[k] -= floor(x[k]);
  }
  likely("yaw at the start", uniform(x, n));
  free(x);
  free(y);
  end();
}

/* -- corridors -- */

static void corridors(void **state)
{
  (void)state;
  int n = times(100, 1000);
  size_t nlengths = 0, ngaps = 0, cap = (size_t)n * 80;
  double *length = calloc(cap, sizeof *length), *gap = calloc(cap, sizeof *gap), sum = 0;
  begin("gaps");
  for (int k = 0; k < n; k++) {
    draw((uint32_t)k);
    assert_true(g.box[0].half[0] == 3 && g.box[0].pos[0] == 3);
    double x = 6;
    for (size_t i = 1; i < g.nboxes; i++) {
      const vr_box *b = g.box + i;
      double left = b->pos[0] - b->half[0];
      if (i > 1)
        gap[ngaps++] = (left - x - 0.05) / 0.15;
      else
        assert_true(fabs(left - 6) < 1e-12);
      assert_true(left < 40 && b->pos[2] + b->half[2] == 0 && b->half[1] == 1);
      length[nlengths++] = (2 * b->half[0] - 0.4) / 0.4;
      x = left + 2 * b->half[0];
    }
    assert_true(x + 0.2 >= 40 && x < 40.8 && g.nboxes <= g.maxboxes);
    sum += (double)g.nboxes - 1;
  }
  print_message("# %.2f platforms\n", sum / n);
  assert_true(fabs(sum / n - 47.4) < 0.5);
  likely("lengths of platforms", uniform(length, nlengths));
  likely("gaps", uniform(gap, ngaps));
  free(length);
  free(gap);
  end();
}

/* -- mazes -- */

/* cells that are reached from a free one */
static int reach(const char *cell, int n, int at, char *seen)
{
  if (cell[at] == '*' || seen[at]) return 0;
  seen[at] = 1;
  return 1 + reach(cell, n, at + 1, seen) + reach(cell, n, at - 1, seen) +
         reach(cell, n, at + n, seen) + reach(cell, n, at - n, seen);
}

/* connected, without dead ends, each wall in one box, orbs and start where the grid says; the number
 * of free cells */
static int look_at_maze(void)
{
  int n = (int)g.cells.n, open = 0, first = -1;
  const char *c = g.cells.cell;
  char seen[41 * 41] = {0};
  for (int i = 0; i < n * n; i++) {
    int edge = i / n == 0 || i / n == n - 1 || i % n == 0 || i % n == n - 1, ways;
    double x = (i % n - (n - 1) / 2) * g.cells.side, y = ((n - 1) / 2 - i / n) * g.cells.side;
    int boxes = 0, orbs = 0;
    for (size_t k = 0; k < g.nboxes; k++)
      boxes += fabs(x - g.box[k].pos[0]) < g.box[k].half[0] &&
               fabs(y - g.box[k].pos[1]) < g.box[k].half[1];
    for (size_t k = 0; k < g.norbs; k++)
      orbs += fabs(x - g.orb[k].pos[0]) < 1e-9 && fabs(y - g.orb[k].pos[1]) < 1e-9;
    assert_int_equal(boxes, c[i] == '*');
    assert_int_equal(orbs, c[i] == 'G');
    assert_true(!edge || c[i] == '*');
    if (fabs(x - g.spawn[0]) + fabs(y - g.spawn[1]) < 1e-9) assert_int_equal(c[i], 'P');
    if (c[i] == '*') continue;
    ways = (c[i - 1] != '*') + (c[i + 1] != '*') + (c[i - n] != '*') + (c[i + n] != '*');
    assert_true(ways >= 2);
    open++;
    first = i;
  }
  assert_int_equal(reach(c, n, first, seen), open);
  return open;
}

/* 3 x 3, 3 rows x 5 columns, 5 x 3 of each room, found by its letter, P and G */
static void count_shapes(int shapes[3])
{
  int n = (int)g.cells.n;
  const char *c = g.cells.cell;
  for (int i = 0; i < n * n; i++) {
    // a room's first cell: floor of a room with none above and to the left
    if (c[i] == '*' || c[i] == ' ') continue;
    if ((c[i - 1] != '*' && c[i - 1] != ' ') || (c[i - n] != '*' && c[i - n] != ' ')) continue;
    int cols = 0, rows = 0;
    while (c[i + cols] != '*' && c[i + cols] != ' ') cols++;
    while (c[i + rows * n] != '*' && c[i + rows * n] != ' ') rows++;
    assert_true((cols == 3 && (rows == 3 || rows == 5)) || (cols == 5 && rows == 3));
    shapes[cols == 5 ? 1 : rows == 5 ? 2 : 0]++;
  }
}

static int bin(int x, int low, int n)
{
  return x < low ? 0 : x - low + 1 < n ? x - low + 1 : n - 1;
}

static void mazes(void **state)
{
  (void)state;
  int n = times(5000, 20000);
  int rooms[5] = {0}, shapes[3] = {0}, cells[20] = {0}, boxes[11] = {0}, looks[8] = {0};
  begin("maze");
  for (int k = 0; k < n; k++) {
    draw((uint32_t)k);
    int open = look_at_maze(), starts = 0;
    for (size_t i = 0; i < g.cells.n * g.cells.n; i++) starts += g.cells.cell[i] == 'P';
    assert_int_equal(g.norbs, 3 * starts);
    rooms[starts]++;
    cells[open < 45 ? 0 : bin(open, 50, 19) + 1]++;
    boxes[bin((int)g.nboxes, 11, 11)]++;
    looks[g.look]++;
    count_shapes(shapes);
  }
  print_message("# rooms: %.1f %% four, %.1f %% three, %.1f %% two\n", 100. * rooms[4] / n,
    100. * rooms[3] / n, 100. * rooms[2] / n);
  likely("rooms", alike(rooms, ref_rooms, 5));
  likely("shapes of rooms", alike(shapes, ref_shapes, 3));
  likely("free cells", alike(cells, ref_cells, 20));
  likely("boxes", alike(boxes, ref_boxes, 11));
  likely("colours", even(looks, 8));
  end();
}

static void other_mazes(void **state)
{
  static const char *const specs[] = {"maze:cells=5,rooms=1,room_low=3,room_high=3",
    "maze:cells=21,rooms=9,boxes=100", "maze:cells=41,rooms=26,boxes=400,room_high=9,doors=0.3",
    "maze:orbs=0,starts=9"};
  (void)state;
  for (size_t i = 0; i < VR_LEN(specs); i++) {
    begin(specs[i]);
    for (uint32_t k = 0; k < 50; k++) {
      draw(k);
      look_at_maze();
    }
    end();
  }
  // too few boxes are told, not left out
  begin("maze:boxes=2");
  assert_int_equal(vr_ground_draw(&task, 1, &g), VR_ENUM);
  assert_non_null(strstr(vr_errmsg(), "raise `boxes`"));
  end();
}

/* -- bowls -- */

static void a_spline_like_scipys(void **state)
{
  (void)state;
  double in[25], out[64];
  vr_spline *s;
  assert_int_equal(vr_spline_new(5, 8, &s), 0);
  memcpy(in, spline_in, sizeof in);
  vr_spline_enlarge(s, in, out);
  for (int i = 0; i < 64; i++) assert_true(fabs(out[i] - spline_out[i]) < 1e-13);
  vr_spline_free(s);
}

static void bowls(void **state)
{
  (void)state;
  int n = times(100, 1000), count[4][10] = {{0}};
  begin("bowl");
  for (int k = 0; k < n; k++) {
    draw((uint32_t)k);
    const vr_heights *h = &g.heights;
    const float *d = h->data;
    double scale = h->height / 0.5, sum = 0, sum2 = 0;
    assert_int_equal(h->n, 201);
    assert_true(h->base == -0.01 && d[0] == 0 && h->height > 0.4 && h->height < 0.62);
    for (int i = 120; i < 181; i++) {
      double x = scale * d[i * 201 + 100];
      sum += x;
      sum2 += x * x;
    }
    const double seen[4] = {scale, scale * d[100 * 201 + 100], scale * d[100 * 201 + 150],
      sqrt(sum2 / 61 - sum * sum / 61 / 61)};
    for (int s = 0; s < 4; s++) {
      int at = 0;
      while (at < 9 && seen[s] > bowl_decile[s][at]) at++;
      count[s][at]++;
    }
    double norm = 0;
    for (int q = 3; q < 7; q++) norm += g.spawn[q] * g.spawn[q];
    assert_true(fabs(norm - 1) < 1e-12);
  }
  likely("highest bump", even(count[0], 10));
  likely("centre", even(count[1], 10));
  likely("ring", even(count[2], 10));
  likely("roughness", even(count[3], 10));
  end();
}

/* between samples the height is bilinear, and its gradient is that of the height */
static void heights_between_samples(void **state)
{
  (void)state;
  double grad[2], dx = 1e-6;
  begin("bowl");
  draw(1);
  for (int k = 0; k < 200; k++) {
    double x = -5.9 + 0.0577 * k, y = 5.9 - 0.0591 * k;
    double z = vr_heights_at(&g.heights, x, y, grad);
    assert_true(fabs((vr_heights_at(&g.heights, x + dx, y, NULL) - z) / dx - grad[0]) < 1e-4);
    assert_true(fabs((vr_heights_at(&g.heights, x, y + dx, NULL) - z) / dx - grad[1]) < 1e-4);
  }
  assert_true(vr_heights_at(&g.heights, 6.01, 0, grad) == 0 && grad[0] == 0);
  const float *d = g.heights.data;
  assert_true(fabs(vr_heights_at(&g.heights, 6, 6, NULL) - g.heights.base) < 1e-12);
  assert_true(fabs(vr_heights_at(&g.heights, 0, 0, NULL) -
                   (g.heights.base + g.heights.height * d[100 * 201 + 100])) < 1e-9);
  end();
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_seed_gives_the_same_ground),
    cmocka_unit_test(each_allocation_fails_in_turn),
    cmocka_unit_test(orbs_of_twotap),
    cmocka_unit_test(corridors),
    cmocka_unit_test(mazes),
    cmocka_unit_test(other_mazes),
    cmocka_unit_test(a_spline_like_scipys),
    cmocka_unit_test(bowls),
    cmocka_unit_test(heights_between_samples),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
