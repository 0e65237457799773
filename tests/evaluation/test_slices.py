import numpy as np
import pytest

from mmlearn_edu.evaluation import accuracy, bootstrap_interval, macro_recall, slice_scores


def draw():
    rng = np.random.default_rng(0)
    groups = np.array(["嗓音", "b", "a"])[np.arange(150) % 3]
    y = rng.integers(4, size=150)
    return y, np.where(rng.random(150) < np.where(groups == "a", 0.5, 0.9), y, 0), groups


def test_every_group_as_if_it_were_alone():
    y, pred, groups = draw()
    table = slice_scores(macro_recall, y, pred, groups, level=0.8)
    assert list(table) == ["group", "n_samples", "score", "low", "high"]
    assert table["group"].tolist() == ["a", "b", "嗓音"]
    for name, n, score, low, high in zip(*table.values(), strict=True):
        own = groups == name
        assert n == own.sum() == 50
        assert score == macro_recall(y[own], pred[own])
        assert (low, high) == bootstrap_interval(macro_recall, y[own], pred[own], level=0.8)
    assert table["score"].argmin() == 0


def test_the_mean_over_groups_weighed_by_size_is_the_accuracy_of_all():
    y, pred, groups = draw()
    table = slice_scores(accuracy, y[:130], pred[:130], groups[:130])
    assert np.average(table["score"], weights=table["n_samples"]) == pytest.approx(accuracy(y[:130], pred[:130]))


def test_by_hand():
    y, pred, groups = np.ones(70), np.repeat([1, 0, 1, 0], [30, 0, 10, 30]), np.repeat([7, 3], [30, 40])
    table = slice_scores(accuracy, y, pred, groups)
    assert table["group"].tolist() == [3, 7]
    assert table["n_samples"].tolist() == [40, 30]
    assert table["score"].tolist() == [0.25, 1.0]
    assert (table["low"][1], table["high"][1]) == (1, 1)
    assert 0.05 < table["low"][0] < 0.25 < table["high"][0] < 0.5


def test_warns_of_tiny_groups():
    groups = np.repeat(["many", "few", "one"], [20, 19, 1])
    with pytest.warns(UserWarning, match=r"fewer than 20 samples in few \(19\), one \(1\): such intervals") as caught:
        slice_scores(accuracy, np.ones(40), np.ones(40), groups)
    assert [warning.filename for warning in caught] == [__file__]


def test_says_which_groups_are_tiny():
    groups = np.repeat(["many", "few", "one"], [20, 19, 1])
    with pytest.warns(
        UserWarning, match=r"^fewer than 20 samples in few \(19\), one \(1\): such intervals are too narrow"
    ):
        slice_scores(accuracy, np.ones(40), np.ones(40), groups)


def test_the_defaults_are_those_of_the_docstring():
    named = slice_scores(accuracy, *draw(), level=0.95, n_resamples=500, random_state=0)
    np.testing.assert_equal(slice_scores(accuracy, *draw()), named)


def test_seeds_are_kept():
    np.testing.assert_equal(slice_scores(accuracy, *draw()), slice_scores(accuracy, *draw()))
    first, second = (slice_scores(accuracy, *draw(), random_state=seed, n_resamples=30)["low"] for seed in (0, 1))
    assert first.tolist() != second.tolist()


def test_says_what_is_wrong():
    with pytest.raises(ValueError, match="2 groups for 3 samples; name one, such as a voice, per sample"):
        slice_scores(accuracy, [0, 1, 1], [0, 1, 1], ["a", "b"])
    with pytest.raises(ValueError, match="3 true labels and 2 predicted ones"):
        slice_scores(accuracy, [0, 1, 1], [0, 1], ["a", "b", "b"])
    with pytest.raises(ValueError, match="groups hold NaN or infinity"):
        slice_scores(accuracy, [0, 1], [0, 1], [np.nan, 1])
    with pytest.raises(ValueError, match=r"groups must have shape .* got shape \(2, 2\)"):
        slice_scores(accuracy, [0, 1], [0, 1], np.eye(2))
    with pytest.raises(ValueError, match="level=95 not between 0 and 1"):
        slice_scores(accuracy, np.ones(30), np.ones(30), np.ones(30), level=95)
