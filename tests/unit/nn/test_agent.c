/* The agent as it is used, in single precision: the same bits on any number of threads, clamps,
 * traces, sizes that cannot be, memory that is not there. */
#include "../test.h"
#include "base/rng.h"
#include "nn/agent.h"
#include <math.h>
#include <string.h>

enum { T = 3, B = 70, NIN = 9, NACT = 4 };

static const vr_arch base = {.nin = NIN,
  .nact = NACT,
  .eye = VR_EYE_STRIDED,
  .eye_out = 6,
  .mlp = {.n = 2, .width = {6, 7}},
  .core = 20,
  .npolicy = 2,
  .policy = {17, 6},
  .skips = 1,
  .nvalue = 1,
  .std_floor = 0.05,
  .std_init = 0.25};

typedef struct {
  vr_agent *a;
  vr_agent_work *w;
  size_t nparam, nstate;
  float *param, *grad, *state, *after, *trace, *in, mean[T * B * NACT], std[T * B * NACT];
  float value[T * B], *dmean;
  uint8_t reset[T * B], *eye;
  vr_agent_in x;
  vr_agent_out y;
} net;

static void draw(size_t n, float *x, uint32_t what)
{
  vr_rng r = vr_rng_new(5, what, 0);
  for (size_t i = 0; i < n; i++) x[i] = (float)vr_rng_normal(&r);
}

static void begin(net *n, const vr_arch *arch)
{
  memset(n, 0, sizeof *n);
  assert_int_equal(vr_agent_new(arch, &n->a), 0);
  assert_int_equal(vr_agent_work_new(n->a, T, B, 1, &n->w), 0);
  n->nparam = vr_agent_nparam(n->a);
  n->nstate = vr_agent_nstate(n->a);
  assert_int_equal(vr_alloc(&n->param, 2 * n->nparam, sizeof(float)), 0);
  n->grad = n->param + n->nparam;
  assert_int_equal(vr_alloc(&n->state, (2 + T) * B * n->nstate, sizeof(float)), 0);
  n->after = n->state + B * n->nstate;
  n->trace = n->after + B * n->nstate;
  assert_int_equal(vr_alloc(&n->in, T * B * (NIN + NACT), sizeof(float)), 0);
  n->dmean = n->in + T * B * NIN;
  assert_int_equal(vr_alloc(&n->eye, T * B, VR_EYE_BYTES), 0);
  vr_agent_init(n->a, 11, n->param);
  draw(B * n->nstate, n->state, 1);
  draw(T * B * (NIN + NACT), n->in, 2);
  for (size_t i = 0; i < T * B; i++) n->reset[i] = i % 11 == 5;
  vr_rng r = vr_rng_new(6, 0, 0);
  for (size_t i = 0; i < (size_t)T * B * VR_EYE_BYTES; i++) n->eye[i] = (uint8_t)vr_rng_u32(&r);
  n->x =
    (vr_agent_in){.T = T, .B = B, .in = n->in, .eye = n->eye, .reset = n->reset, .state = n->state};
  n->y = (vr_agent_out){
    .mean = n->mean, .std = n->std, .value = n->value, .state = n->after, .trace = n->trace};
}

static void end(net *n)
{
  vr_agent_work_free(n->w);
  vr_agent_free(n->a);
  vr_release(n->param);
  vr_release(n->state);
  vr_release(n->in);
  vr_release(n->eye);
}

static void forward(net *n, const vr_pool *pool)
{
  assert_int_equal(vr_agent_forward(n->a, n->param, &n->x, pool, n->w, &n->y), 0);
}

static void one_thread_is_four(void **state)
{
  (void)state;
  static net one, four;
  vr_pool pool = {.threads = 4};
  begin(&one, &base);
  begin(&four, &base);
  forward(&one, NULL);
  forward(&four, &pool);
  assert_memory_equal(one.mean, four.mean, sizeof one.mean);
  assert_memory_equal(one.std, four.std, sizeof one.std);
  assert_memory_equal(one.value, four.value, sizeof one.value);
  assert_memory_equal(one.after, four.after, (1 + T) * B * one.nstate * sizeof(float));
  assert_int_equal(vr_agent_backward(one.a, one.param, &one.x, one.dmean, one.mean, one.value, NULL,
                     one.w, one.grad),
    0);
  assert_int_equal(vr_agent_backward(four.a, four.param, &four.x, four.dmean, four.mean, four.value,
                     &pool, four.w, four.grad),
    0);
  assert_memory_equal(one.grad, four.grad, one.nparam * sizeof(float));
  double most = 0;
  for (size_t i = 0; i < one.nparam; i++) most = fmax(most, fabs((double)one.grad[i]));
  assert_true(most > 0);
  end(&one);
  end(&four);
}

/* The way back adds to what is in the gradient. */
static void gradients_add(void **state)
{
  (void)state;
  static net n;
  float *once = NULL;
  begin(&n, &base);
  forward(&n, NULL);
  assert_int_equal(vr_alloc(&once, n.nparam, sizeof *once), 0);
  for (int k = 0; k < 2; k++) {
    assert_int_equal(
      vr_agent_backward(n.a, n.param, &n.x, n.dmean, NULL, n.value, NULL, n.w, n.grad), 0);
    if (!k) memcpy(once, n.grad, n.nparam * sizeof *once);
  }
  for (size_t i = 0; i < n.nparam; i++) assert_true(n.grad[i] == 2 * once[i]);
  vr_release(once);
  end(&n);
}

/* No unit held gives the bytes of no clamps at all; a held cell stands at its value. */
static void clamps(void **state)
{
  (void)state;
  static net free_net, held;
  begin(&free_net, &base);
  begin(&held, &base);
  vr_clamp clamp = {.layer = 1, .unit = 16, .scale = 0, .value = 0.75f};
  held.x.clamp = &clamp;
  forward(&free_net, NULL);
  forward(&held, NULL);
  assert_memory_equal(held.mean, free_net.mean, sizeof held.mean);
  assert_memory_equal(held.trace, free_net.trace, T * B * held.nstate * sizeof(float));
  held.x.nclamp = 1;
  forward(&held, NULL);
  size_t nlayer, place;
  const vr_layer *layer = vr_agent_layers(held.a, &nlayer);
  assert_int_equal(nlayer, 3);
  assert_string_equal(layer[1].name, "policy1");
  place = layer[1].first + clamp.unit;
  for (size_t i = 0; i < T * B; i++) assert_true(held.trace[i * held.nstate + place] == 0.75f);
  assert_true(memcmp(held.mean, free_net.mean, sizeof held.mean) != 0);
  // what comes before the layer is as it was
  for (size_t i = 0; i < T * B; i++)
    assert_memory_equal(
      held.trace + i * held.nstate, free_net.trace + i * held.nstate, 2 * 20 * sizeof(float));
  clamp.unit = 17;
  assert_int_equal(vr_agent_forward(held.a, held.param, &held.x, NULL, held.w, &held.y), VR_EARG);
  clamp = (vr_clamp){.layer = 3};
  assert_int_equal(vr_agent_forward(held.a, held.param, &held.x, NULL, held.w, &held.y), VR_EARG);
  end(&free_net);
  end(&held);
}

/* An unroll is its steps one by one, to the bit, and the state may be written where it was read. */
static void unroll_is_steps(void **state)
{
  (void)state;
  static net n;
  static float mean[T * B * NACT];
  begin(&n, &base);
  forward(&n, NULL);
  memcpy(mean, n.mean, sizeof mean);
  n.y = (vr_agent_out){.mean = n.mean, .state = n.state};
  n.x.T = 1;
  for (size_t t = 0; t < T; t++) {
    n.x.in = n.in + t * B * NIN;
    n.x.eye = n.eye + t * B * VR_EYE_BYTES;
    n.x.reset = n.reset + t * B;
    forward(&n, NULL);
    assert_memory_equal(n.mean, mean + t * B * NACT, B * NACT * sizeof *mean);
  }
  assert_memory_equal(n.state, n.after, B * n.nstate * sizeof *n.state);
  end(&n);
}

/* An animal alone acts as among others, to the bit. */
static void alone_is_among_others(void **state)
{
  (void)state;
  static net n;
  static float mean[T * B * NACT], std[T * B * NACT];
  begin(&n, &base);
  n.x.T = 1;
  forward(&n, NULL);
  memcpy(mean, n.mean, sizeof mean);
  memcpy(std, n.std, sizeof std);
  for (size_t few = 1; few <= 17; few += 4)
    for (size_t b = 0; b + few <= B; b += few + 6) {
      n.x.B = few;
      n.x.in = n.in + b * NIN;
      n.x.eye = n.eye + b * VR_EYE_BYTES;
      n.x.reset = n.reset + b;
      n.x.state = n.state + b * n.nstate;
      forward(&n, NULL);
      assert_memory_equal(n.mean, mean + b * NACT, few * NACT * sizeof *mean);
      assert_memory_equal(n.std, std + b * NACT, few * NACT * sizeof *std);
    }
  end(&n);
}

static void start(void **state)
{
  (void)state;
  static net n;
  begin(&n, &base);
  size_t count, first = 0;
  const vr_tensor *t = vr_agent_tensors(n.a, &count);
  for (size_t k = 0; k < count; k++) {
    assert_int_equal(t[k].first, first);
    first += t[k].rows * t[k].cols;
    if (!strcmp(t[k].name, "core/b"))
      for (size_t i = 0; i < 80; i++)
        assert_true(n.param[t[k].first + i] == (i / 20 == 1 ? 1.0f : 0.0f));
    if (strcmp(t[k].name, "core/wh")) continue;
    // each gate's block is orthogonal
    for (size_t gate = 0; gate < 4; gate++)
      for (size_t i = 0; i < 20; i++)
        for (size_t j = 0; j < 20; j++) {
          const float *w = n.param + t[k].first + gate * 20;
          double dot = 0;
          for (size_t u = 0; u < 20; u++) dot += (double)w[i * 80 + u] * (double)w[j * 80 + u];
          assert_true(fabs(dot - (i == j)) < 1e-5);
        }
  }
  assert_int_equal(first, n.nparam);
  forward(&n, NULL);
  for (size_t i = 0; i < T * B * NACT; i++)
    assert_true(fabsf(n.std[i] - 0.25f) < 0.02f && fabsf(n.mean[i]) < 0.1f);
  end(&n);
}

static void sizes_that_cannot_be(void **state)
{
  (void)state;
  vr_agent *a;
  vr_agent_work *w;
  vr_arch bad[10];
  for (size_t k = 0; k < VR_LEN(bad); k++) bad[k] = base;
  bad[0].nact = 0;
  bad[1].mlp.width[1] = 0;
  bad[2].npolicy = VR_ARCH_MAX + 1;
  bad[3].policy[0] = 1 << 20;
  bad[4].core = 0; // and no critic
  bad[5].npriv = 3;
  bad[6].std_init = 0.05;
  bad[7].eye_out = 0;
  bad[8].nin = 0;
  bad[9].std_floor = NAN;
  for (size_t k = 0; k < VR_LEN(bad); k++) {
    assert_int_equal(vr_agent_new(bad + k, &a), VR_EARG);
    assert_null(a);
  }
  static net n;
  begin(&n, &base);
  assert_int_equal(vr_agent_work_new(n.a, 0, 1, 0, &w), VR_EARG);
  assert_int_equal(vr_agent_work_new(n.a, SIZE_MAX / 2, 8, 0, &w), VR_EARG);
  n.x.B++;
  assert_int_equal(vr_agent_forward(n.a, n.param, &n.x, NULL, n.w, &n.y), VR_EARG);
  n.x.B--;
  n.x.eye = NULL;
  assert_int_equal(vr_agent_forward(n.a, n.param, &n.x, NULL, n.w, &n.y), VR_EARG);
  assert_int_equal(vr_agent_work_new(n.a, T, B, 0, &w), 0);
  assert_int_equal(
    vr_agent_backward(n.a, n.param, &n.x, n.dmean, NULL, NULL, NULL, w, n.grad), VR_EARG);
  vr_agent_work_free(w);
  end(&n);
}

static void no_memory(void **state)
{
  (void)state;
  vr_agent *a;
  vr_agent_work *w;
  int code;
  VR_FAIL_EACH_ALLOCATION(code, code = vr_agent_new(&base, &a), if (code) assert_null(a));
  VR_FAIL_EACH_ALLOCATION(code, code = vr_agent_work_new(a, 2, 3, 1, &w), if (code) assert_null(w));
  vr_agent_work_free(w);
  vr_agent_free(a);
  vr_agent_free(NULL);
  vr_agent_work_free(NULL);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(one_thread_is_four),
    cmocka_unit_test(gradients_add),
    cmocka_unit_test(clamps),
    cmocka_unit_test(unroll_is_steps),
    cmocka_unit_test(alone_is_among_others),
    cmocka_unit_test(start),
    cmocka_unit_test(sizes_that_cannot_be),
    cmocka_unit_test(no_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
