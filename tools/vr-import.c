/* vr-import.c -- tracked animals of other programs as recordings. */
#include "ana/axes.h"
#include "ana/names.h"
#include "ana/spikes.h"
#include "base/mem.h"
#include "cli/tool.h"
#include "io/import_report.h"
#include "io/pose.h"
#include "io/skeleton_file.h"
#include <string.h>
#include <unistd.h>

static vr_import_par read_par = VR_IMPORT_DEFAULTS;
static vr_fill_par fill_par = VR_FILL_DEFAULTS;
static const char *points, *without, *root, *heading, *skeleton, *subject, *task = "tracked";
static double confidence, spikes, scale, yup, min_trial = 1;
static int animals, merge, drop, up, angles, unit, by_length;

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
  {0, "confidence", VR_OPT_DBL, &confidence, 0, 1e6, "P", "points with less are missing"},
  {0, "spikes", VR_OPT_DBL, &spikes, 0, 1e6, "K",
    "points that jump K times the usual are missing, 0: told"},
  {0, "units", VR_OPT_WORD, &unit, 0, 0, "file|px|mm|cm|m", "units of the numbers in the file"},
  {0, "scale", VR_OPT_DBL, &scale, 0, 1e9, "M", "metres in one unit of the file, 0: not known"},
  {0, "yup", VR_OPT_DBL, &yup, 0, 1e9, "HEIGHT",
    "make y point up, by the height of the picture; 0: no"},
  {0, "up", VR_OPT_WORD, &up, 0, 0, "z|-z|y|-y|x|-x", "what points up in the file, in 3-D"},
  {0, "fill", VR_OPT_WORD, &fill_par.how, 0, 0, VR_FILL_WORDS, "how gaps are filled"},
  {0, "max-gap", VR_OPT_DBL, &fill_par.max_gap, 0, 1e6, "S", "longest gap that is filled"},
  {0, "drop", VR_OPT_FLAG, &drop, 0, 1, NULL,
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
  {0, "subject", VR_OPT_STR, &subject, 0, 0, "LIST", "names of the animals, in their order"},
  {0, "task", VR_OPT_STR, &task, 0, 0, "NAME", "name of the task"},
};

static const vr_tool tool = {
  .name = "vr-import",
  .what = "tracked animals of other programs as recordings",
  .make = {"/pose/positions", "/pose/root", "/pose/confidence", "/pose/angles"},
  .opts = opts,
  .nopts = VR_LEN(opts),
  .flags = VR_TOOL_SOURCE | VR_TOOL_RAW | VR_TOOL_SERIAL,
};

enum { TELL_SPIKES = 20 }; // jumps of so many times the usual are told

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

static void *room(size_t n, size_t size)
{
  void *p;
  must(vr_alloc(&p, n, size));
  return p;
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

static void choose_points(vr_tracks *k, vr_str *lines)
{
  size_t *list = NULL, n = 0, *kept = room(k->points, sizeof *kept), nkept = 0;
  if (!points && !without) {
    vr_release(kept);
    return;
  }
  if (points && without) vr_misuse("give either --points or --without");
  must(vr_names_pick(k->point, k->points, points ? points : without, ",", &list, &n));
  vr_str_add(lines, "points left out:");
  for (size_t p = 0; p < k->points; p++) {
    size_t i = 0;
    while (i < n && list[i] != p) i++;
    if ((i < n) == (without != NULL))
      vr_str_addf(lines, " %s", k->point[p]);
    else
      kept[nkept++] = p;
  }
  vr_str_addc(lines, '\n');
  must(points ? vr_tracks_points(k, list, n) : vr_tracks_points(k, kept, nkept));
  must(vr_names_check(k->point, k->points, "point"));
  vr_release(list);
  vr_release(kept);
  say(lines);
}

static void choose_animals(vr_tracks *k, vr_str *lines)
{
  if (merge && !animals) vr_misuse("--merge needs the number of animals: --animals N");
  if (!animals) return;
  vr_track_fate *fate = room(k->animals, sizeof *fate);
  char **tracks;
  size_t n = k->animals;
  if ((size_t)animals > n) vr_note("%s: only %zu tracks for %d animals", file, n, animals);
  must(vr_names_copy(k->animal, n, &tracks));
  must(vr_tracks_animals(k, (size_t)animals, merge, fate));
  vr_report_tracks(lines, tracks, n, k->animal, fate, k->frames);
  vr_release(fate);
  vr_release(tracks);
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

static void clean(vr_tracks *k, uint8_t **mask, vr_str *lines)
{
  size_t *low = room(k->points, sizeof *low);
  vr_fill_count *count = room(k->points, sizeof *count);
  if (confidence > 0 && !k->conf)
    vr_note("%s: there is no confidence in the file: --confidence does nothing", file);
  if (confidence > 0 && k->conf) {
    vr_tracks_confident(k, confidence, low);
    vr_report_confident(lines, k, confidence, low);
  }
  must(vr_spikes(k, spikes > 0 ? spikes : TELL_SPIKES, spikes > 0, low));
  vr_report_spikes(lines, k, spikes > 0 ? spikes : TELL_SPIKES, spikes > 0, low);
  if (fill_par.how != VR_FILL_NONE) *mask = room(k->frames * k->animals * k->points, 1);
  must(vr_fill(k, &fill_par, *mask, count));
  static const char *const words[] = {"none", "linear", "hold", "pchip"};
  vr_report_fill(lines, k, words[fill_par.how], drop, count);
  say(lines);
  vr_release(low);
  vr_release(count);
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

static void convert(vr_cli *cli, const char *path, const char *recording)
{
  vr_import im = {0};
  vr_str lines = {0};
  vr_stretches trials;
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
  const char *written = units_of(&im, &factor);
  take_stock(cli, &im, unit || scale > 0 ? written : im.units, &lines);
  choose_points(k, &lines);
  choose_animals(k, &lines);
  if (factor != 1) vr_tracks_scale(k, factor);
  if (yup > 0) vr_tracks_flip(k, yup * factor);
  vr_tracks_upright(k, up);
  clean(k, &mask, &lines);
  vr_pose_table pose = {.k = k,
    .filled = mask,
    .trials = &trials,
    .units = written,
    .by_length = by_length,
    .task = task,
    .recording = recording,
    .subject = name_subjects(k)};
  must(vr_find_axes(k->point, k->points, root, heading, &pose.axes, &set, &lines));
  find_angles(k, &pose, &chain, &chain_name);
  must(vr_split(k, drop, min_trial, &trials));
  vr_report_trials(&lines, k, &trials, min_trial);
  say(&lines);
  if (!trials.n)
    must(vr_fail(
      VR_EDATA, "nothing is left: fill longer gaps (--max-gap) or leave points out (--without)"));
  must(vr_turn_new(&t));
  must(vr_put_pose(t, &pose, &held));
  if (held)
    vr_note("%s: points of an angle coincide in %zu frames: it keeps its last value", file, held);
  vr_cli_commit(cli, t);
  vr_release(set);
  vr_release(chain);
  vr_release(chain_name);
  vr_release((void *)pose.subject);
  vr_release(mask);
  vr_release(trials.list);
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
