/* vr-ablate -- which units of a policy a behaviour needs: trials with units held or driven. */
#include "base/mem.h"
#include "cli/policy.h"
#include "cli/stage.h"
#include "cli/tool.h"
#include "io/ablation.h"
#include "io/record.h"
#include "sim/mjcf.h"
#include <math.h>
#include <string.h>

static vr_ablation_par par = VR_ABLATION_DEFAULTS;
static vr_list layers;
static int trials = 25, controls = 3, sample;
static const char *task, *levels = "0,8,16,32,64,96,128", *success, *attempt;
static double seconds, step;

static const vr_opt opts[] = {
  {0, "event", VR_OPT_STR, &par.event, 0, 0, "NAME",
    "the behaviour: an event of the recording, or /label/NAME=K"},
  {0, "before", VR_OPT_DBL, &par.before, 0, 60, "S", "its window begins S seconds before"},
  {0, "after", VR_OPT_DBL, &par.after, 0, 60, "S", "and ends S seconds after"},
  {0, "drive", VR_OPT_FLAG, &par.drive, 0, 0, NULL,
    "let cells follow their mean course in the windows, else hold them at their mean"},
  {0, "at", VR_OPT_DBL, &par.at, 0, 1e4, "S", "driven: from this second of a trial"},
  {0, "within", VR_OPT_DBL, &par.within, 0, 1e4, "S",
    "driven: a success counts until S seconds after the course"},
  {0, "success", VR_OPT_STR, &success, 0, 0, "NAME",
    "the event of a trial that is a success; by default that of --event"},
  {0, "attempt", VR_OPT_STR, &attempt, 0, 0, "NAME",
    "the event that could become one; by default each trial is an attempt"},
  {'l', "layer", VR_OPT_LIST, &layers, 0, 0, "LAYER", "this layer only; repeats"},
  {0, "levels", VR_OPT_STR, &levels, 0, 0, "N,N,...", "how many units, rising"},
  {0, "controls", VR_OPT_INT, &controls, 0, VR_ABLATION_CONTROLS, "N",
    "random sets of units, or of moments, beside the ranked ones"},
  {'n', "trials", VR_OPT_INT, &trials, 1, 1e5, "N", "trials of each condition"},
  {0, "seconds", VR_OPT_DBL, &seconds, 0, 1e5, "S",
    "length of a trial, s; 0: the time limit of the task"},
  {0, "task", VR_OPT_STR, &task, 0, 0, "TASK", "task; by default the one of the recording"},
  {0, "sample", VR_OPT_FLAG, &sample, 0, 0, NULL,
    "the policy draws its actions by chance, else it takes their mean"},
  {0, "physics-step", VR_OPT_DBL, &step, 0, 0.02, "S",
    "time step of the physics, s; 0: as recorded, else 0.001"},
};

static const vr_tool tool = {
  .name = "vr-ablate",
  .what = "hold or drive units of a policy and see what becomes of a behaviour",
  .operands = "POLICY [FILE ...]",
  .take = {"/neural"},
  .make = {"/ablation"},
  .opts = opts,
  .nopts = VR_LEN(opts),
  .flags = VR_TOOL_MERGE | VR_TOOL_SEED | VR_TOOL_NOINPUT,
  .words = 1,
};

/* "0,8,16" into the levels. */
static void parse_levels(void)
{
  char **word;
  size_t n;
  double x;
  vr_must(vr_str_split(levels, ",", &word, &n));
  if (n > VR_ABLATION_LEVELS) vr_misuse("--levels: more than %d", VR_ABLATION_LEVELS);
  for (size_t i = 0; i < n; i++) {
    if (vr_str_number(word[i], &x) || !(x >= 0 && x <= 1e6) || x != floor(x))
      vr_misuse("--levels: '%.40s' is not a number of units", word[i]);
    par.level[i] = (size_t)x;
    if (i && par.level[i] <= par.level[i - 1]) vr_misuse("--levels: they must rise");
  }
  par.nlevel = n;
  vr_release(word);
}

/* The task to play: said, or the one that all trials of the recording are of. */
static void find_task(const vr_turn *t, vr_str *spec, double *recorded)
{
  char **name;
  size_t n;
  const char *word = task;
  if (!word) {
    if (!vr_turn_has(t, "/trials/task"))
      vr_must(vr_fail(VR_EDATA, "/trials/task: is not there: not a recording of a task"));
    vr_must(vr_get_strings(t, "/trials/task", &name, &n));
    for (size_t i = 1; i < n; i++)
      if (strcmp(name[i], name[0]))
        vr_misuse("the recording holds %s and %s: say which (--task)", name[0], name[i]);
    word = n ? name[0] : "flat";
    vr_must(vr_record_task(t, word, spec, recorded));
    vr_release(name);
    return;
  }
  vr_must(vr_record_task(t, word, spec, recorded));
}

static void ablate(const vr_cli *cli, vr_policy *p, vr_turn *t)
{
  vr_stage stage;
  vr_str spec = {0};
  double recorded = VR_STEP_RELEASE;
  find_task(t, &spec, &recorded);
  vr_stage_open(&stage, vr_str_get(&spec), step > 0 ? step : recorded);
  vr_settle_policy(vr_scene_layout(stage.scene), p);
  double length = seconds > 0 ? seconds : vr_task_seconds(&stage.task);
  vr_lesion_par run = {.scene = stage.scene,
    .policy = p,
    .sample = sample,
    .seed = cli->seed,
    .trials = (size_t)trials,
    .frames = (size_t)fmax(round(length / VR_CONTROL_STEP), 1),
    .goal = {.event = success ? success : par.event, .attempt = attempt}};
  vr_must(vr_ablation(t, &par, &run, cli->pool, vr_progress));
  vr_stage_close(&stage);
  vr_str_free(&spec);
}

int main(int argc, char **argv)
{
  vr_policy p = {0};
  vr_str who = {0};
  vr_cli cli = vr_cli_begin(argc, argv, &tool);
  if (!cli.nwords) vr_misuse("say which policy, such as rat.policy");
  if (!vr_names_policy(cli.word[0])) vr_misuse("'%.60s' is no policy", cli.word[0]);
  if (!par.event) vr_misuse("say which behaviour (--event)");
  if (*par.event == '/' && !success) vr_misuse("say which event is a success (--success)");
  if (!strcmp(cli.word[0], "-") && !cli.noperands)
    vr_misuse("policy and recording cannot both come through the pipe");
  parse_levels();
  par.layer = layers.item;
  par.nlayer = layers.n;
  par.controls = (size_t)controls;
  vr_open_policy(cli.word[0], cli.seed, NULL, &p, &who);
  for (vr_turn *t; (t = vr_cli_next(&cli));) {
    ablate(&cli, &p, t);
    vr_cli_commit(&cli, t);
  }
  vr_policy_free(&p);
  vr_str_free(&who);
  return vr_cli_end(&cli);
}
