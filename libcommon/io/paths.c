#include "io/paths.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "io/columns.h"
#include <stdio.h>
#include <string.h>

int vr_paths_add(vr_paths *list, const char *path)
{
  size_t n = strlen(path) + 1;
  if (list->n == list->cap) {
    size_t cap = list->cap ? 2 * list->cap : 16;
    VR_TRY(vr_grow(&list->path, list->n, cap, sizeof *list->path));
    list->cap = cap;
  }
  VR_TRY(vr_alloc(&list->path[list->n], n, 1));
  memcpy(list->path[list->n++], path, n);
  return 0;
}

void vr_paths_free(vr_paths *list)
{
  for (size_t i = 0; i < list->n; i++) vr_release(list->path[i]);
  vr_release(list->path);
  *list = (vr_paths){0};
}

int vr_paths_has(const vr_paths *list, const char *path)
{
  for (size_t i = 0; i < list->n; i++)
    if (!strcmp(list->path[i], path)) return 1;
  return 0;
}

static int add_any(void *list, const char *path, const vr_h5_info *info)
{
  (void)info;
  return vr_paths_add(list, path);
}

int vr_paths_all(const vr_h5 *f, vr_paths *list)
{
  return vr_h5_walk(f, "/", add_any, list);
}

static int not_there(const vr_h5 *f, const char *path)
{
  vr_paths all = {0};
  vr_str name = {0};
  int code = vr_paths_all(f, &all);
  if (!code) {
    const char *near = vr_str_nearest(path, (const char *const *)all.path, all.n);
    vr_str_add_escaped(&name, near ? near : "", near ? strlen(near) : 0, 200);
    code = vr_fail(VR_EDATA, "%.200s: is not there%s%s%s", path, near ? " (is it " : "",
      vr_str_get(&name), near ? "?)" : "; vr-dump -l lists what is");
  }
  vr_str_free(&name);
  vr_paths_free(&all);
  return code;
}

int vr_paths_below(const vr_h5 *f, const char *path, vr_paths *list)
{
  if (!vr_h5_has(f, path)) return not_there(f, path);
  if (!vr_h5_is_group(f, path)) return vr_paths_add(list, path);
  char **name, full[1024];
  size_t n, before = list->n;
  VR_TRY(vr_h5_list(f, path, &name, &n));
  int code = 0;
  for (size_t i = 0; i < n && !code; i++) {
    int len = snprintf(full, sizeof full, "%s/%s", path[1] ? path : "", name[i]);
    if (len < 0 || (size_t)len >= sizeof full) continue;
    if (!vr_h5_is_group(f, full) && !vr_is_scale(f, full)) code = vr_paths_add(list, full);
  }
  vr_release(name);
  if (!code && list->n == before)
    code = vr_fail(VR_EDATA, "%s: is a group without datasets of its own", path);
  return code;
}

int vr_is_frames(const vr_h5 *f, const char *path)
{
  char axis[256];
  return !vr_h5_get_axis(f, path, 0, axis, sizeof axis) && !strcmp(axis, "time");
}

typedef struct {
  const vr_h5 *f;
  vr_paths *list;
} frames_walk;

static int add_frames(void *ctx, const char *path, const vr_h5_info *info)
{
  frames_walk *w = ctx;
  int rows = info->rank >= 1 && info->rank <= 3 && info->type != VR_OTHER;
  if (!rows || !strcmp(path, "/trial") || vr_is_scale(w->f, path)) return 0;
  return vr_is_frames(w->f, path) ? vr_paths_add(w->list, path) : 0;
}

int vr_paths_frames(const vr_h5 *f, vr_paths *list)
{
  frames_walk w = {f, list};
  return vr_h5_walk(f, "/", add_frames, &w);
}

static int put_first(vr_paths *list, const char *path)
{
  if (vr_paths_has(list, path)) return 0;
  VR_TRY(vr_paths_add(list, path));
  char *last = list->path[list->n - 1];
  memmove(list->path + 1, list->path, (list->n - 1) * sizeof *list->path);
  list->path[0] = last;
  return 0;
}

int vr_paths_lead(const vr_h5 *f, int time, int trial, vr_paths *list)
{
  if (!list->n) return 0;
  char scale[1024];
  int frames = vr_is_frames(f, list->path[0]);
  vr_axis_path(f, list->path[0], 0, scale, sizeof scale);
  if (time && scale[0]) VR_TRY(put_first(list, scale));
  if (trial && frames && vr_h5_has(f, "/trial")) VR_TRY(put_first(list, "/trial"));
  return 0;
}

int vr_glob(const char *pattern, const char *text)
{
  const char *star = NULL, *from = NULL;
  while (*text) {
    if (*pattern == '*') {
      star = ++pattern;
      from = text;
    } else if (*pattern == '?' || *pattern == *text) {
      pattern++;
      text++;
    } else if (star) { // let the last star take one character more
      pattern = star;
      text = ++from;
    } else {
      return 0;
    }
  }
  while (*pattern == '*') pattern++;
  return !*pattern;
}

int vr_glob_path(const char *pattern, const char *path)
{
  char part[1024];
  size_t n = strlen(path);
  if (n >= sizeof part) return 0;
  memcpy(part, path, n + 1);
  for (;;) {
    if (vr_glob(pattern, part)) return 1;
    char *slash = strrchr(part, '/');
    if (!slash || slash == part) return 0;
    *slash = 0;
  }
}
