/* agent_nn EYE NPOLICY SKIPS CORE T B < inputs > outputs -- our agent, for comparison with another
 * program's.
 *
 * Raw float32 (agent_nn_f64: float64) as the machine has it. Inputs: in, priv, reset (uint8), eye (uint8, if there is one),
 * state before, then the derivatives of the loss by mean, std and value. Outputs: first lines of text,
 * "nparam nstate" and a line "name rows cols" a tensor, closed by an empty one; then param, mean,
 * std, value, state after, and the gradient. NPOLICY 0 and CORE 0: a teacher with its own critic. */
#include "base/mem.h"
#include "base/err.h"
#include "nn/agent.h"
#include <stdio.h>
#include <stdlib.h>

enum { NIN = 45, NACT = 38, NVALUE = 4, NPRIV = 7 };

static int code;

static void *block(size_t n, size_t size)
{
  void *p = NULL;
  if (!code) code = vr_alloc(&p, n, size);
  return p;
}

static void *read_in(size_t n, size_t size)
{
  void *p = block(n, size);
  if (p && fread(p, size, n, stdin) != n) code = vr_fail(VR_EDATA, "the input is cut");
  return p;
}

static void write_out(const vr_real *x, size_t n)
{
  if (!code && fwrite(x, sizeof *x, n, stdout) != n) code = vr_fail(VR_EIO, "cannot write");
}

static void run(const vr_agent *a, size_t T, size_t B)
{
  size_t rows = T * B, nparam = vr_agent_nparam(a), nstate = vr_agent_nstate(a), count;
  vr_agent_work *w = NULL;
  vr_pool pool = {.threads = 2};
  vr_agent_in in = {.T = T, .B = B, .in = read_in(rows * NIN, sizeof(vr_real))};
  in.priv = read_in(rows * NPRIV, sizeof(vr_real));
  in.reset = read_in(rows, 1);
  if (vr_agent_arch(a)->eye) in.eye = read_in(rows, VR_EYE_BYTES);
  in.state = read_in(B * nstate, sizeof(vr_real));
  vr_real *dmean = read_in(rows * NACT, sizeof(vr_real)), *dstd = read_in(rows * NACT, sizeof(vr_real));
  vr_real *dvalue = read_in(rows * NVALUE, sizeof(vr_real)), *param = block(nparam, sizeof(vr_real));
  vr_real *grad = block(nparam, sizeof(vr_real)), *state = block(B * nstate, sizeof(vr_real));
  vr_real *mean = block(rows * NACT, sizeof(vr_real)), *std = block(rows * NACT, sizeof(vr_real));
  vr_real *value = block(rows * NVALUE, sizeof(vr_real));
  vr_agent_out out = {.mean = mean, .std = std, .value = value, .state = state};
  if (!code) code = vr_agent_work_new(a, T, B, 1, &w);
  if (code) return;
  vr_agent_init(a, 42, param);
  code = vr_agent_forward(a, param, &in, &pool, w, &out);
  if (!code) code = vr_agent_backward(a, param, &in, dmean, dstd, dvalue, &pool, w, grad);
  const vr_tensor *t = vr_agent_tensors(a, &count);
  printf("%zu %zu\n", nparam, nstate);
  for (size_t k = 0; k < count; k++) printf("%s %zu %zu\n", t[k].name, t[k].rows, t[k].cols);
  printf("\n");
  write_out(param, nparam);
  write_out(mean, rows * NACT);
  write_out(std, rows * NACT);
  write_out(value, rows * NVALUE);
  write_out(state, B * nstate);
  write_out(grad, nparam);
}

int main(int argc, char **argv)
{
  vr_agent *a = NULL;
  if (argc != 7) return 2;
  size_t number[6];
  for (int k = 0; k < 6; k++) number[k] = strtoul(argv[k + 1], NULL, 10);
  vr_arch arch = {.nin = NIN,
    .nact = NACT,
    .eye = (vr_eye_kind)number[0],
    .eye_out = 128,
    .mlp = {.n = 2, .width = {128, 96}},
    .core = number[3],
    .npolicy = number[1],
    .policy = {128, 128, 128},
    .skips = (int)number[2],
    .nvalue = NVALUE,
    .std_floor = 0.05,
    .std_init = 0.25};
  if (!arch.core) {
    arch.critic = (vr_widths){.n = 2, .width = {64, 64}};
    arch.head = (vr_widths){.n = 2, .width = {64, 48}};
    arch.npriv = NPRIV;
  }
  code = vr_agent_new(&arch, &a);
  if (!code) run(a, number[4], number[5]);
  if (code) fprintf(stderr, "agent_nn: %s\n", vr_errmsg());
  return code != 0;
}
