"""The side panel, the cards in the launcher and the marks at the exercises, in a real JupyterLab."""

import json

import pytest

from mmlearn_edu.checks import journal, registry
from tests.browser.conftest import Server
from tests.browser.lab import Notebook

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

PANEL = "#mmlearn-edu-panel"
RIGHT = 'def center(X):\n    return X - X.mean(0)\n\ncheck("pca.center", center)'
CHANGED = RIGHT.replace("X - X", "1.0 * X - X")
ASKED = len(registry.exercises("08-pca"))


def serve(chromium, tmp_path_factory, **variables):
    """Start a server in a fresh folder; yield it with a function that opens one of its notebooks."""
    served = Server(tmp_path_factory.mktemp("lab") / "my book 多模态", tmp_path_factory.mktemp("home"), **variables)
    contexts = []

    def open_notebook(name):
        contexts.append(chromium.new_context(viewport={"width": 1280, "height": 900}))
        notebook = Notebook(contexts[-1].new_page(), served.address, name)
        notebook.page.locator(PANEL).wait_for(state="attached")
        return notebook

    served.open = open_notebook
    try:
        served.wait()
        yield served
    finally:
        for context in contexts:
            context.close()
        served.stop()


@pytest.fixture(scope="module")
def english(chromium, tmp_path_factory):
    yield from serve(chromium, tmp_path_factory, MMLEARN_LANG="en")


@pytest.fixture(scope="module")
def chinese(chromium, tmp_path_factory):
    yield from serve(chromium, tmp_path_factory, MMLEARN_LANG="zh_CN.UTF-8")


@pytest.fixture(scope="module")
def chapter(english):
    """Open chapter 08 in English, with the panel beside it."""
    notebook = english.open("08-pca.ipynb")
    marks(notebook, "to do", count=ASKED)
    notebook.command("mmlearn-edu:show")
    notebook.run("imports")
    yield notebook
    assert notebook.complaints == []
    assert notebook.strangers == []


def marks(notebook, word, count=1):
    """Wait until so many marks say `word`; those of cells out of sight count too, which are no part of the page."""
    notebook.page.wait_for_function(
        """([word, count]) => {
          const cells = jupyterapp.shell.currentWidget.content.widgets;
          const words = cells.map((cell) => cell.node.querySelector(":scope > .mml-lab-mark > .mml-lab-word"));
          return words.filter((node) => node && (!word || node.textContent === word)).length === count;
        }""",
        arg=[word, count],
        timeout=20_000,
    )


def line(notebook, exercise):
    """Return the panel's line of an exercise, in words; its chapter is unfolded."""
    button = notebook.page.locator(f"{PANEL} [data-key='{exercise}']")
    if not button.is_visible():
        chapter = registry.chapter_of(exercise)
        notebook.page.locator(f"{PANEL} [data-key='chapter {chapter}']").click()
    return button.inner_text().split("\n")


def says(notebook, exercise, word, sign):
    """Wait until mark and panel both say it, and check that they do so by word and by shape."""
    page, slug = notebook.page, notebook.exercise(exercise)
    mark = notebook.cell(slug).locator(".mml-lab-mark")
    page.wait_for_function(
        "([slug, word]) => document.querySelector(`[id='cell-${slug}'] .mml-lab-mark .mml-lab-word`)"
        "?.textContent === word",
        arg=[slug, word],
        timeout=20_000,
    )
    assert mark.locator(".mml-lab-sign").inner_text() == sign
    assert line(notebook, exercise)[0] == sign
    assert line(notebook, exercise)[-1] == word


def write(notebook, slug, source):
    """Type into a cell without running it."""
    notebook.cell(slug).locator(".cm-content").click()
    notebook.page.keyboard.press("ControlOrMeta+A")
    notebook.page.keyboard.insert_text(source)


def come_back(notebook):
    """Come back to the page from another window."""
    notebook.page.evaluate("() => window.dispatchEvent(new Event('focus'))")


def test_panel_and_mark_tell_the_truth_after_every_check_and_every_change(chapter, english):
    slug = chapter.exercise("pca.center")
    stub = chapter.source(slug)
    says(chapter, "pca.center", "to do", "○")
    chapter.answer(slug, stub.replace("axis=...", "axis=1, keepdims=True"))
    says(chapter, "pca.center", "not yet", "✗")
    chapter.answer(slug, RIGHT)
    says(chapter, "pca.center", "passed", "✓")  # the file still holds the stub: what is open counts
    assert "1 of 9" in chapter.page.locator(f"{PANEL} [data-key='chapter 08-pca']").inner_text()
    chapter.picture("panel-passed-light")
    write(chapter, slug, CHANGED)
    says(chapter, "pca.center", "changed", "↻")
    assert "0 of 9 (1 changed since)" in chapter.page.locator(f"{PANEL} [data-key='chapter 08-pca']").inner_text()
    write(chapter, slug, "# a comment changes nothing\n" + RIGHT)
    says(chapter, "pca.center", "passed", "✓")
    write(chapter, slug, CHANGED)
    says(chapter, "pca.center", "changed", "↻")
    chapter.run(slug)
    says(chapter, "pca.center", "passed", "✓")


def test_progress_made_elsewhere_is_seen_on_coming_back(chapter, english):
    with journal.looking_from(english.folder):
        journal.record("check", "pca.inverse", status="partly")
    come_back(chapter)
    says(chapter, "pca.inverse", "partly", "◐")


def test_the_notebook_is_not_touched(chapter, english):
    chapter.command("docmanager:save")
    saved = json.loads((english.folder / "08-pca.ipynb").read_text(encoding="utf-8"))
    assert "mml-lab" not in json.dumps(saved)
    for cell in saved["cells"]:
        ours = set(cell["metadata"].get("mmlearn_edu", {}))
        assert ours <= {"exercise", "slug", "sha256", "hide", "example"}, cell["metadata"]


def test_marks_follow_cells_that_are_copied_and_removed(chapter):
    chapter.cell(chapter.exercise("pca.transform"))
    for command, count in [("notebook:duplicate-below", ASKED + 1), ("notebook:delete-cell", ASKED)]:
        chapter.command(command)
        marks(chapter, "", count)


@pytest.mark.parametrize("theme", ["JupyterLab Dark", "JupyterLab Light"])
def test_axe_finds_nothing(chapter, theme):
    chapter.theme(theme)
    chapter.cell(chapter.exercise("pca.center"))
    chapter.picture(f"panel-{theme.split()[1].lower()}")
    found = chapter.violations(PANEL) + chapter.violations(".mml-lab-mark")
    chapter.theme("JupyterLab Light")
    assert found == []


@pytest.mark.parametrize("width", [1280, 640], ids=["wide", "zoomed to 200 %"])
def test_a_mark_hides_neither_code_nor_number(chapter, width):
    page, slug = chapter.page, chapter.exercise("pca.center")
    page.set_viewport_size({"width": width, "height": 900})
    page.wait_for_timeout(1000)
    cell = chapter.cell(slug)
    mark = cell.locator(".mml-lab-mark").bounding_box()
    for other in (".jp-InputArea-editor", ".jp-OutputArea-output"):
        box = cell.locator(other).first.bounding_box()
        apart = mark["x"] + mark["width"] <= box["x"] or mark["y"] + mark["height"] <= box["y"]
        assert apart, (other, mark, box)
    chapter.picture(f"mark-{width}", cell)
    page.set_viewport_size({"width": 1280, "height": 900})


def test_next_step_opens_the_notebook_at_the_cell(chapter):
    first = registry.exercises("00-start-here")[0]
    page = chapter.page
    assert first.id in page.locator(".mml-lab-next").inner_text()
    page.get_by_role("button", name="Go there").click()
    page.wait_for_function(AT_EXERCISE, arg=["00-start-here.ipynb", first.id], timeout=60_000)
    page.wait_for_function(IN_VIEW)
    page.wait_for_timeout(1000)
    assert page.evaluate(IN_VIEW), "it stays in view"
    chapter.picture("panel-next-step")
    chapter.command("docmanager:open", path="08-pca.ipynb")
    chapter.wait()


AT_EXERCISE = """([path, exercise]) => {
  const panel = jupyterapp.shell.currentWidget;
  if (panel?.context?.path !== path) return false;
  return panel.content.activeCell?.model.getMetadata("mmlearn_edu")?.exercise === exercise;
}"""
IN_VIEW = """() => {
  const { content } = jupyterapp.shell.currentWidget;
  const [cell, all] = [content.activeCell.node, content.node].map((node) => node.getBoundingClientRect());
  return cell.top >= all.top - 1 && cell.top < all.bottom;
}"""


def test_keyboard_alone_finds_the_panel_and_the_way(chapter):
    page = chapter.page
    chapter.command("filebrowser:activate")
    page.keyboard.press("ControlOrMeta+Shift+C")
    page.keyboard.type("Show the progress in the workbook")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.activeElement.dataset.key === 'next'")
    assert page.locator(PANEL).evaluate("node => node.scrollTop") == 0
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.dataset.key") == "chapter 10-kmeans":
            break
    chapter_10 = page.locator(f"{PANEL} [data-key='chapter 10-kmeans']")
    outline = chapter_10.evaluate("node => getComputedStyle(node).outlineStyle")
    assert outline == "solid", "the focus is to be seen"
    page.keyboard.press("Enter")  # unfolds
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    exercise = registry.exercises("10-kmeans")[0].id
    assert page.evaluate("() => document.activeElement.dataset.key") == exercise
    page.keyboard.press("Enter")
    page.wait_for_function(AT_EXERCISE, arg=["10-kmeans.ipynb", exercise], timeout=60_000)
    page.wait_for_function("() => jupyterapp.shell.currentWidget.node.contains(document.activeElement)")
    chapter.command("docmanager:open", path="08-pca.ipynb")
    chapter.wait()


def test_focus_stays_where_it_was_when_the_panel_is_drawn_anew(chapter, english):
    page = chapter.page
    page.locator(f"{PANEL} [data-key='chapter 08-pca']").focus()
    with journal.looking_from(english.folder):
        journal.record("check", "pca.transform", status="failed")
    come_back(chapter)
    marks(chapter, "not yet")
    assert page.evaluate("() => document.activeElement.dataset.key") == "chapter 08-pca"


def test_the_launcher_has_a_card_for_every_chapter(chapter):
    page = chapter.page
    chapter.command("launcher:create")
    cards = page.locator(".jp-LauncherCard[data-category='Workbook']")
    cards.first.wait_for()
    texts = [" ".join(text.split()) for text in cards.all_inner_texts()]
    assert len(texts) == len(registry.chapter_ids())
    assert texts[0] == "00 Start here: shapes, pairs, predictions · 45 min"
    pca = registry.chapter_ids().index("08-pca")
    assert " of 9" in texts[pca]
    cards.first.scroll_into_view_if_needed()
    chapter.picture("launcher-light")
    cards.nth(pca).press("Enter")
    page.wait_for_function("() => jupyterapp.shell.currentWidget?.context?.path === '08-pca.ipynb'")
    assert page.locator(".jp-Launcher").count() == 0


def test_another_tab_and_a_broken_progress_file(chapter, english):
    file = english.folder / ".mmlearn" / "progress.jsonl"
    kept = file.read_bytes()
    try:
        file.write_bytes(kept + b'\n{"format": 9, "event": "check", "id": "pca.center", "time": 1}\n\xff{{{\n')
        come_back(chapter)
        chapter.page.get_by_text("comes from a newer mmlearn-edu").wait_for()
        file.unlink()
        file.mkdir()
        come_back(chapter)
        chapter.page.get_by_text("cannot be read").wait_for()
        assert chapter.violations(PANEL) == []
        chapter.picture("panel-unreadable")
    finally:
        if file.is_dir():
            file.rmdir()
        file.write_bytes(kept)
    come_back(chapter)
    chapter.page.locator(f"{PANEL} .mml-lab-note").first.wait_for(state="hidden")


def test_a_silent_server_is_said_and_costs_nothing(english):
    notebook = english.open("08-pca.ipynb")
    marks(notebook, "passed")
    notebook.page.route("**/mmlearn-edu/progress*", lambda route: route.abort())
    notebook.command("mmlearn-edu:show")
    come_back(notebook)
    notebook.page.get_by_text("The server does not answer").wait_for()
    marks(notebook, "", ASKED)
    notebook.page.unroute("**/mmlearn-edu/progress*")
    come_back(notebook)
    notebook.page.get_by_text("The server does not answer").wait_for(state="hidden")


def test_it_can_be_switched_off_like_any_other_extension(english):
    setting = english.home / "config" / "labconfig" / "page_config.json"
    setting.parent.mkdir(parents=True)
    setting.write_text('{"disabledExtensions": {"mmlearn-edu:marks": true}}', encoding="utf-8")
    try:
        notebook = english.open("08-pca.ipynb")
        notebook.page.locator(f"{PANEL} h3").first.wait_for(state="attached")
        notebook.page.wait_for_timeout(1000)
        marks(notebook, "", 0)
        assert notebook.complaints == []
    finally:
        setting.unlink()


def test_chinese(chinese):
    notebook = chinese.open("08-pca.ipynb")
    marks(notebook, "待做", count=ASKED)
    notebook.command("mmlearn-edu:show")
    page = notebook.page
    assert page.locator(PANEL).get_attribute("lang") == "zh-Hans"
    page.get_by_role("button", name="前往").wait_for()
    notebook.run("imports")
    notebook.answer(notebook.exercise("pca.center"), RIGHT)
    marks(notebook, "通过")
    assert line(notebook, "pca.center")[-1] == "通过"
    for theme in ("JupyterLab Dark", "JupyterLab Light"):
        notebook.theme(theme)
        assert notebook.violations(PANEL) == []
        notebook.cell(notebook.exercise("pca.center"))
        notebook.picture(f"panel-chinese-{theme.split()[1].lower()}")
    notebook.command("launcher:create")
    page.locator(".jp-LauncherCard[data-category='学习手册']").first.wait_for()
    assert notebook.complaints == []
    assert notebook.strangers == []
