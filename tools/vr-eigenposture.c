/* vr-eigenposture.c -- principal components of joint angles and of body positions. */
#include "cli/tool.h"
#include "io/stage_posture.h"

static vr_pca_par par = VR_PCA_DEFAULTS;
static const char *basis_file;

static const vr_opt opts[] = {
  {'n', "count", VR_OPT_INT, &par.n, 1, 8192, "N", "components kept of each set"},
  {0, "scale", VR_OPT_FLAG, &par.scale, 0, 0, NULL, "divide columns by their standard deviation"},
  {'b', "basis", VR_OPT_FILE, &basis_file, 0, 0, "FILE", "project on the bases of this file"},
};

static const vr_tool tool = {
  .name = "vr-eigenposture",
  .what = "principal components of joint angles and body positions",
  .take = {"/pose/angles", "/pose/positions"},
  .make = {"/eigenposture", "/basis/eigenposture"},
  .opts = opts,
  .nopts = VR_LEN(opts),
  .flags = VR_TOOL_MERGE,
};

int main(int argc, char **argv)
{
  vr_h5 *basis = NULL;
  vr_cli cli = vr_cli_begin(argc, argv, &tool);
  if (cli.ntake > VR_POSTURE_SETS) vr_misuse("at most %d datasets (-i)", VR_POSTURE_SETS);
  if (basis_file) vr_must(vr_h5_open(basis_file, 0, &basis));
  for (vr_turn *t; (t = vr_cli_next(&cli));) {
    const char *found[2], *const *input = cli.take;
    size_t n = cli.ntake;
    if (!cli.took) {
      vr_must(vr_posture_inputs(t, found, &n));
      input = found;
    }
    vr_must(vr_stage_posture(t, input, n, &par, basis, cli.pool));
    vr_cli_commit(&cli, t);
  }
  vr_must(vr_h5_close(&basis));
  return vr_cli_end(&cli);
}
