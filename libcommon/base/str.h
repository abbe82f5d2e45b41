/* str.h -- a growing string, and splitting of text into words. */
#ifndef VR_BASE_STR_H
#define VR_BASE_STR_H
#include <stdarg.h>
#include <stddef.h>

/* Zero-initialise. `s` is always terminated once something was added. Running out of memory sets
 * `failed`, later additions are ignored, and vr_str_ok tells once at the end. */
typedef struct {
  char *s;
  size_t n, cap;
  int failed;
} vr_str;

void vr_str_add(vr_str *t, const char *text);
void vr_str_addn(vr_str *t, const char *text, size_t n);
void vr_str_addc(vr_str *t, char c);
void vr_str_addf(vr_str *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void vr_str_clear(vr_str *t);            /* keeps the memory */
int vr_str_ok(const vr_str *t);          /* 0 or VR_EMEM */
const char *vr_str_get(const vr_str *t); /* the text, "" when empty */
void vr_str_free(vr_str *t);

/* Bytes of the UTF-8 character at s, of which n > 0 bytes are there; 0: it is none. */
size_t vr_utf8_length(const unsigned char *s, size_t n);

/* Text from a file made safe to print: control characters, quotes and bytes that are not UTF-8 are
 * written as \xNN; nothing is longer than `max` characters (then "..." ends it). */
void vr_str_add_escaped(vr_str *t, const char *text, size_t n, size_t max);

/* Words of `text` between any of the characters in `sep`, empty words kept; *words is an array of
 * *n pointers into one block with the strings, freed by one vr_release(*words). */
int vr_str_split(const char *text, const char *sep, char ***words, size_t *n);

/* Number of edits (insert, delete, replace, swap of neighbours) between two words. */
size_t vr_str_distance(const char *a, const char *b);

/* The entry of `list` nearest to `word`, or NULL when none is near enough to be meant. */
const char *vr_str_nearest(const char *word, const char *const *list, size_t n);

/* *x = the whole of `text` as a finite number (strtod in the C locale). VR_EARG otherwise. */
int vr_str_number(const char *text, double *x);

#endif
