#include "io/pose.h"
#include "base/err.h"
#include "base/mem.h"
#include "io/put.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

/* All rows of the recording; float signals in one block each. */
typedef struct {
  size_t rows, wide; /* rows, numbers of a posture */
  float *pos, *conf, *root, *root_speeds, *heading, *angles, *speeds;
  uint8_t *filled;
  double *length; /* of the animal of each trial; NULL: positions stay as they are */
} table;

static int make_table(table *w, const vr_pose_table *p)
{
  for (size_t i = 0; i < p->trials->n; i++) w->rows += p->trials->list[i].frames;
  w->wide = p->k->points * p->k->dims;
  const struct {
    float **to;
    size_t cols;
  } all[] = {{&w->pos, w->wide}, {&w->conf, p->k->conf ? p->k->points : 0}, {&w->root, 7},
    {&w->root_speeds, 6}, {&w->heading, 1}, {&w->angles, p->nchains}, {&w->speeds, p->nchains}};
  for (size_t i = 0; i < VR_LEN(all); i++)
    if (all[i].cols) VR_TRY(vr_alloc(all[i].to, w->rows * all[i].cols, sizeof(float)));
  if (p->filled) VR_TRY(vr_alloc(&w->filled, w->rows * p->k->points, 1));
  return p->by_length ? vr_alloc(&w->length, p->trials->n, sizeof *w->length) : 0;
}

static void free_table(table *w)
{
  vr_release(w->pos);
  vr_release(w->conf);
  vr_release(w->root);
  vr_release(w->root_speeds);
  vr_release(w->heading);
  vr_release(w->angles);
  vr_release(w->speeds);
  vr_release(w->filled);
  vr_release(w->length);
}

/* the length of an animal is one for all of its trials */
static int measure(const vr_pose_table *p, table *w)
{
  const vr_tracks *k = p->k;
  for (size_t i = 0; i < p->trials->n; i++) {
    size_t a = p->trials->list[i].animal, before = 0;
    while (before < i && p->trials->list[before].animal != a) before++;
    if (before < i)
      w->length[i] = w->length[before];
    else
      VR_TRY(vr_body_length(vr_point(k, 0, a, 0), k->animals * w->wide, k->frames, k->points,
        k->dims, &p->axes, &w->length[i]));
  }
  return 0;
}

static void narrow(const double *from, size_t n, float *to)
{
  for (size_t i = 0; i < n; i++) to[i] = (float)from[i];
}

/* what is copied as it is: confidence and the marks of filled points */
static void copy_marks(const vr_pose_table *p, const vr_stretch *s, table *w, size_t row)
{
  const vr_tracks *k = p->k;
  for (size_t t = 0; t < s->frames; t++) {
    size_t from = ((s->first + t) * k->animals + s->animal) * k->points, to = (row + t) * k->points;
    if (w->conf) narrow(k->conf + from, k->points, w->conf + to);
    if (w->filled) memcpy(w->filled + to, p->filled + from, k->points);
  }
}

/* one trial into the rows from `row` on; everything is computed in double */
static int add_trial(const vr_pose_table *p, size_t trial, table *w, size_t row, size_t *held)
{
  const vr_stretch *s = &p->trials->list[trial];
  const vr_tracks *k = p->k;
  size_t n = s->frames, a = p->nchains;
  double *block;
  VR_TRY(vr_alloc(&block, n * (w->wide + 7 + 6 + 1 + 2 * a), sizeof *block));
  double *ego = block, *root = ego + n * w->wide, *speeds = root + n * 7, *heading = speeds + n * 6,
         *angles = heading + n, *rates = angles + n * a;
  vr_egocentric(vr_point(k, s->first, s->animal, 0), k->animals * w->wide, n, k->points, k->dims,
    &p->axes, ego, root, heading);
  vr_root_speeds(root, heading, n, k->rate, speeds);
  int bad = vr_chain_angles(ego, n, k->points, k->dims, p->chain, a, angles, held);
  for (size_t i = 0; i < a; i++) vr_differences(angles + i, a, n, k->rate, 1, rates + i, a);
  for (size_t i = 0; w->length && i < n * w->wide; i++) ego[i] /= w->length[trial];
  narrow(ego, n * w->wide, w->pos + row * w->wide);
  narrow(root, n * 7, w->root + row * 7);
  narrow(speeds, n * 6, w->root_speeds + row * 6);
  narrow(heading, n, w->heading + row);
  if (a) {
    narrow(angles, n * a, w->angles + row * a);
    narrow(rates, n * a, w->speeds + row * a);
  }
  copy_marks(p, s, w, row);
  vr_release(block);
  return bad;
}

/* -- writing -- */

static int put_trial_rows(vr_turn *t, const vr_pose_table *p)
{
  size_t n = p->trials->n;
  vr_cutting *trial;
  VR_TRY(vr_alloc(&trial, n, sizeof *trial));
  for (size_t i = 0; i < n; i++) {
    const vr_stretch *s = &p->trials->list[i];
    trial[i] = (vr_cutting){.frames = s->frames,
      .start = (p->k->first + (double)s->first) / p->k->rate,
      .task = p->tasks ? p->tasks[i] : p->task,
      .recording = p->recording,
      .subject = p->subject[s->animal],
      .outcome = s->cut ? "gap" : "end"};
  }
  int bad = vr_put_cuttings(t, p->k->rate, trial, n);
  vr_release(trial);
  return bad;
}

static int put_names(vr_turn *t, const vr_pose_table *p)
{
  static char *const space[] = {"x", "y", "z"};
  static char *const root[] = {"x", "y", "z", "qw", "qx", "qy", "qz"};
  static char *const speed[] = {"vx", "vy", "vz", "wx", "wy", "wz"};
  VR_TRY(vr_put_strings(t, "/names/body", p->k->point, p->k->points, "body"));
  VR_TRY(vr_put_strings(t, "/names/space", space, p->k->dims, "space"));
  VR_TRY(vr_put_strings(t, "/names/coordinate", root, 7, "coordinate"));
  VR_TRY(vr_put_strings(t, "/names/velocity", speed, 6, "velocity"));
  return p->nchains ? vr_put_strings(t, "/names/joint", p->chain_name, p->nchains, "joint") : 0;
}

static int put_signals(vr_turn *t, const vr_pose_table *p, const table *w)
{
  char speed[16];
  snprintf(speed, sizeof speed, "%.8s/s", p->units);
  size_t body[] = {w->rows, p->k->points, p->k->dims}, root[] = {w->rows, 7}, six[] = {w->rows, 6},
         joint[] = {w->rows, p->nchains};
  const struct {
    const char *path, *axes, *units;
    int rank;
    const size_t *dim;
    vr_type type;
    const void *from;
  } all[] = {
    {"/pose/positions", "time body space", w->length ? "1" : p->units, 3, body, VR_F32, w->pos},
    {"/pose/confidence", "time body", "1", 2, body, VR_F32, w->conf},
    {"/pose/filled", "time body", "1", 2, body, VR_U8, w->filled},
    {"/pose/root", "time coordinate", p->units, 2, root, VR_F32, w->root},
    {"/pose/root_speeds", "time velocity", speed, 2, six, VR_F32, w->root_speeds},
    {"/pose/heading", "time", "rad", 1, root, VR_F32, w->heading},
    {"/pose/angles", "time joint", "rad", 2, joint, VR_F32, w->angles},
    {"/pose/speeds", "time joint", "rad/s", 2, joint, VR_F32, w->speeds}};
  for (size_t i = 0; i < VR_LEN(all); i++)
    if (all[i].from)
      VR_TRY(vr_h5_put(t->out, all[i].path, all[i].type, all[i].rank, all[i].dim, all[i].from,
        all[i].axes, all[i].units));
  return 0;
}

int vr_put_pose(vr_turn *t, const vr_pose_table *p, size_t *held)
{
  table w = {0};
  int bad = make_table(&w, p);
  if (!bad && w.length) bad = measure(p, &w);
  size_t row = 0;
  for (size_t i = 0; i < p->trials->n && !bad; i++) {
    bad = add_trial(p, i, &w, row, held);
    row += p->trials->list[i].frames;
  }
  if (!bad) bad = put_trial_rows(t, p);
  if (!bad) bad = put_names(t, p);
  if (!bad) bad = put_signals(t, p, &w);
  if (!bad && w.length)
    bad =
      vr_h5_put(t->out, "/trials/length", VR_F64, 1, &p->trials->n, w.length, "number", p->units);
  free_table(&w);
  return bad;
}
