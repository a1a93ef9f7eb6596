"""Writes test/golden/**.json.

    /usr/bin/python3 scripts/golden/generate.py [--check] [family …]

--check also compares every gradient with a central difference. Families are named by their
file: `primitives/unary`, `composites/signal`, …; none named means all.
"""

import importlib
import pathlib
import sys

import calibration
import folds
import layers
import losses
import metrics
import minimize
import optimizers
import schedules
import selection
import special
import threefry
import transforms
from golden import Family, write

FAMILIES = {
    "primitives": ["unary", "binary", "reductions", "movement", "contraction", "indexing", "linalg", "fft", "sparse"],
    "composites": ["activations", "arithmetic", "reductions", "movement", "statistics", "indexing", "shaping", "products", "signal", "vision", "linalg"],
}

TRAINING = {"losses": losses, "optimizers": optimizers, "schedules": schedules, "minimize": minimize}

LEARN = {"metrics": metrics}

# They write files of their own form, learn/<name>.json.
AROUND_MODELS = {"calibration": calibration, "folds": folds, "selection": selection}

GOLDEN = pathlib.Path(__file__).resolve().parents[2] / "test" / "golden"


def main(arguments):
    check = "--check" in arguments
    wanted = [argument for argument in arguments if argument != "--check"]
    for kind, names in FAMILIES.items():
        for name in names:
            if wanted and f"{kind}/{name}" not in wanted:
                continue
            family = Family(kind, name, check)
            importlib.import_module(f"{kind}.{name}").cases(family)
            family.write(GOLDEN)
            print(f"{kind}/{name}: {len(family.cases)} cases")
    for name, module in TRAINING.items():
        if not wanted or f"training/{name}" in wanted:
            write(GOLDEN / "training" / f"{name}.json", module.document())
            print(f"training/{name}")
    for name, module in AROUND_MODELS.items():
        if not wanted or f"learn/{name}" in wanted:
            module.main()
            print(f"learn/{name}")
    for name, module in LEARN.items():
        if not wanted or f"learn/{name}" in wanted:
            write(GOLDEN / "learn" / f"{name}.json", module.document())
            print(f"learn/{name}")
    if not wanted:
        write(GOLDEN / "threefry.json", threefry.document())
        write(GOLDEN / "special.json", special.document())
        print("threefry, special")
    if not wanted or "transforms" in wanted:
        write(GOLDEN / "transforms.json", transforms.document())
        print("transforms")
    if not wanted or "layers" in wanted:
        write(GOLDEN / "layers.json", layers.document())
        write(GOLDEN / "initializers.json", layers.initializers())
        print("layers, initializers")


if __name__ == "__main__":
    main(sys.argv[1:])
