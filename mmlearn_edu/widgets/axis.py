"""A cloud of points and an axis to turn (chapter 08)."""

import math

import numpy as np
import traitlets
from numpy.typing import ArrayLike

from mmlearn_edu.widgets._svg import MUTED, PALETTE, circle, line, picture, text
from mmlearn_edu.widgets.base import Explorable, as_points

__all__ = ["TurnAxis", "share_caught", "turn_axis"]


def share_caught(X: ArrayLike, degrees: float) -> float:
    """Return the share of the variance of `X` that an axis through its mean catches.

    Parameters
    ----------
    X : array-like of shape (n_samples, 2)
    degrees : float
        Angle of the axis, counter-clockwise from the first feature.

    Returns
    -------
    float
        In [0, 1]: variance along the axis divided by the variance along both features together.
    """
    X = np.asarray(X, float)
    centred = X - X.mean(axis=0)
    direction = np.array([math.cos(math.radians(degrees)), math.sin(math.radians(degrees))])
    return float(np.sum((centred @ direction) ** 2) / np.sum(centred**2))


class TurnAxis(Explorable):
    """Turn an axis through the middle of a cloud and watch the variance it catches.

    Attributes
    ----------
    answer : float or None
        None until touched; then the angle of the axis in degrees, a whole number from 0 to 179, counter-clockwise
        from the first feature.
    degrees : float
        The angle as it stands in the page.
    """

    points = traitlets.List(traitlets.List()).tag(sync=True)
    labels = traitlets.List(traitlets.Unicode()).tag(sync=True)
    degrees = traitlets.Float(0.0).tag(sync=True)

    def _alt(self) -> str:
        x, y = self.labels
        return self._say("alt", count=len(self.points), x=x, y=y, **self._caught())

    def _caught(self) -> dict[str, str]:
        return {"degrees": f"{self.degrees:g}", "share": f"{share_caught(self.points, self.degrees):.1%}"}

    def _still(self) -> str:
        offsets = np.asarray(self.points) - np.mean(self.points, axis=0)
        offsets *= 145 / np.linalg.norm(offsets, axis=1).max()
        x, y = 170, 170
        turn = math.radians(self.degrees)
        reach_x, reach_y = 155 * math.cos(turn), 155 * math.sin(turn)
        dots = [circle(x + dx, y - dy, 3.5, f'fill="{PALETTE[0]}" fill-opacity=".75"') for dx, dy in offsets]
        axis = line(x - reach_x, y + reach_y, x + reach_x, y - reach_y, f'stroke="{PALETTE[1]}" stroke-width="2.5"')
        ring = circle(x, y, 155, f'fill="none" stroke="{MUTED}" stroke-opacity=".4"')
        words = text(12, 362, self._say("caption", **self._caught()))
        return picture(340, 374, self._say("title"), [ring, *dots, axis, words])


def turn_axis(X: ArrayLike, labels: tuple[str, str] = ("first feature", "second feature")) -> TurnAxis:
    """Open a cloud of points with an axis to turn.

    Parameters
    ----------
    X : array-like of shape (n_samples, 2)
        At most 1000 points, not all in one place.
    labels : tuple of two str, default=("first feature", "second feature")
        What the two columns hold, with units where they have any.

    Returns
    -------
    TurnAxis
        Show it as the last line of a cell; its ``.answer`` is the angle in degrees.

    Raises
    ------
    ValueError
        If `X` is no finite matrix with two columns, or all its points coincide.
    """
    points = as_points(X)
    if np.ptp(points, axis=0).max() == 0:
        raise ValueError(
            f"all {len(points)} points of X coincide: there is no variance to catch; give points that differ"
        )
    if len(labels) != 2:
        raise ValueError(f"labels names {len(labels)} features, and X has 2; give one name for each column")
    return TurnAxis(points=points, labels=list(labels))
