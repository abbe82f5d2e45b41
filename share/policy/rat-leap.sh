#!/bin/sh -eu
# rat-leap.sh -- how rat-leap.policy is made, an hour and a half on two busy cores: `make policy NAME=rat-leap`.
# rat.policy goes on with the teachers of the gaps and the taps that follow no clock, first with more
# of the gaps, then with more of the taps; no reward is followed.
distil() { vr-train -a distil --epochs 24 --batch 8 --unroll 48 --physics-step 0.001 --gamma 0.99 --least 0.4 \
  --segment 100 --noise 0.04 --every 5 "$@"; }
distil --tasks maze,twotap,twotap,bowl,gaps,gaps -n 36 --frames 437000 --share 0.6 --fade 150000 -s "${SEED:-1}" \
  --learning-rate 4e-4 --last-rate 1.4e-4 --log rat4.tsv -o rat4.policy rat.policy
distil --tasks maze,twotap,twotap,twotap,bowl,gaps,gaps -n 35 --frames 300000 --share 0.4 -s "${SEED:-5}" \
  --learning-rate 3e-4 --last-rate 3e-5 --log rat5.tsv -o rat5.policy rat4.policy
vr-cat --half -o rat-leap.policy rat5.policy
