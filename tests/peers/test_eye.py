"""The eye against MuJoCo's own renderer (EGL) on the scene that vr-world prints, in the poses of a
recording. TAP; the differences stand in each line. With `--sheet FILE.png` a contact sheet as well: for
each task six pictures, ours, theirs and three times the difference (make sheet)."""
import os
import subprocess
import sys
import tempfile

os.environ.setdefault("MUJOCO_GL", "egl")
import h5py
import numpy as np

from tap import failed, tap

BIN = os.environ.get("BIN", "bin")
FRAMES = 50


def run(*words):
    return subprocess.run([os.path.join(BIN, words[0]), *words[1:]], stdout=subprocess.PIPE, check=True).stdout


def recording(task, folder):
    """Pictures and poses of a moving rat, and the scene it is in."""
    path = os.path.join(folder, "rec.h5")
    with open(path, "wb") as f:
        f.write(run("vr-record", "-q", "mix", "--task", task, "-n", "1", "--seconds", "10", "--eye", "--double"))
    with h5py.File(path) as f:
        pick = np.linspace(0, len(f["time"]) - 1, FRAMES).astype(int)
        q = np.concatenate([f["pose/root"][:], f["pose/angles"][:]], 1)[pick]
        return f["eye"][:][pick], q, run("vr-world", "-q", "--trial", "0", path).decode()


def theirs(xml, poses):
    import mujoco
    m = mujoco.MjModel.from_xml_string(xml)
    m.vis.quality.offsamples = 0  # edges as they are, not smoothed
    d = mujoco.MjData(m)
    view = mujoco.MjvOption()
    view.geomgroup[:] = [1, 1, 0, 0, 0, 0]
    view.sitegroup[:] = 0
    renderer = mujoco.Renderer(m, 64, 64)
    pictures = []
    for q in poses:
        d.qpos[: len(q)] = q
        mujoco.mj_forward(m, d)
        renderer.update_scene(d, camera="egocentric", scene_option=view)
        pictures.append(renderer.render().copy())
    return np.array(pictures)


def one_task(task):
    with tempfile.TemporaryDirectory() as d:
        ours, poses, xml = recording(task, d)
    other = theirs(xml, poses)
    difference = np.abs(ours.astype(int) - other)
    mean, near = difference.mean(), (difference.max(-1) <= 24).mean()
    tap(mean < 6 and near >= 0.97, f"{task}: mean difference {mean:.2f} of 255, {100 * near:.2f} % of the pixels within 24")
    if "EYE_SHEET" in os.environ:
        some = slice(4, FRAMES, 8)
        rows = [np.concatenate(list(x[some]), 1) for x in (ours, other, np.minimum(3 * difference, 255).astype(np.uint8))]
        np.save(os.path.join(os.environ["EYE_SHEET"], task), np.concatenate(rows))


def sheet(folder, tasks, path):
    from PIL import Image
    gap = np.full((8, 384, 3), 255, np.uint8)
    parts = [x for task in tasks for x in (np.load(os.path.join(folder, task + ".npy")), gap)]
    Image.fromarray(np.concatenate(parts[:-1])).quantize(200).save(path, optimize=True)


def main():
    path = sys.argv[2] if sys.argv[1:2] == ["--sheet"] else None
    if len(sys.argv) > 1 and not path:  # one renderer a process: the library keeps one context
        one_task(sys.argv[1])
        sys.stdout.flush()
        os._exit(failed())
    probe = subprocess.run([sys.executable, "-c", "import mujoco; mujoco.Renderer(mujoco.MjModel.from_xml_string('<mujoco/>'), 8, 8)"],
                           capture_output=True, text=True)
    if "Error" in probe.stderr and "destroy" not in probe.stderr and probe.returncode:
        print("1..0 # SKIP no EGL for MuJoCo's renderer: apt-get install libegl1 libgl1-mesa-dri")
        return 0
    tasks = ["flat", "gaps", "maze", "bowl", "twotap"]
    good = 0
    folder = tempfile.TemporaryDirectory()
    env = dict(os.environ, EYE_SHEET=folder.name) if path else None
    for k, task in enumerate(tasks, 1):
        out = subprocess.run([sys.executable, os.path.abspath(__file__), task], capture_output=True, text=True, env=env)
        line = next((x for x in out.stdout.splitlines() if " - " in x), f"not ok 1 - {task}: {out.stderr.strip()[-300:]}")
        print(line.replace("ok 1 -", f"ok {k} -"), flush=True)
        good += out.returncode == 0 and line.startswith("ok")
    print(f"1..{len(tasks)}")
    if path:
        sheet(folder.name, tasks, path)
    return good < len(tasks)


if __name__ == "__main__":
    raise SystemExit(main())
