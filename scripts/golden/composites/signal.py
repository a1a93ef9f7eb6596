"""Convolutions of signals and images, and Fourier transforms of (re, im)."""

import numpy as np
import scipy.signal
import torch
import torch.nn.functional as F

BOUNDARIES = {"fill": "constant", "wrap": "wrap", "symmetric": "symmetric"}


def full(a, b, boundary="fill", fill=0.0):
    """The full convolution of two matrices, `a` continued beyond its edges."""
    edges = [(n - 1, n - 1) for n in b.shape]
    if boundary == "fill":
        a = F.pad(a, [*edges[1], *edges[0]], value=fill)
    else:
        places = np.pad(np.arange(a.numel()).reshape(a.shape), edges, mode=BOUNDARIES[boundary])
        a = a.reshape(-1)[torch.from_numpy(places)]
    return F.conv2d(a[None, None], b.flip(0, 1)[None, None])[0, 0]


def middle(x, sizes, starts):
    for axis, (size, start) in enumerate(zip(sizes, starts)):
        x = x.narrow(axis, start, size)
    return x


def convolve(a, b, mode):
    """numpy.convolve: "same" is as long as the longer one."""
    out, long, short = full(a[None], b[None])[0], max(len(a), len(b)), min(len(a), len(b))
    if mode == "full":
        return out
    if mode == "same":
        return out.narrow(0, (short - 1) // 2, long)
    return out.narrow(0, short - 1, long - short + 1)


def convolve2d(a, b, options={}):
    mode, shape = options.get("mode", "full"), b.shape
    out = full(a, b, options.get("boundary", "fill"), options.get("fillValue", 0.0))
    if mode == "full":
        return out
    if mode == "same":
        return middle(out, a.shape, [(k - 1) // 2 for k in shape])
    return middle(out, [n - k + 1 for n, k in zip(a.shape, shape)], [k - 1 for k in shape])


def convolve2d_plain(a, b, options={}):
    known = {"mode": "mode", "boundary": "boundary", "fillValue": "fillvalue"}
    return scipy.signal.convolve2d(a, b, **{known[key]: value for key, value in options.items()})


def fft_convolve(a, b, mode):
    """scipy.signal.fftconvolve: "same" has the shape of `a`."""
    if a.ndim == 1:
        return fft_convolve(a[None], b[None], mode)[0]
    return convolve2d(a, b, {"mode": mode})


def transform(function):
    def apply(re, im):
        out = function(torch.complex(re, im))
        return [out.real, out.imag]

    return apply


def correlate(a, v, mode="valid"):
    return convolve(a, v.flip(0), mode)


def rfft(x, options={}):
    out = torch.fft.rfft(x, n=options.get("n"), dim=options.get("axis", -1))
    return [out.real, out.imag]


def irfft(re, im, options={}):
    return torch.fft.irfft(torch.complex(re, im), n=options.get("n"), dim=options.get("axis", -1))


def cases(family):
    op = family.op("convolve", convolve, np.convolve)
    for mode in ("full", "same", "valid"):
        for n, m in [(5, 3), (6, 2), (3, 5), (4, 4), (1, 1)]:
            op.case(op.normal(n), op.normal(m), mode)

    op = family.op("convolve2d", convolve2d, convolve2d_plain)
    op.case(op.normal(2, 3), op.normal(2, 2))
    for mode in ("full", "same", "valid"):
        op.case(op.normal(3, 4), op.normal(2, 3), {"mode": mode})
        op.case(op.normal(4, 3), op.normal(3, 2), {"mode": mode, "boundary": "fill", "fillValue": 1.5})
    for boundary in ("wrap", "symmetric"):
        op.case(op.normal(3, 3), op.normal(2, 2), {"mode": "full", "boundary": boundary})
        op.case(op.normal(3, 4), op.normal(3, 3), {"mode": "same", "boundary": boundary})
        op.case(op.normal(4, 3), op.normal(2, 3), {"mode": "same", "boundary": boundary})

    op = family.op("fftConvolve", fft_convolve, scipy.signal.fftconvolve)
    for mode in ("full", "same", "valid"):
        op.case(op.normal(7), op.normal(3), mode)
        op.case(op.normal(6), op.normal(2), mode)
        op.case(op.normal(3, 4), op.normal(2, 3), mode)

    for name, function in [("fft", torch.fft.fft), ("ifft", torch.fft.ifft)]:
        op = family.op(name, transform(function))
        for shape in [(1,), (2,), (3,), (8,), (2, 5), (1, 2, 6)]:
            op.case(op.normal(*shape), op.normal(*shape))

    op = family.op("correlate", correlate, np.correlate)
    op.case(op.normal(5), op.normal(3))
    for mode in ("full", "same", "valid"):
        op.case(op.normal(6), op.normal(2), mode)
        op.case(op.normal(5), op.normal(3), mode)
    op = family.op("correlate", None, np.correlate)
    for mode in ("full", "same", "valid"):
        op.case(op.normal(2), op.normal(5), mode)

    op = family.op("rfft", rfft)
    for shape in [(1,), (2,), (5,), (8,), (2, 6)]:
        op.case(op.normal(*shape))
    op.case(op.normal(5, 2), {"axis": 0})
    op.case(op.normal(6), {"n": 4})
    op.case(op.normal(3), {"n": 8})

    op = family.op("irfft", irfft)
    op.case(op.normal(3), op.normal(3))
    op.case(op.normal(3), op.normal(3), {"n": 5})
    op.case(op.normal(2, 4), op.normal(2, 4))
    op.case(op.normal(4, 2), op.normal(4, 2), {"axis": 0, "n": 7})

    op = family.op("fftFrequencies", None, lambda n, spacing=1: np.fft.fftfreq(n, spacing))
    op.case(8)
    op.case(5, 0.1)
    op.case(1)
