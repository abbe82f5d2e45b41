/* bench_nn.c -- the agent's memory: core and three policy layers of 128 units with skips, 38 actions.
 *   bench_nn FILE ROWS COLUMNS THREADS act STEPS [OUT]       ROWS animals, STEPS times
 *   bench_nn FILE ROWS COLUMNS THREADS train REPEATS [OUT]   32 animals, unrolls of ROWS / 32 steps:
 *                                                            forward and backward, from the state 0
 *   bench_nn FILE ROWS COLUMNS THREADS eye|eyeback REPEATS   the image encoder alone, ROWS frames
 * quality: sum of the mean actions of the last step (of the last step's gradient for train: its
 * length). OUT: names and sizes of the tensors as text, an empty line, all parameters as float32. */
#include "base/mem.h"
#include "base/rng.h"
#include "bench.h"
#include "nn/adam.h"
#include "nn/agent.h"
#include <string.h>

enum { NACT = 38, BATCH = 32 };

typedef struct {
  vr_agent *a;
  vr_agent_work *w;
  size_t T, B, nparam, nstate;
  float *param, *grad, *x, *state, *mean, *std, *value;
  uint8_t *eye;
} net;

static void *block(size_t n, size_t size)
{
  void *p;
  bench_must(vr_alloc(&p, n, size));
  return p;
}

static void begin(net *n, const vr_arch *arch, const vr_mat *x, size_t B, int learn)
{
  size_t rows = x->rows;
  n->B = B;
  n->T = rows / B;
  bench_must(vr_agent_new(arch, &n->a));
  bench_must(vr_agent_work_new(n->a, n->T, B, learn, &n->w));
  n->nparam = vr_agent_nparam(n->a);
  n->nstate = vr_agent_nstate(n->a);
  n->param = block(n->nparam, sizeof(float));
  n->grad = block(n->nparam, sizeof(float));
  n->x = block(rows * x->cols, sizeof(float));
  n->state = block(B * n->nstate, sizeof(float));
  n->mean = block(rows * NACT, sizeof(float));
  n->std = block(rows * NACT, sizeof(float));
  n->value = block(rows, sizeof(float));
  n->eye = block(rows, VR_EYE_BYTES);
  for (size_t i = 0; i < rows * x->cols; i++) n->x[i] = (float)x->a[i];
  vr_rng r = vr_rng_new(1, 0, 0);
  for (size_t i = 0; i < rows * VR_EYE_BYTES; i++) n->eye[i] = (uint8_t)vr_rng_u32(&r);
  vr_agent_init(n->a, 1, n->param);
}

static void write_parameters(const net *n, const char *path)
{
  FILE *f = fopen(path, "wb");
  size_t count;
  const vr_tensor *t = vr_agent_tensors(n->a, &count);
  for (size_t k = 0; f && k < count; k++)
    fprintf(f, "%s %zu %zu\n", t[k].name, t[k].rows, t[k].cols);
  if (!f || fprintf(f, "\n") < 0 || fwrite(n->param, sizeof(float), n->nparam, f) != n->nparam ||
      fclose(f)) {
    fprintf(stderr, "%s: cannot be written\n", path);
    exit(1);
  }
}

static void act(net *n, size_t steps, const vr_pool *pool)
{
  vr_agent_in in = {.T = 1, .B = n->B, .in = n->x, .state = n->state};
  vr_agent_out out = {.mean = n->mean, .std = n->std, .value = n->value, .state = n->state};
  bench_clock();
  for (size_t k = 0; k < steps; k++)
    bench_must(vr_agent_forward(n->a, n->param, &in, pool, n->w, &out));
  bench_tell();
  double sum = 0;
  for (size_t i = 0; i < n->B * NACT; i++) sum += (double)n->mean[i];
  printf("quality %.6f\n", sum);
}

static void train(net *n, size_t repeats, int back, const vr_pool *pool)
{
  vr_agent_in in = {.T = n->T, .B = n->B, .in = n->x, .state = n->state, .eye = n->eye};
  vr_agent_out out = {.mean = n->mean, .std = n->std, .value = n->value};
  for (size_t k = 0; k < repeats + 1; k++) {
    if (k == 1) bench_clock(); // the first touches memory for the first time
    bench_must(vr_agent_forward(n->a, n->param, &in, pool, n->w, &out));
    if (!back) continue;
    memset(n->grad, 0, n->nparam * sizeof *n->grad);
    // the loss: half the squares of all outputs
    bench_must(vr_agent_backward(n->a, n->param, &in, n->mean, n->std,
      vr_agent_arch(n->a)->nvalue ? n->value : NULL, pool, n->w, n->grad));
  }
  bench_tell();
  printf("quality %.6g\n", vr_norm2(n->nparam, n->grad));
}

int main(int argc, char **argv)
{
  vr_mat x = {0};
  net n;
  vr_pool pool = bench_begin(argc, argv, &x);
  if (argc < 7) return 2;
  size_t times = strtoul(argv[6], NULL, 10);
  vr_arch arch = {.nin = x.cols,
    .nact = NACT,
    .core = 128,
    .npolicy = 3,
    .policy = {128, 128, 128},
    .skips = 1,
    .nvalue = 1,
    .std_floor = 0.05,
    .std_init = 0.25};
  if (!strncmp(argv[5], "eye", 3)) {
    arch =
      (vr_arch){.nin = x.cols, .nact = NACT, .eye = VR_EYE_STRIDED, .eye_out = 128, .std_init = 1};
    begin(&n, &arch, &x, BATCH, 1);
    train(&n, times, !strcmp(argv[5], "eyeback"), &pool);
    return 0;
  }
  int acting = !strcmp(argv[5], "act");
  begin(&n, &arch, &x, acting ? x.rows : BATCH, !acting);
  if (argc > 7) write_parameters(&n, argv[7]);
  if (acting)
    act(&n, times, &pool);
  else
    train(&n, times, 1, &pool);
  return 0;
}
