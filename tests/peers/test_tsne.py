"""vr-tsne against scikit-learn on digits of scikit-learn and on clouds: divergence by one measure,
trustworthiness, and the share of neighbours that the map keeps; --onto against openTSNE. TAP."""
import os
import subprocess
import tempfile

import h5py
import numpy as np
import openTSNE
from sklearn.datasets import load_digits
from sklearn.manifold import TSNE, trustworthiness
from sklearn.manifold._t_sne import _joint_probabilities
from sklearn.neighbors import NearestNeighbors
from scipy.spatial.distance import pdist, squareform

from tap import end, tap

BIN = os.environ.get("BIN", "bin")


def embed(folder, x, *words):
    source, out = os.path.join(folder, "x.h5"), os.path.join(folder, "map.h5")
    with h5py.File(source, "w") as f:
        f["x"] = x
    with open(out, "wb") as f:
        subprocess.run([os.path.join(BIN, "vr-tsne"), "-q", "--rate", "50", "-i", "/x", *words, source],
                       stdout=f, check=True)
    with h5py.File(out) as f:
        return f["/map/xy"][:], f["/map/kl"][:]


def divergence(p, y):
    """KL with all pairs of P and of Q."""
    w = 1 / (1 + pdist(y, "sqeuclidean"))
    q = w / (2 * w.sum())
    return 2 * (p * np.log(np.maximum(p, 1e-300) / q)).sum()


def overlap(near, y):
    own = NearestNeighbors(n_neighbors=30).fit(y).kneighbors(return_distance=False)
    return np.mean([len(np.intersect1d(a, b)) / 30 for a, b in zip(near, own)])


def compare(folder, name, raw):
    x = (raw - raw.mean(0)) / np.where(raw.std(0, ddof=1) > 0, raw.std(0, ddof=1), 1)
    p = _joint_probabilities(squareform(pdist(x, "sqeuclidean")).astype(np.float32), 30, 0)
    near = NearestNeighbors(n_neighbors=30).fit(x).kneighbors(return_distance=False)
    theirs = TSNE(perplexity=30, init="pca", random_state=0, max_iter=1000).fit_transform(x)
    want, trust = divergence(p, theirs), trustworthiness(x, theirs, n_neighbors=12)
    kept = overlap(near, theirs)
    for mode in ("exact", "bh", "fft"):
        y, history = embed(folder, raw, "-n", "750", "-m", mode)
        got, own = divergence(p, y), trustworthiness(x, y, n_neighbors=12)
        tap(got <= 1.03 * want, f"{name}, {mode}: divergence {got:.4f} <= 1.03 x {want:.4f}")
        tap(own >= trust - 0.005, f"{name}, {mode}: trustworthiness {own:.4f} >= {trust:.4f} - 0.005")
        share = overlap(near, y)
        # a lower divergence trades a few of the nearest for the order of the far ones
        tap(share >= kept - 0.02, f"{name}, {mode}: 30 neighbours kept {share:.4f} >= {kept:.4f} - 0.02")
        if mode == "exact":
            tap(abs(history[-1] / got - 1) < 1e-3, f"{name}, {mode}: /map/kl ends with that divergence")


def vote(at, labels, there):
    found = NearestNeighbors(n_neighbors=5).fit(at).kneighbors(there, return_distance=False)
    return np.array([np.bincount(labels[row]).argmax() for row in found])


def onto(folder, x, labels):
    """Every other frame makes the map; the others must land among frames of their kind, as often as
    openTSNE's do."""
    scaled = (x - x[::2].mean(0)) / np.where(x[::2].std(0) > 0, x[::2].std(0), np.inf)
    made = openTSNE.TSNE(perplexity=30, random_state=0, n_jobs=1).fit(scaled[::2])
    theirs = np.asarray(made.transform(scaled[1::2]))
    want = (vote(np.asarray(made), labels[::2], theirs) == labels[1::2]).mean()

    old, new = os.path.join(folder, "old.h5"), os.path.join(folder, "new.h5")
    for path, rows in ((old, x[::2]), (new, x[1::2])):
        with h5py.File(path, "w") as f:
            f["x"] = rows
    vr = os.path.join(BIN, "vr-tsne")
    there, placed = os.path.join(folder, "made.h5"), os.path.join(folder, "placed.h5")
    subprocess.run([vr, "-q", "--rate", "50", "-i", "/x", old, "-o", there], check=True)
    with h5py.File(there, "a") as f:  # a foreign file is only read: its features are put back by hand
        f["x"] = x[::2]
    subprocess.run([vr, "-q", "--rate", "50", "-i", "/x", "--onto", there, new, "-o", placed], check=True)
    with h5py.File(there) as f, h5py.File(placed) as g:
        own = (vote(f["/map/xy"][:], labels[::2], g["/map/xy"][:]) == labels[1::2]).mean()
    tap(own >= want - 0.01, f"digits --onto: {own:.4f} of new frames land in their class >= {want:.4f} - 0.01")


def main():
    rng = np.random.default_rng(5)
    clouds = rng.normal(size=(1500, 20)) + 4 * rng.normal(size=(12, 20))[rng.integers(0, 12, 1500)]
    with tempfile.TemporaryDirectory() as folder:
        digits = load_digits().data
        compare(folder, "digits", digits)
        compare(folder, "clouds", clouds)
        onto(folder, digits, load_digits().target)
    return end()


if __name__ == "__main__":
    raise SystemExit(main())
