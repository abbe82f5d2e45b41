/* pickle.h -- the lists of column names that pandas leaves in HDF5 attributes.
 *
 * They are Python pickles of protocol 0. Only lists, tuples, dicts, text, numbers and None are
 * read; every opcode that could make an object or run code is refused. */
#ifndef VR_IO_PICKLE_H
#define VR_IO_PICKLE_H
#include <stddef.h>

/* The pickled list of equally long tuples of text: text t of tuple i is (*names)[i * *width + t]
 * (numbers become text). One block, vr_release(*names). VR_EDATA for any other pickle. */
int vr_pickle_columns(const char *pickle, char ***names, size_t *n, size_t *width);

#endif
