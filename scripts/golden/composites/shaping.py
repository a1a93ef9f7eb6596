"""Joining, splitting, repeating, diagonals, ranges, sliding windows."""

import numpy as np
import torch

from references import windows


def split(x, sizes, axis):
    if isinstance(sizes, int):
        sizes = [x.shape[axis] // sizes] * sizes
    return list(torch.split(x, sizes, axis))


def split_plain(x, sizes, axis):
    return np.split(x, sizes if isinstance(sizes, int) else np.cumsum(sizes)[:-1], axis)


def sliding_windows(x, size, options={}):
    return windows(x, [options.get("axis", -1)], [size], [options.get("stride", 1)], [1])


def cases(family):
    op = family.op("stack", torch.stack, np.stack)
    op.case([op.normal(), op.normal()], 0)
    op.case([op.normal(3), op.normal(3)], 0)
    op.case([op.normal(2, 2), op.normal(2, 2), op.normal(2, 2)], 1)
    op.case([op.normal(2, 3), op.normal(2, 3)], -1)

    op = family.op("split", split, split_plain)
    op.case(op.normal(6), 3, 0)
    op.case(op.normal(2, 4), 2, -1)
    op.case(op.normal(6), [1, 3, 2], 0)
    op.case(op.normal(2, 5, 1), [5], 1)
    op.case(op.normal(2, 3), [0, 3], 1)

    op = family.op("tile", lambda x, reps: torch.tile(x, reps), np.tile)
    op.case(op.normal(3), [2])
    op.case(op.normal(2, 3), [2, 1])
    op.case(op.normal(1, 2), [3, 2])
    op.case(op.normal(2, 1, 2), [1, 3, 2])

    op = family.op("repeat", lambda x, n, axis: torch.repeat_interleave(x, n, axis), np.repeat)
    op.case(op.normal(3), 2, 0)
    op.case(op.normal(2, 3), 3, -1)
    op.case(op.normal(2, 1, 2), 2, 1)
    op.case(op.normal(2, 2), 1, 0)

    op = family.op("diag", lambda x, k=0: torch.diag(x, k), lambda x, k=0: np.diag(x, k))
    op.case(op.normal(3))
    op.case(op.normal(2), 1)
    op.case(op.normal(2), -2)
    op.case(op.normal(3, 3))
    op.case(op.normal(2, 4), 1)
    op.case(op.normal(4, 2), -1)

    for name, reference, plain in [("tril", torch.tril, np.tril), ("triu", torch.triu, np.triu)]:
        op = family.op(name, reference, plain)
        op.case(op.normal(3, 3))
        op.case(op.normal(2, 4), 1)
        op.case(op.normal(4, 2), -1)
        op.case(op.normal(2, 2, 3), 0)

    op = family.op("linspace", None, np.linspace)
    for arguments in [(0, 1, 5), (-2, 3.5, 4), (5, 1, 3), (2, 2, 2), (3, 9, 1)]:
        op.case(*arguments)
    op = family.op("arange", None, lambda *ends: np.arange(*map(float, ends)))
    for arguments in [(0, 5, 1), (2, 9, 3), (5, 0, -2), (0, 1, 0.25), (1, 1, 1)]:
        op.case(*arguments)
    op = family.op("eye", None, np.eye)
    for arguments in [(3, 3, 0), (2, 4, 1), (4, 2, -1), (1, 1, 0), (2, 3, 5)]:
        op.case(*arguments)

    op = family.op("slidingWindows", sliding_windows)
    op.case(op.normal(5), 3, {"axis": 0})
    op.case(op.normal(7), 2, {"axis": 0, "stride": 2})
    op.case(op.normal(4, 2), 3, {"axis": 0})
    op.case(op.normal(2, 6), 2, {"axis": -1, "stride": 3})
