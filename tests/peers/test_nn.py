"""The agent against PyTorch in double precision: the same weights, images and unrolls with new episodes
inside; outputs and the gradient of every tensor. TAP; the largest difference stands in each line,
relative to the largest entry.

Ours runs in single and in double precision. In single, a relu or a maximum within rounding of its kink
may fall on the other side than PyTorch's (a handful of millions), and one of them moves a gradient of
the first convolutions by some thousandths: so these are held to 1e-10 in double precision."""
import os
import subprocess

import numpy as np

from tap import end, near

try:
    import torch
    import torch.nn.functional as F
except ImportError:
    print("1..0 # SKIP PyTorch is not installed (PEERS_TORCH=yes make peers)")
    raise SystemExit(0)

B = os.environ.get("B", "build")
NIN, NACT, NVALUE, NPRIV, STEPS, ANIMALS = 45, 38, 4, 7, 6, 37
EYES = ["no eye", "strided", "IMPALA"]


def ours(kind, words, blocks):
    """What tests/peers/agent_nn.c prints: tensors by name, outputs and gradients."""
    program = f"{B}/tests/peers/agent_nn" + ("_f64" if kind == np.float64 else "")
    command = [program, *map(str, words), str(STEPS), str(ANIMALS)]
    data = b"".join((x if x.dtype == np.uint8 else x.astype(kind)).tobytes() for x in blocks)
    got = subprocess.run(command, input=data, stdout=subprocess.PIPE, check=True).stdout
    head, body = got.split(b"\n\n", 1)
    first, *lines = head.decode().splitlines()
    nparam, nstate = map(int, first.split())
    rows = STEPS * ANIMALS
    sizes = [nparam, rows * NACT, rows * NACT, rows * NVALUE, ANIMALS * nstate, nparam]
    param, mean, std, value, state, grad = np.split(np.frombuffer(body, kind).astype(float), np.cumsum(sizes)[:-1])
    tensors, at = {}, 0
    for line in lines:
        name, r, c = line.split()
        n = int(r) * int(c)
        tensors[name] = (param[at:at + n].reshape(int(r), int(c)), grad[at:at + n].reshape(int(r), int(c)))
        at += n
    return tensors, mean.reshape(rows, NACT), std.reshape(rows, NACT), value.reshape(rows, NVALUE), state.reshape(ANIMALS, -1)


class Agent:
    """The same network, written as a user of PyTorch would."""

    def __init__(self, tensors):
        self.p = {name: torch.tensor(w, requires_grad=True) for name, (w, _) in tensors.items()}

    def dense(self, name, x):
        return x @ self.p[f"{name}/w"] + self.p[f"{name}/b"]

    def stack(self, name, x):
        k = 1
        while f"{name}{k}/w" in self.p:
            x = torch.tanh(self.dense(f"{name}{k}", x))
            k += 1
        return x

    def embed(self, name, x):
        x = self.dense(name, x)
        return torch.tanh(F.layer_norm(x, x.shape[-1:], self.p[f"{name}/gain"][0], self.p[f"{name}/bias"][0]))

    def conv(self, k, x, stride=1):
        w = self.p[f"eye/conv{k}/w"]
        w = w.reshape(3, 3, -1, w.shape[1]).permute(3, 2, 0, 1)
        return F.conv2d(x, w, self.p[f"eye/conv{k}/b"][0], stride=stride, padding=1)

    def see(self, image, kind):
        x = image.permute(0, 3, 1, 2).double() / 255 - 0.5
        k = 1
        if kind == 1:
            x = torch.relu(self.conv(1, x, 2))
            k = 2
        for _ in range(3):
            x = self.conv(k, x, 2 if kind == 1 else 1)
            k += 1
            if kind == 2:
                x = F.max_pool2d(x, 3, 2, 1)
            for _ in range(kind):
                x = x + self.conv(k + 1, torch.relu(self.conv(k, torch.relu(x))))
                k += 2
        return self.embed("eye", torch.relu(x).permute(0, 2, 3, 1).flatten(1))

    def lstm(self, name, x, reset, state):
        """x (T x B x n); c and h of the last step, and h of all."""
        units = self.p[f"{name}/wh"].shape[0]
        cell = torch.nn.LSTMCell(x.shape[2], units, dtype=torch.float64)
        weights = {"weight_ih": self.p[f"{name}/wx"].T, "weight_hh": self.p[f"{name}/wh"].T, "bias_ih": self.p[f"{name}/b"][0],
                   "bias_hh": torch.zeros(4 * units, dtype=torch.float64)}
        c, h = state[:, :units], state[:, units:]
        hs = []
        for t in range(len(x)):
            keep = (1 - reset[t])[:, None]
            h, c = torch.func.functional_call(cell, weights, (x[t], (h * keep, c * keep)))
            hs.append(h)
        return torch.stack(hs), torch.cat([c, h], 1)

    def run(self, x, priv, reset, image, kind, state, npolicy, skips):
        T, n = reset.shape
        f = self.embed("mlp", self.stack("mlp", x))
        features = f if kind == 0 else torch.cat([f, self.see(image, kind)], 1)
        after, hs = [], []
        if "core/wx" not in self.p:
            signal = features
            value = self.dense("value", self.stack("critic", torch.cat([x, priv], 1)))
        else:
            units = self.p["core/wh"].shape[0]
            h, last = self.lstm("core", features.reshape(T, n, -1), reset, state[:, :2 * units])
            at = 2 * units
            after.append(last)
            value = self.dense("value", h.reshape(T * n, -1))
            signal = torch.cat([features, x, h.reshape(T * n, -1).detach()], 1)
        for k in range(npolicy):
            units = self.p[f"policy{k + 1}/wh"].shape[0]
            parts = ([signal] if skips or k == 0 else []) + ([hs[-1]] if k else [])
            h, last = self.lstm(f"policy{k + 1}", torch.cat(parts, 1).reshape(T, n, -1), reset, state[:, at:at + 2 * units])
            at += 2 * units
            after.append(last)
            hs.append(h.reshape(T * n, -1))
        top = torch.cat(hs, 1) if npolicy and skips else hs[-1] if npolicy else signal
        out = self.dense("action", self.stack("head", top))
        return out[:, :NACT], 0.05 + F.softplus(out[:, NACT:]), value, torch.cat(after, 1) if after else state


def relative(got, want):
    return np.abs(got - want).max() / max(np.abs(want).max(), 1e-30) if want.size else 0.0


def compare(rng, kind, npolicy, skips, core):
    rows = STEPS * ANIMALS
    nstate = 2 * core + 2 * 128 * npolicy
    draw = lambda *shape: rng.normal(size=shape).astype(np.float32)  # noqa: E731
    x, priv, state = draw(rows, NIN), draw(rows, NPRIV), 0.5 * draw(ANIMALS, nstate)
    reset = (rng.random((STEPS, ANIMALS)) < 0.2).astype(np.uint8)
    image = rng.integers(0, 256, (rows, 64, 64, 3)).astype(np.uint8)
    dmean, dstd, dvalue = draw(rows, NACT), draw(rows, NACT), draw(rows, NVALUE)
    blocks = [x, priv, reset, *([image] if kind else []), state, dmean, dstd, dvalue]
    t = lambda a: torch.tensor(a.astype(float))  # noqa: E731
    for precision, most, most_conv in [(np.float32, 1e-5, 1e-2), (np.float64, 1e-10, 1e-10)]:
        tensors, *outputs = ours(precision, (kind, npolicy, skips, core), blocks)
        agent = Agent(tensors)
        got = agent.run(t(x), t(priv), t(reset), torch.tensor(image), kind, t(state), npolicy, skips)
        name = f"{EYES[kind]}, {npolicy} policy layers{', skips' if skips else ''}, {precision.__name__}"
        near(f"{name}: mean, std, value, state",
            max(relative(a, b.detach().numpy()) for a, b in zip(outputs, got)), most)
        loss = sum((a * t(b)).sum() for a, b in zip(got, [dmean, dstd, dvalue]))
        loss.backward()
        worst = {n: relative(grad, agent.p[n].grad.numpy()) for n, (_, grad) in tensors.items()}
        for what, chosen, bound in [("tensors", [n for n in worst if "conv" not in n], most),
                                    ("convolutions", [n for n in worst if "conv" in n], most_conv)]:
            if chosen:
                n = max(chosen, key=worst.get)
                near(f"{name}: gradients of {len(chosen)} {what}, most in {n}", worst[n], bound)


def main():
    rng = np.random.default_rng(5)
    for kind, npolicy, skips, core in [(0, 1, 0, 128), (1, 3, 1, 128), (2, 2, 0, 128), (1, 2, 1, 64), (0, 0, 0, 0)]:
        compare(rng, kind, npolicy, skips, core)
    return end()


if __name__ == "__main__":
    raise SystemExit(main())
