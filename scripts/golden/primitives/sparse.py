"""Products of sparse rows with a matrix."""

import numpy as np
import scipy.sparse
import torch


def sparse_matmul(starts, indices, values, w):
    lengths = (starts[1:] - starts[:-1]).long()
    rows = torch.repeat_interleave(torch.arange(len(lengths)), lengths)
    x = torch.zeros(len(lengths), w.shape[0], dtype=values.dtype)
    return torch.index_put(x, (rows, indices.long()), values, accumulate=True) @ w


def sparse_matmul_plain(starts, indices, values, w):
    shape = (len(starts) - 1, w.shape[0])
    return np.asarray(scipy.sparse.csr_matrix((values, indices, starts), shape=shape) @ w)


def cases(family):
    i32 = lambda *values: np.array(*values, dtype=np.int32)

    op = family.op("sparseMatmul", sparse_matmul, sparse_matmul_plain)
    for starts, indices, n, k in [
        ([0, 1], [0], 1, 1),
        ([0, 2, 2, 5], [2, 0, 0, 1, 2], 3, 4),
        ([0, 0, 0, 1], [1], 2, 1),
        ([0, 4], [1, 1, 0, 1], 2, 3),
        ([0, 3, 4, 6], [4, 1, 0, 3, 3, 2], 5, 10),
        ([0, 0], [], 3, 2),
        ([0, 2, 3, 3], [0, 1, 1], 2, 5),
    ]:
        op.case(i32(starts), i32(indices), op.normal(len(indices)), op.normal(n, k))
