#!/bin/bash
# test_schema.sh -- the datasets in vr(5) are those of the table that vr-check --list prints, in the
# same order and words. What differs is printed as a diff from what the page should say.
set -u
cd "${0%/*}/../.." || exit 1
PATH=$PWD/${BIN:-bin}:$PATH

# an entry of the page for each row of the table
entries() {
  vr-check --list | awk -F '\t' '
    function words(list, sep, other,    n, w, k, out) {
      n = split(list, w, sep)
      for (k = 1; k <= n; k++) out = out (k > 1 ? " or " : "") (w[k] in name ? name[w[k]] : w[k])
      return n ? out : other
    }
    BEGIN {
      name["f64"] = "float64"; name["f32"] = "float32"; name["i64"] = "int64"; name["i32"] = "int32"
      name["u8"] = "uint8"; name["str"] = "text"; name["*"] = "any unit"; name[""] = "no unit"
    }
    NR > 1 {
      print ".It Pa " $1
      units = $4; if (units == "") units = "no unit"; else units = words(units, "[|]", "")
      print words($2, " ", "") "; " $3 "; " units "."
      text = toupper(substr($8, 1, 1)) substr($8, 2) "."
      print (text ~ /^[0-9]/ ? "\\&" : "") text
      if ($7 != "") print "NaN marks what is missing."
    }'
}
# those that are there, between the mark and the next section
told() { awk '/^\.\\" datasets/ { on = 1; next } /^\.Sh/ { on = 0 } on && !/^\.(Ss|Bl|El)/' man/vr.5; }

if diff <(entries) <(told) | sed 's/^/# /'; [ "${PIPESTATUS[0]}" = 0 ]; then
  echo "ok 1 - vr(5) tells the datasets of vr-check --list"
else
  echo "not ok 1 - vr(5) tells the datasets of vr-check --list"
fi
echo 1..1
