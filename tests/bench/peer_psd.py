"""peer_psd.py -- Welch spectra by scipy.signal.welch, one call a trial (peer_psd.py FILE ROWS COLUMNS
THREADS PEER)."""
import resource
import sys
import time

try:
    import numpy as np
    import scipy
    from scipy.signal import welch
except ImportError as e:
    print(e, file=sys.stderr)
    sys.exit(3)

TRIAL, LENGTH = 1375, 500
path, rows, columns = sys.argv[1], *map(int, sys.argv[2:4])
x = np.fromfile(path, np.float32).reshape(rows, columns).astype(float)

cpu, wall = time.process_time(), time.perf_counter()
power, segments = 0, 0
for first in range(0, rows, TRIAL):
    trial = x[first:first + TRIAL]
    if len(trial) < LENGTH:
        continue
    n = (len(trial) - LENGTH) // (LENGTH // 2) + 1
    power = power + n * welch(trial, 50, nperseg=LENGTH, axis=0)[1]
    segments += n
power = power / segments
print("cpu_s", time.process_time() - cpu)
print("wall_s", time.perf_counter() - wall)
print("peak_mb", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
print("version", f"scipy {scipy.__version__}")
print("quality", f"{power.sum():.12g}")
