"""Values behind tests/unit/num: covariance, eigenvalues and quantiles by NumPy.

x[i, j] = sin(0.7 i + 1.3 j) + 0.1 (j + 1) cos(2.1 i j), 50 rows, 4 columns."""
import numpy as np

i, j = np.meshgrid(np.arange(50.0), np.arange(4.0), indexing="ij")
x = np.sin(0.7 * i + 1.3 * j) + 0.1 * (j + 1) * np.cos(2.1 * i * j)
values, vectors = np.linalg.eigh(np.cov(x.T))
v = vectors[:, -1]
print("values", *("%.17g" % e for e in values[::-1]))
print("first ", *("%.17g" % e for e in v * np.sign(v[np.argmax(np.abs(v))])))
print("quantiles of column 2", *("%.17g" % np.quantile(x[:, 2], q) for q in (0, 0.1, 0.5, 0.937, 1)))
