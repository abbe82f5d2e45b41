#include "io/stage_posture.h"
#include "base/err.h"
#include "base/mem.h"
#include "io/basis.h"
#include "io/prov.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { PATH = 256, BLOCK_BYTES = 16 << 20 };

int vr_posture_inputs(const vr_turn *t, const char *path[2], size_t *n)
{
  static const char *const set[] = {"/pose/angles", "/pose/positions"};
  *n = 0;
  for (size_t i = 0; i < VR_LEN(set); i++) {
    if (t->in && vr_h5_has_bad_link(t->in, set[i]))
      return vr_fail(VR_EDATA, "%s: is a link out of the file, which is not followed", set[i]);
    if (vr_turn_has(t, set[i])) path[(*n)++] = set[i];
  }
  return *n ? 0
            : vr_fail(VR_EDATA,
                "neither /pose/angles nor /pose/positions is there: name what to use (-i /path)");
}

/* one block of rows: in the precision in which they are stored */
typedef struct {
  vr_turn *t;
  const char *input;
  size_t rows, cols, step; /* step: rows read at a time, whole blocks of the covariance */
  int single;
  vr_matf f;
  vr_mat d;
} reader;

static int reader_open(reader *r, vr_turn *t, const char *input)
{
  vr_h5_info info;
  *r = (reader){.t = t, .input = input};
  VR_TRY(vr_get_shape(t, input, &r->rows, &r->cols));
  VR_TRY(vr_h5_get_info(vr_turn_find(t, input), input, &info));
  r->single = info.type == VR_F32 || info.type == VR_U8;
  size_t blocks = BLOCK_BYTES / (VR_COV_BLOCK * r->cols * sizeof(float));
  r->step = VR_COV_BLOCK * (blocks > 16 ? 16 : blocks ? blocks : 1);
  return 0;
}

static void reader_close(reader *r)
{
  vr_matf_free(&r->f);
  vr_mat_free(&r->d);
}

static int reader_read(reader *r, size_t first)
{
  size_t rows = r->rows - first < r->step ? r->rows - first : r->step, n = rows * r->cols;
  if (r->single) return vr_get_rows(r->t, r->input, first, rows, &r->f);
  VR_TRY(vr_mat_resize(&r->d, rows, r->cols));
  VR_TRY(vr_h5_read(vr_turn_find(r->t, r->input), r->input, VR_F64, first, rows, r->d.a));
  size_t bad = vr_find_bad(r->d.a, n);
  if (bad == n) return 0;
  return vr_fail(VR_EDATA, "%s row %zu: %s (see vr-import --fill)", r->input, first + bad / r->cols,
    isnan(r->d.a[bad]) ? "NaN" : "Inf");
}

static int fit(vr_turn *t, const char *input, const vr_pca_par *par, const vr_pool *pool, vr_pca *b)
{
  reader r;
  vr_cov cov = {0};
  VR_TRY(reader_open(&r, t, input));
  int code = vr_cov_init(&cov, r.cols);
  for (size_t i = 0; i < r.rows && !code; i += r.step) {
    code = reader_read(&r, i);
    if (!code) code = r.single ? vr_cov_addf(&cov, &r.f, pool) : vr_cov_add(&cov, &r.d, pool);
  }
  if (!code) code = vr_pca_solve(&cov, par, b);
  vr_cov_free(&cov);
  reader_close(&r);
  return code;
}

static int project(
  vr_turn *t, const char *input, const char *scores, const vr_pca *b, const vr_pool *pool)
{
  reader r;
  vr_mat s = {0};
  VR_TRY(reader_open(&r, t, input));
  int code = 0;
  for (size_t i = 0; i < r.rows && !code; i += r.step) {
    code = reader_read(&r, i);
    if (!code)
      code = r.single ? vr_pca_projectf(b, &r.f, pool, &s) : vr_pca_project(b, &r.d, pool, &s);
    if (!code) code = vr_put_rows(t, scores, VR_F64, i, s.rows, s.a);
  }
  reader_close(&r);
  vr_mat_free(&s);
  return code;
}

/* Names of the columns of an input of rank 3, "BODY SPACE", as the scale GROUP/coordinate. Left to
 * numbers where the input has no names. */
static int put_coordinates(vr_turn *t, const vr_h5 *f, const char *input, const char *group)
{
  char body[128], space[128], path[2][PATH];
  char **p = NULL, **q = NULL, **list = NULL;
  size_t n = 0, m = 0;
  vr_arena memory = {0};
  VR_TRY(vr_h5_get_axis(f, input, 1, body, sizeof body));
  VR_TRY(vr_h5_get_axis(f, input, 2, space, sizeof space));
  snprintf(path[0], PATH, "/names/%s", body);
  snprintf(path[1], PATH, "/names/%s", space);
  const vr_h5 *pf = vr_turn_find(t, path[0]), *qf = vr_turn_find(t, path[1]);
  vr_h5_info info, pi, qi;
  if (!*body || !*space || !pf || !qf) return 0;
  VR_TRY(vr_h5_get_info(f, input, &info));
  VR_TRY(vr_h5_get_info(pf, path[0], &pi));
  VR_TRY(vr_h5_get_info(qf, path[1], &qi));
  if (pi.type != VR_STR || qi.type != VR_STR || pi.rows * qi.rows != info.row) return 0;
  VR_TRY(vr_h5_read_strings(pf, path[0], &p, &n));
  int code = vr_h5_read_strings(qf, path[1], &q, &m);
  if (!code) code = vr_arena_alloc(&memory, &list, n * m, sizeof *list);
  for (size_t i = 0; i < n * m && !code; i++) {
    size_t size = strlen(p[i / m]) + strlen(q[i % m]) + 2;
    code = vr_arena_alloc(&memory, &list[i], size, 1);
    if (!code) snprintf(list[i], size, "%s %s", p[i / m], q[i % m]);
  }
  snprintf(path[0], PATH, "%.200s/coordinate", group);
  if (!code) code = vr_put_strings(t, path[0], list, n * m, "coordinate");
  vr_arena_free(&memory);
  vr_release(p);
  vr_release(q);
  return code;
}

/* the basis: of the frames, or from a file with the same names */
static int find_basis(vr_turn *t, const char *input, const char *group, const vr_pca_par *par,
  const vr_h5 *basis, const vr_pool *pool, vr_pca *b)
{
  size_t rows, cols;
  VR_TRY(vr_get_shape(t, input, &rows, &cols));
  if (!basis) return fit(t, input, par, pool, b);
  VR_TRY(vr_same_names(vr_turn_find(t, "/names/joint"), basis, "/names/joint"));
  VR_TRY(vr_same_names(vr_turn_find(t, "/names/body"), basis, "/names/body"));
  VR_TRY(vr_get_basis(basis, group, b));
  return b->d == cols
           ? 0
           : vr_fail(VR_EDATA, "%s: %zu columns, its basis is for %zu", input, cols, b->d);
}

/* a row for each frame, and enough of them */
static int check_rows(const vr_turn *t, const char *input, size_t *rows, size_t *cols)
{
  vr_trials tr = {0};
  VR_TRY(vr_get_shape(t, input, rows, cols));
  int code = vr_get_trials(t, &tr);
  size_t frames = vr_trials_rows(&tr);
  vr_trials_free(&tr);
  if (!code && *rows != frames)
    code = vr_fail(VR_EDATA, "%s: %zu rows, the trials have %zu frames", input, *rows, frames);
  return code;
}

int vr_stage_pca(vr_turn *t, const char *input, const char *scores, const char *group,
  const char *component, const vr_pca_par *par, const vr_h5 *basis, const vr_pool *pool)
{
  char axis[128] = "column", *units = NULL, axes[128];
  size_t rows, cols;
  vr_h5_info info;
  vr_pca b = {0};
  VR_TRY(check_rows(t, input, &rows, &cols));
  const vr_h5 *f = vr_turn_find(t, input);
  VR_TRY(vr_h5_get_info(f, input, &info));
  if (rows < 2 && !basis)
    return vr_fail(VR_EDATA, "%s: has %zu rows, a basis needs two", input, rows);
  // names of axes in files that are not ours may be anything
  if (info.rank == 2 && !t->foreign) VR_TRY(vr_h5_get_axis(f, input, 1, axis, sizeof axis));
  if (info.rank == 3 || !*axis)
    snprintf(axis, sizeof axis, info.rank == 3 ? "coordinate" : "column");
  int code = find_basis(t, input, group, par, basis, pool, &b);
  if (!code && vr_h5_has_attr(f, input, "units"))
    code = vr_h5_get_attr_str(f, input, "units", &units);
  const char *unit = units && *units ? units : "1";
  snprintf(axes, sizeof axes, "time %s", component);
  // the scores first: on a foreign file they bring the axis of frames
  if (!code) code = vr_put_begin(t, scores, VR_F64, rows, b.n, axes, par->scale ? "1" : unit);
  if (!code) code = project(t, input, scores, &b, pool);
  if (!code && info.rank == 3) code = put_coordinates(t, f, input, group);
  if (!code) code = vr_put_basis(t, group, axis, component, unit, &b);
  vr_release(units);
  vr_pca_free(&b);
  return code;
}

int vr_stage_posture(vr_turn *t, const char *const *input, size_t n, const vr_pca_par *par,
  const vr_h5 *basis, const vr_pool *pool)
{
  char scores[PATH], group[PATH];
  for (size_t i = 0; i < n; i++) {
    const char *name = strrchr(input[i], '/');
    if (!name || !name[1] || strlen(name) > 100)
      return vr_fail(VR_EARG, "%.60s: not the absolute path of a dataset", input[i]);
    snprintf(scores, sizeof scores, "/eigenposture%s", name);
    snprintf(group, sizeof group, "/basis/eigenposture%s", name);
    VR_TRY(vr_stage_pca(t, input[i], scores, group, "mode", par, basis, pool));
  }
  return 0;
}

int vr_need_posture(vr_turn *t, const vr_h5 *basis, const char *because_of, const vr_pool *pool)
{
  static const char *const have[] = {"/eigenposture/angles", "/eigenposture/positions"};
  static const char *const group[] = {
    "/basis/eigenposture/angles", "/basis/eigenposture/positions"};
  const char *input[2];
  size_t n, there = 0;
  for (size_t i = 0; i < VR_LEN(have); i++) {
    if (!vr_turn_has(t, have[i])) continue;
    there++;
    if (basis) VR_TRY(vr_same_basis(vr_turn_find(t, group[i]), basis, group[i]));
  }
  if (there) return 0;
  vr_pca_par par = VR_PCA_DEFAULTS;
  VR_TRY(vr_posture_inputs(t, input, &n));
  VR_TRY(vr_stage_posture(t, input, n, &par, basis, pool));
  char *const command[] = {"vr-eigenposture"}, *const names[] = {"count"};
  char count[16], *const values[] = {count};
  snprintf(count, sizeof count, "%d", par.n);
  const vr_run run = {.program = command[0],
    .command = command,
    .nwords = 1,
    .names = names,
    .values = values,
    .noptions = 1,
    .because_of = because_of};
  return vr_history_add(t, &run);
}
