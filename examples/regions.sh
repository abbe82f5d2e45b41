#!/bin/sh -eu
# regions.sh FILE ... -- map of tracked animals, and what its regions are: writes map.h5, and map.svg
# where there is gnuplot; prints a line a region: its share of the time, how long a bout lasts, and
# the mean speed, turning and length (nose to tail) in it. For planar tracking.
#
#   RATE=30 IMPORT='--confidence 0.6' examples/regions.sh mice.csv
#
# A recording of minutes holds each behaviour a few times only, and frames of one bout are each
# other's neighbours. So every EVERY-th frame makes the map and the others are placed into it, by
# the logarithm of the amplitudes in all bands: a map of behaviours, not of bouts.
: "${RATE:?frame rate in Hz}" "${EVERY:=6}" "${IMPORT:=}" "${REGIONS:=20}"

# shellcheck disable=SC2086 # IMPORT holds several words
vr-import --rate "$RATE" --by-length --fill linear --max-gap 0.25 --drop $IMPORT "$@" |
  vr-wavelet -q --log --floor 0.001 | vr-cat -q |
  vr-tsne -q --every "$EVERY" -i /kinematics/slow -i /kinematics/intermediate -i /kinematics/fast |
  vr-watershed -q --regions "$REGIONS" > map.h5

vr-dump -H -T -i /label/region -i /pose/root_speeds -i /pose/positions map.h5 | awk -v rate="$RATE" '
  {
    r = $2; all++; frames[r]++
    if (r != last || $1 != trial) bouts[r]++
    last = r; trial = $1
    low = high = $9
    for (c = 9; c <= NF; c += 2) { if ($c < low) low = $c; if ($c > high) high = $c }
    speed[r] += sqrt($3 ^ 2 + $4 ^ 2)
    turn[r] += sqrt($8 ^ 2)
    size[r] += high - low
  }
  END {
    print "region\tshare\tbout_s\tspeed\tturn\tlength"
    for (r = 1; r in frames; r++)
      printf "%d\t%.3f\t%.2f\t%.4g\t%.3g\t%.3g\n", r, frames[r] / all, frames[r] / bouts[r] / rate,
        speed[r] / frames[r], turn[r] / frames[r], size[r] / frames[r]
  }'
if command -v gnuplot > /dev/null && command -v vr-plot > /dev/null; then vr-plot map map.h5 > map.svg; fi
