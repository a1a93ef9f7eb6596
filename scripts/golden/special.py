"""Special functions at hard points, from mpmath with 60 digits, rounded once to float64."""

import mpmath

from golden import MADE

mpmath.mp.dps = 60

TINY = [5e-324, 1e-300, 1e-20, 1e-9]
SMALL = [0.01, 0.1, 0.25, 0.49999999999999994, 0.5, 0.5000000000000001, 0.75]
MIDDLE = [0.999999, 1.0, 1.000001, 1.25, 1.4616321449683622, 1.4999999, 1.5, 1.75, 1.9999999, 2.0, 2.0000001]
LARGE = [2.4999, 2.5, 2.5001, 3.0, 5.9, 6.1, 9.99, 10.0, 10.01, 25.5, 100.0, 1e4, 1e8, 1e15]
HUGE = [1e100, 1e200, 1e305]
BELOW = [-0.5, -1.5, -2.0000001, -2.4570247382208006, -3.6, -10.5, -33.25, -100.1, -1000.5]


def signed(values):
    return [sign * value for value in values for sign in (1, -1)]


FUNCTIONS = {
    "erf": (mpmath.erf, signed(TINY + SMALL + MIDDLE + [1.9999, 2.0001, 2.4999, 2.5, 3.0, 4.5, 5.5, 5.9, 6.1, 30.0, 1e300])),
    "lgamma": (lambda x: mpmath.log(abs(mpmath.gamma(x))) if x < 1e6 else mpmath.loggamma(x),
               TINY + SMALL + MIDDLE + LARGE + HUGE + BELOW + [-value for value in TINY]),
    "digamma": (mpmath.digamma, TINY[1:] + SMALL + MIDDLE + LARGE + HUGE + BELOW),
    "trigamma": (lambda x: mpmath.psi(1, x), SMALL + MIDDLE + LARGE + BELOW),
    "tetragamma": (lambda x: mpmath.psi(2, x), SMALL + MIDDLE + LARGE + BELOW),
}


def document():
    cases = [
        {"fn": name, "points": [[x, float(f(mpmath.mpf(x)))] for x in points]}
        for name, (f, points) in FUNCTIONS.items()
    ]
    return {"made": {**MADE, "mpmath": mpmath.__version__}, "cases": cases}
