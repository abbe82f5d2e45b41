# 2 trials x 2000 frames: the core follows the slow part of the posture, the policy the fast one
BEGIN {
  print "trial a0 a1 a2 a3 c0 c1 c2 p0 p1 p2"
  for (i = 0; i < 4000; i++) {
    t = i % 2000 + (i >= 2000 ? 317 : 0)
    slow = sin(0.0101 * t) + 0.5 * sin(0.017 * t + 1); quick = cos(0.0023 * t) * sin(1.1 * t) + sin(t * t / 900)
    n1 = sin(i * i * 0.7); n2 = sin(i * i * 1.3); n3 = cos(i * i * 0.9)
    print int(i / 2000), slow + 0.1 * n1, 2 * slow - 0.1 * n2, quick + 0.1 * n3, 0.5 * quick, slow + 0.2 * n2, -slow + 0.2 * n3, \
      0.5 * slow + 0.1 * n1, quick + 0.2 * n1, 0.7 * quick - 0.2 * n2, 0.3 * n3
  }
}
