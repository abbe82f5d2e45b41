/* plot_ethogram.c -- labels over time, a row for each trial. */
#include "base/err.h"
#include "base/mem.h"
#include "cli/plot.h"
#include <math.h>
#include <string.h>

typedef struct {
  const vr_labels *l;
  const uint32_t *colour;
  const vr_trials *tr;
  size_t *trial, n; // the trials drawn, from the top
  size_t *first, *frames;
  double start, seconds; // the time axis
} plan;

// the most frequent label of frames i .. j - 1, the first of equals; count is all zero again after
static int32_t most_frequent(const int32_t *of, size_t i, size_t j, size_t *count)
{
  int32_t best = of[i];
  for (size_t k = i; k < j; k++)
    if (++count[of[k]] > count[best]) best = of[k];
  for (size_t k = i; k < j; k++) count[of[k]] = 0;
  return best;
}

static int draw(const plan *p, const vr_plot_frame *m, vr_figure *f)
{
  vr_image im = {0};
  size_t *count;
  size_t w = (size_t)(VR_FIGURE_SCALE * (f->w - m->left - m->right));
  size_t h = (size_t)(VR_FIGURE_SCALE * (f->h - m->top - m->bottom));
  VR_TRY(vr_alloc(&count, p->l->k + 1, sizeof *count));
  int code = vr_image_new(&im, w, h);
  for (size_t k = 0; k < p->n && !code; k++) {
    // rows of the picture that belong to this trial, a sixth of them left white
    double top = (double)(p->n - k) * (double)h / (double)p->n, high = (double)h / (double)p->n;
    size_t r0 = (size_t)(top - high + high / 12 + 0.5), r1 = (size_t)(top - high / 12 + 0.5);
    if (r1 <= r0) r1 = r0 + 1;
    for (size_t c = 0; c < w; c++) {
      double per = p->seconds * p->tr->rate / (double)w;
      size_t i = (size_t)((double)c * per), j = (size_t)((double)(c + 1) * per);
      if (i >= p->frames[k]) break;
      if (j <= i) j = i + 1;
      if (j > p->frames[k]) j = p->frames[k];
      int32_t label = most_frequent(p->l->of + p->first[k], i, j, count);
      uint32_t colour = label ? p->colour[label - 1] : VR_NO_COLOUR;
      for (size_t r = r0; r < r1 && r < h; r++) vr_image_set(&im, c, r, colour, label ? 1 : 0.5);
    }
  }
  vr_view box = {p->start, p->start + p->seconds, -0.5, (double)p->n - 0.5};
  if (!code) code = vr_figure_image(f, "BACK", &im, &box);
  vr_image_free(&im);
  vr_release(count);
  return code;
}

// names in the bouts that have room for them
static void write_names(const plan *p, const vr_plot_frame *m, vr_figure *f)
{
  double point = (f->w - m->left - m->right) / p->seconds / p->tr->rate; // points a frame
  double high = (f->h - m->top - m->bottom) / (double)p->n;
  vr_figure_data(f, "NUMBER");
  for (size_t k = 0; k < p->n && high >= 13; k++) {
    const int32_t *of = p->l->of + p->first[k];
    for (size_t i = 0, j; i < p->frames[k]; i = j) {
      for (j = i + 1; j < p->frames[k] && of[j] == of[i]; j++)
        ;
      if (!of[i]) continue;
      const char *name = p->l->name[of[i] - 1];
      if ((double)(j - i) * point < 6.5 * (double)strlen(name) + 5) continue;
      vr_str_addf(
        &f->code, "%.7g\t%zu\t", p->start + (double)(i + j) / 2 / p->tr->rate, p->n - 1 - k);
      vr_figure_field(f, name);
      vr_str_addc(&f->code, '\n');
    }
  }
  vr_figure_data_end(f);
}

static void set_axes(const plan *p, vr_figure *f)
{
  vr_str_addf(&f->code, "set xrange [%.10g:%.10g]\nset yrange [-0.5:%.10g]\nset ytics (", p->start,
    p->start + p->seconds, (double)p->n - 0.5);
  static const size_t steps[] = {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000};
  size_t s = 0;
  while (s + 1 < VR_LEN(steps) && p->n / steps[s] > 24) s++; // about 24 tics at most
  size_t step = steps[s];
  for (size_t k = 0; k < p->n; k += step)
    vr_str_addf(&f->code, "%s'%zu' %zu", k ? ", " : "", p->trial[k], p->n - 1 - k);
  vr_str_add(&f->code, ")\n");
}

static int choose_trials(const vr_trials *tr, const vr_plot_par *par, plan *p)
{
  for (size_t k = 0; k < tr->n; k++) {
    if (par->trial >= 0 && k != (size_t)par->trial) continue;
    VR_TRY(vr_plot_span(par, tr, k, &p->first[p->n], &p->frames[p->n]));
    p->seconds = fmax(p->seconds, (double)p->frames[p->n] / tr->rate);
    p->trial[p->n++] = k;
  }
  p->start = fmax(0, ceil(par->from * tr->rate - 1e-6) / tr->rate);
  if (!p->n) return vr_fail(VR_EARG, "no trial %d: there are %zu, from 0", par->trial, tr->n);
  if (!(p->seconds > 0)) return vr_fail(VR_EARG, "no frames between --from and --to");
  return 0;
}

int vr_plot_ethogram(const vr_turn *t, const vr_plot_par *par, vr_figure *f)
{
  vr_labels l = {0};
  vr_trials tr = {0};
  uint32_t *colour = NULL;
  const char *by = par->colour ? par->colour : vr_plot_default_labels(t);
  plan p = {.l = &l, .tr = &tr};
  if (!by) return vr_fail(VR_EARG, "no labels in this stream: run vr-watershed, or say --color");
  int regions = !strcmp(by, "region");
  int code = vr_get_labels(t, by, &l);
  if (!code) code = vr_get_trials(t, &tr);
  if (!code) code = vr_plot_label_colours(t, by, &l, &colour);
  if (!code) code = vr_alloc(&p.trial, tr.n, 3 * sizeof *p.trial);
  if (!code) {
    p.colour = colour;
    p.first = p.trial + tr.n;
    p.frames = p.first + tr.n;
    code = choose_trials(&tr, par, &p);
  }
  if (!code && !regions) code = vr_plot_legend(f, &l, colour);
  if (!code) {
    vr_plot_frame m = vr_plot_margins(f, 1, l.name, regions ? 0 : l.k);
    vr_plot_set_margins(f, &m);
    set_axes(&p, f);
    if (regions) write_names(&p, &m, f);
    code = draw(&p, &m, f);
  }
  vr_release(p.trial);
  vr_release(colour);
  vr_trials_free(&tr);
  vr_labels_free(&l);
  return code;
}
