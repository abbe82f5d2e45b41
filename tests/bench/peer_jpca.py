"""peer_jpca.py FILE ROWS COLUMNS THREADS port -- jPCA with 1000 surrogates by the public port: one fit
of the units, then its regression and eigenvectors on the six scores with signs by chance in each
trial. The surrogates keep to six dimensions, which is all that the statistic needs."""
import os
import resource
import sys
import time

import numpy as np

os.environ.setdefault("MPLBACKEND", "Agg")
path, rows, columns = sys.argv[1], *map(int, sys.argv[2:4])
try:
    from jPCA import JPCA
    from jPCA.regression import skew_sym_regress
    from jPCA.util import preprocess
except ImportError as e:
    print(e, file=sys.stderr)
    sys.exit(3)

x = np.fromfile(path, np.float32).reshape(-1, 1375, columns).astype(float)
times = list(range(1375))
cpu, wall = time.process_time(), time.perf_counter()
options = dict(times=times, tstart=0, tend=1374, soft_normalize=-1, subtract_cc_mean=False, num_pcs=6)
found = JPCA(num_jpcs=6)
found.fit(list(x), **options)
data = preprocess(list(x), options.pop("times"), pca=True, **options)[0]
rng = np.random.default_rng(1)
null = []
for _ in range(1000):
    flipped = [d * rng.choice((-1.0, 1.0), 6) for d in data]
    state = np.concatenate([d[:-1] for d in flipped])
    step = np.concatenate([np.diff(d, axis=0) for d in flipped])
    m = skew_sym_regress(state, step)
    w, v = np.linalg.eig(m)
    null.append(np.sort(w.imag)[:2:-1])
print("cpu_s", time.process_time() - cpu)
print("wall_s", time.perf_counter() - wall)
print("peak_mb", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
print("version bantin/jPCA 3f8be9f")
state = np.concatenate([d[:-1] for d in data])
step = np.concatenate([np.diff(d, axis=0) for d in data])
s, c, m = state.T @ state, state.T @ step, found.M_skew.T
print("quality", np.linalg.norm(s @ m + m @ s - c + c.T) / np.linalg.norm(c - c.T))
