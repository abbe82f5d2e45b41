#!/bin/bash
# test_schema.sh -- vr(5) and the table of datasets (`vr-check --list`) tell the same, and what the
# tools write is in it.
set -u
. tests/lib.sh
tmp=$(scratch)

# path, and "float32 or float64; time joint; rad or m." as the page has it
vr-check --list > "$tmp/list" 2> "$tmp/err"
tap $? "vr-check --list" "$tmp/err"
awk -F '\t' '
  BEGIN { type["f32"] = "float32"; type["f64"] = "float64"; type["i32"] = "int32"
          type["i64"] = "int64"; type["u8"] = "uint8"; type["str"] = "text" }
  function either(list, by,   n, w, i, s) {
    n = split(list, w, by)
    for (i = 1; i <= n; i++)
      s = s (i > 1 ? " or " : "") (by == " " ? type[w[i]] : w[i] == "" ? "no unit" : w[i])
    return s
  }
  NR > 1 {
    units = $4 == "" ? "no unit" : $4 == "*" ? "any unit" : either($4, "[|]")
    print $1 "\t" either($2, " ") "; " $3 "; " units "."
  }' "$tmp/list" | sort > "$tmp/want"
awk '/^\.It Pa \// { path = $3; getline; print path "\t" $0 }' man/vr.5 | sort > "$tmp/got"
diff "$tmp/want" "$tmp/got" > "$tmp/diff"
tap $? "vr(5) tells of every dataset its types, axes and units" "$tmp/diff"

# a map holds nothing that the table does not know, and passes vr-check
good=$(tests/contract/fixtures.sh map) && vr-watershed -q "$good" | vr-check > "$tmp/out" 2> "$tmp/err"
tap $? "a map passes vr-check" "$tmp/out" "$tmp/err"
if [ -x "$BIN/vr-record" ]; then
  vr-record noise -n 2 --seconds 1 2> "$tmp/err" | vr-wavelet -q --raw | vr-check > "$tmp/out" 2>> "$tmp/err"
  tap $? "a recording with wavelets passes vr-check" "$tmp/out" "$tmp/err"
fi
tap_end
