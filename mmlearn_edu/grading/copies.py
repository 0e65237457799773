"""Which answers are the same, for a human look: equal answers prove nothing, and nobody is accused here.

Short answers are equal by themselves, and so is what most of a class writes. What counts is how much a learner could
have written differently, and how few wrote this.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from mmlearn_edu.checks import registry
from mmlearn_edu.checks.exercise import Exercise
from mmlearn_edu.checks.source import solution_source, stub_source
from mmlearn_edu.grading.alike import fingerprint, runs, tokens
from mmlearn_edu.grading.near_copies import near_pairs
from mmlearn_edu.grading.words import say

__all__ = ["Copies", "find_copies", "freedom"]

FEW, SHARE = 3, 0.02  # an answer is rare if at most three students, or one in fifty, wrote it
SHORT, LONG = 8, 40  # words and signs that the solution adds to the skeleton
LEAST = 4  # shared runs in an exercise that is named
TOGETHER = 3  # rare answers of middle length that say as much as one long one
_JUDGED = {"passed", "partly", "failed"}
_Answer = tuple[str, str]  # exercise, fingerprint


@dataclass(frozen=True)
class Copies:
    """Hand-ins of several students that answer alike.

    Parameters
    ----------
    submissions : tuple of str
        Their names, sorted.
    exercises : tuple of str
        Ids of the exercises that at least two of them answer with the same code, or nearly so.
    title : str
        The exercises' titles, for a reader.
    wrong : tuple of str
        Those of `exercises` in which the shared answer is not right: the same mistake says more than the same answer.
    same_file : bool
        Whether two of the files are the same to the byte.
    words : str
        What a teacher reads.
    """

    submissions: tuple[str, ...]
    exercises: tuple[str, ...]
    title: str
    wrong: tuple[str, ...]
    same_file: bool
    words: str


def find_copies(results: Sequence[Mapping[str, Any]], exercises: Iterable[Exercise] | None = None) -> list[Copies]:
    """Find the hand-ins of different students whose answers are the same, or nearly so, with all names made equal.

    Two students are listed if they share an answer that is rare (at most three students, or one in fifty, wrote it)
    to an exercise that leaves much to write (the solution adds at least 40 words and signs to the skeleton), or three
    rare answers to exercises of middle length, or the same file to the byte; or else, if at least 0.6 of the rare runs
    of 8 words and signs of the one stand in the other's answers too, wherever they stand [1]_. Never counted are
    answers and runs of the published solution and the skeleton, letters and numbers chosen, and exercises that leave
    less than 8 words to write.

    Parameters
    ----------
    results : sequence of dict
        Of one run; only their fingerprints and runs are compared, no code is needed.
    exercises : iterable of Exercise, default=None
        Those graded; the registry is asked for those of the results' chapters if None.

    Returns
    -------
    list of Copies
        Groups of two and more: the same file first, then the most shared answers, then those nearly the same.

    References
    ----------
    .. [1] Schleimer, S., Wilkerson, D. S. & Aiken, A. (2003). Winnowing: local algorithms for document fingerprinting.
       SIGMOD '03, 76-85.
    """
    judged = [result for result in results if result["status"] != "unreadable"]
    known = _known(judged) if exercises is None else {exercise.id: exercise for exercise in exercises}
    room = {name: freedom(exercise) for name, exercise in known.items()}
    ours = [(name, code) for name, one in known.items() for code in (solution_source(one), stub_source(one))]
    holders = _holders(judged, {(name, fingerprint(code)) for name, code in ours}, room)
    answered = Counter(name for result in judged for name in _answers(result))
    rare = {
        answer: whose for answer, whose in holders.items() if 1 < len(whose) <= max(FEW, SHARE * answered[answer[0]])
    }
    twins = _twins(judged, holders)
    groups = _groups([*_pairs(rare, room), *twins], rare, twins, judged)
    published = {run for _, code in ours for run in runs(f"{code}\ncheck('id', name)")}  # as its cell ends
    return groups + _near(judged, published, groups, {name for name, words in room.items() if words < SHORT})


def freedom(exercise: Exercise) -> int:
    """Return how many words and signs the solution adds to the skeleton; 0 where a letter or a number is chosen."""
    if exercise.kind in ("choice", "widget"):
        return 0
    added = Counter(tokens(solution_source(exercise)))
    added.subtract(tokens(stub_source(exercise)))
    return sum(count for count in added.values() if count > 0)


def _known(results: Sequence[Mapping[str, Any]]) -> dict[str, Exercise]:
    found = {}
    for chapter in {result["chapter"] for result in results}:
        try:
            found.update({exercise.id: exercise for exercise in registry.exercises(chapter)})
        except LookupError:  # a teacher's own chapter, which this process has not read: its skeletons are not known
            continue
    return found


def _answers(result: Mapping[str, Any]) -> dict[str, str]:
    """Return what a hand-in answers: exercise -> fingerprint."""
    return {
        row["id"]: row["fingerprint"] for row in result["exercises"] if row["status"] in _JUDGED and row["fingerprint"]
    }


def _holders(
    results: Sequence[Mapping[str, Any]], ours: set[_Answer], room: Mapping[str, int]
) -> dict[_Answer, set[str]]:
    """Return who gave each answer that counts; several hand-ins of one student are one."""
    holders: dict[_Answer, set[str]] = defaultdict(set)
    for result in results:
        for answer in _answers(result).items():
            if answer not in ours and room.get(answer[0], SHORT) >= SHORT:
                holders[answer].add(_student(result))
    return holders


def _pairs(rare: Mapping[_Answer, set[str]], room: Mapping[str, int]) -> list[tuple[str, str]]:
    """Return the pairs of students whose shared answers are long, or many."""
    shared: dict[tuple[str, str], list[str]] = defaultdict(list)
    for (name, _), whose in rare.items():
        for pair in combinations(sorted(whose), 2):
            shared[pair].append(name)
    return [
        pair
        for pair, names in shared.items()
        if len(names) >= TOGETHER or any(room.get(name, SHORT) >= LONG for name in names)
    ]


def _student(result: Mapping[str, Any]) -> str:
    return str(result["student"] or result["submission"]).casefold()


def _twins(results: Sequence[Mapping[str, Any]], counted: Mapping[_Answer, set[str]]) -> set[tuple[str, str]]:
    """Return the pairs of students who handed in the same file, with at least one answer in it that counts."""
    files: dict[str, set[str]] = defaultdict(set)
    for result in results:
        if result["sha256"] and _answers(result).items() & counted.keys():
            files[result["sha256"]].add(_student(result))
    return {pair for students in files.values() for pair in combinations(sorted(students), 2)}


def _groups(
    pairs: Iterable[tuple[str, str]],
    rare: Mapping[_Answer, set[str]],
    twins: set[tuple[str, str]],
    results: Sequence[Mapping[str, Any]],
) -> list[Copies]:
    """Join pairs that have a student in common, and say what they share."""
    groups: list[set[str]] = []
    for pair in pairs:
        touching = [group for group in groups if group & set(pair)]
        groups = [group for group in groups if group not in touching] + [set(pair).union(*touching)]
    found = [_described(group, rare, any(group.issuperset(pair) for pair in twins), results) for group in groups]
    return sorted(found, key=lambda one: (not one.same_file, -len(one.exercises), one.submissions))


def _described(
    group: set[str], rare: Mapping[_Answer, set[str]], same_file: bool, results: Sequence[Mapping[str, Any]]
) -> Copies:
    theirs = [result for result in results if _student(result) in group]
    shared = {answer for answer, whose in rare.items() if len(whose & group) > 1}
    rows = {(row["id"], row["fingerprint"]): row for result in theirs for row in result["exercises"]}
    in_order = [answer for answer in rows if answer in shared]
    names = tuple(dict.fromkeys(name for name, _ in in_order))
    wrong = tuple(dict.fromkeys(name for name, text in in_order if rows[name, text]["status"] != "passed"))
    titles = {name: str(rows[name, text]["title"] or name) for name, text in in_order}
    title = say("copies", "comma").join(titles.values())
    submissions = tuple(
        sorted(result["submission"] for result in theirs if set(_answers(result).items()) & shared or same_file)
    )
    words = [say("copies", "same-file")] if same_file else []
    words += [say("copies", "same-answers", titles=title)] if names else []
    words += (
        [say("copies", "same-mistakes", titles=say("copies", "comma").join(titles[name] for name in wrong))]
        if wrong
        else []
    )
    return Copies(submissions, names, title, wrong, same_file, " ".join([*words, say("copies", "look")]))


def _near(
    results: Sequence[Mapping[str, Any]], ours: set[int], groups: Sequence[Copies], short: set[str]
) -> list[Copies]:
    """Return pairs that are nearly the same, and in no group together."""
    theirs: dict[str, set[int]] = defaultdict(set)
    hand_ins: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for result in results:
        hand_ins[_student(result)].append(result)
        for row in result["exercises"]:
            theirs[_student(result)] |= set() if row["id"] in short else _runs(row) - ours
    found = []
    for pair, share in near_pairs(theirs, max(FEW, SHARE * len(hand_ins))).items():
        names = {result["submission"] for who in pair for result in hand_ins[who]}
        if not any(names <= {*group.submissions} for group in groups):
            rows = [row for who in pair for result in hand_ins[who] for row in result["exercises"]]
            shared = theirs[pair[0]] & theirs[pair[1]]
            titles = {row["id"]: str(row["title"] or row["id"]) for row in rows if len(_runs(row) & shared) >= LEAST}
            title = say("copies", "comma").join(titles.values())
            words = [say("copies", "near", share=share)] + ([say("copies", "near-in", titles=title)] if title else [])
            words.append(say("copies", "look"))
            found.append((-share, Copies(tuple(sorted(names)), tuple(titles), title, (), False, " ".join(words))))
    return [one for _, one in sorted(found, key=lambda one: (one[0], one[1].submissions))]


def _runs(row: Mapping[str, Any]) -> set[int]:
    return set(row.get("runs", ())) if row["status"] in _JUDGED else set()
