"""Centroids to move by hand, against Lloyd's algorithm (chapter 10)."""

import numpy as np
import traitlets
from numpy.typing import ArrayLike, NDArray

from mmlearn_edu.widgets._svg import marker, picture, projector, text
from mmlearn_edu.widgets.base import Explorable, as_points

__all__ = ["MAX_CENTROIDS", "DragCentroids", "drag_centroids", "lloyd", "stuck_start"]

MAX_CENTROIDS = 6  # as many markers as one can tell apart without colour
_STARTS = 60


def _squared(X: NDArray[np.floating], centroids: NDArray[np.floating]) -> NDArray[np.floating]:
    """Return squared distances, (n_samples, k)."""
    return np.square(X[:, None] - centroids[None]).sum(axis=2)


def lloyd(X: ArrayLike, start: ArrayLike) -> tuple[NDArray[np.floating], float]:
    """Run Lloyd's algorithm from `start` until nothing moves; an empty cluster keeps its centroid.

    Parameters
    ----------
    X : array-like of shape (n_points, 2)
    start : array-like of shape (k, 2)

    Returns
    -------
    centroids : ndarray of shape (k, 2)
    objective : float
        Sum over all points of the squared distance to the nearest centroid.
    """
    X, centroids = np.asarray(X, float), np.array(start, float)
    labels = None
    while labels is None or (labels != _squared(X, centroids).argmin(axis=1)).any():
        labels = _squared(X, centroids).argmin(axis=1)
        for cluster in np.unique(labels):
            centroids[cluster] = X[labels == cluster].mean(axis=0)
    return centroids, float(_squared(X, centroids).min(axis=1).sum())


def stuck_start(X: ArrayLike, k: int, random_state: int = 0) -> tuple[NDArray[np.floating], float, float]:
    """Find the rows of `X` to start from where Lloyd's algorithm ends worst, among 60 seeded draws.

    Parameters
    ----------
    X : array-like of shape (n_points, 2)
    k : int, from 1 to n_points
    random_state : int, default=0

    Returns
    -------
    start : ndarray of shape (k, 2)
    stuck : float
        The objective where Lloyd's algorithm stops from there.
    lowest : float
        The lowest objective that any of the draws led to.
    """
    X, rng = np.asarray(X, float), np.random.default_rng(random_state)
    starts = [X[rng.choice(len(X), k, replace=False)] for _ in range(_STARTS)]
    ends = [lloyd(X, start)[1] for start in starts]
    worst = int(np.argmax(ends))
    return starts[worst], ends[worst], min(ends)


class DragCentroids(Explorable):
    """Move centroids by mouse or keyboard, and get below the objective where Lloyd's algorithm stops.

    Attributes
    ----------
    answer : float or None
        None until touched; then the lowest objective reached so far (sum of squared distances to the nearest
        centroid).
    stuck : float
        The objective where Lloyd's algorithm stops from `start`.
    goal : float
        What the task asks to get below: halfway from `stuck` to the lowest objective known. A centroid moved within
        one cluster can end a hair below `stuck`; the goal takes one carried to another cluster.
    start, centroids : list of [x, y]
        Where the centroids began, and where they are.
    """

    points = traitlets.List(traitlets.List()).tag(sync=True)
    start = traitlets.List(traitlets.List()).tag(sync=True)
    centroids = traitlets.List(traitlets.List()).tag(sync=True)
    stuck = traitlets.Float().tag(sync=True)
    goal = traitlets.Float().tag(sync=True)

    def _alt(self) -> str:
        return self._say("alt", points=len(self.points), count=len(self.start), stuck=f"{self.stuck:.4g}")

    def _task(self) -> str:
        return self._say("task", stuck=f"{self.stuck:.4g}", goal=f"{self.goal:.4g}")

    def _still(self) -> str:
        place = projector(self.points, 340, 30)
        labels = _squared(np.asarray(self.points), np.asarray(self.start)).argmin(axis=1)
        dots = [marker(*place(*point), int(label)) for point, label in zip(self.points, labels, strict=True)]
        marks = [marker(*place(*centroid), number, 2.6) for number, centroid in enumerate(self.start)]
        words = text(12, 362, self._say("caption", stuck=f"{self.stuck:.4g}"))
        return picture(340, 374, self._say("title"), [*dots, *marks, words])


def drag_centroids(X: ArrayLike, k: int = 3, random_state: int = 0) -> DragCentroids:
    """Open a cloud of points with `k` centroids at a start where Lloyd's algorithm gets stuck.

    Parameters
    ----------
    X : array-like of shape (n_samples, 2)
        At most 1000 points, in clusters: the start is found by trying.
    k : int, default=3
        Number of centroids, from 2 to 6.
    random_state : int, default=0
        Seed of the starts that are tried.

    Returns
    -------
    DragCentroids
        Show it as the last line of a cell; its ``.answer`` is the lowest objective reached.

    Raises
    ------
    ValueError
        If `X` is no finite matrix with two columns, `k` is out of range, or no start gets stuck.
    """
    points = as_points(X)
    most = min(MAX_CENTROIDS, len(points) - 1)
    if not 2 <= k <= most:
        raise ValueError(f"{k=} not in 2..{most} (n_samples={len(points)}; at most {MAX_CENTROIDS} markers differ)")
    start, stuck, lowest = stuck_start(points, k, random_state)
    if stuck < 1.1 * lowest:
        raise ValueError(
            f"with {k=} and {random_state=} Lloyd's algorithm ends between {lowest:.4g} and {stuck:.4g} from every "
            "start: there is nothing to beat; give X in k separate clusters, or another k"
        )
    goal = float(f"{(stuck + lowest) / 2:.3g}")
    centroids = start.tolist()
    return DragCentroids(points=points, start=centroids, centroids=centroids, stuck=stuck, goal=goal)
