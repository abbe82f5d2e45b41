/* reflex.h -- linear feedback on top of a gait: what helps it over rough ground (gaits.md 10.2).
 *
 * NAME-reflex.tsv has a row an actuator, with its gain on each of five signals. */
#ifndef VR_SIM_REFLEX_H
#define VR_SIM_REFLEX_H
#include "sim/gait.h"

/* zx, zy: the world's up axis in the torso; wy, wx: its turning there, 10 rad/s; h: its height above
 * the ground, in 0.03 m from 0.06 m, within -2 .. 2. */
enum { VR_FEEL_ZX, VR_FEEL_WY, VR_FEEL_H, VR_FEEL_ZY, VR_FEEL_WX, VR_NFEELS };

typedef struct {
  size_t n;
  double gain[VR_GAIT_MAX][VR_NFEELS];
} vr_reflex;

/* Reads the reflex of a gait for the actuators of a scene. Errors as vr_gait_read. */
int vr_reflex_read(const char *folder, const char *name, const vr_layout *layout, vr_reflex *r);

/* Adds its table as text. */
void vr_reflex_text(const vr_reflex *r, const vr_layout *layout, const char *name, vr_str *out);

/* What an animal feels now. */
void vr_reflex_feel(const vr_env *e, double feel[VR_NFEELS]);

/* Moves the offsets of a gait by what is felt. */
void vr_reflex_apply(const vr_reflex *r, const double feel[VR_NFEELS], vr_gait *g);

#endif
