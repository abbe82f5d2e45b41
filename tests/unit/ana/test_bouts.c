/* Bouts, smoothing of labels, dwell times, means over labels and purity. */
#include "ana/bouts.h"
#include "ana/purity.h"
#include "ana/regions.h"
#include "base/err.h"
#include "base/mem.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

static void near_to(double x, double want, double tol)
{
  if (!(fabs(x - want) <= tol)) fail_msg("%.17g is not within %g of %.17g", x, tol, want);
}

static size_t first[] = {0, 8, 8}, frames[] = {8, 0, 6};
static const vr_trials trials = {3, first, frames, 50}; // the second trial is empty
static const int32_t label[14] = {1, 1, 0, 2, 2, 2, 1, 3, /**/ 3, 3, 0, 0, 1, 1};

static void runs(void **state)
{
  (void)state;
  vr_bouts b = {0};
  assert_int_equal(vr_bouts_find(label, &trials, 1, &b), 0);
  static const int32_t l[] = {1, 2, 1, 3, 3, 1}, t[] = {0, 0, 0, 0, 2, 2};
  static const size_t at[] = {0, 3, 6, 7, 8, 12}, n[] = {2, 3, 1, 1, 2, 2};
  assert_int_equal(b.n, 6); // the 3 at the boundary of trials is two bouts
  for (size_t k = 0; k < b.n; k++) {
    assert_int_equal(b.label[k], l[k]);
    assert_int_equal(b.trial[k], t[k]);
    assert_int_equal(b.first[k], at[k]);
    assert_int_equal(b.frames[k], n[k]);
  }
  int32_t visits[4];
  double mean[4], median[4];
  assert_int_equal(vr_bouts_dwell(&b, 50, 4, visits, mean, median), 0);
  static const int32_t want[] = {3, 1, 2, 0};
  assert_memory_equal(visits, want, sizeof want);
  near_to(mean[0], 5 / 3. / 50, 1e-15);
  near_to(median[0], 2 / 50., 1e-15);
  near_to(median[2], 1.5 / 50, 1e-15);
  assert_true(mean[3] == 0 && median[3] == 0);
  assert_int_equal(vr_bouts_dwell(&b, 0, 4, NULL, NULL, NULL), VR_EARG);
  assert_int_equal(vr_bouts_find(label, &trials, 2, &b), 0);
  assert_int_equal(b.n, 4);
  vr_bouts_free(&b);
}

static void smoothing(void **state)
{
  (void)state;
  int32_t to[14];
  assert_int_equal(vr_bouts_smooth(label, &trials, 3, 0, to), 0);
  assert_memory_equal(to, label, sizeof to);
  assert_int_equal(vr_bouts_smooth(label, &trials, 3, 1, to), 0);
  static const int32_t want[14] = {1, 1, 0, 2, 2, 2, 1, 3, 3, 3, 0, 0, 1, 1};
  assert_memory_equal(to, want, sizeof to);
  // a single odd frame goes, and nothing comes from the next trial
  static const int32_t odd[14] = {1, 1, 1, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2};
  assert_int_equal(vr_bouts_smooth(odd, &trials, 2, 2, to), 0);
  for (int i = 0; i < 14; i++) assert_int_equal(to[i], i < 8 ? 1 : 2);
  // against the definition
  for (size_t half = 1; half < 9; half++) {
    assert_int_equal(vr_bouts_smooth(label, &trials, 3, half, to), 0);
    for (size_t i = 0; i < 14; i++) {
      size_t start = i < 8 ? 0 : 8, end = i < 8 ? 8 : 14, count[4] = {0};
      for (size_t j = start; j < end; j++)
        if (j + half >= i && j <= i + half) count[label[j]]++;
      int32_t best = label[i];
      for (int32_t k = 0; k < 4; k++)
        if (count[k] > count[best]) best = k;
      assert_int_equal(to[i], best);
    }
  }
  assert_int_equal(vr_bouts_smooth(label, &trials, 2, 1, to), VR_EARG);
}

static void means(void **state)
{
  (void)state;
  double a[28];
  for (int i = 0; i < 28; i++) a[i] = i;
  vr_mat x = {14, 2, a, 28}, m = {0};
  int32_t n[4];
  assert_int_equal(vr_label_means(&x, label, 4, &m, n), 0);
  near_to(vr_row(&m, 0)[0], 2 * (0 + 1 + 6 + 12 + 13) / 5., 1e-14);
  near_to(vr_row(&m, 1)[1], 2 * 4 + 1, 1e-14);
  assert_int_equal(n[0], 5);
  assert_int_equal(n[3], 0);
  assert_true(vr_row(&m, 3)[0] == 0);
  vr_mat_free(&m);
}

static void purity(void **state)
{
  (void)state;
  vr_purity r;
  vr_mat count = {0};
  int32_t best[3];
  double share[3];
  // 6, 3 and 1 frames; the last has no counterpart
  static const int32_t a[] = {1, 1, 1, 1, 2, 2, 2, 2, 3, 0}, b[] = {1, 1, 1, 2, 2, 2, 2, 2, 0, 1};
  assert_int_equal(vr_purity_of(a, 3, b, 2, 10, &count, best, share, &r), 0);
  assert_int_equal(r.frames, 8);
  near_to(r.purity, 7 / 8., 1e-15);
  near_to(r.chance, 5 / 8., 1e-15);
  near_to(r.balanced, (1 + 4 / 5.) / 2, 1e-15);
  assert_int_equal(best[0], 1);
  assert_int_equal(best[1], 2);
  assert_int_equal(best[2], 0);
  near_to(share[0], 0.75, 1e-15);
  near_to(vr_row(&count, 0)[1], 1, 0);
  double ha = log(2), hb = -(3 / 8. * log(3 / 8.) + 5 / 8. * log(5 / 8.));
  double hab = -(3 / 8. * log(3 / 8.) + 1 / 8. * log(1 / 8.) + 4 / 8. * log(4 / 8.));
  near_to(r.nmi, 2 * (ha + hb - hab) / (ha + hb), 1e-14);
  // a labelling tells itself; a constant one tells nothing
  assert_int_equal(vr_purity_of(a, 3, a, 3, 10, NULL, NULL, NULL, &r), 0);
  near_to(r.purity, 1, 0);
  near_to(r.nmi, 1, 1e-14);
  static const int32_t all[10] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
  assert_int_equal(vr_purity_of(all, 1, b, 2, 10, NULL, NULL, NULL, &r), 0);
  near_to(r.purity, r.chance, 0);
  near_to(r.nmi, 0, 1e-14);
  assert_int_equal(vr_purity_of(a, 2, b, 2, 10, NULL, NULL, NULL, &r), VR_EARG);
  assert_int_equal(vr_purity_of(a, 3, b, 2, 0, NULL, NULL, NULL, &r), 0);
  assert_int_equal(r.frames, 0);
  vr_mat_free(&count);
}

static int everything(void)
{
  vr_bouts b = {0};
  vr_mat m = {0}, x = {14, 1, (double[14]){0}, 14};
  vr_purity r;
  int32_t to[14];
  int code = vr_bouts_smooth(label, &trials, 3, 1, to);
  if (!code) code = vr_bouts_find(to, &trials, 1, &b);
  if (!code) code = vr_bouts_dwell(&b, 50, 3, NULL, NULL, NULL);
  if (!code) code = vr_label_means(&x, to, 3, &m, NULL);
  if (!code) code = vr_purity_of(to, 3, label, 3, 14, NULL, NULL, NULL, &r);
  vr_bouts_free(&b);
  vr_mat_free(&m);
  return code;
}

static void memory_fails(void **state)
{
  (void)state;
  for (long k = 1;; k++) {
    vr_alloc_fail_at(k);
    int code = everything();
    vr_alloc_fail_at(0);
    if (!code) {
      assert_true(k > 5);
      break;
    }
    assert_int_equal(code, VR_EMEM);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(runs),
    cmocka_unit_test(smoothing),
    cmocka_unit_test(means),
    cmocka_unit_test(purity),
    cmocka_unit_test(memory_fails),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
