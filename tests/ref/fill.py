#!/usr/bin/env python3
"""Values behind tests/unit/ana/test_fill.c: SciPy's monotone cubic over the frames that were seen."""
import numpy as np
from scipy.interpolate import PchipInterpolator

nan = float("nan")
x = np.array([0, 1, 2.5, nan, nan, 4, 3.5, nan, 9, 9, nan, nan, nan, 2, nan])
seen = np.flatnonzero(~np.isnan(x))
print([float(v) for v in PchipInterpolator(seen, x[seen], extrapolate=False)(np.arange(len(x)))])
