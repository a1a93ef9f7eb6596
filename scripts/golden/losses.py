"""Losses with PyTorch in float64: one number an example, their (weighted) mean, its gradient."""

import numpy as np
import torch
import torch.nn.functional as F

from golden import encode

N, K = 5, 4


def rng():
    return np.random.default_rng(20240)


def tensors():
    r = rng()
    def t(a):
        return torch.from_numpy(np.asarray(np.round(a, 3)))

    return {
        "logits": t(r.standard_normal((N, K)) * 3),
        "steps": t(r.standard_normal((N, 3, K)) * 3),
        "row": t(r.standard_normal(N) * 3),
        "image": t(r.standard_normal((N, 2, 3))),
        "labels": torch.from_numpy(r.integers(0, 2, (N, K)).astype(np.float64)),
        "bits": torch.from_numpy(r.integers(0, 2, N).astype(np.float64)),
        "classes": torch.from_numpy(r.integers(0, K, N)),
        "stepClasses": torch.from_numpy(r.integers(0, K, (N, 3))),
        "soft": t(r.dirichlet(np.ones(K), N)),
        "target": t(r.standard_normal((N, 2, 3))),
        "weights": t(r.uniform(0, 2, N)),
        "shares": t(r.uniform(0.01, 0.99, (N, K))),
    }


def each(x):
    return x if x.dim() == 1 else x.flatten(1).mean(1)


def binary(z, y, weight=None):
    return F.binary_cross_entropy_with_logits(z, y, reduction="none")


def torchvision_focal(z, y, alpha=0.25, gamma=2.0):
    """The formula of torchvision.ops.sigmoid_focal_loss."""
    p = torch.sigmoid(z)
    ce = F.binary_cross_entropy_with_logits(z, y, reduction="none")
    p_t = p * y + (1 - p) * (1 - y)
    loss = ce * ((1 - p_t) ** gamma)
    return loss if alpha is None else (alpha * y + (1 - alpha) * (1 - y)) * loss


def crammer_singer(s, y):
    """Keras: max(0, 1 + max((1 − y) s) − Σ y s), the maximum over the other classes alone."""
    own = (s * y).sum(-1)
    other = s.masked_fill(y > 0.5, -torch.inf).max(-1).values
    return torch.relu(1 + other - own)


def document():
    t = tensors()
    cases = []

    def case(loss, options, predictions, targets, reference, weighting=None, weights=None):
        """`weighting`: how much each example counts by its class, [n]."""
        z = t[predictions].clone().requires_grad_()
        y = t[targets]
        losses = reference(z, y)
        assert losses.shape == (N,), losses.shape
        w = torch.ones(N, dtype=torch.float64) if weighting is None else weighting(y)
        if weights:
            w = w * t[weights]
        mean = (w * losses).sum() / w.sum()
        (gradient,) = torch.autograd.grad(mean, z)
        cases.append(
            {
                "loss": loss,
                "options": options,
                "predictions": encode(z.detach()),
                "targets": encode(y),
                "weights": encode(t[weights]) if weights else None,
                "perExample": encode(losses.detach()),
                "mean": encode(mean.detach()),
                "gradient": encode(gradient),
            }
        )

    hot = F.one_hot(t["classes"], K).double()
    t["hot"] = hot
    cw = torch.tensor([0.5, 2.0, 1.0, 3.0], dtype=torch.float64)
    cwl = cw.tolist()

    b = "binaryCrossEntropy"
    case(b, {}, "row", "bits", binary)
    case(b, {}, "logits", "labels", lambda z, y: each(binary(z, y)))
    case(b, {}, "logits", "labels", lambda z, y: each(binary(z, y)), weights="weights")
    case(b, {"labelSmoothing": 0.2}, "row", "bits", lambda z, y: binary(z, y * 0.8 + 0.1))
    case(b, {"classWeights": [0.5, 3]}, "row", "bits", binary, lambda y: 0.5 + 2.5 * y)
    case(b, {"fromLogits": False}, "shares", "labels", lambda p, y: each(F.binary_cross_entropy(p, y, reduction="none")))

    def weighted_labels(z, y):
        w = 0.5 + 2.5 * y
        return (binary(z, y) * w).sum(1) / w.sum(1)

    case(b, {"classWeights": [0.5, 3]}, "logits", "labels", weighted_labels, lambda y: (0.5 + 2.5 * y).mean(1))

    s = "sparseCategoricalCrossEntropy"
    ce = lambda z, y, **how: F.cross_entropy(z, y, reduction="none", **how)
    case(s, {}, "logits", "classes", ce)
    case(s, {}, "logits", "classes", ce, weights="weights")
    case(s, {}, "steps", "stepClasses", lambda z, y: each(ce(z.movedim(-1, 1), y)))
    case(s, {"labelSmoothing": 0.1}, "logits", "classes", lambda z, y: ce(z, y, label_smoothing=0.1))
    case(s, {"classWeights": cwl}, "logits", "classes", ce, lambda y: cw[y])
    # PyTorch's own weighted mean is the one above.
    np.testing.assert_allclose(cases[-1]["mean"]["data"][0], F.cross_entropy(t["logits"], t["classes"], weight=cw), rtol=1e-14)
    case(s, {"classWeights": cwl}, "logits", "classes", ce, lambda y: cw[y], weights="weights")
    case(s, {"fromLogits": False}, "shares", "classes", lambda p, y: F.nll_loss((p / p.sum(1, keepdim=True)).log(), y, reduction="none"))

    c = "categoricalCrossEntropy"
    case(c, {}, "logits", "hot", ce)
    case(c, {}, "logits", "soft", ce, weights="weights")
    case(c, {"labelSmoothing": 0.1}, "logits", "soft", lambda z, y: ce(z, y, label_smoothing=0.1))
    case(c, {"classWeights": cwl}, "logits", "hot", ce, lambda y: y @ cw)
    case(c, {"classWeights": cwl}, "logits", "soft", ce, lambda y: y @ cw)

    case("meanSquaredError", {}, "image", "target", lambda p, y: each(F.mse_loss(p, y, reduction="none")))
    case("meanSquaredError", {}, "row", "bits", lambda p, y: F.mse_loss(p, y, reduction="none"), weights="weights")
    case("meanAbsoluteError", {}, "image", "target", lambda p, y: each(F.l1_loss(p, y, reduction="none")))
    case("huber", {}, "image", "target", lambda p, y: each(F.huber_loss(p, y, reduction="none")))
    case("huber", {"delta": 0.3}, "image", "target", lambda p, y: each(F.huber_loss(p, y, reduction="none", delta=0.3)))
    h = lambda s, y: torch.relu(1 - (2 * y - 1) * s)
    case("hinge", {}, "row", "bits", h)
    case("hinge", {"squared": True}, "logits", "labels", lambda s, y: each(h(s, y) ** 2))
    case("squaredHinge", {}, "logits", "labels", lambda s, y: each(h(s, y) ** 2))
    case("categoricalHinge", {}, "logits", "hot", crammer_singer)
    case("categoricalHinge", {"squared": True}, "logits", "classes", lambda s, y: crammer_singer(s, hot) ** 2)
    case("klDivergence", {}, "logits", "soft", lambda z, y: F.kl_div(F.log_softmax(z, 1), y, reduction="none").sum(1))
    case("klDivergence", {}, "logits", "hot", lambda z, y: F.kl_div(F.log_softmax(z, 1), y, reduction="none").sum(1))
    case("klDivergence", {"fromLogits": False}, "shares", "soft", lambda p, y: F.kl_div((p / p.sum(1, keepdim=True)).log(), y, reduction="none").sum(1))
    f = "binaryFocalCrossEntropy"
    case(f, {}, "logits", "labels", lambda z, y: each(torchvision_focal(z, y)))
    case(f, {"gamma": 0.5, "alpha": None}, "row", "bits", lambda z, y: torchvision_focal(z, y, None, 0.5))
    focal = lambda g: lambda z, y: ((1 - z.softmax(1)) ** g * -F.log_softmax(z, 1) * hot).sum(1)
    case("categoricalFocalCrossEntropy", {}, "logits", "classes", focal(2))
    case("categoricalFocalCrossEntropy", {"gamma": 1.5}, "logits", "hot", focal(1.5), weights="weights")
    case("categoricalFocalCrossEntropy", {"gamma": 0.5}, "logits", "hot", focal(0.5))
    return {"cases": cases}
