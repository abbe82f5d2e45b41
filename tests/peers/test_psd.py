"""vr-psd against scipy.signal.welch with the conventions of SciPy, MATLAB and MNE, and against NumPy's
sums for time scales. TAP; the largest relative difference stands in each line."""
import os
import subprocess
import tempfile

import h5py
import numpy as np
from scipy.signal import get_window, peak_prominences, welch
from sklearn.decomposition import PCA

from tap import end, near

BIN = os.environ.get("BIN", "bin")
RATE = 50


def psd(source, out, *words):
    with open(out, "wb") as f:
        subprocess.run([os.path.join(BIN, "vr-psd"), "-q", "-i", "/series", *words, source], stdout=f, check=True)
    with h5py.File(out) as f:
        group = f["/psd/series"]
        result = {}
        group.visititems(lambda name, o: result.update({name: o[()]}) if isinstance(o, h5py.Dataset) else None)
        return result


def by_trials(x, lengths, length, step, **words):
    """scipy.signal.welch of each trial, weighted by its segments."""
    total, segments, first = 0, 0, 0
    for n in lengths:
        if n >= length:
            k = (n - length) // step + 1
            total = total + k * welch(x[first:first + n], RATE, nperseg=length, noverlap=length - step, axis=0, **words)[1]
            segments += k
        first += n
    return (total / segments).T, segments


def relative(ours, want):
    return np.abs(ours / want - 1).max()


def compare(x, lengths, source, out):
    symmetric = get_window("hamming", 200, fftbins=False)
    for name, words, kwargs in (
            ("SciPy", (), {}),
            ("MATLAB", ("-p", "matlab"), {"window": symmetric, "detrend": False, "nfft": 256}),
            ("MNE", ("-p", "mne"), {"window": "hamming"}),
            ("lines taken off", ("-d", "linear"), {"detrend": "linear"}),
            ("Blackman", ("-w", "blackman"), {"window": "blackman"}),
            ("no window", ("-w", "boxcar"), {"window": "boxcar"})):
        got = psd(source, out, "-l", "4", "-n", "0", *words)
        want, segments = by_trials(x, lengths, 200, 100, **kwargs)
        # bins that hold nothing but rounding are compared with the largest
        scale = np.abs(want).max(1, keepdims=True)
        near(f"{name}, {want.shape[1]} bins", np.max(np.abs(got["components"][0] - want) / (want + 1e-13 * scale)), 1e-11)
        near(f"{name}: {segments} segments", abs(got["segments"][0] - segments), 0)
    got = psd(source, out, "-l", "4", "-n", "0", "--overlap", "0.75", "--average", "median", "-b", "trial")
    want = welch(x[:lengths[0]], RATE, nperseg=200, noverlap=150, axis=0, average="median")[1].T
    near("median of the first trial", relative(got["components"][0], want), 1e-11)


def components(x, lengths, source, out):
    pca = PCA(5, svd_solver="full").fit(x)
    scores = pca.transform(x)
    weight = pca.explained_variance_
    want, _ = by_trials(scores, lengths, 200, 100)
    got = psd(source, out, "-l", "4", "-n", "5")
    near("components", relative(got["components"][0], want), 1e-9)
    near("weights", relative(got["weight"], weight), 1e-10)
    near("their weighted mean", relative(got["spectrum"][0], weight @ want / weight.sum()), 1e-9)
    got = psd(source, out, "-l", "4", "-n", "5", "-u")
    near("of unit components", relative(got["spectrum"][0], want.sum(0) / weight.sum()), 1e-9)
    db = 10 * np.log10(got["spectrum"][0])
    bins = np.round(got["peak/frequency"] * 4).astype(int)
    prominence = peak_prominences(db[1:], bins - 1)[0]
    near(f"prominence of {len(bins)} peaks, dB", np.abs(prominence - got["peak/prominence"]).max(), 1e-9)


def memory(x, lengths, source, out):
    got = psd(source, out, "-l", "4", "-t")
    first, products = 0, np.zeros((x.shape[1], max(lengths)))
    for n in lengths:
        y = x[first:first + n] - x[first:first + n].mean(0)
        for j in range(x.shape[1]):
            products[j, :n] += np.correlate(y[:, j], y[:, j], "full")[n - 1:]
        first += n
    r = products / products[:, :1]
    want = []
    for row in r:
        k = np.argmax(row <= np.exp(-1))
        want.append((k - 1 + (row[k - 1] - np.exp(-1)) / (row[k - 1] - row[k])) / RATE)
    near("fall of the autocorrelation, s", np.abs(got["timescale/fall"] - want).max(), 1e-10)


def main():
    rng = np.random.default_rng(11)
    lengths = [700, 1000, 150, 463]
    t = np.arange(sum(lengths)) / RATE
    x = np.cumsum(rng.normal(size=(len(t), 9)), 0) * 0.1 + rng.normal(size=(len(t), 9)) @ rng.normal(size=(9, 9)) + 3
    x[:, 2] += 2 * np.sin(2 * np.pi * 6.3 * t)
    with tempfile.TemporaryDirectory() as d:
        source, out, text = (os.path.join(d, name) for name in ("x.h5", "out.h5", "x.tsv"))
        trial = np.repeat(np.arange(len(lengths)), lengths)
        with open(text, "w") as f:
            print("\t".join([f"c{j}" for j in range(9)] + ["trial"]), file=f)
            for row, k in zip(x, trial):
                print("\t".join([repr(float(v)) for v in row] + [str(k)]), file=f)
        with open(source, "wb") as f:
            subprocess.run([os.path.join(BIN, "vr-load"), "--rate", str(RATE), "--type", "float64",
                            "-i", "/series=" + ",".join(f"c{j}" for j in range(9)), text], stdout=f, check=True)
        with h5py.File(source) as f:
            assert list(f["/trials/frames"]) == lengths
            x = f["/series"][:].astype(float)
        compare(x, lengths, source, out)
        components(x, lengths, source, out)
        memory(x, lengths, source, out)
    return end()


if __name__ == "__main__":
    raise SystemExit(main())
