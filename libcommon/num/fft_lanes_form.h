/* fft_lanes_form.h -- inside of fft_lanes: one form of the transform, for vectors of WIDTH doubles.
 * Included once for each form, after NAME, TARGET and WIDTH; no guard. */
#define CAT_(a, b) a##_##b
#define CAT(a, b) CAT_(a, b)
#define V CAT(NAME, vector)
#define C CAT(NAME, complex)
#define FN(f) CAT(NAME, f)
#define INLINE TARGET static inline __attribute__((always_inline))

typedef double V __attribute__((vector_size(8 * WIDTH)));
typedef struct {
  V re, im;
} C;

/* number i of the WIDTH series from x */
INLINE C FN(load)(const double *x, size_t i)
{
  return (C){*(const V *)(x + 16 * i), *(const V *)(x + 16 * i + 8)};
}

INLINE void FN(save)(double *y, size_t i, C a)
{
  *(V *)(y + 16 * i) = a.re;
  *(V *)(y + 16 * i + 8) = a.im;
}

INLINE C FN(add)(C a, C b)
{
  return (C){a.re + b.re, a.im + b.im};
}

INLINE C FN(sub)(C a, C b)
{
  return (C){a.re - b.re, a.im - b.im};
}

/* a + x b + y c */
INLINE C FN(mix)(C a, double x, C b, double y, C c)
{
  return (C){a.re + x * b.re + y * c.re, a.im + x * b.im + y * c.im};
}

/* -i (x b + y c) */
INLINE C FN(turn)(double x, C b, double y, C c)
{
  return (C){x * b.im + y * c.im, -(x * b.re + y * c.re)};
}

/* a times w[0] + i w[1] */
INLINE C FN(times)(C a, const double *w)
{
  return (C){a.re * w[0] - a.im * w[1], a.re * w[1] + a.im * w[0]};
}

TARGET static void FN(two)(size_t m, size_t s, const double *w, const double *x, double *y)
{
  for (size_t p = 0; p < m; p++, w += 2)
    for (size_t q = 0; q < s; q++) {
      C a = FN(load)(x, q + s * p), b = FN(load)(x, q + s * (p + m));
      FN(save)(y, q + s * 2 * p, FN(add)(a, b));
      FN(save)(y, q + s * (2 * p + 1), FN(times)(FN(sub)(a, b), w));
    }
}

TARGET static void FN(three)(size_t m, size_t s, const double *w, const double *x, double *y)
{
  const double half = 0.5, root = 0.86602540378443864676;
  for (size_t p = 0; p < m; p++, w += 4)
    for (size_t q = 0; q < s; q++) {
      C a = FN(load)(x, q + s * p), b = FN(load)(x, q + s * (p + m));
      C c = FN(load)(x, q + s * (p + 2 * m));
      C u = FN(mix)(a, -half, b, -half, c), v = FN(turn)(root, b, -root, c);
      FN(save)(y, q + s * 3 * p, FN(add)(a, FN(add)(b, c)));
      FN(save)(y, q + s * (3 * p + 1), FN(times)(FN(add)(u, v), w));
      FN(save)(y, q + s * (3 * p + 2), FN(times)(FN(sub)(u, v), w + 2));
    }
}

TARGET static void FN(four)(size_t m, size_t s, const double *w, const double *x, double *y)
{
  for (size_t p = 0; p < m; p++, w += 6)
    for (size_t q = 0; q < s; q++) {
      C a = FN(load)(x, q + s * p), b = FN(load)(x, q + s * (p + m));
      C c = FN(load)(x, q + s * (p + 2 * m)), d = FN(load)(x, q + s * (p + 3 * m));
      C e = FN(add)(a, c), f = FN(sub)(a, c), g = FN(add)(b, d), h = FN(turn)(1, b, -1, d);
      FN(save)(y, q + s * 4 * p, FN(add)(e, g));
      FN(save)(y, q + s * (4 * p + 1), FN(times)(FN(add)(f, h), w));
      FN(save)(y, q + s * (4 * p + 2), FN(times)(FN(sub)(e, g), w + 2));
      FN(save)(y, q + s * (4 * p + 3), FN(times)(FN(sub)(f, h), w + 4));
    }
}

TARGET static void FN(five)(size_t m, size_t s, const double *w, const double *x, double *y)
{
  const double c1 = 0.30901699437494742410, c2 = -0.80901699437494742410;
  const double s1 = 0.95105651629515357212, s2 = 0.58778525229247312917;
  for (size_t p = 0; p < m; p++, w += 8)
    for (size_t q = 0; q < s; q++) {
      C a = FN(load)(x, q + s * p), b = FN(load)(x, q + s * (p + m));
      C c = FN(load)(x, q + s * (p + 2 * m)), d = FN(load)(x, q + s * (p + 3 * m));
      C e = FN(load)(x, q + s * (p + 4 * m));
      C be = FN(add)(b, e), cd = FN(add)(c, d), b_e = FN(sub)(b, e), c_d = FN(sub)(c, d);
      C u = FN(mix)(a, c1, be, c2, cd), v = FN(mix)(a, c2, be, c1, cd);
      C g = FN(turn)(s1, b_e, s2, c_d), h = FN(turn)(s2, b_e, -s1, c_d);
      FN(save)(y, q + s * 5 * p, FN(add)(a, FN(add)(be, cd)));
      FN(save)(y, q + s * (5 * p + 1), FN(times)(FN(add)(u, g), w));
      FN(save)(y, q + s * (5 * p + 2), FN(times)(FN(add)(v, h), w + 2));
      FN(save)(y, q + s * (5 * p + 3), FN(times)(FN(sub)(v, h), w + 4));
      FN(save)(y, q + s * (5 * p + 4), FN(times)(FN(sub)(u, g), w + 6));
    }
}

TARGET static void FN(stage)(
  size_t radix, size_t m, size_t s, const double *w, const double *x, double *y)
{
  for (size_t lane = 0; lane < VR_LANES; lane += WIDTH) switch (radix) {
    case 2: FN(two)(m, s, w, x + lane, y + lane); break;
    case 3: FN(three)(m, s, w, x + lane, y + lane); break;
    case 4: FN(four)(m, s, w, x + lane, y + lane); break;
    default: FN(five)(m, s, w, x + lane, y + lane); break;
    }
}

#undef CAT_
#undef CAT
#undef V
#undef C
#undef FN
#undef INLINE
#undef NAME
#undef TARGET
#undef WIDTH
