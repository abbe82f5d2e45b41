#!/usr/bin/env python3
"""Writes tests/data/import: one synthetic recording in every layout that vr-import reads, by the
programs that write them (pandas, h5py), and files that it must refuse.

    python tests/ref/import.py tests/data/import

Two animals, four points, 40 frames at 25 Hz. All layouts of the pair hold the same numbers, those of
one animal are its first; the tests rest on that."""
import json
import sys
import warnings
from pathlib import Path

import h5py
import numpy as np
import pandas as pd

warnings.filterwarnings("ignore")
out = Path(sys.argv[1])
out.mkdir(parents=True, exist_ok=True)

T, RATE = 40, 25.0
ANIMALS, POINTS = ["ann", "bob"], ["nose", "neck", "tail_base", "paw L"]
TABLE = {"format": "table", "index": False, "mode": "w", "complevel": 5, "complib": "zlib"}
BODY = np.array([[30, 0], [12, 0], [-25, 0], [8, 9.0]])


def recording():
    """Positions (T, animals, points, 2) in px and confidence (T, animals, points)."""
    t = np.arange(T) / RATE
    xy = np.empty((T, 2, 4, 2))
    for a in range(2):
        turn = 0.4 * a + (1 - 2 * a) * 2.5 * t
        centre = np.stack([200 + 150 * a + 60 * t, 120 + 40 * np.sin(2 * t + a)], 1)
        for p in range(4):
            wiggle = 2 * np.sin(2 * np.pi * (1 + p) * t + a) * (p != 1)
            x, y = BODY[p, 0] + wiggle, BODY[p, 1] + wiggle * (p == 3)
            xy[:, a, p, 0] = centre[:, 0] + np.cos(turn) * x - np.sin(turn) * y
            xy[:, a, p, 1] = centre[:, 1] + np.sin(turn) * x + np.cos(turn) * y
    conf = 0.9 + 0.1 * np.cos(np.arange(T * 8).reshape(T, 2, 4))
    xy = np.round(xy, 3)
    for a, p, lo, hi in [(0, 0, 5, 8), (0, 3, 20, 21), (1, 2, 0, 2), (1, 1, 25, 35)]:
        xy[lo:hi, a, p] = np.nan
        conf[lo:hi, a, p] = 0.01
    return xy, np.round(conf, 3)


XY, CONF = recording()
Z = np.round(20 + 3 * np.sin(np.arange(T * 4).reshape(T, 4) / 7), 3)
XYZ = np.concatenate([XY[:, 0], np.where(np.isnan(XY[:, 0, :, :1]), np.nan, Z[:, :, None])], 2)


def columns(animals, coords=("x", "y", "likelihood")):
    if len(animals) > 1:
        tuples = [("net", a, p, c) for a in animals for p in POINTS for c in coords]
        return pd.MultiIndex.from_tuples(tuples, names=["scorer", "individuals", "bodyparts", "coords"])
    tuples = [("net", p, c) for p in POINTS for c in coords]
    return pd.MultiIndex.from_tuples(tuples, names=["scorer", "bodyparts", "coords"])


def frame(n):
    values = np.concatenate([XY[:, :n], CONF[:, :n, :, None]], 3).reshape(T, -1)
    return pd.DataFrame(values, columns=columns(ANIMALS[:n]))


def deeplabcut():
    one, two = frame(1), frame(2)
    one.to_csv(out / "dlc.csv")
    two.to_csv(out / "dlc_pair.csv")
    one.to_hdf(out / "dlc_table.h5", key="df_with_missing", **TABLE)
    two.to_hdf(out / "dlc_pair_table.h5", key="tracks", **TABLE)
    one.to_hdf(out / "dlc_fixed.h5", key="df", format="fixed", mode="w")
    two.to_hdf(out / "dlc_pair_fixed.h5", key="df_with_missing", format="fixed", mode="w")
    deep = pd.DataFrame(XYZ.reshape(T, -1), columns=columns(["one"], ("x", "y", "z")))
    deep.index += 500
    deep.to_hdf(out / "dlc_3d.h5", key="df_with_missing", **TABLE)
    # the same with a gap in the frame numbers, and with a point of no animal
    one.drop(index=[10, 11, 12]).to_csv(out / "dlc_jump.csv")
    corner = pd.DataFrame(7.0, index=two.index, columns=pd.MultiIndex.from_tuples(
        [("net", "single", "corner", c) for c in ("x", "y", "likelihood")], names=two.columns.names))
    pd.concat([two, corner], axis=1).to_csv(out / "dlc_single.csv")
    stills = one.drop(columns="likelihood", level="coords")
    stills.index = [f"labeled-data/clip/img{i:04d}.png" for i in range(T)]
    stills.to_csv(out / "bad_labels.csv")
    stills.to_hdf(out / "bad_labels.h5", key="df_with_missing", **TABLE)


def sleap():
    names = np.array([p.encode() for p in POINTS])
    for name, order in [("sleap.h5", (1, 3, 2, 0)), ("sleap_standard.h5", (0, 1, 2, 3))]:
        with h5py.File(out / name, "w") as f:
            f["tracks"] = XY.transpose(order)
            scores = CONF.transpose([i for i in order if i != 3])
            f["point_scores"] = scores
            f["node_names"] = names
            f["track_names"] = np.array([a.encode() for a in ANIMALS])
            f["track_occupancy"] = np.ones((T, 2), "u1")
            f["edge_inds"] = np.array([[0, 1], [1, 2], [1, 3]])
            if name == "sleap_standard.h5":
                f["tracks"].attrs["dims"] = json.dumps(["frame", "track", "node", "xy"])
    # identity switches: four tracks of two animals, and one that overlaps both
    broken = np.full((T, 5, 4, 2), np.nan)
    broken[:20, 0], broken[22:, 2] = XY[:20, 0], XY[22:, 0]
    broken[:30, 1], broken[30:, 3] = XY[:30, 1], XY[30:, 1]
    broken[10:14, 4] = XY[10:14, 0] + 1
    with h5py.File(out / "sleap_switch.h5", "w") as f:
        f["tracks"] = broken.transpose(1, 3, 2, 0)
        f["node_names"] = names
        f["track_names"] = np.array([f"track_{i}".encode() for i in range(5)])
        f["track_occupancy"] = (~np.isnan(broken).all((2, 3))).astype("u1")
    with h5py.File(out / "sleap_3d.h5", "w") as f:
        f["tracks"] = XYZ[:, None]
    rows = []
    for t in range(T):
        for a, animal in enumerate(ANIMALS):
            row = {"track": animal, "frame_idx": t, "instance.score": 0.9}
            for p, point in enumerate(POINTS):
                row[f"{point}.x"], row[f"{point}.y"] = XY[t, a, p]
                row[f"{point}.score"] = CONF[t, a, p]
            rows.append(row)
    pd.DataFrame(rows).to_csv(out / "sleap.csv", index=False)


def project():
    """As SLEAP 1.0 saves: corners of pixels, nodes in an order of their own, a user's instance where
    the tracker was wrong, and one instance on no track."""
    order = [2, 0, 3, 1]  # place of each point in the list of the project
    nodes = [POINTS[order.index(i)] for i in range(4)]
    first = {"py/reduce": [{"py/type": "sleap.skeleton.EdgeType"}, {"py/tuple": [1]}]}
    links = [{"source": order[a], "target": order[b], "type": first if i == 0 else {"py/id": 1}}
             for i, (a, b) in enumerate([(0, 1), (1, 2), (1, 3)])]
    meta = {"skeletons": [{"links": links, "nodes": [{"id": i} for i in order]}],
            "nodes": [{"name": n} for n in nodes]}
    frames, instances, points, predicted = [], [], [], []

    def add(t, track, xy, conf, user):
        rows = points if user else predicted
        start = len(rows)
        for (x, y), c in zip(xy + 0.5, conf):
            rows.append((x, y, True, False) + (() if user else (c,)))
        instances.append((len(instances), int(not user), t, 0, track, -1, 0.9, start, len(rows)))

    for t in reversed(range(T)):  # frames need not be in order
        start = len(instances)
        for a in range(2):
            if (t, a) == (6, 1):
                add(t, a, XY[t, a] + 30, CONF[t, a], False)
            add(t, a, XY[t, a], CONF[t, a], (t, a) == (6, 1))
        if t == 9:
            add(t, -1, XY[t, 0] + 100, CONF[t, 0], False)
        frames.append((t, 0, t, start, len(instances)))
    with h5py.File(out / "project.slp", "w") as f:
        g = f.create_group("metadata")
        g.attrs["format_id"] = 1.0
        g.attrs["json"] = np.bytes_(json.dumps(meta).encode())
        f["frames"] = np.array(frames, dtype=[("frame_id", "u8"), ("video", "u4"), ("frame_idx", "u8"),
            ("instance_id_start", "u8"), ("instance_id_end", "u8")])
        f["instances"] = np.array(instances, dtype=[("instance_id", "i8"), ("instance_type", "u1"),
            ("frame_id", "u8"), ("skeleton", "u4"), ("track", "i4"), ("from_predicted", "i8"),
            ("score", "f4"), ("point_id_start", "u8"), ("point_id_end", "u8")])
        shape = [("x", "f8"), ("y", "f8"), ("visible", "?"), ("complete", "?")]
        f["points"] = np.array(points, dtype=shape)
        f.create_dataset("pred_points", data=np.array(predicted, dtype=[*shape, ("score", "f8")]), compression=9)
        f["tracks_json"] = np.array([json.dumps([0, a]).encode() for a in ANIMALS])


def nwb():
    """The pose of an NWB file (ndx-pose), reduced to what a reader of it needs."""
    with h5py.File(out / "pose.nwb", "w") as f:
        f.attrs["neurodata_type"] = "NWBFile"
        for a, animal in enumerate(ANIMALS):
            g = f.create_group(f"processing/behavior/{animal}")
            g.attrs["neurodata_type"] = "PoseEstimation"
            g["nodes"] = np.array([p.encode() for p in POINTS])
            for p, point in enumerate(POINTS):
                s = g.create_group(point)
                s.attrs["neurodata_type"] = "PoseEstimationSeries"
                s["data"], s["confidence"] = XY[:, a, p] / 2, CONF[:, a, p]
                s["data"].attrs.update({"unit": "pixels", "conversion": 2.0})
                s["timestamps"] = 3 + np.arange(T) / RATE
        f["acquisition/Position/data"] = XY[:, 0, 0]


def pose_estimation(f):
    """The first animal as ndx-pose keeps it, from 3 s on."""
    g = f.create_group("processing/behavior/pose")
    g.attrs["neurodata_type"] = "PoseEstimation"
    g["nodes"] = np.array([p.encode() for p in POINTS])
    for p, point in enumerate(POINTS):
        s = g.create_group(point)
        s.attrs["neurodata_type"] = "PoseEstimationSeries"
        s["data"], s["confidence"] = XY[:, 0, p], CONF[:, 0, p]
        s["data"].attrs["unit"] = "pixels"
        s["starting_time"] = 3.0
        s["starting_time"].attrs["rate"] = RATE


def spikes():
    """Five units over 6 s: regular, in bursts, none, on the edges of bins of 0.04 s, rare."""
    return [np.round(np.arange(0.013, 6, 0.09), 4), np.round(np.concatenate([k + np.arange(9) * 0.011 for k in range(6)]), 4),
            np.array([]), np.arange(0, 6, 0.2), np.array([0.5, 0.5, 3.999, 5.9])]


def units(f, times, ids=(10, 11, 12, 13, 20), **columns):
    g = f.create_group("units")
    g.attrs["neurodata_type"] = "Units"
    g["id"] = np.array(ids[:len(times)], "i8")
    g["spike_times"] = np.concatenate(times)
    g["spike_times_index"] = np.cumsum([len(t) for t in times]).astype("u2")
    for name, values in columns.items():
        g[name] = values
    return g


def words(list):
    return np.array([w.encode() for w in list])


def cells():
    """NWB files of cells: alone, beside a pose, beside a place; and damaged ones."""
    def make(name, times=None, **columns):
        f = h5py.File(out / name, "w")
        f.attrs["neurodata_type"] = "NWBFile"
        return f, units(f, spikes() if times is None else times, **columns)

    # regions from electrodes, hours of observation, a table of trials with more columns
    seen = np.array([[0, 6], [0, 2], [2.5, 6], [0, 6], [0, 6], [0, 5.5]], float)
    f, g = make("units.nwb", electrodes=np.array([0, 2, 0, 1, 1]), electrodes_index=np.arange(1, 6, dtype="u1"),
                obs_intervals=seen, obs_intervals_index=np.array([1, 3, 4, 5, 6], "u1"))
    f["general/subject/subject_id"] = "ann"
    f["general/extracellular_ephys/electrodes/location"] = words(["CA1", "CA1", "M1, left"])
    t = f.create_group("intervals/trials")
    t["id"], t["start_time"], t["stop_time"] = [0, 1, 2, 3], [0.1, 2.0, 4.0, 5.0], [1.6, 3.5, 4.99, 5.0]
    t["go_cue_time"], t["reward_time"] = [0.6, 2.3, 4.5, 5.0], [1.1, np.nan, 9.0, np.nan]
    t["trial_type"], t["correct"] = words(["left", "right", "left", "none"]), [1.0, 0.0, 1.0, 0.0]
    f.close()
    # beside a pose: epochs with tags, names of units, regions of their own
    f, g = make("units_pose.nwb", unit_name=words(["a", "b", "c", "d", "e"]), location=words(["", "V1", "V1", "V1", ""]))
    pose_estimation(f)
    e = f.create_group("intervals/epochs")
    e["start_time"], e["stop_time"] = [0.0, 3.5], [3.2, 6.0]
    e["tags"], e["tags_index"] = words(["rest", "run", "novel"]), [1, 3]
    f.close()
    # beside a place, without regions and intervals
    f, g = make("units_place.nwb", ids=(0, 1, 2, 3, 4))
    g = f.create_group("processing/behavior/Position")
    g.attrs["neurodata_type"] = "Position"
    s = g.create_group("spot")
    s.attrs["neurodata_type"] = "SpatialSeries"
    s["data"] = XY[:, 0, 1] * 10
    s["data"].attrs.update({"unit": "meters", "conversion": 0.001})
    s["timestamps"] = 1 + np.arange(T) / RATE
    f.close()

    def damaged(name, change):
        f, g = make(f"bad_units_{name}.nwb")
        change(g)
        f.close()
    def put(g, name, row, value):
        g[name][row] = value
    damaged("falls", lambda g: put(g, "spike_times_index", 1, 60))
    damaged("past", lambda g: put(g, "spike_times_index", 4, 200))
    damaged("short", lambda g: put(g, "spike_times_index", 4, 153))
    damaged("nan", lambda g: put(g, "spike_times", 7, np.nan))
    damaged("order", lambda g: put(g, "spike_times", 70, 9.0))
    damaged("none", lambda g: (g.__delitem__("spike_times_index"), g.create_dataset("spike_times_index", (0,), "u1"),
                               g.__delitem__("spike_times"), g.create_dataset("spike_times", (0,), "f8")))
    damaged("samples", lambda g: put(g, "spike_times", slice(None), g["spike_times"][:] * 30000 * 1e9))


def others():
    plain = {}
    for p, point in enumerate(POINTS):
        for d, c in enumerate("xy"):
            plain[f"{point}_{c}"] = XY[:, 0, p, d]
        plain[f"{point}_likelihood"] = CONF[:, 0, p]
    pd.DataFrame(plain).to_csv(out / "plain.csv", index=False)
    timed = pd.DataFrame({"time": np.arange(T) / RATE, **plain})
    timed.drop(index=[30, 31]).to_csv(out / "plain.tsv", index=False, sep="\t")
    wide = {}
    for p, point in enumerate(POINTS):
        for d, c in enumerate("xyz"):
            wide[f"{point}_{c}"] = XYZ[:, p, d]
        wide.update({f"{point}_error": 1.5, f"{point}_ncams": 3.0, f"{point}_score": CONF[:, 0, p]})
    wide.update({f"M_{i}{j}": float(i == j) for i in range(3) for j in range(3)})
    wide.update({f"center_{i}": 0.0 for i in range(3)})
    wide["fnum"] = np.arange(T)
    pd.DataFrame(wide).to_csv(out / "anipose.csv", index=False)
    with h5py.File(out / "any.h5", "w") as f:
        f["deep/points"] = XYZ
        f["turned"] = XYZ.transpose(1, 2, 0).astype("f4")
        f["series"] = XYZ[:, 0, 0]
        f["names"] = np.array([b"a", b"b"])


def dannce():
    """As MATLAB saves pred (T, 3, K) in version 7.3: 512 bytes of its own, axes reversed."""
    with h5py.File(out / "dannce.mat", "w", userblock_size=512) as f:
        for name, values in [("pred", XYZ.transpose(2, 1, 0).swapaxes(0, 1)), ("p_max", CONF[:, 0].T)]:
            f[name] = values
            f[name].attrs["MATLAB_class"] = np.bytes_(b"double")
    data = bytearray((out / "dannce.mat").read_bytes())
    head = b"MATLAB 7.3 MAT-file, synthetic"
    data[:len(head)] = head
    (out / "dannce.mat").write_bytes(data)


def jabs():
    """As JABS: integers, (y, x), 0 for what is missing, instances that change places."""
    points, conf = np.zeros((T, 3, 12, 2), "u2"), np.zeros((T, 3, 12), "f4")
    ids = np.zeros((T, 3), "u4")
    for t in range(T):
        for a in range(2):
            i = (a + (t // 10)) % 2
            ids[t, i] = a + 1
            for p in range(12):
                if (t + p) % 17:
                    points[t, i, p] = np.round(XY[t, a, 2, ::-1] if not np.isnan(XY[t, a, 2, 0]) else 9)
                    points[t, i, p] += p * 3
                    conf[t, i, p] = 0.5 + p / 8
    with h5py.File(out / "jabs.h5", "w") as f:
        g = f.create_group("poseest")
        g.attrs["version"] = np.array([5, 0], "u2")
        g.attrs["cm_per_pixel"] = np.float32(0.07)
        g["points"], g["confidence"], g["instance_embed_id"] = points, conf, ids
        g["instance_count"] = np.full(T, 2, "u1")
        g["id_mask"] = ids == 0


def movement():
    with h5py.File(out / "movement.nc", "w", libver=("v108", "v108")) as f:
        f.attrs.update({"fps": np.array([RATE]), "time_unit": "seconds", "ds_type": "poses"})
        text = h5py.string_dtype()
        scales = {"time": np.arange(T) / RATE, "space": np.array(["x", "y"], dtype=text),
                  "keypoints": np.array(POINTS, dtype=text),
                  "individuals": np.array(ANIMALS, dtype=text)}
        for name, values in scales.items():
            f[name] = values
            f[name].make_scale(name)
        f["position"] = XY.transpose(0, 3, 2, 1)
        f["confidence"] = CONF.transpose(0, 2, 1)
        for name, axes in [("position", ["time", "space", "keypoints", "individuals"]),
                           ("confidence", ["time", "keypoints", "individuals"])]:
            for i, axis in enumerate(axes):
                f[name].dims[i].attach_scale(f[axis])


def refused():
    with h5py.File(out / "bad_nwb.h5", "w") as f:
        f.attrs["neurodata_type"] = "NWBFile"
    with h5py.File(out / "bad_slp.h5", "w") as f:
        f.create_group("metadata").attrs["json"] = "{}"
        f["frames"], f["instances"] = [0], [0]
    with h5py.File(out / "bad_rank.h5", "w") as f:
        f["tracks"] = np.zeros((3, 4))
        f["node_names"] = np.array([b"a"])
    with h5py.File(out / "bad_names.h5", "w") as f:
        f["tracks"] = np.zeros((1, 2, 3, 5))
        f["node_names"] = np.array([b"nose", b"tail_base"])
    with h5py.File(out / "bad_twice.h5", "w") as f:
        f["tracks"] = np.zeros((1, 2, 2, 5))
        f["node_names"] = np.array([b"nose", b"nose"])
    with h5py.File(out / "bad_frames.h5", "w") as f:
        f["tracks"] = np.zeros((1, 2, 2, 0))
        f["node_names"] = np.array([b"nose", b"tail"])
    with h5py.File(out / "bad_huge.h5", "w") as f:
        f.create_dataset("tracks", (10**6, 2, 10**4, 10**6), "f8", chunks=(1, 1, 1, 1000))
        f["node_names"] = np.array([b"nose"])
    with h5py.File(out / "bad_unknown.h5", "w") as f:
        f["data"] = np.zeros((3, 4))
    with h5py.File(out / "bad_pickle.h5", "w") as f:
        f.attrs["PYTABLES_FORMAT_VERSION"] = np.bytes_(b"2.1")
        g = f.create_group("df")
        g.attrs["pandas_type"] = np.bytes_(b"frame_table")
        rows = np.zeros(3, dtype=[("index", "i8"), ("values_block_0", "f8", (2,))])
        g["table"] = rows
        g["table"].attrs["index_kind"] = np.bytes_(b"integer")
        g["table"].attrs["values_block_0_kind"] = np.bytes_(b"cos\nsystem\n(S'true'\ntR.")
    (out / "bad_mat5.mat").write_bytes(b"MATLAB 5.0 MAT-file, synthetic".ljust(200, b"\0"))
    (out / "bad_ragged.csv").write_text("nose_x,nose_y,tail_x,tail_y\n1,2,3,4\n1,2,3\n")
    (out / "bad_comma.csv").write_text("nose_x;nose_y\n1,5;2,5\n")
    (out / "bad_header.csv").write_text("nose_x,nose_y\n")
    (out / "bad_double.csv").write_text("nose_x,nose_y,nose_x\n1,2,3\n")
    (out / "bad_lone.csv").write_text("nose_x,tail_x,tail_y\n1,2,3\n")
    (out / "bad_missing.csv").write_text("nose_x,nose_y,tail_x,tail_y\n" + ",,,\n" * 5)
    (out / "bad_quote.csv").write_text('nose_x,"nose_y\n1,2\n')
    (out / "bad_order.csv").write_text("frame,nose_x,nose_y\n3,1,2\n2,1,2\n")


deeplabcut()
sleap()
project()
nwb()
cells()
others()
dannce()
jabs()
movement()
refused()
