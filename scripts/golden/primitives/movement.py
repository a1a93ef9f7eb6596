"""Operations that move elements and compute nothing."""

import math

import numpy as np
import torch


def span(start, stop, step):
    return tuple(slice(a, b, c) for a, b, c in zip(start, stop, step))


def pad(x, low, high, interior, value):
    """XLA's pad: `interior` elements between neighbours, `low` and `high` at the edges."""
    sizes = [lo + max(n + (n - 1) * gap, 0) + hi for n, lo, hi, gap in zip(x.shape, low, high, interior)]
    places = tuple(slice(lo, lo + max(n + (n - 1) * gap, 0), gap + 1) for n, lo, gap in zip(x.shape, low, interior))
    out = np.full(sizes, value, x.dtype) if isinstance(x, np.ndarray) else torch.full(sizes, value, dtype=x.dtype)
    out[places] = x
    return out


def cases(family):
    op = family.op("reshape", lambda x, shape: x.reshape(shape), lambda x, shape: x.reshape(shape))
    for before, after in [
        ((), (1,)),
        ((1,), ()),
        ((6,), (2, 3)),
        ((2, 3), (3, 1, 2)),
        ((2, 1, 2, 3), (4, 3)),
        ((2, 0, 3), (0,)),
        ((0, 2), (3, 0)),
    ]:
        op.case(op.normal(*before), shape=list(after))
    op.case(op.integers(0, 9, (2, 3)), shape=[3, 2])
    op.case(op.booleans(4), shape=[2, 2])

    op = family.op("permute", lambda x, axes: x.permute(axes), lambda x, axes: x.transpose(axes))
    for shape, axes in [
        ((), []),
        ((3,), [0]),
        ((2, 3), [1, 0]),
        ((2, 3), [0, 1]),
        ((2, 1, 3), [2, 0, 1]),
        ((2, 3, 1, 2), [3, 1, 0, 2]),
        ((2, 0, 3), [1, 2, 0]),
    ]:
        op.case(op.normal(*shape), axes=axes)
    op.case(op.integers(0, 9, (2, 3), "u8"), axes=[1, 0])

    op = family.op("expand", lambda x, shape: x.expand(shape), lambda x, shape: np.broadcast_to(x, shape))
    for before, after in [
        ((), ()),
        ((), (3,)),
        ((), (2, 2)),
        ((1,), (4,)),
        ((3,), (2, 3)),
        ((2, 1), (2, 3)),
        ((2, 1, 2), (2, 2, 3, 2)),
        ((1, 3), (0, 3)),
        ((1,), (2, 0, 1)),
    ]:
        op.case(op.normal(*before), shape=list(after))
    op.case(op.integers(0, 9, (2, 1)), shape=[2, 2])
    op.case(op.booleans(2), shape=[3, 2])

    op = family.op("slice", lambda x, **at: x[span(**at)], lambda x, **at: x[span(**at)])
    for shape, start, stop, step in [
        ((), [], [], []),
        ((1,), [0], [1], [1]),
        ((7,), [1], [6], [2]),
        ((7,), [0], [7], [3]),
        ((5,), [2], [2], [1]),
        ((3, 4), [1, 0], [3, 4], [1, 3]),
        ((2, 3, 2, 3), [0, 1, 1, 0], [2, 3, 2, 3], [1, 1, 1, 2]),
        ((2, 0, 3), [1, 0, 0], [2, 0, 2], [1, 1, 1]),
    ]:
        op.case(op.normal(*shape), start=start, stop=stop, step=step)
    op.case(op.integers(0, 9, (4, 2)), start=[1, 0], stop=[4, 1], step=[2, 1])

    op = family.op("pad", pad, pad)
    for shape, low, high, interior, value in [
        ((), [], [], [], 0.0),
        ((1,), [2], [1], [3], 0.0),
        ((3,), [1], [2], [0], -1.5),
        ((3,), [0], [0], [2], 0.0),
        ((2, 3), [1, 0], [0, 2], [1, 0], 0.0),
        ((2, 3), [0, 1], [2, 0], [2, 1], -math.inf),
        ((2, 1, 2, 1), [0, 1, 0, 0], [1, 0, 0, 2], [0, 0, 1, 0], 7.0),
        ((2, 0), [1, 1], [0, 2], [0, 1], 3.0),
        ((2, 3), [0, 0], [0, 0], [0, 0], 0.0),
    ]:
        op.case(op.normal(*shape), low=low, high=high, interior=interior, value=value, smooth=math.isfinite(value))
    op.case(op.integers(1, 9, (2, 2)), low=[1, 0], high=[0, 1], interior=[0, 1], value=-1)
    op.case(op.integers(1, 9, (3,), "u8"), low=[1], high=[0], interior=[1], value=255)

    op = family.op("flip", lambda x, axes: x.flip(axes), lambda x, axes: np.flip(x, tuple(axes)))
    for shape, axes in [
        ((), []),
        ((1,), [0]),
        ((5,), [0]),
        ((2, 3), [0]),
        ((2, 3), [0, 1]),
        ((2, 3), []),
        ((2, 1, 2, 3), [1, 3]),
        ((2, 0, 3), [2]),
    ]:
        op.case(op.normal(*shape), axes=axes)
    op.case(op.integers(0, 9, (2, 3)), axes=[1])

    op = family.op("concat", lambda *xs, axis: torch.cat(xs, axis), lambda *xs, axis: np.concatenate(xs, axis))
    for shapes, axis in [
        ([(3,)], 0),
        ([(1,), (3,)], 0),
        ([(2, 1), (2, 3), (2, 2)], 1),
        ([(1, 2), (2, 2)], 0),
        ([(2, 1, 2, 1), (2, 3, 2, 1)], 1),
        ([(0, 2), (1, 2)], 0),
        ([(2, 0), (2, 0)], 0),
    ]:
        op.case(*(op.normal(*shape) for shape in shapes), axis=axis)
    op.case(op.integers(0, 9, (2,)), op.integers(0, 9, (3,)), axis=0)
    op.case(op.booleans(2, 1), op.booleans(2, 2), axis=1)
