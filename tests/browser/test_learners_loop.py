"""Wrong, wrong, hint, right, solution, stale: the learner's loop in a real JupyterLab, in English and in Chinese."""

import re

import pytest

from mmlearn_edu.checks import registry

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

WORDS = {
    "en": {
        "mistake": "You centred each sample. Centre each feature",
        "section": "Section “3 · By hand” of 08-pca explains it.",
        "hint": "Hint 1 of 3 for pca.center",
        "passed": "Right.",
        "solution": "One way to write it",
        "stale": r"08-pca.*\((\d+) changed since\)",
    },
    "zh": {
        "mistake": "你对每个样本做了中心化。",
        "section": "08-pca 的“3 · By hand”一节讲解了这一点。",
        "hint": "pca.center 的",
        "passed": "正确",
        "solution": "一种写法",
        "stale": r"08-pca.*（(\d+) 个改动过）",
    },
}


@pytest.fixture
def chapter(lab, server):
    """Open the chapter; put its file back afterwards, since the test saves it."""
    file = server.folder / "08-pca.ipynb"
    before = file.read_bytes()
    notebook = lab("08-pca.ipynb")
    yield notebook
    lab.leave(notebook)
    file.write_bytes(before)


@pytest.mark.parametrize("language", WORDS)
def test_wrong_wrong_hint_right_solution_stale(chapter, language, monkeypatch):
    monkeypatch.setenv("MMLEARN_LANG", language)
    words = WORDS[language]
    notebook = chapter
    slug = notebook.exercise("pca.center")
    stub = notebook.source(slug)
    start = f'import os\nos.environ["MMLEARN_LANG"] = "{language}"\n'
    notebook.answer("imports", f"{start}{notebook.source('imports')}")

    def say(source, name):
        cell = notebook.answer(slug, source)
        text = cell.locator(".jp-OutputArea").inner_text()
        notebook.picture(f"loop-{language}-{name}", cell)
        return cell, text

    cell, text = say(stub.replace("axis=...", "axis=1, keepdims=True"), "wrong")
    assert words["mistake"] in text
    assert registry.get("pca.center").mistakes[0].message.split(".")[0] in text
    assert cell.locator(".mmlearn-verdict").get_attribute("lang") == {"en": "en", "zh": "zh-Hans"}[language]
    _, text = say('def center(X):\n    return X.tolist().nothing\n\ncheck("pca.center", center)', "wrong-again")
    assert "AttributeError" in text
    _, text = say('hint("pca.center")', "hint")
    assert words["hint"] in text
    right = 'def center(X):\n    return X - X.mean(0)\n\ncheck("pca.center", center)'
    _, text = say(right, "right")
    assert words["passed"] in text
    _, text = say('solution("pca.center")', "solution")
    assert words["solution"] in text
    assert "+" in text

    def n_stale():  # other tests may have left passes in this folder whose notebook was never saved
        notebook.command("docmanager:save")
        notebook.answer("imports", "print(progress())")
        found = re.search(words["stale"], notebook.outputs("imports")[0]["text"])
        return int(found.group(1)) if found else 0

    notebook.answer(slug, right)
    before = n_stale()
    notebook.answer(slug, right.replace("X - ", "1.0 * X - ").partition("check(")[0])  # changed, run, not checked
    assert n_stale() == before + 1
    assert notebook.exceptions() == []
    assert notebook.complaints == []
    assert notebook.strangers == []


def test_the_link_leads_to_the_section(chapter):
    notebook = chapter
    notebook.run("imports")
    slug = notebook.exercise("pca.center")
    cell = notebook.answer(slug, 'def center(X):\n    return X - X.mean()\n\ncheck("pca.center", center)')
    heading = notebook.page.get_by_role("heading", name="3 · By hand")
    cell.get_by_role("link").click()
    heading.wait_for(state="visible")
    notebook.page.wait_for_timeout(500)
    assert heading.is_visible()
    top = heading.bounding_box()["y"]
    assert 0 <= top < notebook.page.viewport_size["height"]
    notebook.picture("loop-section")
    assert notebook.complaints == []
