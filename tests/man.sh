#!/bin/bash
# man.sh man/NAME.N -- a manual page: mandoc's lint, its options against those of the program, and
# its examples (lines that start with `$ `), run in order in an empty folder.
set -u
. tests/lib.sh
page=$1 name=$(basename "${1%.[135]}") tmp=$(scratch)

mandoc -Tlint -W warning "$page" > "$tmp/lint" 2>&1
tap $? "$page: mandoc finds nothing" "$tmp/lint"

# options: each of the program's own is an item of the page, and each item is an option
if [ "${page##*.}" = 1 ] && [ "$name" != vr ] && [ -x "$BIN/$name" ]; then
  "$BIN/$name" --help-table > "$tmp/table" 2> "$tmp/err"
  tap $? "$page: $name --help-table" "$tmp/err"
  awk -F '\t' '!/^#/ { print $2 }' "$tmp/table" | sort -u > "$tmp/have"
  awk -F '\t' '$5 == "own" { print $2 }' "$tmp/table" | sort -u > "$tmp/own"
  grep -E '^\.It Fl' "$page" | grep -oE 'Fl \\?-[a-z][-a-z0-9]*' | sed -E 's/Fl \\?-//' |
    sort -u > "$tmp/told"
  comm -23 "$tmp/own" "$tmp/told" > "$tmp/untold"
  [ ! -s "$tmp/untold" ]
  tap $? "$page: every option of its own is told" "$tmp/untold"
  comm -13 "$tmp/have" "$tmp/told" > "$tmp/unknown"
  [ ! -s "$tmp/unknown" ]
  tap $? "$page: every option told is in -h" "$tmp/unknown"
fi

# examples, as a reader sees them
mandoc -Tascii -Owidth=999 "$page" 2>/dev/null | perl -pe '1 while s/.\x08//g' |
  awk '/^[A-Z]/ { on = /^EXAMPLES/ } on && /^ *\$ / { sub(/^ *\$ /, ""); print }' > "$tmp/examples"
mkdir "$tmp/here"
# every stage of the pipe must succeed; `yes | head` may end by a closed pipe
stages='
for s in "${PIPESTATUS[@]}"; do [ "$s" = 0 ] || [ "$s" = 141 ] || exit "$s"; done'
while IFS= read -r line; do
  (cd "$tmp/here" && timeout 60 bash -uc "$line$stages" < /dev/null) > "$tmp/out" 2> "$tmp/err"
  status=$?
  if no_gl "$tmp/err"; then skip "$page: \$ ${line//#/}" "no OpenGL here"
  else tap $status "$page: \$ ${line//#/}" "$tmp/err"; fi
done < "$tmp/examples"
tap_end
