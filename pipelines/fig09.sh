#!/bin/sh -eu
# fig09.sh -- spectra of the body (A) and of core and last layer (B); claims 18-22.
. "${0%/*}/lib.sh"
recording
# shellcheck disable=SC2046 # options
set -- -i /pose/speeds -i /kinematics/slow -i /kinematics/fast $(activity)
[ "$SIZE" = paper ] || set -- -l 4 "$@" # segments of 10 s need trials as long
vr-psd -q -x -s "$SEED" --by task --times -o "$OUT/fig09.h5" "$@" "$OUT/rec.h5"

# power PATH HZ: above a frequency, and all of it, summed over tasks
power() {
  vr-dump -q -H -i "/psd$1/frequency" "$OUT/fig09.h5" > "$OUT/fig09.tmp"
  numbers "$OUT/fig09.h5" "/psd$1/spectrum" | awk -v hz="$2" '
    NR == FNR { f[++n] = $1; next }
    { for (i = 2; i <= n; i++) { all += $i; if (f[i] > hz) high += $i } }
    END { print high, all }' "$OUT/fig09.tmp" -
  rm "$OUT/fig09.tmp"
}
# peak PATH: the most prominent one in gaps, Hz
peak() {
  numbers "$OUT/fig09.h5" "/psd$1/peak/label" "/psd$1/peak/frequency" |
    awk '$1 == "gaps" { print $2; exit }'
}
memory() { vr-dump -q -a median -i "/psd/neural/$1/c/timescale/constant" "$OUT/fig09.h5"; }

{
  printf 'layer\tpower above 1 Hz\tpower\ttime constant, s\n'
  for layer in $(layers); do
    echo "$layer $(power "/neural/$layer/c" 1) $(memory "$layer")" | tr ' ' '\t'
  done
} > "$OUT/fig09.tsv"

body=$(peak /pose/speeds) net=$(peak "/neural/$(last_layer)/c")
claim 18 "${body:--}" "no peak"
fast=$(power /kinematics/fast 5) slow=$(power /kinematics/slow 5)
claim 19 "$(echo "$fast $slow" | awk '{ print $1 / $2 - $3 / $4 }')"
claim 20 "$(awk 'NR == 2 { core = $2 } NR > 2 { x = log($2 / core); if (NR == 3 || x < least) least = x }
  END { print least }' "$OUT/fig09.tsv")"
claim 21 "$(echo "${body:-x} ${net:-x}" |
  awk '$1 == "x" || $2 == "x" { print "-"; exit } { x = $1 - $2; print x < 0 ? -x : x }')" "no peak"
claim 22 "$(awk 'NR == 2 { core = $4 } NR > 2 { n++; sum += $4 } END { print core - sum / n }' "$OUT/fig09.tsv")"

vr-plot psd -i /pose/speeds -i /kinematics/slow -i /kinematics/fast -t "spectra of the body$(mark)" -o "$OUT/fig09a.svg" "$OUT/fig09.h5"
vr-plot psd -i /neural/core/c -i "/neural/$(last_layer)/c" -t "spectra of core and last layer$(mark)" -o "$OUT/fig09b.svg" "$OUT/fig09.h5"
