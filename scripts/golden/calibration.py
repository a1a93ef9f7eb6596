"""Calibration: scikit-learn's curves and calibrated probabilities.

    /usr/bin/python3 scripts/golden/calibration.py

writes test/golden/learn/calibration.json. scikit-learn leaves the sigmoid where BFGS stops, some 1e-6 from
the minimum; here its own objective's gradient is then brought to zero, so that nine digits can be compared.
"""

import json
import pathlib
import platform

import numpy as np
import scipy
import scipy.optimize
import sklearn
import sklearn.calibration as calibration
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.calibration import CalibratedClassifierCV
from sklearn.isotonic import IsotonicRegression, isotonic_regression
from sklearn.model_selection import StratifiedKFold

GOLDEN = pathlib.Path(__file__).resolve().parents[2] / "test" / "golden" / "learn" / "calibration.json"
RANDOM = np.random.default_rng(20261211)

_bfgs = calibration.fmin_bfgs


def to_the_minimum(objective, start, fprime, disp):
    at = _bfgs(objective, start, fprime=fprime, disp=disp)
    found = scipy.optimize.root(fprime, at, tol=1e-15)
    assert np.abs(fprime(found.x)).max() < 1e-9, fprime(found.x)
    assert objective(found.x) <= objective(at) + 1e-12
    return found.x


calibration.fmin_bfgs = to_the_minimum


class NearestCentroid(ClassifierMixin, BaseEstimator):
    """Scores: minus the squared distance to the mean of each class; their difference for two."""

    def fit(self, X, y, sample_weight=None):
        w = np.ones(len(y)) if sample_weight is None else sample_weight
        self.classes_ = np.unique(y)
        self.n_features_in_ = X.shape[1]
        self.means_ = np.array([np.average(X[y == c], axis=0, weights=w[y == c]) for c in self.classes_])
        return self

    def decision_function(self, X):
        scores = -((X[:, None, :] - self.means_[None]) ** 2).sum(axis=2)
        return scores[:, 1] - scores[:, 0] if len(self.classes_) == 2 else scores

    def predict(self, X):
        scores = self.decision_function(X)
        return self.classes_[(scores > 0).astype(int) if scores.ndim == 1 else scores.argmax(axis=1)]


def rounded(values, digits=3):
    return np.round(values, digits) + 0.0


def sigmoid_cases():
    for n, scale, weighted in [(12, 1, False), (40, 1, True), (60, 50, False), (25, 0.02, False)]:
        y = RANDOM.integers(0, 2, n)
        scores = rounded(scale * (RANDOM.standard_normal(n) + y), 4)
        weights = rounded(RANDOM.uniform(0.1, 3, n)) if weighted else None
        a, b = calibration._sigmoid_calibration(scores, y, weights)
        yield {"scores": scores, "y": y, "weights": weights, "slope": a, "intercept": b}
    scores, y = np.arange(10.0), np.repeat([0, 1], 5)
    a, b = calibration._sigmoid_calibration(scores, y)
    yield {"scores": scores, "y": y, "weights": None, "slope": a, "intercept": b}


def isotonic_cases():
    for n, digits, weighted in [(12, 3, False), (50, 1, True), (80, 2, False), (5, 0, False), (1, 2, False)]:
        y = RANDOM.integers(0, 2, n)
        scores = rounded(RANDOM.standard_normal(n) + y, digits)
        weights = rounded(RANDOM.uniform(0, 3, n)) if weighted else None
        if weighted:
            weights[3] = 0
        model = IsotonicRegression(out_of_bounds="clip").fit(scores, y, weights)
        at = rounded(np.linspace(-3, 4, 15), 3)
        yield {
            "scores": scores,
            "y": y,
            "weights": weights,
            "thresholds": model.X_thresholds_,
            "probabilities": model.y_thresholds_,
            "at": at,
            "predicted": model.predict(at),
        }


def regression_cases():
    for n, options in [(20, {}), (15, {"increasing": False}), (30, {"y_min": -0.5, "y_max": 0.8})]:
        y = rounded(RANDOM.standard_normal(n) + np.linspace(-1, 1, n))
        w = rounded(RANDOM.uniform(0.1, 2, n))
        out = isotonic_regression(y, sample_weight=w, **options)
        names = {"y_min": "min", "y_max": "max"}
        yield {"y": y, "weights": w, "options": {names.get(k, k): v for k, v in options.items()}, "out": out}


def blobs(n, classes):
    y = np.concatenate([np.arange(classes).repeat(6), RANDOM.integers(0, classes, n - 6 * classes)])
    means = RANDOM.uniform(-1, 1, (classes, 3))
    return rounded(means[y] + RANDOM.standard_normal((n, 3))), y


def classifier_cases():
    for classes, n in [(2, 60), (3, 75)]:
        X, y = blobs(n, classes)
        T, _ = blobs(20, classes)
        w = rounded(RANDOM.uniform(0.2, 2, n))
        folds = list(StratifiedKFold(3, shuffle=True, random_state=1).split(X, y))
        for method in ["sigmoid", "isotonic"]:
            for form, weighted in [("ensemble", False), ("single", False), ("prefit", False), ("ensemble", True)]:
                half = np.arange(n) % 2 == 0
                if form == "prefit":
                    base = NearestCentroid().fit(X[half], y[half])
                    model = CalibratedClassifierCV(base, method=method, cv="prefit").fit(X[~half], y[~half])
                else:
                    model = CalibratedClassifierCV(
                        NearestCentroid(), method=method, cv=folds, ensemble=form == "ensemble"
                    ).fit(X, y, sample_weight=w if weighted else None)
                yield {
                    "classes": classes,
                    "method": method,
                    "form": form,
                    "X": X,
                    "y": y,
                    "weights": w if weighted else None,
                    "folds": [{"train": train, "test": test} for train, test in folds],
                    "T": T,
                    "probabilities": model.predict_proba(T),
                }


def plain(value):
    if isinstance(value, (np.ndarray, np.generic)):
        return value.tolist()
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value


def main():
    parts = {
        "sigmoid": sigmoid_cases(),
        "isotonic": isotonic_cases(),
        "regression": regression_cases(),
        "classifier": classifier_cases(),
    }
    made = {
        "script": "scripts/golden/calibration.py",
        "python": platform.python_version(),
        "scikit-learn": sklearn.__version__,
        "numpy": np.__version__,
        "scipy": scipy.__version__,
    }
    lines = [f'"made":{json.dumps(made)}']
    for name, cases in parts.items():
        rows = ",\n".join(json.dumps(plain(case), separators=(",", ":"), allow_nan=False) for case in cases)
        lines.append(f'"{name}":[\n{rows}\n]')
    GOLDEN.parent.mkdir(parents=True, exist_ok=True)
    GOLDEN.write_text("{" + ",\n".join(lines) + "}\n")


if __name__ == "__main__":
    main()
