"""vr-cka against NumPy and rsatoolbox: means, similarity matrices, both estimators, dimensions, the null of
permutations; planted codes (a slow and a fast layer, a code that tasks share and one that they do not); and how
often shifts in time call unrelated slow signals related: of 200 recordings with VR_LONG, of 40 without. TAP."""
import os
import subprocess
import tempfile

import h5py
import numpy as np
from rsatoolbox.data import Dataset
from rsatoolbox.rdm import calc_rdm, compare

from tap import end, tap

BIN = os.environ.get("BIN", "bin")
LONG = bool(os.environ.get("VR_LONG"))
NUMBERS = ("value", "null_mean", "null_95", "p", "debiased", "debiased_p", "dim_a", "dim_b", "clusters", "shift_mean",
           "shift_p", "debiased_shift_p")


def tool(words, out, check=True):
    with open(out, "wb") as f:
        subprocess.run([os.path.join(BIN, words[0]), "-q", *words[1:]], stdout=f, check=check)
    return out


def table(path):
    """The rows as dictionaries."""
    with h5py.File(path) as f:
        words = {k: f[f"/cka/{k}"].asstr()[:] for k in ("kind", "labels", "a", "b", "task_a", "task_b")}
        numbers = {k: f[f"/cka/{k}"][:] for k in NUMBERS if f"/cka/{k}" in f}
        return [{k: v[i] for k, v in {**words, **numbers}.items()} for i in range(len(words["kind"]))]


def centred(x):
    x = x - x.mean(0)
    return x @ x.T


def u_centred(x):
    k = x @ x.T
    n = len(k)
    np.fill_diagonal(k, 0)
    m = k.sum(0) / (n - 2)
    m -= m.sum() / (2 * (n - 1))
    k = k - m[:, None] - m[None]
    np.fill_diagonal(k, 0)
    return k


def ratio(k, m):
    return (k * m).sum() / np.sqrt((k * k).sum() * (m * m).sum())


def against_numpy(folder):
    r = np.random.default_rng(1)
    label = r.integers(0, 31, 20000).astype(np.int32)          # 0: none
    shared = r.normal(size=(31, 7))
    a = (shared[label] @ r.normal(size=(7, 128)) + 3 * r.normal(size=(20000, 128)) + 5).astype(np.float32)
    b = (shared[label] @ r.normal(size=(7, 60)) + 3 * r.normal(size=(20000, 60))).astype(np.float32)
    source = os.path.join(folder, "numpy.h5")
    with h5py.File(source, "w") as f:
        f["a"], f["b"], f["state"] = a, b, label
    out = tool(["vr-cka", "--rate", "50", "-i", "/a", "-i", "/b", "-l", "/state", source], source + ".out")
    row, = table(out)
    x, y = (np.array([z[label == c].astype(float).mean(0) for c in range(1, 31)]) for z in (a, b))
    with h5py.File(out) as f:
        for name, z in (("a", x), ("b", y)):
            error = np.abs(f[f"/cka/rsm/state/{name}"][:] - z @ z.T).max() / np.abs(z @ z.T).max()
            tap(error < 1e-12, f"similarities of {name} to {error:.1e}")
        tap((f["/cka/rsm/state/frames"][:] == np.bincount(label)[1:]).all(), "frames of the clusters")
    k, m = centred(x), centred(y)
    uk, um = u_centred(x), u_centred(y)
    for name, ours, theirs in (
            ("paper's estimator", row["value"], ratio(k, m)), ("debiased estimator", row["debiased"], ratio(uk, um)),
            ("dimension of a", row["dim_a"], np.trace(k)**2 / (k * k).sum()),
            ("dimension of b", row["dim_b"], np.trace(m)**2 / (m * m).sum())):
        tap(abs(ours / theirs - 1) < 1e-11, f"{name} {theirs:.4f} to {ours / theirs - 1:.1e}")
    peer = compare(calc_rdm(Dataset(x)), calc_rdm(Dataset(y)), method="cosine_cov")[0, 0]
    tap(abs(row["value"] - peer) < 1e-10, f"rsatoolbox's whitened cosine to {row['value'] - peer:.1e}")
    null = np.array([ratio(k, m[np.ix_(o, o)]) for o in (r.permutation(30) for _ in range(4000))])
    error = (row["null_mean"] - null.mean()) / (null.std() / np.sqrt(1000))
    tap(abs(error) < 4, f"mean of the null {null.mean():.4f}, ours {error:+.1f} standard errors off")
    tap(abs(row["null_95"] - np.quantile(null, 0.95)) < 0.1 * null.std() * 4, "95 % of the null "
        f"{np.quantile(null, 0.95):.4f}, ours {row['null_95']:.4f}")


def slow(r, rows, columns, keep, trials):
    """Autoregressive noise of variance 1 that starts anew in every trial."""
    x = r.normal(size=(rows, columns))
    for i in range(rows):
        if i % (rows // trials):
            x[i] = keep * x[i - 1] + np.sqrt(1 - keep**2) * x[i]
    return x


def stream(folder, trials, parts, columns):
    """Our own format through vr-load: datasets by name, trials of equal length."""
    rows = len(next(iter(parts.values())))
    trial = np.repeat(np.arange(trials), rows // trials)
    text, names, words = os.path.join(folder, "x.txt"), ["trial"], []
    for path, x in parts.items():
        start = len(names)
        names += [f"x{i}" for i in range(start, start + x.shape[1])]
        words += ["-i", f"{path}={','.join(names[start:])}"]
    np.savetxt(text, np.c_[trial, np.hstack(list(parts.values()))], "%.7g", header=" ".join(names), comments="")
    out = tool(["vr-load", "--rate", "50", *words, text], os.path.join(folder, "x.h5"))
    for words in columns:
        out = tool([*words, out], out + "+")
    return table(out)


def planted_layers(folder):
    """The core follows the slow features, the policy the fast ones."""
    r = np.random.default_rng(2)
    s, q = slow(r, 8000, 4, 0.98, 4), slow(r, 8000, 4, 0.3, 4)
    core = s @ r.normal(size=(4, 20)) + r.normal(size=(8000, 20))
    policy = q @ r.normal(size=(4, 20)) + r.normal(size=(8000, 20))
    rows = stream(folder, 4, {"/series/slow": s, "/series/fast": q, "/neural/core/c": core, "/neural/policy/c": policy},
                  [["vr-kmeans", "--each", "-k", "30", "-i", "/series/slow", "-i", "/series/fast"], ["vr-cka"]])
    got = {(row["a"], row["labels"][7:]): row for row in rows if row["kind"] == "features"}
    tap(len(got) == 4, "two layers by two sets of features")
    for layer, own, other in (("core", "slow", "fast"), ("policy", "fast", "slow")):
        mine, foreign = got[layer, own], got[layer, other]
        tap(mine["debiased"] > 0.5 and mine["debiased_shift_p"] < 0.01 and foreign["debiased_shift_p"] > 0.05
            and foreign["debiased"] < 0.25,
            f"{layer}: {own} {mine['debiased']:.2f} (p {mine['debiased_shift_p']:.3f}), {other} "
            f"{foreign['debiased']:.2f} (p {foreign['debiased_shift_p']:.2f})")


def planted_tasks(folder):
    """One layer codes the features in the same way in every trial, the other anew in each."""
    r = np.random.default_rng(3)
    s, trials, rows = slow(r, 9000, 6, 0.9, 3), 3, 9000
    same = s @ r.normal(size=(6, 30)) + r.normal(size=(rows, 30))
    state = (np.floor(s[:, 0] * 2 + 4).clip(0, 8) * 3 + np.floor(s[:, 1] + 1.5).clip(0, 2)).astype(int)
    anew = np.vstack([r.normal(size=(27, 30))[part] for part in np.split(state, trials)]) + r.normal(size=(rows, 30))
    got = stream(folder, trials, {"/label/state": state[:, None] + 1, "/neural/same/c": same, "/neural/anew/c": anew},
                 [["vr-cka", "--across", "trial", "-l", "state"]])
    got = [row for row in got if row["kind"] == "tasks"]
    for name in ("same", "anew"):
        values = np.array([row["debiased"] for row in got if row["a"] == name])
        p = np.array([row["debiased_shift_p"] for row in got if row["a"] == name])
        good = values.min() > 0.8 and p.max() < 0.01 if name == "same" else np.abs(values).max() < 0.25 and p.min() > 0.01
        tap(good and len(values) == 3, f"a code {name} in each trial: {np.round(values, 2)}, p {np.round(p, 3)}")


def calibration(folder):
    """Unrelated activity and features of autocorrelation 0.9."""
    runs, hits = 200 if LONG else 40, np.zeros(3, int)
    for seed in range(runs):
        r = np.random.default_rng(seed)
        rows = stream(folder, 8, {"/series": slow(r, 4000, 6, 0.9, 8), "/neural/a/c": slow(r, 4000, 32, 0.9, 8)},
                      [["vr-kmeans", "-r", "1", "-k", "20", "-i", "/series"], ["vr-cka", "-n", "199", "--shifts", "199"]])
        hits += [rows[0][name] <= 0.05 for name in ("shift_p", "debiased_shift_p", "p")]
    share = 100 * hits / runs
    most = 0.07 * runs if LONG else 6
    tap(hits[0] <= most and hits[1] <= most and (not LONG or min(hits[:2]) >= 0.03 * runs),
        f"unrelated slow signals: shifts call {share[0]:.1f} % related (debiased {share[1]:.1f} %) at 5 % in {runs} "
        f"recordings, permutations {share[2]:.1f} %")


with tempfile.TemporaryDirectory() as tmp:
    against_numpy(tmp)
    planted_layers(tmp)
    planted_tasks(tmp)
    calibration(tmp)
raise SystemExit(end())
