"""Resampling of images: PyTorch's interpolate and grid_sample, SciPy's gaussian_filter.

Images are [n, h, w, c] in the cases; PyTorch has the channels second.
"""

import numpy as np
import scipy.ndimage
import torch
import torch.nn.functional as F

from golden import MADE, tensor

RANDOM = np.random.default_rng(20261120)


def images(*shape):
    return torch.tensor(RANDOM.uniform(-1, 1, shape))


def channels_first(x):
    return x.permute(0, 3, 1, 2)


def channels_last(x):
    return x.permute(0, 2, 3, 1).contiguous()


def resized(x, size, **options):
    return channels_last(F.interpolate(channels_first(x), size=size, **options))


def area(x, size):
    """Exact coverage: differences of the integral of a step function, one axis after the other."""
    values = x.numpy()
    for axis, to in zip((1, 2), size):
        n = values.shape[axis]
        whole = np.concatenate([np.zeros_like(values.take([0], axis)), values.cumsum(axis)], axis)
        edges = np.arange(to + 1) * (n / to)
        at = np.minimum(np.floor(edges).astype(int), n - 1)
        rest = (edges - at).reshape([-1 if i == axis else 1 for i in range(4)])
        integral = whole.take(at, axis) + rest * values.take(at, axis)
        values = np.diff(integral, axis=axis) * (to / n)
    return torch.tensor(values)


def resize_cases():
    for (h, w), size in [((5, 7), (9, 11)), ((9, 8), (4, 3)), ((6, 6), (6, 6)), ((14, 10), (5, 17)), ((3, 3), (1, 1))]:
        x = images(2, h, w, 2)
        bilinear = {"mode": "bilinear", "align_corners": False}
        yield x, size, {"antialias": False}, resized(x, size, **bilinear)
        yield x, size, {}, resized(x, size, antialias=True, **bilinear)
        yield x, size, {"method": "area"}, area(x, size)
    x = images(2, 12, 8, 3)
    yield x, (4, 4), {"method": "area"}, resized(x, (4, 4), mode="area")


def in_unit_square(place, size):
    """Pixels to PyTorch's coordinates, whose −1 and 1 are the outer edges of the image."""
    return (2 * place + 1) / size - 1


def sampled(x, y, at):
    h, w = x.shape[1:3]
    grid = torch.stack([in_unit_square(at, w), in_unit_square(y, h)], -1)
    return channels_last(F.grid_sample(channels_first(x), grid, padding_mode="zeros", align_corners=False))


def sample_cases():
    for n, h, w, c in [(2, 5, 6, 1), (3, 4, 4, 3), (1, 1, 3, 1)]:
        x = images(n, h, w, c).requires_grad_()
        y = torch.tensor(RANDOM.uniform(-2.5, h + 1.5, (n, 6, 5))).requires_grad_()
        at = torch.tensor(RANDOM.uniform(-2.5, w + 1.5, (n, 6, 5))).requires_grad_()
        out = sampled(x, y, at)
        cotangent = torch.tensor(RANDOM.uniform(-1, 1, out.shape))
        yield x, y, at, out, cotangent, torch.autograd.grad((out * cotangent).sum(), [x, y, at])


def affine_cases():
    for h, w, rotate, scale, shear, translate in [
        (6, 6, 30, (1, 1), 0, (0, 0)),
        (6, 7, 0, (1.3, 0.7), 0, (0, 0)),
        (7, 6, 0, (1, 1), 20, (0, 0)),
        (5, 8, 0, (1, 1), 0, (1.5, -0.75)),
        (8, 5, -75, (0.8, 1.25), -12, (0.3, 1.1)),
    ]:
        x = images(2, h, w, 2)
        # Forwards, y downwards: a counterclockwise turn has the sine's signs exchanged.
        r, k = np.deg2rad(rotate), np.tan(np.deg2rad(shear))
        turn = np.array([[np.cos(r), np.sin(r)], [-np.sin(r), np.cos(r)]])
        lean = np.array([[1, -k], [0, 1]])
        back = np.linalg.inv(turn @ lean @ np.diag(scale))
        units = np.diag([w / 2, h / 2])
        theta = np.linalg.inv(units) @ np.column_stack([back @ units, -back @ translate])
        grid = F.affine_grid(torch.tensor(np.stack([theta] * 2)), [2, 2, h, w], align_corners=False)
        out = F.grid_sample(channels_first(x), grid, padding_mode="zeros", align_corners=False)
        options = {"rotate": rotate, "scale": scale, "shear": shear, "translate": translate}
        yield x, options, channels_last(out)


def blur_cases():
    for shape, sigma in [((9, 12), 1.0), ((16, 20), 2.5), ((5, 3), 0.4)]:
        x = images(*shape)
        yield x, sigma, scipy.ndimage.gaussian_filter(x.numpy(), sigma, mode="constant")


def document():
    cases = []
    for x, size, options, out in resize_cases():
        cases.append({"fn": "resize", "x": tensor(x), "size": size, "options": options, "out": tensor(out)})
    for x, y, at, out, cotangent, gradients in sample_cases():
        parts = {"x": x, "rows": y, "columns": at, "out": out, "cotangent": cotangent}
        cases.append({"fn": "sample", **{k: tensor(v) for k, v in parts.items()}, "gradients": [tensor(g) for g in gradients]})
    for x, options, out in affine_cases():
        cases.append({"fn": "affine", "x": tensor(x), "options": options, "out": tensor(out)})
    for x, sigma, out in blur_cases():
        cases.append({"fn": "blurred", "x": tensor(x), "sigma": sigma, "out": tensor(out)})
    return {"made": MADE, "cases": cases}
