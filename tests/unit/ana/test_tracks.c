/* Tracks: sizes, names, gaps of the frame numbers, choice and joining of tracks, axes. */
#include "ana/tracks.h"
#include "ana/names.h"
#include "base/err.h"
#include "base/mem.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

static char *names[] = {"nose", "neck", "Tail"};

static void make(vr_tracks *k, size_t frames, size_t animals, int conf)
{
  assert_int_equal(vr_tracks_alloc(k, frames, animals, 3, 2, conf), 0);
  char *animal[] = {"a", "b", "c", "d"};
  vr_release(k->point);
  vr_release(k->animal);
  assert_int_equal(vr_names_copy(names, 3, &k->point), 0);
  assert_int_equal(vr_names_copy(animal, animals, &k->animal), 0);
}

/* all points of animal a at (x, 0) in frames from .. to - 1 */
static void place(vr_tracks *k, size_t a, size_t from, size_t to, double x)
{
  for (size_t t = from; t < to; t++)
    for (size_t p = 0; p < k->points; p++) {
      vr_point(k, t, a, p)[0] = x;
      vr_point(k, t, a, p)[1] = 0;
    }
}

static void sizes(void **state)
{
  (void)state;
  vr_tracks k = {0};
  assert_int_equal(vr_tracks_alloc(&k, 0, 1, 1, 2, 0), VR_EDATA);
  assert_int_equal(vr_tracks_alloc(&k, 1, 1, 1, 4, 0), VR_EDATA);
  assert_int_equal(vr_tracks_alloc(&k, SIZE_MAX / 4, 1000, 1000, 2, 0), VR_EDATA);
  for (long i = 1; i <= 2; i++) {
    vr_alloc_fail_at(i);
    assert_int_equal(vr_tracks_alloc(&k, 4, 1, 1, 2, 1), VR_EMEM);
  }
  vr_alloc_fail_at(0);
  vr_tracks_free(&k);
}

static void of_names(void **state)
{
  (void)state;
  size_t *place_of, n;
  assert_int_equal(vr_names_check(names, 3, "point"), 0);
  char *twice[] = {"a", "b", "a"}, *empty[] = {"a", ""};
  assert_int_equal(vr_names_check(twice, 3, "point"), VR_EDATA);
  assert_int_equal(vr_names_check(empty, 2, "point"), VR_EDATA);
  assert_int_equal(vr_names_pick(names, 3, "tail,nose", ",", &place_of, &n), 0);
  assert_true(n == 2 && place_of[0] == 2 && place_of[1] == 0);
  vr_release(place_of);
  assert_int_equal(vr_names_pick(names, 3, "nose,nack", ",", &place_of, &n), VR_EARG);
  assert_non_null(strstr(vr_errmsg(), "did you mean neck"));
}

static void spread(void **state)
{
  (void)state;
  vr_tracks k = {0};
  size_t added;
  make(&k, 3, 1, 1);
  for (size_t t = 0; t < 3; t++) place(&k, 0, t, t + 1, (double)t);
  const double jump[] = {7, 8, 11}, back[] = {7, 7, 8}, half[] = {7, 7.5, 8}, far[] = {0, 1, 1e6};
  assert_int_equal(vr_tracks_spread(&k, back, &added), VR_EDATA);
  assert_int_equal(vr_tracks_spread(&k, half, &added), VR_EDATA);
  assert_int_equal(vr_tracks_spread(&k, far, &added), VR_EDATA);
  assert_int_equal(vr_tracks_spread(&k, jump, &added), 0);
  assert_true(added == 2 && k.frames == 5 && k.first == 7);
  assert_true(vr_seen(&k, 1, 0, 0) && !vr_seen(&k, 2, 0, 0) && !vr_seen(&k, 3, 0, 2));
  assert_true(*vr_point(&k, 4, 0, 1) == 2 && isnan(*vr_conf(&k, 2, 0, 0)));
  vr_tracks_free(&k);
}

static void points(void **state)
{
  (void)state;
  vr_tracks k = {0};
  make(&k, 2, 1, 0);
  assert_int_equal(vr_alloc(&k.edge, 4, sizeof *k.edge), 0);
  memcpy(k.edge, (size_t[]){0, 1, 1, 2}, 4 * sizeof *k.edge);
  k.nedges = 2;
  place(&k, 0, 0, 2, 1);
  vr_point(&k, 1, 0, 2)[0] = 5;
  assert_int_equal(vr_tracks_points(&k, (size_t[]){2, 1}, 2), 0);
  assert_true(k.points == 2 && *vr_point(&k, 1, 0, 0) == 5 && k.nedges == 1);
  assert_true(k.edge[0] == 1 && k.edge[1] == 0);
  assert_string_equal(k.point[0], "Tail");
  assert_int_equal(vr_tracks_points(&k, NULL, 0), VR_EARG);
  vr_tracks_free(&k);
}

static void confidence(void **state)
{
  (void)state;
  vr_tracks k = {0};
  size_t count[3] = {0};
  make(&k, 2, 1, 1);
  place(&k, 0, 0, 2, 1);
  for (size_t p = 0; p < 3; p++) *vr_conf(&k, 0, 0, p) = 0.3 * (double)(p + 1);
  vr_tracks_confident(&k, 0.6, count); // NaN counts as no confidence
  assert_true(count[0] == 2 && count[1] == 1 && count[2] == 1);
  assert_true(!vr_seen(&k, 0, 0, 0) && vr_seen(&k, 0, 0, 1) && !vr_seen(&k, 1, 0, 1));
  vr_tracks_free(&k);
}

static void joining(void **state)
{
  (void)state;
  vr_tracks k = {0};
  vr_track_fate fate[4];
  // a: 0-6 at 0, b: 0-9 at 10, c: 7-9 at 1 (a goes on), d: 3-4 at 0 (overlaps both)
  for (int merge = 0; merge < 2; merge++) {
    make(&k, 10, 4, 0);
    place(&k, 0, 0, 6, 0);
    place(&k, 1, 0, 10, 10);
    place(&k, 2, 7, 10, 1);
    place(&k, 3, 3, 5, 0);
    assert_int_equal(vr_tracks_animals(&k, 2, merge, fate), 0);
    assert_true(k.animals == 2 && fate[0].into == 0 && fate[1].into == 1);
    assert_true(fate[2].into == (merge ? 0 : SIZE_MAX) && fate[3].into == SIZE_MAX);
    assert_true(fate[0].covered == 6 && fate[3].covered == 2);
    assert_true(*vr_point(&k, 2, 0, 0) == 0 && !vr_seen(&k, 6, 0, 0));
    if (merge)
      assert_true(*vr_point(&k, 8, 0, 0) == 1);
    else
      assert_false(vr_seen(&k, 8, 0, 0));
    assert_string_equal(k.animal[1], "b");
  }
  // the nearer end wins: c could join a or b
  make(&k, 10, 3, 0);
  place(&k, 0, 0, 6, 0);
  place(&k, 1, 0, 7, 10);
  place(&k, 2, 7, 10, 9);
  assert_int_equal(vr_tracks_animals(&k, 2, 1, fate), 0);
  assert_true(fate[2].into == 1);
  assert_int_equal(vr_tracks_animals(&k, 0, 1, fate), VR_EARG);
  vr_tracks_free(&k);
}

static void turning(void **state)
{
  (void)state;
  // whatever points up comes to z, and no mirror: the axes keep their handedness
  static const double ups[][3] = {[VR_UP_Z] = {0, 0, 1},
    [VR_UP_MZ] = {0, 0, -1},
    [VR_UP_Y] = {0, 1, 0},
    [VR_UP_MY] = {0, -1, 0},
    [VR_UP_X] = {1, 0, 0},
    [VR_UP_MX] = {-1, 0, 0}};
  vr_tracks k = {0};
  assert_int_equal(vr_tracks_alloc(&k, 1, 1, 4, 3, 0), 0);
  for (int up = VR_UP_Z; up <= VR_UP_MX; up++) {
    memcpy(k.x, (double[]){1, 0, 0, 0, 1, 0, 0, 0, 1}, 9 * sizeof *k.x);
    memcpy(k.x + 9, ups[up], 3 * sizeof *k.x);
    vr_tracks_upright(&k, up);
    assert_true(k.x[9] == 0 && k.x[10] == 0 && k.x[11] == 1);
    const double *m = k.x;
    double det = m[0] * (m[4] * m[8] - m[5] * m[7]) - m[1] * (m[3] * m[8] - m[5] * m[6]) +
                 m[2] * (m[3] * m[7] - m[4] * m[6]);
    assert_true(det == 1);
  }
  vr_tracks_free(&k);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(sizes), cmocka_unit_test(of_names),
    cmocka_unit_test(spread), cmocka_unit_test(points), cmocka_unit_test(confidence),
    cmocka_unit_test(joining), cmocka_unit_test(turning)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
