/* image.c -- a small recording to test on: image FILE TRIALS FRAMES JOINTS
 *
 * Joint angles and 4 body positions of an animal that changes between two gaits every second, at
 * 50 Hz, with the axes, trials and events that a recording has. The same bytes always. */
#include "base/err.h"
#include "base/rng.h"
#include "io/prov.h"
#include "io/stream.h"
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BODIES = 4, RATE = 50 };
static const double TURN = 6.283185307179586;

static void must(int code)
{
  if (!code) return;
  fprintf(stderr, "image: %s\n", vr_errmsg());
  exit(1);
}

static void put_names(vr_turn *t, const char *axis, const char *stem, size_t n)
{
  char path[64], **names = calloc(n, sizeof *names);
  if (!names) exit(1);
  for (size_t i = 0; i < n; i++) {
    names[i] = malloc(24);
    if (!names[i]) exit(1);
    snprintf(names[i], 24, "%s_%zu", stem, i + 1);
  }
  snprintf(path, sizeof path, "/names/%s", axis);
  must(vr_put_strings(t, path, names, n, axis));
  for (size_t i = 0; i < n; i++) free(names[i]);
  free(names);
}

// Trials of equal length, all of one animal.
static void put_frame_axis(vr_turn *t, size_t trials, size_t frames)
{
  vr_trials tr = {0};
  vr_trial_columns columns = {0};
  char **words = calloc(3 * trials, sizeof *words);
  double *seed = calloc(trials, sizeof *seed);

  if (!words || !seed) exit(1);
  must(vr_trials_resize(&tr, trials));
  tr.rate = RATE;
  for (size_t k = 0; k < trials; k++) {
    tr.first[k] = k * frames;
    tr.frames[k] = frames;
    seed[k] = (double)k + 1;
    words[k] = "flat";
    words[trials + k] = "image";
    words[2 * trials + k] = "rat";
  }
  columns.task = words;
  columns.recording = words + trials;
  columns.subject = words + 2 * trials;
  columns.seed = seed;
  must(vr_put_trials(t, &tr, &columns));
  vr_trials_free(&tr);
  free(words);
  free(seed);
}

static double wave(size_t frame, size_t column, double phase)
{
  double freq = frame / RATE % 2 ? 2 : 6;
  return 0.3 * sin(TURN * freq * (double)frame / RATE + phase + 0.7 * (double)column);
}

// One block of rows a trial.
static void put_series(vr_turn *t, size_t trials, size_t frames, size_t joints)
{
  float *angle = malloc(frames * joints * sizeof *angle);
  float *place = malloc(frames * BODIES * 3 * sizeof *place);
  size_t shape[] = {trials * frames, BODIES, 3};

  if (!angle || !place) exit(1);
  must(vr_put_begin(t, "/pose/angles", VR_F32, trials * frames, joints, "time joint", "rad"));
  must(vr_h5_begin(t->out, "/pose/positions", VR_F32, 3, shape, "time body space", "m"));
  for (size_t k = 0; k < trials; k++) {
    vr_rng r = vr_rng_new(1, (uint32_t)k, 0);
    double phase = TURN * vr_rng_uniform(&r);
    for (size_t i = 0; i < frames * joints; i++)
      angle[i] = (float)(wave(i / joints, i % joints, phase) + 0.02 * vr_rng_normal(&r));
    for (size_t i = 0; i < frames * BODIES * 3; i++)
      place[i] =
        (float)(0.1 * wave(i / (BODIES * 3), i % (BODIES * 3), phase) + 0.002 * vr_rng_normal(&r));
    must(vr_put_rows(t, "/pose/angles", VR_F32, k * frames, frames, angle));
    must(vr_put_rows(t, "/pose/positions", VR_F32, k * frames, frames, place));
  }
  free(angle);
  free(place);
}

int main(int argc, char **argv)
{
  if (argc != 5) {
    fprintf(stderr, "usage: image FILE TRIALS FRAMES JOINTS\n");
    return 2;
  }
  size_t trials = strtoul(argv[2], NULL, 10), frames = strtoul(argv[3], NULL, 10);
  size_t joints = strtoul(argv[4], NULL, 10);
  char *space[] = {"x", "y", "z"};
  vr_turn *t = NULL;

  must(vr_turn_new(&t));
  put_frame_axis(t, trials, frames);
  put_names(t, "joint", "joint", joints);
  put_names(t, "body", "body", BODIES);
  must(vr_put_strings(t, "/names/space", space, 3, "space"));
  put_series(t, trials, frames, joints);
  must(vr_history_add(t, &(vr_run){.program = "image", .command = argv, .nwords = 1}));
  must(vr_turn_finish(t));

  int fd = open(argv[1], O_WRONLY | O_CREAT | O_TRUNC, 0666);
  lseek(t->spool.fd, 0, SEEK_SET);
  if (fd < 0) return perror(argv[1]), 1;
  must(vr_copy_bytes(t->spool.fd, fd, t->spool.length, NULL));
  vr_turn_free(t);
  return close(fd) ? 1 : 0;
}
