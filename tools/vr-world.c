/* vr-world -- the scene of a task as MJCF text. */
#include "base/mem.h"
#include "cli/tool.h"
#include "io/record_task.h"
#include "sim/env.h"
#include "sim/ground.h"
#include "sim/mjcf.h"
#include "sim/task.h"
#include <string.h>

static const char *animal = "rat";
static double step = VR_STEP_RELEASE;
static int keys, text, trial, count;

static const vr_opt opts[] = {
  {0, "body", VR_OPT_STR, &animal, 0, 0, "NAME",
    "animal, or a folder of body tables with a / in it"},
  {0, "physics-step", VR_OPT_DBL, &step, 1e-5, 0.02, "S", "time step of the physics, s"},
  {0, "trial", VR_OPT_INT, &trial, 0, 1e9, "K", "number of the trial, from 0"},
  {0, "text", VR_OPT_FLAG, &text, 0, 0, NULL, "print what the trial's chance has drawn instead"},
  {0, "count", VR_OPT_FLAG, &count, 0, 0, NULL, "count the animal's parts and weigh it instead"},
  {0, "keys", VR_OPT_FLAG, &keys, 0, 0, NULL, "print the parameters of the task instead"},
};

static const vr_tool tool = {
  .name = "vr-world",
  .what = "print the scene of a task, to open in MuJoCo's viewer",
  .operands = "TASK[:key=value,...] | RECORDING",
  .opts = opts,
  .nopts = VR_LEN(opts),
  .flags =
    VR_TOOL_SOURCE | VR_TOOL_TEXT | VR_TOOL_SEED | VR_TOOL_NOINPUT | VR_TOOL_SERIAL | VR_TOOL_RAW,
};

// the scene of a recorded trial: task, seed and time step are as they were
static void recall_task(vr_cli *cli, const char *folder, vr_task *task)
{
  vr_source source = {.operand = cli->operand, .noperands = 1};
  vr_turn *t;
  vr_must(vr_source_next(&source, VR_TURN_READ, &t));
  int code = vr_recall_task(t, folder, (size_t)trial, task, &cli->seed, &step);
  vr_must(vr_wrap(code, "%s", t->name));
  vr_turn_free(t);
  vr_source_close(&source);
}

// a word with a dot or a slash in it, unless it is a table of a task
static int is_recording(const char *word)
{
  size_t n = strlen(word);
  return !strchr(word, ':') && strpbrk(word, "./") && (n < 4 || strcmp(word + n - 4, ".tsv"));
}

// the task that the command line names, or that of a recording
static void read_task(vr_cli *cli, vr_task *task)
{
  char *folder;
  if (cli->noperands != 1) vr_misuse("say which task, such as flat");
  const char *word = cli->operand[0];
  vr_must(vr_share_path("task", &folder));
  if (is_recording(word))
    recall_task(cli, folder, task);
  else {
    vr_must(vr_task_read(folder, word, task));
    cli->seed = vr_trial_seed(cli->seed, (uint32_t)trial);
  }
  vr_release(folder);
}

// the tables of the animal
static void load_body(vr_body *body)
{
  char *folder = NULL;
  vr_str name = {0};
  vr_str_addf(&name, "body/%s", animal);
  vr_must(vr_str_ok(&name));
  if (!strchr(animal, '/') && vr_share_path(vr_str_get(&name), &folder))
    vr_misuse("there is no animal '%s' (a folder of tables is named with a / in it)", animal);
  vr_must(vr_body_load(folder ? folder : animal, body));
  vr_release(folder);
  vr_str_free(&name);
}

// the ground alone
static void draw(const vr_cli *cli, const vr_task *task, vr_str *out)
{
  vr_ground ground;
  vr_must(vr_ground_new(task, &ground));
  vr_must(vr_ground_draw(task, cli->seed, &ground));
  vr_ground_text(&ground, out);
  vr_must(vr_str_ok(out));
  vr_ground_free(&ground);
}

// the animal in the world of the task
static void compose(const vr_cli *cli, const vr_task *task, vr_str *out)
{
  vr_body body = {0};
  vr_world world = {0};
  load_body(&body);
  vr_must(vr_task_world(task, cli->seed, &world));
  vr_must(vr_mjcf_scene(&body, &world, step, out));
  vr_world_free(&world);
  vr_body_free(&body);
}

// the animal as the engine takes it
static void weigh(const vr_cli *cli, const vr_task *task, vr_str *out)
{
  vr_str mjcf = {0};
  vr_scene *scene;
  compose(cli, task, &mjcf);
  vr_must(vr_scene_new(vr_str_get(&mjcf), task, &scene));
  vr_scene_count(scene, out);
  vr_scene_free(scene);
  vr_str_free(&mjcf);
}

int main(int argc, char **argv)
{
  vr_task task = {0};
  vr_str out = {0};
  vr_cli cli = vr_cli_begin(argc, argv, &tool);
  read_task(&cli, &task);
  if (keys)
    vr_task_text(&task, &out);
  else if (text)
    draw(&cli, &task, &out);
  else if (count)
    weigh(&cli, &task, &out);
  else
    compose(&cli, &task, &out);
  fputs(vr_str_get(&out), vr_cli_text(&cli));
  vr_str_free(&out);
  vr_task_free(&task);
  return vr_cli_end(&cli);
}
