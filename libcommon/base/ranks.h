/* ranks.h -- processes that work together, by MPI where the build has it.
 *
 * Without MPI, or without mpirun, there is one process and nothing is sent. A message that cannot be
 * delivered ends all of them (MPI's own way), so nothing here fails. */
#ifndef VR_BASE_RANKS_H
#define VR_BASE_RANKS_H
#include <stddef.h>

typedef struct {
  int rank, size; /* this process; all: 1 when it is alone */
} vr_ranks;

/* Joins the others; once in a process, at its start. Where the build has no MPI but mpirun has started
 * several, size is 1 and *missed, unless NULL, 1. */
vr_ranks vr_ranks_begin(int *missed);
/* Waits for the others and leaves them. */
void vr_ranks_end(const vr_ranks *r);

/* The same number of bytes from each, in the order of ranks, to all: `all` holds size * bytes. `mine`
 * may be its place in `all`. */
void vr_ranks_gather(const vr_ranks *r, const void *mine, size_t bytes, void *all);
/* sum[i] = x[i] of all ranks, added in their order. x and sum may be the same. */
void vr_ranks_sum(const vr_ranks *r, const double *x, size_t n, double *sum);
/* What rank `root` has in x becomes that of all. */
void vr_ranks_share(const vr_ranks *r, int root, void *x, size_t bytes);
/* To and from one other. */
void vr_ranks_send(const vr_ranks *r, int to, const void *x, size_t bytes);
void vr_ranks_receive(const vr_ranks *r, int from, void *x, size_t bytes);

/* A message on its way, while the sender does other things. Zero-initialise. */
typedef struct {
  int n;
  void *piece[8];
} vr_ranks_mail;

/* x must stay as it is until vr_ranks_settle, which returns when x is free again. */
void vr_ranks_post(const vr_ranks *r, int to, const void *x, size_t bytes, vr_ranks_mail *mail);
void vr_ranks_settle(vr_ranks_mail *mail);

#endif
