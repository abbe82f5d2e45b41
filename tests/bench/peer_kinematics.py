"""peer_kinematics.py FILE ROWS COLUMNS THREADS PEER -- bench_kinematics by others.

PEER: scipy32 (the single precision recipe of peer_wavelet.py, then scikit-learn's PCA of each set).
quality: the same as in bench_kinematics."""
import os
import resource
import sys
import time

import numpy as np

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from peer_wavelet import NFREQ, cut_trials, scipy_recipe, scipy_single  # noqa: E402


def columns_of(amp):
    """25 x m x n -> n x 25 m."""
    return amp.reshape(-1, amp.shape[2]).T


def main():
    path, rows, columns, threads = sys.argv[1], *map(int, sys.argv[2:5])
    try:
        import scipy
        import sklearn
        from sklearn.decomposition import PCA
    except ImportError as e:
        print(e, file=sys.stderr)
        return 3
    x = np.fromfile(path, np.float32).reshape(rows, columns)
    half = columns // 2
    trials = cut_trials(x)
    PCA(15).fit_transform(columns_of(scipy_single(trials[0][:, :half], threads)))
    cpu, wall = time.process_time(), time.perf_counter()
    scores = []
    for k in range(2):
        amp = np.empty((rows, half * NFREQ), np.float32)
        at = 0
        for t in trials:
            amp[at:at + len(t)] = columns_of(scipy_single(t[:, k * half:(k + 1) * half], threads))
            at += len(t)
        scores.append(PCA(15).fit_transform(amp))
        del amp
    print("cpu_s", time.process_time() - cpu)
    print("wall_s", time.perf_counter() - wall)
    print("peak_mb", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    print("version", f"SciPy {scipy.__version__} + scikit-learn {sklearn.__version__}")
    amp = np.concatenate([columns_of(scipy_recipe(t[:, :half], 1).transpose(0, 2, 1)) for t in trials])
    mean = amp.mean(0)
    v = np.linalg.eigh(np.cov(amp.T))[1][:, ::-1][:, :5]
    n = len(trials[0])
    want, got = (amp[:n] - mean) @ v, scores[0][:n, :5]
    got = got * np.sign((got * want).sum(0))
    print("quality", np.abs(got - want).max() / np.abs(want).max())
    return 0


if __name__ == "__main__":
    sys.exit(main())
