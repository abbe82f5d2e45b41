#!/bin/bash
# test_outputs.sh -- what the tools write is what the table of datasets promises.
set -u
. tests/lib.sh
tmp=$(scratch)

good=$(tests/contract/fixtures.sh map) && vr-watershed -q "$good" | vr-check > "$tmp/out" 2> "$tmp/err"
tap $? "a map passes vr-check" "$tmp/out" "$tmp/err"
if [ -x "$BIN/vr-record" ]; then
  vr-record noise -n 2 --seconds 1 2> "$tmp/err" | vr-wavelet -q --raw | vr-check > "$tmp/out" 2>> "$tmp/err"
  tap $? "a recording with wavelets passes vr-check" "$tmp/out" "$tmp/err"
fi
tap_end
