# lib.sh -- what the figures share. Sourced by figNN.sh; needs the tools in PATH.
#   SIZE    tiny (minutes on two cores) or paper (the numbers of the paper)
#   OUT     folder of the results: figures/SIZE
#   POLICY  a policy, or an architecture *.conf, whose random weights then act (as without any policy)
#   NETWORKS  further ones, for the claims about architectures (figures 5 and 6)
#   SEED    of the trials and of everything drawn
#   TRIALS, SECONDS_EACH, K (clusters), NULLS (draws of a null): other numbers than those of SIZE
SIZE=${SIZE:-tiny} SEED=${SEED:-1}
OUT=${OUT:-figures/$SIZE}
here=${0%/*}
: "${POLICY:=$([ -e "$here/../share/policy/rat.policy" ] && echo "$here/../share/policy/rat.policy" || echo lstm3-skips.conf)}"
TASKS='gaps maze bowl twotap'
fig=${0##*/} fig=${fig%.sh}
case $SIZE in
  tiny) set_to='TRIALS=3 SECONDS_EACH=10 K=20 NULLS=99 LEAST_FRAMES=5 LEAST_CLUSTERS=6' ;;
  paper) set_to='TRIALS=25 SECONDS_EACH=30 K=50 NULLS=1000 LEAST_FRAMES=20 LEAST_CLUSTERS=10' ;;
  *) echo "$fig: SIZE=$SIZE: there is tiny and paper" >&2; exit 2 ;;
esac
for word in $set_to; do # what the environment does not say
  eval ": \"\${${word%%=*}:=${word#*=}}\""
done
mkdir -p "$OUT"
rm -f "$OUT/$fig.claims"

say() { printf '%s: %s\n' "$fig" "$*" >&2; }

# The network in all tasks, with eigenpostures and all bands: made once for all figures, and again when
# the policy or the numbers change.
recording() {
  made_by="$([ ! -e "$POLICY" ] || cksum < "$POLICY") ${POLICY##*/} seed $SEED, $TRIALS trials of $SECONDS_EACH s"
  [ ! -e "$OUT/rec.h5" ] || [ "$(cat "$OUT/rec.txt")" != "$made_by" ] || return 0
  rm -f "$OUT/rec.h5" "$OUT/cka.tsv" "$OUT/taps.h5"
  echo "$made_by" > "$OUT/rec.txt"
  say "records $TRIALS trials of $SECONDS_EACH s in each task with ${POLICY##*/}"
  vr-record -q -n "$TRIALS" --seconds "$SECONDS_EACH" -s "$SEED" \
    --task gaps --task maze --task bowl --task twotap "$POLICY" |
    vr-eigenposture -q | vr-wavelet -q -o "$OUT/rec.h5"
}

# Clusters of every set of features and the similarities of layers over them, once for all figures:
# cka.h5, and its table as cka.tsv.
similarities() {
  recording
  [ ! -e "$OUT/cka.tsv" ] || return 0
  vr-kmeans -q -s "$SEED" -k "$K" --each "$OUT/rec.h5" |
    vr-cka -q -s "$SEED" -n "$NULLS" --shifts "$NULLS" --deals "$NULLS" --frames "$LEAST_FRAMES" --least "$LEAST_CLUSTERS" -o "$OUT/cka.h5"
  vr-dump -q -i /cka -o "$OUT/cka.tsv" "$OUT/cka.h5"
}

# What a title adds: how the network came by what it does.
mark() {
  frames=$(vr-dump -q -a trained_frames -i /neural "$OUT/rec.h5")
  taught=$(vr-dump -q -a labelled_frames -i /neural "$OUT/rec.h5")
  if [ "$frames" = 0 ]; then echo ' (untrained network)'
  elif [ "$taught" = "$frames" ]; then echo ' (network taught by scripted teachers)'
  elif [ "$taught" = 0 ]; then echo ' (network trained by reward)'
  else echo ' (network taught by scripted teachers, then trained by reward)'; fi
}

# Names of the recurrent layers, the core first; the last one.
layers() { vr-dump -q -a layers -i /neural "$OUT/rec.h5"; }
last_layer() { layers | awk '{ print $NF }'; }
# The activity of all of them, as options: to be split into words.
activity() { for layer in $(layers); do printf ' -i /neural/%s/c' "$layer"; done; }

# numbers FILE PATH...: the rows of datasets, without names.
numbers() {
  from=$1
  shift
  for path; do set -- "$@" -i "$path"; shift; done
  vr-dump -q -H "$@" "$from"
}

# claim N VALUE [NULL]: the number behind claim N of claims.tsv, and what chance gives.
claim() { printf '%s\t%s\t%s\n' "$1" "$2" "${3:--}" >> "$OUT/$fig.claims"; }
# unclaimed N WHY: there is no such number here, and why.
unclaimed() { printf '%s\t-\t%s\n' "$1" "$2" >> "$OUT/$fig.claims"; }

# cka COLUMN KIND LABELS A B [TASK TASK]: a number of cka.tsv, "-" where there were too few clusters
cka() {
  awk -F '\t' -v want="$1" -v kind="$2" -v labels="$3" -v a="$4" -v b="$5" -v ta="${6:-all}" -v tb="${7:-all}" '
    NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
    $at["kind"] == kind && $at["labels"] == labels && $at["a"] == a && $at["b"] == b &&
      $at["task_a"] == ta && $at["task_b"] == tb { print $at[want]; found = 1; exit }
    END { if (!found) print "-" }' "$OUT/cka.tsv"
}

# beyond "NULLS" STATISTIC: a number computed from similarities (debiased) of cka.h5, and what 95 % of the draws of a
# null stay below, of several nulls (shifts, deals) the highest; "- -" where there were too few clusters. The statistic is
# awk: encodes(SET, LAYER), alike(LAYER, LAYER) over clusters of behaviour, across(SET, LAYER, TASK, TASK), and what is made
# of them below; the layers are core and policy[1 .. deep].
beyond() {
  for null in $1; do
    vr-dump -q -H -i /cka/kind -i /cka/labels -i /cka/a -i /cka/b -i /cka/task_a -i /cka/task_b \
      -i /cka/debiased -i "/cka/$null/debiased" "$OUT/cka.h5" | awk -F '\t' -v names="$(layers)" -v all="$TASKS" '
      BEGIN {
        deep = split(names, policy, " ") - 1
        for (k = 1; k <= deep; k++) policy[k] = policy[k + 1]
        tasks = split(all, task, " ")
      }
      function is(row) { return (row, 7) in x }
      function take(row) { if (!is(row)) few = 1; return x[row, d] }
      function encodes(set, layer) { return take("features " set " " layer " " set " all all") }
      function alike(a, b) { return take("layers behaviour " a " " b " all all") }
      function pair(set, layer, s, t) { return "tasks " set " " layer " " layer " " s " " t }
      function across(set, layer, s, t) { return take(pair(set, layer, s, t)) }
      function least(a, b) { return a < b ? a : b }
      function mean_encodes(set,   k, sum) {
        for (k = 1; k <= deep; k++) sum += encodes(set, policy[k])
        return sum / deep
      }
      # by how much a layer exceeds the best of the other layers of the policy
      function lead(set, layer,   k, best) {
        best = -2
        for (k = 1; k <= deep; k++)
          if (policy[k] != layer && encodes(set, policy[k]) > best) best = encodes(set, policy[k])
        return encodes(set, layer) - best
      }
      function mean_alike(with_core,   j, k, n, sum) {
        for (j = 1; j <= deep; j++)
          if (with_core) { sum += alike("core", policy[j]); n++ }
          else for (k = j + 1; k <= deep; k++) { sum += alike(policy[j], policy[k]); n++ }
        return sum / n
      }
      # over the pairs of tasks that have enough clusters of both
      function mean_across_less(set, other, layer,   i, j, n, sum) {
        for (i = 1; i <= tasks; i++) for (j = i + 1; j <= tasks; j++) {
          if (!is(pair(set, layer, task[i], task[j])) || !is(pair(other, layer, task[i], task[j]))) continue
          sum += across(set, layer, task[i], task[j]) - across(other, layer, task[i], task[j])
          n++
        }
        if (!n) few = 1
        return n ? sum / n : 0
      }
      function statistic() { return '"$2"' }
      { for (i = 7; i <= NF; i++) x[$1 " " $2 " " $3 " " $4 " " $5 " " $6, i] = $i; fields = NF }
      END {
        d = 7
        value = statistic()
        if (few) { print "-", "-"; exit }
        for (d = 8; d <= fields; d++) {
          r = statistic()
          for (k = d; k > 8 && null[k - 1] > r; k--) null[k] = null[k - 1]
          null[k] = r
        }
        print value, null[8 + int(0.95 * (fields - 7))]
      }'
  done | awk '{ value = $1; if (NR == 1 || $2 > null) null = $2 } END { print value, null }'
}

# exceeds N "NULLS" STATISTIC: claim N, which is that a number is beyond its nulls
exceeds() {
  # shellcheck disable=SC2046 # two words
  set -- "$1" $(beyond "$2" "$3")
  if [ "$2" = - ]; then claim "$1" - "$few"; else claim "$1" "$2" "$3"; fi
}

# two_taps: all layers around the second tap, in taps.h5, made once for figures 7 and 11; 1 and $why where there are too
# few taps.
two_taps() {
  recording
  [ ! -e "$OUT/taps.h5" ] || return 0
  vr-select -q --task twotap -o "$OUT/taps.tmp.h5" "$OUT/rec.h5"
  made=0
  # shellcheck disable=SC2046 # options
  attempt vr-align -q -x -s "$SEED" -e second-tap --inside=-0.75:-0.05 --surrogates "$NULLS" $(activity) \
    -o "$OUT/taps.h5" "$OUT/taps.tmp.h5" || made=1
  rm "$OUT/taps.tmp.h5"
  # of fewer windows vr-align tells no statistic
  if [ $made = 0 ]; then
    windows=$(vr-dump -q -H -i /sequence/neural/core/c/window "$OUT/taps.h5" | wc -l)
    if [ "$windows" -lt 10 ]; then
      rm "$OUT/taps.h5"
      why="$windows windows around second taps, 10 are needed"
      say "$why"
      made=1
    fi
  fi
  return $made
}

# locked FILE LAYER EVENT PLANE: how much the phase in a plane of jPCs is the same at all events of a name (length of
# the mean of unit vectors), and what 95 % of as many frames by chance stay below; "- why" with fewer than 10.
locked() {
  {
    vr-dump -q -H -i /events/name -i /events/trial -i /events/time "$1" 2> /dev/null || :
    echo
    vr-dump -q -H -T -t -i "/jpca/neural/$2/c/scores" "$1"
  } | awk -F '\t' -v name="$3" -v plane="$4" -v seed="$SEED" -v draws="$NULLS" '
    function together(of, n,   i, s, c) {
      for (i = 1; i <= n; i++) { s += sin(angle[of[i]]); c += cos(angle[of[i]]) }
      return sqrt(s * s + c * c) / n
    }
    !NF { frames = 1; next }
    !frames { if ($1 == name) { n++; trial[n] = $2; time[n] = $3 } next }
    { m++; angle[m] = atan2($(2 + 2 * plane), $(1 + 2 * plane)); at[$1, int($2 * 50 + 0.5)] = m }
    END {
      for (i = 1; i <= n; i++) if ((k = at[trial[i], int(time[i] * 50 + 0.5)])) of[++found] = k
      if (found < 10) { print "-", found + 0 " " name "s, 10 are needed"; exit }
      x = together(of, found)
      srand(seed)
      for (d = 1; d <= draws; d++) {
        for (i = 1; i <= found; i++) by[i] = 1 + int(rand() * m)
        r = together(by, found)
        for (k = d; k > 1 && null[k - 1] > r; k--) null[k] = null[k - 1]
        null[k] = r
      }
      print x, null[int(0.95 * draws) + 1]
    }'
}

# attempt COMMAND...: runs it; where it says that there is too little of something, that is $why and 1
attempt() {
  if "$@" 2> "$OUT/$fig.why"; then
    rm -f "$OUT/$fig.why"
    return 0
  fi
  why=$(tail -n 1 "$OUT/$fig.why")
  rm -f "$OUT/$fig.why"
  say "$why"
  return 1
}
few='too few clusters: see the notes of vr-cka'

# Of numbers, one a line, "-" among them when one is missing: their mean; and the difference of two.
mean() { awk '$1 == "-" { bad = 1 } { sum += $1 } END { print bad || !NR ? "-" : sum / NR }'; }
less() { echo "$1 $2" | awk '$1 == "-" || $2 == "-" { print "-"; exit } { print $1 - $2 }'; }
