"""Minima found by SciPy's L-BFGS-B in float64, with tolerances near rounding."""

import numpy as np
import scipy.optimize

from golden import encode


def rosenbrock(x):
    a, b = x[:-1], x[1:]
    value = np.sum(100 * (b - a**2) ** 2 + (1 - a) ** 2)
    gradient = np.zeros_like(x)
    gradient[:-1] = -400 * a * (b - a**2) - 2 * (1 - a)
    gradient[1:] += 200 * (b - a**2)
    return value, gradient


def logistic(features, labels, l2):
    """Mean log loss of w · x + b, plus ½ l2 |w|²; b comes last."""

    def f(p):
        z = features @ p[:-1] + p[-1]
        residual = (1 / (1 + np.exp(-z)) - labels) / len(labels)
        value = np.mean(np.logaddexp(0, z) - labels * z) + 0.5 * l2 * p[:-1] @ p[:-1]
        return value, np.append(features.T @ residual + l2 * p[:-1], residual.sum())

    return f


def document():
    r = np.random.default_rng(11)
    features = np.round(r.standard_normal((40, 3)), 3)
    labels = (features @ [1.0, -2.0, 0.5] + r.standard_normal(40) > 0.3).astype(np.float64)
    m = np.round(r.standard_normal((6, 6)), 3)
    matrix, linear = m @ m.T + 0.1 * np.eye(6), np.round(r.standard_normal(6), 3)
    cases = []

    def case(name, f, start, **data):
        found = scipy.optimize.minimize(f, start, jac=True, method="L-BFGS-B", options={"ftol": 1e-16, "gtol": 1e-12, "maxiter": 5000, "maxfun": 20000})
        cases.append({"problem": name, "start": encode(start), "x": encode(found.x), "value": float(found.fun), "evaluations": int(found.nfev), **{k: encode(v) for k, v in data.items()}})

    case("rosenbrock", rosenbrock, np.array([-1.2, 1.0]))
    case("rosenbrock", rosenbrock, np.round(r.uniform(0.2, 1.8, 10), 3))
    case("logistic", logistic(features, labels, 0.01), np.zeros(4), features=features, labels=labels, l2=0.01)
    case("quadratic", lambda x: (0.5 * x @ matrix @ x - linear @ x, matrix @ x - linear), np.ones(6), matrix=matrix, linear=linear)
    return {"cases": cases}
