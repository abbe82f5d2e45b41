"""vr-kmeans against scikit-learn's KMeans in double precision: from the same centres the same labels, centres
and inertia, on many shapes, far from zero, with equal rows and with clusters that lose all rows; its starts as
good as scikit-learn's; large rows by the driver of the benchmark. TAP."""
import os
import subprocess
import tempfile

import h5py
import numpy as np
from sklearn.cluster import KMeans
from sklearn.datasets import load_digits, make_blobs

from tap import end, tap

BIN = os.environ.get("BIN", "bin")


def cluster(folder, x, *words, start=None):
    """Labels from 0, centres and the inertia of each start; columns as they are."""
    source, out, old = (os.path.join(folder, name) for name in ("x.h5", "k.h5", "start.h5"))
    with h5py.File(source, "w") as f:
        f["x"] = x
    if start is not None:
        with h5py.File(old, "w") as f:
            f["/cluster/x/centre"] = start
            f["/cluster/x/mean"] = np.zeros(x.shape[1])
            f["/cluster/x/sd"] = np.ones(x.shape[1])
        words = (*words, "--start", old)
    with open(out, "wb") as f:
        subprocess.run([os.path.join(BIN, "vr-kmeans"), "-q", "--rate", "50", "--unscaled", "-i", "/x", *words, source],
                       stdout=f, check=True)
    with h5py.File(out) as f:
        return f["/label/x"][:] - 1, f["/cluster/x/centre"][:], f["/cluster/x/inertia"][:]


def same(folder, name, x, start):
    ours, centre, inertia = cluster(folder, x, "-n", "1000", start=start)
    m = KMeans(len(start), init=start, n_init=1, tol=0, max_iter=1000).fit(x)
    wrong = (ours != m.labels_).sum()
    # scikit-learn's own distances are |x|^2 - 2 x.c + |c|^2: far from zero they are worse than ours
    scale = np.abs(m.cluster_centers_).max()
    near = np.abs(centre - m.cluster_centers_).max() <= 1e-9 * scale
    tap(wrong == 0 and near, f"{name}: {wrong} of {len(x)} labels differ, centres to "
        f"{np.abs(centre - m.cluster_centers_).max() / scale:.1e}")
    tap(abs(inertia[0] - m.inertia_) <= 1e-11 * m.inertia_, f"{name}: inertia to {inertia[0] / m.inertia_ - 1:.1e}")


r = np.random.default_rng(4)
with tempfile.TemporaryDirectory() as folder:
    for n, d, k in ((1000, 1, 3), (5000, 3, 8), (20000, 30, 50), (3000, 100, 7), (4000, 60, 130)):
        x = make_blobs(n, d, centers=30, cluster_std=4, random_state=k)[0]
        same(folder, f"{n} x {d}, k {k}", x, x[np.arange(k) * n // k])
    digits = load_digits().data
    same(folder, "digits, many whole numbers", digits, digits[:10].copy())
    x = r.normal(size=(5000, 5)) + 1e4
    same(folder, "far from zero", x, x[:20].copy())
    x = np.repeat(r.normal(size=(300, 4)), 5, axis=0)
    same(folder, "every row five times", x, x[np.arange(12) * 125])
    x = r.normal(size=(2000, 4))
    start = x[:9].copy()
    start[4] = start[2]
    same(folder, "an empty cluster", x, start)

    # starts: over ten seeds no worse than scikit-learn's, of the same number of starts
    for name, x, k in (("blobs", make_blobs(6000, 10, centers=40, random_state=3)[0], 40), ("digits", digits, 30)):
        ours = np.mean([cluster(folder, x, "-k", str(k), "-s", str(s))[2].mean() for s in range(1, 4)])
        theirs = np.mean([KMeans(k, n_init=1, tol=0, random_state=s).fit(x).inertia_ for s in range(30)])
        tap(ours <= 1.02 * theirs, f"{name}: mean inertia of 30 starts {ours:.5g}, scikit-learn {theirs:.5g}")

    # the largest clusters first
    label = cluster(folder, digits, "-k", "12")[0]
    tap((np.diff(np.bincount(label)) <= 0).all(), "clusters by size")

raise SystemExit(end())
