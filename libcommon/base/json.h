/* json.h -- JSON text: writing of strings and numbers, and a small reader. */
#ifndef VR_BASE_JSON_H
#define VR_BASE_JSON_H
#include "base/str.h"

/* Adds "text" with quotes and escapes; bytes that are not UTF-8 become U+FFFD. */
void vr_json_add_string(vr_str *t, const char *text, size_t n);
/* Adds a number that reads back exactly; NaN and infinities become null. */
void vr_json_add_number(vr_str *t, double x);

typedef enum {
  VR_JSON_NULL,
  VR_JSON_BOOL,
  VR_JSON_NUMBER,
  VR_JSON_STRING,
  VR_JSON_ARRAY,
  VR_JSON_OBJECT
} vr_json_kind;

/* A value. Children of arrays and objects hang at `first` and go on with `next`. */
typedef struct vr_json {
  vr_json_kind kind;
  const char *name; /* key in an object, else NULL */
  const char *text; /* strings: decoded; numbers, booleans, null: as written; else NULL */
  double number;    /* numbers, and 0 or 1 for booleans */
  struct vr_json *first, *next;
} vr_json;

/* Reads one value and nothing after it; nesting to 64. The whole tree is freed with
 * vr_json_free(root). VR_EDATA: not JSON, with the place. */
int vr_json_parse(const char *text, vr_json **root);
void vr_json_free(vr_json *root); /* NULL is fine */
/* The member `name` of an object; NULL when there is none (also for a NULL or other value). */
const vr_json *vr_json_get(const vr_json *object, const char *name);

#endif
