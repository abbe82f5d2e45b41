/* rats.h -- a herd of rats in the tasks of the paper, with their eyes and teachers. */
#ifndef VR_RL_RATS_H
#define VR_RL_RATS_H
#include "rl/herd.h"
#include "rl/policy.h"

enum { VR_RATS_SCENES = 16 };

/* What one share of the animals does. */
typedef struct {
  const vr_scene *scene;
  const char *task;       /* its name, without parameters: shares of one name are one task */
  const char *teacher;    /* "teacher[:key=value,...]" (sim/teacher.h), or NULL */
  const vr_policy *guide; /* or a policy that teaches, without eye and memory; or NULL */
} vr_rats_share;

typedef struct {
  uint64_t seed;
  uint32_t first; /* number of the first animal, from which its chance follows */
  double seconds; /* time limit of an episode; 0: that of its task */
  int eye;        /* there is an eye to look through */
  int threads;    /* of the pools that it will be used with, at most */
  const char *gaits;
} vr_rats_par;

/* n animals, number i in share[i % nshare]; scenes must outlive it. An episode of `flat` and `gaps` is
 * a success when it comes to its time limit without a fall, of `bowl` when the rim is reached, of
 * `twotap` with a second tap, of `maze` with an orb. VR_EARG, VR_EDATA, VR_EMEM. */
int vr_rats_herd(
  const vr_rats_share *share, size_t nshare, size_t n, const vr_rats_par *par, vr_herd *h);

#endif
