"""Activations. The stable forms are the reference: nothing overflows, nothing cancels."""

import math

import numpy as np
import torch
import torch.nn.functional as F
from scipy import special

from references import elementary

FAR = [-800.0, -40.0, -1e-9, 0.0, 1e-9, 40.0, 800.0]


sigmoid = elementary(special.expit, lambda x: special.expit(x) * special.expit(-x))
softplus = elementary(lambda x: np.logaddexp(x, 0), special.expit)
log_sigmoid = elementary(special.log_expit, lambda x: special.expit(-x))
tanh = elementary(np.tanh, lambda x: np.cosh(x) ** -2.0)


def normal_cdf(x):
    return special.erfc(-x / math.sqrt(2)) / 2


def normal_pdf(x):
    return np.exp(-x * x / 2) / math.sqrt(2 * math.pi)


exact_gelu = elementary(lambda x: x * normal_cdf(x), lambda x: normal_cdf(x) + x * normal_pdf(x))


def gelu(x, options={}):
    if not options.get("approximate"):
        return exact_gelu(x)
    return x * torch.sigmoid(2 * math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))


def gelu_plain(x, options={}):
    form = "tanh" if options.get("approximate") else "none"
    return F.gelu(torch.from_numpy(x), approximate=form).numpy()


def cases(family):
    for name, reference, plain in [
        ("sigmoid", sigmoid, lambda x: 1 / (1 + np.exp(-x))),
        ("softplus", softplus, lambda x: np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))),
        ("logSigmoid", log_sigmoid, lambda x: np.minimum(x, 0) - np.log1p(np.exp(-np.abs(x)))),
        ("tanh", tanh, np.tanh),
        ("silu", F.silu, lambda x: x * special.expit(x)),
    ]:
        op = family.op(name, reference, plain)
        for shape in [(), (1,), (5,), (2, 1, 3), (2, 0)]:
            op.case(op.uniform(-4, 4, shape))
        op.case(np.array(FAR))
        if name != "silu":
            op.case(np.array([math.inf, -math.inf, math.nan]), gradient=False)

    op = family.op("relu", F.relu, lambda x: np.maximum(x, 0))
    for shape in [(), (5,), (2, 1, 3), (2, 0)]:
        op.case(op.normal(*shape))
    op.case(np.array([0.0, 2, -2]), smooth=False)
    op.case(np.array([math.inf, -math.inf, math.nan]), gradient=False)

    op = family.op("leakyRelu", F.leaky_relu)
    op.case(np.array(-1.5))
    op.case(op.normal(5))
    op.case(op.normal(2, 3), 0.2)
    op.case(op.normal(2, 1, 2), 0.0)

    op = family.op("elu", F.elu)
    op.case(np.array(-1.5))
    op.case(op.normal(5))
    op.case(op.normal(2, 3), 0.5)
    op.case(np.array([-800.0, -30, 2, 800]))

    op = family.op("gelu", gelu, gelu_plain)
    for options in [(), ({"approximate": True},)]:
        for shape in [(), (7,), (2, 1, 3)]:
            op.case(op.uniform(-3, 3, shape), *options)
        op.case(np.array([-40.0, 0.0, 40.0]), *options)

    def axes(reduce):
        return lambda x, axis: reduce(x, dim=axis)

    for name, reference, plain in [
        ("softmax", axes(torch.softmax), special.softmax),
        ("logSoftmax", axes(torch.log_softmax), special.log_softmax),
        ("logSumExp", axes(torch.logsumexp), special.logsumexp),
    ]:
        op = family.op(name, reference, plain)
        op.case(op.normal(1), 0)
        op.case(op.normal(5), 0)
        op.case(op.normal(2, 3), -1)
        op.case(op.normal(2, 3), 0)
        op.case(op.normal(2, 3, 2), 1)
        op.case(np.array([[1000.0, 1001, 999], [-1000, -1000, -1002]]), -1)
        op.case(np.array([[0.0, 800, -800]]), 1)
        op.case(np.array([[-math.inf, 0, 1]]), 1, gradient=False)
    op.case(np.array([-math.inf, -math.inf]), 0, gradient=False)
    op.case(np.array([1.0, math.inf]), 0, gradient=False)
