#include "base/err.h"
#include "io/ablation_in.h"
#include "num/stat.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

#define GROUP "/ablation"
#define Z95 1.959963984540054 // standard deviations, 95 %

enum { PATH = 96 };

/* What all trials of a condition come to. */
typedef struct {
  double attempts, successes, share, low, high, mean, p;
} sum;

/* P of as uneven a split of n pairs that differ as k to n - k, by chance (two-sided). */
static double sign_test(size_t k, size_t n)
{
  double tail = 0;
  if (2 * k > n) k = n - k;
  for (size_t i = 0; i <= k; i++)
    tail += exp(lgamma((double)n + 1) - lgamma((double)i + 1) - lgamma((double)(n - i) + 1) -
                (double)n * M_LN2);
  return fmin(2 * tail, 1);
}

static sum add_up(const job *j, size_t condition)
{
  size_t n = j->trials->trials, attempts = 0, successes = 0, better = 0, differ = 0;
  const vr_lesion_trial *t = j->trial + condition * n;
  sum s = {0};
  for (size_t i = 0; i < n; i++) {
    attempts += t[i].attempts;
    successes += t[i].successes < t[i].attempts ? t[i].successes : t[i].attempts;
    s.mean += t[i].total / (double)n;
    // the same seed, intact
    better += t[i].successes > j->trial[i].successes;
    differ += t[i].successes != j->trial[i].successes;
  }
  s.attempts = (double)attempts;
  s.successes = (double)successes;
  s.share = attempts ? (double)successes / (double)attempts : 0;
  vr_wilson(successes, attempts, Z95, &s.low, &s.high);
  s.p = sign_test(better, differ);
  return s;
}

/* One number of each condition, layers x levels x sets; `at`: its place in `sum`. */
static int put_sums(const job *j, const sum *s, const char *name, size_t at, vr_turn *t)
{
  size_t dim[3] = {j->nlayer, j->par->nlevel, 1 + j->par->controls};
  size_t n = dim[0] * dim[1] * dim[2];
  char path[PATH];
  double *a;
  snprintf(path, sizeof path, GROUP "/%s", name);
  VR_TRY(vr_alloc(&a, n, sizeof *a));
  for (size_t i = 0; i < n; i++) memcpy(a + i, (const char *)(s + j->at[i]) + at, sizeof *a);
  int code = vr_h5_put(t->out, path, VR_F64, 3, dim, a, "layer level set", "1");
  vr_release(a);
  return code;
}

static int put_all_sums(const job *j, vr_turn *t)
{
  static const struct {
    const char *name;
    size_t at;
  } part[] = {{"attempts", offsetof(sum, attempts)}, {"successes", offsetof(sum, successes)},
    {"share", offsetof(sum, share)}, {"low", offsetof(sum, low)}, {"high", offsetof(sum, high)},
    {"return", offsetof(sum, mean)}, {"p", offsetof(sum, p)}};
  sum *s;
  VR_TRY(vr_alloc(&s, j->ncondition, sizeof *s));
  for (size_t i = 0; i < j->ncondition; i++) s[i] = add_up(j, i);
  int code = 0;
  for (size_t k = 0; k < VR_LEN(part) && !code; k++)
    code = put_sums(j, s, part[k].name, part[k].at, t);
  vr_release(s);
  return code;
}

/* Of each trial: attempts, successes, return. */
static int put_trials(const job *j, vr_turn *t)
{
  static const char *const name[] = {"attempts", "successes", "return"};
  size_t trials = j->trials->trials;
  size_t dim[4] = {j->nlayer, j->par->nlevel, 1 + j->par->controls, trials};
  size_t n = dim[0] * dim[1] * dim[2];
  double *a;
  VR_TRY(vr_alloc(&a, n * trials, sizeof *a));
  int code = 0;
  for (size_t k = 0; k < VR_LEN(name) && !code; k++) {
    char path[PATH];
    snprintf(path, sizeof path, GROUP "/trials/%s", name[k]);
    for (size_t i = 0; i < n * trials; i++) {
      const vr_lesion_trial *x = j->trial + j->at[i / trials] * trials + i % trials;
      a[i] = k == 0 ? (double)x->attempts : k == 1 ? (double)x->successes : x->total;
    }
    code = vr_h5_put(t->out, path, VR_F64, 4, dim, a, "layer level set trial", "1");
  }
  vr_release(a);
  return code;
}

/* What the layers do around the behaviour. */
static int put_layer(const layer *l, vr_turn *t)
{
  char path[PATH];
  int32_t *order;
  size_t n = l->units;
  snprintf(path, sizeof path, GROUP "/%s/score", l->name);
  VR_TRY(vr_h5_put(t->out, path, VR_F64, 1, &n, l->score, "unit", "1"));
  snprintf(path, sizeof path, GROUP "/%s/hold", l->name);
  VR_TRY(vr_h5_put(t->out, path, VR_F64, 1, &n, l->hold, "unit", "1"));
  VR_TRY(vr_alloc(&order, n, sizeof *order));
  for (size_t i = 0; i < n; i++) order[i] = l->order[i] + 1;
  snprintf(path, sizeof path, GROUP "/%s/order", l->name);
  int code = vr_h5_put(t->out, path, VR_I32, 1, &n, order, "rank", "");
  vr_release(order);
  if (code) return code;
  snprintf(path, sizeof path, GROUP "/%s/course", l->name);
  return vr_put_mat(t, path, l->course, "lag unit", "1");
}

/* Times of the steps of a window, from the event. */
static int put_lag(const windows *w, vr_turn *t)
{
  double *lag;
  VR_TRY(vr_alloc(&lag, w->length, sizeof *lag));
  for (size_t i = 0; i < w->length; i++) lag[i] = ((double)i - round(w->before)) / w->trials.rate;
  int code = vr_h5_put(t->out, GROUP "/lag", VR_F64, 1, &w->length, lag, "lag", "s");
  vr_release(lag);
  return code;
}

/* Names of the axes. */
static int put_axes(const job *j, vr_turn *t)
{
  char(*word)[32], **list;
  size_t sets = 1 + j->par->controls, most = sets > j->nlayer ? sets : j->nlayer;
  int32_t level[VR_ABLATION_LEVELS];
  VR_TRY(vr_alloc(&list, most, sizeof *list + sizeof *word));
  word = (char(*)[32])(list + most);
  for (size_t i = 0; i < most; i++) list[i] = word[i];
  for (size_t i = 0; i < j->nlayer; i++) snprintf(word[i], sizeof *word, "%s", j->layer[i].name);
  int code = vr_put_strings(t, GROUP "/layer", list, j->nlayer, "layer");
  for (size_t i = 0; i < sets; i++) snprintf(word[i], sizeof *word, i ? "control%zu" : "ranked", i);
  if (!code) code = vr_put_strings(t, GROUP "/set", list, sets, "set");
  for (size_t i = 0; i < j->par->nlevel; i++) level[i] = (int32_t)j->par->level[i];
  if (!code) code = vr_put_ints(t, GROUP "/level", level, j->par->nlevel, "level");
  vr_release(list);
  return code;
}

static int tell(const job *j, vr_turn *t)
{
  const vr_lesion_goal *g = &j->trials->goal;
  vr_h5 *f = t->out;
  VR_TRY(vr_h5_set_attr_str(f, GROUP "/share", "behaviour", j->par->event));
  VR_TRY(vr_h5_set_attr_num(f, GROUP "/share", "windows", (double)j->window.n));
  VR_TRY(vr_h5_set_attr_str(f, GROUP "/share", "success", g->event));
  VR_TRY(vr_h5_set_attr_str(f, GROUP "/share", "attempt", g->attempt ? g->attempt : "trial"));
  VR_TRY(vr_h5_set_attr_str(f, GROUP "/share", "mode", j->par->drive ? "drive" : "hold"));
  return vr_h5_set_attr_num(f, GROUP "/share", "trained_frames", j->trials->policy->frames);
}

int vr_ablation_put(const job *j, vr_turn *t)
{
  // all of an ablation that is there already
  VR_TRY(vr_h5_remove(t->out, GROUP));
  VR_TRY(put_axes(j, t));
  VR_TRY(put_all_sums(j, t));
  VR_TRY(put_trials(j, t));
  VR_TRY(put_lag(&j->window, t));
  for (size_t i = 0; i < j->nlayer; i++) VR_TRY(put_layer(j->layer + i, t));
  return tell(j, t);
}
