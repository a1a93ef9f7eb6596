"""The discrete Fourier transform of pairs (re, im) over axis -2; the inverse is not scaled."""

import numpy as np
import torch


def fft(x, inverse):
    z = torch.complex(x[..., 0], x[..., 1])
    out = torch.fft.ifft(z, norm="forward") if inverse else torch.fft.fft(z)
    return torch.stack([out.real, out.imag], -1)


def fft_plain(x, inverse):
    n = x.shape[-2]
    z = x[..., 0] + 1j * x[..., 1]
    out = np.fft.ifft(z) * n if inverse else np.fft.fft(z)
    return np.stack([out.real, out.imag], axis=-1)


def cases(family):
    op = family.op("fft", fft, fft_plain)
    for inverse in (False, True):
        for shape in [(1, 2), (2, 2), (3, 2), (5, 2), (8, 2), (12, 2), (2, 3, 2), (2, 1, 5, 2), (0, 3, 2)]:
            op.case(op.normal(*shape), inverse=inverse)
        op.case(np.array([[1.0, 0]] + [[0.0, 0]] * 3), inverse=inverse)
