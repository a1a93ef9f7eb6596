"""True values of the elementary functions for test/unit/wasm/math.test.ts.

    /usr/bin/python3 scripts/math/truth.py

Writes test/golden/elementary/<name>.json: rows of the operands, the true value to the nearest
double, and what that lacks (both of the value in 60 digits). Needs mpmath.
"""

import json
import math
import random
from pathlib import Path

import mpmath
from mpmath import mp, mpf

mp.dps = 60
folder = Path(__file__).resolve().parents[2] / "test/golden/elementary"
random.seed(7)


def sigmoid(x):
    return 1 / (1 + mpmath.exp(-x))


def wide(f):
    """With digits enough for the largest angles."""
    def g(x):
        with mp.workdps(400):
            return f(x)
    return g


functions = {
    "exp": mpmath.exp, "expm1": mpmath.expm1, "log": mpmath.log, "log1p": mpmath.log1p,
    "tanh": mpmath.tanh, "sigmoid": sigmoid, "sinh": mpmath.sinh, "cosh": mpmath.cosh,
    "erf": mpmath.erf, "sin": wide(mpmath.sin), "cos": wide(mpmath.cos), "tan": wide(mpmath.tan),
    "atan": mpmath.atan, "asin": mpmath.asin, "acos": mpmath.acos, "atan2": mpmath.atan2,
    "pow": mpmath.power,
}


def logarithmic(low, high):
    return random.choice([-1, 1]) * 10 ** random.uniform(low, high)


def near(x):
    for _ in range(random.randrange(5)):
        x = math.nextafter(x, random.choice([-math.inf, math.inf]))
    return x


def operands(name):
    u = random.uniform
    yield from (logarithmic(-323, -9) for _ in range(20))
    yield from (logarithmic(-9, 2.8) for _ in range(60))
    yield from (u(-2, 2) for _ in range(60))
    if name in ("sin", "cos", "tan"):
        yield from (logarithmic(3, 308) for _ in range(60))
        for _ in range(60):
            yield near(float(random.randrange(1, 2 ** random.randrange(1, 25)) * mpmath.pi / 2))
        # Known to lie closest to a multiple of pi/2 (J.-M. Muller, Elementary Functions, ch. 11).
        yield 6381956970095103.0 * 2.0**797
    elif name in ("log", "log1p"):
        yield from (10 ** u(-308, 308) for _ in range(40))
        yield from (near(c) for c in (0.5, 0.5**0.5, 1.0, 2**0.5, 2.0, -0.5) for _ in range(5))
    else:
        yield from (u(-40, 40) for _ in range(40))
        yield from (u(-746, 711) for _ in range(40))
        yield from (near(c) for c in (709.782712893384, -745.13, -708.4, 710.4758, 0.3465735, 1.0,
                                      0.41421356, 2.41421356) for _ in range(4))


def pairs(name):
    u = random.uniform
    for _ in range(150):
        if name == "atan2":
            yield u(-2, 2), u(-2, 2)
            yield logarithmic(-300, 300), logarithmic(-300, 300)
        else:
            base = random.choice([u(0, 3), near(1.0), 10 ** u(-320, 308), 1 + u(-0.01, 0.01)])
            if base != 1:
                yield base, u(-1080, 1025) / math.log2(base)
            yield -float(random.randrange(1, 99)), float(random.randrange(-40, 40))


def row(name, xs):
    try:
        value = functions[name](*(mpf(x) for x in xs))
    except (ValueError, ZeroDivisionError):
        return None
    if isinstance(value, mpmath.mpc) and value.imag != 0:
        return None
    value = mpf(value.real)
    if value == 0 or abs(value) < mpf(2) ** -1074 or abs(value) >= mpf(2) ** 1024:
        return None
    high = float(value)
    return None if math.isinf(high) else [*xs, high, float(value - mpf(high))]


folder.mkdir(parents=True, exist_ok=True)
for name in functions:
    if name in ("pow", "atan2"):
        rows = [row(name, xs) for xs in pairs(name)]
    else:
        rows = [row(name, (x,)) for x in operands(name)]
    rows = [r for r in rows if r is not None]
    lines = ",\n".join(json.dumps(r) for r in rows)
    (folder / f"{name}.json").write_text(f"[\n{lines}\n]\n")
    print(name, len(rows))
