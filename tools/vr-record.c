/* vr-record -- trials of a controller in a task, as a recording. */
#include "cli/stage.h"
#include "cli/tool.h"
#include "io/record.h"
#include "sim/mjcf.h"
#include <math.h>
#include <string.h>

static const char *task_spec = "flat";
static int trials = 25, first, wide, eye;
static double seconds, step = VR_STEP_RELEASE;

static const vr_opt opts[] = {
  {'n', "trials", VR_OPT_INT, &trials, 1, 1e6, "N", "number of trials"},
  {0, "first-trial", VR_OPT_INT, &first, 0, 1e9, "K", "number of the first trial"},
  {0, "seconds", VR_OPT_DBL, &seconds, 0, 1e5, "S",
    "length of a trial, s; 0: the time limit of the task"},
  {0, "task", VR_OPT_STR, &task_spec, 0, 0, "TASK", "task, with its parameters"},
  {0, "physics-step", VR_OPT_DBL, &step, 1e-5, 0.02, "S", "time step of the physics, s"},
  {0, "eye", VR_OPT_FLAG, &eye, 0, 0, NULL, "also record what the animal sees"},
  {0, "double", VR_OPT_FLAG, &wide, 0, 0, NULL, "states and senses in double precision"},
};

static const vr_tool tool = {
  .name = "vr-record",
  .what = "record trials of a built-in controller",
  .operands = "CONTROLLER[:key=value,...]",
  .make = {"/pose", "/action", "/force", "/reward", "/discount", "/sense", "/events",
    "/task (/eye)"},
  .opts = opts,
  .nopts = VR_LEN(opts),
  .flags = VR_TOOL_SOURCE | VR_TOOL_SEED | VR_TOOL_NOINPUT,
};

/* Without a word about the task, what gets up has to lie. */
static const char *task_for(const char *controller)
{
  int plain = !strcmp(task_spec, "flat"), gets_up = !strncmp(controller, "right", 5);
  return plain && gets_up ? "flat:drop=1" : task_spec;
}

static void record(const vr_cli *cli, vr_turn *t)
{
  const char *name = cli->operand[0];
  vr_stage stage;
  vr_stage_open(&stage, task_for(name), step);
  vr_stage_check(&stage, name);
  vr_record_par par = VR_RECORD_DEFAULTS;
  par.trials = (size_t)trials;
  par.first = (size_t)first;
  if (seconds <= 0) seconds = vr_task_seconds(&stage.task);
  par.frames = (size_t)fmax(round(seconds / VR_CONTROL_STEP), 1);
  par.seed = cli->seed;
  par.wide = wide;
  par.eye = eye;
  par.controller = name;
  par.gaits = stage.gaits;
  par.progress = vr_progress;
  vr_must(vr_record(stage.scene, &stage.task, &par, cli->pool, t));
  vr_stage_close(&stage);
}

int main(int argc, char **argv)
{
  vr_cli cli = vr_cli_begin(argc, argv, &tool);
  if (cli.noperands != 1) vr_misuse("say which controller, such as mix");
  for (vr_turn *t; (t = vr_cli_next(&cli));) {
    record(&cli, t);
    vr_cli_commit(&cli, t);
  }
  return vr_cli_end(&cli);
}
