/* vr-cat.c -- streams one after the other: merged into one image, or kept apart; packed for keeping. */
#include "cli/tool.h"
#include <string.h>

#define WEIGHTS "/policy/weight/"

static int separate, pack, half;

static const vr_opt opts[] = {
  {0, "separate", VR_OPT_FLAG, &separate, 0, 0, NULL, "keep the images apart"},
  {0, "pack", VR_OPT_FLAG, &pack, 0, 0, NULL, "compress all datasets, for an archive"},
  {0, "half", VR_OPT_FLAG, &half, 0, 0, NULL, "weights of a policy in half precision"},
};

#define TOOL(how)                                                                                  \
  {                                                                                                \
    .name = "vr-cat", .what = "streams one after the other, trials after trials", .opts = opts,    \
    .nopts = VR_LEN(opts), .flags = VR_TOOL_NOINPUT | VR_TOOL_SERIAL | (how)                       \
  }
static const vr_tool merged = TOOL(VR_TOOL_MERGE), apart = TOOL(0);

static int is_weight(void *ctx, const char *path)
{
  (void)ctx;
  return !strncmp(path, WEIGHTS, strlen(WEIGHTS));
}

static int is_none(void *ctx, const char *path)
{
  return !is_weight(ctx, path);
}

// the same datasets, smaller, in a fresh image
static vr_turn *packed(vr_cli *cli, vr_turn *t)
{
  vr_turn *fresh;
  if (half && !vr_h5_has(t->out, "/policy/weight"))
    vr_must(vr_fail(VR_EDATA, "holds no policy, whose weights could be halved"));
  vr_must(vr_turn_new(&fresh));
  if (half) vr_must(vr_h5_copy(t->out, fresh->out, is_weight, NULL, VR_H5_HALF));
  vr_must(vr_h5_copy(
    t->out, fresh->out, half ? is_none : NULL, NULL, pack ? VR_H5_PACK : VR_H5_AS_STORED));
  vr_cli_drop(cli, t);
  return fresh;
}

int main(int argc, char **argv)
{
  vr_cli cli = vr_cli_begin(argc, argv, &merged);
  if (separate) cli.tool = &apart;
  for (vr_turn *t; (t = vr_cli_next(&cli));) {
    if (t->foreign) vr_must(vr_fail(VR_EDATA, "not a vr-tools stream (vr-import makes one of it)"));
    vr_cli_commit(&cli, pack || half ? packed(&cli, t) : t);
  }
  return vr_cli_end(&cli);
}
