"""The report of a class as one page: what to do with the class first, then what that rests on."""

import html
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import median, quantiles

from mmlearn_edu.grading.class_charts import histogram
from mmlearn_edu.grading.class_list import all_hand_ins
from mmlearn_edu.grading.class_tables import exercises, hardest_items, look, mistakes
from mmlearn_edu.grading.how_graded import how_graded
from mmlearn_edu.grading.overview import Overview
from mmlearn_edu.grading.pieces import bullets, say, told
from mmlearn_edu.grading.results import Broken
from mmlearn_edu.grading.texts import one_line
from mmlearn_edu.progress_page.frame import framed, section

__all__ = ["MARKER", "class_page"]

MARKER = '<meta name="generator" content="mmlearn-edu grade: report">'
STYLE = Path(__file__).with_name("report.css")
SCRIPT = Path(__file__).with_name("sort.js")
COMMON = 0.1  # a mistake that so many make is worth a word to all
MOST_AGAIN = 3

BODY = """<header>
<h1>{heading}</h1>
<p class="whose">{whose}</p>
<p class="count">{count}</p>
{notes}</header>
<main>
{sections}</main>
<footer><p>{about}</p></footer>
"""


def class_page(seen: Overview, broken: Sequence[Broken] = ()) -> str:
    """Return the page as HTML.

    Parameters
    ----------
    seen : Overview
    broken : sequence of Broken
        Files beside the results that hold none.
    """
    sections = {"none": f"<p>{say('none')}</p>\n"}
    if seen.results:
        sections = {"glance": glance(seen)}
        if seen.shares:
            sections["scores"] = histogram(seen.shares)
        if seen.exercises:
            sections["hardest"] = exercises(seen) + hardest_items(seen)
            sections["mistakes"] = mistakes(seen)
        sections |= {"look": look(seen), "all": all_hand_ins(seen), "how": how_graded(seen.results)}
    if broken:
        listed = bullets(f"<code>{told(one.path.name, 200)}</code> {told(one.words, 600)}" for one in broken)
        sections["broken"] = f"<p>{say('broken-words')}</p>\n{listed}"
    titles = {"none": "glance"}
    title = _most_common(result["title"] for result in seen.results)
    heading = say("heading", title=title) if title else say("glance")
    body = BODY.format(
        heading=told(heading, 300),
        whose=told(say("whose", chapter=_most_common(result["chapter"] for result in seen.results)), 300),
        count=_count(seen.results),
        notes=_several(seen.results),
        sections="".join(section(name, say(titles.get(name, name)), words) for name, words in sections.items()),
        about=told(say("about")),
    )
    script = SCRIPT.read_text(encoding="utf-8") if seen.results else ""
    return framed(one_line(heading, 200), body, STYLE.read_text(encoding="utf-8"), MARKER, script)


def glance(seen: Overview) -> str:
    """Say in a few sentences what to take up with the class, most urgent first."""
    lines = [*_again(seen), *_hardest(seen), *_empty(seen), *_sits(seen), *_scores(seen), *_look(seen)]
    return "<dl>\n" + "".join(f"<dt>{say(name)}</dt><dd>{told(words)}</dd>\n" for name, words in lines) + "</dl>\n"


def _again(seen: Overview) -> Iterable[tuple[str, str]]:
    everybody = len(seen.judged)
    for place, one in enumerate(seen.mistakes[:MOST_AGAIN]):
        if one.count >= (max(2, COMMON * everybody) if place else 2):  # the most common one in any case
            words = say("g-again-words", count=one.count, all=everybody, title=one.title, message=one.message)
            yield "g-again", words


def _hardest(seen: Overview) -> Iterable[tuple[str, str]]:
    for one in seen.exercises[:1]:
        if one.tried and one.share < 1:
            numbers = {
                "right": one.statuses["passed"],
                "tried": one.tried,
                "all": one.statuses.total(),
                "share": one.share,
            }
            yield "g-hardest", say("g-hardest-words", title=one.title, **numbers)


def _empty(seen: Overview) -> Iterable[tuple[str, str]]:
    most = max(seen.exercises, key=lambda one: one.statuses["not attempted"], default=None)
    if most is None:
        return
    count, everybody = most.statuses["not attempted"], most.statuses.total()
    if count >= max(2, 2 * COMMON * everybody):
        yield "g-empty", say("g-empty-words", count=count, all=everybody, title=most.title)


def _sits(seen: Overview) -> Iterable[tuple[str, str]]:
    easy = [say("title-list", title=one.title) for one in reversed(seen.exercises) if one.share >= 0.9]
    if easy:
        yield "g-sits", say("g-sits-words", titles=say("comma").join(easy))


def _scores(seen: Overview) -> Iterable[tuple[str, str]]:
    shares = sorted(seen.shares)
    if not shares:
        words = say("g-scores-none")
    elif len(shares) == 1:
        words = say("g-scores-one", low=shares[0])
    elif len(shares) < 4:
        words = say("g-scores-few", count=len(shares), low=shares[0], high=shares[-1])
    else:
        low, _, high = quantiles(shares, n=4, method="inclusive")
        words = say("g-scores-words", count=len(shares), median=median(shares), low=low, high=high)
    full = sum(share >= 1 for share in shares)
    whole = say("g-full-one") if full == 1 else say("g-full", full=full)
    yield "g-scores", f"{words} {whole}" if full and len(shares) > 1 else words


def _look(seen: Overview) -> Iterable[tuple[str, str]]:
    words = say("g-look-words", count=len(seen.look), all=len(seen.results)) if seen.look else say("g-look-none")
    alike = {name for group in seen.copies for name in group.submissions}
    yield "g-look", f"{words} {say('g-copies-words', groups=len(alike))}" if alike else words


def _count(results: Sequence[dict[str, object]]) -> str:
    statuses = Counter(str(result["status"]) for result in results)
    numbers = {name: statuses[name] for name in ("graded", "stopped", "unreadable")}
    return html.escape(say("count-one" if len(results) == 1 else "count", count=len(results), **numbers))


def _several(results: Sequence[dict[str, object]]) -> str:
    """Say where a student has several rows; two who share a name are counted here, too."""
    times = Counter(str(result["student"]) for result in results)
    count = sum(number > 1 for number in times.values())
    words = say("several-one") if count == 1 else say("several", count=count)
    return f'<p class="note">{html.escape(words)}</p>\n' if count else ""


def _most_common(values: Iterable[str]) -> str:
    found = Counter(values).most_common(1)
    return found[0][0] if found else ""
