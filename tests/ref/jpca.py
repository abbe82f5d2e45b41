"""Values behind tests/unit/ana/test_jpca.c: the public port of jPCA (bantin/jPCA, 3f8be9f).

usage: python jpca.py   prints the numbers that the test holds."""
import numpy as np
from jPCA.regression import _objective, _grad_f, _reshape_mat2vec, _reshape_vec2mat
from jPCA.util import preprocess
from scipy.optimize import minimize

C, T, N = 8, 30, 10
c, t, n = np.meshgrid(np.arange(C) + 1.0, np.arange(T), np.arange(N) + 1.0, indexing="ij")
x = 9 * np.sin(0.2 * t + c * n) + 4 * np.cos(0.5 * t + 1.7 * c * n * n) + 2 * np.sin(0.9 * t * (1 + 0.1 * c) + n) + n
times = list(range(T))
data, total, _ = preprocess(list(x), times, tstart=0, tend=T - 1, soft_normalize=5, num_pcs=6)
state = np.concatenate([d[:-1] for d in data])
step = np.concatenate([np.diff(d, axis=0) for d in data])
# the port's own objective and gradient, at a tighter tolerance than its 1e-4
start = np.linalg.lstsq(state, step, rcond=None)[0].T
found = minimize(lambda h: _objective(h, state, step), _reshape_mat2vec((start - start.T) / 2, 6),
                 jac=lambda h: _grad_f(h, state, step), method="CG", options=dict(maxiter=10000, gtol=1e-9))
m = _reshape_vec2mat(found.x, 6)
w, v = np.linalg.eig(m)
order = np.argsort(-w.imag)[:3]
scores = np.concatenate(data)
share = [2 * np.mean(np.abs(scores @ v[:, k]) ** 2) / total for k in order]
print("first row of |M|", ", ".join("%.9f" % abs(a) for a in m[0, 1:]))
print("w", ", ".join("%.9f" % a for a in w.imag[order]))
print("share", ", ".join("%.9f" % a for a in share))
