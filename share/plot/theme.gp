# theme.gp -- looks that all kinds of pictures share.  WIDTH and HEIGHT are points, TITLE is a
# text, POINT the unit of the terminal's fonts in points.
INK = '#222222'
SOFT = '#7a7a7a'
SMALL = sprintf(',%g', 9 * POINT)
set datafile separator "\t"
set datafile missing 'NaN'
set border 3 linewidth 0.75 linecolor rgb SOFT
set tics nomirror out scale 0.5,0.3 textcolor rgb INK
set xtics offset 0,0.2
set key off
set style fill solid 1 noborder
if (TITLE ne '') set label 1000 TITLE at graph 0, screen 1 - 24.0 / HEIGHT left noenhanced \
  font sprintf(',%g', 14 * POINT) textcolor rgb INK

# What a picture may lack: images, a legend, a colour bar, data.
BACK_FILE = ''; BACK_W = 1; BACK_H = 1; BACK_X = 0; BACK_Y = 0; BACK_DX = 1; BACK_DY = 1
FRONT_FILE = ''; FRONT_W = 1; FRONT_H = 1; FRONT_X = 0; FRONT_Y = 0; FRONT_DX = 1; FRONT_DY = 1
BAR = ''
LEGEND = 0
array NAME[1] = ['']
array COLOUR[1] = ['#000000']
$OUTLINE << END_OF_DATA
END_OF_DATA
$NUMBER << END_OF_DATA
END_OF_DATA
$TRACE << END_OF_DATA
END_OF_DATA
$PEAK << END_OF_DATA
END_OF_DATA
