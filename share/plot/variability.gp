# variability.gp -- the curve $TRACE in the band $OUTLINE; windows by chance, $NUMBER; LEGEND entries. FANO: a
# second panel below, $FACTOR in its interval, and if MATCHED $FACTOR_MATCHED.
lower = FANO ? BOTTOM + (TOP - BOTTOM) / 2 + 15.0 / HEIGHT : BOTTOM
if (FANO) { set multiplot }
set arrow from 0, graph 0 to 0, graph 1 nohead back linewidth 0.8 dashtype 2 linecolor rgb SOFT
set yrange [0:*]
set bmargin at screen lower
if (FANO) { set format x '' } else { set xlabel XLABEL noenhanced offset 0,0.5 textcolor rgb INK }
set ylabel YLABEL offset 1, 0 noenhanced textcolor rgb INK
set key at screen RIGHT + 10.0 / WIDTH, screen TOP left top Left reverse \
  samplen 0.6 spacing 1.25 width -2 noenhanced textcolor rgb INK
null = |$NUMBER| > 0
plot $OUTLINE using 1:2:3 with filledcurves linecolor rgb COLOUR[2] notitle, \
  for [i=1:null] $NUMBER using 1:2 with lines linewidth 1.2 dashtype 3 linecolor rgb COLOUR[3] notitle, \
  for [i=1:null] $NUMBER using 1:3 with lines linewidth 0.8 linecolor rgb COLOUR[4] notitle, \
  $TRACE using 1:2 with lines linewidth 1.6 linecolor rgb COLOUR[1] notitle, \
  NaN with lines linewidth 2.5 linecolor rgb COLOUR[1] title NAME[1], \
  NaN with points pointtype 5 pointsize 1.2 linecolor rgb COLOUR[2] title NAME[2], \
  for [i=1:(LEGEND > 2)] NaN with lines linewidth 1.2 dashtype 3 linecolor rgb COLOUR[3] title NAME[3], \
  for [i=1:(LEGEND > 2)] NaN with lines linewidth 0.8 linecolor rgb COLOUR[4] title NAME[4]
if (FANO) {
  upper = lower - 30.0 / HEIGHT
  unset label 1000
  set tmargin at screen upper
  set bmargin at screen BOTTOM
  set format x '%g'
  set xlabel XLABEL noenhanced offset 0,0.5 textcolor rgb INK
  set ylabel 'Fano factor' offset 1, 0 noenhanced textcolor rgb INK
  set yrange [*<0.9:1.1<*]
  set key at screen RIGHT + 10.0 / WIDTH, screen upper
  plot $FACTOR using 1:3:4 with filledcurves linecolor rgb COLOUR[9] notitle, \
    for [i=1:MATCHED] $FACTOR_MATCHED using 1:3:4 with filledcurves fillstyle transparent solid 0.6 \
      linecolor rgb COLOUR[7] notitle, \
    1 with lines linewidth 0.8 dashtype 3 linecolor rgb COLOUR[8] notitle, \
    $FACTOR using 1:2 with lines linewidth 1.2 linecolor rgb COLOUR[6] notitle, \
    for [i=1:MATCHED] $FACTOR_MATCHED using 1:2 with lines linewidth 1.6 linecolor rgb COLOUR[5] notitle, \
    for [i=1:MATCHED] NaN with lines linewidth 2.5 linecolor rgb COLOUR[5] title NAME[5], \
    NaN with lines linewidth 1.2 linecolor rgb COLOUR[6] title NAME[6], \
    NaN with points pointtype 5 pointsize 1.2 linecolor rgb COLOUR[MATCHED ? 7 : 9] title NAME[7], \
    NaN with lines linewidth 0.8 dashtype 3 linecolor rgb COLOUR[8] title NAME[8]
  unset multiplot
}
