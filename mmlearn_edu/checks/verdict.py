"""What the judge found: plain data, shown as a card in a notebook and as text everywhere else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

__all__ = ["STATUSES", "Item", "Verdict"]

STATUSES = ("passed", "partly", "failed", "not attempted", "checker problem")


@dataclass(frozen=True)
class Item:
    """One thing that was checked.

    Parameters
    ----------
    id : str
    points : float
        What it was worth.
    earned : float
    problem : str, default=""
        Id of what went wrong, such as "shape" or "values".
    message : str, default=""
        The same in words.
    example : mapping of str to str
        The smallest case that shows it: input, yours, expected.
    label : str, default=""
        What a learner reads instead of the id, in their language.
    arrays : tuple of two ndarray, default=None
        Yours and expected, for a picture on the card; no part of ``to_dict``.
    """

    id: str
    points: float
    earned: float
    problem: str = ""
    message: str = ""
    example: Mapping[str, str] = field(default_factory=dict)
    label: str = ""
    arrays: tuple[Any, Any] | None = field(default=None, repr=False, compare=False)

    @property
    def name(self) -> str:
        """What a learner reads for it."""
        return self.label or self.id

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain data, but for the arrays."""
        plain = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "arrays"}
        return {**plain, "example": dict(self.example)}

    @property
    def passed(self) -> bool:
        """Whether all points were earned."""
        return self.earned >= self.points


@dataclass(frozen=True)
class Verdict:
    """The judgement of one answer.

    Parameters
    ----------
    id : str
        The exercise.
    status : {"passed", "partly", "failed", "not attempted", "checker problem"}
    points : float
        What the exercise is worth.
    items : sequence of Item
    diagnosis : sequence of str
        Ids of the named mistakes that the answer makes.
    notes : sequence of str
        What to tell the learner, most useful first.
    seed : int or None
        The inputs were drawn from it.
    hidden : int
        How many checks run only at grading.
    version : int
        Of the exercise.
    printed : str
        The beginning of what the answer printed while it was checked.
    advice : sequence of str
        Where to go from here: the next hint, the options of a choice.
    section : tuple of str, default=()
        Chapter, cell id and heading of what explains it, where that is of use.
    """

    id: str
    status: str
    points: float
    items: Sequence[Item] = ()
    diagnosis: Sequence[str] = ()
    notes: Sequence[str] = ()
    seed: int | None = None
    hidden: int = 0
    version: int = 1
    printed: str = ""
    advice: Sequence[str] = ()
    section: Sequence[str] = ()

    @property
    def passed(self) -> bool:
        """Whether everything that was checked is right."""
        return self.status == "passed"

    def __bool__(self) -> bool:
        return self.passed

    @property
    def score(self) -> float:
        """Points earned, between 0 and `points`."""
        return round(sum(item.earned for item in self.items), 6)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain data."""
        plain = {field.name: getattr(self, field.name) for field in fields(self)}
        items = [item.to_dict() for item in self.items]
        lists = {name: list(plain[name]) for name in ("diagnosis", "notes", "advice", "section")}
        return {**plain, **lists, "items": items, "score": self.score, "passed": self.passed}

    def __str__(self) -> str:
        from mmlearn_edu.checks.feedback import as_text

        return as_text(self)

    __repr__ = __str__

    def _ipython_display_(self) -> None:
        from mmlearn_edu.checks.display import show_bundle

        show_bundle(self)

    def mime_bundle(self) -> dict[str, Any]:
        """Return the verdict as text, as HTML, and as data for tools that read executed notebooks."""
        from mmlearn_edu.checks.feedback import as_html

        return {
            "text/plain": str(self),
            "text/html": as_html(self),
            "application/vnd.mmlearn.verdict+json": self.to_dict(),
        }
