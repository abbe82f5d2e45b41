/* maze.h -- a random maze of rooms and corridors on a square grid, and its cover by boxes.
 *
 * The rules are those of DeepMind's labmaze (rodent.md 4.3): rooms that do not touch, corridors
 * between them, one door between each two neighbours, dead ends filled, detours straightened.
 * Walls stand on even rows and columns. */
#ifndef VR_SIM_MAZE_H
#define VR_SIM_MAZE_H
#include "base/rng.h"
#include <stddef.h>

typedef struct {
  int n;            /* cells along a side, odd */
  int rooms;        /* at most */
  int low, high;    /* sides of rooms in cells; even numbers count as the odd one below */
  int tries;        /* rooms that may be refused before it goes on with those there are */
  int starts, orbs; /* in each room */
  double doors;     /* probability of each further door */
  int simple;       /* fill dead ends and straighten detours */
} vr_maze_par;

#define VR_MAZE_DEFAULTS                                                                           \
  {                                                                                                \
    .n = 11, .rooms = 4, .low = 4, .high = 5, .tries = 1000, .starts = 1, .orbs = 3, .simple = 1   \
  }

typedef struct vr_maze vr_maze;

int vr_maze_new(const vr_maze_par *par, vr_maze **m); /* VR_EMEM */
void vr_maze_free(vr_maze *m);

/* A new maze into cell (n x n, row by row): '*' wall, ' ' corridor, 'a', 'b'.. floor of a room, 'P'
 * place to start, 'G' orb. Allocates nothing. */
void vr_maze_draw(vr_maze *m, vr_rng *r, char *cell);

/* Rows [row, row + rows), columns [col, col + cols). */
typedef struct {
  int row, col, rows, cols;
} vr_rect;

/* Covers the walls of cell (n x n) by rectangles of odd sides that do not overlap: at most `max`
 * into out; the number there are. */
size_t vr_maze_cover(vr_maze *m, const char *cell, vr_rect *out, size_t max);

#endif
