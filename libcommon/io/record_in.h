/* record_in.h -- what the two halves of a recording share: playing (record.c), who acts
 * (record_act.c) and writing (record_put.c). For these; included nowhere else. */
#ifndef VR_IO_RECORD_IN_H
#define VR_IO_RECORD_IN_H
#include "io/record.h"
#include "rl/actor.h"
#include "sim/controller.h"
#include "sim/eye.h"
#include "sim/teacher.h"

enum { VR_MAXFIELDS = 64, VR_PATH = 96 };

/* Places in the list of fields; the senses follow. */
enum { ANGLES, SPEEDS, POSITIONS, ROOT, ROOT_SPEEDS, FORCE, REWARD, DISCOUNT, ACTION, SENSES };

/* One dataset of the recording; its rows lie together in a trial's block. */
typedef struct {
  char path[VR_PATH], axes[VR_PATH];
  const char *units;
  vr_type type;
  size_t cols, deep; /* numbers in a row; deep: of the last axis where there are three, else 0 */
  size_t from;       /* its first number in the row of doubles; not for pictures (VR_U8) */
  size_t at;         /* its first byte in a block */
} vr_field;

typedef struct {
  const char *name;
  double time, value;
} vr_happened;

typedef struct {
  uint64_t seed;
  size_t frames, nevents;
  double total;
  char outcome[96];
  vr_happened *event;
} vr_trial_log;

typedef struct {
  const vr_venue *venue;
  size_t nvenue, trials; /* trials of all tasks together: those of task i are i * par->trials .. */
  size_t frames;         /* of the longest */
  const vr_layout *layout; /* what the tasks have in common */
  const vr_record_par *par;
  vr_field field[VR_MAXFIELDS];
  size_t nfields, width; /* width: doubles in a row */
  size_t block;          /* bytes of a trial in the file */
  vr_trial_log *trial;
  int file;              /* blocks of all trials, one after the other */
  const vr_field *eye;   /* pictures; NULL: none are taken */
  const vr_field *brain; /* 2 x layers of cells and outputs; NULL: there are none */
  const vr_field *value; /* what the critic expects; NULL: there is none */
} vr_recording;

/* An environment and who acts in it: a controller, a teacher, an actor, or rows of actions. */
typedef struct {
  vr_env *env;
  vr_controller *controller;
  vr_teacher *teacher;
  const char *doing; /* what the teacher was last told to be at */
  vr_actor *actor;
  int head; /* of the actor's values, for this task */
  vr_eye *eye;
} vr_seat;

int vr_seat_new(const vr_recording *r, size_t venue, vr_seat *s);
void vr_seat_free(vr_seat *s);
void vr_seat_start(vr_seat *s, uint64_t seed);

/* The action of frame `frame` of trial `k`, and what the animal's brain and critic then hold, into the
 * row; events of a controller or teacher into event, *n of them. picture: what it sees. */
int vr_seat_act(const vr_recording *r, vr_seat *s, size_t k, size_t frame, const double *obs,
  const uint8_t *picture, double *row, float *action, vr_event event[VR_CONTROLLER_EVENTS],
  size_t *n);

/* A field of the recording; VR_EARG: there are too many. */
int vr_add_field(vr_recording *r, const char *path, const char *axes, const char *units,
  size_t cols, size_t deep, vr_type type);
/* The fields of a brain, and their attributes once they are written. */
int vr_brain_fields(vr_recording *r);
int vr_brain_tell(const vr_recording *r, vr_turn *t);

/* Bytes to and from the file of blocks; VR_EIO. */
int vr_block_write(int file, const void *bytes, size_t n, size_t offset);
int vr_block_read(int file, void *bytes, size_t n, size_t offset);

/* All datasets, once the trials are played. */
int vr_recording_put(const vr_recording *r, vr_turn *t);

#endif
