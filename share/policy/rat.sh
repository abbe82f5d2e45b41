#!/bin/sh -eu
# rat.sh -- how rat.policy is made, about 2 hours on two busy cores: `make policy NAME=rat`.
# Distilled from the teachers of the four tasks (see vr-record(1), teacher); no reward is followed. First at
# 2 ms physics, then at 1 ms, at which the teacher of gaps leaps, with longer memory and longer turns
# of the teachers, and two animals of five at two-tap; last with smaller steps.
distil() { vr-train -a distil -n 32 --epochs 24 --batch 8 --gamma 0.99 --every 5 -s "${SEED:-1}" "$@"; }
later='--tasks maze,twotap,twotap,bowl,gaps --physics-step 0.001 --unroll 48 --share 0.6 --fade 100000'
distil --tasks maze,twotap,bowl,gaps --frames 600000 --keep 96 --last-rate 1e-4 --fade 120000 \
  --log rat1.tsv -o rat1.policy lstm3-skips.conf
# shellcheck disable=SC2086 # options
distil $later --frames 400000 --learning-rate 6e-4 --last-rate 1e-4 --segment 75 --noise 0.05 \
  --log rat2.tsv -o rat2.policy rat1.policy
# shellcheck disable=SC2086
distil $later --frames 300000 --learning-rate 4e-4 --last-rate 5e-5 --segment 100 --noise 0.04 \
  --log rat3.tsv -o rat3.policy rat2.policy
vr-cat --half -o rat.policy rat3.policy
