#!/bin/bash
# test_train.sh -- a training that is killed, stopped or out of disk loses nothing: what is resumed ends
# in the bytes of an unbroken run. VR_LONG: ten kills, and a rat.
set -u
. tests/lib.sh
[ -x "$BIN/vr-train" ] || { skip "vr-train" "built without the engine"; tap_end; }
tmp=$(scratch)
err=$tmp/err

cat > "$tmp/tap.conf" <<'END'
inputs   flash signal
columns  2
actions  1
eye      none
features 0
mlp      16
core     16
policy   16
skips    yes
head     none
critic   none
private  0
values   1
floor    0.05
spread   0.5
END

toy=(vr-train "$tmp/tap.conf" -q --tasks toy-tap -n 20 --unroll 16 --replay 0.5)
rat=(vr-train runner.conf -q -a distil --tasks "flat:command=random,drop=0.5" -n 4 --unroll 10 --epochs 2)

# killed KILLS FRAMES COMMAND ...: kills a run again and again, goes on, and compares the end
killed() {
  local kills=$1 frames=$2 k=0 pid
  shift 2
  rm -f "$tmp/whole" "$tmp/cut"
  "$@" --frames "$frames" -c "$tmp/whole" -o "$tmp/whole.policy" 2> "$err" || return
  while [ $k -lt "$kills" ]; do
    "$@" --frames "$frames" -c "$tmp/cut" --save 0 $([ -e "$tmp/cut" ] && echo -r) -o "$tmp/cut.policy" 2>> "$err" &
    pid=$!
    sleep "0.$((RANDOM % 7 + 2))"
    kill -9 $pid 2> /dev/null
    wait $pid 2> /dev/null
    k=$((k + 1))
  done
  "$@" --frames "$frames" -c "$tmp/cut" $([ -e "$tmp/cut" ] && echo -r) -@1 -o "$tmp/cut.policy" 2>> "$err" || return
  cmp "$tmp/whole" "$tmp/cut" >> "$err" 2>&1
}

killed "$([ -n "${VR_LONG:-}" ] && echo 10 || echo 3)" 48000 "${toy[@]}"
tap $? "killed and resumed, it ends in the same bytes" "$err"
if [ -n "${VR_LONG:-}" ]; then
  killed 4 2000 "${rat[@]}"
  tap $? "so does a rat with its teacher" "$err"
fi

# a full disk: the old checkpoint stays whole, and the run says why it ends
"${toy[@]}" --frames 1280 -c "$tmp/full" -o "$tmp/full.policy" 2> "$err"
cp "$tmp/full" "$tmp/before"
(trap '' XFSZ; ulimit -f 16; "${toy[@]}" --frames 2560 -c "$tmp/full" -r -o "$tmp/full.policy") 2> "$err"
[ $? = 1 ] && [ "$(wc -l < "$err")" -ge 1 ] && grep -q "$tmp/full" "$err" && cmp -s "$tmp/full" "$tmp/before" &&
  [ ! -e "$tmp/full.new" ]
tap $? "a full disk leaves the old checkpoint whole" "$err"

# a signal: the round is finished, and both files are written
"${toy[@]}" --time 10m -c "$tmp/term" -o "$tmp/term.policy" 2> "$err" &
pid=$!
sleep 1
kill -TERM $pid
wait $pid
[ $? = 0 ] && vr-dump -l "$tmp/term.policy" > /dev/null 2>> "$err" && [ -s "$tmp/term" ]
tap $? "SIGTERM ends it in good order" "$err"

# a log without what clocks tell; a resumed run names its columns again
curves() {
  awk -F '\t' 'NR == 1 { for (i = 1; i <= NF; i++) clock[i] = $i ~ /^seconds$|frames_s$/ }
    NR == 1 || $1 != "round" { for (i = 1; i <= NF; i++) if (!clock[i]) printf "%s\t", $i; print "" }' "$1"
}

# alike A B: what was learned, and how it went
alike() {
  local d
  for d in param adam_v norm popart; do
    h5diff "$tmp/$1" "$tmp/$2" "/checkpoint/$d" >> "$err" 2>&1 || return
  done
  curves "$tmp/$1.tsv" > "$tmp/$1.txt"
  curves "$tmp/$2.tsv" | diff "$tmp/$1.txt" - >> "$err" && [ "$(wc -l < "$tmp/$1.txt")" -ge 4 ]
}

# several processes do what one does
if command -v mpirun > /dev/null && ldd "$BIN/vr-train" | grep -q libmpi; then
  export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
  ranks() { mpirun --oversubscribe --bind-to none -n "$@"; }
  toys=(vr-train "$tmp/tap.conf" -q -@1 --tasks toy-tap -n 32 --unroll 16 --replay 0.5 --every 1)
  # run NAME FRAMES COMMAND ...: its checkpoint and its log are called so
  run() { local n=$1 f=$2; shift 2; "$@" --frames "$f" -c "$tmp/$n" --log "$tmp/$n.tsv" -o "$tmp/$n.policy" 2>> "$err"; }
  # halves NAME COMMAND ...: stopped half-way, and resumed
  halves() { local n=$1; shift; run "$n" 1024 "$@" && run "$n" 2048 "$@" -r; }
  run one 2048 "${toys[@]}"
  halves two ranks 2 "${toys[@]}" && alike one two && h5diff "$tmp/one" "$tmp/two" /checkpoint/kept1 >> "$err"
  tap $? "two processes, stopped and resumed, learn to the bit what one does" "$err"
  vr-dump -i /policy/weight/action/w "$tmp/one.policy" > "$tmp/one.txt" 2>> "$err"
  vr-dump -i /policy/weight/action/w "$tmp/two.policy" 2>> "$err" | cmp - "$tmp/one.txt" >> "$err" 2>&1
  tap $? "and one policy comes out" "$err"
  halves three ranks 3 "${toys[@]}" --layout actors --lag 0 && alike one three
  tap $? "so does a learner with two actors" "$err"
  early=("${toys[@]}" --layout actors --lag 2)
  run ahead 2048 ranks 3 "${early[@]}" && halves again ranks 3 "${early[@]}" --save 0 && alike ahead again &&
    awk -F '\t' '{ print $28 }' "$tmp/ahead.tsv" | tr '\n' ' ' | grep -q '^lag 0 1 2 2 '
  tap $? "actors that are ahead are so by the same rounds in every run" "$err"
  rats=(vr-train runner.conf -q -@1 --tasks flat:command=on -n 32 --unroll 4 --epochs 2 --every 1 --seconds 0.1)
  run rat 640 "${rats[@]}" && run rats 640 ranks 2 "${rats[@]}" && alike rat rats
  tap $? "two processes learn with rats what one does" "$err"
  run rats 640 ranks 3 "${rats[@]}" --layout actors --lag 0 && alike rat rats
  tap $? "and so does a learner with two actors" "$err"
else
  skip "several processes learn what one does" "no Open MPI"
fi

# what is not its own checkpoint
"${toy[@]}" --frames 1280 -c "$tmp/full" -r --gamma 0.9 -o "$tmp/x" 2> "$err"
[ $? = 1 ] && grep -q "gamma" "$err"
tap $? "other options than those of the checkpoint are named" "$err"
echo nothing > "$tmp/none"
"${toy[@]}" --frames 1280 -c "$tmp/none" -r -o "$tmp/x" 2> "$err"
[ $? = 1 ] && grep -q "$tmp/none" "$err"
tap $? "a file that is no checkpoint is named" "$err"
tap_end
