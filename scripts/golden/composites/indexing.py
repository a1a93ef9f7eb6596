"""Selection, ordering and counting."""

import numpy as np
import torch

from references import stable_order


def take(x, index, axis):
    picked = torch.index_select(x, axis, index.reshape(-1).long())
    axis %= x.ndim
    return picked.reshape([*x.shape[:axis], *index.shape, *x.shape[axis + 1 :]])


def take_along_axis(x, index, axis):
    return torch.take_along_dim(x, index.long(), axis)


def top_k(x, k):
    """The k largest of the last axis, in descending order; of equals the first ones."""
    order = stable_order(x, -1, descending=True)[..., :k]
    return [torch.gather(x, -1, order), order]


def sort(x, axis=-1):
    return torch.gather(x, axis, stable_order(x, axis))


def bincount(x, options={}):
    weights, least = options.get("weights"), options.get("minLength", 0)
    size = max(least, int(x.max()) + 1 if x.numel() else 0)
    return torch.zeros(size, dtype=torch.float64).index_add(0, x.long(), weights)


def bincount_plain(x, options={}):
    return np.bincount(x, options.get("weights"), options.get("minLength", 0))


def histogram(x, options={}):
    return list(np.histogram(x, **options))


def cases(family):
    i32 = lambda *values: np.array(*values, dtype=np.int32)

    op = family.op("oneHot", None, lambda index, depth: np.eye(depth)[index])
    op.case(i32(2), 4)
    op.case(i32([0, 2, 1, 2]), 3)
    op.case(i32([[0], [1]]), 2)
    op.case(i32([]), 3)

    op = family.op("where", torch.where, np.where)
    op.case(op.booleans(2, 3), op.normal(2, 3), op.normal(3))
    op.case(op.booleans(2, 1), op.normal(), op.normal(1, 3))
    op.case(op.booleans(3), op.normal(2, 1), op.normal())
    op.case(np.array(True), op.normal(2), op.normal(2))

    for name, find in [("argmin", np.argmin), ("argmax", np.argmax)]:
        op = family.op(name, None, lambda x, axis, find=find: np.asarray(find(x, axis=axis)))
        op.case(op.normal(5), 0)
        op.case(op.normal(2, 3), -1)
        op.case(np.array([[1.0, 0, 0], [2, 2, 2]]), 1)
        op.case(op.normal(2, 3, 2), 1)

    op = family.op("topK", top_k)
    op.case(op.normal(6), 3)
    op.case(op.normal(2, 4), 1)
    op.case(op.normal(2, 1, 3), 3)
    op.case(np.array([2.0, 5, 5, 1, 5]), 2, smooth=False)

    for name, reduce in [("any", np.any), ("all", np.all)]:
        op = family.op(name, None, lambda x, axis=None, reduce=reduce: np.asarray(reduce(x, axis=axis)))
        op.case(op.booleans(2, 3))
        op.case(op.booleans(3, 2), 0)
        op.case(op.booleans(2, 2, 2), -1)
        op.case(np.zeros(0, dtype=bool))

    op = family.op("take", take, np.take)
    op.case(op.normal(5), i32(3), 0)
    op.case(op.normal(3, 2), i32([2, 0, 2]), 0)
    op.case(op.normal(2, 3), i32([[0, 2], [1, 1]]), -1)
    op.case(op.normal(2, 3, 2), i32([1]), 1)

    op = family.op("takeAlongAxis", take_along_axis, np.take_along_axis)
    op.case(op.normal(4), i32([3, 3, 0]), 0)
    op.case(op.normal(2, 3), i32([[2], [0]]), 1)
    op.case(op.normal(3, 2), i32([[2, 0], [2, 1]]), 0)
    op.case(op.normal(2, 3, 2), op.integers(0, 2, (2, 3, 3)), -1)

    op = family.op("sort", sort, lambda x, axis=-1: np.sort(x, axis))
    op.case(op.normal(5), 0)
    op.case(op.normal(2, 3), -1)
    op.case(op.normal(3, 2), 0)
    op.case(np.array([2.0, 1, 2, 1]), 0, smooth=False)

    op = family.op("cumsum", lambda x, axis: torch.cumsum(x, axis), np.cumsum)
    op.case(op.normal(5), 0)
    op.case(op.normal(2, 3), -1)
    op.case(op.normal(2, 3, 2), 1)

    op = family.op("unique", None, np.unique)
    op.case(np.array([3.0, -1, 3, 2.5, -1]))
    op.case(i32([[5, 5], [-2, 5]]))
    op.case(np.array([7.0]))
    op.case(np.zeros(0))

    op = family.op("bincount", bincount, bincount_plain)
    op.case(i32([0, 3, 1, 3, 3]))
    op.case(i32([1, 1]), {"minLength": 5})
    op.case(i32([]), {"minLength": 2})
    op.case(i32([2, 0, 2, 4]), {"weights": op.normal(4)})
    op.case(i32([2, 0, 2]), {"weights": op.normal(3), "minLength": 6})

    op = family.op("histogram", None, histogram)
    op.case(op.normal(12), {"bins": 4})
    op.case(op.normal(12), {"bins": 5, "range": [-1, 1]})
    op.case(np.array([0.0, 1, 2, 3, 4, 4, 2.5, -1, 9]), {"bins": 4, "range": [0, 4]})
    op.case(np.array([2.0, 2, 2]), {"bins": 2})

    op = family.op("nonZero", None, lambda x: list(np.nonzero(x)))
    op.case(np.array([0.0, 2, 0, -1, np.nan]))
    op.case(i32([[0, 1], [2, 0]]))
    op.case(np.zeros((2, 0)))

    op = family.op("argWhere", None, np.argwhere)
    op.case(np.array([[0.0, 2], [-1, 0]]))
    op.case(np.array([False, True, True]))
    op.case(np.zeros(3))

    op = family.op("searchSorted", None, lambda x, values, options={}: np.searchsorted(x, values, **options))
    op.case(np.array([1.0, 2, 2, 5]), np.array([0.0, 1, 2, 3, 5, 9]))
    op.case(np.array([1.0, 2, 2, 5]), np.array([[0.0, 1, 2], [3, 5, 9]]), {"side": "right"})
    op.case(np.array([-np.inf, 0, np.inf, np.nan]), np.array([-np.inf, np.inf, np.nan]))
    op.case(i32([3, 7, 7]), i32([7, 8, 1]), {"side": "left"})

    def put(x, index, values, axis):
        return torch.scatter(x, axis, index.long(), torch.broadcast_to(values, index.shape))

    def put_plain(x, index, values, axis):
        out = x.copy()
        np.put_along_axis(out, index.astype(np.int64), values, axis)
        return out

    op = family.op("putAlongAxis", put, put_plain)
    op.case(op.normal(5), i32([3, 0]), op.normal(2), 0)
    op.case(op.normal(3, 4), i32([[1, 2], [0, 3], [2, 0]]), op.normal(3, 2), 1)
    op.case(op.normal(3, 2), i32([[2, 0]]), op.normal(1, 2), 0)
