/* vr-watershed.c -- regions of the map: density, watershed, a label for each frame, bouts. */
#include "cli/tool.h"
#include "io/stage_watershed.h"

static vr_stage_watershed_par par = VR_STAGE_WATERSHED_DEFAULTS;
static const char *against;
static vr_list means, squares;

static const vr_opt opts[] = {
  {'g', "grid", VR_OPT_INT, &par.density.grid, 8, 10001, "N", "pixels of the grid a side"},
  {0, "sigma", VR_OPT_DBL, &par.density.sigma, 0, 1e300, "U",
    "blur in map units; 0: 0.02 of the map's width"},
  {0, "regions", VR_OPT_INT, &par.regions, 0, 100000, "N",
    "take the smallest blur of the sweep with at most N regions"},
  {0, "extent", VR_OPT_DBL, &par.density.extent, 0, 1e300, "U",
    "the grid covers -U to U; 0: what the map needs"},
  {0, "floor", VR_OPT_DBL, &par.watershed.floor, 0, 1e300, "P",
    "density below which there is no region; 0: 0.1 / width^2"},
  {0, "merge", VR_OPT_DBL, &par.watershed.merge, 0, 1, "F",
    "join peaks that stand less than this share above the pass to a higher one"},
  {0, "lines", VR_OPT_FLAG, &par.watershed.lines, 0, 0, NULL, "pixels between regions stay 0"},
  {0, "smooth", VR_OPT_DBL, &par.smooth, 0, 1e6, "S",
    "labels by majority over a window of S seconds"},
  {0, "shortest", VR_OPT_DBL, &par.shortest, 0, 1e6, "S", "leave out bouts of less than S seconds"},
  {0, "sweep", VR_OPT_FLAG, &par.sweep, 0, 0, NULL,
    "also write the number of regions for 46 blurs"},
  {0, "mean", VR_OPT_LIST, &means, 0, 0, "PATH", "also write the means of this dataset by region"},
  {0, "rms", VR_OPT_LIST, &squares, 0, 0, "PATH", "the same, root mean square"},
  {0, "against", VR_OPT_STR, &against, 0, 0, "LABELS",
    "also compare with task, event, event:NAME,..., /label/NAME"},
};

static const vr_tool tool = {
  .name = "vr-watershed",
  .what = "regions of a map, their frames and bouts",
  .take = {"/map/xy"},
  .make = {"/region", "/label/region"},
  .opts = opts,
  .nopts = VR_LEN(opts),
  .flags = VR_TOOL_MERGE,
};

int main(int argc, char **argv)
{
  vr_stage_watershed_info info;
  vr_purity purity;
  vr_cli cli = vr_cli_begin(argc, argv, &tool);
  if (cli.ntake != 1) vr_misuse("one map at a time (-i)");
  for (vr_turn *t; (t = vr_cli_next(&cli));) {
    vr_must(vr_stage_watershed(t, cli.take[0], &par, cli.pool, &info));
    vr_note("%zu regions at sigma %.4g, %zu bouts", info.regions, info.sigma, info.bouts);
    if (info.outside)
      vr_note("%.2g %% of the frames lie in no region (density below %.3g, or a line)",
        100 * (double)info.outside / (double)info.frames, info.floor);
    for (size_t k = 0; k < means.n; k++) vr_must(vr_stage_region_mean(t, means.item[k], 0));
    for (size_t k = 0; k < squares.n; k++) vr_must(vr_stage_region_mean(t, squares.item[k], 1));
    if (against) {
      vr_must(vr_stage_region_against(t, against, &purity));
      vr_note("against %s: purity %.3f (chance %.3f, balanced %.3f), mutual information %.3f",
        against, purity.purity, purity.chance, purity.balanced, purity.nmi);
    }
    vr_cli_commit(&cli, t);
  }
  return vr_cli_end(&cli);
}
