"""vr-watershed against SciPy's Gaussian filter and scikit-image's watershed. TAP; the numbers stand
in each line."""
import os
import subprocess
import tempfile

import h5py
import numpy as np
from scipy.ndimage import gaussian_filter
from skimage.segmentation import watershed

BIN = os.environ.get("BIN", "bin")
taps = failures = 0


def tap(good, name):
    global taps, failures
    taps += 1
    failures += not good
    print(f"{'ok' if good else 'not ok'} {taps} - {name}", flush=True)


def regions(xy, folder, *words):
    """The map through vr-watershed: density, labels of the grid and of the points, peaks, sigma."""
    source, out = os.path.join(folder, "xy.h5"), os.path.join(folder, "out.h5")
    with h5py.File(source, "w") as f:
        f["xy"] = xy
    with open(out, "wb") as f:
        subprocess.run([os.path.join(BIN, "vr-watershed"), "-q", "-i", "/xy", "--rate", "50", *words, source],
                       stdout=f, check=True)
    with h5py.File(out) as f:
        r = f["region"]
        return {"density": r["density"][:], "grid": r["label"][:], "x": r["x"][:], "y": r["y"][:],
                "peak": r["peak"][:], "point": f["label/region"][:], "sigma": r["density"].attrs["sigma"]}


def check_density(name, xy, r):
    step = r["x"][1] - r["x"][0]
    edges = [np.append(axis - step / 2, axis[-1] + step / 2) for axis in (r["y"], r["x"])]
    counts = np.histogram2d(xy[:, 1], xy[:, 0], bins=edges)[0]
    want = gaussian_filter(counts, r["sigma"] / step, mode="reflect", truncate=4) / len(xy) / step**2
    worst = np.abs(want - r["density"]).max() / want.max()
    tap(worst < 1e-6, f"{name}: density against SciPy, of the largest: {worst:.2g}")
    total = r["density"].sum() * step**2
    tap(abs(total - 1) < 1e-10, f"{name}: integral of the density is 1 to {abs(total - 1):.1g}")


def check_labels(name, r):
    markers = np.zeros(r["grid"].shape, int)
    for k, (x, y) in enumerate(r["peak"], 1):
        markers[np.abs(r["y"] - y).argmin(), np.abs(r["x"] - x).argmin()] = k
    want = watershed(-r["density"], markers, connectivity=2, mask=r["grid"] > 0)
    inside = r["grid"] > 0
    same = (want == r["grid"])[inside].mean()
    tap(same >= 0.995, f"{name}: {100 * same:.2f} % of {inside.sum()} pixels as scikit-image, {len(r['peak'])} regions")


def blobs(rng, n, spread):
    centre = 10 * np.stack([np.cos(2 * np.pi * np.arange(5) / 5), np.sin(2 * np.pi * np.arange(5) / 5)], 1)
    which = rng.integers(0, 5, n)
    return centre[which] + spread * rng.normal(size=(n, 2)), which


def main():
    rng = np.random.default_rng(5)
    with tempfile.TemporaryDirectory() as d:
        xy, which = blobs(rng, 20000, 1)
        r = regions(xy, d)
        check_density("five blobs", xy, r)
        tap(len(r["peak"]) == 5, f"five blobs: {len(r['peak'])} regions")
        check_labels("five blobs", r)
        home = [np.bincount(r["point"][which == k]).max() / (which == k).sum() for k in range(5)]
        tap(min(home) > 0.99, f"five blobs: at least {100 * min(home):.2f} % of a blob in one region")
        xy = np.cumsum(rng.normal(size=(30000, 2)), 0) * 0.1  # a walk: many shallow basins
        r = regions(xy, d)
        check_density("a random walk", xy, r)
        check_labels("a random walk", r)
    print(f"1..{taps}")
    return failures > 0


if __name__ == "__main__":
    raise SystemExit(main())
