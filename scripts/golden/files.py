"""Writes test/golden/files/: small files made by NumPy and Pillow, and what is in them.

    /usr/bin/python3 scripts/golden/files.py

It needs Debian's python3-numpy and python3-pil; the tests need neither. `expected.json` has the
versions and, for each file, shape, dtype and elements as the library is to give them. The
safetensors file is put together here byte by byte from the format's description, since Debian has
no package of it.
"""

import io
import json
import pathlib
import struct

import numpy
import PIL
from PIL import Image

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "test" / "golden" / "files"
EXPECTED = {}


def flat(array):
    def one(x):
        x = x.item() if hasattr(x, "item") else x
        if isinstance(x, float) and (x != x or x in (float("inf"), float("-inf"))):
            return {"inf": "Infinity", "-inf": "-Infinity"}.get(str(x), "NaN")
        return x

    return [one(x) for x in numpy.ascontiguousarray(array).reshape(-1)]


def expect(name, dtype, array):
    EXPECTED[name] = {"dtype": dtype, "shape": list(array.shape), "data": flat(array)}


def npy():
    values = {
        "b1": ("bool", [[True, False, True], [False, False, True]]),
        "i1": ("i32", [[-128, -1, 0], [1, 2, 127]]),
        "u1": ("u8", [[0, 1, 2], [3, 254, 255]]),
        "i2": ("i32", [[-32768, -1, 0], [1, 2, 32767]]),
        "u2": ("i32", [[0, 1, 2], [3, 4, 65535]]),
        "i4": ("i32", [[-(2**31), -1, 0], [1, 2, 2**31 - 1]]),
        "u4": ("u32", [[0, 1, 2], [3, 4, 2**32 - 1]]),
        "i8": ("i32", [[-(2**31), -1, 0], [1, 2, 2**31 - 1]]),
        "u8": ("f64", [[0, 1, 2], [3, 4, 2**53 - 1]]),
        "f2": ("f16", [[0.5, -1.25, 65504], [2.0**-24, float("inf"), float("nan")]]),
        "f4": ("f32", [[0.5, -1.25, 3.0e38], [1e-45, float("-inf"), float("nan")]]),
        "f8": ("f64", [[0.1, -1.25, 1e300], [5e-324, float("inf"), float("nan")]]),
    }
    for code, (dtype, rows) in values.items():
        for order in "C", "F":
            for endian in "<", ">":
                if code in ("b1", "i1", "u1") and endian == ">":
                    continue
                array = numpy.array(rows, dtype=endian + code, order=order)
                name = f"{code}-{'little' if endian == '<' else 'big'}-{order.lower()}.npy"
                numpy.save(FOLDER / name, array)
                expect(name, dtype, array)
    cube = numpy.arange(24, dtype="<f4").reshape(2, 3, 4)
    numpy.save(FOLDER / "cube-f.npy", numpy.asfortranarray(cube))
    expect("cube-f.npy", "f32", cube)
    for name, array in {"scalar": numpy.float64(2.5), "empty": numpy.zeros((0, 3), "<f4")}.items():
        numpy.save(FOLDER / f"{name}.npy", array)
        expect(f"{name}.npy", "f64" if name == "scalar" else "f32", numpy.asarray(array))
    for version in (2, 0), (3, 0):
        name = f"version{version[0]}.npy"
        with open(FOLDER / name, "wb") as file:
            numpy.lib.format.write_array(file, numpy.arange(5, dtype="<i4"), version=version)
        expect(name, "i32", numpy.arange(5))
    # What is to be refused.
    numpy.save(FOLDER / "refused-complex.npy", numpy.array([1 + 2j]))
    numpy.save(FOLDER / "refused-text.npy", numpy.array(["a", "bc"]))
    numpy.save(FOLDER / "refused-structured.npy", numpy.array([(1, 2.0)], dtype=[("a", "<i4"), ("b", "<f8")]))
    numpy.save(FOLDER / "refused-int64.npy", numpy.array([1, 2**53 + 1]))


def npz():
    a, b = numpy.arange(6, dtype="<f4").reshape(2, 3), numpy.array([True, False])
    numpy.savez(FOLDER / "stored.npz", a=a, b=b)
    numpy.savez_compressed(FOLDER / "compressed.npz", a=a, b=b)
    expect("npz a", "f32", a)
    expect("npz b", "bool", b)


def png():
    random = numpy.random.default_rng(4)
    grey = random.integers(0, 256, (5, 7), dtype=numpy.uint8)
    colour = random.integers(0, 256, (5, 7, 3), dtype=numpy.uint8)
    alpha = random.integers(0, 256, (5, 7, 4), dtype=numpy.uint8)

    def save(name, image, wanted, **options):
        image.save(FOLDER / name, **options)
        expect(name, "u8", wanted)

    save("grey.png", Image.fromarray(grey), grey[:, :, None])
    save("grey-alpha.png", Image.fromarray(alpha[:, :, :2], "LA"), alpha[:, :, :2])
    save("rgb.png", Image.fromarray(colour), colour)
    save("rgba.png", Image.fromarray(alpha), alpha)
    # 16 bits, brought to 8 by rounding.
    deep = random.integers(0, 65536, (5, 7), dtype=numpy.uint16)
    save("grey16.png", Image.fromarray(deep), numpy.rint(deep / 257).astype(numpy.uint8)[:, :, None])
    bits = (grey > 127).astype(numpy.uint8) * 255
    save("grey1.png", Image.fromarray(bits).convert("1"), bits[:, :, None])
    # Palettes of 1, 2, 4 and 8 bits, one with transparency.
    for depth, count in {1: 2, 2: 4, 4: 16, 8: 40}.items():
        palette = random.integers(0, 256, (count, 3), dtype=numpy.uint8)
        numbers = random.integers(0, count, (5, 7), dtype=numpy.uint8)
        image = Image.fromarray(numbers, "P")
        image.putpalette(palette.reshape(-1).tolist())
        save(f"palette{depth}.png", image, palette[numbers], bits=depth)
        if depth == 4:
            opacity = bytes([0, 100])
            full = numpy.array([0, 100] + [255] * (count - 2), dtype=numpy.uint8)
            wanted = numpy.concatenate([palette[numbers], full[numbers][:, :, None]], axis=2)
            save("palette4-alpha.png", image, wanted, bits=depth, transparency=opacity)
    # One transparent colour.
    one = tuple(int(x) for x in colour[2, 3])
    same = (colour == colour[2, 3]).all(axis=2)
    wanted = numpy.concatenate([colour, numpy.where(same, 0, 255).astype(numpy.uint8)[:, :, None]], axis=2)
    save("rgb-transparent.png", Image.fromarray(colour), wanted, transparency=one)
    # To grey as Pillow does it.
    expect("rgb.png as grey", "u8", numpy.asarray(Image.fromarray(colour).convert("L"))[:, :, None])
    interlaced(random)


def interlaced(random):
    """Pillow writes none: the seven passes put together by hand, read back by Pillow as a check."""
    import zlib

    passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    for name, depth, colour, channels in ("rgb", 8, 2, 3), ("grey2", 2, 0, 1), ("grey16", 16, 0, 1):
        samples = random.integers(0, 2**depth, (11, 9, channels))
        raw = b""
        for x, y, dx, dy in passes:
            part = samples[y::dy, x::dx]
            if part.size == 0:
                continue
            for line in part.reshape(part.shape[0], -1):
                if depth == 16:
                    raw += b"\0" + line.astype(">u2").tobytes()
                elif depth == 8:
                    raw += b"\0" + line.astype("u1").tobytes()
                else:
                    bits = "".join(format(int(v), "02b") for v in line)
                    bits += "0" * (-len(bits) % 8)
                    raw += b"\0" + bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits), 8))
        file = b"\x89PNG\r\n\x1a\n"
        file += chunk(b"IHDR", struct.pack(">IIBBBBB", 9, 11, depth, colour, 0, 0, 1))
        file += chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b"")
        (FOLDER / f"interlaced-{name}.png").write_bytes(file)
        wanted = numpy.rint(samples * 255 / (2**depth - 1)).astype(numpy.uint8)
        expect(f"interlaced-{name}.png", "u8", wanted)
        seen = numpy.asarray(Image.open(io.BytesIO(file)))
        if depth <= 8:
            assert (seen.reshape(wanted.shape) == wanted).all(), name


def jpeg():
    y, x = numpy.mgrid[0:16, 0:24]
    smooth = numpy.stack([8 * x, 12 * y, 255 - 5 * x - 5 * y], axis=2).astype(numpy.uint8)
    image = Image.fromarray(smooth)

    def save(name, image, mode, **options):
        image.save(FOLDER / name, quality=95, **options)
        seen = numpy.asarray(Image.open(FOLDER / name).convert(mode))
        expect(name, "u8", seen if seen.ndim == 3 else seen[:, :, None])

    save("grey.jpg", image.convert("L"), "L")
    save("rgb.jpg", image, "RGB", subsampling=0)
    save("rgb-420.jpg", image, "RGB", subsampling=2)
    save("rgb-progressive.jpg", image, "RGB", subsampling=0, progressive=True)
    save("cmyk.jpg", image.convert("CMYK"), "RGB")


def safetensors():
    arrays = {
        "f64": ("F64", "f64", numpy.array([0.1, -2.5], "<f8")),
        "f32": ("F32", "f32", numpy.array([[1.5, -2.5, 3.25]], "<f4")),
        "f16": ("F16", "f16", numpy.array([0.5, 65504], "<f2")),
        "bf16": ("BF16", "bf16", numpy.array([0x3F80, 0xC020], "<u2")),
        "i64": ("I64", "i32", numpy.array([-1, 2**31 - 1], "<i8")),
        "i32": ("I32", "i32", numpy.array([-(2**31), 7], "<i4")),
        "u32": ("U32", "u32", numpy.array([2**32 - 1], "<u4")),
        "i16": ("I16", "i32", numpy.array([-32768, 7], "<i2")),
        "u16": ("U16", "i32", numpy.array([65535], "<u2")),
        "i8": ("I8", "i32", numpy.array([-128, 127], "i1")),
        "u8": ("U8", "u8", numpy.array([0, 255], "u1")),
        "bool": ("BOOL", "bool", numpy.array([True, False, True])),
        "scalar": ("F32", "f32", numpy.array(4.5, "<f4")),
        "none": ("F32", "f32", numpy.zeros((0, 4), "<f4")),
    }
    header, data = {"__metadata__": {"format": "pt", "ä": "\u2192"}}, b""
    for name, (code, dtype, array) in arrays.items():
        raw = array.tobytes()
        header[name] = {"dtype": code, "shape": list(array.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
        expect(f"safetensors {name}", dtype, numpy.array([1.0, -2.5]) if name == "bf16" else array)
    text = json.dumps(header, ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)
    (FOLDER / "all.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + data)


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    npy()
    npz()
    png()
    jpeg()
    safetensors()
    versions = {"numpy": numpy.__version__, "pillow": PIL.__version__}
    lines = [f"  {json.dumps(name)}: {json.dumps(value)}" for name, value in EXPECTED.items()]
    document = '{\n"versions": ' + json.dumps(versions) + ',\n"files": {\n' + ",\n".join(lines) + "\n}\n}\n"
    (FOLDER / "expected.json").write_text(document)
    total = sum(file.stat().st_size for file in FOLDER.iterdir())
    print(f"{len(list(FOLDER.iterdir()))} files, {total} bytes")
