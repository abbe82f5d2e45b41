/* vr-check.c -- is a stream what vr(5) says? Reads every byte of it. */
#include "cli/tool.h"
#include "io/check.h"
#include "io/schema.h"
#include <string.h>
#include <unistd.h>

static int list;

static const vr_opt opts[] = {
  {'l', "list", VR_OPT_FLAG, &list, 0, 0, NULL, "print the table of all datasets instead"},
};

static const vr_tool tool = {
  .name = "vr-check",
  .what = "test whether a stream is whole and well formed",
  .opts = opts,
  .nopts = VR_LEN(opts),
  .flags = VR_TOOL_TEXT | VR_TOOL_NOINPUT | VR_TOOL_SERIAL | VR_TOOL_RAW, // --list reads nothing
};

static void print_schema(FILE *out)
{
  fprintf(out, "path\ttypes\taxes\tunits\tfit\ttool\tmissing\tmeaning\n");
  for (size_t i = 0; i < vr_schema_rows; i++) {
    const vr_schema_row *r = &vr_schema[i];
    fprintf(out, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", r->path, r->types, r->axes, r->units,
      r->fit ? r->fit : "", r->tool, r->nan ? "NaN" : "", r->what);
  }
}

static size_t check(vr_cli *cli, const vr_turn *t)
{
  vr_check_report r = {0};
  FILE *out = vr_cli_text(cli);
  vr_must(vr_check(t->in, &r));
  if (!cli->quiet) {
    // each problem under the name of its file
    for (const char *s = vr_str_get(&r.text); *s;) {
      const char *end = strchrnul(s, '\n');
      fprintf(out, "%s: %.*s\n", t->name, (int)(end - s), s);
      s = *end ? end + 1 : end;
    }
    if (!r.problems)
      fprintf(out, "%s: ok, %zu datasets, %zu frames\n", t->name, r.datasets, r.frames);
  }
  if (r.unknown) vr_detail("%zu datasets that vr(5) does not know", r.unknown);
  size_t problems = r.problems;
  vr_check_free(&r);
  return problems;
}

int main(int argc, char **argv)
{
  size_t problems = 0;
  vr_cli cli = vr_cli_begin(argc, argv, &tool);
  if (list) {
    print_schema(vr_cli_text(&cli));
    return vr_cli_end(&cli);
  }
  if (!cli.noperands && isatty(STDIN_FILENO))
    vr_misuse("standard input is a terminal: name a file, or pipe a stream into it (-h for help)");
  for (vr_turn *t; (t = vr_cli_next(&cli));) {
    problems += check(&cli, t);
    vr_cli_drop(&cli, t);
  }
  int status = vr_cli_end(&cli);
  if (problems) vr_note("%zu problem%s", problems, problems == 1 ? "" : "s");
  return status ? status : problems > 0;
}
