/* pieces.h -- the independent samples of a recording: its trials, or pieces of long ones.
 *
 * A null that gives signs or orders by chance needs samples that do not know each other. Trials are; of
 * few long trials equal pieces are taken, which should be longer than the memory of the signal. */
#ifndef VR_ANA_PIECES_H
#define VR_ANA_PIECES_H
#include "num/mat.h"

enum {
  VR_PIECES_LEAST = 10,   /* fewest for a null */
  VR_PIECES_CUT = 20,     /* that fewer trials are cut into */
  VR_PIECES_SHORTEST = 20 /* frames */
};

typedef struct {
  size_t first, frames; /* rows */
} vr_span;

/* The trials of two frames or more, cut into equal pieces of about `length` s each; 0: as they are, or,
 * if there are fewer than VR_PIECES_LEAST, into about VR_PIECES_CUT in all. The caller frees *piece
 * with vr_release. *shortest: frames of the shortest, 0 where there is none. */
int vr_pieces_cut(const vr_trials *tr, double length, vr_span **piece, size_t *n, size_t *shortest);

/* 1: they are enough for a null. */
int vr_pieces_enough(size_t n, size_t shortest);

#endif
