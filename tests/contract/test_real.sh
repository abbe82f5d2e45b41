#!/bin/bash
# test_real.sh -- a real recording ($VR_DATA) the whole way to regions: they must tell how fast the
# animal moves, far better than the same labels shifted in time do.
set -u
cd "${0%/*}/../.." || exit 1
. tests/lib.sh
real dlc/mice_pair.csv "a real recording becomes regions"

RATE=30 IMPORT='-q --confidence 0.6' "$SRC/examples/regions.sh" "$data" > table 2> err &&
  [ "$(wc -l < table)" -gt 5 ]
tap $? "a real recording becomes regions" err
sed 's/^/#   /' table

# share of the variance of the logarithm of speed that lies between regions; labels shifted by a third
vr-dump -H -i /label/region -i /pose/root_speeds map.h5 | awk '
  { label[NR] = $1; v[NR] = log(1 + sqrt($2 ^ 2 + $3 ^ 2)) }
  function between(shift,    i, r, n, sum, all, total, out) {
    for (i = 1; i <= NR; i++) { r = label[(i + shift - 1) % NR + 1]; n[r]++; sum[r] += v[i]; all += v[i] }
    for (i = 1; i <= NR; i++) total += (v[i] - all / NR) ^ 2
    for (r in n) out += n[r] * (sum[r] / n[r] - all / NR) ^ 2
    return out / total
  }
  END { print between(0), between(int(NR / 3)) }' > share
read -r share shifted < share
awk -v a="${share:-0}" -v b="${shifted:-1}" 'BEGIN { exit !(a > 0.2 && a > 4 * b) }'
tap $? "regions tell the speed: ${share:-none} of its variance, shifted labels ${shifted:-none}"
vr-check -q map.h5 2> err
tap $? "all datasets are as vr(5) tells" err
tap_end
