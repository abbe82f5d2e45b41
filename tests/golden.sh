#!/bin/bash
# golden.sh [--update] DIR -- a golden case: runs DIR/cmd with sh in an empty folder and compares
#   out      standard output, number by number (see tests/compare), with the tolerances in
#   tol      REL [ABS], exact when there is none
#   status   exit status, 0 when there is none
#   err      standard error, only when there is one
# A case that cannot run on this machine exits with 77 and says why on standard error.
# $SRC is the root of the sources; the tools are in PATH.
set -u
. tests/lib.sh
update=
[ "$1" = --update ] && { update=1; shift; }
dir=$SRC/$1 name=${1#tests/golden/} tmp=$(scratch)
[ -e "$dir/cmd" ] || { echo "no such case: $1/cmd" >&2; exit 2; }

mkdir "$tmp/here" "$tmp/tmp"
(cd "$tmp/here" && TMPDIR=$tmp/tmp sh "$dir/cmd" > "$tmp/out" 2> "$tmp/err" < /dev/null)
status=$?

if [ -n "$update" ]; then
  cp "$tmp/out" "$dir/out"
  if [ $status = 0 ]; then rm -f "$dir/status"; else echo $status > "$dir/status"; fi
  if [ -e "$dir/err" ]; then cp "$tmp/err" "$dir/err"; elif [ -s "$tmp/err" ]; then cat "$tmp/err" >&2; fi
  echo "$1: out written, $(wc -l < "$dir/out") lines, exit status $status. Read it before you commit it."
  exit 0
fi

if [ $status = 77 ]; then
  skip "$name" "$(tail -n 1 "$tmp/err")"
  tap_end
fi
want=0
[ -e "$dir/status" ] && want=$(cat "$dir/status")
[ $status = "$want" ]
tap $? "$name: exit status $want (got $status)" "$tmp/err"
# shellcheck disable=SC2046
perl tests/compare "$dir/out" "$tmp/out" $(cat "$dir/tol" 2>/dev/null) > "$tmp/diff" 2>&1
tap $? "$name: output" "$tmp/diff" "$tmp/err"
if [ -e "$dir/err" ]; then
  diff "$dir/err" "$tmp/err" > "$tmp/diff"
  tap $? "$name: messages" "$tmp/diff"
fi
left=$(ls "$tmp/tmp")
[ -z "$left" ]
tap $? "$name: nothing left in TMPDIR ($left)"
tap_end
