#!/bin/sh -eu
# fig12.sh -- units held and driven: two-tap with the highest units of a layer held (A), spins with them
# held (B, C), and driven (D); claims 46-51.
. "${0%/*}/lib.sh"
recording
last=$(last_layer)
case $SIZE in
  tiny) set -- -n 3 --seconds 8 --levels 0,64,128 --controls 1 -l core -l "$last" ;;
  *) set -- -n 25 ;;
esac
vr-select -q --task twotap -o "$OUT/fig12.tmp.h5" "$OUT/rec.h5"
trap 'rm -f "$OUT/fig12.tmp.h5"' EXIT

# table FILE: a row a layer, level and set
table() {
  vr-dump -q -i /ablation/layer -i /ablation/level -i /ablation/set -i /ablation/successes -i /ablation/attempts \
    -i /ablation/share -i /ablation/low -i /ablation/high -i /ablation/return "$1"
}
# share LAYER LEVEL < table
share() { awk -F '\t' -v l="$1" -v n="$2" '$1 == l && $2 == n && $3 == "ranked" { print $6; found = 1; exit } END { if (!found) print "-" }'; }

if attempt vr-ablate -q -x -s "$SEED" --event second-tap --attempt first-tap "$@" \
  -o "$OUT/fig12a.h5" "$POLICY" "$OUT/fig12.tmp.h5"; then
  table "$OUT/fig12a.h5" > "$OUT/fig12a.tsv"
  claim 46 "$(awk -F '\t' -v last="$last" '$3 == "ranked" && $2 > 0 && $5 > 0 { s[$1, $2] = $6; level[$2] }
    END { for (n in level) worse += (last, n) in s && ("core", n) in s && s[last, n] < s["core", n]; print worse + 0 }' "$OUT/fig12a.tsv")"
  vr-plot ablation -t "two taps, units held$(mark)" -o "$OUT/fig12a.svg" "$OUT/fig12a.h5"
else
  unclaimed 46 "$why"
fi

vr-events -q -o "$OUT/fig12.spin.h5" spin "$OUT/fig12.tmp.h5"
mv "$OUT/fig12.spin.h5" "$OUT/fig12.tmp.h5"
if attempt vr-ablate -q -x -s "$SEED" --event spin "$@" -o "$OUT/fig12b.h5" "$POLICY" "$OUT/fig12.tmp.h5"; then
  table "$OUT/fig12b.h5" > "$OUT/fig12b.tsv"
  left() { # LAYER LEVEL: spins that are left, as a share
    echo "$(share "$1" "$2" < "$OUT/fig12b.tsv") $(share "$1" 0 < "$OUT/fig12b.tsv")" |
      awk '$1 == "-" || !($2 > 0) { print "-"; exit } { print $1 / $2 }'
  }
  claim 47 "$(left "$last" 64)" 'no spin with nothing held'
  claim 48 "$(left core 128)" 'no spin with nothing held'
  vr-plot ablation -t "spins, units held$(mark)" -o "$OUT/fig12b.svg" "$OUT/fig12b.h5"
else
  unclaimed 47 "$why"
  unclaimed 48 "$why"
fi
if attempt vr-ablate -q -x -s "$SEED" --event spin --drive --before 0.2 --after 0.8 "$@" \
  -o "$OUT/fig12d.h5" "$POLICY" "$OUT/fig12.tmp.h5"; then
  table "$OUT/fig12d.h5" > "$OUT/fig12d.tsv"
  claim 49 "$(less "$(share "$last" 128 < "$OUT/fig12d.tsv")" "$(share core 128 < "$OUT/fig12d.tsv")")"
  claim 50 "$(share core 128 < "$OUT/fig12d.tsv")"
  vr-plot ablation -t "spins, units driven$(mark)" -o "$OUT/fig12d.svg" "$OUT/fig12d.h5"
else
  unclaimed 49 "$why"
  unclaimed 50 "$why"
fi

# no unit held: the returns of the very trials that vr-record plays, where an orb lies at the paws
held="$OUT/fig12.tmp.h5"
vr-record -q -n 2 --seconds 1 -s "$SEED" --task twotap:reach=0,radius=0.5,height=0.1 -o "$held" "$POLICY"
vr-ablate -q -x -s "$SEED" --event first-tap --before 0 --after 0.1 -n 2 --seconds 1 --levels 0 --controls 0 -l core \
  -o "$OUT/fig12.none.h5" "$POLICY" "$held"
vr-dump -q -H -i /trials/return "$held" > "$OUT/fig12.tmp"
claim 51 "$(vr-dump -q -H -i /ablation/trials/return "$OUT/fig12.none.h5" | tr '\t' '\n' | cmp -l - "$OUT/fig12.tmp" | wc -l)"
rm -f "$OUT/fig12.tmp" "$OUT/fig12.none.h5"
