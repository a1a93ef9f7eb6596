"""Reductions over axes, the positions of extrema, and running sums and products."""

import math

import numpy as np
import torch

INF, NAN = math.inf, math.nan


def over(reduce):
    """A torch reduction with `axes` as attribute; PyTorch reads an empty list as all axes."""
    return lambda x, axes: reduce(x, dim=axes) if axes else x.clone()


def product(x, axes):
    for axis in reversed(axes):
        x = torch.prod(x, dim=axis)
    return x if axes else x.clone()


def plain(reduce):
    """A NumPy reduction that keeps the dtype (NumPy's widens integer sums)."""
    return lambda x, axes: np.asarray(reduce(x, axis=tuple(axes))).astype(x.dtype)


def running(accumulate):
    def apply(x, axis, reverse):
        return accumulate(x.flip(axis), dim=axis).flip(axis) if reverse else accumulate(x, dim=axis)

    return apply


def running_plain(accumulate):
    def apply(x, axis, reverse):
        x = np.flip(x, axis) if reverse else x
        out = accumulate(x, axis=axis).astype(x.dtype)
        return np.ascontiguousarray(np.flip(out, axis) if reverse else out)

    return apply


REDUCTIONS = {
    "sum": (over(torch.sum), plain(np.sum)),
    "prod": (product, plain(np.prod)),
    "max": (over(torch.amax), plain(np.max)),
    "min": (over(torch.amin), plain(np.min)),
}


def cases(family):
    for name, (reference, numpy_reference) in REDUCTIONS.items():
        op = family.op(name, reference, numpy_reference)
        op.case(np.array(-2.5), axes=[])
        op.case(op.normal(1), axes=[0])
        op.case(op.normal(7), axes=[0])
        op.case(op.normal(2, 3), axes=[])
        op.case(op.normal(2, 3), axes=[0])
        op.case(op.normal(3, 4), axes=[1])
        op.case(op.normal(2, 3), axes=[0, 1])
        op.case(op.normal(2, 1, 3), axes=[1])
        op.case(op.normal(2, 3, 2, 2), axes=[0, 2])
        op.case(op.normal(2, 3, 1, 2), axes=[1, 2, 3])
        op.case(op.normal(0, 3), axes=[1])
        op.case(np.array([[1, NAN, 2], [INF, -1, 2], [INF, -INF, 1]]), axes=[1], gradient=False)
        op.case(op.integers(-5, 6, (2, 3)), axes=[1])
        op.case(np.array([3, 1, 2], dtype=np.uint8), axes=[0])
        if name in ("sum", "prod"):
            op.case(op.normal(2, 0, 3), axes=[1])
            op.case(op.normal(0), axes=[0])
            op.case(op.integers(-5, 6, (2, 0)), axes=[1])
        if name == "prod":
            op.case(np.array([[2.0, 0, 3], [0, 1.5, 0], [1, -2, 4]]), axes=[1])
            op.case(np.array([[2.0, 0, 3], [4, 1.5, -1]]), axes=[0, 1])
        if name in ("max", "min"):
            op.case(np.array([[1.0, 3, 3], [2, 2, 2], [0, 5, -1], [-1, 4, -1]]), axes=[1], smooth=False)
            op.case(np.array([[1.0, 3, 3], [3, 1, 1]]), axes=[0, 1], smooth=False)

    for name, reduce in {"any": np.any, "all": np.all}.items():
        op = family.op(name, None, plain(reduce))
        op.case(np.array(True), axes=[])
        op.case(op.booleans(2, 3), axes=[])
        op.case(np.array([[True, False], [False, False], [True, True]]), axes=[1])
        op.case(np.array([[True, False], [True, False]]), axes=[0])
        op.case(op.booleans(2, 1, 2, 2), axes=[0, 3])
        op.case(op.booleans(2, 0, 3), axes=[1])
        op.case(op.booleans(2, 3), axes=[0, 1])

    for name, find in {"argmax": np.argmax, "argmin": np.argmin}.items():
        op = family.op(name, None, lambda x, axis, find=find: np.asarray(find(x, axis=axis)))
        op.case(op.normal(1), axis=0)
        op.case(op.normal(7), axis=0)
        op.case(op.normal(2, 3), axis=0)
        op.case(op.normal(2, 3, 1, 2), axis=1)
        op.case(np.array([[1.0, 3, 3], [2, 2, 2], [-1, 4, -1]]), axis=1)
        op.case(np.array([[1.0, 3, 3], [1, 3, -3]]), axis=0)
        op.case(np.array([-INF, INF, INF, -INF]), axis=0)
        op.case(op.normal(0, 3), axis=1)
        op.case(op.integers(-5, 6, (2, 4)), axis=1)

    for name, (reference, numpy_reference) in {
        "cumsum": (torch.cumsum, np.cumsum),
        "cumprod": (torch.cumprod, np.cumprod),
    }.items():
        op = family.op(name, running(reference), running_plain(numpy_reference))
        for reverse in (False, True):
            op.case(op.normal(5), axis=0, reverse=reverse)
            op.case(op.normal(2, 3), axis=0, reverse=reverse)
            op.case(op.normal(2, 1, 3), axis=2, reverse=reverse)
            op.case(op.integers(-4, 5, (2, 3)), axis=1, reverse=reverse)
        op.case(op.normal(1), axis=0, reverse=False)
        op.case(op.normal(2, 1, 3), axis=1, reverse=True)
        op.case(op.normal(2, 2, 2, 2), axis=1, reverse=False)
        op.case(op.normal(2, 0, 3), axis=1, reverse=False)
        if name == "cumprod":
            op.case(np.array([2.0, 0, 3, 4, 0, 5]), axis=0, reverse=False)
            op.case(np.array([[2.0, 0, 3], [1, 2, 0]]), axis=1, reverse=True)
