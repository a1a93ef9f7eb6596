"""Factorisations, systems of equations, inverses, determinants, least squares."""

import numpy as np
import torch

from primitives import linalg as primitive


def solve(a, b):
    if b.ndim == a.ndim - 1:
        return torch.linalg.solve(a, b.unsqueeze(-1)).squeeze(-1)
    return torch.linalg.solve(a, b)


def least_squares(a, b):
    """Of smallest norm where there are many; full rank."""
    return torch.linalg.pinv(a) @ b


def log_determinant(a):
    return list(torch.linalg.slogdet(a))


def lu(a):
    factors = primitive.lu(a)
    return [factors["permutation"], factors["lower"], factors["upper"]]


def qr(a):
    """Of a wide matrix the first columns decide q, and the signs."""
    m = a.shape[-2]
    if m >= a.shape[-1]:
        return primitive.qr(a)
    q, r = primitive.qr(a[..., :m])
    return [q, torch.cat([r, q.mT @ a[..., m:]], dim=-1)]


def triangular_solve(a, b, options):
    how = dict(lower=True, transpose=False, unit=False) | options
    if b.ndim == 1:
        return primitive.triangular_solve(a, b.unsqueeze(-1), **how).squeeze(-1)
    return primitive.triangular_solve(a, b, **how)


def matrix_rank(a, options={}):
    return torch.linalg.matrix_rank(a, rtol=options.get("rcond"))


def cases(family):
    factorisations(family)
    systems(family)

    op = family.op("trace", lambda a: a.diagonal(dim1=-2, dim2=-1).sum(-1))
    for shape in [(1, 1), (3, 3), (2, 4), (2, 3, 2), (0, 2)]:
        op.case(op.normal(*shape))
    op.case(op.integers(-9, 9, (3, 3)))

    op = family.op("matrixRank", matrix_rank)
    op.case(op.normal(3, 4), gradient=False)
    op.case(op.normal(2, 3, 2), gradient=False)
    op.case(np.array([[1.0, 2, 3], [4, 5, 6], [7, 8, 9]]), gradient=False)
    op.case(np.zeros((2, 2)), gradient=False)
    op.case(np.diag([1.0, 1e-3]), {"rcond": 1e-2}, gradient=False)

    op = family.op("cond", lambda a: torch.linalg.cond(a))
    for shape in [(3, 3), (4, 2), (2, 3), (2, 3, 3)]:
        op.case(primitive.apart(op, shape))
    op.case(np.diag([1.0, 0.0]), gradient=False)
    op.case(np.array([[-0.5]]), gradient=False)


def factorisations(family):
    op = family.op("lu", lu)
    for shape in [(1, 1), (4, 4), (2, 3, 3)]:
        op.case(op.normal(*shape))
    op = family.op("cholesky", lambda a: torch.linalg.cholesky(primitive.symmetric(a)))
    for shape in [(1, 1), (4, 4), (2, 3, 3)]:
        half = op.normal(*shape)
        op.case(np.round(half @ half.swapaxes(-1, -2) + np.eye(shape[-1]), 2))
    op = family.op("qr", qr)
    for shape in [(4, 4), (4, 2), (2, 4), (2, 2, 3)]:
        op.case(op.normal(*shape))
    op = family.op("eigh", primitive.eigh)
    for shape in [(1, 1), (4, 4), (2, 3, 3)]:
        op.case(np.round(primitive.symmetric(primitive.apart(op, shape)), 4))
    op = family.op("svd", primitive.svd)
    for shape in [(4, 4), (4, 2), (2, 4), (2, 2, 3)]:
        op.case(primitive.apart(op, shape))
    op = family.op("triangularSolve", triangular_solve)
    for shape, right, options in [
        ((3, 3), (3,), {}),
        ((3, 3), (3, 2), {"lower": False}),
        ((2, 3, 3), (2, 3, 1), {"transpose": True, "unit": True}),
    ]:
        op.case(op.normal(*shape) + 3 * np.eye(3), op.normal(*right), options)


def systems(family):
    def regular(op, *shape):
        return np.round(op.normal(*shape) + 3 * np.eye(shape[-1]), 3)

    op = family.op("solve", solve)
    for a, b in [
        ((1, 1), (1,)),
        ((3, 3), (3,)),
        ((3, 3), (3, 2)),
        ((5, 5), (5, 1)),
        ((2, 2, 2), (2, 2, 3)),
        ((2, 2, 2), (2, 2, 1)),
    ]:
        op.case(regular(op, *a), op.normal(*b))
    op.case(np.array([[0.0, 2.0], [3.0, 0.0]]), np.array([1.0, -1.0]))

    op = family.op("inverse", torch.linalg.inv, np.linalg.inv)
    for shape in [(1, 1), (2, 2), (3, 3), (5, 5), (2, 2, 2)]:
        op.case(regular(op, *shape))

    op = family.op("determinant", torch.linalg.det, np.linalg.det)
    for shape in [(1, 1), (2, 2), (3, 3), (5, 5), (2, 3, 3)]:
        op.case(regular(op, *shape))
    op.case(np.array([[1.0, 2.0], [2.0, 4.0]]), gradient=False)

    op = family.op("logDeterminant", log_determinant)
    for shape in [(1, 1), (2, 2), (3, 3), (2, 3, 3)]:
        op.case(regular(op, *shape))
    op.case(np.array([[0.0, 2.0], [3.0, 0.0]]))
    op.case(np.diag([1e200, -1e200]))

    op = family.op("lstsq", least_squares, lambda a, b: np.linalg.lstsq(a, b, rcond=None)[0])
    for a, b in [((3, 3), (3,)), ((4, 2), (4,)), ((5, 3), (5, 2)), ((2, 4), (2,)), ((3, 1), (3, 1))]:
        op.case(op.normal(*a), op.normal(*b))

    op = family.op("pinv", torch.linalg.pinv, np.linalg.pinv)
    for shape in [(1, 1), (3, 3), (4, 2), (2, 4), (2, 3, 2)]:
        op.case(op.normal(*shape))
    op.case(np.array([[1.0, 2.0], [2.0, 4.0], [3.0, 6.0]]), gradient=False)
