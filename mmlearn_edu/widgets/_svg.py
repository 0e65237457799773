"""A few lines of SVG, enough for the still pictures."""

from base64 import b64encode
from collections.abc import Callable, Iterable
from html import escape
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

__all__ = ["INK", "MUTED", "PALETTE", "circle", "image", "line", "marker", "picture", "projector", "text"]

INK, MUTED = "#1f2328", "#59636e"
# Blue, vermilion, green, violet, ochre, teal: each at least 4.5:1 on white; the shapes carry the same news.
PALETTE = ("#0b5cad", "#b3420a", "#00704f", "#8a3b8f", "#7a5c00", "#00687a")
_MARKERS = (
    "M-4,0a4,4 0 1,0 8,0a4,4 0 1,0 -8,0z",
    "M-3.6,-3.6h7.2v7.2h-7.2z",
    "M0,-4.8L4.6,3.4H-4.6z",
    "M0,-5.2L4.4,0L0,5.2L-4.4,0z",
    "M-1.5,-4.6h3v3.1h3.1v3h-3.1v3.1h-3v-3.1h-3.1v-3h3.1z",
    "M0,4.8L4.6,-3.4H-4.6z",
)


def picture(width: int, height: int, title: str, parts: Iterable[str]) -> str:
    """Return a whole SVG picture on a white card."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'font-family="system-ui,sans-serif" font-size="13"><title>{escape(title)}</title>'
        f'<rect width="{width}" height="{height}" rx="8" fill="#ffffff"/>{"".join(parts)}</svg>'
    )


def circle(x: float, y: float, radius: float, style: str) -> str:
    """Return a circle."""
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}" {style}/>'


def line(x1: float, y1: float, x2: float, y2: float, style: str) -> str:
    """Return a straight line."""
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" {style}/>'


def marker(x: float, y: float, group: int, scale: float = 1.0) -> str:
    """Return the marker of a group: its own shape and its own colour."""
    style = 'stroke="#ffffff" stroke-width="1.2"' if scale > 1 else 'fill-opacity=".8"'
    return (
        f'<path transform="translate({x:.1f},{y:.1f}) scale({scale:g})" d="{_MARKERS[group]}" '
        f'fill="{PALETTE[group]}" {style}/>'
    )


def text(x: float, y: float, words: str, style: str = "") -> str:
    """Return a line of text."""
    return f'<text x="{x:g}" y="{y:g}" fill="{INK}" {style}>{escape(words)}</text>'


def projector(points: list[list[float]], size: int, margin: int) -> Callable[[float, float], tuple[float, float]]:
    """Return a function from data to a square picture, with the same scale along both directions."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    span = max(max(xs) - min(xs), max(ys) - min(ys)) or 1.0
    middle_x, middle_y = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2
    scale = (size - 2 * margin) / span
    return lambda x, y: (size / 2 + (x - middle_x) * scale, size / 2 - (y - middle_y) * scale)


def image(x: float, y: float, width: float, height: float, pixels: NDArray[np.uint8]) -> str:
    """Return pixels, grey (height, width) or RGB (height, width, 3), as a picture within the picture."""
    file = BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return (
        f'<image x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" preserveAspectRatio="none" '
        f'style="image-rendering:pixelated" href="data:image/png;base64,{b64encode(file.getvalue()).decode()}"/>'
    )
