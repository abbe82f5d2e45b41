/* Every layout of tests/data/import: shapes and a few numbers, each allocation failing in turn, and
 * what is written of it. */
#include "ana/fill.h"
#include "base/err.h"
#include "base/mem.h"
#include "io/import.h"
#include "io/import_report.h"
#include "io/pose.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const char *path_of(const char *name)
{
  static char path[512];
  const char *src = getenv("SRC");
  snprintf(path, sizeof path, "%.400s/tests/data/import/%.80s", src ? src : ".", name);
  return path;
}

typedef struct {
  const char *name, *kind, *dataset;
  size_t frames, animals, points, dims;
  int conf;
  double rate;
} layout;

static const layout layouts[] = {
  {"dlc.csv", "DeepLabCut csv", NULL, 40, 1, 4, 2, 1, 0},
  {"dlc_pair.csv", "DeepLabCut csv", NULL, 40, 2, 4, 2, 1, 0},
  {"dlc_single.csv", "DeepLabCut csv", NULL, 40, 2, 4, 2, 1, 0},
  {"dlc_jump.csv", "DeepLabCut csv", NULL, 40, 1, 4, 2, 1, 0},
  {"dlc_table.h5", "DeepLabCut HDF5", NULL, 40, 1, 4, 2, 1, 0},
  {"dlc_pair_table.h5", "DeepLabCut HDF5", NULL, 40, 2, 4, 2, 1, 0},
  {"dlc_fixed.h5", "DeepLabCut HDF5", NULL, 40, 1, 4, 2, 1, 0},
  {"dlc_pair_fixed.h5", "DeepLabCut HDF5", NULL, 40, 2, 4, 2, 1, 0},
  {"dlc_3d.h5", "DeepLabCut HDF5", NULL, 40, 1, 4, 3, 0, 0},
  {"sleap.h5", "SLEAP analysis HDF5", NULL, 40, 2, 4, 2, 1, 0},
  {"sleap_standard.h5", "SLEAP analysis HDF5", NULL, 40, 2, 4, 2, 1, 0},
  {"sleap_switch.h5", "SLEAP analysis HDF5", NULL, 40, 5, 4, 2, 0, 0},
  {"project.slp", "SLEAP project", NULL, 40, 2, 4, 2, 1, 0},
  {"pose.nwb", "NWB pose", NULL, 40, 2, 4, 2, 1, 25},
  {"units_pose.nwb", "NWB pose", NULL, 40, 1, 4, 2, 1, 25},
  {"sleap.csv", "SLEAP csv", NULL, 40, 2, 4, 2, 1, 0},
  {"sleap_3d.h5", "sleap-anipose HDF5", NULL, 40, 1, 4, 3, 0, 0},
  {"dannce.mat", "DANNCE MATLAB 7.3", NULL, 40, 1, 4, 3, 1, 0},
  {"anipose.csv", "Anipose csv", NULL, 40, 1, 4, 3, 1, 0},
  {"plain.csv", "plain table", NULL, 40, 1, 4, 2, 1, 0},
  {"plain.tsv", "plain table", NULL, 40, 1, 4, 2, 1, 25},
  {"jabs.h5", "JABS pose HDF5", NULL, 40, 2, 12, 2, 1, 30},
  {"movement.nc", "movement netCDF", NULL, 40, 2, 4, 2, 1, 25},
  {"any.h5", "HDF5 dataset", "/deep/points", 40, 1, 4, 3, 0, 0},
};

static void known(void **state)
{
  (void)state;
  for (size_t i = 0; i < VR_LEN(layouts); i++) {
    const layout *l = &layouts[i];
    vr_import im = {0};
    vr_import_par par = {.dataset = l->dataset};
    if (vr_import_read(path_of(l->name), &par, &im)) fail_msg("%s: %s", l->name, vr_errmsg());
    assert_string_equal(im.kind, l->kind);
    const vr_tracks *k = &im.k;
    if (k->frames != l->frames || k->animals != l->animals || k->points != l->points ||
        k->dims != l->dims || (k->conf != NULL) != l->conf || fabs(k->rate - l->rate) > 1e-9)
      fail_msg("%s: %zu x %zu x %zu x %zu at %g Hz", l->name, k->frames, k->animals, k->points,
        k->dims, k->rate);
    // the recording: its first point, and frames in which that was not seen
    if (k->points == 4) {
      assert_true(*vr_point(k, 0, 0, 0) == 230 && vr_seen(k, 4, 0, 0));
      assert_false(vr_seen(k, 5, 0, 0) || vr_seen(k, 7, 0, 0));
    }
    vr_import_free(&im);
  }
}

static void memory(void **state)
{
  (void)state;
  for (size_t i = 0; i < VR_LEN(layouts); i++) {
    vr_import_par par = {.dataset = layouts[i].dataset, .names = NULL};
    for (long n = 1;; n += 1 + n / 40) {
      vr_import im = {0};
      vr_alloc_fail_at(n);
      int code = vr_import_read(path_of(layouts[i].name), &par, &im);
      vr_alloc_fail_at(0);
      vr_import_free(&im);
      if (!code) break;
      if (n > 100000) fail_msg("%s: it never succeeds", layouts[i].name);
    }
  }
}

/* the whole way into a turn, each allocation failing in turn */
static int write_pair(size_t *rows)
{
  vr_import im = {0};
  vr_import_par par = VR_IMPORT_DEFAULTS;
  vr_stretches trials = {0};
  vr_turn *t = NULL;
  vr_mat m = {0};
  size_t held = 0;
  static const size_t neck[] = {1}, tail[] = {2};
  static const vr_chain chain = {0, 1, 2, VR_ANGLE_BEND};
  char *angle[] = {"nose-neck-tail_base"};
  int bad = vr_import_read(path_of("sleap.h5"), &par, &im);
  im.k.rate = 25;
  if (!bad) bad = vr_split(&im.k, 1, 0, &trials);
  vr_pose_table pose = {.k = &im.k,
    .trials = &trials,
    .axes = {neck, tail, neck, 1, 1, 1},
    .chain = &chain,
    .chain_name = angle,
    .nchains = 1,
    .units = "px",
    .task = "tracked",
    .recording = "pair",
    .subject = im.k.animal};
  if (!bad) bad = vr_turn_new(&t);
  if (!bad) bad = vr_put_pose(t, &pose, &held);
  if (!bad) bad = vr_get_mat(t, "/pose/positions", &m);
  *rows = m.rows;
  vr_mat_free(&m);
  vr_turn_free(t);
  vr_release(trials.list);
  vr_import_free(&im);
  return bad;
}

static void written(void **state)
{
  (void)state;
  size_t rows = 0;
  assert_int_equal(write_pair(&rows), 0);
  assert_int_equal(rows, 80 - 3 - 1 - 2 - 10);
  for (long n = 1;; n += 1 + n / 20) {
    vr_alloc_fail_at(n);
    int code = write_pair(&rows);
    vr_alloc_fail_at(0);
    if (!code) break;
    assert_true(n < 100000);
  }
}

/* cells alone, from the file into a turn */
static int write_cells(size_t *rows, size_t *spikes)
{
  vr_import im = {0};
  vr_import_par par = VR_IMPORT_DEFAULTS;
  vr_sweeps pieces = {0};
  vr_str said = {0};
  vr_turn *t = NULL;
  vr_mat m = {0}, s = {0};
  int bad = vr_import_read(path_of("units.nwb"), &par, &im);
  vr_cells_table w = {.cells = &im.cells,
    .intervals = &im.intervals,
    .pieces = &pieces,
    .rate = 50,
    .smooth = 0.05,
    .usual = "recorded",
    .recording = "units",
    .subject = im.subject};
  if (!bad) bad = vr_sweeps_of_cells(&im.cells, &im.intervals, w.rate, &pieces);
  if (!bad) bad = vr_sweeps_drop(&pieces, &im.cells, w.rate, 0.3, &said);
  if (!bad) bad = vr_turn_new(&t);
  if (!bad) bad = vr_put_cell_trials(t, &w);
  if (!bad) bad = vr_put_cells(t, &w, &said);
  if (!bad) bad = vr_get_mat(t, "/neural/CA1/rate", &m);
  if (!bad) bad = vr_get_mat(t, "/spikes/time", &s);
  *rows = m.rows;
  *spikes = s.rows;
  vr_mat_free(&m);
  vr_mat_free(&s);
  vr_turn_free(t);
  vr_str_free(&said);
  vr_release(pieces.list);
  vr_import_free(&im);
  return bad;
}

static void cells(void **state)
{
  (void)state;
  size_t rows = 0, spikes = 0;
  assert_int_equal(write_cells(&rows, &spikes), 0);
  // trials of 1.5, 1.5 - 0.5 and 0.99 s, the second one cut where a cell was not observed
  assert_int_equal(rows, 75 + 50 + 49);
  assert_int_equal(spikes, 155 - 70);
  for (long n = 1;; n += 1 + n / 20) {
    vr_alloc_fail_at(n);
    int code = write_cells(&rows, &spikes);
    vr_alloc_fail_at(0);
    if (!code) break;
    assert_true(n < 100000);
  }
}

/* regions and names of the cells, and which stay */
static void kept_cells(void **state)
{
  (void)state;
  vr_import im = {0};
  vr_import_par par = {.cells = "M1__left,u12"};
  assert_int_equal(vr_import_read(path_of("units.nwb"), &par, &im), 0);
  const vr_units *c = &im.cells;
  assert_int_equal(c->n, 2);
  assert_string_equal(c->name[0], "u11");
  assert_string_equal(c->region[0], "M1__left");
  assert_string_equal(c->region[1], "CA1");
  assert_true(c->first[1] - c->first[0] == 54 && c->first[2] == c->first[1]);
  assert_true(c->time[0] == 0 && c->time[53] == 5.088);
  assert_true(c->seen_first[1] == 2 && c->seen[2] == 2.5);
  vr_import_free(&im);
  par.cells = "u13,CA2";
  assert_int_equal(vr_import_read(path_of("units.nwb"), &par, &im), VR_EARG);
  vr_import_free(&im);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(known), cmocka_unit_test(memory),
    cmocka_unit_test(written), cmocka_unit_test(cells), cmocka_unit_test(kept_cells)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
