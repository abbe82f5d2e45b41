"""run.py -- `make bench [ROWS=word]`: each stage against the fastest public programs.

Same input, same output, same measure of quality, in one run; programs take turns (A B A B), five
runs, the best and the median; one thread and two. Prints a table and writes build/bench.tsv.

Our side of a stage is tests/bench/bench_STAGE.c (built into build/tests/bench/, linked with
libvr.a; a name that ends in _sim is linked with the engine too), the other side
tests/bench/peer_STAGE.py, run by the python of $PEERS_DIR (made by `make peers`). Both print the
lines that harness.py tells, and take the input as a file of raw float32, row by row:
    bench_STAGE FILE ROWS COLUMNS THREADS [WORD ...]
    peer_STAGE.py FILE ROWS COLUMNS THREADS PEER [WORD ...]
bench_input makes the files: `series` (posture modes, N(0, 1), with bouts, time-correlated) and
`features` (z-scored, 40 behaviours in bouts), any number of rows and columns, trials of 1375 rows.
"""
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import Peer, Row, cpu_model, measure, report  # noqa: E402
import plumbing  # noqa: E402
import simulation  # noqa: E402

B = os.environ.get("B", "build")
BIN = os.environ.get("BIN", "bin")
PYTHON = os.path.join(os.environ.get("PEERS_DIR", "build/peers"), "bin", "python")
HERE = os.path.dirname(os.path.abspath(__file__))
INPUTS = {}


def data(kind, rows, columns):
    """Path of a file of raw float32, made once a run."""
    key = (kind, rows, columns)
    if key not in INPUTS:
        path = os.path.join(TMP.name, f"{kind}.{rows}x{columns}.f32")
        subprocess.run([f"{B}/tests/bench/bench_input", kind, str(rows), str(columns), path], check=True)
        INPUTS[key] = path
    return INPUTS[key]


def stage(name, kind, rows, columns, peers, words=(), **rest):
    """A row whose two sides take the same file. peers: (label, goal, word ...)."""
    size = [data(kind, rows, columns), str(rows), str(columns), "{threads}"]
    return Row(
        stage=rest.pop("label", f"{name} {rows} x {columns}"),
        ours=[f"{B}/tests/bench/bench_{name}", *size, *words],
        peers=[Peer(label, [PYTHON, f"{HERE}/peer_{name}.py", *size, *args], goal)
               for label, goal, *args in peers],
        **rest)


def tsne(rows, words, peers, **rest):
    """Maps of the same input at a divergence at most 1.01 of the peer's, told by one evaluator."""
    rest.setdefault("label", f"t-SNE {rows} x 60")
    evaluator = f"{B}/tests/bench/bench_tsne"
    return stage("tsne", "features", rows, 60, [(*peer, evaluator) for peer in peers], words,
                 rule=("ratio", 1.01), **rest)


def network(label, rows, mode, times, peers, **rest):
    """The agent's memory, or its eye. peers: (label, goal, word)."""
    driver = f"{B}/tests/bench/bench_nn"
    size = [data("features", max(rows, 64), 256), str(rows), "256", "{threads}"]
    return Row(stage=label, ours=[driver, *size, mode, str(times)], threads=(1,), **rest,
               peers=[Peer(name, [PYTHON, f"{HERE}/peer_nn.py", *size, word, str(times), driver], goal)
                      for name, goal, word in peers])


# The table: one entry a stage, made only when it is asked for.
STAGES = {
    "wavelet": lambda: [stage(
        "wavelet", "series", 137500, 30, label="wavelets 137500 x 30 x 25", rule=("most", 1e-6),
        peers=[("fCWT", 3.5, "fcwt"), ("SciPy", 15, "scipy"), ("SciPy, float32", 0, "scipy32")])],
    "kinematics": lambda: [stage(
        "kinematics", "series", 137500, 30, label="wavelets + PCA 137500 x 2 x 375", rule=("most", 1e-4), memory=300,
        peers=[("SciPy, float32 + scikit-learn", 4, "scipy32")])],
    "psd": lambda: [stage(
        "psd", "series", 137500, 60, [("SciPy", 7, "scipy")], label="Welch 137500 x 60, 10 s, by trials",
        rule=("ratio", 1 + 1e-9))],
    "mds": lambda: [stage(
        "mds", "features", 1000, 60, [("scikit-learn", 10, "sklearn")], label="SMACOF 1000 points, 100 steps",
        rule=("ratio", 1 + 1e-9))],
    "neighbours": lambda: [
        stage("knn", "features", 20000, 60, [("faiss flat", 2, "faiss"), ("scikit-learn", 2, "sklearn")],
              label="90 neighbours, 20000 x 60", rule=("least", 1)),
        stage("knn", "features", 100000, 60, [("faiss flat", 2, "faiss")],
              label="90 neighbours, 100000 x 60", rule=("least", 1), runs=2)],
    # both from the same centres until no label changes; float64 tells the labels to be had (test_kmeans.py)
    "kmeans": lambda: [stage(
        "kmeans", "features", 150000, 60, label="k-means 150000 x 60, k 50", rule=("ratio", 1 + 1e-9), memory=300,
        peers=[("scikit-learn, float32", 4, "sklearn32"), ("scikit-learn", 0, "sklearn"),
               ("scikit-learn elkan, float32", 0, "elkan32"), ("faiss", 0, "faiss")])],
    "cka": lambda: [
        stage("cka", "features", 50, 188, [("NumPy", 8, "numpy")], ["null"],
              label="CKA 50 x 128 x 60, 1000 permutations, 20 times", rule=("ratio", 1 + 1e-9)),
        stage("cka", "features", 50, 188, [("rsatoolbox", 50, "pair")], ["pair"],
              label="CKA of two matrices of 50, 2000 times", rule=("ratio", 1 + 1e-9), threads=(1,)),
        stage("cka", "features", 50, 572, [("rsatoolbox", 0, "rsatoolbox"), ("NumPy", 0, "pairs")], ["pairs"],
              label="CKA, ten pairs of 50 x 128, 20 times", rule=("ratio", 1 + 1e-9), threads=(1,)),
        stage("cka", "features", 50, 572, [("NumPy", 0, "deals")], ["deals"],
              label="CKA, ten pairs of 50 x 128, 1000 deals", rule=("ratio", 1.01))],
    "means": lambda: [stage(
        "clustersum", "features", 137500, 512, label="means by cluster 137500 x 512", rule=("ratio", 1 + 1e-9),
        peers=[("NumPy, masks", 1, "masks"), ("SciPy, sparse", 1, "sparse"), ("pandas", 1, "pandas")])],
    "watershed": lambda: [stage(
        "watershed", "features", 100000, 2, [("SciPy + scikit-image", 3, "skimage", "0.01")], ["0.01"],
        label="density + watershed 100000, 501 x 501", rule=("ratio", 1))],
    "jpca": lambda: [stage(
        "jpca", "series", 37125, 128, [("jPCA, Python port", 10, "port")],
        label="jPCA 37125 x 128, 1000 surrogates", rule=("ratio", 1), runs=1, threads=(1,))],
    "tsne": lambda: [
        tsne(20000, ["auto"], [("openTSNE, FFT", 3.5, "opentsne")], runs=2),
        tsne(100000, ["auto"], [("openTSNE, FFT", 3.5, "opentsne"),
                                ("scikit-learn-intelex", 2, "sklearnex")], memory=300, runs=1),
        # as many iterations as the divergence of the peer's 750 takes
        tsne(20000, ["auto", "300"], [("scikit-learn-intelex", 2, "sklearnex")], runs=2,
             label="t-SNE 20000 x 60, equal divergence"),
        tsne(10000, ["bh"], [("scikit-learn", 5, "sklearn")], label="t-SNE, Barnes-Hut, 10000 x 60",
             runs=2)],
    "network": lambda: [
        *(network(f"core + 3 policy layers act, {rows} animals, {times} steps", rows, "act", times,
                  [("onnxruntime", 1.2, "onnxruntime"), ("OpenVINO", 1.2, "openvino")], rule=("same", 1e-3))
          for rows, times in ((1, 4000), (8, 2000), (64, 400))),
        network("core + 3 policy layers learn, 32 x 32, 10 times", 1024, "train", 10,
                [("PyTorch", 1.4, "torch")], rule=("same", 1e-2)),
        network("image encoder, 2 x 1024 frames", 1024, "eye", 2, [("PyTorch", 1.4, "torch-eye")]),
        network("image encoder and back, 2 x 1024 frames", 1024, "eyeback", 2,
                [("PyTorch", 1.4, "torch-eyeback")])],
}


def main():
    words = sys.argv[1:]
    notes, lines = [], []
    print(f"# {cpu_model()}, {os.cpu_count()} processors", file=sys.stderr)
    for name, make in {**STAGES, **plumbing.STAGES, **simulation.STAGES}.items():
        if words and not any(word in name for word in words):
            continue
        for row in make():
            for threads in row.threads:
                print(f"# {row.stage}, {threads} thread{'s' if threads > 1 else ''}", file=sys.stderr)
                lines += measure(row, threads, notes.append)
    report(lines, os.path.join(B, "bench.tsv"))
    for note in notes:
        print(f"# {note}", file=sys.stderr)
    return 0 if lines else 1


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        TMP = type("Folder", (), {"name": folder})
        sys.exit(main())
