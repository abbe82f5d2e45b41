/* gait.h -- motor primitives: gaits as oscillators on each actuator, and the righting kick.
 *
 * Numbers come from tables (share/gait): gaits.tsv lists the primitives with their frequency,
 * NAME.tsv holds a row an actuator; actuators that are not listed hold the spawn pose. Formulas and
 * numbers are those of gaits.md 2, 3, 5 and 6. */
#ifndef VR_SIM_GAIT_H
#define VR_SIM_GAIT_H
#include "base/str.h"
#include "sim/env.h"

enum { VR_GAIT_MAX = 128 }; /* actuators */

typedef struct {
  double offset, amp1, phase1, amp2, phase2, steer, scale;
} vr_gait_row;

/* Plain data: n rows, one an actuator. */
typedef struct {
  double frequency, speed; /* Hz; m/s, the command it stands for */
  size_t n;
  vr_gait_row row[VR_GAIT_MAX];
} vr_gait;

/* Reads a gait for the actuators of a scene. VR_EARG: no such gait; VR_EDATA with file and line. */
int vr_gait_read(const char *folder, const char *name, const vr_layout *layout, vr_gait *g);

/* Standing still in the way `like` runs: command 0 of speed. */
void vr_gait_stand(const vr_gait *like, const double *hold, vr_gait *g);

/* The gait for a speed command: offsets, amplitudes, phases and frequency linear between the
 * neighbours in `list` (n of them, by growing speed), phases the short way round. */
void vr_gait_at(const vr_gait *list, size_t n, double speed, vr_gait *g);

/* u[i] = clip(offset + max(0, 1 + scale s) (amp1 sin(theta + phase1) + amp2 sin(2 theta + phase2))
 * + steer s, -1, 1); s > 0 turns left. */
void vr_gait_act(const vr_gait *g, double theta, double s, double *u);

/* The phase at which the gait has to go on, as the activations tell it (gaits.md 8): the harmonic that
 * fits them best, ahead by the lag of their filter. keep: the share of an activation that outlives a
 * control step. Returns how much of the amplitude they show: 1 where the gait has been played for long,
 * 0 where there is nothing of it. Only for gaits of one harmonic. */
double vr_gait_phase(const vr_gait *g, const double *act, double keep, double *theta);

/* Sum of squares between activations (n), of the actuators that do not steer in this gait and are not
 * cut at the end of their range: the others tell something else. */
double vr_gait_apart(const vr_gait *g, const double *a, const double *b);

/* The same as vr_gait_phase for a gait of two harmonics, one of `steps` phases of a period: that whose
 * activations, where the gait has been played for long, are the nearest (vr_gait_apart). Returns
 * whether it is nearer than `rest`, the activations of one that does not swing at all; *theta is set
 * if so. */
int vr_gait_place(
  const vr_gait *g, const double *act, const double *rest, double keep, int steps, double *theta);

/* Steering that holds a heading (rad), -1 .. 1. */
double vr_gait_steer(double heading, double target);

typedef struct {
  double offset, lean, sin, cos, odd_sin, odd_cos;
} vr_right_row;

/* The table of the righting kick, and its state. */
typedef struct {
  double frequency;
  size_t n;
  vr_right_row row[VR_GAIT_MAX];
  double hold[VR_GAIT_MAX];
  int on;           /* righting goes on */
  double side, phi; /* the side it lies on, +1 or -1; clock */
} vr_righting;

/* Reads NAME.tsv, a table of actuators with `width` (at most 7) columns of numbers; those of actuator i
 * of the scene go to out + i * width. Actuators that are not listed keep what is there. A row named
 * "frequency" goes to *frequency, Hz, unless that is NULL: it is then no actuator. */
int vr_gait_rows(const char *folder, const char *name, const char *const *column, int width,
  const vr_layout *layout, double *frequency, double *out);

/* Adds the table of a gait as vr_gait_read takes it, with its frequency; `name` and `what`
 * head it. */
void vr_gait_text(
  const vr_gait *g, const vr_layout *layout, const char *name, const char *what, vr_str *out);

int vr_righting_read(const char *folder, const vr_layout *layout, vr_righting *r);
void vr_righting_start(vr_righting *r); /* forgets the side and the clock */

/* Starts or ends righting from how the animal lies (starts below 0.4, ends above 0.86 of the lower
 * z component of torso and pelvis); returns whether it goes on. */
int vr_righting_update(vr_righting *r, const vr_cue *cue);
/* The commands of one control step; moves the clock. */
void vr_righting_act(vr_righting *r, const vr_cue *cue, double *u);
/* As vr_gait_phase: the clock at which the kick has to go on. */
double vr_righting_phase(
  const vr_righting *r, const vr_cue *cue, const double *act, double keep, double *phi);

#endif
