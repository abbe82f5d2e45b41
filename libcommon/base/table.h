/* table.h -- strict reading of tab-separated tables into arrays of structs.
 *
 * A table is UTF-8 text: lines that begin with # and empty lines are skipped, the first other line
 * names the columns, every further line is a row with as many fields. The caller says which columns
 * there must be and where in the row's struct each goes; a column may stand at any place. Whatever
 * does not fit (unknown, missing or doubled column, field too many or too few, not a number, out of
 * range, doubled key, unknown reference) is VR_EDATA with one message `file:line: what`. */
#ifndef VR_BASE_TABLE_H
#define VR_BASE_TABLE_H
#include <stddef.h>

typedef enum {
  VR_COL_KEY,   /* const char *, at offset 0: names the row, unique; a word */
  VR_COL_WORD,  /* const char *: a letter or _, then letters, digits, _ . - ; at most 63 */
  VR_COL_TEXT,  /* const char *: anything printable */
  VR_COL_NUM,   /* double in min .. max */
  VR_COL_INT,   /* int in min .. max */
  VR_COL_ONEOF, /* int: place of the field in `words`, separated by '|' */
  VR_COL_REF,   /* int: row of the table `to` with this key; to NULL: a row above in this table */
} vr_col_kind;

typedef struct vr_table vr_table;

typedef struct {
  const char *name; /* heading; "x y z": three columns, into consecutive elements */
  vr_col_kind kind;
  size_t offset; /* of the (first) element in the row's struct */
  double min, max;
  const char *words;  /* VR_COL_ONEOF */
  const vr_table *to; /* VR_COL_REF */
  int optional;       /* a field may be "-": NULL, NAN or -1 is stored (not for INT and KEY) */
} vr_col;

/* Columns of a row's struct; `lo`, `hi`: range of numbers. */
#define VR_AT(type, member) .offset = offsetof(type, member)
#define VR_KEY(head)                                                                               \
  {                                                                                                \
    .name = head, .kind = VR_COL_KEY                                                               \
  }
#define VR_NUM(head, type, member, lo, hi)                                                         \
  {                                                                                                \
    .name = head, .kind = VR_COL_NUM, VR_AT(type, member), .min = lo, .max = hi                    \
  }
#define VR_INT(head, type, member, lo, hi)                                                         \
  {                                                                                                \
    .name = head, .kind = VR_COL_INT, VR_AT(type, member), .min = lo, .max = hi                    \
  }
#define VR_ONEOF(head, type, member, list)                                                         \
  {                                                                                                \
    .name = head, .kind = VR_COL_ONEOF, VR_AT(type, member), .words = list                         \
  }
#define VR_REF(head, type, member, table)                                                          \
  {                                                                                                \
    .name = head, .kind = VR_COL_REF, VR_AT(type, member), .to = table                             \
  }
#define VR_WORD(head, type, member)                                                                \
  {                                                                                                \
    .name = head, .kind = VR_COL_WORD, VR_AT(type, member)                                         \
  }
#define VR_TEXT(head, type, member)                                                                \
  {                                                                                                \
    .name = head, .kind = VR_COL_TEXT, VR_AT(type, member)                                         \
  }

/* Zero-initialise; freed with vr_table_free. Strings of the rows live as long as the table. */
struct vr_table {
  void *row; /* n structs of `size` bytes, in the order of the file */
  size_t n, size;
  int keyed; /* there is a VR_COL_KEY */
  int *line; /* n: where in the file each row stands */
  char *path, *text;
};

/* Reads a file (VR_EIO when it cannot be read), at most 16 MiB. */
int vr_table_read(const char *path, const vr_col *cols, size_t ncols, size_t size, vr_table *t);

/* The same from memory; `path` only names it in messages. text holds n bytes. */
int vr_table_parse(const char *path, const char *text, size_t n, const vr_col *cols, size_t ncols,
  size_t size, vr_table *t);

/* Row with this key, or -1. */
int vr_table_find(const vr_table *t, const char *key);

/* Fails with VR_EDATA and "file:line: " of row i before the message. */
int vr_table_fail(const vr_table *t, size_t i, const char *fmt, ...)
  __attribute__((format(printf, 3, 4)));

void vr_table_free(vr_table *t);

#endif
