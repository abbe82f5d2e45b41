// plain tables, Anipose csv and SLEAP csv
#include "base/err.h"
#include "base/mem.h"
#include "io/import_kinds.h"
#include "num/stat.h"
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* What a column of a plain table is, from the end of its name. */
enum { FRAME = 4, TIME, OTHER };

static const struct {
  const char *end;
  int what;
} ends[] = {{"x", 0}, {"y", 1}, {"z", 2}, {"likelihood", 3}, {"confidence", 3}, {"score", 3},
  {"error", OTHER}, {"ncams", OTHER}};

/* "nose_x", "nose.x", "nose x" -> point "nose" (cut in place), what 0; also "frame" and "time" */
static void split_name(char *name, int *what)
{
  static const char *const frames[] = {"frame", "frame_idx", "fnum", "index", ""};
  static const char *const times[] = {"time", "t", "time_s", "timestamp", "timestamps"};
  for (size_t i = 0; i < VR_LEN(frames); i++)
    if (!strcasecmp(name, frames[i])) *what = FRAME;
  for (size_t i = 0; i < VR_LEN(times); i++)
    if (!strcasecmp(name, times[i])) *what = TIME;
  if (*what != OTHER) return;
  size_t n = strlen(name), cut = n;
  while (cut && !strchr("_. ", name[cut - 1])) cut--;
  if (cut < 2) return;
  for (size_t i = 0; i < VR_LEN(ends); i++)
    if (!strcasecmp(name + cut, ends[i].end)) *what = ends[i].what;
  if (*what != OTHER) name[cut - 1] = 0;
}

/* A table whose columns are those of points: what each one is, and the column of frame or time. */
typedef struct {
  vr_dlc_column *col; /* coord "" for columns that are not read */
  vr_dlc_place *place;
  int *what;
  size_t n, clock; /* clock: SIZE_MAX when there is none */
} table;

static const char *const coords[] = {"x", "y", "z", "likelihood"};

static int name_columns(vr_csv *c, table *t, vr_import *im)
{
  t->n = c->ncells;
  t->clock = SIZE_MAX;
  VR_TRY(vr_alloc(&t->col, t->n, sizeof *t->col));
  VR_TRY(vr_alloc(&t->place, t->n, sizeof *t->place));
  VR_TRY(vr_alloc(&t->what, t->n, sizeof *t->what));
  size_t points = 0, left = 0;
  for (size_t i = 0; i < t->n; i++) {
    char *name = c->cell[i];
    t->what[i] = OTHER;
    t->col[i] = (vr_dlc_column){"", "", "", ""};
    if (!name) continue; // known, of no use
    split_name(name, &t->what[i]);
    if ((t->what[i] == FRAME && name[0]) || t->what[i] == TIME) {
      // time wins over frame numbers
      if (t->clock == SIZE_MAX || t->what[i] == TIME) t->clock = i;
    } else if (t->what[i] == FRAME) { // a first column without a name, as pandas writes its index
      if (i == 0) t->clock = 0;
    } else if (t->what[i] == OTHER) {
      vr_str_addf(&im->notes, left++ ? ", " : "columns that are no coordinates are left out: ");
      vr_str_add_escaped(&im->notes, name, strlen(name), 60);
    } else {
      points++;
    }
    t->col[i].point = name;
    if (t->what[i] < FRAME) t->col[i].coord = coords[t->what[i]];
  }
  if (left) vr_str_addc(&im->notes, '\n');
  if (!points)
    return vr_fail(VR_EDATA,
      "no column is named like a coordinate (nose_x, nose_y ...): pose tables "
      "need such a header line; series of other kinds go through vr-load");
  return 0;
}

/* the layout from the columns of points alone: all others are taken out and put back after */
static int lay_out(table *t, size_t rows, vr_import *im)
{
  vr_dlc_column *some;
  vr_dlc_place *place = NULL;
  VR_TRY(vr_alloc(&some, t->n, sizeof *some));
  int bad = vr_alloc(&place, t->n, sizeof *place);
  size_t n = 0;
  for (size_t i = 0; i < t->n && !bad; i++)
    if (t->what[i] < FRAME) some[n++] = t->col[i];
  if (!bad) bad = vr_dlc_layout(some, n, rows, im, place);
  n = 0;
  for (size_t i = 0; i < t->n && !bad; i++)
    t->place[i] = t->what[i] < FRAME ? place[n++] : (vr_dlc_place){0, 0, -1};
  vr_release(some);
  vr_release(place);
  return bad;
}

int vr_import_clock(double *time, size_t n, const char *source, vr_import *im)
{
  if (n < 3) return vr_fail(VR_EDATA, "%s: at least 3 are needed", source);
  double *step;
  VR_TRY(vr_alloc(&step, n - 1, sizeof *step));
  for (size_t i = 0; i + 1 < n; i++) step[i] = time[i + 1] - time[i];
  vr_sort(step, n - 1);
  double usual = step[(n - 1) / 2], worst = 0, frame = 0, start = time[0], last = time[0];
  vr_release(step);
  if (!(usual > 0)) return vr_fail(VR_EDATA, "%s do not grow", source);
  time[0] = 0;
  for (size_t i = 1; i < n; i++) {
    double steps = (time[i] - last) / usual, whole = fmax(1, round(steps));
    if (!(steps > 0)) return vr_fail(VR_EDATA, "row %zu: time %g s does not grow", i, time[i]);
    worst = fmax(worst, fabs(steps - whole));
    last = time[i];
    time[i] = frame += whole;
  }
  if (worst > 0.2)
    return vr_fail(VR_EDATA,
      "frames are not evenly spaced: a step is off by %.0f %% of %g s: resample the file first",
      100 * worst, usual);
  im->k.rate = frame / (last - start);
  snprintf(im->rate_from, sizeof im->rate_from, "%s", source);
  if (worst > 1e-3)
    vr_str_addf(
      &im->notes, "times are uneven by up to %.1f %% of a frame: taken as even\n", 100 * worst);
  return 0;
}

static int data_rows(vr_csv *c, const table *t, double *clock, vr_import *im)
{
  size_t frame = 0;
  for (int more = 1;;) {
    VR_TRY(vr_csv_next(c, &more));
    if (!more) break;
    VR_TRY(vr_csv_width(c, t->n));
    for (size_t i = 0; i < t->n; i++) {
      double x;
      if (t->place[i].what < 0 && i != t->clock) continue;
      VR_TRY(vr_csv_number(c, i, &x));
      if (i == t->clock)
        clock[frame] = x;
      else
        vr_dlc_put(im, &t->place[i], frame, x);
    }
    frame++;
  }
  if (!frame) return vr_fail(VR_EDATA, "the file ends with its header: no frames");
  im->k.frames = frame;
  if (t->clock == SIZE_MAX) return 0;
  if (t->what[t->clock] == TIME) VR_TRY(vr_import_clock(clock, frame, "the column of times", im));
  return vr_tracks_spread(&im->k, clock, &im->added);
}

int vr_import_text(vr_csv *c, vr_import *im)
{
  table t = {0};
  double *clock = NULL;
  size_t rows = vr_csv_lines(c);
  int bad = name_columns(c, &t, im);
  if (!bad) bad = vr_alloc(&clock, rows, sizeof *clock);
  if (!bad) bad = lay_out(&t, rows, im);
  if (!bad) bad = data_rows(c, &t, clock, im);
  vr_release(clock);
  vr_release(t.col);
  vr_release(t.place);
  vr_release(t.what);
  return bad;
}

/* Anipose: as a plain table, but for the columns that are known and of no use here */
int vr_import_anipose_csv(vr_csv *c, vr_import *im)
{
  for (size_t i = 0; i < c->ncells; i++) {
    const char *name = c->cell[i];
    size_t n = strlen(name);
    int rotation = n == 4 && name[0] == 'M' && name[1] == '_';
    int extra = (n > 6 && (!strcmp(name + n - 6, "_error") || !strcmp(name + n - 6, "_ncams")));
    if (rotation || extra || !strncmp(name, "center_", 7)) c->cell[i] = NULL;
  }
  vr_str_add(&im->notes,
    "Anipose: score is the least of the cameras'; error and ncams are not kept, "
    "M and center are already applied\n");
  return vr_import_text(c, im);
}
