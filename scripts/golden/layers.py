"""Layers of torch.nn with parameters of their own, channels last: test/golden/layers.json.

A case has a `layer` (its kind and options), `params`, `x`, `out`, the `cotangent` of `out`, and the
gradients of `params` and `x`. Layers that keep something have `state`, and `steps`: what they keep and give
after each of several batches of training, before the `out` of inference.
"""

import numpy as np
import torch
import torch.nn as nn

from golden import MADE, encode

rng = np.random.default_rng(20240)


def normal(*shape):
    return torch.from_numpy(np.round(rng.standard_normal(shape), 3) + 0.0)


def channels_first(x):
    return x.movedim(-1, 1)


def channels_last(x):
    return x.movedim(1, -1)


def spatial(module):
    return lambda x: channels_last(module(channels_first(x)))


def case(kind, options, module, params, x, call=None, **more):
    """`params` are the library's names and layouts, with the way from a torch parameter to each.
    What of `more` is a function is read after the call."""
    call = call or module
    floating = x.is_floating_point()
    if floating:
        x = x.clone().requires_grad_()
    out = call(x)
    more = {name: read() if callable(read) else read for name, read in more.items()}
    cotangent = normal(*out.shape)
    out.backward(cotangent)
    return encode(
        {
            "layer": {"kind": kind, "options": options},
            "params": {name: turn(p.detach()) for name, (p, turn) in params.items()},
            "x": x.detach(),
            "out": out.detach(),
            "cotangent": cotangent,
            "gradients": {
                "params": {name: turn(p.grad) for name, (p, turn) in params.items()},
                "x": x.grad if floating else None,
            },
            **more,
        }
    )


def filled(module):
    module.double()
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.copy_(normal(*parameter.shape))
    return module


def same(x):
    return x.clone()


def transposed(x):
    return x.T.clone()


def kernel(x):
    """[out, in / groups, ...window] to [...window, in / groups, out]."""
    return x.movedim(0, -1).movedim(0, -2).clone()


def dense():
    module = filled(nn.Linear(4, 3))
    params = {"kernel": (module.weight, transposed), "bias": (module.bias, same)}
    yield case("dense", {"units": 3}, module, params, normal(5, 4))
    yield case("dense", {"units": 3, "activation": "silu"}, module, fresh(params), normal(2, 3, 4), lambda x: nn.functional.silu(module(x)))


def fresh(params):
    for p, _ in params.values():
        p.grad = None
    return params


def convolutions():
    settings = [
        (nn.Conv1d, "conv1d", [2, 7, 4], {"filters": 6, "size": 3, "stride": 2, "padding": 1, "groups": 2}),
        (nn.Conv1d, "conv1d", [2, 9, 2], {"filters": 3, "size": 2, "dilation": 3}),
        (nn.Conv2d, "conv2d", [2, 6, 5, 2], {"filters": 3, "size": [3, 2], "stride": [2, 1], "padding": 1}),
        (nn.Conv2d, "conv2d", [2, 6, 6, 4], {"filters": 4, "size": 3, "padding": "same", "groups": 4}),
        (nn.Conv2d, "conv2d", [1, 7, 7, 1], {"filters": 2, "size": 3, "dilation": [2, 1], "padding": "same"}),
    ]
    names = {"size": "kernel_size", "stride": "stride", "padding": "padding", "dilation": "dilation", "groups": "groups"}
    for make, kind, shape, options in settings:
        torchs = {names[k]: v for k, v in options.items() if k in names}
        module = filled(make(shape[-1], options["filters"], **torchs))
        params = {"kernel": (module.weight, kernel), "bias": (module.bias, same)}
        yield case(kind, options, module, params, normal(*shape), spatial(module))


def pooling():
    settings = [
        (nn.MaxPool1d(3, stride=2), "maxPool1d", [2, 8, 2], {"size": 3, "stride": 2}),
        (nn.AvgPool1d(2, padding=1, count_include_pad=False), "avgPool1d", [2, 6, 2], {"size": 2, "padding": 1}),
        (nn.MaxPool2d(2), "maxPool2d", [2, 4, 5, 2], {"size": 2}),
        (nn.MaxPool2d(3, stride=2, padding=1), "maxPool2d", [1, 6, 5, 2], {"size": 3, "stride": 2, "padding": 1}),
        (nn.AvgPool2d((2, 3), stride=1), "avgPool2d", [1, 4, 4, 2], {"size": [2, 3], "stride": 1}),
        (nn.AvgPool2d(3, padding=1, count_include_pad=False), "avgPool2d", [2, 5, 5, 1], {"size": 3, "padding": 1}),
    ]
    for module, kind, shape, options in settings:
        yield case(kind, options, module, {}, normal(*shape), spatial(module))
    flat = lambda module: lambda x: module(channels_first(x)).flatten(1)
    yield case("globalAvgPool", {}, None, {}, normal(2, 3, 4, 2), flat(nn.AdaptiveAvgPool2d(1)))
    yield case("globalMaxPool", {}, None, {}, normal(2, 5, 3), flat(nn.AdaptiveMaxPool1d(1)))


def norms():
    affine = lambda module: fresh({"gamma": (module.weight, same), "beta": (module.bias, same)})
    module = filled(nn.LayerNorm(4))
    yield case("layerNorm", {}, module, affine(module), normal(3, 4))
    yield case("layerNorm", {}, module, affine(module), normal(2, 3, 4))
    for groups, shape in [(2, [2, 3, 3, 4]), (3, [2, 4, 3])]:
        module = filled(nn.GroupNorm(groups, shape[-1]))
        yield case("groupNorm", {"groups": groups}, module, affine(module), normal(*shape), spatial(module))
    for make, momentum, shape in [(nn.BatchNorm2d, 0.1, [4, 3, 3, 2]), (nn.BatchNorm1d, 0.4, [6, 3])]:
        module = filled(make(shape[-1], momentum=momentum))
        call = spatial(module) if len(shape) > 2 else module
        kept = lambda: {"mean": module.running_mean.clone(), "variance": module.running_var.clone()}
        options = {"momentum": 1 - momentum}
        first = kept()
        module.train()
        # A step of training, with its gradients; then several, and inference with what they left.
        x = normal(*shape)
        yield case("batchNorm", options, module, affine(module), x, call, training=True, state=first, kept=kept)
        start, steps = kept(), []
        for _ in range(4):
            x = normal(*shape) * 2 + 1
            steps.append({"x": x, "out": call(x).detach(), "kept": kept()})
        module.eval()
        yield case("batchNorm", options, module, affine(module), normal(*shape), call, state=start, steps=steps)


def embeddings():
    module = filled(nn.Embedding(7, 3))
    params = {"table": (module.weight, same)}
    ids = torch.from_numpy(rng.integers(0, 7, (2, 4)))
    yield case("embedding", {"count": 7, "size": 3}, module, params, ids)


def bounds():
    """What fans and distributions come to, for kernels [...window, in, out] of this library."""
    for shape in [[4, 3], [3, 3, 8, 16], [5, 2, 6]]:
        weight = torch.empty(shape[-1], shape[-2], *shape[:-2])
        fan_in, fan_out = nn.init._calculate_fan_in_and_fan_out(weight)
        uniform = {}
        for name, fill in {
            "glorotUniform": nn.init.xavier_uniform_,
            "heUniform": lambda w: nn.init.kaiming_uniform_(w, nonlinearity="relu"),
            "lecunUniform": lambda w: nn.init.kaiming_uniform_(w, nonlinearity="linear"),
        }.items():
            limit = []
            original = torch.Tensor.uniform_
            torch.Tensor.uniform_ = lambda self, a, b: limit.extend([a, b])
            try:
                fill(weight)
            finally:
                torch.Tensor.uniform_ = original
            uniform[name] = limit[1]
        gain = nn.init.calculate_gain("relu")
        normals = {
            "glorotNormal": (2 / (fan_in + fan_out)) ** 0.5,
            "heNormal": gain / fan_in**0.5,
            "lecunNormal": 1 / fan_in**0.5,
        }
        yield {"shape": shape, "fans": {"in": fan_in, "out": fan_out}, "bounds": uniform, "stds": normals}


def document():
    groups = [dense, convolutions, pooling, norms, embeddings]
    return {"made": MADE, "cases": [one for group in groups for one in group()]}


def initializers():
    return {"made": MADE, "cases": list(bounds())}
