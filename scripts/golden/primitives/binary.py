"""Elementwise operations of two sources of one shape and dtype, and `where`."""

import math

import numpy as np
import torch
from scipy import special

INF, NAN = math.inf, math.nan
SHAPES = [(), (1,), (5,), (2, 1, 3), (1, 2, 1, 2), (2, 0, 3)]


def divide(a, b):
    """True division of floats; of integers the quotient, truncated."""
    if a.dtype == np.float64:
        return np.divide(a, b)
    a64, b64 = a.astype(np.int64), b.astype(np.int64)
    return (np.sign(a64) * np.sign(b64) * (np.abs(a64) // np.abs(b64))).astype(a.dtype)


# name: torch, NumPy, where gradients are asked for (both sources), special values
REAL = {
    "add": (torch.add, np.add, (-9, 9), (-9, 9), ([INF, INF, NAN, 1e308, 0, 1], [1, -INF, 1, 1e308, -0.0, 1e-17])),
    "sub": (torch.sub, np.subtract, (-9, 9), (-9, 9), ([INF, INF, NAN, -1e308, 0, 1], [1, INF, 1, 1e308, 0, 1e-17])),
    "mul": (torch.mul, np.multiply, (-9, 9), (-9, 9), ([INF, INF, NAN, 1e200, 0, 1e-200], [-1, 0, 0, 1e200, -3, 1e-200])),
    "div": (torch.div, divide, (-9, 9), (0.5, 9), ([1, -1, 0, 1, 1, INF, 3, 1e300], [0, 0, 0, -0.0, INF, INF, -7, 1e-300])),
    "pow": (torch.pow, np.power, (0.2, 4), (-3, 3), ([0, 0, 0, -2, -2, -2, INF, 1e200, NAN, 4, 0.5], [0, 2, -1, 3, -2, 0.5, -1, 2, 0, INF, INF])),
    "mod": (torch.remainder, np.mod, (-9, 9), (0.7, 4), ([7, -7, 7, -7, 5.5, -5.5, 4, NAN, 1, INF], [3, 3, -3, -3, 2, 2, 2, 1, 0, 2])),
    "maximum": (torch.maximum, np.maximum, (-9, 9), (-9, 9), ([NAN, 1, INF, -INF, 2], [1, NAN, 3, -3, 2])),
    "minimum": (torch.minimum, np.minimum, (-9, 9), (-9, 9), ([NAN, 1, INF, -INF, 2], [1, NAN, 3, -3, 2])),
    "atan2": (torch.atan2, np.arctan2, (-9, 9), (-9, 9), ([0, 0, -0.0, 1, -1, INF, -INF, NAN, 1e-300], [1, -1, -1, 0, 0, INF, -INF, 1, 1e300])),
    "xlogy": (torch.xlogy, special.xlogy, (-4, 4), (0.1, 9), ([0, 0, 0, 1, 2, 0, NAN], [0, -1, INF, 0, -1, NAN, 1])),
}

COMPARISONS = {
    "equal": np.equal,
    "notEqual": np.not_equal,
    "less": np.less,
    "lessEqual": np.less_equal,
    "greater": np.greater,
    "greaterEqual": np.greater_equal,
}
LOGIC = {"logicalAnd": np.logical_and, "logicalOr": np.logical_or, "logicalXor": np.logical_xor}
BITS = {"bitwiseAnd": np.bitwise_and, "bitwiseOr": np.bitwise_or, "bitwiseXor": np.bitwise_xor}
SHIFTS = {"leftShift": np.left_shift, "rightShift": np.right_shift}


def cases(family):
    arithmetic(family)
    comparisons(family)
    bits(family)
    where(family)


def arithmetic(family):
    for name, (reference, plain, a_range, b_range, specials) in REAL.items():
        op = family.op(name, reference, plain)
        for shape in SHAPES:
            op.case(op.uniform(*a_range, shape), op.uniform(*b_range, shape))
        op.case(*np.array(specials, dtype=np.float64), gradient=False)

        if name in ("div", "mod"):
            op.case(op.uniform(-9, 9, (4,)), -op.uniform(0.7, 4, (4,)))
        if name in ("maximum", "minimum"):
            op.case(np.array([1.0, 2, -3, 0]), np.array([1.0, 5, -3, -1]), smooth=False)
        if name == "pow":
            op.case(np.array([-2.0, -1.5, 3, 2]), np.array([3.0, 2, -2, 0]), wrt=[0])
            op.case(np.array([0.0, 0, 0, 2]), np.array([2.0, 1, 0, 0]), smooth=False)
        if name == "xlogy":
            op.case(np.array([0.0, 0, 2]), np.array([2.0, 0.5, 1]))

        if name == "pow":
            op.case(np.array([2, -3, 0, -1, 7], dtype=np.int32), np.array([10, 3, 0, 9, 1], dtype=np.int32))
            op.case(np.array([2, 3, 0], dtype=np.uint8), np.array([7, 5, 3], dtype=np.uint8))
        elif name in ("div", "mod"):
            signs = np.array([7, -7, 7, -7, 6, 0], dtype=np.int32), np.array([2, 2, -2, -2, 3, 5], dtype=np.int32)
            op.case(*signs)
            op.case(np.array([200, 7], dtype=np.uint8), np.array([3, 255], dtype=np.uint8))
            op.case(np.array([4294967295, 7], dtype=np.uint32), np.array([10, 4294967295], dtype=np.uint32))
        elif name not in ("atan2", "xlogy"):
            op.case(np.array([[2147483647, -5, 65536]], dtype=np.int32), np.array([[1, 3, 65537]], dtype=np.int32))
            op.case(np.array([200, 7], dtype=np.uint8), np.array([100, 9], dtype=np.uint8))
            op.case(np.array([4294967295, 7], dtype=np.uint32), np.array([2, 9], dtype=np.uint32))


def comparisons(family):
    for name, plain in COMPARISONS.items():
        op = family.op(name, None, plain)
        op.case(np.array([1, 2, 0, NAN, NAN, INF, -INF]), np.array([1, 1, -0.0, NAN, 1, INF, INF]))
        op.case(np.array(1.5), np.array(2.5))
        op.case(op.integers(-2, 2, (2, 1, 3)), op.integers(-2, 2, (2, 1, 3)))
        op.case(np.array([4294967295, 0], dtype=np.uint32), np.array([1, 0], dtype=np.uint32))
        op.case(np.array([[200], [3]], dtype=np.uint8), np.array([[100], [3]], dtype=np.uint8))
        op.case(op.normal(2, 0, 3), op.normal(2, 0, 3))
    for name, plain in LOGIC.items():
        op = family.op(name, None, plain)
        op.case(np.array([True, True, False, False]), np.array([True, False, True, False]))
        for shape in [(), (1,), (2, 1, 3), (1, 2, 2, 1), (2, 0, 3)]:
            op.case(op.booleans(*shape), op.booleans(*shape))


def bits(family):
    for name, plain in BITS.items():
        op = family.op(name, None, plain)
        op.case(np.array([5, -1, -8, 2147483647], dtype=np.int32), np.array([3, 255, 7, -2147483648], dtype=np.int32))
        op.case(np.array([4294967295, 2863311530], dtype=np.uint32), np.array([1, 3435973836], dtype=np.uint32))
        op.case(np.array([[204, 15]], dtype=np.uint8), np.array([[170, 240]], dtype=np.uint8))
        op.case(np.array(12, dtype=np.int32), np.array(10, dtype=np.int32))
        op.case(op.integers(0, 9, (2, 0, 3)), op.integers(0, 9, (2, 0, 3)))
    for name, plain in SHIFTS.items():
        op = family.op(name, None, plain)
        op.case(np.array([1, 1, -1, -8, 2147483647, -7], dtype=np.int32), np.array([0, 31, 4, 1, 3, 31], dtype=np.int32))
        op.case(np.array([1, 4294967295, 4294967295], dtype=np.uint32), np.array([31, 4, 31], dtype=np.uint32))
        op.case(np.array([[1, 200, 255]], dtype=np.uint8), np.array([[7, 1, 4]], dtype=np.uint8))
        op.case(np.array(12, dtype=np.int32), np.array(2, dtype=np.int32))
        op.case(op.integers(0, 9, (2, 0, 3)), op.integers(0, 9, (2, 0, 3)))


def where(family):
    op = family.op("where", torch.where, np.where)
    for shape in SHAPES:
        op.case(op.booleans(*shape), op.normal(*shape), op.normal(*shape))
    op.case(np.array([True, False, True]), np.array([1.0, NAN, 2]), np.array([INF, 3.0, NAN]), smooth=False)
    op.case(op.booleans(2, 3), op.integers(-9, 9, (2, 3)), op.integers(-9, 9, (2, 3)))
    op.case(op.booleans(4), op.booleans(4), op.booleans(4))
