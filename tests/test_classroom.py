"""The made-up class of benchmarks/classroom.py: the same for the same seed, and its answers are what it says."""

import contextlib
import itertools
import re
import subprocess
import sys
import tomllib
from collections import Counter

import nbformat
import numpy as np
import pytest

from benchmarks import classroom
from mmlearn_edu.checks import registry
from mmlearn_edu.checks.adapters import adapted
from mmlearn_edu.checks.answerer import InPlace
from mmlearn_edu.checks.judge import judge
from mmlearn_edu.checks.learner import verdict_of
from mmlearn_edu.checks.source import answer_name
from mmlearn_edu.exercises import ch08_pca

CHAPTER = "08-pca"


def cells(hand_in):
    return {cell["id"]: "".join(cell["source"]) for cell in hand_in.notebook["cells"]}


def test_the_same_seed_is_the_same_class():
    assert classroom.classroom(CHAPTER, 20, 3) == classroom.classroom(CHAPTER, 20, 3)
    assert classroom.classroom(CHAPTER, 20, 3) != classroom.classroom(CHAPTER, 20, 4)


def test_a_class_of_twenty_has_every_kind_of_hand_in():
    hand_ins = classroom.classroom(CHAPTER, 20)
    assert Counter(one.kind for one in hand_ins) == Counter(classroom.KINDS)
    assert len({one.folder for one in hand_ins}) == 20
    for hand_in in hand_ins:
        nbformat.validate(nbformat.from_dict(hand_in.notebook))
        kinds = {"all right": {"right", "other"}, "untouched": {"untouched"}}
        assert set(hand_in.answers.values()) <= kinds.get(hand_in.kind, set(classroom.HOW))


def test_the_hostile_leave_the_others_as_they_are():
    peaceful, mixed = (classroom.classroom(CHAPTER, 60, 0, share) for share in (0, 0.2))
    assert sum(one.hostile for one in mixed) == 12
    assert {way for one in mixed for way in one.answers.values()} >= set(classroom.BOMBS)
    for before, after in zip(peaceful, mixed, strict=True):
        assert before.folder == after.folder
        changed = [name for name, source in cells(after).items() if cells(before)[name] != source]
        assert len(changed) == after.hostile


def verdict_on(exercise, answer):
    if not exercise.is_called:
        return verdict_of(exercise, answer, 1)
    return judge(exercise, InPlace(adapted(exercise, answer)), 1)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # some answers divide by zero
def test_answers_are_as_right_as_it_says():
    given = next(cells(one) for one in classroom.classroom(CHAPTER, 20) if one.kind == "untouched")
    for hand_in in classroom.classroom(CHAPTER, 20):
        scope = {"np": np, "check": lambda *_: None, "halves": ch08_pca._halves()}
        for exercise_id, way in hand_in.answers.items():
            exercise, name = registry.get(exercise_id), f"ex-{exercise_id[4:].replace('_', '-')}"
            with contextlib.suppress(TypeError):  # a blank in a cell raises
                exec(cells(hand_in)[name], scope)
            answer = scope.get(answer_name(exercise))
            status = verdict_on(exercise, answer).status
            assert (status == "passed") == (way in ("right", "other")), (exercise_id, way)
            assert (cells(hand_in)[name] == given[name]) == (way == "untouched"), (exercise_id, way)


def test_every_other_right_answer_is_used():
    known = tomllib.loads(classroom.RIGHT.read_text(encoding="utf-8"))
    assert set(known) == {one.id for one in registry.exercises(CHAPTER)}
    typed = "".join("".join(cells(one).values()) for one in classroom.classroom(CHAPTER, 60))
    for block in itertools.chain(*known.values()):
        assert block["code"].strip().splitlines()[-1].strip() in typed


def test_it_writes_folders_as_a_learning_platform_names_them(tmp_path):
    command = [sys.executable, classroom.__file__, CHAPTER, "3", str(tmp_path / "class")]
    said = subprocess.run(command, capture_output=True, text=True, check=True, encoding="utf-8").stdout
    assert said.startswith("3 hand-ins of 08-pca in ")
    found = sorted((tmp_path / "class").rglob("*.*"))
    assert [path.name for path in found] == ["08-pca.ipynb"] * 3
    assert all(re.fullmatch(r"\w+ \w+_\d{7}_assignsubmission_file_", path.parent.name) for path in found)
    again = subprocess.run(command, capture_output=True, text=True, check=False)
    assert again.returncode == 1
    assert "is not empty: name a new folder" in again.stderr


@pytest.mark.parametrize("chapter", registry.chapter_ids())
def test_every_chapter_can_have_a_class(chapter):
    for hand_in in classroom.classroom(chapter, 20, hostile=0.1):
        for cell in hand_in.notebook["cells"]:
            if cell["cell_type"] == "code":
                compile("".join(cell["source"]), cell["id"], "exec")
