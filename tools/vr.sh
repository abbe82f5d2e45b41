#!/bin/sh
# vr -- runs a tool by its short name: `vr wavelet ARGS` runs vr-wavelet; `vr` lists the tools.
set -u
here=$(dirname "$(readlink -f "$0")")

# The tools by purpose; one that is in no line is listed last.
purposes='Animals and bodies: world simulate gait train record ablate render
Recordings of a laboratory: import export
Behaviour: eigenposture pca wavelet tsne watershed kmeans events align
Activity: psd jpca cka mds
Streams: cat select load dump stats history check plot'

tools() { (cd "$here" && ls -d vr-* 2>/dev/null | sed 's/^vr-//'); }

describe() { # NAME: a line of the list
  printf '  %-14s %s\n' "$1" "$("$here/vr-$1" --help-table 2>/dev/null | sed -n '1s/.*	//p')"
}

list() {
  left=" $(tools | tr '\n' ' ')"
  echo 'usage: vr TOOL [ARGUMENT ...]      vr TOOL --help      man vr'
  echo "$purposes" | {
    while IFS=: read -r purpose names; do
      head="$purpose"
      for name in $names; do
        case $left in *" $name "*) ;; *) continue ;; esac
        [ -z "$head" ] || { printf '\n%s\n' "$head"; head=; }
        describe "$name"
        left="${left%%" $name "*} ${left#*" $name "}"
      done
    done
    left=$(echo $left)
    [ -z "$left" ] || { printf '\nOthers\n'; for name in $left; do describe "$name"; done; }
  }
}

# The tool whose name is the fewest edits away (swaps count one), if they are few enough.
nearest() {
  tools | awk -v a="$1" '
    function min(x, y) { return x < y ? x : y }
    function edits(a, b,   n, m, i, j, d, c) {
      n = length(a); m = length(b)
      for (i = 0; i <= n; i++) d[i, 0] = i
      for (j = 0; j <= m; j++) d[0, j] = j
      for (i = 1; i <= n; i++) for (j = 1; j <= m; j++) {
        c = substr(a, i, 1) != substr(b, j, 1)
        d[i, j] = min(min(d[i-1, j] + 1, d[i, j-1] + 1), d[i-1, j-1] + c)
        if (i > 1 && j > 1 && substr(a, i, 1) == substr(b, j-1, 1) && substr(a, i-1, 1) == substr(b, j, 1))
          d[i, j] = min(d[i, j], d[i-2, j-2] + 1)
      }
      return d[n, m]
    }
    { k = index($0, a) == 1 ? 1 : edits(a, $0); if (best == "" || k < least) { best = $0; least = k } }
    END { if (best != "" && least <= 1 + length(a) / 3) print best }'
}

[ $# -gt 0 ] || { list; exit 0; }
name=${1#vr-}
case $1 in
-h | --help | help)
  if [ $# -gt 1 ]; then name=${2#vr-}; set -- "$name" --help; else list; exit 0; fi ;;
-V | --version)
  first=$(tools | sed -n 1p)
  [ -n "$first" ] && "$here/vr-$first" --version | sed "1s/^vr-$first/vr-tools/"
  exit ;;
-*) echo "vr: no such option: $1; \`vr --help\` lists the tools" >&2; exit 2 ;;
esac
case $name in */* | '') found= ;; *) [ -x "$here/vr-$name" ] && found=1 || found= ;; esac
if [ -z "$found" ]; then
  near=$(nearest "$name")
  echo "vr: no tool '$name'${near:+, did you mean '$near'?} (\`vr\` lists them)" >&2
  exit 2
fi
shift
exec "$here/vr-$name" "$@"
