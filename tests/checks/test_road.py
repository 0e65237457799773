"""The road: every chapter stands on it once, and the README tells the same."""

import re
from pathlib import Path

from mmlearn_edu.checks import registry
from mmlearn_edu.checks.messages import catalogue
from mmlearn_edu.checks.road import ROAD

README = Path(__file__).parents[2] / "README.md"
STOPS = [slug for slugs in ROAD.values() for slug in slugs]


def test_chapters_stand_on_the_road_in_their_order():
    assert sorted(set(STOPS)) == STOPS
    assert [slug for slug in STOPS if slug in registry.CHAPTERS] == registry.chapter_ids()


def test_every_stage_and_chapter_has_words_and_no_words_are_left_over():
    ids = {f"stage-{stage}" for stage in ROAD} | {f"road-{slug}" for slug in STOPS}
    assert ids == {name for name in catalogue("en") if name.startswith(("stage-", "road-"))}


def test_the_readme_has_the_same_map():
    rows = re.findall(r"^\| ([●○]) \|.* `(\d\d-[\w-]+)`.* \| ([^|]+) \|$", README.read_text("utf-8"), re.MULTILINE)
    assert [slug for _, slug, _ in rows] == STOPS
    assert {slug: words for _, slug, words in rows} == {slug: catalogue("en")[f"road-{slug}"] for slug in STOPS}
    assert [slug for sign, slug, _ in rows if sign == "●"] == registry.chapter_ids()
