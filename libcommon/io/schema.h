/* schema.h -- the table of all datasets of the stream: what DESIGN and vr.5 promise of each.
 *
 * vr-check measures files against it, vr-dump -l explains with it, vr-load and merging take types,
 * axes and dependences from it. `vr-check --list` prints it. */
#ifndef VR_IO_SCHEMA_H
#define VR_IO_SCHEMA_H
#include <stddef.h>

typedef struct {
  const char *path;  /* "*" stands for one name, "**" at the end for one or more */
  const char *types; /* allowed, best first: f32 f64 i32 i64 u8 str */
  const char *axes;  /* "time joint"; "*" is any one axis, "**" any number of them */
  const char *units; /* allowed, separated by '|'; "" no unit, "*" any */
  const char *fit;   /* NULL, or groups whose parameters give the numbers their meaning, separated
                        by blanks; "@" stands for the dataset's own path */
  const char *tool;  /* who makes it */
  const char *what;  /* one line */
  int nan;           /* 1: NaN marks what is missing */
} vr_schema_row;

extern const vr_schema_row vr_schema[];
extern const size_t vr_schema_rows;

/* The first row whose pattern matches the path, or NULL. */
const vr_schema_row *vr_schema_find(const char *path);
/* 1: `path` matches `pattern` as in the table. */
int vr_schema_match(const char *pattern, const char *path);
/* 1: `word` is one of the words of `list`, which are separated by `sep`. */
int vr_schema_word(const char *list, char sep, const char *word);
/* Number k of the words of `list` between blanks, copied to word; 0 when there are fewer. */
int vr_schema_axis(const char *list, int k, char *word, size_t size);

#endif
