"""What the results of a class say together: how hard each exercise was, which mistakes are common, who needs a look."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean

from mmlearn_edu.grading.copies import Copies, find_copies
from mmlearn_edu.grading.results import Result, unjudged
from mmlearn_edu.grading.texts import one_line
from mmlearn_edu.grading.words import say

__all__ = ["ExerciseView", "ItemView", "MistakeView", "Overview", "overview", "reasons_to_look"]

MOST_LETTERS = 1500  # of a value in an example
_URGENT = ("graded", "stopped", "unreadable")  # what is odd, before what is merely broken
_TRIED = ("passed", "partly", "failed")


@dataclass(frozen=True)
class ItemView:
    """One thing that was checked, in all hand-ins that tried its exercise.

    Parameters
    ----------
    exercise, label : str
        The title of the exercise, and what is checked.
    right, tried : int
        Hand-ins in which it is right, and those that tried the exercise.
    """

    exercise: str
    label: str
    right: int
    tried: int

    @property
    def share(self) -> float:
        """The share that has it right, 0 to 1."""
        return self.right / self.tried


@dataclass(frozen=True)
class MistakeView:
    """A named mistake.

    Parameters
    ----------
    exercise, title : str
        Id and title of the exercise.
    id, message : str
    count : int
        In how many hand-ins.
    example : mapping of str to str
        A short counterexample that names nobody; empty if there is none.
    """

    exercise: str
    title: str
    id: str
    message: str
    count: int
    example: Mapping[str, str]


@dataclass(frozen=True)
class ExerciseView:
    """One exercise in all hand-ins.

    Parameters
    ----------
    id, title : str
    points : float
    share : float
        The share of its points that those who tried it earned, 0 to 1; 0 if nobody tried.
    statuses : Counter
        Status -> hand-ins.
    unnamed : int
        Hand-ins that tried, did not pass, and made no mistake that has a name.
    items : list of ItemView
        Hardest first.
    """

    id: str
    title: str
    points: float
    share: float
    statuses: Counter[str]
    unnamed: int
    items: list[ItemView]

    @property
    def tried(self) -> int:
        """How many tried it and got a mark."""
        return sum(self.statuses[status] for status in _TRIED)


@dataclass(frozen=True)
class Overview:
    """What a class did.

    Parameters
    ----------
    results : sequence of dict
    judged : list of dict
        Those that have marks: graded, or stopped part of the way.
    exercises : list of ExerciseView
        Hardest for those who tried first; those that nobody tried last.
    mistakes : list of MistakeView
        Most common first.
    copies : sequence of Copies
    look : mapping of str to list of str
        For each submission that needs a look, why.
    """

    results: Sequence[Result]
    judged: list[Result]
    exercises: list[ExerciseView]
    mistakes: list[MistakeView]
    copies: Sequence[Copies] = ()
    look: Mapping[str, list[str]] = field(default_factory=dict)

    @property
    def shares(self) -> list[float]:
        """The share of points that each judged hand-in earned, 0 to 1."""
        return [min(1.0, one["score"] / one["points"]) for one in self.judged if one["points"]]

    @property
    def items(self) -> list[ItemView]:
        """All items, hardest first."""
        return sorted((item for one in self.exercises for item in one.items), key=lambda item: item.share)


def overview(results: Sequence[Result]) -> Overview:
    """Look at the results of a class together.

    Parameters
    ----------
    results : sequence of dict

    Returns
    -------
    Overview
    """
    judged = [result for result in results if result["status"] != "unreadable"]
    copies = find_copies(results)
    answers: dict[str, list[Result]] = {}
    for result in judged:
        for one in result["exercises"]:
            answers.setdefault(one["id"], []).append(one)
    exercises = [_exercise(given) for given in answers.values()]
    by_urgency = sorted(results, key=lambda result: _URGENT.index(result["status"]))
    look = {result["submission"]: reasons_to_look(result, copies) for result in by_urgency}
    return Overview(
        results,
        judged,
        sorted(exercises, key=lambda one: (not one.tried, one.share, -one.points)),
        _mistakes(answers, _names(results)),
        copies,
        {submission: reasons for submission, reasons in look.items() if reasons},
    )


def reasons_to_look(result: Result, copies: Iterable[Copies] = ()) -> list[str]:
    """Say why a human should look at a hand-in; empty if nobody has to.

    Parameters
    ----------
    result : dict
    copies : iterable of Copies
    """
    found = [] if result["status"] == "graded" else [say("report", f"look-{result['status']}", why=result["message"])]
    said = {result["message"]}
    for one in unjudged(result):
        kind = one["status"].replace(" ", "-")
        found.append(say("report", f"look-{kind}", title=one["title"], why=" ".join(one["notes"])))
        said.update(one["notes"])
    found += [words for words in result["look"] if words not in said]
    for group in copies:
        if result["submission"] in group.submissions:
            found.append(say("report", "look-copy", count=len(group.submissions) - 1, why=group.words))
    return found


def _exercise(given: Sequence[Result]) -> ExerciseView:
    first = given[0]
    statuses = Counter(one["status"] for one in given)
    tried = [one for one in given if one["status"] in _TRIED]
    right: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    labels: dict[str, str] = {}
    for one in tried:
        for item in one["items"]:
            if item["problem"] == "law-waits":  # not run, since no value was right: neither right nor wrong
                continue
            labels.setdefault(item["id"], item["label"] or item["id"])
            asked[item["id"]] += 1
            right[item["id"]] += item["earned"] >= item["points"]
    items = [ItemView(first["title"], label, right[name], asked[name]) for name, label in labels.items()]
    return ExerciseView(
        first["id"],
        first["title"],
        first["points"],
        fmean([one["score"] / one["points"] if one["points"] else 0.0 for one in tried] or [0.0]),
        statuses,
        sum(one["status"] != "passed" and not one["diagnosis"] for one in tried),
        sorted(items, key=lambda item: item.share),
    )


def _mistakes(answers: Mapping[str, Sequence[Result]], names: "_Names") -> list[MistakeView]:
    found = []
    for given in answers.values():
        made: dict[str, list[Result]] = {}
        messages: dict[str, str] = {}
        for one in given:
            for number, name in enumerate(dict.fromkeys(one["diagnosis"])):
                made.setdefault(name, []).append(one)
                words = one["messages"] or one["notes"]  # an answer that was refused has notes alone
                messages.setdefault(name, words[number] if number < len(words) else "")
        found += [
            MistakeView(given[0]["id"], given[0]["title"], name, messages[name], len(who), _example(who, names))
            for name, who in made.items()
        ]
    return sorted(found, key=lambda mistake: -mistake.count)


def _example(answers: Iterable[Result], names: "_Names") -> Mapping[str, str]:
    """Return the counterexample that names nobody of the class: one that shows most, and of these the shortest."""
    examples = [item["example"] for one in answers for item in one["items"] if item["problem"]]
    telling = [example for example in examples if len(example) > 1]  # an input alone says nothing
    for example in sorted(telling, key=lambda example: (-len(example), sum(map(len, example.values())))):
        shown = {name[:MOST_LETTERS]: value[:MOST_LETTERS] for name, value in example.items()}
        if not names.are_in(" ".join([*shown, *shown.values()])):
            return shown
    return {}


@dataclass(frozen=True)
class _Names:
    words: frozenset[str]
    others: tuple[str, ...]  # of scripts that put no spaces between words

    def are_in(self, text: str) -> bool:
        text = text.casefold()
        return not self.words.isdisjoint(re.findall(r"\w+", text)) or any(name in text for name in self.others)


def _names(results: Iterable[Result]) -> _Names:
    """Gather by what a student could be recognised: every word of two letters or more."""
    said = " ".join(f"{one_line(result['student'])} {result['submission']}" for result in results).casefold()
    found = {word for word in re.findall(r"[^\W_]+", said) if len(word) > 1 and not word.isdecimal()}
    return _Names(frozenset(found), tuple(word for word in found if not word.isascii()))
