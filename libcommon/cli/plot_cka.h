/* plot_cka.h -- inside of vr_plot_cka: the table of vr-cka, and panels of matrices. */
#ifndef VR_CLI_PLOT_CKA_H
#define VR_CLI_PLOT_CKA_H
#include "cli/plot.h"

enum { VR_PLOT_PANELS = 128 };

/* Square matrices to draw. Zero-initialise; the titles belong to others. */
typedef struct {
  size_t n, across;
  vr_mat panel[VR_PLOT_PANELS]; /* NaN: nothing known */
  const char *title[VR_PLOT_PANELS];
  double low, high;   /* what the colours span; equal: each panel by itself */
  const char **names; /* write numbers into the cells, and these into the diagonal; NULL: nothing */
  double side;        /* points */
} vr_plot_panels;

/* Fills f for share/plot/rsm.gp. */
int vr_plot_draw_panels(vr_plot_panels *p, vr_figure *f);
void vr_plot_panels_free(vr_plot_panels *p);

#endif
