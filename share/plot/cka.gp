# cka.gp -- groups of bars: $BAR has a block for each series (x, height, width, mark), NAME and COLOUR
# name them; the mark is the 95 % of the null that MARK names.
set ylabel YLABEL offset 1, 0 noenhanced textcolor rgb INK
set border 3
set xtics scale 0 rotate by -20 left
set xzeroaxis linecolor rgb SOFT linewidth 0.75
set key at screen RIGHT + 10.0 / WIDTH, screen TOP left top Left reverse \
  samplen 0.6 spacing 1.25 width -2 noenhanced textcolor rgb INK
plot NaN with lines notitle, \
  for [i=1:LEGEND] $BAR index i - 1 using 1:2:3 with boxes fillcolor rgb COLOUR[i] notitle, \
  for [i=1:LEGEND] $BAR index i - 1 using ($1 - $3 / 2):4:3:(0) with vectors nohead linewidth 1.5 \
    linecolor rgb INK notitle, \
  for [i=1:LEGEND] NaN with points pointtype 5 pointsize 0.9 linecolor rgb COLOUR[i] title NAME[i], \
  NaN with lines linewidth 1.5 linecolor rgb INK title MARK
