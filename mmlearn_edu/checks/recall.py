"""Recall: three questions from earlier chapters, those answered wrongly or longest ago first.

The order follows the Leitner system: a question moves up one box with every right answer and back to the first box
with a wrong one; lower boxes are asked first (Leitner, S. (1972). So lernt man lernen. Herder).
"""

import hashlib
from collections.abc import Sequence
from typing import Any

from mmlearn_edu.checks import journal, registry
from mmlearn_edu.checks.display import Card, show_now
from mmlearn_edu.checks.exercise import Question, letter
from mmlearn_edu.checks.messages import say

__all__ = ["default_answers", "due", "pending", "recall"]

PER_CHAPTER = 3


def recall(chapter: str, *answers: Any) -> None:
    """Show three questions from chapters before `chapter`, or mark your three letters.

    Parameters
    ----------
    chapter : str
        The chapter you are in, for instance ``"08-pca"``.
    *answers : str
        One letter a question; ``...`` shows the questions.

    Raises
    ------
    LookupError
        If there is no such chapter.
    """
    blank = not answers or all(answer is Ellipsis for answer in answers)
    if not blank and _changed(chapter, journal.read()):
        show_now(Card(say("recall-marked"), say("recall-changed")))
        return
    questions, since = _posed(chapter, anew=blank)
    if blank:
        show_now(Card(say("recall-ask"), "\n\n".join(map(_ask, questions, range(1, 9)))))
        return
    lines = [_mark(question, answer, since) for question, answer in zip(questions, answers, strict=False)]
    if len(answers) < len(questions):
        lines.append(say("recall-missing", count=len(questions) - len(answers)))
    show_now(Card(say("recall-marked"), "\n\n".join(lines)))


def _posed(chapter: str, anew: bool) -> tuple[list[Question], float]:
    """Return the questions that `chapter` last posed, and when: a restarted notebook must mark what it showed.

    New ones are posed where there are none, or `anew` once the last ones were answered.
    """
    entries = journal.read()
    keys, since = _last_posed(chapter, entries)
    known = {_key(question): question for question in _bank(chapter)}
    if keys and set(keys) <= set(known) and not (anew and _answered(keys, entries, since)):
        return [known[key] for key in keys], since
    questions = due(chapter, entries)
    return questions, journal.record("posed", chapter, questions=list(map(_key, questions)))["time"]


def _last_posed(chapter: str, entries: Sequence[dict[str, Any]]) -> tuple[list[str], float]:
    """Return the keys of the questions that `chapter` last posed, and when; none if it never did."""
    posed = (e for e in reversed(entries) if e["event"] == "posed" and e["id"] == chapter)
    last: dict[str, Any] = next(posed, {})
    keys = last.get("questions")
    keys = keys if isinstance(keys, list) else []  # a damaged record poses nothing
    return [key for key in keys if isinstance(key, str)], last.get("time", 0.0)


def _key(question: Question) -> str:
    """Return what is recorded of a posed question: it changes with the right letter, as the order of the options does.

    So letters that were typed under one order are never marked by another.
    """
    return f"{question.id}#{hashlib.sha256(f'{question.id} {question.answer}'.encode()).hexdigest()[:8]}"


def _changed(chapter: str, entries: Sequence[dict[str, Any]]) -> bool:
    """Say whether a question that `chapter` posed last is gone, or has another right letter now."""
    keys, _ = _last_posed(chapter, entries)
    return not set(keys) <= set(map(_key, _bank(chapter)))


def pending(chapter: str, entries: Sequence[dict[str, Any]]) -> list[Question]:
    """Return the questions that `chapter` will ask when its recall cell runs; none once it was answered.

    `entries` are the records of the progress file, as `journal.read` gives them.
    """
    keys, since = _last_posed(chapter, entries)
    if _answered(keys, entries, since):
        return []
    known = {_key(question): question for question in _bank(chapter)}
    return [known[key] for key in keys] if keys and set(keys) <= set(known) else due(chapter, entries)


def _answered(keys: Sequence[str], entries: Sequence[dict[str, Any]], since: float) -> bool:
    names = {key.partition("#")[0] for key in keys}
    return any(e["event"] == "recall" and e["id"] in names and e["time"] >= since for e in entries)


def due(chapter: str, entries: Sequence[dict[str, Any]]) -> list[Question]:
    """Choose the questions for `chapter`: lowest box first, then longest ago, then the order of the bank."""
    bank = _bank(chapter)
    boxes = dict.fromkeys((question.id for question in bank), 0)
    last = dict.fromkeys(boxes, 0.0)
    for entry in entries:
        if entry["event"] == "recall" and entry["id"] in boxes:
            boxes[entry["id"]] = boxes[entry["id"]] + 1 if entry.get("right") else 0
            last[entry["id"]] = entry["time"]
    order = sorted(range(len(bank)), key=lambda i: (boxes[bank[i].id], last[bank[i].id], i))
    return [bank[i] for i in order[:PER_CHAPTER]]


def default_answers(chapter: str) -> list[str]:
    """Return the right letters to what a learner without a history is asked in `chapter`."""
    return [question.answer for question in _bank(chapter)[:PER_CHAPTER]]


def _bank(chapter: str) -> list[Question]:
    """Gather the questions of all earlier chapters, taking turns; the first chapter asks its own warm-up."""
    slugs = [slug for slug in registry.earlier(chapter) or [chapter] if not registry.broken(slug)]
    return _spread([question for slug in reversed(slugs) for question in registry.questions(slug)])


def _spread(bank: Sequence[Question]) -> list[Question]:
    """Take turns between topics, so that three questions come from three chapters where there are three."""
    topics: dict[str, list[Question]] = {}
    for question in bank:
        topics.setdefault(question.id.partition(".")[0], []).append(question)
    turns = max(map(len, topics.values()), default=0)
    return [topic[i] for i in range(turns) for topic in topics.values() if i < len(topic)]


def _ask(question: Question, number: int) -> str:
    options = "\n".join(f"   {letter}) {text}" for letter, text in question.options.items())
    return f"{number}. {question.prompt}\n{options}"


def _mark(question: Question, answer: Any, since: float) -> str:
    if answer is Ellipsis:
        return f"○ {question.prompt}\n   {say('recall-blank')}"
    chosen, options = letter(answer), question.options
    if chosen not in options:
        words = say("recall-letter", answer=answer, letters=say("comma").join(options))
        return f"○ {question.prompt}\n   {words}"
    right = chosen == question.answer
    if not _answered([question.id], journal.read(), since):  # the first answer counts; later ones are practice
        journal.record("recall", question.id, right=right, answer=chosen)
    if right:
        words = say("recall-right", letter=chosen, option=options[chosen], why=question.why)
        return f"✔ {question.prompt}\n   {words}"
    why = question.wrong.get(chosen, "")
    yours = say("recall-yours", letter=chosen, option=options[chosen], why=why).rstrip()
    truth = say("recall-truth", letter=question.answer, option=options[question.answer], why=question.why)
    return f"✘ {question.prompt}\n   {yours}\n   {truth}"
