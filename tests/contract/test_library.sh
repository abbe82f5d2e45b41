#!/bin/bash
# test_library.sh -- what is installed: the library with its headers and the example that uses it,
# the programs with the engine and the data that they need, the completions.
set -u
. tests/lib.sh
tmp=$(scratch)
root=$tmp/root/usr
err=$tmp/err

compile() { # HEADER: by itself
  echo "#include \"$1\"" | ${CC:-cc} -std=c17 -D_GNU_SOURCE -Wall -Werror -fsyntax-only -Ilibcommon \
    ${2:+-isystem "$2"} -x c - 2>> "$err"
}

# the headers: all that are not private stand in vr(3), and in vr.h unless they need the engine's
(cd libcommon && grep -LE 'included nowhere else|-- inside of ' */*.h) | sort > "$tmp/headers"
while read -r h; do
  compile "$h" && echo "$h"
done < "$tmp/headers" > "$tmp/plain"
sed -n 's/^#include "\(.*\)"/\1/p' libcommon/vr.h | sort | diff "$tmp/plain" - > "$tmp/diff"
tap $? "vr.h includes every public header" "$tmp/diff"
sed -n 's/^\.It In //p' man/vr.3 | sort | diff "$tmp/headers" - > "$tmp/diff"
tap $? "vr(3) lists every public header" "$tmp/diff"
alone=
while read -r h; do
  [ "${MUJOCO:-yes}" = no ] && [ "${h%%/*}" = sim ] && continue
  compile "$h" "${MUJOCO_DIR:-build/deps/mujoco}/include" || alone="$alone $h"
done < "$tmp/headers"
[ -z "$alone" ]
tap $? "every header compiles alone$alone" "$err"

nm -g --defined-only "$B/libvr.a" 2> /dev/null | awk '$2 ~ /[TDBR]/ { print $3 }' | sort | uniq -d > "$tmp/twice"
[ ! -s "$tmp/twice" ]
tap $? "no name is defined twice" "$tmp/twice"

make -s --no-print-directory install ${SAN:+SAN=$SAN} DESTDIR="$tmp/root" PREFIX=/usr \
  MUJOCO="${MUJOCO:-yes}" MUJOCO_DIR="${MUJOCO_DIR:-build/deps/mujoco}" > "$err" 2>&1
tap $? "make install" "$err"

rm -f "$err"
# the example, built as its head says
export PKG_CONFIG_PATH=$root/lib/pkgconfig
flags=$(pkg-config --define-variable=prefix="$root" --cflags --libs vr 2> "$err")
[ "${SAN:-}" = 1 ] && flags="$flags -fsanitize=address,undefined"
# shellcheck disable=SC2086
${CC:-cc} -Wall -Wextra -Werror -Wno-sign-compare examples/psd.c $flags -o "$tmp/psd" 2>> "$err"
tap $? "examples/psd.c compiles against the installed library" "$err"
[ "$(wc -l < examples/psd.c)" -lt 40 ]
tap $? "and has under 40 lines"
# the fixture's joints move at 2 and 6 Hz
"$tmp/psd" < "$(tests/contract/fixtures.sh rec)" > "$tmp/spectrum" 2> "$err"
awk 'NR > 1 { p[$1] = $2; sum += $2 } END { near = 0
  for (f in p) if ((f > 1 && f < 3) || (f > 5 && f < 7)) near += p[f]
  exit !(NR == 64 && near > 0.85 * sum) }' "$tmp/spectrum"
tap $? "which finds the frequencies of a recording" "$tmp/spectrum" "$err"

if [ -x "$root/bin/vr-world" ]; then
  engine=$root/lib/vr-tools
  # shellcheck disable=SC2086 -- a list of flags
  ${CC:-cc} -Wall -Wextra -Werror -Wno-sign-compare examples/brain.c $flags -L"$engine" -lmujoco \
    -Wl,-rpath,"$engine" -o "$tmp/brain" 2> "$err" &&
    "$tmp/brain" "$root/share/vr-tools" gaps > "$tmp/said" 2>> "$err" && grep -q '^reward [1-9]' "$tmp/said"
  tap $? "examples/brain.c compiles too, and runs the gaps" "$tmp/said" "$err"
fi

# the programs find what they need where they are now
if [ -x "$root/bin/vr-world" ]; then
  (cd / && unset VR_SHARE && "$root/bin/vr-world" flat) > "$tmp/scene" 2> "$err"
  [ $? = 0 ] && grep -q '<mujoco' "$tmp/scene"
  tap $? "installed, vr-world finds the engine and the body" "$err"
fi
(cd / && "$root/bin/vr") > "$tmp/list" 2> "$err"
absent=
for path in "$BIN"/vr-*; do
  grep -q "^  $(basename "$path" | sed 's/^vr-//') .*[a-z]" "$tmp/list" || absent="$absent $path"
done
[ -z "$absent" ] && ! grep -q '^Others' "$tmp/list"
tap $? "vr lists every tool by purpose, with what it does$absent" "$tmp/list" "$err"
first=$(basename "$(ls "$BIN"/vr-* | head -1)" | sed 's/^vr-//')
"$root/bin/vr" "${first}x" > /dev/null 2> "$err"
[ $? = 2 ] && grep -q "did you mean '$first'" "$err"
tap $? "vr answers a wrong name with the nearest" "$err"
[ "$("$root/bin/vr" "$first" --version)" = "$("$BIN/vr-$first" --version)" ]
tap $? "vr NAME runs vr-NAME"

# completions
words=$(bash -c '. "$1"; COMP_WORDS=(vr "$2" --); COMP_CWORD=2; _vr; echo "${COMPREPLY[*]}"' x \
  "$root/share/bash-completion/completions/vr" "$first" 2> "$err")
case " $words " in *" --help "*"--version "*) true ;; *) false ;; esac
tap $? "bash completes options" "$err"
for shell in zsh fish; do
  file=$root/share/zsh/site-functions/_vr
  [ $shell = fish ] && file=$root/share/fish/vendor_completions.d/vr.fish
  if command -v $shell > /dev/null; then
    $shell -n "$file" 2> "$err"
    tap $? "the completions for $shell are well formed" "$err"
  else
    skip "the completions for $shell are well formed" "no $shell here"
  fi
done
tap_end
