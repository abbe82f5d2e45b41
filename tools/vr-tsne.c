/* vr-tsne.c -- a map of behaviour: similar frames lie close together. */
#include "cli/tool.h"
#include "io/features.h"
#include "io/stage_tsne.h"

static vr_stage_tsne_par par = VR_STAGE_TSNE_DEFAULTS;
static const char *onto_file;
static int mode, preset, start;
/* settings of the schedule; -1: those of the preset */
static double exaggeration = -1, rate = -1, momentum = -1, step = -1;
static int early = -1, iterations = -1;

static const vr_opt opts[] = {
  {'p', "perplexity", VR_OPT_DBL, &par.tsne.perplexity, 1.001, 1e5, "P",
    "how many neighbours a frame has; 3 P are kept"},
  {'m', "mode", VR_OPT_WORD, &mode, 0, 0, "auto|bh|fft|exact", "how repulsion is summed"},
  {0, "theta", VR_OPT_DBL, &par.tsne.theta, 0, 1, "T", "Barnes-Hut: size / distance of one cell"},
  {0, "preset", VR_OPT_WORD, &preset, 0, 0, "opentsne|matlab|bhtsne",
    "schedule and start as that program has them"},
  {0, "exaggeration", VR_OPT_DBL, &exaggeration, -1, 1e4, "F",
    "factor of the affinities in the first phase; -1: of the preset"},
  {0, "early", VR_OPT_INT, &early, -1, 1000000, "N",
    "iterations of the first phase; -1: of the preset"},
  {'n', "iterations", VR_OPT_INT, &iterations, -1, 1000000, "N",
    "iterations after it; -1: of the preset"},
  {'r', "learning-rate", VR_OPT_DBL, &rate, -1, 1e9, "R",
    "0: frames / exaggeration; -1: of the preset"},
  {0, "momentum", VR_OPT_DBL, &momentum, -1, 0.999, "A",
    "momentum of both phases; -1: of the preset"},
  {0, "step", VR_OPT_DBL, &step, -1, 1e9, "U",
    "longest step of a frame, 0: any; -1: of the preset"},
  {0, "start", VR_OPT_WORD, &start, 0, 0, "preset|pca|random", "where the frames start"},
  {0, "every", VR_OPT_INT, &par.every, 1, 1000000, "N",
    "embed every Nth frame and place the others among them"},
  {0, "max", VR_OPT_INT, &par.most, 0, 2000000000, "N",
    "embed at most N frames, evenly spaced; 0: all"},
  {0, "onto", VR_OPT_STR, &onto_file, 0, 0, "FILE", "place the frames into the map of this file"},
  {0, "place-perplexity", VR_OPT_DBL, &par.place, 1.001, 8, "P",
    "perplexity with which frames are placed"},
};

static const vr_tool tool = {
  .name = "vr-tsne",
  .what = "map in which similar frames lie close together (t-SNE)",
  .take = {"/eigenposture/angles", "/eigenposture/positions", "/kinematics/intermediate"},
  .make = {"/map"},
  .opts = opts,
  .nopts = VR_LEN(opts),
  .flags = VR_TOOL_MERGE | VR_TOOL_SEED,
};

/* the schedule of a preset, changed by what was given */
static void choose(void)
{
  static const vr_tsne_par presets[] = {VR_TSNE_DEFAULTS, VR_TSNE_MATLAB, VR_TSNE_BHTSNE};
  static const vr_tsne_mode modes[] = {VR_TSNE_AUTO, VR_TSNE_BH, VR_TSNE_FFT, VR_TSNE_EXACT};
  vr_tsne_par s = presets[preset];
  s.perplexity = par.tsne.perplexity;
  s.theta = par.tsne.theta;
  if (mode) s.mode = modes[mode];
  if (exaggeration >= 0) s.exaggeration = exaggeration;
  if (early >= 0) s.early = early;
  if (iterations >= 0) s.iterations = iterations;
  if (rate >= 0) s.rate = rate;
  if (momentum >= 0) s.momentum_early = s.momentum = momentum;
  if (step >= 0) s.step = step;
  if (start) s.start = start == 1 ? VR_TSNE_PCA : VR_TSNE_RANDOM;
  par.tsne = s;
}

static void progress(void *ctx, const char *what, double done, double total)
{
  (void)ctx;
  vr_progress(what, done, total);
}

static void make(const vr_cli *cli, vr_turn *t)
{
  static const char *const modes[] = {"", "Barnes-Hut", "FFT", "exact"};
  vr_stage_tsne_info info;
  const char *found[3], *const *path = cli->take;
  size_t n = cli->ntake;
  if (!cli->took && !t->foreign) {
    vr_must(vr_features_default(t, NULL, tool.name, cli->pool, found, &n));
    path = found;
  }
  vr_must(vr_stage_tsne(t, path, n, &par, cli->pool, &info));
  if (info.used < info.frames)
    vr_note("%zu of %zu frames embedded, the others placed among them", info.used, info.frames);
  vr_detail("%zu frames, %s, divergence %.4f", info.used, modes[info.mode], info.kl);
}

static void place(const vr_cli *cli, vr_turn *t, const vr_h5 *map)
{
  vr_stage_tsne_info info;
  const char *const *path = cli->took ? cli->take : NULL;
  vr_must(vr_stage_tsne_onto(t, path, cli->ntake, map, tool.name, &par, cli->pool, &info));
  vr_detail("%zu frames placed into a map of %zu", info.frames, info.used);
}

int main(int argc, char **argv)
{
  vr_h5 *map = NULL;
  vr_cli cli = vr_cli_begin(argc, argv, &tool);
  choose();
  par.seed = cli.seed;
  par.progress = progress;
  if (onto_file) vr_must(vr_wrap(vr_h5_open(onto_file, 0, &map), "--onto"));
  for (vr_turn *t; (t = vr_cli_next(&cli));) {
    if (map)
      place(&cli, t, map);
    else
      make(&cli, t);
    vr_cli_commit(&cli, t);
  }
  vr_must(vr_h5_close(&map));
  return vr_cli_end(&cli);
}
