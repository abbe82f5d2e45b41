/* vr-psd.c -- power spectra of any series, trial by trial, and their peaks. */
#include "base/str.h"
#include "cli/tool.h"
#include "io/stage_posture.h"
#include "io/stage_psd.h"

static vr_stage_psd_par par = VR_STAGE_PSD_DEFAULTS;
static int preset, window, detrend, average, pad, symmetry, times; // 0: of the preset, or no

static const vr_opt opts[] = {
  {'l', "length", VR_OPT_DBL, &par.welch.length, 1e-6, 1e9, "S", "seconds of a segment"},
  {0, "overlap", VR_OPT_DBL, &par.welch.overlap, 0, 0.99, "F",
    "the share of a segment that the next one repeats"},
  {'p', "preset", VR_OPT_WORD, &preset, 0, 0, "scipy|matlab|mne",
    "window, mean and transform as scipy.signal.welch, pwelch or MNE have them"},
  {'w', "window", VR_OPT_WORD, &window, 0, 0, "preset|hann|hamming|blackman|boxcar", "the window"},
  {0, "symmetry", VR_OPT_WORD, &symmetry, 0, 0, "preset|periodic|symmetric", "how it ends"},
  {'d', "detrend", VR_OPT_WORD, &detrend, 0, 0, "preset|constant|linear|none",
    "what is taken off a segment"},
  {0, "pad", VR_OPT_WORD, &pad, 0, 0, "preset|none|two",
    "zeros up to the next power of two, 256 at least"},
  {0, "average", VR_OPT_WORD, &average, 0, 0, "mean|median", "of the segments"},
  {'n', "count", VR_OPT_INT, &par.count, 0, 1000, "N",
    "principal components; 0: the columns, each with the same weight"},
  {0, "scale", VR_OPT_FLAG, &par.scale, 0, 0, NULL, "divide columns by their standard deviation"},
  {'u', "unit", VR_OPT_FLAG, &par.unit, 0, 0, NULL,
    "components of variance 1, so that each counts by its share"},
  {'b', "by", VR_OPT_STR, &par.by, 0, 0, "WHAT",
    "a spectrum for each task, subject, recording, outcome or trial"},
  {'k', "peaks", VR_OPT_INT, &par.peaks, 0, 1000, "N", "peaks of each spectrum that are told"},
  {0, "prominence", VR_OPT_DBL, &par.prominence, 0, 1000, "DB", "their least height"},
  {0, "null", VR_OPT_INT, &par.null, 0, 100000, "N", "noises that they are compared with"},
  {'t', "times", VR_OPT_FLAG, &times, 0, 0, NULL, "also how long each column remembers"},
};

static const vr_tool tool = {
  .name = "vr-psd",
  .what = "power spectra of any series by trials, their peaks and time scales",
  .take = {"/pose/angles", "/pose/positions"},
  .make = {"/psd"},
  .opts = opts,
  .nopts = VR_LEN(opts),
  .flags = VR_TOOL_MERGE | VR_TOOL_SEED,
};

/* the conventions of a preset, changed by what was given */
static void choose(void)
{
  static const vr_psd_par presets[] = {VR_PSD_SCIPY, VR_PSD_MATLAB, VR_PSD_MNE};
  vr_psd_par s = presets[preset];
  s.length = par.welch.length;
  s.overlap = par.welch.overlap;
  if (window) s.window = (vr_psd_window)(window - 1);
  if (detrend) s.detrend = (vr_psd_detrend)(detrend - 1);
  if (symmetry) s.symmetric = symmetry == 2;
  if (pad) s.padded = pad == 2;
  s.median = average;
  par.welch = s;
}

int main(int argc, char **argv)
{
  vr_cli cli = vr_cli_begin(argc, argv, &tool);
  vr_str notes = {0};
  choose();
  par.seed = cli.seed;
  for (vr_turn *t; (t = vr_cli_next(&cli));) {
    const char *found[2], *const *input = cli.take;
    size_t n = cli.ntake;
    if (!cli.took) {
      vr_must(vr_posture_inputs(t, found, &n));
      input = found;
    }
    for (size_t i = 0; i < n; i++) {
      vr_must(vr_stage_psd(t, input[i], &par, cli.pool, &notes));
      if (times) vr_must(vr_stage_timescale(t, input[i], par.null, par.seed, cli.pool, &notes));
    }
    vr_note_lines(vr_str_get(&notes));
    vr_cli_commit(&cli, t);
  }
  vr_str_free(&notes);
  return vr_cli_end(&cli);
}
