/* gait_text.c -- gaits and reflexes as the tables that they are read from. */
#include "sim/reflex.h"

/* A row of numbers, unless all of them are what an actuator has that is not listed. */
static void add_row(vr_str *out, const char *name, const double *x, size_t n)
{
  vr_str_add(out, name);
  for (size_t k = 0; k < n; k++) vr_str_addf(out, "\t%.6g", x[k]);
  vr_str_addc(out, '\n');
}

void vr_gait_text(
  const vr_gait *g, const vr_layout *layout, const char *name, const char *what, vr_str *out)
{
  const vr_axis *a = vr_layout_axis(layout, "actuator");
  vr_str_addf(out,
    "# Gait %s: %s. Command of an actuator at phase theta with steering s in -1 .. 1:\n", name,
    what);
  vr_str_add(out, "# offset + max(0, 1 + scale s) (amp1 sin(theta + phase1) + amp2 sin(2 theta + "
                  "phase2)) + steer s, "
                  "kept in -1 .. 1.\n"
                  "# Actuators that are not listed hold the spawn pose. Phases in rad; the "
                  "frequency, in Hz, stands as "
                  "an offset.\n"
                  "actuator\toffset\tamp1\tphase1\tamp2\tphase2\tsteer\tscale\n");
  const double first[7] = {g->frequency};
  add_row(out, "frequency", first, 7);
  for (size_t i = 0; i < g->n; i++) {
    const vr_gait_row *r = g->row + i;
    const double x[] = {r->offset, r->amp1, r->phase1, r->amp2, r->phase2, r->steer, r->scale};
    int moves = r->amp1 != 0 || r->amp2 != 0 || r->steer != 0 || r->scale != 0;
    if (moves || r->offset != layout->hold[i]) add_row(out, a->name[i], x, 7);
  }
}

void vr_reflex_text(const vr_reflex *r, const vr_layout *layout, const char *name, vr_str *out)
{
  const vr_axis *a = vr_layout_axis(layout, "actuator");
  vr_str_addf(out,
    "# What is added to the commands of gait %s: gains on the x and y of the world's up axis in "
    "the "
    "torso (zx, zy),\n"
    "# on its turning by y and x (wy, wx, in 10 rad/s) and on its height (h, in 0.03 m from 0.06 m "
    "above "
    "the ground, kept in -2 .. 2).\n"
    "actuator\tzx\twy\th\tzy\twx\n",
    name);
  for (size_t i = 0; i < r->n; i++)
    for (int k = 0; k < VR_NFEELS; k++)
      if (r->gain[i][k] != 0) {
        add_row(out, a->name[i], r->gain[i], VR_NFEELS);
        break;
      }
}
