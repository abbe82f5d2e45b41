#!/bin/sh -eu
# core.sh -- what a network would lose without its eye and without its core, and how well it knows
# what it will get: a table on stdout and in core.tsv.
#   GAMMA  discount of a control step, as it was trained
# Columns: return of the task, as it is, with the eye seeing grey, and with all cells of the core held
# at 0; share of the variance of discounted returns that its value explains.
TRIALS=${TRIALS:-10} SECONDS_EACH=${SECONDS_EACH:-0}
. "${0%/*}/lib.sh"
GAMMA=${GAMMA:-0.99}

play() { vr-record -q -n "$TRIALS" --seconds "$SECONDS_EACH" -s "$SEED" --task "$task" "$@" "$POLICY"; }
# mean return
gain() { vr-dump -q -H -i /trials/return | awk '{ sum += $1 } END { print sum / NR }'; }

# 1 less the variance of (return - value) over that of the return; the last value of a trial stands
# for what would have come after the time limit
explained() {
  numbers "$1" /trial /reward /discount /value | awk -v gamma="$GAMMA" '
    { trial[NR] = $1; reward[NR] = $2; discount[NR] = $3; value[NR] = $4 }
    END {
      for (i = NR; i > 0; i--) {
        if (i == NR || trial[i + 1] != trial[i]) { back = value[i]; continue }
        back = reward[i] + gamma * discount[i] * back
        n++; sum += back; square += back * back
        off = back - value[i]; osum += off; osquare += off * off
      }
      all = square / n - (sum / n) ^ 2; left = osquare / n - (osum / n) ^ 2
      print (all > 0 ? 1 - left / all : "-")
    }'
}

{
  printf 'task\treturn\tblind\tcore held\texplained\n'
  for task in $TASKS; do
    play -o "$OUT/core.h5"
    printf '%s\t%s\t%s\t%s\t%s\n' "$task" "$(gain < "$OUT/core.h5")" "$(play --blind | gain)" \
      "$(play --clamp 'core:*=0' | gain)" "$(explained "$OUT/core.h5")"
  done
} | tee "$OUT/core.tsv"
rm -f "$OUT/core.h5"
