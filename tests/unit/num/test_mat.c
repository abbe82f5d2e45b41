#include "../test.h"
#include "num/mat.h"
#include <math.h>

static void matrices(void **state)
{
  (void)state;
  vr_mat m = {0}, copy = {0};
  assert_int_equal(vr_mat_resize(&m, 3, 4), 0);
  vr_row(&m, 2)[3] = 5;
  assert_true(m.a[11] == 5);
  assert_int_equal(vr_mat_copy(&copy, &m), 0);
  assert_true(copy.rows == 3 && copy.cols == 4 && copy.a[11] == 5);
  double *kept = m.a;
  assert_int_equal(vr_mat_resize(&m, 2, 5), 0); // fits: memory is kept
  assert_ptr_equal(m.a, kept);
  assert_int_equal(vr_mat_resize(&m, SIZE_MAX / 2, 4), VR_EMEM);
  assert_true(m.rows == 2 && m.cols == 5 && m.a == kept);
  vr_mat_free(&m);
  vr_mat_free(&copy);
  assert_null(m.a);
}

static void trials(void **state)
{
  (void)state;
  vr_trials t = {0};
  assert_int_equal(vr_trials_single(&t, 100, 50), 0);
  assert_true(t.n == 1 && t.first[0] == 0 && t.frames[0] == 100 && t.rate == 50);
  assert_int_equal(vr_trials_resize(&t, 3), 0);
  t.frames[0] = 5, t.frames[1] = 9, t.frames[2] = 2;
  assert_int_equal(vr_trials_rows(&t), 16);
  assert_int_equal(vr_trials_longest(&t), 9);
  vr_trials_free(&t);
}

static void bad_numbers(void **state)
{
  (void)state;
  double a[3] = {1, 2, NAN};
  float b[3] = {1, INFINITY, NAN}, good[2] = {1, 2};
  assert_int_equal(vr_find_bad(a, 3), 2);
  assert_int_equal(vr_find_bad(a, 2), 2);
  assert_int_equal(vr_find_badf(b, 3), 1);
  assert_int_equal(vr_find_badf(good, 2), 2);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(matrices),
    cmocka_unit_test(trials),
    cmocka_unit_test(bad_numbers),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
