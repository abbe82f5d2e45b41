/* jPCA: three rotations in 40 dimensions are found with their frequencies and planes; the skew fit
 * solves its equation; the null rejects unstructured data as often as it says. Further values are
 * those of the public port, by tests/ref/jpca.py. */
#include "../test.h"
#include "ana/jpca.h"
#include "base/rng.h"
#include "num/lin.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { UNITS = 40, TRIALS = 12, FRAMES = 200 };
static const double hertz[3] = {6, 3, 1}, radius[3] = {1, 2, 3};

// d orthonormal vectors of n random numbers
static void random_basis(vr_rng *rng, size_t d, size_t n, double *q)
{
  for (size_t k = 0; k < d; k++) {
    for (size_t i = 0; i < n; i++) q[k * n + i] = vr_rng_normal(rng);
    for (size_t l = 0; l < 2 * k + 1; l++) {
      size_t at = l < k ? l : l < 2 * k ? l - k : k;
      double dot = 0;
      for (size_t i = 0; i < n; i++) dot += q[k * n + i] * q[at * n + i];
      for (size_t i = 0; i < n; i++)
        q[k * n + i] = at == k ? q[k * n + i] / sqrt(dot) : q[k * n + i] - dot * q[at * n + i];
    }
  }
}

static void trials_of(vr_trials *tr, size_t n, size_t frames, double rate)
{
  assert_int_equal(vr_trials_resize(tr, n), 0);
  tr->rate = rate;
  for (size_t k = 0; k < n; k++) {
    tr->first[k] = k * frames;
    tr->frames[k] = frames;
  }
}

// three rotations with a phase of its own in each trial; q: 6 x UNITS
static void planted(double *q, vr_mat *x, vr_trials *tr, double noise)
{
  vr_rng rng = vr_rng_new(3, 1, 1);
  trials_of(tr, TRIALS, FRAMES, 50);
  random_basis(&rng, 6, UNITS, q);
  assert_int_equal(vr_mat_resize(x, (size_t)TRIALS * FRAMES, UNITS), 0);
  memset(x->a, 0, x->rows * x->cols * sizeof *x->a);
  for (size_t t = 0; t < TRIALS; t++)
    for (size_t p = 0; p < 3; p++) {
      double phase = 2 * M_PI * vr_rng_uniform(&rng);
      for (size_t f = 0; f < FRAMES; f++) {
        double a = 2 * M_PI * hertz[p] * (double)f / 50 + phase;
        for (size_t i = 0; i < UNITS; i++)
          vr_row(x, t * FRAMES + f)[i] +=
            radius[p] * (cos(a) * q[2 * p * UNITS + i] + sin(a) * q[(2 * p + 1) * UNITS + i]);
      }
    }
  for (size_t i = 0; i < x->rows * x->cols; i++) x->a[i] += 4 + noise * vr_rng_normal(&rng);
}

// share of a jPC that lies in the plane of q
static double inside(const vr_jpca *j, const double *q, size_t jpc)
{
  double in = 0;
  for (size_t a = jpc & ~(size_t)1; a < (jpc | 1) + 1; a++) {
    double dot = 0;
    for (size_t i = 0; i < UNITS; i++) dot += vr_row(&j->loadings, i)[jpc] * q[a * UNITS + i];
    in += dot * dot;
  }
  return in;
}

static void three_rotations(void **state)
{
  (void)state;
  double q[6 * UNITS];
  vr_mat x = {0};
  vr_trials tr = {0};
  vr_jpca j = {0};
  vr_jpca_par par = VR_JPCA_DEFAULTS;
  planted(q, &x, &tr, 0);
  assert_int_equal(vr_jpca_fit(&x, &tr, &par, NULL, &j), 0);
  for (size_t k = 0; k < 3; k++) {
    const vr_jpca_plane *p = j.plane + k;
    assert_true(fabs(p->frequency - hertz[k]) < 1e-9 && fabs(p->turn - hertz[k]) < 1e-9);
    assert_true(fabs(p->peak - hertz[k]) < 0.02);
    assert_true(fabs(p->speed - 100 * tan(M_PI * hertz[k] / 50)) < 1e-9);
    assert_true(fabs(p->share - radius[k] * radius[k] / 14) < 1e-9);
    assert_true(fabs(p->r2 - 1) < 1e-9 && fabs(p->best - 1) < 1e-9);
    assert_true(p->frequency_p == 1.0 / 1001 && p->frequency_null < hertz[k]);
    assert_true(fabs(1 - inside(&j, q, 2 * k)) < 1e-12);
    assert_true(fabs(1 - inside(&j, q, 2 * k + 1)) < 1e-12);
  }
  assert_true(fabs(j.r2 - 1) < 1e-9 && fabs(j.best - 1) < 1e-9);
  assert_true(j.r2_p == 1.0 / 1001 && j.null.rows == 1000 && j.pieces == TRIALS);
  for (size_t a = 0; a < 6; a++)
    for (size_t b = 0; b < 6; b++) {
      double dot = 0;
      for (size_t i = 0; i < UNITS; i++)
        dot += vr_row(&j.loadings, i)[a] * vr_row(&j.loadings, i)[b];
      assert_true(fabs(dot - (a == b)) < 1e-12);
      assert_true(vr_row(&j.matrix, a)[b] == -vr_row(&j.matrix, b)[a]);
    }
  // the first state tells the sine, and only as far as the sums keep the planes apart
  par.first = 1;
  assert_int_equal(vr_jpca_fit(&x, &tr, &par, NULL, &j), 0);
  for (size_t k = 0; k < 3; k++) {
    assert_true(fabs(j.plane[k].frequency - hertz[k]) < 5e-3);
    assert_true(fabs(j.plane[k].speed - 50 * sin(2 * M_PI * hertz[k] / 50)) < 0.05);
  }
  vr_jpca_free(&j);
  vr_trials_free(&tr);
  vr_mat_free(&x);
}

// scores = (x - mean) loadings, spread along the first axis, and as the header says
static void scores_and_scaling(void **state)
{
  (void)state;
  double q[6 * UNITS];
  vr_mat x = {0};
  vr_trials tr = {0};
  vr_jpca j = {0}, k = {0};
  vr_jpca_par par = VR_JPCA_DEFAULTS;
  par.surrogates = 0;
  planted(q, &x, &tr, 0.1);
  assert_int_equal(vr_jpca_fit(&x, &tr, &par, NULL, &j), 0);
  for (size_t t = 0; t < x.rows; t += 77)
    for (size_t c = 0; c < 6; c++) {
      double s = 0;
      for (size_t i = 0; i < UNITS; i++)
        s += (vr_row(&x, t)[i] - j.pca.mean[i]) * vr_row(&j.loadings, i)[c];
      assert_true(fabs(s - vr_row(&j.scores, t)[c]) < 1e-10);
    }
  assert_true(j.gap > 0.5 && j.gap < 1 && !j.null.rows);
  // soft normalisation: another unit of a column changes nothing but its loading
  par.soft = 0;
  assert_int_equal(vr_jpca_fit(&x, &tr, &par, NULL, &j), 0);
  for (size_t t = 0; t < x.rows; t++) vr_row(&x, t)[7] *= 1000;
  assert_int_equal(vr_jpca_fit(&x, &tr, &par, NULL, &k), 0);
  for (size_t p = 0; p < 3; p++) {
    assert_true(fabs(j.plane[p].frequency - k.plane[p].frequency) < 1e-9);
    assert_true(fabs(j.plane[p].share - k.plane[p].share) < 1e-9);
  }
  assert_true(fabs(k.pca.scale[7] / j.pca.scale[7] - 1000) < 1e-6);
  // what is common to all trials is gone
  par = (vr_jpca_par)VR_JPCA_DEFAULTS;
  par.mean = 1;
  for (size_t t = 0; t < x.rows; t++) vr_row(&x, t)[7] = 50 * sin((double)(t % FRAMES));
  assert_int_equal(vr_jpca_fit(&x, &tr, &par, NULL, &j), 0);
  assert_true(fabs(vr_row(&j.loadings, 7)[0]) < 1e-9);
  vr_jpca_free(&j);
  vr_jpca_free(&k);
  vr_trials_free(&tr);
  vr_mat_free(&x);
}

// S M + M S = C - C', and M is skew, for any S and C
static void sylvester(void **state)
{
  (void)state;
  enum { N = 8 };
  double b[N * N], s[N * N] = {0}, c[N * N], scratch[4 * N * N], m[N * N];
  vr_rng rng = vr_rng_new(5, 0, 0);
  for (size_t i = 0; i < N * N; i++) b[i] = vr_rng_normal(&rng), c[i] = vr_rng_normal(&rng);
  for (size_t i = 0; i < N; i++)
    for (size_t k = 0; k < N; k++)
      for (size_t l = 0; l < N; l++) s[i * N + k] += b[i * N + l] * b[k * N + l];
  assert_int_equal(vr_jpca_skew(N, s, c, scratch, m), 0);
  for (size_t i = 0; i < N; i++)
    for (size_t k = 0; k < N; k++) {
      double left = 0;
      for (size_t l = 0; l < N; l++)
        left += s[i * N + l] * m[l * N + k] + m[i * N + l] * s[l * N + k];
      assert_true(fabs(left - (c[i * N + k] - c[k * N + i])) < 1e-12);
      assert_true(m[i * N + k] == -m[k * N + i]);
    }
  memset(s, 0, sizeof s);
  assert_int_equal(vr_jpca_skew(N, s, c, scratch, m), VR_EDATA);
}

static void skew_planes(void **state)
{
  (void)state;
  enum { N = 8 };
  double m[N * N] = {0}, w[N / 2], rows[N * N];
  vr_rng rng = vr_rng_new(6, 0, 0);
  // full; rank 2 (three planes at rest); nothing turns
  for (int kind = 0; kind < 3; kind++) {
    memset(m, 0, sizeof m);
    for (size_t i = 0; i < N && kind < 2; i++)
      for (size_t k = 0; k < i && (!kind || i == 5); k++) {
        m[i * N + k] = vr_rng_normal(&rng);
        m[k * N + i] = -m[i * N + k];
      }
    assert_int_equal(vr_eig_skew(N, m, w, rows), 0);
    for (size_t a = 0; a < N; a++) {
      const double *u = rows + a * N, *v = rows + (a ^ 1) * N, turn = a & 1 ? -w[a / 2] : w[a / 2];
      for (size_t i = 0; i < N; i++) {
        double um = 0;
        for (size_t l = 0; l < N; l++) um += u[l] * m[l * N + i];
        assert_true(fabs(um - turn * v[i]) < 1e-12);
      }
      for (size_t b = 0; b < N; b++) {
        double dot = 0;
        for (size_t i = 0; i < N; i++) dot += u[i] * rows[b * N + i];
        assert_true(fabs(dot - (a == b)) < 1e-12);
      }
    }
    for (size_t k = 1; k < N / 2; k++) assert_true(w[k] <= w[k - 1] && w[k] >= 0);
  }
  assert_int_equal(vr_eig_skew(7, m, w, rows), VR_EARG);
  m[3] = NAN;
  assert_int_equal(vr_eig_skew(N, m, w, rows), VR_ENUM);
}

// values of the public port (soft 5, mean over conditions) on numbers that both can make
static void port(void **state)
{
  (void)state;
  enum { C = 8, T = 30, N = 10 };
  static const double m_row[5] = {0.098106002, 0.068107418, 0.106109412, 0.051106286, 0.085233445};
  static const double eigen[3] = {0.217493167, 0.099279508, 0.025065681},
                      share[3] = {0.281765965, 0.252590972, 0.244238660};
  vr_mat x = {0};
  vr_trials tr = {0};
  vr_jpca j = {0};
  vr_jpca_par par = VR_JPCA_DEFAULTS;
  par.soft = 5;
  par.mean = par.first = 1;
  par.surrogates = 0;
  trials_of(&tr, C, T, 1);
  assert_int_equal(vr_mat_resize(&x, (size_t)C * T, N), 0);
  for (size_t c = 0; c < C; c++)
    for (size_t t = 0; t < T; t++)
      for (size_t n = 0; n < N; n++) {
        double a = (double)c + 1, b = (double)n + 1, s = (double)t;
        vr_row(&x, c * T + t)[n] = 9 * sin(0.2 * s + a * b) + 4 * cos(0.5 * s + 1.7 * a * b * b) +
                                   2 * sin(0.9 * s * (1 + 0.1 * a) + b) + b;
      }
  assert_int_equal(vr_jpca_fit(&x, &tr, &par, NULL, &j), 0);
  for (size_t k = 0; k < 3; k++) {
    assert_true(fabs(j.plane[k].speed - eigen[k]) < 1e-8);
    assert_true(fabs(j.plane[k].share / share[k] - 1) < 1e-7);
  }
  for (size_t k = 0; k < 5; k++)
    assert_true(fabs(fabs(vr_row(&j.matrix, 0)[k + 1]) - m_row[k]) < 1e-8);
  vr_jpca_free(&j);
  vr_trials_free(&tr);
  vr_mat_free(&x);
}

// smooth noise: n walkers with memory, mixed into `units`
static void noise(uint32_t run, vr_mat *x, const vr_trials *tr, size_t units)
{
  enum { HIDDEN = 12 };
  double mix[HIDDEN * 32], a[HIDDEN];
  vr_rng rng = vr_rng_new(11, run, 0);
  for (size_t i = 0; i < HIDDEN * units; i++)
    mix[i] = vr_rng_normal(&rng) * pow(0.8, (double)(i / units));
  assert_int_equal(vr_mat_resize(x, vr_trials_rows(tr), units), 0);
  memset(x->a, 0, x->rows * units * sizeof *x->a);
  for (size_t k = 0; k < tr->n; k++)
    for (size_t t = 0; t < tr->frames[k]; t++)
      for (size_t h = 0; h < HIDDEN; h++) {
        double new = vr_rng_normal(&rng);
        a[h] = t ? 0.9 * a[h] + sqrt(1 - 0.81) * new : new;
        for (size_t i = 0; i < units; i++)
          vr_row(x, tr->first[k] + t)[i] += a[h] * mix[h * units + i];
      }
}

// at 5 %, unstructured data are called rotating in 3 to 7 % of the runs
static void null_is_right(void **state)
{
  (void)state;
  size_t runs = getenv("VR_LONG") ? 1000 : 200, wrong[3] = {0};
  vr_mat x = {0};
  vr_trials tr = {0};
  vr_jpca j = {0};
  vr_jpca_par par = VR_JPCA_DEFAULTS;
  par.surrogates = 199;
  trials_of(&tr, 16, 80, 50);
  for (uint32_t r = 0; r < runs; r++) {
    noise(r, &x, &tr, 16);
    par.seed = r + 1;
    assert_int_equal(vr_jpca_fit(&x, &tr, &par, NULL, &j), 0);
    wrong[0] += j.r2_p <= 0.05;
    wrong[1] += j.plane[0].frequency_p <= 0.05;
    wrong[2] += j.plane[0].share_p <= 0.05;
  }
  for (size_t i = 0; i < 3; i++) {
    print_message("rejected: %zu of %zu\n", wrong[i], runs);
    assert_in_range(wrong[i] * 100, 3 * runs, 7 * runs);
  }
  vr_jpca_free(&j);
  vr_trials_free(&tr);
  vr_mat_free(&x);
}

static void threads(void **state)
{
  (void)state;
  double q[6 * UNITS];
  vr_mat x = {0};
  vr_trials tr = {0};
  vr_jpca j = {0}, k = {0};
  vr_pool pool = {.threads = 4};
  vr_jpca_par par = VR_JPCA_DEFAULTS;
  par.surrogates = 100;
  par.piece = 1;
  planted(q, &x, &tr, 1);
  assert_int_equal(vr_jpca_fit(&x, &tr, &par, NULL, &j), 0);
  assert_int_equal(vr_jpca_fit(&x, &tr, &par, &pool, &k), 0);
  assert_int_equal(j.pieces, TRIALS * 4);
  assert_memory_equal(j.scores.a, k.scores.a, j.scores.rows * 6 * sizeof(double));
  assert_memory_equal(j.null.a, k.null.a, 100 * 7 * sizeof(double));
  assert_memory_equal(j.plane, k.plane, sizeof j.plane);
  vr_jpca_free(&j);
  vr_jpca_free(&k);
  vr_trials_free(&tr);
  vr_mat_free(&x);
}

static void refused(void **state)
{
  (void)state;
  vr_mat x = {0};
  vr_trials tr = {0};
  vr_jpca j = {0};
  vr_jpca_par par = VR_JPCA_DEFAULTS, odd = {.n = 5, .soft = -1}, many = {.n = 18, .soft = -1};
  trials_of(&tr, 4, 30, 50);
  noise(1, &x, &tr, 16);
  assert_int_equal(vr_jpca_fit(&x, &tr, &odd, NULL, &j), VR_EARG);
  assert_int_equal(vr_jpca_fit(&x, &tr, &many, NULL, &j), VR_EDATA);
  // fewer dimensions than components
  many.n = 14;
  assert_int_equal(vr_jpca_fit(&x, &tr, &many, NULL, &j), VR_EDATA);
  // few frames: a fit, but no null
  assert_int_equal(vr_jpca_fit(&x, &tr, &par, NULL, &j), 0);
  assert_true(!j.null.rows && j.pieces == 20 && j.shortest == 6);
  trials_of(&tr, 120, 1, 50);
  assert_int_equal(vr_jpca_fit(&x, &tr, &par, NULL, &j), VR_EDATA);
  trials_of(&tr, 2, 60, 50);
  tr.frames[0] = 50;
  tr.first[1] = 50;
  tr.frames[1] = 70;
  par.mean = 1;
  assert_int_equal(vr_jpca_fit(&x, &tr, &par, NULL, &j), VR_EDATA);
  par.mean = 0;
  par.piece = 0.5;
  par.surrogates = 20;
  int code;
  par.soft = 1;
  VR_FAIL_EACH_ALLOCATION(code, code = vr_jpca_fit(&x, &tr, &par, NULL, &j), vr_jpca_free(&j));
  vr_trials_free(&tr);
  vr_mat_free(&x);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(three_rotations),
    cmocka_unit_test(scores_and_scaling),
    cmocka_unit_test(sylvester),
    cmocka_unit_test(skew_planes),
    cmocka_unit_test(port),
    cmocka_unit_test(null_is_right),
    cmocka_unit_test(threads),
    cmocka_unit_test(refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
