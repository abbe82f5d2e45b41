/* vr-history.c -- how a stream was made: a table of runs, or the shell line that repeats it. */
#include "base/mem.h"
#include "cli/tool.h"
#include "io/pipeline.h"

static int pipeline, json;

static const vr_opt opts[] = {
  {'p', "pipeline", VR_OPT_FLAG, &pipeline, 0, 0, NULL, "print the shell line that repeats it"},
  {'j', "json", VR_OPT_FLAG, &json, 0, 0, NULL, "print the lines as they are stored, in JSON"},
};

static const vr_tool tool = {
  .name = "vr-history",
  .what = "how a stream was made",
  .opts = opts,
  .nopts = VR_LEN(opts),
  .flags = VR_TOOL_TEXT | VR_TOOL_NOINPUT | VR_TOOL_SERIAL,
};

int main(int argc, char **argv)
{
  vr_str text = {0};
  vr_cli cli = vr_cli_begin(argc, argv, &tool);
  if (pipeline && json) vr_misuse("--pipeline and --json exclude each other");
  for (vr_turn *t; (t = vr_cli_next(&cli));) {
    char **lines;
    size_t n;
    vr_must(vr_history_get(t->in, &lines, &n));
    if (!n) vr_must(vr_fail(VR_EDATA, "has no history"));
    if (pipeline)
      vr_must(vr_history_pipeline(lines, n, &text));
    else if (!json)
      vr_must(vr_history_table(lines, n, &text));
    for (size_t i = 0; i < n && json; i++) vr_str_addf(&text, "%s\n", lines[i]);
    vr_must(vr_str_ok(&text));
    fwrite(vr_str_get(&text), 1, text.n, vr_cli_text(&cli));
    vr_str_clear(&text);
    vr_release(lines);
    vr_cli_drop(&cli, t);
  }
  vr_str_free(&text);
  return vr_cli_end(&cli);
}
