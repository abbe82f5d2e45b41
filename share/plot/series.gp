# series.gp -- columns over the time of one trial: TRACES lines of $TRACE in COLOUR, or the image BACK
# with the colour bar BAR; SCALES bars at the right (SCALE_Y, SCALE_H, SCALE_TEXT).
set xlabel 'time (s)' offset 0,0.5 textcolor rgb INK
if (YLABEL ne '') set ylabel YLABEL noenhanced textcolor rgb INK
if (BAR ne '') {
  set colorbox user origin RIGHT + 14.0 / WIDTH, BOTTOM size 10.0 / WIDTH, (TOP - BOTTOM) / 2 \
    noborder
  set cbtics nomirror out scale 0.4 textcolor rgb INK
  set cblabel BAR noenhanced textcolor rgb INK
} else {
  unset colorbox
}
if (TRACES > 1) {
  set border 1
  set ytics scale 0
}
x = RIGHT + 12.0 / WIDTH
do for [i=1:SCALES] {
  set arrow from screen x, first SCALE_Y[i] - SCALE_H[i] / 2 to screen x, \
    first SCALE_Y[i] + SCALE_H[i] / 2 nohead linewidth 1.5 linecolor rgb INK
  set label SCALE_TEXT[i] at screen x + 6.0 / WIDTH, first SCALE_Y[i] left noenhanced \
    textcolor rgb INK
}
back = BACK_FILE ne ''
plot NaN with lines notitle, \
  for [i=1:back] BACK_FILE binary array=(BACK_W, BACK_H) format='%uchar' origin=(BACK_X, BACK_Y) \
    dx=BACK_DX dy=BACK_DY with rgbalpha notitle, \
  for [i=1:(BAR ne '')] NaN with lines linecolor palette notitle, \
  for [i=1:TRACES] $TRACE index i - 1 using 1:2 with lines linewidth 0.8 \
    linecolor rgb COLOUR[i] notitle
