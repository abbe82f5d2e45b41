// SLEAP projects: frames, instances and points in tables, names and edges in JSON
#include "base/err.h"
#include "base/json.h"
#include "base/mem.h"
#include "io/import_kinds.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

/* The tables as columns; each of one block. */
typedef struct {
  double *video, *frame, *from, *to;   /* of /frames: instances from .. to - 1 */
  double *type, *track, *first, *last; /* of /instances: points first .. last - 1 */
  double *x[2], *y[2], *score;         /* of /points (user) and /pred_points */
  size_t frames, instances, points[2];
  double corner; /* taken off x and y: old files count from the corner */
  char **tracks;
  size_t ntracks;
} project;

static int read_columns(const vr_h5 *f, project *s)
{
  const struct {
    const char *table, *field;
    double **to;
    size_t *rows;
  } all[] = {{"/frames", "video", &s->video, &s->frames},
    {"/frames", "frame_idx", &s->frame, &s->frames},
    {"/frames", "instance_id_start", &s->from, &s->frames},
    {"/frames", "instance_id_end", &s->to, &s->frames},
    {"/instances", "instance_type", &s->type, &s->instances},
    {"/instances", "track", &s->track, &s->instances},
    {"/instances", "point_id_start", &s->first, &s->instances},
    {"/instances", "point_id_end", &s->last, &s->instances},
    {"/points", "x", &s->x[0], &s->points[0]}, {"/points", "y", &s->y[0], &s->points[0]},
    {"/pred_points", "x", &s->x[1], &s->points[1]}, {"/pred_points", "y", &s->y[1], &s->points[1]},
    {"/pred_points", "score", &s->score, &s->points[1]}};
  for (size_t i = 0; i < VR_LEN(all); i++) {
    size_t width = 0;
    VR_TRY(vr_h5_read_field(f, all[i].table, all[i].field, all[i].to, all[i].rows, &width));
    if (width != 1)
      return vr_fail(VR_EDATA, "%s: %s is not one number a row", all[i].table, all[i].field);
  }
  double format = 0;
  if (vr_h5_has_attr(f, "/metadata", "format_id"))
    VR_TRY(vr_h5_get_attr_num(f, "/metadata", "format_id", &format));
  s->corner = format < 1.1 ? 0.5 : 0;
  for (size_t i = 1; i < s->frames; i++)
    if (s->video[i] != s->video[0])
      return vr_fail(
        VR_EDATA, "the project holds several videos: export the analysis file of each");
  return 0;
}

static void free_columns(project *s)
{
  double *all[] = {s->video, s->frame, s->from, s->to, s->type, s->track, s->first, s->last,
    s->x[0], s->x[1], s->y[0], s->y[1], s->score};
  for (size_t i = 0; i < VR_LEN(all); i++) vr_release(all[i]);
  vr_release(s->tracks);
}

/* -- JSON -- */

static const vr_json *item(const vr_json *array, size_t i)
{
  const vr_json *v = array && array->kind == VR_JSON_ARRAY ? array->first : NULL;
  while (v && i--) v = v->next;
  return v;
}

static size_t length(const vr_json *array)
{
  size_t n = 0;
  for (const vr_json *v = item(array, 0); v; v = v->next) n++;
  return n;
}

/* place in the skeleton of the node whose number in the project is id; `n` when there is none */
static size_t node_place(const vr_json *nodes, size_t n, const vr_json *id)
{
  size_t i = 0;
  for (const vr_json *v = item(nodes, 0); v && id; v = v->next, i++) {
    const vr_json *own = vr_json_get(v, "id");
    if (own && own->number == id->number) return i;
  }
  return n;
}

/* edges: links of type 1; a type is written once and referred to by number after that */
static int read_links(const vr_json *skeleton, vr_tracks *k)
{
  const vr_json *links = vr_json_get(skeleton, "links"), *nodes = vr_json_get(skeleton, "nodes");
  double type[8] = {0};
  size_t types = 0;
  VR_TRY(vr_alloc(&k->edge, 2 * length(links), sizeof *k->edge));
  for (const vr_json *l = item(links, 0); l; l = l->next) {
    const vr_json *t = vr_json_get(l, "type"), *again = vr_json_get(t, "py/id");
    const vr_json *value = item(vr_json_get(item(vr_json_get(t, "py/reduce"), 1), "py/tuple"), 0);
    double kind = 0;
    if (value && types < VR_LEN(type))
      kind = type[types++] = value->number;
    else if (again && again->number >= 1 && again->number <= (double)types)
      kind = type[(size_t)again->number - 1];
    size_t a = node_place(nodes, k->points, vr_json_get(l, "source"));
    size_t b = node_place(nodes, k->points, vr_json_get(l, "target"));
    if (kind != 1 || a == k->points || b == k->points) continue;
    k->edge[2 * k->nedges] = a;
    k->edge[2 * k->nedges++ + 1] = b;
  }
  return 0;
}

/* names of the points: the skeleton numbers the nodes of the whole project in its own order */
static int read_skeleton(const vr_json *root, vr_tracks *k)
{
  const vr_json *skeletons = vr_json_get(root, "skeletons"), *all = vr_json_get(root, "nodes");
  const vr_json *skeleton = item(skeletons, 0), *nodes = vr_json_get(skeleton, "nodes");
  if (length(skeletons) != 1 || !length(nodes))
    return vr_fail(
      VR_EDATA, "/metadata: %zu skeletons: only projects with one can be read", length(skeletons));
  k->points = length(nodes);
  char **names;
  VR_TRY(vr_alloc(&names, k->points, sizeof *names));
  size_t i = 0;
  int bad = 0;
  for (const vr_json *v = item(nodes, 0); v && !bad; v = v->next, i++) {
    const vr_json *id = vr_json_get(v, "id");
    double at = id && id->kind == VR_JSON_NUMBER ? id->number : -1;
    const vr_json *name = at >= 0 && at < 1e6 ? vr_json_get(item(all, (size_t)at), "name") : NULL;
    if (!name || !name->text)
      bad = vr_fail(VR_EDATA, "/metadata: point %zu has no name", i);
    else
      names[i] = (char *)name->text;
  }
  if (!bad) bad = vr_names_copy(names, k->points, &k->point);
  vr_release(names);
  return bad ? bad : read_links(skeleton, k);
}

static int read_metadata(const vr_h5 *f, vr_tracks *k)
{
  char *text = NULL;
  vr_json *root = NULL;
  VR_TRY(vr_h5_get_attr_str(f, "/metadata", "json", &text));
  int bad = vr_wrap(vr_json_parse(text, &root), "/metadata");
  if (!bad) bad = read_skeleton(root, k);
  vr_json_free(root);
  vr_release(text);
  return bad;
}

/* each of /tracks_json is [frame, "name"] */
static int read_tracks(const vr_h5 *f, project *s)
{
  char **text = NULL;
  size_t n = 0;
  vr_h5_info info;
  VR_TRY(vr_h5_get_info(f, "/tracks_json", &info));
  if (info.type == VR_STR) VR_TRY(vr_h5_read_strings(f, "/tracks_json", &text, &n));
  char **names = NULL;
  vr_json **root = NULL;
  int bad = vr_alloc(&names, n, sizeof *names);
  if (!bad) bad = vr_alloc(&root, n, sizeof *root);
  for (size_t i = 0; i < n && !bad; i++) {
    bad = vr_wrap(vr_json_parse(text[i], &root[i]), "/tracks_json, row %zu", i);
    const vr_json *name = bad ? NULL : item(root[i], 1);
    if (!bad && (!name || !name->text))
      bad = vr_fail(VR_EDATA, "/tracks_json, row %zu: no name", i);
    else if (!bad)
      names[i] = (char *)name->text;
  }
  if (!bad) bad = vr_names_copy(names, n, &s->tracks);
  s->ntracks = n;
  for (size_t i = 0; i < n && root; i++) vr_json_free(root[i]);
  vr_release(root);
  vr_release(names);
  vr_release(text);
  return bad;
}

/* -- instances into tracks -- */

/* a range of rows that a file gives as numbers; 0 when it is none */
static int in_range(double from, double to, size_t rows)
{
  return from >= 0 && from <= to && to <= (double)rows;
}

/* One instance; where its track has one already, that of the user stays. *taken tells who placed
 * there: 0 nobody, 1 tracker, 2 user. */
static int place(const project *s, size_t i, size_t t, size_t a, unsigned char *taken, vr_tracks *k)
{
  int user = s->type[i] == 0;
  size_t which = !user, n = s->points[which];
  if (!in_range(s->first[i], s->last[i], n) || s->last[i] - s->first[i] != (double)k->points)
    return vr_fail(VR_EDATA, "/instances, row %zu: it does not have %zu points", i, k->points);
  if (*taken == 1 + user)
    return vr_fail(VR_EDATA, "frame %.0f holds two animals on one track: track them in SLEAP first",
      k->first + (double)t);
  if (*taken > 1 + user) return 0;
  *taken = (unsigned char)(1 + user);
  for (size_t p = 0; p < k->points; p++) {
    size_t from = (size_t)s->first[i] + p;
    vr_point(k, t, a, p)[0] = s->x[which][from] - s->corner;
    vr_point(k, t, a, p)[1] = s->y[which][from] - s->corner;
    *vr_conf(k, t, a, p) = user ? NAN : s->score[from];
  }
  return 0;
}

static int place_all(const project *s, vr_import *im, size_t tracks, unsigned char *taken)
{
  vr_tracks *k = &im->k;
  size_t lost = 0;
  for (size_t r = 0; r < s->frames; r++) {
    size_t t = (size_t)(s->frame[r] - k->first);
    if (!in_range(s->from[r], s->to[r], s->instances))
      return vr_fail(
        VR_EDATA, "/frames, row %zu: there are no instances %g to %g", r, s->from[r], s->to[r]);
    for (size_t i = (size_t)s->from[r]; i < (size_t)s->to[r]; i++) {
      double track = s->ntracks ? s->track[i] : 0;
      if (track >= 0 && track < (double)tracks)
        VR_TRY(place(s, i, t, (size_t)track, &taken[t * tracks + (size_t)track], k));
      else
        lost++;
    }
  }
  if (lost) vr_str_addf(&im->notes, "%zu instances without track are left out\n", lost);
  return 0;
}

int vr_import_slp(const vr_h5 *f, vr_import *im)
{
  snprintf(im->kind, sizeof im->kind, "SLEAP project");
  im->units = "px";
  vr_tracks *k = &im->k;
  project s = {0};
  unsigned char *taken = NULL;
  int bad = read_metadata(f, k);
  size_t points = k->points, tracks = 0, frames = 0;
  if (!bad) bad = read_columns(f, &s);
  if (!bad) bad = read_tracks(f, &s);
  double low = INFINITY, high = -1;
  for (size_t r = 0; r < s.frames; r++) {
    low = fmin(low, s.frame[r]);
    high = fmax(high, s.frame[r]);
  }
  if (!bad && !(low >= 0 && high - low <= 20.0 * (double)s.frames))
    bad = vr_fail(VR_EDATA, "%zu labelled frames from %.0f to %.0f: predict all frames first",
      s.frames, low, high);
  if (!bad) {
    tracks = s.ntracks ? s.ntracks : 1;
    frames = (size_t)(high - low) + 1;
    bad = vr_tracks_alloc(k, frames, tracks, points, 2, 1);
  }
  if (!bad) bad = vr_alloc(&taken, frames * tracks, 1);
  k->first = bad ? 0 : low;
  if (!bad) bad = place_all(&s, im, tracks, taken);
  char *one[] = {(char *)"animal"};
  if (!bad) bad = vr_names_copy(s.ntracks ? s.tracks : one, tracks, &k->animal);
  vr_release(taken);
  free_columns(&s);
  return bad;
}
