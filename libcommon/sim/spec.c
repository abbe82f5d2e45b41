#include "sim/spec.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include <string.h>

enum { MAXKEYS = 32 };

int vr_spec_is(const char *text, const char *name)
{
  size_t n = strlen(name);
  return !strncmp(text, name, n) && (!text[n] || text[n] == ':');
}

static int unknown(
  const char *kind, const char *text, const char *word, const vr_key *key, size_t n)
{
  int length = (int)strcspn(text, ":");
  if (!n) return vr_fail(VR_EARG, "%s %.*s has no settings", kind, length, text);
  const char *list[MAXKEYS];
  if (n > MAXKEYS) n = MAXKEYS;
  for (size_t i = 0; i < n; i++) list[i] = key[i].key;
  const char *near = vr_str_nearest(word, list, n);
  return vr_fail(VR_EARG, "%s %.*s has no setting '%s'; %s '%s'?", kind, length, text, word,
    near ? "did you mean" : "perhaps", near ? near : list[0]);
}

static int set(const char *kind, const char *text, char *word, vr_key *key, size_t n)
{
  char *equals = strchr(word, '=');
  if (!equals) return vr_fail(VR_EARG, "%s %s: '%s' is not key=value", kind, text, word);
  *equals = 0;
  size_t i = 0;
  while (i < n && strcmp(key[i].key, word)) i++;
  if (i == n) return unknown(kind, text, word, key, n);
  double x;
  if (vr_str_number(equals + 1, &x) || x < key[i].min || x > key[i].max)
    return vr_fail(VR_EARG, "%s %s: %s must be a number from %g to %g", kind, text, word,
      key[i].min, key[i].max);
  key[i].value = x;
  return 0;
}

int vr_spec_parse(const char *kind, const char *text, vr_key *key, size_t n)
{
  const char *colon = strchr(text, ':');
  if (!colon) return 0;
  char **word;
  size_t nwords;
  VR_TRY(vr_str_split(colon + 1, ",", &word, &nwords));
  int code = 0;
  for (size_t i = 0; i < nwords && !code; i++) code = set(kind, text, word[i], key, n);
  vr_release(word);
  return code;
}

double vr_spec_get(const vr_key *key, size_t n, const char *name)
{
  for (size_t i = 0; i < n; i++)
    if (!strcmp(key[i].key, name)) return key[i].value;
  return 0;
}
