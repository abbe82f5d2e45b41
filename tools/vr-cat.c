/* vr-cat.c -- streams one after the other: merged into one image, or kept apart; packed for keeping. */
#include "cli/tool.h"

static int separate, pack;

static const vr_opt opts[] = {
  {0, "separate", VR_OPT_FLAG, &separate, 0, 0, NULL, "keep the images apart"},
  {0, "pack", VR_OPT_FLAG, &pack, 0, 0, NULL, "compress all datasets, for an archive"},
};

#define TOOL(how)                                                                                  \
  {                                                                                                \
    .name = "vr-cat", .what = "streams one after the other, trials after trials", .opts = opts,    \
    .nopts = VR_LEN(opts), .flags = VR_TOOL_NOINPUT | VR_TOOL_SERIAL | (how)                       \
  }
static const vr_tool merged = TOOL(VR_TOOL_MERGE), apart = TOOL(0);

// the same datasets, compressed, in a fresh image
static vr_turn *packed(vr_cli *cli, vr_turn *t)
{
  vr_turn *fresh;
  vr_must(vr_turn_new(&fresh));
  vr_must(vr_h5_copy(t->out, fresh->out, NULL, NULL, 1));
  vr_cli_drop(cli, t);
  return fresh;
}

int main(int argc, char **argv)
{
  vr_cli cli = vr_cli_begin(argc, argv, &merged);
  if (separate) cli.tool = &apart;
  for (vr_turn *t; (t = vr_cli_next(&cli));) {
    if (t->foreign) vr_must(vr_fail(VR_EDATA, "not a vr-tools stream (vr-import makes one of it)"));
    vr_cli_commit(&cli, pack ? packed(&cli, t) : t);
  }
  return vr_cli_end(&cli);
}
