"""peer_cka.py FILE ROWS COLUMNS THREADS numpy|pair|pairs|rsatoolbox|deals -- CKA over the rows. numpy: of the first 128
columns with the others, with 1000 permutations of one Gram matrix (one estimator), 20 times; pair: the value alone as
the whitened cosine of rsatoolbox, of matrices of distances that are there, 2000 times; pairs, rsatoolbox: all ten pairs
of four layers of 128 columns and the features in the others, by NumPy and by rsatoolbox, 20 times; deals: the same by
NumPy after each of 1000 deals of the units to the layers (one estimator). quality: the value, or the sum of the values,
of deals in the mean."""
import os
import resource
import sys
import time

path, rows, columns, threads, peer = sys.argv[1], *map(int, sys.argv[2:5]), sys.argv[5]
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = str(threads)
import numpy as np  # noqa: E402

z = np.fromfile(path, np.float32).reshape(rows, columns).astype(float)
x, y = z[:, :128], z[:, 128:]
sets = np.split(z, [128, 256, 384, 512], axis=1)
rng = np.random.default_rng(1)
try:
    if peer == "numpy":
        version = f"NumPy {np.__version__}"

        def run():
            a, b = x - x.mean(0), y - y.mean(0)
            k, m = a @ a.T, b @ b.T
            norm = np.linalg.norm(k) * np.linalg.norm(m)
            null = np.empty(1000)
            for t in range(1000):
                o = rng.permutation(rows)
                null[t] = np.vdot(k, m[np.ix_(o, o)])
            return np.vdot(k, m) / norm
    elif peer == "pairs":
        version = f"NumPy {np.__version__}"

        def run():
            k = [(a - a.mean(0)) @ (a - a.mean(0)).T for a in sets]
            norm = [np.linalg.norm(m) for m in k]
            return sum(np.vdot(k[m], k[n]) / norm[m] / norm[n] for m in range(5) for n in range(m))
    elif peer == "deals":
        version = f"NumPy {np.__version__}"

        def run():
            units, y = z[:, :512] - z[:, :512].mean(0), z[:, 512:] - z[:, 512:].mean(0)
            sums, last = np.empty(1000), y @ y.T
            for t in range(1000):
                layers = units[:, rng.permutation(512)].reshape(rows, 4, 128)
                k = [layers[:, m] @ layers[:, m].T for m in range(4)] + [last]
                norm = [np.linalg.norm(m) for m in k]
                sums[t] = sum(np.vdot(k[m], k[n]) / norm[m] / norm[n] for m in range(5) for n in range(m))
            return sums.mean()
    else:
        from importlib.metadata import version as version_of
        from rsatoolbox.data import Dataset
        from rsatoolbox.rdm import calc_rdm, compare
        version = f"rsatoolbox {version_of('rsatoolbox')}"

        rdms = calc_rdm(Dataset(x)), calc_rdm(Dataset(y))

        def run():
            if peer == "pair":
                return compare(*rdms, method="cosine_cov")[0, 0]
            rdm = calc_rdm([Dataset(a) for a in sets])
            return np.tril(compare(rdm, rdm, method="cosine_cov"), -1).sum()
except ImportError as e:
    print(e, file=sys.stderr)
    sys.exit(3)

cpu, wall = time.process_time(), time.perf_counter()
for _ in range({"pair": 2000, "deals": 1}.get(peer, 20)):
    value = run()
print("cpu_s", time.process_time() - cpu)
print("wall_s", time.perf_counter() - wall)
print("peak_mb", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
print("version", version)
print("quality", value)
