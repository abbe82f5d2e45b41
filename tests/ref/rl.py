"""Values behind tests/unit/rl/test_loss.c: V-trace and the E-step of V-MPO, written from the papers
in plain NumPy, eta by a general minimiser of its dual."""
import numpy as np
from scipy.optimize import minimize_scalar


def vtrace(reward, discount, log_rho, value, last, lam, rho_max=1.0, c_max=1.0):
    """Recursions of Espeholt et al. 2018, with an episode's last value where `last` is a number."""
    n = len(reward)
    rho = np.exp(log_rho)
    over = ~np.isnan(last)
    following = np.where(over, last, value[1:])
    delta = np.minimum(rho_max, rho) * (reward + discount * following - value[:-1])
    target = np.empty(n)
    for s in range(n):
        total, weight = 0.0, 1.0
        for t in range(s, n):
            total += weight * delta[t]
            if over[t]:
                break
            weight *= discount[t] * lam * min(c_max, rho[t])
        target[s] = value[s] + total
    after = np.where(over, last, np.append(target[1:], value[-1]))
    return target, reward + discount * after - value[:-1]


def e_step(advantage, bound):
    """Weights of the better half and eta."""
    k = len(advantage) - len(advantage) // 2
    best = np.argsort(-advantage, kind="stable")[:k]
    a = advantage[best]

    def dual(log_eta):
        eta = np.exp(log_eta)
        return eta * bound + eta * (np.log(np.mean(np.exp((a - a.max()) / eta))) + a.max() / eta)

    eta = np.exp(minimize_scalar(dual, bounds=(-10, 10), method="bounded", options={"xatol": 1e-12}).x)
    weight = np.zeros(len(advantage))
    w = np.exp((a - a.max()) / eta)
    weight[best] = w / w.sum()
    return eta, weight


def series(n, a, b):
    """Numbers that C makes the same way."""
    return np.array([np.sin(a * i + b) for i in range(n)])


def row(name, x):
    print(f"{name}: " + ", ".join("%.15g" % v for v in x))


if __name__ == "__main__":
    n = 8
    last = np.full(n, np.nan)
    last[3], last[6] = 0.7, -0.2
    discount = np.full(n, 0.9)
    discount[6] = 0
    t, a = vtrace(series(n, 1.3, 0.2), discount, 0.8 * series(n, 2.1, 1), series(n + 1, 0.7, 2), last, 0.95)
    row("target", t)
    row("advantage", a)
    eta, w = e_step(series(11, 1.9, 0.4), 0.1)
    row("eta", [eta])
    row("weight", w)
