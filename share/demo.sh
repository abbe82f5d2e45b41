#!/bin/sh -eu
# demo.sh BIN -- the main job, from muscles to map: leaves map.h5 and map.svg in this folder.
bin=$1 trials=${TRIALS:-2} seconds=${SECONDS_EACH:-30}
PATH=$(cd "$bin" && pwd):$PATH
export PATH

show() { printf '\n$ %s\n' "$*"; }

line="vr-record rat.policy -n $trials --seconds $seconds | vr-wavelet | vr-tsne | vr-watershed > map.h5"
cat <<EOF

A rat of 38 muscles, driven by a network that sees, in four tasks: $trials trials of $seconds s each. Its
postures, their wavelets, a map of all moments, and the regions of the map:
EOF
show "$line"
rm -f map.h5 map.svg
# a stage that fails sends nothing, so the last one fails too
sh -c "$line"
echo 'A picture of the map, coloured by task:'
show 'vr-plot map -c task -o map.svg map.h5'
vr-plot map -c task -o map.svg map.h5
echo 'What came out, and how it was made:'
show 'vr-stats map.h5'
vr-stats map.h5
show 'vr-history -p map.h5'
vr-history -p map.h5
printf '\nOpen map.svg in a browser; map.h5 in h5py, xarray or MATLAB. man vr tells more.\n'
