"""Values behind tests/unit/ana/test_cka.c: both estimators by their definitions, and rsatoolbox.

usage: python cka.py   prints the numbers that the test holds."""
import numpy as np
from rsatoolbox.data import Dataset
from rsatoolbox.rdm import calc_rdm, compare

i = np.arange(12)[:, None]
x = np.sin(0.7 * i * (np.arange(5) + 1)) + 3
y = np.cos(0.9 * i * (np.arange(3) + 2)) + 0.5 * np.sin(1.4 * i)


def u_centre(k):
    n = len(k)
    k = k - np.diag(np.diag(k))
    m = k.sum(0) / (n - 2)
    m -= m.sum() / (2 * (n - 1))
    k = k - m[:, None] - m[None]
    return k - np.diag(np.diag(k))


def ratio(k, l):
    return (k * l).sum() / np.sqrt((k * k).sum() * (l * l).sum())


a, b = ((z - z.mean(0)) @ (z - z.mean(0)).T for z in (x, y))
print("paper %.17g debiased %.17g dims %.17g %.17g" % (
    ratio(a, b), ratio(u_centre(x @ x.T), u_centre(y @ y.T)),
    *(np.trace(k) ** 2 / (k * k).sum() for k in (a, b))))
print("rsatoolbox %.17g" % compare(calc_rdm(Dataset(x)), calc_rdm(Dataset(y)), method="cosine_cov")[0, 0])
