from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics

from mmlearn_edu import evaluation

CLUSTER_SCORES = [
    evaluation.clustering_accuracy,
    evaluation.adjusted_rand_index,
    evaluation.normalized_mutual_information,
    evaluation.adjusted_mutual_information,
    evaluation.purity,
]
labels = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=40)


@settings(max_examples=150, deadline=None)
@given(labels)
def test_agrees_with_scikit_learn(pairs):
    true, pred = map(np.array, zip(*pairs, strict=True))
    assert evaluation.adjusted_rand_index(true, pred) == pytest.approx(metrics.adjusted_rand_score(true, pred))
    expected = metrics.normalized_mutual_info_score(true, pred)
    assert evaluation.normalized_mutual_information(true, pred) == pytest.approx(expected, abs=1e-9)
    expected = metrics.adjusted_mutual_info_score(true, pred)
    assert evaluation.adjusted_mutual_information(true, pred) == pytest.approx(expected, abs=1e-9)
    expected = metrics.cluster.contingency_matrix(true, pred)
    np.testing.assert_array_equal(evaluation.contingency_matrix(true, pred), expected)
    assert evaluation.accuracy(true, pred) == metrics.accuracy_score(true, pred)


@settings(max_examples=50, deadline=None)
@given(labels, st.permutations(range(5)))
def test_names_of_clusters_do_not_matter(pairs, renamed):
    true, pred = map(np.array, zip(*pairs, strict=True))
    for score in CLUSTER_SCORES:
        assert score(true, pred) == pytest.approx(score(true, np.array(renamed)[pred]))
        assert score(true, pred) == pytest.approx(score(true, np.array(list("abcde"))[pred]))
        assert 1 - 1e-12 < score(true, np.array(renamed)[true]) <= 1


@settings(max_examples=30, deadline=None)
@given(labels)
def test_the_matching_is_the_best_there_is(pairs):
    true, pred = map(np.array, zip(*pairs, strict=True))
    best = max(np.mean(true == np.array(names)[pred]) for names in permutations(range(5)))
    assert evaluation.clustering_accuracy(true, pred) == pytest.approx(best)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=2, max_size=6))
def test_adjusted_information_is_zero_on_average_over_all_ways_to_deal(pairs):
    true, pred = map(np.array, zip(*pairs, strict=True))
    dealt = [
        evaluation.adjusted_mutual_information(true, pred[list(order)]) for order in permutations(range(len(true)))
    ]
    single = len(set(true)) == 1 == len(set(pred))
    alone = len(set(true)) == len(true) == len(set(pred))
    assert np.mean(dealt) == pytest.approx(1.0 if single or alone else 0.0, abs=1e-9)


@settings(max_examples=50, deadline=None)
@given(labels)
def test_purity_is_the_best_name_for_every_cluster_and_splitting_never_lowers_it(pairs):
    true, pred = map(np.array, zip(*pairs, strict=True))
    frequent = [np.bincount(true[pred == cluster]).max() for cluster in set(pred)]
    assert evaluation.purity(true, pred) == pytest.approx(sum(frequent) / len(true))
    assert evaluation.purity(true, 2 * pred + np.arange(len(pred)) % 2) >= evaluation.purity(true, pred)
    assert evaluation.purity(true, np.arange(len(true))) == 1
    assert evaluation.purity(true, np.zeros(len(true))) == evaluation.chance_level(true)


def test_many_samples_and_many_groups():
    rng = np.random.default_rng(0)
    true, pred = rng.integers(300, size=2000), rng.integers(5, size=2000)
    expected = metrics.adjusted_mutual_info_score(true, pred)
    assert evaluation.adjusted_mutual_information(true, pred) == pytest.approx(expected, abs=1e-9)
    true = np.arange(100_000) % 7
    assert abs(evaluation.adjusted_mutual_information(true, rng.integers(9, size=100_000))) < 1e-3
    assert evaluation.adjusted_mutual_information(true, 6 - true) == 1


def test_by_hand():
    assert evaluation.purity([0, 0, 0, 1, 1], [5, 5, 9, 9, 9]) == 0.8
    assert evaluation.adjusted_mutual_information([0, 0, 1, 1], [0, 1, 0, 1]) == pytest.approx(-0.5)
    assert evaluation.adjusted_mutual_information([0, 0, 0], [0, 1, 2]) == 0
    assert evaluation.adjusted_mutual_information([0] * 7, range(7)) == 0  # although 7 times 1/7 is not quite 1
    assert evaluation.adjusted_mutual_information([3, 3], [4, 4]) == 1
    assert evaluation.adjusted_mutual_information([3], [4]) == 1
    assert evaluation.clustering_accuracy([0, 0, 1, 1], [5, 5, 5, 9]) == 0.75
    assert evaluation.clustering_accuracy([0, 0, 0, 0], [1, 2, 3, 4]) == 0.25  # surplus clusters are wrong
    assert 0 <= evaluation.normalized_mutual_information(np.repeat(range(3), 4), np.tile(range(4), 3)) < 1e-12
    assert evaluation.contingency_matrix([0, 1], [0, 1]).dtype == np.int64
    assert evaluation.chance_level([1, 1, 1, 0]) == 0.75
    assert evaluation.accuracy([1, 0, 1, 1], [1, 1, 1, 1]) == 0.75


def test_chance_is_what_shuffled_labels_score():
    y = np.repeat(np.arange(10), 30)
    chance = {s.__name__: evaluation.chance_scores(s, y, y, n_permutations=100) for s in CLUSTER_SCORES}
    assert abs(chance["adjusted_rand_index"].mean()) < 0.005
    assert chance["clustering_accuracy"].min() > 0.1  # the best matching flatters: never below 1 / n_classes
    assert chance["clustering_accuracy"].max() < 0.25
    assert abs(chance["adjusted_mutual_information"].mean()) < 0.005
    assert chance["normalized_mutual_information"].mean() > 0.02  # and this one is not corrected
    assert np.all(np.diff(chance["clustering_accuracy"]) >= 0)


def test_the_interval_covers_as_often_as_it_says():
    rng = np.random.default_rng(0)
    covered = 0
    for seed in range(150):
        right = (rng.random(120) < 0.7).astype(int)
        low, high = evaluation.bootstrap_interval(
            evaluation.accuracy, np.ones(120), right, n_resamples=200, random_state=seed
        )
        covered += low <= 0.7 <= high
    assert 0.88 < covered / 150 < 0.99


@pytest.mark.parametrize(("level", "deviations"), [(0.5, 0.6745), (0.9, 1.6449)])
def test_the_interval_of_a_mean_is_as_wide_as_the_normal_distribution_says(level, deviations):
    y = np.random.default_rng(0).normal(loc=5.0, size=300)
    low, high = evaluation.bootstrap_interval(lambda true, _: true.mean(), y, y, level=level, n_resamples=4000)
    error = deviations * y.std() / np.sqrt(300)
    assert low == pytest.approx(y.mean() - error, abs=0.1 * error)
    assert high == pytest.approx(y.mean() + error, abs=0.1 * error)


@pytest.mark.parametrize("draw", [evaluation.chance_scores, evaluation.bootstrap_interval])
def test_seeds_are_kept_and_the_defaults_are_those_of_the_docstring(draw):
    y, z = np.random.default_rng(0).normal(size=(2, 50))
    size = {"n_permutations": 200} if draw is evaluation.chance_scores else {"n_resamples": 500, "level": 0.95}
    usual = draw(np.dot, y, z)
    np.testing.assert_array_equal(usual, draw(np.dot, y, z, random_state=0, **size))
    assert not np.array_equal(usual, draw(np.dot, y, z, random_state=1))


@pytest.mark.parametrize("score", [*CLUSTER_SCORES, evaluation.accuracy], ids=lambda s: s.__name__)
def test_says_what_is_wrong_with_labels(score):
    with pytest.raises(ValueError, match="3 true labels and 2 predicted ones; give one of each per sample"):
        score([0, 1, 2], [0, 1])
    with pytest.raises(ValueError, match=r"the true labels must have shape \(n_samples,\) .* got shape \(0,\)"):
        score([], [])
    with pytest.raises(ValueError, match=r"the predicted labels must have shape .* got shape \(2, 2\)"):
        score([0, 1], np.eye(2))
    with pytest.raises(ValueError, match="the true labels hold NaN or infinity"):
        score([0, np.nan], [0, 1])


@pytest.mark.parametrize("level", [0, 1, 1.5, 95])
def test_says_which_levels_are_possible(level):
    with pytest.raises(ValueError, match=rf"level={level} not between 0 and 1; 0\.95 is usual"):
        evaluation.bootstrap_interval(evaluation.accuracy, [0, 1], [0, 1], level=level)


def test_chance_level_says_what_is_wrong():
    with pytest.raises(ValueError, match=r"^y must have shape \(n_samples,\)"):
        evaluation.chance_level([])
