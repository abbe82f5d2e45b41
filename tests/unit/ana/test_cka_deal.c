/* Deals of units to layers: NumPy's values (tests/ref/cka.py), what a deal leaves as it is, how often a
 * difference of layers is called one where there is none, a planted one, threads, bad input, memory. */
#include "ana/cka_deal.h"
#include "base/rng.h"
#include "../test.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LAYERS = 3, MOST = 2 * LAYERS + 1 };

static const size_t width[LAYERS] = {4, 6, 5};

static void near_to(double x, double want, double tol)
{
  if (!(fabs(x - want) <= tol)) fail_msg("%.17g is not within %g of %.17g", x, tol, want);
}

static void normal(vr_mat *x, size_t k, size_t p, vr_rng *r)
{
  assert_int_equal(vr_mat_resize(x, k, p), 0);
  for (size_t e = 0; e < k * p; e++) x->a[e] = vr_rng_normal(r);
}

// a table of layers and features, which are the last matrix
typedef struct {
  vr_mat x[MOST];
  vr_gram g[MOST];
} set;

static void set_free(set *s)
{
  for (size_t m = 0; m < MOST; m++) {
    vr_mat_free(&s->x[m]);
    vr_gram_free(&s->g[m]);
  }
}

// layers of unrelated units, and features in place `layers`
static void unrelated(set *s, size_t layers, size_t k, vr_rng *r)
{
  for (size_t l = 0; l <= layers; l++) normal(&s->x[l], k, l < layers ? width[l] : 3, r);
  assert_int_equal(vr_gram_make(&s->x[layers], &s->g[layers]), 0);
}

// the debiased value of layer l with the features
static double encodes(const set *s, size_t layers, size_t l)
{
  vr_gram g = {0};
  assert_int_equal(vr_gram_make(&s->x[l], &g), 0);
  double value = vr_cka_debiased(&g, &s->g[layers]);
  vr_gram_free(&g);
  return value;
}

/* -- values ------------------------------------------------------------------------------------ */

// as in the script
static void wave(vr_mat *x, size_t rows, size_t cols, double a, double b)
{
  assert_int_equal(vr_mat_resize(x, rows, cols), 0);
  for (size_t i = 0; i < rows; i++)
    for (size_t j = 0; j < cols; j++)
      vr_row(x, i)[j] = sin(a * (double)(i * (j + 1))) + b * cos(0.3 * (double)(i * i + j)) + 2;
}

static void against_numpy(void **state)
{
  (void)state;
  static const double want[2][3][3] = {
    {{0.50926294411623141, 0.46615771153101204, 0.31344046834525757},
      {0.23392256413176737, 0.28929521929152685, 0.38168904740297732},
      {0.19046009823368817, 0.21242014051545027, 0.2036351408860077}},
    {{0.3693584060927475, 0.25939131004984212, 0.062852813130940738},
      {-0.042136045167817958, 0.06223283985019739, 0.18673261376074407},
      {-0.30373631268119605, -0.31124283199639202, -0.28886061330489454}}};
  set s = {0};
  const vr_cka_pair pair[] = {{0, 2}, {1, 2}, {0, 1}};
  double got[2][3][3];
  wave(&s.x[0], 10, 3, 0.7, 0.5);
  wave(&s.x[1], 10, 5, 1.1, 0.2);
  wave(&s.x[2], 10, 2, 0.4, 0.9);
  assert_int_equal(vr_gram_make(&s.x[2], &s.g[2]), 0);
  const vr_cka_hand hand = {2, 1, s.x, s.g};
  assert_int_equal(vr_cka_deal(&hand, pair, 3, 3, 7, NULL, got[0][0], got[1][0]), 0);
  for (int e = 0; e < 2; e++)
    for (int m = 0; m < 3; m++)
      for (int t = 0; t < 3; t++) near_to(got[e][m][t], want[e][m][t], 1e-13);
  set_free(&s);
}

// on another side the same units are dealt: the table of a copy of it is that of the layers
static void sides(void **state)
{
  (void)state;
  enum { DEALS = 30 };
  vr_rng r = vr_rng_new(2, 0, 0);
  set s = {0};
  double paper[4 * DEALS], debiased[4 * DEALS];
  for (size_t l = 0; l < LAYERS; l++) {
    normal(&s.x[l], 9, width[l], &r);
    assert_int_equal(vr_mat_copy(&s.x[LAYERS + l], &s.x[l]), 0);
    for (size_t e = 0; e < 9 * width[l]; e++) s.x[LAYERS + l].a[e] *= 3;
  }
  const vr_cka_hand hand = {LAYERS, 2, s.x, NULL};
  const vr_cka_pair pair[] = {{0, LAYERS}, {2, LAYERS + 2}, {0, 1}, {LAYERS, 1}};
  assert_int_equal(vr_cka_deal(&hand, pair, 4, DEALS, 1, NULL, paper, debiased), 0);
  for (int t = 0; t < DEALS; t++) {
    near_to(paper[t], 1, 1e-13);
    near_to(debiased[DEALS + t], 1, 1e-12);
    near_to(paper[2 * DEALS + t], paper[3 * DEALS + t], 1e-13);
    if (t) assert_true(paper[2 * DEALS + t] != paper[2 * DEALS]);
  }
  set_free(&s);
}

// what has no structure is 0, never NaN
static void constant(void **state)
{
  (void)state;
  vr_mat x[2] = {
    {5, 1, (double[]){0.1, 0.1, 0.1, 0.1, 0.1}, 5}, {5, 1, (double[]){3, 3, 3, 3, 3}, 5}};
  double paper[4], debiased[4];
  const vr_cka_hand hand = {2, 1, x, NULL};
  assert_int_equal(vr_cka_deal(&hand, &(vr_cka_pair){0, 1}, 1, 4, 1, NULL, paper, debiased), 0);
  for (int t = 0; t < 4; t++) near_to(fabs(paper[t]) + fabs(debiased[t]), 0, 0);
}

/* -- how often there is a difference ----------------------------------------------------------- */

enum { RUNS = 2000, DRAWS = 99 };

// p of: layer 0 encodes the features better than layer 1 (sign 1; worse: -1), and: layer 0 leads
static void difference(const set *s, size_t layers, uint64_t seed, double p[3])
{
  double paper[LAYERS * DRAWS], debiased[LAYERS * DRAWS], less[DRAWS], more[DRAWS], lead[DRAWS];
  const vr_cka_pair pair[LAYERS] = {{0, layers}, {1, layers}, {2, layers}};
  const vr_cka_hand hand = {layers, 1, s->x, s->g};
  double a = encodes(s, layers, 0), b = encodes(s, layers, 1), c = b;
  if (layers > 2) c = fmax(b, encodes(s, layers, 2));
  assert_int_equal(vr_cka_deal(&hand, pair, layers, DRAWS, seed, NULL, paper, debiased), 0);
  for (int t = 0; t < DRAWS; t++) {
    double x = debiased[t], y = debiased[DRAWS + t];
    less[t] = x - y;
    more[t] = y - x;
    lead[t] = x - (layers > 2 ? fmax(y, debiased[2 * DRAWS + t]) : y);
  }
  p[0] = vr_cka_judge(a - b, less, DRAWS).p;
  p[1] = vr_cka_judge(b - a, more, DRAWS).p;
  p[2] = vr_cka_judge(a - c, lead, DRAWS).p;
}

// units that have nothing to do with anything: 5 % at 5 %, for each of the statistics
static void calibration(void **state)
{
  (void)state;
  vr_rng r = vr_rng_new(5, 0, 0);
  set s = {0};
  int hits[3] = {0};
  for (int n = 0; n < RUNS; n++) {
    double p[3];
    unrelated(&s, LAYERS, 12, &r);
    difference(&s, LAYERS, (uint64_t)n, p);
    for (int k = 0; k < 3; k++) hits[k] += p[k] <= 0.05;
  }
  for (int k = 0; k < 3; k++) near_to(hits[k], 0.05 * RUNS, 0.01 * RUNS);
  set_free(&s);
}

// Units of a layer that share a signal, none of which has to do with the features: by deals there is a
// difference far too often, which is why the manual asks for another null beside them.
static void whole_layers(void **state)
{
  (void)state;
  vr_rng r = vr_rng_new(6, 0, 0);
  set s = {0};
  vr_mat own = {0};
  int hits = 0;
  for (int n = 0; n < RUNS; n++) {
    double p[3];
    unrelated(&s, 2, 12, &r);
    normal(&own, 12, 2, &r);
    for (size_t l = 0; l < 2; l++)
      for (size_t i = 0; i < 12; i++)
        for (size_t j = 0; j < width[l]; j++)
          vr_row(&s.x[l], i)[j] = 0.1 * vr_row(&s.x[l], i)[j] + vr_row(&own, i)[l];
    difference(&s, 2, (uint64_t)n, p);
    hits += p[0] <= 0.05;
  }
  assert_true(hits > 0.15 * RUNS);
  vr_mat_free(&own);
  set_free(&s);
}

// layer 0 follows the features, the others do not; the same from one thread and from four
static void planted(void **state)
{
  (void)state;
  vr_rng r = vr_rng_new(8, 0, 0);
  set s = {0};
  double p[3], one[2][LAYERS * DRAWS], four[2][LAYERS * DRAWS];
  const vr_cka_pair pair[LAYERS] = {{0, LAYERS}, {1, LAYERS}, {1, 2}};
  vr_pool pool = {4};
  unrelated(&s, LAYERS, 20, &r);
  for (size_t i = 0; i < 20; i++)
    for (size_t j = 0; j < width[0]; j++)
      vr_row(&s.x[0], i)[j] += 2 * vr_row(&s.x[LAYERS], i)[j % 3];
  difference(&s, LAYERS, 1, p);
  near_to(p[0], 0.01, 1e-15);
  near_to(p[1], 1, 1e-15);
  near_to(p[2], 0.01, 1e-15);
  const vr_cka_hand hand = {LAYERS, 1, s.x, s.g};
  assert_int_equal(vr_cka_deal(&hand, pair, LAYERS, DRAWS, 3, NULL, one[0], one[1]), 0);
  assert_int_equal(vr_cka_deal(&hand, pair, LAYERS, DRAWS, 3, &pool, four[0], four[1]), 0);
  assert_memory_equal(one, four, sizeof one);
  set_free(&s);
}

/* -- bad input, failing memory ----------------------------------------------------------------- */

static void refusals(void **state)
{
  (void)state;
  vr_rng r = vr_rng_new(9, 0, 0);
  set s = {0};
  double paper[10], debiased[10];
  const vr_cka_pair pair = {0, 2};
  unrelated(&s, 2, 6, &r);
  vr_cka_hand hand = {2, 1, s.x, s.g};
  assert_int_equal(vr_cka_deal(&hand, &pair, 1, 0, 1, NULL, paper, debiased), VR_EARG);
  hand.layers = 1;
  assert_int_equal(vr_cka_deal(&hand, &pair, 1, 9, 1, NULL, paper, debiased), VR_EARG);
  hand.layers = 2;
  // features, a layer, and a side of other sizes
  normal(&s.x[3], 7, 3, &r);
  assert_int_equal(vr_gram_make(&s.x[3], &s.g[2]), 0);
  assert_int_equal(vr_cka_deal(&hand, &pair, 1, 9, 1, NULL, paper, debiased), VR_EARG);
  normal(&s.x[1], 7, 3, &r);
  assert_int_equal(vr_cka_deal(&hand, &pair, 1, 9, 1, NULL, paper, debiased), VR_EARG);
  normal(&s.x[1], 6, 3, &r);
  normal(&s.x[2], 6, 9, &r);
  normal(&s.x[3], 6, 3, &r);
  hand.sides = 2;
  assert_int_equal(vr_cka_deal(&hand, &pair, 1, 9, 1, NULL, paper, debiased), VR_EARG);
  for (size_t l = 0; l < 2; l++) normal(&s.x[l], 3, 2, &r);
  hand.sides = 1;
  assert_int_equal(vr_cka_deal(&hand, &pair, 1, 9, 1, NULL, paper, debiased), VR_EARG);
  set_free(&s);
}

static void failing_memory(void **state)
{
  (void)state;
  vr_rng r = vr_rng_new(9, 0, 0);
  set s = {0};
  int code;
  double paper[10], debiased[10];
  unrelated(&s, LAYERS, 6, &r);
  const vr_cka_hand hand = {LAYERS, 1, s.x, s.g};
  VR_FAIL_EACH_ALLOCATION(
    code, code = vr_cka_deal(&hand, &(vr_cka_pair){1, LAYERS}, 1, 10, 1, NULL, paper, debiased), );
  set_free(&s);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(against_numpy),
    cmocka_unit_test(sides),
    cmocka_unit_test(constant),
    cmocka_unit_test(calibration),
    cmocka_unit_test(whole_layers),
    cmocka_unit_test(planted),
    cmocka_unit_test(refusals),
    cmocka_unit_test(failing_memory),
  };
  return cmocka_run_group_tests_name("cka_deal", tests, NULL, NULL);
}
