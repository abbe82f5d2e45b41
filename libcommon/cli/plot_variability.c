/* plot_variability.c -- how much activity varies from one window of vr-align to the next: its sd, and where
 * it is counts, their Fano factor. */
#include "base/err.h"
#include "base/mem.h"
#include "cli/plot_sequence.h"
#include <math.h>
#include <stdio.h>

enum { CURVES = 7 }; // most of one table

/* Lists of equal length, a column each: `lag` and those of `names`, below /sequence/PATH. */
static int read(
  const vr_turn *t, const char *path, const char *const *name, size_t n, vr_mat m[CURVES])
{
  for (size_t k = 0; k < n; k++) {
    VR_TRY(vr_plot_aligned(t, path, name[k], &m[k]));
    if (m[k].rows != m[0].rows || !m[k].rows || m[k].cols != 1)
      return vr_fail(VR_EDATA, "/sequence%.200s: its curves differ in length", path);
  }
  return 0;
}

// columns 0 and the given ones, a line a lag
static void table(vr_figure *f, const char *name, const vr_mat *m, const int *column, size_t n)
{
  vr_figure_data(f, name);
  for (size_t l = 0; l < m[0].rows && n; l++) {
    vr_str_addf(&f->code, "%.6g", m[0].a[l]);
    for (size_t k = 0; k < n; k++) vr_str_addf(&f->code, "\t%.6g", m[column[k]].a[l]);
    vr_str_add(&f->code, "\n");
  }
  vr_figure_data_end(f);
}

static int has(const vr_turn *t, const char *path, const char *name)
{
  char whole[512];
  snprintf(whole, sizeof whole, "/sequence%.300s/%s", path, name);
  return vr_turn_has(t, whole);
}

// the Fano factor of all points, and at matched means
static int draw_fano(const vr_turn *t, const char *path, vr_figure *f)
{
  static const char *const name[CURVES] = {"fano/lag", "fano/factor", "fano/low", "fano/high",
    "fano/matched_factor", "fano/matched_low", "fano/matched_high"};
  static const int raw[] = {1, 2, 3}, same[] = {4, 5, 6};
  vr_mat m[CURVES] = {{0}};
  int curves = has(t, path, name[1]), matched = has(t, path, name[4]);
  vr_figure_number(f, "FANO", curves);
  vr_figure_number(f, "MATCHED", matched);
  int code = curves ? read(t, path, name, matched ? 7 : 4, m) : 0;
  if (!code) table(f, "FACTOR", m, raw, curves ? 3 : 0);
  if (!code) table(f, "FACTOR_MATCHED", m, same, matched ? 3 : 0);
  for (int k = 0; k < CURVES; k++) vr_mat_free(&m[k]);
  return code;
}

static void draw_spread(const vr_mat *m, int null, vr_figure *f)
{
  static const int mean[] = {1}, band[] = {2, 3}, chance[] = {4, 5};
  table(f, "OUTLINE", m, band, 2);
  table(f, "TRACE", m, mean, 1);
  table(f, "NUMBER", m, chance, null ? 2 : 0);
}

int vr_plot_variability(
  const vr_turn *t, const char *const *data, size_t n, const vr_plot_par *par, vr_figure *f)
{
  static const char *const name[] = {
    "lag", "spread", "spread_20", "spread_80", "spread_null", "spread_null_5"};
  static char *const legend[] = {"mean over units", "20 to 80 % of them", "windows by chance",
    "95 % of those are above", "at matched means", "all units", "95 % intervals", "Poisson"};
  const uint32_t light = vr_mix(vr_palette(0), 0xffffff, 0.7);
  const uint32_t colour[] = {vr_palette(0), light, 0x7a7a7a, 0x7a7a7a, vr_palette(0), 0x7a7a7a,
    light, 0x7a7a7a, vr_mix(0x7a7a7a, 0xffffff, 0.75)};
  vr_mat m[CURVES] = {{0}};
  char *path = NULL;
  (void)par;
  VR_TRY(vr_plot_result(t, "/sequence", "spread", "vr-align", n ? data[0] : NULL, &path));
  int null = has(t, path, "spread_null");
  int code = read(t, path, name, null ? 6 : 4, m);
  if (!code) code = vr_plot_lags(t, path, &m[0], f);
  if (!code) {
    vr_plot_frame frame = vr_plot_margins(f, 1, legend, null ? 4 : 2);
    vr_plot_set_margins(f, &frame);
    vr_figure_text(f, "YLABEL", "sd over windows (sd)");
    vr_figure_number(f, "LEGEND", null ? 4 : 2);
    vr_figure_texts(f, "NAME", legend, VR_LEN(legend));
    vr_figure_colours(f, "COLOUR", colour, VR_LEN(colour));
    draw_spread(m, null, f);
    code = draw_fano(t, path, f);
  }
  for (int k = 0; k < CURVES; k++) vr_mat_free(&m[k]);
  vr_release(path);
  return code;
}
