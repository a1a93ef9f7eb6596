"""Means, spreads, norms, clip."""

import numpy as np
import torch


def listed(axis):
    return axis if axis is None or isinstance(axis, list) else [axis]


def mean(x, axis=None, options={}):
    keep = options.get("keepDims", False)
    return x.mean() if axis is None else x.mean(dim=axis, keepdim=keep)


def variance(x, axis=None, options={}):
    axis, keep = listed(axis), options.get("keepDims", False)
    return torch.var(x, dim=axis, correction=options.get("ddof", 0), keepdim=keep)


def std(x, axis=None, options={}):
    return torch.sqrt(variance(x, axis, options))


def norm(x, axis=None, options={}):
    order = {1: 1, 2: 2, "inf": float("inf"), "fro": 2}[options.get("ord", 2)]
    return torch.linalg.vector_norm(x, order, dim=axis, keepdim=options.get("keepDims", False))


def spread(reduce):
    """The NumPy form of the same call."""

    def apply(x, axis=None, options={}):
        axis = tuple(axis) if isinstance(axis, list) else axis
        known = {"ddof": "ddof", "keepDims": "keepdims"}
        return reduce(x, axis=axis, **{known[key]: value for key, value in options.items()})

    return apply


def cases(family):
    op = family.op("mean", mean, spread(np.mean))
    op.case(np.array(2.5))
    op.case(op.normal(2, 3))
    op.case(op.normal(7), 0)
    op.case(op.normal(2, 3), -1)
    op.case(op.normal(2, 3, 2), [0, 2])
    op.case(op.normal(2, 3), 0, {"keepDims": True})
    op.case(op.normal(2, 1, 2, 3), [-1, 1], {"keepDims": True})
    op.case(op.normal(0), gradient=False)
    op.case(np.array([1.0, np.nan]), gradient=False)

    for name, reference, plain in [("variance", variance, np.var), ("std", std, np.std)]:
        op = family.op(name, reference, spread(plain))
        op.case(op.normal(2, 3))
        op.case(op.normal(7), 0)
        op.case(op.normal(2, 3), -1)
        op.case(op.normal(4), 0, {"ddof": 1})
        op.case(op.normal(2, 3, 2), [0, 2], {"ddof": 1})
        op.case(op.normal(3, 2), 0, {"ddof": 0, "keepDims": True})
        op.case(np.round(op.normal(4) + 1e6, 3), 0, gradient=False)
    family.op("variance", variance, spread(np.var)).case(np.array([2.0, 2.0, 2.0]), 0)

    op = family.op("norm", norm)
    op.case(np.array([3.0, -4.0]))
    op.case(op.normal(2, 3))
    op.case(op.normal(2, 3), 1)
    op.case(op.normal(2, 3, 2), [0, 2])
    for order in (1, 2, "inf"):
        op.case(op.normal(5), 0, {"ord": order})
        op.case(op.normal(2, 3), -1, {"ord": order})
    op.case(op.normal(2, 3), [0, 1], {"ord": "fro"})
    op.case(op.normal(2, 3, 2), [1, 2], {"ord": "fro"})
    op.case(np.array([[0.0, 0.0], [3.0, 4.0]]), 1, smooth=False)

    op = family.op("clip", lambda x, low, high: torch.clamp(x, low, high), np.clip)
    op.case(np.array(3.0), -1, 1)
    op.case(op.normal(5), -0.5, 0.5)
    op.case(op.normal(2, 1, 3), 0, 10)
    op.case(np.array([-1.0, 1.0, 0.0, -1.5, 2.0]), -1, 1, smooth=False)
    op.case(np.array([np.inf, -np.inf, np.nan]), -1, 1, gradient=False)
