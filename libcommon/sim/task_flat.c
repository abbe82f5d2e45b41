/* Flat ground: a checkered floor of 1 m squares, the animal in its middle. */
#include "sim/task_kinds.h"

int vr_task_flat(const vr_task *task, uint64_t seed, vr_world *w)
{
  double size = vr_task_get(task, "size"), friction = vr_task_get(task, "friction");
  (void)seed; // nothing here is drawn by chance
  vr_str_add(&w->visual,
    "    <headlight ambient=\"0.4 0.4 0.4\" diffuse=\"0.8 0.8 0.8\" specular=\"0.1 0.1 0.1\"/>\n"
    "    <map znear=\"0.0005\" zfar=\"50\"/>\n");
  vr_str_add(&w->asset,
    "    <texture name=\"sky\" type=\"skybox\" builtin=\"gradient\" rgb1=\"0.62 0.75 0.88\" "
    "rgb2=\"0.92 0.94 0.95\" width=\"256\" height=\"256\"/>\n"
    "    <texture name=\"floor\" type=\"2d\" builtin=\"checker\" rgb1=\"0.2 0.3 0.4\" "
    "rgb2=\"0.1 0.2 0.3\" width=\"200\" height=\"200\" mark=\"edge\" markrgb=\"0.8 0.8 0.8\"/>\n"
    "    <material name=\"floor\" texture=\"floor\" texrepeat=\"2 2\" texuniform=\"true\" "
    "reflectance=\"0.2\"/>\n");
  vr_str_add(&w->bodies, "    <geom name=\"floor\" type=\"plane\" material=\"floor\"");
  vr_mjcf_numbers(&w->bodies, "size", (double[]){size, size, 0.25}, 3);
  vr_mjcf_numbers(&w->bodies, "friction", (double[]){friction, 0.005, 0.0001}, 3);
  vr_str_add(&w->bodies, "/>\n");
  w->spawn[3] = 1;
  return 0;
}
