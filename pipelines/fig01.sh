#!/bin/sh -eu
# fig01.sh -- the body, its tasks, and what is recorded of them; claims 1-10, 38 and 52.
. "${0%/*}/lib.sh"
recording
quick="$OUT/fig01.tmp.h5"
trap 'rm -f "$quick"' EXIT

# the body as the engine takes it
vr-world -q --count flat > "$OUT/fig01.tsv"
of() { awk -F '\t' -v what="$1" '$1 == what { print $2 }' "$OUT/fig01.tsv"; }
claim 1 "$(of actuators)"
claim 2 "$(of 'actuators of tendons')"
claim 3 "$(of mass)"
# lengths of femur, tibia, humerus and forearm (mm, left and right of the animals of Table 2)
vr-record -q hold -n 1 --seconds 0.02 --task flat | vr-dump -q -i /pose/positions | awk -F '\t' '
  NR == 1 { for (i = 1; i <= NF; i++) { sub(/^positions\./, "", $i); at[$i] = i } next }
  function span(a, b,   k, d, sum) {
    for (k = 0; k < 3; k++) { d = $(at[a] + k) - $(at[b] + k); sum += d * d }
    return 1000 * sqrt(sum)
  }
  function off(a, b, left, right,   x) {
    x = span(a "_L.x", b "_L.x") / ((left + right) / 2) - 1
    if (x < 0) x = -x
    if (x > most) most = x
  }
  NR == 2 {
    off("upper_leg", "lower_leg", 35.3, 33.4); off("lower_leg", "foot", 40.4, 37.2)
    off("upper_arm", "lower_arm", 29.2, 28.1); off("lower_arm", "hand", 31.9, 31.2)
    print most
  }' > "$OUT/fig01.tmp"
claim 4 "$(cat "$OUT/fig01.tmp")"

# the eye
vr-record -q hold -n 1 --seconds 0.02 --task flat --eye > "$quick"
claim 5 "$(vr-dump -q -l "$quick" | awk '$1 == "/eye" { print $4 * $6 * $8 }')"

# a paw that stays on a large orb touches it again when the bounce of the first touch is over
for bounce in 0.69 0.72 0.88 0.92; do
  vr-record -q hold -n 1 --seconds 2.2 --task "twotap:radius=0.5,reach=0,height=0.1,debounce=$bounce" |
    vr-dump -q -H -i /events/name | sed "s/^/$bounce /"
done | awk '
  $2 ~ /second-tap|too-soon|too-late/ {
    should = $1 < 0.7 ? "too-soon" : $1 > 0.9 ? "too-late" : "second-tap"
    if ($2 == should) right[$1] = 1; else wrong[$1] = 1
  }
  END { for (b in right) n += !(b in wrong); print n + 0 }' > "$OUT/fig01.tmp"
claim 6 "$(cat "$OUT/fig01.tmp")"

# what is logged
if [ "$TRIALS" != 25 ]; then unclaimed 7 "$TRIALS trials of each task were asked for"; else
  claim 7 "$(vr-dump -q -H -i /trials/task "$OUT/rec.h5" | grep -c .)"
fi
columns() { vr-dump -q -l "$OUT/rec.h5" | awk -v path="$1" 'index($1, path) == 1 && $3 == "x" { n += $4 } END { print n + 0 }'; }
claim 8 "$(columns /eigenposture/)"
claim 9 "$(for band in slow intermediate fast; do columns "/kinematics/$band"; done | sort -u | paste -sd ' ')"
claim 10 "$(($(columns /eigenposture/) + $(columns /kinematics/intermediate)))"

# the same senses again: what differs
first() { vr-record -q -n 1 --seconds 1 -s "$SEED" --task gaps "$POLICY" | vr-dump -q -i "/neural/$1/c"; }
for layer in $(layers); do
  first "$layer" > "$quick"
  first "$layer" | cmp -l - "$quick" || :
done > "$OUT/fig01.tmp"
claim 38 "$(grep -c . < "$OUT/fig01.tmp" || :)"

# returns, beside those of random weights on the same seeds
returns() { vr-dump -q -H -i /trials/task -i /trials/return "$1"; }
vr-record -q -n "$TRIALS" --seconds "$SECONDS_EACH" -s "$SEED" lstm3-skips.conf > "$quick"
{
  returns "$quick"
  echo
  returns "$OUT/rec.h5"
} | awk -F '\t' '
  !NF { own = 1; next }
  !own { n[$1]++; sum[$1] += $2; squares[$1] += $2 * $2; next }
  { m[$1]++; mine[$1] += $2 }
  END {
    print "task\treturn\trandom weights\tsd"
    for (t in m) {
      mean = sum[t] / n[t]
      sd = n[t] > 1 ? sqrt((squares[t] - n[t] * mean * mean) / (n[t] - 1)) : 0
      printf "%s\t%g\t%g\t%g\n", t, mine[t] / m[t], mean, sd
    }
  }' > "$OUT/fig01-returns.tsv"
claim 52 "$(awk -F '\t' 'NR > 1 { x = ($2 - $3) / ($4 > 1 ? $4 : 1); if (!n++ || x < least) least = x } END { print least }' \
  "$OUT/fig01-returns.tsv")"
rm -f "$OUT/fig01.tmp"
