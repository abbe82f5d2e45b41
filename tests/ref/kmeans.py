"""Values behind tests/unit/ana/test_kmeans.c: scikit-learn's KMeans in double precision.

usage: python kmeans.py   prints the numbers that the test holds."""
import numpy as np
from sklearn.cluster import KMeans

i, j = np.arange(500)[:, None], np.arange(5)[None]
x = np.sin(0.37 * i * (j + 1)) + (i % 5) * (j % 3 - 1.0)


def tell(name, start):
    m = KMeans(len(start), init=start, n_init=1, tol=0, max_iter=1000).fit(x)
    print(name, "iterations", m.n_iter_, "inertia %.17g" % m.inertia_, "counts", np.bincount(m.labels_))
    print("  weighted sum of labels", int((np.arange(500) * (m.labels_ + 1)).sum()))
    print("  centres", " ".join("%.17g" % v for v in m.cluster_centers_[[0, -1]].ravel()))


tell("spread", x[np.arange(7) * 500 // 7])
# the third centre equals the second: it has no rows at first
tell("empty", x[[0, 100, 100, 321]])
