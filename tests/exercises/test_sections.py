"""Every exercise says which section explains it, and that section stands above it in the notebook."""

import re
from pathlib import Path

import pytest

from mmlearn_edu.checks import registry

SOURCES = Path(__file__).parents[2] / "notebooks" / "source"
EXERCISES = [(slug, exercise) for slug in registry.chapter_ids() for exercise in registry.exercises(slug)]


@pytest.mark.parametrize(("slug", "exercise"), EXERCISES, ids=lambda each: getattr(each, "id", each))
def test_the_section_is_a_heading_above_the_exercise(slug, exercise):
    text = (SOURCES / f"{slug.replace('-', '_')}.py").read_text(encoding="utf-8")
    above, _, _ = text.partition(f'exercise="{exercise.id}"')
    headings = re.findall(r"^# ##+ (.+)$", above, re.MULTILINE)
    assert exercise.section in headings
