#include "ana/kinematics.h"
#include "base/err.h"
#include "base/mem.h"
#include "num/fft.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

enum { M = 3, NFREQ = 10, COLS = M * NFREQ, N = 6 };

typedef struct {
  vr_mat x, scores, raw;
  vr_matf rawf;
  size_t next, next_raw; /* results must come in order */
  int exact;
} rig;

static int rig_read(void *ctx, size_t first, size_t rows, double *x)
{
  rig *r = ctx;
  if (first + rows > r->x.rows) return vr_fail(VR_EARG, "rows beyond the end");
  memcpy(x, vr_row(&r->x, first), rows * M * sizeof *x);
  return 0;
}

static int rig_scores(void *ctx, size_t first, size_t rows, const double *scores)
{
  rig *r = ctx;
  if (first != r->next) return vr_fail(VR_EARG, "out of order");
  memcpy(vr_row(&r->scores, first), scores, rows * N * sizeof *scores);
  r->next += rows;
  return 0;
}

static int rig_raw(void *ctx, size_t first, size_t rows, const void *amp)
{
  rig *r = ctx;
  if (first != r->next_raw) return vr_fail(VR_EARG, "out of order");
  if (r->exact)
    memcpy(vr_row(&r->raw, first), amp, rows * COLS * sizeof(double));
  else
    memcpy(vr_rowf(&r->rawf, first), amp, rows * COLS * sizeof(float));
  r->next_raw += rows;
  return 0;
}

/* `trials` trials of different lengths, of which the last is cut in windows when `long_one` */
static void rig_new(rig *r, vr_trials *tr, size_t trials, int long_one)
{
  *r = (rig){0};
  size_t rows = 0;
  assert_int_equal(vr_trials_resize(tr, trials), 0);
  tr->rate = 50;
  for (size_t k = 0; k < trials; k++) {
    tr->first[k] = rows;
    rows += tr->frames[k] = long_one && k + 1 == trials ? 30000 : 100 + 37 * (k % 5);
  }
  assert_int_equal(vr_mat_resize(&r->x, rows, M), 0);
  for (size_t t = 0; t < rows; t++)
    for (size_t j = 0; j < M; j++) {
      double s = (double)t / 50, a = sin(0.05 * s + (double)j);
      vr_row(&r->x, t)[j] = a * sin(6.28 * 2.3 * (double)(j + 1) * s) + cos(6.28 * 1.1 * s + a);
    }
  assert_int_equal(vr_mat_resize(&r->scores, rows, N), 0);
  assert_int_equal(vr_mat_resize(&r->raw, rows, COLS), 0);
  assert_int_equal(vr_matf_resize(&r->rawf, rows, COLS), 0);
}

static void rig_free(rig *r, vr_trials *tr)
{
  vr_mat_free(&r->x);
  vr_mat_free(&r->scores);
  vr_mat_free(&r->raw);
  vr_matf_free(&r->rawf);
  vr_trials_free(tr);
}

static int rig_run(
  rig *r, const vr_trials *tr, int fit, int raw, size_t cache, const vr_pool *pool, vr_pca *b)
{
  vr_wavelet_par wp = VR_WAVELET_DEFAULTS;
  vr_pca_par par = {.n = N};
  vr_kinematics_io io = {rig_read, rig_scores, raw ? rig_raw : NULL, r};
  vr_kinematics_room room = {.most = cache};
  vr_waves *w;
  wp.nfreq = NFREQ;
  wp.high = 20;
  wp.exact = r->exact;
  r->next = r->next_raw = 0;
  VR_TRY(vr_waves_new(&wp, tr->rate, &w));
  int code = vr_kinematics(w, tr, M, &par, fit, &io, &room, pool, b);
  vr_release(room.block);
  vr_waves_free(w);
  return code;
}

/* wavelets, then PCA, with everything in memory */
static void reference(const rig *r, const vr_trials *tr, vr_pca *b, vr_mat *amp, vr_mat *scores)
{
  vr_wavelet_par wp = VR_WAVELET_DEFAULTS;
  vr_pca_par par = {.n = N};
  wp.nfreq = NFREQ;
  wp.high = 20;
  assert_int_equal(vr_wavelet(&r->x, tr, &wp, NULL, amp), 0);
  assert_int_equal(vr_pca_fit(amp, &par, NULL, b), 0);
  assert_int_equal(vr_pca_project(b, amp, NULL, scores), 0);
}

static double furthest(const double *a, const double *b, size_t n)
{
  double most = 0;
  for (size_t i = 0; i < n; i++) most = fmax(most, fabs(a[i] - b[i]));
  return most;
}

static void equals_the_steps(void **state)
{
  (void)state;
  rig r;
  vr_trials tr = {0};
  vr_mat amp = {0}, scores = {0};
  vr_pca b = {0}, want = {0};
  for (int long_one = 0; long_one < 2; long_one++) {
    rig_new(&r, &tr, 40, long_one);
    reference(&r, &tr, &want, &amp, &scores);
    size_t rows = r.x.rows;
    for (r.exact = 0; r.exact < 2; r.exact++)
      for (int raw = 0; raw < 2; raw++)
        for (int cache = 0; cache < 3; cache++) {
          double eps = r.exact ? 1e-11 : 2e-5;
          // nothing kept, about half, all
          size_t bytes = (size_t)cache * rows * COLS * (r.exact ? 4 : 2);
          assert_int_equal(rig_run(&r, &tr, 1, raw, bytes, NULL, &b), 0);
          assert_int_equal(r.next, rows);
          assert_int_equal(b.rows, rows);
          assert_true(furthest(b.mean, want.mean, COLS) < eps);
          assert_true(furthest(b.variance, want.variance, COLS) < eps);
          assert_true(furthest(b.loadings, want.loadings, N * COLS) < 100 * eps);
          assert_true(furthest(r.scores.a, scores.a, rows * N) < 100 * eps);
          if (raw && r.exact) assert_memory_equal(r.raw.a, amp.a, rows * COLS * sizeof(double));
          for (size_t i = 0; raw && !r.exact && i < rows * COLS; i++)
            assert_true(fabs((double)r.rawf.a[i] - amp.a[i]) < 1e-6);
        }
    rig_free(&r, &tr);
  }
  vr_mat_free(&amp);
  vr_mat_free(&scores);
  vr_pca_free(&b);
  vr_pca_free(&want);
}

static void threads_and_old_bases(void **state)
{
  (void)state;
  rig r, s;
  vr_trials tr = {0}, ts = {0};
  vr_pool pool = {.threads = 4};
  vr_pca b = {0}, c = {0};
  rig_new(&r, &tr, 50, 1);
  rig_new(&s, &ts, 50, 1);
  assert_int_equal(rig_run(&r, &tr, 1, 0, 1 << 20, NULL, &b), 0);
  assert_int_equal(rig_run(&s, &ts, 1, 0, 1 << 20, &pool, &c), 0);
  assert_memory_equal(b.mean, c.mean, COLS * (N + 3) * sizeof(double));
  assert_memory_equal(r.scores.a, s.scores.a, r.x.rows * N * sizeof(double));
  // the same data on the basis they made
  assert_int_equal(rig_run(&s, &ts, 0, 1, 0, &pool, &b), 0);
  assert_true(furthest(r.scores.a, s.scores.a, r.x.rows * N) < 1e-5);
  rig_free(&r, &tr);
  rig_free(&s, &ts);
  vr_pca_free(&b);
  vr_pca_free(&c);
}

static void refused_and_no_memory(void **state)
{
  (void)state;
  rig r;
  vr_trials tr = {0};
  vr_pca b = {0};
  vr_pool pool = {.threads = 2};
  rig_new(&r, &tr, 20, 0);
  assert_int_equal(vr_pca_alloc(&b, COLS + 1, N), 0);
  assert_int_equal(rig_run(&r, &tr, 0, 0, 0, NULL, &b), VR_EARG);
  int code = VR_EMEM;
  long fail = 1;
  for (; code; fail++) {
    vr_fft_forget();
    vr_alloc_fail_at(fail);
    code = rig_run(&r, &tr, 1, 1, 1 << 16, &pool, &b);
    assert_true(code == 0 || code == VR_EMEM);
    vr_alloc_fail_at(0);
  }
  assert_true(fail > 30);
  tr.n = 0;
  assert_int_equal(rig_run(&r, &tr, 1, 0, 0, NULL, &b), VR_EDATA);
  vr_pca_free(&b);
  rig_free(&r, &tr);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(equals_the_steps),
    cmocka_unit_test(threads_and_old_bases),
    cmocka_unit_test(refused_and_no_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
