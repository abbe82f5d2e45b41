/* feeler.h -- parts of the animal that feel an orb.
 *
 * An orb gives no force, so that no contact of the engine tells of it; whether a geom overlaps it is
 * found from the exact distance of the geom to its centre. Seen by sim/ only. */
#ifndef VR_SIM_FEELER_H
#define VR_SIM_FEELER_H
#include <mujoco/mujoco.h>

enum { VR_MAXFEEL = 256 };

/* The geoms of a body and of all below it. */
typedef struct {
  int body, n, geom[VR_MAXFEEL];
  double reach; /* no point of them is ever further from the body's origin, m */
} vr_feeler;

/* body: -1 makes a feeler of nothing. VR_EDATA: more geoms than it can hold. */
int vr_feeler_find(const mjModel *m, int body, vr_feeler *f);

/* Whether one of the geoms overlaps the ball. */
int vr_feeler_meets(
  const vr_feeler *f, const mjModel *m, const mjData *d, const double centre[3], double radius);

/* Distance of a point to the solid of a geom (sphere, capsule, ellipsoid, box; else INFINITY), 0
 * inside. */
double vr_geom_distance(const mjModel *m, const mjData *d, int geom, const double point[3]);

#endif
