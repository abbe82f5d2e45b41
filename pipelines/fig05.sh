#!/bin/sh -eu
# fig05.sh -- what the layers tell apart: similarity matrices of clusters (A), layers and features (B),
# layers and layers (C); claims 23-29.
. "${0%/*}/lib.sh"
similarities
cp "$OUT/cka.tsv" "$OUT/fig05.tsv"
last=$(last_layer)
policies=$(layers | cut -d' ' -f2-)

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

encodes() { cka debiased features "$1" "$2" features; } # SET LAYER
claim 24 "$(less "$(for l in $policies; do encodes fast "$l"; done | mean)" "$(encodes fast core)")" "$few"
claim 25 "$(less "$(encodes slow core)" "$(encodes fast core)")" "$few"
leader() { for l in $policies; do echo "$(encodes "$1" "$l") $l"; done | sort -g | awk '$1 != "-" { l = $2 } END { print l }'; }
claim 26 "$(echo "$(leader fast) $(leader slow)" |
  awk -v last="$last" 'NF < 2 { print "-"; exit } { print ($1 == last) + ($2 == "policy1") }')" "$few"
claim 27 "$(less "$(for set in behaviour eigenpostures; do encodes $set "$last"; done | sort -g | head -n 1)" \
  "$(encodes forces "$last")")" "$few"
alike() { cka debiased layers behaviour "$1" "$2"; }
claim 28 "$(less "$(for a in $policies; do for b in $policies; do [ "${a#policy}" -ge "${b#policy}" ] || alike "$a" "$b"; done; done | mean)" \
  "$(for l in $policies; do alike core "$l"; done | mean)")" "$few"

vr-plot rsm -i /cka/rsm/behaviour -t "clusters of behaviour$(mark)" -o "$OUT/fig05a.svg" "$OUT/cka.h5"
vr-plot cka -t "layers and features$(mark)" -o "$OUT/fig05b.svg" "$OUT/cka.h5"

# 29: the same for other networks
if [ -z "${NETWORKS:-}" ]; then unclaimed 29 'one network: NETWORKS names others'; else
  for network in "$POLICY" $NETWORKS; do
    of="$OUT/${network##*/}"
    POLICY=$network OUT=$of NETWORKS='' "$0"
    awk -F '\t' '$1 == 24 || $1 == 25 { n += $2 != "-" && $2 > 0 } END { print n == 2 }' "$of/fig05.claims"
  done > "$OUT/fig05.tmp"
  claim 29 "$(mean < "$OUT/fig05.tmp")"
  rm "$OUT/fig05.tmp"
fi
