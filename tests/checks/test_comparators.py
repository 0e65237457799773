import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import coo_matrix, csc_matrix, csr_matrix

from mmlearn_edu.checks.authoring import case
from mmlearn_edu.checks.comparators import (
    close,
    each_key,
    exact,
    over_seeds,
    ranking,
    same_neighbours,
    sparse,
    text,
    up_to_relabel,
    up_to_rotation,
    up_to_sign,
)

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


def test_an_array_of_as_many_numbers_means_the_tuple():
    compare = close()
    assert compare((0.5, 0.25), np.array([0.5, 0.25])) is None
    assert compare((0.5, 0.25), np.array([0.5, 0.3])).message.startswith("In part 2 of 2: ")
    assert compare((0.5, 0.25), np.array([0.5, 0.25, 0.1])).id == "type"
    assert compare((0.5, 0.25), np.array([[0.5], [0.25]])).id == "type"
    assert compare((np.eye(2), np.ones(2)), np.ones((2, 2))).id == "type"
    assert compare((0.5, 0.25), np.array(["a", "b"])).id == "type"


def test_up_to_sign_says_which_part_is_wrong():
    first = up_to_sign()((A, A), (A[::-1], A))
    assert (first.id, first.message[:15]) == ("sign", "In part 1 of 2:")
    second = up_to_sign()((A, A), (-A, A + 1))
    assert (second.id, second.message) == (
        "values",
        "In part 2 of 2: The values differ: 15 of 15 are not equal to what was expected.",
    )


def test_up_to_sign_still_sees_what_is_wrong():
    assert up_to_sign()(A, A[::-1]).id == "sign"
    assert "more than the signs of whole rows" in up_to_sign()(A, A[::-1]).message
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
    with pytest.raises(ValueError, match="there are 'first' and 'any'"):
        ranking(ties="last")
    with pytest.raises(ValueError, match="scores= goes with ties='any'"):
        ranking(ties="any")


def test_ranking_lets_tied_items_stand_in_any_order():
    scores = np.array([[0.9, 0.5, 0.5, 0.1], [0.2, 0.2, 0.2, 0.7]])
    rule = ranking(ties="any", scores=lambda scores, k: scores)
    call = rule.for_case(case(scores, 2))
    assert call([[0, 1], [3, 0]], [[0, 2], [3, 2]]) is None
    assert call([[0, 1], [3, 0]], [[0, 3], [3, 0]]).id == "ranking"
    assert call([[0, 1], [3, 0]], [[0, 0], [3, 0]]).id == "ranking", "an index may stand once only"
    assert call([[0, 1], [3, 0]], [[0, 9], [3, 0]]).id == "ranking", "there is no item 9"
    assert rule([[0, 1]], [[0, 2]]).id == "ranking", "without the call nothing is known to be tied"


def _turned(X, seed):
    return X @ np.linalg.qr(np.random.default_rng(seed).normal(size=(X.shape[1],) * 2))[0]


@given(st.integers(0, 1000))
def test_up_to_rotation_ignores_turns_and_mirrors(seed):
    codes = np.random.default_rng(1).normal(size=(12, 3))
    assert up_to_rotation()(codes, _turned(codes, seed)) is None
    assert up_to_rotation()((codes, 1.0), (_turned(codes, seed), 1.0)) is None
    assert up_to_rotation()(codes.astype(np.float32), _turned(codes, seed).astype(np.float32)) is None


def test_up_to_rotation_still_sees_what_is_wrong():
    codes = np.random.default_rng(1).normal(size=(12, 3))
    for wrong in (2 * codes, codes + 1, codes * [1, 1, 2], codes[::-1]):
        problem = up_to_rotation()(codes, wrong)
        assert problem.id == "rotation"
        assert "a turn or a mirroring of all rows" in problem.message
    assert up_to_rotation()(codes, codes[:, :2]).id == "shape"
    assert up_to_rotation()(codes, np.full_like(codes, np.nan)).id == "nan"


def test_over_seeds_takes_other_draws_of_the_same_thing():
    random = np.random.default_rng(0)
    want = random.normal(0.8, 0.02, size=20)
    refused = [over_seeds()(want, random.normal(0.8, 0.02, size=n)) for n in (5, 10, 40) for _ in range(50)]
    assert [problem for problem in refused if problem] == []
    assert over_seeds()(want, random.normal(0.7, 0.02, size=10)).id == "mean"
    assert over_seeds(margin=0.2)(want, random.normal(0.7, 0.02, size=10)) is None


@pytest.mark.parametrize(
    ("actual", "problem"),
    [
        ([0.8] * 5, "seedless"),
        ([0.8, 0.81], "seeds"),
        (0.8, "type"),
        ([[0.8] * 5] * 2, "shape"),
        (None, "type"),
        ("often", "type"),
        ([0.8, np.nan, 0.79, 0.8, 0.81], "nan"),
    ],
)
def test_over_seeds_has_words(actual, problem):
    assert over_seeds()([0.8, 0.82, 0.79, 0.81, 0.8], actual).id == problem


def test_over_seeds_of_a_steady_reference():
    assert over_seeds()([1.0] * 5, [1.0] * 6) is None
    assert over_seeds()([1.0] * 5, [0.9] * 6).id == "mean"
    assert over_seeds()([0.1] * 6, [0.1 + 1e-17 * i for i in range(5)]) is None, "steady up to rounding"
    assert over_seeds()([0.1 + 1e-17 * i for i in range(5)], [0.1] * 6) is None
    assert over_seeds()([0.0] * 5, [0.0] * 5) is None
    wide = over_seeds()([0.8] * 5, [0.78, 0.82, 0.79, 0.81, 0.8])
    assert (wide.id, "0 is usual" in wide.message) == ("spread", True)
    assert over_seeds()([0.8] * 5, [0.68, 0.72, 0.69, 0.71, 0.7]).id == "mean"
    assert over_seeds(margin=0.03)([0.8] * 5, [0.78, 0.82, 0.79, 0.81, 0.8]) is None
    assert over_seeds(margin=0.03)([0.8] * 5, [0.78, 0.82, 0.79, 0.81, 0.9]).id == "spread"
    assert over_seeds()([True] * 5, [1.0] * 5) is None


def test_same_neighbours_lets_a_map_turn_stretch_and_bend():
    data = np.random.default_rng(2).uniform(size=(60, 2))
    bent = np.column_stack([np.exp(data[:, 0]), 5 * data[:, 1], 0.01 * data[:, 0]])
    assert same_neighbours(at_least=0.6)(data, _turned(bent, 0) * [1, 1, 1]) is None
    problem = same_neighbours(at_least=0.6)(data, np.random.default_rng(3).uniform(size=(60, 2)))
    assert problem.id == "neighbours"
    assert "expected are 60% or more (by chance: 8%)" in problem.message
    assert same_neighbours()(data, data[:50]).id == "shape"
    assert same_neighbours()(data, None).id == "type"
    assert same_neighbours()(data, np.full((60, 2), np.inf)).id == "infinite"


def test_sparse_compares_values_and_not_storage():
    want = csr_matrix([[0, 2.0, 0], [1, 0, 0]])
    stored = coo_matrix(([1.0, 1.0, 1.0, 0.0], ([0, 0, 1, 1], [1, 1, 0, 2])), shape=(2, 3))  # twice, and a zero
    assert sparse()(want, stored) is None
    assert sparse()(want, csc_matrix(want) * (1 + 1e-9)) is None
    assert sparse()(want, want.toarray()).id == "dense"
    assert sparse(insist=False)(want, want.toarray()) is None
    problem = sparse()(want, csr_matrix([[0, 2.0, 0], [0, 0, 3.0]]))
    assert problem.id == "sparse"
    assert "2 entries differ, first in row 1, column 0" in problem.message
    assert sparse()(want, want.T).id == "shape-transposed"
    assert sparse()(want, want[:, :2]).id == "shape"
    assert sparse()(want, csr_matrix([[0, np.nan, 0], [1, 0, 0]])).id == "nan"
    assert sparse()(want, None).id == "type"
    assert sparse()(want, "[[0 2 0]]").id == "type"


def test_sparse_never_fills_in_the_zeros():
    size = 10**9
    want = coo_matrix(([1.0], ([5], [7])), shape=(1000, size))
    assert sparse()(want, want.tocsr()) is None
    assert sparse()(want, coo_matrix(([2.0], ([5], [7])), shape=(1000, size))).id == "sparse"


@pytest.mark.parametrize(
    ("actual", "problem"),
    [
        ("Hello  World ", None),
        ("hello word", "text"),
        ("", "text"),
        (None, "none-value"),
        (..., "blank-value"),
        (3, "type"),
    ],
)
def test_text(actual, problem):
    found = text()("hello world", actual)
    assert (found and found.id) == problem


def test_text_shows_the_first_difference():
    assert "first at character 5: yours reads '主成分是什', expected is '主成分是方差最大的方向'" in (
        text()("主成分是方差最大的方向", "主成分是什").message
    )
    assert text(ignore_case=False)("A", "a").id == "text"
    assert text(ignore_space=False)("a b", "a  b").id == "text"


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


def test_over_seeds_refuses_what_no_test_of_means_can():
    want = np.array([0.8, 0.82, 0.79, 0.81, 0.8, 0.78])
    problem = over_seeds()(want, [-1e9, 1e9, 3e8, -2e8, 5e7])
    assert problem.id == "spread"
    assert "0.01291 is usual" in problem.message
    assert over_seeds()(want, [0.8, 0.8 + 1e-12, 0.8, 0.8, 0.8]).id == "seedless"
    assert over_seeds(margin=0.5)(want, [0.7, 0.9, 0.8, 0.95, 0.65]) is None


@pytest.mark.parametrize("change", [lambda X: X + 1e9, lambda X: X * 1e200, lambda X: X * 1e-200, lambda X: X * 1e308])
def test_same_neighbours_of_far_and_huge_maps(change):
    X = np.random.default_rng(0).uniform(size=(50, 3))
    assert same_neighbours(at_least=0.9)(X, change(X)) is None


def test_complex_numbers_do_not_lose_their_imaginary_part():
    X = np.random.default_rng(0).normal(size=(6, 3))
    assert up_to_rotation()(X, X + 1j).id == "dtype"
    assert up_to_rotation()(X, X > 0).id == "dtype"
    assert sparse()(csr_matrix(X), csr_matrix(X + 1j)).id == "dtype"


def test_sparse_in_single_precision_and_stored_zeros():
    want = csr_matrix(np.array([[0, 1.5]], dtype=np.float32))
    assert sparse()(want, want * np.float32(1 + 1e-5)) is None
    stored = csr_matrix(([0.0, 2.0], ([0, 0], [0, 1])), shape=(1, 2))
    assert "yours has 1 entries" in sparse()(want, stored).message


def test_rankings_and_groups_may_be_sparse():
    orders = np.array([[1, 2], [2, 1]])
    assert ranking()(orders, csr_matrix(orders)) is None
    assert ranking()(orders, csr_matrix(orders[::-1])).id == "ranking"
    assert up_to_relabel()(orders, csr_matrix(orders)) is None


def test_numbers_at_the_edge_of_what_a_float_holds_are_compared():
    assert close()([1e308, 1.0], [-1e308, 1.0]).id == "values"


@pytest.mark.parametrize("compare", [close(), up_to_sign()])
def test_a_part_that_is_none_is_no_missing_return(compare):
    """Only a whole answer of None is told of `return`, by problems.py."""
    problem = compare((A, np.ones(3)), (A, None))
    assert problem.id == "type"
    assert "None" in problem.message
    assert "return" not in problem.message
