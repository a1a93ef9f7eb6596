"""Ten steps of every optimizer in float64: PyTorch, or the formula in NumPy where PyTorch has none."""

import numpy as np
import torch

from golden import encode

STEPS = 10
START = {"w": np.array([[0.5, -1.0, 2.0], [1.5, 0.25, -0.75]]), "b": np.array([0.1, -0.2, 0.3])}


def gradients():
    """The same for all, given step by step, whatever the parameters have become."""
    r = np.random.default_rng(7)
    return [{k: np.round(r.standard_normal(v.shape), 3) for k, v in START.items()} for _ in range(STEPS)]


GRADIENTS = gradients()


def torch_run(make, before=None):
    params = {k: torch.nn.Parameter(torch.from_numpy(v.copy())) for k, v in START.items()}
    optimizer = make(list(params.values()), params)
    for g in GRADIENTS:
        for k, p in params.items():
            p.grad = torch.from_numpy(g[k].copy())
        if before:
            before(list(params.values()))
        optimizer.step()
    return {k: p.detach().numpy() for k, p in params.items()}


def numpy_run(rule, clip=lambda g: g):
    """`rule(p, g, state, t)` gives the next parameter; state is a dictionary of its own."""
    params = {k: v.copy() for k, v in START.items()}
    states = {k: {} for k in START}
    for t, g in enumerate(GRADIENTS, 1):
        g = clip(g)
        params = {k: rule(params[k], g[k], states[k], t) for k in params}
    return params


def mean(state, name, x, share):
    state[name] = share * state.get(name, 0.0) + (1 - share) * x
    return state[name]


def document():
    cases = []
    o = torch.optim

    def case(name, rate, options, result, source):
        cases.append({"optimizer": name, "rate": rate, "options": options, "source": source, "result": encode(result)})

    def pytorch(name, rate, options, make, before=None):
        case(name, rate, options, torch_run(lambda list_, _: make(list_), before), "PyTorch")

    def keras(name, rate, options, rule):
        case(name, rate, options, numpy_run(rule), "Keras's formula")

    def formula(name, rate, options, rule, clip=lambda g: g):
        case(name, rate, options, numpy_run(rule, clip), "formula")

    all_ = {"decay": "all"}
    pytorch("sgd", 0.1, {}, lambda p: o.SGD(p, 0.1))
    pytorch("sgd", 0.1, {"l2": 0.3, **all_}, lambda p: o.SGD(p, 0.1, weight_decay=0.3))
    kernels = lambda _, named: o.SGD([{"params": [named["w"]], "weight_decay": 0.3}, {"params": [named["b"]]}], 0.1)
    case("sgd", 0.1, {"l2": 0.3}, torch_run(kernels), "PyTorch")
    formula("sgd", 0.1, {"l1": 0.3, **all_}, lambda p, g, s, t: p - 0.1 * (g + 0.3 * np.sign(p)))
    formula("sgd", 0.1, {"weightDecay": 0.3, **all_}, lambda p, g, s, t: p - 0.1 * 0.3 * p - 0.1 * g)

    pytorch("sgd", 0.1, {"clipValue": 0.5}, lambda p: o.SGD(p, 0.1), lambda p: torch.nn.utils.clip_grad_value_(p, 0.5))
    length = lambda *g: np.sqrt(sum((x**2).sum() for x in g))
    formula("sgd", 0.1, {"clipNorm": 1}, lambda p, g, s, t: p - 0.1 * g, lambda g: {k: x * min(1, 1 / length(x)) for k, x in g.items()})
    together = lambda g: {k: x * min(1, 2 / length(*g.values())) for k, x in g.items()}
    formula("sgd", 0.1, {"clipGlobalNorm": 2}, lambda p, g, s, t: p - 0.1 * g, together)

    pytorch("momentum", 0.1, {}, lambda p: o.SGD(p, 0.1, momentum=0.9))
    pytorch("momentum", 0.1, {"momentum": 0.5, "l2": 0.1, **all_}, lambda p: o.SGD(p, 0.1, momentum=0.5, weight_decay=0.1))

    def dampened(p, g, s, t):
        s["b"] = 0.9 * s.get("b", 0.0) + (1 - 0.9) * g
        return p - 0.1 * s["b"]

    formula("momentum", 0.1, {"dampening": 0.9}, dampened)

    def keras_momentum(p, g, s, t):
        s["v"] = 0.9 * s.get("v", 0.0) - 0.1 * g
        return p + s["v"]

    def keras_nesterov(p, g, s, t):
        s["v"] = 0.9 * s.get("v", 0.0) - 0.1 * g
        return p + 0.9 * s["v"] - 0.1 * g

    keras("momentum", 0.1, {}, keras_momentum)
    pytorch("nesterov", 0.1, {}, lambda p: o.SGD(p, 0.1, momentum=0.9, nesterov=True))
    pytorch("nesterov", 0.1, {"momentum": 0.6}, lambda p: o.SGD(p, 0.1, momentum=0.6, nesterov=True))
    keras("nesterov", 0.1, {}, keras_nesterov)

    pytorch("adagrad", 0.1, {}, lambda p: o.Adagrad(p, 0.1))
    pytorch("adagrad", 0.1, {"initial": 0.5, "epsilon": 0.01}, lambda p: o.Adagrad(p, 0.1, initial_accumulator_value=0.5, eps=0.01))

    def keras_adagrad(p, g, s, t):
        s["v"] = s.get("v", 0.1) + g**2
        return p - 0.1 * g / np.sqrt(s["v"] + 1e-2)

    keras("adagrad", 0.1, {"initial": 0.1, "epsilon": 0.01, "epsilonAt": "inside"}, keras_adagrad)

    pytorch("rmsprop", 0.1, {"rho": 0.99}, lambda p: o.RMSprop(p, 0.1))
    pytorch("rmsprop", 0.1, {"epsilon": 0.1, "momentum": 0.8}, lambda p: o.RMSprop(p, 0.1, alpha=0.9, eps=0.1, momentum=0.8))
    pytorch("rmsprop", 0.1, {"epsilon": 0.1, "momentum": 0.8, "centered": True}, lambda p: o.RMSprop(p, 0.1, alpha=0.9, eps=0.1, momentum=0.8, centered=True))

    def keras_rmsprop(p, g, s, t):
        v = mean(s, "v", g**2, 0.9) - mean(s, "m", g, 0.9) ** 2
        s["b"] = 0.8 * s.get("b", 0.0) + 0.1 * g / np.sqrt(v + 0.1)
        return p - s["b"]

    keras("rmsprop", 0.1, {"epsilon": 0.1, "epsilonAt": "inside", "momentum": 0.8, "centered": True}, keras_rmsprop)

    pytorch("adadelta", 1, {"rho": 0.9}, lambda p: o.Adadelta(p))
    pytorch("adadelta", 0.5, {"epsilon": 0.001}, lambda p: o.Adadelta(p, 0.5, rho=0.95, eps=0.001))

    def outside(p, g, s, t):
        v = mean(s, "v", g**2, 0.95)
        d = (np.sqrt(s.get("u", 0.0)) + 0.1) / (np.sqrt(v) + 0.1) * g
        mean(s, "u", d**2, 0.95)
        return p - d

    formula("adadelta", 1, {"epsilon": 0.1, "epsilonAt": "outside"}, outside)

    pytorch("adam", 0.1, {}, lambda p: o.Adam(p, 0.1))
    pytorch("adam", 0.1, {"beta1": 0.5, "beta2": 0.8, "epsilon": 0.1}, lambda p: o.Adam(p, 0.1, (0.5, 0.8), 0.1))
    pytorch("adam", 0.1, {"amsgrad": True, "beta2": 0.5}, lambda p: o.Adam(p, 0.1, (0.9, 0.5), amsgrad=True))
    pytorch("adam", 0.1, {"l2": 0.2, **all_}, lambda p: o.Adam(p, 0.1, weight_decay=0.2))

    def moments(g, s):
        return mean(s, "m", g, 0.9), mean(s, "v", g**2, 0.999)

    def keras_adam(p, g, s, t):
        m, v = moments(g, s)
        return p - 0.1 * np.sqrt(1 - 0.999**t) / (1 - 0.9**t) * m / (np.sqrt(v) + 0.01)

    def inside(p, g, s, t):
        m, v = moments(g, s)
        return p - 0.1 * m / (1 - 0.9**t) / np.sqrt(v / (1 - 0.999**t) + 0.01)

    keras("adam", 0.1, {"epsilon": 0.01, "epsilonAt": "uncorrected"}, keras_adam)
    formula("adam", 0.1, {"epsilon": 0.01, "epsilonAt": "inside"}, inside)

    pytorch("adamW", 0.1, all_, lambda p: o.AdamW(p, 0.1))
    pytorch("adamW", 0.1, {"weightDecay": 0.5, "amsgrad": True, **all_}, lambda p: o.AdamW(p, 0.1, weight_decay=0.5, amsgrad=True))
    named = lambda _, n: o.AdamW([{"params": [n["w"]], "weight_decay": 0.5}, {"params": [n["b"]], "weight_decay": 0}], 0.1)
    case("adamW", 0.1, {"weightDecay": 0.5}, torch_run(named), "PyTorch")

    # PyTorch 1.13 has μ twice in the product that m is divided by; this is the formula of its
    # documentation, and what PyTorch 2 computes.
    def nadam(b1, eps, psi, root=lambda v, c2, eps: np.sqrt(v / c2) + eps):
        def rule(p, g, s, t):
            u, after = (b1 * (1 - 0.5 * 0.96 ** (n * psi)) for n in (t, t + 1))
            s["product"] = s.get("product", 1.0) * u
            m, v = mean(s, "m", g, b1), mean(s, "v", g**2, 0.999)
            ahead = after * m / (1 - s["product"] * after) + (1 - u) * g / (1 - s["product"])
            return p - 0.1 * ahead / root(v, 1 - 0.999**t, eps)

        return rule

    formula("nadam", 0.1, {}, nadam(0.9, 1e-8, 0.004))
    formula("nadam", 0.1, {"momentumDecay": 0.5, "epsilon": 0.1, "beta1": 0.7}, nadam(0.7, 0.1, 0.5))
    keras("nadam", 0.1, {"momentumDecay": 1, "epsilon": 1e-7}, nadam(0.9, 1e-7, 1))
    under = lambda v, c2, eps: np.sqrt(v / c2 + eps)
    before = lambda v, c2, eps: (np.sqrt(v) + eps) / np.sqrt(c2)
    formula("nadam", 0.1, {"epsilon": 0.01, "epsilonAt": "inside"}, nadam(0.9, 0.01, 0.004, under))
    formula("nadam", 0.1, {"epsilon": 0.01, "epsilonAt": "uncorrected"}, nadam(0.9, 0.01, 0.004, before))

    def lion(decay, b1=0.9, b2=0.99):
        def rule(p, g, s, t):
            m = s.get("m", 0.0)
            s["m"] = b2 * m + (1 - b2) * g
            return p - 0.1 * (np.sign(b1 * m + (1 - b1) * g) + decay * p)

        return rule

    formula("lion", 0.1, {}, lion(0))
    formula("lion", 0.1, {"weightDecay": 0.2, "beta1": 0.6, "beta2": 0.7, **all_}, lion(0.2, 0.6, 0.7))

    average = {}
    for kind, decay_at in (("plain", lambda k: 0.7), ("warm", lambda k: min(0.7, (1 + k) / (10 + k)))):
        p, a = {k: v.copy() for k, v in START.items()}, None
        for t, g in enumerate(GRADIENTS, 1):
            p = {k: p[k] - 0.1 * g[k] for k in p}
            k_ = t - 1 - 2
            d = decay_at(k_) if k_ > 0 else 0.0
            a = p if a is None else {k: d * a[k] + (1 - d) * p[k] for k in p}
        average[kind] = a
    return {
        "start": encode(START),
        "gradients": [encode(g) for g in GRADIENTS],
        "cases": cases,
        "averaged": [
            {"of": "sgd", "rate": 0.1, "options": {"decay": 0.7, "from": 2, "warmUp": False}, "result": encode(average["plain"])},
            {"of": "sgd", "rate": 0.1, "options": {"decay": 0.7, "from": 2}, "result": encode(average["warm"])},
        ],
    }
