"""peer_mds.py -- SMACOF by scikit-learn, 100 steps from the first two columns (peer_mds.py FILE ROWS
COLUMNS THREADS PEER)."""
import resource
import sys
import time

try:
    import numpy as np
    import sklearn
    from sklearn.manifold import smacof
    from sklearn.metrics import euclidean_distances
except ImportError as e:
    print(e, file=sys.stderr)
    sys.exit(3)

path, rows, columns = sys.argv[1], *map(int, sys.argv[2:4])
x = np.fromfile(path, np.float32).reshape(rows, columns).astype(float)
d = np.sqrt(((x[:, None] - x[None]) ** 2).sum(-1))

cpu, wall = time.process_time(), time.perf_counter()
y, _ = smacof(d, n_components=2, init=x[:, :2].copy(), n_init=1, max_iter=100, eps=0, normalized_stress=False)
print("cpu_s", time.process_time() - cpu)
print("wall_s", time.perf_counter() - wall)
print("peak_mb", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
print("version", f"scikit-learn {sklearn.__version__}")
e = np.sqrt(((y[:, None] - y[None]) ** 2).sum(-1))
print("quality", f"{((e - d) ** 2).sum() / 2:.10g}")
