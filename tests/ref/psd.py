"""Values for tests/unit/ana/test_psd.c: scipy.signal.welch of x[i] = sin(i^2 % 97) + 0.01 i, 50 Hz, in
segments of 100 that overlap by half, with the conventions of SciPy, MATLAB and MNE."""
import numpy as np
from scipy.signal import get_window, welch

i = np.arange(430)
x = np.sin(i * i % 97) + 0.01 * i
for name, words in (
        ("scipy", {}),
        ("median", {"average": "median"}),
        ("matlab", {"window": get_window("hamming", 100, fftbins=False), "detrend": False, "nfft": 256}),
        ("mne", {"window": "hamming"})):
    p = welch(x, 50, nperseg=100, noverlap=50, **words)[1]
    print(name, len(p), ", ".join(f"{v:.16g}" for v in p[[0, 1, 7, 40, -1]]))
