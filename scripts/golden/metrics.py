"""Figures of predictions by scikit-learn, for the functions of learn/metrics.

A case is {"fn", "data", "args", "options", "out"}: the function, the data set, which of its arrays are
given, and options as the library calls them, in which {"of": name} is an array of the data set. `data`
has the arrays. What scikit-learn lacks is computed here by its formula: the
expected calibration error, and the Brier score of more than two classes.
"""

import warnings

import numpy as np
import sklearn
from scipy.special import softmax
from sklearn import metrics as m
from sklearn.calibration import calibration_curve
from sklearn.preprocessing import label_binarize

from golden import MADE, number

warnings.simplefilter("ignore")

RANDOM = np.random.default_rng(20261121)


def plain(value):
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    return number(value) if isinstance(value, float) else value


# ---- data -----------------------------------------------------------------------------------


def weights(n):
    """Quarters, so that their sums are exact; some are 0."""
    return RANDOM.integers(0, 13, n) / 4


def binary(n, share, digits, names=(0, 1)):
    ones = RANDOM.uniform(size=n) < share
    ones[:2] = [True, False]
    scores = np.round(np.clip(RANDOM.normal(0.4 + 0.25 * ones, 0.25), 0, 1), digits)
    names = np.array(names)
    return {
        "y": names[ones.astype(int)],
        "p": names[(scores > 0.5).astype(int)],
        "s": scores,
        "logits": np.round(RANDOM.normal(2.0 * ones - 1, 1.5), digits),
        "w": weights(n),
    }


def several(n, names, shares, digits):
    names = np.array(names)
    k = len(names)
    c = RANDOM.choice(k, size=n, p=shares)
    c[:k] = np.arange(k)
    logits = RANDOM.normal(size=(n, k)) + 1.5 * np.eye(k)[c]
    s = softmax(logits, axis=1)
    if digits is not None:
        s = np.round(s * digits) / digits
        s[:, -1] += 1 - s.sum(axis=1)
        s = np.abs(s)
        s /= s.sum(axis=1, keepdims=True)
    return {"y": names[c], "p": names[s.argmax(axis=1)], "s": s, "w": weights(n)}


def table(n, k):
    y = (RANDOM.uniform(size=(n, k)) < [0.5, 0.3, 0.15, 0.6][:k]).astype(int)
    s = np.round(np.clip(RANDOM.normal(0.35 + 0.3 * y, 0.2), 0, 1), 2)
    y[0] = 0
    s[0] = 0.1
    return {"y": y, "p": (s > 0.5).astype(int), "s": s, "w": weights(n)}


def numbers(n, k):
    y = np.round(RANDOM.normal(size=(n, k) if k > 1 else n) * 3, 3)
    p = np.round(y + RANDOM.normal(size=y.shape), 3)
    return {"y": y, "p": p, "w": weights(n)}


DATA = {
    "binary": binary(60, 0.5, 12),
    "tied": binary(60, 0.5, 1),
    "rare": binary(90, 0.06, 3),
    "mail": binary(40, 0.4, 2, ("ham", "spam")),
    "signs": binary(40, 0.6, 2, (-1, 1)),
    "bools": binary(40, 0.5, 2, (False, True)),
    "animals": several(70, ["cat", "dog", "eel", "fox"], [0.5, 0.3, 0.15, 0.05], None),
    "classes": several(60, [0, 1, 2], [0.4, 0.4, 0.2], 10),
    "tags": table(40, 4),
    "numbers": numbers(50, 1),
    "outputs": numbers(40, 3),
}
# A class that is never predicted, one that never occurs, and perfect predictions.
DATA["missing"] = {
    "y": np.array(["a", "a", "b", "b", "c", "c", "a", "b"]),
    "p": np.array(["a", "b", "b", "d", "a", "b", "a", "d"]),
    "w": np.array([1, 0.5, 2, 1, 1, 0.25, 0, 1.5]),
}
DATA["perfect"] = {"y": DATA["animals"]["y"], "p": DATA["animals"]["y"], "w": DATA["animals"]["w"]}
DATA["constant"] = {"y": np.array([1, 1, 1, 1]), "p": np.array([1, 1, 1, 1]), "w": np.ones(4)}
DATA["zeros"] = {"y": np.array([0, 0, 0, 0]), "p": np.array([0, 1, 0, 0]), "s": np.array([0.2, 0.7, 0.2, 0.4]), "w": np.ones(4)}
DATA["flat"] = {"y": np.full((4, 2), [1.0, 2.0]), "p": np.array([[1.0, 2], [1, 2], [1, 2], [1, 3]]), "w": np.ones(4)}
for known in ("tied", "mail"):
    DATA[known]["both"] = np.stack([1 - DATA[known]["s"], DATA[known]["s"]], axis=1)

CASES = []


def case(fn, data, args, options, out):
    CASES.append({"fn": fn, "data": data, "args": args, "options": plain(options), "out": plain(out)})


def weighted(name):
    """The options of both libraries, without weights and with."""
    yield {}, {}
    yield {"sampleWeight": {"of": "w"}}, {"sample_weight": DATA[name]["w"]}


# ---- figures --------------------------------------------------------------------------------

BINARY = ["binary", "tied", "rare", "mail", "signs", "bools"]
CLASSES = [*BINARY, "animals", "classes", "missing", "perfect"]
POSITIVE = {"mail": "spam"}


def told(name, *keys):
    return [DATA[name][key] for key in keys]


def class_figures():
    for name in [*CLASSES, "constant", "zeros"]:
        yp = told(name, "y", "p")
        for ours, theirs in weighted(name):
            for normalize in (True, False):
                out = m.accuracy_score(*yp, normalize=normalize, **theirs)
                case("accuracy", name, ["y", "p"], {**ours, "normalize": normalize}, float(out))
            for adjusted in (False, True):
                out = m.balanced_accuracy_score(*yp, adjusted=adjusted, **theirs)
                case("balancedAccuracy", name, ["y", "p"], {**ours, "adjusted": adjusted}, out)
            case("matthews", name, ["y", "p"], ours, float(m.matthews_corrcoef(*yp, **theirs)))
            case("hammingLoss", name, ["y", "p"], ours, float(m.hamming_loss(*yp, **theirs)))
            for kind in (None, "linear", "quadratic"):
                own = {} if kind is None else {"weights": kind}
                case("kappa", name, ["y", "p"], {**ours, **own}, m.cohen_kappa_score(*yp, weights=kind, **theirs))
            for kind in (None, "true", "pred", "all"):
                own = {} if kind is None else {"normalize": kind}
                out = m.confusion_matrix(*yp, normalize=kind, **theirs).astype(float)
                case("confusionMatrix", name, ["y", "p"], {**ours, **own}, out)
    for labels in (["fox", "cat"], ["cat", "dog", "eel", "fox", "gnu"]):
        case("confusionMatrix", "animals", ["y", "p"], {"labels": labels}, m.confusion_matrix(*told("animals", "y", "p"), labels=labels).astype(float))
        case("kappa", "animals", ["y", "p"], {"labels": labels, "weights": "linear"}, m.cohen_kappa_score(*told("animals", "y", "p"), labels=labels, weights="linear"))


def f_figures():
    functions = {"precision": (m.precision_score, {}), "recall": (m.recall_score, {}), "f1": (m.f1_score, {})}
    for beta in (0, 0.5, 2):
        functions[f"beta{beta}"] = (m.fbeta_score, {"beta": beta})
    for name in [*CLASSES, "constant", "zeros", "tags"]:
        two = name in BINARY or name in ("constant", "zeros")
        averages = [*(["binary"] if two else []), "micro", "macro", "weighted", None]
        for ours, theirs in weighted(name):
            for key, (theirs_fn, own) in functions.items():
                for average in averages + (["samples"] if name == "tags" else []):
                    for zero in (0, 1) if name in ("missing", "tags", "zeros", "rare") else (0,):
                        pos = {"pos_label": POSITIVE[name]} if average == "binary" and name in POSITIVE else {}
                        mine = {"positive": POSITIVE[name]} if pos else {}
                        out = theirs_fn(*told(name, "y", "p"), average=average, zero_division=zero, **pos, **own, **theirs)
                        fn = "fBeta" if own else key
                        case(fn, name, ["y", "p"], {**ours, **own, **mine, "average": average, "zeroDivision": zero}, out)
    for labels in (["cat", "eel"], ["fox", "gnu"], ["gnu"]):
        for average in ("micro", "macro", "weighted", None):
            for zero in (0, 1):
                for key in ("precision", "recall", "f1"):
                    out = functions[key][0](*told("animals", "y", "p"), labels=labels, average=average, zero_division=zero)
                    case(key, "animals", ["y", "p"], {"labels": labels, "average": average, "zeroDivision": zero}, out)
    for average in ("micro", "macro", "weighted", "samples", None):
        out = m.f1_score(*told("tags", "y", "p"), labels=[2, 0], average=average)
        case("f1", "tags", ["y", "p"], {"labels": [2, 0], "average": average}, out)
    for name, positive in (("binary", 0), ("mail", "ham"), ("signs", -1)):
        case("f1", name, ["y", "p"], {"positive": positive}, m.f1_score(*told(name, "y", "p"), pos_label=positive))


def curves():
    for name in [*BINARY, "zeros"]:
        y, s = told(name, "y", "s")
        pos = {"pos_label": POSITIVE[name]} if name in POSITIVE else {}
        mine = {"positive": POSITIVE[name]} if pos else {}
        for ours, theirs in weighted(name):
            for drop in (True, False):
                out = m.roc_curve(y, s, drop_intermediate=drop, **pos, **theirs)
                case("rocCurve", name, ["y", "s"], {**ours, **mine, "dropIntermediate": drop}, out)
            case("precisionRecallCurve", name, ["y", "s"], {**ours, **mine}, m.precision_recall_curve(y, s, **pos, **theirs))
            case("averagePrecision", name, ["y", "s"], {**ours, **mine}, abs(m.average_precision_score(y, s, **pos, **theirs)))
            case("brier", name, ["y", "s"], {**ours, **mine}, m.brier_score_loss(y, s, **pos, **theirs))
            if name == "zeros":
                continue
            case("rocAuc", name, ["y", "s"], ours, m.roc_auc_score(y, s, **theirs))
            case("rocAuc", name, ["y", "logits"], ours, m.roc_auc_score(y, DATA[name]["logits"], **theirs))
            for limit in (0.05, 0.3, 1):
                case("rocAuc", name, ["y", "s"], {**ours, "maxFpr": limit}, m.roc_auc_score(y, s, max_fpr=limit, **theirs))
        for strategy in ("uniform", "quantile"):
            for bins in (3, 5, 10):
                observed, predicted = calibration_curve(y, s, n_bins=bins, strategy=strategy, **pos)
                options = {**mine, "bins": bins, "strategy": strategy}
                case("calibrationCurve", name, ["y", "s"], options, [observed, predicted])
                ones = (y == (POSITIVE.get(name, np.sort(np.unique([*y, 1]))[-1]))).astype(float)
                case("expectedCalibrationError", name, ["y", "s"], options, calibration_error(ones, s, bins, strategy))
    # Columns of both classes, as predict_proba gives them; the lesser as the positive one.
    case("rocAuc", "tied", ["y", "both"], {}, m.roc_auc_score(*told("tied", "y", "s")))
    case("averagePrecision", "mail", ["y", "both"], {"positive": "ham"}, m.average_precision_score(DATA["mail"]["y"], DATA["mail"]["both"][:, 0], pos_label="ham"))
    case("brier", "mail", ["y", "both"], {"positive": "ham"}, m.brier_score_loss(DATA["mail"]["y"], DATA["mail"]["both"][:, 0], pos_label="ham"))
    case("rocCurve", "animals", ["y", "eel"], {"positive": "eel"}, m.roc_curve(DATA["animals"]["y"], DATA["animals"]["s"][:, 2], pos_label="eel"))
    DATA["animals"]["eel"] = DATA["animals"]["s"][:, 2]


def calibration_error(hits, p, bins, strategy):
    """The bins of calibration_curve, each weighed by its rows."""
    q = np.linspace(0, 1, bins + 1)
    edges = np.percentile(p, q * 100) if strategy == "quantile" else q
    ids = np.searchsorted(edges[1:-1], p)
    return sum((ids == b).mean() * abs(hits[ids == b].mean() - p[ids == b].mean()) for b in np.unique(ids))


def many_figures():
    for name in ("animals", "classes", "tags"):
        y, s = told(name, "y", "s")
        labels = np.unique(y)
        hot = y if name == "tags" else label_binarize(y, classes=labels)
        for ours, theirs in weighted(name):
            for average in ("macro", "weighted", "micro", None):
                own = {**ours, "average": average}
                multi = {} if name == "tags" else {"multi_class": "ovr"}
                case("rocAuc", name, ["y", "s"], own, m.roc_auc_score(y, s, average=average, **multi, **theirs))
                case("averagePrecision", name, ["y", "s"], own, m.average_precision_score(hot, s, average=average, **theirs))
            if name == "tags":
                case("accuracy", name, ["y", "p"], ours, m.accuracy_score(y, DATA[name]["p"], **theirs))
                case("subsetAccuracy", name, ["y", "p"], ours, m.accuracy_score(y, DATA[name]["p"], **theirs))
                case("hammingLoss", name, ["y", "p"], ours, m.hamming_loss(y, DATA[name]["p"], **theirs))
                continue
            for normalize in (True, False):
                case("logLoss", name, ["y", "s"], {**ours, "normalize": normalize}, m.log_loss(y, s, normalize=normalize, **theirs))
            case("logLoss", name, ["y", "s"], {**ours, "eps": 0.1}, m.log_loss(y, s, eps=0.1, **theirs))
            case("brier", name, ["y", "s"], ours, np.average(((s - hot) ** 2).sum(axis=1), weights=theirs.get("sample_weight")))
            for k in (1, 2, 3):
                for normalize in (True, False):
                    out = float(m.top_k_accuracy_score(y, s, k=k, normalize=normalize, **theirs))
                    case("topK", name, ["y", "s"], {**ours, "k": k, "normalize": normalize}, out)
        if name != "tags":
            for average in ("macro", "weighted"):
                case("rocAuc", name, ["y", "s"], {"multiClass": "ovo", "average": average}, m.roc_auc_score(y, s, average=average, multi_class="ovo"))
            hits = (labels[s.argmax(axis=1)] == y).astype(float)
            for strategy in ("uniform", "quantile"):
                case("expectedCalibrationError", name, ["y", "s"], {"bins": 7, "strategy": strategy}, calibration_error(hits, s.max(axis=1), 7, strategy))
    for name in BINARY:
        y, s, logits = told(name, "y", "s", "logits")
        for ours, theirs in weighted(name):
            case("logLoss", name, ["y", "s"], ours, m.log_loss(y, s, **theirs))
            case("topK", name, ["y", "s"], {**ours, "k": 1}, m.top_k_accuracy_score(y, s, k=1, **theirs))
            case("topK", name, ["y", "logits"], {**ours, "k": 1}, m.top_k_accuracy_score(y, logits, k=1, **theirs))
    case("logLoss", "zeros", ["y", "s"], {"labels": [0, 1]}, m.log_loss(*told("zeros", "y", "s"), labels=[0, 1]))
    # All of one class among several.
    few = DATA["animals"]["y"] == "eel"
    DATA["eels"] = {"y": DATA["animals"]["y"][few], "s": DATA["animals"]["s"][few]}
    labels = ["cat", "dog", "eel", "fox"]
    case("logLoss", "eels", ["y", "s"], {"labels": labels}, m.log_loss(*told("eels", "y", "s"), labels=labels))
    case("topK", "eels", ["y", "s"], {"labels": labels}, m.top_k_accuracy_score(*told("eels", "y", "s"), labels=labels))


def number_figures():
    squared = lambda *a, **o: m.mean_squared_error(*a, squared=False, **o)
    functions = {"meanSquaredError": m.mean_squared_error, "rootMeanSquaredError": squared, "meanAbsoluteError": m.mean_absolute_error, "r2": m.r2_score}
    outputs = {"uniformAverage": "uniform_average", "rawValues": "raw_values"}
    for name in ("numbers", "outputs", "flat"):
        for ours, theirs in weighted(name):
            for fn, theirs_fn in functions.items():
                for mine, word in {**outputs, **({"varianceWeighted": "variance_weighted"} if fn == "r2" else {})}.items():
                    case(fn, name, ["y", "p"], {**ours, "multiOutput": mine}, theirs_fn(*told(name, "y", "p"), multioutput=word, **theirs))
                if name == "outputs":
                    case(fn, name, ["y", "p"], {**ours, "multiOutput": [0.2, 0.3, 0.5]}, theirs_fn(*told(name, "y", "p"), multioutput=[0.2, 0.3, 0.5], **theirs))
    case("r2", "flat", ["y", "p"], {"forceFinite": False, "multiOutput": "rawValues"}, m.r2_score(*told("flat", "y", "p"), force_finite=False, multioutput="raw_values"))


def reports():
    for name in [*CLASSES, "tags"]:
        for ours, theirs in weighted(name):
            for digits in (2, 4):
                out = m.classification_report(*told(name, "y", "p"), digits=digits, **theirs)
                case("classificationReport", name, ["y", "p"], {**ours, "digits": digits}, out)
    yp = told("animals", "y", "p")
    names = ["a very long name of a class", "d"]
    for labels, more in ((["dog", "cat"], {}), (["cat", "dog", "eel", "fox", "gnu"], {}), (["fox", "eel"], {"names": names})):
        for zero in (0, 1):
            out = m.classification_report(*yp, labels=labels, target_names=more.get("names"), zero_division=zero)
            case("classificationReport", "animals", ["y", "p"], {"labels": labels, "zeroDivision": zero, **more}, out)


def document():
    for make in (class_figures, f_figures, curves, many_figures, number_figures, reports):
        make()
    # "True" of Python is "true" here.
    for one in CASES:
        if one["fn"] == "classificationReport" and one["data"] == "bools":
            one["out"] = one["out"].replace(" True", " true").replace("False", "false")
    return {"made": {**MADE, "sklearn": sklearn.__version__}, "cases": CASES, "data": plain(DATA)}
