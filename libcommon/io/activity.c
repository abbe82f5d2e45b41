/* activity.c -- which datasets hold the activity of cells. */
#include "base/err.h"
#include "base/mem.h"
#include "io/stage_jpca.h"
#include <stdio.h>
#include <string.h>

// adds the activity of one layer or region to the lines of text
static void add(const vr_turn *t, const char *layer, vr_str *text)
{
  static const char *const member[] = {"c", "rate"};
  char path[512];
  for (size_t i = 0; i < VR_LEN(member); i++) {
    int n = snprintf(path, sizeof path, "/neural/%s/%s", layer, member[i]);
    if (n < 0 || n >= (int)sizeof path || !vr_turn_has(t, path)) continue;
    vr_str_addf(text, "%s%s", text->n ? "\n" : "", path);
    return;
  }
}

int vr_activity_paths(const vr_turn *t, char ***path, size_t *n)
{
  const vr_h5 *f = vr_turn_find(t, "/neural");
  vr_str text = {0};
  char **layer = NULL, *order = NULL, **ordered = NULL;
  size_t layers = 0, count = 0;
  *path = NULL;
  *n = 0;
  int code = f && vr_h5_is_group(f, "/neural") ? vr_h5_list(f, "/neural", &layer, &layers) : 0;
  // the layers in their own order, then what it does not name
  if (!code && layers && vr_h5_has_attr(f, "/neural", "layers")) {
    code = vr_h5_get_attr_str(f, "/neural", "layers", &order);
    if (!code) code = vr_str_split(order, " ,", &ordered, &count);
  }
  for (size_t k = 0; k < count && !code; k++) add(t, ordered[k], &text);
  for (size_t k = 0; k < layers && !code; k++) {
    int known = 0;
    for (size_t i = 0; i < count; i++) known |= !strcmp(ordered[i], layer[k]);
    if (!known) add(t, layer[k], &text);
  }
  if (!code) code = vr_str_ok(&text);
  if (!code && !text.n)
    code =
      vr_fail(VR_EDATA, "no /neural/*/c and no /neural/*/rate in this stream: name a dataset (-i)");
  if (!code) code = vr_str_split(text.s, "\n", path, n);
  vr_str_free(&text);
  vr_release(ordered);
  vr_release(order);
  vr_release(layer);
  return code;
}
