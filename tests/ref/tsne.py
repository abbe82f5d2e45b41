"""Values behind tests/unit/ana/test_tsne.c, by scikit-learn and NumPy.

x[i, j] = sin(0.7 i + 1.3 j) + 0.1 (j % 5 + 1) cos(2.1 i j) + 0.3 (i % 4) cos(j), 200 rows, 60 columns.
P is that of scikit-learn (`_joint_probabilities`, all pairs, perplexity 30). The descent is a plain
loop over all pairs from y[i] = 1e-4 (sin(1 + 3 i), cos(2 + 5 i)): exaggeration 12, rate n / 12,
momentum 0.8, gains, P rounded to single precision as ours is."""
import numpy as np
from scipy.optimize import brentq
from scipy.spatial.distance import pdist, squareform
from sklearn.manifold._t_sne import _joint_probabilities

n, perplexity = 200, 30
i, j = np.meshgrid(np.arange(float(n)), np.arange(60.0), indexing="ij")
x = np.sin(0.7 * i + 1.3 * j) + 0.1 * (j % 5 + 1) * np.cos(2.1 * i * j) + 0.3 * (i % 4) * np.cos(j)
d2 = squareform(pdist(x, "sqeuclidean")).astype(np.float32)
p = squareform(_joint_probabilities(d2, perplexity, 0))
for a in range(0, n, 20):
    print("{%d, %d, %.9g}," % (a, (7 * a + 13) % n, p[a, (7 * a + 13) % n]), end=" ")
print("\nlargest %.9g, sum of squares %.9g" % (p.max(), (p ** 2).sum()))


def row(d):
    def entropy(beta):
        q = np.exp(-beta * (d - d.min()))
        q /= q.sum()
        return -(q * np.log(np.maximum(q, 1e-300))).sum() - np.log(perplexity), q
    beta = brentq(lambda b: entropy(b)[0], 1e-6, 1e6, xtol=1e-15)
    return entropy(beta)[1]


c = np.zeros((n, n))
for a in range(n):
    others = np.arange(n) != a
    c[a, others] = row(d2[a, others].astype(float)).astype(np.float32)
p = (((c + c.T).astype(np.float32)) / np.float32(2 * n)).astype(float)
k = np.arange(n)
y = 1e-4 * np.stack([np.sin(1 + 3 * k), np.cos(2 + 5 * k)], 1)
step, gain = np.zeros_like(y), np.ones_like(y)
for _ in range(5):
    diff = y[:, None] - y[None]
    w = 1 / (1 + (diff ** 2).sum(2))
    np.fill_diagonal(w, 0)
    g = ((12 * p - w / w.sum()) * w)[:, :, None] * diff
    g = g.sum(1)
    gain = np.maximum(np.where(np.sign(step) != np.sign(g), gain + 0.2, gain * 0.8), 0.01)
    step = 0.8 * step - n / 12 * gain * g
    y = y + step
    y -= y.mean(0)
for a in range(0, n, 40):
    print("{%d, %.12g, %.12g}," % (a, *y[a]), end=" ")
print()
