/* vr-record -- trials of a controller or a policy in tasks, as a recording. */
#include "base/mem.h"
#include "cli/policy.h"
#include "cli/stage.h"
#include "cli/tool.h"
#include "io/record.h"
#include "sim/mjcf.h"
#include <math.h>
#include <string.h>
#include <unistd.h>

static vr_list tasks, clamps;
static int trials = 25, first, wide, eye, sample, blind;
static double seconds, step = VR_STEP_RELEASE;
static const char *gaits;

static const vr_opt opts[] = {
  {'n', "trials", VR_OPT_INT, &trials, 1, 1e6, "N", "number of trials of each task"},
  {0, "first-trial", VR_OPT_INT, &first, 0, 1e9, "K", "number of the first trial"},
  {0, "seconds", VR_OPT_DBL, &seconds, 0, 1e5, "S",
    "length of a trial, s; 0: the time limit of the task"},
  {0, "task", VR_OPT_LIST, &tasks, 0, 0, "TASK",
    "task, with its parameters; repeats (controllers: flat; policies: those they were trained on)"},
  {0, "sample", VR_OPT_FLAG, &sample, 0, 0, NULL,
    "a policy draws its actions by chance, else it takes their mean"},
  {0, "clamp", VR_OPT_LIST, &clamps, 0, 0, "LAYER:UNIT=VALUE",
    "hold the cell of a unit of a policy; repeats"},
  {0, "gaits", VR_OPT_FILE, &gaits, 0, 0, "DIR",
    "folder of gait tables for controllers, instead of our own"},
  {0, "physics-step", VR_OPT_DBL, &step, 1e-5, 0.02, "S", "time step of the physics, s"},
  {0, "blind", VR_OPT_FLAG, &blind, 0, 0, NULL, "a policy sees grey, whatever there is to see"},
  {0, "eye", VR_OPT_FLAG, &eye, 0, 0, NULL, "also record what the animal sees"},
  {0, "double", VR_OPT_FLAG, &wide, 0, 0, NULL, "states and senses in double precision"},
};

static const vr_tool tool = {
  .name = "vr-record",
  .what = "record trials of a policy or a built-in controller",
  .operands = "POLICY | ARCHITECTURE.conf | CONTROLLER[:key=value,...]",
  .make = {"/pose", "/action", "/force", "/reward", "/discount", "/sense", "/events",
    "/task (/neural /value /eye)"},
  .opts = opts,
  .nopts = VR_LEN(opts),
  .flags = VR_TOOL_SOURCE | VR_TOOL_SEED | VR_TOOL_NOINPUT,
};

/* All tasks of this run. */
typedef struct {
  size_t n;
  const char *spec[VR_POLICY_TASKS];
  vr_stage stage[VR_POLICY_TASKS];
  vr_venue venue[VR_POLICY_TASKS];
} program;

/* What is to be played: said, or what the policy was trained on; what gets up has to lie. */
static void plan(program *g, const char *who, const vr_policy *p)
{
  if (tasks.n > VR_POLICY_TASKS) vr_misuse("more than %d tasks", VR_POLICY_TASKS);
  g->n = tasks.n;
  for (size_t i = 0; i < tasks.n; i++) g->spec[i] = tasks.item[i];
  if (!g->n && p) g->n = vr_policy_tasks(p, g->spec);
  if (!g->n) g->spec[g->n++] = strncmp(who, "right", 5) ? "flat" : "flat:drop=1";
  for (size_t i = 0; i < g->n; i++) {
    vr_stage *s = g->stage + i;
    vr_stage_open(s, g->spec[i], step);
    if (gaits) vr_stage_gaits(s, gaits);
    double length = seconds > 0 ? seconds : vr_task_seconds(&s->task);
    g->venue[i] = (vr_venue){s->scene, &s->task, (size_t)fmax(round(length / VR_CONTROL_STEP), 1)};
  }
}

static void record(const vr_cli *cli, const char *word, vr_turn *t)
{
  static program g;
  vr_policy p = {0};
  vr_str who = {0};
  vr_clamp *clamp = NULL;
  int is_policy = vr_names_policy(word);
  vr_record_par par = VR_RECORD_DEFAULTS;
  if (is_policy) vr_open_policy(word, cli->seed, t, &p, &who);
  if (!is_policy && (sample || clamps.n || blind))
    vr_misuse("--sample, --clamp and --blind are for policies");
  plan(&g, word, is_policy ? &p : NULL);
  if (is_policy) {
    vr_settle_policy(vr_scene_layout(g.venue->scene), &p);
    vr_parse_clamps(&p, &clamps, &clamp, &par.nclamp);
    par.policy = &p;
    par.who = vr_str_get(&who);
    par.sample = sample;
    par.clamp = clamp;
    par.blind = blind;
  } else {
    vr_stage_check(g.stage, word);
    par.controller = word;
    par.gaits = g.stage->gaits;
  }
  par.trials = (size_t)trials;
  par.first = (size_t)first;
  par.seed = cli->seed;
  par.wide = wide;
  par.eye = eye;
  par.progress = vr_progress;
  vr_must(vr_record_tasks(g.venue, g.n, &par, cli->pool, t));
  for (size_t i = 0; i < g.n; i++) vr_stage_close(g.stage + i);
  vr_release(clamp);
  vr_policy_free(&p);
  vr_str_free(&who);
}

int main(int argc, char **argv)
{
  vr_cli cli = vr_cli_begin(argc, argv, &tool);
  if (cli.noperands > 1) vr_misuse("one policy or controller at a time");
  // without a word, a policy comes through the pipe
  if (!cli.noperands && isatty(STDIN_FILENO)) vr_misuse("say who acts, such as mix or rat.policy");
  for (vr_turn *t; (t = vr_cli_next(&cli));) {
    record(&cli, cli.noperands ? cli.operand[0] : "-", t);
    vr_cli_commit(&cli, t);
  }
  return vr_cli_end(&cli);
}
