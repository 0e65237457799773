"""The page in a real browser, from the disk, with every network refused: the explorables move and answer."""

import re
from pathlib import Path

import nbformat
import numpy as np
import pytest

from mmlearn_edu._resources import resource
from mmlearn_edu.export import to_html
from mmlearn_edu.widgets import broadcast_shapes, drag_centroids, turn_axis
from mmlearn_edu.widgets import page as page_of_widgets
from tests.accessibility import violations
from tests.windows import Windows

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
ARTIFACTS = Path(__file__).parents[2] / "test-artifacts"
CHAPTERS = sorted(path.stem for path in resource("notebooks").glob("solutions/*.ipynb"))
RNG = np.random.default_rng(5)
CLOUD = RNG.normal(size=(40, 2)) @ np.array([[2.0, 1.0], [0.0, 0.5]])
BLOBS = np.concatenate([RNG.normal(centre, 0.5, size=(20, 2)) for centre in [(0, 0), (4, 0), (2, 4)]])
MAKERS = {"axis": lambda: turn_axis(CLOUD), "shapes": broadcast_shapes, "centroids": lambda: drag_centroids(BLOBS)}


def _listen(page):
    page.route(re.compile("^(?!file:|data:)"), lambda route: route.abort())
    page.on("console", lambda message: page.complaints.append(message.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("request", lambda asked: page.complaints.append(asked.url) if asked.url != page.address else None)


@pytest.fixture(scope="module")
def windows(chromium):
    windows = Windows(chromium, _listen)
    yield windows
    windows.close()


@pytest.fixture
def show(windows, tmp_path):
    """Return a function that opens HTML from the disk; complain about all it asks for and all it reports."""
    lent, complaints = [], []

    def opened(html, dark=False, scripts=True, width=1100):
        path = tmp_path / "第 8 章 exported.html"
        path.write_text(html, encoding="utf-8")
        options = {"color_scheme": "dark" if dark else "light", "java_script_enabled": scripts, "offline": True}
        page = windows.lend(complaints, viewport={"width": width, "height": 900}, **options)
        lent.append(page)
        page.address = path.as_uri()
        page.goto(page.address)
        complaints[:] = [words for words in complaints if not words.startswith("data:image/")]
        return page

    yield opened
    for page in lent:
        windows.take_back(page)
    assert complaints == []


@pytest.fixture(scope="module")
def chapter():
    """Return a function that exports a chapter as it is shipped, executed."""
    made = {}

    def exported(name):
        if name not in made:
            made[name] = to_html(resource("notebooks") / "solutions" / f"{name}.ipynb")
        return made[name]

    return exported


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_axis_of_chapter_08_turns_by_keyboard_from_the_disk(show, chapter, dark):
    page = show(chapter("08-pca"), dark)
    widget = page.locator(".mml")
    assert widget.locator(".mml-answer").inner_text() == "Your answer: none yet"
    before = widget.locator(".mml-rod").get_attribute("x2")
    slider = widget.get_by_role("slider", name="Angle of the axis")
    slider.focus()
    shares = {}
    for key in ["Home", *["PageUp"] * 17]:
        page.keyboard.press(key)
        degrees, share = re.match(r"(\d+) degrees, ([\d.]+) %", slider.get_attribute("aria-valuetext")).groups()
        shares[int(degrees)] = float(share)
    best = max(shares, key=shares.get)
    assert shares[best] > 70
    for key in ["Home", *["PageUp"] * (best // 10)]:
        page.keyboard.press(key)
    assert widget.locator(".mml-rod").get_attribute("x2") != before
    assert widget.locator(".mml-answer").inner_text() == f"Your answer: {best}°"
    page.wait_for_function(
        "best => document.querySelector('.mml [aria-live=polite]').textContent.includes(`at ${best} degrees`)", arg=best
    )
    assert widget.locator(".mml-deaf").inner_text() == ""
    ARTIFACTS.mkdir(exist_ok=True)
    widget.screenshot(path=ARTIFACTS / f"exported-axis-{'dark' if dark else 'light'}.png")


@pytest.mark.parametrize(
    ("name", "dark"),
    [  # every chapter in one theme, by turns; in the other by `make test-full`
        pytest.param(name, dark, marks=[pytest.mark.slow] * (dark == i % 2), id=f"{name}-{'dark' if dark else 'light'}")
        for i, name in enumerate(CHAPTERS)
        for dark in (False, True)
    ],
)
def test_a_chapter_fits_and_axe_finds_nothing(show, chapter, name, dark):
    page = show(chapter(name), dark)
    for width in (320, 550):  # 550: a window of 1100 at 200 %
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.set_viewport_size({"width": 1100, "height": 900})
    assert violations(page) == []
    assert page.locator(".mml").count() == chapter(name).count('class="mmlearn-explorable"') > 0
    page.screenshot(path=ARTIFACTS / f"exported-{name}-{'dark' if dark else 'light'}.png")


def test_every_explorable_fits_where_it_is_opened_narrow(show, chapter):
    page = show(chapter("90-gallery"), width=320)
    assert page.locator(".mml").count() == chapter("90-gallery").count('class="mmlearn-explorable"') > 9
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_without_scripts_the_picture_and_its_words_stand_there(show, chapter):
    page = show(chapter("08-pca"), scripts=False)
    picture = page.locator(".mmlearn-explorable img")
    assert re.match(r"150 points of .* it catches [\d.]+% of the variance", picture.get_attribute("alt"))
    assert picture.is_visible()
    assert page.get_by_text("Turn the axis until it catches").is_visible()
    assert page.locator(".mml").count() == 0


def test_one_broken_widget_leaves_the_others_and_its_own_picture(chromium, tmp_path):
    bundles = [turn_axis(CLOUD)._repr_mimebundle_()[0], broadcast_shapes()._repr_mimebundle_()[0]]
    for kind in list(bundles[0]):
        if kind.endswith("explorable+json"):
            bundles[0][kind]["state"]["points"] = None
    book = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell("x", outputs=[nbformat.v4.new_output("display_data", b)]) for b in bundles]
    )
    nbformat.write(book, tmp_path / "two.ipynb")
    (tmp_path / "two.html").write_text(to_html(tmp_path / "two.ipynb"), encoding="utf-8")
    page = chromium.new_page()
    said = []
    page.on("console", lambda message: said.append(message.type))
    page.goto((tmp_path / "two.html").as_uri())
    assert page.locator(".mmlearn-explorable img").count() == 1
    assert page.locator(".mml").count() == 1
    assert said == ["error"]
    page.close()


@pytest.mark.parametrize("name", MAKERS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_page_with_one_explorable(show, tmp_path, name, language, monkeypatch):
    monkeypatch.setenv("MMLEARN_LANG", language)
    path = MAKERS[name]().save_html(tmp_path / "one.html")
    page = show(path.read_text(encoding="utf-8"), dark=language == "zh")
    assert page.locator(".mml").get_attribute("lang") == page.locator("html").get_attribute("lang")
    page.locator(".mml :is(input, [tabindex])").first.focus()
    page.keyboard.press("End" if name == "shapes" else "ArrowRight")
    page.keyboard.type(" ")
    assert "mml-given" in page.locator(".mml-answer").get_attribute("class")
    assert [each for each in violations(page) if not each.startswith("page-has-heading-one")] == []


def test_every_kind_there_is_can_be_mounted(show):
    folder = Path(page_of_widgets.__file__).parent
    kinds = [path.stem for path in folder.glob("*.js") if page_of_widgets.is_known(path.stem)]
    assert {"axis", "broadcasting", "centroids"} <= set(kinds)
    script = page_of_widgets.page_script(kinds) + "\ndocument.title = Object.keys(EXPLORABLES).join();"
    page = show(f"<!doctype html><html lang=en><script type=module>{script}</script>")
    assert sorted(page.title().split(",")) == sorted(kinds)
    assert page.evaluate("1 + 1") == 2


def test_a_page_is_written_over_only_where_it_was_written_before(tmp_path):
    path = tmp_path / "one.html"
    widget = broadcast_shapes()
    widget.save_html(path)
    widget.a = "(4, 1)"
    assert '"(4, 1)"' in widget.save_html(str(path)).read_text(encoding="utf-8")
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(FileExistsError, match="was not written by save_html; give another name"):
        widget.save_html(path)
    assert path.read_text(encoding="utf-8") == "mine"
