# rsm.gp -- matrices side by side: the image BACK, their names in $NAME_AT, what stands in their cells in $NUMBER
# (x, y, colour, text).
unset border
unset tics
plot NaN with lines notitle, \
  BACK_FILE binary array=(BACK_W, BACK_H) format='%uchar' origin=(BACK_X, BACK_Y) dx=BACK_DX \
    dy=BACK_DY with rgbalpha notitle, \
  $NAME_AT using 1:2:3 with labels left noenhanced textcolor rgb INK notitle, \
  $NUMBER using 1:2:4:3 with labels noenhanced font SMALL textcolor rgb variable notitle
