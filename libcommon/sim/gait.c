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

/* Reads rows of `width` numbers; row i of the scene's actuators is at out + i * width. Actuators
 * that are not listed keep what is there. */
static int read_rows(const char *folder, const char *name, const char *const *column, int width,
  const vr_layout *layout, double *out)
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
  return read_rows(folder, name, column, VR_LEN(column), layout, &g->row[0].offset);
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
  return read_rows(folder, "right", column, VR_LEN(column), layout, &r->row[0].offset);
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

void vr_righting_act(vr_righting *r, const vr_cue *cue, double *u)
{
  double y = (cue->torso[1] + cue->pelvis[1]) / 2;
  if (fabs(y) > 0.1) r->side = y > 0 ? 1 : -1;
  double tipped = clip((1 - lower(cue)) / 2 / 0.3, 0, 1), s = sin(r->phi), c = cos(r->phi);
  if (tipped < 0.07) tipped = 0;
  for (size_t i = 0; i < r->n; i++) {
    const vr_right_row *k = r->row + i;
    double kick = k->offset + k->lean * r->side + (k->sin + k->odd_sin * r->side) * s +
                  (k->cos + k->odd_cos * r->side) * c;
    u[i] = clip(r->hold[i] + tipped * kick, -1, 1);
  }
  r->phi += 2 * M_PI * r->frequency * VR_CONTROL_STEP;
}
