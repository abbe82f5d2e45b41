#include "io/pipeline.h"
#include "base/align.h"
#include "base/err.h"
#include "base/mem.h"
#include <string.h>

enum { LONGEST = 1 << 16, DEEPEST = 100 };

typedef struct {
  vr_json **line;
  size_t n;
} history;

static int parse(char *const *lines, size_t n, history *h)
{
  VR_TRY(vr_alloc(&h->line, n, sizeof *h->line));
  h->n = n;
  for (size_t i = 0; i < n; i++)
    VR_TRY(vr_wrap(vr_json_parse(lines[i], &h->line[i]), "/history row %zu", i));
  return 0;
}

static void free_history(history *h)
{
  for (size_t i = 0; h->line && i < h->n; i++) vr_json_free(h->line[i]);
  vr_release(h->line);
}

static const char *string_of(const vr_json *line, const char *name)
{
  const vr_json *v = vr_json_get(line, name);
  return v && v->kind == VR_JSON_STRING ? v->text : "";
}

static const vr_json *list_of(const vr_json *line, const char *name)
{
  const vr_json *v = vr_json_get(line, name);
  return v && v->kind == VR_JSON_ARRAY ? v->first : NULL;
}

void vr_shell_word(vr_str *text, const char *word)
{
  static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                              "_./:=,@%+-";
  if (*word && !word[strspn(word, plain)]) {
    vr_str_add(text, word);
    return;
  }
  int control = 0;
  for (const char *s = word; *s; s++) control |= (unsigned char)*s < 0x20 || *s == 0x7f;
  vr_str_add(text, control ? "$'" : "'");
  for (const char *s = word; *s; s++) {
    if (control && (*s == '\'' || *s == '\\'))
      vr_str_addf(text, "\\%c", *s);
    else if (*s == '\'')
      vr_str_add(text, "'\\''");
    else if ((unsigned char)*s < 0x20 || *s == 0x7f)
      vr_str_addf(text, "\\%03o", *s);
    else
      vr_str_addc(text, *s);
  }
  vr_str_addc(text, '\'');
}

// the words of a run; without those at the end that name its input
static void add_command(const vr_json *line, int without_inputs, vr_str *text)
{
  size_t words = 0, inputs = 0;
  const vr_json *count = vr_json_get(line, "inputs");
  for (const vr_json *w = list_of(line, "command"); w; w = w->next) words++;
  if (without_inputs && count && count->number > 0 && count->number < (double)words)
    inputs = (size_t)count->number;
  size_t i = 0;
  for (const vr_json *w = list_of(line, "command"); w && i < words - inputs; w = w->next, i++) {
    if (i) vr_str_addc(text, ' ');
    vr_shell_word(text, w->text ? w->text : "");
  }
}

// -- the table --

int vr_history_table(char *const *lines, size_t n, vr_str *text)
{
  history h = {0};
  vr_str rows = {0};
  int code = parse(lines, n, &h);
  vr_str_add(&rows, "id\tparents\tversion\tcommand\n");
  for (size_t i = 0; i < n && !code; i++) {
    const char *id = string_of(h.line[i], "id"), *version = string_of(h.line[i], "version");
    const char *because = string_of(h.line[i], "because_of");
    vr_str_add_escaped(&rows, id, strlen(id), 40);
    vr_str_addc(&rows, '\t');
    for (const vr_json *p = list_of(h.line[i], "parents"); p; p = p->next) {
      vr_str_add_escaped(&rows, p->text ? p->text : "", p->text ? strlen(p->text) : 0, 40);
      if (p->next) vr_str_addc(&rows, ',');
    }
    vr_str_addc(&rows, '\t');
    vr_str_add_escaped(&rows, version, strlen(version), 40);
    vr_str_addc(&rows, '\t');
    add_command(h.line[i], 0, &rows);
    if (*because) vr_str_addf(&rows, "  # needed by %.40s", because);
    vr_str_addc(&rows, '\n');
  }
  if (!code) code = vr_str_ok(&rows);
  if (!code) vr_str_align(text, vr_str_get(&rows), "llll");
  vr_str_free(&rows);
  free_history(&h);
  return code ? code : vr_str_ok(text);
}

// -- the pipeline --

static const vr_json *find_run(const history *h, const char *id)
{
  for (size_t i = 0; i < h->n; i++)
    if (!strcmp(string_of(h->line[i], "id"), id)) return h->line[i];
  return NULL;
}

static int is_parent(const history *h, const char *id)
{
  for (size_t i = 0; i < h->n; i++)
    for (const vr_json *p = list_of(h->line[i], "parents"); p; p = p->next)
      if (p->text && !strcmp(p->text, id)) return 1;
  return 0;
}

// 1: a run that is printed comes before this one
static int has_input(const history *h, const vr_json *run, int depth)
{
  for (const vr_json *p = list_of(run, "parents"); p && depth < DEEPEST; p = p->next) {
    const vr_json *parent = p->text ? find_run(h, p->text) : NULL;
    if (parent && (!*string_of(parent, "because_of") || has_input(h, parent, depth + 1))) return 1;
  }
  return 0;
}

static int add_run(const history *h, const vr_json *run, int depth, vr_str *text);

// the runs before, as what comes in: one as it is, more in braces
static int add_parents(const history *h, const vr_json *run, int depth, vr_str *text)
{
  const vr_json *first = list_of(run, "parents");
  if (first && first->next) vr_str_add(text, "{ ");
  for (const vr_json *p = first; p; p = p->next) {
    const vr_json *parent = p->text ? find_run(h, p->text) : NULL;
    if (!parent) return vr_fail(VR_EDATA, "/history: a run is missing that another one follows");
    VR_TRY(add_run(h, parent, depth + 1, text));
    if (first->next) vr_str_add(text, p->next ? "; " : "; }");
  }
  return 0;
}

static int add_run(const history *h, const vr_json *run, int depth, vr_str *text)
{
  if (depth > DEEPEST || text->n > LONGEST)
    return vr_fail(VR_EDATA, "/history: runs follow each other without end");
  VR_TRY(add_parents(h, run, depth, text));
  // what a later run needed is computed again when that one is repeated
  if (depth && *string_of(run, "because_of")) return 0;
  int input = has_input(h, run, 0);
  if (input) vr_str_add(text, " | ");
  add_command(run, input, text);
  return 0;
}

int vr_history_pipeline(char *const *lines, size_t n, vr_str *text)
{
  history h = {0};
  size_t heads = 0, last = 0;
  int code = parse(lines, n, &h);
  for (size_t i = 0; i < n && !code; i++)
    if (!is_parent(&h, string_of(h.line[i], "id"))) {
      heads++;
      last = i;
    }
  if (!code && !n)
    code = vr_fail(VR_EDATA, "has no history");
  else if (!code && !heads)
    code = vr_fail(VR_EDATA, "/history: runs follow each other in a ring");
  // several heads stand side by side
  if (!code && heads > 1) vr_str_add(text, "{ ");
  for (size_t i = 0; i < n && !code; i++) {
    if (is_parent(&h, string_of(h.line[i], "id"))) continue;
    code = add_run(&h, h.line[i], 0, text);
    if (!code && heads > 1) vr_str_add(text, i < last ? "; " : "; }");
  }
  vr_str_addc(text, '\n');
  free_history(&h);
  return code ? code : vr_str_ok(text);
}
