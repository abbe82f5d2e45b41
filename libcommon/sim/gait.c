#include "sim/gait.h"
#include "base/err.h"
#include "base/str.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct {
  const char *name;
  double frequency, speed;
  const char *what;
} listed;

/* Frequency and speed of a primitive, from the list. */
static int find(const char *folder, const char *name, double *frequency, double *speed)
{
  static const vr_col cols[] = {
    {.name = "name", .kind = VR_COL_KEY, .offset = offsetof(listed, name)},
    {.name = "frequency", .kind = VR_COL_NUM, .offset = offsetof(listed, frequency), .max = 25},
    {.name = "speed", .kind = VR_COL_NUM, .offset = offsetof(listed, speed), .max = 10},
    {.name = "what", .kind = VR_COL_TEXT, .offset = offsetof(listed, what)},
  };
  vr_str path = {0};
  vr_table t = {0};
  vr_str_addf(&path, "%s/gaits.tsv", folder);
  int code = vr_str_ok(&path);
  if (!code) code = vr_table_read(path.s, cols, VR_LEN(cols), sizeof(listed), &t);
  if (!code) {
    int i = vr_table_find(&t, name);
    if (i < 0)
      code = vr_fail(VR_EARG, "%s: there is no gait '%s'", path.s, name);
    else
      *frequency = ((listed *)t.row)[i].frequency, *speed = ((listed *)t.row)[i].speed;
  }
  vr_table_free(&t);
  vr_str_free(&path);
  return code;
}

/* A row of any of the two kinds of table: name, then numbers. */
typedef struct {
  const char *name;
  double x[7];
} numbers;

int vr_gait_rows(const char *folder, const char *name, const char *const *column, int width,
  const vr_layout *layout, double *frequency, double *out)
{
  vr_col cols[8] = {{.name = "actuator", .kind = VR_COL_KEY}};
  for (int k = 0; k < width; k++)
    cols[k + 1] = (vr_col){.name = column[k],
      .kind = VR_COL_NUM,
      .offset = offsetof(numbers, x) + (size_t)k * sizeof(double),
      .min = -100,
      .max = 100};
  const vr_axis *actuator = vr_layout_axis(layout, "actuator");
  vr_str path = {0};
  vr_table t = {0};
  vr_str_addf(&path, "%s/%s.tsv", folder, name);
  int code = vr_str_ok(&path);
  if (!code) code = vr_table_read(path.s, cols, (size_t)width + 1, sizeof(numbers), &t);
  for (size_t i = 0; i < t.n && !code; i++) {
    const numbers *row = (const numbers *)t.row + i;
    size_t a = 0;
    if (frequency && !strcmp(row->name, "frequency")) {
      *frequency = row->x[0];
      continue;
    }
    while (a < actuator->n && strcmp(actuator->name[a], row->name)) a++;
    if (a == actuator->n)
      code = vr_table_fail(&t, i, "the animal has no actuator '%s'", row->name);
    else
      memcpy(out + a * (size_t)width, row->x, (size_t)width * sizeof *out);
  }
  vr_table_free(&t);
  vr_str_free(&path);
  return code;
}

int vr_gait_read(const char *folder, const char *name, const vr_layout *layout, vr_gait *g)
{
  static const char *const column[] = {
    "offset", "amp1", "phase1", "amp2", "phase2", "steer", "scale"};
  *g = (vr_gait){.n = layout->nact};
  if (g->n > VR_GAIT_MAX)
    return vr_fail(VR_EARG, "gaits are for at most %d actuators", VR_GAIT_MAX);
  VR_TRY(find(folder, name, &g->frequency, &g->speed));
  for (size_t i = 0; i < g->n; i++) g->row[i].offset = layout->hold[i];
  return vr_gait_rows(
    folder, name, column, VR_LEN(column), layout, &g->frequency, &g->row[0].offset);
}

void vr_gait_stand(const vr_gait *like, const double *hold, vr_gait *g)
{
  *g = *like;
  g->speed = 0;
  for (size_t i = 0; i < g->n; i++) {
    g->row[i].offset = hold[i];
    g->row[i].amp1 = g->row[i].amp2 = 0;
  }
}

/* from a to b by w, the short way round a circle */
static double turn(double a, double b, double w)
{
  return a + w * remainder(b - a, 2 * M_PI);
}

void vr_gait_at(const vr_gait *list, size_t n, double speed, vr_gait *g)
{
  size_t k = 0;
  while (k + 2 < n && speed > list[k + 1].speed) k++;
  const vr_gait *a = list + k, *b = n > 1 ? a + 1 : a;
  double span = b->speed - a->speed, w = span > 0 ? (speed - a->speed) / span : 0;
  w = fmin(fmax(w, 0), 1);
  *g = *a;
  g->speed = speed;
  g->frequency += w * (b->frequency - a->frequency);
  for (size_t i = 0; i < g->n; i++) {
    vr_gait_row *r = g->row + i;
    const vr_gait_row *to = b->row + i;
    r->offset += w * (to->offset - r->offset);
    r->amp1 += w * (to->amp1 - r->amp1);
    r->amp2 += w * (to->amp2 - r->amp2);
    r->phase1 = turn(r->phase1, to->phase1, w);
    r->phase2 = turn(r->phase2, to->phase2, w);
    r->steer += w * (to->steer - r->steer);
    r->scale += w * (to->scale - r->scale);
  }
}

static double clip(double x, double low, double high)
{
  return fmin(fmax(x, low), high);
}

void vr_gait_act(const vr_gait *g, double theta, double s, double *u)
{
  for (size_t i = 0; i < g->n; i++) {
    const vr_gait_row *r = g->row + i;
    double wave = r->amp1 * sin(theta + r->phase1) + r->amp2 * sin(2 * theta + r->phase2);
    u[i] = clip(r->offset + fmax(0, 1 + r->scale * s) * wave + r->steer * s, -1, 1);
  }
}

double vr_gait_steer(double heading, double target)
{
  return clip(remainder(target - heading, 2 * M_PI), -1, 1);
}

int vr_righting_read(const char *folder, const vr_layout *layout, vr_righting *r)
{
  static const char *const column[] = {"offset", "lean", "sin", "cos", "odd_sin", "odd_cos"};
  double speed;
  *r = (vr_righting){.n = layout->nact, .side = 1};
  if (r->n > VR_GAIT_MAX)
    return vr_fail(VR_EARG, "gaits are for at most %d actuators", VR_GAIT_MAX);
  VR_TRY(find(folder, "right", &r->frequency, &speed));
  memcpy(r->hold, layout->hold, r->n * sizeof *r->hold);
  return vr_gait_rows(folder, "right", column, VR_LEN(column), layout, NULL, &r->row[0].offset);
}

void vr_righting_start(vr_righting *r)
{
  r->on = 0;
  r->side = 1;
  r->phi = 0;
}

static double lower(const vr_cue *cue)
{
  return fmin(cue->torso[2], cue->pelvis[2]);
}

int vr_righting_update(vr_righting *r, const vr_cue *cue)
{
  double zz = lower(cue);
  if (!r->on && zz < 0.4) {
    r->on = 1;
    r->phi = 0;
  } else if (r->on && zz > 0.86) {
    r->on = 0;
  }
  return r->on;
}

/* The side it lies on, and how much of the kick is played. */
static double tipped(const vr_cue *cue, double *side)
{
  double y = (cue->torso[1] + cue->pelvis[1]) / 2;
  if (fabs(y) > 0.1) *side = y > 0 ? 1 : -1;
  double share = clip((1 - lower(cue)) / 2 / 0.3, 0, 1);
  return share < 0.07 ? 0 : share;
}

void vr_righting_act(vr_righting *r, const vr_cue *cue, double *u)
{
  double share = tipped(cue, &r->side), s = sin(r->phi), c = cos(r->phi);
  for (size_t i = 0; i < r->n; i++) {
    const vr_right_row *k = r->row + i;
    double kick = k->offset + k->lean * r->side + (k->sin + k->odd_sin * r->side) * s +
                  (k->cos + k->odd_cos * r->side) * c;
    u[i] = clip(r->hold[i] + share * kick, -1, 1);
  }
  r->phi += 2 * M_PI * r->frequency * VR_CONTROL_STEP;
}

/* -- phases -- */

/* Sums for the harmonic that fits best. */
typedef struct {
  double ss, sc, cc, sy, cy;
} fit;

/* One more y that ought to be s sin(phase) + c cos(phase). */
static void add(fit *f, double y, double s, double c)
{
  f->ss += s * s;
  f->sc += s * c;
  f->cc += c * c;
  f->sy += s * y;
  f->cy += c * y;
}

/* The filter turns exp(i phase) of the next command into (1 - keep) / (exp(i step) - keep) times it. */
static double solve(const fit *f, double step, double keep, double *phase)
{
  double det = f->ss * f->cc - f->sc * f->sc;
  if (det <= 1e-9 * f->ss * f->cc) {
    *phase = 0;
    return 0;
  }
  double s = (f->cc * f->sy - f->sc * f->cy) / det, c = (f->ss * f->cy - f->sc * f->sy) / det;
  double re = cos(step) - keep, im = sin(step);
  *phase = remainder(atan2(s, c) + atan2(im, re), 2 * M_PI);
  return hypot(s, c) * hypot(re, im) / (1 - keep);
}

/* Whether the activation of an actuator tells where in a gait it is: not of one that steers, or that
 * is cut at the end of its range. */
static int tells(const vr_gait_row *r)
{
  return r->steer == 0 && fabs(r->offset) <= 0.95;
}

double vr_gait_apart(const vr_gait *g, const double *a, const double *b)
{
  double sum = 0;
  for (size_t i = 0; i < g->n; i++)
    if (tells(g->row + i)) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}

double vr_gait_phase(const vr_gait *g, const double *act, double keep, double *theta)
{
  fit f = {0};
  for (size_t i = 0; i < g->n; i++) {
    const vr_gait_row *r = g->row + i;
    if (tells(r)) add(&f, act[i] - r->offset, r->amp1 * cos(r->phase1), r->amp1 * sin(r->phase1));
  }
  return solve(&f, 2 * M_PI * g->frequency * VR_CONTROL_STEP, keep, theta);
}

/* The activations of a gait after its command at phase theta, where it has been played for long. The
 * filter turns exp(i phase) into (1 - keep) / (1 - keep exp(-i step)) times it. */
static void follow(const vr_gait *g, double keep, double theta, double *act)
{
  double step = 2 * M_PI * g->frequency * VR_CONTROL_STEP, gain[2], lag[2];
  for (int h = 0; h < 2; h++) {
    double re = 1 - keep * cos((h + 1) * step), im = keep * sin((h + 1) * step);
    gain[h] = (1 - keep) / hypot(re, im);
    lag[h] = atan2(im, re);
  }
  for (size_t i = 0; i < g->n; i++) {
    const vr_gait_row *r = g->row + i;
    double at = r->offset + gain[0] * r->amp1 * sin(theta + r->phase1 - lag[0]) +
                gain[1] * r->amp2 * sin(2 * theta + r->phase2 - lag[1]);
    act[i] = clip(at, -1, 1);
  }
}

int vr_gait_place(
  const vr_gait *g, const double *act, const double *rest, double keep, int steps, double *theta)
{
  double least = vr_gait_apart(g, act, rest), step = 2 * M_PI / steps, at[VR_GAIT_MAX];
  int best = -1;
  for (int k = 0; k < steps; k++) {
    follow(g, keep, k * step, at);
    double far = vr_gait_apart(g, act, at);
    if (far < least) least = far, best = k;
  }
  // the command to come
  if (best >= 0) *theta = remainder((best + 1) * step, 2 * M_PI);
  return best >= 0;
}

double vr_righting_phase(
  const vr_righting *r, const vr_cue *cue, const double *act, double keep, double *phi)
{
  fit f = {0};
  double side = r->side, share = tipped(cue, &side);
  for (size_t i = 0; i < r->n; i++) {
    const vr_right_row *k = r->row + i;
    double rest = r->hold[i] + share * (k->offset + k->lean * side);
    if (fabs(rest) > 0.95) continue;
    add(&f, act[i] - rest, share * (k->sin + k->odd_sin * side),
      share * (k->cos + k->odd_cos * side));
  }
  return solve(&f, 2 * M_PI * r->frequency * VR_CONTROL_STEP, keep, phi);
}
