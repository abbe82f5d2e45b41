#include "../test.h"
#include "base/pool.h"
#include "base/rng.h"
#include "base/str.h"
#include <math.h>
#include <pthread.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void messages(void **state)
{
  (void)state;
  assert_int_equal(vr_fail(VR_EDATA, "row %d", 7), VR_EDATA);
  assert_string_equal(vr_errmsg(), "row 7");
  assert_int_equal(vr_wrap(VR_EDATA, "%s", "a.h5"), VR_EDATA);
  assert_string_equal(vr_errmsg(), "a.h5: row 7");
  assert_int_equal(vr_wrap(0, "never"), 0);
  assert_string_equal(vr_errmsg(), "a.h5: row 7");
}

static void allocation(void **state)
{
  (void)state;
  int *p;
  assert_int_equal(vr_alloc(&p, 5, sizeof *p), 0);
  assert_true((uintptr_t)p % 64 == 0);
  for (int i = 0; i < 5; i++) assert_int_equal(p[i], 0);
  p[4] = 9;
  assert_int_equal(vr_grow(&p, 5, 1000, sizeof *p), 0);
  assert_int_equal(p[4], 9);
  assert_int_equal(p[999], 0);
  assert_int_equal(vr_grow(&p, 1000, SIZE_MAX / 2, sizeof *p), VR_EMEM);
  assert_int_equal(p[4], 9); // kept after a failure
  vr_release(p);
  assert_int_equal(vr_alloc(&p, 0, 8), 0);
  assert_non_null(p);
  vr_release(p);
  assert_int_equal(vr_alloc(&p, SIZE_MAX, 2), VR_EMEM);
  assert_null(p);
}

static void arena(void **state)
{
  (void)state;
  vr_arena a = {0};
  double *x, *y;
  assert_int_equal(vr_arena_alloc(&a, &x, 10, sizeof *x), 0);
  assert_int_equal(vr_arena_alloc(&a, &y, 10, sizeof *y), 0);
  x[9] = 1;
  y[0] = 2;
  assert_true(x[9] == 1 && (uintptr_t)y % 64 == 0);
  vr_arena_free(&a);
  assert_null(a.blocks);
}

static void strings(void **state)
{
  (void)state;
  vr_str t = {0};
  vr_str_add(&t, "a");
  vr_str_addf(&t, "%d-%s", 12, "b");
  vr_str_addc(&t, '!');
  assert_string_equal(vr_str_get(&t), "a12-b!");
  vr_str_clear(&t);
  vr_str_add_escaped(&t, "x\ty\xff\xc2\x85\xc3\xa9\"", 9, 100);
  assert_string_equal(vr_str_get(&t), "x\\x09y\\xff\\xc2\\x85\xc3\xa9\\x22");
  vr_str_clear(&t);
  vr_str_add_escaped(&t, "abcdef", 6, 3);
  assert_string_equal(vr_str_get(&t), "abc...");
  vr_str_free(&t);
  assert_string_equal(vr_str_get(&t), "");
}

static void splitting(void **state)
{
  (void)state;
  char **word;
  size_t n;
  assert_int_equal(vr_str_split("a,,b c", ", ", &word, &n), 0);
  assert_int_equal(n, 4);
  assert_string_equal(word[0], "a");
  assert_string_equal(word[1], "");
  assert_string_equal(word[3], "c");
  vr_release(word);
  double x;
  assert_int_equal(vr_str_number("-1.5e3", &x), 0);
  assert_true(x == -1500);
  assert_int_equal(vr_str_number("1x", &x), VR_EARG);
  assert_int_equal(vr_str_number("", &x), VR_EARG);
  assert_int_equal(vr_str_number("nan", &x), VR_EARG);
}

static void nearest(void **state)
{
  (void)state;
  static const char *const list[] = {"threads", "seed", "perplexity"};
  assert_int_equal(vr_str_distance("", "abc"), 3);
  assert_int_equal(vr_str_distance("abcd", "abdc"), 1); // neighbours swapped
  assert_int_equal(vr_str_distance("kitten", "sitting"), 3);
  assert_string_equal(vr_str_nearest("thread", list, 3), "threads");
  assert_string_equal(vr_str_nearest("preplexity", list, 3), "perplexity");
  assert_null(vr_str_nearest("zzz", list, 3));
}

/* known answers of Random123's philox4x32 with 10 rounds */
static void philox(void **state)
{
  (void)state;
  static const uint32_t c[3][4] = {{0, 0, 0, 0}, {0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
    {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}};
  static const uint32_t k[3][2] = {{0, 0}, {0xffffffff, 0xffffffff}, {0xa4093822, 0x299f31d0}};
  static const uint32_t want[3][4] = {{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8},
    {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd},
    {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}};
  for (int i = 0; i < 3; i++) {
    uint32_t out[4];
    vr_philox(c[i], k[i], out);
    assert_memory_equal(out, want[i], sizeof out);
  }
}

static void draws(void **state)
{
  (void)state;
  enum { N = 100000 };
  vr_rng r = vr_rng_new(7, 3, 1), again = vr_rng_new(7, 3, 1), other = vr_rng_new(7, 4, 1);
  double sum = 0, squares = 0, mean = 0;
  for (int i = 0; i < N; i++) {
    double z = vr_rng_normal(&r), u = vr_rng_uniform(&other);
    assert_true(z == vr_rng_normal(&again));
    assert_true(u >= 0 && u < 1);
    sum += z;
    squares += z * z;
    mean += u;
  }
  assert_true(
    fabs(sum / N) < 0.015 && fabs(squares / N - 1) < 0.02 && fabs(mean / N - 0.5) < 0.005);
  int seen[7] = {0};
  for (int i = 0; i < 7000; i++) seen[vr_rng_below(&r, 7)]++;
  for (int i = 0; i < 7; i++) assert_true(seen[i] > 850 && seen[i] < 1150);
  assert_int_equal(vr_rng_below(&r, 1), 0);
}

static int square(void *ctx, size_t i, int thread)
{
  (void)thread;
  ((double *)ctx)[i] = (double)i * (double)i;
  return i == 40 || i == 30 ? vr_fail(VR_EDATA, "chunk %zu", i) : 0;
}

static void chunks(void **state)
{
  (void)state;
  double a[30] = {0}, b[30] = {0}, c[64];
  vr_pool four = {4};
  assert_int_equal(vr_pool_run(NULL, 30, square, a), 0);
  assert_int_equal(vr_pool_run(&four, 30, square, b), 0);
  assert_memory_equal(a, b, sizeof a);
  for (int i = 0; i < 20; i++) { // always the error of the lowest chunk
    assert_int_equal(vr_pool_run(&four, 64, square, c), VR_EDATA);
    assert_string_equal(vr_errmsg(), "chunk 30");
  }
  assert_int_equal(vr_pool_run(&four, 0, square, c), 0);
}

/* A chunk's own jobs are done by its thread. */
static int squares(void *ctx, size_t i, int thread)
{
  vr_pool four = {4};
  assert_in_range(thread, 0, 3);
  return vr_pool_run(&four, 30, square, (double *)ctx + 30 * i);
}

static void *from_a_thread(void *ctx)
{
  vr_pool four = {4};
  for (int i = 0; i < 200; i++) vr_pool_run(&four, 30, square, ctx);
  return NULL;
}

/* Jobs in jobs, from several threads at once, and in a child that has no threads of its own yet. */
static void crews(void **state)
{
  (void)state;
  double a[30], b[8 * 30], c[4][30];
  vr_pool four = {4};
  pthread_t t[4];
  vr_pool_run(NULL, 30, square, a);
  assert_int_equal(vr_pool_run(&four, 8, squares, b), 0);
  for (int i = 0; i < 8; i++) assert_memory_equal(b + 30 * i, a, sizeof a);
  for (int i = 0; i < 4; i++) assert_int_equal(pthread_create(t + i, NULL, from_a_thread, c[i]), 0);
  for (int i = 0; i < 4; i++) pthread_join(t[i], NULL);
  for (int i = 0; i < 4; i++) assert_memory_equal(c[i], a, sizeof a);
  pid_t child = fork();
  if (!child) {
    from_a_thread(b);
    _exit(memcmp(a, b, sizeof a) != 0);
  }
  int status = 1;
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_int_equal(status, 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(messages),
    cmocka_unit_test(allocation),
    cmocka_unit_test(arena),
    cmocka_unit_test(strings),
    cmocka_unit_test(splitting),
    cmocka_unit_test(nearest),
    cmocka_unit_test(philox),
    cmocka_unit_test(draws),
    cmocka_unit_test(chunks),
    cmocka_unit_test(crews),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
