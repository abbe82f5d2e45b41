/* vr-wavelet.c -- amplitudes of Morlet wavelets of eigenpostures, and their components. */
#include "cli/tool.h"
#include "io/stage_posture.h"
#include "io/stage_wavelet.h"
#include <string.h>

static vr_stage_wavelet_par par = VR_STAGE_WAVELET_DEFAULTS;
static vr_list bands;
static double low, high;
static const char *name = "custom", *basis_file;

static const vr_opt opts[] = {
  {'b', "band", VR_OPT_LIST, &bands, 0, 0, "BAND",
    "slow, intermediate, fast or all (the default); repeats"},
  {0, "low", VR_OPT_DBL, &low, 0, 1e6, "HZ", "lowest frequency of a band of your own"},
  {0, "high", VR_OPT_DBL, &high, 0, 1e6, "HZ", "its highest, at most half the rate"},
  {0, "name", VR_OPT_STR, &name, 0, 0, "WORD", "its name"},
  {'n', "nfreq", VR_OPT_INT, &par.wavelet.nfreq, 1, VR_WAVELET_MAXFREQ, "N",
    "frequencies of a band, log spaced"},
  {'c', "count", VR_OPT_INT, &par.pca.n, 1, VR_COV_MAX, "N", "components kept of each input"},
  {0, "omega0", VR_OPT_DBL, &par.wavelet.omega0, 1, 1000, "W", "oscillations of the wavelet"},
  {0, "pad", VR_OPT_WORD, &par.wavelet.pad, 0, 0, "symmetric|zero", "ends of the trials"},
  {0, "normalise", VR_OPT_FLAG, &par.wavelet.normalise, 0, 0, NULL, "divide each frame by its sum"},
  {0, "log", VR_OPT_FLAG, &par.wavelet.log, 0, 0, NULL, "logarithm of the amplitudes"},
  {0, "floor", VR_OPT_DBL, &par.wavelet.floor, 1e-300, 1e300, "A", "least amplitude with --log"},
  {0, "scale", VR_OPT_FLAG, &par.pca.scale, 0, 0, NULL,
    "divide channels by their standard deviation"},
  {0, "raw", VR_OPT_FLAG, &par.raw, 0, 0, NULL, "also write the amplitudes"},
  {0, "double", VR_OPT_FLAG, &par.wavelet.exact, 0, 0, NULL, "double precision; slower"},
  {0, "basis", VR_OPT_FILE, &basis_file, 0, 0, "FILE", "project on the bases of this file"},
};

static const vr_tool tool = {
  .name = "vr-wavelet",
  .what = "wavelet amplitudes of eigenpostures, and their principal components",
  .take = {"/eigenposture/angles", "/eigenposture/positions"},
  .make = {"/kinematics", "/cone", "/basis/kinematics", "/wavelet (--raw)"},
  .opts = opts,
  .nopts = VR_LEN(opts),
  .flags = VR_TOOL_MERGE,
};

/* one band of the paper; `all` leaves out what the rate does not allow */
static void run_preset(vr_turn *t, const char *const *input, size_t n, const char *band, int all,
  double rate, const vr_h5 *basis, const vr_pool *pool)
{
  int cut, code = vr_band_set(band, rate, &par.wavelet, &cut);
  if (code && all) {
    vr_note("%s: left out", vr_errmsg());
    return;
  }
  vr_must(code);
  if (cut) vr_note("the %s band ends at %g Hz, half the sampling rate", band, par.wavelet.high);
  vr_must(vr_stage_wavelet(t, input, n, band, &par, basis, pool));
}

/* all bands that were asked for */
static void run(
  vr_turn *t, const char *const *input, size_t n, const vr_h5 *basis, const vr_pool *pool)
{
  vr_trials tr = {0};
  vr_must(vr_get_trials(t, &tr));
  double rate = tr.rate;
  vr_trials_free(&tr);
  if (low > 0 || high > 0) {
    par.wavelet.low = low;
    par.wavelet.high = high;
    vr_must(vr_stage_wavelet(t, input, n, name, &par, basis, pool));
  }
  for (size_t i = 0; i < bands.n; i++) {
    int all = !strcmp(bands.item[i], "all");
    for (int k = 0; k < (all ? VR_BANDS : 1); k++)
      run_preset(t, input, n, all ? vr_bands[k].name : bands.item[i], all, rate, basis, pool);
  }
}

int main(int argc, char **argv)
{
  static const char *all[] = {"all"};
  vr_h5 *basis = NULL;
  vr_cli cli = vr_cli_begin(argc, argv, &tool);
  if ((low > 0) != (high > 0)) vr_misuse("--low and --high make a band together");
  if (low <= 0 && !bands.n) bands = (vr_list){.item = all, .n = 1};
  if (basis_file) vr_must(vr_h5_open(basis_file, 0, &basis));
  for (vr_turn *t; (t = vr_cli_next(&cli));) {
    const char *found[2], *const *input = cli.take;
    size_t n = cli.ntake;
    if (!cli.took) {
      vr_must(vr_need_posture(t, basis, tool.name, cli.pool));
      vr_wavelet_inputs(t, found, &n);
      input = found;
    }
    run(t, input, n, basis, cli.pool);
    vr_cli_commit(&cli, t);
  }
  vr_must(vr_h5_close(&basis));
  return vr_cli_end(&cli);
}
