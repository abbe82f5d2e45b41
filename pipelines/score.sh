#!/bin/sh -eu
# score.sh -- how well a network plays the four tasks, beside the scripted teacher, two poses and a
# network that never learned: a table on stdout and in score.tsv.
#   WHO      who plays: policy teacher hold zero untrained
#   PHYSICS  time steps of the physics, s: 0.001 (release) 0.002 (train)
# Columns: return and its spread over the trials; `done`, the number by which a task counts as solved
# (gaps: share of trials with a return of 900; maze: share of the orbs; bowl: share of trials that
# leave it; twotap: share of first taps followed by one in time); `more` (gaps crossed, orbs taken,
# farthest m from the centre, pairs of taps; all by trial).
TRIALS=${TRIALS:-25} SECONDS_EACH=${SECONDS_EACH:-0}
. "${0%/*}/lib.sh"
WHO=${WHO:-policy teacher hold zero untrained} PHYSICS=${PHYSICS:-0.001 0.002}

# Orbs of all mazes of the trials.
orbs=$(for k in $(seq 0 $((TRIALS - 1))); do vr-world -q --text -s "$SEED" --trial "$k" maze; done |
  awk '$1 == "orb"' | wc -l)

# number of events of a kind; of one that does nothing there may be none of any
count() {
  vr-dump -q -l "$1" | grep -q '^/events/name ' || { echo 0; return; }
  vr-dump -q -H -i /events/name "$1" | grep -c -x "$2" || :
}
share() { awk -v a="$1" -v b="$2" 'BEGIN { print b ? a / b : "-" }'; }

# mean over trials of the greatest distance from the centre
farthest() {
  vr-dump -q -H -i /trial -i /pose/root "$1" | awk '{ r = sqrt($2 * $2 + $3 * $3); if (r > far[$1]) far[$1] = r }
    END { for (t in far) { sum += far[t]; n++ } print sum / n }'
}

# done and more of a recording of a task
measure() {
  case $1 in
    gaps)
      won=$(numbers "$2" /trials/return | awk '$1 >= 900' | wc -l)
      echo "$(share "$won" "$TRIALS") $(share "$(count "$2" jump)" "$TRIALS")" ;;
    maze) echo "$(share "$(count "$2" orb)" "$orbs") $(share "$(count "$2" orb)" "$TRIALS")" ;;
    bowl) echo "$(share "$(count "$2" escape)" "$TRIALS") $(farthest "$2")" ;;
    twotap)
      pairs=$(count "$2" second-tap)
      echo "$(share "$pairs" "$(count "$2" first-tap)") $(share "$pairs" "$TRIALS")" ;;
  esac
}

printf 'who\tphysics\ttask\ttrials\treturn\tspread\tdone\tmore\n' | tee "$OUT/score.tsv"
for who in $WHO; do
  case $who in
    policy) player=$POLICY ;;
    untrained) player=${UNTRAINED:-lstm3-skips.conf} ;;
    *) player=$who ;;
  esac
  for step in $PHYSICS; do
    for task in $TASKS; do
      vr-record -q -n "$TRIALS" --seconds "$SECONDS_EACH" -s "$SEED" --physics-step "$step" --task "$task" -o "$OUT/score.h5" "$player"
      measure "$task" "$OUT/score.h5" > "$OUT/score.tmp"
      read -r won more < "$OUT/score.tmp"
      numbers "$OUT/score.h5" /trials/return |
        awk -v OFS='\t' -v who="$who" -v step="$step" -v task="$task" -v won="$won" -v more="$more" '
          { n++; sum += $1; square += $1 * $1 }
          END { m = sum / n; v = square / n - m * m; print who, step, task, n, m, sqrt(v > 0 ? v : 0), won, more }'
    done
  done
done | tee -a "$OUT/score.tsv"
rm -f "$OUT/score.tmp" "$OUT/score.h5"
