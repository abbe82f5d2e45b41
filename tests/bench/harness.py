"""harness.py -- runs two programs in turn on the same input and compares them.

A program under test is any command that prints lines `key value` on stdout:
  cpu_s, wall_s   seconds of the stage alone, without start-up, imports and reading the input
  quality         one number, the same measure for ours and the peer's; see Row.rule
  version         what was measured ("faiss 1.15.1"); ours may leave it out
  peak_mb         optional: peak memory; otherwise that of the whole process is taken (wait4)
Exit status 3 says that the peer is not installed; the row then names it as missing.
"""
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field

RUNS = int(os.environ.get("BENCH_RUNS", "5"))
THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")


@dataclass
class Peer:
    name: str
    command: list          # {threads} is filled in
    goal: float            # their seconds / our seconds, at least (0: no goal)


@dataclass
class Row:
    stage: str             # "neighbours 100000 x 60"
    ours: list             # command
    peers: list            # of Peer
    # when results are equal in quality:
    #   ("most", x)   ours <= x                    e.g. an error
    #   ("least", x)  ours >= x                    e.g. a recall
    #   ("ratio", x)  ours <= x * the peer's       e.g. a divergence
    #   ("same", x)   ours differs from the peer's by x at most
    #   None          nothing to compare
    rule: tuple = None
    threads: tuple = (1, 2)
    memory: float = 0      # our peak memory in MB at most (0: no goal)
    seconds: float = 0     # our time at most (0: no goal); such a row may have no peers
    runs: int = RUNS       # fewer for what takes minutes


@dataclass
class Result:
    seconds: list = field(default_factory=list)   # CPU time
    wall: list = field(default_factory=list)
    memory: float = 0.0
    quality: float = None
    version: str = ""
    missing: str = ""

    def best(self, threads):
        """One thread: CPU time, which others on the machine disturb least. More: wall time."""
        return min(self.seconds if threads == 1 else self.wall)

    def median(self, threads):
        values = sorted(self.seconds if threads == 1 else self.wall)
        return values[len(values) // 2]


def once(command, threads, result):
    """Runs a command and adds its numbers to the result; False when it cannot be measured."""
    env = dict(os.environ, **{name: str(threads) for name in THREAD_VARIABLES})
    command = [word.format(threads=threads) for word in command]
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        try:
            child = subprocess.Popen(command, stdout=out, stderr=err, env=env)
        except OSError as e:
            result.missing = f"{command[0]}: {e.strerror}"
            return False
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        text = err.read().strip()
        if child.returncode == 3:
            result.missing = text.splitlines()[-1] if text else "not installed"
            return False
        if child.returncode != 0:
            result.missing = f"exit status {child.returncode}: " + (text.splitlines()[-1:] or [""])[0]
            return False
        values = dict(line.split(None, 1) for line in out if len(line.split(None, 1)) == 2)
    result.seconds.append(float(values.get("cpu_s", usage.ru_utime + usage.ru_stime)))
    result.wall.append(float(values.get("wall_s", result.seconds[-1])))
    result.memory = max(result.memory, float(values.get("peak_mb", usage.ru_maxrss / 1024)))
    if "quality" in values:
        result.quality = float(values["quality"])
    result.version = values.get("version", result.version).strip()
    return True


def equal(rule, ours, peer):
    if rule is None:
        return True
    if ours is None:
        return False
    kind, x = rule
    if kind == "most":
        return ours <= x
    if kind == "least":
        return ours >= x
    if kind == "same":
        return peer is None or abs(ours - peer) <= x
    return peer is None or ours <= x * peer


def number(x, digits=3):
    return "-" if x is None else f"{x:.{digits}g}"


COLUMNS = ["stage", "peer", "version", "threads", "our seconds", "peer's seconds", "ratio", "goal",
           "our quality", "peer's quality", "our memory", "peer's memory", "our median",
           "peer's median", "verdict"]


def measure(row, threads, note):
    """Ours and all peers in turn, A B A B; yields one list of cells for each peer."""
    ours, theirs = Result(), [Result() for _ in row.peers]
    for _ in range(row.runs):
        if not once(row.ours, threads, ours):
            break
        for peer, result in zip(row.peers, theirs):
            if not result.missing:
                once(peer.command, threads, result)
    if ours.missing:
        note(f"{row.stage}: ours cannot be measured: {ours.missing}")
        return
    slow = row.seconds and ours.best(threads) > row.seconds
    if not row.peers:
        yield [row.stage, f"at most {number(row.seconds)} s", "-", threads, number(ours.best(threads), 4),
               "-", "-", "-", "-", "-", number(ours.memory, 4), "-", number(ours.median(threads), 4), "-",
               "misses time" if slow else "ok"]
    for peer, result in zip(row.peers, theirs):
        mine = [number(ours.quality, 6), number(result.quality, 6), number(ours.memory, 4)]
        if result.missing or not result.seconds:
            note(f"{row.stage}: {peer.name} is missing: {result.missing}")
            yield [row.stage, peer.name, "missing", threads, number(ours.best(threads), 4), "-", "-",
                   number(peer.goal), *mine, "-", number(ours.median(threads), 4), "-", "not compared"]
            continue
        ratio = result.best(threads) / max(ours.best(threads), 1e-9)
        failed = [what for what, ok in (
            ("quality", equal(row.rule, ours.quality, result.quality)),
            ("speed", ratio >= peer.goal),
            ("time", not slow),
            ("memory", not row.memory or ours.memory <= row.memory)) if not ok]
        yield [row.stage, peer.name, result.version, threads, number(ours.best(threads), 4),
               number(result.best(threads), 4), number(ratio), number(peer.goal), *mine,
               number(result.memory, 4), number(ours.median(threads), 4),
               number(result.median(threads), 4), "misses " + ", ".join(failed) if failed else "ok"]


def cpu_model():
    with open("/proc/cpuinfo") as f:
        for line in f:
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return "unknown processor"


def report(lines, out):
    """Aligned table on stdout, the same as TSV in a file."""
    table = [COLUMNS] + [[str(cell) for cell in line] for line in lines]
    width = [max(len(line[i]) for line in table) for i in range(len(COLUMNS))]
    for line in table:
        print("  ".join(cell.ljust(w) for cell, w in zip(line, width)).rstrip())
    os.makedirs(os.path.dirname(out), exist_ok=True)
    with open(out, "w") as f:
        f.writelines("\t".join(line) + "\n" for line in table)
    print(f"written to {out}", file=sys.stderr)
