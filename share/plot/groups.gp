# groups.gp -- a panel a unit, ACROSS in a row, with a line and a band for each group: block (p - 1) LEGEND + k - 1
# of $TRACE in panel p, under PANEL[p]; XLABEL and YLABEL once, NOTE beside them.
set multiplot
down = (PANELS + ACROSS - 1) / ACROSS
width = (RIGHT - LEFT) / ACROSS
height = (TOP - BOTTOM) / down
set style fill transparent solid 0.25 noborder
set arrow from 0, graph 0 to 0, graph 1 nohead back linewidth 0.8 dashtype 2 linecolor rgb SOFT
do for [p=1:PANELS] {
  column = (p - 1) % ACROSS
  row = (p - 1) / ACROSS
  lowest = p + ACROSS > PANELS
  set lmargin at screen LEFT + column * width
  set rmargin at screen LEFT + (column + 1) * width - 22.0 / WIDTH
  set tmargin at screen TOP - row * height - (row > 0 ? 22.0 / HEIGHT : 0)
  set bmargin at screen TOP - (row + 1) * height + (row < down - 1 ? 6.0 / HEIGHT : 0)
  set label 1 PANEL[p] at graph 0, graph 1 offset 0.3, 0.6 left noenhanced font SMALL textcolor rgb INK
  if (lowest) { set format x '%g' } else { set format x '' }
  if (column == 0) { set format y '%g' } else { set format y '' }
  if (p == 1) {
    set key at screen RIGHT + 10.0 / WIDTH, screen TOP left top Left reverse samplen 0.6 spacing 1.25 width -2 \
      noenhanced textcolor rgb INK
    set label 2 YLABEL at screen 14.0 / WIDTH, screen (TOP + BOTTOM) / 2 rotate center noenhanced textcolor rgb INK
    set label 3 XLABEL at screen (LEFT + RIGHT) / 2, screen 14.0 / HEIGHT center noenhanced textcolor rgb INK
    set label 4 NOTE at screen RIGHT + 10.0 / WIDTH, screen 14.0 / HEIGHT left noenhanced font SMALL textcolor rgb SOFT
  } else {
    set key off
    unset label 2; unset label 3; unset label 4; unset label 1000
  }
  plot for [k=1:LEGEND] $TRACE index (p - 1) * LEGEND + k - 1 using 1:3:4 with filledcurves linecolor rgb COLOUR[k] notitle, \
    for [k=1:LEGEND] $TRACE index (p - 1) * LEGEND + k - 1 using 1:2 with lines linewidth 1.4 linecolor rgb COLOUR[k] notitle, \
    for [k=1:LEGEND] NaN with lines linewidth 2.5 linecolor rgb COLOUR[k] title (p == 1 ? NAME[k] : '')
}
unset multiplot
