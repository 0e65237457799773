"""What the page says, as HTML: complete, escaped, the same numbers as progress(), in both languages."""

import re
from dataclasses import replace
from datetime import date

import pytest

from mmlearn_edu.checks import journal, progress, registry
from mmlearn_edu.checks.messages import say
from mmlearn_edu.checks.road import ROAD
from mmlearn_edu.progress_page import MARKER, page
from mmlearn_edu.progress_page.chart import MOST_ROWS, shares
from mmlearn_edu.progress_page.road_map import _sector
from tests.outline import Outline, assert_in_order, words_of

TODAY = date(2026, 3, 1)


def made(folder="workbook", notes=()):
    return page(progress(), folder, TODAY, notes)


def test_headings_landmarks_and_tables_are_in_order(half_way):
    outline = Outline(made())
    assert_in_order(outline)
    labelled = [each.get("aria-labelledby") for each in [*outline.all("section"), *outline.all("table")]]
    assert all(labelled)
    assert len(outline.all("table")) == len(registry.chapter_ids())


def test_it_asks_nobody_for_anything_and_runs_no_script(half_way):
    text = made()
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "").replace("http-equiv", "")
    assert "default-src 'none'" in text
    assert not {"script", "link", "iframe"} & {tag for tag, _ in Outline(text).tags}
    assert "url(" not in text
    assert "@import" not in text
    assert len(text.encode()) < 300_000


def test_the_numbers_are_those_of_progress(half_way):
    found, words = progress(), words_of(made("我的 workbook"))
    passed = sum(chapter.passed for chapter in found.chapters)
    total = sum(len(chapter.statuses) for chapter in found.chapters)
    assert f"{passed} of {total} exercises are passed, 1 of {len(found.chapters)} chapters finished." in words
    assert "我的 workbook, on 2026-03-01" in words
    assert found.predictions_in_words in words
    assert found.recall_in_words in words
    for chapter in found.chapters:
        assert all(name in words for name in chapter.statuses)


def test_every_stop_of_the_road_has_a_shape_and_words(half_way):
    outline = Outline(made())
    stops = [each["class"].split()[1] for each in outline.all("li") if "stop" in each.get("class", "")]
    existing = registry.chapter_ids()
    slugs = [slug for slugs in ROAD.values() for slug in slugs]
    assert [slug for slug, state in zip(slugs, stops, strict=True) if state != "planned"] == existing
    assert stops.count("finished") == 1
    assert stops.count("begun") == 1
    assert stops.count("new") == len(existing) - 2
    words = words_of(made())
    for state in ("finished", f"begun: 1 of {len(half_way)}", "not begun", "not yet written"):
        assert state in words
    assert [each["class"] for each in outline.all("li") if "next" in each.get("class", "")] == ["stop begun next"]


def test_what_was_learnt_is_told_in_words(half_way):
    learnt = made().partition('id="page-learnt"')[2].partition("</section>")[0]
    for name in [exercise.id for exercise in registry.exercises("00-start-here")] + half_way[:1]:
        assert registry.get(name).title in learnt
    assert registry.get(half_way[1]).title not in learnt


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (None, "Foresee the shape that broadcasting gives: start.foresee_shapes"),
        ("partly", "you have begun start.foresee_shapes, go on with it"),
        ("checker problem", "you have begun start.foresee_shapes"),
    ],
)
def test_the_next_step_is_one_and_says_where(status, words):
    if status:
        journal.record("check", "start.foresee_shapes", status=status)
    step = words_of(made()).partition("Next step")[2].partition("The road")[0]
    assert words in step
    assert "mmlearn-edu start in this folder: JupyterLab opens 00-start-here.ipynb" in step


def test_statuses_hints_and_solutions_have_words(half_way):
    rows = re.findall(r'<tr><th scope="row">.*?</tr>', made())
    told = {re.search("<code>(.*?)</code>", row)[1]: re.sub("<[^>]*>", " ", row.partition("</th>")[2]) for row in rows}
    assert "passed" in told[half_way[0]]
    assert re.search(r"partly right .* hints: 1, solution seen", told[half_way[1]])
    assert "tried" in told[half_way[2]]
    assert "the checker had a problem" in told[half_way[3]]
    assert "not attempted" in told[half_way[4]]


def test_a_chapter_that_cannot_be_loaded_is_told_and_costs_nothing_else(half_way, monkeypatch):
    whole = registry.import_module

    def fails(name):
        if name == "mmlearn_edu.exercises.ch00_start_here":
            raise OSError("libtorch.so is missing")
        return whole(name)

    with monkeypatch.context() as patch:
        patch.setattr(registry, "import_module", fails)
        registry._module.cache_clear()
        text = made()
    registry._module.cache_clear()
    words = words_of(text)
    assert words.count("chapter 00-start-here cannot be loaded (OSError: libtorch.so is missing)") == 2
    assert f"0 of {len(registry.chapter_ids())} chapters finished" in words
    assert '<li class="stop broken">' in text
    assert 'class="bolt"' in text
    assert registry.get(half_way[0]).title in text
    assert "start.average" in words  # a prediction of that chapter: its question cannot be read


def test_everything_passed():
    for slug in registry.chapter_ids():
        for exercise in registry.exercises(slug):
            journal.record("check", exercise.id, status="passed")
    text = made()
    assert "Every exercise that exists is passed." in words_of(text)
    assert 'class="here"' not in text


def test_nothing_yet(home):
    words = words_of(made())
    assert "0 of " in words
    assert "What you pass will stand here" in words
    assert "No prediction has met its result yet" in words
    assert words.count("Not asked yet.") == 3


def test_the_running_share_by_hand():
    assert shares([True, False, False, True]) == [1, 1 / 2, 1 / 3, 1 / 2]


def chart_of(outcomes):
    for i, right in enumerate(outcomes):
        journal.record("outcome", f"pca.p{i}", guess=f"guess {i}", right=right)
    text = made().partition('<svg class="chart"')[2].partition("</svg>")[0]
    (points,) = re.findall(r'<polyline points="([^"]*)"', text)
    return [tuple(map(float, point.split(","))) for point in points.split()], text


def test_the_chart_by_hand():
    points, text = chart_of([True, False, False])
    ticks = dict(re.findall(r'y="([\d.]+)" text-anchor="end">(\d+) %', text))
    full, none = (next(float(y) - 4 for y, percent in ticks.items() if percent == wanted) for wanted in ("100", "0"))
    assert [round((none - y) / (none - full), 2) for _, y in points] == [1, 0.5, 0.33]
    across = [x for x, _ in points]
    assert across == sorted(across)
    assert (text.count('class="right"'), text.count('class="wrong"')) == (1, 2)


def test_a_long_history_keeps_its_last_point_and_its_latest_predictions():
    points, text = chart_of([False] * 399 + [True] * 2)
    assert len(points) <= 202
    assert points[-1][1] == min(y for _, y in points)
    assert "class=" not in text.partition("<polyline")[2]  # too many to be marked one by one
    told = made()
    assert "guess 400" in told
    assert "guess 381" in told
    assert "guess 380" not in told
    listed = told.partition('class="predicted"')[2].partition("</ul>")[0]
    assert (listed.count("came true"), listed.count("came out otherwise")) == (2, MOST_ROWS - 2)


def test_what_was_changed_since_was_learnt_all_the_same(half_way):
    found = progress()
    second = replace(found.chapters[1], statuses={**found.chapters[1].statuses, half_way[0]: "stale"})
    text = page(replace(found, chapters=[found.chapters[0], second, *found.chapters[2:]]), "workbook", TODAY)
    assert registry.get(half_way[0]).title in text.partition('id="page-learnt"')[2].partition("</section>")[0]
    assert "passed, changed since" in words_of(text)
    assert f"check {half_way[0]} again, its code was changed after it passed" in words_of(text)


def test_a_stage_is_named_once_and_a_disc_is_as_full_as_its_chapter(half_way):
    text = made()
    assert re.findall(r'<p class="stage">([^<]+)</p>', text) == [say(f"stage-{stage}") for stage in ROAD]
    assert _sector(0.25) == "M16 16V7A9 9 0 0 1 25.0 16.0z"
    assert _sector(0.75) == "M16 16V7A9 9 0 1 1 7.0 16.0z"
    assert _sector(1 / len(half_way)) in text


def test_the_chart_is_told_in_words(half_way):
    (chart,) = [each for each in Outline(made()).all("svg") if each.get("role") == "img"]
    assert chart["aria-label"] == (
        "Line chart of 4 predictions: the share that came true so far begins at 0%, lies between 0% and 50%, "
        "and ends at 50%."
    )


def test_what_a_learner_wrote_is_escaped():
    evil = '<script>alert(1)</script><img src="x" onerror="alert(1)">&"\''
    journal.record("outcome", "pca.raw_axis", guess=evil, right=True)
    journal.record("outcome", evil, guess=evil, right=False)
    journal.record("check", "pca.center", status=evil)
    journal.record("hint", evil)
    text = made(folder=evil, notes=[evil])
    assert not {"script", "img"} & {tag for tag, _ in Outline(text).tags}
    assert text.count("&lt;script&gt;") >= 5


@pytest.mark.parametrize("time", [1e300, -1e300, float("nan"), float("inf"), -1, 0])
def test_a_time_that_never_was_costs_nothing(time, write_lines):
    entry = {"format": 1, "event": "outcome", "id": "pca.raw_axis", "time": time, "guess": 3.0, "right": True}
    write_lines(entry, {**entry, "event": "recall", "id": "start.q1"}, '{"torn": ')
    assert "You said: 3" in words_of(made())


@pytest.mark.parametrize("guess", [None, [], {"a": 1}, True, 10**400, "\ud800", "x" * 10_000])
def test_a_guess_that_never_was_costs_nothing(guess, write_lines):
    write_lines({"format": 1, "event": "outcome", "id": "pca.raw_axis", "time": 1, "guess": guess, "right": "yes"})
    assert made().encode("utf-8", "strict")


def test_ten_thousand_records(write_lines):
    names = [exercise.id for slug in registry.chapter_ids() for exercise in registry.exercises(slug)]
    kinds = ["check", "hint", "outcome", "recall"]
    write_lines(
        *(
            {"format": 1, "event": kind, "id": f"pca.p{i}" if kind == "outcome" else names[i % len(names)], "time": i,
             "status": "partly", "guess": "a", "right": i % 3 == 0}
            for i in range(2500) for kind in kinds
        )
    )  # fmt: skip
    text = made()
    assert f"The latest: {MOST_ROWS} of 2500" in text
    assert len(text.encode()) < 300_000
    assert f"hints: {2500 // len(names)}" in text


def test_the_whole_page_speaks_chinese(half_way, monkeypatch):
    monkeypatch.setenv("MMLEARN_LANG", "zh")
    text = made(folder="作业")
    assert Outline(text).all("html") == [{"lang": "zh-Hans"}]
    shown = re.sub(r"<code>.*?</code>|<style>.*?</style>|<[^>]*>", "", text, flags=re.DOTALL)
    assert not re.findall(r"[A-Za-z]{2,},? [a-z]{2,},? [a-z]{2,}", shown)
    assert "下一步" in text


def test_it_carries_the_marker_early():
    assert MARKER in made()[:1000]
