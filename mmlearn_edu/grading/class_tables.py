"""Tables of the class: exercises and their items, mistakes, who needs a look."""

import html
from collections.abc import Mapping, Sequence

from mmlearn_edu.grading.class_charts import outcome_bar
from mmlearn_edu.grading.class_list import who
from mmlearn_edu.grading.overview import ExerciseView, ItemView, MistakeView, Overview
from mmlearn_edu.grading.pieces import (
    SIGNS,
    bullets,
    counterexample,
    details,
    link_to,
    number,
    person,
    say,
    status,
    told,
)
from mmlearn_edu.grading.texts import one_line
from mmlearn_edu.progress_page.tables import table

__all__ = ["exercises", "hardest_items", "look", "mistakes"]

MOST_ITEMS, MOST_MISTAKES, MOST_REASONS = 8, 12, 20


def exercises(seen: Overview) -> str:
    """Return how each exercise went, hardest first, with its items to open."""
    head = [say("exercise"), say("earned"), say("outcome")]
    return table(head, [_exercise(one) for one in seen.exercises], "hardest", roles=True)


def _exercise(one: ExerciseView) -> list[str]:
    statuses = {name: say(f"s-{name.replace(' ', '-')}") for name in SIGNS if one.statuses[name]}
    counts = " ".join(status(name, f"{one.statuses[name]} {words}") for name, words in statuses.items())
    items = bullets(f"{_right(item)} <em>{told(item.label, 200)}</em>" for item in one.items)
    unnamed = f"<p>{say('unnamed', count=one.unnamed)}</p>" if one.unnamed else ""
    return [
        f"{told(one.title, 200)} {_code(one.id)}",
        f"<strong>{one.share:.0%}</strong> <em>{_worth(one.points)}</em>",
        f'{outcome_bar(one.statuses)}<p class="counts">{counts}</p>{details(say("item-by-item"), items + unnamed)}',
    ]


def hardest_items(seen: Overview) -> str:
    """List the items that the fewest have right."""
    hard = [item for item in seen.items if item.share < 1][:MOST_ITEMS]
    items = "".join(
        f"<li><strong>{_right(item)}</strong> {told(item.exercise, 200)}: <em>{told(item.label, 200)}</em></li>\n"
        for item in hard
    )
    if not hard:
        return ""
    return f"<h3>{say('hardest-items')}</h3>\n<p>{say('hardest-items-words')}</p>\n<ol>\n{items}</ol>\n"


def _worth(points: float) -> str:
    return say("of-one-point" if points == 1 else "of-points", points=number(points))


def _right(item: ItemView) -> str:
    return say("item-right", right=item.right, tried=item.tried)


def mistakes(seen: Overview) -> str:
    """List the named mistakes, most common first, each with an example that names nobody."""
    if not seen.mistakes:
        return f"<p>{say('mistakes-none')}</p>\n"
    shown, rest = seen.mistakes[:MOST_MISTAKES], seen.mistakes[MOST_MISTAKES:]
    listed = _mistakes(shown, len(seen.judged))
    if not rest:
        return listed
    more = say("mistake-rest-one") if len(rest) == 1 else say("mistake-rest", count=len(rest))
    return listed + details(more, _mistakes(rest, len(seen.judged), len(shown) + 1))


def _mistakes(listed: Sequence[MistakeView], judged: int, first: int = 1) -> str:
    items = "".join(
        f'<li class="mistake"><p><strong>{say("mistake-count", count=one.count, all=judged)}</strong> '
        f"{told(one.title, 200)} {_code(one.id)}</p>\n<p>{told(one.message)}</p>\n{_example(one)}</li>\n"
        for one in listed
    )
    return f'<ol class="made" start="{first}">\n{items}</ol>\n'


def _example(one: MistakeView) -> str:
    shown = {say("mistake-answer") if name == "yours" else name: text for name, text in one.example.items()}
    return details(say("mistake-example"), counterexample(shown, one.title)) if shown else ""


def look(seen: Overview) -> str:
    """Return who needs a look and why, then the answers that are the same."""
    if not seen.look:
        return f"<p>{say('look-none')}</p>\n"
    students = {result["submission"]: result["student"] for result in seen.results}
    rows = [
        [who(students[submission], submission), bullets(told(reason, 600) for reason in reasons[:MOST_REASONS])]
        for submission, reasons in seen.look.items()
    ]
    listed = table([say("student"), say("why")], rows, "look", roles=True)
    return f"<p>{say('look-words')}</p>\n{listed}{_copies(seen, students)}"


def _copies(seen: Overview, students: Mapping[str, str]) -> str:
    groups = []
    for group in seen.copies:
        links = say("comma").join(link_to(name, person(students[name])) for name in group.submissions)
        groups.append(f"{links}<br>{told(group.words)}")
    if not groups:
        return ""
    return f"<h3>{say('copies')}</h3>\n<p>{say('copies-words')}</p>\n{bullets(groups)}"


def _code(name: str) -> str:
    return f"<code>{html.escape(one_line(name, 80))}</code>"
