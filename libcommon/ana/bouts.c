#include "ana/bouts.h"
#include "base/err.h"
#include "base/mem.h"
#include <stdlib.h>
#include <string.h>

// the most frequent label of a window, `count` being its histogram over 0 .. k
static int32_t majority(const size_t *count, size_t k, int32_t here)
{
  size_t best = (size_t)here;
  for (size_t l = 0; l <= k; l++)
    if (count[l] > count[best]) best = l;
  return (int32_t)best;
}

int vr_bouts_smooth(const int32_t *from, const vr_trials *tr, size_t k, size_t half, int32_t *to)
{
  size_t *count, rows = vr_trials_rows(tr);
  for (size_t i = 0; i < rows; i++)
    if (from[i] < 0 || (size_t)from[i] > k)
      return vr_fail(VR_EARG, "label %d of frame %zu is not between 0 and %zu", from[i], i, k);
  VR_TRY(vr_alloc(&count, k + 1, sizeof *count));
  for (size_t t = 0; t < tr->n; t++) {
    const int32_t *x = from + tr->first[t];
    size_t n = tr->frames[t], differ = 0, first = 0, last = 0; // window: first .. last - 1
    memset(count, 0, (k + 1) * sizeof *count);
    for (size_t i = 0; i < n; i++) {
      // neighbours that differ inside the window: without any, the frame is its own majority
      for (; last < n && last <= i + half; last++) {
        count[x[last]]++;
        differ += last > first && x[last] != x[last - 1];
      }
      for (; first + half < i; first++) {
        count[x[first]]--;
        differ -= x[first + 1] != x[first];
      }
      to[tr->first[t] + i] = differ ? majority(count, k, x[i]) : x[i];
    }
  }
  vr_release(count);
  return 0;
}

// calls add(b, ...) for each run that is long enough; b->n counts them
static size_t runs(const int32_t *label, const vr_trials *tr, size_t shortest, vr_bouts *b)
{
  size_t n = 0;
  for (size_t t = 0; t < tr->n; t++) {
    size_t end = tr->first[t] + tr->frames[t];
    for (size_t i = tr->first[t], j; i < end; i = j) {
      for (j = i + 1; j < end && label[j] == label[i]; j++)
        ;
      if (label[i] < 1 || j - i < shortest) continue;
      if (b) {
        b->label[n] = label[i];
        b->trial[n] = (int32_t)t;
        b->first[n] = i;
        b->frames[n] = j - i;
      }
      n++;
    }
  }
  return n;
}

int vr_bouts_find(const int32_t *label, const vr_trials *tr, size_t shortest, vr_bouts *b)
{
  size_t n = runs(label, tr, shortest, NULL);
  void *block;
  VR_TRY(vr_alloc(&block, n, 2 * sizeof(size_t) + 2 * sizeof(int32_t)));
  vr_bouts_free(b);
  b->n = n;
  b->first = block;
  b->frames = b->first + n;
  b->label = (int32_t *)(b->frames + n);
  b->trial = b->label + n;
  runs(label, tr, shortest, b);
  return 0;
}

typedef struct {
  int32_t label;
  size_t frames;
} stay;

static int by_label_and_length(const void *a, const void *b)
{
  const stay *x = a, *y = b;
  if (x->label != y->label) return x->label < y->label ? -1 : 1;
  return (x->frames > y->frames) - (x->frames < y->frames);
}

int vr_bouts_dwell(
  const vr_bouts *b, double rate, size_t k, int32_t *visits, double *mean, double *median)
{
  stay *s;
  if (!(rate > 0)) return vr_fail(VR_EARG, "the sampling rate must be positive");
  VR_TRY(vr_alloc(&s, b->n, sizeof *s));
  for (size_t i = 0; i < b->n; i++) s[i] = (stay){b->label[i], b->frames[i]};
  qsort(s, b->n, sizeof *s, by_label_and_length);
  for (size_t l = 1, i = 0; l <= k; l++) {
    size_t first = i, sum = 0;
    for (; i < b->n && (size_t)s[i].label == l; i++) sum += s[i].frames;
    size_t n = i - first;
    double middle = n ? (double)(s[first + n / 2].frames + s[first + (n - 1) / 2].frames) / 2 : 0;
    if (visits) visits[l - 1] = (int32_t)n;
    if (mean) mean[l - 1] = n ? (double)sum / (double)n / rate : 0;
    if (median) median[l - 1] = middle / rate;
  }
  vr_release(s);
  return 0;
}

void vr_bouts_free(vr_bouts *b)
{
  vr_release(b->first);
  *b = (vr_bouts){0};
}
