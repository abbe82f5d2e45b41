/* vr-jpca.c -- planes in which the activity of a population turns, and its vector fields. */
#include "cli/tool.h"
#include "io/stage_jpca.h"
#include "base/mem.h"
#include "ana/pieces.h"

static vr_stage_jpca_par par = VR_STAGE_JPCA_DEFAULTS;

static const vr_opt opts[] = {
  {'n', "count", VR_OPT_INT, &par.jpca.n, 2, VR_JPCA_MAX, "N",
    "principal components, an even number: two a plane"},
  {0, "scale", VR_OPT_FLAG, &par.jpca.scale, 0, 0, NULL,
    "divide columns by their standard deviation"},
  {0, "soft", VR_OPT_DBL, &par.jpca.soft, -1, 1e300, "R",
    "divide columns by their range + R instead; -1: not"},
  {0, "mean", VR_OPT_FLAG, &par.jpca.mean, 0, 0, NULL,
    "subtract the mean over trials at each time; they must be equally long"},
  {0, "first", VR_OPT_FLAG, &par.jpca.first, 0, 0, NULL,
    "the state of a step is its first frame, as in the original, not its middle"},
  {0, "surrogates", VR_OPT_INT, &par.jpca.surrogates, 0, 1000000, "N",
    "surrogates of the null; 0: no null"},
  {0, "piece", VR_OPT_DBL, &par.jpca.piece, 0, 1e9, "S",
    "the null takes pieces of S seconds for independent; 0: trials, cut where they are few"},
  {0, "bins", VR_OPT_INT, &par.field.bins, 0, 1000, "N",
    "cells of a vector field along an axis; 0: no fields"},
  {0, "least", VR_OPT_INT, &par.field.least, 1, 1000000, "N", "frames that a cell needs"},
};

static const vr_tool tool = {
  .name = "vr-jpca",
  .what = "rotations of population activity, and vector fields",
  .make = {"/jpca", "/field"},
  .opts = opts,
  .nopts = VR_LEN(opts),
  .flags = VR_TOOL_MERGE | VR_TOOL_SEED,
};

static void tell(const char *path, const vr_jpca *j)
{
  int null = j->null.rows > 0;
  for (size_t k = 0; k < j->planes; k++) {
    const vr_jpca_plane *p = j->plane + k;
    if (null)
      vr_note("%s plane %zu: %.3g Hz (chance %.3g, p %.3g), %.3g %% of the variance (chance %.3g, "
              "p %.3g)",
        path, k + 1, p->frequency, p->frequency_null, p->frequency_p, 100 * p->share,
        100 * p->share_null, p->share_p);
    else
      vr_note("%s plane %zu: %.3g Hz, %.3g %% of the variance", path, k + 1, p->frequency,
        100 * p->share);
    if (k && p->speed > 0.99 * p[-1].speed)
      vr_note("%s: planes %zu and %zu are equally fast: how they divide their space is arbitrary",
        path, k, k + 1);
  }
  if (null)
    vr_note("%s: rotations tell %.3g %% of the steps (chance %.3g, p %.3g; any matrix %.3g), %zu "
            "pieces",
      path, 100 * j->r2, 100 * j->r2_null, j->r2_p, 100 * j->best, j->pieces);
  else if (par.jpca.surrogates > 0)
    vr_note("%s: no null: %zu pieces of %zu frames or more; it needs %d of %d", path, j->pieces,
      j->shortest, VR_PIECES_LEAST, VR_PIECES_SHORTEST);
}

int main(int argc, char **argv)
{
  vr_jpca j = {0};
  vr_cli cli = vr_cli_begin(argc, argv, &tool);
  if (par.jpca.n % 2) vr_misuse("-n %d: planes need an even number of components", par.jpca.n);
  par.jpca.seed = cli.seed;
  for (vr_turn *t; (t = vr_cli_next(&cli));) {
    char **found = NULL;
    size_t n = cli.ntake;
    if (!cli.took) vr_must(vr_activity_paths(t, &found, &n));
    for (size_t i = 0; i < n; i++) {
      const char *path = found ? found[i] : cli.take[i];
      vr_must(vr_stage_jpca(t, path, &par, cli.pool, &j));
      tell(path, &j);
    }
    vr_release(found);
    vr_cli_commit(&cli, t);
  }
  vr_jpca_free(&j);
  return vr_cli_end(&cli);
}
