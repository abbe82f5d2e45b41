#include "ana/timescale.h"
#include "base/err.h"
#include "base/mem.h"
#include "io/columns.h"
#include "io/stage_psd.h"
#include "num/stat.h"
#include <stdio.h>
#include <string.h>

enum { PATH = 300 };

typedef struct {
  double median, low, high, white, limit;
} summary;

/* the median of the columns that vary, and what processes of that constant show */
static int summarise(const vr_trials *tr, const double *constant, size_t d, size_t draws,
  uint64_t seed, const vr_pool *pool, summary *s)
{
  double *a, fall;
  size_t n = 0;
  VR_TRY(vr_timescale_limit(tr, &s->limit));
  VR_TRY(vr_timescale_expect(tr, 0, &fall));
  VR_TRY(vr_timescale_calibrate(tr, &fall, 1, &s->white));
  VR_TRY(vr_alloc(&a, d + 2 * draws, sizeof *a));
  double *drawn = a + d;
  for (size_t j = 0; j < d; j++)
    if (constant[j] > 0) a[n++] = constant[j];
  s->median = n ? vr_quantile(a, n, 0.5) : 0;
  s->low = s->high = s->median;
  int code = n ? vr_timescale_draw(tr, s->median, draws, seed, pool, drawn) : 0;
  if (!code && n) code = vr_timescale_calibrate(tr, drawn, draws, drawn + draws);
  if (!code && n && draws) {
    s->low = vr_quantile(drawn + draws, draws, 0.05);
    s->high = vr_quantile(drawn + draws, draws, 0.95);
  }
  vr_release(a);
  return code;
}

static int put(vr_turn *t, const char *path, const double *fall, size_t d, const summary *s)
{
  char to[PATH], **name;
  size_t n;
  const struct {
    const char *name;
    double value;
  } numbers[] = {{"median", s->median}, {"low", s->low}, {"high", s->high}, {"white", s->white},
    {"limit", s->limit}};
  snprintf(to, sizeof to, "/psd%s/timescale", path);
  VR_TRY(vr_h5_remove(t->out, to));
  VR_TRY(vr_column_names(vr_turn_find(t, path), path, &name, &n));
  snprintf(to, sizeof to, "/psd%s/timescale/column", path);
  int code = n == d && n > 1 ? vr_put_strings(t, to, name, n, "column") : 0;
  vr_release(name);
  snprintf(to, sizeof to, "/psd%s/timescale/fall", path);
  if (!code) code = vr_h5_put(t->out, to, VR_F64, 1, &d, fall, "column", "s");
  snprintf(to, sizeof to, "/psd%s/timescale/constant", path);
  if (!code) code = vr_h5_put(t->out, to, VR_F64, 1, &d, fall + d, "column", "s");
  for (size_t k = 0; k < VR_LEN(numbers) && !code; k++)
    code = vr_h5_set_attr_num(t->out, to, numbers[k].name, numbers[k].value);
  return code;
}

int vr_stage_timescale(
  vr_turn *t, const char *path, int draws, uint64_t seed, const vr_pool *pool, vr_str *notes)
{
  vr_mat x = {0};
  vr_trials tr = {0};
  summary s = {0};
  double *fall = NULL;
  if (path[0] != '/' || strlen(path) > 200)
    return vr_fail(VR_EARG, "%.60s: not the absolute path of a dataset", path);
  int code = vr_get_mat(t, path, &x);
  if (!code) code = vr_get_trials(t, &tr);
  if (!code) code = vr_alloc(&fall, 2 * x.cols, sizeof *fall);
  if (!code) code = vr_wrap(vr_timescale(&x, &tr, pool, fall), "%s", path);
  if (!code) code = vr_timescale_calibrate(&tr, fall, x.cols, fall + x.cols);
  if (!code) code = summarise(&tr, fall + x.cols, x.cols, (size_t)draws, seed, pool, &s);
  if (!code) code = put(t, path, fall, x.cols, &s);
  if (!code)
    vr_str_addf(notes,
      "%s: median time constant %.3g s of %zu columns; one column of that constant shows %.3g to "
      "%.3g s here, white noise %.2g s, and beyond %.3g s none can be told\n",
      path, s.median, x.cols, s.low, s.high, s.white, s.limit);
  vr_release(fall);
  vr_trials_free(&tr);
  vr_mat_free(&x);
  return code ? code : vr_str_ok(notes);
}
