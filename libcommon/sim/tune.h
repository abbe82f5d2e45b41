/* tune.h -- gaits found by trying: a gait as a list of numbers, how well an animal does with it, and the
 * search (CMA-ES, with an archive of the best).
 *
 *   vr_tune_new(scene, gaits, &par, &like, reflex, &s);
 *   while (...) vr_tune_generation(s, pool, &report);
 *   vr_tune_best(s, &gait, &reflex);
 *
 * The teacher of the scene's task plays each candidate (vr_teacher_use), from starts that all
 * candidates of a generation share. Left and right take the same numbers; their difference of phase
 * stays that of the gait it starts from. Numbers in search are offset and, for each harmonic, the
 * coefficients of sine and cosine (gaits.md 4). */
#ifndef VR_SIM_TUNE_H
#define VR_SIM_TUNE_H
#include "base/pool.h"
#include "sim/env.h"
#include "sim/gait.h"
#include "sim/reflex.h"

typedef struct {
  int population, starts; /* candidates of a generation, starts of each */
  double sigma;           /* first step, in units of 0.3 (frequency: 1 Hz) */
  double seconds;         /* of a start */
  double speed;   /* m/s, along the first heading (bowl: outwards); 0: standing is as good */
  double slope;   /* rise of the ground ahead, as a tilt of gravity */
  double stretch; /* what a metre of ground that no foot touches is worth */
  double taps;    /* what a tap is worth (twotap) */
  int harmonics;  /* also search the second harmonic of what swings */
  int reflexes;   /* also search reflexes of what swings */
  uint64_t seed;
} vr_tune_par;

#define VR_TUNE_DEFAULTS                                                                           \
  {                                                                                                \
    .population = 16, .starts = 3, .sigma = 0.3, .seconds = 2.4, .speed = 0.5, .seed = 1           \
  }

typedef struct vr_tune vr_tune;

/* A generation in numbers: control steps so far; score of its best and median candidate and of the
 * best in the archive, which has been tried `trials` times; step. */
typedef struct {
  size_t generation, frames;
  double best, median, kept, sigma;
  size_t trials;
} vr_tune_report;

/* reflex: NULL: none to start from. The scene must outlive it. VR_EARG, VR_EMEM, errors of the
 * teacher's tables in `gaits`. */
int vr_tune_new(const vr_scene *scene, const char *gaits, const vr_tune_par *par,
  const vr_gait *like, const vr_reflex *reflex, vr_tune **s);
void vr_tune_free(vr_tune *s);

/* Numbers that are searched, and generations so far. */
size_t vr_tune_size(const vr_tune *s);
size_t vr_tune_generations(const vr_tune *s);

/* Tries a generation, and the member of the archive that has been tried least. The same for any pool. */
int vr_tune_generation(vr_tune *s, const vr_pool *pool, vr_tune_report *report);

/* The best of the archive; before the first generation, the start. r may be NULL. */
void vr_tune_best(const vr_tune *s, vr_gait *g, vr_reflex *r);

/* All of the search as doubles, and back into one of the same parameters. */
size_t vr_tune_state_size(const vr_tune *s);
void vr_tune_save(const vr_tune *s, double *state);
void vr_tune_restore(vr_tune *s, const double *state);

#endif
