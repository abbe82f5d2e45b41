#include "sim/art.h"
#include "base/err.h"
#include "base/str.h"
#include "sim/physics.h"
#include "sim/play.h"
#include <stdio.h>
#include <string.h>

enum { HIDDEN = mjNGROUP - 1 }; /* group that is not drawn */

static void set_file(mjString *to, const char *folder, const char *name)
{
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  mjs_setString(to, path);
}

/* The texture of this name, where the scene has one, from a file; NULL: it has none. */
static mjsTexture *retouch(mjSpec *spec, const char *texture, const char *folder, const char *file)
{
  mjsElement *e = mjs_findElement(spec, mjOBJ_TEXTURE, texture);
  if (!e) return NULL;
  mjsTexture *t = mjs_asTexture(e);
  t->builtin = mjBUILTIN_NONE;
  t->mark = mjMARK_NONE;
  t->width = t->height = 0;
  set_file(t->file, folder, file);
  return t;
}

static void put_on(mjSpec *spec, const void *folder)
{
  mjsSkin *skin = mjs_addSkin(spec);
  mjs_setName(skin->element, "skin");
  set_file(skin->file, folder, "skin.skn");
  retouch(spec, "grass", folder, "grass.png");
  // the six sides in one file
  mjsTexture *sky = retouch(spec, "sky", folder, "sky.png");
  if (!sky) return;
  sky->gridsize[0] = 3, sky->gridsize[1] = 4;
  memcpy(sky->gridlayout, ".U..LFRB.D..", sizeof sky->gridlayout);
}

/* The skin covers all geoms but those that look out of it. */
static void take_off(const vr_body *body, mjModel *m)
{
  for (size_t i = 0; i < body->ngeoms; i++) {
    const char *kind = body->kind[body->geom[i].kind].name;
    int id = mj_name2id(m, mjOBJ_GEOM, body->geom[i].name);
    if (id >= 0 && strcmp(kind, "eye") && strcmp(kind, "tooth")) m->geom_group[id] = HIDDEN;
  }
}

int vr_art_dress(const char *folder, const vr_body *body, const vr_scene *scene, mjModel **m)
{
  vr_str mjcf = {0};
  int code = vr_scene_text(body, &scene->task, scene->layout.step, &mjcf);
  if (!code) code = vr_physics_compile_as(vr_str_get(&mjcf), put_on, folder, m);
  vr_str_free(&mjcf);
  VR_TRY(vr_wrap(code, "the art in %s", folder));
  take_off(body, *m);
  return 0;
}
