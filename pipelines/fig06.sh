#!/bin/sh -eu
# fig06.sh -- a layer in different tasks: clusters of behaviour in the plane (A), similarity of the same
# layer in two tasks (B); claims 17 and 30-33.
. "${0%/*}/lib.sh"
similarities
last=$(last_layer)

# separation FILE PATH MEASURE: value and mean of its null
separation() {
  numbers "$1" "/mds$2/separation/measure" "/mds$2/separation/value" "/mds$2/separation/mean" |
    awk -F '\t' -v measure="$3" '$1 == measure { print $2, $3; found = 1 } END { if (!found) print "-", "-" }'
}
vr-mds -q -x -s "$SEED" -b task --null "$NULLS" -i /kinematics/slow -i /kinematics/fast -o "$OUT/fig06-body.h5" "$OUT/rec.h5"
vr-mds -q -x -s "$SEED" -b task --null "$NULLS" --means /label/behaviour --least "$LEAST_FRAMES" \
  -i /neural/core/c -i "/neural/$last/c" -o "$OUT/fig06.h5" "$OUT/cka.h5"
vr-dump -q -i /mds/neural/core/c/separation "$OUT/fig06.h5" | sed '1s/^/layer\t/; 2,$s/^/core\t/' > "$OUT/fig06.tsv"
vr-dump -q -H -i "/mds/neural/$last/c/separation" "$OUT/fig06.h5" | sed "s/^/$last\t/" >> "$OUT/fig06.tsv"

# in full space: value less value, and null less null
apart() {
  echo "$(separation "$1" "$2" "$4") $(separation "$1" "$3" "$4")" |
    awk '/-( |$)/ { print "- -"; exit } { print $1 - $3, $2 - $4 }'
}
set -- $(apart "$OUT/fig06-body.h5" /kinematics/slow /kinematics/fast 'silhouette in full')
claim 17 "$1" "$2"
set -- $(apart "$OUT/fig06.h5" /neural/core/c "/neural/$last/c" 'nearest in full')
claim 30 "$1" "$2"

across() { cka debiased tasks "$1" "$2" "$2" "$3" "$4"; } # SET LAYER TASK TASK
pairs='gaps maze
gaps bowl
gaps twotap
maze bowl
maze twotap
bowl twotap'
{
  printf 'layer\tset\ttask\ttask\tCKA, debiased\n'
  for layer in $(layers); do
    for set in slow intermediate fast behaviour; do
      echo "$pairs" | while read -r a b; do
        printf '%s\t%s\t%s\t%s\t%s\n' "$layer" $set "$a" "$b" "$(across $set "$layer" "$a" "$b")"
      done
    done
  done
} > "$OUT/fig06b.tsv"
exceeds 31 'shifts deals' 'least(across("behaviour", policy[deep], "maze", "twotap") - across("behaviour", "core", "maze", "twotap"),
  across("behaviour", policy[deep], "gaps", "maze") - across("behaviour", "core", "gaps", "maze"))'
exceeds 32 shifts 'mean_across_less("fast", "slow", policy[deep])'

for layer in core "$last"; do
  vr-plot mds -i "/mds/neural/$layer/c" -t "$layer$(mark)" -o "$OUT/fig06-$layer.svg" "$OUT/fig06.h5"
done

# 33: networks of one and of three policy layers
if [ -z "${NETWORKS:-}" ]; then unclaimed 33 'one network: NETWORKS names others'; else
  for network in "$POLICY" $NETWORKS; do
    of="$OUT/${network##*/}"
    POLICY=$network OUT=$of NETWORKS='' "$0"
    deep=$(vr-dump -q -a layers -i /neural "$of/rec.h5" | wc -w)
    awk -F '\t' -v deep="$deep" '$1 != "core" && $5 != "-" { sum += $5; n++ } END { if (n) print deep - 1, sum / n }' "$of/fig06b.tsv"
  done | awk '{ sum[$1] += $2; n[$1]++ } END { print 1 in n && 3 in n ? sum[1] / n[1] - sum[3] / n[3] : "-" }' > "$OUT/fig06.tmp"
  claim 33 "$(cat "$OUT/fig06.tmp")" "no networks of one and of three layers with enough clusters"
  rm "$OUT/fig06.tmp"
fi
