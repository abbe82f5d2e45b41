/* actor.h -- a policy that drives one animal, step by step.
 *
 *   vr_actor_start(a, seed);                        an episode begins
 *   vr_actor_act(a, obs, eye, action);              each control step
 *
 * An actor is used by one thread at a time; the policy is only read and may be shared. What it does
 * depends on the episode's seed and on what it senses, not on other animals. */
#ifndef VR_RL_ACTOR_H
#define VR_RL_ACTOR_H
#include "rl/inputs.h"
#include "rl/policy.h"

typedef struct vr_actor vr_actor;

/* For animals with these senses (of vr_layout) and `nact` actuators. sample: draws actions, else
 * takes their mean. The policy must outlive it. VR_EDATA: the animal is not the one it was made
 * for; VR_EMEM. */
int vr_actor_new(
  const vr_policy *p, const vr_sense *sense, size_t nsense, size_t nact, int sample, vr_actor **a);
void vr_actor_free(vr_actor *a);

/* The state becomes 0; chance follows from the seed. */
void vr_actor_start(vr_actor *a, uint64_t seed);

/* Cells that are held or changed from the next step on (nn/agent.h); the caller keeps the array. */
void vr_actor_clamp(vr_actor *a, const vr_clamp *clamp, size_t n);

/* The action (nact, -1 .. 1) of the control step that begins; obs: all observations, eye: VR_EYE_BYTES,
 * NULL for the blind. VR_ENUM when the network leaves the finite numbers. */
int vr_actor_act(vr_actor *a, const double *obs, const uint8_t *eye, float *action);

/* After an act: the state of the network (vr_agent_nstate), and what it expects, the value of head
 * `head` in rewards; 0 where its critic sees what an animal does not. */
const float *vr_actor_state(const vr_actor *a);
double vr_actor_value(const vr_actor *a, size_t head);
/* The policy has values that an actor can tell. */
int vr_policy_tells_value(const vr_policy *p);

#endif
