#!/bin/sh -eu
# fig07.sh -- sequences between the two taps, a panel a layer; claims 34 and 35.
. "${0%/*}/lib.sh"
printf 'layer\tstatistic\tvalue\tnull\tp\n' > "$OUT/fig07.tsv"
if two_taps; then
  for layer in $(layers); do
    of="/sequence/neural/$layer/c"
    numbers "$OUT/taps.h5" "$of/statistic" "$of/value" "$of/null" "$of/p" | sed "s/^/$layer\t/" >> "$OUT/fig07.tsv"
    vr-plot sequence -i "$of" -t "$layer around the second tap$(mark)" -o "$OUT/fig07-$layer.svg" "$OUT/taps.h5"
  done
  # the layer with the least margin over its null
  weakest() {
    awk -F '\t' -v s="$1" '$2 == s { if (!n++ || $3 - $4 < least) { least = $3 - $4; x = $3; null = $4 } }
      END { print n ? x "\t" null : "-\ttoo few taps" }' "$OUT/fig07.tsv"
  }
  claim 34 "$(weakest split-half | cut -f1)" "$(weakest split-half | cut -f2)"
  claim 35 "$(weakest single | cut -f1)" "$(weakest single | cut -f2)"
else
  unclaimed 34 "$why"
  unclaimed 35 "$why"
fi
