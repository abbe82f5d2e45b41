/* policy_small.h -- a small network for tests of policies. */
#ifndef VR_TEST_POLICY_SMALL_H
#define VR_TEST_POLICY_SMALL_H
#include "nn/conf.h"
#include "rl/policy.h"
#include <string.h>
#include "../test.h"

#define SMALL_CONF                                                                                 \
  "inputs joints_pos world_zaxis\ncolumns 33\nactions 38\neye none\nfeatures 0\nmlp 7\ncore 5\n"   \
  "policy 4 3\nskips yes\nhead 6\ncritic none\nprivate 0\nvalues 2\nfloor 0.05\nspread 0.25\n"

/* With all of its numbers different from what a new one has. */
static inline void small_policy(vr_policy *p)
{
  vr_arch a;
  assert_int_equal(vr_conf_parse("small", SMALL_CONF, strlen(SMALL_CONF), &a), 0);
  assert_int_equal(vr_policy_untrained(&a, 7, p), 0);
  p->norm.count = 100.5;
  for (size_t i = 0; i < a.nin; i++) {
    p->norm.mean[i] = 0.01 * (double)i - 0.1;
    p->norm.m2[i] = 100.0 / (double)(i + 3);
  }
  for (size_t i = 0; i < a.nact; i++) p->offset[i] = 0.3f - 0.01f * (float)i;
  for (size_t i = 0; i < 2; i++) {
    p->value_mean[i] = 3 + 1.0 / 3 * (double)i;
    p->value_std[i] = 2.5 + (double)i;
  }
  memcpy(p->head[1], "maze", 5);
  p->frames = 123456;
  p->labelled = 3456;
  assert_int_equal(vr_policy_curves(p, 3, 2), 0);
  memcpy(p->curve[0], "return", 7);
  memcpy(p->curve[1], "kl", 3);
  for (size_t i = 0; i < 6; i++) p->curves.a[i] = (double)i / 7;
}

#endif
