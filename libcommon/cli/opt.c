#include "cli/opt.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include <math.h>
#include <stdint.h>
#include <string.h>

int vr_opt_has_arg(const vr_opt *o)
{
  return o->kind != VR_OPT_FLAG;
}

/* -- finding an option in the tables; *index counts through all of them -- */

static const vr_opt *by_letter(const vr_opt_set *set, char letter, size_t *index)
{
  *index = 0;
  for (size_t k = 0; k < VR_LEN(set->table); k++)
    for (size_t i = 0; i < set->n[k]; i++, ++*index)
      if (set->table[k][i].letter == letter) return &set->table[k][i];
  return NULL;
}

static const vr_opt *by_name(const vr_opt_set *set, const char *name, size_t n, size_t *index)
{
  *index = 0;
  for (size_t k = 0; k < VR_LEN(set->table); k++)
    for (size_t i = 0; i < set->n[k]; i++, ++*index) {
      const vr_opt *o = &set->table[k][i];
      if (strlen(o->name) == n && !strncmp(o->name, name, n)) return o;
    }
  return NULL;
}

static int unknown(const vr_opt_set *set, const char *name, size_t n)
{
  const char *list[256], *near;
  char word[64];
  size_t count = 0;
  for (size_t k = 0; k < VR_LEN(set->table); k++)
    for (size_t i = 0; i < set->n[k] && count < VR_LEN(list); i++)
      list[count++] = set->table[k][i].name;
  n = n < sizeof word ? n : sizeof word - 1;
  memcpy(word, name, n);
  word[n] = 0;
  near = vr_str_nearest(word, list, count);
  if (near)
    return vr_fail(VR_EARG, "unknown option --%s, did you mean --%s? (-h lists all)", word, near);
  return vr_fail(VR_EARG, "unknown option --%s (-h lists all)", word);
}

/* -- setting -- */

static int set_number(const vr_opt *o, const char *text)
{
  double x;
  if (vr_str_number(text, &x))
    return vr_fail(VR_EARG, "--%s: \"%.60s\" is not a number", o->name, text);
  if (o->kind == VR_OPT_INT && x != floor(x))
    return vr_fail(VR_EARG, "--%s: %s is not a whole number", o->name, text);
  if (x < o->min || x > o->max)
    return vr_fail(VR_EARG, "--%s: %s is not between %g and %g", o->name, text, o->min, o->max);
  if (o->kind == VR_OPT_INT)
    *(int *)o->var = (int)x;
  else
    *(double *)o->var = x;
  return 0;
}

static int set_word(const vr_opt *o, const char *text)
{
  char **word;
  size_t n;
  VR_TRY(vr_str_split(o->arg, "|", &word, &n));
  size_t i = 0;
  while (i < n && strcmp(word[i], text)) i++;
  const char *near = i < n ? NULL : vr_str_nearest(text, (const char *const *)word, n);
  int code = 0;
  if (i < n)
    *(int *)o->var = (int)i;
  else if (near)
    code = vr_fail(VR_EARG, "--%s: unknown word %.60s, did you mean %s?", o->name, text, near);
  else
    code = vr_fail(VR_EARG, "--%s: %.60s is none of %s", o->name, text, o->arg);
  vr_release(word);
  return code;
}

static int set_value(const vr_opt *o, const char *text)
{
  vr_list *list = o->var;
  switch (o->kind) {
  case VR_OPT_FLAG: *(int *)o->var = 1; return 0;
  case VR_OPT_INT:
  case VR_OPT_DBL: return set_number(o, text);
  case VR_OPT_WORD: return set_word(o, text);
  case VR_OPT_STR:
  case VR_OPT_FILE: *(const char **)o->var = text; return 0;
  case VR_OPT_LIST:
    VR_TRY(vr_grow(&list->item, list->n, list->n + 1, sizeof *list->item));
    list->item[list->n++] = text;
    return 0;
  }
  return 0;
}

/* -- parsing -- */

/* one long option; *used is 1 when the next word was its argument */
static int parse_long(
  const vr_opt_set *set, const char *word, const char *next, int *used, int *seen)
{
  size_t n = strcspn(word, "="), index;
  const vr_opt *o = by_name(set, word, n, &index);
  if (!o) return unknown(set, word, n);
  const char *value = word[n] ? word + n + 1 : NULL;
  if (!vr_opt_has_arg(o) && value) return vr_fail(VR_EARG, "--%s takes no argument", o->name);
  if (vr_opt_has_arg(o) && !value) {
    if (!next) return vr_fail(VR_EARG, "--%s needs an argument: %s", o->name, o->arg);
    value = next;
    *used = 1;
  }
  seen[index]++;
  return set_value(o, value);
}

/* letters behind one dash: flags, the last may take an argument */
static int parse_letters(
  const vr_opt_set *set, const char *word, const char *next, int *used, int *seen)
{
  for (const char *c = word; *c; c++) {
    size_t index;
    const vr_opt *o = by_letter(set, *c, &index);
    if (!o) {
      vr_str shown = {0};
      vr_str_add_escaped(&shown, c, 1, 1);
      vr_fail(VR_EARG, "unknown option -%s (-h lists all)", vr_str_get(&shown));
      vr_str_free(&shown);
      return VR_EARG;
    }
    seen[index]++;
    if (!vr_opt_has_arg(o)) {
      VR_TRY(set_value(o, NULL));
      continue;
    }
    if (!c[1] && !next) return vr_fail(VR_EARG, "-%c needs an argument: %s", *c, o->arg);
    *used = !c[1];
    return set_value(o, c[1] ? c + 1 : next);
  }
  return 0;
}

int vr_opt_parse(const vr_opt_set *set, int argc, char **argv, int *first, int *seen)
{
  int noperands = 0, only_operands = 0;
  char **operand;
  VR_TRY(vr_alloc(&operand, (size_t)argc + 1, sizeof *operand));
  int code = 0;
  for (int i = 1; i < argc && !code; i++) {
    const char *next = i + 1 < argc ? argv[i + 1] : NULL;
    int used = 0;
    if (only_operands || argv[i][0] != '-' || !argv[i][1])
      operand[noperands++] = argv[i];
    else if (!strcmp(argv[i], "--"))
      only_operands = 1;
    else if (argv[i][1] == '-')
      code = parse_long(set, argv[i] + 2, next, &used, seen);
    else
      code = parse_letters(set, argv[i] + 1, next, &used, seen);
    i += used;
  }
  *first = argc - noperands;
  for (int i = 0; i < noperands; i++) argv[*first + i] = operand[i];
  vr_release(operand);
  return code;
}

/* -- values as text -- */

/* a file's name without its folders; all else as it is */
static const char *without_folders(const char *name)
{
  const char *slash = strrchr(name, '/');
  return slash && slash[1] ? slash + 1 : name;
}

static int word_value(const vr_opt *o, vr_str *t)
{
  char **word;
  size_t n, i = (size_t) * (int *)o->var;
  VR_TRY(vr_str_split(o->arg, "|", &word, &n));
  vr_str_add(t, i < n ? word[i] : "");
  vr_release(word);
  return 0;
}

int vr_opt_value(const vr_opt *o, char **text)
{
  vr_str t = {0};
  const vr_list *list = o->var;
  const char *name =
    o->kind == VR_OPT_STR || o->kind == VR_OPT_FILE ? *(const char **)o->var : NULL;
  vr_str_add(&t, "");
  switch (o->kind) {
  case VR_OPT_FLAG:
  case VR_OPT_INT: vr_str_addf(&t, "%d", *(int *)o->var); break;
  case VR_OPT_DBL: vr_str_addf(&t, "%.10g", *(double *)o->var); break;
  case VR_OPT_STR: vr_str_add(&t, name ? name : ""); break;
  case VR_OPT_FILE: vr_str_add(&t, name ? without_folders(name) : ""); break;
  case VR_OPT_LIST:
    for (size_t i = 0; i < list->n; i++) vr_str_addf(&t, "%s%s", i ? " " : "", list->item[i]);
    break;
  case VR_OPT_WORD: VR_TRY(word_value(o, &t)); break;
  }
  *text = t.s;
  return vr_str_ok(&t);
}

int vr_opt_lines(const vr_opt *opts, size_t n, const char *const *except, size_t m, vr_str *text)
{
  for (size_t i = 0; i < n; i++) {
    size_t k = 0;
    char *value = NULL;
    while (k < m && strcmp(opts[i].name, except[k])) k++;
    if (k < m) continue;
    VR_TRY(vr_opt_value(opts + i, &value));
    vr_str_addf(text, "%s %s\n", opts[i].name, value);
    vr_release(value);
  }
  return vr_str_ok(text);
}
