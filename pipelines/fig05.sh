#!/bin/sh -eu
# fig05.sh -- what the layers tell apart: similarity matrices of clusters (A), layers and features (B),
# layers and layers (C); claims 23-29.
. "${0%/*}/lib.sh"
similarities
cp "$OUT/cka.tsv" "$OUT/fig05.tsv"
last=$(last_layer)

# how far the similarities of clusters are dot products: the bound of Cauchy and Schwarz
claim 23 "$(vr-dump -q -H -i "/cka/rsm/behaviour/$last" "$OUT/cka.h5" | awk '
  { for (i = 1; i <= NF; i++) s[NR, i] = $i }
  END {
    for (i = 1; i <= NR; i++) for (j = 1; j <= NR; j++) {
      x = s[i, j] * s[j, i] / (s[i, i] * s[j, j])
      if (x > most) most = x
    }
    print most
  }')"

exceeds 24 'shifts deals' 'mean_encodes("fast") - encodes("fast", "core")'
exceeds 25 shifts 'encodes("slow", "core") - encodes("fast", "core")'
if [ "$(layers | wc -w)" -gt 2 ]; then
  exceeds 26 'shifts deals' 'least(lead("fast", policy[deep]), lead("slow", policy[1]))'
  exceeds 28 'shifts deals' 'mean_alike(0) - mean_alike(1)'
else
  for n in 26 28; do unclaimed $n 'one layer of policy, two are needed'; done
fi
exceeds 27 shifts 'least(encodes("behaviour", policy[deep]), encodes("eigenpostures", policy[deep])) - encodes("forces", policy[deep])'

vr-plot rsm -i /cka/rsm/behaviour -t "clusters of behaviour$(mark)" -o "$OUT/fig05a.svg" "$OUT/cka.h5"
vr-plot cka -t "layers and features$(mark)" -o "$OUT/fig05b.svg" "$OUT/cka.h5"

# 29: the same for other networks
if [ -z "${NETWORKS:-}" ]; then unclaimed 29 'one network: NETWORKS names others'; else
  for network in "$POLICY" $NETWORKS; do
    of="$OUT/${network##*/}"
    POLICY=$network OUT=$of NETWORKS='' "$0"
    awk -F '\t' '$1 == 24 || $1 == 25 { n += $2 != "-" && $2 > $3 } END { print n == 2 }' "$of/fig05.claims"
  done > "$OUT/fig05.tmp"
  # a network has claim 24 by chance in 5 % of the cases; how many of them by chance in more than 5 %?
  # shellcheck disable=SC2046 # two words
  claim 29 $(awk '{ has += $1 }
    END {
      term = 0.95 ^ NR
      for (below = term; 1 - below > 0.05 + 1e-9; below += term) {
        term *= (NR - m) / (m + 1) * 0.05 / 0.95
        m++
      }
      print has / NR, m / NR
    }' "$OUT/fig05.tmp")
  rm "$OUT/fig05.tmp"
fi
