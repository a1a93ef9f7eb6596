"""Systems of equations, inverses, determinants, least squares."""

import numpy as np
import torch


def solve(a, b):
    if b.ndim == a.ndim - 1:
        return torch.linalg.solve(a, b.unsqueeze(-1)).squeeze(-1)
    return torch.linalg.solve(a, b)


def least_squares(a, b):
    """Of smallest norm where there are many; full rank."""
    return torch.linalg.pinv(a) @ b


def log_determinant(a):
    return list(torch.linalg.slogdet(a))


def cases(family):
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
