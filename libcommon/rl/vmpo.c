#include "rl/vmpo.h"
#include <math.h>
#include <stdlib.h>

/* A place with its advantage comes before another: larger, or equal and earlier. */
static int before(const double *a, size_t i, size_t j)
{
  return a[i] > a[j] || (a[i] == a[j] && i < j);
}

/* Brings the k first places, in the order above, to the front (quickselect). */
static void take_best(const double *a, size_t *place, size_t n, size_t k)
{
  size_t low = 0, high = n;
  while (high - low > 1) {
    size_t pivot = place[low + (high - 1 - low) / 2], i = low, j = high - 1;
    for (;;) {
      while (before(a, place[i], pivot)) i++;
      while (before(a, pivot, place[j])) j--;
      if (i >= j) break;
      size_t swap = place[i];
      place[i++] = place[j];
      place[j--] = swap;
    }
    size_t cut = j + 1; // place[low .. j] come before all that follow
    if (k == cut) return;
    if (k < cut)
      high = cut;
    else
      low = cut;
  }
}

/* KL(softmax(A / eta) || uniform) over k places. */
static double divergence(
  const double *a, const size_t *place, size_t k, double top, double eta, double *total)
{
  double sum = 0, first = 0;
  for (size_t i = 0; i < k; i++) {
    double x = (a[place[i]] - top) / eta, w = exp(x);
    sum += w;
    if (w > 0) first += w * x;
  }
  *total = sum;
  return first / sum - log(sum / (double)k);
}

double vr_vmpo_weigh(const double *advantage, const uint8_t *use, size_t n, double bound,
  double *weight, double *eta, size_t *place)
{
  enum { HALVINGS = 200 };
  size_t m = 0;
  for (size_t i = 0; i < n; i++) {
    weight[i] = 0;
    if (!use || use[i]) place[m++] = i;
  }
  if (!m) return 0;
  size_t k = m - m / 2;
  take_best(advantage, place, m, k);
  double top = -INFINITY, bottom = INFINITY, sum;
  for (size_t i = 0; i < k; i++) {
    top = fmax(top, advantage[place[i]]);
    bottom = fmin(bottom, advantage[place[i]]);
  }
  // the KL falls as eta grows: halve the interval of its logarithm
  double spread = fmax(top - bottom, 1e-12), low = log(spread * 1e-6), high = log(spread * 1e6);
  for (int i = 0; i < HALVINGS && high - low > 1e-15 * fabs(high); i++) {
    double middle = 0.5 * (low + high);
    if (divergence(advantage, place, k, top, exp(middle), &sum) > bound)
      low = middle;
    else
      high = middle;
  }
  *eta = exp(high);
  double kl = divergence(advantage, place, k, top, *eta, &sum);
  for (size_t i = 0; i < k; i++) weight[place[i]] = exp((advantage[place[i]] - top) / *eta) / sum;
  return kl;
}

double vr_vmpo_dual(double alpha, double kl, double bound, double rate)
{
  double climb = fmin(kl / bound - 1, 3);
  return fmin(fmax(alpha * exp(rate * climb), 1e-3), 1e8);
}
