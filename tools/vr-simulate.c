/* vr-simulate -- a task under given actions: states, senses, rewards. */
#include "base/mem.h"
#include "cli/lockstep.h"
#include "cli/stage.h"
#include "cli/tool.h"
#include "io/record.h"
#include "sim/mjcf.h"
#include <math.h>
#include <string.h>
#include <unistd.h>

static const char *controller;
static double seconds, step;
static int wide, lockstep;

static const vr_opt opts[] = {
  {'L', "lockstep", VR_OPT_FLAG, &lockstep, 0, 0, NULL,
    "read commands line by line, answer each with a line"},
  {0, "controller", VR_OPT_STR, &controller, 0, 0, "NAME",
    "a built-in controller acts, in one trial; nothing is read"},
  {0, "seconds", VR_OPT_DBL, &seconds, 0, 1e5, "S",
    "length of that trial, s; 0: the time limit of the task"},
  {0, "physics-step", VR_OPT_DBL, &step, 0, 0.02, "S",
    "time step of the physics, s; 0: as recorded, else 0.001"},
  {0, "double", VR_OPT_FLAG, &wide, 0, 0, NULL, "states and senses in double precision"},
};

static const vr_tool tool = {
  .name = "vr-simulate",
  .what = "simulate a task under recorded or given actions",
  .operands = "TASK[:key=value,...] [FILE ...]",
  .take = {"/action"},
  .make = {"/pose", "/force", "/reward", "/discount", "/sense"},
  .opts = opts,
  .nopts = VR_LEN(opts),
  .flags = VR_TOOL_SEED | VR_TOOL_RAW,
};

/* Frames of a trial that ends by itself. */
static size_t frames_of(const vr_task *task)
{
  double s = seconds > 0 ? seconds : vr_task_seconds(task);
  return (size_t)fmax(round(s / VR_CONTROL_STEP), 1);
}

static void by_controller(vr_cli *cli, const char *task)
{
  vr_stage stage;
  vr_turn *t;
  vr_stage_open(&stage, task, step > 0 ? step : VR_STEP_RELEASE);
  vr_stage_check(&stage, controller);
  vr_record_par par = VR_RECORD_DEFAULTS;
  par.trials = 1;
  par.frames = frames_of(&stage.task);
  par.seed = cli->seed;
  par.wide = wide;
  par.controller = controller;
  par.gaits = stage.gaits;
  par.progress = vr_progress;
  vr_must(vr_turn_new(&t));
  vr_must(vr_record(stage.scene, &stage.task, &par, cli->pool, t));
  vr_stage_close(&stage);
  vr_cli_commit(cli, t);
}

/* Rows of each trial, and the number its chance follows from; actions know no other rate. */
static void get_trials(const vr_cli *cli, vr_turn *t, vr_trials *tr, vr_mat *seeds)
{
  double rate = 1 / VR_CONTROL_STEP;
  t->rate = cli->rate > 0 ? cli->rate : rate;
  t->rows_of = cli->take[0];
  vr_must(vr_get_trials(t, tr));
  if (fabs(tr->rate - rate) > 1e-6 * rate)
    vr_must(vr_fail(
      VR_EDATA, "%s: %g actions a second; the animal takes %g", cli->take[0], tr->rate, rate));
  if (vr_turn_has(t, "/trials/seed")) {
    vr_must(vr_get_mat(t, "/trials/seed", seeds));
    return;
  }
  vr_must(vr_mat_resize(seeds, tr->n, 1));
  for (size_t k = 0; k < tr->n; k++) seeds->a[k] = (double)vr_trial_seed(cli->seed, (uint32_t)k);
}

/* Actions that came in and are passed on as they are; double precision is rounded to what acts. */
static int stays(const vr_cli *cli, const vr_turn *t)
{
  vr_h5_info info;
  if (t->in != t->out || strcmp(cli->take[0], "/action")) return 0;
  vr_must(vr_h5_get_info(t->in, "/action", &info));
  return info.type == VR_F32;
}

static void by_actions(vr_cli *cli, const char *task, vr_turn *t)
{
  vr_stage stage;
  vr_str spec = {0};
  vr_matf action = {0};
  vr_mat seeds = {0};
  vr_trials tr = {0};
  double recorded = VR_STEP_RELEASE;
  vr_must(vr_get_matf(t, cli->take[0], &action));
  get_trials(cli, t, &tr, &seeds);
  vr_must(vr_record_task(t, task, &spec, &recorded));
  if (vr_turn_has(t, "/trials/seed") && !vr_turn_has(t, "/task"))
    vr_note(
      "%s: does not tell the parameters of its task: those of the command line are taken", t->name);
  vr_stage_open(&stage, vr_str_get(&spec), step > 0 ? step : recorded);
  vr_record_par par = VR_RECORD_DEFAULTS;
  par.trials = tr.n;
  par.frames = vr_trials_longest(&tr);
  par.seed = cli->seed;
  par.wide = wide;
  par.keep_action = stays(cli, t);
  par.action = &action;
  par.rows = &tr;
  par.seeds = seeds.a;
  par.progress = vr_progress;
  vr_must(vr_record(stage.scene, &stage.task, &par, cli->pool, t));
  vr_stage_close(&stage);
  vr_str_free(&spec);
  vr_matf_free(&action);
  vr_mat_free(&seeds);
  vr_trials_free(&tr);
  vr_cli_commit(cli, t);
}

/* Another program acts: text in, text out. */
static void by_lines(const vr_cli *cli, const char *task)
{
  vr_stage stage;
  vr_stage_open(&stage, task, step > 0 ? step : VR_STEP_RELEASE);
  vr_must(vr_lockstep(
    stage.scene, vr_trial_seed(cli->seed, 0), frames_of(&stage.task), wide, stdin, stdout));
  vr_stage_close(&stage);
}

int main(int argc, char **argv)
{
  vr_cli cli = vr_cli_begin(argc, argv, &tool);
  if (!cli.noperands) vr_misuse("say which task, such as flat");
  const char *task = cli.operand[0];
  if (lockstep) {
    if (controller || cli.noperands > 1) vr_misuse("with -L, standard input acts, nothing else");
    if (cli.out) vr_misuse("with -L, the answers go to standard output, not to a file");
    by_lines(&cli, task);
    return vr_cli_end(&cli);
  }
  if (controller) {
    if (cli.noperands > 1) vr_misuse("with --controller, no file is read");
    by_controller(&cli, task);
    return vr_cli_end(&cli);
  }
  vr_source source = {.operand = cli.operand + 1, .noperands = cli.noperands - 1};
  if (!source.noperands && isatty(STDIN_FILENO))
    vr_misuse("standard input is a terminal: name a file with actions, a --controller, or -L");
  for (;;) {
    vr_turn *t;
    vr_must(vr_source_next(&source, cli.own ? VR_TURN_OWN : VR_TURN_EXTEND, &t));
    if (!t) break;
    by_actions(&cli, task, t);
  }
  vr_source_close(&source);
  return vr_cli_end(&cli);
}
