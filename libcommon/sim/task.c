#include "sim/task.h"
#include "base/err.h"
#include "base/mem.h"
#include "sim/task_kinds.h"
#include <math.h>
#include <string.h>

// the same order in both
static const char *const names[] = {"flat", "gaps", "maze", "bowl", "twotap"};
static const vr_task_kind *const kinds[VR_LEN(names)] = {
  &vr_task_flat, &vr_task_gaps, &vr_task_maze, &vr_task_bowl, &vr_task_twotap};

static const vr_col columns[] = {
  VR_KEY("name"),
  VR_NUM("value", vr_task_key, value, -1e9, 1e9),
  VR_NUM("min", vr_task_key, min, -1e9, 1e9),
  VR_NUM("max", vr_task_key, max, -1e9, 1e9),
  VR_TEXT("unit", vr_task_key, unit),
  VR_TEXT("what", vr_task_key, what),
};

const char *const *vr_task_names(size_t *n)
{
  *n = VR_LEN(names);
  return names;
}

const vr_task_kind *vr_task_kind_of(const vr_task *t)
{
  return kinds[t->kind];
}

int vr_task_ordered(const vr_task *t, const char *low, const char *high)
{
  double a = vr_task_get(t, low), b = vr_task_get(t, high);
  return a <= b ? 0
                : vr_fail(VR_EARG, "task %s: %s, %g, is above %s, %g", t->name, low, a, high, b);
}

// VR_EARG: there is no such `what`, the nearest of list, all of them
static int unknown(const char *what, const char *word, const char *const *list, size_t n)
{
  vr_str shown = {0}, all = {0};
  vr_str_add_escaped(&shown, word, strlen(word), 40);
  for (size_t i = 0; i < n; i++) vr_str_addf(&all, "%s%s", i ? ", " : "", list[i]);
  const char *near = vr_str_nearest(word, list, n);
  vr_str hint = {0};
  if (near) vr_str_addf(&hint, ", did you mean '%s'?", near);
  int code = vr_fail(VR_EARG, "there is no %s '%s'%s (%ss: %s)", what, vr_str_get(&shown),
    vr_str_get(&hint), what, n ? vr_str_get(&all) : "none");
  vr_str_free(&hint);
  vr_str_free(&shown);
  vr_str_free(&all);
  return code;
}

static int unknown_key(const vr_task *t, const char *word)
{
  const vr_task_key *key = t->table.row;
  const char **list;
  VR_TRY(vr_alloc(&list, t->table.n, sizeof *list));
  for (size_t i = 0; i < t->table.n; i++) list[i] = key[i].name;
  int code = unknown("parameter", word, list, t->table.n);
  vr_release(list);
  return vr_wrap(code, "task %s", t->name);
}

// the place of `word` in "a|b|c", the unit of a key whose values have names
static int named(const vr_task_key *key, const char *word, double *x)
{
  const char *at = strchr(key->unit, '|') ? key->unit : NULL;
  size_t n = strlen(word);
  for (*x = 0; at; (*x)++) {
    if (strcspn(at, "|") == n && !strncmp(at, word, n)) return 1;
    at = strchr(at, '|');
    if (at) at++;
  }
  return 0;
}

// sets one "key=value"
static int set(vr_task *t, char *word)
{
  char *value = strchr(word, '=');
  if (!value) return vr_fail(VR_EARG, "task %s: write key=value, not '%s'", t->name, word);
  *value++ = 0;
  int i = vr_table_find(&t->table, word);
  if (i < 0) return unknown_key(t, word);
  vr_task_key *key = (vr_task_key *)t->table.row + i;
  double x;
  if (named(key, value, &x)) {
    key->value = x;
    return 0;
  }
  if (vr_str_number(value, &x))
    return vr_fail(VR_EARG, "task %s: %s: '%s' is not %s", t->name, word, value,
      strchr(key->unit, '|') ? key->unit : "a number");
  if (x < key->min || x > key->max)
    return vr_fail(
      VR_EARG, "task %s: %s: %s is not in %g .. %g", t->name, word, value, key->min, key->max);
  key->value = x;
  return 0;
}

// each key that the task asks for is in its table
static int complete(const vr_task *t, size_t k, const char *path)
{
  char **key;
  size_t n;
  VR_TRY(vr_str_split(kinds[k]->keys, " ", &key, &n));
  int code = 0;
  for (size_t i = 0; i < n && !code; i++)
    if (vr_table_find(&t->table, key[i]) < 0)
      code = vr_fail(VR_EARG, "%s: the row of '%s' is missing", path, key[i]);
  vr_release(key);
  return code;
}

// the table of task number k
static int read_table(const char *folder, size_t k, vr_task *t)
{
  vr_str path = {0};
  vr_str_addf(&path, "%s/%s.tsv", folder, names[k]);
  int code = vr_str_ok(&path);
  if (!code)
    code =
      vr_table_read(vr_str_get(&path), columns, VR_LEN(columns), sizeof(vr_task_key), &t->table);
  if (!code) code = complete(t, k, vr_str_get(&path));
  vr_str_free(&path);
  const vr_task_key *key = t->table.row;
  for (size_t i = 0; !code && i < t->table.n; i++)
    if (!(key[i].value >= key[i].min && key[i].value <= key[i].max))
      code = vr_table_fail(&t->table, i, "the value of '%s' is not in its own range", key[i].name);
  return code;
}

// the keys of "key=value,..."
static int set_all(vr_task *t, const char *list)
{
  char **words;
  size_t n;
  VR_TRY(vr_str_split(list, ",", &words, &n));
  int code = 0;
  for (size_t i = 0; i < n && !code; i++) {
    code = set(t, words[i]);
    for (size_t k = 0; k < i && !code; k++)
      if (!strcmp(words[k], words[i]))
        code = vr_fail(VR_EARG, "task %s: %s is given twice", t->name, words[i]);
  }
  vr_release(words);
  return code;
}

// finds the task and reads its table
static int open_task(const char *folder, const char *name, vr_task *t)
{
  size_t k = 0;
  while (k < VR_LEN(names) && strcmp(names[k], name)) k++;
  if (k == VR_LEN(names)) return unknown("task", name, names, VR_LEN(names));
  t->name = names[k];
  t->kind = (int)k;
  return read_table(folder, k, t);
}

// the values of a recorded table take the place of the defaults
static int recall(const vr_table *old, vr_task *t)
{
  const vr_task_key *from = old->row;
  for (size_t i = 0; i < old->n; i++) {
    int k = vr_table_find(&t->table, from[i].name);
    if (k < 0)
      return vr_table_fail(old, i, "there is no parameter '%s' in task %s", from[i].name, t->name);
    vr_task_key *to = (vr_task_key *)t->table.row + k;
    if (from[i].value < to->min || from[i].value > to->max)
      return vr_table_fail(
        old, i, "%s: %g is not in %g .. %g", to->name, from[i].value, to->min, to->max);
    to->value = from[i].value;
  }
  return 0;
}

// what the ranges do not say
static int check(const vr_task *t)
{
  return kinds[t->kind]->check ? kinds[t->kind]->check(t) : 0;
}

// the task that a table of the user is for: its file is named like the task's own
static int read_variant(const char *folder, const char *path, vr_task *t)
{
  vr_table mine = {0};
  vr_str name = {0};
  const char *base = strrchr(path, '/') + 1, *dot = strrchr(base, '.');
  vr_str_addn(&name, base, dot && !strcmp(dot, ".tsv") ? (size_t)(dot - base) : strlen(base));
  int code = vr_str_ok(&name);
  if (!code) code = open_task(folder, vr_str_get(&name), t);
  if (!code) code = vr_table_read(path, columns, VR_LEN(columns), sizeof(vr_task_key), &mine);
  if (!code) code = recall(&mine, t);
  vr_table_free(&mine);
  vr_str_free(&name);
  return code == VR_EDATA ? VR_EARG : code;
}

int vr_task_read(const char *folder, const char *spec, vr_task *t)
{
  vr_str name = {0};
  size_t len = strcspn(spec, ":");
  *t = (vr_task){0};
  vr_str_addn(&name, spec, len);
  int code = vr_str_ok(&name);
  if (!code && strcspn(spec, ",=") < len)
    code = vr_fail(VR_EARG, "write a task as NAME:key=value,..., not '%s'", spec);
  if (!code)
    code = strchr(vr_str_get(&name), '/') ? read_variant(folder, vr_str_get(&name), t)
                                          : open_task(folder, vr_str_get(&name), t);
  if (!code && spec[len]) code = set_all(t, spec + len + 1);
  if (!code) code = check(t);
  vr_str_free(&name);
  if (code) vr_task_free(t);
  return code;
}

int vr_task_recall(const char *folder, const char *name, const char *text, size_t n, vr_task *t)
{
  vr_table old = {0};
  vr_str path = {0};
  *t = (vr_task){0};
  int code = open_task(folder, name, t);
  vr_str_addf(&path, "/task/%s", t->name ? t->name : "");
  if (!code) code = vr_str_ok(&path);
  if (!code)
    code = vr_table_parse(path.s, text, n, columns, VR_LEN(columns), sizeof(vr_task_key), &old);
  if (!code) code = recall(&old, t);
  if (!code && check(t)) code = vr_fail(VR_EDATA, "%s: %s", vr_str_get(&path), vr_errmsg());
  vr_table_free(&old);
  vr_str_free(&path);
  if (code) vr_task_free(t);
  return code;
}

double vr_task_get(const vr_task *t, const char *key)
{
  int i = vr_table_find(&t->table, key);
  return i < 0 ? NAN : ((const vr_task_key *)t->table.row)[i].value;
}

double vr_task_seconds(const vr_task *t)
{
  double s = vr_task_get(t, "seconds");
  return isnan(s) ? 30 : s;
}

void vr_task_text(const vr_task *t, vr_str *out)
{
  const vr_task_key *key = t->table.row;
  vr_str_add(out, "name\tvalue\tmin\tmax\tunit\twhat\n");
  for (size_t i = 0; i < t->table.n; i++) {
    const double numbers[] = {key[i].value, key[i].min, key[i].max};
    vr_str_add(out, key[i].name);
    for (size_t k = 0; k < VR_LEN(numbers); k++) {
      vr_str_addc(out, '\t');
      vr_mjcf_number(out, numbers[k]);
    }
    vr_str_addf(out, "\t%s\t%s\n", key[i].unit, key[i].what);
  }
}

int vr_task_copy(const vr_task *t, vr_task *copy)
{
  vr_str text = {0};
  *copy = (vr_task){.name = t->name, .kind = t->kind};
  vr_task_text(t, &text);
  int code = vr_str_ok(&text);
  if (!code)
    code = vr_table_parse(t->name, vr_str_get(&text), text.n, columns, VR_LEN(columns),
      sizeof(vr_task_key), &copy->table);
  vr_str_free(&text);
  return code;
}

int vr_task_world(const vr_task *t, uint64_t seed, vr_world *w)
{
  vr_ground g;
  *w = (vr_world){0};
  VR_TRY(vr_ground_new(t, &g));
  int code = vr_ground_draw(t, seed, &g);
  if (!code) code = vr_task_dress(t, &g, 0, w);
  vr_ground_free(&g);
  return code;
}

void vr_task_free(vr_task *t)
{
  vr_table_free(&t->table);
  *t = (vr_task){0};
}
