"""dot, outer, einsum, matmul with broadcasting."""

import numpy as np
import torch

EINSUMS = [
    ("ij,jk->ik", (2, 3), (3, 2)),
    ("ij,jk", (2, 3), (3, 1)),
    ("bij,bjk->bik", (2, 2, 3), (2, 3, 1)),
    ("ij->ji", (2, 3)),
    ("ij->", (2, 3)),
    ("ij->j", (2, 3)),
    ("i,j->ij", (2,), (3,)),
    ("i,i->", (4,), (4,)),
    ("ij,ij->i", (2, 3), (2, 3)),
    ("ii->i", (3, 3)),
    ("ii->", (3, 3)),
    ("ij,jk,kl->il", (2, 3), (3, 2), (2, 2)),
    ("i,ij,j->", (2,), (2, 3), (3,)),
    ("bhqd,bhkd->bhqk", (1, 2, 2, 3), (1, 2, 3, 3)),
    ("abc,cd->dab", (2, 1, 3), (3, 2)),
]


def cases(family):
    op = family.op("dot", torch.dot, np.dot)
    for n in (1, 3, 7, 0):
        op.case(op.normal(n), op.normal(n))

    op = family.op("outer", torch.outer, np.outer)
    for n, m in [(1, 1), (2, 3), (4, 1), (0, 2)]:
        op.case(op.normal(n), op.normal(m))

    op = family.op("einsum", torch.einsum, np.einsum)
    for spec, *shapes in EINSUMS:
        op.case(spec, *(op.normal(*shape) for shape in shapes))

    op = family.op("matmul", torch.matmul, np.matmul)
    for a, b in [
        ((2, 2, 3), (3, 2)),
        ((2, 3), (2, 3, 1)),
        ((2, 1, 2, 3), (3, 3, 2)),
        ((1, 2, 2), (3, 2, 2)),
        ((3,), (3,)),
        ((2, 3), (3,)),
        ((3,), (3, 2)),
        ((2, 2, 3), (3,)),
    ]:
        op.case(op.normal(*a), op.normal(*b))
