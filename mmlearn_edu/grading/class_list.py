"""All hand-ins of a class as one table, which the script of the page can sort."""

import html
from collections import Counter
from collections.abc import Sequence

from mmlearn_edu.grading.overview import Overview
from mmlearn_edu.grading.pieces import SIGNS, link_to, number, person, say, told
from mmlearn_edu.grading.results import Result
from mmlearn_edu.grading.tables import exercise_ids, percent
from mmlearn_edu.grading.texts import one_line

__all__ = ["all_hand_ins", "who"]

COLUMNS = {
    "student": "text",
    "state": "text",
    "score": "number",
    "percent": "number",
    "exercises": "",
    "to-look": "number",
}
HEAD = '<th scope="col" role="columnheader"{sort}>{words}</th>'
TABLE = """<p class="key">{key}</p>
<p id="said" class="unseen" role="status" data-up="{up}" data-down="{down}"></p>
<table class="all" role="table" aria-labelledby="all">
<thead role="rowgroup"><tr role="row">{head}</tr></thead>
<tbody role="rowgroup">
{rows}</tbody>
</table>
"""


def all_hand_ins(seen: Overview) -> str:
    """Return every hand-in as a row.

    The roles are written out: a narrow window shows each row as a card, and a browser may forget then that it is a row.
    """
    names = exercise_ids(seen.results)
    heads = [
        HEAD.format(sort=f' data-sort="{kind}"' if kind else "", words=say(name)) for name, kind in COLUMNS.items()
    ]
    rows = [_row(result, names, len(seen.look.get(result["submission"], ()))) for result in seen.results]
    return TABLE.format(
        key=say("key"),
        up=html.escape(say("sorted-up", column="{}")),
        down=html.escape(say("sorted-down", column="{}")),
        head="".join(heads),
        rows="".join(rows),
    )


def who(student: str, submission: str) -> str:
    """Return the student, who leads to the feedback page, and the name of the hand-in where it says more."""
    more = "" if one_line(student) == submission else f'<span class="remark">{html.escape(submission)}</span>'
    return f"{link_to(submission, person(student))}{more}"


def _row(result: Result, names: Sequence[str], looks: int) -> str:
    score, points = result["score"], result["points"]
    share = percent(score, points)
    cells = {
        "state": (result["status"], say(f"is-{result['status']}")),
        "score": (score, f"{number(score)} / {number(points)}"),
        "percent": (share, f"{share:.0f} %"),
        "exercises": ("", _marks(result, names)),
        "to-look": (looks, looks or ""),
    }
    if result["status"] == "unreadable":  # no marks are not zero points
        cells |= dict.fromkeys(("score", "percent", "exercises"), ("", "–"))
    shown = "".join(
        f'<td role="cell" data-label="{say(name)}" data-key="{key}">{cell}</td>' for name, (key, cell) in cells.items()
    )
    notes = "".join(f'<span class="remark">{told(note, 200)}</span>' for note in result["notes"][:5])
    head = f"{who(result['student'], result['submission'])}{notes}"
    key = html.escape(one_line(result["student"]))
    return f'<tr role="row"><th scope="row" role="rowheader" data-key="{key}">{head}</th>{shown}</tr>\n'


def _marks(result: Result, names: Sequence[str]) -> str:
    """Return a sign for each exercise; a screen reader hears how many there are of each."""
    found = {one["id"]: one for one in result["exercises"]}
    counts = Counter(one["status"] for one in found.values())
    heard = say("comma").join(f"{count} {_status(name)}" for name, count in counts.items())
    signs = "".join(_mark(found[name]) if name in found else "<span></span>" for name in names)
    return f'<span class="marks" role="img" aria-label="{heard}">{signs}</span>'


def _mark(one: Result) -> str:
    title, marks = one_line(one["title"]), {"score": number(one["score"]), "points": number(one["points"])}
    words = html.escape(say("mark", title=title, status=_status(one["status"]), **marks))
    return f'<span class="status {one["status"].replace(" ", "-")}" title="{words}">{SIGNS[one["status"]]}</span>'


def _status(name: str) -> str:
    return say(f"s-{name.replace(' ', '-')}")
