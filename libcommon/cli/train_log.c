#include "cli/train_log.h"
#include "base/err.h"
#include <errno.h>
#include <string.h>
#include <time.h>

enum { MAX_COLUMNS = 40 };

static double now(void)
{
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

void vr_train_log_add(
  vr_train_log *log, const vr_round *round, const vr_train_par *par, const vr_herd *h)
{
  if (!log->begin) log->begin = log->seconds = now();
  log->sum.frames += (double)(h->n * par->unroll);
  log->sum.physics += round->physics;
  log->sum.eye += round->eye;
  log->sum.act += round->act;
  log->sum.teach += round->teach;
  log->sum.learn += round->learn;
  log->sum.broken += round->broken;
  log->rounds++;
}

/* frames a second of a part of the work */
static double speed(double frames, double seconds)
{
  return seconds > 0 ? frames / seconds : 0;
}

static size_t columns(const vr_train_log *log, const vr_round *r, const char **name, double *value)
{
  const vr_round *s = &log->sum;
  const vr_learn_stats *l = &r->stats;
  double t = now();
  const struct {
    const char *name;
    double value;
  } all[] = {
    {"round", (double)r->round},
    {"frames", r->frames},
    {"seconds", t - log->begin},
    {"frames_s", speed(s->frames, t - log->seconds)},
    {"physics_frames_s", speed(s->frames, s->physics)},
    {"eye_frames_s", speed(s->frames, s->eye)},
    {"act_frames_s", speed(s->frames, s->act)},
    {"teach_frames_s", speed(s->frames, s->teach)},
    {"learn_frames_s", speed(s->frames, s->learn)},
    {"rate", r->rate},
    {"teacher_share", r->share},
    {"policy_loss", l->policy_loss},
    {"value_loss", l->value_loss},
    {"label_loss", l->label_loss},
    {"kl_mean", l->kl_mean},
    {"kl_spread", l->kl_spread},
    {"kl_weights", l->e_kl},
    {"eta", l->eta},
    {"alpha_mean", l->alpha_mean},
    {"alpha_spread", l->alpha_spread},
    {"rho", l->rho},
    {"clipped", l->clipped},
    {"explained", l->explained},
    {"entropy", l->entropy},
    {"spread", l->std},
    {"gradient", l->norm},
    {"broken", s->broken},
  };
  for (size_t i = 0; i < VR_LEN(all); i++) {
    name[i] = all[i].name;
    value[i] = all[i].value;
  }
  return VR_LEN(all);
}

int vr_train_log_line(vr_train_log *log, const vr_round *round, const vr_herd *h, vr_tally *tally)
{
  const char *name[MAX_COLUMNS];
  double value[MAX_COLUMNS];
  size_t n = columns(log, round, name, value);
  if (log->out && !log->headed) {
    for (size_t i = 0; i < n; i++) fprintf(log->out, "%s%s", i ? "\t" : "", name[i]);
    for (size_t k = 0; k < h->ntask; k++)
      fprintf(log->out, "\t%s_episodes\t%s_return\t%s_success\t%s_steps", h->name[k], h->name[k],
        h->name[k], h->name[k]);
    fprintf(log->out, "\n");
  }
  log->headed = 1;
  for (size_t i = 0; log->out && i < n; i++) fprintf(log->out, "%s%.6g", i ? "\t" : "", value[i]);
  for (size_t k = 0; k < h->ntask; k++) {
    const vr_tally *t = tally + k;
    double each = t->episodes > 0 ? t->episodes : 1;
    if (log->out)
      fprintf(log->out, "\t%.6g\t%.6g\t%.6g\t%.6g", t->episodes, t->reward / each,
        t->success / each, t->steps / each);
  }
  memset(tally, 0, h->ntask * sizeof *tally);
  log->sum = (vr_round){0};
  log->rounds = 0;
  log->seconds = now();
  if (!log->out) return 0;
  fprintf(log->out, "\n");
  return fflush(log->out) || ferror(log->out) ? vr_fail(VR_EIO, "the log: %s", strerror(errno)) : 0;
}
