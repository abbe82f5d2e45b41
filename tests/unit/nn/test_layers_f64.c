/* Each layer, in double precision: its gradients against central differences. */
#include "gradient.h"
#include "nn/act.h"
#include "nn/conv.h"
#include "nn/layernorm.h"
#include "nn/linear.h"
#include "nn/lstm.h"

enum { MOST = 4096 };
#define H 1e-5

static vr_real x[MOST], w[MOST], b[MOST], y[MOST], weight[MOST], dy[MOST], dx[MOST], dw[MOST],
  db[MOST], turned[MOST], scratch[4 * MOST];

static void begin(void)
{
  fill(MOST, x, 1, 1);
  fill(MOST, w, 0.5, 2);
  fill(MOST, b, 0.5, 3);
  fill(MOST, weight, 1, 4);
  memcpy(dy, weight, sizeof dy);
  memset(dx, 0, sizeof dx);
  memset(dw, 0, sizeof dw);
  memset(db, 0, sizeof db);
}

static void check(vr_real *of, const vr_real *grad, size_t n, double (*loss)(void *), void *ctx)
{
  double e = gradient_error(n, of, grad, 60, H, loss, ctx);
  if (!(e < 1e-6)) fail_msg("relative error %g", e);
}

// rows are longer than what is in them, as in the agent
enum { N = 7, IN = 5, OUT = 6, LDX = 8, LDY = 9 };

static double linear_loss(void *ctx)
{
  double sum = 0;
  (void)ctx;
  vr_linear_forward(N, IN, OUT, x, LDX, w, b, y, LDY);
  for (size_t i = 0; i < N; i++) sum += weigh(OUT, weight + i * LDY, y + i * LDY);
  return sum;
}

static void linear(void **state)
{
  (void)state;
  begin();
  vr_linear_backward(N, IN, OUT, x, LDX, dy, LDY, dw, db);
  vr_linear_backward_input(N, IN, OUT, w, dy, LDY, 0, dx, LDX);
  check(w, dw, IN * OUT, linear_loss, NULL);
  check(b, db, OUT, linear_loss, NULL);
  check(x, dx, (N - 1) * LDX + IN, linear_loss, NULL);
  // a second input adds to what is there, and so does its gradient
  linear_loss(NULL);
  vr_real before = y[LDY + 2], want = before;
  for (size_t k = 0; k < IN; k++) want += x[LDX + k] * w[k * OUT + 2];
  vr_linear_forward(N, IN, OUT, x, LDX, w, NULL, y, LDY);
  assert_true(fabs(y[LDY + 2] - want) < 1e-14);
  before = dx[3];
  vr_linear_backward_input(N, IN, OUT, w, dy, LDY, 1, dx, LDX);
  assert_true(fabs(dx[3] - 2 * before) < 1e-14);
}

static double act_loss(void *ctx)
{
  switch (*(int *)ctx) {
  case 0: vr_tanh_forward(3, 10, x, 12, y, 12); break;
  case 1: vr_relu_forward(34, x, y); break;
  default: vr_softplus_forward(34, x, 0.05, y);
  }
  if (*(int *)ctx) return weigh(34, weight, y);
  return weigh(10, weight, y) + weigh(10, weight + 12, y + 12) + weigh(10, weight + 24, y + 24);
}

static void activations(void **state)
{
  (void)state;
  for (int kind = 0; kind < 3; kind++) {
    begin();
    act_loss(&kind);
    if (kind == 0) vr_tanh_backward(3, 10, y, 12, dy, 12, dx, 12);
    if (kind == 1) vr_relu_backward(34, x, dy, dx);
    if (kind == 2) vr_softplus_backward(34, x, dy, dx);
    check(x, dx, 34, act_loss, &kind);
  }
}

static double layernorm_loss(void *ctx)
{
  (void)ctx;
  double sum = 0;
  vr_layernorm_forward(4, 9, x, w, b, scratch, scratch + 100, y, 11);
  for (size_t i = 0; i < 4; i++) sum += weigh(9, weight + i * 9, y + i * 11);
  return sum;
}

static void layernorm(void **state)
{
  (void)state;
  begin();
  layernorm_loss(NULL);
  for (size_t i = 0; i < 4; i++) {
    vr_real mean = 0, square = 0;
    for (size_t j = 0; j < 9; j++) {
      mean += scratch[i * 9 + j] / 9;
      square += scratch[i * 9 + j] * scratch[i * 9 + j] / 9;
    }
    assert_true(fabs(mean) < 1e-14 && fabs(square - 1) < 1e-3);
  }
  vr_layernorm_backward(4, 9, scratch, scratch + 100, w, dy, dw, db, dx);
  check(w, dw, 9, layernorm_loss, NULL);
  check(b, db, 9, layernorm_loss, NULL);
  check(x, dx, 36, layernorm_loss, NULL);
}

static double lstm_loss(void *ctx)
{
  const vr_lstm *l = ctx;
  size_t n = l->units, rows = l->T * l->B;
  double sum = 0;
  memcpy(l->gate, x, rows * 4 * n * sizeof *x);
  memcpy(l->cprev, b, l->B * n * sizeof *b);
  memcpy(l->hprev, b + 500, l->B * n * sizeof *b);
  vr_lstm_forward(l, w);
  for (size_t i = 0; i < rows; i++) sum += weigh(n, weight + i * n, l->h + i * l->ldh);
  return sum;
}

static void lstm(void **state)
{
  (void)state;
  static vr_real gate[MOST], cprev[MOST], hprev[MOST], c[MOST], h[MOST], carry[200];
  uint8_t reset[5 * 3] = {0};
  vr_clamp clamp[] = {{.layer = 2, .unit = 1, .scale = 0.5f, .value = 0.1f},
    {.layer = 2, .unit = 4, .value = 0.3f}, {.layer = 1, .unit = 0, .value = 9}};
  vr_lstm l = {.T = 5,
    .B = 3,
    .units = 6,
    .layer = 2,
    .gate = gate,
    .cprev = cprev,
    .hprev = hprev,
    .c = c,
    .h = h,
    .ldh = 8,
    .clamp = clamp};
  reset[1] = reset[7] = reset[12] = 1;
  for (int kind = 0; kind < 4; kind++) {
    begin();
    l.reset = kind & 1 ? reset : NULL;
    l.nclamp = kind & 2 ? 3 : 0;
    lstm_loss(&l);
    vr_lstm_backward(&l, w, dy, 6, carry, dx, dw);
    check(x, dx, 15 * 24, lstm_loss, &l);
    check(w, dw, 6 * 24, lstm_loss, &l);
  }
}

static const vr_conv convs[] = {{.side = 8, .cin = 3, .cout = 4, .stride = 1, .relu = 1},
  {.side = 8, .cin = 3, .cout = 5, .stride = 2}, {.side = 6, .cin = 16, .cout = 2, .stride = 2},
  {.side = 2, .cin = 2, .cout = 17, .stride = 1, .relu = 1}};

static double conv_loss(void *ctx)
{
  const vr_conv *c = ctx;
  size_t side = vr_conv_side(c);
  vr_conv_forward(c, x, w, b, weight, y, scratch);
  return weigh(side * side * c->cout, weight, y);
}

static void convolution(void **state)
{
  (void)state;
  for (size_t k = 0; k < VR_LEN(convs); k++) {
    vr_conv c = convs[k];
    begin();
    // no input at the kink of relu
    for (size_t i = 0; i < MOST; i++) x[i] += x[i] > 0 ? 0.1 : -0.1;
    assert_true(vr_conv_scratch(&c) <= 4 * MOST);
    vr_conv_backward(&c, x, dy, dw, db, scratch);
    vr_conv_turn(&c, w, turned);
    vr_conv_backward_input(&c, x, turned, dy, dx, scratch);
    check(w, dw, 9 * c.cin * c.cout, conv_loss, &c);
    check(b, db, c.cout, conv_loss, &c);
    check(x, dx, c.side * c.side * c.cin, conv_loss, &c);
  }
}

static double pool_loss(void *ctx)
{
  (void)ctx;
  vr_maxpool_forward(8, 3, x, y);
  return weigh(16 * 3, weight, y);
}

static void maximum(void **state)
{
  (void)state;
  begin();
  vr_maxpool_forward(8, 3, x, y);
  vr_maxpool_backward(8, 3, x, y, dy, dx);
  check(x, dx, 64 * 3, pool_loss, NULL);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(linear),
    cmocka_unit_test(activations),
    cmocka_unit_test(layernorm),
    cmocka_unit_test(lstm),
    cmocka_unit_test(convolution),
    cmocka_unit_test(maximum),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
