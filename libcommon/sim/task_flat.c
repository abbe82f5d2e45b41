/* Flat ground: a checkered floor of 1 m squares, the animal in its middle. Nothing is drawn by
 * chance. */
#include "sim/task_kinds.h"
#include "base/err.h"

static int check(const vr_task *t)
{
  VR_TRY(vr_task_ordered(t, "speed_low", "speed_high"));
  return vr_task_ordered(t, "change_low", "change_high");
}

static void dress(const vr_task *t, const vr_ground *g, vr_world *w)
{
  double size = vr_task_get(t, "size"), friction = vr_task_get(t, "friction");
  (void)g;
  vr_look_light(w, 0.4, 0.8, 0.1, 0.0005, 50);
  vr_look_sky(w);
  vr_str_add(&w->asset,
    "    <texture name=\"floor\" type=\"2d\" builtin=\"checker\" rgb1=\"0.2 0.3 0.4\" "
    "rgb2=\"0.1 0.2 0.3\" width=\"200\" height=\"200\" mark=\"edge\" markrgb=\"0.8 0.8 0.8\"/>\n"
    "    <material name=\"floor\" texture=\"floor\" texrepeat=\"2 2\" texuniform=\"true\" "
    "reflectance=\"0.2\"/>\n");
  vr_str_add(&w->bodies, "    <geom name=\"floor\" type=\"plane\" material=\"floor\"");
  vr_mjcf_numbers(&w->bodies, "size", (double[]){size, size, 0.25}, 3);
  vr_mjcf_numbers(&w->bodies, "friction", (double[]){friction, 0.005, 0.0001}, 3);
  vr_str_add(&w->bodies, "/>\n");
}

const vr_task_kind vr_task_flat = {.name = "flat",
  .keys = "size friction speed turn noise drop command speed_low speed_high turn_high "
          "change_low change_high",
  .check = check,
  .dress = dress};
