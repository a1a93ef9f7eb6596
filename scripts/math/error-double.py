"""The largest error of the double-precision functions, in units in the last place.

    /usr/bin/python3 scripts/math/error_double.py [--points N] [name ...]      (after npm run build)

Truth is the C library's 80-bit long double through NumPy (64 bits of fraction: good to 1/1000 of a
unit of a double), so this needs an x86 machine. Inputs: bit patterns drawn evenly (that is evenly
in the logarithm, over the whole range), and regions where errors are expected. `pow32` and `atan32`
are pow and atan2 in single precision.
"""

import argparse
import subprocess
import sys
from pathlib import Path

import numpy as np

L = np.longdouble
apply_script = Path(__file__).with_name("apply.mjs")
rng = np.random.default_rng(20240501)
np.seterr(all="ignore")


def erf(x):
    """Abramowitz & Stegun 7.1.6 and 7.1.14, as base/special.ts."""
    t = np.minimum(np.abs(x), L(7))
    square = t * t
    term, total = t.copy(), t.copy()
    for n in range(1, 90):
        term = term * (2 * square) / (2 * n + 1)
        total += term
    root = np.sqrt(L("3.14159265358979323846264338327950288"))
    small = 2 / root * np.exp(-square) * total
    fraction = t.copy()
    for k in range(60, 0, -1):
        fraction = t + L(k) / 2 / fraction
    large = 1 - np.exp(-square) / (fraction * root)
    return np.copysign(np.where(t > 2.5, large, small), x)


truths = {
    "exp": np.exp, "expm1": np.expm1, "log": np.log, "log1p": np.log1p, "tanh": np.tanh,
    "sinh": np.sinh, "cosh": np.cosh, "sin": np.sin, "cos": np.cos, "tan": np.tan,
    "atan": np.arctan, "asin": np.arcsin, "acos": np.arccos, "erf": erf,
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)), "atan2": np.arctan2, "pow": np.power,
}


def patterns(n):
    return rng.integers(0, 2**64, n, dtype=np.uint64).view(np.float64)


def near(points, n):
    """Numbers within a thousand neighbours of the given ones."""
    x = np.asarray(points, np.float64)[rng.integers(0, len(points), n)]
    return (x.view(np.int64) + rng.integers(-1000, 1000, n)).view(np.float64)


half_pi = L("1.57079632679489661923132169163975144")


def multiples(n, most):
    """Doubles next to multiples of π/2."""
    k = np.exp(rng.uniform(0, np.log(most), n)).astype(np.int64)
    return near((k.astype(L) * half_pi).astype(np.float64), n) * rng.choice([-1, 1], n)


def inputs(name, n):
    u = rng.uniform
    some = n // 5
    x = [patterns(2 * some), u(-10, 10, some), u(-1, 1, some)]
    if name in ("sin", "cos", "tan"):
        x += [multiples(some, 2**30), u(-2.0**20, 2.0**20, some), u(2.0**19, 2.0**60, some // 4),
              np.array([6381956970095103.0 * 2.0**797, 5.319372648326541416707e255])]
    elif name in ("log", "log1p"):
        x += [near([1.0, 0.5, 2**0.5, 0.5**0.5, 2.0, -0.5, 0.4142135623730951], some),
              u(-2.0**-5, 2.0**-5, some) + (name == "log")]
    elif name in ("asin", "acos"):
        x += [near([1.0, -1.0, 0.5, 0.9238795325112867, 0.3826834323650898], some)]
    else:
        x += [u(-750, 750, some), u(-40, 40, some),
              near([0.34657359, 1.03972, 709.782712893384, -745.1332191019411, -708.39641853, 1.0,
                    710.4758600739439, 0.41421356, 2.41421356], some)]
    return (np.concatenate(x),)


def pairs(name, n):
    u = rng.uniform
    some = n // 6
    if name == "atan2":
        x = patterns(some), patterns(some)
        y = u(-2, 2, 3 * some), u(-2, 2, 3 * some)
        return tuple(np.concatenate([a, b]) for a, b in zip(x, y))
    bases = [np.abs(patterns(some)), u(0, 4, some), near([1.0], some), 1 + u(-2.0**-8, 2.0**-8, some),
             np.abs(patterns(some)), -np.floor(np.exp(u(0, 30, some)))]
    # Exponents that bring the result anywhere within the range, and a little beyond.
    exponents = [u(-1100, 1100, some) / np.log2(b) for b in bases[:4]]
    exponents += [u(-3, 3, some), np.floor(u(-30, 30, some))]
    return np.concatenate(bases), np.concatenate(exponents)


def measure(name, operands, kind=np.float64):
    operands = tuple(np.asarray(x, kind) for x in operands)
    form = "f64x2" if kind is np.float64 else "f32x4"
    done = subprocess.run(["node", str(apply_script), name, form], check=True, stdout=subprocess.PIPE,
                          input=b"".join(x.tobytes() for x in operands))
    got = np.frombuffer(done.stdout, kind)
    worst, at, wrong = 0.0, None, []
    for i in range(0, len(got), 1 << 20):
        part = slice(i, i + (1 << 20))
        truth = truths[name](*(x[part].astype(L) for x in operands))
        g = got[part]
        rounded = truth.astype(kind)
        limit = np.finfo(kind).max
        unit = np.spacing(np.minimum(np.abs(rounded), limit)).astype(L)
        over = L(2) ** (1024 if kind is np.float64 else 128)
        value = np.where(np.isinf(g), np.copysign(over, g), g.astype(L))
        error = np.abs(value - truth) / unit
        same = (g == rounded) & (np.isinf(g) | (np.signbit(g) == np.signbit(rounded)))
        exact = (same & np.isinf(g)) | (np.isnan(g) & np.isnan(truth))
        error = np.where(exact, 0, error)
        bad = ~(error < 1e6) | ((g == 0) & (rounded == 0) & ~same)
        for k in np.flatnonzero(bad)[:3]:
            wrong.append((tuple(x[part][k] for x in operands), g[k], rounded[k]))
        error = np.where(bad, 0, error)
        k = int(np.argmax(error))
        if error[k] > worst:
            worst, at = float(error[k]), tuple(float(x[part][k]) for x in operands)
    print(f"{name:8} {form} {worst:8.3f} ulp at {at}, {len(got)} points", flush=True)
    for line in wrong[:4]:
        print("  WRONG", *line)


parser = argparse.ArgumentParser()
parser.add_argument("--points", type=float, default=1e7)
parser.add_argument("names", nargs="*")
options = parser.parse_args()
for name in options.names or [*truths, "pow32", "atan32"]:
    count = int(options.points)
    if name == "atan32":
        measure("atan2", [np.concatenate([rng.integers(0, 2**32, count // 2, dtype=np.uint32).view(np.float32),
                                          rng.uniform(-2, 2, count // 2).astype(np.float32)])
                          for _ in range(2)], np.float32)
    elif name == "pow32":
        some = count // 4
        b = rng.integers(0, 0x7F800000, 2 * some, dtype=np.uint32).view(np.float32)
        c = (1 + rng.uniform(-(2.0**-6), 2.0**-6, some)).astype(np.float32)
        b = np.concatenate([b, c])
        e = (rng.uniform(-152, 130, 3 * some) / np.log2(b.astype(np.float64))).astype(np.float32)
        b = np.concatenate([b, -np.floor(np.exp(rng.uniform(0, 12, some))).astype(np.float32)])
        e = np.concatenate([e, np.floor(rng.uniform(-20, 20, some)).astype(np.float32)])
        measure("pow", (b, e), np.float32)
    else:
        pick = pairs if name in ("atan2", "pow") else inputs
        measure(name, pick(name, count))
