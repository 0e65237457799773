import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_curve

from mmlearn_edu.anomaly import alarm_threshold

SCORES = st.lists(st.floats(-1e6, 1e6) | st.integers(0, 5).map(float), min_size=20, max_size=60)


@settings(deadline=None, max_examples=100)
@given(SCORES, st.floats(0.05, 0.95))
def test_no_more_false_alarms_than_allowed_on_the_scores_themselves(scores, rate):
    threshold = alarm_threshold(scores, false_alarm_rate=rate)
    assert (np.array(scores) > threshold).mean() <= rate
    assert threshold in scores


@pytest.mark.parametrize("rate", [0.05, 0.2, 0.5])
def test_new_normal_samples_raise_the_alarm_as_often_as_promised(rate):
    """Exactly: leave each of 20 scores out in turn, and the others decide; at most 20 r of them raise the alarm."""
    scores = np.random.default_rng(0).exponential(size=20)
    alarms = [scores[i] > alarm_threshold(np.delete(scores, i), false_alarm_rate=rate) for i in range(20)]
    assert sum(alarms) == 20 * rate


@settings(deadline=None, max_examples=100)
@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 8)), min_size=2, max_size=40))
def test_by_labels_no_threshold_does_better(pairs):
    y, scores = np.array(pairs).T
    if len(set(y)) < 2:
        return
    false, true, _ = roc_curve(y, scores)
    best = (true - false).max()
    if best <= 0:
        with pytest.raises(ValueError, match="no threshold is better than chance"):
            alarm_threshold(scores, y)
        return
    alarm = scores > alarm_threshold(scores, y)
    np.testing.assert_allclose(alarm[y == 1].mean() - alarm[y == 0].mean(), best)


def test_by_hand():
    scores = np.arange(1.0, 20.0)  # 19 normal scores: the highest is the threshold at one in twenty
    assert alarm_threshold(scores) == 19
    assert alarm_threshold(scores[::-1], false_alarm_rate=0.1) == 18
    assert alarm_threshold([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0], false_alarm_rate=0.7) == 3
    y = np.array([0, 0, 1, 0, 1, 1])
    assert alarm_threshold([1, 2, 3, 4, 5, 6], y) == 4  # finds 2 of 3 without a false alarm; above 2: 3 of 3 with one
    assert alarm_threshold([1, 2, 3, 4, 5, 6], y, false_alarm_rate=0.5) == 2  # normal are 1, 2 and 4
    assert alarm_threshold([1.0, 9.0], [False, True]) == 1
    assert alarm_threshold(np.float32([1, 2, 3]), false_alarm_rate=0.25) == 3
    assert alarm_threshold(np.array([1, 2, 3], dtype=object), false_alarm_rate=0.25) == 3  # a column of a table
    assert alarm_threshold(np.arange(1.0, 2e6), false_alarm_rate=0.7) == 600_000  # 2e6 * (1 - 0.7) is a little over


@pytest.mark.parametrize(
    ("scores", "y", "rate", "words"),
    [
        ([], None, None, r"got shape \(0,\)"),
        ([[1.0]], None, None, r"got shape \(1, 1\)"),
        ([1.0, np.nan, np.inf], None, None, "with 2 NaN or infinite; leave out samples that could not be judged"),
        ([1.0] * 18, None, None, r"false_alarm_rate=0\.05 takes at least 19 normal samples, got 18"),
        ([1.0] * 98, None, 0.01, r"false_alarm_rate=0\.01 takes at least 99 normal samples, got 98"),
        ([1.0] * 13, None, 0.07, r"false_alarm_rate=0\.07 takes at least 14 normal samples, got 13"),
        ([1.0] * 50, None, 1.0, r"false_alarm_rate=1\.0 not in \(0, 1\)"),
        ([1.0] * 50, None, 0, r"false_alarm_rate=0 not in \(0, 1\)"),
        ([1.0, 2.0], [1, 0], None, "no threshold is better than chance: .*pass -scores"),
        ([1.0, 2.0], [0, 0], None, "all 2 samples are negative; both kinds are needed"),
        ([1.0, 2.0], [0, 2], None, "y_true holds 2; write 1 or True for positive"),
        ([1.0, 2.0], [0, 1, 1], None, "3 labels and 2 scores"),
    ],
)
def test_says_what_is_wrong(scores, y, rate, words):
    with pytest.raises(ValueError, match=words):
        alarm_threshold(scores, y, false_alarm_rate=rate)
