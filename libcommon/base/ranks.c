#include "base/ranks.h"
#include <stdlib.h>
#include <string.h>

#ifdef VR_MPI
#include <mpi.h>

enum { PIECE = 1 << 28 }; /* bytes of a message: MPI counts in int */

vr_ranks vr_ranks_begin(int *missed)
{
  vr_ranks r = {0, 1};
  if (missed) *missed = 0;
  if (!getenv("OMPI_COMM_WORLD_SIZE") && !getenv("PMI_SIZE")) return r; // started by itself
  MPI_Init(NULL, NULL);
  MPI_Comm_rank(MPI_COMM_WORLD, &r.rank);
  MPI_Comm_size(MPI_COMM_WORLD, &r.size);
  return r;
}

void vr_ranks_end(const vr_ranks *r)
{
  int begun;
  (void)r;
  MPI_Initialized(&begun);
  if (begun) MPI_Finalize();
}

void vr_ranks_share(const vr_ranks *r, int root, void *x, size_t bytes)
{
  for (size_t at = 0; r->size > 1 && at < bytes; at += PIECE) {
    size_t n = bytes - at < PIECE ? bytes - at : PIECE;
    MPI_Bcast((char *)x + at, (int)n, MPI_BYTE, root, MPI_COMM_WORLD);
  }
}

void vr_ranks_gather(const vr_ranks *r, const void *mine, size_t bytes, void *all)
{
  char *place = (char *)all + (size_t)r->rank * bytes;
  if (mine != place) memmove(place, mine, bytes);
  if (r->size > 1 && bytes < PIECE)
    MPI_Allgather(MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, all, (int)bytes, MPI_BYTE, MPI_COMM_WORLD);
  else
    for (int k = 0; k < r->size; k++) vr_ranks_share(r, k, (char *)all + (size_t)k * bytes, bytes);
}

void vr_ranks_send(const vr_ranks *r, int to, const void *x, size_t bytes)
{
  (void)r;
  for (size_t at = 0; at < bytes; at += PIECE) {
    size_t n = bytes - at < PIECE ? bytes - at : PIECE;
    MPI_Send((const char *)x + at, (int)n, MPI_BYTE, to, 0, MPI_COMM_WORLD);
  }
}

void vr_ranks_receive(const vr_ranks *r, int from, void *x, size_t bytes)
{
  (void)r;
  for (size_t at = 0; at < bytes; at += PIECE) {
    size_t n = bytes - at < PIECE ? bytes - at : PIECE;
    MPI_Recv((char *)x + at, (int)n, MPI_BYTE, from, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
  }
}

_Static_assert(sizeof(MPI_Request) <= sizeof(void *), "a request must fit into vr_ranks_mail");

void vr_ranks_post(const vr_ranks *r, int to, const void *x, size_t bytes, vr_ranks_mail *mail)
{
  enum { ROOM = sizeof mail->piece / sizeof *mail->piece };
  for (size_t at = 0; at < bytes; at += PIECE) {
    size_t n = bytes - at < PIECE ? bytes - at : PIECE;
    MPI_Request request;
    if (mail->n == ROOM) { // what is larger than all pieces goes the slow way
      vr_ranks_send(r, to, (const char *)x + at, bytes - at);
      return;
    }
    MPI_Isend((const char *)x + at, (int)n, MPI_BYTE, to, 0, MPI_COMM_WORLD, &request);
    memcpy(mail->piece + mail->n++, &request, sizeof request);
  }
}

void vr_ranks_settle(vr_ranks_mail *mail)
{
  for (int i = 0; i < mail->n; i++) {
    MPI_Request request;
    memcpy(&request, mail->piece + i, sizeof request);
    MPI_Wait(&request, MPI_STATUS_IGNORE);
  }
  mail->n = 0;
}

#else

vr_ranks vr_ranks_begin(int *missed)
{
  const char *size = getenv("OMPI_COMM_WORLD_SIZE");
  if (missed) *missed = size && atol(size) > 1;
  return (vr_ranks){0, 1};
}

void vr_ranks_end(const vr_ranks *r)
{
  (void)r;
}

void vr_ranks_share(const vr_ranks *r, int root, void *x, size_t bytes)
{
  (void)r, (void)root, (void)x, (void)bytes;
}

void vr_ranks_gather(const vr_ranks *r, const void *mine, size_t bytes, void *all)
{
  (void)r;
  if (mine != all) memmove(all, mine, bytes);
}

void vr_ranks_send(const vr_ranks *r, int to, const void *x, size_t bytes)
{
  (void)r, (void)to, (void)x, (void)bytes;
}

void vr_ranks_receive(const vr_ranks *r, int from, void *x, size_t bytes)
{
  (void)r, (void)from, (void)x, (void)bytes;
}

void vr_ranks_post(const vr_ranks *r, int to, const void *x, size_t bytes, vr_ranks_mail *mail)
{
  (void)r, (void)to, (void)x, (void)bytes, (void)mail;
}

void vr_ranks_settle(vr_ranks_mail *mail)
{
  (void)mail;
}
#endif

void vr_ranks_sum(const vr_ranks *r, const double *x, size_t n, double *sum)
{
  enum { MOST = 64 };
  for (size_t i = 0; i < n; i++) {
    double one[MOST] = {0}, total = 0;
    if (r->size > MOST) {
      // a rank after the other
      for (int k = 0; k < r->size; k++) {
        *one = x[i];
        vr_ranks_share(r, k, one, sizeof *one);
        total += *one;
      }
    } else {
      vr_ranks_gather(r, x + i, sizeof *x, one);
      for (int k = 0; k < r->size; k++) total += one[k];
    }
    sum[i] = total;
  }
}
