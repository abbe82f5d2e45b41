/* plot_ablation.c -- success over the number of units that are held or driven, a line a layer. */
#include "base/err.h"
#include "base/mem.h"
#include "cli/plot.h"
#include <math.h>
#include <string.h>

#define GROUP "/ablation"

/* What vr-ablate has written; layers x levels x sets. */
typedef struct {
  size_t layers, levels, sets;
  char **layer;
  int32_t *level;
  vr_mat share, low, high;
} ablation;

static void ablation_free(ablation *a)
{
  vr_release(a->layer);
  vr_release(a->level);
  vr_mat_free(&a->share);
  vr_mat_free(&a->low);
  vr_mat_free(&a->high);
}

static int get(const vr_turn *t, const char *path, const ablation *a, vr_mat *m)
{
  VR_TRY(vr_get_mat(t, path, m));
  if (m->rows != a->layers || m->cols != a->levels * a->sets)
    return vr_fail(VR_EDATA, "%s: does not fit " GROUP "/layer, level and set", path);
  return 0;
}

static int read_ablation(const vr_turn *t, ablation *a)
{
  char **set;
  if (!vr_turn_has(t, GROUP "/share"))
    return vr_fail(VR_EDATA, GROUP "/share: is not there: run vr-ablate first");
  VR_TRY(vr_get_strings(t, GROUP "/set", &set, &a->sets));
  vr_release(set);
  VR_TRY(vr_get_strings(t, GROUP "/layer", &a->layer, &a->layers));
  VR_TRY(vr_get_ints(t, GROUP "/level", &a->level, &a->levels));
  if (!a->layers || !a->levels || !a->sets)
    return vr_fail(VR_EDATA, GROUP "/share: there is nothing in it");
  VR_TRY(get(t, GROUP "/share", a, &a->share));
  VR_TRY(get(t, GROUP "/low", a, &a->low));
  return get(t, GROUP "/high", a, &a->high);
}

/* The ranked units with their intervals; the layers stand a little apart. */
static void ranked(const ablation *a, vr_figure *f)
{
  double first = a->level[0], last = a->level[a->levels - 1], width = last - first;
  vr_str_addf(
    &f->code, "set xrange [%.6g:%.6g]\n", first - 0.04 * width - 0.5, last + 0.04 * width + 0.5);
  vr_figure_data(f, "TRACE");
  for (size_t i = 0; i < a->layers; i++) {
    double aside = 0.006 * width * ((double)i - (double)(a->layers - 1) / 2);
    if (i) vr_str_add(&f->code, "\n\n");
    for (size_t k = 0; k < a->levels; k++) {
      size_t at = k * a->sets;
      vr_str_addf(&f->code, "%.6g\t%.6g\t%.6g\t%.6g\n", (double)a->level[k] + aside,
        vr_row(&a->share, i)[at], vr_row(&a->low, i)[at], vr_row(&a->high, i)[at]);
    }
  }
  vr_figure_data_end(f);
}

/* The mean of the controls. */
static void controls(const ablation *a, vr_figure *f)
{
  vr_figure_data(f, "CONTROL");
  for (size_t i = 0; i < a->layers && a->sets > 1; i++) {
    if (i) vr_str_add(&f->code, "\n\n");
    for (size_t k = 0; k < a->levels; k++) {
      double sum = 0;
      for (size_t s = 1; s < a->sets; s++) sum += vr_row(&a->share, i)[k * a->sets + s];
      vr_str_addf(&f->code, "%d\t%.6g\n", a->level[k], sum / (double)(a->sets - 1));
    }
  }
  vr_figure_data_end(f);
}

/* "second-tap of first-tap", from the attributes. */
static int axis_text(const vr_turn *t, vr_figure *f)
{
  const vr_h5 *h = vr_turn_find(t, GROUP "/share");
  char *success = NULL, *attempt = NULL, *mode = NULL;
  vr_str text = {0};
  int code = vr_h5_get_attr_str(h, GROUP "/share", "success", &success);
  if (!code) code = vr_h5_get_attr_str(h, GROUP "/share", "attempt", &attempt);
  if (!code) code = vr_h5_get_attr_str(h, GROUP "/share", "mode", &mode);
  if (!code) {
    int trials = !strcmp(attempt, "trial");
    vr_str_addf(&text, "share of %.60s%s with %.60s", attempt, trials ? "s" : "", success);
    vr_figure_text(f, "YLABEL", vr_str_get(&text));
    vr_figure_text(f, "XLABEL", strcmp(mode, "drive") ? "units held" : "units driven");
    code = vr_str_ok(&text);
  }
  vr_str_free(&text);
  vr_release(success);
  vr_release(attempt);
  vr_release(mode);
  return code;
}

int vr_plot_ablation(
  const vr_turn *t, const char *const *data, size_t n, const vr_plot_par *par, vr_figure *f)
{
  (void)data;
  (void)n;
  (void)par;
  ablation a = {0};
  uint32_t *colour = NULL;
  double frames = 1;
  int code = read_ablation(t, &a);
  if (!code) code = vr_alloc(&colour, a.layers, sizeof *colour);
  if (!code) code = axis_text(t, f);
  if (!code)
    code = vr_h5_get_attr_num(
      vr_turn_find(t, GROUP "/share"), GROUP "/share", "trained_frames", &frames);
  if (!code) {
    // a figure says so where nothing was learned
    if (!f->title && !(frames > 0)) f->title = "untrained network";
    for (size_t i = 0; i < a.layers; i++) colour[i] = vr_palette(i);
    vr_plot_frame m = vr_plot_margins(f, 1, a.layer, a.layers);
    vr_plot_set_margins(f, &m);
    vr_figure_number(f, "LEGEND", (double)a.layers);
    vr_figure_texts(f, "NAME", a.layer, a.layers);
    vr_figure_colours(f, "COLOUR", colour, a.layers);
    vr_figure_number(f, "CONTROLS", a.sets > 1 ? (double)a.layers : 0);
    ranked(&a, f);
    controls(&a, f);
  }
  vr_release(colour);
  ablation_free(&a);
  return code;
}
