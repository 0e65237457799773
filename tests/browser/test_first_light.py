"""A newcomer opens a chapter: everything runs, mistakes are named, right answers pass, the widget's task counts.

One chapter is walked through as it is; the tasks of the others' widgets stand together in a notebook of their own.
That every chapter runs untouched is seen in tests/notebooks, its page in tests/export; here by `make test-full`.
"""

import itertools
import re

import pytest

from mmlearn_edu.checks import registry
from mmlearn_edu.checks.authoring import answer_name
from tests.browser.lab import write_notebook

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

WALKED = "08-pca"
CHAPTERS = [pytest.param(slug, marks=[pytest.mark.slow] * (slug != WALKED), id=slug) for slug in registry.chapter_ids()]
# the widgets whose tasks the chapters set, with the data of the checks
TASKS = {
    "imports": (
        "from mmlearn_edu.checks import check, registry\n"
        "from mmlearn_edu.exercises import ch04_images, ch10_kmeans\n"
        "from mmlearn_edu.widgets import broadcast_shapes, drag_centroids, edit_document, move_threshold, resolve_tones"
    ),
    "shapes": "shapes = broadcast_shapes()\nshapes",
    "words": (
        'page, rarity = registry.get("tfidf.top_word").cases(None, None)[0].args\n'
        'words = edit_document(page, rarity, goal="the")\nwords'
    ),
    "hue": (
        "photograph, truth = ch04_images.flower()\n"
        "closeness = ch04_images._closeness()\n"
        'task = {"metrics": ["iou"], "goal": ("iou", 0.9), "names": ("leaf", "flower")}\n'
        'hue = move_threshold(truth.ravel(), closeness.ravel(), label="closeness in hue", **task)\nhue'
    ),
    "tones": "tones = resolve_tones((440, 460), 8000)\ntones",
    "clouds": "clouds = drag_centroids(ch10_kmeans._islands()[0].points, k=4)\nclouds",
    "answer": "",
}


@pytest.fixture(scope="module")
def chapters(lab):
    """Return a function that opens a chapter, once, with every cell run."""
    opened = {}

    def chapter(name):
        if name not in opened:
            opened[name] = lab(f"{name}.ipynb")
            opened[name].run_all()
        return opened[name]

    return chapter


@pytest.fixture(scope="module")
def tasks(lab, server):
    """Return the notebook of the tasks, run."""
    write_notebook(server.folder / "tasks 任务.ipynb", TASKS)
    notebook = lab("tasks 任务.ipynb")
    notebook.run_all()
    assert notebook.exceptions() == []
    yield notebook
    assert notebook.complaints == []
    assert notebook.strangers == []


def verdicts(notebook):
    """Return the verdicts that stand in the notebook now: exercise -> verdict."""
    found = [
        output["data"].get("application/vnd.mmlearn.verdict+json") for output in notebook.outputs() if "data" in output
    ]
    return {verdict["id"]: verdict for verdict in found if verdict}


def code(exercise, variable):
    """Return what a learner types to hand a variable in."""
    name = answer_name(registry.get(exercise))
    return f'{name} = {variable}\n\ncheck("{exercise}", {name})'


def test_start_opens_the_first_chapter(server, chromium, said_address):
    assert str(server.address.rpartition(":")[2]) in said_address
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{said_address.split('?')[0]}?token=a-test&reset")
    page.wait_for_function(
        "() => window.jupyterapp?.shell?.currentWidget?.context?.path === '00-start-here.ipynb'", timeout=120_000
    )
    assert page.get_by_text("news").count() == 0, "no prompt asks to fetch news"
    context.close()


@pytest.mark.parametrize("name", CHAPTERS)
def test_chapter_runs_untouched(chapters, name):
    notebook = chapters(name)
    assert notebook.exceptions() == []
    asked = {exercise.id for exercise in registry.exercises(name)}
    assert {id for id, verdict in verdicts(notebook).items() if verdict["status"] == "not attempted"} == asked
    assert notebook.complaints == []
    assert notebook.strangers == []
    for output in notebook.outputs():
        assert output.get("name") != "stderr", output


def test_a_document_is_edited_until_a_common_word_is_on_top(tasks):
    widget = tasks.cell("words")
    button = widget.get_by_role("button", name="Add ‘the’ at the end")
    for _ in range(7):
        button.click()
    cell = tasks.answer("answer", code("tfidf.top_word", "words"))
    assert verdicts(tasks)["tfidf.top_word"]["status"] == "failed"
    assert cell.get_by_text("‘image’ is still on top").is_visible()
    tasks.cell("words")
    button.click()
    tasks.picture("top-word-light", tasks.cell("words"))
    tasks.theme("JupyterLab Dark")
    tasks.picture("top-word-dark", tasks.cell("words"))
    tasks.theme("JupyterLab Light")
    tasks.answer("answer", code("tfidf.top_word", "words"))
    assert verdicts(tasks)["tfidf.top_word"]["status"] == "passed"


def test_a_flower_is_found_by_its_hue_by_keyboard(tasks):
    slider = tasks.cell("hue").locator(".mml").get_by_role("slider").first
    slider.focus()
    for _ in range(7):
        tasks.page.keyboard.press("PageUp")
    assert "intersection over union 0.9" in slider.get_attribute("aria-valuetext")
    tasks.answer("answer", code("images.find_threshold", "hue"))
    assert verdicts(tasks)["images.find_threshold"]["status"] == "passed"


def test_two_tones_are_separated_by_keyboard(tasks):
    slider = tasks.cell("tones").get_by_role("slider")
    slider.focus()
    for key in ["Home", "PageUp", "PageUp", *3 * ["ArrowRight"]]:
        tasks.page.keyboard.press(key)
    cell = tasks.answer("answer", code("sound.separate_tones", "tones"))
    assert verdicts(tasks)["sound.separate_tones"]["diagnosis"] == ["one-step-short"]
    assert cell.get_by_text("the valley is not yet 3 dB deep").first.is_visible()
    tasks.cell("tones")
    slider.press("ArrowRight")
    tasks.answer("answer", code("sound.separate_tones", "tones"))
    assert verdicts(tasks)["sound.separate_tones"]["status"] == "passed"


def test_wrong_answer_is_named_and_right_answer_passes(chapters):
    notebook = chapters(WALKED)
    slug = notebook.exercise("pca.center")
    stub = notebook.source(slug)
    cell = notebook.answer(slug, stub.replace("axis=...", "axis=1, keepdims=True"))
    assert verdicts(notebook)["pca.center"]["diagnosis"] == ["centred-rows"]
    assert cell.get_by_text("You centred each sample. Centre each feature").is_visible()
    notebook.picture("verdict-failed-light", cell)
    notebook.theme("JupyterLab Dark")
    notebook.picture("verdict-failed-dark", notebook.cell(slug))
    notebook.theme("JupyterLab Light")
    cell = notebook.answer(slug, stub.replace("axis=...", "axis=0"))
    assert verdicts(notebook)["pca.center"]["status"] == "passed"
    assert cell.locator(".mmlearn-verdict[data-status=passed]").is_visible()
    notebook.picture("verdict-passed-light", cell)


@pytest.mark.parametrize("theme", ["JupyterLab Dark", "JupyterLab Light"])
def test_axe_finds_nothing_in_a_verdict(chapters, theme):
    notebook = chapters(WALKED)
    slug = notebook.exercise("pca.center")
    notebook.answer(slug, 'def center(X):\n    return X - X.mean()\n\ncheck("pca.center", center)')
    notebook.theme(theme)
    assert notebook.violations(f"#cell-{slug} .mmlearn-verdict") == []


def test_task_of_the_axis_is_done_by_keyboard(chapters):
    notebook = chapters(WALKED)
    page, widget = notebook.page, notebook.cell("turn").locator(".mml")
    before = widget.locator(".mml-rod").get_attribute("x2")
    widget.get_by_role("slider").focus()
    _turn_to_the_top(page, widget.get_by_role("slider"))
    assert widget.locator(".mml-rod").get_attribute("x2") != before
    notebook.picture("chapter-08-turned", notebook.cell("turn"))
    notebook.answer(notebook.exercise("pca.turn_axis"), code("pca.turn_axis", "turning"))
    assert verdicts(notebook)["pca.turn_axis"]["status"] == "passed"


def _turn_to_the_top(page, slider):
    """Climb in steps of ten degrees over the whole range, then go back to the best of them and climb by one."""
    shares = {}
    for key in ["Home", *["PageUp"] * 17]:
        page.keyboard.press(key)
        degrees, share = re.match(r"(\d+) degrees, ([\d.]+) %", slider.get_attribute("aria-valuetext")).groups()
        shares[int(degrees)] = float(share)
    best = max(shares, key=shares.get)
    for key in ["Home", *["PageUp"] * (best // 10), *["ArrowLeft"] * 10]:
        page.keyboard.press(key)
    before = -1.0
    while (share := float(re.search(r"([\d.]+) %", slider.get_attribute("aria-valuetext"))[1])) >= before:
        before = share
        page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")


def test_shape_is_reached_by_keyboard(tasks):
    widget = tasks.cell("shapes").locator(".mml")
    widget.get_by_label("Shape of a").fill("(5, 1)")
    tasks.page.keyboard.press("Tab")
    tasks.page.keyboard.press("ControlOrMeta+A")
    tasks.page.keyboard.type("(5,)")
    tasks.answer("answer", code("start.reach_shape", "shapes"))
    assert verdicts(tasks)["start.reach_shape"]["status"] == "passed"


def test_lloyd_is_beaten_by_keyboard(tasks):
    widget = tasks.cell("clouds").locator(".mml")
    assert widget.locator(".mml-verdict").inner_text().startswith("Not below Lloyd yet. Aim below")
    before = widget.locator(".mml-handle").first.get_attribute("style")
    handles = widget.get_by_role("slider")
    for number, key in itertools.product(range(handles.count()), ["ArrowRight", "ArrowUp", "ArrowLeft", "ArrowDown"]):
        handles.nth(number).focus()  # push one centroid far out of its cluster, then let Lloyd's algorithm settle
        for _ in range(8):
            tasks.page.keyboard.press(f"Shift+{key}")
        for _ in range(15):
            widget.get_by_role("button", name="Lloyd step").press("Enter")
        if "✓" in widget.locator(".mml-verdict").inner_text():
            break
    assert widget.locator(".mml-handle").first.get_attribute("style") != before
    assert widget.locator(".mml-verdict").inner_text() == "✓ You beat Lloyd."
    tasks.picture("chapter-10-beaten", tasks.cell("clouds"))
    tasks.answer("answer", code("kmeans.beat_lloyd", "clouds"))
    assert verdicts(tasks)["kmeans.beat_lloyd"]["status"] == "passed"


def test_progress_is_kept_in_the_folder(chapters, server):
    chapters(WALKED)
    kept = (server.folder / ".mmlearn" / "progress.jsonl").read_text(encoding="utf-8")
    assert '"pca.center"' in kept
