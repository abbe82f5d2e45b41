#!/bin/bash
# test_figures.sh -- every figure of the paper is drawn, smaller than SIZE=tiny, from a network that was
# never trained; and the table of claims has a verdict for each.
set -u
. tests/lib.sh
if [ "${MUJOCO:-yes}" = no ] || ! command -v gnuplot > /dev/null; then
  skip "figures" "no engine, or no gnuplot"
  tap_end
fi
tmp=$(scratch)
export OUT=$tmp/out POLICY=lstm1.conf TRIALS=2 SECONDS_EACH=5 K=10 NULLS=39
for script in pipelines/fig*.sh; do
  fig=${script##*/} fig=${fig%.sh}
  "$script" > "$tmp/err" 2>&1
  tap $? "$fig runs" "$tmp/err"
done
for f in "$OUT"/*.svg; do tail -n 2 "$f" | grep -q '</svg>' || echo "$f"; done > "$tmp/svg"
[ ! -s "$tmp/svg" ]
tap $? "every picture is whole" "$tmp/svg"
grep -l 'untrained network' "$OUT"/*.svg | wc -l > "$tmp/marked"
[ "$(cat "$tmp/marked")" = "$(find "$OUT" -name '*.svg' | wc -l)" ]
tap $? "every picture says that the network is untrained" "$tmp/marked"
ls "$OUT"/*.tmp* > "$tmp/left" 2> /dev/null
[ ! -s "$tmp/left" ]
tap $? "nothing is left lying about" "$tmp/left"

pipelines/claims.sh "$OUT" > "$tmp/claims" 2> "$tmp/err"
tap $? "claims" "$tmp/err"
[ "$(grep -c . "$tmp/claims")" = 53 ]
tap $? "52 claims" "$tmp/claims"
awk -F '\t' '$6 == "" || $6 ~ /not made/ { print; bad = 1 } END { exit bad }' "$tmp/claims" > "$tmp/open"
tap $? "each has a verdict" "$tmp/open"
for n in 1 2 3 4 5 6 8 9 10 14 23 38 40 51; do
  awk -F '\t' -v n=$n '$1 == n && $6 != "holds" { print }' "$tmp/claims"
done > "$tmp/broken"
[ ! -s "$tmp/broken" ]
tap $? "those that need no training hold" "$tmp/broken"
awk -F '\t' '$1 == 22 && $6 !~ /^not yet/ { print; exit 1 }' "$tmp/claims" > "$tmp/early"
tap $? "those that need training wait" "$tmp/early"
grep -i nan "$OUT"/*.tsv "$OUT"/*.claims > "$tmp/nan"
[ ! -s "$tmp/nan" ]
tap $? "no NaN" "$tmp/nan"

# second taps, but too few of them
vr-record -q -n 2 --seconds 3 -s 1 -o "$OUT/rec.h5" \
  --task twotap:reach=0,radius=0.5,height=0.1,tolerance=0.8,debounce=1.55,delay=60 "$POLICY"
pipelines/fig07.sh > "$tmp/err" 2>&1 && pipelines/fig11.sh >> "$tmp/err" 2>&1
tap $? "figures 7 and 11 of few second taps" "$tmp/err"
cat "$OUT"/fig07.claims "$OUT"/fig11.claims > "$tmp/claims"
[ "$(grep -c '[1-9] windows around second taps, 10 are needed' "$tmp/claims")" = 3 ]
tap $? "say that they are few" "$tmp/claims"
rm -r "$OUT"
tap_end
