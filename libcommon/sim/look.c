/* look.c -- how arenas look: textures that the engine makes itself, so that a scene needs no files. */
#include "sim/task_kinds.h"

void vr_look_light(
  vr_world *w, double ambient, double diffuse, double specular, double near, double far)
{
  vr_str *out = &w->visual;
  const double a[3] = {ambient, ambient, ambient}, d[3] = {diffuse, diffuse, diffuse},
               s[3] = {specular, specular, specular};
  vr_str_add(out, "    <headlight");
  vr_mjcf_numbers(out, "ambient", a, 3);
  vr_mjcf_numbers(out, "diffuse", d, 3);
  vr_mjcf_numbers(out, "specular", s, 3);
  vr_str_add(out, "/>\n    <map");
  vr_mjcf_numbers(out, "znear", &near, 1);
  vr_mjcf_numbers(out, "zfar", &far, 1);
  vr_str_add(out, "/>\n");
}

void vr_look_sky(vr_world *w)
{
  vr_str_add(&w->asset,
    "    <texture name=\"sky\" type=\"skybox\" builtin=\"gradient\" rgb1=\"0.62 0.75 0.88\" "
    "rgb2=\"0.92 0.94 0.95\" width=\"256\" height=\"256\"/>\n");
}

// a checker of two greens with tufts, `repeat` times a metre
void vr_look_grass(vr_world *w, double repeat)
{
  const double both[2] = {repeat, repeat};
  vr_str_add(&w->asset,
    "    <texture name=\"grass\" type=\"2d\" builtin=\"checker\" rgb1=\"0.3 0.46 0.2\" "
    "rgb2=\"0.22 0.37 0.15\" mark=\"random\" markrgb=\"0.42 0.55 0.26\" random=\"0.03\" "
    "width=\"128\" height=\"128\"/>\n    <material name=\"grass\" texture=\"grass\"");
  vr_mjcf_numbers(&w->asset, "texrepeat", both, 2);
  vr_str_add(&w->asset, " texuniform=\"true\"/>\n");
}

void vr_look_checker(vr_world *w, const char *name, const char *kind, const double one[3],
  const double two[3], double repeat)
{
  const double both[2] = {repeat, repeat};
  vr_str *out = &w->asset;
  vr_str_addf(out, "    <texture name=\"%s\" type=\"%s\" builtin=\"checker\"", name, kind);
  vr_mjcf_numbers(out, "rgb1", one, 3);
  vr_mjcf_numbers(out, "rgb2", two, 3);
  vr_str_addf(out, " width=\"100\" height=\"%d\"/>\n", kind[0] == 'c' ? 600 : 100);
  vr_str_addf(out, "    <material name=\"%s\" texture=\"%s\"", name, name);
  vr_mjcf_numbers(out, "texrepeat", both, 2);
  vr_str_addf(out, "%s/>\n", kind[0] == 'c' ? "" : " texuniform=\"true\"");
}
