"""A pile of small pictures to paint on, all at once.

Only + - * / and the square root touch a pixel: IEEE 754 rounds these alike everywhere, so the bytes are the same too.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmlearn_edu.datasets._persons import CHOICES, Codes

__all__ = ["FACE_SIDE", "Canvas", "Floats", "nearest", "zigzag"]

Floats = NDArray[np.floating[Any]]
FACE_SIDE = 48  # pixels


class Canvas:
    """Pictures of shape (3, n, 48, 48), 0 to 255, and where each pixel lies on the head it shows.

    ``canvas["nod"]`` is the trait `nod` of each picture, shaped (n, 1, 1) to go with pixels. `x` and `y`, of shape
    (n, 48, 48), are in pixels, right and down from the middle of the head; `level_x` and `level_y` do not tilt.
    """

    def __init__(self, code: Codes) -> None:
        self.code = code
        self.rgb = np.empty((3, len(code["skin"]), FACE_SIDE, FACE_SIDE))
        self.across = np.arange(FACE_SIDE) - (FACE_SIDE - 1) / 2
        self.level_x = self.across - self["shift_x"] / 10
        self.level_y = self.across[:, None] - self["shift_y"] / 10 - 1
        half = self["tilt"] / 1000  # the tangent of half the angle gives its sine and cosine without either
        cos, sin = (1 - half * half) / (1 + half * half), 2 * half / (1 + half * half)
        self.x = (cos * self.level_x + sin * self.level_y) / (self["zoom"] / 1000)
        self.y = (cos * self.level_y - sin * self.level_x) / (self["zoom"] / 1000)

    def __getitem__(self, trait: str) -> Floats:
        return self.code[trait][:, None, None].astype(np.float64)

    def where(self, trait: str, *values: str) -> Floats:
        """Return 1 where the trait has one of these values, 0 elsewhere: (n, 1, 1)."""
        return np.isin(np.array(CHOICES[trait])[self.code[trait]], values)[:, None, None].astype(np.float64)

    def colour(self, colours: Sequence[tuple[int, int, int]], trait: str) -> Floats:
        """Pick each picture's colour by a trait: (3, n, 1, 1)."""
        return np.array(colours, dtype=np.float64)[self.code[trait]].T[:, :, None, None]

    def ellipse(self, x: Floats | float, y: Floats | float, across: Floats | float, down: Floats | float) -> Floats:
        """Return about how far, in pixels, each pixel is outside the ellipse around (x, y); inside is below 0."""
        u, v = (self.x - x) / across, (self.y - y) / down
        return (np.sqrt(u * u + v * v) - 1) * np.minimum(across, down)

    def paint(self, outside: Floats, colour: Floats | tuple[int, int, int], opacity: Floats | float = 1.0) -> None:
        """Paint where `outside` is below 0, by half on the rim itself."""
        cover = np.clip(0.5 - outside, 0, 1) * opacity
        for channel, paint in zip(self.rgb, colour, strict=True):
            channel += cover * (paint - channel)

    def develop(self) -> NDArray[np.uint8]:
        """Light the pictures, blur some, and return them: (n, 48, 48, 3), RGB."""
        self.rgb *= self["brightness"] / 1000 * (1 + self["side_light"] / 1000 * self.across / (FACE_SIDE / 2))
        self.rgb[0] *= 1 + self["warmth"] / 1000
        self.rgb[2] *= 1 - self["warmth"] / 1000
        pixels = np.rint(np.clip(self.rgb, 0, 255)).astype(np.uint16)
        for blurred in (self.where("blur", "little", "much"), self.where("blur", "much")):
            pixels = np.where(blurred == 1, _blur(pixels), pixels)
        return np.moveaxis(pixels.astype(np.uint8), 0, -1)


def zigzag(x: Floats, period: float) -> Floats:
    """Go from 0 up to 1 and back, once a period."""
    turns = x / period
    return 2 * np.abs(turns - np.floor(turns + 0.5))


def nearest(x: Floats, period: float) -> Floats:
    """Return how far it is to the nearest of marks that are a period apart."""
    return zigzag(x, period) * period / 2


def _blur(pixels: NDArray[np.uint16]) -> NDArray[np.uint16]:
    """Mix each pixel with its neighbours, 1 : 2 : 1 across and down, in whole numbers."""
    wide = np.pad(pixels, ((0, 0), (0, 0), (1, 1), (1, 1)), mode="edge")
    rows = wide[..., :-2, :] + 2 * wide[..., 1:-1, :] + wide[..., 2:, :]
    return (rows[..., :-2] + 2 * rows[..., 1:-1] + rows[..., 2:] + 8) // 16
