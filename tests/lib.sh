# shellcheck shell=bash
# lib.sh -- what the test scripts share. Sourced from the root of the sources.
SRC=${SRC:-$PWD}
B=${B:-build}
BIN=${BIN:-bin}
PYTHON=${PYTHON:-python3}
VR_DATA=${VR_DATA:-$SRC/../shared/data}
if [ -z "${WORK:-}" ]; then
  WORK=$(mktemp -d)
  trap 'rm -rf "$WORK"' EXIT
fi
export SRC B BIN PYTHON VR_DATA WORK
export LC_ALL=C NO_COLOR=1 VR_ISA=v3 PATH="$(cd "$BIN" 2>/dev/null && pwd):$PATH"
export CMOCKA_MESSAGE_OUTPUT=TAP
# sanitised programs lie deeper in the tree than share/ expects
if [ "${SAN:-}" = 1 ]; then
  export VR_SHARE=$SRC/share
  export ASAN_OPTIONS=detect_leaks=1:allocator_may_return_null=1:abort_on_error=0:exitcode=99
  export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1:exitcode=99
  export LSAN_OPTIONS=suppressions=$SRC/tests/leaks.txt:print_suppressions=0
fi

# tap OK NAME [FILE ...] -- one line of TAP; when OK is not 0, the files follow as comments
taps=0 bad=0
tap() {
  taps=$((taps + 1))
  if [ "$1" = 0 ]; then echo "ok $taps - $2"; return; fi
  echo "not ok $taps - $2"
  bad=$((bad + 1))
  shift 2
  for f in "$@"; do [ -s "$f" ] && head -c 4000 "$f" | head -40 | sed 's/^/#   /'; done
  return 0
}
skip() { taps=$((taps + 1)); echo "ok $taps - $1 # SKIP $2"; }
# no_gl FILE -- the messages in it say that pictures cannot be drawn on this machine
no_gl() { grep -qs libgl1-mesa-dri "$1"; }
tap_end() { echo "1..$taps"; [ $bad = 0 ]; exit; }

# an empty folder for one test, removed at the end of the run
scratch() { mktemp -d "$WORK/t.XXXXXX"; }

# real FILE NAME -- the test goes on in an empty folder with $data, a recording below $VR_DATA; without it
# NAME is skipped, and nothing else is tested
real() {
  data=$VR_DATA/$1 tmp=$(scratch)
  if [ ! -e "$data" ]; then
    skip "$2" "no real recordings (VR_DATA)"
    tap_end
  fi
  data=$(realpath "$data")
  mkdir "$tmp/tmp"
  export TMPDIR=$tmp/tmp
  cd "$tmp" || exit 1
}
