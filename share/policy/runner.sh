#!/bin/sh -eu
# runner.sh -- how runner.policy is made, 5 minutes on two cores: `make policy NAME=runner`.
# Distilled from the built-in runner and righting (see vr-record(1), teacher); no reward is followed.
vr-train runner.conf -a distil --tasks flat:command=random,noise=0.1,drop=0.4 -n 24 --unroll 25 --seconds 5 \
  --frames 60000 --log runner.tsv -s "${SEED:-1}" -o runner.policy
