"""Rewards, discounts and ends of the four tasks against dm_control's: it simulates them under random
actions, and our rules are given each of its states, in its own compiled model. In the maze and in
two-touch the orbs are put within reach, so that there is something to be rewarded. TAP."""
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET

os.environ["MUJOCO_GL"] = "disable"  # nothing is drawn
import mujoco
import numpy as np
from dm_control import mjcf
from dm_control.mujoco import engine
from dm_control.locomotion.examples import basic_rodent_2020 as release

from tap import end, tap

engine.Physics.render = lambda self, *a, **k: np.zeros((64, 64, 3), np.uint8)  # without the camera
engine.Physics.contexts = property(lambda self: None)
B = os.environ.get("B", "build")


def scene_of(env):
    """The model as text: names of the animal without prefix, nothing that is only drawn."""
    root = ET.fromstring(env.task.root_entity.mjcf_model.to_xml_string())
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in ("skin", "texture") and (child.tag == "skin" or child.get("file")):
                parent.remove(child)
            elif child.tag == "material":
                child.attrib.pop("texture", None)
    for deformable in root.findall("deformable"):
        root.remove(deformable)
    for size in root.findall("size"):
        size.attrib.clear()
        size.set("memory", "64M")
    text = ET.tostring(root, encoding="unicode")
    # a field of that name would be looked for in a body of that name
    return text.replace('"walker/"', '"walker"').replace("walker/", "").replace('"terrain"', '"hills"')


class Tape:
    """What happens in dm_control, as states_sim reads it."""

    def __init__(self, env, orbs):
        self.env, self.orbs, self.states = env, orbs, []
        env.add_extra_hook("after_substep", lambda physics, random: self.keep(physics))

    def keep(self, physics):
        d = physics.data
        self.states.append(np.concatenate([[d.time], d.qpos, d.qvel]))

    def places(self, physics):
        return [np.array(physics.bind(t.geom).xpos) for t in self.orbs(self.env.task)]


def play(env, orbs, steps, seed):
    """Rewards, discounts, ends and taken or logic of dm_control; the tape."""
    tape, rows = Tape(env, orbs), []
    random = np.random.default_rng(seed)

    def open_up(physics, _):
        # moved orbs would be overlooked by the mid-phase
        physics.model.opt.disableflags |= int(mujoco.mjtDisableBit.mjDSBL_MIDPHASE)
    env.add_extra_hook("initialize_episode", open_up)
    env.reset()
    physics, nothing = env.physics, np.zeros(3)
    places = tape.places(physics)
    tape.states.clear()
    tape.keep(physics)
    if places and not hasattr(env.task, "_state_logic"):
        # Orbs are first looked for among the contacts that are left from before the animal was placed:
        # of the model's own pose at the origin, which takes an orb of the maze's central cell.
        tape.states = [np.concatenate([[0], physics.model.qpos0, np.zeros(physics.model.nv)])]
    out = [np.concatenate([[len(places)], *places]), places[0] if places else nothing, tape.states.pop()]
    for _ in range(steps):
        step = env.step(random.uniform(-1, 1, 38))
        places = tape.places(physics)
        out += [places[0] if places else nothing, *tape.states]
        tape.states.clear()
        task = env.task
        if hasattr(task, "_state_logic"):
            count = int(task._state_logic.value if hasattr(task._state_logic, "value") else task._state_logic)
        else:
            count = sum(t.activated for t in orbs(task))
        rows.append((step.reward, step.discount, step.last(), count))
        if step.last():
            break
    return np.array(rows, float), np.concatenate(out)


def compare(name, spec, env, orbs, steps, seed):
    rows, tape = play(env, orbs, steps, seed)
    with tempfile.NamedTemporaryFile("w", suffix=".xml") as f:
        f.write(scene_of(env))
        f.flush()
        done = subprocess.run([f"{B}/tests/peers/states_sim", f.name, spec], input=tape.tobytes(), capture_output=True)
    if done.returncode:
        tap(False, f"{name}: {done.stderr.decode().strip()}")
        return
    ours = np.array([line.split() for line in done.stdout.decode().splitlines()], float).reshape(-1, 4)
    same = ours.shape == rows.shape
    gap = np.abs(ours[:, 0] - rows[:, 0]).max() if same else np.inf
    text = (f"{name}, {len(rows)} steps: rewards differ by {gap:.2g}; they sum to {rows[:, 0].sum():.6g}, "
            f"{int((rows[:, 0] > 20).sum())} above 20")
    tap(same and gap < 1e-12, text)
    tap(same and np.array_equal(ours[:, 1:], rows[:, 1:]),
        f"{name}: discounts ({rows[-1, 1]:g} at last), ends ({'yes' if rows[-1, 2] else 'no'}), "
        f"what is taken or tapped (to {rows[:, 3].max():g}) are the same")


def main():
    none = lambda task: []
    compare("gaps", "gaps", release.rodent_run_gaps(1), none, 500, 1)

    env = release.rodent_run_gaps(2)
    # beyond the last platform, before the wall
    env.task._walker_spawn_position = (41.5, 0, 0)
    compare("gaps, into a gap", "gaps", env, none, 500, 2)
    compare("bowl", "bowl", release.rodent_escape_bowl(3), none, 500, 3)

    targets = lambda task: [t for kind in task._active_targets for t in kind]
    for seed in (4, 311):  # with 311 there is an orb in the central cell
        np.random.seed(seed)  # of the maze generator
        env = release.rodent_maze_forage(seed)
        compare(f"maze {seed}", "maze", env, targets, 300, seed)
    np.random.seed(5)
    env = release.rodent_maze_forage(5)
    random = np.random.default_rng(5)

    def near_the_starts(_):
        starts = env.task._maze_arena.spawn_positions
        for i, t in enumerate(targets(env.task)):
            x, y = starts[i % len(starts)][:2]
            mjcf.get_attachment_frame(t.mjcf_model).pos = [x + random.uniform(-0.1, 0.15), y + random.uniform(-0.1, 0.1), 0]
            t.geom.pos = [0, 0, 0.05 + 0.01 * (i // len(starts))]
    env.add_extra_hook("initialize_episode_mjcf", near_the_starts)
    compare("maze, orbs near the starts", "maze", env, targets, 500, 5)

    orb = lambda task: [t for kind in task._targets for t in kind]
    env = release.rodent_two_touch(6)
    compare("twotap", "twotap", env, orb, 500, 6)
    for seed, interval in ((7, 0.8), (8, 0.4), (9, 0.3)):
        env = release.rodent_two_touch(seed)
        env.task._target_area, env.task._z_height, env.task._touch_interval = (0.07, 0.07), 0.03, interval
        np.random.seed(seed)
        compare(f"twotap within reach, {interval} s", f"twotap:interval={interval}", env, orb, 500, seed)
    return end()


sys.exit(main())
