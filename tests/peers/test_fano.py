"""The Fano factor of vr-align against NumPy and SciPy, written from Churchland et al. 2010: windows of two conditions,
and the matched one against points that are drawn by chance. TAP; the largest difference stands in each line."""
import os
import subprocess
import tempfile

import h5py
import numpy as np
from scipy.stats import t as student

from tap import end, near, tap

BIN = os.environ.get("BIN", "bin")
RATE, UNITS, EVENTS, LENGTH = 100, 60, 40, 120  # a window of 1 s in each stretch of 1.2 s, the event in its middle
WIDE, STEP, WIDTH = 8, 10, 0.25  # frames of a count and between counts; bins of means


def slope(m, v, n, seconds):
    """The regression through the origin, and its standard error."""
    w = n / (m + seconds) ** 2
    f = (w * m * v).sum() / (w * m * m).sum()
    return f, np.sqrt((w * (v - f * m) ** 2).sum() / (len(m) - 1) / (w * m * m).sum())


def matched(mean):
    """The bin of each point and time (-1: silent), and how many of each bin are kept."""
    of = np.where(mean > 0, np.floor(mean / WIDTH), -1).astype(int)
    number = np.array([[(column == b).sum() for b in range(of.max() + 1)] for column in of.T])
    return of, number.min(0)


def main():
    rng = np.random.default_rng(8)
    gain = rng.gamma(2, 0.5, size=(EVENTS, 1, UNITS))  # shared by the frames of an event, until it comes
    late = (np.arange(LENGTH) >= 60)[None, :, None]
    sort = 1 + np.arange(EVENTS) % 2
    rate = rng.gamma(2, 8, size=UNITS) * np.where(late, 1.6, gain) * sort[:, None, None] / RATE
    x = rng.poisson(rate)
    with tempfile.TemporaryDirectory() as d:
        text, rec, out = (os.path.join(d, n) for n in ("x.txt", "e.h5", "o.h5"))
        mark = np.tile(np.arange(LENGTH) == 60, EVENTS)
        table = np.c_[np.repeat(sort, LENGTH), mark, x.reshape(-1, UNITS) * RATE]
        np.savetxt(text, table, fmt="%d", comments="", header=" ".join(["sort", "tap"] + [f"u{k}" for k in range(UNITS)]))
        load = subprocess.run([os.path.join(BIN, "vr-load"), "-q", "--rate", str(RATE), "-i", "/series=tap", "-i", "/label/sort=sort",
                               "-i", "/neural/core/rate=" + ",".join(f"u{k}" for k in range(UNITS)), text],
                              capture_output=True, check=True).stdout
        with open(rec, "wb") as f:
            subprocess.run([os.path.join(BIN, "vr-events"), "-q", "level", "-i", "/series", "--above", "0.5", "--name", "tap"],
                           input=load, stdout=f, check=True)
        with open(out, "wb") as f:
            subprocess.run([os.path.join(BIN, "vr-align"), "-q", "-e", "tap", "-b", "0.5", "-a", "0.5", "--surrogates", "0", "--by", "/label/sort",
                            "--fano", str(WIDE / RATE), "--every", str(STEP / RATE), "--bin", str(WIDTH), rec], stdout=f, check=True)
        with h5py.File(out) as f:
            got = {n: d[:] for n, d in f["/sequence/neural/core/rate/fano"].items() if isinstance(d, h5py.Dataset)}
    starts = np.arange(10, 110 - WIDE + 1, STEP)
    near("times", np.abs((starts + WIDE / 2 - 60) / RATE - got["lag"]).max(), 1e-12)
    count = np.stack([x[:, s:s + WIDE].sum(1) for s in starts], -1)  # events x units x times
    m = np.stack([count[sort == k].mean(0) for k in (1, 2)])
    v = np.stack([count[sort == k].var(0, ddof=1) for k in (1, 2)])
    near("means of each condition", np.abs(m - got["mean"]).max(), 1e-12)
    near("variances", np.abs(v - got["variance"]).max(), 1e-11)
    m, v, n, seconds = m.reshape(-1, len(starts)), v.reshape(-1, len(starts)), EVENTS / 2, WIDE / RATE
    raw, of = [], []
    for k in range(len(starts)):
        fires = m[:, k] > 0
        f, se = slope(m[fires, k], v[fires, k], n, seconds)
        t = student.ppf(0.975, fires.sum() - 1)
        raw.append((f, f - t * se, f + t * se, m[fires, k].mean() / seconds))
    for name, want in zip(("factor", "low", "high", "rate"), np.array(raw).T):
        near(f"all points, {name}", np.abs(want - got[name]).max(), 1e-10)
    # matched: each point with the weight of its chance; then draws
    of, least = matched(m)
    kept, draws, worst, spread = least.sum(), 2000, 0, 0
    for k in range(len(starts)):
        number = np.array([(of[:, k] == b).sum() for b in range(len(least))])
        fires = np.flatnonzero(of[:, k] >= 0)
        q = (least / np.maximum(number, 1))[of[fires, k]]
        a, b = m[fires, k], v[fires, k]
        w = q * n / (a + seconds) ** 2
        f = (w * a * b).sum() / (w * a * a).sum()
        wide = student.ppf(0.975, kept - 1) * np.sqrt((w * (b - f * a) ** 2).sum() / (kept - 1) / (w * a * a).sum())
        worst = max(worst, *(abs(p - r) for p, r in zip((f, f - wide, f + wide, (q * a).sum() / kept / seconds),
                                                        (got["matched_" + part][k] for part in ("factor", "low", "high", "rate")))))
        some = []
        for _ in range(draws):
            keep = np.concatenate([rng.permutation(np.flatnonzero(of[:, k] == b))[:c] for b, c in enumerate(least)])
            some.append(slope(m[keep, k], v[keep, k], n, seconds))
        some = np.array(some)
        spread = max(spread, abs(some[:, 0].mean() - got["matched_factor"][k]) / (some[:, 1].mean() / 100 + 4 * some[:, 0].std() / np.sqrt(draws)))
    near(f"{kept} of {len(m)} points at matched means", worst, 1e-10)
    near(f"and the mean of {draws} draws, in hundredths of its error + 4 sd of it", spread, 1)
    f = got["matched_factor"]
    tap(f[got["lag"] < -0.04].min() > 1.15 and np.abs(f[got["lag"] > 0.04] - 1).max() < 0.2, "variability before, Poisson after: " + " ".join(f"{a:.2f}" for a in f))
    return end()


if __name__ == "__main__":
    raise SystemExit(main())
