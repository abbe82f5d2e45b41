/* spoil.c -- makes a good file hostile: spoil HOW FILE DATASET
 *   nan            row 3 of the dataset is NaN
 *   rank           the dataset is one number
 *   rows           the dataset has 10 rows only
 *   kind           the dataset holds text
 *   external-link  the dataset is a link into secret.h5, which lies beside the file
 *   external-data  the dataset's bytes are those of secret.bin
 *   virtual        the dataset is a window on secret.h5
 *   absurd         the dataset claims 2^40 rows, none of them stored
 *   overflow       the product of the dataset's dimensions does not fit in 64 bits
 * It talks to HDF5 itself, because our own layer would refuse to. */
#include <hdf5.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static hid_t file;
static const char *dataset;

static hid_t must(hid_t id)
{
  if (id >= 0) return id;
  fprintf(stderr, "spoil: HDF5 fails on %s\n", dataset);
  exit(1);
}

// Copies what shape the dataset has; its name becomes free.
static int take_away(hsize_t dim[8])
{
  hid_t d = must(H5Dopen2(file, dataset, H5P_DEFAULT)), s = must(H5Dget_space(d));
  int rank = H5Sget_simple_extent_dims(s, dim, NULL);
  H5Sclose(s);
  H5Dclose(d);
  must(H5Ldelete(file, dataset, H5P_DEFAULT));
  return rank;
}

static void put_new(hid_t type, int rank, const hsize_t *dim, hid_t plist)
{
  hid_t s = must(H5Screate_simple(rank, dim, NULL));
  H5Dclose(must(H5Dcreate2(file, dataset, type, s, H5P_DEFAULT, plist, H5P_DEFAULT)));
  H5Sclose(s);
}

// A file with the numbers 12345.678 under /secret.
static void make_secret(const char *path, int rank, const hsize_t *dim)
{
  hid_t f = must(H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT));
  hid_t s = must(H5Screate_simple(rank, dim, NULL)), p = must(H5Pcreate(H5P_DATASET_CREATE));
  float value = 12345.678f;
  H5Pset_fill_value(p, H5T_NATIVE_FLOAT, &value);
  H5Dclose(must(H5Dcreate2(f, "/secret", H5T_NATIVE_FLOAT, s, H5P_DEFAULT, p, H5P_DEFAULT)));
  H5Sclose(s);
  H5Pclose(p);
  H5Fclose(f);
}

static void spoil_nan(void)
{
  hid_t d = must(H5Dopen2(file, dataset, H5P_DEFAULT)), s = must(H5Dget_space(d));
  hsize_t dim[8] = {0}, start[8] = {3}, count[8] = {1, 1, 1, 1, 1, 1, 1, 1};
  float bad = NAN;
  int rank = H5Sget_simple_extent_dims(s, dim, NULL);
  for (int k = 1; k < rank; k++) start[k] = dim[k] / 2;
  hid_t one = must(H5Screate(H5S_SCALAR));
  must(H5Sselect_hyperslab(s, H5S_SELECT_SET, start, NULL, count, NULL));
  must(H5Dwrite(d, H5T_NATIVE_FLOAT, one, s, H5P_DEFAULT, &bad));
  H5Sclose(one);
  H5Sclose(s);
  H5Dclose(d);
}

static void spoil_rows(void)
{
  hsize_t dim[8];
  int rank = take_away(dim);
  dim[0] = 10;
  put_new(H5T_NATIVE_FLOAT, rank, dim, H5P_DEFAULT);
}

static void spoil_kind(void)
{
  hsize_t dim[8];
  int rank = take_away(dim);
  hid_t text = H5Tcopy(H5T_C_S1);
  H5Tset_size(text, 8);
  put_new(text, rank, dim, H5P_DEFAULT);
  H5Tclose(text);
}

static void spoil_external_data(const char *beside)
{
  hsize_t dim[8], n = 4;
  char path[4200];
  int rank = take_away(dim);
  hid_t p = must(H5Pcreate(H5P_DATASET_CREATE));
  for (int k = 0; k < rank; k++) n *= dim[k];
  snprintf(path, sizeof path, "%s/secret.bin", beside);
  FILE *f = fopen(path, "wb");
  if (!f) exit(1);
  for (hsize_t i = 0; i < n; i++) fputc('S', f);
  fclose(f);
  H5Pset_external(p, path, 0, n);
  put_new(H5T_NATIVE_FLOAT, rank, dim, p);
  H5Pclose(p);
}

static void spoil_virtual(const char *secret)
{
  hsize_t dim[8];
  int rank = take_away(dim);
  hid_t p = must(H5Pcreate(H5P_DATASET_CREATE)), s = must(H5Screate_simple(rank, dim, NULL));
  make_secret(secret, rank, dim);
  H5Pset_virtual(p, s, secret, "/secret", s);
  put_new(H5T_NATIVE_FLOAT, rank, dim, p);
  H5Sclose(s);
  H5Pclose(p);
}

static void spoil_size(int overflow)
{
  hsize_t dim[8], chunk[8] = {64, 64, 64, 64, 64, 64, 64, 64};
  int rank = take_away(dim);
  hid_t p = must(H5Pcreate(H5P_DATASET_CREATE));
  dim[0] = (hsize_t)1 << 40;
  if (overflow) {
    // HDF5 itself refuses a product over 2^64, so it is made as large as it lets us
    dim[0] = (hsize_t)1 << 50;
    for (int k = 1; k < rank; k++) dim[k] = k == 1 ? 2048 : 1;
  }
  for (int k = 0; k < rank; k++)
    if (chunk[k] > dim[k]) chunk[k] = dim[k];
  H5Pset_chunk(p, rank, chunk);
  put_new(H5T_NATIVE_FLOAT, rank, dim, p);
  H5Pclose(p);
}

int main(int argc, char **argv)
{
  if (argc != 4) {
    fprintf(stderr, "usage: spoil HOW FILE DATASET\n");
    return 2;
  }
  const char *how = argv[1];
  char beside[4096], secret[4200];
  dataset = argv[3];
  snprintf(beside, sizeof beside, "%s", argv[2]);
  char *slash = strrchr(beside, '/');
  if (slash) *slash = 0;
  snprintf(secret, sizeof secret, "%s/secret.h5", slash ? beside : ".");

  hid_t access = H5Pcreate(H5P_FILE_ACCESS);
  H5Pset_libver_bounds(access, H5F_LIBVER_V18, H5F_LIBVER_V110);
  file = must(H5Fopen(argv[2], H5F_ACC_RDWR, access));
  hsize_t dim[8];
  if (!strcmp(how, "nan"))
    spoil_nan();
  else if (!strcmp(how, "rank"))
    take_away(dim), put_new(H5T_NATIVE_FLOAT, 0, NULL, H5P_DEFAULT);
  else if (!strcmp(how, "rows"))
    spoil_rows();
  else if (!strcmp(how, "kind"))
    spoil_kind();
  else if (!strcmp(how, "external-data"))
    spoil_external_data(slash ? beside : ".");
  else if (!strcmp(how, "virtual"))
    spoil_virtual(secret);
  else if (!strcmp(how, "absurd"))
    spoil_size(0);
  else if (!strcmp(how, "overflow"))
    spoil_size(1);
  else if (!strcmp(how, "external-link")) {
    int rank = take_away(dim);
    make_secret(secret, rank, dim);
    must(H5Lcreate_external(secret, "/secret", file, dataset, H5P_DEFAULT, H5P_DEFAULT));
  } else
    return fprintf(stderr, "spoil: no such way: %s\n", how), 2;
  H5Pclose(access);
  return H5Fclose(file) < 0;
}
