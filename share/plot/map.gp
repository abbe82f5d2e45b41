# map.gp -- points of a map in their colours over the outlines of its regions.
# BACK and FRONT are images (density or tints; points), OUTLINE lines, NUMBER the places of numbers;
# LEGEND entries are NAME and COLOUR; BAR is the text of the colour bar; any may be missing.
if (AXES) {
  set xlabel XLABEL noenhanced offset 0,0.5 textcolor rgb INK
  set ylabel YLABEL noenhanced textcolor rgb INK
} else {
  unset border
  unset tics
}
if (BAR ne '') {
  set colorbox user origin RIGHT + 14.0 / WIDTH, BOTTOM size 10.0 / WIDTH, (TOP - BOTTOM) / 2 \
    noborder
  set cbtics nomirror out scale 0.4 textcolor rgb INK
  set cblabel BAR noenhanced textcolor rgb INK
} else {
  unset colorbox
}
if (LEGEND > 0) set key at screen RIGHT + 10.0 / WIDTH, screen TOP left top Left reverse \
  samplen 0.6 spacing 1.25 width -2 noenhanced textcolor rgb INK
back = BACK_FILE ne ''
front = FRONT_FILE ne ''
lines = |$OUTLINE| > 0

plot NaN with lines notitle, \
  for [i=1:back] BACK_FILE binary array=(BACK_W, BACK_H) format='%uchar' origin=(BACK_X, BACK_Y) \
    dx=BACK_DX dy=BACK_DY with rgbalpha notitle, \
  for [i=1:front] FRONT_FILE binary array=(FRONT_W, FRONT_H) format='%uchar' \
    origin=(FRONT_X, FRONT_Y) dx=FRONT_DX dy=FRONT_DY with rgbalpha notitle, \
  for [i=1:lines] $OUTLINE using 1:2 with lines linewidth 0.8 linecolor rgb '#505050' notitle, \
  for [i=1:(BAR ne '')] NaN with lines linecolor palette notitle, \
  for [i=1:lines] $NUMBER using 1:2:(HALO) with circles fillcolor rgb '#50ffffff' \
    fillstyle solid noborder notitle, \
  for [i=1:lines] $NUMBER using 1:2:3 with labels font SMALL textcolor rgb INK notitle, \
  for [i=1:LEGEND] NaN with points pointtype 7 pointsize 0.9 linecolor rgb COLOUR[i] title NAME[i]
