"""The page in a real browser: both themes and languages, narrow, large and on paper, without network or script."""

from datetime import date

import pytest

from mmlearn_edu.checks import progress, registry
from mmlearn_edu.progress_page import page
from tests.accessibility import beyond_the_edge, contrast, luminance, violations

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
DRAWN = """() => [...document.querySelectorAll(".sign circle, .sign path, .chart polyline, .chart circle, .chart path")]
  .map((mark) => {
    const look = getComputedStyle(mark);
    const card = getComputedStyle(mark.closest("section")).backgroundColor;
    return [mark.parentNode.parentNode.className + " " + mark.outerHTML, look.fill, look.stroke, card];
  })"""


@pytest.fixture
def show(open_page, half_way, tmp_path, monkeypatch):
    """Return a function that opens the page from the disk, offline."""

    def opened(language="en", **options):
        monkeypatch.setenv("MMLEARN_LANG", language)
        path = tmp_path / "我的 progress.html"
        path.write_text(page(progress(), "我的 workbook", date(2026, 3, 1)), encoding="utf-8")
        return open_page(path, **options)

    return opened


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(show, language, theme):
    """Each language in each theme, and each of these once wide and once narrow."""
    width = 1100 if (language == "en") == (theme == "light") else 320
    assert violations(show(language, theme=theme, width=width)) == []


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_the_other_width_either(show, language, theme):
    width = 320 if (language == "en") == (theme == "light") else 1100
    assert violations(show(language, theme=theme, width=width)) == []


@pytest.mark.parametrize("width", [1100, 550, 375, 320])  # 550: a window of 1100 at 200 %
@pytest.mark.parametrize("language", ["en", "zh"])
def test_nothing_is_cut_off_or_needs_sideways_scrolling(show, language, width):
    tab = show(language, width=width)
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    assert beyond_the_edge(tab, width) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_mark_stands_out_three_to_one(show, theme):
    marks = show(theme=theme).evaluate(DRAWN)
    assert len(marks) > 25
    for what, fill, stroke, card in marks:
        inks = [ink for ink in (fill, stroke) if ink != "none"]
        best = max(contrast(ink, card) for ink in inks)
        if "tick" in what:  # it lies on its disc
            disc = next(fill for name, fill, *_ in marks if "finished" in name and "circle" in name)
            best = contrast(stroke, disc)
        assert best >= 3, f"{what}: {best:.1f}"


def test_it_reads_without_script_and_the_chart_has_its_words(show):
    tab = show(scripts=False)
    assert tab.get_by_role("heading", name="Next step").is_visible()
    assert tab.get_by_role("img", name="Line chart of 4 predictions").is_visible()
    assert tab.get_by_role("table").count() == len(registry.chapter_ids())
    assert tab.get_by_role("list").first.get_by_role("listitem").count() == 20


def test_print_is_dark_on_white_whatever_the_theme(show):
    tab = show(theme="dark")
    assert luminance(tab.evaluate("getComputedStyle(document.body).backgroundColor")) < 0.05
    tab.emulate_media(media="print", color_scheme="dark")
    assert luminance(tab.evaluate("getComputedStyle(document.body).color")) < 0.05
    for element in ("document.documentElement", "document.body"):
        assert tab.evaluate(f"getComputedStyle({element}).backgroundColor") == "rgb(255, 255, 255)"
    assert len(tab.pdf(format="A4")) > 10_000
