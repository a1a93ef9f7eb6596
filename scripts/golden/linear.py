"""Coefficients of scikit-learn's LogisticRegression, run to convergence.

    /usr/bin/python3 scripts/golden/linear.py [folder of tables]

writes `test/golden/learn/linear.json`: samples of the tables in `shared/data/tabular`, standardised and rounded,
with coefficients for every penalty and form on them; and coefficients on the whole tables, which the tests
compare where the tables are there. Smooth penalties are minimised by newton-cg and lbfgs (the closer counts), others by
saga; what remains of the optimality conditions stands beside each case and is below 1e-7 of the mean cost.
"""

import csv
import json
import pathlib
import sys
import warnings

import numpy as np
import scipy
import sklearn
from sklearn.linear_model import LogisticRegression

warnings.simplefilter("ignore")
ROOT = pathlib.Path(__file__).resolve().parents[2]
TABLES = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ROOT.parent / "shared/data/tabular")
OUT = ROOT / "test/golden/learn/linear.json"


def read(name, delimiter=",", header=True):
    with open(TABLES / name, newline="") as file:
        lines = [line for line in csv.reader(file, delimiter=delimiter) if line]
    names = lines.pop(0) if header else [str(i) for i in range(len(lines[0]))]
    return {name: [line[i] for line in lines] for i, name in enumerate(names) if name != ""}


def numbers(table, names):
    return np.array([[np.nan if v == "?" else float(v) for v in table[name]] for name in names]).T


def tables():
    """Name, features, their names, labels and their name, for each table; rows with missing values left out."""
    def one(name, table, names, target, label=str):
        x = numbers(table, names)
        whole = ~np.isnan(x).any(1)
        return name, x[whole], names, np.array([label(v) for v in table[target]])[whole], target

    bcw = read("breast-cancer-wisconsin.csv")
    yield one("breast-cancer-wisconsin", bcw, list(bcw)[2:], "diagnosis")
    spam = read("spambase.data", " ", False)
    yield one("spambase", spam, list(spam)[:-1], list(spam)[-1], int)
    names = ["CreditScore", "Age", "Tenure", "Balance", "NumOfProducts", "HasCrCard", "IsActiveMember", "EstimatedSalary"]
    yield one("churn", read("churn.csv"), names, "Exited", int)
    yield one("titanic", read("titanic.csv"), ["age", "sibsp", "parch", "fare", "survived"], "pclass", int)
    iris = read("iris.csv")
    yield one("iris", iris, list(iris)[1:], "Type")


def standardised(x):
    x = np.asarray(x, float)
    deviation = x.std(0)
    return (x - x.mean(0)) / np.where(deviation == 0, 1, deviation)


def residual(model, x, y, options, weights):
    """The largest violation of the optimality conditions of 1/m (penalty/C + losses)."""
    coef, b = model.coef_, model.intercept_
    m = weights.sum()
    one_model = coef.shape[0] == 1
    if options["form"] == "ovr" or (one_model and options["form"] == "binary"):
        targets = [(y == c).astype(float) for c in (model.classes_[1:] if one_model else model.classes_)]
        p = 1 / (1 + np.exp(-(x @ coef.T + b)))
        r = p - np.stack(targets, 1)
        w = coef
    else:
        w = np.concatenate([-coef, coef]) if one_model else coef
        c = np.concatenate([-b, b]) if one_model else b
        z = x @ w.T + c
        e = np.exp(z - z.max(1, keepdims=True))
        r = e / e.sum(1, keepdims=True) - (y[:, None] == model.classes_[None])
    r = r * weights[:, None]
    g = (r.T @ x) / m
    strength = 0 if options["penalty"] == "none" else 1 / (options["C"] * m)
    ratio = {"none": 0, "l2": 0, "l1": 1, "elasticNet": options.get("l1Ratio")}[options["penalty"]]
    g = g + strength * (1 - ratio) * w
    t = strength * ratio
    kink = np.where(w != 0, np.abs(g + t * np.sign(w)), np.maximum(np.abs(g) - t, 0))
    worst = kink.max()
    return max(worst, np.abs(r.sum(0)).max() / m) if options.get("fitIntercept", True) else worst


def fit(x, y, options):
    penalty = {"none": None, "elasticNet": "elasticnet"}.get(options["penalty"], options["penalty"])
    smooth = penalty in (None, "l2")
    weights = np.ones(len(y))
    if options.get("sampleWeight"):
        weights = 1 + np.arange(len(y)) % 3.0
    best = None
    for solver in ("newton-cg", "lbfgs") if smooth else ("saga",):
        model = LogisticRegression(
            penalty=penalty, C=options["C"], l1_ratio=options.get("l1Ratio") if penalty == "elasticnet" else None,
            multi_class={"binary": "ovr"}.get(options["form"], options["form"]), solver=solver,
            fit_intercept=options.get("fitIntercept", True), class_weight=options.get("classWeight"),
            tol=1e-11 if smooth else 1e-9, max_iter=1000 if smooth else 20000, random_state=0)
        model.fit(x, y, sample_weight=weights if options.get("sampleWeight") else None)
        total = weights
        if options.get("classWeight") == "balanced":
            total = weights * sklearn.utils.class_weight.compute_sample_weight("balanced", y)
        rest = float(residual(model, x, y, options, total))
        if best is None or rest < best[0]:
            best = (rest, model)
    rest, model = best
    assert rest < 1e-7, (options, rest)
    coef, intercept = model.coef_, model.intercept_
    if options["form"] == "multinomial" and coef.shape[0] == 1:
        coef, intercept = np.concatenate([-coef, coef]), np.concatenate([-intercept, intercept])
    return {**options, "residual": rest, "coefficients": coef.tolist(),
            "intercepts": np.broadcast_to(intercept, len(coef)).tolist()}


def cases(x, y, full, separable=False):
    classes = len(np.unique(y))
    forms = ["binary", "multinomial"] if classes == 2 else ["ovr", "multinomial"]
    for form in forms:
        for penalty in ("l2", "l1", "elasticNet") if separable else ("none", "l2", "l1", "elasticNet"):
            extra = {"l1Ratio": 0.4} if penalty == "elasticNet" else {}
            yield fit(x, y, {"form": form, "penalty": penalty, "C": 0.1 if full else 0.5, **extra})
    if full:
        return
    form = forms[0]
    yield fit(x, y, {"form": form, "penalty": "l2", "C": 2.0, "fitIntercept": False})
    yield fit(x, y, {"form": form, "penalty": "l1", "C": 0.3, "fitIntercept": False})
    yield fit(x, y, {"form": forms[1], "penalty": "l2", "C": 1.0, "classWeight": "balanced"})
    yield fit(x, y, {"form": form, "penalty": "l2", "C": 1.0, "sampleWeight": True})


# Few enough columns that classes overlap: without a penalty, separable ones (iris has one) have no solution.
SAMPLES = {
    "breast-cancer-wisconsin": (160, ["texture_mean", "smoothness_mean", "symmetry_mean", "texture_se", "fractal_dimension_mean"]),
    "spambase": (160, ["4", "11", "18", "20", "44"]),
    "churn": (160, None),
    "titanic": (160, None),
    "iris": (150, None),
}


# Whole tables without a solution where there is no penalty.
SEPARABLE = ("breast-cancer-wisconsin", "iris")


def main():
    samples, full = [], []
    for name, x, names, y, target in tables():
        count, columns = SAMPLES[name]
        columns = columns or names
        rows = np.sort(np.random.default_rng(5).permutation(len(x))[:count])
        part = np.round(standardised(x[rows][:, [names.index(c) for c in columns]]), 4)
        samples.append({"table": name, "columns": columns, "x": part.tolist(), "y": y[rows].tolist(),
                        "cases": list(cases(part, y[rows], False, name == "iris"))})
        print(name, "sample", flush=True)
        full.append({"table": name, "columns": names, "rows": len(x), "target": target,
                     "cases": list(cases(standardised(x), y, True, name in SEPARABLE))})
        print(name, flush=True)
    made = {"script": "scripts/golden/linear.py", "scikit-learn": sklearn.__version__, "numpy": np.__version__,
            "scipy": scipy.__version__}
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps({"made": made, "samples": samples, "full": full}, separators=(",", ":"))
                   .replace('{"form"', '\n{"form"').replace('{"table"', '\n{"table"') + "\n")


main()
