// which tracks become animals: identity switches give a file more tracks than animals
#include "ana/tracks.h"
#include "ana/names.h"
#include "base/err.h"
#include "base/mem.h"
#include <math.h>
#include <string.h>

/* 1 when any point of the animal is seen; its mean goes to `mean` (3 numbers) unless NULL */
static int present(const vr_tracks *k, size_t t, size_t a, double *mean)
{
  size_t n = 0;
  double sum[3] = {0};
  for (size_t p = 0; p < k->points; p++) {
    if (!vr_seen(k, t, a, p)) continue;
    n++;
    for (size_t d = 0; d < k->dims; d++) sum[d] += vr_point(k, t, a, p)[d];
  }
  for (int d = 0; mean && n && d < 3; d++) mean[d] = sum[d] / (double)n;
  return n > 0;
}

/* tracks by falling cover, ties by place */
static void rank_tracks(const vr_track_fate *fate, size_t n, size_t *order)
{
  for (size_t i = 0; i < n; i++) {
    size_t j = i;
    for (; j && fate[order[j - 1]].covered < fate[i].covered; j--) order[j] = order[j - 1];
    order[j] = i;
  }
}

/* Distance between track `a` and what animal `into` holds, at their nearest ends in time; INFINITY
 * when they share a frame. owner[t * n + into]: the track that animal takes in frame t, or none. */
static double seam(const vr_tracks *k, const size_t *owner, size_t n, size_t into, size_t a)
{
  double last[2][3], best = INFINITY;
  size_t at[2] = {SIZE_MAX, SIZE_MAX}, gap = SIZE_MAX;
  for (size_t t = 0; t < k->frames; t++) {
    size_t own = owner[t * n + into];
    double here[3] = {0};
    int is_own = own != SIZE_MAX, is_new = present(k, t, a, here);
    if (is_own && is_new) return INFINITY;
    if (!is_own && !is_new) continue;
    if (is_own) present(k, t, own, here);
    // each change from one to the other is a seam; the shortest in time decides
    size_t other = at[!is_new];
    if (other != SIZE_MAX && t - other < gap) {
      gap = t - other;
      best = 0;
      for (size_t d = 0; d < k->dims; d++)
        best += (here[d] - last[!is_new][d]) * (here[d] - last[!is_new][d]);
    }
    at[is_new] = t;
    memcpy(last[is_new], here, sizeof here);
  }
  return gap == SIZE_MAX ? 0 : best;
}

static void take(const vr_tracks *k, size_t *owner, size_t n, size_t into, size_t a)
{
  for (size_t t = 0; t < k->frames; t++)
    if (present(k, t, a, NULL)) owner[t * n + into] = a;
}

/* the rows of the kept animals, picked frame by frame */
static int gather(vr_tracks *k, const size_t *owner, size_t n, char *const *names)
{
  vr_tracks some = {0};
  char **copy = NULL;
  int bad = vr_tracks_alloc(&some, k->frames, n, k->points, k->dims, k->conf != NULL);
  if (!bad) bad = vr_names_copy(names, n, &copy);
  if (bad) {
    vr_tracks_free(&some);
    return bad;
  }
  for (size_t t = 0; t < k->frames; t++)
    for (size_t i = 0; i < n; i++) {
      size_t a = owner[t * n + i];
      if (a == SIZE_MAX) continue;
      memcpy(vr_point(&some, t, i, 0), vr_point(k, t, a, 0), k->points * k->dims * sizeof *k->x);
      if (k->conf) memcpy(vr_conf(&some, t, i, 0), vr_conf(k, t, a, 0), k->points * sizeof *k->x);
    }
  vr_release(k->x);
  vr_release(k->conf);
  vr_release(k->animal);
  k->x = some.x;
  k->conf = some.conf;
  k->animal = copy;
  k->animals = n;
  return 0;
}

/* the n longest tracks get fate.into = 0 .. n-1 in the order of the file */
static void choose(vr_track_fate *fate, size_t tracks, const size_t *order, size_t n)
{
  for (size_t i = 0; i < n; i++) fate[order[i]].into = 0;
  size_t next = 0;
  for (size_t a = 0; a < tracks; a++)
    if (fate[a].into != SIZE_MAX) fate[a].into = next++;
}

int vr_tracks_animals(vr_tracks *k, size_t n, int merge, vr_track_fate *fate)
{
  if (n < 1) return vr_fail(VR_EARG, "at least one animal must be kept");
  if (n > k->animals) n = k->animals;
  for (size_t a = 0; a < k->animals; a++) {
    fate[a] = (vr_track_fate){SIZE_MAX, 0};
    for (size_t t = 0; t < k->frames; t++) fate[a].covered += (size_t)present(k, t, a, NULL);
  }
  size_t *order = NULL, *owner = NULL;
  char **names = NULL;
  int bad = vr_alloc(&order, k->animals, sizeof *order);
  if (!bad) bad = vr_alloc(&owner, k->frames * n, sizeof *owner);
  if (!bad) bad = vr_alloc(&names, n, sizeof *names);
  if (!bad) {
    rank_tracks(fate, k->animals, order);
    choose(fate, k->animals, order, n);
    memset(owner, 0xff, k->frames * n * sizeof *owner);
    for (size_t a = 0; a < k->animals; a++) {
      if (fate[a].into == SIZE_MAX) continue;
      names[fate[a].into] = k->animal[a];
      take(k, owner, n, fate[a].into, a);
    }
    // the others join where there is room for them
    for (size_t r = n; merge && r < k->animals; r++) {
      size_t a = order[r], into = SIZE_MAX;
      double best = INFINITY;
      for (size_t i = 0; fate[a].covered && i < n; i++) {
        double cost = seam(k, owner, n, i, a);
        if (cost < best) best = cost, into = i;
      }
      if (into == SIZE_MAX) continue;
      fate[a].into = into;
      take(k, owner, n, into, a);
    }
    bad = gather(k, owner, n, names);
  }
  vr_release(order);
  vr_release(owner);
  vr_release(names);
  return bad;
}
