/* agent_nn_f64 -- agent_nn in double precision. */
#include "agent_nn.c"
