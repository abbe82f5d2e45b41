# field.gp -- vector fields side by side: arrows $TRACE (place, length, colour), axes $OUTLINE, and what
# stands above and below each panel, $NUMBER.
unset tics
set border 0
set size ratio -1
plot $OUTLINE using 1:2 with lines linewidth 0.6 linecolor rgb '#c8c8c8' notitle, \
  $TRACE using 1:2:3:4:5 with vectors head filled size screen 0.006,20 linewidth 0.9 \
    linecolor rgb variable notitle, \
  $NUMBER using 1:2:3 with labels noenhanced font SMALL textcolor rgb INK notitle
