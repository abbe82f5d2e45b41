/* stream.h -- streams of HDF5 images, turned image by image.
 *
 * A turn is one image on its way through a filter: `in` is what came, results are put, and the
 * turn's output is what came in + results + one line of history. Where the input is our own format
 * and all is passed on, it is one private copy extended in place (in == out). With -x, and for
 * foreign files, `out` is a fresh image with axes, results and history. */
#ifndef VR_IO_STREAM_H
#define VR_IO_STREAM_H
#include "io/h5.h"
#include "io/image.h"
#include "num/mat.h"

typedef struct {
  char *name; /* for messages: the operand, or "standard input" (with "image N" after the 1st) */
  vr_h5 *in, *out;     /* equal when extended in place */
  int foreign;         /* the input has no vr_format: it is only read */
  double rate;         /* --rate, for foreign inputs; 0: not given */
  const char *rows_of; /* for foreign inputs: the dataset whose rows are the frames (-i) */
  vr_spool spool;      /* holds out (and in, unless the input is read where it lies) */
  vr_str dropped;  /* after a merge: a line for each dataset that was left out, with the reason */
  vr_spool extra;      /* holds a foreign or -x input that came through a pipe */
} vr_turn;

/* Where the images come from: operands in order ("-" is standard input), or standard input where
 * there are none. Set operand and noperands, the rest to zero; vr_source_close at the end. */
typedef struct {
  char *const *operand;
  size_t noperands, next;
  int fd;           /* what is open: the operand or standard input */
  const char *name; /* its name; NULL when nothing is open */
  size_t image;     /* images taken from it so far */
  uint64_t taken;   /* images in all */
} vr_source;

enum { VR_TURN_EXTEND, VR_TURN_OWN, VR_TURN_READ };

/* The next image as a turn; *t = NULL at the end. mode VR_TURN_EXTEND: input + results; VR_TURN_OWN:
 * results, axes and history only (-x); VR_TURN_READ: in only, out = NULL. A stream without any
 * image is VR_EDATA ("empty input ..."). The caller frees the turn. */
int vr_source_next(vr_source *s, int mode, vr_turn **t);
void vr_source_close(vr_source *s);
/* A turn without input (sources: vr-record, vr-load, vr-import). */
int vr_turn_new(vr_turn **t);
/* Merges all images that are left into one turn, trials after trials (one image: as it is); see
 * io/merge.h. What had to be left out is told in t->dropped. */
int vr_source_merge(vr_source *s, int mode, vr_turn **t);
/* t->in is open and lies in t->spool: decides by mode what becomes of the output. */
int vr_turn_set_out(vr_turn *t, int mode);
/* Closes, repacks where results were replaced, and leaves the finished image in t->spool. */
int vr_turn_finish(vr_turn *t);
void vr_turn_free(vr_turn *t);

/* -- reading: results put in this turn are found before what came in -- */
vr_h5 *vr_turn_find(const vr_turn *t, const char *path); /* the file that has it, or NULL */
int vr_turn_has(const vr_turn *t, const char *path);
/* A whole dataset with rows along the first axis, further axes flattened. NaN and Inf are VR_EDATA
 * with dataset and row. The matrix is resized; the caller frees it. */
int vr_get_mat(const vr_turn *t, const char *path, vr_mat *m);
int vr_get_matf(const vr_turn *t, const char *path, vr_matf *m);
/* As before, NaN allowed (tracked data before filling). */
int vr_get_mat_raw(const vr_turn *t, const char *path, vr_mat *m);
/* Rows first .. first+rows-1 only. */
int vr_get_rows(const vr_turn *t, const char *path, size_t first, size_t rows, vr_matf *m);
int vr_get_ints(const vr_turn *t, const char *path, int32_t **a, size_t *n); /* vr_release */
int vr_get_strings(const vr_turn *t, const char *path, char ***list, size_t *n);
int vr_get_shape(const vr_turn *t, const char *path, size_t *rows, size_t *cols);
/* Rows of each trial and the rate: from /trials and /time; for a foreign file one trial of the rows
 * of t->rows_of at t->rate (VR_EARG "say --rate HZ" when that is 0). */
int vr_get_trials(const vr_turn *t, vr_trials *tr);

/* -- writing (see vr_h5_begin for axes and units) -- */
int vr_put_mat(vr_turn *t, const char *path, const vr_mat *m, const char *axes, const char *units);
int vr_put_matf(
  vr_turn *t, const char *path, const vr_matf *m, const char *axes, const char *units);
int vr_put_ints(vr_turn *t, const char *path, const int32_t *a, size_t n, const char *axis);
int vr_put_strings(vr_turn *t, const char *path, char *const *list, size_t n, const char *axis);
/* A dataset filled by blocks of rows with vr_put_rows. */
int vr_put_begin(vr_turn *t, const char *path, vr_type type, size_t rows, size_t cols,
  const char *axes, const char *units);
int vr_put_rows(
  vr_turn *t, const char *path, vr_type type, size_t first, size_t rows, const void *buf);
/* The frame axis of a source: /time (with rate), /trial, /trials/{first,frames} and the per-trial
 * columns; `task`, `recording`, `subject`, `outcome` hold tr->n strings or are NULL. */
typedef struct {
  char *const *task, *const *recording, *const *subject, *const *outcome;
  const double *seed, *total; /* /trials/seed and /trials/return, or NULL */
} vr_trial_columns;
int vr_put_trials(vr_turn *t, const vr_trials *tr, const vr_trial_columns *columns);

#endif
