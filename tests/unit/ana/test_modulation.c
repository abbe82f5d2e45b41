#include "ana/modulation.h"
#include "../test.h"
#include <math.h>

enum { FRAMES = 1000, UNITS = 5, LENGTH = 20 };

/* Units 1 and 3 are 1 within the windows, 3 with the other sign half of the time; unit 4 is 2 there; 0 is
 * 0 everywhere; 2 never changes. */
static void fill(vr_matf *x, const vr_windows *w)
{
  assert_int_equal(vr_matf_resize(x, FRAMES, UNITS), 0);
  for (size_t i = 0; i < FRAMES * UNITS; i++) x->a[i] = i % UNITS == 2 ? 7 : 0;
  for (size_t k = 0; k < w->n; k++)
    for (size_t t = 0; t < w->length; t++) {
      float *row = vr_rowf(x, w->first[k] + t);
      row[1] = 1;
      row[3] = k % 2 ? -1 : 1;
      row[4] = 2;
    }
}

static void scores_are_what_they_should_be(void **state)
{
  (void)state;
  static const size_t first[] = {10, 100, 300, 980};
  vr_windows w = {4, LENGTH, first};
  vr_matf x = {0};
  vr_mat course = {0};
  double score[UNITS], hold[UNITS];
  int32_t order[UNITS];
  fill(&x, &w);
  assert_int_equal(vr_modulation(&x, &w, &course, score, hold, order), 0);
  // a share q of the frames is 1: (1 - q) / sqrt(q - q^2), whatever the scale
  double q = 0.08, z = (1 - q) / sqrt(q - q * q);
  assert_true(score[0] == 0 && score[2] == 0);
  assert_true(fabs(score[1] - z) < 1e-12 && fabs(score[4] - z) < 1e-12);
  assert_true(fabs(score[3]) < 1e-12); // it cancels
  assert_true(fabs(hold[1] - 1) < 1e-12 && fabs(hold[4] - 2) < 1e-12 && fabs(hold[2] - 7) < 1e-12);
  // equal ones in order
  assert_true(order[0] == 1 && order[1] == 4);
  assert_int_equal(course.rows, LENGTH);
  assert_true(fabs(vr_row(&course, 5)[4] - 2) < 1e-12 && fabs(vr_row(&course, 5)[3]) < 1e-12);
  vr_mat_free(&course);
  vr_matf_free(&x);
}

static void windows_have_to_be_there(void **state)
{
  (void)state;
  static const size_t first[] = {10, 981};
  vr_windows w = {1, LENGTH, first}, late = {2, LENGTH, first}, none = {0, LENGTH, first};
  vr_matf x = {0};
  vr_mat course = {0};
  double score[UNITS], hold[UNITS];
  int32_t order[UNITS];
  int code;
  fill(&x, &w);
  assert_int_equal(vr_modulation(&x, &late, &course, score, hold, order), VR_EARG);
  assert_string_equal(vr_errmsg(), "window 1 leaves the 1000 frames");
  assert_int_equal(vr_modulation(&x, &none, &course, score, hold, order), VR_EARG);
  VR_FAIL_EACH_ALLOCATION(code,
    (vr_mat_free(&course), code = vr_modulation(&x, &w, &course, score, hold, order)), (void)0);
  vr_mat_free(&course);
  vr_matf_free(&x);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(scores_are_what_they_should_be),
    cmocka_unit_test(windows_have_to_be_there),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
