/* vr-gait -- searches the numbers of a gait. */
#include "base/mem.h"
#include "cli/stage.h"
#include "cli/tool.h"
#include "io/checkpoint.h"
#include "sim/mjcf.h"
#include "sim/tune.h"
#include <errno.h>
#include <string.h>

static vr_tune_par par = VR_TUNE_DEFAULTS;
static const char *task = "flat:noise=0.1", *like = "r050", *folder, *checkpoint, *reflex_file;
static double step = VR_STEP_TRAIN;
static int generations = 100, resume;

static const vr_opt opts[] = {
  {0, "task", VR_OPT_STR, &task, 0, 0, "TASK", "task, with its parameters"},
  {0, "like", VR_OPT_STR, &like, 0, 0, "GAIT", "the gait to start from"},
  {0, "gaits", VR_OPT_FILE, &folder, 0, 0, "DIR", "folder of gait tables, instead of our own"},
  {'n', "generations", VR_OPT_INT, &generations, 1, 1e6, "N", "generations, in all"},
  {0, "population", VR_OPT_INT, &par.population, 4, 1e4, "N", "candidates of a generation"},
  {0, "starts", VR_OPT_INT, &par.starts, 1, 1e4, "N", "starts of each candidate"},
  {0, "seconds", VR_OPT_DBL, &par.seconds, 0.02, 1e4, "S", "length of a start, s"},
  {0, "sigma", VR_OPT_DBL, &par.sigma, 1e-6, 10, "X", "first step, in units of 0.3, or 1 Hz"},
  {0, "speed", VR_OPT_DBL, &par.speed, 0, 10, "V", "speed to reach, m/s; 0: none"},
  {0, "slope", VR_OPT_DBL, &par.slope, -2, 2, "X", "rise of the ground ahead, m a metre"},
  {0, "stretch", VR_OPT_DBL, &par.stretch, 0, 1e3, "X", "what a metre that is leapt is worth"},
  {0, "taps", VR_OPT_DBL, &par.taps, 0, 1e3, "X", "what a tap in time is worth"},
  {0, "harmonics", VR_OPT_FLAG, &par.harmonics, 0, 0, NULL, "search second harmonics too"},
  {0, "reflex", VR_OPT_FILE, &reflex_file, 0, 0, "FILE",
    "search reflexes too, and write their table"},
  {0, "physics-step", VR_OPT_DBL, &step, 1e-5, 0.02, "S", "time step of the physics, s"},
  {'c', "checkpoint", VR_OPT_FILE, &checkpoint, 0, 0, "FILE", "where the search is saved"},
  {'r', "resume", VR_OPT_FLAG, &resume, 0, 0, NULL, "go on from the checkpoint, to the bit"},
};

static const vr_tool tool = {
  .name = "vr-gait",
  .what = "search the numbers of a gait: for speed, slopes, leaps or taps",
  .operands = "",
  .opts = opts,
  .nopts = VR_LEN(opts),
  .flags = VR_TOOL_SOURCE | VR_TOOL_TEXT | VR_TOOL_SEED | VR_TOOL_NOINPUT | VR_TOOL_RAW,
};

/* All that a resumed search must have in common with the one it goes on from. */
static void describe(uint64_t seed, vr_str *config)
{
  static const char *const free_to_change[] = {
    "generations", "gaits", "reflex", "checkpoint", "resume"};
  vr_str_addf(config, "seed %llu\nreflexes %d\n", (unsigned long long)seed, par.reflexes);
  vr_must(vr_opt_lines(opts, VR_LEN(opts), free_to_change, VR_LEN(free_to_change), config));
}

/* Generations, each of them saved. */
static void search(const vr_cli *cli, vr_tune *s)
{
  double *state;
  vr_str config = {0};
  vr_tune_report now = {0};
  size_t n = vr_tune_state_size(s);
  describe(cli->seed, &config);
  vr_must(vr_alloc(&state, n, sizeof *state));
  const vr_part piece = {"search", VR_PART_F64, n, state, 0};
  if (resume) {
    vr_must(vr_checkpoint_read(checkpoint, vr_str_get(&config), &piece, 1));
    vr_tune_restore(s, state);
  }
  while (vr_tune_generations(s) < (size_t)generations) {
    vr_must(vr_tune_generation(s, cli->pool, &now));
    vr_detail("generation %zu, %zu frames: best %.3f, median %.3f, kept %.3f of %zu, step %.3f",
      now.generation, now.frames, now.best, now.median, now.kept, now.trials, now.sigma);
    vr_progress("generations", (double)now.generation, generations);
    vr_tune_save(s, state);
    if (checkpoint) vr_must(vr_checkpoint_write(checkpoint, vr_str_get(&config), &piece, 1));
  }
  if (now.trials) vr_note("score %.3f in %zu trials, %zu frames", now.kept, now.trials, now.frames);
  vr_release(state);
  vr_str_free(&config);
}

static void write_reflex(const vr_reflex *r, const vr_layout *l)
{
  vr_str text = {0};
  vr_reflex_text(r, l, like, &text);
  vr_must(vr_str_ok(&text));
  FILE *f = fopen(reflex_file, "w");
  int bad = !f || fputs(vr_str_get(&text), f) < 0;
  if ((f && fclose(f)) || bad) vr_must(vr_fail(VR_EIO, "%s: %s", reflex_file, strerror(errno)));
  vr_str_free(&text);
}

int main(int argc, char **argv)
{
  vr_stage stage;
  vr_gait g;
  vr_reflex r;
  vr_tune *s;
  vr_str text = {0};
  vr_cli cli = vr_cli_begin(argc, argv, &tool);
  if (cli.noperands) vr_misuse("it takes options only, not '%s'", cli.operand[0]);
  if (resume && !checkpoint) vr_misuse("-r goes on from a checkpoint: name it with -c");
  vr_stage_open(&stage, task, step);
  const vr_layout *l = vr_scene_layout(stage.scene);
  const char *gaits = folder ? folder : stage.gaits;
  par.seed = cli.seed;
  par.reflexes = reflex_file != NULL;
  vr_must(vr_gait_read(gaits, like, l, &g));
  int had = reflex_file && !vr_reflex_read(gaits, like, l, &r);
  vr_must(vr_tune_new(stage.scene, gaits, &par, &g, had ? &r : NULL, &s));
  search(&cli, s);
  vr_tune_best(s, &g, &r);
  vr_gait_text(&g, l, like, "searched by vr-gait", &text);
  vr_must(vr_str_ok(&text));
  fputs(vr_str_get(&text), vr_cli_text(&cli));
  if (reflex_file) write_reflex(&r, l);
  vr_str_free(&text);
  vr_tune_free(s);
  vr_stage_close(&stage);
  return vr_cli_end(&cli);
}
