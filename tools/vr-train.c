/* vr-train -- a network learns from teachers and from rewards. */
#include "base/mem.h"
#include "base/str.h"
#include "cli/herd.h"
#include "cli/policy.h"
#include "cli/tool.h"
#include "cli/train_log.h"
#include "io/checkpoint.h"
#include "nn/conf.h"
#include "sim/mjcf.h"
#include "base/clock.h"
#include "cli/stop.h"
#include <errno.h>
#include <string.h>

static const char *tasks = "flat", *duration, *checkpoint, *log_path;
static vr_list teachers;
static vr_train_par par = VR_TRAIN_DEFAULTS;
enum { PEERS, ACTORS };
static int layout, lag = 1;
static int algorithm = VR_VMPO, animals = 32, unroll = 32, epochs, batch = -1, keep = -1,
           target = 1, segment = 25, burn = 8, resume, every = 10, freeze;
static double frames, seconds, step = 0.002, save = 120, rate, last_rate;

#define HUGE_NUMBER 1e15
static const vr_opt opts[] = {
  {'a', "algorithm", VR_OPT_WORD, &algorithm, 0, 0, "vmpo|ppo|distil",
    "from rewards, or from the labels of teachers"},
  {0, "tasks", VR_OPT_STR, &tasks, 0, 0, "TASK[,TASK ...]",
    "tasks, with their parameters; the animals take them in turns"},
  {0, "teacher", VR_OPT_LIST, &teachers, 0, 0, "TASK=TEACHER",
    "teacher of a task: builtin, teacher:key=value,... or a policy; repeats"},
  {0, "time", VR_OPT_STR, &duration, 0, 0, "TIME", "how long: 90m, 2h, 30s"},
  {0, "frames", VR_OPT_DBL, &frames, 0, HUGE_NUMBER, "N",
    "control steps of all animals together; 0: no end"},
  {'c', "checkpoint", VR_OPT_FILE, &checkpoint, 0, 0, "FILE", "where the state is saved"},
  {'r', "resume", VR_OPT_FLAG, &resume, 0, 0, NULL, "go on from the checkpoint, to the bit"},
  {0, "save", VR_OPT_DBL, &save, 0, HUGE_NUMBER, "S", "time between checkpoints, s"},
  {0, "log", VR_OPT_FILE, &log_path, 0, 0, "FILE", "metrics as lines of tab-separated numbers"},
  {0, "every", VR_OPT_INT, &every, 1, 1e6, "N", "rounds between lines of metrics"},
  {'n', "animals", VR_OPT_INT, &animals, 1, 4096, "N", "animals that act side by side"},
  {0, "layout", VR_OPT_WORD, &layout, 0, 0, "peers|actors",
    "processes all act and learn, or the first learns and the others act"},
  {0, "lag", VR_OPT_INT, &lag, 0, 8, "N", "actors: unrolls that they are ahead of the learner"},
  {0, "unroll", VR_OPT_INT, &unroll, 1, 1000, "N", "control steps of each in a round"},
  {0, "epochs", VR_OPT_INT, &epochs, 0, 10000, "N",
    "steps of learning in a round; 0: 4, of distil without an eye 64"},
  {0, "batch", VR_OPT_INT, &batch, -1, VR_SHARD, "N",
    "strips of 16 animals in a step, of those kept; 0: the fresh ones; -1: 0, of distil 8"},
  {0, "keep", VR_OPT_INT, &keep, -1, 100000, "N",
    "strips kept of each animal; -1: as many as --replay needs, of distil 64"},
  {0, "replay", VR_OPT_DBL, &par.replay, 0, 1, "SHARE", "kept strips in a step for each fresh one"},
  {0, "burn", VR_OPT_INT, &burn, 0, 1000, "N",
    "steps at the start of kept strips that only run in"},
  {0, "learning-rate", VR_OPT_DBL, &rate, 0, 1, "X", "rate of Adam; 0: 3e-4, of distil 1e-3"},
  {0, "last-rate", VR_OPT_DBL, &last_rate, 0, 1, "X",
    "the rate falls to this at --frames; 0: it stays"},
  {0, "clip-norm", VR_OPT_DBL, &par.learn.adam.clip, 0, 1e9, "X", "longest gradient; 0: any"},
  {0, "gamma", VR_OPT_DBL, &par.learn.gamma, 0, 1, "X", "discount of a control step"},
  {0, "lambda", VR_OPT_DBL, &par.learn.trace.lambda, 0, 1, "X", "length of the returns of V-trace"},
  {0, "value-weight", VR_OPT_DBL, &par.learn.value, 0, 1e6, "X", "weight of the loss of the value"},
  {0, "popart-rate", VR_OPT_DBL, &par.learn.popart, 0, 1, "X", "rate of the statistics of returns"},
  {0, "eps-eta", VR_OPT_DBL, &par.learn.eps_eta, 1e-9, 100, "X", "bound of the weights, nats"},
  {0, "eps-mean", VR_OPT_DBL, &par.learn.eps_mean, 1e-9, 100, "X",
    "bound of the policy's means, nats, all actions together"},
  {0, "eps-spread", VR_OPT_DBL, &par.learn.eps_spread, 1e-9, 100, "X", "the same of its spreads"},
  {0, "dual-rate", VR_OPT_DBL, &par.learn.dual_rate, 0, 10, "X", "rate of their multipliers"},
  {0, "target", VR_OPT_INT, &target, 1, 1e6, "N", "rounds after which the old policy is renewed"},
  {0, "clip", VR_OPT_DBL, &par.learn.clip, 1e-9, 100, "X", "PPO: how far ratios may move"},
  {0, "entropy", VR_OPT_DBL, &par.learn.entropy, 0, 100, "X", "PPO: weight of the entropy"},
  {0, "stop", VR_OPT_DBL, &par.stop, 0, 100, "X",
    "PPO: KL at which the steps of a round end; 0: none"},
  {0, "kick", VR_OPT_DBL, &par.learn.kick, 0, 1e6, "X",
    "weight of the teachers' labels beside rewards"},
  {0, "teacher-spread", VR_OPT_DBL, &par.learn.teacher_std, 1e-3, 10, "X",
    "standard deviation of the teachers' actions"},
  {0, "share", VR_OPT_DBL, &par.share, 0, 1, "X",
    "share of the segments that teachers drive at first"},
  {0, "least", VR_OPT_DBL, &par.least, 0, 1, "X", "and at last"},
  {0, "fade", VR_OPT_DBL, &par.fade, 0, HUGE_NUMBER, "N", "frames until then"},
  {0, "segment", VR_OPT_INT, &segment, 1, 1e6, "N", "control steps of a segment"},
  {0, "noise", VR_OPT_DBL, &par.noise, 1e-6, 10, "X", "distil: noise of what is executed"},
  {0, "freeze", VR_OPT_FLAG, &freeze, 0, 0, NULL, "the statistics of the inputs stay as they are"},
  {0, "seconds", VR_OPT_DBL, &seconds, 0, 1e5, "S",
    "length of an episode, s; 0: the time limit of the task"},
  {0, "physics-step", VR_OPT_DBL, &step, 1e-5, 0.02, "S", "time step of the physics, s"},
};

static const vr_tool tool = {
  .name = "vr-train",
  .what = "train a network in tasks, by rewards and by teachers",
  .operands = "ARCHITECTURE.conf | POLICY",
  .make = {"/policy"},
  .opts = opts,
  .nopts = VR_LEN(opts),
  .flags = VR_TOOL_SOURCE | VR_TOOL_SEED | VR_TOOL_NOINPUT,
};

static vr_ranks everyone; // all processes

/* What depends on the algorithm, and on each other. */
static void resolve(const vr_policy *p, uint64_t seed)
{
  int distil = algorithm == VR_DISTIL, blind = p->arch.eye == VR_EYE_NONE;
  par.learn.algorithm = algorithm;
  par.unroll = (size_t)unroll;
  par.target = (size_t)target;
  par.segment = (size_t)segment;
  par.learn.burn = (size_t)burn;
  par.epochs = (size_t)(epochs ? epochs : distil && blind ? 64 : 4);
  par.batch = (size_t)(batch >= 0 ? batch : distil ? 8 : 0);
  par.keep = (size_t)(keep >= 0 ? keep : distil ? 64 : par.replay > 0 ? 16 : 0);
  par.learn.adam.rate = rate > 0 ? rate : distil ? 1e-3 : 3e-4;
  par.last_rate = last_rate;
  par.frames = last_rate > 0 ? frames : 0;
  par.seed = seed;
  par.lag = (size_t)lag;
  *(layout == ACTORS ? &par.crew : &par.ranks) = everyone;
}

/* All that a resumed run must have in common with the one it goes on from. */
static void describe(const vr_policy *p, uint64_t seed, vr_str *config)
{
  static const char *const free_to_change[] = {
    "time", "frames", "checkpoint", "resume", "save", "log", "every"};
  vr_conf_text(&p->arch, config);
  vr_str_addf(config, "seed %llu\n", (unsigned long long)seed);
  vr_must(vr_opt_lines(opts, VR_LEN(opts), free_to_change, VR_LEN(free_to_change), config));
  if (last_rate > 0) vr_str_addf(config, "frames %g\n", frames);
  vr_must(vr_str_ok(config));
}

static void save_state(vr_trainer *t, const vr_str *config)
{
  size_t n;
  vr_parts all;
  if (!checkpoint) return;
  vr_trainer_call(t, 1);
  const vr_part *piece = vr_trainer_pieces(t, &n);
  vr_must(vr_checkpoint_gather(&everyone, piece, n, &all));
  if (!everyone.rank)
    vr_must(vr_checkpoint_write(checkpoint, vr_str_get(config), all.piece, all.n));
  vr_checkpoint_drop(&all);
}

static void begin(vr_trainer *t, const vr_cli *cli, const vr_str *config)
{
  size_t n;
  vr_must(vr_trainer_start(t, cli->pool));
  if (!resume) return;
  const vr_part *piece = vr_trainer_pieces(t, &n);
  vr_must(vr_checkpoint_read(checkpoint, vr_str_get(config), piece, n));
  vr_must(vr_trainer_restored(t));
}

/* What any of the processes wants is done by all. */
static int agreed(int wish)
{
  double any = wish;
  vr_ranks_sum(&par.ranks, &any, 1, &any);
  return any > 0;
}

/* A line of metrics; the tallies are those of all herds. */
static void write_line(
  vr_trainer *t, vr_train_log *log, const vr_round *round, const vr_herd *h, int regular)
{
  vr_tally *tally = vr_trainer_tally(t);
  size_t n = h->ntask * sizeof *tally / sizeof(double);
  vr_ranks_sum(&par.ranks, &tally->episodes, n, &tally->episodes);
  vr_must(vr_train_log_line(log, round, h, regular, tally));
}

/* Rounds until time or frames are over, or a signal comes. */
static void train(
  vr_trainer *t, const vr_cli *cli, const vr_herd *h, const vr_str *config, vr_train_log *log)
{
  double start = vr_clock(), saved = start, limit = duration ? vr_parse_duration(duration) : 0;
  for (int over = 0; !over;) {
    vr_round round;
    int code = vr_trainer_round(t, cli->pool, &round);
    vr_train_log_add(log, &round);
    double now = vr_clock();
    over = agreed(code || vr_stop_asked() || (frames > 0 && round.frames >= frames) ||
                  (limit > 0 && now - start >= limit));
    int regular = (round.round + 1) % (uint64_t)every == 0;
    if (regular) write_line(t, log, &round, h, 1);
    if (code) vr_must(vr_wrap(code, "frame %.0f", round.frames));
    if (agreed(over || now - saved >= save)) {
      save_state(t, config);
      saved = now;
    }
    if (over && !regular) write_line(t, log, &round, h, 0); // what was saved knows nothing of it
    if (!everyone.rank) vr_progress("frames", round.frames, frames);
  }
}

/* An actor does what the learner says; only the learner knows when it is over. */
static void act(vr_trainer *t, const vr_cli *cli, const vr_str *config)
{
  for (int wanted = 1; wanted;) {
    vr_must(vr_trainer_serve(t, cli->pool, &wanted));
    if (wanted) save_state(t, config);
  }
}

static void run(const vr_cli *cli, vr_turn *turn)
{
  vr_policy p = {0};
  vr_str who = {0}, config = {0};
  vr_herd_of h = {0};
  vr_trainer *t;
  int first = !everyone.rank; // who writes
  vr_train_log log = {.out = cli->quiet || !first ? NULL : stderr};
  vr_open_policy(cli->operand[0], cli->seed, turn, &p, &who);
  resolve(&p, cli->seed);
  describe(&p, cli->seed, &config);
  vr_herd_words words = {.tasks = tasks,
    .teachers = &teachers,
    .teach = algorithm == VR_DISTIL,
    .eye = p.arch.eye != VR_EYE_NONE,
    .threads = vr_pool_threads(cli->pool),
    .seconds = seconds,
    .step = step,
    .seed = cli->seed,
    .turn = turn};
  vr_share_herd(&everyone, layout == ACTORS, animals, &words);
  vr_open_herd(&words, &h);
  vr_name_heads(&h.herd, &p);
  p.norm.frozen = p.priv.frozen = freeze;
  vr_must(vr_trainer_new(&h.herd, &p, &par, &t));
  if (first && log_path && !(log.out = fopen(log_path, resume ? "a" : "w")))
    vr_must(vr_fail(VR_EIO, "%s: %s", log_path, strerror(errno)));
  vr_must(vr_train_log_new(&log, &h.herd));
  vr_part curves = vr_train_log_piece(&log);
  vr_trainer_also(t, &curves);
  begin(t, cli, &config);
  vr_stop_catch(0);
  if (par.crew.rank)
    act(t, cli, &config);
  else
    train(t, cli, &h.herd, &config, &log);
  vr_trainer_call(t, 0);
  if (first && log_path && fclose(log.out))
    vr_must(vr_fail(VR_EIO, "%s: %s", log_path, strerror(errno)));
  vr_must(vr_train_log_curves(&log, &p));
  vr_must(vr_policy_put(&p, turn));
  vr_train_log_free(&log);
  vr_trainer_free(t);
  vr_close_herd(&h);
  vr_policy_free(&p);
  vr_str_free(&who);
  vr_str_free(&config);
}

int main(int argc, char **argv)
{
  vr_cli cli = vr_cli_begin(argc, argv, &tool);
  if (cli.noperands != 1) vr_misuse("say which network, such as runner.conf");
  if (resume && !checkpoint) vr_misuse("-r goes on from a checkpoint: name it with -c");
  if (!duration && frames <= 0) vr_misuse("say how long: --time 90m or --frames 1e6");
  int missed;
  everyone = vr_ranks_begin(&missed);
  if (missed) vr_misuse("mpirun starts several, but this vr-train was built without MPI");
  int acting = everyone.size - (layout == ACTORS);
  if (!acting) vr_misuse("--layout actors: a learner alone has none (mpirun -n 3 vr-train ...)");
  if (animals % acting) vr_misuse("%d animals cannot be shared by %d processes", animals, acting);
  for (vr_turn *t; (t = vr_cli_next(&cli));) {
    run(&cli, t);
    if (everyone.rank)
      vr_cli_drop(&cli, t); // all have the same policy
    else
      vr_cli_commit(&cli, t);
  }
  vr_ranks_end(&everyone);
  return everyone.rank ? 0 : vr_cli_end(&cli);
}
