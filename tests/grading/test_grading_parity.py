"""The sandbox and the notebook's guard are two answerers of one judge: the same answer gets the same verdict."""

import inspect
import sys
import textwrap
import tomllib
from itertools import zip_longest
from pathlib import Path

import pytest

from mmlearn_edu.checks import registry
from mmlearn_edu.checks.adapters import adapted
from mmlearn_edu.checks.answerer import Value
from mmlearn_edu.checks.answers import facts_about, not_judged, value_of
from mmlearn_edu.checks.guard import guarded
from mmlearn_edu.checks.judge import judge
from mmlearn_edu.checks.source import answer_name, solution_source
from mmlearn_edu.grading.engine import Grader, seed_of
from mmlearn_edu.grading.submission import Cell, Submission

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the sandbox needs Linux")
TYPED = Path(__file__).parents[1] / "exercises" / "wrong_answers"
QUICK = ("00-start-here", "08-pca")
FACTS = {"name": "a", "student": "A", "origin": "a", "sha256": "0" * 64, "chapter": "", "versions": {}}
SEED = 5


def codes(chapter):
    """Yield dicts of exercise -> code of a cell: the solutions, then the first wrong answer of each, and so on."""
    wrong = tomllib.loads((TYPED / f"{chapter}.toml").read_text(encoding="utf-8"))
    every = {one.id: [*_solution(one), *_cells(one, wrong.get(one.id, ()))] for one in registry.exercises(chapter)}
    for row in zip_longest(*every.values()):
        yield {name: code for name, code in zip(every, row, strict=True) if code is not None}


def _solution(exercise):
    """A widget's is worked out from cells of the chapter; it is no answer by itself."""
    return [] if exercise.kind == "widget" else [solution_source(exercise)]


def _cells(exercise, blocks):
    for block in blocks:
        code = block["code"]
        if exercise.is_called:
            signature = inspect.signature(exercise.reference)
            code = f"def {answer_name(exercise)}{signature}:\n{textwrap.indent(code, '    ')}"
        yield code


def run_all(row, set_up):
    """Run the codes one after the other as a notebook would, and return the answers."""
    scope = {"__name__": "__main__"}
    exec(set_up, scope)
    answers = {}
    for exercise_id, code in row.items():
        exec(compile(code, f"<cell {exercise_id}>", "exec"), scope)
        answers[exercise_id] = scope[answer_name(registry.get(exercise_id))]
    return answers


def in_the_notebook(exercise, answer):
    refused = not_judged(exercise, facts_about(answer, exercise))
    if refused is not None:
        return refused
    if not exercise.is_called:
        return judge(exercise, Value(value_of(answer, exercise.kind)), seed_of(SEED, exercise.id), hidden=True)
    answerer = guarded(adapted(exercise, answer), exercise.time_limit)
    return judge(exercise, answerer, seed_of(SEED, exercise.id), hidden=True)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # answers divide by zero
@pytest.mark.filterwarnings("ignore:Using a target size:UserWarning")  # torch says so of an encoder alone, and raises
@pytest.mark.parametrize(
    "chapter",
    [pytest.param(slug, marks=[] if slug in QUICK else pytest.mark.slow) for slug in registry.chapter_ids()],
)
def test_the_sandbox_judges_as_the_notebook_does(chapter):
    different = []
    with Grader(chapter, seed=SEED) as grader:
        for row in codes(chapter):
            cells = tuple(Cell(f"c{n}", f"{code}\n", name) for n, (name, code) in enumerate(row.items()))
            result = grader.grade(Submission(cells=cells, kernel="", language="python", notes=(), **FACTS))
            answers = run_all(row, grader.handout.set_up(None))
            for found in result["exercises"]:
                if found["id"] not in row:
                    continue
                verdict = in_the_notebook(registry.get(found["id"]), answers[found["id"]])
                items = [(one.id, one.earned, one.problem) for one in verdict.items]
                theirs = [verdict.status, list(verdict.diagnosis), items]
                items = [(one["id"], one["earned"], one["problem"]) for one in found["items"]]
                ours = [found["status"], found["diagnosis"], items]
                if theirs != ours:
                    different.append((found["id"], row[found["id"]], theirs, ours, found["notes"], result["events"]))
    assert not different, "\n".join(map(str, different))
