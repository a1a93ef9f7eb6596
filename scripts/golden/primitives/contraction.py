"""Matrix product, convolution and its two gradients as operations, sliding windows and fold."""

import itertools

import numpy as np
import torch

from references import convolution, windows


def convolution_plain(x, kernel, strides, padding, dilation, groups):
    """The definition, position by position: output channels are ordered by group."""
    x = np.pad(x, [(0, 0), *padding, (0, 0)])
    rank, outs = len(strides), kernel.shape[-1] // groups
    taps, ins = kernel.shape[:rank], kernel.shape[rank]
    spatial = [
        (n - (k - 1) * d - 1) // s + 1
        for n, k, s, d in zip(x.shape[1:-1], taps, strides, dilation)
    ]
    out = np.zeros((x.shape[0], *spatial, kernel.shape[-1]))
    for at in itertools.product(*map(range, spatial)):
        for tap in itertools.product(*map(range, taps)):
            pixel = tuple(a * s + t * d for a, s, t, d in zip(at, strides, tap, dilation))
            for g in range(groups):
                here, there = slice(g * ins, (g + 1) * ins), slice(g * outs, (g + 1) * outs)
                out[(slice(None), *at, there)] += x[(slice(None), *pixel, here)] @ kernel[tap][:, there]
    return out


def convolution_input(g, kernel, strides, padding, dilation, groups, spatial):
    channels = kernel.shape[-2] * groups
    x = torch.zeros(g.shape[0], *spatial, channels, dtype=torch.float64, requires_grad=True)
    with torch.enable_grad():
        out = convolution(x, kernel, strides, padding, dilation, groups)
        return torch.autograd.grad(out, x, g, create_graph=True)[0]


def convolution_kernel(x, g, strides, padding, dilation, groups, window):
    kernel = torch.zeros(*window, x.shape[-1] // groups, g.shape[-1], dtype=torch.float64, requires_grad=True)
    with torch.enable_grad():
        out = convolution(x, kernel, strides, padding, dilation, groups)
        return torch.autograd.grad(out, kernel, g, create_graph=True)[0]


def windows_plain(x, axes, size, strides, dilation):
    reach = [(k - 1) * d + 1 for k, d in zip(size, dilation)]
    out = np.lib.stride_tricks.sliding_window_view(x, reach, axis=axes)
    pick = [slice(None)] * out.ndim
    for i, axis in enumerate(axes):
        pick[axis] = slice(None, None, strides[i])
        pick[x.ndim + i] = slice(None, None, dilation[i])
    return out[tuple(pick)]


def fold(x, axes, strides, dilation, spatial):
    """The adjoint of `windows`: overlapping contributions are summed."""
    rank = x.ndim - len(axes)
    shape, size = list(x.shape[:rank]), list(x.shape[rank:])
    for axis, n in zip(axes, spatial):
        shape[axis] = n
    whole = torch.zeros(shape, dtype=torch.float64, requires_grad=True)
    with torch.enable_grad():
        return torch.autograd.grad(windows(whole, axes, size, strides, dilation), whole, x, create_graph=True)[0]


def fold_plain(x, axes, strides, dilation, spatial):
    rank = x.ndim - len(axes)
    shape = list(x.shape[:rank])
    for axis, n in zip(axes, spatial):
        shape[axis] = n
    out = np.zeros(shape)
    for index in np.ndindex(*x.shape):
        place = list(index[:rank])
        for i, axis in enumerate(axes):
            place[axis] = index[axis] * strides[i] + index[rank + i] * dilation[i]
        out[tuple(place)] += x[index]
    return out


# x, kernel, strides, padding, dilation, groups
CONVOLUTIONS = [
    ((1, 5, 1), (3, 1, 1), [1], [[0, 0]], [1], 1),
    ((2, 6, 2), (3, 2, 3), [2], [[1, 1]], [1], 1),
    ((1, 7, 2), (2, 1, 4), [2], [[2, 0]], [3], 2),
    ((1, 4, 4), (1, 2, 2), [3], [[0, 0]], [1], 2),
    ((1, 2, 1), (3, 1, 2), [1], [[2, 3]], [1], 1),
    ((0, 4, 1), (2, 1, 2), [1], [[0, 0]], [1], 1),
    ((1, 3, 4, 1), (2, 2, 1, 2), [1, 1], [[0, 0], [0, 0]], [1, 1], 1),
    ((2, 4, 5, 2), (3, 2, 2, 1), [2, 1], [[1, 0], [0, 1]], [1, 1], 1),
    ((1, 5, 4, 2), (2, 2, 1, 2), [1, 2], [[0, 0], [1, 1]], [2, 1], 2),
    ((1, 6, 6, 1), (3, 2, 1, 1), [2, 3], [[0, 1], [0, 0]], [1, 2], 1),
    ((1, 3, 3, 3), (1, 1, 3, 2), [1, 1], [[0, 0], [0, 0]], [1, 1], 1),
    ((1, 3, 3, 2), (3, 3, 1, 4), [1, 1], [[1, 1], [1, 1]], [1, 1], 2),
]

# x, axes, size, strides, dilation
WINDOWS = [
    ((5,), [0], [3], [1], [1]),
    ((7,), [0], [2], [3], [2]),
    ((1,), [0], [1], [1], [1]),
    ((2, 6), [1], [3], [2], [1]),
    ((4, 2), [0], [2], [1], [2]),
    ((1, 4, 3, 2), [1, 2], [2, 2], [2, 1], [1, 1]),
    ((4, 1, 3), [2, 0], [2, 3], [1, 1], [1, 1]),
    ((2, 5, 4), [1, 2], [2, 2], [1, 1], [2, 1]),
    ((0, 4), [1], [2], [1], [1]),
]


def cases(family):
    op = family.op("matmul", torch.matmul, np.matmul)
    for a, b in [
        ((1, 1), (1, 1)),
        ((2, 3), (3, 4)),
        ((1, 5), (5, 1)),
        ((3, 1), (1, 2)),
        ((2, 2, 3), (2, 3, 1)),
        ((2, 1, 3, 2), (2, 1, 2, 3)),
        ((7, 5), (5, 9)),
        ((2, 0), (0, 3)),
        ((0, 2), (2, 3)),
        ((0, 2, 2), (0, 2, 1)),
    ]:
        op.case(op.normal(*a), op.normal(*b))

    conv = family.op("conv", convolution, convolution_plain)
    back = family.op("convInput", convolution_input)
    weigh = family.op("convKernel", convolution_kernel)
    for x, kernel, strides, padding, dilation, groups in CONVOLUTIONS:
        how = dict(strides=strides, padding=padding, dilation=dilation, groups=groups)
        conv.case(conv.normal(*x), conv.normal(*kernel), **how)
        out = convolution_plain(np.zeros(x), np.zeros(kernel), **how).shape
        back.case(back.normal(*out), back.normal(*kernel), **how, spatial=list(x[1:-1]))
        weigh.case(weigh.normal(*x), weigh.normal(*out), **how, window=list(kernel[:-2]))

    slide = family.op("windows", windows, windows_plain)
    gather = family.op("fold", fold, fold_plain)
    for x, axes, size, strides, dilation in WINDOWS:
        slide.case(slide.normal(*x), axes=axes, size=size, strides=strides, dilation=dilation)
        out = windows_plain(np.zeros(x), axes, size, strides, dilation).shape
        spatial = [x[axis] for axis in axes]
        gather.case(gather.normal(*out), axes=axes, strides=strides, dilation=dilation, spatial=spatial)
    slide.case(slide.integers(0, 9, (4,)), axes=[0], size=[2], strides=[1], dilation=[1])
