"""Change a notebook, or a reply of the sandbox, at random: its structure or its bytes. Seeded, so it comes back."""

import copy
import json

ODD = [
    None,
    True,
    -1,
    2**70,
    0.5,
    "",
    "passed",
    "\ud800",
    "code",
    "<script>",
    "a" * 5000,
    [],
    {},
    [[[[]]]],
    {"t": "list"},
]


def mutated_tree(tree, rng, times=3):
    """Return a copy of a JSON tree with some parts replaced, removed, doubled, moved or nested."""
    tree = copy.deepcopy(tree)
    for _ in range(rng.integers(1, times + 1)):
        places = [*_places(tree)]
        if places:
            holder, key = places[rng.integers(len(places))]
            _CHANGES[rng.integers(len(_CHANGES))](holder, key, rng, places)
    return tree


def _places(tree):
    """Yield every (container, key) of a JSON tree."""
    waiting = [tree]
    while waiting:
        holder = waiting.pop()
        items = holder.items() if isinstance(holder, dict) else enumerate(holder)
        for key, value in items:
            yield holder, key
            if isinstance(value, dict | list):
                waiting.append(value)


def _odd(holder, key, rng, places):
    holder[key] = copy.deepcopy(ODD[rng.integers(len(ODD))])


def _gone(holder, key, rng, places):
    del holder[key]


def _twice(holder, key, rng, places):
    if isinstance(holder, list):
        holder.insert(key, copy.deepcopy(holder[key]))
    else:
        holder[f"{key}2"] = copy.deepcopy(holder[key])


def _moved(holder, key, rng, places):
    other, place = places[rng.integers(len(places))]
    other[place] = copy.deepcopy(holder[key])


def _nested(holder, key, rng, places):
    for _ in range(int(rng.integers(1, 60))):
        holder[key] = [holder[key]]


def _shuffled(holder, key, rng, places):
    if isinstance(holder, list):
        rng.shuffle(holder)


def _renamed(holder, key, rng, places):
    if isinstance(holder, dict):
        holder[f"{key}\u202e"] = holder.pop(key)


_CHANGES = [_odd, _odd, _gone, _twice, _moved, _nested, _shuffled, _renamed]


def mutated_bytes(data, rng, times=4):
    """Return `data` with some bytes changed, cut out, put in, doubled or cut off."""
    data = bytearray(data)
    for _ in range(rng.integers(1, times + 1)):
        kind, start = rng.integers(6), int(rng.integers(len(data) + 1))
        length = int(rng.integers(1, 40))
        if kind == 0 and data:
            data[start % len(data)] ^= 1 << int(rng.integers(8))
        elif kind == 1:
            data[start : start + length] = rng.bytes(length)
        elif kind == 2:
            del data[start : start + length]
        elif kind == 3:
            data[start:start] = data[start : start + length] * int(rng.integers(1, 5))
        elif kind == 4:
            data[start:start] = rng.bytes(length)
        elif rng.integers(4) == 0:
            del data[start:]
    return bytes(data)


def mutated_notebook(data, rng):
    """Return the bytes of a notebook after a change of its structure, of its bytes, or of both."""
    kind = rng.integers(3)
    if kind != 1:
        data = json.dumps(mutated_tree(json.loads(data), rng)).encode()
    return mutated_bytes(data, rng) if kind != 0 else data
