"""Every chapter has its picture, as the script draws it today, in both themes, in the README and on the page."""

import importlib.util
import re
from pathlib import Path

import numpy as np
import pytest

from mmlearn_edu.checks import registry
from mmlearn_edu.progress_page.road_map import PICTURES, picture

ROOT = Path(__file__).parents[2]
AGAIN = "run `.venv/bin/python tools/chapter_pictures.py`, look at the pictures, and commit them"
NUMBER = re.compile(r"-?\d+\.\d+")


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("chapter_pictures", ROOT / "tools" / "chapter_pictures.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_chapter_has_a_picture_and_no_picture_is_left_over(script):
    chapters = registry.chapter_ids()
    assert sorted(script.PICTURES) == chapters, "write a function for the new chapter in tools/chapter_pictures.py"
    kept = sorted(path.name for path in PICTURES.iterdir())
    assert kept == sorted(f"{slug}.{theme}.svg" for slug in chapters for theme in script.THEMES), AGAIN


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("slug", registry.chapter_ids())
def test_the_picture_is_what_the_script_draws_today(script, slug, theme):
    """Text for text; a coordinate may differ in its last digit, as another linear algebra library may round."""
    kept, drawn = (PICTURES / f"{slug}.{theme}.svg").read_text("utf-8"), script.drawn(slug, theme)
    assert NUMBER.sub("", drawn) == NUMBER.sub("", kept), f"the picture is stale: {AGAIN}"
    numbers = [np.array(NUMBER.findall(text), dtype=float) for text in (drawn, kept)]
    np.testing.assert_allclose(*numbers, atol=0.11, err_msg=f"the picture is stale: {AGAIN}")
    assert len(kept.encode()) < 40_000


def test_two_runs_draw_the_same_bytes(script):
    slug = registry.chapter_ids()[0]
    assert script.drawn(slug, "light") == script.drawn(slug, "light")
    assert script.drawn(slug, "light") != script.drawn(slug, "dark")


@pytest.mark.parametrize("slug", registry.chapter_ids())
def test_the_readme_shows_it_in_both_themes_with_words(slug):
    readme = (ROOT / "README.md").read_text("utf-8")
    row = next(line for line in readme.splitlines() if line.startswith(f"| ● | `{slug}`"))
    folder = PICTURES.relative_to(ROOT).as_posix()
    assert f'media="(prefers-color-scheme: dark)" srcset="{folder}/{slug}.dark.svg"' in row
    assert re.search(rf'<img src="{folder}/{slug}\.light\.svg" width="\d+" alt="[^"]{{20,}}">', row)


@pytest.mark.parametrize("slug", registry.chapter_ids())
def test_the_page_shows_it_in_its_own_colours(slug):
    drawn = picture(slug)
    assert drawn.startswith('<svg class="picture" aria-hidden="true" xmlns=')
    assert drawn.endswith("</svg>")
    assert not re.search("<style|<title|#[0-9a-f]{6}", drawn)
    style = (PICTURES.parent / "style.css").read_text("utf-8")
    assert all(f".{name}" in style for name in re.findall(r'class="(\w+)"', drawn) if name != "picture")


def test_a_chapter_without_a_picture_is_no_error():
    assert picture("99-none") == ""
