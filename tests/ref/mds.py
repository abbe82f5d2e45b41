"""Values for tests/unit/ana/test_mds.c and test_separation.c: scikit-learn's smacof from given points,
25 steps, with the stress of the last ones, and its silhouette of labelled points."""
import numpy as np
from sklearn.manifold import smacof
from sklearn.metrics import silhouette_score

n = 12
i, j = np.mgrid[:n, :n]
d = np.where(i == j, 0, 1 + np.sin(i * j) ** 2 + 0.1 * np.abs(i - j))
k = np.arange(n)
y, _ = smacof(d, init=np.stack([np.cos(k), np.sin(k * k)], 1), n_init=1, max_iter=25, eps=0, normalized_stress=False)
e = np.sqrt(((y[:, None] - y[None]) ** 2).sum(-1))
print(f"stress {((e - d) ** 2).sum() / 2:.17g}, 0 to 7 {e[0, 7]:.17g}")

k = np.arange(40)
x = np.stack([np.sin(k * k) + k % 3, np.cos(k * k) + 0.5 * (k % 3 == 1)], 1)
print(f"silhouette {silhouette_score(x, k % 3):.17g}")
e = np.sqrt(((x[:, None] - x[None]) ** 2).sum(-1))
np.fill_diagonal(e, np.inf)
same = (k % 3)[e.argmin(1)] == k % 3
print(f"nearest {np.mean([same[k % 3 == g].mean() for g in range(3)]):.17g}")
