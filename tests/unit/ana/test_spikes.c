/* Spikes: found where they were put, nowhere else; scale and motion of the whole do not matter. */
#include "ana/spikes.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/rng.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

enum { N = 500 };

/* two points that jitter by 1 while they run; the second has spikes of 30 in three frames */
static void make(vr_tracks *k, double scale, double speed)
{
  vr_rng r = vr_rng_new(3, 0, 0);
  assert_int_equal(vr_tracks_alloc(k, N, 1, 2, 2, 0), 0);
  for (size_t t = 0; t < N; t++)
    for (size_t p = 0; p < 2; p++)
      for (size_t i = 0; i < 2; i++)
        vr_point(k, t, 0, p)[i] = scale * (vr_rng_normal(&r) + speed * (double)t);
  static const size_t at[] = {50, 51, 300};
  for (size_t i = 0; i < 3; i++) vr_point(k, at[i], 0, 1)[i == 1] += scale * 60;
}

static void found(void **state)
{
  (void)state;
  size_t count[2];
  for (int i = 0; i < 3; i++) {
    vr_tracks k = {0};
    make(&k, i == 1 ? 1e-3 : 1, i == 2 ? 5 : 0);
    assert_int_equal(vr_spikes(&k, 10, 0, count), 0);
    assert_true(count[0] == 0 && count[1] >= 2 && count[1] <= 3);
    assert_true(vr_seen(&k, 300, 0, 1));
    assert_int_equal(vr_spikes(&k, 10, 1, count), 0);
    assert_false(vr_seen(&k, 300, 0, 1));
    assert_true(vr_seen(&k, 299, 0, 1) && vr_seen(&k, 301, 0, 1) && vr_seen(&k, 300, 0, 0));
    vr_tracks_free(&k);
  }
}

static void edges(void **state)
{
  (void)state;
  vr_tracks k = {0};
  size_t count[2];
  make(&k, 1, 0);
  assert_int_equal(vr_spikes(&k, 0, 0, count), VR_EARG);
  vr_alloc_fail_at(1);
  assert_int_equal(vr_spikes(&k, 10, 0, count), VR_EMEM);
  vr_alloc_fail_at(0);
  // at rest, and never seen: nothing to compare with
  for (size_t t = 0; t < N; t++) vr_point(&k, t, 0, 0)[0] = vr_point(&k, t, 0, 0)[1] = 3;
  for (size_t t = 0; t < N; t++) vr_point(&k, t, 0, 1)[0] = vr_point(&k, t, 0, 1)[1] = NAN;
  assert_int_equal(vr_spikes(&k, 10, 1, count), 0);
  assert_true(count[0] == 0 && count[1] == 0);
  k.frames = 1;
  assert_int_equal(vr_spikes(&k, 10, 1, NULL), 0);
  vr_tracks_free(&k);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(found), cmocka_unit_test(edges)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
