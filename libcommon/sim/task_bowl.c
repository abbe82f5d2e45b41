/* Escape from a bowl: a ring of hills around a hollow, rough by bumps (rodent.md 4.1). */
#include "sim/task_kinds.h"
#include "base/err.h"
#include "base/mem.h"
#include "sim/spline.h"
#include <math.h>

/* All of it for one draw; the profile is the same in every episode. */
typedef struct {
  vr_spline *spline;
  double *bump, *data, *profile;
} layout;

static int check(const vr_task *t)
{
  return vr_task_ordered(t, "bump_low", "bump_high");
}

static void drop(void *work)
{
  layout *l = work;
  if (!l) return;
  vr_spline_free(l->spline);
  vr_release(l->bump);
  vr_release(l->data);
  vr_release(l->profile);
  vr_release(l);
}

// 0 in the corners and beyond the radius, 1 on the ring at half of it, low in the hollow
static double profile(double x, double y, double hollow)
{
  double rho = fmin(fmax(sqrt(x * x + y * y), hollow), 1);
  return 0.5 - 0.5 * cos(2 * M_PI * rho);
}

static int size(const vr_task *t, vr_ground *g)
{
  size_t n = (size_t)vr_task_get(t, "samples"), bumps = (size_t)vr_task_get(t, "bumps");
  double hollow = vr_task_get(t, "hollow");
  g->heights.n = n;
  g->heights.half = vr_task_get(t, "size");
  g->heights.depth = vr_task_get(t, "depth");
  g->plane[g->nplanes++] = (vr_plane){{0, 0, 0}, {0, 0, 1}, 1};
  layout *l;
  VR_TRY(vr_alloc(&l, 1, sizeof *l));
  g->work = l;
  VR_TRY(vr_spline_new(bumps, n, &l->spline));
  VR_TRY(vr_alloc(&l->bump, bumps * bumps, sizeof *l->bump));
  VR_TRY(vr_alloc(&l->data, n * n, sizeof *l->data));
  VR_TRY(vr_alloc(&l->profile, n * n, sizeof *l->profile));
  double step = 2 / (double)(n - 1);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++)
      l->profile[i * n + j] = profile((double)j * step - 1, (double)i * step - 1, hollow);
  return 0;
}

// data in 0 .. 1, whatever the greatest and the least: a scene in text then holds the same numbers
static void scale(const vr_task *t, const double *data, vr_heights *h)
{
  double low = data[0], high = data[0], height = vr_task_get(t, "height");
  for (size_t i = 0; i < h->n * h->n; i++) {
    low = fmin(low, data[i]);
    high = fmax(high, data[i]);
  }
  h->base = vr_task_get(t, "base") + height * low;
  h->height = height * (high - low);
  for (size_t i = 0; i < h->n * h->n; i++)
    h->data[i] = h->height > 0 ? (float)((data[i] - low) / (high - low)) : 0;
  if (h->height <= 0) h->height = 0.001; // the engine knows no field without height
}

static int draw(const vr_task *t, uint64_t seed, vr_ground *g)
{
  layout *l = g->work;
  vr_rng r = vr_rng_new(seed, 0, VR_RNG_GROUND), spawn = vr_rng_new(seed, 0, VR_RNG_SPAWN);
  size_t bumps = (size_t)vr_task_get(t, "bumps"), n = g->heights.n;
  double low = vr_task_get(t, "bump_low"), more = vr_task_get(t, "bump_high") - low;
  for (size_t i = 0; i < bumps * bumps; i++) l->bump[i] = low + more * vr_rng_uniform(&r);
  vr_spline_enlarge(l->spline, l->bump, l->data);
  for (size_t i = 0; i < n * n; i++) l->data[i] *= l->profile[i];
  scale(t, l->data, &g->heights);
  // any orientation; how high is found by the engine
  double *q = g->spawn + 3, norm = 0;
  for (int k = 0; k < 4; k++) {
    q[k] = vr_rng_normal(&spawn);
    norm += q[k] * q[k];
  }
  for (int k = 0; k < 4; k++) q[k] /= sqrt(norm);
  return 0;
}

static void dress(const vr_task *t, const vr_ground *g, vr_world *w)
{
  (void)g;
  vr_look_light(w, 0.4, 0.8, 0.1, 0.00025, 50);
  vr_look_sky(w);
  vr_look_grass(w, 1);
  int collider = (int)vr_task_get(t, "collider");
  if (collider == 1) vr_str_add(&w->option, "    <flag nativeccd=\"disable\"/>\n");
  w->smooth = collider == 0;
  w->extent = 17;
  w->floor = vr_task_get(t, "ground");
}

const vr_task_kind vr_task_bowl = {.name = "bowl",
  .keys = "size samples height bumps bump_low bump_high hollow base depth ground collider "
          "spawn_step spawn_tries spawn_field escape cues seconds",
  .check = check,
  .size = size,
  .draw = draw,
  .dress = dress,
  .drop = drop};
