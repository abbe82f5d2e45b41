"""Values behind tests/unit/ana/test_cka.c and test_cka_deal.c: both estimators by their definitions, rsatoolbox, and deals
of units drawn from Philox 4x32.

usage: python cka.py   prints the numbers that the test holds."""
import os
import sys

import numpy as np
from rsatoolbox.data import Dataset
from rsatoolbox.rdm import calc_rdm, compare

sys.path.append(os.path.join(os.path.dirname(__file__), "..", "peers"))
from philox import order

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


def wave(cols, a, b):
    i, j = np.arange(10)[:, None], np.arange(cols)
    return np.sin(a * i * (j + 1)) + b * np.cos(0.3 * (i * i + j)) + 2


layers, features = [wave(3, 0.7, 0.5), wave(5, 1.1, 0.2)], wave(2, 0.4, 0.9)
deals = []
for number in range(3):
    units = np.hstack(layers)[:, order(7, number, 0x6465616C, 8)]
    deals.append((units[:, :3], units[:, 3:]))
for name, gram in (("paper", lambda z: (z - z.mean(0)) @ (z - z.mean(0)).T), ("debiased", lambda z: u_centre(z @ z.T))):
    for pair in ((0, 2), (1, 2), (0, 1)):
        print("deals", name, pair, *("%.17g," % ratio(*(gram((*deal, features)[side]) for side in pair)) for deal in deals))
