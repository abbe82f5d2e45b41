#!/bin/sh -eu
# fig04.sh -- what the animal does: a jump (A), the map of behaviour (B), components by task (C);
# claims 11-16.
. "${0%/*}/lib.sh"
recording
{ # share of variance that the eigenpostures hold
  for set in angles positions; do
    of="/basis/eigenposture/$set/variance"
    numbers "$OUT/rec.h5" "$of" | awk -v all="$(vr-dump -q -a total -i "$of" "$OUT/rec.h5")" '{ sum += $1 } END { print sum / all }'
  done
} > "$OUT/fig04.tmp"
claim 11 "$(sort -g "$OUT/fig04.tmp" | head -n 1)"

# A: jumps that reach a platform, and flights seen in the motion
vr-select -q --task gaps "$OUT/rec.h5" | vr-events -q jump,run -o "$OUT/fig04a.h5"
count() { vr-dump -q -H -i /events/name "$OUT/fig04a.h5" | grep -c -x "$1" || :; }
vr-dump -q -i /events "$OUT/fig04a.h5" > "$OUT/fig04a.tsv"
crossed=$(count jump)
if [ "$crossed" = 0 ]; then unclaimed 12 'no gap was crossed'; else
  claim 12 "$(count flight | awk -v gaps="$crossed" '{ print $1 / gaps }')"
fi
vr-plot series -i /pose/positions:skull.z,lower_arm_L.z,lower_leg_L.z -i /pose/angles:elbow_L,knee_L \
  -t "the first trial in gaps$(mark)" -o "$OUT/fig04a.svg" "$OUT/fig04a.h5"

# B
vr-tsne -q -s "$SEED" "$OUT/rec.h5" | vr-watershed -q --against event -o "$OUT/fig04b.h5"
vr-dump -q -i /region/frames -i /region/visits -i /region/dwell "$OUT/fig04b.h5" > "$OUT/fig04b.tsv"
claim 13 "$(vr-dump -q -a purity -i /region/against "$OUT/fig04b.h5")"
claim 14 "$(vr-dump -q -a perplexity -i /map/xy "$OUT/fig04b.h5")"
vr-plot map -c region -t "map of behaviour$(mark)" -o "$OUT/fig04b.svg" "$OUT/fig04b.h5"
vr-plot map -c task -t "the map by task$(mark)" -o "$OUT/fig04b-task.svg" "$OUT/fig04b.h5"

# C
sets='pose/speeds force kinematics/fast kinematics/slow'
set --
for set in $sets; do set -- "$@" -i "/$set"; done
vr-pca -q -x -s "$SEED" --by task --null "$NULLS" "$@" -o "$OUT/fig04c.h5" "$OUT/rec.h5"
printf 'features\tfirst\tmean\tmeasure\tp\tsecond\tvalue\n' > "$OUT/fig04c.tsv"
# overlap SET MEASURE: over all pairs of tasks, the mean of the null behind it
overlap() { awk -F '\t' -v s="$1" -v m="$2" '$1 == s && $4 == m && $2 == "all" { print $7, $3; found = 1 } END { if (!found) print "- -" }' "$OUT/fig04c.tsv"; }
for set in $sets; do
  of="/overlap/$set"
  numbers "$OUT/fig04c.h5" "$of/first" "$of/mean" "$of/measure" "$of/p" "$of/second" "$of/value" |
    sed "s|^|$set\t|" >> "$OUT/fig04c.tsv"
  vr-plot map -i "/pca/$set" -c task -t "components of $set$(mark)" -o "$OUT/fig04c-$(echo "$set" | tr / -).svg" "$OUT/fig04c.h5"
done
claim 15 "$(for set in pose/speeds force kinematics/fast; do overlap $set histogram | cut -d' ' -f1; done | mean)"
echo "$(overlap kinematics/slow 'neighbours in full') $(overlap kinematics/fast 'neighbours in full')" |
  awk '$1 == "-" || $3 == "-" { print "-", "-"; exit } { print $1 - $3, $2 - $4 }' > "$OUT/fig04.tmp"
read -r x null < "$OUT/fig04.tmp"
rm "$OUT/fig04.tmp"
claim 16 "$x" "$null"
