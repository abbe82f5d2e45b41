#include "io/record.h"
#include "base/err.h"
#include "base/mem.h"
#include "io/record_in.h"
#include "sim/controller.h"
#include "sim/eye.h"
#include "sim/spec.h"
#include "sim/teacher.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define RATE (1 / VR_CONTROL_STEP) // of frames, Hz

/* What one thread plays with. */
typedef struct {
  vr_env *env;
  vr_controller *controller; /* or teacher, or neither */
  vr_teacher *teacher;
  const char *doing; /* what the teacher was last told to be at */
  vr_eye *eye;
  double *row;   /* the present row, all fields */
  float *action; /* a float copy of the action: what the engine gets */
  char *block;   /* the trial so far */
  vr_pose pose;  /* into row */
  double *obs, *acted;
} player;

typedef struct {
  vr_recording *r;
  player *player;
  size_t done; /* trials, for the progress */
} game;

/* -- fields -- */

static void add_field(vr_recording *r, const char *path, const char *axes, const char *units,
  size_t cols, size_t deep, vr_type type)
{
  vr_field *f = r->field + r->nfields++;
  *f = (vr_field){
    .units = units, .type = type, .cols = cols, .deep = deep, .from = r->width, .at = r->block};
  snprintf(f->path, sizeof f->path, "%s", path);
  snprintf(f->axes, sizeof f->axes, "%s", axes);
  r->width += type == VR_U8 ? 0 : cols;
  r->block += r->par->frames * cols * vr_type_size(type);
}

static int list_fields(vr_recording *r)
{
  const vr_layout *l = vr_scene_layout(r->scene);
  vr_type type = r->par->wide ? VR_F64 : VR_F32;
  add_field(r, "/pose/angles", "time joint", "rad", l->njoint, 0, type);
  add_field(r, "/pose/speeds", "time joint", "rad/s", l->njoint, 0, type);
  add_field(r, "/pose/positions", "time body space", "m", 3 * l->nbody, 3, type);
  add_field(r, "/pose/root", "time coordinate", "m", 7, 0, type);
  add_field(r, "/pose/root_speeds", "time velocity", "m/s", 6, 0, type);
  add_field(r, "/force", "time actuator", "N m", l->nact, 0, type);
  add_field(r, "/reward", "time", "1", 1, 0, type);
  add_field(r, "/discount", "time", "1", 1, 0, VR_F32);
  add_field(r, "/action", "time actuator", "1", l->nact, 0, VR_F32);
  for (size_t i = 0; i < l->nsense; i++) {
    const vr_sense *s = l->sense + i;
    char path[VR_PATH], axes[VR_PATH];
    if (r->nfields == VR_MAXFIELDS) return vr_fail(VR_EARG, "more senses than can be recorded");
    snprintf(path, sizeof path, "/sense/%s", s->name);
    snprintf(axes, sizeof axes, "time%s%s", *s->axis ? " " : "", s->axis);
    add_field(r, path, axes, s->units, s->n, 0, type);
  }
  if (!r->par->eye) return 0;
  if (r->nfields == VR_MAXFIELDS) return vr_fail(VR_EARG, "more senses than can be recorded");
  r->eye = r->field + r->nfields;
  add_field(r, "/eye", "time row column rgb", "1", VR_EYE_SIZE * VR_EYE_SIZE * 3, 0, VR_U8);
  return 0;
}

/* -- one trial -- */

static int player_new(const vr_recording *r, player *p)
{
  const vr_layout *l = vr_scene_layout(r->scene);
  const vr_field *f = r->field;
  VR_TRY(vr_env_new(r->scene, &p->env));
  const char *who = r->par->controller;
  if (who && vr_spec_is(who, "teacher"))
    VR_TRY(vr_teacher_new(who, r->par->gaits, r->scene, &p->teacher));
  else if (who)
    VR_TRY(vr_controller_new(who, r->par->gaits, l, &p->controller));
  if (r->eye) VR_TRY(vr_eye_new(r->scene, VR_EYE_CAMERA, &p->eye));
  VR_TRY(vr_alloc(&p->row, r->width, sizeof *p->row));
  VR_TRY(vr_alloc(&p->action, l->nact, sizeof *p->action));
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

static void player_free(player *p)
{
  vr_env_free(p->env);
  vr_controller_free(p->controller);
  vr_teacher_free(p->teacher);
  vr_eye_free(p->eye);
  vr_release(p->row);
  vr_release(p->action);
  vr_release(p->block);
}

static int note(vr_trial_log *log, const vr_event *e, double time)
{
  VR_TRY(vr_grow(&log->event, log->nevents, log->nevents + 1, sizeof *log->event));
  log->event[log->nevents++] = (vr_happened){e->name, time, e->value};
  return 0;
}

/* The action of this frame, and what the controller tells. */
static int act(const vr_recording *r, player *p, size_t k, size_t frame, vr_trial_log *log)
{
  const vr_record_par *par = r->par;
  size_t nact = vr_scene_layout(r->scene)->nact;
  if (p->teacher) {
    vr_teacher_act(p->teacher, p->env, p->action);
    const char *doing = vr_teacher_doing(p->teacher);
    vr_event begins = {doing, 0};
    if (doing != p->doing) VR_TRY(note(log, &begins, (double)frame / RATE));
    p->doing = doing;
  } else if (p->controller) {
    vr_cue cue;
    vr_event event[VR_CONTROLLER_EVENTS];
    vr_env_cue(p->env, &cue);
    size_t n = vr_controller_act(p->controller, &cue, p->action, event);
    for (size_t i = 0; i < n; i++) VR_TRY(note(log, event + i, (double)frame / RATE));
  } else {
    memcpy(p->action, vr_rowf(par->action, par->rows->first[k] + frame), nact * sizeof *p->action);
  }
  for (size_t i = 0; i < nact; i++) p->acted[i] = p->action[i];
  return 0;
}

/* What the environment tells at the end of a control step. */
static int listen(const player *p, size_t frame, vr_trial_log *log)
{
  size_t n;
  const vr_event *e = vr_env_events(p->env, &n);
  for (size_t i = 0; i < n; i++)
    if (!p->controller || !vr_controller_rights(p->controller) || strcmp(e[i].name, "fall"))
      VR_TRY(note(log, e + i, (double)frame / RATE));
  return 0;
}

/* Copies the row into the block, each field to its own place. */
static void keep(const vr_recording *r, player *p, size_t frame)
{
  if (r->eye) vr_eye_see(p->eye, p->env, (uint8_t *)p->block + r->eye->at + frame * r->eye->cols);
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
  vr_trial_log *log = r->trial + k;
  size_t frames = par->controller ? par->frames : par->rows->frames[k];
  log->seed =
    par->seeds ? (uint64_t)par->seeds[k] : vr_trial_seed(par->seed, (uint32_t)(par->first + k));
  VR_TRY(vr_wrap(vr_env_reset(p->env, log->seed, p->obs), "trial %zu", par->first + k));
  if (p->controller) vr_controller_start(p->controller, log->seed);
  if (p->teacher) vr_teacher_start(p->teacher, log->seed);
  p->doing = NULL;
  snprintf(log->outcome, sizeof log->outcome, "time limit");
  for (size_t i = 0; i < frames; i++) {
    vr_env_pose(p->env, &p->pose);
    VR_TRY(act(r, p, k, i, log));
    keep(r, p, i);
    // reward and discount of the row are those of its action; what is sensed next belongs to the next row
    double reward;
    vr_env_step(p->env, p->action, p->obs, &reward);
    keep_number(r, p, REWARD, i, reward);
    keep_number(r, p, DISCOUNT, i, vr_env_discount(p->env));
    log->total += reward;
    log->frames = i + 1;
    VR_TRY(listen(p, i + 1, log));
    if (!vr_env_done(p->env)) continue;
    snprintf(log->outcome, sizeof log->outcome, "%s", vr_env_done(p->env));
    break;
  }
  return vr_block_write(r->file, p->block, r->block, k * r->block);
}

static int play_chunk(void *ctx, size_t k, int thread)
{
  game *g = ctx;
  const vr_record_par *par = g->r->par;
  VR_TRY(play_trial(g->r, g->player + thread, k));
  size_t done = __atomic_add_fetch(&g->done, 1, __ATOMIC_RELAXED);
  if (!thread && par->progress && done < par->trials)
    par->progress("trials", (double)done, (double)par->trials);
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
  VR_TRY(vr_alloc(&g.player, threads, sizeof *g.player));
  int code = 0;
  for (size_t i = 0; i < threads && i < r->par->trials && !code; i++)
    code = player_new(r, g.player + i);
  vr_pool some = {(int)(threads < r->par->trials ? threads : r->par->trials)};
  if (!code) code = vr_pool_run(&some, r->par->trials, play_chunk, &g);
  for (size_t i = 0; i < threads; i++) player_free(g.player + i);
  vr_release(g.player);
  if (!code && r->par->progress)
    r->par->progress("trials", (double)r->par->trials, (double)r->par->trials);
  return code;
}

/* Actions that fit the animal and are commands. */
static int check(const vr_scene *scene, const vr_record_par *par)
{
  if (!par->trials || !par->frames)
    return vr_fail(VR_EARG, "a recording needs a trial and a frame");
  if (par->controller) return 0;
  size_t nact = vr_scene_layout(scene)->nact;
  if (par->action->cols != nact)
    return vr_fail(
      VR_EDATA, "actions have %zu columns, the animal has %zu actuators", par->action->cols, nact);
  return 0;
}

int vr_record(const vr_scene *scene, const vr_task *task, const vr_record_par *par,
  const vr_pool *pool, vr_turn *t)
{
  vr_recording r = {.scene = scene, .task = task, .par = par};
  vr_spool spool = {0};
  VR_TRY(check(scene, par));
  VR_TRY(list_fields(&r));
  VR_TRY(vr_alloc(&r.trial, par->trials, sizeof *r.trial));
  int code = vr_spool_new(&spool);
  vr_spool_unlink(&spool);
  r.file = spool.fd;
  if (!code) code = play_all(&r, pool);
  if (!code) code = vr_recording_put(&r, t);
  for (size_t k = 0; k < par->trials; k++) vr_release(r.trial[k].event);
  vr_release(r.trial);
  vr_spool_free(&spool);
  return code;
}
