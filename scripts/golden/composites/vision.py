"""Convolution and pooling with the public options, channels last."""

import math

import numpy as np
import torch

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


def pooled(x, window, options, outside):
    """Windows over height and width, last; beyond the edges lies `outside`."""
    window = pair(window)
    stride = pair(options.get("stride", window))
    (top, bottom), (left, right) = edges(options.get("padding", "valid"), x.shape[1:3], window, stride, [1, 1])
    x = torch.nn.functional.pad(x, [0, 0, left, right, top, bottom], value=outside)
    return windows(x, [1, 2], window, stride, [1, 1])


def max_pool(x, window, options={}):
    return pooled(x, window, options, -math.inf).amax(dim=(-2, -1))


def average_pool(x, window, options={}):
    """The mean of the real elements under the window."""
    count = pooled(torch.ones_like(x), window, options, 0.0).sum(dim=(-2, -1))
    return pooled(x, window, options, 0.0).sum(dim=(-2, -1)) / count


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
