"""Reductions by the public signature: (x, axis, options)."""

import numpy as np
import torch

from references import stable_order


def reducer(name):
    def apply(x, axis=None, options={}):
        keep = options.get("keepDims", False)
        axes = list(range(x.ndim)) if axis is None else axis if isinstance(axis, list) else [axis]
        # One axis at a time, from the last; all torch reductions take one.
        for i in sorted((a % x.ndim for a in axes), reverse=True):
            x = {
                "sum": torch.sum,
                "prod": torch.prod,
                "max": torch.amax,
                "min": torch.amin,
            }[name](x, dim=i, keepdim=keep)
        return x

    return apply


def plain_reducer(reduce):
    def apply(x, axis=None, options={}):
        axis = tuple(axis) if isinstance(axis, list) else axis
        return np.asarray(reduce(x, axis=axis, keepdims=options.get("keepDims", False)))

    return apply


def wide(reduce, dtypes):
    """NumPy widens sums to 64 bits; the library to 32."""

    def apply(x, axis=None, options={}):
        return plain_reducer(reduce)(x.astype(dtypes.get(x.dtype.type, x.dtype)), axis, options).astype(
            dtypes.get(x.dtype.type, x.dtype)
        )

    return apply


def cumulate(reduce, plain):
    def torch_form(x, axis, options={}):
        turn = lambda t: torch.flip(t, [axis]) if options.get("reverse") else t
        return turn(reduce(turn(x), axis))

    def numpy_form(x, axis, options={}):
        turn = lambda t: np.flip(t, axis) if options.get("reverse") else t
        return np.array(turn(plain(turn(x), axis)))

    return torch_form, numpy_form


def cases(family):
    for name, plain in [("sum", np.sum), ("prod", np.prod), ("max", np.max), ("min", np.min)]:
        op = family.op(name, reducer(name), plain_reducer(plain))
        op.case(op.normal())
        op.case(op.normal(2, 3))
        op.case(op.normal(7), 0)
        op.case(op.normal(2, 3), -1)
        op.case(op.normal(2, 3, 2), [0, 2])
        op.case(op.normal(2, 3), 0, {"keepDims": True})
        op.case(op.normal(2, 1, 2, 3), [-1, 1], {"keepDims": True})
        op.case(np.array([1.0, np.nan, 2.0]), gradient=False)
        if name in ("sum", "prod"):
            op.case(op.normal(0), gradient=False)
            op = family.op(name, None, wide(plain, {np.uint8: np.uint32, np.bool_: np.int32}))
            op.case(np.array([200, 100, 3], dtype=np.uint8))
            op.case(np.array([[True, False], [True, True]]), 0)
            op.case(np.array([5, -7], dtype=np.int32))
        else:
            op.case(np.array([[200, 100], [3, 4]], dtype=np.uint8), 1)

    op = family.op("prod", reducer("prod"), plain_reducer(np.prod))
    op.case(np.array([[2.0, 0.0, 3.0], [0.0, 0.0, 1.0]]), 1)

    op = family.op("cumprod", *cumulate(torch.cumprod, np.cumprod))
    op.case(op.normal(5), 0)
    op.case(op.normal(2, 3), -1)
    op.case(op.normal(2, 3, 2), 1)
    op.case(op.normal(4), 0, {"reverse": True})
    op.case(np.array([2.0, 0.0, 3.0, 4.0]), 0)

    op = family.op("cumsum", *cumulate(torch.cumsum, np.cumsum))
    op.case(op.normal(2, 3), 0, {"reverse": True})
    op.case(op.normal(2, 3), -1, {"reverse": True})

    def order(x, axis=-1, options={}):
        return stable_order(x, axis, options.get("descending", False))

    op = family.op("argsort", order)
    op.case(op.normal(6))
    op.case(op.normal(3, 4), 0)
    op.case(op.normal(2, 5), -1, {"descending": True})
    op.case(np.array([2.0, 1.0, 2.0, 1.0]), 0)
    op.case(np.array([2.0, 1.0, 2.0, 1.0]), 0, {"descending": True})

    def axes_of(x, axis):
        return tuple(axis) if isinstance(axis, list) else axis

    def quantile(x, q, axis=None, options={}):
        keep = options.get("keepDims", False)
        if isinstance(axis, list):
            kept = [i for i in range(x.ndim) if i not in [a % x.ndim for a in axis]]
            flat = x.permute(*kept, *axis).reshape(*[x.shape[i] for i in kept], -1)
            return torch.quantile(flat, q, dim=-1)
        return torch.quantile(x, q, dim=axis, keepdim=keep and axis is not None)

    def quantile_plain(x, q, axis=None, options={}):
        return np.asarray(np.quantile(x, q, axis=axes_of(x, axis), keepdims=options.get("keepDims", False)))

    op = family.op("quantile", quantile, quantile_plain)
    op.case(op.normal(7), 0.25)
    op.case(op.normal(2, 5), 0.9, 1)
    op.case(op.normal(4), 0)
    op.case(op.normal(4), 1)
    op.case(op.normal(3, 4), 0.3, 0, {"keepDims": True})
    op.case(op.normal(2, 3, 2), 0.7, [0, 2])
    op.case(np.array([1.0, np.nan, 2.0]), 0.5, gradient=False)

    op = family.op("median", lambda x, axis=None, options={}: quantile(x, 0.5, axis, options),
                   lambda x, axis=None, options={}: quantile_plain(x, 0.5, axis, options))
    op.case(op.normal(5))
    op.case(op.normal(6))
    op.case(op.normal(2, 4), -1)
    op.case(op.normal(3, 2), 0, {"keepDims": True})
    op.case(np.array([1.0, np.nan, 2.0]), gradient=False)
