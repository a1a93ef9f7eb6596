"""Folds by group: which rows scikit-learn tests on.

    /usr/bin/python3 scripts/golden/folds.py

writes test/golden/learn/folds.json. Groups have different sizes and spreads, and are numbered by their first
row: which of equal ones comes first is not what is compared.
"""

import json
import pathlib
import platform

import numpy as np
import sklearn
from sklearn.model_selection import GroupKFold, StratifiedGroupKFold

GOLDEN = pathlib.Path(__file__).resolve().parents[2] / "test" / "golden" / "learn" / "folds.json"
RANDOM = np.random.default_rng(20261212)


def case(count, folds):
    sizes = RANDOM.permutation(np.arange(1, count + 1))
    groups = np.repeat(np.arange(count), sizes)
    y = (RANDOM.uniform(size=len(groups)) < 0.4).astype(int)
    X = np.zeros((len(groups), 1))
    tests = lambda splitter: [np.sort(test).tolist() for _, test in splitter.split(X, y, groups)]
    return {
        "groups": groups.tolist(),
        "y": y.tolist(),
        "folds": folds,
        "group": tests(GroupKFold(folds)),
        "stratified": tests(StratifiedGroupKFold(folds)),
    }


def main():
    made = {
        "script": "scripts/golden/folds.py",
        "python": platform.python_version(),
        "scikit-learn": sklearn.__version__,
        "numpy": np.__version__,
    }
    cases = [case(count, folds) for count, folds in [(7, 3), (10, 4), (12, 2)]]
    rows = ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases)
    GOLDEN.write_text(f'{{"made":{json.dumps(made)},\n"cases":[\n{rows}\n]}}\n')


if __name__ == "__main__":
    main()
