/* opt.h -- option tables: one row an option, from which parsing, help, completions and the
 * history's "resolved options" all come. */
#ifndef VR_CLI_OPT_H
#define VR_CLI_OPT_H
#include "base/str.h"
#include <stddef.h>

typedef enum {
  VR_OPT_FLAG, /* int *: set to 1 */
  VR_OPT_INT,  /* int *, between min and max */
  VR_OPT_DBL,  /* double *, between min and max */
  VR_OPT_STR,  /* const char ** */
  VR_OPT_FILE, /* const char **: a file; the history keeps its name without folders */
  VR_OPT_LIST, /* vr_list *: the option repeats */
  VR_OPT_WORD, /* int *: place of the value in `arg`, words separated by '|' ("zero|symmetric") */
} vr_opt_kind;

typedef struct {
  const char **item;
  size_t n;
} vr_list;

typedef struct {
  char letter;      /* 0: long form only */
  const char *name; /* without dashes */
  vr_opt_kind kind;
  void *var;        /* holds the default until it is set */
  double min, max;  /* numbers: range, both ends allowed */
  const char *arg;  /* name of the argument in the help, or the words */
  const char *help; /* one line without a full stop */
} vr_opt;

/* Several tables searched one after the other. */
typedef struct {
  const vr_opt *table[3];
  size_t n[3];
} vr_opt_set;

/* Parses argv[1 ..] into the tables' variables; operands are moved to argv[*first ..] in their
 * order. `seen[i]` (room for all options, in order of the tables) counts how often each was given.
 * VR_EARG with a message for the user. Lists grow with vr_grow and live as long as the program. */
int vr_opt_parse(const vr_opt_set *set, int argc, char **argv, int *first, int *seen);
/* The value as text ("25", "symmetric", "/a /b"); the caller frees it with vr_release. */
int vr_opt_value(const vr_opt *o, char **text);
/* Adds a line "name value" for each of n options but those named in `except` (m of them). */
int vr_opt_lines(const vr_opt *opts, size_t n, const char *const *except, size_t m, vr_str *text);
/* An option has an argument: all but flags. */
int vr_opt_has_arg(const vr_opt *o);

#endif
