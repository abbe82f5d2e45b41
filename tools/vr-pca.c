/* vr-pca.c -- principal components of any dataset with a row for each frame. */
#include "cli/tool.h"
#include "io/stage_overlap.h"
#include "io/stage_posture.h"
#include <stdio.h>

static vr_pca_par par = VR_PCA_DEFAULTS;
static vr_stage_overlap_par overlap = VR_STAGE_OVERLAP_DEFAULTS;
static const char *basis_file, *by;

static const vr_opt opts[] = {
  {'n', "count", VR_OPT_INT, &par.n, 1, VR_COV_MAX, "N", "components kept"},
  {0, "scale", VR_OPT_FLAG, &par.scale, 0, 0, NULL, "divide columns by their standard deviation"},
  {'b', "basis", VR_OPT_FILE, &basis_file, 0, 0, "FILE", "project on the bases of this file"},
  {0, "by", VR_OPT_STR, &by, 0, 0, "WHAT",
    "how much of their space task, subject, recording, outcome or /label/NAME share"},
  {0, "grid", VR_OPT_INT, &overlap.overlap.grid, 1, 1000, "N",
    "with --by: bins of a histogram a side"},
  {0, "subspace", VR_OPT_INT, &overlap.overlap.subspace, 1, 1000, "N",
    "with --by: leading axes of each that are compared"},
  {0, "frames", VR_OPT_INT, &overlap.frames, 2, 5000, "N",
    "with --by: frames of each that neighbours are looked for, evenly spaced"},
  {0, "neighbours", VR_OPT_INT, &overlap.neighbours, 1, 1000, "N", "with --by: how many vote"},
  {0, "null", VR_OPT_INT, &overlap.overlap.draws, 0, 1000000, "N",
    "with --by: draws of labels for the null"},
};

static const vr_tool tool = {
  .name = "vr-pca",
  .what = "principal components of any dataset with a row for each frame",
  .make = {"/pca", "/basis/pca", "/overlap (--by)"},
  .opts = opts,
  .nopts = VR_LEN(opts),
  .flags = VR_TOOL_MERGE | VR_TOOL_SEED,
};

int main(int argc, char **argv)
{
  char scores[256], group[256];
  vr_str notes = {0};
  vr_h5 *basis = NULL;
  vr_cli cli = vr_cli_begin(argc, argv, &tool);
  if (!cli.took) vr_misuse("name a dataset (-i); vr-dump -l lists what a stream holds");
  overlap.seed = cli.seed;
  if (basis_file) vr_must(vr_h5_open(basis_file, 0, &basis));
  for (vr_turn *t; (t = vr_cli_next(&cli));) {
    for (size_t i = 0; i < cli.ntake; i++) {
      int n = snprintf(scores, sizeof scores, "/pca%s", cli.take[i]);
      if (cli.take[i][0] != '/' || n > 200) vr_misuse("%.60s: not an absolute path", cli.take[i]);
      snprintf(group, sizeof group, "/basis/pca%s", cli.take[i]);
      vr_must(vr_stage_pca(t, cli.take[i], scores, group, "component", &par, basis, cli.pool));
      if (by) vr_must(vr_stage_overlap(t, cli.take[i], scores, by, &overlap, cli.pool, &notes));
    }
    vr_note_lines(vr_str_get(&notes));
    vr_cli_commit(&cli, t);
  }
  vr_must(vr_h5_close(&basis));
  vr_str_free(&notes);
  return vr_cli_end(&cli);
}
