/* number.h -- numbers as text and back, exactly and fast.
 *
 * Text from here reads back to the same bits: float32 as the shortest of 6 to 9 digits that does,
 * float64 as 15 digits where they do, else 17. No locale, no allocation. */
#ifndef VR_BASE_NUMBER_H
#define VR_BASE_NUMBER_H
#include <stddef.h>
#include <stdint.h>

enum { VR_NUMBER_MAX = 32 }; /* bytes that are always enough, the final NUL included */

/* Write the number and a NUL into buf; the length without the NUL. NaN is "nan", infinities "inf"
 * and "-inf". */
size_t vr_number_f32(char *buf, float x);
size_t vr_number_f64(char *buf, double x);
size_t vr_number_i64(char *buf, int64_t x);

/* Reads one number at the start of s (decimal, exponent, nan, inf; any case; correctly rounded).
 * Returns the first character after it, or NULL when there is none. The text must end in something
 * that is not part of a number (a separator or NUL). */
const char *vr_number_parse(const char *s, double *x);

#endif
