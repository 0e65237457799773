"""Plain data over a pipe: JSON for the structure, npy for the arrays, and no pickle in either direction.

Whatever cannot be said in plain data arrives as an :class:`Opaque`, which names its type and is equal to nothing.
"""

import functools
import io
import json
import math
import re
import struct
from dataclasses import dataclass
from tokenize import TokenError
from typing import Any

import numpy as np

from mmlearn_edu.checks.messages import say

__all__ = ["MAX_BYTES", "TOO_LARGE", "Opaque", "TooLargeError", "arrives", "decode", "encode"]

MAX_BYTES = 256 * 2**20
MAX_DEPTH = 32
TOO_LARGE = "too large"  # the kind of an Opaque that stands for an answer of too many bytes
_MOST_NUMBERS = 2000  # among what is hashed: numbers can be chosen so that all collide, which costs the square of time
_MOST_ARRAYS = 10_000  # each takes far longer to read than its bytes
_HEAD = struct.Struct("<Q")
_USUAL = re.compile(
    rb"\{'descr': '([<>|][biufc]\d{1,2})', 'fortran_order': (True|False), "
    rb"'shape': \((|N,|N(?:, N)+)\), \} *\n".replace(b"N", rb"(?:0|[1-9]\d{0,17})")
)
_NUMBERS = "biufc"  # the kinds of dtype whose bytes say all
_FEW, _SMALL, _SHORT = 50, 2**20, 2**12  # items, bytes of an array, and characters that are written as they are
_LONG = 1000  # bytes of a header


class TooLargeError(ValueError):
    """The message would be longer than the pipe accepts."""


@dataclass(frozen=True, eq=False)
class Opaque:
    """Something that is no plain data: its type's name, and the beginning of its repr."""

    kind: str
    text: str = ""

    def __repr__(self) -> str:
        return f"<{self.kind}>"


def encode(value: Any) -> bytes:
    """Write `value` as bytes; arrays keep their dtype, order and shape.

    Raises
    ------
    TooLargeError
        If the message would exceed ``MAX_BYTES``.
    """
    arrays: list[np.ndarray[Any, Any]] = []
    tree = _Writer(arrays).tree(value, 0)
    body = io.BytesIO()
    header = json.dumps(tree).encode()
    body.write(_HEAD.pack(len(header)) + header)
    for array in arrays:
        _write_array(body, array)
    if body.tell() > MAX_BYTES:
        raise TooLargeError(say("too-many-bytes", size=body.tell(), most=MAX_BYTES))
    return body.getvalue()


_NO_MESSAGE = (KeyError, IndexError, TypeError, OverflowError, struct.error, RecursionError, SyntaxError, TokenError)


def decode(message: bytes) -> Any:
    """Read what :func:`encode` wrote.

    Raises
    ------
    ValueError
        If `message` is not such a message; nothing in it is ever executed.
    """
    try:
        body = io.BytesIO(message)
        (length,) = _HEAD.unpack(body.read(_HEAD.size))
        tree = json.loads(body.read(length))
        arrays: list[Any] = []
        while body.tell() < len(message):
            if len(arrays) == _MOST_ARRAYS:
                raise ValueError(f"not a message of this checker (more than {_MOST_ARRAYS} arrays)")
            arrays.append(_read_array(body, len(message)))
        return _read(tree, arrays)
    except _NO_MESSAGE as error:
        raise ValueError(f"not a message of this checker ({type(error).__name__}: {error})") from None


def arrives(value: Any) -> bool:
    """Say whether `value` is read as it is written: numbers, texts and arrays of numbers, alone or in a row.

    Of all else only reading tells, since a learner's object may be anything.
    """
    in_a_row = type(value) in (list, tuple)
    return len(value) <= _FEW and all(map(_is_simple, value)) if in_a_row else _is_simple(value)


def _is_simple(value: Any) -> bool:
    if type(value) is np.ndarray:
        return _is_usual(value)
    if type(value) is str:
        return len(value) <= _SHORT
    if type(value) is int:
        return value.bit_length() <= _SHORT
    return value is None or type(value) in (bool, float)


def _is_usual(array: np.ndarray[Any, Any]) -> bool:
    return array.dtype.kind in _NUMBERS and array.dtype.metadata is None and array.nbytes <= _SMALL


class _Writer:
    """Turn a value into a JSON tree and put its arrays aside."""

    def __init__(self, arrays: list[np.ndarray[Any, Any]]) -> None:
        self.arrays = arrays
        self.total = 0

    def tree(self, value: Any, depth: int) -> Any:
        if value is None or isinstance(value, bool | str):
            return value
        if value is Ellipsis:
            return {"t": "ellipsis"}
        if isinstance(value, np.ndarray | np.generic) or hasattr(value, "detach"):
            return self.array(value)
        if isinstance(value, int | float | complex):
            return _number(value)
        return _opaque(value) if depth > MAX_DEPTH else self.container(value, depth)

    def container(self, value: Any, depth: int) -> Any:
        if isinstance(value, dict):
            pairs = [[self.tree(k, depth + 1), self.tree(v, depth + 1)] for k, v in value.items()]
            return {"t": "dict", "v": pairs}
        for kind in (list, tuple, set, frozenset):
            if isinstance(value, kind):
                return {"t": kind.__name__, "v": [self.tree(item, depth + 1) for item in value]}
        if hasattr(value, "tocsr") and hasattr(value, "nnz"):
            csr = value.tocsr()
            parts = [self.array(np.asarray(a)) for a in (csr.data, csr.indices, csr.indptr)]
            return {"t": "sparse", "shape": list(csr.shape), "v": parts}
        return _opaque(value)

    def array(self, value: Any) -> Any:
        scalar = isinstance(value, np.generic)
        array = np.asarray(value.detach().cpu().numpy() if hasattr(value, "detach") else value)
        if array.dtype.hasobject:
            return {"t": "objects", "shape": list(array.shape), "v": [self.tree(v, MAX_DEPTH) for v in array.ravel()]}
        self.total += array.nbytes  # counted before it is copied: a broadcast view may announce terabytes
        if self.total > MAX_BYTES:
            raise TooLargeError(say("too-large-array", shape=array.shape, most=MAX_BYTES))
        self.arrays.append(array)
        return {"t": "scalar" if scalar else "array", "i": len(self.arrays) - 1}


def _number(value: float | complex) -> Any:
    if isinstance(value, complex):
        return {"t": "complex", "v": [_number(value.real), _number(value.imag)]}
    if isinstance(value, int):
        return {"t": "int", "v": hex(value)}  # hex has no limit on digits, and costs linear time
    return float(value) if math.isfinite(value) else {"t": "float", "v": repr(float(value))}


def _opaque(value: Any) -> Any:
    if isinstance(value, Opaque):
        return {"t": "opaque", "kind": value.kind, "text": value.text}
    kind = type(value)
    try:
        text = repr(value)[:200]
    except Exception as error:  # a learner's own __repr__ may raise anything
        text = f"(its repr raised {type(error).__name__})"
    return {"t": "opaque", "kind": f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins."), "text": text}


def _write_array(body: io.BytesIO, array: np.ndarray[Any, Any]) -> None:
    """Write as NumPy does; it formats the header anew every time, which takes longer than a small array itself."""
    if not _is_usual(array):
        np.lib.format.write_array(body, array, allow_pickle=False)
    else:
        by_columns = array.flags.f_contiguous and not array.flags.c_contiguous
        body.write(_header_of(array.dtype, array.shape, by_columns))
        body.write((array.T if by_columns else array).tobytes())


@functools.lru_cache(maxsize=512)
def _header_of(dtype: np.dtype[Any], shape: tuple[int, ...], by_columns: bool) -> bytes:
    head = io.BytesIO()
    said = {"descr": np.lib.format.dtype_to_descr(dtype), "fortran_order": by_columns, "shape": shape}
    np.lib.format.write_array_header_1_0(head, said)
    return head.getvalue()


def _read_array(body: io.BytesIO, end: int) -> np.ndarray[Any, Any]:
    """Read one array, after a look at whether it is as long as its header says: a header may promise terabytes."""
    first = np.lib.format.read_magic(body) == (1, 0)
    length = body.read(2 if first else 4)
    shape, by_columns, dtype = _header(first, length + body.read(int.from_bytes(length, "little")))
    size = math.prod(shape) * dtype.itemsize
    if dtype.hasobject or max(size, math.prod(shape)) > end - body.tell():  # also entries of no width take memory
        raise ValueError(f"not a message of this checker (an array of shape {shape} and dtype {dtype})")
    array = np.empty(shape, dtype, order="F" if by_columns else "C")  # its own memory: an answer may resize it
    if size:
        (array.T if by_columns else array).reshape(-1)[:] = np.frombuffer(body.read(size), dtype)
    return array


@functools.lru_cache(maxsize=512)
def _header(first: bool, text: bytes) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    """Read what stands before an array; NumPy parses it as Python, which takes longer than a small array itself."""
    usual = _USUAL.fullmatch(text, 2) if first and len(text) < _LONG else None
    if usual:
        shape = tuple(int(number) for number in usual[3].split(b",") if number.strip())
        return shape, usual[2] == b"True", np.dtype(usual[1].decode())
    read = np.lib.format.read_array_header_1_0 if first else np.lib.format.read_array_header_2_0
    return read(io.BytesIO(text))


def _read(tree: Any, arrays: list[Any]) -> Any:
    if not isinstance(tree, dict):
        return tree
    kind = tree["t"]
    if kind in ("dict", "set", "frozenset"):
        _stop_collisions(tree["v"], pairs=kind == "dict")
    if kind in _CONTAINERS:
        return _CONTAINERS[kind](_read(item, arrays) for item in tree["v"])
    return _READERS[kind](tree, arrays)


def _stop_collisions(items: list[Any], pairs: bool) -> None:
    """Refuse thousands of keys that are no text; Python hashes text with a secret of its own."""
    keys = [item[0] for item in items] if pairs else items
    if len(keys) > _MOST_NUMBERS and sum(not isinstance(key, str) for key in keys) > _MOST_NUMBERS:
        raise ValueError(f"not a message of this checker ({len(keys)} keys)")


def _read_objects(tree: Any, arrays: list[Any]) -> Any:
    flat = np.empty(len(tree["v"]), dtype=object)
    flat[:] = [_read(item, arrays) for item in tree["v"]]
    return flat.reshape(tree["shape"])


def _read_sparse(tree: Any, arrays: list[Any]) -> Any:
    from scipy.sparse import csr_matrix  # heavy, and only few answers are sparse

    matrix = csr_matrix(tuple(_read(part, arrays) for part in tree["v"]), shape=tuple(tree["shape"]))
    matrix.check_format(full_check=True)  # an index out of range would be written to by the next sum, and crash it
    return matrix


_CONTAINERS: dict[str, Any] = {"list": list, "tuple": tuple, "set": set, "frozenset": frozenset}
_READERS: dict[str, Any] = {
    "ellipsis": lambda tree, arrays: Ellipsis,
    "int": lambda tree, arrays: int(tree["v"], 16),
    "float": lambda tree, arrays: float(tree["v"]),
    "complex": lambda tree, arrays: complex(_read(tree["v"][0], arrays), _read(tree["v"][1], arrays)),
    "dict": lambda tree, arrays: {_read(k, arrays): _read(v, arrays) for k, v in tree["v"]},
    "array": lambda tree, arrays: arrays[tree["i"]],
    "scalar": lambda tree, arrays: arrays[tree["i"]][()],
    "objects": _read_objects,
    "sparse": _read_sparse,
    "opaque": lambda tree, arrays: Opaque(str(tree["kind"]), str(tree["text"])),
}
