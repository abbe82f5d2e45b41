"""peer_world_sim.py TASK FRAMES WHAT -- the release's own environments (dm_control's
basic_rodent_2020; for flat its floor alone), in trials of 100 control steps with the actions of
bench_world_sim.c.

state  control steps with all senses but the eye    eye    the same with the eye, by OSMesa
reset  starts of episodes
"""
import os
import sys
import time

task, frames, what = sys.argv[1].split(":")[0], int(sys.argv[2]), sys.argv[3]
os.environ["MUJOCO_GL"] = os.environ["PYOPENGL_PLATFORM"] = "osmesa"
try:
    import numpy as np
    from dm_control import composer
    from dm_control.locomotion.arenas import floors
    from dm_control.locomotion.examples import basic_rodent_2020 as release
    from dm_control.locomotion.walkers import rodent
except Exception as e:  # an ImportError, or what PyOpenGL makes of a missing library
    print(f"dm_control with OSMesa (libosmesa6): {e}", file=sys.stderr)
    sys.exit(3)

STEPS = 100


def flat(_):
    class Flat(composer.Task):
        def __init__(self):
            self._arena, self._walker = floors.Floor(), rodent.Rat(observable_options={"egocentric_camera": {"enabled": True}})
            self._walker.create_root_joints(self._arena.attach(self._walker))
            w = self._walker.observables
            for o in w.proprioception + w.kinematic_sensors + w.dynamic_sensors:
                o.enabled = True
            self.set_timesteps(physics_timestep=0.001, control_timestep=0.02)

        @property
        def root_entity(self):
            return self._arena

        def get_reward(self, physics):
            return 0.0

    return composer.Environment(task=Flat(), strip_singleton_obs_buffer_dim=True, random_state=1)


make = {"flat": flat, "gaps": release.rodent_run_gaps, "maze": release.rodent_maze_forage,
        "bowl": release.rodent_escape_bowl, "twotap": release.rodent_two_touch}[task]
np.random.seed(1)
env = make(1)
env.task._walker.observables.egocentric_camera.enabled = what == "eye"
env.reset()
i, cpu, wall = np.arange(38), 0.0, 0.0


def clocks():
    return np.array([time.process_time(), time.perf_counter()])


spent = np.zeros(2)
for k in range(frames if what == "reset" else frames // STEPS):
    start = clocks()
    env.reset()
    if what == "reset":
        spent += clocks() - start
        continue
    actions = [(0.4 * np.sin(0.3 * t + i + k)).astype(np.float32) for t in range(STEPS)]
    start = clocks()
    for a in actions:
        env.step(a)
    spent += clocks() - start
print("cpu_s", spent[0])
print("wall_s", spent[1])
from importlib.metadata import version  # noqa: E402
print("version", f"dm_control {version('dm_control')}", flush=True)
os._exit(0)  # its renderer complains when it is taken down
