"""The gate must refuse what is weak: a gate that lets everything through would be green for ever."""

import dataclasses
import os

import numpy as np
import pytest
import toys

from mmlearn_edu.checks.authoring import close, law, mistake, random_matrices
from mmlearn_edu.checks.gate import MISBEHAVIOUR, gate
from mmlearn_edu.checks.mutants import mutants

CENTER = toys.center.__exercise__


def problems(**changes):
    return "\n".join(gate(dataclasses.replace(CENTER, **changes), seeds=3).problems)


def test_a_sound_exercise_passes():
    report = gate(CENTER, seeds=10)
    assert report.passed, str(report)
    assert (report.mutants, report.killed) == (3, 3)


def test_too_few_mistakes():
    assert "only 1 named mistakes, 3 are needed" in problems(mistakes=CENTER.mistakes[:1])


def test_a_mistake_that_is_right():
    right = mistake("right", lambda X: X - X.mean(axis=0), "This is not wrong.")
    assert "mistake 'right' is not named" in problems(mistakes=[*CENTER.mistakes, right])


def test_a_mistake_under_anothers_name():
    twin = mistake("twin", CENTER.mistakes[0].function, "The same again.")
    assert "mistake 'twin' is not named" in problems(mistakes=[*CENTER.mistakes, twin])


def test_a_wrong_alternative():
    assert "alternative 1 does not pass" in problems(alternatives=[lambda X: X])


def test_inputs_that_cannot_tell_right_from_wrong():
    found = problems(cases=random_matrices([(1, 1)]), laws=())
    assert "a mutant passes" in found


def test_a_law_that_is_false():
    assert "does not pass at seed" in problems(laws=[law("false", lambda f, rng: False)])


def test_a_tolerance_that_accepts_everything():
    assert "a mutant passes" in problems(compare=close(atol=1e9), laws=())


def test_a_mutant_listed_as_equivalent_that_is_killed():
    assert "killed or gone: nonsense" in problems(equivalent_mutants={"nonsense": "why"})


def test_missing_hints():
    assert "1 hints; three are needed" in problems(hints=["only one"])


def test_what_misbehaves_leaves_no_trace():
    import matplotlib.pyplot as plt
    import torch

    def settings():
        return torch.get_default_dtype(), np.geterr(), os.getcwd(), plt.get_fignums()

    before = settings()
    assert {"shows", "switches settings"} <= set(MISBEHAVIOUR)
    assert problems() == ""
    assert settings() == before


def _many(x, y):
    """Have something of everything."""
    ### BEGIN SOLUTION
    if x > 0 and y:
        x += 1
    for i in range(3):
        x = max(x, -i) * 2
    return x[::2] if y == "a" else np.sum(x, keepdims=True)
    ### END SOLUTION


def test_mutants_change_one_thing_each():
    exercise = dataclasses.replace(CENTER, reference=_many)
    names = [mutant.name for mutant in mutants(exercise)]
    assert len(names) > 15
    for change in ["x > 0 -> x >= 0", "x > 0 and y -> x > 0 or y", "x += 1 -> x -= 1", "-i -> i", "x[::2] -> x"]:
        assert any(name.endswith(change) for name in names), (change, names)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_random_matrices_are_seeded_and_of_the_dtype(dtype):
    draw = random_matrices([(3, 2)], loc=3)
    first, second = (draw(np.random.default_rng(5), dtype)[0].args[0] for _ in range(2))
    np.testing.assert_array_equal(first, second)
    assert first.dtype == dtype
