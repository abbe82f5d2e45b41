#include "io/prov.h"
#include "base/err.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/str.h"
#include <string.h>

enum { ID = 12 }; /* hexadecimal digits of an id */
static const char head[] = "{\"id\":\"";

static void add_json(vr_str *t, const char *text)
{
  vr_json_add_string(t, text, strlen(text));
}

/* FNV-1a, 64 bits */
static uint64_t hash(const char *text)
{
  uint64_t h = 0xcbf29ce484222325u;
  for (const unsigned char *c = (const unsigned char *)text; *c; c++) h = (h ^ *c) * 0x100000001b3u;
  return h;
}

/* -- which lines are nobody's parent -- */

static int id_of(const char *line, char id[ID + 1])
{
  if (strncmp(line, head, sizeof head - 1) || strlen(line) < sizeof head + ID) return 0;
  memcpy(id, line + sizeof head - 1, ID);
  id[ID] = 0;
  return 1;
}

static int is_parent(const char *line, const char *id)
{
  const char *from = strstr(line, "\"parents\":["), *end = from ? strchr(from, ']') : NULL;
  const char *at = from ? strstr(from, id) : NULL;
  return at && at < end;
}

static void add_heads(vr_str *t, char *const *lines, size_t n)
{
  char id[ID + 1];
  int first = 1;
  for (size_t i = 0; i < n; i++) {
    int taken = !id_of(lines[i], id);
    for (size_t j = 0; j < n && !taken; j++) taken = j != i && is_parent(lines[j], id);
    if (taken) continue;
    vr_str_addf(t, "%s\"%s\"", first ? "" : ",", id);
    first = 0;
  }
}

/* -- lines -- */

int vr_history_get(const vr_h5 *f, char ***lines, size_t *n)
{
  *lines = NULL;
  *n = 0;
  return vr_h5_has(f, "/history") ? vr_h5_read_strings(f, "/history", lines, n) : 0;
}

static void add_body(vr_str *t, const vr_run *run, char *const *lines, size_t n)
{
  vr_str_add(t, "\"parents\":[");
  add_heads(t, lines, n);
  vr_str_add(t, "],\"program\":");
  add_json(t, run->program);
  vr_str_add(t, ",\"version\":");
  add_json(t, VR_VERSION);
  vr_str_add(t, ",\"command\":[");
  for (size_t i = 0; i < run->nwords; i++) {
    if (i) vr_str_addc(t, ',');
    add_json(t, run->command[i]);
  }
  vr_str_add(t, "],");
  if (run->ninputs) vr_str_addf(t, "\"inputs\":%zu,", run->ninputs);
  vr_str_add(t, "\"options\":{");
  for (size_t i = 0; i < run->noptions; i++) {
    if (i) vr_str_addc(t, ',');
    add_json(t, run->names[i]);
    vr_str_addc(t, ':');
    add_json(t, run->values[i]);
  }
  vr_str_addc(t, '}');
  if (run->because_of) {
    vr_str_add(t, ",\"because_of\":");
    add_json(t, run->because_of);
  }
  vr_str_addc(t, '}');
}

int vr_history_add(vr_turn *t, const vr_run *run)
{
  vr_str body = {0}, line = {0};
  char **lines;
  size_t n;
  VR_TRY(vr_history_get(t->out, &lines, &n));
  add_body(&body, run, lines, n);
  vr_release(lines);
  vr_str_addf(
    &line, "%s%012llx\",", head, (unsigned long long)(hash(vr_str_get(&body)) >> (64 - 4 * ID)));
  vr_str_add(&line, vr_str_get(&body));
  int code = vr_str_ok(&body);
  if (!code) code = vr_str_ok(&line);
  if (!code) code = vr_h5_append_line(t->out, "/history", line.s);
  vr_str_free(&body);
  vr_str_free(&line);
  return code;
}

int vr_history_merge(vr_h5 *out, const vr_h5 *const *in, size_t n)
{
  for (size_t k = 0; k < n; k++) {
    char **lines, **have, id[ID + 1], other[ID + 1];
    size_t m, nhave;
    VR_TRY(vr_history_get(in[k], &lines, &m));
    int code = vr_history_get(out, &have, &nhave);
    for (size_t i = 0; i < m && !code; i++) {
      int there = 0;
      for (size_t j = 0; j < nhave && !there; j++)
        there = id_of(lines[i], id) && id_of(have[j], other) && !strcmp(id, other);
      if (!there) code = vr_h5_append_line(out, "/history", lines[i]);
    }
    vr_release(have);
    vr_release(lines);
    VR_TRY(code);
  }
  return 0;
}
