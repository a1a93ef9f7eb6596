"""Cross-validation and searches: what scikit-learn finds on given folds.

    /usr/bin/python3 scripts/golden/selection.py

writes test/golden/learn/selection.json. The classifier is the one of calibration.py with probabilities, which
test/support/nearest-centroid.ts has too: what is compared is what stands around it.
"""

import json
import pathlib
import platform

import numpy as np
import sklearn
from scipy.special import softmax
from sklearn.model_selection import GridSearchCV, StratifiedKFold, cross_val_predict, cross_validate

import calibration

GOLDEN = pathlib.Path(__file__).resolve().parents[2] / "test" / "golden" / "learn" / "selection.json"

BOTH = {
    "accuracy": "accuracy",
    "balancedAccuracy": "balanced_accuracy",
    "logLoss": "neg_log_loss",
    "f1Macro": "f1_macro",
    "precisionWeighted": "precision_weighted",
    "recallMicro": "recall_micro",
    "matthews": "matthews_corrcoef",
}
BINARY = {
    "f1": "f1",
    "precision": "precision",
    "recall": "recall",
    "rocAuc": "roc_auc",
    "averagePrecision": "average_precision",
    "brier": "neg_brier_score",
}
MANY = {"rocAuc": "roc_auc_ovr", "rocAucOvo": "roc_auc_ovo"}


class NearestCentroid(calibration.NearestCentroid):
    def __init__(self, sharpness=1):
        self.sharpness = sharpness

    def decision_function(self, X):
        return self.sharpness * super().decision_function(X)

    def predict_proba(self, X):
        scores = self.decision_function(X)
        return softmax(np.column_stack([np.zeros(len(X)), scores]) if scores.ndim == 1 else scores, axis=1)


def cases():
    for classes, n in [(2, 50), (3, 66)]:
        X, y = calibration.blobs(n, classes)
        folds = list(StratifiedKFold(4, shuffle=True, random_state=2).split(X, y))
        scoring = {**BOTH, **(BINARY if classes == 2 else MANY)}
        found = cross_validate(NearestCentroid(), X, y, cv=folds, scoring=scoring, return_train_score=True)
        grid = {"sharpness": [0.1, 0.4, 1, 3]}
        search = GridSearchCV(NearestCentroid(), grid, cv=folds, scoring="neg_log_loss").fit(X, y)
        yield {
            "classes": classes,
            "X": X,
            "y": y,
            "folds": [{"train": train, "test": test} for train, test in folds],
            "test": {name: found[f"test_{name}"] for name in scoring},
            "train": {name: found[f"train_{name}"] for name in scoring},
            "probabilities": cross_val_predict(NearestCentroid(), X, y, cv=folds, method="predict_proba"),
            "decisions": cross_val_predict(NearestCentroid(), X, y, cv=folds, method="decision_function"),
            "predicted": cross_val_predict(NearestCentroid(), X, y, cv=folds),
            "grid": grid,
            "means": search.cv_results_["mean_test_score"],
            "deviations": search.cv_results_["std_test_score"],
            "ranks": search.cv_results_["rank_test_score"],
            "best": search.best_params_,
        }


def main():
    # Of its own, so that the file does not depend on what was written before.
    calibration.RANDOM = np.random.default_rng(20261213)
    made = {
        "script": "scripts/golden/selection.py",
        "python": platform.python_version(),
        "scikit-learn": sklearn.__version__,
        "numpy": np.__version__,
    }
    rows = ",\n".join(json.dumps(calibration.plain(case), separators=(",", ":")) for case in cases())
    GOLDEN.write_text(f'{{"made":{json.dumps(made)},\n"cases":[\n{rows}\n]}}\n')


if __name__ == "__main__":
    main()
