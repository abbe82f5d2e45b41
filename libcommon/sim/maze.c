#include "sim/maze.h"
#include "base/err.h"
#include "base/mem.h"
#include <string.h>

#define DOOR '+' // while the maze is made: neither wall nor floor

/* A wall cell between two regions, and the way to the one with the higher number. */
typedef struct {
  int cell, step, low, high;
} gate;

struct vr_maze {
  vr_maze_par par;
  int nrooms, ngates, nopen;
  int *region;   /* n x n: 0 solid, 1.. rooms, then corridors */
  int *list;     /* n x n cells: stack, shuffle */
  gate *gate;    /* all places for a door */
  gate *open;    /* those with one */
  vr_rect *room; /* rooms of them */
};

int vr_maze_new(const vr_maze_par *par, vr_maze **m)
{
  size_t cells = (size_t)par->n * (size_t)par->n;
  VR_TRY(vr_alloc(m, 1, sizeof **m));
  vr_maze *z = *m;
  z->par = *par;
  int code = vr_alloc(&z->region, cells, sizeof *z->region);
  if (!code) code = vr_alloc(&z->list, cells, sizeof *z->list);
  if (!code) code = vr_alloc(&z->gate, cells, sizeof *z->gate);
  if (!code) code = vr_alloc(&z->open, cells, sizeof *z->open);
  if (!code) code = vr_alloc(&z->room, (size_t)par->rooms, sizeof *z->room);
  if (code) {
    vr_maze_free(z);
    *m = NULL;
  }
  return code;
}

void vr_maze_free(vr_maze *m)
{
  if (!m) return;
  vr_release(m->region);
  vr_release(m->list);
  vr_release(m->gate);
  vr_release(m->open);
  vr_release(m->room);
  vr_release(m);
}

// low .. high, both possible
static int between(vr_rng *r, int low, int high)
{
  return low < high ? low + (int)vr_rng_below(r, (uint64_t)(high - low + 1)) : low;
}

static int inside(int n, int row, int col)
{
  return row >= 0 && row < n && col >= 0 && col < n;
}

/* -- rooms -- */

/* In steps of two cells: both sides from the lower half of the range, then one of them grows into
 * the upper half, so that large squares are rare. */
static vr_rect draw_room(const vr_maze_par *p, vr_rng *r)
{
  int low = (p->low - 1) / 2, high = (p->high - 1) / 2, nodes = (p->n - 1) / 2;
  int middle = (low + high) / 2;
  int cols = between(r, low, middle), rows = between(r, low, middle);
  int *longer = between(r, 0, 1) == 0 ? &cols : &rows;
  *longer += between(r, middle, high) - middle;
  int row = between(r, 0, nodes - rows - 1), col = between(r, 0, nodes - cols - 1);
  return (vr_rect){2 * row + 1, 2 * col + 1, 2 * rows + 1, 2 * cols + 1};
}

static int apart(const vr_rect *a, const vr_rect *b)
{
  return a->row + a->rows <= b->row || b->row + b->rows <= a->row || a->col + a->cols <= b->col ||
         b->col + b->cols <= a->col;
}

static void make_rooms(vr_maze *m, vr_rng *r, char *cell)
{
  const vr_maze_par *p = &m->par;
  m->nrooms = 0;
  for (int refused = 0; refused < p->tries && m->nrooms < p->rooms;) {
    vr_rect room = draw_room(p, r);
    int fits = 1;
    for (int k = 0; k < m->nrooms && fits; k++) fits = apart(&room, m->room + k);
    if (fits)
      m->room[m->nrooms++] = room;
    else
      refused++;
  }
  // long rooms find a place early: their numbers are to say nothing of it
  for (int k = m->nrooms - 1; k > 0; k--) {
    int j = between(r, 0, k);
    vr_rect swap = m->room[k];
    m->room[k] = m->room[j];
    m->room[j] = swap;
  }
  for (int k = 0; k < m->nrooms; k++)
    for (int i = 0; i < m->room[k].rows; i++)
      for (int j = 0; j < m->room[k].cols; j++) {
        int at = (m->room[k].row + i) * p->n + m->room[k].col + j;
        cell[at] = ' ';
        m->region[at] = k + 1;
      }
}

/* -- corridors -- */

// directions as (row, column): down, up, right, left
static const int way[4][2] = {{1, 0}, {-1, 0}, {0, 1}, {0, -1}};

// a depth-first maze through all solid odd cells that can be reached from `at`
static void grow_corridor(vr_maze *m, vr_rng *r, char *cell, int at, int number)
{
  int n = m->par.n, depth = 0;
  m->list[depth++] = at;
  cell[at] = ' ';
  m->region[at] = number;
  while (depth) {
    int here = m->list[depth - 1], choice[4], nchoices = 0;
    for (int k = 0; k < 4; k++) {
      int row = here / n + 2 * way[k][0], col = here % n + 2 * way[k][1];
      if (inside(n, row, col) && !m->region[row * n + col])
        choice[nchoices++] = way[k][0] * n + way[k][1];
    }
    if (!nchoices) {
      depth--;
      continue;
    }
    int step = choice[between(r, 0, nchoices - 1)];
    for (int k = 1; k <= 2; k++) {
      cell[here + k * step] = ' ';
      m->region[here + k * step] = number;
    }
    m->list[depth++] = here + 2 * step;
  }
}

/* -- doors -- */

static void find_gates(vr_maze *m)
{
  int n = m->par.n;
  m->ngates = 0;
  for (int row = 1; row < n; row += 2)
    for (int col = 1; col < n; col += 2)
      for (int k = 0; k < 4; k++) {
        int i = row + 2 * way[k][0], j = col + 2 * way[k][1], step = way[k][0] * n + way[k][1];
        if (!inside(n, i, j)) continue;
        int here = m->region[row * n + col], there = m->region[i * n + j];
        if (here && there > here)
          m->gate[m->ngates++] = (gate){row * n + col + step, step, here, there};
      }
}

// a door at gate g; none beside another one, unless it `must` be
static void open_door(vr_maze *m, char *cell, const gate *g, int must)
{
  int n = m->par.n;
  for (int k = 0; k < 4 && !must; k++)
    if (cell[g->cell + way[k][0] * n + way[k][1]] == DOOR) return;
  if (cell[g->cell] == DOOR) return;
  m->open[m->nopen++] = *g;
  cell[g->cell] = DOOR;
}

// one door for each pair of regions, then perhaps more
static void make_doors(vr_maze *m, vr_rng *r, char *cell, int regions)
{
  find_gates(m);
  m->nopen = 0;
  for (int low = 1; low <= regions; low++)
    for (int high = low + 1; high <= regions; high++) {
      int count = 0;
      for (int k = 0; k < m->ngates; k++)
        if (m->gate[k].low == low && m->gate[k].high == high) m->list[count++] = k;
      if (count) open_door(m, cell, m->gate + m->list[between(r, 0, count - 1)], 1);
    }
  for (int k = 0; k < m->ngates && m->par.doors > 0; k++)
    if (vr_rng_uniform(r) < m->par.doors) open_door(m, cell, m->gate + k, 0);
}

// a door into what has become wall is closed, the others are floor
static void finish_doors(vr_maze *m, char *cell)
{
  for (int k = 0; k < m->nopen; k++)
    cell[m->open[k].cell] = cell[m->open[k].cell + m->open[k].step] == '*' ? '*' : ' ';
}

/* -- simpler corridors -- */

static void fill_dead_ends(const vr_maze *m, char *cell)
{
  int n = m->par.n;
  for (int start = 0; start < n * n; start++)
    for (int at = start; at >= 0 && cell[at] == ' ';) {
      int ways = 0, next = -1;
      for (int k = 0; k < 4; k++) {
        int row = at / n + way[k][0], col = at % n + way[k][1];
        if (!inside(n, row, col) || cell[row * n + col] == '*') continue;
        ways++;
        if (cell[row * n + col] == ' ') next = row * n + col;
      }
      if (ways > 1) break;
      cell[at] = '*';
      at = next;
    }
}

// the cell `u` along and `v` across from `at`; -1 outside
static int beside(const vr_maze *m, int at, const int *across, int u, int v)
{
  int n = m->par.n;
  int row = at / n + u * across[1] + v * across[0], col = at % n - u * across[0] + v * across[1];
  return inside(n, row, col) ? row * n + col : -1;
}

// what is there; outside it is neither wall nor floor
static char look(const vr_maze *m, const char *cell, int at, const int *across, int u, int v)
{
  int there = beside(m, at, across, u, v);
  return there < 0 ? 0 : cell[there];
}

/* A corridor that comes up beside the block of `size` wall cells at `at`, goes along it and down
 * again, with wall all around. */
static int is_detour(const vr_maze *m, const char *cell, int at, const int *across, int size)
{
  for (int u = 0; u < size; u++)
    for (int v = -1; v <= 0; v++)
      if (look(m, cell, at, across, u, v) != '*') return 0;
  for (int u = -1; u <= size; u++)
    if (look(m, cell, at, across, u, 1) != ' ' || look(m, cell, at, across, u, 2) != '*') return 0;
  return look(m, cell, at, across, -2, 1) == '*' && look(m, cell, at, across, size + 1, 1) == '*' &&
         look(m, cell, at, across, -1, 0) == ' ' && look(m, cell, at, across, size, 0) == ' ';
}

// pulls the detour around `at` straight, as far as it goes; 1 if there was one
static int straighten(const vr_maze *m, char *cell, int at, int size)
{
  int n = m->par.n, found = 0;
  for (int again = 1; again;) {
    again = 0;
    for (int k = 0; k < 4 && !again && cell[at] == '*'; k++) {
      const int *across = way[k];
      if (!is_detour(m, cell, at, across, size)) continue;
      for (int u = 0; u < size; u++) cell[beside(m, at, across, u, 0)] = ' ';
      for (int u = -1; u <= size; u++) cell[beside(m, at, across, u, 1)] = '*';
      at -= across[0] * n + across[1];
      again = found = 1;
    }
  }
  return found;
}

static void straighten_all(const vr_maze *m, char *cell)
{
  int n = m->par.n;
  for (int size = 1; size + 3 < n;) {
    int found = 0;
    for (int at = 0; at < n * n && !found; at++) found = straighten(m, cell, at, size);
    // a longer one may leave shorter ones
    size = found && size > 1 ? 1 : size + 1;
  }
}

/* -- what stands in rooms -- */

// `count` random free cells of each room become `what`
static void put_in_rooms(vr_maze *m, vr_rng *r, char *cell, int count, char what)
{
  for (int k = 0; k < m->nrooms; k++) {
    const vr_rect *room = m->room + k;
    int free = 0;
    for (int i = 0; i < room->rows; i++)
      for (int j = 0; j < room->cols; j++) {
        int at = (room->row + i) * m->par.n + room->col + j;
        if (cell[at] == ' ') m->list[free++] = at;
      }
    for (int i = 0; i < count && i < free; i++) {
      int j = between(r, i, free - 1), at = m->list[j];
      m->list[j] = m->list[i];
      cell[at] = what;
    }
  }
}

void vr_maze_draw(vr_maze *m, vr_rng *r, char *cell)
{
  int n = m->par.n, regions;
  memset(cell, '*', (size_t)(n * n));
  memset(m->region, 0, (size_t)(n * n) * sizeof *m->region);
  make_rooms(m, r, cell);
  regions = m->nrooms;
  for (int row = 1; row < n; row += 2)
    for (int col = 1; col < n; col += 2)
      if (!m->region[row * n + col]) grow_corridor(m, r, cell, row * n + col, ++regions);
  make_doors(m, r, cell, regions);
  if (m->par.simple) {
    fill_dead_ends(m, cell);
    straighten_all(m, cell);
  }
  put_in_rooms(m, r, cell, m->par.starts, 'P');
  put_in_rooms(m, r, cell, m->par.orbs, 'G');
  finish_doors(m, cell);
  // the rest of a room bears its letter
  for (int i = 0; i < n * n; i++)
    if (cell[i] == ' ' && m->region[i] > 0 && m->region[i] <= m->nrooms)
      cell[i] = (char)('a' + (m->region[i] - 1) % 26);
}

/* -- cover -- */

// the largest rectangle of odd sides with its first cell at (row, col), of cells not yet covered
static vr_rect largest(const vr_maze *m, const char *cell, int row, int col)
{
  int n = m->par.n, cols = n - col, area = 0;
  vr_rect best = {row, col, 1, 1};
  for (int rows = 1; row + rows <= n; rows++) {
    const char *from = cell + (row + rows - 1) * n + col;
    const int *covered = m->region + (row + rows - 1) * n + col;
    int free = 0;
    while (free < cols && from[free] == '*' && !covered[free]) free++;
    if (!free) break;
    cols = free % 2 ? free : free - 1;
    if (rows % 2 && rows * cols > area) {
      area = rows * cols;
      best.rows = rows;
      best.cols = cols;
    }
  }
  return best;
}

size_t vr_maze_cover(vr_maze *m, const char *cell, vr_rect *out, size_t max)
{
  int n = m->par.n;
  size_t count = 0;
  // from here on, region says what is covered
  memset(m->region, 0, (size_t)(n * n) * sizeof *m->region);
  for (int row = 0; row < n; row++)
    for (int col = 0; col < n; col++) {
      if (cell[row * n + col] != '*' || m->region[row * n + col]) continue;
      vr_rect box = largest(m, cell, row, col);
      for (int i = 0; i < box.rows; i++)
        for (int j = 0; j < box.cols; j++) m->region[(row + i) * n + col + j] = 1;
      if (count < max) out[count] = box;
      count++;
    }
  return count;
}
