/* tune_score.c -- how well an animal does with a gait, from one start. */
#include "sim/tune_in.h"
#include "base/err.h"
#include <math.h>
#include <string.h>

enum { BINS = 1024, ENDS = 10 }; // of the ground along the way; steps that a start and an end take
#define BIN 0.01                 // m
#define SETTLED 0.5              // s before the speed is taken
#define CLEAR_UP 0.8             // z component of an animal that is up

/* What counts, as in gaits.md 4. */
#define UP 0.3     // of the time that it is up
#define FELL 1     // once
#define TRUNK 0.5  // of the time that the trunk or the head touches
#define LOW 0.15   // and so for the limbs, paws apart
#define SWAY 0.3   // of the standard deviation of its z component
#define POWER 0.01 // of a watt, over the speed
#define NEARNESS 4 // of the mean reward of a hand near the orb
#define SPOILT 0.5 // of a tap at the wrong time, in taps

enum { GROUND, PAW, LIMB, TRUNK_OR_HEAD };

typedef struct {
  const vr_tune_par *par;
  vr_env *e;
  double heading; /* at the start */
  double from;    /* place along the way when the speed begins to count */
  size_t steps, up, trunk, low;
  double z, zz, power, reward, taps; /* sums */
  int fell;
  char touched[BINS];
  int front;      /* the foremost place that was touched at the start */
  int back[ENDS]; /* the hindmost ones, of the last steps */
} watch;

static int contains(const char *name, const char *const *words, size_t n)
{
  for (size_t i = 0; i < n; i++)
    if (strstr(name, words[i])) return 1;
  return 0;
}

static int part_of(const vr_env *e, int geom)
{
  static const char *const paws[] = {"hand", "finger", "foot", "toe"};
  static const char *const limbs[] = {"arm", "leg", "scapula"};
  int body = e->m->geom_bodyid[geom];
  const char *name = mj_id2name(e->m, mjOBJ_BODY, body);
  if (e->m->body_weldid[body] == 0 || !name) return GROUND;
  return contains(name, paws, VR_LEN(paws))     ? PAW
         : contains(name, limbs, VR_LEN(limbs)) ? LIMB
                                                : TRUNK_OR_HEAD;
}

/* How far it has come: outwards in a bowl, else along its first heading. */
static double place(const watch *w, double x, double y)
{
  if (w->e->ground.heights.n) return hypot(x, y);
  return x * cos(w->heading) + y * sin(w->heading);
}

/* Contacts with the ground: which parts have any, and where. */
static void feel_ground(watch *w)
{
  int trunk = 0, low = 0, *back = w->back + w->steps % ENDS;
  *back = BINS;
  for (int i = 0; i < w->e->d->ncon; i++) {
    const mjContact *c = w->e->d->contact + i;
    int a = part_of(w->e, c->geom[0]), b = part_of(w->e, c->geom[1]);
    if ((a == GROUND) == (b == GROUND)) continue;
    trunk |= a + b == TRUNK_OR_HEAD;
    low |= a + b == LIMB;
    int bin = (int)((place(w, c->pos[0], c->pos[1]) + BINS * BIN / 4) / BIN);
    if (bin < 0 || bin >= BINS) continue;
    w->touched[bin] = 1;
    if (bin < *back) *back = bin;
    if (w->steps <= ENDS && bin > w->front) w->front = bin;
  }
  w->trunk += (size_t)trunk;
  w->low += (size_t)low;
}

static void listen(watch *w)
{
  size_t n;
  const vr_event *e = vr_env_events(w->e, &n);
  for (size_t i = 0; i < n; i++) {
    if (!strcmp(e[i].name, "fall")) w->fell = 1;
    if (!strcmp(e[i].name, "first-tap")) w->taps += 0.3;
    if (!strcmp(e[i].name, "second-tap")) w->taps += 1;
    if (!strcmp(e[i].name, "too-soon") || !strcmp(e[i].name, "too-late")) w->taps -= SPOILT;
  }
}

/* After a control step. */
static void look(watch *w, double reward)
{
  vr_cue cue;
  const mjData *d = w->e->d;
  vr_env_cue(w->e, &cue);
  double z = fmin(cue.torso[2], cue.pelvis[2]);
  w->steps++;
  w->up += z > CLEAR_UP;
  w->z += z;
  w->zz += z * z;
  w->reward += reward;
  if (cue.time <= SETTLED) w->from = place(w, cue.x, cue.y);
  for (int i = 0; i < w->e->m->nu; i++)
    w->power += fabs(d->actuator_force[i] * d->actuator_velocity[i]);
  feel_ground(w);
  listen(w);
}

/* The longest stretch that nothing has touched, of the ground that all feet have passed, m. */
static double stretch(const watch *w)
{
  int best = 0, last = -1, end = BINS;
  for (int k = 0; k < ENDS; k++)
    if (w->back[k] < end) end = w->back[k];
  for (int i = w->front; i <= end && i < BINS; i++) {
    if (!w->touched[i]) continue;
    if (last >= 0 && i - last - 1 > best) best = i - last - 1;
    last = i;
  }
  return best * BIN;
}

static double score(const watch *w)
{
  const vr_tune_par *p = w->par;
  vr_cue cue;
  vr_env_cue(w->e, &cue);
  double n = (double)w->steps, speed = fmax(p->speed, 0.1), mean = w->z / n;
  double v = (place(w, cue.x, cue.y) - w->from) / fmax(p->seconds - SETTLED, VR_CONTROL_STEP);
  double s = UP * (double)w->up / n - FELL * w->fell - TRUNK * (double)w->trunk / n -
             LOW * (double)w->low / n - SWAY * sqrt(fmax(w->zz / n - mean * mean, 0)) -
             POWER * w->power / n / speed;
  if (p->speed > 0) s += 1 - fabs(v - p->speed) / p->speed;
  if (p->stretch > 0) s += p->stretch * stretch(w);
  if (p->taps > 0) s += p->taps * (w->taps + NEARNESS * w->reward / n / 25);
  return s;
}

/* Gravity leans back: the ground ahead rises by `slope`. */
static void tilt(vr_env *e, double slope, double heading)
{
  double g = hypot(hypot(e->m->opt.gravity[0], e->m->opt.gravity[1]), e->m->opt.gravity[2]);
  double across = g * slope / sqrt(1 + slope * slope);
  e->m->opt.gravity[0] = -across * cos(heading);
  e->m->opt.gravity[1] = -across * sin(heading);
  e->m->opt.gravity[2] = -g / sqrt(1 + slope * slope);
}

int vr_tune_try(
  const vr_tune_par *par, vr_env *e, vr_teacher *t, uint64_t seed, double *result, size_t *frames)
{
  watch w = {.par = par, .e = e};
  float action[VR_GAIT_MAX];
  VR_TRY(vr_env_reset(e, seed, NULL));
  vr_teacher_start(t, seed);
  w.heading = vr_senses_heading(&e->scene->senses, e->d);
  tilt(e, par->slope, w.heading);
  size_t steps = (size_t)fmax(round(par->seconds / VR_CONTROL_STEP), 1);
  for (size_t i = 0; i < steps && !vr_env_done(e); i++) {
    double reward;
    vr_teacher_act(t, e, action);
    vr_env_step(e, action, NULL, &reward);
    if (!vr_env_broken(e)) look(&w, reward);
  }
  tilt(e, 0, 0);
  *frames = w.steps;
  // one that ends badly has fallen
  w.fell |= vr_env_done(e) && vr_env_discount(e) == 0;
  *result = w.steps ? score(&w) : -10;
  return 0;
}
