import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq
from sklearn import metrics

from mmlearn_edu.evaluation import (
    bootstrap_interval,
    choose_threshold,
    equal_error_rate,
    precision_recall_curve,
    roc_auc,
    roc_curve,
)

EVERY = [roc_curve, roc_auc, equal_error_rate, precision_recall_curve, choose_threshold]
RATES = [roc_auc, equal_error_rate]
# few different scores, so that ties abound; both classes occur
samples = st.lists(st.tuples(st.booleans(), st.integers(-3, 3)), max_size=30).map(
    lambda pairs: tuple(map(np.array, zip(*[(True, 0), (False, 1), *pairs], strict=True)))
)


def draw(n, dtype=np.float64, seed=0):
    rng = np.random.default_rng(seed)
    y = np.arange(n) % 3 == 0
    return y, (rng.normal(size=n) + y).astype(dtype)


@settings(max_examples=100, deadline=None)
@given(samples)
def test_agrees_with_scikit_learn(drawn):
    y, scores = drawn
    assert roc_auc(y, scores) == pytest.approx(metrics.roc_auc_score(y, scores))
    for ours, theirs in zip(roc_curve(y, scores), metrics.roc_curve(y, scores, drop_intermediate=False), strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-12)
    precision, recall, thresholds = metrics.precision_recall_curve(y, scores)
    expected = precision[-2::-1], recall[-2::-1], thresholds[::-1]  # theirs ends with a made-up point
    for ours, theirs in zip(precision_recall_curve(y, scores), expected, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-12)


@settings(max_examples=50, deadline=None)
@given(samples)
def test_the_area_is_the_share_of_pairs_in_order(drawn):
    y, scores = drawn
    above = np.sign(scores[y][:, None] - scores[~y])
    assert roc_auc(y, scores) == pytest.approx((above.mean() + 1) / 2)
    false_positive, true_positive, _ = roc_curve(y, scores)
    assert roc_auc(y, scores) == pytest.approx(metrics.auc(false_positive, true_positive))


@settings(max_examples=50, deadline=None)
@given(samples)
def test_the_equal_error_rate_is_where_the_curve_meets_the_diagonal(drawn):
    y, scores = drawn
    false_positive, true_positive, _ = metrics.roc_curve(y, scores, drop_intermediate=False)
    along = np.arange(len(false_positive))
    place = brentq(lambda t: np.interp(t, along, false_positive + true_positive - 1), 0, along[-1], xtol=1e-12)
    assert equal_error_rate(y, scores) == pytest.approx(np.interp(place, along, false_positive), abs=1e-9)


@settings(max_examples=50, deadline=None)
@given(samples)
def test_only_the_order_of_scores_counts(drawn):
    y, scores = drawn
    order = np.random.default_rng(0).permutation(len(y))
    for rate in RATES:
        assert rate(y, np.exp(scores / 2) * 7 - 3) == pytest.approx(rate(y, scores))
        assert rate(y[order], scores[order]) == pytest.approx(rate(y, scores))
        assert rate(~y, -scores) == pytest.approx(rate(y, scores))
        assert rate(y, -scores) == pytest.approx(1 - rate(y, scores))


@settings(max_examples=60, deadline=None)
@given(samples, st.sampled_from([0.1, 0.5, 0.8, 0.9, 1.0]))
def test_no_threshold_is_better_than_the_chosen_one(drawn, min_recall):
    y, scores = drawn

    def value(threshold):
        found = scores >= threshold
        return y[found].mean(), found[y].mean()

    chosen = choose_threshold(y, scores, min_recall=min_recall)
    possible = [value(t) for t in np.unique(scores) if value(t)[1] >= min_recall]
    assert chosen in scores
    assert value(chosen) == max(possible)  # highest precision, then highest recall


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16])
@pytest.mark.parametrize("n", [30, 3000])
def test_kinds_of_numbers(n, dtype):
    y, scores = draw(n, dtype)
    assert roc_auc(y, scores) == pytest.approx(metrics.roc_auc_score(y, scores), abs=1e-12)
    assert roc_auc(y.astype(dtype), scores.tolist()) == roc_auc(y.astype(int), scores)
    false_positive, true_positive, _ = metrics.roc_curve(y, scores, drop_intermediate=False)
    rate = brentq(lambda rate: rate - (1 - np.interp(rate, false_positive, true_positive)), 0, 1)
    assert equal_error_rate(y, scores) == pytest.approx(rate, abs=1 / n**2)
    threshold = choose_threshold(y, scores)
    assert (scores[y] >= threshold).mean() >= 0.9


@pytest.mark.parametrize("given", [np.float32, np.float64, np.int64, bool])
def test_thresholds_are_floats(given):
    scores = np.array([1, 0, 1, 0], dtype=given)
    expected = np.float32 if given == np.float32 else np.float64
    assert precision_recall_curve([1, 0, 0, 1], scores)[2].dtype == expected
    assert roc_curve([1, 0, 0, 1], scores)[2].tolist() == [np.inf, 1.0, 0.0]


def test_by_hand():
    y, scores = [1, 1, 0, 1, 0, 0, 0], [6.0, 5, 5, 4, 3, 2, 1]
    false_positive, true_positive, thresholds = roc_curve(y, scores)
    assert thresholds.tolist() == [np.inf, 6, 5, 4, 3, 2, 1]
    assert false_positive.tolist() == [0, 0, 0.25, 0.25, 0.5, 0.75, 1]
    assert true_positive.tolist() == pytest.approx([0, 1 / 3, 2 / 3, 1, 1, 1, 1])
    assert roc_auc(y, scores) == pytest.approx((4 + 3.5 + 3) / 12)
    assert equal_error_rate(y, scores) == pytest.approx(0.25)  # on the way from (1/4, 2/3) straight up
    assert choose_threshold(y, scores, min_recall=1) == 4
    assert choose_threshold(y, scores, min_recall=0.3) == 6
    assert equal_error_rate([1, 0], [2, 1]) == 0
    assert equal_error_rate([1, 0], [1, 2]) == 1


def test_chance():
    y, _ = draw(300)
    for rate in RATES:
        assert rate(y, np.full(300, 0.3)) == 0.5  # one tie of all
        assert abs(rate(y, np.random.default_rng(1).random(300)) - 0.5) < 0.1
    assert choose_threshold(y, np.full(300, 0.3)) == 0.3


def test_an_interval_around_the_area():
    low, high = bootstrap_interval(roc_auc, *draw(300))
    assert low < roc_auc(*draw(300)) < high < low + 0.2


def test_huge_counts_do_not_overflow():
    y = np.arange(200_000) % 2
    assert roc_auc(y, y) == 1
    assert roc_auc(y, np.zeros(200_000)) == 0.5


@pytest.mark.parametrize("score", EVERY, ids=lambda s: s.__name__)
def test_says_what_is_wrong(score):
    with pytest.raises(ValueError, match="all 3 samples are positive; both kinds are needed"):
        score([1, 1, 1], [0.1, 0.2, 0.3])
    with pytest.raises(ValueError, match="all 1 samples are positive; both kinds are needed"):
        score([1], [0.1])
    with pytest.raises(ValueError, match="all 2 samples are negative; both kinds are needed"):
        score([False, False], [0.1, 0.2])
    with pytest.raises(ValueError, match="y_true holds 2; write 1 or True for positive, 0 or False else"):
        score([1, 2], [0.1, 0.2])
    with pytest.raises(ValueError, match="y_true holds -1; write 1 or True for positive"):
        score([1, -1, 0], [0.1, 0.2, 0.3])
    with pytest.raises(ValueError, match="y_true holds '真'; write 1 or True for positive"):
        score(["真", "假"], [0.1, 0.2])
    with pytest.raises(ValueError, match="the scores are <U3, not numbers"):
        score([1, 0], ["cat", "dog"])
    with pytest.raises(ValueError, match="2 labels and 3 scores; give one of each per sample"):
        score([1, 0], [0.1, 0.2, 0.3])
    with pytest.raises(ValueError, match="the scores hold NaN or infinity"):
        score([1, 0], [0.1, np.nan])
    with pytest.raises(ValueError, match=r"y_true must have shape \(n_samples,\)"):
        score([], [])
    with pytest.raises(ValueError, match=r"the scores must have shape .* got shape \(2, 2\)"):
        score([1, 0], np.eye(2))


@pytest.mark.parametrize("min_recall", [0, -0.1, 1.1, 90, np.nan])
def test_says_which_recalls_are_possible(min_recall):
    with pytest.raises(ValueError, match=rf"min_recall={min_recall} not in \(0, 1\]; 0\.9 finds nine of ten"):
        choose_threshold([1, 0], [0.1, 0.2], min_recall=min_recall)
