#include "sim/controller.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "sim/gait.h"
#include "sim/motion.h"
#include "sim/spec.h"
#include <math.h>
#include <string.h>

enum { RNG_CONTROL = 2, RUNNERS = 3, MAXKEYS = 4 };

typedef struct {
  const char *name, *what;
  vr_motion motion; /* what it starts with */
  int rights;       /* gets up when it falls */
  size_t nkeys;
  vr_key key[MAXKEYS];
} kind;

/* clang-format off */
static const kind kinds[] = {
  {"zero", "all commands 0: every joint goes to the middle of its range", {.kind = VR_MOTION_ZERO},
    0, 0, {{0}}},
  {"hold", "holds the spawn pose", {.kind = VR_MOTION_REST}, 0, 0, {{0}}},
  {"noise", "smooth noise around the spawn pose", {.kind = VR_MOTION_TWITCH}, 0, 2,
    {{"size", 0.3, 0, 2, "-", "standard deviation of the commands"},
      {"tau", 0.1, 0.02, 10, "s", "correlation time"}}},
  {"trot", "left and right alternate, 0.27 m/s", {.kind = VR_MOTION_TROT, .speed = 0.27}, 1, 1,
    {{"turn", 0, -1, 1, "rad/s", "turning, to the left"}}},
  {"run", "half-bound to bound, by speed", {.kind = VR_MOTION_RUN}, 1, 2,
    {{"speed", 0.5, 0, 0.65, "m/s", "speed"}, {"turn", 0, -2.5, 2.5, "rad/s", "turning, to the left"}}},
  {"rear", "crouches, rears and reaches, 1.25 Hz", {.kind = VR_MOTION_REAR}, 1, 0, {{0}}},
  {"right", "gets on its feet from any orientation, then holds", {.kind = VR_MOTION_REST}, 1, 0,
    {{0}}},
  {"mix", "changes between all of these by chance", {.kind = VR_MOTION_REST}, 1, 2,
    {{"low", 2, 0.2, 60, "s", "shortest bout"}, {"high", 5, 0.2, 60, "s", "longest bout"}}},
};
/* clang-format on */

struct vr_controller {
  const kind *kind;
  vr_key key[MAXKEYS];
  size_t n;
  double hold[VR_GAIT_MAX], noise[VR_GAIT_MAX], u[VR_GAIT_MAX];
  vr_gait runner[RUNNERS], trot, rear, now; /* now: the gait being played */
  vr_righting righting;
  vr_rng rng;
  vr_motion motion;
  int told;             /* the motion stands in the events */
  double since;         /* when it began */
  double theta, target; /* phase of the gait, heading to hold */
};

const char *const *vr_controller_names(size_t *n)
{
  static const char *list[VR_LEN(kinds)];
  for (size_t i = 0; i < VR_LEN(kinds); i++) list[i] = kinds[i].name;
  *n = VR_LEN(kinds);
  return list;
}

const char *vr_controller_what(size_t i)
{
  return kinds[i].what;
}

/* The row of `kinds` that the text names. */
static int find(const char *spec, const kind **k)
{
  for (size_t i = 0; i < VR_LEN(kinds); i++)
    if (vr_spec_is(spec, kinds[i].name)) {
      *k = kinds + i;
      return 0;
    }
  size_t n;
  const char *const *list = vr_controller_names(&n);
  vr_str word = {0}, all = {0};
  vr_str_add_escaped(&word, spec, strcspn(spec, ":"), 40);
  for (size_t i = 0; i < n; i++) vr_str_addf(&all, "%s%s", i ? ", " : "", list[i]);
  const char *near = vr_str_nearest(vr_str_get(&word), list, n);
  int code = vr_fail(VR_EARG, "there is no controller '%s'%s%s%s (there are %s)", vr_str_get(&word),
    near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "", vr_str_get(&all));
  vr_str_free(&word);
  vr_str_free(&all);
  return code;
}

static int fill(vr_controller *c, const char *spec, const char *gaits, const vr_layout *layout)
{
  VR_TRY(find(spec, &c->kind));
  memcpy(c->key, c->kind->key, sizeof c->key);
  VR_TRY(vr_spec_parse("controller", spec, c->key, c->kind->nkeys));
  c->n = layout->nact;
  VR_TRY(vr_gait_read(gaits, "r050", layout, c->runner + 1));
  VR_TRY(vr_gait_read(gaits, "r067", layout, c->runner + 2));
  vr_gait_stand(c->runner + 1, layout->hold, c->runner);
  VR_TRY(vr_gait_read(gaits, "rtrot", layout, &c->trot));
  VR_TRY(vr_gait_read(gaits, "rear", layout, &c->rear));
  VR_TRY(vr_righting_read(gaits, layout, &c->righting));
  memcpy(c->hold, layout->hold, c->n * sizeof *c->hold);
  return 0;
}

int vr_controller_new(
  const char *spec, const char *gaits, const vr_layout *layout, vr_controller **c)
{
  VR_TRY(vr_alloc(c, 1, sizeof **c));
  int code = fill(*c, spec, gaits, layout);
  if (code) {
    vr_controller_free(*c);
    *c = NULL;
  }
  return code;
}

void vr_controller_free(vr_controller *c)
{
  vr_release(c);
}

static double setting(const vr_controller *c, const char *name)
{
  return vr_spec_get(c->key, c->kind->nkeys, name);
}

static int is_mix(const vr_controller *c)
{
  return c->kind == kinds + VR_LEN(kinds) - 1;
}

/* Starts a motion: chooses its gait; gaits that run keep the phase of the one before. */
static void begin(vr_controller *c, const vr_motion *m, const vr_cue *cue)
{
  c->motion = *m;
  c->told = 0;
  c->since = cue->time;
  c->target = cue->heading;
  if (m->kind == VR_MOTION_TROT)
    c->now = c->trot;
  else
    vr_gait_at(c->runner, RUNNERS, m->speed, &c->now);
  if (m->kind == VR_MOTION_REAR) c->theta = 0;
  if (m->kind == VR_MOTION_TIP) {
    c->righting.phi = 0;
    c->righting.side = vr_rng_uniform(&c->rng) < 0.5 ? 1 : -1;
  }
}

void vr_controller_start(vr_controller *c, uint64_t seed)
{
  c->rng = vr_rng_new(seed, 0, RNG_CONTROL);
  c->theta = 2 * M_PI * vr_rng_uniform(&c->rng);
  memset(c->noise, 0, sizeof c->noise);
  vr_righting_start(&c->righting);
  c->motion = (vr_motion){.kind = VR_MOTION_N, .seconds = -1}; // none yet
}

/* The first motion, and in `mix` the next when one is over. */
static void choose(vr_controller *c, const vr_cue *cue)
{
  vr_motion m = c->motion;
  if (m.kind != VR_MOTION_N && cue->time - c->since < m.seconds - 1e-9) return;
  if (is_mix(c)) {
    vr_mix_next(&c->rng, m.kind, setting(c, "low"), setting(c, "high"), &m);
  } else {
    m = c->kind->motion;
    m.seconds = INFINITY;
    m.size = setting(c, "size");
    m.yaw = setting(c, "turn");
    if (m.kind == VR_MOTION_RUN) m.speed = setting(c, "speed");
  }
  begin(c, &m, cue);
}

/* An Ornstein-Uhlenbeck process on each actuator. */
static void twitch(vr_controller *c)
{
  double tau = is_mix(c) ? 0.1 : setting(c, "tau"), keep = exp(-VR_CONTROL_STEP / tau);
  double kick = c->motion.size * sqrt(1 - keep * keep);
  for (size_t i = 0; i < c->n; i++) {
    c->noise[i] = keep * c->noise[i] + kick * vr_rng_normal(&c->rng);
    c->u[i] = fmin(fmax(c->hold[i] + c->noise[i], -1), 1);
  }
}

/* Rears, standing before and after. */
static void rear(vr_controller *c, const vr_cue *cue)
{
  double t = cue->time - c->since;
  if (t < VR_REAR_PAUSE || t > c->motion.seconds - VR_REAR_PAUSE) {
    memcpy(c->u, c->hold, sizeof c->u);
    return;
  }
  c->theta += 2 * M_PI * c->rear.frequency * VR_CONTROL_STEP;
  vr_gait_act(&c->rear, c->theta, 0, c->u);
}

/* A gait; the heading to hold turns, but never far from the animal's own. */
static void run(vr_controller *c, const vr_cue *cue)
{
  c->theta = fmod(c->theta + 2 * M_PI * c->now.frequency * VR_CONTROL_STEP, 2 * M_PI);
  double ahead = remainder(c->target + c->motion.yaw * VR_CONTROL_STEP - cue->heading, 2 * M_PI);
  c->target = cue->heading + fmin(fmax(ahead, -1), 1);
  vr_gait_act(&c->now, c->theta, vr_gait_steer(cue->heading, c->target), c->u);
}

/* The kick that rights it, played while it stands. */
static void tip(vr_controller *c, const vr_cue *cue)
{
  vr_cue over = *cue;
  over.torso[2] = over.pelvis[2] = -1;
  vr_righting_act(&c->righting, &over, c->u);
}

static void play(vr_controller *c, const vr_cue *cue)
{
  switch (c->motion.kind) {
  case VR_MOTION_ZERO: memset(c->u, 0, sizeof c->u); break;
  case VR_MOTION_REST: memcpy(c->u, c->hold, sizeof c->u); break;
  case VR_MOTION_TWITCH: twitch(c); break;
  case VR_MOTION_TIP: tip(c, cue); break;
  case VR_MOTION_REAR: rear(c, cue); break;
  default: run(c, cue);
  }
}

/* Whether the righting kick has to be played. */
static int must_right(vr_controller *c, const vr_cue *cue)
{
  if (!c->kind->rights) return 0;
  // a rearing trunk is as steep as one that falls
  if (c->motion.kind == VR_MOTION_REAR && !c->righting.on && !vr_cue_lies(cue)) return 0;
  return vr_righting_update(&c->righting, cue);
}

size_t vr_controller_act(
  vr_controller *c, const vr_cue *cue, float *action, vr_event event[VR_CONTROLLER_EVENTS])
{
  size_t n = 0;
  choose(c, cue);
  int was = c->righting.on;
  if (must_right(c, cue)) {
    // what lies at the start has not fallen
    if (!was && cue->time > 0) event[n++] = (vr_event){"fall", fmin(cue->torso[2], cue->pelvis[2])};
    if (!was) event[n++] = (vr_event){vr_motion_name(VR_MOTION_GET_UP), 0};
    vr_righting_act(&c->righting, cue, c->u);
  } else {
    // back on the feet: the motion goes on, straight ahead
    if (was) c->told = 0, c->target = cue->heading;
    if (!c->told)
      event[n++] = (vr_event){vr_motion_name(c->motion.kind), vr_motion_value(&c->motion)};
    c->told = 1;
    play(c, cue);
  }
  for (size_t i = 0; i < c->n; i++) action[i] = (float)c->u[i];
  return n;
}

int vr_controller_rights(const vr_controller *c)
{
  return c->kind->rights;
}
