"""Golden values: cases computed with PyTorch in float64 and written as JSON.

A `Family` is one JSON file. It holds named operations; each operation has a reference (a
PyTorch function, differentiated by autograd), optionally a `plain` NumPy function, and its own
random numbers, seeded by its name, so that new cases elsewhere leave its values alone.
"""

import json
import platform
import warnings
import zlib

import numpy as np
import scipy
import torch

torch.set_num_threads(1)
np.seterr(all="ignore")
warnings.simplefilter("ignore", RuntimeWarning)

MADE = {
    "script": "scripts/golden/generate.py",
    "python": platform.python_version(),
    "torch": torch.__version__,
    "numpy": np.__version__,
    "scipy": scipy.__version__,
}

DTYPES = {"f64": np.float64, "i32": np.int32, "u32": np.uint32, "u8": np.uint8, "bool": np.bool_}


# ---- encoding -------------------------------------------------------------------------------


def number(value):
    """A JSON number, or a string for what JSON cannot hold; floats keep every digit."""
    if not isinstance(value, float):
        return int(value)
    if value != value:
        return "NaN"
    if value in (np.inf, -np.inf):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0:
        return "-0" if np.signbit(value) else 0
    return int(value) if value.is_integer() and abs(value) < 1e15 else value


def tensor(value):
    """{"dtype", "shape", "data"}; int64 (PyTorch's and NumPy's indices and counts) becomes i32."""
    array = value.detach().numpy() if isinstance(value, torch.Tensor) else np.asarray(value)
    if array.dtype == np.int64:
        array = array.astype(np.int32)
    dtype = next(name for name, kind in DTYPES.items() if array.dtype == kind)
    return {"dtype": dtype, "shape": list(array.shape), "data": [number(v) for v in array.ravel().tolist()]}


def is_tensor(value):
    return isinstance(value, (torch.Tensor, np.ndarray, np.generic))


def encode(value):
    """Tensors anywhere inside lists and dictionaries; the rest is plain JSON."""
    if is_tensor(value):
        return tensor(value)
    if isinstance(value, dict):
        return {key: encode(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [encode(item) for item in value]
    return number(value) if isinstance(value, float) else value


def leaves(value):
    """The tensors inside `value`, in order of appearance."""
    if is_tensor(value):
        return [value]
    items = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else []
    return [leaf for item in items for leaf in leaves(item)]


def rebuild(value, replacements):
    """`value` with its tensors taken, in order, from the iterator `replacements`."""
    if is_tensor(value):
        return next(replacements)
    if isinstance(value, dict):
        return {key: rebuild(item, replacements) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [rebuild(item, replacements) for item in value]
    return value


# ---- operations -----------------------------------------------------------------------------


class Operation:
    """One operation: its references, its random numbers, its cases."""

    def __init__(self, family, name, reference, plain):
        self.family, self.name, self.reference, self.plain = family, name, reference, plain
        self.rng = np.random.default_rng(zlib.crc32(f"{family.kind}/{name}".encode()))

    # Sources carry few decimals: the files stay small, and nothing is lost.

    def normal(self, *shape):
        return np.asarray(np.round(self.rng.standard_normal(shape), 3) + 0.0)

    def uniform(self, low, high, shape):
        return np.asarray(np.round(self.rng.uniform(low, high, shape), 3) + 0.0)

    def integers(self, low, high, shape, dtype="i32"):
        return np.asarray(self.rng.integers(low, high, shape)).astype(DTYPES[dtype])

    def booleans(self, *shape):
        return np.asarray(self.rng.integers(0, 2, shape)).astype(np.bool_)

    def evaluate(self, call, plain, arrays, gradient, smooth, wrt):
        """(out, cotangent, gradients) of `call`, a function of torch tensors.

        Without a gradient, `plain` (when there is one) says the values: special values follow
        NumPy. With one, autograd says both, and `plain` must agree with the values.
        """
        floating = [array.dtype == np.float64 for array in arrays]
        if not (gradient and any(floating)) or call is None:
            out = plain(*arrays) if plain else call(*map(torch.from_numpy, arrays))
            return out, None, None

        sources = [torch.from_numpy(array.copy()) for array in arrays]
        asked = [i for i in range(len(arrays)) if floating[i] and (wrt is None or i in wrt)]
        for i in asked:
            sources[i].requires_grad_()
        out = call(*sources)
        outs = leaves(out)
        if plain:
            for ours, theirs in zip(outs, leaves(plain(*arrays)), strict=True):
                np.testing.assert_allclose(ours.detach(), theirs, rtol=2e-14, atol=2e-14, err_msg=self.name)
        cotangents = [self.normal(*o.shape) if o.requires_grad else None for o in outs]
        live = [i for i, o in enumerate(outs) if o.requires_grad]
        if not live:
            return out, None, None

        found = torch.autograd.grad(
            [outs[i] for i in live],
            [sources[i] for i in asked],
            [torch.from_numpy(cotangents[i]) for i in live],
            allow_unused=True,
        )
        gradients = [None] * len(arrays)
        for i, g in zip(asked, found):
            gradients[i] = torch.zeros_like(sources[i]) if g is None else g
        if self.family.check and smooth:
            self.check(call, arrays, asked, gradients, live, cotangents)
        return out, rebuild(out, iter(cotangents)), gradients

    def check(self, call, arrays, asked, gradients, live, cotangents, step=1e-6):
        """The gradients against a central difference along one random direction."""
        rng = np.random.default_rng(1)
        directions = {i: rng.standard_normal(arrays[i].shape) for i in asked}

        def loss(t):
            moved = [a + t * directions[i] if i in asked else a for i, a in enumerate(arrays)]
            moved = [torch.from_numpy(np.asarray(array)) for array in moved]
            outs = leaves(call(*moved))
            return sum(float((outs[i].detach().numpy() * cotangents[i]).sum()) for i in live)

        slope = (loss(step) - loss(-step)) / (2 * step)
        ours = sum(float((gradients[i].numpy() * directions[i]).sum()) for i in asked)
        scale = 1 + abs(slope) + abs(loss(0))
        assert abs(slope - ours) <= 1e-7 * scale, f"{self.name}: slope {slope}, gradient {ours}"


class Primitive(Operation):
    """{"op", "attrs", "src", "out", "cotangent", "gradients"}."""

    def case(self, *src, gradient=True, smooth=True, wrt=None, **attrs):
        """`smooth=False` at kinks and ties; `wrt` limits the gradients to these sources."""
        call = self.reference and (lambda *tensors: self.reference(*tensors, **attrs))
        plain = self.plain and (lambda *arrays: self.plain(*arrays, **attrs))
        out, cotangent, gradients = self.evaluate(call, plain, src, gradient, smooth, wrt)
        case = {"op": self.name, "attrs": attrs, "src": list(src), "out": out}
        self.family.cases.append(encode({**case, "cotangent": cotangent, "gradients": gradients}))


class Composite(Operation):
    """{"fn", "args", "out", "cotangent", "gradients"}: arguments as in the public signature.

    Tensors may stand inside lists and options; `gradients` has one entry for each of them.
    """

    def case(self, *args, gradient=True, smooth=True, wrt=None):
        call = self.reference and (lambda *tensors: self.reference(*rebuild(args, iter(tensors))))
        plain = self.plain and (lambda *arrays: self.plain(*rebuild(args, iter(arrays))))
        out, cotangent, gradients = self.evaluate(call, plain, leaves(args), gradient, smooth, wrt)
        case = {"fn": self.name, "args": list(args), "out": out}
        self.family.cases.append(encode({**case, "cotangent": cotangent, "gradients": gradients}))


class Family:
    """One file of cases. `kind` is "primitives" or "composites"."""

    def __init__(self, kind, name, check=False):
        self.kind, self.name, self.check = kind, name, check
        self.cases = []

    def op(self, name, reference, plain=None):
        return (Primitive if self.kind == "primitives" else Composite)(self, name, reference, plain)

    def write(self, folder):
        write(folder / self.kind / f"{self.name}.json", {"made": MADE, "cases": self.cases})


def write(path, document):
    """One case a line, so that a change shows as the lines it changes."""
    dump = lambda value: json.dumps(value, separators=(",", ":"), allow_nan=False)
    lines = ",\n".join(dump(case) for case in document["cases"])
    rest = "".join(f',\n"{key}":{dump(value)}' for key, value in document.items() if key not in ("made", "cases"))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'{{"made":{dump(document.get("made", MADE))},\n"cases":[\n{lines}\n]{rest}}}\n')
