/* vr-cka.c -- how alike layers, features and tasks tell clusters of frames apart. */
#include "base/mem.h"
#include "cli/tool.h"
#include "io/stage_cka.h"
#include "io/stage_kmeans.h"
#include <string.h>

static vr_stage_cka_par par = VR_STAGE_CKA_DEFAULTS;
static vr_list labels;

static const vr_opt opts[] = {
  {'l', "labels", VR_OPT_LIST, &labels, 0, 0, "LABELS",
    "compare over these clusters: a name of vr-kmeans, region, /path; repeats"},
  {'n', "draws", VR_OPT_INT, &par.draws, 1, 10000000, "N", "permutations of the clusters"},
  {0, "shifts", VR_OPT_INT, &par.shifts, 0, 10000000, "N",
    "shifts of the activity in time; 0: none"},
  {0, "deals", VR_OPT_INT, &par.deals, 0, 10000000, "N",
    "deals of the units to the layers; 0: none"},
  {0, "frames", VR_OPT_INT, &par.frames, 1, 1000000000, "N", "leave out clusters of less frames"},
  {0, "across", VR_OPT_STR, &par.across, 0, 0, "LABELS",
    "compare each layer between these: task, trial, subject, ...; task where there are any"},
  {0, "least", VR_OPT_INT, &par.clusters, 4, 1000000, "N", "compare over no less than N clusters"},
};

static const vr_tool tool = {
  .name = "vr-cka",
  .what = "similarity of layers, features and tasks (CKA), with nulls",
  .make = {"/cka"},
  .opts = opts,
  .nopts = VR_LEN(opts),
  .flags = VR_TOOL_MERGE | VR_TOOL_SEED,
};

/* each line of the notes by itself */
static void tell(const char *notes)
{
  for (size_t n; *notes; notes += n + (notes[n] == '\n')) {
    n = strcspn(notes, "\n");
    vr_note("%.*s", (int)n, notes);
  }
}

static void compare(const vr_cli *cli, vr_turn *t)
{
  char **layer = NULL, **cluster = NULL;
  size_t layers = cli->ntake, nlabels = labels.n;
  vr_stage_cka_info info = {0};
  if (!cli->took) vr_must(vr_stage_cka_layers(t, &layer, &layers));
  if (!labels.n) {
    vr_must(vr_stage_cka_clusters(t, &cluster, &nlabels));
    if (!nlabels) {
      vr_must(vr_need_clusters(t, cli->seed, tool.name, cli->pool));
      vr_must(vr_stage_cka_clusters(t, &cluster, &nlabels));
    }
  }
  vr_must(vr_stage_cka(t, cli->took ? cli->take : (const char *const *)layer, layers,
    labels.n ? labels.item : (const char *const *)cluster, nlabels, &par, cli->pool, &info));
  tell(info.notes.s ? info.notes.s : "");
  vr_detail("%zu comparisons of %zu layers by %zu labels", info.rows, info.layers, info.labels);
  vr_stage_cka_free(&info);
  vr_release(layer);
  vr_release(cluster);
}

int main(int argc, char **argv)
{
  vr_cli cli = vr_cli_begin(argc, argv, &tool);
  par.seed = cli.seed;
  for (vr_turn *t; (t = vr_cli_next(&cli));) {
    compare(&cli, t);
    vr_cli_commit(&cli, t);
  }
  return vr_cli_end(&cli);
}
