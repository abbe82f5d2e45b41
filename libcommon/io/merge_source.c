/* merge_source.c -- all images of a stream as one turn. */
#include "base/err.h"
#include "base/mem.h"
#include "io/merge.h"
#include "io/stream.h"
#include <sys/resource.h>

typedef struct {
  vr_turn **turn;
  vr_h5 **in;
  const char **names;
  size_t n;
} image_list;

// every image is an open file
static void raise_file_limit(void)
{
  struct rlimit r;
  if (getrlimit(RLIMIT_NOFILE, &r) || r.rlim_cur >= r.rlim_max) return;
  r.rlim_cur = r.rlim_max;
  setrlimit(RLIMIT_NOFILE, &r);
}

static int add(image_list *l, vr_turn *t)
{
  VR_TRY(vr_grow(&l->turn, l->n, l->n + 1, sizeof *l->turn));
  VR_TRY(vr_grow(&l->in, l->n, l->n + 1, sizeof *l->in));
  VR_TRY(vr_grow(&l->names, l->n, l->n + 1, sizeof *l->names));
  l->turn[l->n] = t;
  l->in[l->n] = t->in;
  l->names[l->n++] = t->name;
  if (l->n == 64) raise_file_limit();
  return 0;
}

static void free_list(image_list *l)
{
  for (size_t k = 0; k < l->n; k++) vr_turn_free(l->turn[k]);
  vr_release(l->turn);
  vr_release(l->in);
  vr_release(l->names);
}

// the merged images as the input of a turn
static int merge(const image_list *l, int mode, vr_turn **turn)
{
  vr_turn *t;
  VR_TRY(vr_turn_new(&t));
  int code = vr_merge(l->in, l->names, l->n, t->out, &t->dropped);
  if (!code) {
    t->name = l->turn[0]->name;
    l->turn[0]->name = NULL;
    t->in = t->out;
    if (mode != VR_TURN_EXTEND) {
      t->out = NULL;
      code = vr_turn_set_out(t, mode);
    }
  }
  if (code)
    vr_turn_free(t);
  else
    *turn = t;
  return code;
}

int vr_source_merge(vr_source *s, int mode, vr_turn **turn)
{
  image_list l = {0};
  vr_turn *first, *more;
  *turn = NULL;
  VR_TRY(vr_source_next(s, mode, &first));
  if (!first) return 0;
  int code = vr_source_next(s, VR_TURN_READ, &more);
  if (!code && !more) { // one image: as it is
    *turn = first;
    return 0;
  }
  if (code || (code = add(&l, first))) vr_turn_free(first);
  while (!code && more) {
    code = add(&l, more);
    if (code)
      vr_turn_free(more);
    else
      code = vr_source_next(s, VR_TURN_READ, &more);
  }
  if (!code) code = merge(&l, mode, turn);
  free_list(&l);
  return code;
}
