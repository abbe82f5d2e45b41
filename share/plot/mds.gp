# mds.gp -- points of $TRACE in their colours, names of $NUMBER, LEGEND entries, a line YLABEL below.
unset tics
set border 0
set label 1 YLABEL at graph 0, screen 16.0 / HEIGHT left noenhanced font SMALL textcolor rgb SOFT
if (LEGEND > 0) set key at screen RIGHT + 10.0 / WIDTH, screen TOP left top Left reverse \
  samplen 0.6 spacing 1.25 width -2 noenhanced textcolor rgb INK
plot $TRACE using 1:2:3 with points pointtype 7 pointsize SIZE linecolor rgb variable notitle, \
  $NUMBER using 1:2:3 with labels noenhanced font SMALL offset 0.6,0.5 left textcolor rgb INK notitle, \
  for [i=1:LEGEND] NaN with points pointtype 7 pointsize 0.9 linecolor rgb COLOUR[i] title NAME[i]
