"""vr-import against pandas and h5py: the same files read by the programs that wrote them, put into
the animal's frame by other code. On the synthetic layouts of tests/data/import, and on the real
recordings of $VR_DATA where they are. TAP."""
import csv
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import h5py
import numpy as np
import pandas as pd
from scipy.interpolate import PchipInterpolator

from tap import end, skip, tap

BIN = os.environ.get("BIN", "bin")
SRC = Path(os.environ.get("SRC", "."))
MADE = SRC / "tests/data/import"
DATA = Path(os.environ.get("VR_DATA", SRC / "../shared/data"))


def vr_import(path, *args):
    """The datasets of the output, and what was said on stderr."""
    with tempfile.TemporaryDirectory() as tmp:
        out = f"{tmp}/out.h5"
        run = subprocess.run([f"{BIN}/vr-import", "-o", out, *args, str(path)], capture_output=True, text=True)
        if run.returncode:
            raise RuntimeError(run.stderr)
        found = {}
        with h5py.File(out) as f:
            f.visititems(lambda name, o: found.__setitem__(name, o[()]) if isinstance(o, h5py.Dataset) else None)
            found["rate"] = f["time"].attrs["rate"]
            found["units"] = f["pose/positions"].attrs["units"]
        return found, run.stderr


def text(a):
    return [s.decode() if isinstance(s, bytes) else str(s) for s in a]


# -- independent readers: (frames, animals, points, dims), confidence or None, points, animals --

def by_columns(table):
    levels = table.columns.names
    points = list(dict.fromkeys(table.columns.get_level_values("bodyparts")))
    animals = list(dict.fromkeys(table.columns.get_level_values("individuals"))) if "individuals" in levels else [None]
    coords = [c for c in "xyz" if c in table.columns.get_level_values("coords")]
    flat = table.droplevel("scorer", axis=1)
    pick = lambda a, p, c: flat[(a, p, c) if a else (p, c)].to_numpy(float)
    x = np.stack([np.stack([np.stack([pick(a, p, c) for c in coords], -1) for p in points], 1) for a in animals], 1)
    conf = None
    if "likelihood" in table.columns.get_level_values("coords"):
        conf = np.stack([np.stack([pick(a, p, "likelihood") for p in points], 1) for a in animals], 1)
    return x, conf, points, animals


def dlc(path):
    if path.suffix == ".h5":
        return by_columns(pd.read_hdf(path))
    with open(path) as f:
        head = next(i for i, row in enumerate(csv.reader(f)) if row[0] == "coords")
    table = pd.read_csv(path, header=list(range(head + 1)), index_col=0)
    return by_columns(table)


def sleap(path, order=(3, 0, 2, 1)):
    with h5py.File(path) as f:
        x = f["tracks"][()].transpose(order)
        conf = None
        if "point_scores" in f:
            conf = f["point_scores"][()].transpose([o - (o > order[3]) for o in order[:3]])
        return x, conf, text(f["node_names"]), text(f["track_names"])


def sleap3d(path):
    with h5py.File(path) as f:
        x = f["tracks"][()]
    return x, None, [f"point_{i}" for i in range(x.shape[2])], [None]


def anipose(path):
    table = pd.read_csv(path)
    points = [c[:-2] for c in table if c.endswith("_x")]
    x = np.stack([table[[f"{p}_{c}" for c in "xyz"]].to_numpy() for p in points], 1)
    return x[:, None], np.stack([table[f"{p}_score"] for p in points], 1)[:, None], points, [None]


def jabs(path):
    with h5py.File(path) as f:
        g = f["poseest"]
        points, conf, ids = g["points"][()], g["confidence"][()], g["instance_embed_id"][()].astype(int)
        count, mask = g["instance_count"][()], g["id_mask"][()]
    animals = max(ids[t, i] for t in range(len(ids)) for i in range(count[t]) if not mask[t, i])
    x, c = np.full((len(ids), animals, 12, 2), np.nan), np.full((len(ids), animals, 12), np.nan)
    for t in range(len(ids)):
        for i in range(count[t]):
            if mask[t, i] or ids[t, i] < 1:
                continue
            xy = points[t, i, :, ::-1].astype(float)
            xy[(conf[t, i] <= 0) | (xy == 0).all(1)] = np.nan
            x[t, ids[t, i] - 1], c[t, ids[t, i] - 1] = xy, conf[t, i]
    names = ("NOSE LEFT_EAR RIGHT_EAR BASE_NECK LEFT_FRONT_PAW RIGHT_FRONT_PAW CENTER_SPINE LEFT_REAR_PAW "
             "RIGHT_REAR_PAW BASE_TAIL MID_TAIL TIP_TAIL").split()
    return x, c, names, [f"animal_{i}" for i in range(animals)]


def movement(path):
    with h5py.File(path) as f:
        return (f["position"][()].transpose(0, 3, 2, 1), f["confidence"][()].transpose(0, 2, 1),
                text(f["keypoints"].asstr()[()]), text(f["individuals"].asstr()[()]))


def nwb(path):
    with h5py.File(path) as f:
        g = f["processing/behavior/PoseEstimation"]
        points = text(g["nodes"])
        x = np.stack([g[p]["data"][()] for p in points], 1)
        conf = np.stack([g[p]["confidence"][()] for p in points], 1)
    return x[:, None], conf[:, None], points, [None]


# -- the animal's frame, by complex numbers --

def egocentric(x, root, back, front):
    """Positions, root and heading of one animal (frames, points, dims)."""
    mean = lambda set: x[:, set].mean(1)
    origin = mean(root)
    d = mean(front) - mean(back)
    angle = np.angle(d[:, 0] + 1j * d[:, 1])
    seen = ~np.isnan(angle) & ~np.isnan(origin[:, 0])
    angle[~seen] = np.nan
    origin[~seen] = np.nan
    angle[seen] = np.unwrap(angle[seen])
    y = x - origin[:, None]
    z = (y[..., 0] + 1j * y[..., 1]) * np.exp(-1j * angle)[:, None]
    y = np.stack([z.real, z.imag, *([y[..., 2]] if x.shape[2] == 3 else [])], -1)
    return y, origin, angle


def close(a, b, tol):
    gap = np.abs(a - b)
    return np.array_equal(np.isnan(a), np.isnan(b)) and (np.nanmax(gap, initial=0) <= tol), np.nanmax(gap, initial=0)


def compare(name, path, reader, *args, root=None, back=None, front=None, names=None):
    """One file: positions, root, heading and confidence of every animal, all missing points too."""
    x, conf, points, animals = reader(path)
    sets = [[points.index(n) for n in s] for s in (root, back, front)]
    option = ["--root", ",".join(root), "--heading", "+".join(back) + "," + "+".join(front)]
    out, said = vr_import(path, "--rate", "30", *option, *args)
    ok = text(out["names/body"]) == (names or points)
    seen = [a for a in range(x.shape[1]) if not np.isnan(x[:, a]).all()]
    rows = len(x) * len(seen)
    ok &= out["pose/positions"].shape == (rows, *x.shape[2:])
    worst = 0
    for i, a in enumerate(seen if ok else []):
        part = slice(i * len(x), (i + 1) * len(x))
        ego, origin, angle = egocentric(x[:, a].copy(), *sets)
        size = np.nanmax(np.abs(x), initial=1)
        for got, want, tol in [(out["pose/positions"][part], ego, 3e-7 * size),
                               (out["pose/root"][part, :x.shape[3]], origin, 1e-6 * size),
                               (out["pose/heading"][part], angle, 1e-5)]:
            good, gap = close(got, want, tol)
            ok &= good
            worst = max(worst, gap)
        if conf is not None:
            ok &= np.array_equal(out["pose/confidence"][part], conf[:, a].astype("f4"), equal_nan=True)
        ok &= animals[a] in (None, text(out["trials/subject"])[i])
    tap(ok, f"{name}: {x.shape[0]} frames, {len(seen)} animals, {x.shape[2]} points x {x.shape[3]}, "
            f"{np.isnan(x[..., 0]).mean():.2%} missing, largest difference {worst:.2g}")


def undone(name, path, reader, *args):
    """The world comes back from positions, root and its quaternion."""
    x, _, points, _ = reader(path)
    out, _ = vr_import(path, "--rate", "30", *args)
    q, p = out["pose/root"][:, 3:].astype(float), out["pose/positions"].astype(float)
    turn = 2 * np.arctan2(q[:, 3], q[:, 0])
    z = (p[..., 0] + 1j * p[..., 1]) * np.exp(1j * turn)[:, None]
    back = np.stack([z.real, z.imag, *([p[..., 2]] if p.shape[2] == 3 else [])], -1)
    back += out["pose/root"][:, None, :p.shape[2]]
    want = np.concatenate([x[:, a] for a in range(x.shape[1])])
    gap = np.nanmax(np.abs(back - want))
    tap(gap < 2e-6 * np.nanmax(np.abs(x)), f"{name}: the world comes back within {gap:.2g}")


def filled(name, path, reader, how, max_gap, rate=30.0):
    """Gaps filled as SciPy and NumPy do, in the world, before anything else."""
    x, _, points, _ = reader(path)
    out, _ = vr_import(path, "--rate", str(rate), "--heading", "none", "--root", "all", "--fill", how, "--max-gap", str(max_gap))
    want = x.copy()
    for a in range(x.shape[1]):
        for p in range(x.shape[2]):
            seen = np.flatnonzero(~np.isnan(x[:, a, p, 0]))
            for lo, hi in zip(seen[:-1], seen[1:]):
                if 1 < hi - lo <= max_gap * rate + 1 + 1e-9:
                    gap = np.arange(lo + 1, hi)
                    for d in range(x.shape[3]):
                        known = x[seen, a, p, d]
                        want[gap, a, p, d] = (PchipInterpolator(seen, known)(gap) if how == "pchip"
                                              else np.interp(gap, seen, known))
    centred = want - want.mean(2, keepdims=True)
    centred = np.concatenate([centred[:, a] for a in range(x.shape[1])])
    ok, gap = close(out["pose/positions"].astype(float), centred, 3e-7 * np.nanmax(np.abs(x)))
    n = np.isnan(x[..., 0]).sum() - np.isnan(want[..., 0]).sum()
    ok &= int(out["pose/filled"].sum()) == n
    tap(ok, f"{name}: {n} points filled by {how}, largest difference {gap:.2g}")


def same(name, one, other):
    """Two files of one recording by the same program."""
    (a, _), (b, _) = vr_import(one, "--rate", "30"), vr_import(other, "--rate", "30")
    keys = [k for k in a if k.startswith(("pose/", "names/", "trials/")) and k in b and k != "trials/recording"]
    ok = all(np.array_equal(a[k], b[k], equal_nan=a[k].dtype.kind == "f") for k in keys)
    tap(ok and len(keys) > 10, f"{name}: the same {len(keys)} datasets as from {other.name}")


def refused(path, *words, options=()):
    run = subprocess.run([f"{BIN}/vr-import", "-q", "--rate", "30", *options, "-o", os.devnull, str(path)], capture_output=True, text=True)
    lines = run.stderr.splitlines()
    tap(run.returncode == 1 and len(lines) == 1 and all(w in lines[0] for w in words), f"{path.name} is refused: {lines[-1:]}")


def made():
    pair = dict(root=["neck"], back=["tail_base"], front=["neck"])
    for name in ["dlc.csv", "dlc_pair.csv", "dlc_table.h5", "dlc_pair_table.h5", "dlc_fixed.h5", "dlc_pair_fixed.h5", "dlc_3d.h5"]:
        compare(name, MADE / name, dlc, **pair)
    compare("sleap.h5", MADE / "sleap.h5", sleap, **pair)
    compare("sleap_standard.h5", MADE / "sleap_standard.h5", lambda p: sleap(p, (0, 1, 2, 3)), **pair)
    compare("anipose.csv", MADE / "anipose.csv", anipose, **pair)
    compare("movement.nc", MADE / "movement.nc", movement, **pair)
    compare("jabs.h5", MADE / "jabs.h5", jabs, root=["CENTER_SPINE"], back=["BASE_TAIL"], front=["NOSE"])
    undone("sleap.h5", MADE / "sleap.h5", sleap)
    for how in ("linear", "pchip"):
        filled("dlc_pair.csv", MADE / "dlc_pair.csv", dlc, how, 0.1)


def real():
    mouse = dict(root=["Center"], back=["Tail_base"], front=["Nose"])
    compare("flies", DATA / "sleap/flies.analysis.h5", sleap, root=["thorax"], back=["abdomen"], front=["head"])
    compare("deepof mouse, SLEAP", DATA / "sleap/mouse_deepof.analysis.h5", sleap, **mouse)
    compare("deepof mouse, csv", DATA / "dlc/mouse_single.csv", dlc, **mouse)
    compare("deepof mouse, fixed", DATA / "dlc/mouse_single_fixed.h5", dlc, **mouse)
    compare("two mice, fixed", DATA / "dlc/mice_madlc_fixed.h5", dlc, **mouse)
    compare("two mice, csv", DATA / "dlc/mice_pair.csv", dlc, root=["neck"], back=["lefthip", "righthip"], front=["nose"])
    compare("mouse m3, table", DATA / "dlc/mouse_m3_table.h5", dlc, root=["snout", "tailbase"], back=["tailbase"], front=["snout"])
    compare("reaching, 3-D table", DATA / "pose3d/mouse_reach_dlc3d.h5", dlc, root=["nose"], back=["R_shoulder"], front=["nose"])
    compare("mouse, sleap-anipose", DATA / "pose3d/mouse_sleap3d.h5", sleap3d, root=["point_6"], back=["point_3"], front=["point_14"])
    compare("rat, Anipose", DATA / "layout/rat_anipose.csv", anipose, root=["SpineM"], back=["SpineL"], front=["SpineF"])
    compare("three mice, JABS", DATA / "jabs/mice_pose_est_v5.h5", jabs, root=["CENTER_SPINE"], back=["BASE_TAIL"], front=["BASE_NECK"])
    compare("mouse m3, NWB", DATA / "nwb/mouse_m3_ndxpose.nwb", nwb, root=["ind1_snout"], back=["ind1_tailbase"], front=["ind1_snout"])
    compare("rat, NWB", DATA / "nwb/rat_pose3d_ndxpose.nwb", nwb, root=["SpineM"], back=["SpineL"], front=["SpineF"])
    undone("flies", DATA / "sleap/flies.analysis.h5", sleap)
    undone("two mice", DATA / "dlc/mice_pair.csv", dlc)
    for how in ("linear", "pchip"):
        filled("flies", DATA / "sleap/flies.analysis.h5", sleap, how, 0.25)
    same("flies, project", DATA / "sleap/flies.slp", DATA / "sleap/flies.analysis.h5")
    same("deepof mouse, project", DATA / "sleap/mouse_deepof.slp", DATA / "sleap/mouse_deepof.analysis.h5")
    clip = DATA / "gpl3/mouse_openfield_clip1.h5"
    if clip.exists():
        compare("mouse from below", clip, dlc, root=["Hind Paw R", "Hind Paw L"], back=["Butt/Proximal Tail"], front=["Snout"])
    refused(DATA / "dlc/labels_CollectedData.csv", "labelled")
    refused(DATA / "dlc/labels_CollectedData.h5", "labelled")
    refused(DATA / "nwb/mouse_A8604_units.nwb", "no pose", options=("--cells", "none"))
    refused(DATA / "pose3d/rat_dannce.mat", "MATLAB 5")
    refused(DATA / "layout/rat_kpms_results.h5", "keypoint-MoSeq")


made()
if DATA.is_dir():
    real()
else:
    skip("real recordings", "no real recordings (VR_DATA)")
sys.exit(end())
