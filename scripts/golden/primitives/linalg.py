"""Matrix factorisations and triangular systems.

cholesky and eigh read their source as symmetric: their gradients are the symmetric ones, as if
(x + xᵀ) / 2 were taken first. Signs of vectors are fixed as constants.
"""

import numpy as np
import torch
from scipy import linalg


def transpose(x):
    return x.swapaxes(-1, -2)


def symmetric(x):
    return (x + transpose(x)) / 2


def lu(x):
    """x[permutation] = lower · upper.

    Of the cotangents only tril(lower, -1) + triu(upper) has an effect: the rest is constant.
    """
    p, lower, upper = torch.linalg.lu(x)
    return {"lower": lower, "upper": upper, "permutation": p.detach().argmax(dim=-2)}


def qr(x):
    """Reduced, the diagonal of r positive."""
    q, r = torch.linalg.qr(x)
    signs = r.detach().diagonal(dim1=-2, dim2=-1).sign()
    return [q * signs.unsqueeze(-2), signs.unsqueeze(-1) * r]


def column_signs(v):
    """The sign of the component of largest magnitude, the first such, of each column."""
    if v.numel() == 0:
        return torch.ones(*v.shape[:-2], 1, v.shape[-1], dtype=v.dtype)
    at = v.detach().abs().argmax(dim=-2, keepdim=True)
    return torch.gather(v.detach(), -2, at).sign()


def eigh(x):
    w, v = torch.linalg.eigh(symmetric(x))
    return [w, v * column_signs(v)]


def svd(x):
    u, s, vt = torch.linalg.svd(x, full_matrices=False)
    signs = column_signs(u)
    return [u * signs, s, vt * transpose(signs)]


def triangular_solve(a, b, lower, transpose, unit):
    a, upper = (a.swapaxes(-1, -2), lower) if transpose else (a, not lower)
    return torch.linalg.solve_triangular(a, b, upper=upper, unitriangular=unit)


def triangular_solve_plain(a, b, lower, transpose, unit):
    if a.ndim > 2:
        parts = [triangular_solve_plain(m, v, lower, transpose, unit) for m, v in zip(a, b)]
        return np.array(parts).reshape(b.shape)
    return linalg.solve_triangular(a, b, trans=int(transpose), lower=lower, unit_diagonal=unit)


def cases(family):
    op = family.op("lu", lu)
    for shape in [(1, 1), (2, 2), (3, 3), (5, 5), (2, 3, 3), (1, 2, 2, 2)]:
        op.case(op.normal(*shape))
    op.case(np.array([[0.0, 2, 1], [4, 1, 0], [2, 3, -5]]))

    op = family.op("cholesky", lambda x: torch.linalg.cholesky(symmetric(x)), np.linalg.cholesky)
    for shape in [(1, 1), (2, 2), (3, 3), (5, 5), (2, 3, 3), (1, 2, 2, 2), (0, 2, 2)]:
        half = op.normal(*shape)
        op.case(np.round(half @ half.swapaxes(-1, -2) + np.eye(shape[-1]), 2))

    op = family.op("qr", qr)
    for shape in [(1, 1), (3, 1), (2, 2), (3, 3), (5, 3), (2, 4, 2), (1, 2, 3, 2)]:
        op.case(op.normal(*shape))

    op = family.op("eigh", eigh)
    for shape in [(1, 1), (2, 2), (3, 3), (5, 5), (2, 3, 3), (1, 2, 2, 2)]:
        op.case(np.round(symmetric(apart(op, shape)), 4))
    op.case(np.diag([3.0, -1.0, 2.0]))

    op = family.op("svd", svd)
    for shape in [(1, 1), (3, 1), (1, 3), (2, 2), (3, 3), (4, 2), (2, 4), (2, 3, 2), (1, 2, 2, 3)]:
        op.case(apart(op, shape))
    op.case(np.array([[0.0, 3.0], [-2.0, 0.0], [0.0, 0.0]]))

    op = family.op("triangularSolve", triangular_solve, triangular_solve_plain)
    for lower in (True, False):
        for transposed in (False, True):
            for unit in (False, True):
                a = op.normal(3, 3) + 3 * np.eye(3)
                op.case(a, op.normal(3, 2), lower=lower, transpose=transposed, unit=unit)
    how = dict(lower=True, transpose=False, unit=False)
    op.case(np.array([[2.0]]), op.normal(1, 1), **how)
    op.case(op.normal(2, 3, 3) + 3 * np.eye(3), op.normal(2, 3, 1), **how)
    op.case(op.normal(2, 2, 2) + 3 * np.eye(2), op.normal(2, 2, 3), lower=False, transpose=True, unit=False)
    op.case(op.normal(5, 5) + 4 * np.eye(5), op.normal(5, 1), **how)
    op.case(op.normal(2, 2) + 3 * np.eye(2), op.normal(2, 0), **how)


def apart(op, shape):
    """A matrix whose singular values (and eigenvalues, made symmetric) are well apart."""
    rows, columns = shape[-2:]
    return np.round(op.normal(*shape) + np.eye(rows, columns) * 2 * np.arange(columns), 3) + 0.0
