"""The pages of grading in a real browser: themes, languages, narrow, on paper, hostile text, a table to sort."""

import re

import pytest

from mmlearn_edu.grading.class_page import class_page
from mmlearn_edu.grading.feedback import feedback_page
from mmlearn_edu.grading.overview import overview
from tests.accessibility import beyond_the_edge, contrast, luminance, violations
from tests.grading.a_class import HOSTILE, a_class
from tests.grading.test_grading_report import all_hostile

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

PAGES = {
    "report": lambda: class_page(overview(a_class(40))),
    "feedback": lambda: feedback_page(a_class(40)[7]),
    "unreadable": lambda: feedback_page(next(one for one in a_class(40) if one["status"] == "unreadable")),
    "empty": lambda: class_page(overview([])),
    "one": lambda: class_page(overview(a_class(1))),
    "hostile": lambda: class_page(overview([all_hostile(text, text) | {"submission": name} for name, text in some()])),
}
OPEN = "() => document.querySelectorAll('details').forEach((each) => { each.open = true; })"
DRAWN = """() => [...document.querySelectorAll(".chart rect, .chart path, .outcome rect, .bar rect")].map((mark) => [
  mark.outerHTML, getComputedStyle(mark).fill,
  getComputedStyle(mark.closest("section") ?? document.body).backgroundColor])"""
COLUMN = "(place) => [...document.querySelectorAll('.all tbody tr')].map((row) => row.cells[place].dataset.key)"


LINES = """() => [...document.querySelectorAll(".all thead th, .all td:not(:nth-child(5))")].map((cell) => {
  const words = document.createRange();
  words.selectNodeContents(cell.querySelector("button") ?? cell);
  return [cell.textContent, words.getClientRects().length]; })"""


def some():
    return [(name, text[:100_000]) for name, text in HOSTILE.items()]


@pytest.fixture
def show(open_page, tmp_path, monkeypatch):
    """Return a function that opens one of the pages, with everything open that can be opened."""

    def opened(name, language="en", **options):
        monkeypatch.setenv("MMLEARN_LANG", language)
        path = tmp_path / f"班 {name}.html"
        path.write_text(PAGES[name](), encoding="utf-8")
        tab = open_page(path, **options)
        if options.get("scripts", True):
            tab.evaluate(OPEN)
        return tab

    return opened


CASES = [  # each page, language and theme, once wide and once narrow
    ("report", "en", "light", 1100),
    ("report", "zh", "dark", 320),
    ("feedback", "en", "dark", 1100),
    ("feedback", "zh", "light", 320),
]
OTHERS = [("en", "light", 320), ("en", "dark", 1100), ("zh", "dark", 320), ("zh", "light", 1100)]
MORE = [
    (name, language, theme, width)
    for name in PAGES
    for language, theme, width in OTHERS
    if (name, language, theme, width) not in CASES
]
SLOW = [pytest.param(*case, marks=pytest.mark.slow) for case in MORE]


@pytest.mark.parametrize(("name", "language", "theme", "width"), [*CASES, *SLOW])
def test_axe_finds_nothing_and_nothing_is_cut_off(show, name, language, theme, width):
    tab = show(name, language, theme=theme, width=width)
    assert violations(tab) == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    assert beyond_the_edge(tab, width) == []


@pytest.mark.parametrize("width", [560, 1100])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_word_or_score_in_the_table_of_all_is_broken(show, language, width):
    tab = show("report", language, width=width)
    cells = tab.evaluate(LINES)
    assert len(cells) == 6 + 4 * 40
    assert [text for text, lines in cells if lines > 1] == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    assert beyond_the_edge(tab, width) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_mark_stands_out_three_to_one(show, theme):
    marks = [*show("report", theme=theme).evaluate(DRAWN), *show("feedback", theme=theme).evaluate(DRAWN)]
    assert len(marks) > 35
    for what, fill, card in marks:
        assert contrast(fill, card) >= 3, what


def test_a_heading_sorts_by_hand_and_by_keyboard(show):
    tab = show("report")
    scores = lambda: [float(key) for key in tab.evaluate(COLUMN, 2) if key]  # noqa: E731
    assert scores() != sorted(scores())
    tab.get_by_role("button", name="Score").click()
    assert scores() == sorted(scores())
    assert tab.evaluate(COLUMN, 2)[-2:] == ["", ""]
    assert tab.get_by_role("columnheader", name="Score").get_attribute("aria-sort") == "ascending"
    assert tab.get_by_role("status").text_content() == "Sorted by Score, smallest first."
    tab.keyboard.press("Enter")
    assert scores() == sorted(scores(), reverse=True)
    assert tab.evaluate(COLUMN, 2)[-2:] == ["", ""]
    tab.keyboard.press("Shift+Tab")
    tab.keyboard.press("Space")
    assert tab.evaluate(COLUMN, 1) == sorted(tab.evaluate(COLUMN, 1))
    assert tab.locator("[aria-sort]").count() == 1
    assert tab.get_by_role("row").count() >= 41


def test_chinese_names_are_sorted_as_in_a_dictionary(show):
    tab = show("report", "zh")
    tab.get_by_role("button", name="学生").click()
    names = [name for name in tab.evaluate(COLUMN, 0) if re.match(r"[\u4e00-\u9fff]", name)]
    assert names.index("陈静") < names.index("李娜") < names.index("王伟") < names.index("张敏")  # chén lǐ wáng zhāng


def test_without_script_it_is_all_there_and_no_button_is_dead(show):
    tab = show("report", scripts=False)
    assert tab.get_by_role("button").count() == 0
    assert tab.get_by_role("img", name="Histogram of the scores of 38 hand-ins").is_visible()
    assert tab.locator(".all tbody tr").count() == 40
    assert tab.get_by_text("Somebody's example").first.is_visible()


@pytest.mark.parametrize("name", ["report", "feedback"])
def test_hostile_text_does_nothing(show, open_page, name, monkeypatch):
    """It is shown, nothing of it runs, nothing is asked of anybody; what a script could still add is refused."""
    pages = {
        "report": PAGES["hostile"],
        "feedback": lambda: feedback_page(all_hostile(" ".join(text for _, text in some())[:1400], "Bo")),
    }
    monkeypatch.setitem(PAGES, "bad", pages[name])
    tab = show("bad")
    assert tab.locator("h1").is_visible()
    assert tab.evaluate("document.scripts.length") == (1 if name == "report" else 0)
    assert tab.evaluate("document.images.length + document.querySelectorAll('link, iframe, style + style').length") == 0
    assert "<script>alert(document.title)</script>" in tab.locator("body").inner_text()
    assert open_page.complaints == []
    tab.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.hacked = 1\">')")
    tab.evaluate("document.body.append(Object.assign(document.createElement('script'), {text: 'window.hacked = 1'}))")
    tab.wait_for_timeout(200)
    assert tab.evaluate("window.hacked") is None
    assert open_page.complaints
    assert all("Content Security Policy" in each for each in open_page.complaints)
    open_page.complaints.clear()


@pytest.mark.parametrize("name", ["report", "feedback"])
def test_print_is_dark_on_white_whatever_the_theme(show, name):
    tab = show(name, theme="dark")
    tab.emulate_media(media="print", color_scheme="dark")
    assert luminance(tab.evaluate("getComputedStyle(document.body).color")) < 0.05
    assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert len(tab.pdf(format="A4")) > 10_000
