"""vr-simulate and vr-record against Python's mujoco on the scene that vr-world prints, against
dm_control's walker and its observables, and the gaits against the table they were found with.
TAP; what was measured stands in each line."""
import os
import subprocess
import sys
import tempfile

os.environ["MUJOCO_GL"] = "disable"  # nothing is drawn
import h5py
import mujoco
import numpy as np
from dm_control import mjcf
from dm_control.locomotion.arenas import floors
from dm_control.locomotion.walkers import rodent

from tap import end, tap

BIN = os.environ.get("BIN", "bin")


def run(tool, *args):
    """The recording that a tool writes, as a dictionary of arrays."""
    with tempfile.NamedTemporaryFile(suffix=".h5") as out:
        subprocess.run([f"{BIN}/{tool}", "-q", "-o", out.name, *args], check=True)
        sets = {}
        with h5py.File(out.name) as f:
            f.visititems(lambda name, o: sets.update({name: o[:]}) if isinstance(o, h5py.Dataset) else None)
    return sets


def model_of(step):
    text = subprocess.run([f"{BIN}/vr-world", "--physics-step", str(step), "flat"], capture_output=True,
                          text=True, check=True).stdout
    return mujoco.MjModel.from_xml_string(text)


def reset(m):
    """As the release does: a first pass with actuation off."""
    d = mujoco.MjData(m)
    off = int(mujoco.mjtDisableBit.mjDSBL_ACTUATION)
    m.opt.disableflags |= off
    mujoco.mj_forward(m, d)
    m.opt.disableflags &= ~off
    return d


def simulate(actions, *args, task="flat"):
    with tempfile.NamedTemporaryFile(suffix=".h5") as f:
        with h5py.File(f.name, "w") as h:
            h["action"] = actions
        return run("vr-simulate", "--double", *args, task, f.name)


def same_as_python(step, frames, tol):
    """Row k is the state before action k: the last row stands after `frames` control steps."""
    m, action = model_of(step), np.sin(np.arange(38) + 1).astype(np.float32)
    ours = simulate(np.tile(action, (frames + 1, 1)), "--physics-step", str(step))
    d, worst = reset(m), {"positions": 0, "speeds": 0, "bodies": 0, "forces": 0}
    for k in range(frames + 1):
        qpos = np.concatenate([ours["pose/root"][k], ours["pose/angles"][k]])
        qvel = np.concatenate([ours["pose/root_speeds"][k], ours["pose/speeds"][k]])
        # origins of the bodies seen from the root, x along its heading
        x, r = d.xpos - d.xpos[1], d.xmat[1]
        c, s = np.array([r[0], r[3]]) / np.hypot(r[0], r[3])
        x = np.stack([c * x[:, 0] + s * x[:, 1], c * x[:, 1] - s * x[:, 0], x[:, 2]], 1)[2:]
        for key, gap in (("positions", qpos - d.qpos), ("speeds", qvel - d.qvel),
                         ("bodies", ours["pose/positions"][k] - x), ("forces", ours["force"][k] - d.actuator_force)):
            worst[key] = max(worst[key], np.abs(gap).max())
        d.ctrl[:] = action
        for _ in range(round(0.02 / step)):
            mujoco.mj_step2(m, d)
            mujoco.mj_step1(m, d)
    for key, gap in worst.items():
        tap(gap <= tol, f"sin(i + 1), {frames} control steps of {step} s, in Python's mujoco: {key} differ by {gap:.3g}")


def same_as_dm_control(frames):
    """The walker's own observables, in dm_control's own physics. What follows from the state is
    compared in our state; accelerometer and touch, which are of the last physics step before, after
    a control step from our state (the tables' rounding at 1e-10 grows by stiff contacts in it)."""
    arena, walker = floors.Floor(), rodent.Rat()
    walker.create_root_joints(arena.attach(walker))
    root = arena.mjcf_model
    root.option.timestep = 0.001
    root.size.remove("njmax")
    root.size.remove("nconmax")
    root.size.memory = "64M"
    physics = mjcf.Physics.from_mjcf_model(root)
    actions = np.random.default_rng(1).uniform(-1, 1, (frames + 1, 38)).astype(np.float32)
    ours = simulate(actions)
    names = sorted(k[len("sense/"):] for k in ours if k.startswith("sense/"))
    late = ("sensors_accelerometer", "sensors_touch")
    worst = dict.fromkeys(names, 0.0)

    def compare(k, n):
        theirs = np.ravel(getattr(walker.observables, n).observation_callable(physics, None)())
        gap = np.abs(np.ravel(ours[f"sense/{n}"][k]) - theirs) / np.maximum(1, np.abs(theirs))
        worst[n] = max(worst[n], gap.max())

    with physics.reset_context():
        pass
    for k in range(frames + 1):
        for n in late:
            compare(k, n)
        d = physics.data
        d.qpos[:] = np.concatenate([ours["pose/root"][k], ours["pose/angles"][k]])
        d.qvel[:] = np.concatenate([ours["pose/root_speeds"][k], ours["pose/speeds"][k]])
        d.act[:] = ours["sense/actuator_activation"][k]
        mujoco.mj_step1(physics.model.ptr, d.ptr)
        for n in names:
            if n not in late:
                compare(k, n)
        physics.set_control(actions[k])
        for _ in range(20):
            physics.step()
    tap(len(names) == 13, f"{len(names)} senses")
    for n in names:
        tap(worst[n] <= (2e-3 if n == late[0] else 1e-8), f"{n}, {frames} frames, is dm_control's: differs by {worst[n]:.3g}")


def gaps_senses_anew(frames):
    """In the gaps the release computes accelerometer and touch once more at the end of a control step
    (elsewhere they are of the last physics step before), and so do we."""
    from dm_control.locomotion.examples import basic_rodent_2020 as release
    from dm_control.mujoco import engine
    engine.Physics.render = lambda self, *a, **k: np.zeros((64, 64, 3), np.uint8)  # without the camera
    engine.Physics.contexts = property(lambda self: None)
    for name, env, anew in (("gaps", release.rodent_run_gaps(1), 1), ("bowl", release.rodent_escape_bowl(1), 0)):
        env.reset()
        m, random, same = env.physics.model.ptr, np.random.default_rng(1), 0
        at = m.sensor_adr[mujoco.mj_name2id(m, mujoco.mjtObj.mjOBJ_SENSOR, "walker/accelerometer")]
        for _ in range(frames):
            seen = env.step(random.uniform(-1, 1, 38)).observation["walker/sensors_accelerometer"]
            d = mujoco.MjData(m)
            mujoco.mj_copyData(d, m, env.physics.data.ptr)
            mujoco.mj_forward(m, d)
            same += np.allclose(d.sensordata[at:at + 3], seen, rtol=1e-9, atol=1e-9)
        tap(same == anew * frames, f"dm_control's {name}: accelerometer computed anew in {same} of {frames} steps")
    text = subprocess.run([f"{BIN}/vr-world", "gaps"], capture_output=True, text=True, check=True).stdout
    m = mujoco.MjModel.from_xml_string(text)
    actions = np.random.default_rng(2).uniform(-1, 1, (frames + 1, 38)).astype(np.float32)
    ours = simulate(actions, task="gaps")
    d, worst, touches = mujoco.MjData(m), 0, True
    for k in range(1, frames + 1):  # all that it hangs on is in row k, but for the action before
        d.qpos[:] = np.concatenate([ours["pose/root"][k], ours["pose/angles"][k]])
        d.qvel[:] = np.concatenate([ours["pose/root_speeds"][k], ours["pose/speeds"][k]])
        d.act[:], d.ctrl[:] = ours["sense/actuator_activation"][k], actions[k - 1]
        mujoco.mj_forward(m, d)
        read = {m.sensor(i).name: d.sensordata[m.sensor_adr[i]:m.sensor_adr[i] + m.sensor_dim[i]] for i in range(m.nsensor)}
        size = max(1, np.abs(read["accelerometer"]).max())
        worst = max(worst, np.abs(ours["sense/sensors_accelerometer"][k] - read["accelerometer"]).max() / size)
        pads = [float(read[n][0] > 1e-3) for n in ("palm_L", "palm_R", "sole_L", "sole_R")]
        touches &= pads == list(ours["sense/sensors_touch"][k])
    # the solver starts elsewhere and stops at its tolerance
    tap(worst < 1e-5 and touches, f"gaps, {frames} steps: accelerometer differs by {worst:.3g}, touch {'no' if touches else 'too'}")


def gait(controller, trials, seconds, low, high, falls_allowed):
    r = run("vr-record", controller, "-n", str(trials), "--seconds", str(seconds), "--task", "flat:noise=0.1")
    first, frames = r["trials/first"], r["trials/frames"]
    # from 0.5 s on; a fall is what makes it get up
    fell = {int(t) for t, n, at in zip(r["events/trial"], r["events/name"], r["events/time"]) if n == b"right" and at > 0.4}
    v = []
    for k in range(trials):
        xy = r["pose/root"][first[k] + 25:first[k] + frames[k], :2]
        if k not in fell:
            v.append(np.linalg.norm(xy[-1] - xy[0]) / (0.02 * (len(xy) - 1)))
    text = f"{controller}, {trials} starts x {seconds} s: {np.mean(v):.3f} m/s ({min(v):.2f}-{max(v):.2f}), {len(fell)} falls"
    tap(low <= np.mean(v) <= high and len(fell) <= falls_allowed, text)


def rights(trials):
    """Upright (torso's z above 0.8) to the end, and how long that took."""
    r = run("vr-record", "right", "-n", str(trials), "--seconds", "3")
    z, first, frames = r["sense/world_zaxis"][:, 2], r["trials/first"], r["trials/frames"]
    times = []
    for k in range(trials):
        low = np.flatnonzero(z[first[k]:first[k] + frames[k]] <= 0.8)
        last = low[-1] + 1 if len(low) else 0
        if last < frames[k]:
            times.append(0.02 * last)
    ok = len(times) == trials
    tap(ok, f"{len(times)} of {trials} drops righted in 3 s, median {np.median(times):.2f} s, slowest {max(times):.2f} s")


def main():
    same_as_python(0.001, 50, 1e-9)
    same_as_python(0.002, 50, 1e-9)
    same_as_dm_control(50)
    gaps_senses_anew(40)
    gait("run:speed=0.5", 16, 5, 0.43, 0.49, 0)
    gait("trot", 16, 5, 0.24, 0.30, 0)
    gait("run:speed=0.65", 16, 5, 0.50, 0.75, 6)
    gait("run:speed=0.3", 8, 3, 0.2, 0.4, 0)
    rights(16)
    return end()


sys.exit(main())
