"""Streams as other programs see them: h5py, xarray with h5netcdf, pandas, h5dump and h5repack, and
the rules by which MATLAB reads HDF5. And the other way round: what h5py writes, vr-dump prints. TAP."""
import io
import json
import os
import subprocess
import sys
import tempfile

import h5py
import numpy as np
import pandas as pd
import xarray as xr

from tap import end, tap

BIN = os.path.abspath(os.environ.get("BIN", "bin"))
os.environ["PATH"] = BIN + os.pathsep + os.environ["PATH"]
SCALE_ATTRS = {"CLASS", "NAME", "DIMENSION_LIST", "REFERENCE_LIST", "DIMENSION_LABELS"}


def sh(line, **how):
    return subprocess.run(["bash", "-o", "pipefail", "-c", line], check=True, capture_output=True, **how)


def dump(path, dataset):
    text = sh(f"vr-dump -H -i '{dataset}' {path}", text=True).stdout
    return np.array([[float(w) for w in line.split("\t")] for line in text.splitlines()])


def datasets(f):
    """Every dataset once, under its first path."""
    found = {}

    def visit(name, o):
        if isinstance(o, h5py.Dataset):
            found["/" + name] = o

    f.visititems(visit)
    return found


def by_h5py(path):
    wrong, compared = [], 0
    with h5py.File(path) as f:
        for name, d in datasets(f).items():
            if d.ndim > 3 or d.dtype.kind not in "fiu":
                continue
            want = d[()].reshape(len(d), -1).astype(float)
            have = dump(path, name).astype(d.dtype).astype(float)
            compared += 1
            if not np.array_equal(have.reshape(want.shape), want, equal_nan=True):
                wrong.append(name)
    tap(not wrong and compared > 5, f"h5py reads the numbers that vr-dump prints, in {compared} datasets {wrong}")


def by_rules(path):
    """What h5netcdf and MATLAB (also before R2021b) need, and what DESIGN promises of every dataset."""
    bad = []
    with h5py.File(path) as f:
        head = open(path, "rb").read(16)
        if head[8] != 2:
            bad.append(f"superblock {head[8]}")
        for name, d in datasets(f).items():
            kind = d.dtype.kind
            if kind not in "fiuS" or (kind != "S" and d.dtype.itemsize > 8):
                bad.append(f"{name}: type {d.dtype}")
            if h5py.check_vlen_dtype(d.dtype) or h5py.check_string_dtype(d.dtype) and d.dtype.kind == "O":
                bad.append(f"{name}: variable length")
            if d.dtype.byteorder == ">":
                bad.append(f"{name}: byte order")
            if not d.fletcher32 or d.chunks is None:
                bad.append(f"{name}: no checksums")
            if d.compression not in (None, "gzip") or d.is_virtual or d.external:
                bad.append(f"{name}: layout")
            if d.id.get_create_plist().get_obj_track_times():
                bad.append(f"{name}: object times")
            if not isinstance(d.attrs.get("units"), (str, bytes)):
                bad.append(f"{name}: no units")
            if d.ndim < 1 or d.ndim > 4:
                bad.append(f"{name}: rank {d.ndim}")
            for k, dim in enumerate(d.dims):
                if not d.is_scale and len(dim) != 1:
                    bad.append(f"{name}: {len(dim)} scales on axis {k}")
                elif not d.is_scale and dim[0].shape != (d.shape[k],):
                    bad.append(f"{name}: scale of axis {k} has another length")
            for a in set(d.attrs) - SCALE_ATTRS:
                if h5py.check_vlen_dtype(d.attrs.get_id(a).dtype) or d.attrs.get_id(a).dtype.kind == "O":
                    bad.append(f"{name}: attribute {a} of variable length")
            if not all(part.isidentifier() or part.isdigit() for part in name[1:].split("/")):
                bad.append(f"{name}: no name for a variable")
    tap(not bad, f"types, scales, checksums, attributes are as other readers need them {bad[:5]}")


def by_xarray(path):
    groups, bad = ["/"], []
    with h5py.File(path) as f:
        f.visititems(lambda name, o: groups.append("/" + name) if isinstance(o, h5py.Group) else None)
        for g in groups:
            try:
                with xr.open_dataset(path, engine="h5netcdf", group=g, decode_times=False) as ds:
                    for name in f[g]:
                        d = f[g][name]
                        if isinstance(d, h5py.Dataset) and ds[name].shape != d.shape:
                            bad.append(f"{g}/{name}: shape")
                        if isinstance(d, h5py.Dataset) and any(x.startswith("phony") for x in ds[name].dims):
                            bad.append(f"{g}/{name}: an axis without a name")
            except Exception as e:  # whatever the reader says
                bad.append(f"{g}: {e}")
    tap(not bad, f"xarray opens each of {len(groups)} groups, with named axes {bad[:5]}")


def by_programs(path):
    for line in (f"h5dump -pH {path}", f"h5dump -A {path}", f"h5stat {path}"):
        done = subprocess.run(line.split(), capture_output=True)
        tap(done.returncode == 0 and not done.stderr, f"{line.split()[0]} reads it")
    with tempfile.TemporaryDirectory() as d:
        sh(f"h5repack -f SHUF -f GZIP=4 {path} {d}/r.h5")
        same = sh(f"vr-dump -H -i /pose/angles {path}").stdout == sh(f"vr-dump -H -i /pose/angles {d}/r.h5").stdout
        tap(same, "what h5repack writes of it is printed as before")


def labelled():
    sh("vr-record mix -n 1 --seconds 2 > one.h5")
    with xr.open_dataset("one.h5", engine="h5netcdf", group="/pose", decode_times=False) as ds:
        hip = ds["angles"].sel(joint=b"hip_L_extend").values
        tap(np.array_equal(hip, h5py.File("one.h5")["pose/angles"][:, list(ds.joint.values).index(b"hip_L_extend")]),
            "xarray selects a joint by its name")
    table = pd.read_csv(io.StringIO(sh("vr-dump -tT -i /pose/angles one.h5", text=True).stdout), sep="\t")
    tap(list(table.columns[:2]) == ["trial", "time"] and table["angles.hip_L_extend"].astype(np.float32).equals(
        pd.Series(hip, name="angles.hip_L_extend")), "pandas reads what vr-dump prints, to the last bit")


def as_json(path):
    """What is printed as JSON is JSON, and says what h5py sees."""
    whole = json.loads(sh(f"vr-dump --json {path}", text=True).stdout)
    with h5py.File(path) as f:
        seen = {name: f[name] for name in whole if name != "/"}
        bad = [name for name, d in seen.items() if tuple(whole[name]["shape"]) != d.shape
               or whole[name]["attributes"]["units"] != str(np.char.decode(d.attrs["units"]))
               or ("data" in whole[name] and d.dtype.kind in "iu" and whole[name]["data"] != d[()].tolist())]
        tap(not bad and len(seen) == len(datasets(f)), f"vr-dump --json tells {len(seen)} datasets {bad[:5]}")
        part = json.loads(sh(f"vr-dump --json -i /pose/positions {path}", text=True).stdout)["/pose/positions"]["data"]
        tap(np.array_equal(np.array(part, np.float32), f["pose/positions"][()]), "and all numbers of one that is named")
    stats = json.loads(sh(f"vr-stats --json {path}", text=True).stdout)
    runs = [json.loads(line) for line in sh(f"vr-history --json {path}", text=True).stdout.splitlines()]
    tap(stats["frames"] == len(h5py.File(path)["time"]) and runs[0]["program"] == "vr-record", "so do vr-stats and vr-history")


def exact():
    """Any bits come through text unchanged, in both directions."""
    rng = np.random.default_rng(1)
    for kind, bits in (("float64", np.uint64), ("float32", np.uint32)):
        a = rng.integers(0, np.iinfo(bits).max, (20000, 3), dtype=bits).view(kind)
        a[~np.isfinite(a)] = 0
        text = "\n".join("\t".join(repr(x.item()) if kind == "float64" else f"{x:.9g}" for x in row) for row in a)
        back = sh(f"vr-load --rate 50 --type {kind} | vr-dump -H", input=text.encode()).stdout.decode()
        b = np.array([[float(w) for w in line.split("\t")] for line in back.splitlines()]).astype(kind)
        tap(np.array_equal(a.view(bits), b.view(bits)), f"{kind}: 60,000 numbers of random bits come back through vr-load | vr-dump")


def foreign():
    with h5py.File("foreign.h5", "w", libver=("v110", "v110")) as f:
        f["a"] = np.arange(12.0).reshape(4, 3)
        f["names"] = ["x", "y\t", "z"]
        f.create_dataset("deep/int", data=np.arange(5, dtype="i2"), compression="gzip", shuffle=True)
        f["deep/compound"] = np.zeros(3, dtype=[("x", "f8"), ("y", "i4")])
        f["empty"] = h5py.Empty("f8")
        f["far"] = h5py.ExternalLink("/etc/passwd", "/x")
        f.create_dataset("lzf", data=np.arange(100000.0), compression="lzf")
    text = sh("vr-dump -l foreign.h5", text=True).stdout
    tap(all(w in text for w in ("/a ", "/deep/int", "/deep/compound", "/empty", "filter 32000")) and "far" not in text,
        "vr-dump lists a file of h5py, and tells what it cannot read")
    tap(np.array_equal(dump("foreign.h5", "/a"), np.arange(12.0).reshape(4, 3)), "and prints its numbers")
    tap(sh("vr-dump -H -i /names foreign.h5", text=True).stdout == "x\ny\\x09\nz\n", "and its strings, escaped")


def main():
    with tempfile.TemporaryDirectory() as d:
        os.chdir(d)
        steps = ["vr-record mix -n 3 --seconds 4", "vr-wavelet", "vr-tsne -q --iterations 60", "vr-watershed -q"]
        sh(" | ".join(steps) + " > map.h5")
        sh("vr-cat map.h5 map.h5 | vr-cat --pack > packed.h5")
        for path in ("map.h5", "packed.h5"):
            print(f"# {path}")
            by_h5py(path)
            by_rules(path)
            by_xarray(path)
            by_programs(path)
            as_json(path)
        labelled()
        exact()
        foreign()
    return end()


sys.exit(main())
