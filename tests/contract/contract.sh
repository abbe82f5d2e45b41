#!/bin/bash
# contract.sh BIN/vr-NAME -- what every tool promises, whatever it computes: one clear line and exit 1
# for bad input and full disks, 2 for misuse, nothing half-written, the same bytes again, no crash on
# a hostile file. What it must know of the tool stands in tools.tsv.
set -u
. tests/lib.sh
tool=$(basename "$1") tmp=$(scratch)
row=$(grep -P "^$tool\t" tests/contract/tools.tsv)
if [ -z "$row" ]; then
  tap 1 "$tool has a row in tests/contract/tools.tsv"
  tap_end
fi
IFS=$'\t' read -r _ input output data nan words <<< "$row"
IFS=' ' read -r -a args <<< "$words"
good=$(tests/contract/fixtures.sh "$input") || { tap 1 "$tool: the fixture $input can be made"; tap_end; }
export TMPDIR=$tmp/tmp
mkdir "$TMPDIR"
out=$tmp/out err=$tmp/err

# run INPUT [ARGUMENT ...] -- runs the tool, with 20 s to end in; sets status
run() {
  local from=$1
  shift
  timeout -k 2 "${VR_CONTRACT_SECONDS:-60}" "$tool" "${args[@]}" "$@" < "$from" > "$out" 2> "$err"
  status=$?
}
lines() { wc -l < "$err"; }

# fails NAME [STATUS] -- the last run ended with STATUS (1), one line on stderr and no output
fails() {
  local want=${2:-1} why=
  [ $status = "$want" ] || why="exit status $status, not $want"
  [ -s "$out" ] && why="$why; output on stdout"
  [ "$(lines)" = 1 ] || why="$why; $(lines) lines on stderr"
  grep -q "^$tool: " "$err" || why="$why; the line does not start with '$tool: '"
  [ -z "$why" ]
  tap $? "$tool: $1${why:+ (${why#; })}" "$err"
}
# survives NAME -- the last run ended by itself, and did not read what was outside of its file
survives() {
  local why=
  case $status in 0 | 1 | 2) ;; *) why="exit status $status" ;; esac
  grep -aqE '12345\.6|SSSSSSSS' "$out" && why="$why; it read another file"
  [ -z "$why" ]
  tap $? "$tool: $1${why:+ (${why#; })}" "$err"
}

# -- the command line --
timeout 20 "$tool" --help > "$out" 2> "$err"
[ $? = 0 ] && [ -s "$out" ] && [ ! -s "$err" ]
tap $? "$tool: --help goes to stdout" "$err"
[ "$(timeout 20 "$tool" -h)" = "$(cat "$out")" ]
tap $? "$tool: -h is --help"
timeout 20 "$tool" --version > "$out" 2> "$err"
[ $? = 0 ] && grep -q "^$tool [0-9]" "$out"
tap $? "$tool: --version names it" "$out" "$err"
run "$good" --no-such-option
fails "an unknown option is misuse" 2
timeout 20 "$tool" --help-table > "$tmp/table" 2> "$err"
tap $? "$tool: --help-table" "$err"
has() { cut -f 2 "$tmp/table" | grep -qx -- "$1"; }
letter=$(awk -F '\t' '$3 == "int" { print $2; exit }' "$tmp/table")
if [ -n "$letter" ]; then
  run "$good" "--$letter=seven"
  fails "a number that is none is misuse" 2
fi

# -- a good run: the same bytes again, with one thread and two, to a file --
run "$good"
if no_gl "$err"; then
  skip "$tool: all but the command line" "no OpenGL here"
  tap_end
fi
[ $status = 0 ] && [ -s "$out" ]
tap $? "$tool: a good run (exit status $status)" "$err"
cp "$out" "$tmp/good"
run "$good"
cmp -s "$out" "$tmp/good"
tap $? "$tool: the same bytes again"
if has threads; then
  run "$good" -@1
  cp "$out" "$tmp/one"
  run "$good" -@2
  cmp "$tmp/one" "$out" > "$tmp/diff" 2>&1
  tap $? "$tool: the same bytes from one thread and from two" "$tmp/diff"
fi
if has output; then
  run "$good" -o "$tmp/file"
  [ $status = 0 ] && [ ! -s "$out" ] && [ -s "$tmp/file" ]
  tap $? "$tool: -o writes the file and nothing else" "$err"
  run "$good" -o "$tmp/none/file"
  fails "-o where it cannot write"
  [ ! -e "$tmp/none" ]
  tap $? "$tool: which leaves nothing"
fi
left=$(ls -A "$TMPDIR")
[ -z "$left" ]
tap $? "$tool: nothing is left in TMPDIR ($left)"

# -- where the output goes --
run_to() { (timeout -k 2 60 "$tool" "${args[@]}" < "$good" > "$1" 2> "$err"); status=$?; : > "$out"; }
run_to /dev/full
fails "a full disk"
# the reader is gone before the first byte
(sleep 0.1; timeout -k 2 60 "$tool" "${args[@]}" < "$good" 2> "$err"; echo $? > "$tmp/status") | :
status=$(cat "$tmp/status")
: > "$out"
fails "a closed pipe"
if [ "$output" = stream ] && ! script -qefc true /dev/null > /dev/null 2>&1 < /dev/null; then
  skip "$tool: no HDF5 to a terminal" "no pseudo-terminals here"
elif [ "$output" = stream ]; then
  script -qefc "$tool ${args[*]} < $good" /dev/null > "$out" 2>&1 < /dev/null
  status=$?
  [ $status = 2 ] && ! grep -aq HDF "$out"
  tap $? "$tool: no HDF5 to a terminal (exit status $status)" "$out"
fi

# -- bad input --
if [ "$input" != none ]; then
  run /dev/null
  fails "empty input"
  run /dev/null "$tmp/absent.h5"
  fails "a file that is not there"
  run /dev/null "$tmp"
  fails "a folder"
  sh -c 'kill -9 $$' | timeout 20 "$tool" "${args[@]}" > "$out" 2> "$err"
  status=$?
  fails "the upstream was killed"
fi
if [ "$input" = rec ] || [ "$input" = map ] || [ "$input" = rat ]; then
  cat Makefile > "$tmp/text"
  run "$tmp/text"
  fails "text"
  # 20 lengths, the same ones in every run
  size=$(stat -c %s "$good") bad_cut=
  for n in $(awk -v size="$size" 'BEGIN { srand(7); for (i = 0; i < 20; i++) print int(1 + rand() * (size - 1)) }'); do
    head -c "$n" "$good" > "$tmp/cut"
    run "$tmp/cut"
    [ $status = 1 ] && [ ! -s "$out" ] && [ "$(lines)" = 1 ] || bad_cut="$bad_cut $n:$status"
  done
  [ -z "$bad_cut" ]
  tap $? "$tool: cut at 20 lengths (bytes:status$bad_cut)" "$err"
  cat "$good" "$tmp/cut" > "$tmp/second"
  run "$tmp/second"
  fails "the second image is cut"
fi

# -- ended in the middle of its input --
if [ "$input" = rec ] || [ "$input" = map ]; then
  mkfifo "$tmp/fifo"
  "$tool" "${args[@]}" < "$tmp/fifo" > "$out" 2> "$err" &
  pid=$!
  exec 8> "$tmp/fifo"
  head -c $((size / 2)) "$good" >&8
  sleep 0.1
  kill -TERM $pid
  wait $pid 2> /dev/null
  status=$?
  exec 8>&-
  left=$(ls -A "$TMPDIR")
  [ $status -ne 0 ] && [ ! -s "$out" ] && [ -z "$left" ]
  tap $? "$tool: ended in the middle of its input, it leaves nothing (exit status $status; $left)" "$err"
fi

# -- a temporary folder that is full --
if [ "$output" = stream ] || [ "$input" = rec ] || [ "$input" = map ]; then
  if unshare -rm true 2> /dev/null; then
    cat > "$tmp/full.sh" <<'EOF'
mount -t tmpfs -o size=16k none "$TMPDIR" || exit 77
shift
exec timeout -k 2 60 "$@"
EOF
    unshare -rm sh "$tmp/full.sh" x "$tool" "${args[@]}" < "$good" > "$out" 2> "$err"
    status=$?
    if [ $status = 77 ]; then skip "$tool: TMPDIR is full" "no tmpfs here"
    elif [ "$output" = stream ]; then fails "TMPDIR is full"
    else survives "TMPDIR is full"; fi
  else
    skip "$tool: TMPDIR is full" "no user namespaces here"
  fi
fi

# -- hostile files --
if [ "$data" != - ] && [ "$input" != none ]; then
  for how in nan rank rows kind external-link external-data virtual absurd overflow; do
    cp "$good" "$tmp/spoiled.h5"
    "$B/tests/contract/spoil" $how "$tmp/spoiled.h5" "$data" 2> "$err" ||
      { tap 1 "$tool: $how can be made" "$err"; continue; }
    run "$tmp/spoiled.h5"
    # a link that is not followed may also be taken for nothing there
    if [ "$nan" = refuse ] && [ $how != external-link ]; then fails "$data spoiled: $how"; else survives "$data spoiled: $how"; fi
    if [ $how = nan ] && [ "$nan" = refuse ]; then
      grep -q -- "$data.*row 3" "$err"
      tap $? "$tool: which tells dataset and row" "$err"
    fi
  done
fi
left=$(ls -A "$TMPDIR")
[ -z "$left" ]
tap $? "$tool: nothing is left in TMPDIR after failures ($left)"
tap_end
