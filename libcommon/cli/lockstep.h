/* lockstep.h -- an environment that another program steps, line by line. */
#ifndef VR_CLI_LOCKSTEP_H
#define VR_CLI_LOCKSTEP_H
#include "sim/env.h"
#include <stdio.h>

/* One episode. Writes a line of column names and a line for the start, then reads a line of commands
 * (one number an actuator, by tabs or spaces) and answers it with a line, until the episode has
 * ended, `frames` steps are done, or the input ends. A line is whole before the next one is read:
 * time, reward, discount, end ("-", or why it ended), observations; tabs between. wide: observations
 * as float64, else float32. VR_EDATA names the line of the input; VR_EIO, VR_EMEM, VR_ENUM. */
int vr_lockstep(const vr_scene *scene, uint64_t seed, size_t frames, int wide, FILE *in, FILE *out);

#endif
