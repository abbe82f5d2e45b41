/* record_act.c -- who acts in a recording, and what its brain is recorded as. */
#include "base/err.h"
#include "base/mem.h"
#include "io/record_in.h"
#include "sim/spec.h"
#include <stdio.h>
#include <string.h>

int vr_seat_new(const vr_recording *r, size_t venue, vr_seat *s)
{
  const vr_record_par *par = r->par;
  const vr_venue *a = r->venue + venue;
  const vr_layout *l = vr_scene_layout(a->scene);
  int sees = par->policy && par->policy->arch.eye != VR_EYE_NONE;
  VR_TRY(vr_env_new(a->scene, &s->env));
  if (r->eye || sees) VR_TRY(vr_eye_new(a->scene, VR_EYE_CAMERA, &s->eye));
  if (par->controller && vr_spec_is(par->controller, "teacher"))
    return vr_teacher_new(par->controller, par->gaits, a->scene, &s->teacher);
  if (par->controller) return vr_controller_new(par->controller, par->gaits, l, &s->controller);
  if (!par->policy) return 0;
  VR_TRY(vr_actor_new(par->policy, l->sense, l->nsense, l->nact, par->sample, &s->actor));
  vr_actor_clamp(s->actor, par->clamp, par->nclamp);
  s->head = vr_policy_head(par->policy, a->task->name);
  return 0;
}

void vr_seat_free(vr_seat *s)
{
  vr_env_free(s->env);
  vr_controller_free(s->controller);
  vr_teacher_free(s->teacher);
  vr_actor_free(s->actor);
  vr_eye_free(s->eye);
}

void vr_seat_start(vr_seat *s, uint64_t seed)
{
  if (s->controller) vr_controller_start(s->controller, seed);
  if (s->teacher) vr_teacher_start(s->teacher, seed);
  s->doing = NULL;
  if (s->actor) vr_actor_start(s->actor, seed);
}

/* Cells and outputs of all layers, and the value. */
static void keep_brain(const vr_recording *r, const vr_seat *s, double *row)
{
  size_t n;
  const vr_layer *l = vr_agent_layers(r->par->policy->agent, &n);
  const float *state = vr_actor_state(s->actor);
  for (size_t i = 0; i < 2 * n; i++) {
    const vr_field *f = r->brain + i;
    const float *from = state + l[i / 2].first + i % 2 * l[i / 2].units;
    for (size_t j = 0; j < f->cols; j++) row[f->from + j] = from[j];
  }
  if (r->value) row[r->value->from] = s->head < 0 ? 0 : vr_actor_value(s->actor, (size_t)s->head);
}

int vr_seat_act(const vr_recording *r, vr_seat *s, size_t k, size_t frame, const double *obs,
  const uint8_t *picture, double *row, float *action, vr_event event[VR_CONTROLLER_EVENTS],
  size_t *n)
{
  const vr_record_par *par = r->par;
  *n = 0;
  if (s->controller) {
    vr_cue cue;
    vr_env_cue(s->env, &cue);
    *n = vr_controller_act(s->controller, &cue, action, event);
  } else if (s->teacher) {
    vr_teacher_act(s->teacher, s->env, action);
    const char *doing = vr_teacher_doing(s->teacher);
    if (doing != s->doing) event[(*n)++] = (vr_event){doing, 0};
    s->doing = doing;
  } else if (s->actor) {
    VR_TRY(vr_actor_act(s->actor, obs, s->eye ? picture : NULL, action));
    keep_brain(r, s, row);
  } else {
    size_t nact = r->layout->nact;
    memcpy(action, vr_rowf(par->action, par->rows->first[k] + frame), nact * sizeof *action);
  }
  return 0;
}

int vr_brain_fields(vr_recording *r)
{
  static const char *const part[] = {"c", "h"};
  const vr_policy *p = r->par->policy;
  char path[VR_PATH];
  size_t n;
  if (!p) return 0;
  const vr_layer *l = vr_agent_layers(p->agent, &n);
  if (n) r->brain = r->field + r->nfields;
  for (size_t i = 0; i < 2 * n; i++) {
    snprintf(path, sizeof path, "/neural/%s/%s", l[i / 2].name, part[i % 2]);
    VR_TRY(vr_add_field(r, path, "time unit", "1", l[i / 2].units, 0, VR_F32));
  }
  if (!vr_policy_tells_value(p)) return 0;
  // a value where each task has one
  for (size_t i = 0; i < r->nvenue; i++)
    if (vr_policy_head(p, r->venue[i].task->name) < 0) return 0;
  r->value = r->field + r->nfields;
  return vr_add_field(r, "/value", "time", "1", 1, 0, VR_F32);
}

int vr_brain_tell(const vr_recording *r, vr_turn *t)
{
  const vr_policy *p = r->par->policy;
  vr_str layers = {0};
  size_t n;
  if (!p) return 0;
  const vr_layer *l = vr_agent_layers(p->agent, &n);
  for (size_t i = 0; i < n; i++) vr_str_addf(&layers, "%s%s", i ? " " : "", l[i].name);
  int code = vr_str_ok(&layers);
  if (!code && n) code = vr_h5_set_attr_str(t->out, "/neural", "layers", vr_str_get(&layers));
  vr_str_free(&layers);
  if (!code && n) code = vr_h5_set_attr_num(t->out, "/neural", "trained_frames", p->frames);
  if (!code && n) code = vr_h5_set_attr_num(t->out, "/neural", "labelled_frames", p->labelled);
  if (!code) code = vr_h5_set_attr_num(t->out, "/action", "trained_frames", p->frames);
  return code;
}
