"""vr-pca and vr-eigenposture against scikit-learn's full SVD. TAP; the largest difference stands in
each line."""
import os
import subprocess
import tempfile

import h5py
import numpy as np
from sklearn.decomposition import PCA

from tap import end, near

BIN = os.environ.get("BIN", "bin")


def run(words, file, out):
    with open(out, "wb") as f:
        subprocess.run([os.path.join(BIN, words[0]), *words[1:], file], stdout=f, check=True)


def signs(loadings):
    """Largest-magnitude loading positive; loadings are components in columns."""
    return np.sign(loadings[np.abs(loadings).argmax(0), np.arange(loadings.shape[1])])


def compare(name, x, f, scores, group, n, scale=None):
    y = (x - x.mean(0)) / (1 if scale is None else scale)
    p = PCA(n, svd_solver="full").fit(y)
    want = p.components_.T * signs(p.components_.T)
    ours, variance = f[group + "/loadings"][:], f[group + "/variance"]
    near(f"{name}: variances, relative", np.abs(variance[:] / p.explained_variance_ - 1).max(), 1e-10)
    total = y.var(0, ddof=1).sum()
    near(f"{name}: total variance, relative", abs(variance.attrs["total"] / total - 1), 1e-12)
    near(f"{name}: loadings", np.abs(ours - want).max(), 1e-8)
    near(f"{name}: subspace", np.abs(ours @ ours.T - want @ want.T).max(), 1e-9)
    got = f[scores][:]
    near(f"{name}: scores, of the largest", np.abs(got - y @ want).max() / np.abs(got).max(), 1e-9)
    rest = ((y - got @ ours.T) ** 2).sum() / (len(y) - 1)
    near(f"{name}: what is left out is the rest of the variance", abs(rest - (total - variance[:].sum())) / total, 1e-10)


def main():
    rng = np.random.default_rng(3)
    low = rng.normal(size=(2000, 5)) * [5, 3, 2, 1, 0.5] @ rng.normal(size=(5, 12))
    x = low + 0.05 * rng.normal(size=low.shape) + rng.normal(size=12)
    with tempfile.TemporaryDirectory() as d:
        source, out = os.path.join(d, "x.h5"), os.path.join(d, "out.h5")
        with h5py.File(source, "w") as f:
            f["x"] = x
            f["p"] = x.reshape(2000, 4, 3)
        run(["vr-pca", "--rate", "50", "-n", "8", "-i", "/x"], source, out)
        with h5py.File(out) as f:
            compare("vr-pca, 2000 x 12", x, f, "/pca/x", "/basis/pca/x", 8)
        run(["vr-pca", "--rate", "50", "--scale", "-n", "8", "-i", "/x"], source, out)
        with h5py.File(out) as f:
            compare("vr-pca --scale", x, f, "/pca/x", "/basis/pca/x", 8, x.std(0, ddof=1))
            scale = f["/basis/pca/x/scale"][:]
            near("scale, relative", np.abs(scale / x.std(0, ddof=1) - 1).max(), 1e-12)
        run(["vr-eigenposture", "--rate", "50", "-n", "6", "-i", "/p"], source, out)
        with h5py.File(out) as f:
            compare("vr-eigenposture of 4 points", x, f, "/eigenposture/p", "/basis/eigenposture/p", 6)
    return end()


if __name__ == "__main__":
    raise SystemExit(main())
