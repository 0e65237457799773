"""The stock of scenes: shapes cut out once, waves played once, for `make_scenes` to pick from."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

__all__ = ["CHINESE", "COLOURS", "MOTIONS", "SHAPES", "SIDE", "SIZES", "STEPS", "masks", "tones"]

SIDE = 32  # pixels
SHAPES = ["circle", "square", "triangle", "cross"]
SIZES = ["small", "medium", "large"]
COLOURS = {
    "red": (230, 50, 50),
    "yellow": (235, 215, 50),
    "green": (50, 200, 70),
    "cyan": (60, 210, 220),
    "blue": (70, 100, 240),
    "magenta": (225, 70, 215),
}
CHINESE = {
    "small": "小",
    "medium": "中等大小",
    "large": "大",
    "red": "红色",
    "yellow": "黄色",
    "green": "绿色",
    "cyan": "青色",
    "blue": "蓝色",
    "magenta": "品红色",
    "circle": "圆形",
    "square": "正方形",
    "triangle": "三角形",
    "cross": "十字形",
}
MOTIONS = ["left", "right", "up", "down"]
STEPS = [(-3, 0), (3, 0), (0, -3), (0, 3)]  # pixels a frame along x and y; y grows downward, as in every picture

AREAS = [45, 100, 200]  # pixels covered, by size, whatever the shape: brightness does not give the shape away
FINE = 8  # a rim pixel is covered by so many 64ths
HARMONICS: dict[str, list[float]] = {  # strength of each multiple of the pitch
    "circle": [1],
    "square": [1, 0, 1 / 3, 0, 1 / 5],
    "triangle": [1, 1 / 2, 1 / 3, 1 / 4, 1 / 5],
    "cross": [0.4, 1, 0, 0.6],
}
RINGS = [300, 900, 2700]  # samples after which a sound has faded to a third, by size
LOUDEST = 24000  # of 32767


@cache
def masks() -> NDArray[np.uint8]:
    """Return (shape, size, row, column): how much of each pixel, of 255, a shape in the middle covers."""
    fine = (np.arange(SIDE * FINE) + 0.5) / FINE - SIDE // 2 - 0.5  # the middle of the middle pixel is 0
    cut = np.array([[_inside(shape, area, fine, fine[:, None]) for area in AREAS] for shape in SHAPES])
    cover = cut.reshape(len(SHAPES), len(SIZES), SIDE, FINE, SIDE, FINE).sum(axis=(3, 5))
    return (cover * 255 // FINE**2).astype(np.uint8)


def _inside(shape: str, area: int, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell which points lie in the shape of that area around (0, 0)."""
    across, down = np.abs(x), np.abs(y)
    if shape == "circle":
        return x**2 + y**2 <= area / np.pi
    if shape == "square":
        return np.maximum(across, down) <= np.sqrt(area) / 2
    if shape == "triangle":  # as wide as high, tip up
        side = np.sqrt(2 * area)
        return (across <= (y + side / 2) / 2) & (y <= side / 2)
    arm = np.sqrt(area / 5) / 2  # a cross is five squares
    return (np.minimum(across, down) <= arm) & (np.maximum(across, down) <= 3 * arm)


@cache
def tones(n_samples: int) -> tuple[NDArray[np.int16], NDArray[np.int32]]:
    """Return one swing per shape (4, 1024), of equal power, and one fading per size (3, n_samples), of 32768."""
    angle = 2 * np.pi * np.arange(1024) / 1024
    swings = np.array([sum(a * np.sin((k + 1) * angle) for k, a in enumerate(HARMONICS[shape])) for shape in SHAPES])
    swings /= np.sqrt((swings**2).mean(axis=1, keepdims=True))
    fading = np.exp(-np.arange(n_samples) / np.array(RINGS)[:, None])
    return np.rint(swings / np.abs(swings).max() * LOUDEST).astype(np.int16), np.rint(fading * 2**15).astype(np.int32)
