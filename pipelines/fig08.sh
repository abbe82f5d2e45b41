#!/bin/sh -eu
# fig08.sh -- rotations: vector fields of the first components (A), planes of jPCA by layer and task (B),
# their frequencies (C) and variance (D); claims 39-45.
. "${0%/*}/lib.sh"
recording
# shellcheck disable=SC2046 # options
set -- $(activity)
vr-jpca -q -x -s "$SEED" --surrogates "$NULLS" "$@" -o "$OUT/fig08.h5" "$OUT/rec.h5"
for task in $TASKS; do
  vr-select -q --task "$task" "$OUT/rec.h5" | vr-events -q stride |
    vr-jpca -q -s "$SEED" --surrogates "$NULLS" "$@" -o "$OUT/fig08-$task.h5"
done

{
  printf 'task\tlayer\tplane\tfrequency, Hz\tpeak, Hz\tshare\tfrequency_p\tshare_p\n'
  for task in $TASKS; do
    for layer in $(layers); do
      of="/jpca/neural/$layer/c"
      numbers "$OUT/fig08-$task.h5" "$of/frequency" "$of/peak" "$of/share" "$of/frequency_p" "$of/share_p" |
        awk -v task="$task" -v layer="$layer" -v OFS='\t' '{ print task, layer, NR, $0 }'
    done
  done
} > "$OUT/fig08.tsv"

# the first two components of each layer: least rotation, beside the largest null
for layer in $(layers); do
  numbers "$OUT/fig08.h5" "/field/neural/$layer/c/rotation" "/field/neural/$layer/c/rotation_null" | head -n 1
done | awk '{ x = $1 < 0 ? -$1 : $1; if (NR == 1 || x < least) least = x; if ($2 > most) most = $2 }
  END { print least, most }' > "$OUT/fig08.tmp"
read -r least most < "$OUT/fig08.tmp"
claim 39 "$least" "$most"

# orthonormal: loadings' loadings - 1, the largest element
for layer in $(layers); do
  vr-dump -q -H -i "/jpca/neural/$layer/c/loadings" "$OUT/fig08.h5" | awk '
    { for (i = 1; i <= NF; i++) for (j = 1; j <= NF; j++) s[i, j] += $i * $j; n = NF }
    END {
      for (i = 1; i <= n; i++) for (j = 1; j <= n; j++) {
        x = s[i, j] - (i == j); if (x < 0) x = -x
        if (x > most) most = x
      }
      print most
    }'
done | sort -g | tail -n 1 > "$OUT/fig08.tmp"
claim 40 "$(cat "$OUT/fig08.tmp")"
claim 41 "$(awk -F '\t' 'NR > 1 { if ($2 == "core") core[$1] += $4; else { policy[$1] += $4; n[$1]++ } }
  END { for (t in core) slower += core[t] / 3 < policy[t] / n[t]; print slower + 0 }' "$OUT/fig08.tsv")"
claim 42 "$(awk -F '\t' 'NR > 1 { share[$1 $2] += $6 } END { for (k in share) { if (!n++ || share[k] < least) least = share[k] }; print least }' \
  "$OUT/fig08.tsv")"

last=$(last_layer)
locked "$OUT/fig08-gaps.h5" "$last" stride 1 > "$OUT/fig08.tmp"
read -r x null < "$OUT/fig08.tmp"
claim 43 "$x" "$null"
locked "$OUT/fig08-twotap.h5" "$last" second-tap 2 > "$OUT/fig08.tmp"
read -r x null < "$OUT/fig08.tmp"
claim 44 "$x" "$null"
locked "$OUT/fig08-maze.h5" core orb 1 > "$OUT/fig08.tmp"
read -r x null < "$OUT/fig08.tmp"
[ "$x" = - ] || x=$(less "$x" "$(locked "$OUT/fig08-maze.h5" "$last" orb 1 | cut -d' ' -f1)")
claim 45 "$x" "$null"
rm -f "$OUT/fig08.tmp"

for layer in core "$(last_layer)"; do
  vr-plot field -i "/field/neural/$layer/c" -t "$layer$(mark)" -o "$OUT/fig08-$layer.svg" "$OUT/fig08.h5"
done
