"""peer_wavelet.py FILE ROWS COLUMNS THREADS PEER [hold] -- the amplitudes of bench_wavelet by others.

PEER: scipy (the recipe as one would write it, double), scipy32 (series contiguous, single
precision), fcwt (its own Morlet of fixed width, so only the shape of the work is the same).
quality: largest error against the recipe, of the largest amplitude; none for fcwt."""
import resource
import sys
import time

import numpy as np

LOW, HIGH, NFREQ, RATE, W0 = 1.0, 25.0, 25, 50.0, 5.0
FREQ = np.geomspace(LOW, HIGH, NFREQ)
SCALE = (W0 + np.sqrt(2 + W0**2)) / (4 * np.pi * FREQ)
NORM = np.pi**-0.5 * np.exp((W0 - np.sqrt(W0**2 + 2)) ** 2 / 4) / np.sqrt(2)


def mirrored(x, axis):
    """Half the trial mirrored at each end."""
    half = x.shape[axis] // 2
    pad = [(0, 0)] * x.ndim
    pad[axis] = (half, x.shape[axis] - half)
    return np.pad(x, pad, mode="symmetric"), half


def gaussians(p):
    omega = 2 * np.pi * np.fft.fftfreq(p, 1 / RATE)
    return NORM * np.exp(-0.5 * (np.outer(omega, SCALE) - W0) ** 2)


def scipy_recipe(x, workers):
    """n x m -> 25 x n x m, columns as they come, double precision."""
    from scipy import fft
    n = len(x)
    padded, start = mirrored(x.astype(float), 0)
    spectrum = fft.fft(padded, axis=0, workers=workers)
    g = gaussians(len(padded))
    out = np.empty((NFREQ, n, x.shape[1]))
    for k in range(NFREQ):
        w = fft.ifft(spectrum * g[:, k:k + 1], axis=0, workers=workers)
        np.abs(w[start:start + n], out=out[k])
    return out


def scipy_single(x, workers):
    """n x m -> 25 x m x n in single precision, each series contiguous."""
    from scipy import fft
    n = len(x)
    padded, start = mirrored(np.ascontiguousarray(x.T, np.float32), 1)
    spectrum = fft.fft(padded, axis=1, workers=workers)
    g = gaussians(padded.shape[1]).T.astype(np.float32)
    out = np.empty((NFREQ, x.shape[1], n), np.float32)
    for k in range(NFREQ):
        w = fft.ifft(spectrum * g[k], axis=1, workers=workers, overwrite_x=True)
        np.abs(w[:, start:start + n], out=out[k])
    return out


def fcwt_single(x, workers):
    import fcwt
    n = len(x)
    padded, start = mirrored(np.ascontiguousarray(x.T, np.float32), 1)
    out = np.empty((x.shape[1], NFREQ, n), np.float32)
    for j, series in enumerate(padded):
        _, w = fcwt.cwt(series, int(RATE), LOW, HIGH, NFREQ, nthreads=workers, scaling="log")
        np.abs(w[:, start:start + n], out=out[j])
    return out


def cut_trials(x):
    """Trials of 1000, 1500, 1500, 1500, 1000 ... rows, as in the paper."""
    trials, at = [], 0
    while at < len(x):
        n = 1500 if len(trials) % 4 else 1000
        trials.append(x[at:at + n])
        at += n
    return trials


def main():
    path, rows, columns, threads, peer = sys.argv[1], *map(int, sys.argv[2:5]), sys.argv[5]
    try:
        if peer == "fcwt":
            import fcwt  # noqa: F401
            from importlib.metadata import version
            name = "fCWT " + version("fcwt")
        else:
            import scipy
            name = "SciPy " + scipy.__version__
    except ImportError as e:
        print(e, file=sys.stderr)
        return 3
    run = {"scipy": scipy_recipe, "scipy32": scipy_single, "fcwt": fcwt_single}[peer]
    x = np.fromfile(path, np.float32).reshape(rows, columns)
    trials = cut_trials(x)
    first = run(trials[0], threads)  # imports and first plans
    cpu, wall = time.process_time(), time.perf_counter()
    kept = []
    for t in trials:
        out = run(t, threads)
        if "hold" in sys.argv:
            kept.append(out)
    print("cpu_s", time.process_time() - cpu)
    print("wall_s", time.perf_counter() - wall)
    print("peak_mb", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    print("version", name)
    if peer != "fcwt":
        want = scipy_recipe(trials[0], 1)
        first = first if peer == "scipy" else first.transpose(0, 2, 1)
        print("quality", np.abs(first - want).max() / want.max())
    return 0


if __name__ == "__main__":
    sys.exit(main())
