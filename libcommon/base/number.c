#include "base/number.h"
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const double ten[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12,
  1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
enum { TEN_MAX = 22 }; // the largest power of ten that a double holds exactly

static const uint64_t two53 = (uint64_t)1 << 53;

// y / 10^k, rounded once: what reading the decimal gives
static double unscale(uint64_t y, int k)
{
  return k >= 0 ? (double)y / ten[k] : (double)y * ten[-k];
}

// places after the point that leave `digits` significant ones of x > 0; 0 when out of our range
static int places(double x, int digits, int *k)
{
  int e = (int)floor(ilogb(x) * 0.30102999566398120);
  if (e + 1 < TEN_MAX && e + 1 >= 0 && x >= ten[e + 1]) e++;
  if (e + 1 < 0 && e + 1 >= -TEN_MAX && x * ten[-e - 1] >= 1) e++;
  *k = digits - 1 - e;
  return *k <= TEN_MAX && *k >= -TEN_MAX;
}

static size_t uint_text(char *buf, uint64_t y)
{
  char d[20];
  size_t n = 0;
  do d[n++] = (char)('0' + y % 10);
  while (y /= 10);
  for (size_t i = 0; i < n; i++) buf[i] = d[n - 1 - i];
  return n;
}

// y * 10^-k as text: positional while the exponent is small, else d.ddde+dd
static size_t decimal_text(char *buf, uint64_t y, int k)
{
  while (y && y % 10 == 0) {
    y /= 10;
    k--;
  }
  char d[20];
  size_t len = uint_text(d, y), n = 0;
  int e = (int)len - 1 - k; // exponent of the first digit
  if (e < -5 || e > 15) {
    buf[n++] = d[0];
    if (len > 1) buf[n++] = '.';
    memcpy(buf + n, d + 1, len - 1);
    n += len - 1;
    return n + (size_t)snprintf(buf + n, 8, "e%+03d", e);
  }
  if (e < 0) {
    buf[n++] = '0';
    buf[n++] = '.';
    for (int i = e; i < -1; i++) buf[n++] = '0';
    memcpy(buf + n, d, len);
    return n + len;
  }
  for (size_t i = 0; i < len || i <= (size_t)e; i++) {
    if (i == (size_t)e + 1) buf[n++] = '.';
    buf[n++] = i < len ? d[i] : '0';
  }
  return n;
}

// NaN, infinities, zero and the sign; 0 when digits must follow at buf[*n]
static int special(char *buf, double x, size_t *n)
{
  *n = 0;
  if (isnan(x)) {
    memcpy(buf, "nan", 4);
    *n = 3;
    return 1;
  }
  if (signbit(x)) buf[(*n)++] = '-';
  if (!isinf(x) && x != 0) return 0;
  memcpy(buf + *n, isinf(x) ? "inf" : "0", isinf(x) ? 4 : 2);
  *n += isinf(x) ? 3 : 1;
  return 1;
}

size_t vr_number_f32(char *buf, float x)
{
  size_t n;
  int k;
  if (special(buf, x, &n)) return n;
  float a = fabsf(x);
  for (int digits = 6; digits <= 9 && places(a, digits, &k); digits++) {
    uint64_t y = (uint64_t)nearbyint(k >= 0 ? (double)a * ten[k] : (double)a / ten[-k]);
    if ((float)unscale(y, k) != a) continue;
    n += decimal_text(buf + n, y, k);
    buf[n] = 0;
    return n;
  }
  return (size_t)snprintf(buf, VR_NUMBER_MAX, "%.9g", (double)x);
}

size_t vr_number_f64(char *buf, double x)
{
  size_t n;
  int k;
  if (special(buf, x, &n)) return n;
  double a = fabs(x);
  if (places(a, 15, &k)) {
    uint64_t y = (uint64_t)nearbyint(k >= 0 ? a * ten[k] : a / ten[-k]);
    if (y < two53 && unscale(y, k) == a) {
      n += decimal_text(buf + n, y, k);
      buf[n] = 0;
      return n;
    }
  }
  return (size_t)snprintf(buf, VR_NUMBER_MAX, "%.17g", x);
}

size_t vr_number_i64(char *buf, int64_t x)
{
  size_t n = 0;
  if (x < 0) buf[n++] = '-';
  n += uint_text(buf + n, x < 0 ? 0 - (uint64_t)x : (uint64_t)x);
  buf[n] = 0;
  return n;
}

// m * 10^e with one rounding; 0 when that needs more than the fast ways
static int scaled(uint64_t m, int e, double *x)
{
  if (m <= two53 && e >= -TEN_MAX && e <= TEN_MAX) {
    *x = e < 0 ? (double)m / ten[-e] : (double)m * ten[e];
    return 1;
  }
#if LDBL_MANT_DIG == 64 && defined(__x86_64__)
  // 64 bits hold m, and 10^27; the second rounding is safe unless the bits cut off lie at a half
  if (e < 0 && e >= -TEN_MAX) {
    union {
      long double q;
      uint64_t bits;
    } u = {.q = (long double)m / (long double)ten[-e]};
    uint64_t tail = u.bits & 0x7ff;
    if (tail >= 0x3ff && tail <= 0x401) return 0;
    *x = (double)u.q;
    return 1;
  }
#endif
  return 0;
}

static const char *word(const char *s, int neg, double *x)
{
  if (!strncasecmp(s, "nan", 3)) {
    *x = NAN;
    return s + 3;
  }
  if (!strncasecmp(s, "inf", 3)) {
    *x = neg ? -INFINITY : INFINITY;
    return s + (strncasecmp(s, "infinity", 8) ? 3 : 8);
  }
  return NULL;
}

const char *vr_number_parse(const char *start, double *x)
{
  const char *s = start;
  int neg = *s == '-', ndigits = 0, used = 0, e = 0;
  if (*s == '-' || *s == '+') s++;
  uint64_t m = 0;
  const char *point = NULL;
  // digits, with the place of the point; the first 19 that count go into m
  for (;; s++) {
    if (*s == '.' && !point) {
      point = s;
    } else if (*s >= '0' && *s <= '9') {
      ndigits++;
      if (used < 19) {
        m = m * 10 + (uint64_t)(*s - '0');
        used += m != 0;
        e -= point != NULL;
      } else {
        used++;
        e += point == NULL;
      }
    } else {
      break;
    }
  }
  if (!ndigits) return point ? NULL : word(s, neg, x);
  // an exponent only where digits follow it
  if (*s == 'e' || *s == 'E') {
    const char *t = s + 1;
    int sign = *t == '-' ? -1 : 1, power = 0;
    if (*t == '-' || *t == '+') t++;
    if (*t >= '0' && *t <= '9') {
      for (; *t >= '0' && *t <= '9'; t++)
        if (power < 10000) power = power * 10 + (*t - '0');
      e += sign * power;
      s = t;
    }
  }
  double a;
  if (used <= 19 && (m == 0 || scaled(m, e, &a))) {
    if (m == 0) a = 0;
    *x = neg ? -a : a;
    return s;
  }
  char *end;
  *x = strtod(start, &end);
  return end == s ? s : NULL;
}
