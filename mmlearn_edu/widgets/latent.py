"""A plane of codes to walk through, and the picture that each place is decoded to (chapter 14)."""

from base64 import b64decode
from collections.abc import Callable
from html import escape
from typing import Any

import numpy as np
import traitlets
from numpy.typing import ArrayLike, NDArray

from mmlearn_edu._validation import check_whole
from mmlearn_edu.widgets._axes import snap, square
from mmlearn_edu.widgets._bytes import packed
from mmlearn_edu.widgets._decoding import Decoder, Reader, decoded_grid, lattice, mean_reader, read_places
from mmlearn_edu.widgets._latent import at_border, blend_pictures, touching
from mmlearn_edu.widgets._plane import MAX_CLASSES, MAX_DRAWN, PARTS, box, drawn_rows, end, numbered, samples, sides
from mmlearn_edu.widgets._svg import INK, MUTED, PALETTE, image, line, marker, picture, text
from mmlearn_edu.widgets._words import words_of
from mmlearn_edu.widgets.base import Explorable

__all__ = ["MAX_CLASSES", "MAX_DRAWN", "WalkLatent", "at_border", "blend_pictures", "walk_latent"]


class WalkLatent(Explorable):
    """Walk through a plane of codes, see what each place is decoded to, and stop where the picture becomes another.

    Attributes
    ----------
    answer : list of two float, or None
        None until touched; then the place, [x, y], in multiples of `step`.
    place : list of two float
        The place as it stands in the page.
    classes : list of str
        The names of the classes; `start`, `goal` and `beyond` are their numbers.
    by_mean : bool
        Whether a picture is read as the class whose mean picture is nearest, and not by a classifier of one's own.
    beyond : list of int
        What may lie on the other side of the border that the task asks for: the goal where it touches the start
        somewhere, and every class but the start where they touch nowhere.
    ends : list of [x, y]
        A place read as `start`, where the walk begins, and one read as `goal`.
    """

    classes = traitlets.List(traitlets.Unicode()).tag(sync=True)
    codes = traitlets.List(traitlets.List()).tag(sync=True)
    groups = traitlets.List(traitlets.Int()).tag(sync=True)
    pictures = traitlets.Unicode().tag(sync=True)
    shape = traitlets.List(traitlets.Int()).tag(sync=True)
    readings = traitlets.Unicode().tag(sync=True)
    axes = traitlets.List(traitlets.Unicode()).tag(sync=True)
    low = traitlets.List(traitlets.Float()).tag(sync=True)
    high = traitlets.List(traitlets.Float()).tag(sync=True)
    ticks = traitlets.List(traitlets.List()).tag(sync=True)
    step = traitlets.Float(1.0).tag(sync=True)
    decimals = traitlets.Int(0).tag(sync=True)
    start = traitlets.Int().tag(sync=True)
    goal = traitlets.Int().tag(sync=True)
    beyond = traitlets.List(traitlets.Int()).tag(sync=True)
    ends = traitlets.List(traitlets.List()).tag(sync=True)
    place = traitlets.List(traitlets.Float()).tag(sync=True)
    by_mean = traitlets.Bool(True).tag(sync=True)
    found = traitlets.Bool(False).tag(sync=True)
    shown = traitlets.Bool(False).tag(sync=True)
    values = traitlets.Any()  # the classes as the labels spell them: 7, not "7"

    def picture_at(self, point: ArrayLike) -> NDArray[np.float64]:
        """Return the picture that the page shows at a place: (height, width), in [0, 1], in steps of 1/255."""
        self._cell(point)
        across, up = (np.asarray(point, float) - self.low) / np.subtract(self.high, self.low)
        size, height, width = self.shape
        grid = np.frombuffer(b64decode(self.pictures), np.uint8).reshape(size, size, height, width)
        return blend_pictures(grid / 255, min(max(across, 0), 1), min(max(up, 0), 1))

    def read_as(self, point: ArrayLike) -> Any:
        """Return the label that the decoded picture is read as, at the multiple of `step` nearest to `point`."""
        return self.values[self._map()[self._cell(point)]]

    def at_border(self, point: ArrayLike) -> bool:
        """Tell whether a place solves the task; see the function `at_border`."""
        return at_border(self._map(), *self._cell(point), self.start, self.beyond)

    def _map(self) -> NDArray[np.uint8]:
        readings = np.frombuffer(b64decode(self.readings), np.uint8)
        return readings.reshape(2 * [round(len(readings) ** 0.5)])

    def _cell(self, point: ArrayLike) -> tuple[int, int]:
        """Return row and column of the place nearest to `point`; row 0 is the lowest."""
        if point is None:
            raise ValueError("there is no answer yet: move the point first; .answer is None until then")
        at, size = np.asarray(point, float), len(self._map())
        cell = np.floor((at - self.low) / self.step + 0.5) if at.shape == (2,) else np.array([-1.0])
        if not ((cell >= 0) & (cell < size)).all():  # so written, NaN is refused too
            raise ValueError(
                f"{point=} is no place of this plane; expected (x, y) with x from {self.low[0]:g} to {self.high[0]:g} "
                f"and y from {self.low[1]:g} to {self.high[1]:g}"
            )
        return int(cell[1]), int(cell[0])

    def _task(self) -> str:
        word = "task" if self.beyond == [self.goal] else "task-apart"
        return self._say(word, start=self.classes[self.start], goal=self.classes[self.goal])

    def _alt(self) -> str:
        x, y = self.place
        names = {"start": self.classes[self.start], "goal": self.classes[self.goal]}
        way = self._say("and").join(str(self.read_as(place)) for place in self._way(9))
        return self._say(
            "alt", count=len(self.codes), classes=len(self.classes), x=f"{x:g}", y=f"{y:g}",
            name=str(self.read_as(self.place)), way=way, **names,
        )  # fmt: skip

    def _way(self, count: int) -> list[list[float]]:
        """Return places on the straight line from start to goal, both ends among them."""
        shares = np.linspace(0, 1, count)[:, None]
        return (np.array(self.ends[0]) * (1 - shares) + np.array(self.ends[1]) * shares).tolist()

    def _still(self) -> str:
        frame = square(self.low, self.high, self.ticks, self.axes)
        (x1, y1), (x2, y2) = (frame.place(*end) for end in self.ends)
        way = line(x1, y1, x2, y2, f'stroke="{INK}" stroke-dasharray="5 4"')
        here = marker(*frame.place(*self.place), 3, 2.4)
        now = [
            text(420, 36, self._say("read", name=str(self.read_as(self.place)))),
            self._drawn(420, 48, 140, self.place),
        ]
        names = {"start": self.classes[self.start], "goal": self.classes[self.goal]}
        film = [text(16, 424, self._say("way", **names), 'font-size="12"')]
        for k, place in enumerate(self._way(9)):
            film += [self._drawn(16 + 61 * k, 434, 54, place)]
            film += [text(43 + 61 * k, 504, str(self.read_as(place))[:8], 'text-anchor="middle"')]
        return picture(580, 516, self._say("title"), [*frame.parts, self._samples(frame.place), way, here, *now, *film])

    def _drawn(self, x: float, y: float, size: float, place: list[float]) -> str:
        pixels = np.rint(self.picture_at(place) * 255).astype(np.uint8)
        return image(x, y, size, size * len(pixels) / max(pixels.shape), pixels)

    def _samples(self, place: Callable[[float, float], tuple[float, float]]) -> str:
        """Write each sample as its class; the two of the task stand on discs and on squares, in front."""
        layers = {None: "", self.start: "", self.goal: ""}
        for code, group in zip(self.codes, self.groups, strict=True):
            (x, y), side = place(*code), group if group in layers else None
            if side is not None:
                round_off = 8 if side == self.start else 1
                layers[side] += f'<rect x="{x - 8:.0f}" y="{y - 8:.0f}" width="16" height="16" rx="{round_off}"/>'
            ink = "" if side is None else ' fill="#fff"'
            layers[side] += f'<text x="{x:.0f}" y="{y + 4:.0f}"{ink}>{escape(self.classes[group][:2])}</text>'
        fills = zip((MUTED, *PALETTE), layers.values(), strict=False)
        return "".join(f'<g font-size="11" text-anchor="middle" fill="{fill}">{layer}</g>' for fill, layer in fills)


def walk_latent(
    codes: ArrayLike,
    labels: ArrayLike,
    decode: Decoder,
    classify: Reader | None = None,
    *,
    start: Any = None,
    goal: Any = None,
    resolution: int = 33,
    axes: tuple[str, str] | None = None,
) -> WalkLatent:
    """Open a plane of codes to walk through, from one class to another, beside the picture of each place.

    The decoder is asked here, once: for a grid of pictures, between which the page mixes, and at every place where the
    page can stop for what the picture there is read as. So the page needs no decoder.

    Parameters
    ----------
    codes : array-like of shape (n_samples, 2)
        The samples in the plane; 200 of them are drawn, spread over the classes; these
        decide how large the plane is.
    labels : array-like of shape (n_samples,)
        From 2 to 20 classes: numbers or words.
    decode : callable
        From places, float64 of shape (n_places, 2), to their pictures: (n_places, n_pixels), a square each, or
        (n_places, height, width), in [0, 1]. For instance ``lambda Z: model.inverse_transform(Z).clip(0, 1)``.
    classify : callable, default=None
        From what `decode` returns to one of the labels for each picture. If None, a picture is read as the class whose
        mean picture is nearest; the means are those of the samples' own codes, decoded.
    start, goal : a label, default=None
        The classes that the task names. If None, the two with the longest border; if only `start` is given, the class
        with which it has its longest border.
    resolution : int, default=33
        Rows and columns of the grid of pictures, from 2 to 101; together at most 1 000 000 pixels.
    axes : tuple of two str, default=None
        What the two numbers of a code are.

    Returns
    -------
    WalkLatent
        Show it as the last line of a cell; its ``.answer`` is the place, and ``at_border(answer)`` tells whether it
        solves the task, ``read_as(answer)`` what the picture there is read as, ``picture_at(answer)`` is the picture.

    Raises
    ------
    ValueError
        If `codes` cannot be drawn, there is not one label for each, `decode` or `classify` return anything else than
        the above, or no place is read as `start` or as `goal`.
    TypeError
        If `decode` or `classify` cannot be called.

    Notes
    -----
    Where `start` and `goal` lie side by side nowhere, the task asks for the border between `start` and any class.

    Examples
    --------
    >>> import numpy as np
    >>> from mmlearn_edu.widgets import walk_latent
    >>> codes, labels = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], ["dark", "dark", "light", "light"]
    >>> widget = walk_latent(codes, labels, lambda Z: np.repeat(Z[:, :1].clip(0, 1), 4, axis=1), start="dark")
    >>> widget.read_as([0.2, 0.0]), widget.at_border([0.2, 0.0]), widget.at_border([0.5, 0.9])
    ('dark', False, True)
    """
    Z, values, groups = samples(codes, labels)
    for name, function in {"decode": decode, "classify": classify or mean_reader}.items():
        if not callable(function):
            raise TypeError(f"{name} is {type(function).__name__}, expected a function from an array to an array")
    drawn = drawn_rows(groups)
    frame = box(Z[drawn])
    pictures = decoded_grid(decode, frame["low"], frame["high"], _whole(resolution))
    size = round((frame["high"][0] - frame["low"][0]) / frame["step"]) + 1
    places = lattice(frame["low"], frame["high"], size)
    reader = classify or mean_reader(decode, Z, groups, values)
    readings = numbered(read_places(decode, reader, places), values).reshape(size, size)
    borders = touching(readings, len(values))
    one, other = sides(readings, borders, values, start, goal)
    beyond = [other] if borders[one, other] else [k for k in range(len(values)) if k != one]
    ends = [end(readings, places, Z[groups == k], k, (one, beyond)) for k in (one, other)]
    ends = [[snap(number, frame["step"]) for number in end] for end in ends]
    axes = axes or (words_of("latent")["first"], words_of("latent")["second"])
    if len(axes) != 2:
        raise ValueError(f"axes names {len(axes)} numbers, and a code has 2; give one name for each")
    return WalkLatent(
        classes=[str(value) for value in values], values=values.tolist(), groups=groups[drawn].tolist(),
        codes=Z[drawn].round(frame["decimals"] + 1).tolist(), pictures=packed(pictures), shape=list(pictures.shape[1:]),
        readings=packed(readings.astype(np.uint8)), axes=list(axes), start=one, goal=other, beyond=beyond, ends=ends,
        place=ends[0], by_mean=classify is None, **frame,
    )  # fmt: skip


def _whole(resolution: int) -> int:
    check_whole(resolution=resolution)
    if not 2 <= resolution <= PARTS + 1:
        raise ValueError(f"{resolution=} not in 2..{PARTS + 1}: a picture every so many steps of the plane")
    return int(resolution)
