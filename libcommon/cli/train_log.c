#include "cli/train_log.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include <errno.h>
#include <string.h>

enum { KEPT, STRIDE, LINES, HEAD }; // places in vr_train_log.kept

void vr_train_log_add(vr_train_log *log, const vr_round *round)
{
  if (!log->begin) log->begin = log->seconds = vr_clock();
  log->sum.frames += round->here;
  log->sum.physics += round->physics;
  log->sum.eye += round->eye;
  log->sum.act += round->act;
  log->sum.teach += round->teach;
  log->sum.learn += round->learn;
  log->sum.broken += round->broken;
}

/* frames a second of a part of the work */
static double speed(double frames, double seconds)
{
  return seconds > 0 ? frames / seconds : 0;
}

static void column(vr_train_log *log, const char *task, const char *name, double value)
{
  if (log->ncolumn == VR_LOG_COLUMNS) return;
  snprintf(log->name[log->ncolumn], sizeof *log->name, "%s%s", task, name);
  log->value[log->ncolumn++] = value;
}

static void columns(vr_train_log *log, const vr_round *r, const vr_herd *h, const vr_tally *tally)
{
  const vr_round *s = &log->sum;
  const vr_learn_stats *l = &r->stats;
  double t = vr_clock();
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
    {"lag", r->lag},
  };
  log->ncolumn = 0;
  for (size_t i = 0; i < VR_LEN(all); i++) column(log, "", all[i].name, all[i].value);
  for (size_t k = 0; k < h->ntask; k++) {
    double each = tally[k].episodes > 0 ? tally[k].episodes : 1;
    column(log, h->name[k], "_episodes", tally[k].episodes);
    column(log, h->name[k], "_return", tally[k].reward / each);
    column(log, h->name[k], "_success", tally[k].success / each);
    column(log, h->name[k], "_steps", tally[k].steps / each);
  }
}

/* What clocks tell differs from run to run. */
static int is_of_clocks(const char *name)
{
  size_t n = strlen(name);
  return !strcmp(name, "seconds") || (n >= 8 && !strcmp(name + n - 8, "frames_s"));
}

static double *kept_row(const vr_train_log *log, size_t i)
{
  return log->kept + HEAD + i * VR_LOG_COLUMNS;
}

static void keep(vr_train_log *log)
{
  size_t n = (size_t)log->kept[KEPT], line = (size_t)log->kept[LINES]++;
  if (n == VR_LOG_ROWS) {
    n = VR_LOG_ROWS / 2;
    for (size_t i = 0; i < n; i++)
      memcpy(kept_row(log, i), kept_row(log, 2 * i), VR_LOG_COLUMNS * sizeof(double));
    log->kept[STRIDE] *= 2;
  }
  for (size_t k = 0; line % (size_t)log->kept[STRIDE] == 0 && k < log->ncolumn; k++)
    kept_row(log, n)[k] = is_of_clocks(log->name[k]) ? 0 : log->value[k];
  n += line % (size_t)log->kept[STRIDE] == 0;
  log->kept[KEPT] = (double)n;
}

static void print(const vr_train_log *log)
{
  for (size_t i = 0; !log->headed && i < log->ncolumn; i++)
    fprintf(log->out, "%s%s", i ? "\t" : "", log->name[i]);
  if (!log->headed) fprintf(log->out, "\n");
  for (size_t i = 0; i < log->ncolumn; i++)
    fprintf(log->out, "%s%.6g", i ? "\t" : "", log->value[i]);
  fprintf(log->out, "\n");
}

int vr_train_log_line(
  vr_train_log *log, const vr_round *round, const vr_herd *h, int regular, vr_tally *tally)
{
  columns(log, round, h, tally);
  if (regular) keep(log);
  memset(tally, 0, h->ntask * sizeof *tally);
  log->sum = (vr_round){0};
  log->seconds = vr_clock();
  if (!log->out) return 0;
  print(log);
  log->headed = 1;
  return fflush(log->out) || ferror(log->out) ? vr_fail(VR_EIO, "the log: %s", strerror(errno)) : 0;
}

int vr_train_log_new(vr_train_log *log, const vr_herd *h)
{
  static const vr_tally none[VR_RATS_SCENES];
  VR_TRY(vr_alloc(&log->kept, HEAD + VR_LOG_ROWS * VR_LOG_COLUMNS, sizeof *log->kept));
  log->kept[STRIDE] = 1;
  columns(log, &(vr_round){0}, h, none); // their names
  return 0;
}

void vr_train_log_free(vr_train_log *log)
{
  vr_release(log->kept);
  log->kept = NULL;
}

vr_part vr_train_log_piece(const vr_train_log *log)
{
  return (vr_part){"curves", VR_PART_F64, HEAD + VR_LOG_ROWS * VR_LOG_COLUMNS, log->kept, 0};
}

int vr_train_log_curves(const vr_train_log *log, vr_policy *p)
{
  size_t rows = (size_t)log->kept[KEPT], cols = 0, c = 0;
  for (size_t k = 0; k < log->ncolumn; k++) cols += !is_of_clocks(log->name[k]);
  if (!rows) return 0;
  VR_TRY(vr_policy_curves(p, rows, cols));
  for (size_t k = 0; k < log->ncolumn; k++) {
    if (is_of_clocks(log->name[k])) continue;
    memcpy(p->curve[c], log->name[k], sizeof *p->curve);
    for (size_t i = 0; i < rows; i++) p->curves.a[i * cols + c] = kept_row(log, i)[k];
    c++;
  }
  return 0;
}
