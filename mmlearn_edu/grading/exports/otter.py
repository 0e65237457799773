"""Tests for otter-grader: one file an exercise, one test case an item of the verdict, so partial credit is the same.

The test files are otter's exception-based ones: what a test raises is what the student reads.

References
----------
otter-grader's test files: https://otter-grader.readthedocs.io/en/latest/test_files/
"""

import json
from collections.abc import Mapping

import numpy as np
from nbformat import NotebookNode

from mmlearn_edu.authoring.notebooks import to_bytes
from mmlearn_edu.checks.adapters import adapted
from mmlearn_edu.checks.answerer import Answerer, InPlace, Value
from mmlearn_edu.checks.exercise import Exercise
from mmlearn_edu.checks.judge import judge
from mmlearn_edu.checks.verdict import Item
from mmlearn_edu.grading.exports.beside import seed_of
from mmlearn_edu.grading.exports.plan import ExportError, Plan, readme, rewritten
from mmlearn_edu.grading.exports.wheel import requirements, wheel, wheel_name
from mmlearn_edu.grading.words import say

__all__ = ["files"]

_HEAD = '''"""{words}"""

from otter.test_files import test_case

from mmlearn_edu.grading.exports import item

OK_FORMAT = False

name = "{name}"
points = None
'''

_CASE = """

@test_case(name={label}, points={points!r}, hidden={hidden})
def test_{number}(env):
    {call}
"""


def files(plan: Plan) -> Mapping[str, bytes]:
    """Return the files of the folder by their paths.

    Parameters
    ----------
    plan : Plan

    Returns
    -------
    mapping of str to bytes
        ``student/CHAPTER.ipynb`` is handed out; the rest is what ``otter generate`` makes an autograder of.
    """
    chapter = plan.chapter
    config = {"show_all_public": True, "show_hidden": False, "show_stdout": False}
    more = f".mmlearn {wheel_name()}" + (" exercises" if plan.own else "")
    return {
        "README.md": readme(plan, "otter", wheel=wheel_name(), more=more),
        "otter_config.json": (json.dumps(config, indent=2) + "\n").encode(),
        "requirements.txt": requirements("/autograder/source/files").encode(),
        wheel_name(): wheel(),
        ".mmlearn/README.md": say("exports", "progress-here").encode(),
        f"student/{chapter}.ipynb": to_bytes(_tested(plan.handout)),
        f"solution/{chapter}.ipynb": to_bytes(_tested(plan.solution)),
        **{f"tests/{_name(exercise)}.py": _test_file(plan, exercise).encode() for exercise in plan.exercises},
        **plan.files_in("exercises"),
    }


def _name(exercise: str) -> str:
    return exercise.replace(".", "_")


def _tested(notebook: NotebookNode) -> NotebookNode:
    """Have otter run the tests of an exercise right behind its cell: there the name still is the student's."""
    return rewritten(notebook, _with_test)


def _with_test(cell: NotebookNode, exercise: str) -> list[NotebookNode]:
    cell.metadata["otter"] = {"tests": [_name(exercise)]}
    return [cell]


def _test_file(plan: Plan, exercise: str) -> str:
    items, shown = _items(plan, exercise)
    words = say("exports", "test-file", id=exercise)
    answer = f'env.get("{plan.name_of(exercise)}", ...)'
    cases = [
        _CASE.format(
            label=json.dumps(f"{number}. {item.name}", ensure_ascii=False),
            points=item.points,
            hidden=item.id not in shown,
            number=number,
            call=plan.call("item", exercise, answer, number, folder="exercises"),
        )
        for number, item in enumerate(items, start=1)
    ]
    return _HEAD.format(words=words, name=_name(exercise)) + "".join(cases)


def _items(plan: Plan, exercise: str) -> tuple[list[Item], set[str]]:
    """Return every item of the verdict, and the ids of those that a learner's own check has, too."""
    asked = plan.exercises[exercise]
    seed = seed_of(exercise, plan.seed)
    verdict = judge(asked, _right(asked), seed, hidden=True)
    if not verdict.passed:
        raise ExportError(say("exports", "reference-fails", id=exercise, verdict=verdict))
    shown = judge(asked, _right(asked), seed) if _keeps_back(asked) else verdict
    return list(verdict.items), {item.id for item in shown.items}


def _keeps_back(exercise: Exercise) -> bool:
    """Whether grading runs more than a learner's own check does; a chapter that trains takes its time."""
    cases = exercise.cases(np.random.default_rng(0), np.float64)
    return any(case.hidden for case in cases) or any(law.hidden for law in exercise.laws)


def _right(exercise: Exercise) -> Answerer:
    """Answer with the reference."""
    if exercise.is_called:
        return InPlace(adapted(exercise, exercise.reference))
    (case, *_) = exercise.cases(np.random.default_rng(0), np.float64)
    return Value(exercise.reference(*case.args, **case.kwargs))
