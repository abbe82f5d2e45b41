/* vr-kmeans.c -- frames in clusters: labels and centres. */
#include "base/mem.h"
#include "cli/tool.h"
#include "io/features.h"
#include "io/stage_kmeans.h"
#include <string.h>

static vr_stage_kmeans_par par = VR_STAGE_KMEANS_DEFAULTS;
static const char *name, *start_file, *onto_file;
static int each;

static const vr_opt opts[] = {
  {'k', "clusters", VR_OPT_INT, &par.kmeans.k, 1, 10000, "K", "number of clusters"},
  {'r', "restarts", VR_OPT_INT, &par.kmeans.restarts, 1, 100000, "N", "take the best of N starts"},
  {'n', "iterations", VR_OPT_INT, &par.kmeans.iterations, 1, 1000000, "N",
    "at most N iterations from each start"},
  {0, "name", VR_OPT_STR, &name, 0, 0, "NAME", "call the labels /label/NAME"},
  {0, "each", VR_OPT_FLAG, &each, 0, 0, NULL,
    "clusters of every -i by itself; without -i, of every set there is"},
  {0, "unscaled", VR_OPT_FLAG, &par.unscaled, 0, 0, NULL,
    "columns as they are, not of standard deviation 1"},
  {0, "start", VR_OPT_STR, &start_file, 0, 0, "FILE", "start from the centres in this file"},
  {0, "onto", VR_OPT_STR, &onto_file, 0, 0, "FILE", "label by the centres in this file"},
};

static const vr_tool tool = {
  .name = "vr-kmeans",
  .what = "frames in clusters (k-means): labels and centres",
  .take = {"behaviour"},
  .make = {"/label/NAME", "/cluster/NAME"},
  .opts = opts,
  .nopts = VR_LEN(opts),
  .flags = VR_TOOL_MERGE | VR_TOOL_SEED | VR_TOOL_SETS,
};

static vr_h5 *from;

static void progress(void *ctx, double done, double total)
{
  (void)ctx;
  vr_progress("starts", done, total);
}

/* adds the datasets of one -i to the list */
static void add_input(
  const vr_cli *cli, vr_turn *t, const char *input, const char **path, size_t *n)
{
  size_t more = 1;
  if (*n + VR_FEATURE_PARTS > VR_FEATURES_MAX)
    vr_misuse("at most %d datasets at a time", VR_FEATURES_MAX);
  if (vr_features_is_set(input) && !t->foreign)
    vr_must(vr_features_set(t, input, from, tool.name, cli->pool, path + *n, &more));
  else
    path[*n] = input;
  *n += more;
}

/* clusters of the inputs first .. first + n - 1, side by side */
static void cluster(const vr_cli *cli, vr_turn *t, const char *const *input, size_t n)
{
  const char *path[VR_FEATURES_MAX];
  size_t parts = 0;
  char *own = NULL;
  vr_stage_kmeans_info info;
  for (size_t i = 0; i < n; i++) add_input(cli, t, input[i], path, &parts);
  if (!name) vr_must(vr_stage_kmeans_name(input[0], &own));
  vr_must(vr_stage_kmeans(t, name ? name : own, path, parts, from, &par, cli->pool, &info));
  vr_note(
    "%s: %zu frames in %zu clusters, the smallest of %zu; they explain %.1f %% of the variance",
    name ? name : own, info.frames, info.k - info.empty, info.least, 100 * info.share);
  if (!info.converged && par.kmeans.iterations)
    vr_note("labels still changed after %d iterations: say --iterations", info.iterations);
  vr_detail("inertia %.6g, %d starts, %d iterations in the best", info.inertia, info.restarts,
    info.iterations);
  vr_release(own);
}

static void cluster_each(const vr_cli *cli, vr_turn *t)
{
  size_t found = 0;
  for (size_t i = 0; i < cli->ntake && cli->took; i++) cluster(cli, t, &cli->take[i], 1);
  for (size_t i = 0; i < VR_FEATURE_SETS && !cli->took; i++) {
    if (t->foreign || !vr_features_can(t, vr_feature_sets[i])) continue;
    cluster(cli, t, &vr_feature_sets[i], 1);
    found++;
  }
  if (!cli->took && !found)
    vr_must(vr_fail(VR_EDATA, "none of the feature sets is in this stream: say -i"));
}

int main(int argc, char **argv)
{
  vr_cli cli = vr_cli_begin(argc, argv, &tool);
  if (each && name) vr_misuse("with --each every input has its own name, not that of --name");
  if (!each && !name && cli.ntake > 1)
    vr_misuse("several inputs: say --name for all of them together, or --each");
  if (start_file && onto_file) vr_misuse("--start or --onto, not both");
  par.seed = cli.seed;
  par.progress = progress;
  if (onto_file) par.kmeans.iterations = 0;
  if (onto_file) vr_must(vr_wrap(vr_h5_open(onto_file, 0, &from), "--onto"));
  if (start_file) vr_must(vr_wrap(vr_h5_open(start_file, 0, &from), "--start"));
  for (vr_turn *t; (t = vr_cli_next(&cli));) {
    if (each)
      cluster_each(&cli, t);
    else
      cluster(&cli, t, cli.take, cli.ntake);
    vr_cli_commit(&cli, t);
  }
  vr_must(vr_h5_close(&from));
  return vr_cli_end(&cli);
}
