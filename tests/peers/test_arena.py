"""The arenas of vr-world against those of dm_control's four rodent tasks: a world that dm_control has
drawn is put into our scene, box by box, and both models step alike from the same states. TAP; the
largest difference of the positions over ten control steps stands in each line."""
import os
import subprocess
import sys
import xml.etree.ElementTree as xml

os.environ["MUJOCO_GL"] = "disable"  # nothing is drawn
import mujoco
import numpy as np
from dm_control import mjcf
from dm_control.locomotion.examples import basic_rodent_2020 as tasks

from tap import end, tap

# what the eye sees is not asked for, but drawn all the same
mjcf.Physics.render = lambda self, height=240, width=320, **_: np.zeros((height, width, 3), np.uint8)
mjcf.Physics.contexts = None

BIN = os.environ.get("BIN", "bin")


def theirs(task, seed):
    """The environment of a task of dm_control after a reset."""
    np.random.seed(seed)  # some draws are not from the environment's own generator
    env = task(np.random.RandomState(seed))
    size = env.task.root_entity.mjcf_model.size
    size.remove("njmax")
    size.remove("nconmax")
    size.memory = "64M"
    env.reset()
    return env


def boxes(m):
    """Platforms and walls: boxes that touch and do not move."""
    return [g for g in range(m.ngeom) if m.geom_type[g] == mujoco.mjtGeom.mjGEOM_BOX and m.geom_contype[g] > 0 and
            m.body_weldid[m.geom_bodyid[g]] == 0]


def ours(task, env):
    """Our scene of a task with the boxes and heights of theirs, compiled."""
    text = subprocess.run([f"{BIN}/vr-world", task], capture_output=True, text=True, check=True).stdout
    root = xml.fromstring(text)
    world = root.find("worldbody")
    m, d = env.physics.model.ptr, env.physics.data.ptr
    for body in [b for b in world if b.tag == "body" and b.get("name").startswith(("box_", "orb_"))]:
        world.remove(body)
    for k, g in enumerate(boxes(m)):
        body = xml.SubElement(world, "body", name=f"box_{k}", pos=" ".join(map(repr, d.geom_xpos[g].tolist())))
        xml.SubElement(body, "inertial", pos="0 0 0", mass="1", diaginertia="1 1 1")
        xml.SubElement(body, "geom", name=f"box_{k}", type="box", size=" ".join(map(repr, m.geom_size[g].tolist())))
    model = mujoco.MjModel.from_xml_string(xml.tostring(root, encoding="unicode"))
    if m.nhfield:
        model.hfield_data[:] = m.hfield_data
        model.hfield_size[:] = m.hfield_size
    return model


def control_step(m, d, action):
    d.ctrl[:] = action
    for _ in range(20):
        mujoco.mj_step2(m, d)
        mujoco.mj_step1(m, d)


def alike(name, task, function, seed, settle):
    """settle: control steps of theirs, under small actions, before the comparison begins."""
    env = theirs(function, seed)
    m, d = env.physics.model.ptr, env.physics.data.ptr
    model = ours(task, env)
    data = mujoco.MjData(model)
    r = np.random.RandomState(seed)
    for _ in range(settle):
        control_step(m, d, r.uniform(-0.3, 0.3, m.nu))
    data.qpos[:], data.qvel[:], data.act[:], data.time = d.qpos, d.qvel, d.act, d.time
    data.qacc_warmstart[:] = d.qacc_warmstart
    mujoco.mj_step1(model, data)
    mujoco.mj_step1(m, d)
    contacts = d.ncon, data.ncon
    worst = 0
    for _ in range(10):
        action = r.uniform(-1, 1, m.nu)
        control_step(m, d, action)
        control_step(model, data, action)
        worst = max(worst, np.abs(d.qpos - data.qpos).max())
    tap(worst <= 1e-6, f"{name}, seed {seed}, after {settle} steps, {contacts[0]} and {contacts[1]} contacts: "
        f"positions differ by {worst:.3g}")


def views(name, task, function):
    """Light of the head, and the planes between which the eye sees, as shares of theirs."""
    env = theirs(function, 3)
    m = env.physics.model.ptr
    model = mujoco.MjModel.from_xml_string(
        subprocess.run([f"{BIN}/vr-world", task], capture_output=True, text=True, check=True).stdout)
    a, b = m.vis.headlight, model.vis.headlight
    light = max(np.abs(getattr(a, k) - getattr(b, k)).max() for k in ("ambient", "diffuse", "specular"))
    planes = [getattr(model.vis.map, k) * model.stat.extent / (getattr(m.vis.map, k) * m.stat.extent)
              for k in ("znear", "zfar")]
    # the extent of theirs depends on where walls and orbs were
    tap(light < 1e-6 and all(0.8 < p < 1.25 for p in planes),
        f"{name}: light of the head differs by {light:.3g}, near and far plane {planes[0]:.3f} and {planes[1]:.3f} of theirs")


def main():
    for task in (("gaps", "gaps", tasks.rodent_run_gaps), ("maze", "maze", tasks.rodent_maze_forage),
                 ("twotap", "twotap", tasks.rodent_two_touch), ("bowl", "bowl", tasks.rodent_escape_bowl)):
        views(*task)
    for seed in (1, 2):
        for settle in (0, 50):
            alike("gaps", "gaps", tasks.rodent_run_gaps, seed, settle)
            alike("maze", "maze", tasks.rodent_maze_forage, seed, settle)
            alike("twotap", "twotap", tasks.rodent_two_touch, seed, settle)
            alike("bowl", "bowl:collider=native", tasks.rodent_escape_bowl, seed, settle)
    return end()


sys.exit(main())
