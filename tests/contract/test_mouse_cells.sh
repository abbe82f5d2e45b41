#!/bin/bash
# test_mouse_cells.sh -- cells of a real mouse ($VR_DATA), asleep and awake: spikes become rates and rates
# spectra and embeddings, and these tell what is known of such cells.
set -u
cd "${0%/*}/../.." || exit 1
. tests/lib.sh
real nwb/mouse_headdirection_units.nwb "cells of a real mouse"

# spikes of 7 head-direction and 8 hippocampal cells in bins of 10 ms; 10 minutes of sleep, then as long in
# an open field
vr-import --kind units --rate 100 --cut 60 "$data" > rates.h5 2> err && vr-check -q rates.h5 &&
  grep -q '15 (7 in adn, 8 in ca1), 98794 spikes' err && [ "$(vr-dump -H -i /trials/task rates.h5 | uniq -c | xargs)" = "10 sleep 10 wake" ] &&
  [ "$(vr-dump -H -i /spikes/unit rates.h5 | wc -l)" = 98794 ]
tap $? "spikes of 15 cells become rates, asleep and awake" err
# beside the place, at its 120 Hz, the animal awake
vr-import --up y "$data" > place.h5 2> err && vr-check -q place.h5 && grep -q 'from the intervals epochs (wake), 529.363 s' err &&
  vr-dump -t -i /neural/adn/rate -i /pose/root place.h5 | awk 'NR == 1 { ok = NF == 7 + 7 + 1 } END { exit !(ok && NR == 63528) }'
tap $? "beside the place of the animal" err
vr-import "${data%/*}/mouse_A8604_units.nwb" 2> err | vr-check -q && grep -q '3 (3 in units), 21354 spikes' err
tap $? "cells of a mouse about which the file tells little" err

vr-psd -qx --null 19 -b task -i /neural/adn/rate -i /neural/ca1/rate rates.h5 > psd.h5 2> err
tap $? "rates become spectra" err
# power of a region in a state between two frequencies
power() { # REGION STATE FROM TO
  vr-dump -i "/psd/neural/$1/rate/spectrum" psd.h5 | awk -F '\t' -v row="$2" -v from="$3" -v to="$4" '
    NR == 1 { for (k = 1; k <= NF; k++) { sub(/^spectrum\./, "", $k); hz[k] = $k + 0 } next }
    NR == row + 1 { for (k = 1; k <= NF; k++) if (hz[k] >= from && hz[k] <= to) { s += $k; n++ } }
    END { print s / n }'
}
# awake, the head turns slowly; asleep, the compass drifts several times as fast
awk -v a="$(power adn 2 0.1 0.3)" -v b="$(power adn 1 0.1 0.3)" -v c="$(power adn 2 1 3.5)" \
  -v d="$(power adn 1 1 3.5)" 'BEGIN { print a / b, d / c; exit !(a > 3 * b && d > 2 * c) }' > ratio
tap $? "head direction turns slowly awake, and fast asleep: $(cat ratio)"
# theta, 7 to 10 Hz, stands above the frequencies on its sides, awake
theta() { awk -v a="$(power ca1 "$1" 7 10)" -v b="$(power ca1 "$1" 5 6)" -v c="$(power ca1 "$1" 12 15)" \
  'BEGIN { print 2 * a / (b + c) }'; }
awake=$(theta 2) asleep=$(theta 1)
awk -v a="$awake" -v b="$asleep" 'BEGIN { exit !(a > 1.05 && a > 1.05 * b) }'
tap $? "the hippocampus has its theta rhythm awake ($awake of its sides, $asleep asleep)"

vr-mds -q -f 200 -b task --scale -i /neural/adn/rate -i /neural/ca1/rate rates.h5 > mds.h5 2> err &&
  [ "$(vr-dump -H -i /mds/neural/adn/rate/separation/p mds.h5 | wc -l)" = 4 ]
tap $? "frames of cells are embedded, with their nulls" err
# when a cell of the compass begins to fire, the head points somewhere: now all its cells vary less, also at
# matched means, and each cell is a point at the bursts of each other one
vr-select -q --task wake rates.h5 > bursts.h5
for k in 0 1 2 3 4 5 6; do
  vr-events -q level -i "/neural/adn/rate:u$k" --above 50 --gap 0.12 --shortest 0.6 --name "u$k" bursts.h5 > more.h5 2>> err &&
    mv more.h5 bursts.h5
done
vr-align -e u0,u1,u2,u3,u4,u5,u6 -b 1.5 -a 1 -i /neural/adn/rate --fano 0.25 --every 0.25 --bin 1 --by event --surrogates 199 \
  --inside 0:0.75 bursts.h5 > variability.h5 2>> err && grep -q '49 points' err
tap $? "variance against mean of counts around bursts" err
for kind in '' matched_; do
  of=/sequence/neural/adn/rate/fano/${kind}factor
  vr-dump -q -H -t -i "$of" variability.h5 | awk '$1 < -0.5 { a += $2; n++ } $1 > 0 && $1 < 0.7 { b += $2; m++ }
    END { printf "%.1f to %.1f", a / n, b / m; exit !(n && m && a / n > 1.4 * (b / m) && b / m > 1) }' > fell
  tap $? "the Fano factor falls at them${kind:+, also at matched means}: $(cat fell)"
done

of=/sequence/neural/adn/rate
vr-dump -q -H -t -i $of/p variability.h5 | awk '$1 == "quench" { exit !($2 > 0.5) }' &&
  vr-dump -q -H -t -i $of/fano/p variability.h5 | awk '$1 == "matched-quench" { print $2; ok = $2 < 0.02 } END { exit !ok }' > p
tap $? "more than by chance, which their sd does not see, as the rate grows: p $(cat p)"

for kind in psd mds variability; do
  vr-plot $kind $([ $kind = mds ] && echo '-i /neural/adn/rate') "$kind.h5" > $kind.svg 2> err && grep -q '</svg>' $kind.svg
  tap $? "a picture of kind $kind" err
done
vr-check -q psd.h5 2> err && vr-check -q variability.h5 2> err
tap $? "all datasets are as vr(5) tells" err
tap_end
