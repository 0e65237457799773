"""The gallery in a real JupyterLab: every explorable there is, together, in both themes and at 200 % zoom."""

import pytest

from mmlearn_edu import widgets

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

SIDEWAYS = """() => [...document.querySelectorAll(".mml")]
  .filter((each) => each.scrollWidth > each.clientWidth + 1).map((each) => each.textContent.slice(0, 40))"""


@pytest.fixture(scope="module")
def gallery(lab):
    opened = lab("90-gallery.ipynb", width=640, height=800, scale=2)  # 1280 pixels, twice as large
    opened.run_all()
    assert opened.exceptions() == []
    return opened


def test_every_explorable_is_there_and_awaits_an_answer(gallery):
    every = {name for name in widgets.__all__ if isinstance(getattr(widgets, name), type)} - {"LabelledSlider"}
    gallery.page.wait_for_function("count => document.querySelectorAll('.mml').length >= count", arg=len(every))
    gallery.run("answers")
    told = dict(line.split()[:2] for line in gallery.outputs("answers")[0]["text"].splitlines())
    assert told == dict.fromkeys(every, "None")


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_axe_finds_nothing_and_nothing_is_cut_off(gallery, theme):
    gallery.theme(theme)
    assert gallery.violations(".mml") == []
    assert gallery.page.evaluate(SIDEWAYS) == []
    gallery.picture(f"gallery-{theme.split()[-1].lower()}", gallery.cell("threshold"))


def test_nothing_was_complained_about_and_no_other_machine_asked(gallery):
    assert gallery.complaints == []
    assert gallery.strangers == []
