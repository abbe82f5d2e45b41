#!/bin/sh -eu
# fig10.sh -- the last layer through a stride, in every task, sorted by every other; claim 36.
. "${0%/*}/lib.sh"
recording
last=$(last_layer)
of="/sequence/neural/$last/c"
ran=
for task in $TASKS; do
  strides() { vr-select -q --task "$task" "$OUT/rec.h5" | vr-events -q stride | "$@"; }
  rm -f "$OUT/fig10-$task.h5"
  if attempt strides vr-align -q -x -s "$SEED" -e stride --phase 20 --show abs-mean --surrogates "$NULLS" -i "/neural/$last/c" \
    -o "$OUT/fig10-$task.h5"; then
    ran="$ran $task"
    vr-dump -q -H -i "$of/unit" -i "$of/peak" "$OUT/fig10-$task.h5" > "$OUT/fig10-$task.tmp"
    vr-plot sequence -i "$of" -t "$task: $last through a stride$(mark)" -o "$OUT/fig10-$task.svg" "$OUT/fig10-$task.h5"
  fi
done

# Circular correlation of the units' phases in two tasks (Jammalamadaka and SenGupta), and the 95 % quantile over
# shuffles of the units.
printf 'task\ttask\tcorrelation\tnull\n' > "$OUT/fig10.tsv"
for a in $ran; do
  for b in $ran; do
    [ "$a" \< "$b" ] || continue
    awk -F '\t' -v seed="$SEED" -v draws="$NULLS" -v pair="$a	$b" '
      function middle(x, n,   i, s, c) { for (i = 1; i <= n; i++) { s += sin(x[i]); c += cos(x[i]) } return atan2(s, c) }
      function correlation(x, y, n,   i, mx, my, u, v, xy, xx, yy) {
        mx = middle(x, n); my = middle(y, n)
        for (i = 1; i <= n; i++) { u = sin(x[i] - mx); v = sin(y[i] - my); xy += u * v; xx += u * u; yy += v * v }
        return xy / sqrt(xx * yy)
      }
      BEGIN { tau = 8 * atan2(1, 1); srand(seed) }
      FNR == NR { phase[$1] = $2; next }
      $1 in phase { x[++n] = tau * phase[$1]; y[n] = tau * $2 }
      END {
        found = correlation(x, y, n)
        for (d = 1; d <= draws; d++) {
          for (i = n; i > 1; i--) { j = 1 + int(rand() * i); t = y[i]; y[i] = y[j]; y[j] = t }
          r = correlation(x, y, n)
          for (k = d; k > 1 && null[k - 1] > r; k--) null[k] = null[k - 1]
          null[k] = r
        }
        printf "%s\t%g\t%g\n", pair, found, null[int(0.95 * draws) + 1]
      }' "$OUT/fig10-$a.tmp" "$OUT/fig10-$b.tmp" >> "$OUT/fig10.tsv"
  done
done
rm -f "$OUT"/fig10-*.tmp
awk -F '\t' 'NR > 1 { if (!n++ || $3 - $4 < least) { least = $3 - $4; x = $3; null = $4 } }
  END { print n ? x " " null : "- -" }' "$OUT/fig10.tsv" > "$OUT/fig10.tmp"
read -r x null < "$OUT/fig10.tmp"
rm "$OUT/fig10.tmp"
[ "$x" != - ] || null="strides in fewer than two tasks"
claim 36 "$x" "$null"
