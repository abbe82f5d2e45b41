#!/bin/sh -eu
# fig10.sh -- the last layer through a stride, in every task in the order of every task, and whether units peak in
# the same order in all of them; claim 36.
. "${0%/*}/lib.sh"
recording
last=$(last_layer)
of="/sequence/neural/$last/c"
rm -f "$OUT/fig10.h5"
strides() { vr-events -q stride "$OUT/rec.h5" | "$@"; }
if attempt strides vr-align -q -x -s "$SEED" -e stride --phase 20 --by task --show abs-mean --surrogates "$NULLS" \
  -i "/neural/$last/c" -o "$OUT/fig10.h5"; then
  vr-plot sequence -i "$of" -t "$last through a stride$(mark)" -o "$OUT/fig10.svg" "$OUT/fig10.h5"
fi
printf 'task\ttask\tcorrelation\tnull\n' > "$OUT/fig10.tsv"
if [ -e "$OUT/fig10.h5" ] && vr-dump -q -H -i "$of/by/group" "$OUT/fig10.h5" > "$OUT/fig10.tmp" 2> /dev/null; then
  vr-plot sequences -i "$of" -t "$last in the order of each task$(mark)" -o "$OUT/fig10-tasks.svg" "$OUT/fig10.h5"
  numbers "$OUT/fig10.h5" "$of/by/correlation" "$of/by/correlation_null" | awk -F '\t' -v OFS='\t' '
    NR == FNR { task[++n] = $1; next }
    { for (j = FNR + 1; j <= n; j++) print task[FNR], task[j], $j, $(n + j) }' "$OUT/fig10.tmp" - >> "$OUT/fig10.tsv"
fi
# the pair with the least margin over its null
awk -F '\t' 'NR > 1 { if (!n++ || $3 - $4 < least) { least = $3 - $4; x = $3; null = $4 } }
  END { print n ? x " " null : "- strides in fewer than two tasks" }' "$OUT/fig10.tsv" > "$OUT/fig10.tmp"
read -r x null < "$OUT/fig10.tmp"
rm "$OUT/fig10.tmp"
claim 36 "$x" "$null"
