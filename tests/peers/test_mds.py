"""vr-mds against scikit-learn: classical scaling against PCA, SMACOF step by step, silhouettes and
nearest neighbours, and its null against label permutations in NumPy. TAP."""
import os
import subprocess
import tempfile

import h5py
import numpy as np
from scipy.linalg import eigh
from scipy.spatial.distance import pdist, squareform
from sklearn.decomposition import PCA
from sklearn.manifold import smacof
from sklearn.metrics import silhouette_score

from tap import end, near

BIN = os.environ.get("BIN", "bin")


def mds(source, out, *words, path="/x"):
    with open(out, "wb") as f:
        subprocess.run([os.path.join(BIN, "vr-mds"), "-q", "--rate", "50", "-i", path, *words, source], stdout=f, check=True)
    with h5py.File(out) as f:
        group, result = f["/mds" + path], {}
        group.visititems(lambda name, o: result.update({name: o[()]}) if isinstance(o, h5py.Dataset) else None)
        result["stress1"] = group["xy"].attrs["stress1"]
        result["stress"] = group["xy"].attrs["stress"] if "stress" not in result else result["stress"]
        return result


def signed(y):
    return y * np.sign(y[np.abs(y).argmax(0), np.arange(y.shape[1])])


def main():
    rng = np.random.default_rng(2)
    n = 180
    x = rng.normal(size=(n, 9)) * np.linspace(4, 0.5, 9) + 10
    labels = np.arange(n) % 3
    x[:, 1] += 2 * labels
    d = squareform(pdist(x))
    rough = np.abs(d + 0.3 * squareform(rng.normal(size=n * (n - 1) // 2)))
    start = rng.normal(size=(n, 2))
    with tempfile.TemporaryDirectory() as folder:
        source, out, text = (os.path.join(folder, name) for name in ("x.h5", "out.h5", "x.tsv"))
        with h5py.File(source, "w") as f:
            f["x"], f["d"], f["rough"], f["start"] = x, d, rough, start
            f["s"] = (x - x.mean(0)) @ (x - x.mean(0)).T

        pca = PCA(3, svd_solver="full").fit_transform(x)
        scale = np.abs(pca).max()
        for name, path, kind in (("points", "/x", "points"), ("distances", "/d", "distances"), ("similarities", "/s", "similarities")):
            got = mds(source, out, "-k", kind, "-n", "3", "-f", "0", path=path)
            near(f"classical of {name} is PCA", np.abs(got["xy"] - signed(pca)).max() / scale, 1e-10)
        kept = squareform(pdist(got["xy"]))
        near("stress-1", abs(got["stress1"] - np.sqrt(((kept - d) ** 2).sum() / (kept**2).sum())), 1e-12)
        centre = np.eye(n) - 1 / n
        value = eigh(-0.5 * centre @ rough**2 @ centre, eigvals_only=True)[::-1]
        got = mds(source, out, "-k", "distances", path="/rough")
        near("eigenvalues of what is not Euclidean", np.abs(got["eigenvalue"] - value).max() / value[0], 1e-12)

        for steps in (1, 30, 200):
            got = mds(source, out, "-k", "distances", "-m", "smacof", "--start", "/start", "--iterations", str(steps),
                      "--tolerance", "0", path="/rough")
            want, _ = smacof(rough, init=start.copy(), n_init=1, max_iter=steps, eps=0, normalized_stress=False)
            apart = np.abs(pdist(got["xy"]) - pdist(want)).max()
            near(f"SMACOF from given points, {steps} steps, distances", apart / rough.max(), 1e-9)
        stress = [((pdist(smacof(rough, init=rng.normal(size=(n, 2)), n_init=1, max_iter=300, eps=1e-6,
                                 normalized_stress=False)[0]) - squareform(rough)) ** 2).sum() for _ in range(5)]
        got = mds(source, out, "-k", "distances", "-m", "smacof", "--starts", "8", path="/rough")
        near("stress of the best start, of scikit-learn's best of 5", min(got["stress"]) / min(stress), 1.01)

        # separation: of points that each stand alone
        with open(text, "w") as f:
            print("\t".join([f"c{j}" for j in range(9)] + ["trial", "k"]), file=f)
            for i, row in enumerate(x):
                print("\t".join([repr(float(v)) for v in row] + [str(i), str(labels[i] + 1)]), file=f)
        with open(source, "wb") as f:
            subprocess.run([os.path.join(BIN, "vr-load"), "--rate", "50", "-i",
                            "/x=" + ",".join(f"c{j}" for j in range(9)), "-i", "/label/k=k", text], stdout=f, check=True)
        with h5py.File(source) as f:
            x = f["/x"][:].astype(float)
        d = squareform(pdist(x))
        got = mds(source, out, "-f", "0", "-b", "/label/k", "--null", "999")

        def measure(y, of):
            e = squareform(pdist(y)) + np.diag(np.full(len(y), np.inf))
            same = of[e.argmin(1)] == of
            return silhouette_score(y, of), np.mean([same[of == g].mean() for g in range(3)])

        # points come label by label
        order = np.argsort(labels, kind="stable")
        plane, full = measure(got["xy"], labels[order]), measure(x, labels)
        for k, (name, want) in enumerate((("silhouette, embedded", plane[0]), ("nearest, embedded", plane[1]),
                                          ("silhouette, in full", full[0]), ("nearest, in full", full[1]))):
            near(name, abs(got["separation/value"][k] - want), 1e-10)
        draws = np.array([silhouette_score(d, rng.permutation(labels), metric="precomputed") for _ in range(999)])
        error = draws.std() / np.sqrt(999) * np.sqrt(2)
        near("mean of the null, in its standard errors", abs(got["separation/mean"][2] - draws.mean()) / error, 4)
        near("95th percentile of the null, in the spread of the null",
            abs(got["separation/high"][2] - np.quantile(draws, 0.95)) / draws.std(), 0.3)
    return end()


if __name__ == "__main__":
    raise SystemExit(main())
