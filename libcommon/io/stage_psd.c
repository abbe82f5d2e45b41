#include "io/stage_psd.h"
#include "ana/pca.h"
#include "ana/psd_peak.h"
#include "base/err.h"
#include "base/mem.h"
#include "io/columns.h"
#include "io/labels.h"
#include <stdio.h>
#include <string.h>

// everything between reading the series and writing its spectra
typedef struct {
  vr_turn *t;
  const char *path;
  const vr_stage_psd_par *par;
  const vr_pool *pool;
  vr_str group, notes, units; // group: /psd/PATH; units: of a component's spectrum
  vr_trials tr;
  vr_mat x, y; // columns; what is transformed
  int32_t *of; // the label of each trial, 0: left out
  char **label;
  size_t nlabels;
  vr_labels labels;
  double *weight, *divide; // of the columns of y; divide: NULL, or into weight
  vr_psd p;
  vr_mat mean, background, excess;
  vr_peak *peak; // nlabels x par->peaks
  size_t *peaks; // of each label
} work;

static void work_free(work *w)
{
  vr_str_free(&w->group);
  vr_str_free(&w->units);
  vr_trials_free(&w->tr);
  vr_mat_free(&w->x);
  vr_mat_free(&w->y);
  vr_release(w->of);
  vr_release(w->label);
  vr_labels_free(&w->labels);
  vr_release(w->weight);
  vr_psd_free(&w->p);
  vr_mat_free(&w->mean);
  vr_mat_free(&w->background);
  vr_mat_free(&w->excess);
  vr_release(w->peak);
  vr_release(w->peaks);
}

/* -- reading ----------------------------------------------------------------------------------- */

static int read_input(work *w)
{
  vr_str units = {0};
  VR_TRY(vr_get_mat(w->t, w->path, &w->x));
  VR_TRY(vr_get_trials(w->t, &w->tr));
  if (w->x.rows != vr_trials_rows(&w->tr) || !w->x.rows || !w->x.cols)
    return vr_fail(VR_EDATA, "%s: %zu rows of %zu numbers for %zu frames", w->path, w->x.rows,
      w->x.cols, vr_trials_rows(&w->tr));
  vr_str_addf(&w->group, "/psd%s", w->path);
  int code = vr_units_text(vr_turn_find(w->t, w->path), w->path, &units);
  int plain = w->par->scale || !units.n || !strcmp(units.s, "1");
  if (plain)
    vr_str_add(&w->units, "1/Hz");
  else
    vr_str_addf(&w->units, strpbrk(units.s, " /^") ? "(%s)^2/Hz" : "%s^2/Hz", units.s);
  vr_str_free(&units);
  if (!code) code = vr_str_ok(&w->units);
  return code ? code : vr_str_ok(&w->group);
}

/* the label of each trial, which must not change within it */
static int label_trials(work *w)
{
  VR_TRY(vr_alloc(&w->of, w->tr.n, sizeof *w->of));
  for (size_t k = 0; k < w->tr.n; k++) w->of[k] = 1;
  w->nlabels = 1;
  if (!w->par->by) return 0;
  VR_TRY(vr_get_labels(w->t, w->par->by, &w->labels));
  w->nlabels = w->labels.k;
  return vr_trial_labels(&w->labels, &w->tr, w->par->by, w->of);
}

/* leaves out labels none of whose trials is as long as a segment, and says so */
static int keep_labels(work *w)
{
  static char all[] = "all";
  size_t need = vr_psd_frames(&w->par->welch, w->tr.rate), kept = 0, brief = 0, longest;
  VR_TRY(vr_alloc(&w->label, w->nlabels, sizeof *w->label));
  for (size_t k = 0; k < w->tr.n; k++) brief += w->of[k] && w->tr.frames[k] < need;
  for (size_t g = 1; g <= w->nlabels; g++) {
    char *name = w->par->by ? w->labels.name[g - 1] : all;
    longest = 0;
    for (size_t k = 0; k < w->tr.n; k++)
      if ((size_t)w->of[k] == g && w->tr.frames[k] > longest) longest = w->tr.frames[k];
    if (longest < need)
      vr_str_addf(&w->notes,
        "%s: the longest trial of '%.60s' has %zu frames, a segment needs %zu\n", w->path, name,
        longest, need);
    else
      w->label[kept++] = name;
    for (size_t k = 0; k < w->tr.n; k++)
      if ((size_t)w->of[k] == g) w->of[k] = longest < need ? 0 : (int32_t)kept;
  }
  w->nlabels = kept;
  longest = vr_trials_longest(&w->tr);
  if (!kept)
    return vr_fail(VR_EDATA,
      "%s: the longest trial has %zu frames (%.3g s), a segment needs %zu (%.3g s): say a shorter "
      "--length",
      w->path, longest, (double)longest / w->tr.rate, need, w->par->welch.length);
  if (brief)
    vr_str_addf(&w->notes, "%s: %zu of %zu trials are shorter than a segment of %.3g s\n", w->path,
      brief, w->tr.n, w->par->welch.length);
  return 0;
}

/* -- computing --------------------------------------------------------------------------------- */

/* the columns themselves, each with the same weight */
static int take_columns(work *w)
{
  size_t d = w->x.cols;
  VR_TRY(vr_mat_copy(&w->y, &w->x));
  VR_TRY(vr_alloc(&w->weight, 2 * d, sizeof *w->weight));
  double *sd = w->weight + d;
  VR_TRY(vr_column_stats(&w->x, NULL, sd));
  for (size_t j = 0; j < d; j++) w->weight[j] = 1;
  for (size_t i = 0; i < w->y.rows * d && w->par->scale; i++)
    if (sd[i % d] > 0) w->y.a[i] /= sd[i % d];
  return 0;
}

/* scores of principal components of all frames, and their variances */
static int take_components(work *w)
{
  vr_pca b = {0};
  vr_pca_par par = {.n = w->par->count, .scale = w->par->scale};
  if (w->x.rows < 2) return vr_fail(VR_EDATA, "%s: components need two frames", w->path);
  int code = vr_pca_fit(&w->x, &par, w->pool, &b);
  if (!code && !(b.total > 0)) code = vr_fail(VR_EDATA, "%s: all columns are constant", w->path);
  if (!code) code = vr_pca_project(&b, &w->x, w->pool, &w->y);
  if (!code) code = vr_alloc(&w->weight, b.n, sizeof *w->weight);
  if (!code) memcpy(w->weight, b.variance, b.n * sizeof *w->weight);
  if (!code && w->par->unit) w->divide = w->weight;
  vr_pca_free(&b);
  return code;
}

static int find_peaks(work *w)
{
  size_t n = w->p.nfreq, most = (size_t)w->par->peaks, noises = (size_t)w->par->null;
  VR_TRY(vr_alloc(&w->peak, w->nlabels * most, sizeof *w->peak));
  VR_TRY(vr_alloc(&w->peaks, w->nlabels, sizeof *w->peaks));
  VR_TRY(vr_mat_resize(&w->background, w->nlabels, n));
  if (most && noises)
    VR_TRY(vr_psd_peak_null(&w->p, &w->tr, w->of, &w->par->welch, w->weight, w->divide,
      !w->par->count, noises, w->par->seed, w->pool, &w->excess));
  for (size_t g = 0; g < w->nlabels; g++) {
    vr_peak *peak = w->peak + g * most;
    const double *s = vr_row(&w->mean, g);
    VR_TRY(vr_psd_background(s, n, vr_row(&w->background, g)));
    VR_TRY(vr_psd_peaks(s, n, w->p.freq[1], w->par->prominence, most, peak, &w->peaks[g]));
    if (most && noises) vr_psd_peak_p(peak, w->peaks[g], vr_row(&w->excess, g), noises);
    if (w->peaks[g])
      vr_str_addf(&w->notes,
        "%s, %.60s: highest peak at %.3g Hz, %.1f dB over its sides, p = %.2g\n", w->path,
        w->label[g], peak->freq, peak->prominence, peak->p);
    else
      vr_str_addf(
        &w->notes, "%s, %.60s: no peak of %g dB\n", w->path, w->label[g], w->par->prominence);
  }
  return 0;
}

static int compute(work *w)
{
  VR_TRY(w->par->count ? take_components(w) : take_columns(w));
  VR_TRY(vr_psd_welch(&w->y, &w->tr, w->of, w->nlabels, &w->par->welch, w->pool, &w->p));
  VR_TRY(vr_psd_mean(&w->p, w->weight, w->divide, &w->mean));
  return find_peaks(w);
}

/* units of the mean spectrum */
static const char *mean_units(const work *w)
{
  return w->divide ? "1/Hz" : w->units.s;
}

/* -- writing ----------------------------------------------------------------------------------- */

/* path of a member of the group; one at a time */
static const char *member(work *w, const char *name)
{
  size_t n = strlen("/psd") + strlen(w->path);
  w->group.n = n < w->group.n ? n : w->group.n;
  w->group.s[w->group.n] = 0;
  vr_str_addf(&w->group, "/%s", name);
  return vr_str_get(&w->group);
}

static int put(work *w, const char *name, int rank, const size_t *dim, const double *a,
  const char *axes, const char *units)
{
  const char *path = member(w, name);
  VR_TRY(vr_str_ok(&w->group));
  return vr_h5_put(w->t->out, path, VR_F64, rank, dim, a, axes, units);
}

static int put_counts(work *w, const char *name, const size_t *count)
{
  int32_t *a;
  VR_TRY(vr_alloc(&a, w->nlabels, sizeof *a));
  for (size_t g = 0; g < w->nlabels; g++)
    a[g] = count[g] < INT32_MAX ? (int32_t)count[g] : INT32_MAX;
  int code = vr_put_ints(w->t, member(w, name), a, w->nlabels, "label");
  vr_release(a);
  return code;
}

/* names of the columns as the scale of their axis, where they have names */
static int put_columns(work *w)
{
  char **name;
  size_t n;
  if (w->par->count) return 0;
  VR_TRY(vr_column_names(vr_turn_find(w->t, w->path), w->path, &name, &n));
  int code = 0;
  if (n == w->x.cols && n > 1) code = vr_put_strings(w->t, member(w, "column"), name, n, "column");
  vr_release(name);
  return code;
}

static int put_peaks(work *w)
{
  static const char *const names[] = {"frequency", "power", "prominence", "excess", "p"};
  const char *const units[] = {"Hz", mean_units(w), "dB", "dB", "1"};
  size_t n = 0, at = 0, most = (size_t)w->par->peaks;
  char **label, name[64];
  double *a;
  for (size_t g = 0; g < w->nlabels; g++) n += w->peaks[g];
  if (!n) return 0;
  VR_TRY(vr_alloc(&label, n, sizeof *label));
  int code = vr_alloc(&a, 5 * n, sizeof *a);
  for (size_t g = 0; g < w->nlabels && !code; g++)
    for (size_t k = 0; k < w->peaks[g]; k++, at++) {
      const vr_peak *p = &w->peak[g * most + k];
      const double value[] = {p->freq, p->power, p->prominence, p->excess, p->p};
      label[at] = w->label[g];
      for (size_t c = 0; c < 5; c++) a[c * n + at] = value[c];
    }
  if (!code) code = vr_put_strings(w->t, member(w, "peak/label"), label, n, "peak");
  for (size_t c = 0; c < (w->par->null ? 5 : 4) && !code; c++) {
    snprintf(name, sizeof name, "peak/%s", names[c]);
    code = put(w, name, 1, &n, a + c * n, "peak", units[c]);
  }
  if (!code && w->par->null)
    code = vr_h5_set_attr_num(w->t->out, member(w, "peak/p"), "noises", w->par->null);
  vr_release(a);
  vr_release(label);
  return code;
}

static int put_settings(work *w)
{
  static const char *const windows[] = {"hann", "hamming", "blackman", "boxcar"};
  static const char *const lines[] = {"constant", "linear", "none"};
  const vr_psd_par *par = &w->par->welch;
  const char *path = member(w, "spectrum");
  vr_h5 *f = w->t->out;
  VR_TRY(vr_h5_set_attr_num(f, path, "length", (double)w->p.frames / w->tr.rate));
  VR_TRY(vr_h5_set_attr_num(f, path, "step", (double)w->p.hop / w->tr.rate));
  VR_TRY(vr_h5_set_attr_num(f, path, "transform", (double)w->p.nfft));
  VR_TRY(vr_h5_set_attr_str(f, path, "window", windows[par->window]));
  VR_TRY(vr_h5_set_attr_num(f, path, "symmetric", par->symmetric));
  VR_TRY(vr_h5_set_attr_str(f, path, "detrend", lines[par->detrend]));
  VR_TRY(vr_h5_set_attr_str(f, path, "average", par->median ? "median" : "mean"));
  return vr_h5_set_attr_str(f, path, "weights",
    !w->par->count ? "equal"
    : w->par->unit ? "variance, of unit components"
                   : "variance");
}

static int put_all(work *w)
{
  size_t g = w->nlabels, d = w->p.cols, f = w->p.nfreq, two[] = {g, f}, three[] = {g, d, f};
  const char *names = w->par->count ? "component" : "column";
  char axes[64];
  snprintf(axes, sizeof axes, "label %s frequency", names);
  VR_TRY(vr_h5_remove(w->t->out, w->group.s));
  VR_TRY(put_columns(w));
  VR_TRY(vr_put_strings(w->t, member(w, "label"), w->label, g, "label"));
  VR_TRY(put(w, "frequency", 1, &f, w->p.freq, "frequency", "Hz"));
  VR_TRY(put(w, "spectrum", 2, two, w->mean.a, "label frequency", mean_units(w)));
  VR_TRY(put_settings(w));
  VR_TRY(put(w, "background", 2, two, w->background.a, "label frequency", mean_units(w)));
  VR_TRY(put(w, "components", 3, three, w->p.power, axes, w->units.s));
  VR_TRY(put(w, "weight", 1, &d, w->weight, names, "1"));
  VR_TRY(put_counts(w, "segments", w->p.segments));
  VR_TRY(put_counts(w, "trials", w->p.trials));
  return put_peaks(w);
}

int vr_stage_psd(
  vr_turn *t, const char *path, const vr_stage_psd_par *par, const vr_pool *pool, vr_str *notes)
{
  work w = {.t = t, .path = path, .par = par, .pool = pool};
  if (path[0] != '/' || strlen(path) > 200)
    return vr_fail(VR_EARG, "%.60s: not the absolute path of a dataset", path);
  int code = read_input(&w);
  if (!code) code = label_trials(&w);
  if (!code) code = keep_labels(&w);
  if (!code) code = compute(&w);
  if (!code) code = put_all(&w);
  if (!code) vr_str_add(notes, vr_str_get(&w.notes));
  vr_str_free(&w.notes);
  work_free(&w);
  return code ? code : vr_str_ok(notes);
}
