# ablation.gp -- success over the number of units: LEGEND lines of $TRACE (units, share, low, high), named
# NAME in COLOUR, and as many (CONTROLS) of $CONTROL (units, share), broken.
set xlabel XLABEL offset 0,0.5 textcolor rgb INK
set ylabel YLABEL noenhanced textcolor rgb INK
set yrange [-0.03:1.03]
if (LEGEND > 0) set key at screen RIGHT + 10.0 / WIDTH, screen TOP left top Left reverse \
  samplen 0.6 spacing 1.25 width -2 noenhanced textcolor rgb INK
plot NaN with lines notitle, \
  for [i=1:CONTROLS] $CONTROL index i - 1 using 1:2 with lines linewidth 1 dashtype (4, 4) \
    linecolor rgb COLOUR[i] notitle, \
  for [i=1:LEGEND] $TRACE index i - 1 using 1:2:3:4 with yerrorlines linewidth 1.2 pointtype 7 \
    pointsize 0.5 linecolor rgb COLOUR[i] notitle, \
  for [i=1:LEGEND] NaN with points pointtype 5 pointsize 0.9 linecolor rgb COLOUR[i] title NAME[i]
