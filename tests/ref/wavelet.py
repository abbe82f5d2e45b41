"""Values behind tests/unit/ana/test_wavelet.c: the recipe of MotionMapper in NumPy.

x[t] = sin(0.9 t) + 0.3 cos(2.2 t + 1) + 0.5, rate 50 Hz, frequencies 2 ... 25 Hz."""
import numpy as np

LOW, HIGH, NFREQ, RATE, W0 = 2.0, 25.0, 4, 50.0, 5.0


def padded(x, pad):
    """The padded series and where the trial lies in it."""
    if pad == "symmetric":
        return np.concatenate([x, x[::-1]]), 0
    x = np.append(x, 0) if len(x) % 2 else x
    half = len(x) // 2
    return np.concatenate([np.zeros(half), x, np.zeros(half)]), half


def amplitudes(x, low=LOW, high=HIGH, nfreq=NFREQ, rate=RATE, w0=W0, pad="symmetric"):
    """len(x) x nfreq, frequency ascending."""
    n, (x, start) = len(x), padded(x, pad)
    p = len(x)
    omega = 2 * np.pi * np.arange(-(p // 2), p - p // 2) * rate / p
    spectrum = np.fft.fftshift(np.fft.fft(x))
    out = np.empty((n, nfreq))
    for k, f in enumerate(np.geomspace(low, high, nfreq)):
        s = (w0 + np.sqrt(2 + w0**2)) / (4 * np.pi * f)
        m = np.pi**-0.25 * np.exp(-0.5 * (-omega * s - w0) ** 2)
        q = np.fft.ifft(m * spectrum)[start:start + n] * np.sqrt(s)
        out[:, k] = np.abs(q) * np.pi**-0.25 * np.exp((w0 - np.sqrt(w0**2 + 2)) ** 2 / 4) / np.sqrt(2 * s)
    return out


if __name__ == "__main__":
    for n in (60, 61):
        for pad in ("symmetric", "zero"):
            t = np.arange(n)
            a = amplitudes(np.sin(0.9 * t) + 0.3 * np.cos(2.2 * t + 1) + 0.5, pad=pad)
            for row in (0, 17, n - 1):
                print("  {" + f"{n}, VR_PAD_{pad.upper()}, {row}, {{" + ", ".join("%.17g" % v for v in a[row]) + "}},")
