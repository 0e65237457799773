"""Which cells run for which exercise."""

import pytest

from mmlearn_edu.grading.handout import Handout, digest
from mmlearn_edu.grading.plan import Plan
from mmlearn_edu.grading.sandbox.reading import analyse
from mmlearn_edu.grading.submission import Cell

HANDOUT = Handout.of("08-pca")
CENTER = 'def center(X):\n    return X - X.mean(axis=0)\n\ncheck("pca.center", center)'


def plan_of(*cells):
    return Plan(HANDOUT, cells, [analyse(cell.source) for cell in cells])


def names(plan, exercise, **how):
    return [plan.cells[step.number].id + ("*" if step.imports_only else "") for step in plan.steps(exercise, **how)]


def test_the_untouched_hand_out_attempts_nothing():
    plan = plan_of(*HANDOUT.cells)
    assert not any(plan.attempted(exercise.id) for exercise in HANDOUT.exercises)
    assert set(plan.roles()) == {"exercise", "unchanged"}


def test_an_answer_runs_with_the_imports_it_needs_and_no_demonstration():
    cells = [cell if cell.id != "ex-center" else Cell("ex-center", CENTER, "pca.center") for cell in HANDOUT.cells]
    plan = plan_of(*cells)
    assert plan.attempted("pca.center")
    assert names(plan, "pca.center") == ["ex-center"]
    assert names(plan, "pca.turn_axis") == ["ex-turn-axis"]


def test_a_helper_in_a_cell_of_its_own_is_found_above_and_below():
    answer = Cell("a", 'def center(X):\n    return shifted(X)\ncheck("pca.center", center)')
    helper = Cell("h", "def shifted(X):\n    return X - np.mean(X, axis=0)")
    imports = Cell("i", "import numpy as np")
    assert names(plan_of(imports, helper, answer), "pca.center") == ["i*", "h", "a"]
    assert names(plan_of(answer, helper, imports), "pca.center") == ["h", "i*", "a"]


def test_a_demonstration_runs_where_a_name_is_missing_without_it():
    angle = Cell("ex-turn-axis", 'angle = halves.shape[1] * 10\ncheck("pca.turn_axis", angle)', "pca.turn_axis")
    cells = [cell if cell.id != "ex-turn-axis" else angle for cell in HANDOUT.cells]
    assert names(plan_of(*cells), "pca.turn_axis") == ["digits", "turn", "ex-turn-axis"]


def test_what_changes_a_thing_of_the_answers_runs_too():
    made = Cell("m", "table = {}")
    filled = Cell("f", "table['axis'] = 0\n")
    noise = Cell("n", "other = 1\nother.bit_length()")
    answer = Cell("a", 'def center(X):\n    return X - X.mean(table["axis"])\ncheck("pca.center", center)')
    assert names(plan_of(made, noise, filled, answer), "pca.center") == ["m", "f", "a"]


@pytest.mark.parametrize("call", ["np.testing.assert_allclose(a, np.abs(b) / len(a))", "plt.show()"])
def test_a_call_that_only_looks_changes_nothing(call):
    assert analyse(call)["touches"] == []


@pytest.mark.parametrize(
    "call",
    [
        "np.random.seed(0)",
        "np.seterr(all='raise')",
        "plt.figure()",
        "rows.append(1)",
        "table.show()",
        "conf.assert_rows()",
        "np.testing.assert_equal(prepare()['axis'], 0)",
        "np.testing.assert_equal(np.random.rand(3).shape, (3,))",
    ],
)
def test_every_other_call_may(call):
    assert analyse(call)["touches"] == [call.partition(".")[0]]


def test_what_shows_itself_may_change_and_is_run():
    made = Cell("m", "class Table:\n    axis = None\n    def show(self): self.axis = 0\ntable = Table()")
    answer = Cell("a", 'def center(X):\n    return X - X.mean(axis=table.axis)\ncheck("pca.center", center)')
    assert names(plan_of(made, Cell("s", "table.show()"), answer), "pca.center") == ["m", "s", "a"]


def test_comprehensions_within_comprehensions_are_read_in_no_time():
    target = "a"
    for _ in range(60):
        target = f"a[[0 for {target} in b]]"
    assert analyse(f"def f():\n    return [0 for {target} in b]")["binds"] == ["f"]


def test_who_checks_something_of_numpys_is_not_run_for_all_who_use_numpy():
    looks = Cell("l", "for kind in (1, 2):\n    shown = images.mean()\n    np.testing.assert_allclose(shown, shown)")
    answer = Cell("a", 'def center(X):\n    return X - np.mean(X, axis=0)\ncheck("pca.center", center)')
    assert names(plan_of(looks, answer), "pca.center") == ["a"]


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        (Cell("ex-center", "def center(X):\n    return X", ""), True),  # metadata stripped: known by the cell's id
        (Cell("cell 3", "def center(X):\n    return X", ""), True),  # ids stripped too: by the name, asked for once
        (Cell("cell 3", "def centre(X):\n    return X\ncheck('pca.center', centre)", ""), True),
        (Cell("cell 3", "def centre(X):\n    return X", ""), False),
        (Cell("x", "def center(X):\n    return X", "pca.center"), True),
    ],
)
def test_the_answer_is_found_by_what_is_left(cell, found):
    assert bool(plan_of(cell).answers("pca.center")) is found


def test_a_cell_that_names_its_exercise_is_not_taken_for_another_by_its_id():
    moved = Cell("ex-center", 'def transform(X, mean, axes):\n    return X\ncheck("pca.transform", transform)')
    plan = plan_of(moved)
    assert plan.answers("pca.transform") == [0]
    assert plan.answers("pca.center") == []


def test_line_ends_and_blanks_at_the_end_do_not_count():
    assert digest("a = 1  \r\nb = 2\n\n") == digest("a = 1\nb = 2")
    assert digest("a = 1\n b = 2") != digest("a = 1\nb = 2")


def test_what_another_sandbox_says_of_a_cell_is_not_believed():
    strange = [None, 3, {"binds": "abc", "needs": [1, "x"], "imports": {"a": 1}, "dynamic": "yes"}]
    cells = [Cell(str(n), "", "") for n in range(3)]
    plan = Plan(HANDOUT, cells, strange)
    assert plan.facts[2].needs == {"x"}
    assert not plan.is_dynamic()


@pytest.mark.parametrize(
    ("source", "needs"),
    [
        ("x = x + 1", {"x"}),
        ("x += 1", {"x"}),
        ("for k in ks:\n    total = k", {"ks"}),
        ("squares = [n * n for n in numbers if n > low]", {"numbers", "low"}),
        ("f = lambda a, b=start: a + b + c", {"start", "c"}),
        ("def f(a, b=start):\n    t = a + g\n    return t", {"start", "g"}),
        ("with opened as file:\n    file.close()", {"opened"}),
        ("try:\n    risky()\nexcept Odd as error:\n    print(error)", {"risky", "Odd", "print"}),
        ("import numpy as np\nnp.zeros(3)", set()),
        ("%matplotlib inline\nx = y", {"y", "get_ipython"}),
        ("def broken(:", set()),
    ],
)
def test_what_a_cell_needs(source, needs):
    assert set(analyse(source)["needs"]) == needs


def test_only_the_imports_that_a_cell_can_mean_are_run_for_it():
    plan = plan_of(Cell("a", CENTER.replace("X.mean", "np.mean")))
    names = plan.names(plan.steps("pca.center"))
    assert {"np", "check"} <= names
    assert [line.strip() for line in HANDOUT.set_up(names).splitlines() if "import" in line] == [
        "import numpy as np",
        "from mmlearn_edu.checks import check, hint, predict, progress, recall, show_source, solution, use",
    ]
    assert plan.modules(plan.steps("pca.center")) == {"numpy", "mmlearn_edu.checks"}


@pytest.mark.parametrize("line", ["eval('np').mean(X)", "globals()['np'].mean(X)"])
def test_a_cell_whose_names_cannot_be_read_off_it_gets_every_import(line):
    plan = plan_of(Cell("a", f'def center(X):\n    return {line}\ncheck("pca.center", center)'))
    assert plan.names(plan.steps("pca.center")) is None
    assert HANDOUT.set_up(None).count("import ") == 11
    assert plan.modules(plan.steps("pca.center")) == HANDOUT.modules(None) > {"sklearn.pipeline"}


def test_what_a_learner_imports_inside_a_function_is_known():
    imports = "import scipy.linalg\n    from sklearn import preprocessing"
    plan = plan_of(Cell("a", f'def center(X):\n    {imports}\n    return X\ncheck("pca.center", center)'))
    assert {"scipy.linalg", "sklearn"} <= plan.modules(plan.steps("pca.center"))


def test_data_sets_are_read_before_anybody_is_judged():
    assert "mmlearn_edu.datasets:load_spoken_digits" in HANDOUT.imports()


def test_cells_too_entangled_to_take_apart_are_all_run():
    many = [f"v{number}" for number in range(60)]
    tangled = [Cell(f"t{n}", f"if {n}:\n    {'='.join(many)} = [{','.join(many)}]") for n in range(80)]
    answer = Cell("a", f'def center(X):\n    return {"+".join(many)}\ncheck("pca.center", center)')
    after = Cell("b", "print(v0)")
    plan = plan_of(*tangled, answer, after)
    assert names(plan, "pca.center") == [*(cell.id for cell in tangled), "a"]
