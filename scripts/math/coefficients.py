"""Minimax coefficients of the WebAssembly backend's elementary functions.

    /usr/bin/python3 scripts/math/coefficients.py > packages/inkgrad/src/backend/wasm/math/coefficients.ts

Each polynomial is fitted by the Remez exchange (with a weight, so that the error is measured
relative to what the caller computes from it) in 60 digits, then rounded to the format. Prints the
largest weighted error of each, before rounding, to stderr. Needs mpmath.
"""

import sys


import numpy
from mpmath import (atan, chebyt, cos, erf, erfc, exp, log, lu_solve, matrix, mp, mpf, pi, sin,
                    sqrt, taylor)

mp.dps = 60
out = []


def remez(f, low, high, degree, weight, rounds=12):
    """Coefficients of p, lowest first, that make max |p - f|·weight on [low, high] least."""
    low, high = mpf(low), mpf(high)
    n = degree + 2
    centre, half = (low + high) / 2, (high - low) / 2
    points = [centre - half * cos(pi * i / (n - 1)) for i in range(n)]
    grid = [centre - half * cos(pi * i / 400) for i in range(401)]
    values = [(x, f(x), weight(x)) for x in grid]
    for _ in range(rounds):
        a, b = matrix(n, n), matrix(n, 1)
        for i, x in enumerate(points):
            t = (x - centre) / half
            for k in range(degree + 1):
                a[i, k] = chebyt(k, t)
            a[i, degree + 1] = (-1) ** i / weight(x)
            b[i] = f(x)
        solved = lu_solve(a, b)
        c = [solved[k] for k in range(degree + 1)]

        def error(x, fx, w):
            t = (x - centre) / half
            b1 = b2 = mpf(0)
            for k in range(degree, 0, -1):
                b1, b2 = c[k] + 2 * t * b1 - b2, b1
            return (c[0] + t * b1 - b2 - fx) * w

        errors = [error(*v) for v in values]
        # One extreme of each run of equal sign, then the n adjacent ones that are largest.
        extremes = []
        for x, e in zip(grid, errors):
            if extremes and (extremes[-1][1] > 0) == (e > 0):
                if abs(e) > abs(extremes[-1][1]):
                    extremes[-1] = (x, e)
            else:
                extremes.append((x, e))
        while len(extremes) > n:
            extremes.pop(0 if abs(extremes[0][1]) < abs(extremes[-1][1]) else -1)
        if len(extremes) < n:
            break
        points = [x for x, _ in extremes]
    largest = max(abs(e) for e in errors)
    # From Chebyshev polynomials of t to powers of x.
    power = [mpf(0)] * (degree + 1)
    ts = [[mpf(1)], [-centre / half, 1 / half]]
    while len(ts) <= degree:
        u, v = ts[-1], ts[-2]
        w = [mpf(0)] * (len(u) + 1)
        for i, ui in enumerate(u):
            w[i] += 2 * ui * (-centre / half)
            w[i + 1] += 2 * ui / half
        for i, vi in enumerate(v):
            w[i] -= vi
        ts.append(w)
    for ck, tk in zip(c, ts):
        for i, ti in enumerate(tk):
            power[i] += ck * ti
    return power, largest


def number(x, bits):
    if bits == 24:
        return numpy.format_float_positional(numpy.float32(float(x)), unique=True, trim="-") \
            if abs(x) > 1e-4 else numpy.format_float_scientific(numpy.float32(float(x)), trim="-")
    text = repr(float(x))
    return text[:-2] if text.endswith(".0") else text


def emit(name, comment, entries):
    out.append(f"/** {comment} */")
    out.append(f"export const {name} = {{")
    for form, bits, values in entries:
        out.append(f"  {form}: [{', '.join(number(v, bits) for v in values)}],")
    out.append("} as const;\n")


def fit(name, comment, f, weight, choices):
    entries = []
    for form, bits, low, high, degree in choices:
        c, e = remez(f, low, high, degree, weight)
        print(f"{name} {form}: degree {degree}, error 2^{float(log(e, 2)):.1f}", file=sys.stderr)
        entries.append((form, bits, c))
    emit(name, comment, entries)


def series(f, g, count=40):
    """f where it can be computed, its Taylor series (coefficients g) near 0."""
    return lambda x: (sum(g(k) * x**k for k in range(count)) if abs(x) < mpf("1e-4") else f(x))


def split(x, bits):
    """x as a number of so many bits, and the rest."""
    e = int(mp.floor(log(abs(x), 2))) + 1
    scale = mpf(2) ** (bits - e)
    head = mp.nint(x * scale) / scale
    return head, x - head


ln2 = log(mpf(2))
half_pi = pi / 2
z_log = ((sqrt(mpf(2)) - 1) / (sqrt(mpf(2)) + 1)) ** 2 * mpf("1.0001")
z_atan = (sqrt(mpf(2)) - 1) ** 2 * mpf("1.0001")
z_trig = (pi / 4) ** 2 * mpf("1.001")
fac = mp.factorial

f32, f64 = ("f32x4", 24), ("f64x2", 53)

fit("expTail", "(eʳ − 1 − r) / r² for |r| ≤ ½ ln 2.",
    series(lambda r: (exp(r) - 1 - r) / r**2, lambda k: 1 / fac(k + 2)),
    lambda r: max(r * r, mpf("1e-6")),
    [(*f32, "-0.3475", "0.3475", 4), (*f64, "-0.3475", "0.3475", 9)])

fit("logTail", "(ln((1 + s)/(1 − s)) − 2s) / s³ as a polynomial in s² for |s| ≤ (√2 − 1)/(√2 + 1).",
    series(lambda z: (log((1 + sqrt(z)) / (1 - sqrt(z))) - 2 * sqrt(z)) / (z * sqrt(z)),
           lambda k: mpf(2) / (2 * k + 3)),
    lambda z: max(z, mpf("1e-6")),
    [(*f32, 0, z_log, 2), (*f64, 0, z_log, 6)])

fit("sinTail", "(sin r − r) / r³ as a polynomial in r² for |r| ≤ π/4.",
    series(lambda z: (sin(sqrt(z)) / sqrt(z) - 1) / z, lambda k: (-1) ** (k + 1) / fac(2 * k + 3)),
    lambda z: max(z, mpf("1e-6")),
    [(*f32, 0, z_trig, 2), (*f64, 0, z_trig, 5)])

fit("cosTail", "(cos r − 1 + r²/2) / r⁴ as a polynomial in r² for |r| ≤ π/4.",
    series(lambda z: (cos(sqrt(z)) - 1 + z / 2) / z**2, lambda k: (-1) ** k / fac(2 * k + 4)),
    lambda z: max(z * z, mpf("1e-6")),
    [(*f32, 0, z_trig, 2), (*f64, 0, z_trig, 5)])

fit("atanTail", "(atan t − t) / t³ as a polynomial in t² for |t| ≤ tan(π/8).",
    series(lambda z: (atan(sqrt(z)) / sqrt(z) - 1) / z, lambda k: mpf((-1) ** (k + 1)) / (2 * k + 3)),
    lambda z: max(z, mpf("1e-6")),
    [(*f32, 0, z_atan, 4), (*f64, 0, z_atan, 10)])

fit("erfSmall", "erf(x)/x − 1 as a polynomial in x² for |x| ≤ 1.",
    lambda z: (erf(sqrt(z)) / sqrt(z) if z > 0 else 2 / sqrt(pi)) - 1,
    lambda z: mpf(1),
    [(*f32, 0, "1.001", 6), (*f64, 0, "1.001", 12)])

fit("erfcLog", "ln(erfc t) for 1 ≤ t, to where erf t rounds to 1.",
    lambda t: log(erfc(t)), lambda t: erfc(t),
    [(*f32, "0.999", "4", 6), (*f64, "0.999", "6", 18)])

fit("log2Tail", "log₂((1 + s)/(1 − s)) / (2s) as a polynomial in s², to single precision and half as much again.",
    series(lambda z: log((1 + sqrt(z)) / (1 - sqrt(z))) / sqrt(z) / ln2,
           lambda k: mpf(2) / (2 * k + 1) / ln2),
    lambda z: mpf(1),
    [(*f64, 0, z_log, 5)])

fit("exp2Short", "2ʳ for |r| ≤ ½, to single precision and half as much again.",
    lambda r: mpf(2) ** r, lambda r: mpf(1),
    [(*f64, "-0.501", "0.501", 7)])

fit("logTail5", "(ln((1 + s)/(1 − s)) − 2s − ⅔s³) / s⁵ as a polynomial in s², for |s| as in logTail.",
    series(lambda z: (log((1 + sqrt(z)) / (1 - sqrt(z))) / sqrt(z) - 2 - 2 * z / 3) / z**2,
           lambda k: mpf(2) / (2 * k + 5)),
    lambda z: max(z * z, mpf("1e-8")),
    [(*f64, 0, z_log, 7)])

hi32, lo32 = split(ln2, 15)
hi64, lo64 = split(ln2, 32)
emit("ln2", "ln 2 as a number with room for a factor, and the rest.",
     [(*f32, [hi32, lo32]), (*f64, [hi64, lo64])])

parts, rest = [], half_pi
for _ in range(3):
    head, rest = split(rest, 32)
    parts.append(head)
two_thirds = mpf(2) / 3
emit("twoThirds", "⅔ as the nearest number, and the rest.",
     [("f64x2", 53, [mpf(float(two_thirds)), two_thirds - mpf(float(two_thirds))])])
emit("halfPi", "π/2 in parts of 32 bits, each exact times a number below 2²⁰, and the rest.",
     [("f64x2", 53, [*parts, rest])])
emit("quarterPi", "π/4 as the nearest number, and the rest.",
     [("f32x4", 24, [mpf(float(numpy.float32(float(pi / 4)))),
                     pi / 4 - mpf(float(numpy.float32(float(pi / 4))))]),
      ("f64x2", 53, [mpf(float(pi / 4)), pi / 4 - mpf(float(pi / 4))])])

with mp.workdps(500):
    bits = 8 * 160
    whole = int(mp.floor(2 / mp.pi * mpf(2) ** bits))
words = [(whole >> (bits - 8 * (i + 1))) & 255 for i in range(160)]
out.append("/** The first 1280 binary places of 2/π, as bytes. */")
out.append("export const twoOverPi = [")
for i in range(0, 160, 20):
    out.append("  " + ", ".join(f"0x{w:02x}" for w in words[i:i + 20]) + ",")
out.append("] as const;")

print("/** Made by scripts/math/coefficients.py; lowest degree first. */\n")
print("\n".join(out))
