#include "io/import_report.h"
#include "base/mem.h"
#include <string.h>

static void add_name(vr_str *t, const char *name)
{
  vr_str_add_escaped(t, name, strlen(name), 60);
}

static void add_list(vr_str *t, char *const *names, size_t n, size_t most)
{
  for (size_t i = 0; i < n && i < most; i++) {
    vr_str_add(t, i ? ", " : "");
    add_name(t, names[i]);
  }
  if (n > most) vr_str_addf(t, " and %zu more", n - most);
}

static double percent(size_t part, size_t whole)
{
  return whole ? 100 * (double)part / (double)whole : 0;
}

static const char *plural(size_t n)
{
  return n == 1 ? "" : "s";
}

void vr_report_points(vr_str *t, char *const *names, const size_t *count, size_t n, size_t most)
{
  size_t *left, shown = 0, others = 0;
  if (vr_alloc(&left, n, sizeof *left)) return;
  memcpy(left, count, n * sizeof *left);
  for (;; shown++) {
    size_t best = 0;
    for (size_t p = 1; p < n; p++)
      if (left[p] > left[best]) best = p;
    if (!left[best] || shown == most) break;
    vr_str_add(t, shown ? ", " : "");
    add_name(t, names[best]);
    vr_str_addf(t, " %zu", left[best]);
    left[best] = 0;
  }
  for (size_t p = 0; p < n; p++) others += left[p] > 0;
  if (others) vr_str_addf(t, " and %zu more points", others);
  vr_release(left);
}

void vr_report_read(vr_str *t, const vr_import *im, const char *units)
{
  const vr_tracks *k = &im->k;
  vr_str_addf(t, "%s: %zu animal%s (", im->kind, k->animals, plural(k->animals));
  add_list(t, k->animal, k->animals, 12);
  vr_str_addf(t, "), %zu points, %zu-D in %s%s, %zu frames", k->points, k->dims,
    strcmp(units, "1") ? units : "units that the file does not tell",
    !strcmp(units, "px") && k->dims == 2 ? " (y down)" : "", k->frames);
  if (k->first != 0) vr_str_addf(t, " from frame %.0f", k->first);
  vr_str_addf(t, " at %.10g Hz (%s), %.6g s", k->rate, im->rate_from, (double)k->frames / k->rate);
  if (im->axes[0]) vr_str_addf(t, ", axes %s", im->axes);
  vr_str_addc(t, '\n');
  if (im->added)
    vr_str_addf(
      t, "frame numbers jump: %zu frames that are not in the file are missing\n", im->added);
  if (im->torn) vr_str_addf(t, "%zu points lack one coordinate: taken as missing\n", im->torn);
  size_t *count, missing = 0;
  if (vr_alloc(&count, k->points, sizeof *count)) return;
  for (size_t f = 0; f < k->frames; f++)
    for (size_t a = 0; a < k->animals; a++)
      for (size_t p = 0; p < k->points; p++)
        if (!vr_seen(k, f, a, p)) count[p]++, missing++;
  vr_str_addf(
    t, "missing: %.3g %% of all points", percent(missing, k->frames * k->animals * k->points));
  if (missing) vr_str_add(t, ", in frames: ");
  vr_report_points(t, k->point, count, k->points, 8);
  vr_str_add(t, k->conf ? "\n" : "; no confidence in the file\n");
  vr_release(count);
}

void vr_report_cover(vr_str *t, const vr_tracks *k)
{
  size_t gaps = 0, start = t->n;
  vr_str_add(t, "tracks are seen in a share of the frames: ");
  for (size_t a = 0; a < k->animals; a++) {
    size_t covered = 0;
    for (size_t f = 0; f < k->frames; f++) {
      size_t p = 0;
      while (p < k->points && !vr_seen(k, f, a, p)) p++;
      covered += p < k->points;
    }
    gaps += covered < k->frames;
    if (a == 40) vr_str_addf(t, " and %zu more", k->animals - a);
    if (a >= 40) continue;
    vr_str_add(t, a ? ", " : "");
    add_name(t, k->animal[a]);
    vr_str_addf(t, " %.3g %%", percent(covered, k->frames));
  }
  vr_str_add(t, " (--animals N keeps the longest)\n");
  if (k->animals < 2 || !gaps) t->n = start, t->s[start] = 0;
}

void vr_report_tracks(vr_str *t, char *const *tracks, size_t n, char *const *animals,
  const vr_track_fate *fate, size_t frames)
{
  for (size_t a = 0; a < n; a++) {
    vr_str_add(t, "track ");
    add_name(t, tracks[a]);
    vr_str_addf(t, ", seen in %.3g %% of the frames: ", percent(fate[a].covered, frames));
    if (fate[a].into == SIZE_MAX) {
      vr_str_add(t, "left out\n");
    } else if (strcmp(tracks[a], animals[fate[a].into])) {
      vr_str_add(t, "joined to ");
      add_name(t, animals[fate[a].into]);
      vr_str_addc(t, '\n');
    } else {
      vr_str_add(t, "kept\n");
    }
  }
}

void vr_report_confident(vr_str *t, const vr_tracks *k, double least, const size_t *count)
{
  size_t sum = 0;
  for (size_t p = 0; p < k->points; p++) sum += count[p];
  vr_str_addf(t, "confidence below %g: %zu points (%.3g %%) become missing%s", least, sum,
    percent(sum, k->frames * k->animals * k->points), sum ? ": " : "");
  vr_report_points(t, k->point, count, k->points, 8);
  vr_str_addc(t, '\n');
}

void vr_report_spikes(vr_str *t, const vr_tracks *k, double times, int removed, const size_t *count)
{
  size_t sum = 0;
  for (size_t p = 0; p < k->points; p++) sum += count[p];
  if (!sum) return;
  vr_str_addf(t, "%zu points jump for a frame, more than %g times the usual%s: ", sum, times,
    removed ? ", and become missing" : " (quick steps, or spikes of the tracker: --spikes)");
  vr_report_points(t, k->point, count, k->points, 8);
  vr_str_addc(t, '\n');
}

void vr_report_fill(
  vr_str *t, const vr_tracks *k, const char *how, int drop, const vr_fill_count *count)
{
  size_t filled = 0, missing = 0, longest = 0, *n;
  if (vr_alloc(&n, k->points, sizeof *n)) return;
  for (size_t p = 0; p < k->points; p++) {
    filled += n[p] = count[p].filled;
    missing += count[p].missing;
    if (count[p].longest > longest) longest = count[p].longest;
  }
  if (strcmp(how, "none")) {
    vr_str_addf(
      t, "filled (%s): %zu of %zu missing points%s", how, filled, missing, filled ? ": " : "");
    vr_report_points(t, k->point, n, k->points, 8);
    vr_str_addc(t, '\n');
  }
  if (missing > filled) {
    vr_str_addf(t, "still missing: %zu points, the longest gap %.4g s: ", missing - filled,
      (double)longest / k->rate);
    for (size_t p = 0; p < k->points; p++) n[p] = count[p].missing - count[p].filled;
    vr_report_points(t, k->point, n, k->points, 8);
    vr_str_add(t, drop ? "\n" : " (analyses refuse them: see --fill, --drop and --without)\n");
  }
  vr_release(n);
}

void vr_report_trials(vr_str *t, const vr_tracks *k, const vr_stretches *s, double min_s)
{
  size_t all = k->frames * k->animals, kept = 0;
  for (size_t i = 0; i < s->n; i++) kept += s->list[i].frames;
  vr_str_addf(t, "%zu trial%s, %.6g s", s->n, plural(s->n), (double)kept / k->rate);
  if (s->gap_frames || s->short_frames)
    vr_str_addf(t,
      "; left out: %zu frames with missing points and %zu in %zu stretches below %g s "
      "(%.3g %% of all)",
      s->gap_frames, s->short_frames, s->short_stretches, min_s,
      percent(s->gap_frames + s->short_frames, all));
  vr_str_addc(t, '\n');
  for (size_t a = 0; a < k->animals; a++) {
    size_t i = 0;
    while (i < s->n && s->list[i].animal != a) i++;
    if (i < s->n) continue;
    vr_str_add(t, "nothing is left of animal ");
    add_name(t, k->animal[a]);
    vr_str_addc(t, '\n');
  }
}
