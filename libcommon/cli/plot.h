/* plot.h -- the kinds of pictures of vr-plot: from a turn to a figure that gnuplot can draw. */
#ifndef VR_CLI_PLOT_H
#define VR_CLI_PLOT_H
#include "cli/gnuplot.h"
#include "io/labels.h"
#include "io/stream.h"

typedef struct {
  const char *colour; /* task, event, region, density, /path[:column]...; NULL: what there is */
  int trial;          /* -1: all, or the first for series */
  double from, to;    /* s of the trial; to <= from: to its end */
  int plain;          /* map: no outlines and numbers */
} vr_plot_par;
#define VR_PLOT_DEFAULTS                                                                           \
  {                                                                                                \
    .trial = -1                                                                                    \
  }

/* Each fills f (whose size is set) for share/plot/KIND.gp. Datasets are "/path" or
 * "/path:column,column". 0 or an error; f is the caller's. */
int vr_plot_map(const vr_turn *t, const char *data, const vr_plot_par *par, vr_figure *f);
int vr_plot_series(
  const vr_turn *t, const char *const *data, size_t n, const vr_plot_par *par, vr_figure *f);
int vr_plot_ethogram(const vr_turn *t, const vr_plot_par *par, vr_figure *f);
/* What vr-psd and vr-mds made of the datasets `data` (n = 0: all spectra; the first embedding). */
int vr_plot_psd(
  const vr_turn *t, const char *const *data, size_t n, const vr_plot_par *par, vr_figure *f);
int vr_plot_mds(
  const vr_turn *t, const char *const *data, size_t n, const vr_plot_par *par, vr_figure *f);
/* What vr-cka found, `data` (n = 0 or 1) being /cka/value or /cka/debiased: bars of layers by features,
 * and of layers in two tasks, for cka.gp; matrices of layers; matrices of clusters (par->colour names
 * the labels), both for rsm.gp. */
int vr_plot_cka(
  const vr_turn *t, const char *const *data, size_t n, const vr_plot_par *par, vr_figure *f);
int vr_plot_cka_tasks(
  const vr_turn *t, const char *const *data, size_t n, const vr_plot_par *par, vr_figure *f);
int vr_plot_cka_layers(
  const vr_turn *t, const char *const *data, size_t n, const vr_plot_par *par, vr_figure *f);
int vr_plot_rsm(
  const vr_turn *t, const char *const *data, size_t n, const vr_plot_par *par, vr_figure *f);

/* What vr-jpca and vr-align made of data[0] (n = 0: of the first dataset): the fields of its planes,
 * the units in their order, those of all groups of windows in the order of each, the means of groups of windows (also of units by name: "/path:unit,unit"), the
 * spread over windows. */
int vr_plot_field(
  const vr_turn *t, const char *const *data, size_t n, const vr_plot_par *par, vr_figure *f);
int vr_plot_sequence(
  const vr_turn *t, const char *const *data, size_t n, const vr_plot_par *par, vr_figure *f);
int vr_plot_sequences(
  const vr_turn *t, const char *const *data, size_t n, const vr_plot_par *par, vr_figure *f);
int vr_plot_groups(
  const vr_turn *t, const char *const *data, size_t n, const vr_plot_par *par, vr_figure *f);
int vr_plot_variability(
  const vr_turn *t, const char *const *data, size_t n, const vr_plot_par *par, vr_figure *f);

/* Curves from the lines of metrics in a file of vr-train ("-": standard input). every > 0: while lines
 * still come, pictures of those so far go to the file `out`, every so many seconds, by rename; the end
 * of a pipe is the end, and so is SIGINT or SIGTERM. VR_EDATA: there are no lines. */
int vr_plot_train(const char *path, double every, const char *out, vr_figure *f);

/* What vr-ablate has found; an untrained network is called so. */
int vr_plot_ablation(
  const vr_turn *t, const char *const *data, size_t n, const vr_plot_par *par, vr_figure *f);

/* -- what the kinds share -- */

/* Margins of the drawing area in points. */
typedef struct {
  double left, right, top, bottom;
} vr_plot_frame;
/* The usual margins: room for a title, axes and a legend of names (n = 0: none), and the code that
 * sets them. */
vr_plot_frame vr_plot_margins(vr_figure *f, int axes, char *const *names, size_t n);
void vr_plot_set_margins(vr_figure *f, const vr_plot_frame *m);

/* The greatest of 1, 2 and 5 times a power of ten up to x > 0: from one tic to the next. */
double vr_plot_nice(double x);

/* Entries of a legend: names of labels that occur, with their colours; "none" last if `none`. */
int vr_plot_legend(vr_figure *f, const vr_labels *l, const uint32_t *colour);
enum { VR_LEGEND_MAX = 24 };

/* Colours of labels 1 .. l->k: regions so that neighbours differ, else the palette. The caller
 * frees *colour with vr_release. */
int vr_plot_label_colours(
  const vr_turn *t, const char *what, const vr_labels *l, uint32_t **colour);
/* What colours the frames when the user does not say: region, task, or NULL. */
const char *vr_plot_default_labels(const vr_turn *t);
/* 1: labels of frames (words, whole numbers); 0: a column of numbers. */
int vr_plot_is_labels(const vr_turn *t, const char *what);

/* Splits "/path:a,b" into the path and the places of these columns of `names` (none: all columns,
 * *n of them). The caller frees *path and *column with vr_release. */
int vr_plot_columns(const vr_turn *t, const char *data, char **path, size_t **column, size_t *n);

/* The frames to draw of trial k: *first (row) and *frames, after par->from and par->to. */
int vr_plot_span(
  const vr_plot_par *par, const vr_trials *tr, size_t k, size_t *first, size_t *frames);

/* The dataset of which group/DATASET/member is a result of `tool`: `data`, with or without the group, or,
 * NULL, the first that there is. The caller frees *path with vr_release. */
int vr_plot_result(const vr_turn *t, const char *group, const char *member, const char *tool,
  const char *data, char **path);

#endif
