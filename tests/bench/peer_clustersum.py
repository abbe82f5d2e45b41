"""peer_clustersum.py FILE ROWS COLUMNS THREADS masks|sparse|pandas -- means of the rows by 50 labels, in double
precision. quality: the sum of the squares of the means."""
import os
import resource
import sys
import time

path, rows, columns, threads, peer = sys.argv[1], *map(int, sys.argv[2:5]), sys.argv[5]
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = str(threads)
import numpy as np  # noqa: E402

x = np.fromfile(path, np.float32).reshape(rows, columns).astype(float)
label = np.arange(rows) // 7 * 31 % 50
try:
    if peer == "masks":
        version = f"NumPy {np.__version__}"

        def run():
            return np.array([x[label == c].mean(0) for c in range(50)])
    elif peer == "sparse":
        import scipy
        from scipy.sparse import csr_array
        version = f"SciPy {scipy.__version__}"

        def run():
            one = csr_array((np.ones(rows), (label, np.arange(rows))), (50, rows))
            return (one @ x) / np.bincount(label)[:, None]
    else:
        import pandas
        version = f"pandas {pandas.__version__}"
        frame = pandas.DataFrame(x)

        def run():
            return frame.groupby(label).mean().to_numpy()
except ImportError as e:
    print(e, file=sys.stderr)
    sys.exit(3)

cpu, wall = time.process_time(), time.perf_counter()
mean = run()
print("cpu_s", time.process_time() - cpu)
print("wall_s", time.perf_counter() - wall)
print("peak_mb", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
print("version", version)
print("quality", (mean**2).sum())
