#include "io/record.h"
#include "base/err.h"
#include "base/mem.h"
#include "io/record_in.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define RATE (1 / VR_CONTROL_STEP) // of frames, Hz

enum { GREY = 128 }; // what the blind see

/* What one thread plays with. */
typedef struct {
  vr_seat *seat;    /* one a task */
  double *row;      /* the present row, all fields */
  float *action;    /* a float copy of the action: what the engine gets */
  uint8_t *picture; /* what the animal sees, where it is not recorded */
  char *block;      /* the trial so far */
  vr_pose pose;     /* into row */
  double *obs, *acted;
} player;

typedef struct {
  vr_recording *r;
  player *player;
  size_t done; /* trials, for the progress */
} game;

/* -- fields -- */

int vr_add_field(vr_recording *r, const char *path, const char *axes, const char *units,
  size_t cols, size_t deep, vr_type type)
{
  if (r->nfields == VR_MAXFIELDS) return vr_fail(VR_EARG, "%s: more than can be recorded", path);
  vr_field *f = r->field + r->nfields++;
  *f = (vr_field){
    .units = units, .type = type, .cols = cols, .deep = deep, .from = r->width, .at = r->block};
  snprintf(f->path, sizeof f->path, "%s", path);
  snprintf(f->axes, sizeof f->axes, "%s", axes);
  r->width += type == VR_U8 ? 0 : cols;
  r->block += r->frames * cols * vr_type_size(type);
  return 0;
}

static int list_senses(vr_recording *r, vr_type type)
{
  for (size_t i = 0; i < r->layout->nsense; i++) {
    const vr_sense *s = r->layout->sense + i;
    char path[VR_PATH], axes[VR_PATH];
    snprintf(path, sizeof path, "/sense/%s", s->name);
    snprintf(axes, sizeof axes, "time%s%s", *s->axis ? " " : "", s->axis);
    VR_TRY(vr_add_field(r, path, axes, s->units, s->n, 0, type));
  }
  return 0;
}

static int list_fields(vr_recording *r)
{
  const vr_layout *l = r->layout;
  vr_type type = r->par->wide ? VR_F64 : VR_F32;
  VR_TRY(vr_add_field(r, "/pose/angles", "time joint", "rad", l->njoint, 0, type));
  VR_TRY(vr_add_field(r, "/pose/speeds", "time joint", "rad/s", l->njoint, 0, type));
  VR_TRY(vr_add_field(r, "/pose/positions", "time body space", "m", 3 * l->nbody, 3, type));
  VR_TRY(vr_add_field(r, "/pose/root", "time coordinate", "m", 7, 0, type));
  VR_TRY(vr_add_field(r, "/pose/root_speeds", "time velocity", "m/s", 6, 0, type));
  VR_TRY(vr_add_field(r, "/force", "time actuator", "N m", l->nact, 0, type));
  VR_TRY(vr_add_field(r, "/reward", "time", "1", 1, 0, type));
  VR_TRY(vr_add_field(r, "/discount", "time", "1", 1, 0, VR_F32));
  VR_TRY(vr_add_field(r, "/action", "time actuator", "1", l->nact, 0, VR_F32));
  VR_TRY(list_senses(r, type));
  VR_TRY(vr_brain_fields(r));
  if (!r->par->eye) return 0;
  r->eye = r->field + r->nfields;
  return vr_add_field(
    r, "/eye", "time row column rgb", "1", VR_EYE_SIZE * VR_EYE_SIZE * 3, 0, VR_U8);
}

/* -- one trial -- */

static int player_new(const vr_recording *r, player *p)
{
  const vr_field *f = r->field;
  VR_TRY(vr_alloc(&p->seat, r->nvenue, sizeof *p->seat));
  for (size_t i = 0; i < r->nvenue; i++) VR_TRY(vr_seat_new(r, i, p->seat + i));
  VR_TRY(vr_alloc(&p->row, r->width, sizeof *p->row));
  VR_TRY(vr_alloc(&p->action, r->layout->nact, sizeof *p->action));
  VR_TRY(vr_alloc(&p->picture, VR_EYE_BYTES, 1));
  VR_TRY(vr_alloc(&p->block, r->block, 1));
  p->pose = (vr_pose){
    .angles = p->row + f[ANGLES].from,
    .speeds = p->row + f[SPEEDS].from,
    .positions = p->row + f[POSITIONS].from,
    .root = p->row + f[ROOT].from,
    .root_speeds = p->row + f[ROOT_SPEEDS].from,
    .force = p->row + f[FORCE].from,
  };
  p->acted = p->row + f[ACTION].from;
  p->obs = p->row + f[SENSES].from; // all of them, one after the other
  return 0;
}

static void player_free(const vr_recording *r, player *p)
{
  for (size_t i = 0; p->seat && i < r->nvenue; i++) vr_seat_free(p->seat + i);
  vr_release(p->seat);
  vr_release(p->row);
  vr_release(p->action);
  vr_release(p->picture);
  vr_release(p->block);
}

static int note(vr_trial_log *log, const vr_event *e, double time)
{
  VR_TRY(vr_grow(&log->event, log->nevents, log->nevents + 1, sizeof *log->event));
  log->event[log->nevents++] = (vr_happened){e->name, time, e->value};
  return 0;
}

/* Sees and acts in this frame; what the controller tells is noted. */
static int act(
  const vr_recording *r, player *p, vr_seat *s, size_t k, size_t frame, vr_trial_log *log)
{
  vr_event event[VR_CONTROLLER_EVENTS];
  size_t n = 0;
  uint8_t *picture = p->picture;
  if (r->eye) picture = (uint8_t *)p->block + r->eye->at + frame * r->eye->cols;
  if (s->eye && r->par->blind)
    memset(picture, GREY, VR_EYE_BYTES);
  else if (s->eye)
    vr_eye_see(s->eye, s->env, picture);
  VR_TRY(vr_seat_act(r, s, k, frame, p->obs, picture, p->row, p->action, event, &n));
  for (size_t i = 0; i < n; i++) VR_TRY(note(log, event + i, (double)frame / RATE));
  for (size_t i = 0; i < r->layout->nact; i++) p->acted[i] = p->action[i];
  return 0;
}

/* What the environment tells at the end of a control step. */
static int listen(const vr_seat *s, size_t frame, vr_trial_log *log)
{
  size_t n;
  const vr_event *e = vr_env_events(s->env, &n);
  for (size_t i = 0; i < n; i++)
    if (!s->controller || !vr_controller_rights(s->controller) || strcmp(e[i].name, "fall"))
      VR_TRY(note(log, e + i, (double)frame / RATE));
  return 0;
}

/* Copies the row into the block, each field to its own place. */
static void keep(const vr_recording *r, player *p, size_t frame)
{
  for (size_t i = 0; i < r->nfields; i++) {
    const vr_field *f = r->field + i;
    if (f == r->eye) continue;
    const double *from = p->row + f->from;
    char *to = p->block + f->at + frame * f->cols * vr_type_size(f->type);
    if (f->type == VR_F64) {
      memcpy(to, from, f->cols * sizeof *from);
      continue;
    }
    for (size_t j = 0; j < f->cols; j++) ((float *)(void *)to)[j] = (float)from[j];
  }
}

/* Into a field of one column, what became of a row that has been kept. */
static void keep_number(const vr_recording *r, player *p, int field, size_t frame, double x)
{
  const vr_field *f = r->field + field;
  void *at = p->block + f->at;
  if (f->type == VR_F64)
    ((double *)at)[frame] = x;
  else
    ((float *)at)[frame] = (float)x;
}

static int play_trial(const vr_recording *r, player *p, size_t k)
{
  const vr_record_par *par = r->par;
  const vr_venue *venue = r->venue + k / par->trials;
  vr_seat *s = p->seat + k / par->trials;
  vr_trial_log *log = r->trial + k;
  size_t number = par->first + k % par->trials;
  size_t frames = par->rows ? par->rows->frames[k] : venue->frames;
  log->seed = par->seeds ? (uint64_t)par->seeds[k] : vr_trial_seed(par->seed, (uint32_t)number);
  VR_TRY(vr_wrap(vr_env_reset(s->env, log->seed, p->obs), "trial %zu", number));
  vr_seat_start(s, log->seed);
  snprintf(log->outcome, sizeof log->outcome, "time limit");
  for (size_t i = 0; i < frames; i++) {
    vr_env_pose(s->env, &p->pose);
    VR_TRY(vr_wrap(act(r, p, s, k, i, log), "trial %zu, frame %zu", number, i));
    keep(r, p, i);
    // reward and discount of the row are those of its action; what is sensed next belongs to the next row
    double reward;
    vr_env_step(s->env, p->action, p->obs, &reward);
    keep_number(r, p, REWARD, i, reward);
    keep_number(r, p, DISCOUNT, i, vr_env_discount(s->env));
    log->total += reward;
    log->frames = i + 1;
    VR_TRY(listen(s, i + 1, log));
    if (!vr_env_done(s->env)) continue;
    snprintf(log->outcome, sizeof log->outcome, "%s", vr_env_done(s->env));
    break;
  }
  return vr_block_write(r->file, p->block, r->block, k * r->block);
}

static int play_chunk(void *ctx, size_t k, int thread)
{
  game *g = ctx;
  void (*progress)(const char *, double, double) = g->r->par->progress;
  VR_TRY(play_trial(g->r, g->player + thread, k));
  size_t done = __atomic_add_fetch(&g->done, 1, __ATOMIC_RELAXED);
  if (!thread && progress && done < g->r->trials)
    progress("trials", (double)done, (double)g->r->trials);
  return 0;
}

/* -- all -- */

int vr_block_write(int file, const void *bytes, size_t n, size_t offset)
{
  for (size_t done = 0; done < n;) {
    ssize_t k = pwrite(file, (const char *)bytes + done, n - done, (off_t)(offset + done));
    if (k < 0 && errno == EINTR) continue;
    if (k <= 0)
      return vr_fail(VR_EIO, "temporary file: %s", k ? strerror(errno) : "nothing is written");
    done += (size_t)k;
  }
  return 0;
}

int vr_block_read(int file, void *bytes, size_t n, size_t offset)
{
  for (size_t done = 0; done < n;) {
    ssize_t k = pread(file, (char *)bytes + done, n - done, (off_t)(offset + done));
    if (k < 0 && errno == EINTR) continue;
    if (k <= 0) return vr_fail(VR_EIO, "temporary file: %s", k ? strerror(errno) : "is cut");
    done += (size_t)k;
  }
  return 0;
}

static int play_all(vr_recording *r, const vr_pool *pool)
{
  size_t threads = (size_t)vr_pool_threads(pool);
  game g = {.r = r};
  if (threads > r->trials) threads = r->trials;
  VR_TRY(vr_alloc(&g.player, threads, sizeof *g.player));
  int code = 0;
  for (size_t i = 0; i < threads && !code; i++) code = player_new(r, g.player + i);
  vr_pool some = {(int)threads};
  if (!code) code = vr_pool_run(&some, r->trials, play_chunk, &g);
  for (size_t i = 0; i < threads; i++) player_free(r, g.player + i);
  vr_release(g.player);
  if (!code && r->par->progress) r->par->progress("trials", (double)r->trials, (double)r->trials);
  return code;
}

/* Tasks that go into one recording. */
static int check_tasks(const vr_recording *r)
{
  const vr_layout *a = r->layout;
  for (size_t k = 1; k < r->nvenue; k++) {
    const vr_layout *b = vr_scene_layout(r->venue[k].scene);
    int same = a->nsense == b->nsense && a->nact == b->nact && a->njoint == b->njoint &&
               a->nbody == b->nbody && a->step == b->step;
    for (size_t i = 0; same && i < a->nsense; i++)
      same = !strcmp(a->sense[i].name, b->sense[i].name) && a->sense[i].n == b->sense[i].n;
    if (!same)
      return vr_fail(VR_EARG, "%s and %s differ in what is sensed: record them one by one",
        r->venue[0].task->name, r->venue[k].task->name);
    for (size_t i = 0; i < k; i++)
      if (!strcmp(r->venue[i].task->name, r->venue[k].task->name))
        return vr_fail(VR_EARG, "%s stands twice: record each by itself", r->venue[k].task->name);
  }
  return 0;
}

/* Actions that fit the animal and are commands. */
static int check(const vr_recording *r)
{
  const vr_record_par *par = r->par;
  for (size_t i = 0; i < r->nvenue; i++)
    if (!par->trials || !r->venue[i].frames)
      return vr_fail(VR_EARG, "a recording needs a trial and a frame");
  VR_TRY(check_tasks(r));
  if (par->controller || par->policy) return 0;
  if (par->action->cols != r->layout->nact)
    return vr_fail(VR_EDATA, "actions have %zu columns, the animal has %zu actuators",
      par->action->cols, r->layout->nact);
  return 0;
}

int vr_record_tasks(
  const vr_venue *venue, size_t n, const vr_record_par *par, const vr_pool *pool, vr_turn *t)
{
  vr_recording r = {.venue = venue,
    .nvenue = n,
    .par = par,
    .trials = n * par->trials,
    .layout = vr_scene_layout(venue->scene)};
  vr_spool spool = {0};
  for (size_t i = 0; i < n; i++)
    if (venue[i].frames > r.frames) r.frames = venue[i].frames;
  VR_TRY(check(&r));
  VR_TRY(list_fields(&r));
  VR_TRY(vr_alloc(&r.trial, r.trials, sizeof *r.trial));
  int code = vr_spool_new(&spool);
  vr_spool_unlink(&spool);
  r.file = spool.fd;
  if (!code) code = play_all(&r, pool);
  if (!code) code = vr_recording_put(&r, t);
  for (size_t k = 0; k < r.trials; k++) vr_release(r.trial[k].event);
  vr_release(r.trial);
  vr_spool_free(&spool);
  return code;
}

int vr_record(const vr_scene *scene, const vr_task *task, const vr_record_par *par,
  const vr_pool *pool, vr_turn *t)
{
  vr_venue venue = {scene, task, par->frames};
  return vr_record_tasks(&venue, 1, par, pool, t);
}
