/* tune_knobs.c -- a gait as a list of numbers. */
#include "sim/tune_in.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

/* The actuator of the same name on the right, for one on the left; -1: none. */
static int mate_of(const vr_axis *a, size_t i)
{
  const char *name = a->name[i], *side = strstr(name, "_L");
  if (!side || (side[2] && side[2] != '_')) return -1;
  size_t at = (size_t)(side - name) + 1;
  for (size_t k = 0; k < a->n; k++) {
    const char *other = a->name[k];
    if (strlen(other) == strlen(name) && !strncmp(other, name, at) && other[at] == 'R' &&
        !strcmp(other + at + 1, name + at + 1))
      return (int)k;
  }
  return -1;
}

static int is_mate(const vr_axis *a, size_t i)
{
  for (size_t k = 0; k < a->n; k++)
    if (mate_of(a, k) == (int)i) return 1;
  return 0;
}

static void add(vr_knobs *k, int what, size_t i, int mate)
{
  if (k->n < VR_MAXKNOBS) k->knob[k->n++] = (vr_knob){what, (int)i, mate};
}

/* Reflexes: what has two sides feels all; in the middle, what bends sideways feels the sideways signals
 * and the others the rest. */
static void add_gains(vr_knobs *k, const char *name, size_t i, int mate)
{
  int sideways = strstr(name, "bend") || strstr(name, "twist");
  for (int s = 0; s < VR_NFEELS; s++) {
    int lateral = s == VR_FEEL_ZY || s == VR_FEEL_WX;
    if (mate >= 0 || lateral == sideways) add(k, VR_KNOB_GAIN + s, i, mate);
  }
}

void vr_knobs_find(const vr_layout *l, const vr_gait *like, const vr_reflex *reflex, int harmonics,
  int reflexes, vr_knobs *k)
{
  const vr_axis *a = vr_layout_axis(l, "actuator");
  k->like = *like;
  k->reflex = reflex ? *reflex : (vr_reflex){.n = like->n};
  k->n = 0;
  add(k, VR_KNOB_FREQUENCY, 0, -1);
  for (size_t i = 0; i < like->n; i++) {
    const vr_gait_row *r = like->row + i;
    int mate = mate_of(a, i), swings = r->amp1 != 0;
    if (is_mate(a, i)) continue;
    if (swings || (r->offset != l->hold[i] && r->steer == 0)) add(k, VR_KNOB_OFFSET, i, mate);
    if (swings) add(k, VR_KNOB_SIN, i, mate), add(k, VR_KNOB_COS, i, mate);
    if (r->amp2 != 0 || (harmonics && swings))
      add(k, VR_KNOB_SIN2, i, mate), add(k, VR_KNOB_COS2, i, mate);
    if (reflexes && (swings || r->steer != 0)) add_gains(k, a->name[i], i, mate);
  }
}

double vr_knobs_unit(const vr_knobs *k, size_t i)
{
  return k->knob[i].what == VR_KNOB_FREQUENCY ? 1 : 0.3;
}

void vr_knobs_start(const vr_knobs *k, double *x)
{
  for (size_t j = 0; j < k->n; j++) {
    const vr_knob *b = k->knob + j;
    const vr_gait_row *r = k->like.row + b->i;
    switch (b->what) {
    case VR_KNOB_FREQUENCY: x[j] = k->like.frequency; break;
    case VR_KNOB_OFFSET: x[j] = r->offset; break;
    case VR_KNOB_SIN: x[j] = r->amp1 * cos(r->phase1); break;
    case VR_KNOB_COS: x[j] = r->amp1 * sin(r->phase1); break;
    case VR_KNOB_SIN2: x[j] = r->amp2 * cos(r->phase2); break;
    case VR_KNOB_COS2: x[j] = r->amp2 * sin(r->phase2); break;
    default: x[j] = k->reflex.gain[b->i][b->what - VR_KNOB_GAIN];
    }
  }
}

/* The mate does the same, as much later as in the gait that it started from; signals from the side
 * have the other sign. */
static void copy_to_mate(const vr_knobs *k, const vr_knob *b, vr_gait *g, vr_reflex *r)
{
  vr_gait_row *to = g->row + b->mate;
  const vr_gait_row *from = g->row + b->i, *left = k->like.row + b->i,
                    *right = k->like.row + b->mate;
  to->offset = from->offset;
  to->amp1 = from->amp1;
  to->phase1 = from->phase1 + right->phase1 - left->phase1;
  to->amp2 = from->amp2;
  to->phase2 = from->phase2 + right->phase2 - left->phase2;
  for (int s = 0; s < VR_NFEELS; s++) {
    int lateral = s == VR_FEEL_ZY || s == VR_FEEL_WX;
    r->gain[b->mate][s] = (lateral ? -1 : 1) * r->gain[b->i][s];
  }
}

void vr_knobs_set(const vr_knobs *k, const double *x, vr_gait *g, vr_reflex *r)
{
  *g = k->like;
  *r = k->reflex;
  for (size_t j = 0; j < k->n; j++) {
    const vr_knob *b = k->knob + j;
    vr_gait_row *row = g->row + b->i;
    switch (b->what) {
    case VR_KNOB_FREQUENCY: g->frequency = fmin(fmax(x[j], 0.1), 12); break;
    case VR_KNOB_OFFSET: row->offset = x[j]; break;
    case VR_KNOB_SIN: row->amp1 = hypot(x[j], x[j + 1]); break;
    case VR_KNOB_COS: row->phase1 = atan2(x[j], x[j - 1]); break;
    case VR_KNOB_SIN2: row->amp2 = hypot(x[j], x[j + 1]); break;
    case VR_KNOB_COS2: row->phase2 = atan2(x[j], x[j - 1]); break;
    default: r->gain[b->i][b->what - VR_KNOB_GAIN] = x[j];
    }
    if (b->mate >= 0) copy_to_mate(k, b, g, r);
  }
}
