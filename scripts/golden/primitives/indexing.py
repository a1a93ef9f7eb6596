"""gather, scatter, sort, argsort, iota."""

import math

import numpy as np
import torch

from golden import DTYPES
from references import stable_order


def gather(x, index, axis):
    picked = torch.index_select(x, axis, index.reshape(-1).long())
    return picked.reshape([*x.shape[:axis], *index.shape, *x.shape[axis + 1 :]])


def scatter(x, index, updates, axis, mode):
    """x.at[…, index, …].set or .add; of several updates of one place the last is set."""
    flat = index.reshape(-1).long()
    updates = updates.reshape([*x.shape[:axis], flat.numel(), *x.shape[axis + 1 :]])
    if mode == "add":
        return torch.index_add(x, axis, flat, updates)
    last = {place: k for k, place in enumerate(flat.tolist())}
    slots = [last.get(place, -1) for place in range(x.shape[axis])]
    parts = [(x if k < 0 else updates).narrow(axis, place if k < 0 else k, 1) for place, k in enumerate(slots)]
    return torch.cat(parts, axis)


def scatter_plain(x, index, updates, axis, mode):
    out = np.moveaxis(x.copy(), axis, 0)
    flat = index.reshape(-1)
    rows = np.moveaxis(updates.reshape(*x.shape[:axis], flat.size, *x.shape[axis + 1 :]), axis, 0)
    for k, place in enumerate(flat):
        out[place] = rows[k] if mode == "set" else out[place] + rows[k]
    return np.ascontiguousarray(np.moveaxis(out, 0, axis))


def argsort_plain(x, axis, descending):
    keys = x if x.dtype == np.float64 else x.astype(np.int64)
    return np.argsort(-keys if descending else keys, axis=axis, kind="stable")


def sort_plain(x, axis, descending):
    return np.take_along_axis(x, argsort_plain(x, axis, descending), axis)


def sort(x, axis, descending):
    return torch.gather(x, axis, stable_order(x, axis, descending))


def cases(family):
    i32 = lambda *values: np.array(*values, dtype=np.int32)

    op = family.op("gather", gather, lambda x, index, axis: np.take(x, index, axis))
    op.case(op.normal(1), i32(0), axis=0)
    op.case(op.normal(5), i32(3), axis=0)
    op.case(op.normal(5), i32([4, 0, 4, 2]), axis=0)
    op.case(op.normal(3, 2), i32([[2, 0], [1, 2]]), axis=0)
    op.case(op.normal(2, 3), i32([[1], [1]]), axis=1)
    op.case(op.normal(2, 4, 1, 2), i32([3, 3, 0]), axis=1)
    op.case(op.normal(2, 3), i32([]), axis=1)
    op.case(op.normal(0, 3), i32([2, 0]), axis=1)
    op.case(op.integers(-9, 9, (2, 3)), i32([2, 0]), axis=1)
    op.case(op.booleans(3), i32([1, 1, 0]), axis=0)

    op = family.op("scatter", scatter, scatter_plain)
    for mode in ("set", "add"):
        for shape, index, axis in [
            ((5,), i32(2), 0),
            ((5,), i32([4, 0]), 0),
            ((5,), i32([1, 3, 1, 1]), 0),
            ((1,), i32([0, 0]), 0),
            ((3, 2), i32([[2, 0], [2, 2]]), 0),
            ((2, 3), i32([[1], [1]]), 1),
            ((2, 3, 1, 2), i32([2, 0]), 1),
            ((2, 3), i32([]), 1),
            ((0, 3), i32([1]), 1),
        ]:
            updates = op.normal(*shape[:axis], *index.shape, *shape[axis + 1 :])
            op.case(op.normal(*shape), index, updates, axis=axis, mode=mode)
        op.case(op.integers(-9, 9, (4,)), i32([1, 1, 3]), i32([5, 6, 7]), axis=0, mode=mode)

    ties = np.array([[2.0, 1, 2, 1, 3], [0, 0, 0, 0, 0]])
    for name, reference, plain in [("sort", sort, sort_plain), ("argsort", None, argsort_plain)]:
        op = family.op(name, reference, plain)
        for descending in (False, True):
            op.case(op.normal(1), axis=0, descending=descending)
            op.case(op.normal(7), axis=0, descending=descending)
            op.case(op.normal(3, 2), axis=0, descending=descending)
            op.case(op.normal(2, 3, 1, 2), axis=1, descending=descending)
            op.case(ties, axis=1, descending=descending, smooth=False)
            op.case(np.array([1, math.inf, -1, -math.inf, 0]), axis=0, descending=descending, gradient=False)
            op.case(op.normal(2, 0), axis=1, descending=descending)
            op.case(op.integers(-3, 4, (2, 5)), axis=1, descending=descending)
            op.case(op.integers(0, 255, (5,), "u8"), axis=0, descending=descending)
        op.case(np.array([2.0, math.nan, 1, math.nan, math.inf]), axis=0, descending=False, gradient=False)

    op = family.op("iota", None, lambda size, dtype: np.arange(size).astype(DTYPES[dtype]))
    for size, dtype in [(5, "f64"), (5, "i32"), (3, "u32"), (7, "u8"), (1, "i32"), (0, "f64")]:
        op.case(size=size, dtype=dtype)
