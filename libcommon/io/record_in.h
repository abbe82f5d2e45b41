/* record_in.h -- what the two halves of a recording share: playing (record.c) and writing
 * (record_put.c). For these; included nowhere else. */
#ifndef VR_IO_RECORD_IN_H
#define VR_IO_RECORD_IN_H
#include "io/record.h"

enum { VR_MAXFIELDS = 40, VR_PATH = 96 };

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
  const vr_scene *scene;
  const vr_task *task;
  const vr_record_par *par;
  vr_field field[VR_MAXFIELDS];
  size_t nfields, width; /* width: doubles in a row */
  size_t block;          /* bytes of a trial in the file */
  vr_trial_log *trial;
  int file; /* blocks of all trials, one after the other */
  const vr_field *eye; /* pictures; NULL: none are taken */
} vr_recording;

/* Bytes to and from the file of blocks; VR_EIO. */
int vr_block_write(int file, const void *bytes, size_t n, size_t offset);
int vr_block_read(int file, void *bytes, size_t n, size_t offset);

/* All datasets, once the trials are played. */
int vr_recording_put(const vr_recording *r, vr_turn *t);

#endif
