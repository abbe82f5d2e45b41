# ethogram.gp -- labels over time, a row for each trial: the image BACK, names in $NUMBER, or a LEGEND of
# NAME and COLOUR.
set xlabel 'time (s)' offset 0,0.5 textcolor rgb INK
set ylabel 'trial' textcolor rgb INK
set border 1
set ytics scale 0
if (LEGEND > 0) set key at screen RIGHT + 10.0 / WIDTH, screen TOP left top Left reverse \
  samplen 0.6 spacing 1.25 width -2 noenhanced textcolor rgb INK

names = |$NUMBER| > 0
plot NaN with lines notitle, \
  BACK_FILE binary array=(BACK_W, BACK_H) format='%uchar' origin=(BACK_X, BACK_Y) dx=BACK_DX \
    dy=BACK_DY with rgbalpha notitle, \
  for [i=1:names] $NUMBER using 1:2:3 with labels noenhanced font SMALL textcolor rgb 'white' \
    notitle, \
  for [i=1:LEGEND] NaN with points pointtype 5 pointsize 0.9 linecolor rgb COLOUR[i] title NAME[i]
