/* vr-mds.c -- points in the plane whose distances are near those in full, and how far labels part. */
#include "cli/tool.h"
#include "io/stage_mds.h"

static vr_stage_mds_par par = VR_STAGE_MDS_DEFAULTS;
static int kind;

static const vr_opt opts[] = {
  {'m', "method", VR_OPT_WORD, &par.smacof, 0, 0, "classical|smacof",
    "by eigenvectors, or by least stress"},
  {'k', "kind", VR_OPT_WORD, &kind, 0, 0, "points|distances|similarities",
    "what a row of the input is"},
  {'n', "dims", VR_OPT_INT, &par.mds.dims, 1, VR_MDS_DIMS, "N", "dimensions"},
  {'b', "by", VR_OPT_STR, &par.by, 0, 0, "WHAT",
    "measure how far task, subject, recording, outcome or /label/NAME lie apart"},
  {'l', "means", VR_OPT_STR, &par.means, 0, 0, "LABELS",
    "points are the means over region, event or /label/NAME, for each label of --by"},
  {'f', "frames", VR_OPT_INT, &par.frames, 0, 1000000000, "N",
    "else frames are: at most N of each label, evenly spaced; 0: all"},
  {0, "least", VR_OPT_INT, &par.least, 1, 1000000000, "N", "frames that a mean needs"},
  {0, "scale", VR_OPT_FLAG, &par.scale, 0, 0, NULL, "divide columns by their standard deviation"},
  {0, "starts", VR_OPT_INT, &par.mds.starts, 0, 1000, "N",
    "starts of smacof at random, beside the classical points"},
  {0, "start", VR_OPT_STR, &par.start, 0, 0, "PATH", "the points that smacof starts from instead"},
  {0, "iterations", VR_OPT_INT, &par.mds.iterations, 1, 1000000, "N", "most steps of smacof"},
  {0, "tolerance", VR_OPT_DBL, &par.mds.tolerance, 0, 1, "F",
    "it ends when the stress falls by less than this share of all squared distances"},
  {0, "null", VR_OPT_INT, &par.null, 0, 1000000, "N", "draws of labels for the null"},
};

static const vr_tool tool = {
  .name = "vr-mds",
  .what = "multidimensional scaling, and how far labels lie apart",
  .make = {"/mds"},
  .opts = opts,
  .nopts = VR_LEN(opts),
  .flags = VR_TOOL_MERGE | VR_TOOL_SEED,
};

int main(int argc, char **argv)
{
  vr_cli cli = vr_cli_begin(argc, argv, &tool);
  vr_str notes = {0};
  par.kind = (vr_mds_kind)kind;
  par.seed = cli.seed;
  if (!cli.took) vr_misuse("name a dataset (-i); vr-dump -l lists what a stream holds");
  if (par.means && par.kind != VR_MDS_POINTS) vr_misuse("--means are of points");
  if (par.start && !par.smacof) vr_misuse("--start is for --method smacof");
  for (vr_turn *t; (t = vr_cli_next(&cli));) {
    for (size_t i = 0; i < cli.ntake; i++)
      vr_must(vr_stage_mds(t, cli.take[i], &par, cli.pool, &notes));
    vr_note_lines(vr_str_get(&notes));
    vr_cli_commit(&cli, t);
  }
  vr_str_free(&notes);
  return vr_cli_end(&cli);
}
