#include "io/policy.h"
#include "base/err.h"
#include "base/mem.h"
#include "io/prov.h"
#include "nn/conf.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

#define GROUP "/policy"
#define CONFIG GROUP "/config" // carries the attributes

enum { PATH = 128, AXIS = 32 };

/* A vector of doubles of the policy: where it stands. */
typedef struct {
  const char *path, *axis;
  double *a;
  size_t n;
} vector;

enum { NVECTORS = 6 };

static void list_vectors(const vr_policy *p, vector v[NVECTORS])
{
  size_t nin = p->arch.nin, npriv = p->arch.npriv, nvalue = p->arch.nvalue;
  v[0] = (vector){GROUP "/input/mean", "column", p->norm.mean, nin};
  v[1] = (vector){GROUP "/input/m2", "column", p->norm.m2, nin};
  v[2] = (vector){GROUP "/private/mean", "column", p->priv.mean, npriv};
  v[3] = (vector){GROUP "/private/m2", "column", p->priv.m2, npriv};
  v[4] = (vector){GROUP "/value/mean", "head", p->value_mean, nvalue};
  v[5] = (vector){GROUP "/value/std", "head", p->value_std, nvalue};
}

static void tensor_path(const vr_tensor *w, char path[PATH])
{
  snprintf(path, PATH, GROUP "/weight/%s", w->name);
}

/* -- writing -- */

static int put_config(const vr_policy *p, vr_turn *t)
{
  vr_str text = {0};
  char **line = NULL;
  size_t n = 0;
  vr_conf_text(&p->arch, &text);
  int code = vr_str_ok(&text);
  if (!code) code = vr_str_split(vr_str_get(&text), "\n", &line, &n);
  if (!code) code = vr_put_strings(t, CONFIG, line, n - 1, "config");
  vr_release(line);
  vr_str_free(&text);
  return code;
}

static int put_words(
  vr_turn *t, const char *path, char (*word)[VR_ARCH_WORD], size_t n, const char *axis)
{
  char **list;
  if (!n) return 0;
  VR_TRY(vr_alloc(&list, n, sizeof *list));
  for (size_t i = 0; i < n; i++) list[i] = word[i];
  int code = vr_put_strings(t, path, list, n, axis);
  vr_release(list);
  return code;
}

/* One scale for all tensors of a size: "row_256", numbers from 1. */
static int put_scale(vr_turn *t, const char *word, size_t n, char axis[AXIS])
{
  char path[PATH];
  int32_t *number;
  snprintf(axis, AXIS, "%s_%zu", word, n);
  snprintf(path, PATH, GROUP "/weight/%s", axis);
  if (vr_h5_has(t->out, path)) return 0;
  VR_TRY(vr_alloc(&number, n, sizeof *number));
  for (size_t i = 0; i < n; i++) number[i] = (int32_t)i + 1;
  int code = vr_h5_put(t->out, path, VR_I32, 1, &n, number, axis, "1");
  vr_release(number);
  return code;
}

static int put_weights(const vr_policy *p, vr_turn *t)
{
  char path[PATH], row[AXIS], column[AXIS], axes[2 * AXIS];
  size_t n;
  const vr_tensor *w = vr_agent_tensors(p->agent, &n);
  for (size_t i = 0; i < n; i++) {
    size_t dim[2] = {w[i].rows, w[i].cols}, size = dim[0] * dim[1];
    const float *a = p->param + w[i].first;
    tensor_path(w + i, path);
    size_t k = vr_find_badf(a, size);
    if (k < size)
      return vr_fail(
        VR_EDATA, "%s: row %zu, column %zu is not finite", path, k / dim[1], k % dim[1]);
    VR_TRY(put_scale(t, "row", dim[0], row));
    VR_TRY(put_scale(t, "column", dim[1], column));
    snprintf(axes, sizeof axes, "%s %s", row, column);
    VR_TRY(vr_h5_put(t->out, path, VR_F32, 2, dim, a, axes, "1"));
  }
  return 0;
}

static int put_numbers(const vr_policy *p, vr_turn *t)
{
  vector v[NVECTORS];
  list_vectors(p, v);
  for (size_t i = 0; i < NVECTORS; i++) {
    if (!v[i].n) continue;
    if (vr_find_bad(v[i].a, v[i].n) < v[i].n)
      return vr_fail(VR_EDATA, "%s: is not finite", v[i].path);
    VR_TRY(vr_h5_put(t->out, v[i].path, VR_F64, 1, &v[i].n, v[i].a, v[i].axis, "1"));
  }
  size_t nact = p->arch.nact;
  if (vr_find_badf(p->offset, nact) < nact)
    return vr_fail(VR_EDATA, GROUP "/offset: is not finite");
  return vr_h5_put(t->out, GROUP "/offset", VR_F32, 1, &nact, p->offset, "action", "1");
}

static int put_curves(const vr_policy *p, vr_turn *t)
{
  if (!p->curves.rows || !p->curves.cols) return 0;
  VR_TRY(put_words(t, GROUP "/curve", p->curve, p->curves.cols, "curve"));
  return vr_put_mat(t, GROUP "/curves", &p->curves, "entry curve", "1");
}

static int put_attributes(const vr_policy *p, vr_turn *t)
{
  VR_TRY(vr_h5_set_attr_num(t->out, CONFIG, "format", VR_POLICY_FORMAT));
  VR_TRY(vr_h5_set_attr_num(t->out, CONFIG, "seed", (double)p->seed));
  VR_TRY(vr_h5_set_attr_num(t->out, CONFIG, "frames", p->frames));
  VR_TRY(vr_h5_set_attr_num(t->out, CONFIG, "labelled", p->labelled));
  VR_TRY(vr_h5_set_attr_num(t->out, CONFIG, "input_rows", p->norm.count));
  return vr_h5_set_attr_num(t->out, CONFIG, "private_rows", p->priv.count);
}

int vr_policy_put(const vr_policy *p, vr_turn *t)
{
  VR_TRY(put_config(p, t));
  VR_TRY(put_attributes(p, t));
  VR_TRY(put_words(t, GROUP "/head", p->head, p->arch.nvalue, "head"));
  VR_TRY(put_weights(p, t));
  VR_TRY(put_numbers(p, t));
  return put_curves(p, t);
}

/* -- reading -- */

/* The dataset of rank 1 or 2 and exactly this size, as `type`, finite. */
static int get_numbers(
  const vr_h5 *f, const char *path, vr_type type, size_t rows, size_t cols, int rank, void *to)
{
  vr_h5_info info;
  if (!vr_h5_has(f, path)) return vr_fail(VR_EDATA, "%s: is missing", path);
  VR_TRY(vr_h5_get_info(f, path, &info));
  if (info.type != type || info.rank != rank || info.rows != rows || info.row != cols)
    return vr_fail(VR_EDATA, "%s: is %zu x %zu, the architecture asks for %zu x %zu%s", path,
      info.rows, info.row, rows, cols, info.type != type ? " of another type" : "");
  VR_TRY(vr_h5_read(f, path, type, 0, rows, to));
  size_t n = rows * cols, k = type == VR_F32 ? vr_find_badf(to, n) : vr_find_bad(to, n);
  if (k < n)
    return vr_fail(VR_EDATA, "%s: row %zu, column %zu is not finite", path, k / cols, k % cols);
  return 0;
}

static int get_config(const vr_h5 *f, vr_arch *arch)
{
  char **line;
  size_t n;
  vr_str text = {0};
  if (!vr_h5_has(f, CONFIG)) return vr_fail(VR_EDATA, GROUP "/config: is missing: not a policy");
  VR_TRY(vr_h5_read_strings(f, CONFIG, &line, &n));
  for (size_t i = 0; i < n; i++) vr_str_addf(&text, "%s\n", line[i]);
  vr_release(line);
  int code = vr_str_ok(&text);
  if (!code) code = vr_conf_parse(CONFIG, vr_str_get(&text), text.n, arch);
  vr_str_free(&text);
  return code;
}

/* An attribute, a finite number that is not negative. */
static int get_attribute(const vr_h5 *f, const char *name, double *x)
{
  VR_TRY(vr_h5_get_attr_num(f, CONFIG, name, x));
  if (!(*x >= 0 && *x < 0x1p64))
    return vr_fail(VR_EDATA, CONFIG ": its attribute %s is %g", name, *x);
  return 0;
}

static int check_format(const vr_h5 *f)
{
  double format;
  VR_TRY(get_attribute(f, "format", &format));
  if (format != VR_POLICY_FORMAT)
    return vr_fail(
      VR_EDATA, CONFIG ": is of format %g, this program reads format %d", format, VR_POLICY_FORMAT);
  return 0;
}

/* Datasets below /policy/weight that are no tensor of the architecture (nor a scale of one). */
typedef struct {
  const vr_tensor *w;
  size_t n;
} known;

static int check_tensor(void *ctx, const char *path, const vr_h5_info *info)
{
  const known *k = ctx;
  char own[PATH];
  if (!info) return VR_EDATA;
  if (info->rank < 2) return 0; // scales
  for (size_t i = 0; i < k->n; i++) {
    tensor_path(k->w + i, own);
    if (!strcmp(path, own)) return 0;
  }
  return vr_fail(VR_EDATA, "%s: the architecture of " GROUP "/config has no such tensor", path);
}

static int get_weights(const vr_h5 *f, vr_policy *p)
{
  char path[PATH];
  size_t n;
  const vr_tensor *w = vr_agent_tensors(p->agent, &n);
  known k = {w, n};
  for (size_t i = 0; i < n; i++) {
    tensor_path(w + i, path);
    VR_TRY(get_numbers(f, path, VR_F32, w[i].rows, w[i].cols, 2, p->param + w[i].first));
  }
  return vr_h5_walk_all(f, GROUP "/weight", check_tensor, &k);
}

static int get_words(const vr_h5 *f, const char *path, char (*word)[VR_ARCH_WORD], size_t n)
{
  char **list;
  size_t have;
  if (!n) return 0;
  if (!vr_h5_has(f, path)) return vr_fail(VR_EDATA, "%s: is missing", path);
  VR_TRY(vr_h5_read_strings(f, path, &list, &have));
  int code = have == n ? 0 : vr_fail(VR_EDATA, "%s: has %zu names, not %zu", path, have, n);
  for (size_t i = 0; i < n && !code; i++)
    if (strlen(list[i]) < VR_ARCH_WORD)
      memcpy(word[i], list[i], strlen(list[i]) + 1);
    else
      code = vr_fail(VR_EDATA, "%s: row %zu is too long for a name", path, i);
  vr_release(list);
  return code;
}

static int get_vectors(const vr_h5 *f, vr_policy *p)
{
  vector v[NVECTORS];
  list_vectors(p, v);
  for (size_t i = 0; i < NVECTORS; i++)
    if (v[i].n) VR_TRY(get_numbers(f, v[i].path, VR_F64, v[i].n, 1, 1, v[i].a));
  for (size_t i = 0; i < p->arch.nin; i++)
    if (p->norm.m2[i] < 0) return vr_fail(VR_EDATA, GROUP "/input/m2: row %zu is below 0", i);
  for (size_t i = 0; i < p->arch.nvalue; i++)
    if (!(p->value_std[i] > 0))
      return vr_fail(VR_EDATA, GROUP "/value/std: row %zu is not above 0", i);
  return get_numbers(f, GROUP "/offset", VR_F32, p->arch.nact, 1, 1, p->offset);
}

static int get_curves(const vr_h5 *f, vr_policy *p)
{
  vr_h5_info info;
  if (!vr_h5_has(f, GROUP "/curves")) return 0;
  VR_TRY(vr_h5_get_info(f, GROUP "/curves", &info));
  VR_TRY(vr_policy_curves(p, info.rows, info.row));
  VR_TRY(get_words(f, GROUP "/curve", p->curve, info.row));
  return get_numbers(f, GROUP "/curves", VR_F64, info.rows, info.row, 2, p->curves.a);
}

static int get_all(const vr_h5 *f, vr_policy *p)
{
  double seed;
  VR_TRY(get_attribute(f, "seed", &seed));
  p->seed = (uint64_t)seed;
  VR_TRY(get_attribute(f, "frames", &p->frames));
  VR_TRY(get_attribute(f, "labelled", &p->labelled));
  VR_TRY(get_attribute(f, "input_rows", &p->norm.count));
  VR_TRY(get_attribute(f, "private_rows", &p->priv.count));
  VR_TRY(get_words(f, GROUP "/head", p->head, p->arch.nvalue));
  VR_TRY(get_weights(f, p));
  VR_TRY(get_vectors(f, p));
  return get_curves(f, p);
}

int vr_policy_get(const vr_turn *t, vr_policy *p)
{
  vr_arch arch;
  const vr_h5 *f = vr_turn_find(t, CONFIG);
  *p = (vr_policy){0};
  if (!f) return vr_fail(VR_EDATA, GROUP "/config: is not there: not a policy");
  VR_TRY(check_format(f));
  VR_TRY(get_config(f, &arch));
  VR_TRY(vr_policy_new(&arch, p));
  int code = get_all(f, p);
  if (code) vr_policy_free(p);
  return code;
}

int vr_policy_load(const char *path, vr_policy *p)
{
  char *operand[] = {(char *)path};
  vr_source source = {.operand = operand, .noperands = 1};
  vr_turn *t = NULL;
  *p = (vr_policy){0};
  int code = vr_source_next(&source, VR_TURN_READ, &t);
  if (!code) code = vr_wrap(vr_policy_get(t, p), "%s", t->name);
  vr_turn_free(t);
  vr_source_close(&source);
  return code;
}
