#!/bin/sh -eu
# claims.sh FOLDER -- what the paper claims (claims.tsv) beside what the figures in FOLDER measured
# (figNN.claims): a table of number, null and verdict.
here=${0%/*}
out=${1:-figures/${SIZE:-tiny}}
[ -e "$out/rec.h5" ] || { echo "claims: no figures in $out: run \`make figures\` first" >&2; exit 1; }
trained=$(vr-dump -q -a trained_frames -i /neural "$out/rec.h5")
cat "$out"/*.claims | awk -F '\t' -v OFS='\t' -v trained="$trained" '
  FNR == NR { value[$1] = $2; null[$1] = $3; next }
  /^#/ || /^claim/ { next }
  # does x satisfy the rule, with this null?
  function holds(x, rule, chance,   part, limit) {
    if (split(rule, part, /\.\./) == 2) return x >= part[1] && x <= part[2]
    split(rule, part, " ")
    limit = part[2] == "null" ? chance : part[2]
    if (limit == "-") return -1
    x += 0; limit += 0
    if (part[1] == "=") return x == limit
    if (part[1] == ">=") return x >= limit
    if (part[1] == "<=") return x <= limit
    return part[1] == ">" ? x > limit : x < limit
  }
  BEGIN { print "claim", "figure", "measured", "null", "holds when", "verdict", "what", "statistic" }
  {
    x = $1 in value ? value[$1] : "-"; chance = $1 in null ? null[$1] : "-"
    untold = !($1 in value)
    if (x == "-") verdict = untold ? "not measured: its figure was not made" : "no number: " chance
    else {
      ok = holds(x, $4, chance)
      verdict = ok < 0 ? "no null" : ok ? "holds" : "fails"
    }
    if ($3 == "T" && trained == 0) verdict = "not yet: needs trained policy"
    if (x == "-" || chance !~ /^[-+0-9.e]+$/) chance = "-" # else it says why there is no number
    count[verdict ~ /^(holds|fails|not yet)/ ? verdict : "no number"]++
    print $1, $2, x, chance, $4, verdict, $6, $5
  }
  END {
    for (v in count) line = line (line ? ", " : "") count[v] " " v
    print line > "/dev/stderr"
  }' - "$here/claims.tsv"
