"""References that PyTorch does not have in this form, shared by the families."""

import numpy as np
import torch
import torch.nn.functional as F


def elementary(value, derivative):
    """An elementwise torch function made of two NumPy ones."""

    class Elementary(torch.autograd.Function):
        @staticmethod
        def forward(context, x):
            context.save_for_backward(x)
            return torch.from_numpy(np.asarray(value(x.detach().numpy())))

        @staticmethod
        def backward(context, cotangent):
            (x,) = context.saved_tensors
            return cotangent * torch.from_numpy(np.asarray(derivative(x.detach().numpy())))

    return Elementary.apply


def windows(x, axes, size, strides, dilation):
    """Valid windows over `axes`; the window dimensions come last, in the order of `axes`."""
    for axis, k, stride, step in zip(axes, size, strides, dilation):
        x = x.unfold(axis, (k - 1) * step + 1, stride)[..., ::step]
    return x


def convolution(x, kernel, strides, padding, dilation, groups):
    """Cross-correlation, channels last: x [n, ...spatial, c], kernel [...k, c/groups, o]."""
    rank = len(strides)
    first = x.permute(0, rank + 1, *range(1, rank + 1))
    first = F.pad(first, [side for pair in reversed(padding) for side in pair])
    weights = kernel.permute(rank + 1, rank, *range(rank))
    correlate = {1: F.conv1d, 2: F.conv2d}[rank]
    out = correlate(first.contiguous(), weights.contiguous(), stride=strides, dilation=dilation, groups=groups)
    return out.permute(0, *range(2, rank + 2), 1)


def same_padding(size, window, stride, dilation=1):
    """TensorFlow's "same": ceil(size / stride) outputs, an odd pixel of padding at the end."""
    reach = (window - 1) * dilation + 1
    total = max((-(-size // stride) - 1) * stride + reach - size, 0)
    return [total // 2, total - total // 2]


def stable_order(x, axis, descending=False):
    """Indices that sort `x`; equal elements keep their order in both directions."""
    return torch.sort(x.detach(), dim=axis, descending=descending, stable=True).indices
