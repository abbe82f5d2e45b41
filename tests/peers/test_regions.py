"""Maps of many blobs, of few, and of a random walk through vr-watershed: SciPy's blur and scikit-image's flooding from
the same peaks; purity and mutual information against scikit-learn. TAP; the number compared stands in each line."""
import os
import subprocess
import tempfile

import h5py
import numpy as np
from scipy.ndimage import gaussian_filter
from skimage.measure import label as components
from skimage.morphology import local_maxima
from skimage.segmentation import watershed
from sklearn.metrics import normalized_mutual_info_score

from tap import end, tap

BIN = os.environ.get("BIN", "bin")


def show(name, value, good):
    tap(good, f"{name}: {value:.6g}")


def make(path, blobs, points, rng):
    """A map of overlapping blobs; the blob of a point is /label/blob."""
    centre = rng.uniform(-60, 60, (blobs, 2))
    of = rng.integers(0, blobs, points)
    xy = centre[of] + rng.normal(size=(points, 2)) * rng.uniform(1.5, 5, (blobs, 2))[of]
    text = "x\ty\tblob\n" + "".join(f"{x!r}\t{y!r}\t{k + 1}\n" for (x, y), k in zip(xy.tolist(), of.tolist()))
    with open(path, "wb") as f:
        subprocess.run([os.path.join(BIN, "vr-load"), "--rate", "50", "-i", "/map/xy=x,y", "-i", "/label/blob=blob"],
                       input=text.encode(), stdout=f, check=True)
    return xy, of


def ring(rng, points):
    """Five blobs that do not touch."""
    of = rng.integers(0, 5, points)
    turn = 2 * np.pi * of / 5
    return 10 * np.stack([np.cos(turn), np.sin(turn)], 1) + rng.normal(size=(points, 2)), of


def foreign(path, xy):
    """A file of another program: what vr-watershed needs to be told of it."""
    with h5py.File(path, "w") as f:
        f["xy"] = xy
    return ["-i", "/xy", "--rate", "50"]


def run(words, source, out):
    with open(out, "wb") as f:
        subprocess.run([os.path.join(BIN, "vr-watershed"), "-q", *words, source], stdout=f, check=True)
    return h5py.File(out, "r")


def compare(name, xy, f):
    p, ours = f["region/density"][:], f["region/label"][:]
    x, y, floor = f["region/x"][:], f["region/y"][:], f["region/density"].attrs["floor"]
    sigma, step, n = f["region/density"].attrs["sigma"], (x[-1] - x[0]) / (len(x) - 1), len(x)
    col = np.floor((xy[:, 0] - x[0]) / step + 0.5).astype(int)
    row = np.floor((xy[:, 1] - y[0]) / step + 0.5).astype(int)
    count = np.zeros((n, n))
    np.add.at(count, (row, col), 1)
    want = gaussian_filter(count, sigma / step, mode="reflect", truncate=4) / (len(xy) * step**2)
    worst = np.abs(p - want).max() / want.max()
    show(f"{name}: density, largest difference of the peak", worst, worst < 1e-12)
    integral = abs(p.sum() * step**2 - 1)
    show(f"{name}: integral, difference from 1", integral, integral < 1e-10)

    # explicit markers, the regional maxima; 8 neighbours, no lines
    mask = p >= floor
    markers = components(local_maxima(np.where(mask, p, 0), connectivity=2), connectivity=2)
    theirs = watershed(-p, markers, mask=mask, connectivity=2)
    show(f"{name}: regions of ours", ours.max(), ours.max() == theirs.max())
    # names: the region of theirs at each of our peaks
    name_of = np.zeros(theirs.max() + 1, int)
    for k, (px, py) in enumerate(f["region/peak"][:]):
        name_of[theirs[np.rint((py - y[0]) / step).astype(int), np.rint((px - x[0]) / step).astype(int)]] = k + 1
    equal = (name_of[theirs] == ours)[mask].mean()
    show(f"{name}: pixels equal to scikit-image's", equal, equal >= 0.995)
    frames = (f["label/region"][:] == ours[row, col]).mean()
    show(f"{name}: frames with the label of their pixel", frames, frames == 1)


with tempfile.TemporaryDirectory() as folder:
    rng = np.random.default_rng(5)
    source, out = os.path.join(folder, "map.h5"), os.path.join(folder, "out.h5")
    for blobs, points, words in ((5, 5000, []), (60, 100000, []), (60, 100000, ["--sigma", "0.8"]),
                                 (30, 3000, ["--grid", "200", "--sigma", "3"])):
        xy, of = make(source, blobs, points, rng)
        with run([*words, "--against", "/label/blob"], source, out) as f:
            compare(" ".join([f"{blobs} blobs", *words]), xy, f)
            region, group = f["label/region"][:], f["region/against"]
            inside = region > 0
            nmi = normalized_mutual_info_score(region[inside], of[inside])
            gap = abs(nmi - group.attrs["nmi"])
            show("mutual information, difference from scikit-learn's", gap, gap < 1e-10)
            table = np.zeros((region.max(), blobs))
            np.add.at(table, (region[inside] - 1, of[inside]), 1)
            gap = abs(table.max(1).sum() / table.sum() - group.attrs["purity"])
            show("purity, difference", gap, gap < 1e-12)

    xy, of = ring(rng, 20000)
    with run(foreign(source, xy), source, out) as f:
        compare("five blobs apart", xy, f)
        region = f["label/region"][:]
        show("five blobs apart: regions", region.max(), region.max() == 5)
        home = min(np.bincount(region[of == k]).max() / (of == k).sum() for k in range(5))
        show("five blobs apart: least share of a blob in one region", home, home > 0.99)
    xy = np.cumsum(rng.normal(size=(30000, 2)), 0) * 0.1  # many shallow basins
    with run(foreign(source, xy), source, out) as f:
        compare("a random walk", xy, f)

raise SystemExit(end())
