/* spec.h -- names with settings, "NAME[:key=value,...]", as controllers are written. */
#ifndef VR_SIM_SPEC_H
#define VR_SIM_SPEC_H
#include <stddef.h>

/* A setting: its default and range, and the resolved value. */
typedef struct {
  const char *key;
  double value, min, max;
  const char *units, *what;
} vr_key;

/* 1 if the part of `text` before ':' is `name`. */
int vr_spec_is(const char *text, const char *name);

/* Sets the values of the keys that `text` gives; key holds the defaults. `kind` ("controller") is
 * for messages. VR_EARG names what is wrong and, for an unknown key, the nearest one. */
int vr_spec_parse(const char *kind, const char *text, vr_key *key, size_t n);

/* Value of a key that is there. */
double vr_spec_get(const vr_key *key, size_t n, const char *name);

#endif
