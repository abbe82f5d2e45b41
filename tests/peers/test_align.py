"""vr-align against NumPy and SciPy, on a recording with events that fall between frames. TAP; the largest
difference stands in each line."""
import os
import subprocess
import tempfile

import h5py
import numpy as np
from scipy.stats import spearmanr

from tap import end, near

BIN = os.environ.get("BIN", "bin")


def main():
    rng = np.random.default_rng(4)
    trials, rows, units, rate = 4, 600, 12, 50
    x = rng.normal(size=(trials * rows, units)).cumsum(0)
    x -= 0.98 * np.r_[np.zeros((1, units)), x[:-1]]
    # a rhythm whose phases are the events, between frames
    t = np.arange(trials * rows) % rows / rate
    beat = np.cos(2 * np.pi * 4 * t + 1)
    with tempfile.TemporaryDirectory() as d:
        text, rec, out = (os.path.join(d, n) for n in ("x.txt", "e.h5", "o.h5"))
        np.savetxt(text, np.c_[np.repeat(np.arange(trials), rows), beat, x], fmt="%.17g", comments="",
                   header=" ".join(["trial", "beat"] + [f"u{k}" for k in range(units)]))
        columns = ",".join(f"u{k}" for k in range(units))
        load = subprocess.run([os.path.join(BIN, "vr-load"), "-q", "--rate", "50", "-i", "/series=beat",
                               "-i", "/pca/x=" + columns, text], capture_output=True, check=True).stdout
        with open(rec, "wb") as f:
            subprocess.run([os.path.join(BIN, "vr-events"), "-q", "stride", "--rhythm", "/series"], input=load, stdout=f, check=True)
        with open(out, "wb") as f:
            subprocess.run([os.path.join(BIN, "vr-align"), "-q", "-e", "stride", "-b", "0.3", "-a", "0.2", "-i", "/pca/x",
                            "--show", "abs-mean", "--by", "trial", "--surrogates", "50", rec], stdout=f, check=True)
        with h5py.File(out) as f:
            got = {n: d[:] for n, d in f["/sequence/pca/x"].items() if isinstance(d, h5py.Dataset)}
            by = {n: d[:] for n, d in f["/sequence/pca/x/by"].items() if isinstance(d, h5py.Dataset)}
            x = f["/pca/x"][:].astype(float)
            trial, time = f["/events/trial"][:], f["/events/time"][:]
    # minima of the rhythm
    near("events at the minima, frames", np.abs(np.remainder(4 * time + 1 / (2 * np.pi), 1) - 0.5)[5:-5].max() / 4 * rate, 0.2)
    z = (x - x.mean(0)) / x.std(0, ddof=1)
    windows, of = [], []
    for k, s in zip(trial, time):
        at = s * rate - 0.3 * rate + np.arange(26)
        if at[0] < 0 or at[-1] > rows - 1:
            continue
        windows.append(np.array([np.interp(at, np.arange(rows), z[k * rows:(k + 1) * rows, j]) for j in range(units)]))
        of.append(k)
    w, of = np.array(windows), np.array(of)
    near("number of windows", abs(len(w) - len(got["time"])), 0)
    near("average", np.abs(np.abs(w.mean(0)) - got["average"]).max(), 1e-12)
    near("even windows", np.abs(np.abs(w[1::2].mean(0)) - got["even"]).max(), 1e-12)
    sd = w.std(0, ddof=1)
    near("mean", np.abs(w.mean(0) - got["mean"]).max(), 1e-12)
    near("sd over windows", np.abs(sd - got["sd"]).max(), 1e-12)
    near("spread", np.abs(sd.mean(0) - got["spread"]).max(), 1e-12)
    near("its percentiles", max(np.abs(np.percentile(sd, q, axis=0) - got[f"spread_{q}"]).max() for q in (20, 80)), 1e-12)
    odd, even = (np.abs(w[k::2].mean(0)).argmax(1) for k in (0, 1))
    near("peaks, s", max(np.abs(odd / rate - 0.3 - got["peak_odd"]).max(), np.abs(even / rate - 0.3 - got["peak_even"]).max()), 1e-12)
    near("order", np.abs(np.argsort(odd, kind="stable") - got["order"]).max(), 0)
    value = dict(zip((s.decode().strip("\0") for s in got["statistic"]), got["value"]))
    near("split-half correlation", abs(spearmanr(odd, even)[0] - value["split-half"]), 1e-12)
    c = w - w.mean(2, keepdims=True)
    rest = c.sum(0) - c
    single = np.mean([(a * b).sum() / np.sqrt((a**2).sum() * (b**2).sum()) for a, b in zip(c, rest)])
    near("correlation of single windows", abs(single - value["single"]), 1e-12)
    e = np.abs(w[1::2].mean(0))
    ridge = np.mean((e[np.arange(units), odd] - e.mean(1)) / e.std(1))
    near("ridge", abs(ridge - value["ridge"]), 1e-12)
    # the windows of each trial
    parts = [w[of == k] for k in range(trials)]
    near("windows of each trial", np.abs(np.bincount(of) - by["windows"]).max(), 0)
    near("their mean", np.abs(np.array([p.mean(0) for p in parts]) - by["mean"]).max(), 1e-12)
    near("their sd", np.abs(np.array([p.std(0, ddof=1) for p in parts]) - by["sd"]).max(), 1e-12)
    near("their even windows", np.abs(np.array([np.abs(p[1::2].mean(0)) for p in parts]) - by["even"]).max(), 1e-12)
    peaks = np.array([np.abs(p[0::2].mean(0)).argmax(1) for p in parts])
    near("peaks of the odd ones, s", np.abs(peaks / rate - 0.3 - by["peak_odd"]).max(), 1e-12)
    return end()


if __name__ == "__main__":
    raise SystemExit(main())
