/* vr-align.c -- activity around events: sequences of units, and how much it varies. */
#include "ana/fano.h"
#include "base/mem.h"
#include "cli/tool.h"
#include "io/stage_align.h"
#include "io/stage_jpca.h"
#include <stdio.h>

static vr_stage_align_par par = VR_STAGE_ALIGN_DEFAULTS;
static int show;
static const char *inside;

static const vr_opt opts[] = {
  {'e', "event", VR_OPT_STR, &par.event, 0, 0, "NAME[,NAME ...]", "events to align to"},
  {'b', "before", VR_OPT_DBL, &par.before, -1e6, 1e6, "S",
    "a window begins so long before the event"},
  {'a', "after", VR_OPT_DBL, &par.after, -1e6, 1e6, "S", "and ends so long after it"},
  {'p', "phase", VR_OPT_INT, &par.phase, 0, 100000, "N",
    "instead, the time from an event to the next, cut into N parts"},
  {0, "longest", VR_OPT_DBL, &par.longest, 0, 1e6, "S", "phase: longer times are left out"},
  {0, "show", VR_OPT_WORD, &show, 0, 0, "mean-abs|abs-mean|mean",
    "mean of |z|, |mean of z|, or mean of z"},
  {0, "by", VR_OPT_STR, &par.by, 0, 0, "WHAT",
    "do units peak in the same order in each task, subject, region, /label/NAME ..."},
  {0, "inside", VR_OPT_STR, &inside, 0, 0, "FROM:TO",
    "is activity less variable there, in s after the event, than in the rest of the window"},
  {0, "fano", VR_OPT_DBL, &par.fano, 0, 1e6, "S",
    "variance against mean of counts in so many seconds (0.08), also at matched means; 0: not"},
  {0, "every", VR_OPT_DBL, &par.every, 1e-6, 1e6, "S", "fano: from one such count to the next"},
  {0, "bin", VR_OPT_DBL, &par.bin, 1e-3, 1e6, "N", "fano: width of the bins of means, spikes"},
  {0, "edge", VR_OPT_DBL, &par.align.edge, 0, 0.45, "F",
    "share of the window at either end whose peaks do not count as spread"},
  {0, "surrogates", VR_OPT_INT, &par.align.surrogates, 0, 1000000, "N",
    "surrogates of the null: windows at places by chance; 0: no null"},
};

static const vr_tool tool = {
  .name = "vr-align",
  .what = "activity around events: sequences and variability",
  .make = {"/sequence"},
  .opts = opts,
  .nopts = VR_LEN(opts),
  .flags = VR_TOOL_MERGE | VR_TOOL_SEED,
};

static void tell(const char *path, const vr_aligned *a, const vr_stage_align_info *i)
{
  vr_note("%s: %zu windows of %zu samples, %zu units", path, a->windows, a->lags, a->units);
  if (i->left) vr_note("%zu events have no window inside their trial", i->left);
  if (i->constant) vr_note("%s: %zu columns do not change and are left out", path, i->constant);
  for (size_t k = 0; k < VR_ALIGN_STATISTICS; k++)
    if (a->test[k].p > 0)
      vr_note("%s: %s %.3g (chance %.3g, p %.3g)", path, vr_align_names[k], a->test[k].value,
        a->test[k].null, a->test[k].p);
  if (par.by && i->few)
    vr_note("%s: %zu of %zu in %s have fewer than %d windows and are left out", path, i->few,
      i->few + i->groups, par.by, VR_ALIGN_WINDOWS);
  if (!par.align.surrogates) return;
  if (!(a->test[VR_ALIGN_SPLIT].p > 0))
    vr_note("%s: no statistics: %zu windows of %zu units; they need %d of %d", path, a->windows,
      a->units, VR_ALIGN_WINDOWS, VR_ALIGN_UNITS);
  else if (a->interior < VR_ALIGN_UNITS)
    vr_note("%s: %zu units peak between the edges: how evenly needs %d", path, a->interior,
      VR_ALIGN_UNITS);
}

static void tell_fano(const char *path, const vr_stage_fano_info *f)
{
  if (f->what == VR_FANO_NO_COUNTS)
    vr_note(
      "%s row %zu, column %zu: %.3g in a frame is no count, so there is no Fano factor, only the "
      "spread (rates must be counts of frames: vr-import without --smooth)",
      path, f->row, f->column + 1, f->value);
  if (f->what == VR_FANO_NO_GROUP)
    vr_note("%s: no Fano factor: it needs %d windows%s", path, VR_ALIGN_WINDOWS,
      par.by ? " of one label" : "");
  if (f->what != VR_FANO_DONE) return;
  if (f->fewest < VR_FANO_POINTS) {
    vr_note("%s: no Fano factor: %zu of %zu points fire at %.3g s; it needs %d", path, f->fewest,
      f->points, f->at, VR_FANO_POINTS);
    return;
  }
  vr_note("%s: Fano factor %.3g to %.3g: counts of %g s at %zu times, %zu points", path, f->low[0],
    f->high[0], f->seconds, f->times, f->points);
  if (f->kept < VR_FANO_POINTS)
    vr_note("%s: none at matched means: %zu points in %zu bins that all times share; it needs %d "
            "(a wider "
            "--bin, or fewer times: --every, -b, -a)",
      path, f->kept, f->bins, VR_FANO_POINTS);
  else
    vr_note("%s: Fano factor %.3g to %.3g at matched means, %zu points in %zu bins", path,
      f->low[1], f->high[1], f->kept, f->bins);
  for (int k = 0; k < 2; k++)
    if (f->quench[k].p > 0)
      vr_note("%s: Fano factor, inside against outside, log %.3g%s (chance %.3g, p %.3g)", path,
        f->quench[k].value, k ? " at matched means" : "", f->quench[k].null, f->quench[k].p);
}

int main(int argc, char **argv)
{
  char rest;
  vr_aligned a = {0};
  vr_stage_align_info info;
  vr_cli cli = vr_cli_begin(argc, argv, &tool);
  if (!par.event) vr_misuse("say what to align to (-e NAME); vr-events finds events");
  if (par.phase <= 0 && par.before + par.after < 0) vr_misuse("the window ends before it begins");
  if (inside && (sscanf(inside, "%lf:%lf%c", par.inside, par.inside + 1, &rest) != 2 ||
                  !(par.inside[0] < par.inside[1])))
    vr_misuse("--inside %.40s: say FROM:TO", inside);
  if (par.fano > 0 && par.phase > 0) vr_misuse("--fano counts in seconds, --phase has none");
  par.align.show = (vr_show)show;
  par.align.seed = cli.seed;
  for (vr_turn *t; (t = vr_cli_next(&cli));) {
    char **found = NULL;
    size_t n = cli.ntake;
    if (!cli.took) vr_must(vr_activity_paths(t, &found, &n));
    for (size_t i = 0; i < n; i++) {
      const char *path = found ? found[i] : cli.take[i];
      vr_must(vr_stage_align(t, path, &par, cli.pool, &a, &info));
      tell(path, &a, &info);
      tell_fano(path, &info.fano);
    }
    vr_release(found);
    vr_cli_commit(&cli, t);
  }
  vr_align_free(&a);
  return vr_cli_end(&cli);
}
