import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmlearn_edu.checks.comparators import close, each_key, exact, ranking, up_to_relabel, up_to_sign

rng = np.random.default_rng(0)
A = rng.normal(size=(3, 5))


@pytest.mark.parametrize("actual", [A, A.tolist(), A + 1e-12, A.astype(np.float32)], ids=["same", "list", "tiny", "f4"])
def test_close_accepts_what_is_equal(actual):
    assert close()(A, actual) is None


def test_close_goes_into_parts_and_says_which():
    problem = close()((A, {"x": 1.0}), (A, {"x": 2.0}))
    assert problem.message.startswith("In part 2 of 2: For key 'x': ")
    assert close()((A, A), (A,)).id == "length"
    assert close()({"a": A}, {"b": A}).id == "keys-missing"
    assert close()((1, 2), 3).id == "type"


def test_float32_gets_the_tolerance_of_seven_digits():
    far = (A * (1 + 2e-3)).astype(np.float32)
    assert close()(A, far) is not None
    assert close()(A, A * (1 + 2e-5)) is not None
    assert close()(A, (A * (1 + 2e-5)).astype(np.float32)) is None


@given(st.lists(st.sampled_from([-1.0, 1.0]), min_size=3, max_size=3))
def test_up_to_sign_ignores_any_choice_of_signs(signs):
    flipped = A * np.array(signs)[:, None]
    assert up_to_sign()(A, flipped) is None
    assert up_to_sign(axis=1)(A.T, flipped.T) is None
    assert up_to_sign()((A, np.ones(3)), (flipped, np.ones(3))) is None


def test_up_to_sign_still_sees_what_is_wrong():
    assert up_to_sign()(A, A[::-1]).id == "sign"
    assert "every row may change its sign" in up_to_sign()(A, A[::-1]).message
    mixed = A * np.where(np.arange(5) % 2, -1, 1)
    assert up_to_sign()(A, mixed) is not None


@given(st.permutations([0, 1, 2]), st.lists(st.integers(0, 2), min_size=1, max_size=20))
def test_up_to_relabel_ignores_the_names_of_groups(names, labels):
    labels = np.array(labels)
    assert up_to_relabel()(labels, np.array(names)[labels]) is None


def test_up_to_relabel_counts_the_samples_in_another_group():
    problem = up_to_relabel()([0, 0, 1, 1], [5, 7, 7, 7])
    assert problem.message.startswith("The grouping differs: 1 of 4")


def test_ranking_names_the_first_place():
    assert ranking()([2, 0, 1], [2, 0, 1]) is None
    assert "at place 2: you have 1, expected is 0" in ranking()([2, 0, 1], [2, 1, 0]).message
    with pytest.raises(ValueError, match="there is 'first'"):
        ranking(ties="any")


@pytest.mark.parametrize(
    ("expected", "actual", "problem"),
    [
        ((3, 4), [3, 4], None),
        ((3, 4), np.array([3, 4]), None),
        (3, 3.0, None),
        ("a", "b", "value"),
        (True, 1, "type"),
        ((3,), 3, "type"),
        (3, None, "none-value"),
        (3, ..., "blank-value"),
    ],
)
def test_exact(expected, actual, problem):
    found = exact()(expected, actual)
    assert (found and found.id) == problem


def test_each_key_finds_the_first_wrong_key():
    assert each_key()({"a": 1, "b": 2}, {"a": 1, "b": 2, "more": 3}) is None
    assert each_key()({"a": 1, "b": 2}, {"a": 1, "b": 3}).id == "value"
    assert each_key(close())({"a": 1.0}, {"a": 1.0 + 1e-12}) is None
