"""A page that goes with a model: what it does, how it was judged, where it fails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

__all__ = ["model_card"]

COLUMNS = ("group", "n_samples", "score", "low", "high")


def model_card(
    name: str,
    *,
    task: str,
    data: str,
    measure: str,
    chance: float,
    scores: Mapping[str, tuple[float, float, float]],
    slices: Mapping[str, ArrayLike],
    limits: Sequence[str],
) -> str:
    """Write what a reader must know before trusting a model, as Markdown [1]_.

    Every field is needed, the limits too: a card that names none is refused.

    Parameters
    ----------
    name : str
    task : str
        What goes in, what comes out, and for whom.
    data : str
        What it learned from, and who made these data.
    measure : str
        What the scores are, for instance "accuracy".
    chance : float
        What whoever guesses scores; see `chance_level`.
    scores : mapping of str to (score, low, high)
        How the rows were kept apart, for instance "new writers", with the score and its interval.
    slices : mapping of str to array-like of shape (n_groups,), or DataFrame
        The columns ``group``, ``n_samples``, ``score``, ``low`` and ``high``, as `slice_scores` returns them.
    limits : sequence of str
        What it was not judged on, and what it must not be used for.

    Returns
    -------
    str
        Markdown.

    Raises
    ------
    ValueError
        If a field is empty, a column of `slices` is missing, or a score lies outside its interval.

    References
    ----------
    .. [1] Mitchell, M. and others (2019). Model cards for model reporting. FAT*, 220-229.

    Examples
    --------
    >>> from mmlearn_edu.evaluation import model_card
    >>> slices = {"group": ["ann"], "n_samples": [40], "score": [0.8], "low": [0.7], "high": [0.9]}
    >>> facts = {"task": "reads digits", "data": "200 digits by ann", "measure": "accuracy", "chance": 0.1}
    >>> card = model_card("Digits", **facts, scores={"new digits": (0.8, 0.7, 0.9)}, slices=slices, limits=["one hand"])
    >>> for number in (0, 2, 8, -1):
    ...     print(card.splitlines()[number])
    # Model card: Digits
    **Task:** reads digits
    | new digits | 0.80 | 0.70 to 0.90 |
    - one hand
    """
    said = {"name": name, "task": task, "data": data, "measure": measure, "scores": scores, "limits": limits}
    empty = [field for field, value in said.items() if not value or (isinstance(value, str) and not value.strip())]
    if empty or isinstance(limits, str):
        raise ValueError(f"{', '.join(empty) or 'limits'} must be given; limits is a list of texts, one or more")
    if missing := [column for column in COLUMNS if column not in slices]:
        raise ValueError(f"slices lacks {', '.join(missing)}; it needs {', '.join(COLUMNS)}, see slice_scores")
    lines = [f"# Model card: {name}", "", f"**Task:** {task}", "", f"**Data:** {data}", ""]
    lines += [f"| judged on | {measure} | 95 % interval |", "|---|---|---|"]
    lines += [f"| {how} | {_cells(how, *numbers)}" for how, numbers in scores.items()]
    lines += [f"| chance | {chance:.2f} | |", "", "## Slices", ""]
    lines += [f"| group | rows | {measure} | 95 % interval |", "|---|---|---|---|"]
    columns = (np.asarray(slices[column]).tolist() for column in COLUMNS)
    lines += [f"| {group} | {n} | {_cells(group, *numbers)}" for group, n, *numbers in zip(*columns, strict=True)]
    return "\n".join([*lines, "", "## Limits", "", *(f"- {limit}" for limit in limits)])


def _cells(name: object, score: float, low: float, high: float) -> str:
    if not low - 1e-12 <= score <= high + 1e-12:
        raise ValueError(f"the interval {low} to {high} of {name!r} does not hold its score {score}")
    return f"{score:.2f} | {low:.2f} to {high:.2f} |"
