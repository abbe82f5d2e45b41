/* import_choose.c -- which points and animals of a tracking stay, and which points are missing. */
#include "ana/names.h"
#include "ana/spikes.h"
#include "base/err.h"
#include "base/mem.h"
#include "io/import_report.h"

int vr_import_points(vr_tracks *k, const char *points, const char *without, vr_str *said)
{
  size_t *list = NULL, n = 0, *kept, nkept = 0;
  if (!points && !without) return 0;
  VR_TRY(vr_names_pick(k->point, k->points, points ? points : without, ",", &list, &n));
  int bad = vr_alloc(&kept, k->points, sizeof *kept);
  if (!bad) vr_str_add(said, "points left out:");
  for (size_t p = 0; p < k->points && !bad; p++) {
    size_t i = 0;
    while (i < n && list[i] != p) i++;
    if ((i < n) == (points == NULL))
      vr_str_addf(said, " %s", k->point[p]);
    else
      kept[nkept++] = p;
  }
  if (!bad) vr_str_addc(said, '\n');
  if (!bad) bad = points ? vr_tracks_points(k, list, n) : vr_tracks_points(k, kept, nkept);
  if (!bad) bad = vr_names_check(k->point, k->points, "point");
  vr_release(list);
  vr_release(kept);
  return bad;
}

int vr_import_animals(vr_tracks *k, size_t n, int merge, vr_str *said)
{
  vr_track_fate *fate;
  char **tracks = NULL;
  size_t had = k->animals;
  if (n > had) vr_str_addf(said, "only %zu tracks for %zu animals\n", had, n);
  VR_TRY(vr_alloc(&fate, had, sizeof *fate));
  int bad = vr_names_copy(k->animal, had, &tracks);
  if (!bad) bad = vr_tracks_animals(k, n, merge, fate);
  if (!bad) vr_report_tracks(said, tracks, had, k->animal, fate, k->frames);
  vr_release(fate);
  vr_release(tracks);
  return bad;
}

int vr_import_clean(vr_tracks *k, const vr_clean_par *par, uint8_t **mask, vr_str *said)
{
  enum { TOLD = 20 }; // jumps of so many times the usual are told
  static const char *const words[] = {"none", "linear", "hold", "pchip"};
  double times = par->spikes > 0 ? par->spikes : TOLD;
  size_t *low;
  vr_fill_count *count = NULL;
  VR_TRY(vr_alloc(&low, k->points, sizeof *low));
  int bad = vr_alloc(&count, k->points, sizeof *count);
  if (par->confidence > 0 && !k->conf)
    vr_str_add(said, "there is no confidence in the file: --confidence does nothing\n");
  if (!bad && par->confidence > 0 && k->conf) {
    vr_tracks_confident(k, par->confidence, low);
    vr_report_confident(said, k, par->confidence, low);
  }
  if (!bad) bad = vr_spikes(k, times, par->spikes > 0, low);
  if (!bad) vr_report_spikes(said, k, times, par->spikes > 0, low);
  if (!bad && par->fill.how != VR_FILL_NONE)
    bad = vr_alloc(mask, k->frames * k->animals * k->points, 1);
  if (!bad) bad = vr_fill(k, &par->fill, *mask, count);
  if (!bad) vr_report_fill(said, k, words[par->fill.how], par->drop, count);
  vr_release(low);
  vr_release(count);
  return bad;
}
