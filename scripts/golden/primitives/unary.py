"""Elementwise operations of one source."""

import math

import numpy as np
import torch
from scipy import special

from references import elementary

INF, NAN = math.inf, math.nan
SHAPES = [(), (1,), (7,), (2, 1, 3), (1, 2, 1, 2), (2, 0, 3)]


def polygamma(order, x):
    """The derivative of order `order` of digamma; negative arguments by the recurrence."""
    x, shift = np.asarray(x, dtype=np.float64), 0.0
    while np.any(x < 0):
        term = (-1) ** order * math.factorial(order) * np.power(x, -order - 1.0)
        shift, x = np.where(x < 0, shift - term, shift), np.where(x < 0, x + 1, x)
    return special.polygamma(order, x) + shift


lgamma = elementary(special.gammaln, special.digamma)
# Their derivatives without cancellation.
expm1 = elementary(np.expm1, np.exp)
tanh = elementary(np.tanh, lambda x: np.cosh(x) ** -2.0)

# name: torch, NumPy, where gradients are asked for, special values
REAL = {
    "neg": (torch.neg, np.negative, (-10, 10), [0, -0.0, INF, -INF, NAN, 1e300, -5e-324]),
    "abs": (torch.abs, np.abs, (-10, 10), [0, -0.0, INF, -INF, NAN, -1e300, -5e-324]),
    "sign": (torch.sign, np.sign, (-3, 3), [0, INF, -INF, NAN, -1e-300, 1e300]),
    "floor": (torch.floor, np.floor, (-5, 5), [-0.5, 0.5, 2, -2, 1e300, INF, -INF, NAN, -0.0]),
    "ceil": (torch.ceil, np.ceil, (-5, 5), [-0.5, 0.5, 2, -2, 1e300, INF, -INF, NAN, -0.0]),
    "round": (torch.round, np.rint, (-5, 5), [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 3.5, 0.49999999999999994, 4503599627370497.5, INF, NAN]),
    "sqrt": (torch.sqrt, np.sqrt, (0.05, 20), [0, -0.0, INF, NAN, -1, 1e300, 1e-300, 5e-324]),
    "exp": (torch.exp, np.exp, (-5, 5), [0, -0.0, INF, -INF, NAN, 709, 710, -700, -746, 1e-20]),
    "expm1": (expm1, np.expm1, (-5, 5), [0, -0.0, INF, -INF, NAN, 709, 710, -50, 1e-20, -1e-9]),
    "log": (torch.log, np.log, (0.05, 20), [0, 1, INF, NAN, -1, 1e300, 1e-300, 5e-324, 1.0000000001]),
    "log1p": (torch.log1p, np.log1p, (-0.9, 10), [0, -0.0, -1, INF, NAN, -2, 1e300, 1e-20, -1e-9]),
    "sin": (torch.sin, np.sin, (-7, 7), [0, -0.0, INF, -INF, NAN, 100, -1000, 1e6, 1e-20]),
    "cos": (torch.cos, np.cos, (-7, 7), [0, -0.0, INF, -INF, NAN, 100, -1000, 1e6, 1e-20]),
    "tan": (torch.tan, np.tan, (-1.3, 1.3), [0, -0.0, INF, NAN, 3, 100, -1000, 1e6, 1e-20]),
    "asin": (torch.asin, np.arcsin, (-0.95, 0.95), [0, -0.0, 1, -1, 1.5, NAN, 1e-20, -0.999999]),
    "acos": (torch.acos, np.arccos, (-0.95, 0.95), [0, -0.0, 1, -1, 1.5, NAN, 1e-20, -0.999999]),
    "atan": (torch.atan, np.arctan, (-8, 8), [0, -0.0, INF, -INF, NAN, 1e20, -1e20, 1e-20]),
    "sinh": (torch.sinh, np.sinh, (-4, 4), [0, -0.0, INF, -INF, NAN, 710, -711, 1e-20, 0.01]),
    "cosh": (torch.cosh, np.cosh, (-4, 4), [0, -0.0, INF, -INF, NAN, 710, -711, 1e-20, 0.01]),
    "tanh": (tanh, np.tanh, (-3, 3), [0, -0.0, INF, -INF, NAN, 20, -400, 1e-20, 0.01]),
    "erf": (torch.erf, special.erf, (-3, 3), [0, -0.0, INF, -INF, NAN, 6, -6, 1e-20, 0.01]),
    "lgamma": (lgamma, special.gammaln, (0.1, 10), [0, -1, 1, 2, 0.5, 1.5, 100, 1e10, 1e-10, INF, NAN]),
}


def cases(family):
    for name, (reference, plain, (low, high), specials) in REAL.items():
        op = family.op(name, reference, plain)
        for shape in SHAPES:
            op.case(op.uniform(low, high, shape))
        op.case(np.array(specials, dtype=np.float64), gradient=False)
        if name in ("abs", "sign"):
            op.case(np.array([0.0, -2.0, 0.0, 3.0]), smooth=False)
        if name in ("neg", "abs", "sign"):
            op.case(op.integers(-9, 9, (2, 3)))
            op.case(np.array([0, -2147483647, 2147483647], dtype=np.int32))
        if name == "lgamma":
            op.case(np.array([-0.5, -1.7, -2.2, -3.6]))

    op = family.op("polygamma", lambda x, order: elementary(
        lambda v: polygamma(order, v), lambda v: polygamma(order + 1, v))(x))
    for order, shape in enumerate([(5,), (2, 1, 3), (4,), (1, 2, 2)]):
        op.case(op.uniform(0.3, 12, shape), order=order)
    op.case(np.array([-0.5, -1.7, -2.2]), order=0)
    op.case(np.array([-0.5, -1.7, -2.2]), order=1)
    op.case(np.array([-0.6, 0.25]), order=2)
    op.case(np.array([1.0, 0.5, 1e-3, 1e3, 1e8]), order=0, smooth=False)  # too steep for differences
    op.case(np.array(3.0), order=1)
    op.case(op.normal(2, 0, 3), order=0)

    values = np.array([0, -0.0, 1.5, INF, -INF, NAN, 1e308, -5e-324])
    for name, plain in {"isNaN": np.isnan, "isFinite": np.isfinite}.items():
        op = family.op(name, None, plain)
        op.case(values)
        op.case(values.reshape(2, 1, 2, 2))
        op.case(np.array(NAN))
        op.case(np.array([2.0]))
        op.case(op.normal(2, 0, 3))

    op = family.op("logicalNot", None, np.logical_not)
    for shape in SHAPES:
        op.case(op.booleans(*shape))

    op = family.op("bitwiseNot", None, np.invert)
    op.case(np.array([0, 1, -1, 255, 2147483647, -2147483648], dtype=np.int32))
    op.case(np.array([0, 1, 4294967295, 2147483648], dtype=np.uint32))
    op.case(np.array([[0, 1], [255, 128]], dtype=np.uint8))
    op.case(np.array(6, dtype=np.int32))
    op.case(op.integers(0, 9, (2, 0, 3)))

    cast(family)


def cast(family):
    """Float to integer truncates, integers wrap, anything but zero is true; in range only."""

    def convert(x, dtype):
        kinds = {"f64": np.float64, "i32": np.int32, "u32": np.uint32, "u8": np.uint8, "bool": np.bool_}
        return x.astype(kinds[dtype])

    op = family.op("cast", None, convert)
    op.case(np.array([2.9, -2.9, 0.5, -0.5, 0, 2147483647, -2147483648]), dtype="i32")
    op.case(np.array([2.9, 0.5, 0, 4294967295, 3e9]), dtype="u32")
    op.case(np.array([[2.9, 0.5, 255.0]]), dtype="u8")
    op.case(np.array([0, -0.0, 1e-300, -3, INF, NAN]), dtype="bool")
    op.case(np.array([5, -1, 300, -2147483648], dtype=np.int32), dtype="f64")
    op.case(np.array([5, -1, -2147483648], dtype=np.int32), dtype="u32")
    op.case(np.array([5, -1, 300, 256], dtype=np.int32), dtype="u8")
    op.case(np.array([5, 0, -1], dtype=np.int32), dtype="bool")
    op.case(np.array([5, 4294967295, 2147483648], dtype=np.uint32), dtype="f64")
    op.case(np.array([5, 4294967295, 2147483648], dtype=np.uint32), dtype="i32")
    op.case(np.array([0, 200, 255], dtype=np.uint8), dtype="f64")
    op.case(np.array([0, 200, 255], dtype=np.uint8), dtype="i32")
    op.case(np.array([[True], [False]]), dtype="f64")
    op.case(np.array([[True], [False]]), dtype="i32")
    op.case(np.array(True), dtype="u8")
    op.case(op.normal(2, 0, 3), dtype="i32")

    op = family.op("cast", lambda x, dtype: x.to(torch.float64))
    op.case(np.array([[1.25, -3.5, 1e300]]), dtype="f64", smooth=False)
