#include "sim/reflex.h"
#include "base/err.h"
#include "base/str.h"
#include "sim/play.h"
#include <math.h>

#define REST 0.06 /* m: height of the torso that is felt as 0 */
#define RISE 0.03 /* m: and as 1 above it */

int vr_reflex_read(const char *folder, const char *name, const vr_layout *layout, vr_reflex *r)
{
  static const char *const column[VR_NFEELS] = {"zx", "wy", "h", "zy", "wx"};
  vr_str file = {0};
  *r = (vr_reflex){.n = layout->nact};
  if (r->n > VR_GAIT_MAX)
    return vr_fail(VR_EARG, "reflexes are for at most %d actuators", VR_GAIT_MAX);
  vr_str_addf(&file, "%s-reflex", name);
  int code = vr_str_ok(&file);
  if (!code) code = vr_gait_rows(folder, file.s, column, VR_NFEELS, layout, NULL, r->gain[0]);
  vr_str_free(&file);
  return code;
}

void vr_reflex_feel(const vr_env *e, double feel[VR_NFEELS])
{
  const vr_senses *s = &e->scene->senses;
  const double *at = e->d->xpos + 3 * s->torso, *up = e->d->xmat + 9 * s->torso + 6;
  const double *gyro = e->d->sensordata + s->gyro;
  double ground = e->ground.heights.n ? vr_heights_at(&e->ground.heights, at[0], at[1], NULL) : 0;
  feel[VR_FEEL_ZX] = up[0];
  feel[VR_FEEL_ZY] = up[1];
  feel[VR_FEEL_WX] = gyro[0] / 10;
  feel[VR_FEEL_WY] = gyro[1] / 10;
  feel[VR_FEEL_H] = fmin(fmax((at[2] - ground - REST) / RISE, -2), 2);
}

void vr_reflex_apply(const vr_reflex *r, const double feel[VR_NFEELS], vr_gait *g)
{
  for (size_t i = 0; i < r->n; i++)
    for (int k = 0; k < VR_NFEELS; k++) g->row[i].offset += r->gain[i][k] * feel[k];
}
