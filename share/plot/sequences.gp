# sequences.gp -- sequences of groups in the order of groups: the image BACK with the colour bar BAR, names and their
# angle in $NAME_AT, the event in $OUTLINE, numbers in their colour in $NUMBER.
unset border
unset tics
set clip two
set xlabel XLABEL noenhanced offset 0,-0.2 textcolor rgb INK
set label 2 YLABEL at screen 16.0 / WIDTH, screen (TOP + BOTTOM) / 2 rotate center noenhanced textcolor rgb INK
set colorbox user origin RIGHT + 14.0 / WIDTH, BOTTOM size 10.0 / WIDTH, (TOP - BOTTOM) / 2 noborder
set cbtics nomirror out scale 0.4 textcolor rgb INK
set cblabel BAR noenhanced textcolor rgb INK
plot NaN with lines notitle, \
  BACK_FILE binary array=(BACK_W, BACK_H) format='%uchar' origin=(BACK_X, BACK_Y) dx=BACK_DX \
    dy=BACK_DY with rgbalpha notitle, \
  $OUTLINE using 1:2 with lines linewidth 1 dashtype 2 linecolor rgb 'white' notitle, \
  NaN with lines linecolor palette notitle, \
  $NAME_AT using 1:2:4:3 with labels rotate variable center noenhanced textcolor rgb INK notitle, \
  $NUMBER using 1:2:4:3 with labels noenhanced font SMALL textcolor rgb variable notitle
