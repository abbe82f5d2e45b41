#include "base/json.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/number.h"
#include <math.h>
#include <string.h>

enum { DEEPEST = 64 };

void vr_json_add_string(vr_str *t, const char *text, size_t n)
{
  vr_str_addc(t, '"');
  for (size_t i = 0; i < n;) {
    unsigned char c = (unsigned char)text[i];
    size_t len = vr_utf8_length((const unsigned char *)text + i, n - i);
    if (c == '"' || c == '\\')
      vr_str_addf(t, "\\%c", c);
    else if (c == '\n')
      vr_str_add(t, "\\n");
    else if (c == '\t')
      vr_str_add(t, "\\t");
    else if (c < 0x20 || c == 0x7f)
      vr_str_addf(t, "\\u%04x", c);
    else if (!len)
      vr_str_add(t, "\\ufffd");
    else
      vr_str_addn(t, text + i, len);
    i += len ? len : 1;
  }
  vr_str_addc(t, '"');
}

void vr_json_add_number(vr_str *t, double x)
{
  char buf[VR_NUMBER_MAX];
  if (isfinite(x))
    vr_str_addn(t, buf, vr_number_f64(buf, x));
  else
    vr_str_add(t, "null");
}

typedef struct {
  const char *start, *s;
  int depth;
} parser;

static int bad(const parser *p, const char *what)
{
  return vr_fail(VR_EDATA, "not JSON: %s at character %zu", what, (size_t)(p->s - p->start) + 1);
}

static void blanks(parser *p)
{
  p->s += strspn(p->s, " \t\r\n");
}

static void add_utf8(vr_str *t, unsigned long c)
{
  if (c < 0x80) {
    vr_str_addc(t, (char)c);
  } else if (c < 0x800) {
    vr_str_addc(t, (char)(0xc0 | c >> 6));
    vr_str_addc(t, (char)(0x80 | (c & 0x3f)));
  } else {
    if (c >= 0x10000) vr_str_addc(t, (char)(0xf0 | c >> 18));
    vr_str_addc(t, (char)(c >= 0x10000 ? 0x80 | (c >> 12 & 0x3f) : 0xe0 | c >> 12));
    vr_str_addc(t, (char)(0x80 | (c >> 6 & 0x3f)));
    vr_str_addc(t, (char)(0x80 | (c & 0x3f)));
  }
}

static int hex4(parser *p, unsigned long *c)
{
  *c = 0;
  for (int i = 0; i < 4; i++, p->s++) {
    const char *digits = "0123456789abcdef", *d = strchr(digits, *p->s | 0x20);
    if (*p->s < '0' || !d) return bad(p, "\\u without four digits");
    *c = *c * 16 + (unsigned long)(d - digits);
  }
  return 0;
}

static int escape(parser *p, vr_str *t)
{
  static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
  unsigned long c, low;
  const char *at = *p->s ? strchr(from, *p->s) : NULL;
  if (at) {
    vr_str_addc(t, to[at - from]);
    p->s++;
    return 0;
  }
  if (*p->s++ != 'u') return bad(p, "an unknown escape");
  VR_TRY(hex4(p, &c));
  if (c >= 0xd800 && c < 0xdc00 && p->s[0] == '\\' && p->s[1] == 'u') { // a pair
    p->s += 2;
    VR_TRY(hex4(p, &low));
    c = low >= 0xdc00 && low < 0xe000 ? 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00) : 0xfffd;
  }
  add_utf8(t, c == 0 || (c >= 0xd800 && c < 0xe000) ? 0xfffd : c);
  return 0;
}

static int string(parser *p, char **text)
{
  vr_str t = {0};
  int code = 0;
  for (p->s++; *p->s != '"' && !code;) {
    if ((unsigned char)*p->s < 0x20) {
      code = bad(p, "a string without end");
    } else if (*p->s == '\\') {
      p->s++;
      code = escape(p, &t);
    } else {
      vr_str_addc(&t, *p->s++);
    }
  }
  if (!code) p->s++;
  vr_str_addn(&t, "", 0);
  if (!code) code = vr_str_ok(&t);
  if (code) vr_str_free(&t);
  *text = t.s;
  return code;
}

static int value(parser *p, vr_json **out);

// members of an array or object, up to its closing bracket
static int members(parser *p, vr_json *v, char close)
{
  vr_json **tail = &v->first;
  p->s++;
  for (blanks(p); *p->s != close;) {
    char *name = NULL;
    if (close == '}') {
      if (*p->s != '"') return bad(p, "a key is missing");
      VR_TRY(string(p, &name));
      blanks(p);
    }
    int code = close == '}' && *p->s++ != ':' ? bad(p, "':' is missing") : value(p, tail);
    if (*tail && name)
      (*tail)->name = name;
    else
      vr_release(name);
    if (code) return code;
    tail = &(*tail)->next;
    blanks(p);
    if (*p->s == ',') {
      p->s++;
      blanks(p);
      if (*p->s == close) return bad(p, "a comma too many");
    } else if (*p->s != close) {
      return bad(p, "',' or a closing bracket is missing");
    }
  }
  p->s++;
  return 0;
}

static int literal(parser *p, vr_json *v)
{
  static const char *const words[] = {"null", "false", "true"};
  const char *start = p->s, *end = NULL;
  for (int i = 0; i < 3 && !end; i++) {
    if (strncmp(start, words[i], strlen(words[i]))) continue;
    end = start + strlen(words[i]);
    v->kind = i ? VR_JSON_BOOL : VR_JSON_NULL;
    v->number = i == 2;
  }
  if (!end && (*start == '-' || (*start >= '0' && *start <= '9'))) {
    end = vr_number_parse(start, &v->number);
    v->kind = VR_JSON_NUMBER;
  }
  if (!end) return bad(p, "neither value nor bracket");
  char *text;
  VR_TRY(vr_alloc(&text, (size_t)(end - start) + 1, 1));
  memcpy(text, start, (size_t)(end - start));
  v->text = text;
  p->s = end;
  return 0;
}

static int value(parser *p, vr_json **out)
{
  if (p->depth >= DEEPEST) return bad(p, "brackets too deep");
  VR_TRY(vr_alloc(out, 1, sizeof **out));
  vr_json *v = *out;
  char *text = NULL;
  int code;
  p->depth++;
  blanks(p);
  switch (*p->s) {
  case '{':
    v->kind = VR_JSON_OBJECT;
    code = members(p, v, '}');
    break;
  case '[':
    v->kind = VR_JSON_ARRAY;
    code = members(p, v, ']');
    break;
  case '"':
    v->kind = VR_JSON_STRING;
    code = string(p, &text);
    v->text = text;
    break;
  default: code = literal(p, v);
  }
  p->depth--;
  return code;
}

int vr_json_parse(const char *text, vr_json **root)
{
  parser p = {text, text, 0};
  *root = NULL;
  int code = value(&p, root);
  if (!code) {
    blanks(&p);
    if (*p.s) code = bad(&p, "more than one value");
  }
  if (code) {
    vr_json_free(*root);
    *root = NULL;
  }
  return code;
}

void vr_json_free(vr_json *v)
{
  while (v) {
    vr_json *next = v->next;
    vr_json_free(v->first);
    vr_release((void *)v->name);
    vr_release((void *)v->text);
    vr_release(v);
    v = next;
  }
}

const vr_json *vr_json_get(const vr_json *object, const char *name)
{
  if (!object || object->kind != VR_JSON_OBJECT) return NULL;
  for (const vr_json *m = object->first; m; m = m->next)
    if (m->name && !strcmp(m->name, name)) return m;
  return NULL;
}
