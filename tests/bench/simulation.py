"""simulation.py -- the rat in each arena: control steps with all senses, alone and with the eye, against
dm_control's environments; the same against a bare loop over mj_step; the eye alone; starts of
episodes; two threads against one.

"Same physics" is the peer's (1 ms x 20, in the bowl the engine's own collider), "train physics" is
another simulation (2 ms x 10; a bowl that does not hold toes), shown in rows of its own. ROWS=word
picks stages: stepping, or gaps, maze, bowl, twotap.
"""
import os

B = os.environ.get("B", "build")
HERE = os.path.dirname(os.path.abspath(__file__))
PYTHON = os.path.join(os.environ.get("PEERS_DIR", "build/peers"), "bin", "python")
# task: what to ask of it in the same physics and in that for training, and of the eye in ms a picture
GOALS = {"flat": (1.1, 1.8, 0.15), "gaps": (1.25, 1.8, 0.15), "maze": (4.5, 7, 0.15), "bowl": (1.25, 1.8, 0.25),
         "twotap": (1.8, 3, 0.15)}


def arena(task):
    from harness import Peer, Row
    same, train, picture = GOALS[task]
    native = "bowl:collider=native" if task == "bowl" else task

    def ours(what, frames, spec=native, step=0.001, threads="{threads}"):
        return [f"{B}/tests/bench/bench_world_sim", spec, str(step), str(frames), threads, what]

    def dm_control(what, frames, goal, name="dm_control"):
        return Peer(name, [PYTHON, f"{HERE}/peer_world_sim.py", task, str(frames), what], goal)

    def row(label, command, peers, threads=(1,), **rest):
        return Row(stage=f"{task}, {label}", ours=command, peers=peers, threads=threads, **rest)

    embree = Peer("Embree", [f"{B}/tests/bench/bench_embree_sim", task, "500"], 0)
    return [
        row("400 control steps, same physics", ours("state", 400),
            [dm_control("state", 400, same), Peer("mj_step in C, no senses", ours("bare", 400), 0.9)]),
        row("400 control steps, train physics", ours("state", 400, task, 0.002), [dm_control("state", 400, train, "dm_control at 1 ms")]),
        row("100 control steps with the eye, same physics", ours("eye", 100),
            [dm_control("eye", 100, 6, "dm_control, OSMesa")], runs=2),
        row("500 pictures of the eye", ours("see", 500, task, 0.002), [], seconds=0.5 * picture),
        row("rays of 500 pictures", ours("rays", 500, task, 0.002), [embree]),
        row("10 starts of episodes", ours("reset", 10), [dm_control("reset", 10, 20)], seconds=0.05, runs=2),
        row("800 control steps of 8, two threads against one", ours("vec", 800, task, 0.002),
            [Peer("one thread", ours("vec", 800, task, 0.002, "1"), 1.85)], threads=(2,)),
    ]


def rollout():
    """The engine's own loop on many threads, nothing is read."""
    from harness import Peer, Row
    ours = [f"{B}/tests/bench/bench_world_sim", "flat", "0.001", "800", "{threads}", "state"]
    peer = [PYTHON, f"{HERE}/peer_rollout_sim.py", "800", "{threads}"]
    return [Row(stage="flat, 800 control steps, same physics", ours=ours, peers=[Peer("mujoco.rollout, no senses", peer, 0.95)])]


def training():
    """The whole loop of vr-train against the engine alone, on the same motions: what share is left."""
    from harness import Peer, Row

    def loop(label, what, network, goal):
        words = [f"share/agent/{network}.conf", "3", "{threads}"]
        program = f"{B}/tests/bench/bench_train_sim"
        return Row(stage=label, ours=[program, what, *words],
                   peers=[Peer("the engine alone", [program, "bare-" + what, *words], goal)], threads=(2,))
    return [loop("training by state, V-MPO, 3072 frames", "vmpo", "teacher", 0.75),
            loop("training by eye, distillation, 3072 frames", "distil", "lstm3", 0.55)]


STAGES = {"stepping": rollout, **{f"stepping {task}": lambda task=task: arena(task) for task in GOALS}, "training": training}
