/* vr-select.c -- a smaller stream: trials, times, columns, datasets. */
#include "cli/tool.h"
#include "io/select.h"
#include <unistd.h>

static vr_select_par par;
static vr_list columns, drop;
static int every = 1;

static const vr_opt opts[] = {
  {'t', "trials", VR_OPT_STR, &par.trials, 0, 0, "LIST", "trials by number, from 0: 0,3-5,8-"},
  {0, "task", VR_OPT_STR, &par.task, 0, 0, "NAMES", "trials of these tasks"},
  {0, "subject", VR_OPT_STR, &par.subject, 0, 0, "NAMES", "trials of these animals"},
  {0, "recording", VR_OPT_STR, &par.recording, 0, 0, "NAMES", "trials of these recordings"},
  {0, "outcome", VR_OPT_STR, &par.outcome, 0, 0, "NAMES", "trials that ended so"},
  {'f', "frames", VR_OPT_STR, &par.frames, 0, 0, "A:B",
    "frames A up to, not with, B of each trial"},
  {'T', "time", VR_OPT_STR, &par.time, 0, 0, "A:B", "seconds A to B of each trial"},
  {'n', "every", VR_OPT_INT, &every, 1, 1e6, "N", "every N-th frame of these"},
  {'c', "columns", VR_OPT_LIST, &columns, 0, 0, "AXIS=NAMES",
    "columns, such as joint=hip*; repeats"},
  {'d', "drop", VR_OPT_LIST, &drop, 0, 0, "/PATH",
    "leave out a dataset, group or pattern; repeats"},
};

static const vr_tool tool = {
  .name = "vr-select",
  .what = "trials, times, columns and datasets of a stream",
  .opts = opts,
  .nopts = VR_LEN(opts),
  .flags = VR_TOOL_SERIAL | VR_TOOL_RAW, // its output is no extension of the input
};

int main(int argc, char **argv)
{
  vr_str dropped = {0};
  vr_turn *in, *out;
  vr_cli cli = vr_cli_begin(argc, argv, &tool);
  vr_source source = {.operand = cli.operand, .noperands = cli.noperands};
  if (!cli.noperands && isatty(STDIN_FILENO))
    vr_misuse("standard input is a terminal: name a file, or pipe a stream into it (-h for help)");
  par.every = (size_t)every;
  par.columns = columns.item;
  par.ncolumns = columns.n;
  par.drop = drop.item;
  par.ndrop = drop.n;
  par.keep = cli.took ? cli.take : NULL;
  par.nkeep = cli.took ? cli.ntake : 0;
  for (;;) {
    vr_must(vr_source_next(&source, VR_TURN_READ, &in));
    if (!in) break;
    vr_must(vr_turn_new(&out));
    vr_must(vr_wrap(vr_select(in, &par, out->out, &dropped), "%s", in->name));
    vr_tell_dropped(vr_str_get(&dropped));
    vr_str_clear(&dropped);
    vr_turn_free(in);
    vr_cli_commit(&cli, out);
  }
  vr_source_close(&source);
  vr_str_free(&dropped);
  return vr_cli_end(&cli);
}
