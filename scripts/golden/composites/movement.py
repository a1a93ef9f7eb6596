"""The same elements elsewhere, by the public signatures."""

import numpy as np
import torch


def cases(family):
    op = family.op("reshape", lambda x, shape: x.reshape(shape), lambda x, shape: x.reshape(shape))
    op.case(op.normal(2, 3), [3, 2])
    op.case(op.normal(2, 3), [-1])
    op.case(op.normal(2, 3, 2), [2, -1, 1, 3])
    op.case(op.normal(), [1, 1])
    op.case(op.normal(0, 3), [3, 0, 2])

    def flatten(x, start=0):
        return x.reshape(*x.shape[:start], -1)

    op = family.op("flatten", flatten, flatten)
    op.case(op.normal(2, 3))
    op.case(op.normal(2, 3, 2), 1)
    op.case(op.normal())

    op = family.op("permute", lambda x, axes: x.permute(axes), np.transpose)
    op.case(op.normal(2, 3), [1, 0])
    op.case(op.normal(2, 3, 2), [2, 0, 1])
    op.case(op.normal(2, 3, 2), [-1, 0, -2])

    op = family.op("transpose", lambda x: x.mT, lambda x: np.swapaxes(x, -1, -2))
    op.case(op.normal(2, 3))
    op.case(op.normal(2, 3, 4))
    op.case(op.normal(0, 2))

    op = family.op("swapAxes", torch.swapaxes, np.swapaxes)
    op.case(op.normal(2, 3), 0, 1)
    op.case(op.normal(2, 3, 4), 0, -1)
    op.case(op.normal(2, 3, 4), 1, 1)

    op = family.op("moveAxis", torch.movedim, np.moveaxis)
    op.case(op.normal(2, 3, 4), 0, -1)
    op.case(op.normal(2, 3, 4), 2, 0)
    op.case(op.normal(2, 3, 1, 2), 1, 2)

    op = family.op("expandDims", torch.unsqueeze, np.expand_dims)
    op.case(op.normal(3), 0)
    op.case(op.normal(2, 3), -1)
    op.case(op.normal(), 0)

    def squeeze(x, axis=None):
        axes = range(x.ndim) if axis is None else [axis] if isinstance(axis, int) else axis
        for i in sorted((a % x.ndim for a in axes), reverse=True):
            x = torch.squeeze(x, i)
        return x

    op = family.op("squeeze", squeeze, lambda x, axis=None: np.squeeze(x, tuple(axis) if isinstance(axis, list) else axis))
    op.case(op.normal(1, 3, 1))
    op.case(op.normal(1, 3, 1), 0)
    op.case(op.normal(1, 3, 1), [0, -1])
    op.case(op.normal(1, 1))

    op = family.op("broadcastTo", torch.broadcast_to, np.broadcast_to)
    op.case(op.normal(3), [2, 3])
    op.case(op.normal(2, 1), [2, 4])
    op.case(op.normal(), [2, 2])
    op.case(op.normal(2, 1, 3), [3, 2, 2, 3])

    def flip(x, axis=None):
        return torch.flip(x, list(range(x.ndim)) if axis is None else axis if isinstance(axis, list) else [axis])

    op = family.op("flip", flip, lambda x, axis=None: np.flip(x, tuple(axis) if isinstance(axis, list) else axis))
    op.case(op.normal(4))
    op.case(op.normal(2, 3))
    op.case(op.normal(2, 3), 1)
    op.case(op.normal(2, 3, 2), [0, -1])

    op = family.op("concat", torch.concat, np.concatenate)
    op.case([op.normal(2), op.normal(3)])
    op.case([op.normal(2, 3), op.normal(2, 1)], -1)
    op.case([op.normal(1, 2), op.normal(0, 2), op.normal(2, 2)], 0)

    def meshgrid(vectors, options={}):
        return list(torch.meshgrid(*vectors, indexing=options.get("indexing", "xy")))

    def meshgrid_plain(vectors, options={}):
        return list(np.meshgrid(*vectors, indexing=options.get("indexing", "xy")))

    op = family.op("meshgrid", meshgrid, meshgrid_plain)
    op.case([op.normal(2), op.normal(3)])
    op.case([op.normal(2), op.normal(3)], {"indexing": "ij"})
    op.case([op.normal(2), op.normal(3), op.normal(1)])

    def pad(x, widths, value=0):
        pairs = [[widths, widths]] * x.ndim if isinstance(widths, int) else widths
        return torch.nn.functional.pad(x, [side for axis in reversed(pairs) for side in axis], value=float(value))

    op = family.op("pad", pad, lambda x, widths, value=0: np.pad(x, widths, constant_values=value))
    op.case(op.normal(3), 1)
    op.case(op.normal(2, 3), [[1, 0], [0, 2]])
    op.case(op.normal(2, 2), 2, 1.5)
    op.case(op.normal(0), [[1, 2]], -1)

    def bounds(r):
        return slice(r[0], None) if len(r) == 1 else slice(*r) if r else slice(None)

    def slice_torch(x, ranges):
        for axis, r in enumerate(ranges):
            places = np.arange(x.shape[axis])[bounds(r)]
            x = torch.index_select(x, axis, torch.from_numpy(places))
        return x

    op = family.op("slice", slice_torch, lambda x, ranges: x[tuple(map(bounds, ranges))])
    op.case(op.normal(6), [[1, 4]])
    op.case(op.normal(3, 5), [[], [0, 5, 2]])
    op.case(op.normal(3, 5), [[1], [-3, -1]])
    op.case(op.normal(4, 2, 3), [[0, 4, 3], [], [1]])
