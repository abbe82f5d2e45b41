/* vr-plot.c -- pictures of a stream: its map, its series, its ethogram. */
#include "cli/plot.h"
#include "cli/tool.h"
#include <string.h>
#include <unistd.h>

static vr_plot_par par = VR_PLOT_DEFAULTS;
static int format; // place in the words of --format
static const char *size, *title;

static const vr_opt opts[] = {
  {'c', "color", VR_OPT_STR, &par.colour, 0, 0, "WHAT",
    "task, event, region, subject, trial, density or /path:column"},
  {'f', "format", VR_OPT_WORD, &format, 0, 0, "auto|svg|png|pdf",
    "what to write; auto: what the name of -o says, else svg"},
  {'g', "size", VR_OPT_STR, &size, 0, 0, "WxH", "points, 1/96 inch each (720x600; 720x400)"},
  {'t', "title", VR_OPT_STR, &title, 0, 0, "TEXT", "a line above the picture"},
  {0, "trial", VR_OPT_INT, &par.trial, -1, 1e9, "N",
    "this trial, from 0; -1: all, the first of a series"},
  {0, "from", VR_OPT_DBL, &par.from, 0, 1e9, "S", "from this second of a trial"},
  {0, "to", VR_OPT_DBL, &par.to, 0, 1e9, "S", "to this second; 0: to the end"},
  {0, "plain", VR_OPT_FLAG, &par.plain, 0, 0, NULL,
    "a map without outlines and numbers of regions"},
};

static const vr_tool tool = {
  .name = "vr-plot",
  .what = "pictures of maps, series and ethograms",
  .operands = "map|series|ethogram [FILE ...]",
  .opts = opts,
  .nopts = VR_LEN(opts),
  .flags = VR_TOOL_MERGE | VR_TOOL_TEXT | VR_TOOL_SERIAL,
  .words = 1,
};

enum { MAP, SERIES, ETHOGRAM, KINDS };
static const char *const kinds[] = {"map", "series", "ethogram"};

static int kind_of(const vr_cli *cli)
{
  if (!cli->nwords) vr_misuse("say what to draw: map, series or ethogram (-h for help)");
  for (int k = 0; k < KINDS; k++)
    if (!strcmp(cli->word[0], kinds[k])) return k;
  vr_misuse("'%.60s' is no kind of picture: map, series or ethogram", cli->word[0]);
}

static vr_figure_format format_of(const char *out)
{
  static const char *const ends[] = {".svg", ".png", ".pdf"};
  const char *dot = out ? strrchr(out, '.') : NULL;
  for (int k = 0; k < 3 && dot && !format; k++)
    if (!strcmp(dot, ends[k])) format = k + 1;
  if (!format && dot && !strchr(dot, '/'))
    vr_misuse("%s: a picture is .svg, .png or .pdf (or say --format)", out);
  if (format > 1 && !out && isatty(STDOUT_FILENO))
    vr_misuse("standard output is a terminal: name a file (-o)");
  return format ? (vr_figure_format)(format - 1) : VR_SVG;
}

static void set_size(vr_figure *f, int kind)
{
  char rest;
  f->w = 720;
  f->h = kind == MAP ? 600 : 400;
  if (!size) return;
  if (sscanf(size, "%lfx%lf%c", &f->w, &f->h, &rest) != 2 || !(f->w >= 160 && f->w <= 8000) ||
      !(f->h >= 120 && f->h <= 8000))
    vr_misuse("--size %.40s: say WIDTHxHEIGHT, 160x120 to 8000x8000", size);
}

int main(int argc, char **argv)
{
  static const char *map[] = {"/map/xy"}, *series[] = {"/pose/angles"};
  vr_cli cli = vr_cli_begin(argc, argv, &tool);
  int kind = kind_of(&cli);
  const char *const *data = cli.took ? cli.take : kind == MAP ? map : series;
  size_t n = cli.took ? cli.ntake : 1;
  if (n > 1 && kind != SERIES) vr_misuse("one dataset at a time (-i)");
  vr_figure f = {.format = format_of(cli.out), .title = title};
  set_size(&f, kind);
  for (vr_turn *t; (t = vr_cli_next(&cli));) {
    if (kind == MAP)
      vr_must(vr_plot_map(t, data[0], &par, &f));
    else if (kind == SERIES)
      vr_must(vr_plot_series(t, data, n, &par, &f));
    else
      vr_must(vr_plot_ethogram(t, &par, &f));
    vr_must(vr_figure_draw(&f, kinds[kind], vr_cli_text(&cli)));
    vr_cli_drop(&cli, t);
  }
  vr_figure_free(&f);
  return vr_cli_end(&cli);
}
