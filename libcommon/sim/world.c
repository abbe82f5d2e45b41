#include "sim/world.h"

void vr_world_free(vr_world *w)
{
  vr_str_free(&w->visual);
  vr_str_free(&w->asset);
  vr_str_free(&w->bodies);
  vr_str_free(&w->sensor);
  *w = (vr_world){0};
}
