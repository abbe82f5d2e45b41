/* gnuplot.h -- a figure drawn by gnuplot.
 *
 * Code and looks are in share/plot/KIND.gp; a program defines variables, data blocks and images for
 * them. Names and numbers that come from files only ever stand in quoted strings and in data blocks,
 * never in code, and gnuplot's markup is off. */
#ifndef VR_CLI_GNUPLOT_H
#define VR_CLI_GNUPLOT_H
#include "ana/picture.h"
#include "base/str.h"
#include "io/image.h"
#include <stdio.h>

typedef enum { VR_SVG, VR_PNG, VR_PDF } vr_figure_format;

enum { VR_FIGURE_IMAGES = 4, VR_FIGURE_SCALE = 2 };

/* Zero-initialise; set the first four; vr_figure_free. */
typedef struct {
  vr_figure_format format;
  double w, h;       /* points: 1/96 inch on paper, two pixels in a PNG */
  const char *title; /* NULL: none */
  vr_str code;       /* definitions, in gnuplot's language */
  vr_spool image[VR_FIGURE_IMAGES];
  size_t images;
} vr_figure;

/* NAME = x, NAME = 'text' (quoted, control characters made visible). */
void vr_figure_number(vr_figure *f, const char *name, double x);
void vr_figure_text(vr_figure *f, const char *name, const char *text);
/* 'text' as it may stand in code. */
void vr_figure_quote(vr_figure *f, const char *text);
/* array NAME[n] of texts, of colours (as '#rrggbb'). n = 0: an array of one empty text. */
void vr_figure_texts(vr_figure *f, const char *name, char *const *text, size_t n);
void vr_figure_colours(vr_figure *f, const char *name, const uint32_t *colour, size_t n);
/* Opens and closes $NAME, a block of lines of numbers and tab-separated text. An empty block gets
 * one line "NaN NaN NaN NaN". */
void vr_figure_data(vr_figure *f, const char *name);
void vr_figure_data_end(vr_figure *f);
/* Text as one field of such a line. */
void vr_figure_field(vr_figure *f, const char *text);
/* The variables NAME_FILE, _W, _H, _X, _Y, _DX, _DY of an image that covers box. */
int vr_figure_image(vr_figure *f, const char *name, const vr_image *im, const vr_view *box);
/* A colour bar: PALETTE colours from `low` to `high`; the colour at height s is that of s^power. */
void vr_figure_ramp(vr_figure *f, vr_ramp ramp, double low, double high, double power);

/* Draws share/plot/KIND.gp to `out`. VR_EIO: gnuplot is missing or failed (with its own words). */
int vr_figure_draw(vr_figure *f, const char *kind, FILE *out);
void vr_figure_free(vr_figure *f);

#endif
