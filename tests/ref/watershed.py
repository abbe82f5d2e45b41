"""Values behind tests/unit/ana/test_watershed.c: SciPy's blur and scikit-image's flooding.

usage: python watershed.py   prints the numbers that the test holds."""
import numpy as np
from scipy.ndimage import gaussian_filter
from skimage.measure import label
from skimage.morphology import local_maxima
from skimage.segmentation import watershed

i = np.arange(60)
xy = np.c_[10 * np.sin(0.7 * i), 6 * np.cos(1.3 * i)]
n, sigma = 64, 1.5
low, high = xy.min(0), xy.max(0)
width = (high - low).max()
step = (width + 8 * sigma) / (n - 3)
x0, y0 = (low + high) / 2 - step * (n - 1) / 2
col = np.floor((xy[:, 0] - x0) / step + 0.5).astype(int)
row = np.floor((xy[:, 1] - y0) / step + 0.5).astype(int)
count = np.zeros((n, n))
np.add.at(count, (row, col), 1)
p = gaussian_filter(count, sigma / step, mode="reflect", truncate=4) / (len(xy) * step**2)
floor = 0.1 / width**2
mask = p >= floor
markers = label(local_maxima(np.where(mask, p, 0), connectivity=2), connectivity=2)
lab = watershed(-p, markers, mask=mask, connectivity=2)
print("step %.17g x0 %.17g y0 %.17g" % (step, x0, y0))
print("density", " ".join("%.17g" % p[r, c] for r, c in ((20, 20), (32, 32), (40, 11), (25, 50))))
mass = np.bincount(lab.ravel(), p.ravel() * step**2)[1:]
area = np.bincount(lab.ravel())[1:]
order = np.argsort(-mass, kind="stable")
print("regions", len(mass))
print("mass", ", ".join("%.15g" % m for m in mass[order][:6]))
print("pixels", ", ".join("%d" % a for a in area[order][:6]))
