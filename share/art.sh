#!/bin/sh -eu
# art.sh DIR -- fetches the skin and the textures of the released rat into DIR: for vr-render, which
# draws plain geoms without them. They are part of dm_control (Apache-2.0); the skin is by Max Cant,
# the sky and the grass are by Marcus Wainwright.
# A second run finds them there, says so, and uses no network.
VERSION=1.0.50
SUM=5434e1e51ff69016867426da7df6064b18d140e4d0a628f879bbcf0e7d0a586d
dir=$1 new=$1.new

say() { echo "art: $*"; }
die() { echo "art: $*" >&2; exit 1; }

# NAME IN-THE-WHEEL -- one file of it
take() { mv "$new/wheel/$2" "$new/$1"; }

[ ! -e "$dir/skin.skn" ] || { say "$dir: nothing to do"; exit; }
say "fetching dm_control $VERSION for its skin and textures (56 MB)"
rm -rf "$new"
mkdir -p "$new/wheel"
trap 'rm -rf "$new"' EXIT
python3 -m pip download -q --disable-pip-version-check --no-deps --only-binary=:all: \
  -d "$new/wheel" "dm_control==$VERSION" || die "pip could not download dm_control==$VERSION: is there a network?"
wheel=$(echo "$new"/wheel/dm_control-*.whl)
echo "$SUM  $wheel" | sha256sum -c --quiet || die "$wheel is not the file we know: not used"
python3 -m zipfile -e "$wheel" "$new/wheel"
assets=dm_control/locomotion
take skin.skn $assets/walkers/assets/rodent_walker_skin.skn
take grass.png $assets/arenas/assets/outdoor_natural/OutdoorGrassFloorD.png
take sky.png $assets/arenas/assets/outdoor_natural/OutdoorSkybox2048.png
take LICENSE dm_control-$VERSION.dist-info/licenses/LICENSE
rm -rf "$new/wheel" "$dir"
mv "$new" "$dir"
say "vr-render finds them in $dir"
