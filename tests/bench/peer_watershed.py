"""peer_watershed.py FILE ROWS 2 THREADS skimage SIGMA -- regions of a map on a grid of 501 x 501, with the
grid, blur and floor of vr-watershed. quality: number of regions."""
import resource
import sys
import time

import numpy as np

try:
    import scipy
    import skimage
    from scipy.ndimage import gaussian_filter
    from skimage.measure import label
    from skimage.morphology import local_maxima
    from skimage.segmentation import watershed
except ImportError as e:
    print(e, file=sys.stderr)
    sys.exit(3)

path, rows, columns = sys.argv[1], *map(int, sys.argv[2:4])
x = np.fromfile(path, np.float32).reshape(rows, columns).astype(float)

cpu, wall = time.process_time(), time.perf_counter()
low, high = x.min(0), x.max(0)
n, width = 501, (high - low).max()
sigma = float(sys.argv[6]) * width
step = (width + 8 * sigma) / (n - 3)
first = (low + high) / 2 - step * (n - 1) / 2
at = ((x - first) / step + 0.5).astype(int)
pixel = at[:, 1] * n + at[:, 0]
p = np.bincount(pixel, minlength=n * n).reshape(n, n) / (rows * step**2)
p = gaussian_filter(p, sigma / step)
mask = p >= 0.1 / width**2
markers = label(local_maxima(np.where(mask, p, 0), connectivity=2), connectivity=2)
regions = watershed(-p, markers, mask=mask, connectivity=2)
labels = regions.ravel()[pixel]
print("cpu_s", time.process_time() - cpu)
print("wall_s", time.perf_counter() - wall)
print("peak_mb", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
print("version", f"scipy {scipy.__version__}, scikit-image {skimage.__version__}")
print("quality", labels.max())
