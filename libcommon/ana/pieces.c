#include "ana/pieces.h"
#include "base/err.h"
#include "base/mem.h"
#include <math.h>

// pieces of a trial of so many frames
static size_t parts_of(size_t frames, double length)
{
  if (frames < 2) return 0;
  double n = length > 0 ? floor((double)frames / length + 1e-9) : 1;
  return n < 1 ? 1 : (size_t)n;
}

int vr_pieces_cut(const vr_trials *tr, double length, vr_span **piece, size_t *n, size_t *shortest)
{
  size_t whole = 0, at = 0;
  for (size_t k = 0; k < tr->n; k++) whole += tr->frames[k] > 1;
  length *= tr->rate;
  if (!(length > 0) && whole < VR_PIECES_LEAST) length = (double)vr_trials_rows(tr) / VR_PIECES_CUT;
  if (length > 0 && length < 2) length = 2;
  *n = *shortest = 0;
  for (size_t k = 0; k < tr->n; k++) *n += parts_of(tr->frames[k], length);
  VR_TRY(vr_alloc(piece, *n, sizeof **piece));
  for (size_t k = 0; k < tr->n; k++) {
    size_t parts = parts_of(tr->frames[k], length);
    for (size_t p = 0; p < parts; p++) {
      size_t first = p * tr->frames[k] / parts, end = (p + 1) * tr->frames[k] / parts;
      (*piece)[at++] = (vr_span){tr->first[k] + first, end - first};
      if (!*shortest || end - first < *shortest) *shortest = end - first;
    }
  }
  return 0;
}

int vr_pieces_enough(size_t n, size_t shortest)
{
  return n >= VR_PIECES_LEAST && shortest >= VR_PIECES_SHORTEST;
}
