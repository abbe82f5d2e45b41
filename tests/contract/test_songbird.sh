#!/bin/bash
# test_songbird.sh -- a real population ($VR_DATA: HVC of a singing zebra finch) from spikes to rotations and
# sequences: they must be there, and be gone when each cell is moved in time by itself.
set -u
cd "${0%/*}/../.." || exit 1
. tests/lib.sh
real neural/songbird_spikes.txt "a real population turns"

rates() { # SHIFT: rates of 75 cells at 30 Hz, cell k moved by k times SHIFT frames, around the recording
  awk -v rate=30 -v cells=75 -v frames=666 -v move="$1" '
    { k = int($1); b = int($2 * rate + 0.5); r = (b + k * move) % frames; seen[r " " k] = 1 }
    END { for (k = 1; k <= cells; k++) printf "%sc%d", (k > 1 ? " " : ""), k; print ""
      for (b = 0; b < frames; b++) {
        for (k = 1; k <= cells; k++) {
          s = 0
          for (d = -2; d <= 2; d++) { r = (b + d + frames) % frames; s += ((r " " k) in seen) * (3 - (d < 0 ? -d : d)) / 9 }
          printf "%s%.4f", (k > 1 ? " " : ""), s * rate
        }
        print "" } }' "$data" | vr-load -q --rate 30 -i /neural/hvc/rate
}
turns() { # FILE: share of the steps that rotations tell, and its p
  vr-jpca -q --bins 0 "$1" | vr-dump -H -i /jpca/neural/hvc/rate/r2 -i /jpca/neural/hvc/rate/r2_p
}
locked() { # FILE: correlation of one window with the others around bursts of cell 60, and its p
  vr-events -q level -i /neural/hvc/rate:c60 --above 5 --below 1 --name burst "$1" |
    vr-align -q -e burst -b 0.3 -a 0.5 --surrogates 500 |
    vr-dump -t -i /sequence/neural/hvc/rate/value -i /sequence/neural/hvc/rate/p | awk '$1 == "single" { print $2, $3 }'
}

rates 0 > real.h5 && rates 41 > moved.h5
tap $? "spikes become rates"
turns real.h5 > real && turns moved.h5 > moved && awk '$2 < 0.01 { ok = 1 } END { exit !ok }' real
tap $? "the population turns: $(cat real)"
paste real moved | awk '$1 > 2 * $3 { ok = 1 } END { exit !ok }'
tap $? "twice as much as cells moved in time: $(cat moved)"
locked real.h5 > real && locked moved.h5 > moved && awk '$2 < 0.02 { ok = 1 } END { exit !ok }' real
tap $? "it is locked to the bursts of a cell: $(cat real)"
paste real moved | awk '$1 > 2 * $3 { ok = 1 } END { exit !ok }'
tap $? "twice as much as cells moved in time: $(cat moved)"
tap_end
