# sequence.gp -- units by time: the image BACK with the colour bar BAR; a line where the event is.
set xlabel XLABEL noenhanced offset 0,0.5 textcolor rgb INK
set ylabel YLABEL noenhanced textcolor rgb INK
set colorbox user origin RIGHT + 14.0 / WIDTH, BOTTOM size 10.0 / WIDTH, (TOP - BOTTOM) / 2 noborder
set cbtics nomirror out scale 0.4 textcolor rgb INK
set cblabel BAR noenhanced textcolor rgb INK
set arrow from 0, graph 0 to 0, graph 1 nohead front linewidth 1 dashtype 2 linecolor rgb 'white'
plot BACK_FILE binary array=(BACK_W, BACK_H) format='%uchar' origin=(BACK_X, BACK_Y) dx=BACK_DX \
    dy=BACK_DY with rgbalpha notitle, \
  NaN with lines linecolor palette notitle
