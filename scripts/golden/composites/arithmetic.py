"""Elementwise functions that are no primitives; broadcasting and promotion of all of them."""

import numpy as np
import torch


class FloorDivide(torch.autograd.Function):
    """A step function: its gradient is 0."""

    @staticmethod
    def forward(context, x, y):
        return torch.floor(x / y)

    @staticmethod
    def backward(context, cotangent):
        return None, None


def floor_divide_integers(x, y):
    return np.where(y == 0, 0, np.floor_divide(x, np.where(y == 0, 1, y))).astype(x.dtype)


def convert(x, dtype):
    return x.astype({"f64": np.float64, "i32": np.int32, "u8": np.uint8, "bool": np.bool_}[dtype])


def cases(family):
    op = family.op("square", torch.square, np.square)
    op.case(op.normal())
    op.case(op.normal(2, 1, 3))
    op.case(op.normal(0))
    op.case(np.array([0.0, -2.0]))
    op.case(np.array([-0.0, np.inf, -np.inf, np.nan]), gradient=False)
    op.case(op.integers(-9, 9, (4,)))

    op = family.op("rsqrt", torch.rsqrt, lambda x: 1 / np.sqrt(x))
    op.case(op.uniform(0.1, 4, ()))
    op.case(op.uniform(0.1, 4, (2, 3)))
    op.case(op.uniform(0.1, 4, (2, 0)))
    op.case(np.array([0.0, np.inf, np.nan, -1]), gradient=False)

    op = family.op("floorDivide", FloorDivide.apply)
    op.case(np.array(7.0), np.array(2.0), smooth=False)
    op.case(op.uniform(-9, 9, (2, 3)), op.uniform(1, 4, (3,)), smooth=False)
    op = family.op("floorDivide", None, floor_divide_integers)
    op.case(np.array([7, -7, 7, -7, 5], dtype=np.int32), np.array([2, 2, -2, -2, 0], dtype=np.int32))
    op.case(np.array([200, 7, 0], dtype=np.uint8), np.array([7, 9, 3], dtype=np.uint8))
    op.case(np.array([2147483647, -2147483648, -2147483647], dtype=np.int32), np.array([3, 3, -10], dtype=np.int32))

    op = family.op("div", torch.div, np.divide)
    op.case(op.normal(2, 1), op.uniform(0.5, 2, (3,)))
    op.case(np.array([7, -7], dtype=np.int32), np.array([2.0, 2.0]), wrt=[1])
    op.case(np.array([1.0, -1.0, 0.0, np.inf]), np.array([0.0, 0.0, 0.0, np.inf]), gradient=False)

    # Broadcasting: the gradient is summed back to each operand's shape.
    for name, reference, plain in [
        ("add", torch.add, np.add),
        ("sub", torch.sub, np.subtract),
        ("mul", torch.mul, np.multiply),
    ]:
        op = family.op(name, reference, plain)
        op.case(op.normal(2, 3), op.normal(3))
        op.case(op.normal(2, 1, 3), op.normal(4, 1))
        op.case(op.normal(), op.normal(2, 2))
        op.case(op.normal(1), op.normal(0))
        op.case(op.integers(-9, 9, (2, 1)), op.normal(3))
        op.case(np.array([[True], [False]]), np.array([1, -2, 3], dtype=np.int32))

    op = family.op("logAddExp", torch.logaddexp, np.logaddexp)
    op.case(np.array(0.3), np.array(-1.2))
    op.case(op.normal(2, 1), op.normal(3))
    op.case(np.array([0.0, 1000.0, -1000.0]), np.array([0.0, 999.0, -1001.0]))
    op.case(np.array([-np.inf, np.inf, -np.inf, 1.0]), np.array([-np.inf, 1.0, 2.0, np.nan]), gradient=False)

    op = family.op("cast", None, convert)
    op.case(np.array([2.9, -2.9, -0.5]), "i32")
    op.case(np.array([5, -1, 300], dtype=np.int32), "u8")
    op.case(np.array([[True], [False]]), "f64")
    op.case(np.array([0.0, -0.0, np.nan, 2.0]), "bool")

    op = family.op("isClose", None, lambda x, y, options={}: np.isclose(x, y, **{
        {"equalNaN": "equal_nan"}.get(key, key): value for key, value in options.items()}))
    values = np.array([1, 1 + 1e-6, np.inf, -np.inf, np.nan, 0])
    op.case(values, np.array([1, 1, np.inf, np.inf, np.nan, 1e-9]))
    op.case(values, np.array([1, 1, np.inf, np.inf, np.nan, 1e-9]), {"equalNaN": True})
    op.case(np.array([[1.0], [1.1]]), np.array([1.0, 1.2]), {"rtol": 0.05, "atol": 0})
    op.case(np.array([3, 4], dtype=np.int32), np.array([3, 5], dtype=np.int32))

    op = family.op("allClose", None, lambda x, y, options={}: bool(np.allclose(x, y, **options)))
    op.case(np.array([1.0, 2.0]), np.array([1.0, 2.0 + 1e-7]))
    op.case(np.array([1.0, 2.0]), np.array([1.0, 2.1]))
    op.case(np.array([1.0, 2.0]), np.array([1.0, 2.1]), {"atol": 0.2})
    op.case(op.normal(0), op.normal(0))
