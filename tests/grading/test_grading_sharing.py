"""Which answers run in one child, and that nobody gains or loses a mark by it."""

import sys

import pytest

from mmlearn_edu._resources import resource
from mmlearn_edu.checks import registry
from mmlearn_edu.checks.drawn import Drawn
from mmlearn_edu.grading.engine import Grader
from mmlearn_edu.grading.handout import Handout
from mmlearn_edu.grading.plan import Plan, Step
from mmlearn_edu.grading.sandbox.cells import analyse
from mmlearn_edu.grading.sandbox.talk import Talk
from mmlearn_edu.grading.sharing import Shared, joined, seen_in
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
