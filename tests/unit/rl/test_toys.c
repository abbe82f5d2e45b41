/* The learner learns: toys that a correct one solves from any seed, and that a learner without memory
 * cannot. With VR_LONG set, five seeds of each, and those of the eye. */
#include "toys.h"
#include <stdlib.h>

static int seeds(void)
{
  const char *all = getenv("VR_LONG");
  return all && *all ? 5 : 1;
}

/* Success of a network that was trained for so many rounds. */
static double trained(const char *toy, int algorithm, int memory, int sees, int rounds, int seed)
{
  toy_run r;
  toy_open(toy, memory, sees, (uint64_t)seed, &r);
  vr_train_par par = toy_par(algorithm, (uint64_t)seed);
  if (sees) {
    par.unroll = 10;
    par.epochs = 4;
    par.learn.adam.rate = 1e-3;
  }
  toy_train(&r, &par, rounds);
  double success = toy_success(&r, toy);
  print_message("%s, seed %d: %.3f after %.0f steps\n", toy, seed, success, r.policy.frames);
  toy_close(&r);
  return success;
}

static void vmpo_reaches(void **state)
{
  (void)state;
  for (int s = 1; s <= seeds(); s++) assert_true(trained("toy-reach", VR_VMPO, 0, 0, 40, s) > 0.95);
}

static void ppo_reaches(void **state)
{
  (void)state;
  for (int s = 1; s <= seeds(); s++) assert_true(trained("toy-reach", VR_PPO, 0, 0, 60, s) > 0.95);
}

static void a_student_of_a_teacher_reaches(void **state)
{
  (void)state;
  for (int s = 1; s <= seeds(); s++)
    assert_true(trained("toy-reach", VR_DISTIL, 0, 0, 15, s) > 0.95);
}

static void vmpo_remembers(void **state)
{
  (void)state;
  for (int s = 1; s <= seeds(); s++) assert_true(trained("toy-tap", VR_VMPO, 1, 0, 50, s) > 0.95);
}

/* One side is right in half of the episodes. */
static void nothing_remembers_without_recurrence(void **state)
{
  (void)state;
  for (int s = 1; s <= seeds(); s++) {
    double success = trained("toy-tap", VR_VMPO, 0, 0, 50, s);
    assert_true(success < 0.7);
  }
}

static void vmpo_sees(void **state)
{
  (void)state;
  for (int s = 1; s <= seeds(); s++) assert_true(trained("toy-look", VR_VMPO, 1, 1, 100, s) > 0.9);
}

/* Without the eye, the spot may be anywhere. */
static void nothing_sees_without_an_eye(void **state)
{
  (void)state;
  assert_true(trained("toy-look", VR_VMPO, 1, 0, 100, 1) < 0.3);
}

int main(void)
{
  enum { OF_THE_EYE = 2 }; // the last ones take minutes
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(vmpo_reaches),
    cmocka_unit_test(ppo_reaches),
    cmocka_unit_test(a_student_of_a_teacher_reaches),
    cmocka_unit_test(vmpo_remembers),
    cmocka_unit_test(nothing_remembers_without_recurrence),
    cmocka_unit_test(vmpo_sees),
    cmocka_unit_test(nothing_sees_without_an_eye),
  };
  size_t n = VR_LEN(tests) - (seeds() > 1 ? 0 : OF_THE_EYE);
  return _cmocka_run_group_tests("toys", tests, n, NULL, NULL);
}
