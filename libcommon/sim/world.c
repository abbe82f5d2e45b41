#include "sim/world.h"
#include "base/err.h"

void vr_world_free(vr_world *w)
{
  vr_str_free(&w->option);
  vr_str_free(&w->visual);
  vr_str_free(&w->asset);
  vr_str_free(&w->bodies);
  vr_str_free(&w->after);
  vr_str_free(&w->sensor);
  *w = (vr_world){0};
}

int vr_world_ok(const vr_world *w)
{
  VR_TRY(vr_str_ok(&w->option));
  VR_TRY(vr_str_ok(&w->visual));
  VR_TRY(vr_str_ok(&w->asset));
  VR_TRY(vr_str_ok(&w->bodies));
  VR_TRY(vr_str_ok(&w->after));
  return vr_str_ok(&w->sensor);
}
