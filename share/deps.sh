#!/bin/sh -eu
# deps.sh -- installs what the build and the tests need on Debian 12: packages, and the MuJoCo engine.
#   MUJOCO=no         leaves the engine out
#   MUJOCO_DIR=DIR    where the engine is, or goes (build/deps/mujoco)
# A second run finds everything there, says so, and uses no network.

# libegl1 and libgl1-mesa-dri: the pictures of vr-render; nothing else needs them, and nothing is linked.
# The threaded OpenBLAS on purpose: Debian's serial build gives wrong products when several threads
# call it at once, and it starts no faster (both 9 ms).
PACKAGES='gcc make pkg-config libc6-dev libhdf5-dev libfftw3-dev liblapacke-dev libopenblas-pthread-dev
libgsl-dev libpng-dev libopenmpi-dev openmpi-bin libegl1 libgl1-mesa-dri libcmocka-dev gnuplot-nox mandoc perl hdf5-tools python3-pip'
VERSION=3.17.0
X86_64=d66928d86a2d1b601bbaa4dc11db50214d17d5301bb8afd84721313b67ff0874
AARCH64=91a70ed9979c383ff1f5c03f25cc2e1280a8254c1a8e558d5dd7f4184f01efc9

say() { echo "deps: $*"; }
die() { echo "deps: $*" >&2; exit 1; }

# Debian packages that are not installed yet.
missing_packages() {
  command -v dpkg-query >/dev/null || die "this is not a Debian system: install by hand what these packages hold:" $PACKAGES
  for p in $PACKAGES; do
    state=$(dpkg-query -W -f '${Status}' "$p" 2>/dev/null || :)
    [ "$state" = 'install ok installed' ] || printf ' %s' "$p"
  done
}

install_packages() {
  todo=$(missing_packages)
  [ -n "$todo" ] || { say "packages: nothing to do"; return; }
  line="apt-get update && apt-get install -y --no-install-recommends$todo"
  if [ "$(id -u)" = 0 ]; then as=; elif command -v sudo >/dev/null; then as=sudo; else
    die "packages are missing. Run this as root, then make again:
  $line"
  fi
  say "installing$todo"
  export DEBIAN_FRONTEND=noninteractive
  $as apt-get -qq update
  # shellcheck disable=SC2086
  $as apt-get -qq -o Dpkg::Use-Pty=0 install -y --no-install-recommends $todo >/dev/null
}

install_mujoco() {
  dir=${MUJOCO_DIR:-build/deps/mujoco}
  if [ -e "$dir/lib/libmujoco.so.$VERSION" ] && [ -e "$dir/lib/libmujoco.so" ] &&
    [ -e "$dir/include/mujoco/mujoco.h" ]; then
    say "MuJoCo $VERSION in $dir: nothing to do"
    return
  fi
  case $(uname -m) in
  x86_64) sum=$X86_64 ;;
  aarch64) sum=$AARCH64 ;;
  *) die "no MuJoCo wheel for $(uname -m): build MuJoCo $VERSION and say MUJOCO_DIR=DIR, or make MUJOCO=no" ;;
  esac
  say "fetching MuJoCo $VERSION into $dir"
  new=$dir.new
  rm -rf "$new"
  mkdir -p "$new/wheel" "$new/lib" "$new/include"
  python3 -m pip download -q --disable-pip-version-check --no-deps --only-binary=:all: \
    --platform "manylinux_2_28_$(uname -m)" --python-version 3.11 -d "$new/wheel" "mujoco==$VERSION" ||
    die "pip could not download mujoco==$VERSION: is there a network?"
  wheel=$(echo "$new"/wheel/mujoco-*.whl)
  echo "$sum  $wheel" | sha256sum -c --quiet || die "$wheel is not the file we know: not used"
  python3 -m zipfile -e "$wheel" "$new/wheel"
  mv "$new/wheel/mujoco/libmujoco.so.$VERSION" "$new/lib"
  mv "$new/wheel/mujoco/include/mujoco" "$new/include"
  ln -s "libmujoco.so.$VERSION" "$new/lib/libmujoco.so"
  rm -rf "$new/wheel" "$dir"
  mv "$new" "$dir"
}

install_packages
[ "${MUJOCO:-yes}" = no ] || install_mujoco
