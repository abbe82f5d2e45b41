"""peer_step_sim.py STEP FRAMES THREADS PEER -- control steps of the rodent on flat ground, in 8 trials.

dm_control      a composer environment with all of the walker's observables but the eye
dm_control.bare its physics alone, without observables
rollout         mujoco.rollout on vr-world's scene: the engine's own loop in C, nothing is read
"""
import os
import subprocess
import sys
import time

os.environ["MUJOCO_GL"] = "disable"
try:
    import mujoco
    import numpy as np
except ImportError as e:
    print(e, file=sys.stderr)
    sys.exit(3)

step, frames, threads, peer = float(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
TRIALS = 8
steps = frames // TRIALS
t, i = np.arange(steps)[:, None], np.arange(38)
actions = [(0.4 * np.sin(0.3 * t + i + k)).astype(np.float32) for k in range(TRIALS)]


def environment():
    from dm_control import composer
    from dm_control.locomotion.arenas import floors
    from dm_control.locomotion.walkers import rodent

    class Flat(composer.Task):
        def __init__(self):
            self._arena, self._walker = floors.Floor(), rodent.Rat()
            self._walker.create_root_joints(self._arena.attach(self._walker))
            w = self._walker.observables
            for o in w.proprioception + w.kinematic_sensors + w.dynamic_sensors:
                o.enabled = True
            self.set_timesteps(physics_timestep=step, control_timestep=0.02)

        @property
        def root_entity(self):
            return self._arena

        def get_reward(self, physics):
            return 0.0

    return composer.Environment(task=Flat(), strip_singleton_obs_buffer_dim=True, random_state=1)


def clock(f):
    cpu, wall = time.process_time(), time.perf_counter()
    f()
    print("cpu_s", time.process_time() - cpu)
    print("wall_s", time.perf_counter() - wall)


def by_environment():
    env = environment()
    env.reset()

    def run():
        for a in actions:
            env.physics.reset()
            for u in a:
                env.step(u)

    from importlib.metadata import version
    clock(run)
    print("version", f"dm_control {version('dm_control')}")


def by_physics():
    env = environment()
    env.reset()
    physics = env.physics

    def run():
        for a in actions:
            physics.reset()
            for u in a:
                physics.set_control(u)
                physics.step(round(0.02 / step))

    clock(run)
    print("version", f"mujoco {mujoco.__version__}")


def by_rollout():
    from mujoco import rollout
    text = subprocess.run([os.path.join(os.environ.get("BIN", "bin"), "vr-world"), "--physics-step", str(step), "flat"],
                          capture_output=True, text=True, check=True).stdout
    m = mujoco.MjModel.from_xml_string(text)
    data = [mujoco.MjData(m) for _ in range(threads)]
    spec = int(mujoco.mjtState.mjSTATE_FULLPHYSICS)
    start = np.zeros((TRIALS, mujoco.mj_stateSize(m, spec)))
    for k in range(TRIALS):
        mujoco.mj_getState(m, data[0], start[k], spec)
    control = np.repeat(np.stack(actions), round(0.02 / step), axis=1).astype(float)
    clock(lambda: rollout.rollout(m, data, start, control))
    print("version", f"mujoco {mujoco.__version__}")


{"dm_control": by_environment, "dm_control.bare": by_physics, "rollout": by_rollout}[peer]()
