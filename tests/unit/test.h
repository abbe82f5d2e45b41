/* test.h -- what every unit test includes: cmocka and its prerequisites. */
#ifndef VR_TEST_H
#define VR_TEST_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/err.h"
#include "base/mem.h"

/* Runs `statement`, which sets `code`, with the first, second, ... allocation failing, until it
 * succeeds: it must give VR_EMEM each time before. `undo` is run after each. */
#define VR_FAIL_EACH_ALLOCATION(code, statement, undo)                                             \
  for (long vr_n_ = 1;; vr_n_++) {                                                                 \
    vr_alloc_fail_at(vr_n_);                                                                       \
    statement;                                                                                     \
    vr_alloc_fail_at(0);                                                                           \
    undo;                                                                                          \
    if (!(code)) break;                                                                            \
    assert_int_equal(code, VR_EMEM);                                                               \
    assert_true(vr_n_ < 100000);                                                                   \
  }

#endif
