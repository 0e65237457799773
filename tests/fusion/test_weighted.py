from itertools import product
from math import comb

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import GridSearchCV, GroupKFold, KFold, cross_val_score
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline

from mmlearn_edu.fusion import AverageFusion, WeightedFusion, simplex_grid
from mmlearn_edu.fusion.weighted import _first_choice
from mmlearn_edu.modalities import Modalities
from tests.conformance import TwoHalves, contract


@contract(TwoHalves(WeightedFusion(Ridge(), n_steps=2, cv=2)))
def test_scikit_learn_contract(estimator, check):
    check(estimator)


def noisy(n_samples=60, noise=(0.8, 1.5, 3.0), dtype=np.float64, seed=0):
    """Three views of the same two columns, each noisier than the one before."""
    rng = np.random.default_rng(seed)
    y = np.arange(n_samples) % 3
    truth = np.eye(3)[y][:, :2] * 2
    names = ("image", "audio", "text")
    views = [(truth + rng.normal(0, sd, truth.shape)).astype(dtype) for sd in noise]
    return dict(zip(names, views, strict=True)), y


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_agrees_with_a_grid_search_over_average_fusion(dtype):
    X, y = noisy(dtype=dtype)
    ours = WeightedFusion(LogisticRegression(), n_steps=4, cv=3).fit(X, y)
    grid = [dict(zip(X, np.divide(w, 4), strict=True)) for w in product(range(5), repeat=3) if sum(w) == 4]
    search = GridSearchCV(
        make_pipeline(AverageFusion(), LogisticRegression()), {"averagefusion__weights": grid}, cv=3
    ).fit(Modalities(X), y)
    theirs = dict(zip([tuple(w.values()) for w in grid], search.cv_results_["mean_test_score"], strict=True))
    assert {tuple(w): s for w, s in zip(ours.candidates_.tolist(), ours.scores_, strict=True)} == pytest.approx(theirs)
    assert theirs[tuple(ours.weights_.values())] == pytest.approx(search.best_score_)
    assert ours.transform(X).dtype == dtype


def test_the_weights_lie_on_the_simplex_and_trust_the_clear_view_more():
    X, y = noisy(n_samples=300)
    weights = WeightedFusion(LogisticRegression()).fit(X, y).weights_
    assert sum(weights.values()) == pytest.approx(1)
    assert weights["image"] > weights["audio"] > weights["text"] >= 0


def test_beats_the_plain_average_and_the_best_single_view_on_new_samples():
    X, y = noisy(n_samples=600, noise=(0.9, 1.1, 6.0))
    new, truth = noisy(n_samples=600, noise=(0.9, 1.1, 6.0), seed=1)

    def score(fusion):
        return make_pipeline(fusion, LogisticRegression()).fit(X, y).score(new, truth)

    alone = [AverageFusion({name: float(name == one) for name in X}) for one in X]
    assert score(WeightedFusion(LogisticRegression())) > max(score(AverageFusion()), *map(score, alone))


def test_ties_go_to_the_most_even_weights_then_to_the_first_modality():
    X, y = noisy()
    twins = {"image": X["image"], "copy": X["image"]}
    assert WeightedFusion(LogisticRegression(), n_steps=4).fit(twins, y).weights_ == {"image": 0.5, "copy": 0.5}
    assert WeightedFusion(LogisticRegression(), n_steps=1).fit(twins, y).weights_ == {"image": 1.0, "copy": 0.0}


def test_a_difference_of_rounding_is_a_tie():
    X = {"ones": np.ones((8, 1)), "zeros": np.zeros((8, 1))}
    assert WeightedFusion(NearlyTied(), n_steps=2, cv=2).fit(X, range(8)).weights_ == {"ones": 0.5, "zeros": 0.5}


def test_the_choice_by_hand():
    candidates = np.array([[4, 4, 0], [5, 2, 1]]) / 8  # squared distances to (1/3, 1/3, 1/3): 1/6 and 13/96
    assert _first_choice(candidates, np.array([0.5, 0.5])) == 1
    assert _first_choice(candidates, np.array([0.5 + 4e-13, 0.5])) == 1  # equal to 12 decimals
    assert _first_choice(candidates, np.array([0.5 + 4e-12, 0.5])) == 0


def test_classes_are_spread_over_the_splits_even_if_the_samples_are_sorted():
    X, y = noisy()
    order = np.argsort(y, kind="stable")
    fusion = WeightedFusion(LogisticRegression(), n_steps=1, cv=3).fit({"image": X["image"][order]}, y[order])
    alone = cross_val_score(LogisticRegression(), X["image"][order], y[order], cv=3).mean()
    np.testing.assert_allclose(fusion.scores_, alone)


def test_all_candidates_meet_the_same_splits_and_a_second_fit_agrees():
    X, y = noisy()
    shuffled = KFold(3, shuffle=True)  # draws new splits at each call: they must be drawn once for all candidates
    fusion = WeightedFusion(KNeighborsClassifier(1), n_steps=3, cv=shuffled)
    scores = fusion.fit({"image": X["image"], "copy": X["image"]}, y).scores_
    np.testing.assert_array_equal(scores, scores[0])
    first, second = (WeightedFusion(LogisticRegression()).fit(X, y) for _ in range(2))
    assert first.weights_ == second.weights_


def test_takes_the_splits_of_groups():
    X, y = noisy()
    splits = list(GroupKFold(4).split(y, y, groups=np.arange(60) // 5))
    fusion = WeightedFusion(LogisticRegression(), n_steps=1, cv=splits).fit(X, y)
    alone = cross_val_score(LogisticRegression(), X["image"], y, cv=splits).mean()
    np.testing.assert_allclose(fusion.scores_[0], alone)


def test_a_sample_keeps_what_it_has():
    X, y = noisy()
    lost = np.arange(60) == 4
    fusion = WeightedFusion(LogisticRegression(), n_steps=2).fit(Modalities(X, missing={"image": lost}), y)
    assert fusion.candidates_.tolist() == [[0.5, 0.5, 0], [0.5, 0, 0.5], [0, 1, 0], [0, 0.5, 0.5], [0, 0, 1]]
    with pytest.raises(ValueError, match=r"n_steps=1 all weights leave some sample without.*take n_steps=2 or more"):
        WeightedFusion(LogisticRegression(), n_steps=1).fit(
            Modalities({k: X[k] for k in ("image", "text")}, missing={"image": lost, "text": ~lost}), y
        )


@pytest.mark.parametrize(("n_modalities", "n_steps"), [(1, 3), (2, 5), (3, 10), (4, 4)])
def test_grid_is_every_weight_once(n_modalities, n_steps):
    grid = simplex_grid(n_modalities, n_steps)
    counted = {w for w in product(range(n_steps + 1), repeat=n_modalities) if sum(w) == n_steps}
    assert {tuple(w) for w in np.rint(grid * n_steps).astype(int).tolist()} == counted
    assert len(grid) == comb(n_steps + n_modalities - 1, n_modalities - 1)
    np.testing.assert_allclose(grid.sum(axis=1), 1)
    assert (np.diff(grid[:, 0]) <= 0).all()


def test_ten_steps_unless_said_otherwise():
    assert len(WeightedFusion(Ridge(), cv=2).fit(*noisy()).candidates_) == 66  # as the docstring says of three


@pytest.mark.parametrize(("n_modalities", "n_steps"), [(0, 3), (3, 0)])
def test_grid_says_what_is_too_small(n_modalities, n_steps):
    with pytest.raises(ValueError, match=rf"{n_modalities=} and {n_steps=} must be 1 or more"):
        simplex_grid(n_modalities, n_steps)


def test_says_what_is_wrong():
    X, y = noisy()
    with pytest.raises(ValueError, match="WeightedFusion requires y to be passed"):
        WeightedFusion(LogisticRegression()).fit(X)
    with pytest.raises(ValueError, match=r"one width, got \{'image': 2, 'text': 1\}"):
        WeightedFusion(LogisticRegression()).fit({"image": X["image"], "text": X["text"][:, :1]}, y)
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        WeightedFusion(LogisticRegression()).fit(X, y[:-1])
    with pytest.raises(ValueError, match="score is NaN or infinite for some weights; use fewer splits"):
        WeightedFusion(NotScored(), n_steps=1).fit(X, y)
    with pytest.raises(ValueError, match=r"^the estimator's own words"):
        WeightedFusion(NotFitted(), n_steps=1).fit(X, y)


class NotScored(Ridge):
    def score(self, X, y):
        return np.nan


class NotFitted(Ridge):
    def fit(self, X, y):
        raise ValueError("the estimator's own words")


class NearlyTied(Ridge):
    def score(self, X, y):
        return 0.5 + 1e-15 * X.mean()
