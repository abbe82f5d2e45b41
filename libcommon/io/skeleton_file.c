#include "io/skeleton_file.h"
#include "ana/names.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "io/csv.h"
#include <string.h>

typedef struct {
  vr_chain *chain;
  vr_str names; /* one a line */
  size_t n, cap;
  size_t *edge, nedges, cap_edge;
} skeleton;

static int add_chain(skeleton *s, vr_chain c, const char *name, char *const *points)
{
  if (s->n == s->cap) {
    size_t cap = s->cap ? 2 * s->cap : 32;
    VR_TRY(vr_grow(&s->chain, s->cap, cap, sizeof *s->chain));
    s->cap = cap;
  }
  s->chain[s->n++] = c;
  if (s->names.n) vr_str_addc(&s->names, '\n');
  if (name)
    vr_str_add(&s->names, name);
  else
    vr_str_addf(&s->names, "%s-%s-%s", points[c.a], points[c.b], points[c.c]);
  return vr_str_ok(&s->names);
}

static int add_edge(skeleton *s, const size_t at[2])
{
  if (s->nedges == s->cap_edge) {
    size_t cap = s->cap_edge ? 2 * s->cap_edge : 32;
    VR_TRY(vr_grow(&s->edge, 2 * s->cap_edge, 2 * cap, sizeof *s->edge));
    s->cap_edge = cap;
  }
  s->edge[2 * s->nedges] = at[0];
  s->edge[2 * s->nedges++ + 1] = at[1];
  return 0;
}

static int find_kind(const char *word, size_t line, int *kind)
{
  static const char *const kinds[] = {"bend", "yaw", "pitch"};
  for (size_t i = 0; i < VR_LEN(kinds); i++)
    if (!strcmp(word, kinds[i])) {
      *kind = (int)i;
      return 0;
    }
  return vr_fail(VR_EDATA, "line %zu: \"%.40s\" is not bend, yaw or pitch", line, word);
}

static int add_line(skeleton *s, const vr_csv *c, char *const *points, size_t npoints)
{
  if (c->ncells < 2 || c->ncells > 5)
    return vr_fail(VR_EDATA,
      "line %zu has %zu cells: give 2 points (an edge), 3 (an angle), or NAME A B C [KIND], "
      "between tabs",
      c->line, c->ncells);
  size_t from = c->ncells > 3, count = c->ncells == 2 ? 2 : 3, at[3];
  int kind = VR_ANGLE_BEND;
  for (size_t i = 0; i < count; i++) {
    at[i] = vr_names_find(points, npoints, c->cell[from + i]);
    if (at[i] == npoints)
      return vr_fail(VR_EDATA, "line %zu: there is no point \"%.60s\"", c->line, c->cell[from + i]);
    for (size_t j = 0; j < i; j++)
      if (at[j] == at[i])
        return vr_fail(VR_EDATA, "line %zu: \"%.60s\" comes twice", c->line, c->cell[from + i]);
  }
  if (count == 2) return add_edge(s, at);
  if (c->ncells == 5) VR_TRY(find_kind(c->cell[4], c->line, &kind));
  return add_chain(s, (vr_chain){at[0], at[1], at[2], kind}, from ? c->cell[0] : NULL, points);
}

static int chains_of_edges(
  skeleton *s, const size_t *edge, size_t nedges, char *const *points, size_t npoints)
{
  vr_chain *chain = NULL;
  size_t n = 0;
  int bad = vr_chains_from_edges(edge, nedges, npoints, &chain, &n);
  for (size_t i = 0; i < n && !bad; i++) bad = add_chain(s, chain[i], NULL, points);
  vr_release(chain);
  return bad;
}

static int read_lines(const char *path, skeleton *s, char *const *points, size_t npoints)
{
  vr_csv c = {0};
  int more = 1, bad = vr_csv_open(path, &c);
  while (!bad) {
    bad = vr_csv_next(&c, &more);
    if (bad || !more) break;
    if (c.cell[0][0] != '#') bad = add_line(s, &c, points, npoints);
  }
  vr_csv_free(&c);
  return bad;
}

/* hands over what was gathered */
static int finish(skeleton *s, int bad, vr_chain **chain, char ***names, size_t *n)
{
  size_t count = 0;
  *names = NULL;
  if (!bad && !s->n) bad = vr_fail(VR_EDATA, "no two edges meet in a point: there are no angles");
  if (!bad) bad = vr_str_split(s->names.s, "\n", names, &count);
  if (!bad) bad = vr_names_check(*names, s->n, "angle");
  if (bad) {
    vr_release(s->chain);
    vr_release(*names);
    *names = NULL;
  }
  *chain = bad ? NULL : s->chain;
  *n = bad ? 0 : s->n;
  vr_str_free(&s->names);
  vr_release(s->edge);
  return bad;
}

int vr_skeleton_read(
  const char *path, char *const *points, size_t npoints, vr_chain **chain, char ***names, size_t *n)
{
  skeleton s = {0};
  int bad = read_lines(path, &s, points, npoints);
  if (!bad && s.nedges) bad = chains_of_edges(&s, s.edge, s.nedges, points, npoints);
  return finish(&s, vr_wrap(bad, "%s", path), chain, names, n);
}

int vr_skeleton_of_edges(const size_t *edge, size_t nedges, char *const *points, size_t npoints,
  vr_chain **chain, char ***names, size_t *n)
{
  skeleton s = {0};
  return finish(&s, chains_of_edges(&s, edge, nedges, points, npoints), chain, names, n);
}
