"""The page a student reads about one hand-in: what was earned, which mistake was made, and a case that shows it."""

import html
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

from mmlearn_edu.checks.feedback import worth_saying
from mmlearn_edu.checks.verdict import Item
from mmlearn_edu.grading import words
from mmlearn_edu.grading.pieces import bullets, counterexample, number, person, status, told
from mmlearn_edu.grading.results import Result
from mmlearn_edu.grading.texts import one_line
from mmlearn_edu.progress_page.frame import bar, framed, section

__all__ = ["MARKER", "feedback_page"]

MARKER = '<meta name="generator" content="mmlearn-edu grade: feedback">'
STYLE = Path(__file__).with_name("report.css")
OWN_DOING = ("hung", "died", "memory", "output", "magic", "raised")  # events that are no suspicion
MOST_EVENTS, MOST_NOTES = 10, 20
ITEM = ("id", "points", "earned", "problem", "message", "example", "label")

say = partial(words.say, "feedback")

BODY = """<header>
<h1>{heading}</h1>
<p class="whose">{whose}</p>
{score}</header>
<main>
{sections}</main>
<footer><p>{about}</p></footer>
"""


def feedback_page(result: Result) -> str:
    """Return the page as HTML.

    It is made from this one result alone, and leaves out what is the teacher's: the seed, the isolation, the reasons to
    look, the fingerprints, the path of the file.

    Parameters
    ----------
    result : dict
    """
    body = BODY.format(
        heading=told(say("heading", title=result["title"]), 300),
        whose=say("whose", student=person(result["student"]), chapter=told(result["chapter"], 100)),
        score=_score(result),
        sections="".join(section(name, say(name), text) for name, text in _sections(result).items() if text),
        about=_about(result),
    )
    title = one_line(say("heading", title=result["title"]), 200)
    return framed(title, body, STYLE.read_text(encoding="utf-8"), MARKER)


def _score(result: Result) -> str:
    if result["status"] == "unreadable":
        return ""
    share = result["score"] / result["points"] if result["points"] else 0.0
    numbers = {"score": number(result["score"]), "points": number(result["points"]), "share": share}
    return f'<p class="count">{html.escape(say("score", **numbers))}</p>\n{bar(100 * share)}\n{_first(result)}'


def _first(result: Result) -> str:
    """Say first what went well, then where most is to be gained."""
    exercises = result["exercises"]
    right = sum(one["status"] == "passed" for one in exercises)
    stopped = f'<p class="note">{told(say("stopped"))} {told(result["message"])}</p>\n'
    parts = [stopped] if result["status"] == "stopped" else []
    if exercises and right == len(exercises):
        return "".join([f"<p>{told(say('all-right'))}</p>\n", *parts])
    most = max(exercises, key=lambda one: one["points"] - one["score"], default=None)
    sentences = [say("some-right", right=right, total=len(exercises))] if right else []
    if most and most["points"] > most["score"]:
        missing = number(most["points"] - most["score"])
        sentences.append(say("next-one" if missing == "1" else "next", title=most["title"], missing=missing))
    return "".join([f"<p>{told(' '.join(sentences))}</p>\n", *parts])


def _sections(result: Result) -> dict[str, str]:
    if result["status"] == "unreadable":
        return {"unreadable": f"<p>{told(result['message'])}</p>\n<p>{told(say('unreadable-next'))}</p>\n"}
    wrong = [one for one in result["exercises"] if one["status"] != "passed"]
    right = [one for one in result["exercises"] if one["status"] == "passed"]
    events = [event for event in result["events"] if event["kind"] in OWN_DOING]
    answers = "".join(_answer(one) for one in wrong)
    return {
        "exercises": f"<p>{told(say('exercises-words'))}</p>\n{answers}" if wrong else "",
        "right": bullets(f"{_title(one)} {_points(one)}" for one in right),
        "happened": bullets(
            f"<em>{told(event['where'], 200)}</em>{say('colon')}{told(event['words'], 600)}"
            for event in events[:MOST_EVENTS]
        ),
        "file": bullets(told(note, 600) for note in result["notes"][:MOST_NOTES]),
    }


def _answer(one: Result) -> str:
    """Return one exercise that has points to gain: its named mistakes, then a case for each kind of problem."""
    named = "".join(f'<p class="named">→ {told(words)}</p>\n' for words in one["messages"])
    more = [note for note in one["notes"] if note not in one["messages"]]
    notes = "".join(f"<p>{told(note, 600)}</p>\n" for note in more[:MOST_NOTES])
    shown = f"<p>{say('printed')}</p>\n<pre>{told(one['printed'])}</pre>\n" if one["printed"] else ""
    return (
        f'<article class="answer">\n<h3>{_title(one)}</h3>\n<p>{_points(one)}</p>\n'
        f"{_explained(one)}{named}{notes}{_failures(one)}{shown}</article>\n"
    )


def _explained(one: Result) -> str:
    if one["status"] not in ("not attempted", "checker problem"):
        return ""
    name = one["status"].replace(" ", "-")
    key = f"{name}-widget" if (name, one["kind"]) == ("not-attempted", "widget") else name
    return f"<p>{told(say(key))}</p>\n"


def _failures(one: Result) -> str:
    items = [Item(**{name: item[name] for name in ITEM}) for item in one["items"]]
    parts = [_failure(item, _also(item, items)) for item, _ in worth_saying(items)]
    if len(items) > 1:
        parts.append(f"<p><em>{html.escape(_passed(items))}</em></p>\n{_waiting(items)}")
    return "".join(parts)


def _passed(items: Sequence[Item]) -> str:
    """Count the checks by what they are worth, so that the points beside it can be added up."""
    worth: dict[str, list[Item]] = {}
    for item in sorted(items, key=lambda item: -item.points):
        worth.setdefault(number(item.points), []).append(item)
    key = "each" if len(worth) > 1 else "worth"
    groups = [
        say(f"{key}-one" if points == "1" else key, right=_right(alike), total=len(alike), points=points)
        for points, alike in worth.items()
    ]
    return say("passed-items", right=_right(items), total=len(items), how=say("comma").join(groups))


def _waiting(items: Iterable[Item]) -> str:
    """Say how many checks were not run, so that nobody takes them for failed ones."""
    problems = [item.problem for item in items]
    counts = {"skipped": problems.count("skipped"), "waits": problems.count("law-waits")}
    words = [say(f"{key}-one") if n == 1 else say(key, count=n) for key, n in counts.items() if n]
    return "".join(f"<p><em>{html.escape(sentence)}</em></p>\n" for sentence in words)


def _right(items: Iterable[Item]) -> int:
    return sum(item.passed for item in items)


def _failure(item: Item, also: str) -> str:
    example = counterexample(item.example, say("caption")) if item.example else ""
    message = told(item.message).replace("\n", "<br>")
    return f"<p>✘ <em>{told(item.name, 200)}</em>{say('colon')}{message}</p>\n{example}{also}"


def _also(first: Item, items: Iterable[Item]) -> str:
    """Name up to three other checks that failed alike."""
    alike = [item.name for item in items if item.problem == first.problem and item is not first][:3]
    labels = say("comma").join(say("quoted", label=told(name, 200)) for name in alike)
    return f"<p>{say('also', labels=labels)}</p>\n" if alike else ""


def _title(one: Result) -> str:
    return f"{told(one['title'], 200)} <code>{told(one['id'], 80)}</code>"


def _points(one: Result) -> str:
    words = say(f"is-{one['status'].replace(' ', '-')}")
    key = "points-one" if one["points"] == 1 else "points"
    points = say(key, score=number(one["score"]), points=number(one["points"]))
    return f"{status(one['status'], words)} <em>{html.escape(points)}</em>"


def _about(result: Result) -> str:
    wrong = [one["id"] for one in result["exercises"] if one["status"] != "passed"]
    return told(say("about", exercise=wrong[0]) if wrong else say("about-nothing"))
