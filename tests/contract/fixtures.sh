#!/bin/bash
# fixtures.sh NAME -- path of a small input for the contract test, made once a run in $WORK.
#   rec    2 trials x 220 frames, 8 joints
#   map    `rec` and a map of it
#   events `rec` and events in it
#   rat    1 trial x 15 frames of the virtual rat, with its task
#   net    3 trials x 15 frames of an untrained network that taps an orb
#   text   a table of numbers with a header
#   pose   a table of two tracked points
set -eu
. tests/lib.sh
dir=$WORK/fixtures
mkdir -p "$dir"
exec 9> "$dir/lock"
flock 9
make() {
  [ -e "$dir/$1" ] && return
  case $1 in
  rec.h5) "$B/tests/contract/image" "$dir/new" 2 220 8 ;;
  map.h5) make rec.h5; vr-tsne -q -i /pose/angles --iterations 60 "$dir/rec.h5" > "$dir/new" ;;
  events.h5) make rec.h5; vr-events -q level -i /pose/angles:joint_1 --above 0.1 --name tap "$dir/rec.h5" > "$dir/new" ;;
  rat.h5) vr-record -q trot -n 1 --seconds 0.3 > "$dir/new" ;;
  net.h5) vr-record -q tests/golden/vr-record/tiny.conf --task twotap:reach=0,radius=0.2 -n 3 --seconds 0.3 > "$dir/new" ;;
  text.tsv) awk 'BEGIN { print "a\tb\tc"; for (i = 0; i < 100; i++) print sin(i) "\t" cos(i) "\t" i / 7 }' > "$dir/new" ;;
  pose.csv) awk 'BEGIN { print "nose_x,nose_y,tail_x,tail_y"; for (i = 0; i < 100; i++) print sin(i) "," cos(i) "," i / 7 ",2" }' > "$dir/new" ;;
  esac
  mv "$dir/new" "$dir/$1"
}
case $1 in
rec | map | events | rat | net) make "$1.h5"; echo "$dir/$1.h5" ;;
text) make text.tsv; echo "$dir/text.tsv" ;;
pose) make pose.csv; echo "$dir/pose.csv" ;;
none) echo /dev/null ;;
esac
