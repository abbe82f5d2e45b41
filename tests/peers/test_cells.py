"""vr-import of the cells of NWB files against h5py, NumPy and SciPy: spikes of each trial and cell, rates and their
Gaussian. On synthetic files of tests/data/import, and on the real ones of $VR_DATA where they are. TAP."""
import os
import subprocess
import tempfile
from pathlib import Path

import h5py
import numpy as np
from scipy.ndimage import gaussian_filter1d

from tap import end, skip, tap

BIN = os.environ.get("BIN", "bin")
SRC = Path(os.environ.get("SRC", "."))
MADE = SRC / "tests/data/import"
DATA = Path(os.environ.get("VR_DATA", SRC / "../shared/data")) / "nwb"


def text(a):
    return [s.decode() if isinstance(s, bytes) else str(s) for s in a]


def read_units(path):
    """Spike times, observed intervals (or None) and id of each unit."""
    with h5py.File(path) as f:
        g = f["units"]
        ends = g["spike_times_index"][()].astype(int)
        times = np.split(g["spike_times"][()], ends[:-1])
        seen = None
        if "obs_intervals" in g:
            seen = np.split(g["obs_intervals"][()], g["obs_intervals_index"][()].astype(int)[:-1])
        names = text(g["unit_name"].asstr()[()]) if "unit_name" in g else [f"u{i}" for i in g["id"][()]]
    return times, seen, names


def want_rates(times, seen, start, frames, rate, smooth):
    """Rates of one cell in one trial."""
    edges = np.floor((times - start) * rate + 1e-6).astype(int)
    x = np.bincount(edges[(edges >= 0) & (edges < frames)], minlength=frames) * rate
    ok = np.ones(frames, bool)
    if seen is not None:
        at = start + np.arange(frames) / rate
        ok = np.any([(a <= at + 1e-6 / rate) & (at + (1 - 1e-6) / rate <= b) for a, b in seen], 0)
    if smooth:
        blur = lambda v: gaussian_filter1d(v.astype(float), smooth * rate, mode="constant", truncate=4)
        x = blur(x * ok) / np.maximum(blur(ok), 1e-300)
    return np.where(ok, x, np.nan)


def compare(path, *words, starts=None):
    """Everything that vr-import writes of the cells; starts: s of each trial on the clock of the file."""
    option = dict(zip(words[::2], words[1::2]))
    with tempfile.TemporaryDirectory() as tmp:
        out = f"{tmp}/out.h5"
        subprocess.run([f"{BIN}/vr-import", "-q", "-o", out, *words, str(path)], check=True)
        with h5py.File(out) as f:
            rate, smooth = f["time"].attrs["rate"], float(option.get("--smooth", 0))
            frames, first = f["trials/frames"][()], f["trials/first"][()]
            starts = f["trials/start"][()] if starts is None else starts
            names = text(f["spikes/unit"][()])
            spikes = list(zip(f["spikes/trial"][()].tolist(), names, f["spikes/time"][()].tolist()))
            rates = {}
            for region in f["neural"]:
                x = f["neural"][region]["rate"][()]
                for k, name in enumerate(text(f[f"names/unit_{region}"][()])):
                    rates[name] = x[:, k]
    times, seen, units = read_units(path)
    ok, worst, total = set(units) == set(rates), 0, 0
    expected = []
    for u, name in enumerate(units):
        for k, (n, row, start) in enumerate(zip(frames, first, starts)):
            got = rates[name][row:row + n].astype(float)
            want = want_rates(times[u], seen and seen[u], start, n, rate, smooth)
            ok &= np.array_equal(np.isnan(got), np.isnan(want))
            worst = max(worst, np.nanmax(np.abs(got - want), initial=0) / max(np.nanmax(want, initial=0), 1))
            bins = np.floor((times[u] - start) * rate + 1e-6)
            expected += [(k, name, t) for t in np.maximum(times[u][(bins >= 0) & (bins < n)] - start, 0)]
            total += n
    order = lambda s: sorted(s, key=lambda e: (e[0], e[2], units.index(e[1])))
    same = [(a, b) for a, b, _ in spikes] == [(a, b) for a, b, _ in order(expected)]
    gap = np.abs(np.array([t for *_, t in spikes]) - [t for *_, t in order(expected)]).max() if same else np.inf
    tap(same and gap < 1e-9, f"{path.name}: {len(spikes)} spikes in {len(frames)} trials, times within {gap:.2g} s")
    tap(ok and worst < 1e-6, f"{path.name}: {total} rates, smoothed by {smooth:g} s, largest difference {worst:.2g}")


compare(MADE / "units.nwb", "--rate", "50")
compare(MADE / "units.nwb", "--rate", "100", "--smooth", "0.03")
compare(MADE / "units.nwb", "--rate", "7", "--trials", "none")
compare(MADE / "units_pose.nwb", "--smooth", "0.1", starts=[3, 3.52])
compare(MADE / "units_place.nwb", "--rate", "25", starts=[1])
compare(MADE / "units_pose.nwb", "--kind", "units", "--smooth", "3")
compare(MADE / "units.nwb", "--cut", "0.7", "--smooth", "0.1")
for name, words in [("mouse_headdirection_units.nwb", ("--kind", "units", "--rate", "100")),
                    ("mouse_headdirection_units.nwb", ("--kind", "units", "--rate", "100", "--cut", "60", "--smooth", "0.05")),
                    ("mouse_A8604_units.nwb", ("--rate", "30", "--smooth", "0.2"))]:
    if (DATA / name).exists():
        compare(DATA / name, *words)
    else:
        skip(name, "no real recordings")
raise SystemExit(end())
