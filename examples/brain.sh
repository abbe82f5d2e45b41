#!/bin/sh -eu
# brain.sh -- a brain in awk over vr-simulate -L: an oscillator for each actuator, as the gait table
# says, steered by what the gyroscope feels. brain.sh [TASK [SECONDS]] tells on stderr what it has earned.
#   examples/brain.sh gaps 5
gait=${GAIT:-$(dirname "$0")/../share/gait/rtrot.tsv}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
mkfifo "$dir/commands"
# mawk must be told to read line by line
if awk -W version 2>&1 | grep -q '^mawk'; then line='-W interactive'; else line=; fi

vr-simulate -L --seconds "${2:-3}" "${1:-flat}" < "$dir/commands" |
  awk $line -F '\t' -v gait="$gait" '
  BEGIN {
    while ((getline row < gait) > 0) if (split(row, x, "\t") == 8) table[x[1]] = row
  }
  NR == 1 { # names of the columns, in which the actuators stand in their order
    for (i = 1; i <= NF; i++) {
      if (sub(/^actuator_activation\./, "", $i)) name[++n] = $i
      if ($i == "sensors_gyro.z") gyro = i
    }
    next
  }
  { time = $1; reward += $2; end = $4 }
  end != "-" { exit }
  {
    turned += 0.02 * $gyro
    steer = turned > 0.5 ? -1 : turned < -0.5 ? 1 : -2 * turned
    for (i = 1; i <= n; i++) {
      split(table[name[i]], g, "\t")
      gain = 1 + g[8] * steer
      u = g[2] + g[3] * (gain > 0 ? gain : 0) * sin(6.2832 * 3.69053 * $1 + g[4]) + g[7] * steer
      printf("%.6g%s", u, i < n ? "\t" : "\n") # beyond -1 .. 1 counts as the end of it
    }
    fflush()
  }
  END { printf "%.2f s, reward %.2f, %s\n", time, reward, end > "/dev/stderr" }' > "$dir/commands"
