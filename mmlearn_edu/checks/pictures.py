"""Pictures of a counterexample, where people would rather look than read: curves, matrices, images, spectrograms.

Each is an ``img`` with its data inside: it needs no network, no script, and no matplotlib.
"""

import base64
import html
import io
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from mmlearn_edu.checks.messages import say

__all__ = ["pictures"]

CURVE = 12  # numbers from which a vector is drawn
MATRIX = 64  # numbers from which a matrix is
POINTS = 400  # places a curve is drawn at; longer ones keep the lowest and highest of every stretch
PIXELS = 160  # width and height of a picture on the page
AT_ONCE = 2**20  # numbers that are turned into floats at a time
_SIZE = (320, 96)


def pictures(yours: Any, expected: Any) -> str:
    """Draw an answer beside what was expected, as HTML; nothing where numbers are read more easily.

    Parameters
    ----------
    yours, expected : ndarray of the same shape
        Vectors of 12 numbers or more as two curves; matrices of 64 or more in shades of grey, light is high, with
        their difference; of several images the one that differs most; images (H, W, 3) in their colours.
    """
    if yours.shape != expected.shape or yours.size < CURVE:
        return ""
    if not all(a.dtype.kind in "biuf" for a in (yours, expected)):
        return ""
    with np.errstate(all="ignore"):  # numbers at the edge of what a float holds
        return _drawn(*_worst(yours, expected))


def _drawn(yours: Any, expected: Any) -> str:
    if not all(np.isfinite(a).any() for a in (yours, expected)):
        return ""
    if expected.ndim == 1 and expected.size >= CURVE:
        return _row({"": _curves(yours, expected)})
    if expected.ndim == 2 and expected.size >= MATRIX and min(expected.shape) >= 4:
        return _row(_greys(yours, expected))
    if expected.ndim == 3 and min(expected.shape[:2]) >= 4:
        scale = 255 if np.nanmax(expected) <= 1 and np.nanmin(expected) >= -1 else 1  # one for both: / 255 is seen
        return _row({name: _colours(a, scale, name) for name, a in (("yours", yours), ("expected", expected))})
    return ""


def _worst(yours: Any, expected: Any) -> tuple[Any, Any]:
    """Of a stack of images, take the one that differs most: the last axis of colours has length 3."""
    while expected.ndim > (3 if expected.shape[-1] == 3 else 2):
        gaps = [
            np.abs(gap).reshape(len(gap), -1).max(axis=1)
            for gap in _differences(yours, expected)  # a few images at a time
        ]
        worst = np.concatenate(gaps).argmax()
        yours, expected = yours[worst], expected[worst]
    return yours, expected


def _differences(yours: Any, expected: Any) -> Iterator[Any]:
    """Yield yours minus expected, some rows at a time: a large answer must not cost several times its memory."""
    rows = max(1, AT_ONCE * len(expected) // expected.size)
    for i in range(0, len(expected), rows):
        yield np.nan_to_num(np.subtract(yours[i : i + rows], expected[i : i + rows], dtype=float))


def _greys(yours: Any, expected: Any) -> dict[str, str]:
    low, high = float(np.nanmin(expected)), float(np.nanmax(expected))
    both = (yours, expected) if len(expected) >= expected.shape[1] else (yours.T, expected.T)  # many short rows
    largest = max(np.abs(gap).max() for gap in _differences(*both)) or 1.0
    wrong = sum(int((np.abs(gap) > 1e-3 * largest).sum()) for gap in _differences(*both))
    found = {name: _grey(a, low, high, name) for name, a in (("yours", yours), ("expected", expected))}
    # blue is too low, orange too high, white is right; in print both ends are dark
    difference = _shrunk(_farthest, yours, expected)
    toward = np.where(difference[..., None] > 0, [213, 94, 0], [0, 114, 178])
    shade = np.abs(difference)[..., None] / largest
    words = say("picture-difference", wrong=wrong, largest=f"{largest:.3g}")
    found["difference"] = _png(255 + shade * (toward - 255), words)
    return found


def _shrunk(pick: Callable[..., Any], *matrices: Any) -> Any:
    """Shrink to at most `PIXELS` a side, some rows at a time: `pick` makes one row of pixels of them."""
    height, width = matrices[0].shape
    if width > height:
        return _shrunk(pick, *(matrix.T for matrix in matrices)).T
    rows = _blocks(height, min(height, PIXELS))
    columns = _blocks(width, width if height <= PIXELS else max(1, round(width * PIXELS / height)))
    return np.array([pick(columns, *(matrix[i:j] for matrix in matrices)) for i, j in pairwise(rows)])


def _blocks(side: int, n: int) -> Any:
    """Return where each of `n` blocks begins, and the end."""
    return np.linspace(0, side, n + 1).astype(int)


def _mean(columns: Any, rows: Any) -> Any:
    return np.add.reduceat(np.asarray(rows, dtype=float).sum(axis=0), columns[:-1]) / (np.diff(columns) * len(rows))


def _farthest(columns: Any, yours: Any, expected: Any) -> Any:
    """Take the largest difference of every block: one wrong number in a million must not average away."""
    gap = np.nan_to_num(np.subtract(yours, expected, dtype=float))
    low = np.minimum.reduceat(gap.min(axis=0), columns[:-1])
    high = np.maximum.reduceat(gap.max(axis=0), columns[:-1])
    return np.where(-low > high, low, high)


def _grey(values: Any, low: float, high: float, name: str) -> str:
    """Shade by the range of what was expected, so that both can be compared."""
    share = np.clip((_shrunk(_mean, values) - low) / ((high - low) or 1.0), 0, 1)
    words = say(
        "picture-matrix", name=say(f"row-{name}"), low=f"{np.nanmin(values):.3g}", high=f"{np.nanmax(values):.3g}"
    )
    return _png(np.nan_to_num(share)[..., None].repeat(3, axis=2) * 255, f"{words} {values.shape}")


def _colours(values: Any, scale: int, name: str) -> str:
    pixels = np.stack([_shrunk(_mean, values[..., colour]) for colour in range(3)], axis=-1)
    return _png(np.nan_to_num(pixels) * scale, f"{say(f'row-{name}')} {values.shape}")


def _png(pixels: Any, words: str) -> str:
    from PIL import Image  # heavy, and only wrong answers are drawn

    image = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
    file = io.BytesIO()
    image.save(file, "PNG")
    scale = PIXELS / max(image.size)
    width, height = (max(8, round(side * scale)) for side in image.size)
    return _img("image/png", file.getvalue(), width, height, words)


def _curves(yours: Any, expected: Any) -> str:
    """Draw expected as a broad light line and yours as a thin dark one on top of it."""
    both = _peaks(yours), _peaks(expected)
    heights = np.concatenate([y for _, y in both])
    low, high = heights.min(), heights.max()
    thin, wide = (_path(*peaks, len(expected), low, high) for peaks in both)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_SIZE[0]}" height="{_SIZE[1]}">'
        f'<rect width="100%" height="100%" fill="white"/>'
        f'<path d="{wide}" fill="none" stroke="#56B4E9" stroke-width="5"/>'
        f'<path d="{thin}" fill="none" stroke="#000000" stroke-width="1.3" stroke-dasharray="5 2"/></svg>'
    )
    words = say("picture-curves", n=len(yours), low=f"{low:.3g}", high=f"{high:.3g}")
    return _img("image/svg+xml", svg.encode(), *_SIZE, words) + f"<figcaption>{html.escape(words)}</figcaption>"


def _peaks(values: Any) -> tuple[Any, Any]:
    """Return the places and heights to draw: of a long curve the lowest and the highest of every stretch."""
    step = max(1, -(-len(values) // POINTS))
    keep = []
    for i in range(0, len(values), step):
        place = i + np.flatnonzero(np.isfinite(values[i : i + step]))
        if len(place):
            keep += [place[values[place].argmin()], place[values[place].argmax()]]
    places = np.unique(keep)
    return places, values[places].astype(float)


def _path(place: Any, height: Any, n: int, low: float, high: float) -> str:
    x = 4 + place / max(1, n - 1) * (_SIZE[0] - 8)
    y = _SIZE[1] - 6 - (height - low) / ((high - low) or 1.0) * (_SIZE[1] - 12)
    return "M" + " L".join(f"{a:.1f} {b:.1f}" for a, b in zip(x, y, strict=True))


def _img(kind: str, data: bytes, width: int, height: int, words: str) -> str:
    source = f"data:{kind};base64,{base64.b64encode(data).decode()}"
    style = "image-rendering:pixelated;border:1px solid #8c8c8c"
    return f'<img src="{source}" width="{width}" height="{height}" alt="{html.escape(words)}" style="{style}">'


def _row(parts: Mapping[str, str]) -> str:
    figures = "".join(
        f'<figure style="margin:0 1em .4em 0;display:inline-block;vertical-align:top">{part}'
        + (f"<figcaption>{html.escape(say(f'row-{name}'))}</figcaption>" if name else "")
        + "</figure>"
        for name, part in parts.items()
    )
    return f'<div class="mmlearn-pictures" style="margin:.3em 0 .3em 1.2em;font-size:.92em">{figures}</div>'
