# psd.gp -- power spectra: TRACES curves of $TRACE in COLOUR, the background $OUTLINE of a single one,
# and $PEAK: frequency, power, point type, colour, text.
set logscale xy
set format y '%g'
set xtics (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
set mytics 10
set grid xtics ytics linewidth 0.4 linecolor rgb '#e4e4e4'
set xlabel 'frequency (Hz)' offset 0,0.5 textcolor rgb INK
set ylabel YLABEL noenhanced textcolor rgb INK
if (LEGEND > 0) set key at screen RIGHT + 10.0 / WIDTH, screen TOP left top Left reverse \
  samplen 0.6 spacing 1.25 width -2 noenhanced textcolor rgb INK
lines = |$OUTLINE| > 0
plot for [i=1:lines] $OUTLINE using 1:2 with lines linewidth 0.8 dashtype 3 linecolor rgb SOFT notitle, \
  for [i=1:TRACES] $TRACE index i - 1 using 1:2 with lines linewidth 1.4 \
    linecolor rgb COLOUR[i] notitle, \
  $PEAK using 1:2:3:4 with points pointtype variable pointsize 0.7 linecolor rgb variable notitle, \
  $PEAK using 1:2:5 with labels noenhanced font SMALL offset 0,0.9 textcolor rgb INK notitle, \
  for [i=1:LEGEND] NaN with lines linewidth 2.5 linecolor rgb COLOUR[i] title NAME[i]
