/* vr-import.c -- tracked animals and recorded cells of other programs as recordings. */
#include "ana/axes.h"
#include "ana/names.h"
#include "base/mem.h"
#include "cli/tool.h"
#include "io/import_report.h"
#include "io/pose.h"
#include "io/skeleton_file.h"
#include <string.h>
#include <unistd.h>

static vr_import_par read_par = VR_IMPORT_DEFAULTS;
static vr_clean_par clean = VR_CLEAN_DEFAULTS;
static const char *points, *without, *root, *heading, *skeleton, *subject, *task;
static double scale, yup, min_trial = 1, smooth, longest;
static int animals, merge, up, angles, unit, by_length;

static const vr_opt opts[] = {
  {0, "kind", VR_OPT_STR, &read_par.kind, 0, 0, "NAME",
    "read as this format, whatever it looks like"},
  {0, "axes", VR_OPT_STR, &read_par.axes, 0, 0, "LIST",
    "axes in the file, of frame, animal, point, space"},
  {0, "names", VR_OPT_STR, &read_par.names, 0, 0, "LIST",
    "names of points where the file has none"},
  {0, "points", VR_OPT_STR, &points, 0, 0, "LIST", "keep these points, in this order"},
  {0, "without", VR_OPT_STR, &without, 0, 0, "LIST", "leave these points out"},
  {0, "animals", VR_OPT_INT, &animals, 0, 1e6, "N", "keep the N tracks that are seen most, 0: all"},
  {0, "merge", VR_OPT_FLAG, &merge, 0, 1, NULL,
    "join other tracks to these where they fit in time"},
  {0, "confidence", VR_OPT_DBL, &clean.confidence, 0, 1e6, "P", "points with less are missing"},
  {0, "spikes", VR_OPT_DBL, &clean.spikes, 0, 1e6, "K",
    "points that jump K times the usual are missing, 0: told"},
  {0, "units", VR_OPT_WORD, &unit, 0, 0, "file|px|mm|cm|m", "units of the numbers in the file"},
  {0, "scale", VR_OPT_DBL, &scale, 0, 1e9, "M", "metres in one unit of the file, 0: not known"},
  {0, "yup", VR_OPT_DBL, &yup, 0, 1e9, "HEIGHT",
    "make y point up, by the height of the picture; 0: no"},
  {0, "up", VR_OPT_WORD, &up, 0, 0, "z|-z|y|-y|x|-x", "what points up in the file, in 3-D"},
  {0, "fill", VR_OPT_WORD, &clean.fill.how, 0, 0, VR_FILL_WORDS, "how gaps are filled"},
  {0, "max-gap", VR_OPT_DBL, &clean.fill.max_gap, 0, 1e6, "S", "longest gap that is filled"},
  {0, "drop", VR_OPT_FLAG, &clean.drop, 0, 1, NULL,
    "leave out frames with missing points; trials end there"},
  {0, "min-trial", VR_OPT_DBL, &min_trial, 0, 1e6, "S", "with --drop, shortest trial that is kept"},
  {0, "root", VR_OPT_STR, &root, 0, 0, "LIST", "origin: the mean of these points, or all"},
  {0, "heading", VR_OPT_STR, &heading, 0, 0, "BACK,FRONT",
    "points that give it (A+B is a mean), or none"},
  {0, "by-length", VR_OPT_FLAG, &by_length, 0, 1, NULL,
    "positions in lengths of the animal, back to front"},
  {0, "skeleton", VR_OPT_FILE, &skeleton, 0, 0, "FILE",
    "table of edges or angles: adds joint angles"},
  {0, "angles", VR_OPT_FLAG, &angles, 0, 1, NULL, "adds joint angles from the edges in the file"},
  {0, "cells", VR_OPT_STR, &read_par.cells, 0, 0, "LIST",
    "NWB: keep the units of these names or regions, or none"},
  {0, "smooth", VR_OPT_DBL, &smooth, 0, 1e6, "S", "NWB: sd of the Gaussian that smooths rates"},
  {0, "trials", VR_OPT_STR, &read_par.trials, 0, 0, "NAME",
    "NWB: intervals that become trials, or none"},
  {0, "cut", VR_OPT_DBL, &longest, 0, 1e9, "S", "cut longer trials into parts of S seconds"},
  {0, "subject", VR_OPT_STR, &subject, 0, 0, "LIST", "names of the animals, in their order"},
  {0, "task", VR_OPT_STR, &task, 0, 0, "NAME", "name of the task"},
};

static const vr_tool tool = {
  .name = "vr-import",
  .what = "tracked animals and recorded cells of other programs as recordings",
  .make = {"/pose/positions", "/pose/root", "/pose/confidence", "/pose/angles", "/neural",
    "/spikes"},
  .opts = opts,
  .nopts = VR_LEN(opts),
  .flags = VR_TOOL_SOURCE | VR_TOOL_RAW | VR_TOOL_SERIAL,
};

enum { CELL_RATE = 50 }; // Hz: bins of cells that have no pose beside them

static const char *file; // in work, for messages

static void must(int code)
{
  vr_must(vr_wrap(code, "%s", file));
}

/* each line of the text as a note */
static void say(vr_str *lines)
{
  for (char *s = lines->s, *end; s && (end = strchr(s, '\n')); s = end + 1)
    vr_note("%s: %.*s", file, (int)(end - s), s);
  must(vr_str_ok(lines));
  vr_str_clear(lines);
}

/* -- what the file holds -- */

/* the rate and the first report */
static void take_stock(const vr_cli *cli, vr_import *im, const char *written, vr_str *lines)
{
  vr_tracks *k = &im->k;
  if (cli->rate > 0) {
    if (k->rate > 0 && k->rate != cli->rate)
      vr_note("%s: %s gives %.10g Hz: --rate is taken instead", file, im->rate_from, k->rate);
    k->rate = cli->rate;
    memcpy(im->rate_from, "--rate", sizeof "--rate");
  }
  if (!(k->rate > 0))
    must(vr_fail(VR_EARG, "%s does not tell the frame rate: say --rate HZ", im->kind));
  vr_report_read(lines, im, written);
  if (!animals) vr_report_cover(lines, k);
  say(lines);
  say(&im->notes);
}

static void choose(vr_tracks *k, vr_str *lines)
{
  if (points && without) vr_misuse("give either --points or --without");
  if (merge && !animals) vr_misuse("--merge needs the number of animals: --animals N");
  must(vr_import_points(k, points, without, lines));
  if (animals) must(vr_import_animals(k, (size_t)animals, merge, lines));
  say(lines);
}

/* -- what becomes of it -- */

/* units in which positions are written, and the factor to them */
static const char *units_of(const vr_import *im, double *factor)
{
  static const double metres[] = {0, 0, 1e-3, 1e-2, 1};
  *factor = scale > 0 ? scale : metres[unit] > 0 ? metres[unit] : 1;
  if (scale > 0 && metres[unit] > 0) vr_misuse("give either --scale or --units in metres");
  if (scale > 0 || metres[unit] > 0) return "m";
  return unit ? "px" : im->units;
}

static void find_angles(const vr_tracks *k, vr_pose_table *pose, vr_chain **chain, char ***names)
{
  if (skeleton)
    vr_must(vr_skeleton_read(skeleton, k->point, k->points, chain, names, &pose->nchains));
  else if (angles && !k->nedges)
    must(vr_fail(VR_EARG, "there are no edges in the file: give them by --skeleton FILE"));
  else if (angles)
    must(
      vr_skeleton_of_edges(k->edge, k->nedges, k->point, k->points, chain, names, &pose->nchains));
  pose->chain = *chain;
  pose->chain_name = *names;
}

/* names of the animals in the output; one block */
static char **name_subjects(const vr_tracks *k)
{
  char **list;
  size_t n = k->animals;
  must(subject ? vr_str_split(subject, ",", &list, &n) : vr_names_copy(k->animal, n, &list));
  if (n != k->animals) vr_misuse("--subject gives %zu names for %zu animals", n, k->animals);
  return list;
}

/* -- cells -- */

static vr_cells_table cells_of(const vr_import *im, const vr_sweeps *pieces, double rate)
{
  return (vr_cells_table){.cells = &im->cells,
    .intervals = &im->intervals,
    .pieces = pieces,
    .rate = rate,
    .smooth = smooth,
    .task = task,
    .usual = im->k.frames ? "tracked" : "recorded",
    .subject = subject ? subject : im->subject};
}

/* stretches of the pose, and the pieces of them that become trials */
static void split(
  const vr_import *im, const vr_cells_table *w, vr_sweeps *p, vr_stretches *s, vr_str *lines)
{
  must(vr_split(&im->k, clean.drop, min_trial, s));
  vr_report_trials(lines, &im->k, s, min_trial);
  must(vr_sweeps_of_pose(s, w->intervals, im->clock, w->rate, p));
  if (clean.drop) must(vr_sweeps_drop(p, w->cells, w->rate, min_trial, lines));
  must(vr_sweeps_cut(p, w->rate, longest));
  say(lines);
  if (!p->n)
    must(vr_fail(
      VR_EDATA, "nothing is left: fill longer gaps (--max-gap) or leave points out (--without)"));
}

static void convert_cells(vr_cli *cli, vr_import *im, const char *recording, vr_str *lines)
{
  vr_sweeps pieces = {0};
  vr_turn *t;
  vr_cells_table w = cells_of(im, &pieces, cli->rate > 0 ? cli->rate : CELL_RATE);
  w.recording = recording;
  say(&im->notes);
  must(vr_sweeps_of_cells(w.cells, w.intervals, w.rate, &pieces));
  if (clean.drop) must(vr_sweeps_drop(&pieces, w.cells, w.rate, min_trial, lines));
  must(vr_sweeps_cut(&pieces, w.rate, longest));
  if (!pieces.n) must(vr_fail(VR_EDATA, "nothing is left: no trial has a whole frame"));
  must(vr_turn_new(&t));
  must(vr_put_cell_trials(t, &w));
  must(vr_put_cells(t, &w, lines));
  say(lines);
  vr_cli_commit(cli, t);
  vr_release(pieces.list);
  vr_import_free(im);
}

static void convert(vr_cli *cli, const char *path, const char *recording)
{
  vr_import im = {0};
  vr_str lines = {0};
  vr_stretches trials;
  vr_sweeps pieces = {0};
  uint8_t *mask = NULL;
  size_t *set, held = 0;
  double factor;
  vr_chain *chain = NULL;
  char **chain_name = NULL;
  vr_turn *t;
  vr_tracks *k = &im.k;
  if (cli->ntake > 1) vr_misuse("-i names one dataset, the positions");
  read_par.dataset = cli->took ? cli->take[0] : NULL;
  must(vr_import_read(path, &read_par, &im));
  if (!k->frames) {
    convert_cells(cli, &im, recording, &lines);
    vr_str_free(&lines);
    return;
  }
  const char *written = units_of(&im, &factor);
  take_stock(cli, &im, unit || scale > 0 ? written : im.units, &lines);
  choose(k, &lines);
  if (factor != 1) vr_tracks_scale(k, factor);
  if (yup > 0) vr_tracks_flip(k, yup * factor);
  vr_tracks_upright(k, up);
  must(vr_import_clean(k, &clean, &mask, &lines));
  say(&lines);
  vr_pose_table pose = {.k = k,
    .filled = mask,
    .trials = &trials,
    .units = written,
    .by_length = by_length,
    .recording = recording,
    .subject = name_subjects(k)};
  must(vr_find_axes(k->point, k->points, root, heading, &pose.axes, &set, &lines));
  find_angles(k, &pose, &chain, &chain_name);
  vr_cells_table w = cells_of(&im, &pieces, k->rate);
  split(&im, &w, &pieces, &trials, &lines);
  must(vr_sweeps_to_pose(&w, &trials, &pose.tasks));
  must(vr_turn_new(&t));
  must(vr_put_pose(t, &pose, &held));
  if (held)
    vr_note("%s: points of an angle coincide in %zu frames: it keeps its last value", file, held);
  if (w.cells->n || w.intervals->n) must(vr_put_cells(t, &w, &lines));
  say(&lines);
  vr_cli_commit(cli, t);
  vr_release(set);
  vr_release(chain);
  vr_release(chain_name);
  vr_release((void *)pose.subject);
  vr_release(mask);
  vr_release(trials.list);
  vr_release((void *)pose.tasks);
  vr_release(pieces.list);
  vr_str_free(&lines);
  vr_import_free(&im);
}

static void convert_stdin(vr_cli *cli)
{
  vr_spool spool;
  file = "standard input";
  if (isatty(STDIN_FILENO)) vr_misuse("standard input is a terminal: name a file (-h for help)");
  must(vr_spool_new(&spool));
  must(vr_copy_bytes(STDIN_FILENO, spool.fd, UINT64_MAX, NULL));
  convert(cli, spool.path, "stdin");
  vr_spool_unlink(&spool);
  vr_spool_free(&spool);
}

int main(int argc, char **argv)
{
  vr_cli cli = vr_cli_begin(argc, argv, &tool);
  if (!cli.noperands) convert_stdin(&cli);
  for (size_t i = 0; i < cli.noperands; i++) {
    file = cli.operand[i];
    const char *slash = strrchr(file, '/');
    if (!strcmp(file, "-"))
      convert_stdin(&cli);
    else
      convert(&cli, file, slash ? slash + 1 : file);
  }
  return vr_cli_end(&cli);
}
