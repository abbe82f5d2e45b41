"""peer_nn.py FILE ROWS COLUMNS THREADS PEER TIMES OURS -- what bench_nn.c does, by another program.

PEER: onnxruntime or openvino (acting: one step of all layers as an ONNX graph), torch (training: nn.LSTM
over the unroll, and the gradient), torch-eye (the image encoder, forward), torch-eyeback (and back).
OURS is our bench_nn, asked for its weights, so that both compute the same numbers."""
import os
import resource
import subprocess
import sys
import tempfile
import time

import numpy as np

path, rows, columns, threads, peer, times, driver = sys.argv[1], *map(int, sys.argv[2:5]), sys.argv[5], int(sys.argv[6]), sys.argv[7]
UNITS, NACT, BATCH = 128, 38, 32
x = np.fromfile(path, np.float32, rows * columns).reshape(rows, columns)


def weights():
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "param")
        mode = "act" if peer in ("onnxruntime", "openvino") else "train"
        subprocess.run([driver, path, str(rows), str(columns), "1", mode, "1", out], check=True, stdout=subprocess.DEVNULL)
        with open(out, "rb") as f:
            head, body = f.read().split(b"\n\n", 1)
    param, at, found = np.frombuffer(body, np.float32), 0, {}
    for line in head.decode().splitlines():
        name, r, c = line.split()
        n = int(r) * int(c)
        found[name] = param[at:at + n].reshape(int(r), int(c))
        at += n
    return found


def graph(w):
    """One step of the agent: x and the state of four layers in, mean, std, value and state out."""
    from onnx import TensorProto, helper, numpy_helper
    nodes, constants = [], []

    def constant(name, a):
        constants.append(numpy_helper.from_array(np.ascontiguousarray(a), name))
        return name

    def add(kind, inputs, outputs, **words):
        nodes.append(helper.make_node(kind, inputs, outputs, **words))
        return outputs[0]

    def lstm(layer, signal, k):
        # gates of ONNX stand in the order i o f g
        order = lambda a: np.concatenate(np.split(a, 4, 1)[0:1] + np.split(a, 4, 1)[3:4] + np.split(a, 4, 1)[1:3], 1)  # noqa: E731
        wx = constant(f"{layer}.w", order(w[f"{layer}/wx"]).T[None])
        wh = constant(f"{layer}.r", order(w[f"{layer}/wh"]).T[None])
        b = constant(f"{layer}.b", np.concatenate([order(w[f"{layer}/b"])[0], np.zeros(4 * UNITS, np.float32)])[None])
        sequence = add("Unsqueeze", [signal, "axis0"], [f"{layer}.in"])
        add("LSTM", [sequence, wx, wh, b, "", f"h{k}", f"c{k}"], [f"{layer}.y", f"H{k}", f"C{k}"], hidden_size=UNITS)
        return add("Squeeze", [f"H{k}", "axis0"], [f"{layer}.h"])

    constant("axis0", np.array([0]))
    constant("floor", np.float32(0.05))
    h = lstm("core", "x", 0)
    add("Gemm", [h, constant("value.w", w["value/w"]), constant("value.b", w["value/b"][0])], ["value"])
    signal = add("Concat", ["x", h], ["signal"], axis=1)
    below, tops = None, []
    for k in range(1, 4):
        name = f"policy{k}"
        into = signal if below is None else add("Concat", [signal, below], [f"{name}.cat"], axis=1)
        below = lstm(name, into, k)
        tops.append(below)
    top = add("Concat", tops, ["top"], axis=1)
    for name, cols in (("mean", slice(0, NACT)), ("raw", slice(NACT, None))):
        add("Gemm", [top, constant(f"{name}.w", w["action/w"][:, cols]), constant(f"{name}.b", w["action/b"][0, cols])], [name])
    add("Add", [add("Softplus", ["raw"], ["soft"]), "floor"], ["std"])
    value = lambda name, *shape: helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)  # noqa: E731
    states = [f"{kind}{k}" for k in range(4) for kind in "hc"]
    inputs = [value("x", rows, columns)] + [value(s, 1, rows, UNITS) for s in states]
    outputs = [value("mean", rows, NACT), value("std", rows, NACT), value("value", rows, 1)]
    outputs += [value(s.upper(), 1, rows, UNITS) for s in states]
    model = helper.make_model(helper.make_graph(nodes, "agent", inputs, outputs, constants),
                              opset_imports=[helper.make_opsetid("", 14)], ir_version=8)
    return model.SerializeToString(), states


def act():
    model, states = graph(weights())
    feed = {"x": x, **{s: np.zeros((1, rows, UNITS), np.float32) for s in states}}
    if peer == "onnxruntime":
        import onnxruntime
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        binding, names = session.io_binding(), [o.name for o in session.get_outputs()]
        # two sets of states take turns, without copies
        there = {s: [onnxruntime.OrtValue.ortvalue_from_numpy(feed[s].copy()) for _ in range(2)] for s in states}
        fixed = {n: onnxruntime.OrtValue.ortvalue_from_numpy(np.zeros((rows, 1 if n == "value" else NACT), np.float32)) for n in names[:3]}
        bindings = []
        for turn in range(2):
            binding = session.io_binding()
            binding.bind_ortvalue_input("x", onnxruntime.OrtValue.ortvalue_from_numpy(x))
            for n, v in fixed.items():
                binding.bind_ortvalue_output(n, v)
            for s in states:
                binding.bind_ortvalue_input(s, there[s][turn])
                binding.bind_ortvalue_output(s.upper(), there[s][1 - turn])
            bindings.append(binding)

        def step(k):
            session.run_with_iobinding(bindings[k % 2])

        return onnxruntime.__version__, step, lambda: fixed["mean"].numpy().astype(float).sum()
    import openvino
    core = openvino.Core()
    compiled = core.compile_model(core.read_model(model), "CPU", {
        "INFERENCE_NUM_THREADS": threads, "PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": "f32"})
    requests = [compiled.create_infer_request() for _ in range(2)]
    there = {s: [openvino.Tensor(feed[s].copy()) for _ in range(2)] for s in states}
    for turn, request in enumerate(requests):
        request.set_tensor("x", openvino.Tensor(x))
        for s in states:
            request.set_tensor(s, there[s][turn])
            request.set_tensor(s.upper(), there[s][1 - turn])
    last = requests[(times - 1) % 2]
    return (openvino.__version__.split("-")[0], lambda k: requests[k % 2].infer(),
            lambda: last.get_tensor("mean").data.astype(float).sum())


def train():
    import torch
    torch.set_num_threads(threads)
    w = {name: torch.tensor(a, requires_grad=True) for name, a in weights().items()}
    layers = {}
    for name in ("core", "policy1", "policy2", "policy3"):
        layers[name] = layer = torch.nn.LSTM(w[f"{name}/wx"].shape[0], UNITS)
        with torch.no_grad():
            layer.weight_ih_l0.copy_(w[f"{name}/wx"].T)
            layer.weight_hh_l0.copy_(w[f"{name}/wh"].T)
            layer.bias_ih_l0.copy_(w[f"{name}/b"][0])
            layer.bias_hh_l0.zero_()
    heads = [w[f"{name}/{part}"] for name in ("action", "value") for part in "wb"]
    parameters = [p for layer in layers.values() for k, p in layer.named_parameters() if k != "bias_hh_l0"] + heads
    inputs = torch.tensor(x).reshape(rows // BATCH, BATCH, columns)

    def step(_):
        for p in parameters:
            p.grad = None
        core = layers["core"](inputs)[0]
        value = core @ heads[2] + heads[3]
        signal = torch.cat([inputs, core.detach()], 2)
        h = [layers["policy1"](signal)[0]]
        for name in ("policy2", "policy3"):
            h.append(layers[name](torch.cat([signal, h[-1]], 2))[0])
        out = torch.cat(h, 2) @ heads[0] + heads[1]
        mean, std = out[..., :NACT], 0.05 + torch.nn.functional.softplus(out[..., NACT:])
        (0.5 * ((mean ** 2).sum() + (std ** 2).sum() + (value ** 2).sum())).backward()

    return torch.__version__, step, lambda: float(sum((p.grad.double() ** 2).sum() for p in parameters)) ** 0.5


def see():
    import torch
    from torch import nn
    torch.set_num_threads(threads)

    class Residual(nn.Module):
        def __init__(self, n):
            super().__init__()
            self.a, self.b = nn.Conv2d(n, n, 3, padding=1), nn.Conv2d(n, n, 3, padding=1)

        def forward(self, y):
            return y + self.b(torch.relu(self.a(torch.relu(y))))

    down = lambda a, b: nn.Conv2d(a, b, 3, 2, 1)  # noqa: E731
    net = nn.Sequential(down(3, 16), nn.ReLU(), down(16, 16), Residual(16), down(16, 32), Residual(32), down(32, 32),
                        Residual(32), nn.ReLU(), nn.Flatten(), nn.Linear(512, 128), nn.LayerNorm(128), nn.Tanh(), nn.Linear(128, 2 * NACT))
    net = net.to(memory_format=torch.channels_last)
    images = torch.randint(0, 256, (rows, 64, 64, 3), dtype=torch.uint8)

    def step(_):
        out = net(images.permute(0, 3, 1, 2).float() / 255 - 0.5)
        if peer == "torch-eyeback":
            net.zero_grad()
            (0.5 * (out ** 2).sum()).backward()

    def forward_only(_):
        with torch.no_grad():
            step(0)

    return torch.__version__, step if peer == "torch-eyeback" else forward_only, lambda: 0


try:
    version, step, quality = act() if peer in ("onnxruntime", "openvino") else train() if peer == "torch" else see()
except ImportError as e:
    print(e, file=sys.stderr)
    sys.exit(3)
if peer.startswith("torch"):
    step(0)  # touches memory for the first time, as in ours
cpu, wall = time.process_time(), time.perf_counter()
for k in range(times):
    step(k)
print("cpu_s", time.process_time() - cpu)
print("wall_s", time.perf_counter() - wall)
print("peak_mb", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
print("version", peer, version)
print("quality", quality())
