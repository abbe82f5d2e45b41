# train.gp -- four panels of curves over frames: lines FIRST[p] + 1 .. FIRST[p + 1] of $TRACE in panel p,
# with their NAME and COLOUR, under PANEL[p].
set multiplot
set format x '%.0s%c'
unset label 1000
if (TITLE ne '') set label 1000 TITLE at screen 24.0 / WIDTH, screen 1 - 18.0 / HEIGHT left noenhanced \
  font sprintf(',%g', 14 * POINT) textcolor rgb INK
head = TITLE ne '' ? 30.0 / HEIGHT : 0
do for [p=1:4] {
  column = (p - 1) % 2
  row = (p - 1) / 2
  set lmargin at screen 0.5 * column + 58.0 / WIDTH
  set rmargin at screen 0.5 * (column + 1) - 16.0 / WIDTH
  set tmargin at screen (1 - head) * (2 - row) / 2 - 30.0 / HEIGHT
  set bmargin at screen (1 - head) * (1 - row) / 2 + 46.0 / HEIGHT
  if (p == 2) { unset label 1000 }
  set title PANEL[p] noenhanced font SMALL textcolor rgb INK offset 0,-0.4
  if (row == 1) { set xlabel 'frames' offset 0,0.5 textcolor rgb INK } else { unset xlabel }
  if (LOGARITHMIC[p]) { set logscale y; set format y '%.0s%c' } else { unset logscale y; set format y '%g' }
  if (p == 3) { set format y '%g' }
  set yrange [*:*]
  if (p == 2) { set yrange [0:1.02] }
  set key on opaque bottom right Left reverse samplen 1.2 noenhanced font SMALL textcolor rgb INK
  plot NaN with lines notitle, \
    for [i=FIRST[p] + 1:FIRST[p + 1]] $TRACE index i - 1 using 1:2 with lines linewidth 1.2 \
      linecolor rgb COLOUR[i] title NAME[i]
}
unset multiplot
