#include "sim/tune.h"
#include "base/err.h"
#include "base/mem.h"
#include "num/cmaes.h"
#include "sim/tune_in.h"
#include <math.h>
#include <string.h>

enum { ARCHIVE = 6, FRESH = 2 }; // FRESH: how often one has to be tried to be the best

/* What one thread plays with. */
typedef struct {
  vr_env *env;
  vr_teacher *teacher;
} player;

struct vr_tune {
  const vr_scene *scene;
  char *gaits;
  vr_tune_par par;
  vr_knobs knobs;
  vr_cmaes *cma;
  size_t n, frames;
  double *x;              /* population + 1 candidates: the last one is from the archive */
  double *start, *cost;   /* (population + 1) x starts scores; costs */
  size_t *took;           /* frames of each start */
  double *kept;           /* ARCHIVE x n */
  double sum[ARCHIVE];    /* of scores, over trials */
  size_t trials[ARCHIVE]; /* generations in which it was tried; 0: no member */
  player *player;
  size_t nplayers;
};

static int fill(vr_tune *s, const vr_gait *like, const vr_reflex *reflex, const char *gaits)
{
  const vr_tune_par *p = &s->par;
  size_t all = (size_t)p->population + 1;
  vr_knobs_find(&s->scene->layout, like, reflex, p->harmonics, p->reflexes, &s->knobs);
  size_t n = s->n = s->knobs.n;
  VR_TRY(vr_alloc(&s->gaits, strlen(gaits) + 1, 1));
  memcpy(s->gaits, gaits, strlen(gaits) + 1);
  VR_TRY(vr_alloc(&s->x, all * n, sizeof *s->x));
  VR_TRY(vr_alloc(&s->start, all * (size_t)p->starts, sizeof *s->start));
  VR_TRY(vr_alloc(&s->took, all * (size_t)p->starts, sizeof *s->took));
  VR_TRY(vr_alloc(&s->cost, all, sizeof *s->cost));
  VR_TRY(vr_alloc(&s->kept, ARCHIVE * n, sizeof *s->kept));
  double *unit = s->kept; // not yet in use
  for (size_t i = 0; i < n; i++) unit[i] = vr_knobs_unit(&s->knobs, i);
  vr_knobs_start(&s->knobs, s->x);
  const vr_cmaes_par par = {
    .n = n, .population = (size_t)p->population, .sigma = p->sigma, .seed = p->seed};
  VR_TRY(vr_cmaes_new(&par, s->x, unit, &s->cma));
  memcpy(s->kept, s->x, n * sizeof *s->kept);
  return 0;
}

int vr_tune_new(const vr_scene *scene, const char *gaits, const vr_tune_par *par,
  const vr_gait *like, const vr_reflex *reflex, vr_tune **s)
{
  *s = NULL;
  if (par->population < 4 || par->starts < 1 || !(par->seconds > 0))
    return vr_fail(VR_EARG, "a search takes 4 candidates and a start at least, longer than 0 s");
  VR_TRY(vr_alloc(s, 1, sizeof **s));
  (*s)->scene = scene;
  (*s)->par = *par;
  int code = fill(*s, like, reflex, gaits);
  if (code) {
    vr_tune_free(*s);
    *s = NULL;
  }
  return code;
}

void vr_tune_free(vr_tune *s)
{
  if (!s) return;
  for (size_t i = 0; i < s->nplayers; i++) {
    vr_env_free(s->player[i].env);
    vr_teacher_free(s->player[i].teacher);
  }
  vr_cmaes_free(s->cma);
  vr_release(s->player);
  vr_release(s->gaits);
  vr_release(s->x);
  vr_release(s->start);
  vr_release(s->took);
  vr_release(s->cost);
  vr_release(s->kept);
  vr_release(s);
}

size_t vr_tune_size(const vr_tune *s)
{
  return s->n;
}

size_t vr_tune_generations(const vr_tune *s)
{
  return vr_cmaes_generation(s->cma);
}

/* -- the archive -- */

static double mean_of(const vr_tune *s, int k)
{
  return s->sum[k] / (double)s->trials[k];
}

/* The member that has been tried least, -1: there is none. */
static int least_tried(const vr_tune *s)
{
  int best = -1;
  for (int k = 0; k < ARCHIVE; k++)
    if (s->trials[k] && (best < 0 || s->trials[k] < s->trials[best])) best = k;
  return best;
}

/* The best that has been tried more than once, else the best. */
static int best_of(const vr_tune *s)
{
  int best = -1;
  for (int k = 0; k < ARCHIVE; k++) {
    if (!s->trials[k]) continue;
    int known = s->trials[k] >= FRESH, champion = best >= 0 && s->trials[best] >= FRESH;
    if (best < 0 || known > champion || (known == champion && mean_of(s, k) > mean_of(s, best)))
      best = k;
  }
  return best;
}

/* Takes in a candidate, in the place of the worst if it is better. */
static void keep(vr_tune *s, const double *x, double score)
{
  int place = 0;
  for (int k = 1; k < ARCHIVE && s->trials[place]; k++)
    if (!s->trials[k] || mean_of(s, k) < mean_of(s, place)) place = k;
  if (s->trials[place] && mean_of(s, place) >= score) return;
  memcpy(s->kept + (size_t)place * s->n, x, s->n * sizeof *x);
  s->sum[place] = score;
  s->trials[place] = 1;
}

/* -- a generation -- */

typedef struct {
  vr_tune *s;
  size_t generation;
} round_of;

static int try_one(void *ctx, size_t chunk, int thread)
{
  round_of *now = ctx;
  vr_tune *s = now->s;
  player *p = s->player + thread;
  size_t starts = (size_t)s->par.starts, k = chunk / starts, start = chunk % starts;
  vr_gait g;
  vr_reflex r;
  vr_knobs_set(&s->knobs, s->x + k * s->n, &g, &r);
  vr_teacher_use(p->teacher, &g, &r);
  uint64_t seed = vr_episode_seed(s->par.seed, (uint32_t)now->generation, (uint32_t)start);
  return vr_tune_try(&s->par, p->env, p->teacher, seed, s->start + chunk, s->took + chunk);
}

/* Room for as many threads as there are. */
static int call_players(vr_tune *s, const vr_pool *pool)
{
  size_t threads = (size_t)vr_pool_threads(pool);
  VR_TRY(vr_grow(
    &s->player, s->nplayers, threads > s->nplayers ? threads : s->nplayers, sizeof *s->player));
  for (; s->nplayers < threads; s->nplayers++) {
    player *p = s->player + s->nplayers;
    VR_TRY(vr_env_new(s->scene, &p->env));
    int code = vr_teacher_new("teacher", s->gaits, s->scene, &p->teacher);
    if (code) {
      vr_env_free(p->env);
      return code;
    }
  }
  return 0;
}

/* Mean and, for a third, the worst of the starts of a candidate: what falls now and then is not good. */
static double total(const vr_tune *s, size_t k)
{
  double sum = 0, least = INFINITY;
  for (size_t i = 0; i < (size_t)s->par.starts; i++) {
    double x = s->start[k * (size_t)s->par.starts + i];
    sum += x;
    least = fmin(least, x);
  }
  return 0.7 * sum / s->par.starts + 0.3 * least;
}

/* The median of the costs, and the place of the least. */
static double middle(const double *cost, size_t n, size_t *least)
{
  size_t below = n / 2;
  *least = 0;
  for (size_t k = 1; k < n; k++)
    if (cost[k] < cost[*least]) *least = k;
  for (size_t k = 0; k < n; k++) {
    size_t less = 0;
    for (size_t j = 0; j < n; j++) less += cost[j] < cost[k] || (cost[j] == cost[k] && j < k);
    if (less == below) return cost[k];
  }
  return NAN;
}

int vr_tune_generation(vr_tune *s, const vr_pool *pool, vr_tune_report *report)
{
  size_t n = s->n, population = (size_t)s->par.population, starts = (size_t)s->par.starts, best;
  int again = least_tried(s);
  size_t all = (population + (again >= 0)) * starts;
  round_of now = {s, vr_cmaes_generation(s->cma)};
  VR_TRY(call_players(s, pool));
  vr_cmaes_ask(s->cma, s->x);
  if (again >= 0) memcpy(s->x + population * n, s->kept + (size_t)again * n, n * sizeof *s->x);
  VR_TRY(vr_pool_run(pool, all, try_one, &now));
  for (size_t i = 0; i < all; i++) s->frames += s->took[i];
  for (size_t k = 0; k < population; k++) s->cost[k] = -total(s, k);
  if (again >= 0) s->sum[again] += total(s, population), s->trials[again]++;
  report->median = -middle(s->cost, population, &best);
  report->best = -s->cost[best];
  keep(s, s->x + best * n, report->best);
  VR_TRY(vr_cmaes_tell(s->cma, s->cost));
  int kept = best_of(s);
  report->generation = vr_cmaes_generation(s->cma);
  report->frames = s->frames;
  report->kept = mean_of(s, kept);
  report->trials = s->trials[kept];
  report->sigma = vr_cmaes_sigma(s->cma);
  return 0;
}

void vr_tune_best(const vr_tune *s, vr_gait *g, vr_reflex *r)
{
  vr_reflex unused;
  int k = best_of(s);
  vr_knobs_set(&s->knobs, s->kept + (k < 0 ? 0 : (size_t)k) * s->n, g, r ? r : &unused);
}

/* -- saving -- */

enum { HEAD = 1 }; // frames

size_t vr_tune_state_size(const vr_tune *s)
{
  return HEAD + vr_cmaes_state_size(s->cma) + ARCHIVE * (s->n + 2);
}

void vr_tune_save(const vr_tune *s, double *state)
{
  *state++ = (double)s->frames;
  vr_cmaes_save(s->cma, state);
  state += vr_cmaes_state_size(s->cma);
  memcpy(state, s->kept, ARCHIVE * s->n * sizeof *state);
  state += ARCHIVE * s->n;
  for (int k = 0; k < ARCHIVE; k++) {
    *state++ = s->sum[k];
    *state++ = (double)s->trials[k];
  }
}

void vr_tune_restore(vr_tune *s, const double *state)
{
  s->frames = (size_t)*state++;
  vr_cmaes_restore(s->cma, state);
  state += vr_cmaes_state_size(s->cma);
  memcpy(s->kept, state, ARCHIVE * s->n * sizeof *state);
  state += ARCHIVE * s->n;
  for (int k = 0; k < ARCHIVE; k++) {
    s->sum[k] = *state++;
    s->trials[k] = (size_t)*state++;
  }
}
