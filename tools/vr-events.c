/* vr-events.c -- events from signals, by stated rules. */
#include "base/mem.h"
#include "cli/tool.h"
#include "io/stage_events.h"
#include <string.h>

static vr_find_par par = VR_FIND_DEFAULTS;
static double below = -1e300;

static const vr_opt opts[] = {
  {0, "contact", VR_OPT_STR, &par.contact, 0, 0, "PATH",
    "columns that are above 0.5 while a pad touches"},
  {0, "paw", VR_OPT_STR, &par.paw, 0, 0, "PAD",
    "stride: the middle of the stance of this pad, instead of a phase"},
  {0, "rhythm", VR_OPT_STR, &par.rhythm, 0, 0, "PATH:COLUMN", "stride: a phase of this column"},
  {0, "low", VR_OPT_DBL, &par.low, 1e-6, 1e6, "HZ", "lowest frequency of strides"},
  {0, "high", VR_OPT_DBL, &par.high, 1e-6, 1e6, "HZ", "highest frequency of strides"},
  {0, "phase", VR_OPT_DBL, &par.phase, -360, 360, "DEG",
    "phase of the rhythm that marks a stride; 0 is its maximum"},
  {0, "clear", VR_OPT_DBL, &par.clear, 0, 1e9, "Z",
    "jump: so far above the ground, in units of /pose/positions; 0: no pad touches is enough"},
  {0, "flight", VR_OPT_DBL, &par.flight, 0, 1e6, "S", "jump: for so long"},
  {0, "pitch", VR_OPT_DBL, &par.pitch, 0, 90, "DEG", "rear: the body points so far up"},
  {0, "rear", VR_OPT_DBL, &par.rear, 0, 1e6, "S", "rear: for so long"},
  {0, "yaw", VR_OPT_DBL, &par.yaw, 0, 1e6, "DEG/S", "spin: turns so fast"},
  {0, "turns", VR_OPT_DBL, &par.turns, 0, 1e6, "N", "spin: so many turns in one go"},
  {0, "speed", VR_OPT_DBL, &par.speed, 0, 1e9, "V",
    "run, stride: so fast, in units of /pose/root a second; 0: 0.1 m/s"},
  {0, "run", VR_OPT_DBL, &par.run, 0, 1e6, "S", "run, stride: for so long"},
  {0, "reward", VR_OPT_DBL, &par.reward, -1e300, 1e300, "R", "reward: least reward"},
  {0, "labels", VR_OPT_STR, &par.labels, 0, 0, "WHAT", "bout: region, task, /label/NAME ..."},
  {0, "above", VR_OPT_DBL, &par.above, -1e300, 1e300, "X", "level: where a stay begins"},
  {0, "below", VR_OPT_DBL, &below, -1e300, 1e300, "X", "level: where it ends; -1e300: as it began"},
  {0, "name", VR_OPT_STR, &par.name, 0, 0, "NAME", "level: name of the event"},
  {0, "shortest", VR_OPT_DBL, &par.shortest, 0, 1e6, "S", "level, bout: shortest stay"},
  {0, "gap", VR_OPT_DBL, &par.gap, 0, 1e6, "S", "shorter breaks end nothing"},
};

static const vr_tool tool = {
  .name = "vr-events",
  .what = "events from signals: touches, strides, jumps, rears, spins, runs, bouts",
  .operands = "KIND[,KIND ...] [FILE ...]",
  .make = {"/events"},
  .opts = opts,
  .nopts = VR_LEN(opts),
  .flags = VR_TOOL_SERIAL,
  .words = 1,
};

static const char *const kinds[VR_FIND_KINDS] = {
  "touch", "stride", "jump", "rear", "spin", "run", "reward", "bout", "level"};

static vr_find_kind kind_of(const char *word)
{
  for (int k = 0; k < VR_FIND_KINDS; k++)
    if (!strcmp(kinds[k], word)) return (vr_find_kind)k;
  vr_misuse(
    "'%.60s' is no kind of event: touch, stride, jump, rear, spin, run, reward, bout, level", word);
}

int main(int argc, char **argv)
{
  char **word = NULL;
  size_t n = 0;
  vr_cli cli = vr_cli_begin(argc, argv, &tool);
  if (!cli.nwords)
    vr_misuse("say what to find: touch, stride, jump, rear, spin, run, reward, bout, level");
  vr_must(vr_str_split(cli.word[0], ",", &word, &n));
  for (size_t k = 0; k < n; k++) kind_of(word[k]);
  if (cli.took) par.level = cli.take[0];
  par.below = below > -1e300 ? below : par.above;
  for (vr_turn *t; (t = vr_cli_next(&cli));) {
    vr_marks m = {0};
    vr_trials tr = {0};
    vr_must(vr_get_trials(t, &tr));
    for (size_t k = 0; k < n; k++) {
      size_t before = m.n;
      vr_must(vr_wrap(vr_find_events(t, kind_of(word[k]), &par, &m), "%s", word[k]));
      vr_note("%s: %zu found", word[k], m.n - before);
    }
    size_t added;
    vr_must(vr_put_marks(t, &m, tr.rate, &added));
    if (added < m.n) vr_note("%zu of %zu were in the table", m.n - added, m.n);
    vr_trials_free(&tr);
    vr_marks_free(&m);
    vr_cli_commit(&cli, t);
  }
  vr_release(word);
  return vr_cli_end(&cli);
}
