#include "io/stage_wavelet.h"
#include "ana/kinematics.h"
#include "base/err.h"
#include "base/mem.h"
#include "io/basis.h"
#include "io/prov.h"
#include "io/stage_posture.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { PATH = 256 };

const vr_band vr_bands[VR_BANDS] = {
  {"slow", 0.3, 5},
  {"intermediate", 1, 25},
  {"fast", 5, 25},
};

int vr_band_set(const char *name, double rate, vr_wavelet_par *par, int *cut)
{
  for (int k = 0; k < VR_BANDS; k++) {
    if (strcmp(name, vr_bands[k].name)) continue;
    par->low = vr_bands[k].low;
    par->high = vr_bands[k].high;
    *cut = par->high > rate / 2;
    if (*cut) par->high = rate / 2;
    if (par->low < par->high) return 0;
    return vr_fail(VR_EARG, "the %s band, %g to %g Hz, is above half the sampling rate of %g Hz",
      name, vr_bands[k].low, vr_bands[k].high, rate);
  }
  return vr_fail(VR_EARG, "%.60s: no such band; there are slow, intermediate and fast", name);
}

void vr_wavelet_inputs(const vr_turn *t, const char *path[2], size_t *n)
{
  static const char *const set[] = {"/eigenposture/angles", "/eigenposture/positions"};
  *n = 0;
  for (size_t i = 0; i < VR_LEN(set); i++)
    if (vr_turn_has(t, set[i])) path[(*n)++] = set[i];
}

/* -- what the parts of a band share -- */

typedef struct {
  vr_turn *t;
  const vr_stage_wavelet_par *par;
  vr_waves *w;
  vr_trials tr;
  size_t rows;
  const char *const *input;
  const char *name[VR_WAVELET_INPUTS]; /* last word of the input's path, with its slash */
  char units[VR_WAVELET_INPUTS][32];   /* of its amplitudes: those of the series, unless changed */
  size_t ninputs, series[VR_WAVELET_INPUTS], kept[VR_WAVELET_INPUTS];
  char scores[PATH], raw[PATH], cone[PATH], group[PATH];
  vr_kinematics_room room;
  int mixed;        /* units differ: columns of all inputs together have none */
  size_t now;       /* the input in work */
  size_t at, width; /* its first column in the scores, and the columns of all */
  size_t raw_at, raw_width;
} work;

static size_t nfreq(const work *k)
{
  return (size_t)k->par->wavelet.nfreq;
}

static vr_type raw_type(const work *k)
{
  return k->par->wavelet.exact ? VR_F64 : VR_F32;
}

static int find_units(work *k, size_t i)
{
  const vr_wavelet_par *p = &k->par->wavelet;
  const vr_h5 *f = vr_turn_find(k->t, k->input[i]);
  char *units = NULL;
  if (vr_h5_has_attr(f, k->input[i], "units"))
    VR_TRY(vr_h5_get_attr_str(f, k->input[i], "units", &units));
  int same = units && *units && !p->log && !p->normalise;
  snprintf(k->units[i], sizeof k->units[i], "%s", same ? units : "1");
  vr_release(units);
  return 0;
}

static int shapes(work *k)
{
  for (size_t i = 0; i < k->ninputs; i++) {
    size_t rows;
    k->name[i] = strrchr(k->input[i], '/');
    if (!k->name[i] || !k->name[i][1] || strlen(k->name[i]) > 100)
      return vr_fail(VR_EARG, "%.60s: not the absolute path of a dataset", k->input[i]);
    for (size_t j = 0; j < i; j++)
      if (!strcmp(k->name[i], k->name[j]))
        return vr_fail(VR_EARG, "two inputs are named %s", k->name[i] + 1);
    VR_TRY(vr_get_shape(k->t, k->input[i], &rows, &k->series[i]));
    if (rows != k->rows)
      return vr_fail(
        VR_EDATA, "%s: %zu rows, the trials have %zu frames", k->input[i], rows, k->rows);
    if (!k->series[i] || k->series[i] > VR_COV_MAX / nfreq(k))
      return vr_fail(VR_EARG, "%s: %zu columns x %zu frequencies are not 1 to %d", k->input[i],
        k->series[i], nfreq(k), VR_COV_MAX);
    k->raw_width += k->series[i] * nfreq(k);
    VR_TRY(find_units(k, i));
    if (strcmp(k->units[i], k->units[0])) k->mixed = 1;
  }
  return 0;
}

/* -- rows in, rows out -- */

static int read_series(void *ctx, size_t first, size_t rows, double *x)
{
  const work *k = ctx;
  const char *path = k->input[k->now];
  size_t cols = k->series[k->now], n = rows * cols;
  VR_TRY(vr_h5_read(vr_turn_find(k->t, path), path, VR_F64, first, rows, x));
  size_t bad = vr_find_bad(x, n);
  if (bad == n) return 0;
  return vr_fail(VR_EDATA, "%s row %zu: %s (see vr-import --fill)", path, first + bad / cols,
    isnan(x[bad]) ? "NaN" : "Inf");
}

/* Rows of several inputs stand side by side: those of the first are written with room for the
 * others, which join what is there. `at` of `width` elements is the place of n in a row. */
static int put_beside(work *k, const char *path, vr_type type, size_t first, size_t rows, size_t n,
  size_t at, size_t width, const char *from)
{
  enum { SLICE = 2000 };
  size_t size = vr_type_size(type);
  char *row;
  if (width == n) return vr_put_rows(k->t, path, type, first, rows, from);
  VR_TRY(vr_alloc(&row, SLICE * width, size));
  int code = 0;
  for (size_t i = 0; i < rows && !code; i += SLICE) {
    size_t m = rows - i < SLICE ? rows - i : SLICE;
    if (k->now) code = vr_h5_read(k->t->out, path, type, first + i, m, row);
    for (size_t r = 0; r < m && !code; r++)
      memcpy(row + (r * width + at) * size, from + (i + r) * n * size, n * size);
    if (!code) code = vr_put_rows(k->t, path, type, first + i, m, row);
  }
  vr_release(row);
  return code;
}

static int put_scores(void *ctx, size_t first, size_t rows, const double *scores)
{
  work *k = ctx;
  return put_beside(
    k, k->scores, VR_F64, first, rows, k->kept[k->now], k->at, k->width, (const char *)scores);
}

static int put_raw(void *ctx, size_t first, size_t rows, const void *amp)
{
  work *k = ctx;
  return put_beside(k, k->raw, raw_type(k), first, rows, k->series[k->now] * nfreq(k), k->raw_at,
    k->raw_width, amp);
}

/* -- names of columns -- */

/* "angles 3 2.14 Hz" for the channels of inputs from .. to - 1, or "angles 3" for their components,
 * as the scale of names at path */
static int put_labels(const work *k, const char *path, size_t from, size_t to, int components)
{
  enum { SIZE = 64 };
  size_t n = 0, at = 0;
  char *text, **list;
  for (size_t i = from; i < to; i++) n += components ? k->kept[i] : k->series[i] * nfreq(k);
  VR_TRY(vr_alloc(&list, n, sizeof *list + SIZE));
  text = (char *)(list + n);
  for (size_t i = from; i < to; i++) {
    size_t columns = components ? k->kept[i] : k->series[i];
    for (size_t j = 0; j < columns; j++)
      for (size_t f = 0; f < (components ? 1 : nfreq(k)); f++, at++) {
        list[at] = text + at * SIZE;
        int used = snprintf(list[at], SIZE, "%.20s %zu", k->name[i] + 1, j + 1);
        if (!components)
          snprintf(list[at] + used, SIZE - (size_t)used, " %.4g Hz", vr_waves_freq(k->w)[f]);
      }
  }
  int code = vr_put_strings(k->t, path, list, n, strrchr(path, '/') + 1);
  vr_release(list);
  return code;
}

/* -- the parts of a band -- */

/* room for all inputs; on a foreign file this brings the axis of frames, too */
static int begin_results(work *k, const char *band)
{
  char axes[PATH], path[PATH];
  VR_TRY(vr_put_begin(k->t, k->cone, VR_U8, k->rows, 1, "time", "1"));
  // the bands share the names of their components; where the number differs they have numbers
  snprintf(path, sizeof path, "/kinematics/component");
  if (!vr_h5_has(k->t->out, path)) VR_TRY(put_labels(k, path, 0, k->ninputs, 1));
  VR_TRY(vr_put_begin(k->t, k->scores, VR_F64, k->rows, k->width, "time component",
    k->mixed || k->par->pca.scale ? "1" : k->units[0]));
  if (!k->par->raw) return 0;
  snprintf(path, sizeof path, "/wavelet/%s_channel", band);
  snprintf(axes, sizeof axes, "time %s_channel", band);
  VR_TRY(put_labels(k, path, 0, k->ninputs, 0));
  return vr_put_begin(
    k->t, k->raw, raw_type(k), k->rows, k->raw_width, axes, k->mixed ? "1" : k->units[0]);
}

static int put_cone(const work *k)
{
  uint8_t *inside;
  VR_TRY(vr_alloc(&inside, vr_trials_longest(&k->tr), 1));
  int code = 0;
  for (size_t i = 0; i < k->tr.n && !code; i++) {
    if (!k->tr.frames[i]) continue;
    vr_waves_cone(k->w, k->tr.frames[i], inside);
    code = vr_put_rows(k->t, k->cone, VR_U8, k->tr.first[i], k->tr.frames[i], inside);
  }
  vr_release(inside);
  return code;
}

static int put_frequencies(const work *k)
{
  static const char *const pad[] = {"symmetric", "zero"};
  const vr_wavelet_par *p = &k->par->wavelet;
  char path[PATH];
  size_t n = nfreq(k);
  snprintf(path, sizeof path, "%.200s/frequency", k->group);
  VR_TRY(vr_h5_put(k->t->out, path, VR_F64, 1, &n, vr_waves_freq(k->w), "frequency", "Hz"));
  VR_TRY(vr_h5_set_attr_num(k->t->out, path, "omega0", p->omega0));
  VR_TRY(vr_h5_set_attr_str(k->t->out, path, "pad", pad[p->pad]));
  VR_TRY(vr_h5_set_attr_num(k->t->out, path, "normalise", p->normalise));
  VR_TRY(vr_h5_set_attr_num(k->t->out, path, "log", p->log));
  VR_TRY(vr_h5_set_attr_num(k->t->out, path, "floor", p->floor));
  snprintf(path, sizeof path, "%.200s/scale", k->group);
  return vr_h5_put(k->t->out, path, VR_F64, 1, &n, vr_waves_scale(k->w), "frequency", "s");
}

/* a basis is of use only for the same wavelets */
static int check_basis(const work *k, const vr_h5 *basis)
{
  const vr_wavelet_par *p = &k->par->wavelet;
  const struct {
    const char *name;
    double value;
  } attr[] = {{"omega0", p->omega0}, {"normalise", p->normalise}, {"log", p->log}};
  char path[PATH];
  double freq[VR_WAVELET_MAXFREQ], value;
  vr_h5_info info;
  snprintf(path, sizeof path, "%.200s/frequency", k->group);
  if (!vr_h5_has(basis, path)) return vr_fail(VR_EDATA, "%s: no such basis in the file", k->group);
  VR_TRY(vr_h5_get_info(basis, path, &info));
  if (info.rank != 1 || info.rows != nfreq(k))
    return vr_fail(
      VR_EDATA, "%s: the basis has %zu frequencies, not %zu", path, info.rows, nfreq(k));
  VR_TRY(vr_h5_read(basis, path, VR_F64, 0, info.rows, freq));
  for (size_t i = 0; i < nfreq(k); i++)
    if (!(fabs(freq[i] / vr_waves_freq(k->w)[i] - 1) < 1e-6))
      return vr_fail(VR_EDATA, "%s row %zu: the basis is for %g Hz, not %g Hz", path, i, freq[i],
        vr_waves_freq(k->w)[i]);
  for (size_t i = 0; i < VR_LEN(attr); i++) {
    VR_TRY(vr_h5_get_attr_num(basis, path, attr[i].name, &value));
    if (value != attr[i].value)
      return vr_fail(VR_EDATA, "%s: the basis was made with %s %g, not %g", path, attr[i].name,
        value, attr[i].value);
  }
  return 0;
}

static int run_input(work *k, const vr_h5 *basis, const vr_pool *pool)
{
  char group[PATH], channel[2 * PATH];
  vr_pca b = {0};
  vr_kinematics_io io = {read_series, put_scores, k->par->raw ? put_raw : NULL, k};
  snprintf(group, sizeof group, "%.150s%.100s", k->group, k->name[k->now]);
  snprintf(channel, sizeof channel, "%s/channel", group);
  int code = basis ? vr_get_basis(basis, group, &b) : 0;
  if (!code && basis && b.n != k->kept[k->now])
    code =
      vr_fail(VR_EDATA, "%s: the basis has %zu components, not %zu", group, b.n, k->kept[k->now]);
  if (!code)
    code =
      vr_kinematics(k->w, &k->tr, k->series[k->now], &k->par->pca, !basis, &io, &k->room, pool, &b);
  if (!code) code = put_labels(k, channel, k->now, k->now + 1, 0);
  if (!code) code = vr_put_basis(k->t, group, "channel", "component", k->units[k->now], &b);
  vr_pca_free(&b);
  return vr_wrap(code, "%s", k->input[k->now]);
}

static int run_band(work *k, const char *band, const vr_h5 *basis, const vr_pool *pool)
{
  VR_TRY(vr_get_trials(k->t, &k->tr));
  k->rows = vr_trials_rows(&k->tr);
  VR_TRY(shapes(k));
  VR_TRY(vr_waves_new(&k->par->wavelet, k->tr.rate, &k->w));
  if (basis) VR_TRY(check_basis(k, basis));
  for (size_t i = 0; i < k->ninputs; i++) {
    size_t columns = k->series[i] * nfreq(k), n = (size_t)k->par->pca.n;
    k->kept[i] = n < columns ? n : columns;
    k->width += k->kept[i];
  }
  VR_TRY(begin_results(k, band));
  VR_TRY(put_cone(k));
  for (k->now = 0; k->now < k->ninputs; k->now++) {
    VR_TRY(run_input(k, basis, pool));
    k->at += k->kept[k->now];
    k->raw_at += k->series[k->now] * nfreq(k);
  }
  return put_frequencies(k);
}

int vr_stage_wavelet(vr_turn *t, const char *const *input, size_t n, const char *band,
  const vr_stage_wavelet_par *par, const vr_h5 *basis, const vr_pool *pool)
{
  work k = {.t = t, .par = par, .input = input, .ninputs = n, .room = VR_KINEMATICS_ROOM};
  if (!n || n > VR_WAVELET_INPUTS)
    return vr_fail(VR_EARG, "%zu datasets: 1 to %d can be taken", n, VR_WAVELET_INPUTS);
  if (par->pca.n < 1) return vr_fail(VR_EARG, "%d components: 1 or more can be had", par->pca.n);
  if (!*band || strlen(band) > 60 || strchr(band, '/') || strchr(band, ' '))
    return vr_fail(VR_EARG, "%.60s: a band's name has no slash and no space", band);
  snprintf(k.scores, sizeof k.scores, "/kinematics/%s", band);
  snprintf(k.raw, sizeof k.raw, "/wavelet/%s", band);
  snprintf(k.cone, sizeof k.cone, "/cone/%s", band);
  snprintf(k.group, sizeof k.group, "/basis/kinematics/%s", band);
  int code = run_band(&k, band, basis, pool);
  vr_release(k.room.block);
  vr_waves_free(k.w);
  vr_trials_free(&k.tr);
  return code;
}

/* the line that tells of wavelets made for another program */
static int add_history(
  vr_turn *t, const char *band, const vr_stage_wavelet_par *par, const char *because_of)
{
  char low[32], high[32], count[16];
  char *const command[] = {"vr-wavelet", "--band", (char *)band};
  char *const names[] = {"band", "low", "high", "count"};
  char *const values[] = {(char *)band, low, high, count};
  snprintf(low, sizeof low, "%.17g", par->wavelet.low);
  snprintf(high, sizeof high, "%.17g", par->wavelet.high);
  snprintf(count, sizeof count, "%d", par->pca.n);
  const vr_run run = {.program = command[0],
    .command = command,
    .nwords = VR_LEN(command),
    .names = names,
    .values = values,
    .noptions = VR_LEN(names),
    .because_of = because_of};
  return vr_history_add(t, &run);
}

int vr_need_wavelet(
  vr_turn *t, const char *band, const vr_h5 *basis, const char *because_of, const vr_pool *pool)
{
  vr_stage_wavelet_par par = VR_STAGE_WAVELET_DEFAULTS;
  char path[PATH], group[PATH];
  const char *input[2];
  vr_trials tr = {0};
  size_t n;
  int cut;
  VR_TRY(vr_need_posture(t, basis, because_of, pool));
  vr_wavelet_inputs(t, input, &n);
  snprintf(path, sizeof path, "/kinematics/%.60s", band);
  if (vr_turn_has(t, path)) {
    for (size_t i = 0; basis && i < n; i++) {
      snprintf(group, sizeof group, "/basis%.80s%.80s", path, strrchr(input[i], '/'));
      VR_TRY(vr_same_basis(vr_turn_find(t, group), basis, group));
    }
    return 0;
  }
  VR_TRY(vr_get_trials(t, &tr));
  int code = vr_band_set(band, tr.rate, &par.wavelet, &cut);
  vr_trials_free(&tr);
  if (!code) code = vr_stage_wavelet(t, input, n, band, &par, basis, pool);
  return code ? code : add_history(t, band, &par, because_of);
}
