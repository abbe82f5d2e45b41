/* vr-plot.c -- pictures of a stream: its map, its series, what tools found in it. */
#include "cli/plot.h"
#include "cli/tool.h"
#include <string.h>
#include <unistd.h>

static vr_plot_par par = VR_PLOT_DEFAULTS;
static int format; // place in the words of --format
static const char *size, *title;
static double follow;

static const vr_opt opts[] = {
  {'c', "color", VR_OPT_STR, &par.colour, 0, 0, "WHAT",
    "task, event, region, subject, trial, density or /path:column"},
  {'f', "format", VR_OPT_WORD, &format, 0, 0, "auto|svg|png|pdf",
    "what to write; auto: what the name of -o says, else svg"},
  {'g', "size", VR_OPT_STR, &size, 0, 0, "WxH", "points, 1/96 inch each (720 wide)"},
  {'t', "title", VR_OPT_STR, &title, 0, 0, "TEXT", "a line above the picture"},
  {0, "trial", VR_OPT_INT, &par.trial, -1, 1e9, "N",
    "this trial, from 0; -1: all, the first of a series"},
  {0, "from", VR_OPT_DBL, &par.from, 0, 1e9, "S", "from this second of a trial"},
  {0, "to", VR_OPT_DBL, &par.to, 0, 1e9, "S", "to this second; 0: to the end"},
  {0, "plain", VR_OPT_FLAG, &par.plain, 0, 0, NULL,
    "a map without outlines and numbers of regions"},
  {0, "follow", VR_OPT_DBL, &follow, 0, 1e6, "S",
    "train: draw again every so many seconds, while lines come"},
};

typedef int draw(
  const vr_turn *t, const char *const *data, size_t n, const vr_plot_par *par, vr_figure *f);

static int draw_map(
  const vr_turn *t, const char *const *data, size_t n, const vr_plot_par *p, vr_figure *f)
{
  return vr_plot_map(t, n ? data[0] : "/map/xy", p, f);
}

static int draw_series(
  const vr_turn *t, const char *const *data, size_t n, const vr_plot_par *p, vr_figure *f)
{
  static const char *const angles[] = {"/pose/angles"};
  return vr_plot_series(t, n ? data : angles, n ? n : 1, p, f);
}

static int draw_ethogram(
  const vr_turn *t, const char *const *data, size_t n, const vr_plot_par *p, vr_figure *f)
{
  (void)data;
  (void)n;
  return vr_plot_ethogram(t, p, f);
}

/* The kinds of pictures. */
static const struct {
  const char *name, *look; /* look: share/plot/LOOK.gp */
  draw *draw;
  double height; /* points, beside a width of 720 */
  int many;      /* takes several datasets */
} kinds[] = {
  {"map", "map", draw_map, 600, 0}, {"series", "series", draw_series, 400, 1},
  {"ethogram", "ethogram", draw_ethogram, 400, 0}, {"psd", "psd", vr_plot_psd, 440, 1},
  {"mds", "mds", vr_plot_mds, 600, 0}, {"field", "field", vr_plot_field, 240, 0},
  {"sequence", "sequence", vr_plot_sequence, 520, 0},
  {"sequences", "sequences", vr_plot_sequences, 600, 0},
  {"groups", "groups", vr_plot_groups, 520, 0},
  {"variability", "variability", vr_plot_variability, 400, 0}, {"rsm", "rsm", vr_plot_rsm, 400, 0},
  {"cka", "cka", vr_plot_cka, 400, 0}, {"cka-tasks", "cka", vr_plot_cka_tasks, 400, 0},
  {"cka-layers", "rsm", vr_plot_cka_layers, 400, 0},
  {"ablation", "ablation", vr_plot_ablation, 400, 0},
  {"train", "train", NULL, 600, 0}, // reads lines of text, not a stream
};

static const vr_tool tool = {
  .name = "vr-plot",
  .what = "pictures of maps, series, ethograms, results and trainings",
  .operands =
    "map|series|ethogram|psd|mds|field|sequence|sequences|groups|variability|rsm|cka|cka-tasks"
    "|cka-layers|ablation|train [FILE ...]",
  .opts = opts,
  .nopts = VR_LEN(opts),
  .flags = VR_TOOL_MERGE | VR_TOOL_TEXT | VR_TOOL_SERIAL,
  .words = 1,
};

static size_t kind_of(const vr_cli *cli)
{
  const char *words = tool.operands;
  int n = (int)strcspn(words, " ");
  if (!cli->nwords) vr_misuse("say what to draw: %.*s (-h for help)", n, words);
  for (size_t k = 0; k < VR_LEN(kinds); k++)
    if (!strcmp(cli->word[0], kinds[k].name)) return k;
  vr_misuse("'%.60s' is no kind of picture: %.*s", cli->word[0], n, words);
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

static void set_size(vr_figure *f, size_t kind)
{
  char rest;
  f->w = 720;
  f->h = kinds[kind].height;
  if (!size) return;
  if (sscanf(size, "%lfx%lf%c", &f->w, &f->h, &rest) != 2 || !(f->w >= 160 && f->w <= 8000) ||
      !(f->h >= 120 && f->h <= 8000))
    vr_misuse("--size %.40s: say WIDTHxHEIGHT, 160x120 to 8000x8000", size);
}

int main(int argc, char **argv)
{
  vr_cli cli = vr_cli_begin(argc, argv, &tool);
  size_t kind = kind_of(&cli), n = cli.took ? cli.ntake : 0;
  if (n > 1 && !kinds[kind].many) vr_misuse("one dataset at a time (-i)");
  vr_figure f = {.format = format_of(cli.out), .title = title};
  set_size(&f, kind);
  if (!kinds[kind].draw) {
    if (cli.noperands > 1) vr_misuse("the curves of one training at a time");
    if (follow > 0 && !cli.out)
      vr_misuse("--follow draws into a file again and again: name it (-o)");
    vr_must(vr_plot_train(cli.noperands ? cli.operand[0] : "-", follow, cli.out, &f));
    vr_must(vr_figure_draw(&f, kinds[kind].look, vr_cli_text(&cli)));
  }
  for (vr_turn *t; kinds[kind].draw && (t = vr_cli_next(&cli));) {
    vr_must(kinds[kind].draw(t, cli.take, n, &par, &f));
    vr_must(vr_figure_draw(&f, kinds[kind].look, vr_cli_text(&cli)));
    vr_cli_drop(&cli, t);
  }
  vr_figure_free(&f);
  return vr_cli_end(&cli);
}
