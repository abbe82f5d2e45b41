#include "ana/names.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include <string.h>
#include <strings.h>

int vr_names_copy(char *const *from, size_t n, char ***to)
{
  size_t len = 0;
  for (size_t i = 0; i < n; i++) len += strlen(from[i]) + 1;
  char **list;
  VR_TRY(vr_alloc(&list, n * sizeof *list + len + 1, 1));
  char *at = (char *)(list + n);
  for (size_t i = 0; i < n; i++) {
    size_t one = strlen(from[i]) + 1;
    list[i] = memcpy(at, from[i], one);
    at += one;
  }
  *to = list;
  return 0;
}

size_t vr_names_find(char *const *list, size_t n, const char *name)
{
  size_t i = 0;
  while (i < n && strcmp(list[i], name)) i++;
  return i;
}

int vr_names_check(char *const *list, size_t n, const char *what)
{
  for (size_t i = 0; i < n; i++) {
    if (!list[i][0]) return vr_fail(VR_EDATA, "%s %zu has no name", what, i + 1);
    size_t same = vr_names_find(list, i, list[i]);
    if (same < i)
      return vr_fail(VR_EDATA, "%s %zu and %zu have the same name, %.60s: rename one", what,
        same + 1, i + 1, list[i]);
  }
  return 0;
}

static int pick_one(char *const *list, size_t n, const char *word, size_t *place)
{
  size_t like = n, several = 0;
  *place = vr_names_find(list, n, word);
  if (*place < n) return 0;
  for (size_t i = 0; i < n; i++)
    if (!strcasecmp(list[i], word) && several++ == 0) like = i;
  *place = like;
  if (several == 1) return 0;
  const char *near = several ? NULL : vr_str_nearest(word, (const char *const *)list, n);
  vr_str shown = {0};
  if (near) vr_str_add_escaped(&shown, near, strlen(near), 60);
  int code = vr_fail(VR_EARG, "there is no point \"%.60s\"%s%s", word,
    near      ? ", did you mean "
    : several ? " (several differ in case)"
              : "",
    vr_str_get(&shown));
  vr_str_free(&shown);
  return code;
}

int vr_names_pick(
  char *const *list, size_t n, const char *text, const char *sep, size_t **place, size_t *count)
{
  char **word;
  *place = NULL;
  VR_TRY(vr_str_split(text, sep, &word, count));
  int bad = vr_alloc(place, *count, sizeof **place);
  for (size_t i = 0; i < *count && !bad; i++) bad = pick_one(list, n, word[i], &(*place)[i]);
  vr_release(word);
  if (!bad) return 0;
  vr_release(*place);
  *place = NULL;
  return bad;
}
