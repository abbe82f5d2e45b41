/* inputs.h -- the inputs of a network: senses of an animal, found by name. */
#ifndef VR_RL_INPUTS_H
#define VR_RL_INPUTS_H
#include "nn/arch.h"
#include "sim/env.h"

/* Where the columns of the inputs lie in a vector of observations. */
typedef struct {
  size_t n, nsense; /* columns together */
  struct {
    size_t first, n;
  } sense[VR_ARCH_INPUTS];
} vr_inputs;

/* Finds arch->input among the senses that there are (those of vr_layout, say). VR_EDATA: a sense is
 * not there (the nearest and all that are), or there are not arch->nin columns. */
int vr_inputs_find(const vr_arch *arch, const vr_sense *sense, size_t nsense, vr_inputs *in);

/* x (in->n): the columns as they are, in the order of the architecture. */
void vr_inputs_take(const vr_inputs *in, const double *obs, float *x);

#endif
