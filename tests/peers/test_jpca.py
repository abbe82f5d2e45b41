"""vr-jpca against the public port of jPCA (bantin/jPCA) with its own settings, and against a Sylvester
solver. TAP; the largest difference stands in each line."""
import os
import subprocess
import tempfile

os.environ.setdefault("MPLBACKEND", "Agg")
import h5py
import numpy as np
from scipy.linalg import solve_sylvester

from tap import end, near, skip

BIN = os.environ.get("BIN", "bin")


def run(words, folder, x, trials):
    """A stream of the rows of x, in trials of equal length, through vr-jpca."""
    text, rec, out = (os.path.join(folder, name) for name in ("x.txt", "x.h5", "out.h5"))
    rows = len(x) // trials
    np.savetxt(text, np.c_[np.repeat(np.arange(trials), rows), x], fmt="%.17g", comments="",
               header=" ".join(["trial"] + [f"u{k}" for k in range(x.shape[1])]))
    with open(rec, "wb") as f:
        subprocess.run([os.path.join(BIN, "vr-load"), "-q", "--rate", "50", "-i", "/pca/x", text], stdout=f, check=True)
    with open(out, "wb") as f:
        subprocess.run([os.path.join(BIN, "vr-jpca"), "-q", "-i", "/pca/x", *words, rec], stdout=f, check=True)
    with h5py.File(out) as f:
        names = []
        f["/jpca/pca/x"].visititems(lambda n, d: names.append(n) if isinstance(d, h5py.Dataset) else None)
        return {n: f["/jpca/pca/x/" + n][:] for n in names}


def angle(a, b):
    """Sine of the largest principal angle between the spans of the columns."""
    a, b = np.linalg.qr(a)[0], np.linalg.qr(b)[0]
    return np.linalg.norm(a - b @ (b.T @ a), 2)


def port(folder, x, trials):
    from jPCA import JPCA
    from jPCA.util import preprocess
    rows = len(x) // trials
    times = list(range(rows))
    data = list(x.reshape(trials, rows, -1))
    theirs = JPCA(num_jpcs=6)
    _, total, _, variance = theirs.fit([d.copy() for d in data], times=times, tstart=0, tend=rows - 1,
                                       num_pcs=6, soft_normalize=5, subtract_cc_mean=True)
    scores = np.concatenate(preprocess([d.copy() for d in data], times, tstart=0, tend=rows - 1, num_pcs=6)[0])
    ours = run(["--first", "--mean", "--soft", "5", "--surrogates", "0", "--bins", "0"], folder, x, trials)
    # signs of components are ours; M of the port is for columns
    mine = ours["scores"] @ ours["basis"].T
    sign = np.sign((mine * scores).sum(0))
    near("components, of the largest", np.abs(mine * sign - scores).max() / np.abs(scores).max(), 1e-9)
    m = ours["matrix"] / 50 * np.outer(sign, sign)
    near("matrix", np.abs(m - theirs.M_skew.T).max(), 1e-5)
    w = np.sort(np.linalg.eigvals(theirs.M_skew).imag)[::-1][:3]
    near("eigenvalues", np.abs(ours["speed"] / 50 - w).max(), 1e-5)
    share = variance.reshape(3, 2).sum(1) / total
    near("shares of the planes, relative", np.abs(ours["share"] / share - 1).max(), 1e-4)
    for k in range(3):
        plane = slice(2 * k, 2 * k + 2)
        near(f"plane {k + 1}, sine of the angle", angle((ours["basis"] * sign[:, None])[:, plane], theirs.jpcs[:, plane]), 1e-3)
        # the port's axes are as far off as its M is
        near(f"axes of plane {k + 1}, of the largest",
            np.abs(ours["scores"][:, plane] - scores @ theirs.jpcs[:, plane]).max() / np.abs(scores).max(), 1e-3)


def sylvester(folder, x, trials):
    ours = run(["--surrogates", "0", "--bins", "0"], folder, x, trials)
    a = (ours["scores"] @ ours["basis"].T).reshape(trials, -1, 6)
    state, step = ((a[:, 1:] + a[:, :-1]) / 2).reshape(-1, 6), np.diff(a, axis=1).reshape(-1, 6)
    s, c = state.T @ state, state.T @ step
    m = solve_sylvester(s, s, c - c.T)
    near("matrix against a Sylvester solver, relative", np.abs(ours["matrix"] / 50 - m).max() / np.abs(m).max(), 1e-10)
    w = np.sort(np.linalg.eigvals(m).imag)[::-1][:3]
    near("corrected frequencies", np.abs(ours["frequency"] - 2 * np.arctan(w / 2) * 50 / (2 * np.pi)).max(), 1e-10)
    r2 = 1 - ((step - state @ m) ** 2).sum() / (step**2).sum()
    best = 1 - ((step - state @ np.linalg.lstsq(state, step, rcond=None)[0]) ** 2).sum() / (step**2).sum()
    near("share of the steps", max(abs(ours["r2"][0] - r2), abs(ours["r2_best"][0] - best)), 1e-10)
    share = (ours["scores"] ** 2).sum(0).reshape(3, 2).sum(1) / ((x - x.mean(0)) ** 2).sum()
    near("shares of the planes, relative", np.abs(ours["share"] / share - 1).max(), 1e-10)


def main():
    rng = np.random.default_rng(5)
    trials, rows, units = 20, 60, 15
    t = np.arange(rows)
    x = []
    for _ in range(trials):
        phase = rng.uniform(0, 6, 4)
        slow = [np.cos(w * t + p) for w, p in zip((0.1, 0.22, 0.4, 0.05), phase)]
        slow += [np.sin(w * t + p) for w, p in zip((0.1, 0.22, 0.4, 0.05), phase)]
        x.append(slow)
    mix = rng.normal(size=(8, units)) * np.array([3, 2, 1, 1.5] * 2)[:, None] * 5
    x = np.concatenate([np.array(s).T @ mix for s in x]) + rng.normal(size=(trials * rows, units)) + 20
    with tempfile.TemporaryDirectory() as folder:
        sylvester(folder, x, trials)
        try:
            import jPCA  # noqa: F401
        except ImportError as e:
            skip("the port", f"{e}: see tests/peers/install")
            return end()
        port(folder, x, trials)
    return end()


if __name__ == "__main__":
    raise SystemExit(main())
