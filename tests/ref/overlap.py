"""Values for tests/unit/ana/test_overlap.c, in NumPy: overlap of histograms, Bhattacharyya coefficient and
variance along each other's two leading axes, of three labels; the means over pairs first."""
import itertools

import numpy as np

FRAMES, TRIALS, COLS, GRID, PLANE = 60, 10, 4, 5, 2
of = np.repeat([1, 2, 3, 1, 2, 3, 1, 2, 3, 0], FRAMES)
i, k = np.mgrid[:FRAMES * TRIALS, :COLS]
x = (COLS - k) * np.sin(i * i * (k + 1)) + i // FRAMES * (k + 2) % 3

low, high = np.quantile(x[:, :2], [0.005, 0.995], axis=0)
cell = np.clip(((x[:, :2] - low) / (high - low) * GRID).astype(int), 0, GRID - 1) @ [GRID, 1]
p = [np.bincount(cell[of == g], minlength=GRID**2) / (of == g).sum() for g in (1, 2, 3)]
c = [np.cov(x[of == g].T, bias=True) for g in (1, 2, 3)]
axes = [np.linalg.eigh(m)[1][:, ::-1][:, :PLANE] for m in c]


def caught(a, b):
    return np.trace(axes[a].T @ c[b] @ axes[a]) / np.linalg.eigvalsh(c[b])[::-1][:PLANE].sum()


rows = [(np.minimum(p[a], p[b]).sum(), np.sqrt(p[a] * p[b]).sum(), (caught(a, b) + caught(b, a)) / 2)
        for a, b in itertools.combinations(range(3), 2)]
print(", ".join(f"{v:.16g}" for row in [np.mean(rows, 0), *rows] for v in row))
