#include "io/stage_events.h"
#include "ana/detect.h"
#include "base/err.h"
#include "base/mem.h"
#include "io/columns.h"
#include "io/labels.h"
#include "io/signal.h"
#include "num/stat.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

// what the rules of one turn share
typedef struct {
  const vr_turn *t;
  const vr_find_par *par;
  vr_trials tr;
  vr_marks *m;
} finder;

enum { OWN, DURATION };

// the episodes as events of one name; their own value, or how long they last
static int keep(const finder *f, const char *name, const vr_episodes *e, int value)
{
  for (size_t i = 0; i < e->n; i++) {
    const vr_episode *r = e->row + i;
    VR_TRY(vr_marks_add(
      f->m, name, r->trial, r->start, value == DURATION ? r->stop - r->start : r->value));
  }
  return 0;
}

// stays of a signal above a level, as events
static int stays(const finder *f, const char *name, const double *x, const unsigned char *active,
  const vr_level *level, int value)
{
  vr_episodes e = {0};
  int code = vr_detect_level(x, active, &f->tr, level, &e);
  if (!code) code = keep(f, name, &e, value);
  vr_episodes_free(&e);
  return code;
}

static int contacts(const finder *f, vr_mat *x, char ***names)
{
  VR_TRY(vr_signal_columns(f->t, f->par->contact, x, names));
  if (x->rows == vr_trials_rows(&f->tr)) return 0;
  return vr_fail(
    VR_EDATA, "%s: %zu rows for %zu frames", f->par->contact, x->rows, vr_trials_rows(&f->tr));
}

static int find_touch(const finder *f)
{
  vr_mat x = {0};
  char **names = NULL, name[VR_MARK_NAME];
  double *column = NULL;
  const vr_level level = {.rise = 0.5, .fall = 0.5, .gap = f->par->gap};
  int code = contacts(f, &x, &names);
  if (!code) code = vr_alloc(&column, x.rows, sizeof *column);
  for (size_t c = 0; c < x.cols && !code; c++) {
    for (size_t i = 0; i < x.rows; i++) column[i] = vr_row(&x, i)[c];
    snprintf(name, sizeof name, "touch-%.50s", *names[c] ? names[c] : "pad");
    code = stays(f, name, column, NULL, &level, DURATION);
  }
  vr_release(column);
  vr_release(names);
  vr_mat_free(&x);
  return code;
}

// frames in which the animal stands on its feet, where that is known
static int upright(const finder *f, unsigned char *active)
{
  double *up = NULL;
  if (!vr_turn_has(f->t, "/pose/root")) return 0;
  int code = vr_signal_tilt(f->t, NULL, &up);
  for (size_t i = 0; i < vr_trials_rows(&f->tr) && !code; i++) active[i] = up[i] > 0.5;
  vr_release(up);
  return code;
}

// Height of the lowest point of the animal above where it is in a tenth of the frames of its trial, as
// 0 or 1: clear of the ground. Without heights, or with clear = 0, all frames are.
static int clear_of_ground(const finder *f, double *air)
{
  vr_mat root = {0}, body = {0};
  double *low = NULL, *sorted = NULL;
  size_t rows = vr_trials_rows(&f->tr);
  int code = vr_get_mat(f->t, "/pose/root", &root);
  if (!code) code = vr_get_mat(f->t, "/pose/positions", &body);
  if (!code) code = vr_alloc(&low, rows, sizeof *low);
  if (!code) code = vr_alloc(&sorted, vr_trials_longest(&f->tr), sizeof *sorted);
  for (size_t i = 0; i < rows && !code; i++) {
    low[i] = INFINITY;
    for (size_t c = 2; c < body.cols; c += 3) low[i] = fmin(low[i], vr_row(&body, i)[c]);
    low[i] += vr_row(&root, i)[2];
  }
  for (size_t k = 0; k < f->tr.n && !code; k++) {
    size_t first = f->tr.first[k], n = f->tr.frames[k];
    if (!n) continue;
    memcpy(sorted, low + first, n * sizeof *low);
    double ground = vr_quantile(sorted, n, 0.1);
    for (size_t i = first; i < first + n; i++) air[i] = low[i] >= ground + f->par->clear;
  }
  vr_release(sorted);
  vr_release(low);
  vr_mat_free(&body);
  vr_mat_free(&root);
  return code;
}

// 1: there are heights of points
static int has_heights(const finder *f)
{
  vr_h5_info info;
  const vr_h5 *file = vr_turn_find(f->t, "/pose/positions");
  return file && vr_turn_has(f->t, "/pose/root") &&
         !vr_h5_get_info(file, "/pose/positions", &info) && info.rank == 3 && info.dim[2] == 3;
}

static int find_jump(const finder *f)
{
  vr_mat x = {0};
  char **names = NULL;
  double *air = NULL;
  unsigned char *active = NULL;
  size_t rows = vr_trials_rows(&f->tr);
  int heights = f->par->clear > 0 && has_heights(f), code = 0;
  const vr_level level = {.rise = 0.5, .fall = 0.5, .shortest = f->par->flight};
  // where heights are known, pads may be missing
  if (!heights || vr_turn_has(f->t, f->par->contact)) code = contacts(f, &x, &names);
  if (!code) code = vr_alloc(&air, rows, sizeof *air);
  if (!code) code = vr_alloc(&active, rows, 1);
  for (size_t i = 0; i < rows && !code; i++) active[i] = 1, air[i] = 1;
  if (!code) code = upright(f, active);
  if (!code && heights) code = clear_of_ground(f, air);
  for (size_t i = 0; i < x.rows && !code; i++)
    for (size_t c = 0; c < x.cols; c++)
      if (vr_row(&x, i)[c] > 0.5) air[i] = 0;
  if (!code) code = stays(f, "flight", air, active, &level, DURATION);
  vr_release(active);
  vr_release(air);
  vr_release(names);
  vr_mat_free(&x);
  return code;
}

static int find_rear(const finder *f)
{
  double *pitch = NULL, rise = f->par->pitch * M_PI / 180;
  const vr_level level = {rise, rise / 2, f->par->rear, f->par->gap};
  int code = vr_signal_tilt(f->t, &pitch, NULL);
  if (!code) code = stays(f, "rearing", pitch, NULL, &level, DURATION);
  vr_release(pitch);
  return code;
}

static int find_spin(const finder *f)
{
  double *heading = NULL;
  vr_episodes e = {0};
  int code = vr_signal_heading(f->t, &f->tr, &heading);
  if (!code)
    code = vr_detect_turns(
      heading, &f->tr, f->par->yaw * M_PI / 180, f->par->turns * 2 * M_PI, f->par->gap, &e);
  for (size_t i = 0; i < e.n; i++) e.row[i].value /= 2 * M_PI;
  if (!code) code = keep(f, "spin", &e, OWN);
  vr_episodes_free(&e);
  vr_release(heading);
  return code;
}

// runs: stretches of speed
static int runs(const finder *f, vr_episodes *e)
{
  vr_str units = {0};
  double *speed = NULL, least = f->par->speed;
  int code = vr_signal_speed(f->t, &f->tr, &speed);
  if (!code) code = vr_units_text(vr_turn_find(f->t, "/pose/root"), "/pose/root", &units);
  if (!code && !(least > 0)) {
    least = 0.1;
    if (strcmp(vr_str_get(&units), "m"))
      code = vr_fail(VR_EARG, "/pose/root is in %.20s, not in m: say how fast a run is (--speed)",
        units.n ? units.s : "no unit");
  }
  const vr_level level = {least, 0.8 * least, f->par->run, fmax(f->par->gap, 0.2)};
  if (!code) code = vr_detect_level(speed, NULL, &f->tr, &level, e);
  vr_release(speed);
  vr_str_free(&units);
  return code;
}

static int find_run(const finder *f)
{
  vr_episodes e = {0};
  int code = runs(f, &e);
  if (!code) code = keep(f, "run-bout", &e, DURATION);
  vr_episodes_free(&e);
  return code;
}

// frames in which the animal runs; all of them where its place is not known
static int running(const finder *f, unsigned char *active)
{
  vr_episodes e = {0};
  size_t rows = vr_trials_rows(&f->tr);
  if (!vr_turn_has(f->t, "/pose/root")) {
    memset(active, 1, rows);
    return 0;
  }
  int code = runs(f, &e);
  for (size_t k = 0; k < e.n && !code; k++) {
    size_t first = f->tr.first[e.row[k].trial];
    size_t a = (size_t)lround(e.row[k].start * f->tr.rate);
    size_t b = (size_t)lround(e.row[k].stop * f->tr.rate);
    memset(active + first + a, 1, b - a);
  }
  vr_episodes_free(&e);
  return code;
}

// middles of the stances of one pad
static int by_contact(const finder *f, const unsigned char *active, vr_episodes *e)
{
  vr_str what = {0};
  double *x = NULL;
  size_t kept = 0;
  const vr_level level = {.rise = 0.5, .fall = 0.5, .gap = f->par->gap};
  vr_str_addf(&what, "%s:%s", f->par->contact, f->par->paw);
  int code = vr_str_ok(&what);
  if (!code) code = vr_signal_column(f->t, what.s, &x);
  if (!code) code = vr_detect_level(x, NULL, &f->tr, &level, e);
  for (size_t i = 0; i < e->n && !code; i++) {
    vr_episode r = e->row[i];
    r.start = r.stop = (r.start + r.stop) / 2 - 0.5 / f->tr.rate;
    size_t at = f->tr.first[r.trial] + (size_t)fmax(0, r.start * f->tr.rate);
    if (active[at]) e->row[kept++] = r;
  }
  if (!code) e->n = kept;
  vr_release(x);
  vr_str_free(&what);
  return code;
}

static int by_rhythm(const finder *f, const unsigned char *active, vr_episodes *e)
{
  double *x = NULL, *phase = NULL;
  int code = vr_signal_column(f->t, f->par->rhythm, &x);
  if (!code) code = vr_alloc(&phase, vr_trials_rows(&f->tr), sizeof *phase);
  if (!code) code = vr_phase(x, &f->tr, f->par->low, f->par->high, phase);
  if (!code) code = vr_detect_phase(phase, active, &f->tr, f->par->phase * M_PI / 180, e);
  vr_release(phase);
  vr_release(x);
  return code;
}

static int find_stride(const finder *f)
{
  unsigned char *active;
  vr_episodes e = {0};
  double median;
  VR_TRY(vr_alloc(&active, vr_trials_rows(&f->tr), 1));
  int code = running(f, active);
  if (!code) code = f->par->paw ? by_contact(f, active, &e) : by_rhythm(f, active, &e);
  if (!code) vr_strides_keep(&e, 2 / f->par->low, &median);
  if (!code) code = keep(f, "stride", &e, OWN);
  vr_episodes_free(&e);
  vr_release(active);
  return code;
}

static int find_column(const finder *f, const char *what, const char *name, const vr_level *level)
{
  double *x = NULL;
  int code = vr_signal_column(f->t, what, &x);
  if (!code) code = stays(f, name, x, NULL, level, OWN);
  vr_release(x);
  return code;
}

static int find_bout(const finder *f)
{
  vr_labels l = {0};
  vr_bouts b = {0};
  double shortest = ceil(f->par->shortest * f->tr.rate - 1e-9);
  int code = f->par->labels ? vr_get_labels(f->t, f->par->labels, &l)
                            : vr_fail(VR_EARG, "bouts of what: name labels (--labels)");
  if (!code) code = vr_bouts_find(l.of, &f->tr, (size_t)fmax(1, shortest), &b);
  for (size_t k = 0; k < b.n && !code; k++) {
    double at = (double)(b.first[k] - f->tr.first[b.trial[k]]) / f->tr.rate;
    code =
      vr_marks_add(f->m, l.name[b.label[k] - 1], b.trial[k], at, (double)b.frames[k] / f->tr.rate);
  }
  vr_bouts_free(&b);
  vr_labels_free(&l);
  return code;
}

static int find_level(const finder *f)
{
  const vr_find_par *p = f->par;
  const vr_level level = {p->above, fmin(p->above, p->below), p->shortest, p->gap};
  if (!p->level) return vr_fail(VR_EARG, "a level of what: name a column (-i /path:column)");
  return find_column(f, p->level, p->name, &level);
}

int vr_find_events(const vr_turn *t, vr_find_kind kind, const vr_find_par *par, vr_marks *m)
{
  static int (*const rule[VR_FIND_KINDS])(const finder *) = {find_touch, find_stride, find_jump,
    find_rear, find_spin, find_run, NULL, find_bout, find_level};
  finder f = {.t = t, .par = par, .m = m};
  const vr_level reward = {.rise = par->reward, .fall = par->reward};
  VR_TRY(vr_get_trials(t, &f.tr));
  int code =
    kind == VR_FIND_REWARD ? find_column(&f, "/reward", "reward", &reward) : rule[kind](&f);
  vr_trials_free(&f.tr);
  return code;
}
