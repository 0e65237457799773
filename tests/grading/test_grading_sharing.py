"""Which answers run in one child, and that nobody gains or loses a mark by it."""

import ast
import sys

import pytest

from mmlearn_edu._resources import resource
from mmlearn_edu.checks import registry
from mmlearn_edu.checks.drawn import Drawn
from mmlearn_edu.grading.engine import Grader
from mmlearn_edu.grading.handout import Handout
from mmlearn_edu.grading.judging import Judging
from mmlearn_edu.grading.plan import Plan, Step
from mmlearn_edu.grading.sandbox.effects import remembers, stirs
from mmlearn_edu.grading.sandbox.reading import analyse
from mmlearn_edu.grading.sandbox.talk import Talk
from mmlearn_edu.grading.sandbox.trees import nodes_of
from mmlearn_edu.grading.seen import seen_in
from mmlearn_edu.grading.sharing import Shared, joined
from mmlearn_edu.grading.submission import Cell, Submission, read_submission

CENTER = Cell("c", 'def center(X):\n    return X - X.mean(axis=0)\ncheck("pca.center", center)')
INVERSE = Cell("i", 'def inverse(Z, mean, axes):\n    return Z @ axes + mean\ncheck("pca.inverse", inverse)')
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the sandbox needs Linux")


def both(*cells, seen=(frozenset(), frozenset())):
    plan = Plan(Handout.of("08-pca"), cells, [analyse(cell.source) for cell in cells])
    return [Shared(plan, name, data) for name, data in zip(("pca.center", "pca.inverse"), seen, strict=True)]


def bear_each_other(*cells, **how):
    one, other = both(*cells, **how)
    assert one.bears(other) is other.bears(one)
    return one.bears(other)


def test_two_plain_answers_share_a_child():
    assert bear_each_other(CENTER, INVERSE)


def test_answers_that_are_shown_the_same_data_do_not():
    assert not bear_each_other(CENTER, INVERSE, seen=(frozenset({b"X"}), frozenset({b"X", b"Z"})))


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("def shifted(X):\n    return X", "a helper of the same name"),
        ("import math as np", "an import under a name that the other reads"),
        ("np.random.seed(0)", "a library's state is changed"),
        ("center = lambda X: X", "the other's answer is bound again"),
        ("exec('center = None')", "nobody sees what is bound"),
        ("setattr(np, 'mean', None)", "nor what is changed"),
    ],
)
def test_an_answer_whose_cell_touches_what_the_other_reads_does_not(code, why):
    helper = "def shifted(X):\n    return X - np.mean(X, axis=0)\n"
    helped = Cell("c", f'{helper}def center(X):\n    return shifted(X)\ncheck("pca.center", center)')
    other = Cell("i", f"{code}\n{INVERSE.source}")
    assert not bear_each_other(helped, other), why


def test_a_library_that_one_needs_and_the_other_forbids_parts_them():
    uses = Cell("i", f"from sklearn.decomposition import PCA\n{INVERSE.source}")
    one, other = both(CENTER, uses)
    assert any("sklearn.decomposition".startswith(ban) for ban in one.forbids)
    assert not other.bears(one)


def test_a_helper_below_its_use_keeps_the_order_of_one_exercise_alone():
    answer = Cell("a", 'def center(X):\n    return moved(X)\ncheck("pca.center", center)')
    one, other = both(answer, INVERSE, Cell("h", "def moved(X):\n    return X - X.mean(axis=0)"))
    assert one.alone
    assert not other.alone


def test_cells_run_once_and_in_the_order_of_the_notebook():
    one, other = both(CENTER, INVERSE)
    one.steps, other.steps = [Step(0, imports_only=True), Step(3)], [Step(0), Step(2)]
    assert joined([one, other]) == [Step(0), Step(2), Step(3)]


def test_exercises_on_the_same_data_are_found():
    seen = {one.id: seen_in(Drawn(one, 5)) for one in registry.exercises("10-kmeans")}
    assert not seen["kmeans.update"].isdisjoint(seen["kmeans.loop"])
    pca = [seen_in(Drawn(one, 5)) for one in registry.exercises("08-pca")]
    assert sum(map(len, pca)) == len(frozenset().union(*pca))


# -------------------------------------------------------------------------------------------------------- whole


@pytest.fixture(scope="module")
def grader():
    with Grader("08-pca", seed=1) as made:
        yield made


@pytest.fixture
def children(monkeypatch):
    """Return a list that grows by one with every child."""
    started = []
    begin = Talk.__init__
    monkeypatch.setattr(Talk, "__init__", lambda talk, launched: (started.append(launched), begin(talk, launched))[1])
    return started


def graded(grader, *cells):
    facts = {"versions": {}, "chapter": "08-pca", "kernel": "python3", "language": "python", "notes": ()}
    named = {"name": "a", "student": "A", "origin": "a.ipynb", "sha256": "0" * 64}
    return grader.grade(Submission(cells=cells, **named, **facts))


def scores(result):
    return {row["id"]: row["score"] for row in result["exercises"] if row["status"] != "not attempted"}


@linux
def test_all_that_passes_takes_one_child(grader, children):
    assert scores(graded(grader, CENTER, INVERSE)) == {"pca.center": 1.0, "pca.inverse": 2.0}
    assert len(children) == 1


@linux
def test_the_whole_solution_takes_one_child_for_each_sandbox(grader, children):
    data = resource("notebooks", "solutions", "08-pca.ipynb").read_bytes()
    result = grader.grade(read_submission(data, "s", "S", "s.ipynb"))
    assert result["score"] == result["points"]
    assert len(children) <= 2


@linux
def test_a_mistake_with_a_name_stands_and_one_without_is_tried_alone(grader, children):
    named = Cell("c", CENTER.source.replace("axis=0", "axis=1, keepdims=True"))
    found = graded(grader, named, INVERSE)
    assert found["exercises"][0]["diagnosis"] == ["centred-rows"]
    assert len(children) == 1
    graded(grader, Cell("c", CENTER.source.replace("return X", "return 7 * X")), INVERSE)
    assert len(children) == 3


@linux
@pytest.mark.parametrize(
    "harm",
    [
        "np.__dict__['matmul'] = np.__dict__['add'] = None; import os; os._exit(1)",
        "type(inverse)",  # a name of the other answer's
        "globals().clear()",
        "import sys; [sys.modules.pop(name) for name in [*sys.modules] if name.startswith('mmlearn_edu')]",
        "import gc; [one.clear() for one in gc.get_objects() if type(one) is dict and 'inverse' in one]",
    ],
)
def test_what_an_answer_does_to_the_child_costs_no_other_a_mark(grader, harm):
    harmful = Cell("c", CENTER.source.replace("    return", f"    {harm}\n    return"))
    assert scores(graded(grader, harmful, INVERSE))["pca.inverse"] == 2.0


@linux
def test_events_of_a_try_that_does_not_stand_are_not_told(grader):
    dies = CENTER.source.replace("    return", "    import os; os._exit(1)\n    return")
    dying = Cell("c", dies)
    told = [graded(grader, *cells)["events"] for cells in ((dying,), (dying, INVERSE))]
    assert told[0] == told[1]
    assert "died" in {event["kind"] for event in told[0]}


# ------------------------------------------------------------------------------------ the same as one after the other

AXIS = Cell("h", "axis = 0")
AXES = Cell("h", "axes_of = {'center': 0}")
WITH_AXIS = Cell("c", CENTER.source.replace("axis=0", "axis=axis, keepdims=True"))
WITH_AXES = Cell("c", CENTER.source.replace("axis=0", "axis=axes_of['center'], keepdims=True"))
WITH_MEAN = Cell("c", CENTER.source.replace("X.mean(", "mean(X, "))
WITH_NUMPY = Cell("c", CENTER.source.replace("X.mean(", "np.mean(X, "))


def top(code):
    return Cell("i", f"{code}\n{INVERSE.source}")


def inside(answer, code):
    return Cell(answer.id, answer.source.replace("    return", f"    {code}\n    return", 1))


# Cells of which one changes what another reads: a right answer could then make a mistake that has a name.
MEETINGS = {
    "a module under another name": (top("n = np\nn.mean = np.median"), WITH_NUMPY),
    "a module in a class": (top("class Own:\n    pass\nOwn.kept = np\nOwn.kept.mean = np.median"), WITH_NUMPY),
    "other imports of one name": (
        Cell("1", "from numpy import mean"),
        WITH_MEAN,
        Cell("2", "from numpy import median as mean"),
        Cell("i", INVERSE.source.replace("mean", "middle").replace("    return", "    mean\n    return")),
    ),
    "del": (
        Cell("h", "def sum(x):\n    return 1"),
        inside(CENTER, "X = X if sum([0]) else X - X.mean(axis=1, keepdims=True)"),
        top("del sum"),
    ),
    "match": (AXIS, WITH_AXIS, top("match 1:\n    case axis:\n        pass")),
    "check under another name": (
        CENTER,
        top("from mmlearn_edu.checks import check as hand_in\nhand_in('pca.center', lambda X: X - X.mean())"),
    ),
    "check of a name": (CENTER, top("for name in ['pca.center']:\n    check(name, lambda X: X - X.mean())")),
    "check passed on": (CENTER, top("ask = check\nask('pca.center', lambda X: X - X.mean())")),
    "data in the body of a class": (AXES, WITH_AXES, top("class Own:\n    axes_of['center'] = 1")),
    "data in a default": (AXES, WITH_AXES, top("def own(done=axes_of.update(center=1)):\n    pass")),
    "data passed on": (AXES, WITH_AXES, top("done = axes_of.update(center=1)")),
    "data in a call": (
        Cell("h", "means = [0]"),
        inside(CENTER, "means.append(1)"),
        inside(INVERSE, "mean = mean if len(means) == 1 else 0 * mean"),
    ),
    "global": (
        Cell("h", "turned = False"),
        inside(inside(CENTER, "global turned"), "turned = True"),
        inside(INVERSE, "mean = -mean if turned else mean"),
    ),
    "the state of NumPy": (inside(CENTER, "np.seterr(all='ignore')"), inside(INVERSE, "np.array([1.0]) / 0")),
    "a state kept at the top": (
        Cell("c", f"old = np.seterr(all='ignore')\n{CENTER.source}"),
        inside(INVERSE, "np.array([1.0]) / 0"),
    ),
    "warned once": (inside(CENTER, "np.nanmean([])"), inside(INVERSE, "np.nanmean([])")),
    "warnings off": (
        inside(CENTER, "import warnings; warnings.simplefilter('ignore')"),
        inside(INVERSE, "np.nanmean([])"),
    ),
    "a memory in a default": (
        Cell("c", CENTER.source.replace("(X)", "(X, seen=[])", 1).replace("return", "seen.append(1)\n    return")),
        inside(INVERSE, "mean = -mean if len(center.__defaults__[0]) else mean"),
    ),
    "a memory in a function": (
        inside(CENTER, "center.seen = True"),
        inside(INVERSE, "mean = -mean if hasattr(center, 'seen') else mean"),
    ),
}


def told(result):
    """Return a result without times, its events in some order."""
    rows = [{**row, "seconds": 0} for row in [*result["exercises"], *result["cells"]]]
    events = sorted(map(str, result["events"]))
    return {**result, "exercises": rows, "cells": (), "events": events, "seconds": 0}


@linux
@pytest.mark.parametrize("cells", MEETINGS.values(), ids=MEETINGS)
def test_together_is_told_what_each_is_told_alone(grader, monkeypatch, cells):
    together = told(graded(grader, *cells))
    monkeypatch.setattr("mmlearn_edu.grading.judging.judge_together", lambda judging, waiting: None)
    assert together == told(graded(grader, *cells))


@linux
def test_what_is_drawn_without_a_seed_is_the_same_in_every_sandbox():
    drawing = inside(CENTER, "import random; print(np.random.rand(), random.random(), set('abcdef'))")
    printed = []
    for _ in range(2):
        with Grader("08-pca", seed=1) as grader:
            printed.append(graded(grader, drawing)["exercises"][0]["printed"])
    assert printed[0] == printed[1] != ""


@linux
def test_what_was_judged_when_the_time_for_all_was_over_does_not_stand(grader, children, monkeypatch):
    """Its last calls were skipped: the laws may have been broken by nothing else."""
    judged = Judging.verdict

    def late(judging, exercise, work):
        verdict = judged(judging, exercise, work)
        work.running.deadline = 0.0
        return verdict

    monkeypatch.setattr(Judging, "verdict", late)
    graded(grader, Cell("c", CENTER.source.replace("axis=0", "axis=1, keepdims=True")), INVERSE)
    assert len(children) == 3


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("import math\ndef f(x):\n    y = np.zeros(3)\n    y[0] = math.pi\n    return np.linalg.norm(y)", False),
        ("class Net(torch.nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.n = 1", False),
        ("from mmlearn_edu.checks import check\ncheck('pca.center', center)", False),
        ("import threading", True),
        ("def f():\n    from os import environ", True),
        ("f(np)", True),
        ("import numpy as self\nself.mean = max", True),
        ("from sklearn import set_config as output", True),
        ("import sklearn\nsklearn.set_config()", True),
        ("x = x.__class__", True),
        ("model.weight = 3", True),
        ("del x", True),
        ("del x[0]", False),
    ],
)
def test_what_a_cell_may_do_to_others_is_read(code, expected):
    assert stirs(nodes_of(ast.parse(code))) is expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("def f(x, k=3, mode='a', dtype=np.float64, place=(0, -1)):\n    total = []\n    return total", False),
        ("f = lambda x: x\nn, m = 3, -0.5\nfit = use('pca.fit_axes', fit_axes)", False),
        ("class K:\n    size = 3\n    @staticmethod\n    def f(x):\n        return x", False),
        ("X = load()", True),
        ("names = []", True),
        ("for i in range(3):\n    pass", True),
        ("if True:\n    X = [1]", True),
        ("def f(x, seen=[]):\n    return x", True),
        ("def f(x, *, seen={}):\n    return x", True),
        ("@functools.cache\ndef f(x):\n    return x", True),
        ("class K:\n    seen = []", True),
    ],
)
def test_what_a_cell_may_remember_is_read(code, expected):
    tree = ast.parse(code)
    assert remembers(tree.body, nodes_of(tree)) is expected
