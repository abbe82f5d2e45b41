"""peer_tsne.py FILE ROWS COLUMNS THREADS PEER EVALUATOR -- a map by another program.

PEER: opentsne (FFT, built with FFTW), opentsne-bh, sklearnex (oneDAL's Barnes-Hut, learning rate
rows / 12, which moves as far as the others' "auto"), sklearn (Barnes-Hut). Perplexity 30, 250 + 500
iterations, exaggeration 12, the same PCA start. EVALUATOR is our bench_tsne: one measure for all."""
import glob
import os
import resource
import subprocess
import sys
import tempfile
import time
import warnings

import numpy as np

path, rows, columns, threads, peer, evaluator = sys.argv[1], *map(int, sys.argv[2:5]), *sys.argv[5:7]
warnings.filterwarnings("ignore")
x = np.fromfile(path, np.float32).reshape(rows, columns)
centred = x - x.mean(0)
vectors = np.linalg.eigh(np.cov(centred.T))[1][:, :-3:-1]
start = centred @ vectors
start = start / start[:, 0].std() * 1e-4


def opentsne(method):
    import openTSNE
    folder = os.path.dirname(openTSNE.__file__)
    module = glob.glob(os.path.join(folder, "_matrix_mul", "matrix_mul*.so"))
    if method == "fft" and not (module and "fftw" in subprocess.run(
            ["ldd", module[0]], capture_output=True, text=True).stdout):
        raise ImportError("openTSNE is there, but built without FFTW")

    def run():
        return openTSNE.TSNE(
            perplexity=30, initialization=start, negative_gradient_method=method,
            neighbors="annoy", n_jobs=threads, random_state=1).fit(x)
    return run, f"openTSNE {openTSNE.__version__}"


def sklearn(patch):
    settings = dict(perplexity=30, init=start.astype(np.float32), max_iter=750, random_state=1,
                    n_jobs=threads)
    if patch:
        from importlib.metadata import version as version_of
        from sklearnex import patch_sklearn
        patch_sklearn(verbose=False)
        settings["learning_rate"] = rows / 12
        version = f"scikit-learn-intelex {version_of('scikit-learn-intelex')}"
    import sklearn as package
    from sklearn.manifold import TSNE
    if not patch:
        version = f"scikit-learn {package.__version__}"
    elif "daal4py" not in TSNE.__module__ and "sklearnex" not in TSNE.__module__:
        raise ImportError("scikit-learn-intelex does not replace TSNE")
    return (lambda: TSNE(**settings).fit_transform(x)), version


try:
    run, version = (opentsne("fft") if peer == "opentsne" else opentsne("bh") if peer == "opentsne-bh"
                    else sklearn(peer == "sklearnex"))
except ImportError as e:
    print(e, file=sys.stderr)
    sys.exit(3)
cpu, wall = time.process_time(), time.perf_counter()
y = np.asarray(run(), dtype=np.float64)
print("cpu_s", time.process_time() - cpu)
print("wall_s", time.perf_counter() - wall)
print("peak_mb", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
print("version", version)
with tempfile.NamedTemporaryFile() as f:
    y.tofile(f)
    f.flush()
    subprocess.run([evaluator, path, str(rows), str(columns), str(threads), "kl", f.name], check=True)
