"""Wrong answers as learners type them: the check names what is wrong, and says it in both languages."""

import inspect
import itertools
import re
import sys
import textwrap
import tomllib
from pathlib import Path

import numpy as np
import pytest

from mmlearn_edu.checks import registry
from mmlearn_edu.checks.adapters import adapted
from mmlearn_edu.checks.answerer import InPlace
from mmlearn_edu.checks.judge import judge
from mmlearn_edu.checks.learner import verdict_of
from mmlearn_edu.checks.source import answer_name
from mmlearn_edu.clustering import KMeans

FOLDER = Path(__file__).parent / "wrong_answers"
HAN = re.compile(r"[\u4e00-\u9fff]")
ANSWERS = {
    exercise_id: blocks
    for slug in registry.chapter_ids()
    for exercise_id, blocks in tomllib.loads((FOLDER / f"{slug}.toml").read_text(encoding="utf-8")).items()
}
EACH = [
    pytest.param(exercise_id, block, id=f"{exercise_id}-{number}")
    for exercise_id, blocks in ANSWERS.items()
    for number, block in enumerate(blocks)
]


def typed(exercise, code):
    """Return what a learner's cell would hand to ``check``: the function, or the value."""
    name = answer_name(exercise)
    if exercise.is_called:
        code = f"def {name}{inspect.signature(exercise.reference)}:\n{textwrap.indent(code, '    ')}"
    chapter = vars(sys.modules[exercise.reference.__module__])
    scope = {key: value for key, value in chapter.items() if not key.startswith("_")}
    scope |= {"np": np, "itertools": itertools, "KMeans": KMeans}
    exec(code, scope)
    return scope[name]


def verdict_on(exercise_id, code):
    exercise = registry.get(exercise_id)
    answer = typed(exercise, code)
    if not exercise.is_called:
        return verdict_of(exercise, answer, 1)
    return judge(exercise, InPlace(adapted(exercise, answer)), 1)


@pytest.mark.parametrize("exercise_id", [one.id for slug in registry.chapter_ids() for one in registry.exercises(slug)])
def test_every_exercise_was_answered_wrongly_five_times(exercise_id):
    assert len(ANSWERS.get(exercise_id, [])) >= 5, f"type five wrong answers into {FOLDER.name}/, as a newcomer would"


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # answers divide by zero
@pytest.mark.parametrize(("exercise_id", "block"), EACH)
def test_the_check_names_what_is_wrong(exercise_id, block):
    verdict = verdict_on(exercise_id, block["code"])
    assert not verdict.passed
    if "named" in block:
        assert verdict.diagnosis[:1] == [block["named"]], str(verdict)
    else:
        assert not verdict.diagnosis, str(verdict)
        assert block["problem"] in [item.problem for item in verdict.items], str(verdict)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(("exercise_id", "block"), [each for each in EACH if "problem" in each.values[1]])
def test_what_has_no_name_is_explained_in_chinese_too(exercise_id, block, monkeypatch):
    monkeypatch.setenv("MMLEARN_LANG", "zh")
    verdict = verdict_on(exercise_id, block["code"])
    for item in verdict.items:
        assert not item.message or HAN.search(item.message), item.message
