"""Learning rates of 40 steps: PyTorch's schedulers, or the formula where it has none."""

import math
import warnings

import torch

warnings.simplefilter("ignore")
STEPS = 40


def rates(make):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1, dtype=torch.float64))], 0.5)
    scheduler = make(optimizer)
    found = []
    for _ in range(STEPS):
        found.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return found


def plateau(figures, **options):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], 1.0)
    scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, **options)
    scales = []
    for figure in figures:
        scheduler.step(figure)
        scales.append(optimizer.param_groups[0]["lr"])
    return scales


def document():
    s = torch.optim.lr_scheduler
    cases = []

    def case(name, args, found, source="PyTorch"):
        cases.append({"schedule": name, "args": args, "total": STEPS, "source": source, "rates": found})

    def formula(name, args, rate):
        case(name, args, [rate(t) for t in range(STEPS)], "formula")

    case("constant", [0.5], rates(lambda o: s.ConstantLR(o, factor=1)))
    case("step", [0.5, {"every": 7, "factor": 0.3}], rates(lambda o: s.StepLR(o, 7, 0.3)))
    case("step", [0.5, {"at": [3, 20, 21]}], rates(lambda o: s.MultiStepLR(o, [3, 20, 21])))
    case("exponential", [0.5, {"factor": 0.9, "steps": 1}], rates(lambda o: s.ExponentialLR(o, 0.9)))
    formula("exponential", [0.5, {"factor": 0.02}], lambda t: 0.5 * 0.02 ** (t / 40))
    case("polynomial", [0.5, {"power": 2, "steps": 25}], rates(lambda o: s.PolynomialLR(o, 25, 2)) if hasattr(s, "PolynomialLR") else [0.5 * (1 - min(t, 25) / 25) ** 2 for t in range(STEPS)])
    formula("polynomial", [0.5, {"end": 0.1}], lambda t: 0.4 * (1 - t / 40) + 0.1)
    case("cosine", [0.5], rates(lambda o: s.CosineAnnealingLR(o, 40)))
    case("cosine", [0.5, {"end": 0.05}], rates(lambda o: s.CosineAnnealingLR(o, 40, 0.05)))
    formula("timeBased", [0.5, {"decay": 0.1}], lambda t: 0.5 / (1 + 0.1 * t))
    formula("timeBased", [0.5, {"decay": 2, "steps": 10}], lambda t: 0.5 / (1 + 2 * t / 10))
    case("oneCycle", [0.5], rates(lambda o: s.OneCycleLR(o, 0.5, STEPS + 1, cycle_momentum=False)))
    cases[-1]["total"] = STEPS + 1
    linear = lambda o: s.OneCycleLR(o, 0.8, STEPS + 1, pct_start=0.5, anneal_strategy="linear", div_factor=10, final_div_factor=100, cycle_momentum=False)
    case("oneCycle", [0.8, {"steps": STEPS + 1, "rise": 0.5, "shape": "linear", "startDivisor": 10, "endDivisor": 100}], rates(linear))
    # A schedule within another: { schedule, args }.
    case("warmUp", [0.5, 8, {"start": 0.25}], rates(lambda o: s.LinearLR(o, 0.25, 1.0, 8)))
    formula("warmUp", [{"schedule": "cosine", "args": [0.5]}, 10], lambda t: 0.5 * t / 10 if t < 10 else 0.25 * (1 + math.cos(math.pi * (t - 10) / 30)))
    inner = {"schedule": "cosine", "args": [0.5, {"end": 0.01}]}
    case("restarts", [inner, {"every": 6}], rates(lambda o: s.CosineAnnealingWarmRestarts(o, 6, 1, 0.01)))
    case("restarts", [inner, {"every": 6, "multiply": 2}], rates(lambda o: s.CosineAnnealingWarmRestarts(o, 6, 2, 0.01)))
    formula("restarts", [{"schedule": "cosine", "args": [0.5]}, {"every": 5, "factor": 0.5}], lambda t: 0.25 * (1 + math.cos(math.pi * (t % 5) / 5)) * 0.5 ** (t // 5))

    figures = [1, 0.9, 0.9, 0.91, 0.89999, 0.95, 0.8, 0.81, 0.82, 0.83, 0.84, 0.85, 0.86, 0.7, 0.71, 0.72, 0.73, 0.74, 0.75, 0.76]
    plateaus = []
    for options, ours in (
        ({"patience": 2}, {"patience": 2}),
        ({"patience": 1, "factor": 0.5, "cooldown": 2}, {"patience": 1, "factor": 0.5, "cooldown": 2}),
        ({"patience": 0, "factor": 0.5, "min_lr": 0.1, "threshold": 0.2}, {"patience": 0, "factor": 0.5, "minScale": 0.1, "threshold": 0.2}),
        ({"patience": 2, "mode": "max"}, {"patience": 2, "mode": "max"}),
    ):
        plateaus.append({"options": ours, "scales": plateau(figures, **options)})
    return {"cases": cases, "figures": figures, "plateaus": plateaus}
