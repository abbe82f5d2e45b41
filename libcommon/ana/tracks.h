/* tracks.h -- tracked points of one or more animals, and what is done to them before analysis.
 *
 * Point p of animal a in frame t has `dims` numbers at vr_point(k, t, a, p). A point that was not
 * seen is NaN in all of them; nothing else is NaN. */
#ifndef VR_ANA_TRACKS_H
#define VR_ANA_TRACKS_H
#include <stddef.h>
#include <stdint.h>

typedef struct {
  size_t frames, animals, points, dims; /* dims: 2 or 3 */
  double *x;                            /* frames x animals x points x dims */
  double *conf;           /* frames x animals x points, NaN where there is none; or NULL */
  char **animal, **point; /* names, one block each */
  size_t *edge, nedges;   /* nedges pairs of points, or NULL */
  double rate;            /* Hz, 0: not known */
  double first;           /* number of the first frame in its recording */
} vr_tracks;

static inline double *vr_point(const vr_tracks *k, size_t t, size_t a, size_t p)
{
  return k->x + ((t * k->animals + a) * k->points + p) * k->dims;
}
static inline double *vr_conf(const vr_tracks *k, size_t t, size_t a, size_t p)
{
  return k->conf + (t * k->animals + a) * k->points + p;
}
static inline int vr_seen(const vr_tracks *k, size_t t, size_t a, size_t p)
{
  double v = *vr_point(k, t, a, p);
  return v == v;
}

/* Room for the numbers, all missing; confidence too when `conf`. Zero-initialise k before the first
 * call; vr_tracks_free leaves it empty. VR_EARG on sizes that cannot be, VR_EMEM. */
int vr_tracks_alloc(
  vr_tracks *k, size_t frames, size_t animals, size_t points, size_t dims, int conf);
void vr_tracks_free(vr_tracks *k);

/* Points that are missing in one dimension or infinite become missing in all; how many were not
 * whole is added to *torn (may be NULL). */
void vr_tracks_clean(vr_tracks *k, size_t *torn);

/* Spreads rows whose frame numbers leave gaps: the frames between become missing rows. number
 * (frames of them) must be whole and grow; *added tells the new rows. VR_EDATA when they do not, or
 * when the rows would become more than 20 times as many. */
int vr_tracks_spread(vr_tracks *k, const double *number, size_t *added);

/* Keeps `n` points, by place, in that order; edges between points that are left stay. */
int vr_tracks_points(vr_tracks *k, const size_t *keep, size_t n);

/* Points whose confidence is below `least` (or NaN) become missing; count[p] of them, summed over
 * animals and frames (points of them, may be NULL). */
void vr_tracks_confident(vr_tracks *k, double least, size_t *count);

/* Where the tracks of a file go, for vr_tracks_animals. */
typedef struct {
  size_t into;    /* the animal that track became or was merged into; SIZE_MAX: left out */
  size_t covered; /* frames in which at least one point was seen */
} vr_track_fate;

/* Keeps n animals: the tracks that cover most frames, in the order of the file. With `merge`, the
 * other tracks join, longest first, the animal with which they share no frame and whose nearest
 * end in time is nearest in space. fate holds k->animals entries (as before the call). */
int vr_tracks_animals(vr_tracks *k, size_t n, int merge, vr_track_fate *fate);

/* y becomes height - y: pixels with y down become y up. */
void vr_tracks_flip(vr_tracks *k, double height);
void vr_tracks_scale(vr_tracks *k, double factor);
/* Turns the axes (no mirror) so that the direction `up` points along +z. 3-D only. */
enum { VR_UP_Z, VR_UP_MZ, VR_UP_Y, VR_UP_MY, VR_UP_X, VR_UP_MX };
void vr_tracks_upright(vr_tracks *k, int up);

#endif
