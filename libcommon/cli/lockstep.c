#include "cli/lockstep.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/number.h"
#include "base/str.h"
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  const vr_layout *layout;
  vr_env *env;
  double *obs;
  float *action;
  int wide;
  vr_str text; /* the line that is being written */
} talk;

static int send(talk *t, FILE *out)
{
  vr_str_addc(&t->text, '\n');
  VR_TRY(vr_str_ok(&t->text));
  if (fwrite(t->text.s, 1, t->text.n, out) != t->text.n || fflush(out))
    return vr_fail(VR_EIO, "standard output: %s", strerror(errno));
  vr_str_clear(&t->text);
  return 0;
}

/* time reward discount end, then SENSE or SENSE.COLUMN. */
static void add_names(talk *t)
{
  vr_str_add(&t->text, "time\treward\tdiscount\tend");
  for (size_t i = 0; i < t->layout->nsense; i++) {
    const vr_sense *s = t->layout->sense + i;
    const vr_axis *axis = *s->axis ? vr_layout_axis(t->layout, s->axis) : NULL;
    for (size_t k = 0; k < s->n; k++)
      vr_str_addf(&t->text, "\t%s%s%s", s->name, axis ? "." : "", axis ? axis->name[k] : "");
  }
}

static void add_number(talk *t, double x, int wide)
{
  char text[VR_NUMBER_MAX];
  vr_str_addn(&t->text, text, wide ? vr_number_f64(text, x) : vr_number_f32(text, (float)x));
}

/* The time is counted in control steps, without the rounding of the engine's clock. */
static void add_row(talk *t, size_t step, double reward, const char *end)
{
  add_number(t, (double)step / round(1 / VR_CONTROL_STEP), 1);
  vr_str_addc(&t->text, '\t');
  add_number(t, reward, 1);
  vr_str_addc(&t->text, '\t');
  add_number(t, vr_env_discount(t->env), 1);
  vr_str_addf(&t->text, "\t%s", end ? end : "-");
  for (size_t i = 0; i < t->layout->nobs; i++) {
    vr_str_addc(&t->text, '\t');
    add_number(t, t->obs[i], t->wide);
  }
}

/* The commands in a line. */
static int parse(talk *t, const char *line, size_t number)
{
  static const char gaps[] = " \t\r\n";
  size_t n = 0, want = t->layout->nact;
  for (const char *s = line + strspn(line, gaps); *s; s += strspn(s, gaps), n++) {
    double x;
    const char *end = vr_number_parse(s, &x);
    if (!end || !strchr(gaps, *end) || !isfinite(x))
      return vr_fail(
        VR_EDATA, "standard input: line %zu: number %zu is not a finite number", number, n + 1);
    if (n < want) t->action[n] = (float)x;
    s = end;
  }
  return n == want
           ? 0
           : vr_fail(VR_EDATA, "standard input: line %zu: %zu numbers, the animal takes %zu",
               number, n, want);
}

static int converse(talk *t, uint64_t seed, size_t frames, FILE *in, FILE *out, char **line)
{
  size_t size = 0;
  VR_TRY(vr_env_reset(t->env, seed, t->obs));
  add_names(t);
  VR_TRY(send(t, out));
  add_row(t, 0, 0, NULL);
  VR_TRY(send(t, out));
  for (size_t step = 1; step <= frames; step++) {
    double reward;
    errno = 0;
    if (getline(line, &size, in) < 0)
      return feof(in) ? 0 : vr_fail(VR_EIO, "standard input: %s", strerror(errno));
    VR_TRY(parse(t, *line, step));
    vr_env_step(t->env, t->action, t->obs, &reward);
    const char *end = vr_env_done(t->env);
    add_row(t, step, reward, end || step < frames ? end : "time limit");
    VR_TRY(send(t, out));
    if (end) break;
  }
  return 0;
}

int vr_lockstep(const vr_scene *scene, uint64_t seed, size_t frames, int wide, FILE *in, FILE *out)
{
  talk t = {.layout = vr_scene_layout(scene), .wide = wide};
  char *line = NULL;
  int code = vr_env_new(scene, &t.env);
  if (!code) code = vr_alloc(&t.obs, t.layout->nobs, sizeof *t.obs);
  if (!code) code = vr_alloc(&t.action, t.layout->nact, sizeof *t.action);
  if (!code) code = converse(&t, seed, frames, in, out, &line);
  free(line);
  vr_env_free(t.env);
  vr_release(t.obs);
  vr_release(t.action);
  vr_str_free(&t.text);
  return code;
}
