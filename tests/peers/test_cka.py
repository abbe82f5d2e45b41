"""vr-cka against NumPy and rsatoolbox: means, similarity matrices, both estimators, dimensions, the null of
permutations, every value after every shift in time and after every deal of units; planted codes (a slow and a fast
layer, a code that tasks share and one that they do not) and their differences; and how often shifts in time call
unrelated slow signals related, and shifts and deals call them differently related: of 500 recordings with VR_LONG, of
40 without. TAP."""
import os
import subprocess
import tempfile

import h5py
import numpy as np
from rsatoolbox.data import Dataset
from rsatoolbox.rdm import calc_rdm, compare

from philox import below, order, words
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
    """The rows as dictionaries; shifts, deals: the debiased estimator in each."""
    with h5py.File(path) as f:
        text = {k: f[f"/cka/{k}"].asstr()[:] for k in ("kind", "labels", "a", "b", "task_a", "task_b")}
        numbers = {k: f[f"/cka/{k}"][:] for k in NUMBERS if f"/cka/{k}" in f}
        draws = {k: f[f"/cka/{k}/debiased"][:] for k in ("shifts", "deals") if f"/cka/{k}" in f}
        return [{k: v[i] for k, v in {**text, **numbers, **draws}.items()} for i in range(len(text["kind"]))]


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
    text, names, inputs = os.path.join(folder, "x.txt"), ["trial"], []
    for path, x in parts.items():
        start = len(names)
        names += [f"x{i}" for i in range(start, start + x.shape[1])]
        inputs += ["-i", f"{path}={','.join(names[start:])}"]
    np.savetxt(text, np.c_[trial, np.hstack(list(parts.values()))], "%.7g", header=" ".join(names), comments="")
    out = tool(["vr-load", "--rate", "50", *inputs, text], os.path.join(folder, "x.h5"))
    for line in columns:
        out = tool([*line, out], out + "+")
    return out


def beyond(rows, null, *terms):
    """p of a sum of rows, each (sign, layer, set), beside the same sum in the draws of a null."""
    got = {(row["a"], row["labels"][7:]): row for row in rows if row["kind"] == "features"}
    value = sum(sign * got[layer, which]["debiased"] for sign, layer, which in terms)
    draws = sum(sign * got[layer, which][null] for sign, layer, which in terms)
    return (1 + (draws >= value).sum()) / (1 + len(draws))


def every_draw(folder):
    """All values of all draws again, from the same random streams."""
    r, seed, trials, clusters = np.random.default_rng(4), 11, 2, 12
    s, q = slow(r, 1200, 3, 0.9, trials), slow(r, 1200, 2, 0.6, trials)
    core = s @ r.normal(size=(3, 9)) + slow(r, 1200, 9, 0.8, trials)
    policy = q @ r.normal(size=(2, 14)) + 2 * r.normal(size=(1200, 14)) + 3
    out = stream(folder, trials, {"/series/slow": s, "/series/fast": q, "/neural/core/c": core, "/neural/policy/c": policy},
                 [["vr-kmeans", "--each", "-k", str(clusters), "-i", "/series/slow", "-i", "/series/fast"],
                  ["vr-cka", "-s", str(seed), "--shifts", "6", "--deals", "6", "--frames", "1", "--least", "4", "--across", "trial"]])
    with h5py.File(out) as f:
        trial = f["/trial"][:]
        x = {name: f[f"/neural/{name}/c"][:].astype(float) for name in ("core", "policy")}
        label = {name: f[f"/label/{name}"][:] for name in ("series-slow", "series-fast")}
        feature = {name: (f["/" + name.replace("-", "/")][:] - f[f"/cluster/{name}/mean"][:]) / f[f"/cluster/{name}/sd"][:]
                   for name in label}
        ours = {null: np.stack([f[f"/cka/{null}/{k}"][:] for k in ("value", "debiased")]) for null in ("shifts", "deals")}
    rows = table(out)

    def means(z, of):
        return np.array([z[of == c].mean(0) for c in np.unique(of[of > 0])])

    def both(a, b):
        return ratio(centred(a), centred(b)), ratio(u_centred(a), u_centred(b))

    def shared(of):  # clusters that occur in both trials, frame by frame in one of them
        there = np.intersect1d(of[trial == 0], of[trial == 1])
        return [np.where((trial == t) & np.isin(of, there), of, 0) for t in (0, 1)]

    def shifted(row, draw):
        by, of = words(seed, draw, 0x73686966), label[row["labels"]]
        turn = np.concatenate([np.roll(np.flatnonzero(trial == t), below(by, (trial == t).sum())) for t in range(trials)])
        if row["kind"] == "layers":
            return both(means(x[row["a"]], of), means(x[row["b"]], of[turn]))
        if row["kind"] == "features":
            return both(means(x[row["a"]], of[turn]), means(feature[row["labels"]], of))
        first, second = shared(of)
        return both(means(x[row["a"]], first), means(x[row["b"]], second[turn]))

    def dealt(row, draw):
        units, of = np.hstack(list(x.values()))[:, order(seed, draw, 0x6465616C, 23)], label[row["labels"]]
        y = {"core": units[:, :9], "policy": units[:, 9:]}
        if row["kind"] == "features":
            return both(means(y[row["a"]], of), means(feature[row["labels"]], of))
        first, second = shared(of) if row["kind"] == "tasks" else (of, of)
        return both(means(y[row["a"]], first), means(y[row["b"]], second))

    tap(sorted(row["kind"] for row in rows) == ["features"] * 4 + ["layers"] * 2 + ["tasks"] * 4, "ten rows")
    for null, remake in (("shifts", shifted), ("deals", dealt)):
        theirs = np.array([[remake(row, draw) for draw in range(6)] for row in rows]).transpose(2, 0, 1)
        error = np.abs(ours[null] - theirs).max()
        tap(error < 1e-9, f"both estimators of ten rows after each of six {null} to {error:.1e}")


def planted_layers(folder):
    """The core follows the slow features, the policy the fast ones."""
    r = np.random.default_rng(2)
    s, q = slow(r, 8000, 4, 0.98, 4), slow(r, 8000, 4, 0.3, 4)
    core = s @ r.normal(size=(4, 20)) + r.normal(size=(8000, 20))
    policy = q @ r.normal(size=(4, 20)) + r.normal(size=(8000, 20))
    rows = table(stream(
        folder, 4, {"/series/slow": s, "/series/fast": q, "/neural/core/c": core, "/neural/policy/c": policy},
        [["vr-kmeans", "--each", "-k", "30", "-i", "/series/slow", "-i", "/series/fast"], ["vr-cka"]]))
    got = {(row["a"], row["labels"][7:]): row for row in rows if row["kind"] == "features"}
    tap(len(got) == 4, "two layers by two sets of features")
    for layer, own, other in (("core", "slow", "fast"), ("policy", "fast", "slow")):
        mine, foreign = got[layer, own], got[layer, other]
        tap(mine["debiased"] > 0.5 and mine["debiased_shift_p"] < 0.01 and foreign["debiased_shift_p"] > 0.05
            and foreign["debiased"] < 0.25,
            f"{layer}: {own} {mine['debiased']:.2f} (p {mine['debiased_shift_p']:.3f}), {other} "
            f"{foreign['debiased']:.2f} (p {foreign['debiased_shift_p']:.2f})")
    for null, what, more, less in (
            ("shifts", "core: slow less fast", ("core", "slow"), ("core", "fast")),
            ("shifts", "fast: policy less core", ("policy", "fast"), ("core", "fast")),
            ("deals", "fast: policy less core", ("policy", "fast"), ("core", "fast")),
            ("deals", "slow: core less policy", ("core", "slow"), ("policy", "slow"))):
        there, back = beyond(rows, null, (1, *more), (-1, *less)), beyond(rows, null, (1, *less), (-1, *more))
        tap(there < 0.01 and back > 0.9, f"{what} is beyond the {null} (p {there:.3f}), the reverse is not (p {back:.2f})")


def planted_tasks(folder):
    """One layer codes the features in the same way in every trial, the other anew in each."""
    r = np.random.default_rng(3)
    s, trials, rows = slow(r, 9000, 6, 0.9, 3), 3, 9000
    same = s @ r.normal(size=(6, 30)) + r.normal(size=(rows, 30))
    state = (np.floor(s[:, 0] * 2 + 4).clip(0, 8) * 3 + np.floor(s[:, 1] + 1.5).clip(0, 2)).astype(int)
    anew = np.vstack([r.normal(size=(27, 30))[part] for part in np.split(state, trials)]) + r.normal(size=(rows, 30))
    got = table(stream(folder, trials, {"/label/state": state[:, None] + 1, "/neural/same/c": same, "/neural/anew/c": anew},
                       [["vr-cka", "--across", "trial", "-l", "state"]]))
    got = [row for row in got if row["kind"] == "tasks"]
    for name in ("same", "anew"):
        values = np.array([row["debiased"] for row in got if row["a"] == name])
        p = np.array([row["debiased_shift_p"] for row in got if row["a"] == name])
        good = values.min() > 0.8 and p.max() < 0.01 if name == "same" else np.abs(values).max() < 0.25 and p.min() > 0.01
        tap(good and len(values) == 3, f"a code {name} in each trial: {np.round(values, 2)}, p {np.round(p, 3)}")


def calibration(folder):
    """Unrelated features and layers of autocorrelation 0.9: of units a, b, and c, d that share three signals each."""
    names = ("shift_p", "debiased_shift_p", "p", "features by shifts", "layers by shifts", "layers by deals",
             "sharing layers by shifts", "sharing layers by deals", "sharing layers by both")
    runs, hits = 500 if LONG else 40, dict.fromkeys(names, 0)
    for seed in range(runs):
        r = np.random.default_rng(seed)
        parts = {"/series/s": slow(r, 2000, 6, 0.9, 4), "/series/q": slow(r, 2000, 3, 0.6, 4),
                 "/neural/a/c": slow(r, 2000, 16, 0.9, 4), "/neural/b/c": slow(r, 2000, 16, 0.9, 4)}
        for name in "cd":
            parts[f"/neural/{name}/c"] = slow(r, 2000, 3, 0.9, 4) @ r.normal(size=(3, 16)) + r.normal(size=(2000, 16))
        out = stream(folder, 4, parts, [["vr-kmeans", "-r", "1", "-k", "16", "--each", "-i", "/series/s", "-i", "/series/q"]])
        both = ["vr-cka", "-n", "199", "--shifts", "199", "--deals", "199"]
        rows = table(tool([*both, "-i", "/neural/a/c", "-i", "/neural/b/c", out], out + "ab"))
        own = table(tool([*both, "-i", "/neural/c/c", "-i", "/neural/d/c", out], out + "cd"))
        first = next(row for row in rows if row["kind"] == "features")
        layers = {null: [beyond(t, null, (1, a, "s"), (-1, b, "s")) for t, a, b in ((rows, "a", "b"), (own, "c", "d"))]
                  for null in ("shifts", "deals")}
        p = [first[name] for name in names[:3]]
        p += [beyond(rows, "shifts", (1, "a", "s"), (-1, "a", "q")), layers["shifts"][0], layers["deals"][0],
              layers["shifts"][1], layers["deals"][1], max(layers["shifts"][1], layers["deals"][1])]
        for name, value in zip(names, p):
            hits[name] += value <= 0.05
    share = {name: 100 * n / runs for name, n in hits.items()}
    most, least = (0.07 * runs, 0.03 * runs) if LONG else (6, 0)
    tap(all(least <= hits[name] <= most for name in names[:2]), f"unrelated slow signals: shifts call {share['shift_p']:.1f} % "
        f"related (debiased {share['debiased_shift_p']:.1f} %) at 5 % in {runs} recordings, permutations {share['p']:.1f} %")
    for name in names[3:7]:
        tap(least <= hits[name] <= most, f"difference of unrelated {name}: {share[name]:.1f} % at 5 %")
    tap(hits[names[8]] <= most, f"of {names[7]} {share[names[7]]:.1f} %, by both nulls {share[names[8]]:.1f} %")


with tempfile.TemporaryDirectory() as tmp:
    against_numpy(tmp)
    every_draw(tmp)
    planted_layers(tmp)
    planted_tasks(tmp)
    calibration(tmp)
raise SystemExit(end())
