#!/bin/sh -eu
# fig11.sh -- variability over repeated two-taps, less between the taps; claim 37.
. "${0%/*}/lib.sh"
if two_taps; then
  printf 'layer\tunits that vary less\tunits\n' > "$OUT/fig11.tsv"
  for layer in $(layers); do
    of="/sequence/neural/$layer/c"
    {
      vr-dump -q -H -i "$of/lag" "$OUT/taps.h5"
      echo
      vr-dump -q -H -i "$of/sd" "$OUT/taps.h5"
    } | awk -v OFS='\t' -v layer="$layer" '
      !NF { sd = 1; next }
      !sd { lag[++n] = $1; next }
      {
        a = b = na = nb = 0
        for (i = 1; i <= n; i++) if (lag[i] > -0.76 && lag[i] < -0.04) { a += $i; na++ } else if (lag[i] < -0.89 || lag[i] > 0.09) { b += $i; nb++ }
        units++; less += a / na < b / nb
      }
      END { print layer, less + 0, units }' >> "$OUT/fig11.tsv"
    vr-plot variability -i "$of" -t "$layer$(mark)" -o "$OUT/fig11-$layer.svg" "$OUT/taps.h5"
  done
  claim 37 "$(awk 'NR > 2 { less += $2; n += $3 } END { print less / n }' "$OUT/fig11.tsv")"
else
  unclaimed 37 "$why"
fi
