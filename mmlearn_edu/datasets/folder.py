"""A learner's own pictures, sounds, texts and films."""

from collections.abc import Callable
from math import inf
from numbers import Real
from os import PathLike
from pathlib import Path
from typing import Any, Literal, overload

import numpy as np
from numpy.typing import NDArray

from mmlearn_edu.datasets._manifest import MANIFEST, MODALITIES, Problem, Table, read_manifest
from mmlearn_edu.datasets._readers import UnreadableFileError, read_audio, read_clip, read_image, read_text
from mmlearn_edu.datasets.dataset import SAMPLING_RATE, Dataset
from mmlearn_edu.modalities import Modalities

__all__ = ["load_folder"]

OPTIONS = {"image": "image_size=(height, width)", "clip": "clip_shape=(n_frames, height, width)"}
MOST_SILENCE = 2**28  # bytes; with more, one long recording among short ones would fill the memory

Classes = NDArray[np.int64] | None


@overload
def load_folder(
    path: str | PathLike[str],
    image_size: tuple[int, int] | None = ...,
    clip_shape: tuple[int, int, int] | None = ...,
    max_seconds: float | None = ...,
    return_X_y: Literal[False] = ...,
) -> Dataset: ...
@overload
def load_folder(
    path: str | PathLike[str],
    image_size: tuple[int, int] | None = ...,
    clip_shape: tuple[int, int, int] | None = ...,
    max_seconds: float | None = ...,
    *,
    return_X_y: Literal[True],
) -> tuple[Modalities, Classes]: ...
def load_folder(
    path: str | PathLike[str],
    image_size: tuple[int, int] | None = None,
    clip_shape: tuple[int, int, int] | None = None,
    max_seconds: float | None = None,
    return_X_y: bool = False,
) -> Dataset | tuple[Modalities, Classes]:
    r"""Load your own files, one row of ``manifest.csv`` per sample.

    The manifest is a CSV file in UTF-8. Its columns, at least one of the first four:

    - ``image``: a picture that Pillow reads. A photograph is turned upright, transparent parts become white.
    - ``audio``: a .wav, .flac or .ogg. Channels are averaged, every sampling rate becomes `SAMPLING_RATE` (with a
      low-pass filter first where that is lower), and shorter sounds end in silence.
    - ``text``: the text itself, or a file that ends in .txt, in UTF-8.
    - ``clip``: a film, made grey: a .gif, an .npz with one uint8 array, or a folder of pictures, frame2 before frame10.
    - ``target``: each distinct value is a class; numbers sort by value.
    - ``group``, ``group_writer``, ...: who made it, what a split must not tear apart.

    Paths are relative to the folder. An empty cell is a modality that this sample lacks: `Modalities` marks it missing.

    Parameters
    ----------
    path : str or path
        The folder that holds ``manifest.csv``. Its README.md, if there is one, becomes the card.
    image_size : (height, width), default=None
        Pixels to stretch every image to (bilinear, averaging where it shrinks). None: all must be of one size.
    clip_shape : (n_frames, height, width), default=None
        Frames to pick from each clip, evenly spaced from first to last, and pixels to stretch them to. None: all must
        be of one shape.
    max_seconds : float, default=None
        Seconds of each sound to keep, from its beginning. None: all of it, as long as the shorter ones need no more
        than 256 MB of silence to become as long as the longest.
    return_X_y : bool, default=False
        Return ``(X, y)`` instead of a `Dataset`; ``y`` is None without a target column.

    Returns
    -------
    Dataset of one sample per row
        ``X["image"]`` is uint8 of shape (n, height, width, 3), RGB, 0 to 255; ``X["audio"]`` is int16 of shape
        (n, n_samples of the longest), mono; ``X["text"]`` is an array of str; ``X["clip"]`` is uint8 of shape
        (n, n_frames, height, width). ``y`` counts through ``target_names``. ``latents["audio_length"]``: samples before
        the silence that was added.

    Raises
    ------
    FileNotFoundError, NotADirectoryError
        If there is no such folder, or no manifest in it.
    ValueError
        If the manifest or any file cannot be used: every problem at once, by row, row 1 being the header.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from mmlearn_edu.datasets import load_folder
    >>> with TemporaryDirectory() as folder:
    ...     _ = Path(folder, "manifest.csv").write_text("text,target\na lemon,fruit\na leek,vegetable\n")
    ...     X, y = load_folder(folder, return_X_y=True)
    >>> X["text"].tolist(), y.tolist()
    (['a lemon', 'a leek'], [0, 1])
    """
    folder = Path(path)
    _check_shape("image", image_size, 2)
    _check_shape("clip", clip_shape, 3)
    _check_seconds(max_seconds)
    table, problems = read_manifest(folder)
    values, unreadable = _read_files(folder, table, image_size, clip_shape, max_seconds)
    if problems := sorted(problems + unreadable, key=lambda problem: problem[0]):
        lines = [f"  row {row}: {words}" for row, words in problems]
        raise ValueError("\n".join([f"{MANIFEST} of {str(folder)!r}; row 1 is the header. Please mend:", *lines]))
    X = _as_modalities(values)
    y, target_names = _classes([cells["target"] for cells in table.values() if "target" in cells])
    if return_X_y:
        return X, y
    groups = [name for name in _columns(table) if name.startswith("group")]
    length = np.array([0 if wave is None else len(wave) for wave in values.get("audio", [])])
    return Dataset(
        name=folder.resolve().name,
        X=X,
        y=y,
        groups={name.removeprefix("group_"): np.array([cells[name] for cells in table.values()]) for name in groups},
        latents={"audio_length": length} if "audio" in values else {},
        card=_card(folder),
        target_names=target_names,
    )


def _check_shape(name: str, shape: Any, n_numbers: int) -> None:
    if shape is None:
        return
    whole = isinstance(shape, (tuple, list)) and all(isinstance(n, (int, np.integer)) and n >= 1 for n in shape)
    if not whole or len(shape) != n_numbers:
        option = OPTIONS[name]
        raise ValueError(f"expected {option}, {n_numbers} whole numbers of 1 or more, got {shape!r}")


def _check_seconds(max_seconds: Any) -> None:
    if max_seconds is None:
        return
    number = isinstance(max_seconds, Real) and not isinstance(max_seconds, bool)
    if not number or not 1 / SAMPLING_RATE <= float(max_seconds) < inf:
        raise ValueError(f"max_seconds={max_seconds!r} must be a number of seconds above 0, or None to cut nothing")


def _read_files(
    folder: Path,
    table: Table,
    image_size: tuple[int, int] | None,
    clip_shape: tuple[int, int, int] | None,
    max_seconds: float | None,
) -> tuple[dict[str, list[Any]], list[Problem]]:
    """Return the values of each modality, None where a cell is empty, and the problems met."""
    readers: dict[str, Callable[[str], Any]] = {
        "image": lambda cell: read_image(folder, cell, image_size),
        "audio": lambda cell: read_audio(folder, cell, max_seconds),
        "text": lambda cell: read_text(folder, cell),
        "clip": lambda cell: read_clip(folder, cell, clip_shape),
    }
    values: dict[str, list[Any]] = {name: [] for name in _columns(table) if name in MODALITIES}
    problems: list[Problem] = []
    for name, column in values.items():
        for row, cells in table.items():
            try:
                column.append(readers[name](cells[name]) if cells[name] else None)
            except UnreadableFileError as error:
                column.append(None)
                problems.append((row, f"{name}: {error}"))
        if name in OPTIONS:
            problems += _misfits(name, table, column)
    if max_seconds is None:
        problems += _too_much_silence(table, values.get("audio", []))
    return values, problems


def _misfits(name: str, table: Table, column: list[Any]) -> list[Problem]:
    """Compare every shape with that of the first row that has one."""
    n_axes = {"image": 2, "clip": 3}[name]  # the colours of an image are always three
    shapes = {row: array.shape[:n_axes] for row, array in zip(table, column, strict=True) if array is not None}
    first = next(iter(shapes), 0)
    sizes = {row: " x ".join(map(str, shape)) for row, shape in shapes.items()}
    advice = f"make them alike, or give {OPTIONS[name]}"
    return [
        (row, f"{name}: {table[row][name]!r} is {size}, but that of row {first} is {sizes[first]}; {advice}")
        for row, size in sizes.items()
        if size != sizes[first]
    ]


def _too_much_silence(table: Table, column: list[Any]) -> list[Problem]:
    """Tell of the longest sound where bringing the others to its length would fill the memory."""
    lengths = [0 if wave is None else len(wave) for wave in column]
    longest = max(lengths, default=0)
    silence = np.dtype(np.int16).itemsize * (longest * len(lengths) - sum(lengths))
    if silence <= MOST_SILENCE:
        return []
    row = list(table)[lengths.index(longest)]
    words = f"lasts {longest / SAMPLING_RATE:.0f} s; to make all as long takes {silence / 2**20:.0f} MB of silence"
    return [(row, f"audio: {table[row]['audio']!r} {words}; leave it out, or give max_seconds=, which cuts it")]


def _as_modalities(values: dict[str, list[Any]]) -> Modalities:
    missing = {name: np.array([value is None for value in column]) for name, column in values.items()}
    arrays = {name: _stack(name, column) for name, column in values.items()}
    return Modalities(arrays, {name: mask for name, mask in missing.items() if mask.any()})


def _stack(name: str, column: list[Any]) -> NDArray[Any]:
    """Return one row per sample; zeros or an empty text where the modality is missing, silence after short sounds."""
    if name == "text":
        return np.array([text or "" for text in column], dtype=object)
    present = [array for array in column if array is not None]
    shape = (max(map(len, present)), *present[0].shape[1:])
    rows = np.zeros((len(column), *shape), dtype=present[0].dtype)
    for row, array in zip(rows, column, strict=True):
        if array is not None:
            row[: len(array)] = array
    return rows


def _columns(table: Table) -> list[str]:
    return list(next(iter(table.values()), {}))


def _classes(labels: list[str]) -> tuple[Classes, tuple[str, ...]]:
    """Return each label's place among the distinct ones, whole numbers first and by value."""
    if not labels:
        return None, ()
    names = sorted(set(labels), key=lambda name: (0, int(name), name) if name.isdecimal() else (1, 0, name))
    return np.array([names.index(label) for label in labels]), tuple(names)


def _card(folder: Path) -> str:
    readme = folder / "README.md"
    if readme.is_file():
        return readme.read_text(encoding="utf-8", errors="replace")
    return f"# {folder.resolve().name}\n\nYour own files. Write their origin and licence into README.md beside them.\n"
