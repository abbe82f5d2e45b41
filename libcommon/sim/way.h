/* way.h -- cheapest ways over a square grid of cells to the nearest of some goals (Dijkstra 1959).
 *
 * Cell k = row * n + column. A move goes to one of the 8 neighbours, or, with reach 2 or 3, also as a
 * knight and further: 16 or 32 directions, none through the centre of another cell. Ties are broken
 * by the number of the cell. */
#ifndef VR_SIM_WAY_H
#define VR_SIM_WAY_H
#include <stddef.h>

enum { VR_WAY_REACH = 3 };

typedef struct {
  size_t n;    /* cells along a side */
  int reach;   /* 1 .. VR_WAY_REACH */
  double *far; /* n x n: cost of the way from each cell to a goal; INFINITY: there is none */
  int *next;   /* n x n: the cell to go to; a goal's and a lost cell's: itself */
  int *heap, *place;
  size_t nheap;
} vr_way;

/* VR_EARG, VR_EMEM. A zeroed or freed one may be freed. */
int vr_way_new(size_t n, int reach, vr_way *w);
void vr_way_free(vr_way *w);

/* Cost of a move of (rows, cols) that ends in cell `to`: positive, or INFINITY where it cannot be made. */
typedef double vr_way_cost(const void *ctx, int to, int rows, int cols);

/* Plans from every cell to the goals. Allocates nothing. */
void vr_way_plan(vr_way *w, const int *goal, size_t ngoals, vr_way_cost *cost, const void *ctx);

#endif
