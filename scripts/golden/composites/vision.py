"""Convolution and pooling with the public options, channels last."""

import math

import numpy as np
import torch
import torch.nn.functional as F

from references import convolution, same_padding, windows


def pair(value, rank=2):
    return value if isinstance(value, list) else [value] * rank


def edges(padding, sizes, window, stride, dilation):
    """[[low, high], …] from "valid", "same", pixels a side, or itself."""
    if padding == "same":
        return [same_padding(*axis) for axis in zip(sizes, window, stride, dilation)]
    if isinstance(padding, list):
        return padding
    return [[0, 0] if padding == "valid" else [padding, padding] for _ in sizes]


def conv(x, kernel, options={}):
    rank = x.ndim - 2
    stride, dilation = pair(options.get("stride", 1), rank), pair(options.get("dilation", 1), rank)
    padding = edges(options.get("padding", "valid"), x.shape[1:-1], kernel.shape[:rank], stride, dilation)
    return convolution(x, kernel, stride, padding, dilation, options.get("groups", 1))


def conv_transpose(x, kernel, options={}):
    """The kernel is that of the convolution transposed: [...window, k / groups, c]."""
    rank = x.ndim - 2
    weights = kernel.permute(rank + 1, rank, *range(rank))
    transpose = {1: F.conv_transpose1d, 2: F.conv_transpose2d}[rank]
    known = {"stride": "stride", "padding": "padding", "dilation": "dilation", "groups": "groups", "outputPadding": "output_padding"}
    out = transpose(
        x.permute(0, rank + 1, *range(1, rank + 1)).contiguous(),
        weights.contiguous(),
        **{known[key]: value for key, value in options.items()},
    )
    return out.permute(0, *range(2, rank + 2), 1)


def pooled(x, window, options, outside):
    """Windows over the spatial axes, last; beyond the edges lies `outside`."""
    rank = x.ndim - 2
    window = pair(window, rank)
    stride = pair(options.get("stride", window), rank)
    sides = edges(options.get("padding", "valid"), x.shape[1:-1], window, stride, [1] * rank)
    x = F.pad(x, [0, 0] + [side for axis in reversed(sides) for side in axis], value=outside)
    return windows(x, list(range(1, rank + 1)), window, stride, [1] * rank)


def inside(x):
    """The axes that lie within a window."""
    return tuple(range(-(x.ndim - 2), 0))


def max_pool(x, window, options={}):
    return pooled(x, window, options, -math.inf).amax(dim=inside(x))


def average_pool(x, window, options={}):
    """The mean of the real elements under the window."""
    count = pooled(torch.ones_like(x), window, options, 0.0).sum(dim=inside(x))
    return pooled(x, window, options, 0.0).sum(dim=inside(x)) / count


def over_space(reduce):
    def apply(x, options={}):
        return reduce(x, dim=tuple(range(1, x.ndim - 1)), keepdim=options.get("keepDims", False))

    return apply


CONV1D = [
    ((1, 5, 1), (3, 1, 1), None),
    ((2, 6, 2), (3, 2, 2), {"padding": "same"}),
    ((1, 7, 1), (2, 1, 2), {"stride": 2, "padding": "same"}),
    ((1, 6, 2), (3, 1, 4), {"padding": 2, "groups": 2}),
    ((1, 7, 1), (3, 1, 1), {"dilation": 2, "padding": "same"}),
    ((1, 7, 1), (3, 1, 1), {"dilation": 2, "stride": 2, "padding": "valid"}),
]

CONV2D = [
    ((1, 3, 4, 1), (2, 2, 1, 2), None),
    ((2, 4, 3, 2), (3, 3, 2, 1), {"padding": "same"}),
    ((1, 5, 4, 1), (2, 3, 1, 2), {"stride": 2, "padding": "same"}),
    ((1, 4, 4, 1), (3, 3, 1, 1), {"padding": 1, "stride": 2}),
    ((1, 3, 4, 2), (2, 2, 2, 1), {"padding": [[0, 1], [2, 0]]}),
    ((1, 4, 4, 2), (2, 2, 1, 2), {"groups": 2, "dilation": 2}),
    ((1, 5, 5, 1), (1, 1, 1, 2), {"stride": 3}),
]

TRANSPOSED1D = [
    ((1, 4, 1), (3, 1, 1), None),
    ((2, 3, 2), (2, 3, 2), {"stride": 2}),
    ((1, 4, 2), (3, 1, 2), {"stride": 2, "padding": 1, "outputPadding": 1}),
    ((1, 4, 4), (2, 1, 4), {"groups": 2, "dilation": 2}),
]

TRANSPOSED2D = [
    ((1, 3, 2, 1), (2, 2, 2, 1), None),
    ((1, 2, 3, 2), (3, 2, 1, 2), {"stride": 2}),
    ((2, 3, 3, 1), (3, 3, 1, 1), {"stride": 2, "padding": 1, "outputPadding": 1}),
    ((1, 2, 2, 4), (2, 2, 1, 4), {"groups": 2, "stride": 3}),
]

POOLS1D = [
    ((1, 6, 1), 2, None),
    ((2, 5, 2), 3, {"stride": 1}),
    ((1, 5, 1), 2, {"padding": "same"}),
    ((1, 7, 1), 3, {"stride": 2, "padding": 1}),
]

POOLS = [
    ((1, 4, 4, 1), 2, None),
    ((2, 3, 4, 2), [2, 2], {"stride": 1}),
    ((1, 5, 5, 1), 2, {"padding": "same"}),
    ((1, 5, 4, 1), [3, 2], {"stride": 2, "padding": "valid"}),
    ((1, 4, 5, 2), 3, {"stride": 2, "padding": "same"}),
    ((1, 4, 4, 1), 3, {"stride": 2, "padding": 1}),
]


def cases(family):
    for name, table in [("conv1d", CONV1D), ("conv2d", CONV2D)]:
        op = family.op(name, conv)
        for x, kernel, options in table:
            op.case(op.normal(*x), op.normal(*kernel), *([options] if options else []))
    for name, reference in [("maxPool2d", max_pool), ("avgPool2d", average_pool)]:
        op = family.op(name, reference)
        for x, window, options in POOLS:
            op.case(op.normal(*x), window, *([options] if options else []))
    for name, reference in [("maxPool1d", max_pool), ("avgPool1d", average_pool)]:
        op = family.op(name, reference)
        for x, window, options in POOLS1D:
            op.case(op.normal(*x), window, *([options] if options else []))
    for name, table in [("convTranspose1d", TRANSPOSED1D), ("convTranspose2d", TRANSPOSED2D)]:
        op = family.op(name, conv_transpose)
        for x, kernel, options in table:
            op.case(op.normal(*x), op.normal(*kernel), *([options] if options else []))
    for name, reduce in [("globalMaxPool", torch.amax), ("globalAvgPool", torch.mean)]:
        op = family.op(name, over_space(reduce))
        op.case(op.normal(2, 5, 3))
        op.case(op.normal(1, 3, 4, 2))
        op.case(op.normal(2, 3, 2, 1), {"keepDims": True})
