"""peer_rollout_sim.py FRAMES THREADS -- control steps of the rat on flat ground by mujoco.rollout, the
engine's own loop in C, on the scene of vr-world; nothing is read. Trials and actions are those of
bench_world_sim.c."""
import os
import subprocess
import sys
import time

os.environ["MUJOCO_GL"] = "disable"
try:
    import mujoco
    import numpy as np
    from mujoco import rollout
except ImportError as e:
    print(e, file=sys.stderr)
    sys.exit(3)

STEPS = 100
frames, threads = int(sys.argv[1]), int(sys.argv[2])
trials = frames // STEPS
t, i = np.arange(STEPS)[:, None], np.arange(38)
actions = [(0.4 * np.sin(0.3 * t + i + k)).astype(np.float32) for k in range(trials)]
text = subprocess.run([os.path.join(os.environ.get("BIN", "bin"), "vr-world"), "flat"], capture_output=True, text=True, check=True).stdout
m = mujoco.MjModel.from_xml_string(text)
data = [mujoco.MjData(m) for _ in range(threads)]
spec = int(mujoco.mjtState.mjSTATE_FULLPHYSICS)
start = np.zeros((trials, mujoco.mj_stateSize(m, spec)))
for k in range(trials):
    mujoco.mj_getState(m, data[0], start[k], spec)
control = np.repeat(np.stack(actions), 20, axis=1).astype(float)
cpu, wall = time.process_time(), time.perf_counter()
rollout.rollout(m, data, start, control)
print("cpu_s", time.process_time() - cpu)
print("wall_s", time.perf_counter() - wall)
print("version", f"mujoco {mujoco.__version__}")
