/* merge_source.c -- all images of a stream as one turn. */
#include "base/err.h"
#include "base/mem.h"
#include "io/merge.h"
#include "io/stream.h"

/* Images wait until there are BATCH of them, and are merged to one that waits on the next level:
 * few files are open at a time, and no number is copied more often than there are levels. */
enum { BATCH = 32, LEVELS = 8 };

typedef struct {
  vr_turn *turn[BATCH * LEVELS];
  size_t n;
} image_list;

static void free_list(image_list *l)
{
  for (size_t k = 0; k < l->n; k++) vr_turn_free(l->turn[k]);
  l->n = 0;
}

// the merged images as the input of a turn; they are freed
static int merge(image_list *l, int mode, vr_turn **turn)
{
  vr_h5 *in[BATCH * LEVELS];
  const char *names[BATCH * LEVELS];
  vr_turn *t;
  int code = vr_turn_new(&t);
  for (size_t k = 0; k < l->n && !code; k++) {
    in[k] = l->turn[k]->in;
    names[k] = l->turn[k]->name;
    vr_str_add(&t->dropped, vr_str_get(&l->turn[k]->dropped));
  }
  if (!code) code = vr_merge(in, names, l->n, t->out, &t->dropped);
  if (!code) {
    t->name = l->turn[0]->name;
    l->turn[0]->name = NULL;
    t->in = t->out;
    if (mode != VR_TURN_EXTEND) {
      t->out = NULL;
      code = vr_turn_set_out(t, mode);
    }
  }
  free_list(l);
  if (code)
    vr_turn_free(t);
  else
    *turn = t;
  return code;
}

// one more image, and what is full goes a level up
static int add(image_list level[LEVELS], vr_turn *t)
{
  level[0].turn[level[0].n++] = t;
  for (int k = 0; k + 1 < LEVELS && level[k].n == BATCH; k++) {
    VR_TRY(merge(&level[k], VR_TURN_EXTEND, &t));
    level[k + 1].turn[level[k + 1].n++] = t;
  }
  return level[LEVELS - 1].n < BATCH ? 0 : vr_fail(VR_EDATA, "too many images to merge");
}

int vr_source_merge(vr_source *s, int mode, vr_turn **turn)
{
  image_list level[LEVELS] = {0}, all = {0};
  vr_turn *first, *more;
  *turn = NULL;
  VR_TRY(vr_source_next(s, mode, &first));
  if (!first) return 0;
  int code = vr_source_next(s, VR_TURN_READ, &more);
  if (!code && !more) { // one image: as it is
    *turn = first;
    return 0;
  }
  if (code) {
    vr_turn_free(first);
    return code;
  }
  code = add(level, first);
  while (!code && more) {
    code = add(level, more);
    if (!code) code = vr_source_next(s, VR_TURN_READ, &more);
  }
  // what came first is on the highest level
  for (int k = LEVELS - 1; k >= 0; k--)
    for (size_t i = 0; i < level[k].n; i++) all.turn[all.n++] = level[k].turn[i];
  if (!code) code = merge(&all, mode, turn);
  free_list(&all);
  return code;
}
