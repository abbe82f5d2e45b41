"""simulation.py -- control steps of the rat on flat ground with all senses but the eye: in the peer's
own physics (1 ms) and, in a row of its own, in the physics for training (2 ms), which is another
simulation."""
import os

B = os.environ.get("B", "build")
HERE = os.path.dirname(os.path.abspath(__file__))
PYTHON = os.path.join(os.environ.get("PEERS_DIR", "build/peers"), "bin", "python")
FRAMES = 800


def row(label, step, peers):
    from harness import Peer, Row
    ours = [f"{B}/tests/bench/bench_step_sim", str(step), str(FRAMES), "{threads}"]
    peer = [PYTHON, f"{HERE}/peer_step_sim.py"]
    return Row(stage=f"{FRAMES} control steps, {label}", ours=ours,
               peers=[Peer(name, [*peer, str(at), str(FRAMES), "{threads}", word], goal) for name, word, at, goal in peers])


def stepping():
    same = [("dm_control", "dm_control", 0.001, 1.1), ("mujoco.rollout, no senses", "rollout", 0.001, 0.95)]
    train = [("dm_control at 1 ms", "dm_control", 0.001, 1.8)]
    return [row("same physics", 0.001, same), row("train physics", 0.002, train)]


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


STAGES = {"stepping": stepping, "training": training}
