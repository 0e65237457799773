from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest, permutation_test

from mmlearn_edu.evaluation import (
    accuracy,
    bootstrap_interval,
    macro_f1,
    paired_bootstrap,
    paired_permutation_test,
    roc_auc,
)

BOTH = [paired_bootstrap, paired_permutation_test]


def predictors(n=200, right_a=0.9, right_b=0.8, seed=0):
    """Labels, and two predictions that err independently."""
    rng = np.random.default_rng(seed)
    y = rng.integers(3, size=n)
    wrong = (y + 1) % 3
    return y, np.where(rng.random(n) < right_a, y, wrong), np.where(rng.random(n) < right_b, y, wrong)


@pytest.mark.parametrize(("only_a", "only_b"), [(10, 0), (9, 3), (6, 5), (1, 0)])
def test_agrees_with_the_exact_test_of_mcnemar(only_a, only_b):
    """With accuracy, only the samples that one of the two gets right matter: a coin for each."""
    y = np.ones(only_a + only_b + 30)
    a = np.repeat([1, 0, 1, 0], [only_a, only_b, 20, 10])
    b = np.repeat([0, 1, 1, 0], [only_a, only_b, 20, 10])
    _, p = paired_permutation_test(accuracy, y, a, b, n_permutations=4000)
    assert p == pytest.approx(binomtest(only_a, only_a + only_b).pvalue, abs=0.03)


def test_agrees_with_scipy():
    y, a, b = predictors(12, 0.9, 0.4)
    right = (a == y).astype(float), (b == y).astype(float)
    exact = permutation_test(right, lambda a, b: a.mean() - b.mean(), permutation_type="samples", n_resamples=np.inf)
    difference, p = paired_permutation_test(accuracy, y, a, b, n_permutations=3000)
    assert difference == pytest.approx(exact.statistic)
    assert p == pytest.approx(exact.pvalue, abs=0.03)
    assert 0.01 < p < 0.5


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 1)] * 3), min_size=3, max_size=6), st.booleans())
def test_agrees_with_all_coins_there_are(samples, grouped):
    y, a, b = map(np.array, zip(*samples, strict=True))
    groups = np.arange(len(y)) % 3 if grouped else None
    number = np.arange(len(y)) if groups is None else groups
    observed = macro_f1(y, a) - macro_f1(y, b)
    as_large = []
    for coins in product([False, True], repeat=number.max() + 1):
        swap = np.array(coins)[number]
        by_luck = macro_f1(y, np.where(swap, b, a)) - macro_f1(y, np.where(swap, a, b))
        as_large.append(abs(by_luck) > abs(observed) - 1e-9)
    difference, p = paired_permutation_test(macro_f1, y, a, b, groups=groups, n_permutations=600)
    assert difference == pytest.approx(observed)
    assert p == pytest.approx(np.mean(as_large), abs=0.1)


def test_the_better_wins_and_the_order_of_the_two_does_not_matter():
    y, a, b = predictors(right_b=0.7)
    difference, p = paired_permutation_test(accuracy, y, a, b)
    low, high = paired_bootstrap(accuracy, y, a, b)
    assert difference == pytest.approx(accuracy(y, a) - accuracy(y, b))
    assert 0.1 < difference < 0.3
    assert 0.001 <= p < 0.01
    assert 0 < low < difference < high < 0.4
    assert paired_permutation_test(accuracy, y, b, a) == (pytest.approx(-difference), p)
    assert paired_bootstrap(accuracy, y, b, a) == pytest.approx((-high, -low))


def test_p_is_never_zero():
    y = np.zeros(500)
    assert paired_permutation_test(accuracy, y, y, y + 1, n_permutations=99) == (1.0, 0.01)


def test_false_alarms_are_as_rare_as_promised():
    found = [
        paired_permutation_test(accuracy, *predictors(60, 0.7, 0.7, seed), n_permutations=99)[1] <= 0.1
        for seed in range(150)
    ]
    assert 0.01 < np.mean(found) < 0.15


def test_samples_of_one_voice_stay_together():
    """Ten voices, the same answer ten times each: as good as ten samples, not a hundred."""
    y, a, b = predictors(10, 0.9, 0.5, seed=3)
    groups = np.repeat([f"voice {i}" for i in range(10)], 10)
    y10, a10, b10 = (np.repeat(each, 10) for each in (y, a, b))
    shuffled = np.random.default_rng(0).permutation(100)
    few, apart = paired_permutation_test(accuracy, y, a, b), paired_permutation_test(accuracy, y10, a10, b10)
    together = paired_permutation_test(accuracy, y10, a10, b10, groups=groups)
    assert together == pytest.approx(few)
    assert apart[1] < together[1] / 5
    mixed = paired_permutation_test(accuracy, y10[shuffled], a10[shuffled], b10[shuffled], groups=groups[shuffled])
    assert mixed == pytest.approx(few)
    assert paired_bootstrap(accuracy, y10, a10, b10, groups=groups) == pytest.approx(
        paired_bootstrap(accuracy, y, a, b)
    )
    wide = bootstrap_interval(accuracy, y10, b10, groups=groups)
    assert wide == pytest.approx(bootstrap_interval(accuracy, y, b))
    assert np.ptp(bootstrap_interval(accuracy, y10, b10)) < np.ptp(wide) / 2


def test_groups_of_different_sizes_are_drawn_whole():
    groups = ["猫", "犬", "犬", "鳥", "鳥", "鳥"]
    seen = []

    def score(y_true, y_pred):
        seen.append(np.bincount(y_pred, minlength=6))
        return 0.0

    bootstrap_interval(score, [0] * 6, range(6), groups=groups, n_resamples=200)
    counts = np.array(seen)
    assert np.all(counts[:, 1] == counts[:, 2])
    assert np.all(counts[:, [3, 3]] == counts[:, [4, 5]])
    assert np.all(counts[:, 0] + counts[:, 1] + counts[:, 3] == 3)  # as many groups as there are
    assert counts.max() == 3
    assert np.ptp(counts.sum(axis=1)) > 0  # the number of samples varies


def test_groups_of_one_are_no_groups():
    y, a, b = predictors(50)
    for compare in BOTH:
        assert compare(accuracy, y, a, b, groups=np.arange(50)) == compare(accuracy, y, a, b)


def test_texts_of_other_lengths_and_storage():
    y, a, b = np.array(["owl", "cat"] * 20), np.array(["owl", "cat"] * 20, dtype=object), np.array(["elephant"] * 40)
    assert paired_permutation_test(accuracy, y, a, b) == (1.0, 0.001)
    assert paired_permutation_test(accuracy, b, y, b) == (-1.0, 0.001)


def test_scores_of_numbers_work_too():
    rng = np.random.default_rng(0)
    y = np.arange(200) % 2
    good, poor = y + 0.5 * rng.normal(size=200), y + 3 * rng.normal(size=200)
    assert paired_permutation_test(roc_auc, y, good, poor)[1] == 0.001
    assert paired_bootstrap(roc_auc, y, good, poor)[0] > 0.1


def test_seeds_are_kept():
    sample = predictors(40)
    for compare in BOTH:
        assert compare(accuracy, *sample) == compare(accuracy, *sample)
        assert compare(accuracy, *sample, random_state=0) != compare(accuracy, *sample, random_state=1)


@pytest.mark.parametrize(
    ("compare", "defaults"),
    [
        (paired_bootstrap, {"level": 0.95, "n_resamples": 500, "random_state": 0}),
        (paired_permutation_test, {"n_permutations": 999, "random_state": 0}),
    ],
)
def test_the_defaults_are_those_of_the_docstring(compare, defaults):
    def score(y, pred):
        return float((y * pred).mean())

    sample = np.random.default_rng(0).normal(size=(3, 50))
    assert compare(score, *sample) == compare(score, *sample, **defaults)


def test_one_draw_is_enough():
    sample = predictors(40)
    low, high = paired_bootstrap(accuracy, *sample, n_resamples=1)
    assert low == high
    assert paired_permutation_test(accuracy, *sample, n_permutations=1)[1] in (0.5, 1.0)


@pytest.mark.parametrize("compare", BOTH, ids=lambda f: f.__name__)
def test_says_what_is_wrong(compare):
    with pytest.raises(ValueError, match="3 true labels and 2 predicted ones"):
        compare(accuracy, [0, 1, 1], [0, 1], [0, 1, 1])
    with pytest.raises(ValueError, match="3 true labels and 2 predicted ones"):
        compare(accuracy, [0, 1, 1], [0, 1, 1], [0, 1])
    with pytest.raises(ValueError, match="one predicts texts and the other numbers, '犬' and 1; map one"):
        compare(accuracy, ["犬", "猫"], ["犬", "猫"], [1, 2])
    with pytest.raises(ValueError, match="2 groups for 3 samples; name one, such as a writer, per sample"):
        compare(accuracy, [0, 1, 1], [0, 1, 1], [0, 1, 1], groups=["a", "b"])
    with pytest.raises(ValueError, match="groups hold None or NaN"):
        compare(accuracy, [0, 1], [0, 1], [0, 1], groups=["a", None])
    with pytest.raises(ValueError, match="the true labels must have shape"):
        compare(accuracy, [], [], [])


def test_says_which_numbers_are_possible():
    y = [0, 1, 1]
    with pytest.raises(ValueError, match="n_permutations=0 is below 1; 999 is usual"):
        paired_permutation_test(accuracy, y, y, y, n_permutations=0)
    with pytest.raises(ValueError, match="n_resamples=0 is below 1; 500 is usual"):
        paired_bootstrap(accuracy, y, y, y, n_resamples=0)
    for resample in (bootstrap_interval, lambda s, y, a, **options: paired_bootstrap(s, y, a, a, **options)):
        with pytest.raises(ValueError, match="all 3 samples are one group, so no other could have been drawn"):
            resample(accuracy, y, y, groups=["a"] * 3)
    for level in (0, 1, 95):
        with pytest.raises(ValueError, match=rf"level={level} not between 0 and 1; 0\.95 is usual"):
            paired_bootstrap(accuracy, y, y, y, level=level)
