#include "io/stage_tsne.h"
#include "base/err.h"
#include "base/mem.h"
#include "io/features.h"
#include <string.h>

#define XY "/map/xy"

/* -- writing ----------------------------------------------------------------------------------- */

/* What only a new map has: a map that others were placed into has no history of its own. */
static int put_history(vr_turn *t, const vr_mat *history)
{
  size_t n = history->rows;
  double *column;
  if (!n) return 0;
  VR_TRY(vr_alloc(&column, 2 * n, sizeof *column));
  for (size_t i = 0; i < n; i++) {
    column[i] = vr_row(history, i)[0];
    column[n + i] = vr_row(history, i)[1];
  }
  int code = vr_h5_put(t->out, "/map/iteration", VR_F64, 1, &n, column, "iteration", "1");
  if (!code) code = vr_h5_put(t->out, "/map/kl", VR_F64, 1, &n, column + n, "iteration", "1");
  vr_release(column);
  return code;
}

static int put_inputs(vr_turn *t, const char *const *path, size_t n, const vr_features *f)
{
  char *list[VR_FEATURES_MAX];
  size_t d = f->x.cols;
  for (size_t i = 0; i < n; i++) memcpy(&list[i], &path[i], sizeof list[i]);
  VR_TRY(vr_put_strings(t, "/map/input", list, n, "input"));
  VR_TRY(vr_h5_put(t->out, "/map/mean", VR_F64, 1, &d, f->mean, "feature", "1"));
  return vr_h5_put(t->out, "/map/sd", VR_F64, 1, &d, f->sd, "feature", "1");
}

static int put_map(vr_turn *t, const vr_mat *xy, const uint8_t *used, double place)
{
  static char *const axes[] = {"x", "y"};
  VR_TRY(vr_h5_remove(t->out, "/map"));
  VR_TRY(vr_put_strings(t, "/map/axis", axes, 2, "axis"));
  VR_TRY(vr_put_mat(t, XY, xy, "time axis", "1"));
  VR_TRY(vr_h5_set_attr_num(t->out, XY, "place_perplexity", place));
  VR_TRY(vr_put_begin(t, "/map/used", VR_U8, xy->rows, 1, "time", "1"));
  return vr_put_rows(t, "/map/used", VR_U8, 0, xy->rows, used);
}

static int put_settings(vr_turn *t, const vr_stage_tsne_par *par, const vr_tsne_map *map)
{
  static const char *const modes[] = {"auto", "bh", "fft", "exact"};
  const vr_tsne_par *s = &par->tsne;
  const struct {
    const char *name;
    double value;
  } numbers[] = {
    {"perplexity", s->perplexity},
    {"theta", s->theta},
    {"exaggeration", s->exaggeration},
    {"early", s->early},
    {"iterations", s->iterations},
    {"rate", s->rate},
    {"momentum_early", s->momentum_early},
    {"momentum", s->momentum},
    {"step", s->step},
    {"seed", (double)par->seed},
  };
  for (size_t k = 0; k < VR_LEN(numbers); k++)
    VR_TRY(vr_h5_set_attr_num(t->out, XY, numbers[k].name, numbers[k].value));
  VR_TRY(vr_h5_set_attr_str(t->out, XY, "mode", modes[map->mode]));
  return vr_h5_set_attr_str(t->out, XY, "start", s->start == VR_TSNE_PCA ? "pca" : "random");
}

/* -- a new map --------------------------------------------------------------------------------- */

/* Rows 0, every, 2 every ... of x, or the others. */
static int take_rows(const vr_mat *x, size_t every, int others, vr_mat *out)
{
  size_t kept = (x->rows + every - 1) / every, n = 0;
  VR_TRY(vr_mat_resize(out, others ? x->rows - kept : kept, x->cols));
  for (size_t i = 0; i < x->rows; i++)
    if ((i % every == 0) == !others) memcpy(vr_row(out, n++), vr_row(x, i), x->cols * sizeof *x->a);
  return 0;
}

typedef struct {
  vr_features f;
  vr_mat some, rest, placed, xy;
  vr_tsne_map map;
  uint8_t *used;
} work;

static void work_free(work *w)
{
  vr_features_free(&w->f);
  vr_mat_free(&w->some);
  vr_mat_free(&w->rest);
  vr_mat_free(&w->placed);
  vr_mat_free(&w->xy);
  vr_tsne_free(&w->map);
  vr_release(w->used);
}

/* Embeds some frames and places the rest among them. */
static int embed(work *w, size_t every, const vr_stage_tsne_par *par, const vr_pool *pool)
{
  vr_mat *x = &w->f.x;
  if (every > 1) {
    VR_TRY(take_rows(x, every, 0, &w->some));
    VR_TRY(take_rows(x, every, 1, &w->rest));
    x = &w->some;
  }
  VR_TRY(vr_tsne(x, &par->tsne, par->seed, pool, par->progress, NULL, &w->map));
  VR_TRY(vr_alloc(&w->used, w->f.x.rows, sizeof *w->used));
  VR_TRY(vr_mat_resize(&w->xy, w->f.x.rows, 2));
  if (every > 1)
    VR_TRY(
      vr_tsne_place(x, &w->map.y, &w->rest, par->place, pool, par->progress, NULL, &w->placed));
  for (size_t i = 0, rest = 0; i < w->xy.rows; i++) {
    w->used[i] = i % every == 0;
    const double *from = w->used[i] ? vr_row(&w->map.y, i / every) : vr_row(&w->placed, rest++);
    memcpy(vr_row(&w->xy, i), from, 2 * sizeof *from);
  }
  return 0;
}

static int check_frames(const vr_turn *t, const vr_features *f)
{
  vr_trials tr = {0};
  if (t->foreign) return 0; // its frames are these rows
  VR_TRY(vr_get_trials(t, &tr));
  size_t frames = vr_trials_rows(&tr);
  vr_trials_free(&tr);
  return frames == f->x.rows
           ? 0
           : vr_fail(
               VR_EDATA, "the features have %zu rows, the trials %zu frames", f->x.rows, frames);
}

static int make_map(work *w, vr_turn *t, const char *const *path, size_t n,
  const vr_stage_tsne_par *par, const vr_pool *pool, vr_stage_tsne_info *info)
{
  VR_TRY(vr_features_get(t, path, n, &w->f));
  VR_TRY(check_frames(t, &w->f));
  size_t rows = w->f.x.rows, every = par->every > 1 ? (size_t)par->every : 1;
  size_t most = par->most > 0 ? (size_t)par->most : rows;
  if ((rows + every - 1) / every > most) every = (rows + most - 1) / most;
  VR_TRY(embed(w, every, par, pool));
  VR_TRY(put_map(t, &w->xy, w->used, par->place));
  VR_TRY(put_settings(t, par, &w->map));
  VR_TRY(put_history(t, &w->map.history));
  VR_TRY(put_inputs(t, path, n, &w->f));
  *info = (vr_stage_tsne_info){rows, w->map.y.rows, w->map.mode, 0};
  if (w->map.history.rows) info->kl = vr_row(&w->map.history, w->map.history.rows - 1)[1];
  return 0;
}

int vr_stage_tsne(vr_turn *t, const char *const *path, size_t n, const vr_stage_tsne_par *par,
  const vr_pool *pool, vr_stage_tsne_info *info)
{
  work w = {0};
  int code = make_map(&w, t, path, n, par, pool, info);
  work_free(&w);
  return code;
}

/* -- onto an old map --------------------------------------------------------------------------- */

typedef struct {
  vr_turn turn; /* the old map's file, to read from */
  char **input;
  size_t ninputs;
  vr_mat mean, sd, xy, used, y, x;
  vr_features old, fresh;
  vr_mat out;
  uint8_t *zero;
} onto;

static void onto_free(onto *o)
{
  vr_release(o->input);
  vr_mat_free(&o->mean);
  vr_mat_free(&o->sd);
  vr_mat_free(&o->xy);
  vr_mat_free(&o->used);
  vr_mat_free(&o->y);
  vr_mat_free(&o->x);
  vr_mat_free(&o->out);
  vr_features_free(&o->old);
  vr_features_free(&o->fresh);
  vr_release(o->zero);
}

/* The old map and the features of the frames that made it. */
static int read_map(onto *o)
{
  const vr_turn *t = &o->turn;
  if (!vr_turn_has(t, XY) || !vr_turn_has(t, "/map/input"))
    return vr_fail(
      VR_EDATA, "the file of --onto holds no map that vr-tsne made (/map/xy, /map/input)");
  VR_TRY(vr_get_strings(t, "/map/input", &o->input, &o->ninputs));
  VR_TRY(vr_get_mat(t, XY, &o->xy));
  VR_TRY(vr_get_mat(t, "/map/mean", &o->mean));
  VR_TRY(vr_get_mat(t, "/map/sd", &o->sd));
  VR_TRY(vr_get_mat(t, "/map/used", &o->used));
  size_t d = o->mean.rows;
  for (size_t i = 0; i < o->ninputs; i++)
    if (!vr_turn_has(t, o->input[i]))
      return vr_fail(VR_EDATA,
        "the file of --onto has a map but not its features (%s): make it without -x", o->input[i]);
  if (o->sd.rows != d || o->mean.cols != 1 || o->sd.cols != 1)
    return vr_fail(VR_EDATA, "/map/mean and /map/sd of --onto do not belong together");
  const char *const *input = (const char *const *)o->input;
  VR_TRY(vr_features_get_by(t, input, o->ninputs, o->mean.a, o->sd.a, d, &o->old));
  size_t n = o->xy.rows, used = 0;
  if (o->xy.cols != 2 || o->used.rows != n || o->old.x.rows != n)
    return vr_fail(VR_EDATA, "the map of --onto and its features have different frames");
  for (size_t i = 0; i < n; i++) used += o->used.a[i] != 0;
  if (!used) used = n; // frames that were placed themselves serve as well
  VR_TRY(vr_mat_resize(&o->y, used, 2));
  VR_TRY(vr_mat_resize(&o->x, used, d));
  for (size_t i = 0, to = 0; i < n; i++)
    if (used == n || o->used.a[i] != 0) {
      memcpy(vr_row(&o->y, to), vr_row(&o->xy, i), 2 * sizeof(double));
      memcpy(vr_row(&o->x, to++), vr_row(&o->old.x, i), d * sizeof(double));
    }
  vr_features_free(&o->old);
  return 0;
}

static int place_onto(onto *o, vr_turn *t, const char *const *path, size_t n, const char *program,
  const vr_stage_tsne_par *par, const vr_pool *pool, vr_stage_tsne_info *info)
{
  VR_TRY(vr_wrap(read_map(o), "--onto"));
  if (!path) {
    // where the old map came from the default features, those of the new frames are made on its bases
    path = (const char *const *)o->input;
    n = o->ninputs;
    VR_TRY(vr_features_need(t, path, n, o->turn.in, program, pool));
  }
  VR_TRY(vr_features_get_by(t, path, n, o->mean.a, o->sd.a, o->mean.rows, &o->fresh));
  VR_TRY(check_frames(t, &o->fresh));
  VR_TRY(vr_tsne_place(&o->x, &o->y, &o->fresh.x, par->place, pool, par->progress, NULL, &o->out));
  VR_TRY(vr_alloc(&o->zero, o->out.rows, sizeof *o->zero));
  VR_TRY(put_map(t, &o->out, o->zero, par->place));
  VR_TRY(put_inputs(t, path, n, &o->fresh));
  *info = (vr_stage_tsne_info){o->out.rows, o->y.rows, VR_TSNE_AUTO, 0};
  return 0;
}

int vr_stage_tsne_onto(vr_turn *t, const char *const *path, size_t n, const vr_h5 *map,
  const char *program, const vr_stage_tsne_par *par, const vr_pool *pool, vr_stage_tsne_info *info)
{
  onto o = {0};
  vr_h5 *in;
  memcpy(&in, &map, sizeof in); // a turn that only reads
  o.turn = (vr_turn){.in = in};
  int code = place_onto(&o, t, path, n, program, par, pool, info);
  onto_free(&o);
  return code;
}
