"""Known answers of Threefry-2x32, 20 rounds: Random123's `kat_vectors`.

The published words are written as they are; the generator below only confirms them.
Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
"""

from golden import MADE

MASK = 0xFFFFFFFF
ROTATIONS = (13, 15, 26, 6, 17, 29, 16, 24)

# counter, key, answer
KNOWN = [
    ((0x00000000, 0x00000000), (0x00000000, 0x00000000), (0x6B200159, 0x99BA4EFE)),
    ((0xFFFFFFFF, 0xFFFFFFFF), (0xFFFFFFFF, 0xFFFFFFFF), (0x1CB996FC, 0xBB002BE7)),
    ((0x243F6A88, 0x85A308D3), (0x13198A2E, 0x03707344), (0xC4923A9C, 0x483DF7A0)),
]


def threefry2x32(key, counter):
    schedule = (*key, 0x1BD11BDA ^ key[0] ^ key[1])
    x, y = (counter[0] + schedule[0]) & MASK, (counter[1] + schedule[1]) & MASK
    for turn in range(20):
        x = (x + y) & MASK
        r = ROTATIONS[turn % 8]
        y = ((y << r | y >> (32 - r)) & MASK) ^ x
        if turn % 4 == 3:
            s = turn // 4 + 1
            x = (x + schedule[s % 3]) & MASK
            y = (y + schedule[(s + 1) % 3] + s) & MASK
    return x, y


def document():
    for counter, key, answer in KNOWN:
        assert threefry2x32(key, counter) == answer
    cases = [{"key": list(k), "counter": list(c), "out": list(out)} for c, k, out in KNOWN]
    return {"made": MADE, "cases": cases}
