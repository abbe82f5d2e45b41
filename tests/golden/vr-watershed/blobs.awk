# five blobs of n / 5 points, visited for `stay` rows each; columns x and y (and speed)
function noise(k) { return sin(12.9898 * k) + sin(78.233 * k + 1) + sin(37.719 * k + 2) + sin(4.581 * k * k) }
BEGIN {
  split("-30 25 0 -22 34", cx); split("-20 -28 4 30 26", cy)
  print "x", "y", "speed"
  for (i = 0; i < n; i++) {
    b = int(i / stay) % 5 + 1
    printf "%.9f %.9f %.9f\n", cx[b] + 2 * noise(i + 0.5), cy[b] + 2 * noise(i + 100000.25), b / 10
  }
}
