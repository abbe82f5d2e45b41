"""Four synthetic gaits from postures to kinematics: vr-eigenposture and vr-wavelet against the recipe
of MotionMapper in NumPy (tests/ref/wavelet.py), step by step and end to end. TAP; the largest
difference stands in each line."""
import os
import subprocess
import sys
import tempfile

import h5py
import numpy as np

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "ref"))
from wavelet import amplitudes  # noqa: E402

from tap import end, near

BIN = os.environ.get("BIN", "bin")
RATE, JOINTS, POINTS = 50.0, 20, 12
BANDS = {"slow": (0.3, 5), "intermediate": (1, 25), "fast": (5, 25)}


def gaits(rng, lengths):
    """Angles and positions: bouts of four gaits, each with its own frequency and phases of joints."""
    angles, positions = [], []
    freq, phase = [1.3, 2.9, 5.2, 8.1], rng.uniform(0, 2 * np.pi, (4, JOINTS))
    size = rng.uniform(0.1, 0.5, (4, JOINTS))
    to_space = rng.normal(size=(JOINTS, 3 * POINTS)) * 0.02
    for n in lengths:
        t = np.arange(n) / RATE
        gait = (t / 2.5).astype(int) % 4
        turn = 2 * np.pi * np.cumsum(np.take(freq, gait)) / RATE
        a = size[gait] * np.sin(turn[:, None] + phase[gait]) + 0.02 * rng.normal(size=(n, JOINTS))
        angles.append(a)
        positions.append(np.sin(a) @ to_space + 0.1)
    return np.concatenate(angles), np.concatenate(positions)


def load(path, lengths, angles, positions):
    names = [f"a{j}" for j in range(JOINTS)]
    names += [f"p{j}_{c}" for j in range(POINTS) for c in "xyz"]
    trial = np.repeat(np.arange(len(lengths)), lengths)
    text = path + ".csv"
    table = np.column_stack([trial, angles, positions])
    np.savetxt(text, table, delimiter=",", fmt="%.17g", header=",".join(["trial", *names]), comments="")
    words = ["--rate", "50", "--type", "float64", "-i", "/pose/angles=a*", "-i", "/pose/positions=p*"]
    with open(path, "wb") as f:
        subprocess.run([os.path.join(BIN, "vr-load"), *words, text], stdout=f, check=True)


def run(words, file, out):
    with open(out, "wb") as f:
        subprocess.run([os.path.join(BIN, words[0]), *words[1:], file], stdout=f, check=True)


def pca(x, n):
    """Scores, loadings and variances, largest-magnitude loading positive."""
    mean = x.mean(0)
    w, v = np.linalg.eigh(np.cov(x.T))
    w, v = w[::-1][:n], v[:, ::-1][:, :n]
    v = v * np.sign(v[np.abs(v).argmax(0), np.arange(v.shape[1])])
    return (x - mean) @ v, v, w


def trialwise(x, lengths, low, high, pad):
    """Amplitudes of all columns of each trial, 25 to a column."""
    cuts = np.split(x, np.cumsum(lengths)[:-1])
    return np.concatenate([np.concatenate([amplitudes(c[:, j], low, high, 25, pad=pad)
                                           for j in range(c.shape[1])], 1) for c in cuts])


def main():
    lengths = [600, 751, 500, 17]
    angles, positions = gaits(np.random.default_rng(8), lengths)
    with tempfile.TemporaryDirectory() as d:
        source, exact, single, zero = (os.path.join(d, n) for n in ("rec.h5", "d.h5", "f.h5", "z.h5"))
        load(source, lengths, angles, positions)
        with h5py.File(source) as f:
            near("the recording holds what was made", np.abs(f["/pose/positions"][:].reshape(len(angles), -1) - positions).max(), 0)
        run(["vr-wavelet", "--raw", "--double"], source, exact)
        run(["vr-wavelet", "--raw"], source, single)
        run(["vr-wavelet", "--raw", "--double", "--pad", "zero", "-b", "slow"], source, zero)
        with h5py.File(exact) as e, h5py.File(single) as s, h5py.File(zero) as z:
            posture = {"angles": pca(angles, 15),
                       "positions": pca(positions, 15)}
            for name, (scores, loadings, variance) in posture.items():
                got = e[f"/basis/eigenposture/{name}/variance"][:]
                near(f"eigenpostures of {name}: variances, relative", np.abs(got / variance - 1).max(), 1e-10)
                near(f"eigenpostures of {name}: scores, of the largest",
                    np.abs(e[f"/eigenposture/{name}"][:] - scores).max() / np.abs(scores).max(), 1e-8)
            for band, (low, high) in BANDS.items():
                for k, name in enumerate(posture):
                    raw = slice(375 * k, 375 * (k + 1))
                    want = trialwise(e[f"/eigenposture/{name}"][:], lengths, low, high, "symmetric")
                    most = want.max()
                    near(f"{band}, {name}: amplitudes, of the largest",
                        np.abs(e[f"/wavelet/{band}"][:, raw] - want).max() / most, 1e-12)
                    near(f"{band}, {name}: in single precision",
                        np.abs(s[f"/wavelet/{band}"][:, raw] - want).max() / most, 1e-6)
                    # end to end: nothing of ours but the recording goes in
                    whole = trialwise(posture[name][0], lengths, low, high, "symmetric")
                    scores, _, variance = pca(whole, 15)
                    got = e[f"/kinematics/{band}"][:, 15 * k:15 * k + 15]
                    near(f"{band}, {name}: kinematics end to end, of the largest",
                        np.abs(got - scores).max() / np.abs(scores).max(), 1e-8)
                    single_scores = s[f"/kinematics/{band}"][:, 15 * k:15 * k + 15]
                    near(f"{band}, {name}: in single precision, first five",
                        np.abs(single_scores - scores)[:, :5].max() / np.abs(scores).max(), 1e-4)
                freq = e[f"/basis/kinematics/{band}/frequency"][:]
                near(f"{band}: frequencies, relative", np.abs(freq / np.geomspace(low, high, 25) - 1).max(), 1e-13)
            want = trialwise(z["/eigenposture/angles"][:], lengths, 0.3, 5, "zero")
            near("zero padding, odd and even lengths, of the largest",
                np.abs(z["/wavelet/slow"][:, :375] - want).max() / want.max(), 1e-12)
    return end()


if __name__ == "__main__":
    raise SystemExit(main())
