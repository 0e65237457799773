"""Pictures of a counterexample, where people would rather look than read: curves, matrices, images, spectrograms.

Each is an ``img`` with its data inside: it needs no network, no script, and no matplotlib.
"""

import base64
import html
import io
from collections.abc import Mapping
from typing import Any

import numpy as np

from mmlearn_edu.checks.messages import say

__all__ = ["pictures"]

CURVE = 12  # numbers from which a vector is drawn
MATRIX = 64  # numbers from which a matrix is
POINTS = 400  # places a curve is drawn at; longer ones keep the lowest and highest of every stretch
PIXELS = 160  # width and height of a picture on the page
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
    if not all(a.dtype.kind in "biuf" and np.isfinite(a).any() for a in (yours, expected)):
        return ""
    with np.errstate(all="ignore"):  # numbers at the edge of what a float holds
        return _drawn(yours, expected)


def _drawn(yours: Any, expected: Any) -> str:
    yours, expected = _worst(np.asarray(yours, dtype=float), np.asarray(expected, dtype=float))
    if expected.ndim == 1 and expected.size >= CURVE:
        return _row({"": _curves(yours, expected)})
    if expected.ndim == 2 and expected.size >= MATRIX and min(expected.shape) >= 4:
        return _row(_greys(yours, expected))
    if expected.ndim == 3 and min(expected.shape[:2]) >= 4:
        scale = 255 if np.nanmax(np.abs(expected)) <= 1 else 1  # the same for both, or a missing / 255 is not seen
        return _row({name: _colours(a, scale, name) for name, a in (("yours", yours), ("expected", expected))})
    return ""


def _worst(yours: Any, expected: Any) -> tuple[Any, Any]:
    """Of a stack of images, take the one that differs most: the last axis of colours has length 3."""
    while expected.ndim > (3 if expected.shape[-1] == 3 else 2):
        gaps = np.nan_to_num(np.abs(yours - expected)).reshape(len(expected), -1).max(axis=1)
        yours, expected = yours[gaps.argmax()], expected[gaps.argmax()]
    return yours, expected


def _greys(yours: Any, expected: Any) -> dict[str, str]:
    low, high = np.nanmin(expected), np.nanmax(expected)
    difference = np.nan_to_num(yours - expected)
    largest = np.abs(difference).max() or 1.0
    found = {name: _grey(a, low, high, name) for name, a in (("yours", yours), ("expected", expected))}
    # blue is too low, orange too high, white is right; in print both ends are dark
    toward = np.where(difference[..., None] > 0, [213, 94, 0], [0, 114, 178])
    shade = np.abs(difference)[..., None] / largest
    words = say("picture-difference", wrong=int((np.abs(difference) > 1e-3 * largest).sum()), largest=f"{largest:.3g}")
    found["difference"] = _png(255 + shade * (toward - 255), words)
    return found


def _grey(values: Any, low: float, high: float, name: str) -> str:
    """Shade by the range of what was expected, so that both can be compared."""
    share = np.clip((values - low) / ((high - low) or 1.0), 0, 1)
    words = say(
        "picture-matrix", name=say(f"row-{name}"), low=f"{np.nanmin(values):.3g}", high=f"{np.nanmax(values):.3g}"
    )
    return _png(np.nan_to_num(share)[..., None].repeat(3, axis=2) * 255, f"{words} {values.shape}")


def _colours(values: Any, scale: int, name: str) -> str:
    return _png(np.nan_to_num(values) * scale, f"{say(f'row-{name}')} {values.shape}")


def _png(pixels: Any, words: str) -> str:
    from PIL import Image  # heavy, and only wrong answers are drawn

    image = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
    longest = max(image.size)
    if longest > PIXELS:
        image = image.resize([max(1, round(side * PIXELS / longest)) for side in image.size], Image.Resampling.BOX)
    file = io.BytesIO()
    image.save(file, "PNG")
    scale = PIXELS / max(image.size)
    width, height = (max(8, round(side * scale)) for side in image.size)
    return _img("image/png", file.getvalue(), width, height, words)


def _curves(yours: Any, expected: Any) -> str:
    """Draw expected as a broad light line and yours as a thin dark one on top of it."""
    both = np.concatenate([yours[np.isfinite(yours)], expected[np.isfinite(expected)]])
    low, high = both.min(), both.max()
    wide, thin = (_path(values, low, high) for values in (expected, yours))
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_SIZE[0]}" height="{_SIZE[1]}">'
        f'<rect width="100%" height="100%" fill="white"/>'
        f'<path d="{wide}" fill="none" stroke="#56B4E9" stroke-width="5"/>'
        f'<path d="{thin}" fill="none" stroke="#000000" stroke-width="1.3" stroke-dasharray="5 2"/></svg>'
    )
    words = say("picture-curves", n=len(yours), low=f"{low:.3g}", high=f"{high:.3g}")
    return _img("image/svg+xml", svg.encode(), *_SIZE, words) + f"<figcaption>{html.escape(words)}</figcaption>"


def _path(values: Any, low: float, high: float) -> str:
    step = max(1, -(-len(values) // POINTS))
    place = np.arange(len(values))
    if step > 1:  # keep the peaks of every stretch
        stretches = [slice(i, i + step) for i in range(0, len(values), step)]
        keep = [s.start + int(pick(values[s])) for s in stretches for pick in (np.argmin, np.argmax)]
        place = np.unique(keep)
    x = 4 + place / max(1, len(values) - 1) * (_SIZE[0] - 8)
    y = _SIZE[1] - 6 - (values[place] - low) / ((high - low) or 1.0) * (_SIZE[1] - 12)
    points = [f"{a:.1f} {b:.1f}" for a, b in zip(x, y, strict=True) if np.isfinite(b)]
    return "M" + " L".join(points)


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
