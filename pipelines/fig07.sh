#!/bin/sh -eu
# fig07.sh -- sequences between the two taps, a panel a layer; claims 34 and 35.
. "${0%/*}/lib.sh"
recording
set --
for layer in $(layers); do set -- "$@" -i "/neural/$layer/c"; done
printf 'layer\tstatistic\tvalue\tnull\tp\n' > "$OUT/fig07.tsv"
if attempt two_taps vr-align -q -x -s "$SEED" -e second-tap --surrogates "$NULLS" "$@" -o "$OUT/fig07.h5"; then
  for layer in $(layers); do
    of="/sequence/neural/$layer/c"
    numbers "$OUT/fig07.h5" "$of/statistic" "$of/value" "$of/null" "$of/p" | sed "s/^/$layer\t/" >> "$OUT/fig07.tsv"
    vr-plot sequence -i "$of" -t "$layer around the second tap$(mark)" -o "$OUT/fig07-$layer.svg" "$OUT/fig07.h5"
  done
  # the layer with the least margin over its null
  weakest() {
    awk -F '\t' -v s="$1" '$2 == s { if (!n++ || $3 - $4 < least) { least = $3 - $4; x = $3; null = $4 } }
      END { print n ? x "\t" null : "-\ttoo few taps" }' "$OUT/fig07.tsv"
  }
  IFS='	'
  # shellcheck disable=SC2046 # a number and its null
  claim 34 $(weakest split-half)
  # shellcheck disable=SC2046
  claim 35 $(weakest single)
else
  unclaimed 34 "$why"
  unclaimed 35 "$why"
fi
