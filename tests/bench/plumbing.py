"""plumbing.py -- what passing data on costs: a pipe of 1 GB, start-up, memory against length.

As a program it is one side of such a row: plumbing.py pipe FILTER | start TOOL | memory TOOL |
value X (see harness.py for what it prints)."""
import glob
import os
import subprocess
import sys
import tempfile
import time

BIN = os.environ.get("BIN", "bin")
B = os.environ.get("B", "build")
ME = os.path.abspath(__file__)


# -- rows --
def row(stage, ours, peer, words, goal, **rest):
    from harness import Peer, Row
    return Row(stage=stage, ours=[sys.executable, ME, *ours], threads=(1,),
               peers=[Peer(peer, [sys.executable, ME, *words], goal)], **rest)


def passing():
    """A filter that only passes 1 GB on, against cat in its place; at most 3 times as long."""
    return [row("pass 1 GB on", ["pipe", "vr-cat"], "cat", ["pipe", "cat"], 1 / 3)]


def starting():
    """Start-up of every tool, against 20 ms."""
    tools = sorted(os.path.basename(path) for path in glob.glob(f"{BIN}/vr-*"))
    return [row(f"start-up of {tool}", ["start", tool], "20 ms", ["value", "0.02"], 1) for tool in tools]


def remembering():
    """Peak memory of filters that work trial by trial: the quality is the growth from 8 trials to
    64, as a factor."""
    return [row(f"memory of {tool}, 8 x longer", ["memory", tool], "constant", ["value", "0"], 0,
                rule=("most", 1.1), runs=1)
            for tool in ("vr-eigenposture", "vr-wavelet", "vr-cat", "vr-select")]


STAGES = {"passing": passing, "starting": starting, "remembering": remembering}


# -- the sides --
def say(**values):
    for key, value in values.items():
        print(key, value)


def image(folder, trials, columns):
    """A stream of `trials` x 1375 frames."""
    path = os.path.join(folder, f"{trials}.h5")
    subprocess.run([f"{B}/tests/contract/image", path, str(trials), "1375", str(columns)], check=True)
    return path


def clock(command):
    before, start = os.times(), time.perf_counter()
    subprocess.run(["sh", "-c", command], check=True)
    wall, after = time.perf_counter() - start, os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return cpu, wall


def pipe(filter_):
    """Seconds of a joint in a pipe. All three processes count, and the pipe is the same but for
    the one in the middle; wall time, because that is what a user waits for."""
    name = filter_ if filter_ == "cat" else f"{BIN}/{filter_}"
    with tempfile.TemporaryDirectory() as folder:
        path = image(folder, 500, 364)     # 687,500 x 364 float32 = 1.0 GB
        _, wall = clock(f"cat {path} | {name} | cat > /dev/null")
        say(cpu_s=wall, wall_s=wall)


def start(tool):
    """Best of 20 starts that print the version."""
    command = [f"{BIN}/{tool}", "--version"]
    best = 1e9
    for _ in range(20):
        begin = time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
        best = min(best, time.perf_counter() - begin)
    say(cpu_s=best, wall_s=best, version="")


def memory(tool):
    with tempfile.TemporaryDirectory() as folder:
        peak = []
        for trials in (8, 64):
            child = subprocess.Popen([f"{BIN}/{tool}", "-q", image(folder, trials, 67)],
                                     stdout=subprocess.DEVNULL)
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
            if child.returncode:
                sys.exit(1)
            peak.append(usage.ru_maxrss / 1024)
        say(peak_mb=peak[1], quality=peak[1] / peak[0], cpu_s=0, wall_s=0)


if __name__ == "__main__":
    what, word = sys.argv[1:3]
    if what == "value":
        say(cpu_s=word, wall_s=word)
    else:
        {"pipe": pipe, "start": start, "memory": memory}[what](word)
