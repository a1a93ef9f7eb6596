"""PyTorch on the CPU. Takes a task as JSON, prints what was measured as JSON; see harness/measure.mjs."""

import json
import statistics
import sys
import time

try:
    import torch
    from torch import nn
    from torch.nn import functional
except ImportError:
    print(json.dumps({"absent": "not installed (Debian: python3-torch)"}))
    sys.exit(0)

ROWS = 60_000
SLICE_S = 0.1


def calls_per_second(work, seconds):
    """The median over slices of a tenth of a second, after a warm-up of half the time."""

    def one_slice():
        start, calls = time.perf_counter(), 0
        while True:
            work()
            calls += 1
            passed = time.perf_counter() - start
            if passed >= SLICE_S:
                return calls / passed

    warm = time.perf_counter() + seconds / 2
    end = warm + seconds
    while time.perf_counter() < warm:
        one_slice()
    rates = []
    while time.perf_counter() < end or not rates:
        rates.append(one_slice())
    return statistics.median(rates)


def perceptron(*widths):
    layers = []
    for before, after in zip(widths, widths[1:]):
        layers += [nn.Linear(before, after), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def convolutional():
    return nn.Sequential(
        nn.Conv2d(1, 32, 3),
        nn.ReLU(),
        nn.Conv2d(32, 64, 3),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Dropout(0.25),
        nn.Flatten(),
        nn.Linear(9216, 128),
        nn.ReLU(),
        nn.Dropout(0.5),
        nn.Linear(128, 10),
    )


NETWORKS = {
    "m1": lambda: perceptron(784, 128, 10),
    "m2": lambda: perceptron(784, 512, 256, 10),
    "m3": convolutional,
}


def input_of(model):
    return (1, 28, 28) if model == "m3" else (784,)


def training(model, batch, rows):
    """A whole step with the settings that are fastest here: one call for all parameters of Adam,
    and channels last for convolutions."""
    layout = torch.channels_last if model == "m3" else torch.contiguous_format
    network = NETWORKS[model]().to(memory_format=layout).train()
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-3, foreach=True)
    images = torch.rand(rows, *input_of(model))
    classes = torch.randint(0, 10, (rows,))

    def batches():
        while True:
            order = torch.randperm(rows)
            for i in range(0, rows - batch + 1, batch):
                yield order[i : i + batch]

    order = batches()

    def step():
        index = next(order)
        x = images[index].contiguous(memory_format=layout)
        optimizer.zero_grad(set_to_none=True)
        loss = functional.cross_entropy(network(x), classes[index])
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def train(task):
    step = training(task["model"], task["batch"], ROWS)
    return {"": calls_per_second(step, task["seconds"]) * task["batch"]}


def inference(task):
    network = NETWORKS[task["model"]]().eval()
    x = torch.rand(task["batch"], *input_of(task["model"]))
    with torch.inference_mode():
        predict = torch.jit.freeze(torch.jit.trace(network, x))
        return {"": 1000 / calls_per_second(lambda: predict(x), task["seconds"])}


def matmul(task):
    values = {}
    for name, m, k, n, transposed in task["products"]:
        a = torch.rand(k, m).T if "a" in transposed else torch.rand(m, k)
        b = torch.rand(n, k).T if "b" in transposed else torch.rand(k, n)
        rate = calls_per_second(lambda a=a, b=b: torch.mm(a, b), task["seconds"])
        values[name] = rate * 2 * m * k * n / 1e9
    return values


def overhead(task):
    if task["part"] == "first":
        step = training("m1", 64, 64)
        start = time.perf_counter()
        step()
        return {"": (time.perf_counter() - start) * 1000}
    x = torch.tensor([1.0, 2.0, 3.0, 4.0])
    return {"": 1e6 / calls_per_second(lambda: (x + 1).tolist(), task["seconds"])}


def scaling(task):
    values = {}
    for n in task["points"]:
        if task["by"] == "batch":
            work = training("m1", n, max(4096, 2 * n))
        else:
            a, b = torch.rand(n, n), torch.rand(n, n)
            work = lambda a=a, b=b: torch.mm(a, b)  # noqa: E731
        values[n] = 1000 / calls_per_second(work, task["seconds"])
    return values


def export(task):
    """Writes m3 as ONNX, which onnxruntime reads."""
    axes = {"x": {0: "n"}, "y": {0: "n"}}
    torch.onnx.export(
        convolutional().eval(),
        torch.rand(1, 1, 28, 28),
        task["file"],
        input_names=["x"],
        output_names=["y"],
        dynamic_axes=axes,
        opset_version=13,
    )
    return {}


KINDS = {f.__name__: f for f in (train, inference, matmul, overhead, scaling, export)}

if __name__ == "__main__":
    asked = json.loads(sys.argv[1])
    torch.set_num_threads(asked.get("threads", 1))
    torch.manual_seed(0)
    measured = KINDS[asked["kind"]](asked)
    more = {"cpuSeconds": time.process_time(), "threads": torch.get_num_threads()}
    print(json.dumps({"values": measured, **more}))
