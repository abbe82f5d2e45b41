#!/bin/bash
# test_mouse_cells.sh -- cells of a real mouse ($VR_DATA), asleep and awake: spikes become rates and rates
# spectra and embeddings, and these tell what is known of such cells.
set -u
cd "${0%/*}/../.." || exit 1
. tests/lib.sh
data=$VR_DATA/nwb/mouse_headdirection_units.nwb tmp=$(scratch)
if [ ! -e "$data" ]; then
  skip "cells of a real mouse" "no real recordings (VR_DATA)"
  tap_end
fi
data=$(realpath "$data")
cd "$tmp" || exit 1

# spikes of 7 head-direction and 8 hippocampal cells in bins of 10 ms; 10 minutes of sleep, then as long in
# an open field; trials of 60 s
vr-dump -H -i /units/spike_times_index "$data" > index &&
  vr-dump -H -i /units/spike_times "$data" > spikes
awk 'NR == FNR { last[++n] = $1; next } { while (FNR > last[u + 1]) u++; c[int($1 * 100), u + 1]++ }
  END { for (k = 1; k <= n; k++) printf "u%d\t", k; print "trial\tstate"
    for (b = 0; b < 120000; b++) { for (k = 1; k <= n; k++) printf "%d\t", 100 * c[b, k]
      print int(b / 6000) "\t" (b < 60000 ? 1 : 2) } }' index spikes > rates.tsv
vr-load --rate 100 -u Hz -i /neural/ADN/rate=u1,u2,u3,u4,u5,u6,u7 \
  -i /neural/CA1/rate=u8,u9,u10,u11,u12,u13,u14,u15 -i /label/state=state rates.tsv > rates.h5 2> err
tap $? "spikes of 15 cells become rates" err

vr-psd -qx --null 19 -b /label/state -i /neural/ADN/rate -i /neural/CA1/rate rates.h5 > psd.h5 2> err
tap $? "rates become spectra" err
# power of a region in a state between two frequencies
power() { # REGION STATE FROM TO
  vr-dump -i "/psd/neural/$1/rate/spectrum" psd.h5 | awk -F '\t' -v row="$2" -v from="$3" -v to="$4" '
    NR == 1 { for (k = 1; k <= NF; k++) { sub(/^spectrum\./, "", $k); hz[k] = $k + 0 } next }
    NR == row + 1 { for (k = 1; k <= NF; k++) if (hz[k] >= from && hz[k] <= to) { s += $k; n++ } }
    END { print s / n }'
}
# awake, the head turns slowly; asleep, the compass drifts several times as fast
awk -v a="$(power ADN 2 0.1 0.3)" -v b="$(power ADN 1 0.1 0.3)" -v c="$(power ADN 2 1 3.5)" \
  -v d="$(power ADN 1 1 3.5)" 'BEGIN { print a / b, d / c; exit !(a > 3 * b && d > 2 * c) }' > ratio
tap $? "head direction turns slowly awake, and fast asleep: $(cat ratio)"
# theta, 7 to 10 Hz, stands above the frequencies on its sides, awake
theta() { awk -v a="$(power CA1 "$1" 7 10)" -v b="$(power CA1 "$1" 5 6)" -v c="$(power CA1 "$1" 12 15)" \
  'BEGIN { print 2 * a / (b + c) }'; }
awake=$(theta 2) asleep=$(theta 1)
awk -v a="$awake" -v b="$asleep" 'BEGIN { exit !(a > 1.05 && a > 1.05 * b) }'
tap $? "the hippocampus has its theta rhythm awake ($awake of its sides, $asleep asleep)"

vr-mds -q -f 200 -b /label/state --scale -i /neural/ADN/rate -i /neural/CA1/rate rates.h5 > mds.h5 2> err &&
  [ "$(vr-dump -H -i /mds/neural/ADN/rate/separation/p mds.h5 | wc -l)" = 4 ]
tap $? "frames of cells are embedded, with their nulls" err
for kind in psd mds; do
  vr-plot $kind $([ $kind = mds ] && echo '-i /neural/ADN/rate') "$kind.h5" > $kind.svg 2> err && grep -q '</svg>' $kind.svg
  tap $? "a picture of kind $kind" err
done
vr-check -q psd.h5 2> err
tap $? "all datasets are as vr(5) tells" err
tap_end
