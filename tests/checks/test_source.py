import numpy as np
import toys

from mmlearn_edu.checks.authoring import exercise, random_matrices
from mmlearn_edu.checks.source import answer_name, has_blank, is_stub, solution_source, stub_source

CENTER, FORESEE, WHY = (f.__exercise__ for f in (toys.center, toys.foreseen, toys.why))


def run(source):
    scope = {}
    exec(source, scope)
    return scope


def test_the_stub_shows_its_blanks_and_keeps_the_subgoals():
    assert stub_source(CENTER) == (
        "def center(X):\n"
        '    """Move the cloud so that every feature averages zero."""\n'
        "    # 1 one mean a feature\n"
        "    mean = X.mean(axis=...)\n"
        "    # 2 subtract\n"
        "    ...\n"
    )


def test_the_solution_has_no_trace_of_the_stub():
    assert "#:" not in solution_source(CENTER)
    assert "###" not in solution_source(CENTER)
    assert run(solution_source(CENTER))["center"](np.ones((2, 2))).sum() == 0


def test_a_value_is_a_cell_not_a_function():
    assert stub_source(FORESEE) == 'foreseen = {\n    "a": ...,\n    "b": ...,\n}\n'
    assert run(solution_source(FORESEE))["foreseen"] == {"a": (3, 4), "b": (1,)}
    assert [answer_name(e) for e in (CENTER, FORESEE, WHY)] == ["center", "foreseen", "answer"]


@exercise("pca.spread", cases=random_matrices([(3, 2)]))
def spread(X):
    """Return the standard deviation of every feature."""
    ### BEGIN SOLUTION
    #: return np.std(X, axis=...)
    return np.std(X, axis=0)
    ### END SOLUTION


def test_a_stub_is_known_beside_an_import_too():
    stub = stub_source(spread.__exercise__)
    for source in (stub, "import numpy as np\n" + stub, stub + "import numpy as np\n"):
        assert is_stub(spread.__exercise__, run(source)["spread"])
    assert not is_stub(spread.__exercise__, spread)


def test_an_untouched_stub_is_known_whatever_its_layout():
    laid_out = 'def center( X ):\n    # mine\n    mean=X.mean( axis = ... )\n    "nothing yet"\n'
    assert is_stub(CENTER, run(stub_source(CENTER))["center"])
    assert is_stub(CENTER, run(laid_out)["center"])
    assert is_stub(CENTER, run("def center(X):\n    pass\n")["center"])
    assert not is_stub(CENTER, run(solution_source(CENTER))["center"])
    assert not is_stub(CENTER, run("def center(X):\n    mean = X.mean(axis=0)\n    ...\n")["center"])
    assert not is_stub(CENTER, len)


def test_a_blank_that_is_left_is_seen():
    assert has_blank(run(stub_source(CENTER))["center"])
    assert not has_blank(toys.center)
