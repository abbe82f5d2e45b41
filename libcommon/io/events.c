#include "io/events.h"
#include "base/err.h"
#include "base/mem.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const own[] = {"number", "name", "trial", "time", "value"};

int vr_marks_add(vr_marks *m, const char *name, int32_t trial, double time, double value)
{
  if (m->n == m->room) {
    size_t room = m->room ? 2 * m->room : 64;
    VR_TRY(vr_grow(&m->row, m->room, room, sizeof *m->row));
    m->room = room;
  }
  vr_mark *new = m->row + m->n++;
  *new = (vr_mark){.trial = trial, .time = time, .value = value};
  snprintf(new->name, sizeof new->name, "%s", name);
  return 0;
}

void vr_marks_free(vr_marks *m)
{
  vr_release(m->row);
  *m = (vr_marks){0};
}

// all events in the order of the table
static int read_all(const vr_turn *t, vr_marks *m)
{
  char **name = NULL;
  int32_t *trial = NULL;
  vr_mat time = {0}, value = {0};
  size_t n = 0, k = 0;
  m->n = 0;
  int code = vr_turn_has(t, "/events/name")
               ? vr_get_strings(t, "/events/name", &name, &n)
               : vr_fail(VR_EDATA, "no /events in this stream: vr-events finds some");
  if (!code) code = vr_get_ints(t, "/events/trial", &trial, &k);
  if (!code) code = vr_get_mat(t, "/events/time", &time);
  if (!code && vr_turn_has(t, "/events/value")) code = vr_get_mat_raw(t, "/events/value", &value);
  int valued = value.rows > 0;
  if (!code && (k != n || time.rows != n || time.cols != 1 ||
                 (valued && (value.rows != n || value.cols != 1))))
    code = vr_fail(VR_EDATA, "/events: name, trial, time and value differ in length");
  for (size_t i = 0; i < n && !code; i++) {
    if (strlen(name[i]) >= VR_MARK_NAME)
      code = vr_fail(VR_EDATA, "/events/name row %zu: longer than %d bytes", i, VR_MARK_NAME - 1);
    else
      code = vr_marks_add(m, name[i], trial[i], time.a[i], valued ? value.a[i] : NAN);
  }
  vr_release(name);
  vr_release(trial);
  vr_mat_free(&time);
  vr_mat_free(&value);
  return code;
}

static int earlier(const vr_mark *a, const vr_mark *b)
{
  if (a->trial != b->trial) return a->trial < b->trial ? -1 : 1;
  return (a->time > b->time) - (a->time < b->time);
}

static int by_place(const void *a, const void *b, void *ctx)
{
  const vr_mark *row = ctx;
  size_t i = *(const size_t *)a, k = *(const size_t *)b;
  int order = earlier(row + i, row + k);
  return order ? order : (i > k) - (i < k);
}

// order[] of the events by trial, time and row
static int sort(const vr_marks *m, size_t **order)
{
  VR_TRY(vr_alloc(order, m->n, sizeof **order));
  for (size_t i = 0; i < m->n; i++) (*order)[i] = i;
  qsort_r(*order, m->n, sizeof **order, by_place, m->row);
  return 0;
}

static int is_named(const vr_mark *m, char *const *want, size_t n)
{
  for (size_t k = 0; k < n; k++)
    if (!strcmp(m->name, want[k])) return 1;
  return !n;
}

// every wanted name occurs
static int check_names(const vr_marks *m, char *const *want, size_t n)
{
  const char **names;
  VR_TRY(vr_alloc(&names, m->n, sizeof *names));
  for (size_t i = 0; i < m->n; i++) names[i] = m->row[i].name;
  int code = 0;
  for (size_t k = 0; k < n && !code; k++) {
    size_t found = 0;
    for (size_t i = 0; i < m->n; i++) found += !strcmp(names[i], want[k]);
    if (found) continue;
    const char *near = vr_str_nearest(want[k], names, m->n);
    code = vr_fail(VR_EARG, "no event is named '%.60s'%s%.60s%s", want[k],
      near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
  }
  vr_release(names);
  return code;
}

int vr_get_marks(const vr_turn *t, const char *wanted, vr_marks *m)
{
  vr_marks all = {0};
  char **want = NULL;
  size_t n = 0, *order = NULL;
  m->n = 0;
  int code = read_all(t, &all);
  if (!code && wanted) code = vr_str_split(wanted, ",", &want, &n);
  if (!code) code = check_names(&all, want, n);
  if (!code) code = sort(&all, &order);
  for (size_t i = 0; i < all.n && !code; i++) {
    const vr_mark *e = all.row + order[i];
    if (is_named(e, want, n)) code = vr_marks_add(m, e->name, e->trial, e->time, e->value);
  }
  vr_release(order);
  vr_release(want);
  vr_marks_free(&all);
  return code;
}

/* -- writing -- */

// a further column of the old table, kept beside the new one
typedef struct {
  char *path, *units;
  double *number; // or
  char **text;    // old rows
} extra;

typedef struct {
  vr_marks all; // old rows, then new ones
  size_t old, *order;
  extra *more;
  size_t nmore;
} table;

static void table_free(table *b)
{
  for (size_t k = 0; k < b->nmore; k++) {
    vr_release(b->more[k].path);
    vr_release(b->more[k].units);
    vr_release(b->more[k].number);
    vr_release(b->more[k].text);
  }
  vr_release(b->more);
  vr_release(b->order);
  vr_marks_free(&b->all);
}

static int read_extra(const vr_turn *t, const char *name, size_t rows, extra *x)
{
  vr_str path = {0};
  vr_mat m = {0};
  vr_h5_info info;
  size_t n = 0;
  vr_str_addf(&path, "/events/%s", name);
  int code = vr_str_ok(&path);
  const vr_h5 *f = vr_turn_find(t, "/events");
  if (!code) code = vr_h5_get_info(f, path.s, &info);
  if (!code && (info.rank != 1 || info.rows != rows))
    code = vr_fail(VR_EDATA, "%s: not a column of %zu events", path.s, rows);
  if (!code && info.type == VR_STR) {
    code = vr_get_strings(t, path.s, &x->text, &n);
  } else if (!code) {
    code = vr_get_mat_raw(t, path.s, &m);
    x->number = m.a;
    if (!code && vr_h5_get_attr_str(f, path.s, "units", &x->units)) x->units = NULL;
  }
  x->path = path.s;
  return code;
}

static int read_table(const vr_turn *t, table *b)
{
  char **names = NULL;
  size_t n = 0;
  if (!vr_turn_has(t, "/events/name")) return 0;
  VR_TRY(read_all(t, &b->all));
  b->old = b->all.n;
  VR_TRY(vr_h5_list(vr_turn_find(t, "/events"), "/events", &names, &n));
  int code = vr_alloc(&b->more, n, sizeof *b->more);
  for (size_t k = 0; k < n && !code; k++) {
    int mine = 0;
    for (size_t i = 0; i < VR_LEN(own); i++) mine |= !strcmp(names[k], own[i]);
    if (!mine) code = read_extra(t, names[k], b->old, b->more + b->nmore++);
  }
  vr_release(names);
  return code;
}

static int put_extra(vr_turn *t, const table *b, const extra *x)
{
  static char blank[] = "";
  size_t n = b->all.n;
  void *column;
  VR_TRY(vr_alloc(&column, n, x->text ? sizeof(char *) : sizeof(double)));
  int code;
  if (x->text) {
    char **to = column;
    for (size_t i = 0; i < n; i++) to[i] = b->order[i] < b->old ? x->text[b->order[i]] : blank;
    code = vr_h5_put_strings(t->out, x->path, to, n, "number");
  } else {
    double *to = column;
    for (size_t i = 0; i < n; i++) to[i] = b->order[i] < b->old ? x->number[b->order[i]] : NAN;
    code = vr_h5_put(t->out, x->path, VR_F64, 1, &n, to, "number", x->units ? x->units : "1");
  }
  vr_release(column);
  return code;
}

static int put_table(vr_turn *t, const table *b)
{
  size_t n = b->all.n;
  char **name;
  VR_TRY(vr_alloc(&name, n, sizeof *name + 2 * sizeof(double) + sizeof(int64_t) + sizeof(int32_t)));
  double *time = (double *)(name + n), *value = time + n;
  int64_t *number = (int64_t *)(value + n);
  int32_t *trial = (int32_t *)(number + n);
  for (size_t i = 0; i < n; i++) {
    vr_mark *e = b->all.row + b->order[i];
    name[i] = e->name;
    time[i] = e->time;
    value[i] = e->value;
    number[i] = (int64_t)i;
    trial[i] = e->trial;
  }
  vr_h5 *f = t->out;
  int code = vr_h5_remove(f, "/events");
  if (!code) code = vr_h5_put(f, "/events/number", VR_I64, 1, &n, number, "number", "");
  if (!code) code = vr_h5_put_strings(f, "/events/name", name, n, "number");
  if (!code) code = vr_h5_put(f, "/events/trial", VR_I32, 1, &n, trial, "number", "");
  if (!code) code = vr_h5_put(f, "/events/time", VR_F64, 1, &n, time, "number", "s");
  if (!code) code = vr_h5_put(f, "/events/value", VR_F64, 1, &n, value, "number", "1");
  for (size_t k = 0; k < b->nmore && !code; k++) code = put_extra(t, b, b->more + k);
  vr_release(name);
  return code;
}

// an old event of this name stands less than half a frame away
static int is_there(const table *b, const vr_mark *e, double rate)
{
  for (size_t i = 0; i < b->old; i++) {
    const vr_mark *o = b->all.row + i;
    if (o->trial == e->trial && fabs(o->time - e->time) * rate < 0.5 && !strcmp(o->name, e->name))
      return 1;
  }
  return 0;
}

int vr_put_marks(vr_turn *t, const vr_marks *m, double rate, size_t *added)
{
  table b = {0};
  int code = read_table(t, &b);
  for (size_t i = 0; i < m->n && !code; i++) {
    const vr_mark *e = m->row + i;
    if (!is_there(&b, e, rate)) code = vr_marks_add(&b.all, e->name, e->trial, e->time, e->value);
  }
  if (!code) code = sort(&b.all, &b.order);
  if (added) *added = b.all.n - b.old;
  if (!code && b.all.n) code = put_table(t, &b);
  table_free(&b);
  return code;
}
