"""The rat of `vr-world flat` against dm_control's own rodent on its own floor, both compiled by
MuJoCo: every number of the model, the run under the same actions, and the values that other
builds of the engine gave. TAP; the largest difference of each comparison stands in its line."""
import os
import subprocess
import sys

os.environ["MUJOCO_GL"] = "disable"  # nothing is drawn
import mujoco
import numpy as np
from dm_control import mjcf
from dm_control.locomotion.arenas import floors
from dm_control.locomotion.walkers import rodent

from tap import end, near, tap

BIN = os.environ.get("BIN", "bin")
STEPS = 20  # physics steps a control step


def near(name, ours, theirs, rel=0.0, tol=0.0):
    """|ours - theirs| <= tol + rel * the larger of the two, element by element. The relative
    difference that is reported is that of the elements further apart than tol."""
    ours, theirs = np.asarray(ours, float), np.asarray(theirs, float)
    if ours.shape != theirs.shape:
        return tap(False, f"{name}: shapes {ours.shape} and {theirs.shape}")
    if ours.size == 0:
        return tap(True, f"{name}: both empty")
    gap = np.abs(ours - theirs)
    size = np.maximum(np.abs(ours), np.abs(theirs))
    worst = np.max(np.where(gap > tol, gap / np.where(size > 0, size, 1), 0))
    tap(np.all(gap <= tol + rel * size), f"{name}: largest difference {gap.max():.3g}, relative {worst:.3g}")


def vr_world(*args):
    run = subprocess.run([f"{BIN}/vr-world", *args], capture_output=True, text=True, check=True)
    return mujoco.MjModel.from_xml_string(run.stdout)


def dm_control_rodent(timestep):
    """The released walker on the released floor, as its tasks put them together."""
    arena, walker = floors.Floor(), rodent.Rat()
    walker.create_root_joints(arena.attach(walker))
    root = arena.mjcf_model
    root.option.timestep = timestep
    # the file's sizes ask for 3 GB of memory; the engine's own choice is enough
    root.size.remove("njmax")
    root.size.remove("nconmax")
    root.size.memory = "64M"
    return mjcf.Physics.from_mjcf_model(root).model.ptr


def names(model, kind, n):
    return [(mujoco.mj_id2name(model, kind, i) or "").replace("walker/", "") for i in range(n)]


def quaternions(q):
    """The same rotation has two signs: the largest number positive."""
    q = np.asarray(q)
    largest = np.take_along_axis(q, np.abs(q).argmax(-1)[..., None], -1)
    return q * np.sign(largest)


def sizes(shape, size):
    """The numbers that a shape has; the release's file leaves others behind them."""
    T = mujoco.mjtGeom
    n = {int(T.mjGEOM_SPHERE): 1, int(T.mjGEOM_CAPSULE): 2, int(T.mjGEOM_CYLINDER): 2}
    return np.array([[x * (k < n.get(int(t), 3)) for k, x in enumerate(row)] for t, row in zip(shape, size)])


class Rat:
    """The animal's part of a model: ids of its bodies, joints, geoms and cameras, in order."""

    def __init__(self, model):
        O = mujoco.mjtObj
        self.m = model
        self.body = np.flatnonzero(model.body_rootid > 0)
        self.geom = np.flatnonzero(model.geom_bodyid > 0)
        self.cam = np.flatnonzero(model.cam_bodyid > 0)
        self.names = {
            "body": [names(model, O.mjOBJ_BODY, model.nbody)[i] for i in self.body][1:],
            "joint": names(model, O.mjOBJ_JOINT, model.njnt)[1:],
            "geom": [names(model, O.mjOBJ_GEOM, model.ngeom)[i] for i in self.geom],
            "site": [n for n in names(model, O.mjOBJ_SITE, model.nsite)],
            "tendon": names(model, O.mjOBJ_TENDON, model.ntendon),
            "actuator": names(model, O.mjOBJ_ACTUATOR, model.nu),
            "camera": [names(model, O.mjOBJ_CAMERA, model.ncam)[i] for i in self.cam],
        }
        sensors = names(model, O.mjOBJ_SENSOR, model.nsensor)
        self.names["sensor"] = sensors[:8]  # those of the file; four are added at load

    def parts(self):
        m, b, g, c = self.m, self.body, self.geom, self.cam
        return {
            "body mass": m.body_mass[b],
            "body inertia": m.body_inertia[b],
            "body centre of mass": m.body_ipos[b],
            "body position": m.body_pos[b],
            "body orientation": quaternions(m.body_quat[b]),
            "body parent": m.body_parentid[b] - b[0],
            "body subtree mass": m.body_subtreemass[b],
            "joint type": m.jnt_type,
            "joint body": m.jnt_bodyid - b[0],
            "joint anchor": m.jnt_pos[1:],
            "joint axis": m.jnt_axis[1:],
            "joint range": m.jnt_range,
            "joint limited": m.jnt_limited,
            "joint stiffness": m.jnt_stiffness,
            "joint damping": m.dof_damping,
            "joint armature": m.dof_armature,
            "joint friction": m.dof_frictionloss,
            "joint spring reference": m.qpos_spring,
            "joint limit solref": m.jnt_solref,
            "joint limit solimp": m.jnt_solimp,
            "joint margin": m.jnt_margin,
            "start": m.qpos0,
            "geom type": m.geom_type[g],
            "geom body": m.geom_bodyid[g] - b[0],
            "geom size": sizes(m.geom_type[g], m.geom_size[g]),
            "geom position": m.geom_pos[g],
            "geom orientation": quaternions(m.geom_quat[g]),
            "geom contype": m.geom_contype[g],
            "geom conaffinity": m.geom_conaffinity[g],
            "geom condim": m.geom_condim[g],
            "geom priority": m.geom_priority[g],
            "geom friction": m.geom_friction[g],
            "geom solref": m.geom_solref[g],
            "geom solimp": m.geom_solimp[g],
            "geom solmix": m.geom_solmix[g],
            "geom margin": m.geom_margin[g],
            "geom gap": m.geom_gap[g],
            "site type": m.site_type,
            "site body": m.site_bodyid - b[0],
            "site size": sizes(m.site_type, m.site_size),
            "site position": m.site_pos,
            "site orientation": quaternions(m.site_quat),
            "site group": m.site_group,
            "tendon joints": m.wrap_objid,
            "tendon coefficients": m.wrap_prm,
            "tendon sizes": m.tendon_num,
            "tendon limited": m.tendon_limited,
            "tendon range": m.tendon_range,
            "tendon stiffness": m.tendon_stiffness,
            "tendon damping": m.tendon_damping,
            "tendon friction": m.tendon_frictionloss,
            "actuator transmission": m.actuator_trntype,
            "actuator target": m.actuator_trnid[:, 0],
            "actuator gear": m.actuator_gear,
            "actuator dynamics": m.actuator_dyntype,
            "actuator time constant": m.actuator_dynprm,
            "actuator gain": m.actuator_gainprm,
            "actuator gain type": m.actuator_gaintype,
            "actuator bias": m.actuator_biasprm,
            "actuator bias type": m.actuator_biastype,
            "actuator control range": m.actuator_ctrlrange,
            "actuator control limited": m.actuator_ctrllimited,
            "actuator force range": m.actuator_forcerange,
            "actuator force limited": m.actuator_forcelimited,
            "actuator activation limited": m.actuator_actlimited,
            "actuator acts early": m.actuator_actearly,
            "excluded pairs": np.sort(m.exclude_signature),
            "sensor type": m.sensor_type,
            "sensor object type": m.sensor_objtype,
            "sensor object": m.sensor_objid,
            "sensor reference type": m.sensor_reftype,
            "sensor reference": m.sensor_refid,
            "camera body": m.cam_bodyid[c] - b[0],
            "camera mode": m.cam_mode[c],
            "camera field of view": m.cam_fovy[c],
            "camera position": m.cam_pos[c],
            "camera orientation": quaternions(m.cam_quat[c]),
            "light body": m.light_bodyid - b[0],
            "light mode": m.light_mode,
            "light position": m.light_pos,
            "light direction": m.light_dir,
            "light type": m.light_type,
        }


def options(m):
    o = m.opt
    return {k: np.array(getattr(o, k)) for k in dir(o) if not k.startswith("_") and not callable(getattr(o, k))}


def reset(model):
    """As the release does: forward with actuation off."""
    data = mujoco.MjData(model)
    mujoco.mj_resetData(model, data)
    off = int(mujoco.mjtDisableBit.mjDSBL_ACTUATION)
    model.opt.disableflags |= off
    mujoco.mj_forward(model, data)
    model.opt.disableflags &= ~off
    return data


def control_step(model, data, action):
    data.ctrl[:] = action
    for _ in range(STEPS):
        mujoco.mj_step2(model, data)
        mujoco.mj_step1(model, data)


def compare_models(ours, theirs):
    a, b = Rat(ours), Rat(theirs)
    for kind in a.names:
        tap(a.names[kind] == b.names[kind], f"{len(a.names[kind])} {kind} names in the same order")
    pa, pb = a.parts(), b.parts()
    for key in pa:
        tiny = 0 if key in ("body mass", "body subtree mass", "body inertia") else 1e-12
        near(key, pa[key], pb[key], rel=1e-8, tol=tiny)
    oa, ob = options(ours), options(theirs)
    for key in oa:
        near(f"option {key}", oa[key], ob[key])
    floor = "size position friction solref solimp condim contype conaffinity priority margin gap".split()
    ga, gb = np.flatnonzero(ours.geom_bodyid == 0), np.flatnonzero(theirs.geom_bodyid == 0)
    for key in floor:
        field = {"position": "pos"}.get(key, key)
        near(f"floor {key}", getattr(ours, f"geom_{field}")[ga], getattr(theirs, f"geom_{field}")[gb])


def compare_runs(ours, theirs, name, action, steps, tol):
    a, b = reset(ours), reset(theirs)
    worst = 0
    for _ in range(steps):
        control_step(ours, a, action)
        control_step(theirs, b, action)
        worst = max(worst, np.abs(a.qpos - b.qpos).max())
    tap(worst <= tol, f"{name}, {steps} control steps: positions differ by {worst:.3g} (allowed {tol:g})")
    worst = np.abs(a.act - b.act).max()
    tap(worst <= 1e-8, f"{name}: activations differ by {worst:.3g}")
    quiet = not any(w.number for w in a.warning)
    tap(quiet, f"{name}: no warning of the engine")


# After constant actions on flat ground, by MuJoCo 3.12.0: the root's place, the torso's height,
# accelerometer, gyro, angles of hip_L_extend and elbow_L
RUNS = {
    ("all 0", 1): ("0.00767385 -2.5e-6 -0.00597595", 0.061668, "-5.8252 0.0098 -22.102", "0.0002 -11.319 0.0024", -0.135800, -0.263846),
    ("all 0", 10): ("-0.0244434 5.0e-6 -0.00758304", 0.052720, "-1.1252 -0.0051 10.478", "-0.0013 0.2474 0.0010", -0.303158, -0.329424),
    ("all 0", 50): ("-0.0421053 -0.000147 -0.0136742", 0.050126, "-1.1671 -0.0063 9.7303", "-0.0000 -0.0109 0.0002", -0.359630, -0.310544),
    ("all 0.5", 1): ("0.0183223 -0.01141 -0.00701033", 0.062201, "3.5549 9.2999 -6.7057", "-11.101 -13.453 1.4589", -0.148505, -0.140104),
    ("all 0.5", 10): ("0.0400105 -0.0494263 0.000288871", 0.057134, "-2.578 1.4809 -1.6204", "-2.4506 -5.8566 -1.9133", 0.375620, 0.190486),
    ("hold", 50): ("0.00130776 -4.5e-6 -0.00572255", 0.060412, "-0.5602 0.0088 9.7938", "-0.0000 -0.0063 0.0001", 0.014267, -0.069096),
    ("sin(i + 1)", 1): ("0.0252992 -0.00135497 -0.0115051", 0.059711, "-12.557 16.973 0.0301", "-6.5278 -22.853 -8.4788", -0.349163, -0.192149),
    ("sin(i + 1)", 10): ("0.047952 -0.0267987 -0.0293887", 0.037251, "8.2187 3.7324 4.6196", "-0.0156 -1.2815 -2.382", -1.548839, -0.107830),
}
vector = lambda text: np.array([float(w) for w in text.split()])


def actions(model):
    n = model.nu
    return {
        "all 0": np.zeros(n),
        "all 0.5": np.full(n, 0.5),
        "hold": np.clip(-model.actuator_biasprm[:, 0] / model.actuator_gainprm[:, 0], -1, 1),
        "sin(i + 1)": np.sin(np.arange(n) + 1),
    }


def reference_values(model):
    d = reset(model)
    torso = model.body("torso").id
    near("reset: body height", d.xpos[torso, 2], 0.0650896, tol=6e-8)
    near("reset: end effectors", d.sensordata[-12:],
         vector("0.0193288 -0.0218353 -0.0362437 0.0193288 0.0218353 -0.0362437 "
                "-0.08594 -0.0242399 -0.0559274 -0.08594 0.0242465 -0.0559274"), tol=6e-8)
    skull = d.xmat[torso].reshape(3, 3).T @ (d.xpos[model.body("skull").id] - d.xpos[torso])
    near("reset: skull", skull, vector("0.0662354 -1.84e-7 0.00740655"), tol=6e-8)
    near("reset: accelerometer", d.sensor("accelerometer").data, vector("0.780486 -0.000300 -0.493075"), tol=2e-4)
    touch = [d.sensor(s).data[0] for s in ("palm_L", "palm_R", "sole_L", "sole_R")]
    near("reset: touch forces", touch, [0.00605, 0.00605, 0, 0], tol=6e-5)
    for (name, steps), (place, height, acc, gyro, hip, elbow) in RUNS.items():
        d = reset(model)
        for _ in range(steps):
            control_step(model, d, actions(model)[name])
        got = np.concatenate([d.qpos[:3], [d.xpos[torso, 2]], [d.joint("hip_L_extend").qpos[0]], [d.joint("elbow_L").qpos[0]]])
        near(f"{name} after {steps} steps: place, height, hip, elbow", got,
             np.concatenate([vector(place), [height, hip, elbow]]), tol=1e-5)
        near(f"{name} after {steps} steps: accelerometer", d.sensor("accelerometer").data, vector(acc), tol=1e-2, rel=1e-2)
        near(f"{name} after {steps} steps: gyro", d.sensor("gyro").data, vector(gyro), tol=2e-3, rel=1e-3)
    d = reset(model)
    control_step(model, d, np.full(model.nu, 0.5))
    near("activation after a step of 0.5", d.act, np.full(model.nu, 0.198656), tol=5e-7)


def set_points(model):
    """Activations of -1 and 1 put the set point on the limits of the joint, or of the tendon."""
    kp = -model.actuator_biasprm[:, 1]
    for sign, end in ((-1, 0), (1, 1)):
        at = (sign * model.actuator_gainprm[:, 0] + model.actuator_biasprm[:, 0]) / kp
        want = []
        for i in range(model.nu):
            j = model.actuator_trnid[i, 0]
            if model.actuator_trntype[i] == mujoco.mjtTrn.mjTRN_TENDON:
                first, n = model.tendon_adr[j], model.tendon_num[j]
                ranges = [model.jnt_range[model.wrap_objid[k], end] for k in range(first, first + n)]
                want.append(np.dot(ranges, model.wrap_prm[first:first + n]))
            else:
                want.append(model.jnt_range[j, end])
        near(f"set points of activation {sign}", at, want, tol=1e-9)


def main():
    ours, theirs = vr_world("flat"), dm_control_rodent(0.001)
    compare_models(ours, theirs)
    for name, steps, tol in (("sin(i + 1)", 10, 1e-6), ("all 0", 10, 1e-6), ("all 0.5", 10, 1e-6), ("hold", 50, 1e-6)):
        compare_runs(ours, theirs, name, actions(ours)[name], steps, tol)
    reference_values(ours)
    set_points(ours)
    train = vr_world("--physics-step", "0.002", "flat")
    tap(train.opt.timestep == 0.002, "--physics-step 0.002 sets the time step")
    return end()


sys.exit(main())
