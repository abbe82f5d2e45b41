/* The whole agent, in double precision: its gradient against central differences, and its routing. */
#include "gradient.h"
#include "nn/agent.h"

enum { MOST = 4 * 18, NIN = 5, NACT = 3, NVALUE = 2, NPRIV = 2 };

typedef struct {
  vr_agent *a;
  vr_agent_work *w;
  size_t nparam, rows;
  vr_real *param, *grad, *state;
  vr_real in[MOST * NIN], priv[MOST * NPRIV];
  vr_real mean[MOST * NACT], std[MOST * NACT], value[MOST * NVALUE];
  vr_real wmean[MOST * NACT], wstd[MOST * NACT], wvalue[MOST * NVALUE];
  uint8_t reset[MOST], *eye;
  vr_agent_in x;
  int policy, judged; // which losses count
} net;

static const vr_arch base = {.nin = NIN,
  .nact = NACT,
  .mlp = {.n = 2, .width = {6, 7}},
  .core = 5,
  .npolicy = 2,
  .policy = {4, 6},
  .head = {.n = 1, .width = {5}},
  .skips = 1,
  .nvalue = NVALUE,
  .std_floor = 0.05,
  .std_init = 0.25};

static const vr_clamp clamps[] = {
  {.layer = 1, .unit = 2, .scale = 0.5f, .value = 0.25f}, {.layer = 2, .unit = 0, .value = 0.5f}};

static void begin(net *n, const vr_arch *arch, size_t T, size_t B)
{
  memset(n, 0, sizeof *n);
  n->rows = T * B;
  assert_int_equal(vr_agent_new(arch, &n->a), 0);
  assert_int_equal(vr_agent_work_new(n->a, T, B, 1, &n->w), 0);
  n->nparam = vr_agent_nparam(n->a);
  size_t nstate = vr_agent_nstate(n->a);
  assert_int_equal(vr_alloc(&n->param, n->nparam, sizeof(vr_real)), 0);
  assert_int_equal(vr_alloc(&n->grad, n->nparam, sizeof(vr_real)), 0);
  assert_int_equal(vr_alloc(&n->state, B * nstate, sizeof(vr_real)), 0);
  assert_int_equal(vr_alloc(&n->eye, n->rows, VR_EYE_BYTES), 0);

  // weights larger than at a start, so that nothing is nearly linear; not those of convolutions,
  // whose numbers would grow from layer to layer
  size_t count;
  const vr_tensor *t = vr_agent_tensors(n->a, &count);
  vr_agent_init(n->a, 1, n->param);
  fill(n->nparam, n->grad, 0.2, 9);
  for (; count-- > 0; t++)
    for (size_t i = t->first; i < t->first + t->rows * t->cols; i++)
      n->param[i] += (strstr(t->name, "conv") ? 0.1 : 1) * n->grad[i];
  fill(B * nstate, n->state, 0.5, 1);
  fill(MOST * NIN, n->in, 1, 2);
  fill(MOST * NPRIV, n->priv, 1, 3);
  fill(MOST * NACT, n->wmean, 1, 4);
  fill(MOST * NACT, n->wstd, 1, 5);
  fill(MOST * NVALUE, n->wvalue, 1, 6);
  for (size_t i = 0; i < n->rows; i++) n->reset[i] = i % 7 == 3;
  vr_rng r = vr_rng_new(3, 0, 0);
  for (size_t i = 0; i < n->rows * VR_EYE_BYTES; i++) n->eye[i] = (uint8_t)vr_rng_u32(&r);
  n->x = (vr_agent_in){.T = T,
    .B = B,
    .in = n->in,
    .eye = n->eye,
    .priv = n->priv,
    .reset = n->reset,
    .state = n->state,
    .clamp = clamps};
  n->policy = n->judged = 1;
}

static void end(net *n)
{
  vr_agent_work_free(n->w);
  vr_agent_free(n->a);
  vr_release(n->param);
  vr_release(n->grad);
  vr_release(n->state);
  vr_release(n->eye);
}

static double loss(void *ctx)
{
  net *n = ctx;
  vr_agent_out out = {.mean = n->mean, .std = n->std, .value = n->value};
  assert_int_equal(vr_agent_forward(n->a, n->param, &n->x, NULL, n->w, &out), 0);
  double sum = 0;
  if (n->policy)
    sum += weigh(n->rows * NACT, n->wmean, n->mean) + weigh(n->rows * NACT, n->wstd, n->std);
  if (n->judged) sum += weigh(n->rows * NVALUE, n->wvalue, n->value);
  return sum;
}

static void differentiate(net *n)
{
  loss(n);
  memset(n->grad, 0, n->nparam * sizeof *n->grad);
  const vr_real *mean = n->policy ? n->wmean : NULL, *std = n->policy ? n->wstd : NULL;
  const vr_real *value = n->judged ? n->wvalue : NULL;
  assert_int_equal(
    vr_agent_backward(n->a, n->param, &n->x, mean, std, value, NULL, n->w, n->grad), 0);
}

static int begins(const char *name, const char *with)
{
  return !strncmp(name, with, strlen(with));
}

/* Central differences along the tensors whose names begin with `only`. */
static void check_gradient(net *n, const char *only, size_t probes, double h)
{
  size_t count, tried = 0;
  const vr_tensor *t = vr_agent_tensors(n->a, &count);
  differentiate(n);
  for (size_t k = 0; k < count; k++) {
    if (!begins(t[k].name, only)) continue;
    double e = gradient_error(
      t[k].rows * t[k].cols, n->param + t[k].first, n->grad + t[k].first, probes, h, loss, n);
    if (!(e < 1e-6)) fail_msg("%s: relative error %g", t[k].name, e);
    tried++;
  }
  assert_true(tried > 0);
}

/* Largest gradient of the tensors whose names begin with `only`. */
static double largest(const net *n, const char *only)
{
  size_t count;
  double most = 0;
  const vr_tensor *t = vr_agent_tensors(n->a, &count);
  for (size_t k = 0; k < count; k++)
    for (size_t i = 0; begins(t[k].name, only) && i < t[k].rows * t[k].cols; i++)
      most = fmax(most, fabs((double)n->grad[t[k].first + i]));
  return most;
}

/* No weights from h of the core to the policy: then nothing of the loss is cut from the gradient, and
 * central differences must find it for every parameter. */
static void cut_core(net *n)
{
  const vr_arch *arch = vr_agent_arch(n->a);
  size_t count;
  const vr_tensor *t = vr_agent_tensors(n->a, &count);
  size_t features = arch->nin + (arch->eye ? arch->eye_out : 0);
  if (arch->mlp.n) features += arch->mlp.width[arch->mlp.n - 1];
  for (size_t k = 0; k < count; k++)
    if (begins(t[k].name, "policy") && strstr(t[k].name, "/wx") && t[k].rows > features)
      memset(
        n->param + t[k].first + features * t[k].cols, 0, arch->core * t[k].cols * sizeof *n->param);
}

static void all_parameters(void **state)
{
  (void)state;
  net n;
  for (int kind = 0; kind < 3; kind++) {
    vr_arch arch = base;
    arch.skips = kind > 0;
    if (kind == 2) arch.mlp.n = 0; // the inputs are the features
    begin(&n, &arch, 4, 18);
    cut_core(&n);
    check_gradient(&n, "", 12, 1e-5);
    n.x.nclamp = 2;
    check_gradient(&n, "", 6, 1e-5);
    n.x.reset = NULL;
    check_gradient(&n, "", 6, 1e-5);
    end(&n);
  }
}

static void with_an_eye(void **state)
{
  (void)state;
  net n;
  for (vr_eye_kind kind = VR_EYE_STRIDED; kind <= VR_EYE_IMPALA; kind++) {
    vr_arch arch = base;
    arch.eye = kind;
    arch.eye_out = 4;
    begin(&n, &arch, 2, 1);
    cut_core(&n);
    // small steps: thousands of relus have kinks, and few may lie within a step
    check_gradient(&n, "", 3, 1e-6);
    end(&n);
  }
}

/* Teachers: no memory, a critic of their own. */
static void without_recurrence(void **state)
{
  (void)state;
  net n;
  vr_arch arch = {.nin = NIN,
    .nact = NACT,
    .head = {.n = 2, .width = {8, 6}},
    .critic = {.n = 2, .width = {7, 5}},
    .npriv = NPRIV,
    .nvalue = NVALUE,
    .std_init = 0.25};
  begin(&n, &arch, 3, 17);
  assert_int_equal(vr_agent_nstate(n.a), 0);
  n.x.state = NULL;
  check_gradient(&n, "", 20, 1e-5);
  end(&n);
  arch.mlp = base.mlp;
  begin(&n, &arch, 3, 17);
  check_gradient(&n, "", 20, 1e-5);
  end(&n);
}

/* Figure 3: value -> core -> encoders; policy -> shortcuts -> encoders, never the core. */
static void routing(void **state)
{
  (void)state;
  net n;
  vr_arch arch = base;
  arch.eye = VR_EYE_STRIDED;
  arch.eye_out = 4;
  begin(&n, &arch, 2, 3);
  n.judged = 0;
  differentiate(&n);
  assert_true(largest(&n, "core") == 0 && largest(&n, "value") == 0);
  assert_true(largest(&n, "eye/conv1") > 0 && largest(&n, "mlp1") > 0);
  assert_true(largest(&n, "policy1") > 0 && largest(&n, "policy2") > 0);
  check_gradient(&n, "policy", 8, 1e-6);
  check_gradient(&n, "head", 8, 1e-6);
  check_gradient(&n, "action", 8, 1e-6);
  n.policy = 0;
  n.judged = 1;
  differentiate(&n);
  assert_true(largest(&n, "policy") == 0 && largest(&n, "action") == 0);
  assert_true(largest(&n, "head") == 0);
  assert_true(largest(&n, "eye/conv1") > 0 && largest(&n, "mlp1") > 0);
  check_gradient(&n, "core", 8, 1e-6);
  check_gradient(&n, "mlp", 8, 1e-6);
  end(&n);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(all_parameters),
    cmocka_unit_test(with_an_eye),
    cmocka_unit_test(without_recurrence),
    cmocka_unit_test(routing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
