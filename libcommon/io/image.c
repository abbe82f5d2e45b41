#include "io/image.h"
#include "base/err.h"
#include "base/mem.h"
#include <string.h>

static const unsigned char signature[8] = {0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};

static uint64_t little_endian(const unsigned char *p)
{
  uint64_t x = 0;
  for (int i = 7; i >= 0; i--) x = x << 8 | p[i];
  return x;
}

/* what bytes that are not HDF5 look like, for the message */
static const char *looks_like(const unsigned char *head, size_t n)
{
  static const struct {
    const char *magic;
    size_t n;
    const char *kind;
  } known[] = {
    {"\x1f\x8b", 2, "a gzip file (unpack it first)"},
    {"MATLAB 5.0", 10, "a MATLAB v5 file (save it with -v7.3)"},
    {"PK\x03\x04", 4, "a zip file (unpack it first)"},
    {"\x93NUMPY", 6, "a NumPy file (write it as text, see vr-load)"},
  };
  for (size_t i = 0; i < VR_LEN(known); i++)
    if (n >= known[i].n && !memcmp(head, known[i].magic, known[i].n)) return known[i].kind;
  for (size_t i = 0; i < n; i++)
    if (head[i] < 9 || (head[i] > 13 && head[i] < 32)) return "binary data of another kind";
  return "text (see vr-load and vr-import)";
}

/* where the signature stands: at 0, or at 512 behind MATLAB's block; n when nowhere */
static size_t find_signature(const unsigned char *head, size_t n)
{
  for (size_t at = 0; at <= 512; at += 512)
    if (n >= at + 8 && !memcmp(head + at, signature, 8)) return at;
  return n;
}

int vr_image_length(const unsigned char *head, size_t n, uint64_t *length)
{
  static const struct {
    size_t base, eof, offsets;
  } place[] = {{24, 40, 13}, {28, 44, 13}, {12, 28, 9}, {12, 28, 9}};
  size_t at = find_signature(head, n);
  if (at == n) return vr_fail(VR_EDATA, "not HDF5 but %s", looks_like(head, n));
  const unsigned char *block = head + at;
  if (n - at < 52) return vr_fail(VR_EDATA, "cut short: an HDF5 image of %zu bytes", n);
  if (block[8] >= VR_LEN(place))
    return vr_fail(VR_EDATA, "damaged or too new: HDF5 superblock version %d", block[8]);
  size_t version = block[8];
  if (block[place[version].offsets] != 8)
    return vr_fail(
      VR_EDATA, "HDF5 addresses of %d bytes are not supported", block[place[version].offsets]);
  uint64_t base = little_endian(block + place[version].base);
  uint64_t eof = little_endian(block + place[version].eof);
  if (base > eof || eof - base < 48 || eof - base > INT64_MAX / 2)
    return vr_fail(VR_EDATA, "damaged: the HDF5 superblock gives an impossible length");
  *length = eof - base + at;
  return 0;
}
