#include "ana/axes.h"
#include "ana/names.h"
#include "base/err.h"
#include "base/mem.h"
#include <ctype.h>
#include <string.h>

/* small letters and digits of a name only */
static void plain(const char *name, char *to, size_t size)
{
  size_t n = 0;
  for (; *name && n + 1 < size; name++)
    if (isalnum((unsigned char)*name)) to[n++] = (char)tolower((unsigned char)*name);
  to[n] = 0;
}

/* place of the first name that is `word` (of len letters), or holds it when `part`; n: none */
static size_t find(char *const *names, size_t n, const char *word, size_t len, int part)
{
  char name[64], want[64];
  memcpy(want, word, len);
  want[len] = 0;
  for (size_t i = 0; i < n; i++) {
    plain(names[i], name, sizeof name);
    if (part ? strstr(name, want) != NULL : !strcmp(name, want)) return i;
  }
  return n;
}

/* Looks for the words of `list` in order; a word with '+' is a pair, found when both are there, one
 * with '*' may be a part of the name. */
static size_t look(
  char *const *names, size_t n, const char *const *list, size_t words, size_t found[2])
{
  for (size_t w = 0; w < words; w++) {
    const char *word = list[w];
    size_t got = 0, want = 1 + (strchr(word, '+') != NULL);
    for (size_t k = 0; k < want; k++) {
      size_t len = strcspn(word, "+*"), i = find(names, n, word, len, word[len] == '*');
      if (i < n) found[got++] = i;
      word += len + (word[len] == '+');
    }
    if (got == want) return got;
  }
  return 0;
}

void vr_guess_axes(char *const *names, size_t n, size_t front[2], size_t *nfront, size_t back[2],
  size_t *nback, size_t root[2], size_t *nroot)
{
  // the trunk before the head: a turn of the head is a posture, not a turn of the animal
  static const char *const fronts[] = {"spinef", "neck", "baseneck", "neckbase", "nape", "thorax",
    "withers", "spine1", "upperback", "shoulderl+shoulderr", "leftshoulder+rightshoulder",
    "leftear+rightear", "earl+earr", "head", "headcenter", "nose", "snout", "neck*", "nose*",
    "snout*"};
  static const char *const backs[] = {"spinel", "tailbase", "basetail", "tti", "tailroot",
    "tailstart", "tail0", "lefthip+righthip", "hipl+hipr", "leftbhip+rightbhip", "pelvis", "rump",
    "lowerback", "abdomen", "tail", "tail1", "trunk", "tailbase*", "basetail*", "butt*", "rump*"};
  static const char *const roots[] = {"spinem", "center", "centre", "centerspine", "spinecenter",
    "bodycenter", "bodycentre", "centroid", "centerofmass", "midback", "spine", "trunk", "body",
    "thorax", "spine2"};
  *nfront = look(names, n, fronts, sizeof fronts / sizeof *fronts, front);
  *nback = look(names, n, backs, sizeof backs / sizeof *backs, back);
  *nroot = look(names, n, roots, sizeof roots / sizeof *roots, root);
}

static void add_name(vr_str *t, const char *name)
{
  vr_str_add_escaped(t, name, strlen(name), 60);
}

/* the places of the words of text[0 .. len-1] go to set */
static int pick(char *const *names, size_t n, const char *text, size_t len, const char *sep,
  size_t *set, size_t *count)
{
  vr_str word = {0};
  size_t *place = NULL;
  vr_str_addn(&word, text, len);
  int bad = vr_str_ok(&word);
  if (!bad) bad = vr_names_pick(names, n, word.s, sep, &place, count);
  if (!bad && *count > n) bad = vr_fail(VR_EARG, "\"%.80s\": more points than there are", word.s);
  if (!bad) memcpy(set, place, *count * sizeof *set);
  vr_release(place);
  vr_str_free(&word);
  return bad;
}

static int not_told(char *const *names, size_t n)
{
  vr_str list = {0};
  for (size_t p = 0; p < n; p++) {
    if (p) vr_str_add(&list, ", ");
    add_name(&list, names[p]);
  }
  int code = vr_fail(VR_EARG,
    "the names of the points do not tell front from back: say --heading BACK,FRONT (or none); "
    "there are %.600s",
    vr_str_get(&list));
  vr_str_free(&list);
  return code;
}

static void say_set(vr_str *t, char *const *names, const size_t *set, size_t n)
{
  for (size_t i = 0; i < n; i++) {
    if (i) vr_str_addc(t, '+');
    add_name(t, names[set[i]]);
  }
  if (!n) vr_str_add(t, "mean of all points");
}

/* the back and the front from the option; front and back are of n places each */
static int pick_heading(char *const *names, size_t n, const char *text, size_t *back, size_t *nback,
  size_t *front, size_t *nfront)
{
  *nback = *nfront = 0;
  if (!strcmp(text, "none")) return 0;
  size_t cut = strcspn(text, ",");
  if (!text[cut] || strchr(text + cut + 1, ','))
    return vr_fail(VR_EARG, "--heading takes BACK,FRONT, two points or means of points (A+B,C+D)");
  VR_TRY(pick(names, n, text, cut, "+", back, nback));
  VR_TRY(pick(names, n, text + cut + 1, strlen(text + cut + 1), "+", front, nfront));
  if (*nback == 1 && *nfront == 1 && back[0] == front[0])
    return vr_fail(VR_EARG, "--heading: back and front are the same point");
  return 0;
}

int vr_find_axes(char *const *names, size_t n, const char *root, const char *heading,
  vr_body_axes *axes, size_t **block, vr_str *said)
{
  VR_TRY(vr_alloc(block, 3 * (n + 2), sizeof **block));
  size_t *front = *block, *back = front + n + 2, *origin = back + n + 2, nfront, nback, norigin;
  vr_guess_axes(names, n, front, &nfront, back, &nback, origin, &norigin);
  int bad = 0;
  if (n == 1 && !heading) heading = "none"; // one point has no direction
  if (root) norigin = 0;
  if (root && strcmp(root, "all")) bad = pick(names, n, root, strlen(root), ",", origin, &norigin);
  if (!bad && heading)
    bad = pick_heading(names, n, heading, back, &nback, front, &nfront);
  else if (!bad && (!nfront || !nback || front[0] == back[0]))
    bad = not_told(names, n);
  if (bad) {
    vr_release(*block);
    *block = NULL;
    return bad;
  }
  *axes = (vr_body_axes){origin, back, front, norigin, nback, nfront};
  vr_str_add(said, "origin: ");
  say_set(said, names, origin, norigin);
  if (!root && norigin) vr_str_add(said, " (by its name)");
  vr_str_add(said, nback ? "; heading: " : "; not turned\n");
  if (!nback) return vr_str_ok(said);
  say_set(said, names, back, nback);
  vr_str_add(said, " to ");
  say_set(said, names, front, nfront);
  vr_str_add(said, heading ? "\n" : " (by their names)\n");
  return vr_str_ok(said);
}
