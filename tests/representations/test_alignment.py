import pickle

import numpy as np
import pytest
from scipy.linalg import orthogonal_procrustes
from scipy.stats import special_ortho_group
from sklearn.base import clone
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline

from mmlearn_edu.representations import PCA, LeastSquaresMap
from mmlearn_edu.similarity import cosine_similarity
from tests.conformance import contract


@contract(LeastSquaresMap())
def test_scikit_learn_contract(estimator, check):
    check(estimator)


def pairs(n_samples=60, n_features=5, n_targets=5, noise=0.1, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(3, 2, size=(n_samples, n_features))
    return X, X @ rng.normal(size=(n_features, n_targets)) - 4 + noise * rng.normal(size=(n_samples, n_targets))


@pytest.mark.parametrize("widths", [(5, 5), (3, 7), (7, 3)], ids=["square", "wider", "narrower"])
def test_agrees_with_linear_regression(widths):
    X, Y = pairs(60, *widths)
    ours, theirs = LeastSquaresMap().fit(X, Y), LinearRegression().fit(X, Y)
    np.testing.assert_allclose(ours.map_, theirs.coef_.T, atol=1e-10)
    np.testing.assert_allclose(ours.transform(X), theirs.predict(X), atol=1e-10)


def test_agrees_with_orthogonal_procrustes():
    X, Y = pairs()
    ours = LeastSquaresMap(orthogonal=True).fit(X, Y)
    theirs, _ = orthogonal_procrustes(X - X.mean(axis=0), Y - Y.mean(axis=0))
    np.testing.assert_allclose(ours.map_, theirs, atol=1e-12)
    np.testing.assert_allclose(ours.transform(X).mean(axis=0), Y.mean(axis=0))


def test_finds_a_rotation_and_keeps_distances():
    rng = np.random.default_rng(0)
    turn = special_ortho_group.rvs(4, random_state=0)
    X = rng.normal(size=(10, 4))
    found = LeastSquaresMap(orthogonal=True).fit(X, X @ turn + 9)
    np.testing.assert_allclose(found.map_, turn, atol=1e-12)
    mirrored = LeastSquaresMap(orthogonal=True).fit(X, -X)
    np.testing.assert_allclose(mirrored.map_, -np.eye(4), atol=1e-12)
    np.testing.assert_allclose(
        np.linalg.norm(found.transform(X[:1]) - found.transform(X[1:]), axis=1), np.linalg.norm(X[:1] - X[1:], axis=1)
    )


def test_by_hand():
    # the line through (0, 1), (1, 3), (2, 5)
    line = LeastSquaresMap().fit([[0.0], [1.0], [2.0]], [[1.0], [3.0], [5.0]])
    np.testing.assert_allclose(line.map_, [[2]])
    np.testing.assert_allclose(line.transform([[10.0]]), [[21]])
    step = LeastSquaresMap(orthogonal=True).fit([[0.0], [1.0], [2.0]], [[1.0], [3.0], [5.0]])
    np.testing.assert_allclose(step.transform([[10.0]]), [[12]])  # as long as it was: 9 beyond the mean


def test_no_map_fits_better():
    X, Y = pairs(noise=3)
    rng = np.random.default_rng(1)
    for orthogonal in (False, True):
        found = LeastSquaresMap(orthogonal).fit(X, Y)
        least = ((found.transform(X) - Y) ** 2).sum()
        for _ in range(20):
            other = special_ortho_group.rvs(5, random_state=rng) if orthogonal else rng.normal(size=(5, 5)) * 0.01
            changed = found.map_ @ other if orthogonal else found.map_ + other
            assert (((X - X.mean(axis=0)) @ changed + Y.mean(axis=0) - Y) ** 2).sum() > least


def test_collinear_and_constant_features_and_few_pairs():
    X, Y = pairs()
    padded = np.hstack([X, X[:, :1], np.full((60, 1), 0.1)])
    np.testing.assert_allclose(
        LeastSquaresMap().fit(padded, Y).transform(padded), LeastSquaresMap().fit(X, Y).transform(X)
    )
    few = LeastSquaresMap().fit(X[:3], Y[:3])  # 5 features, 3 pairs: fits exactly, by the smallest map
    np.testing.assert_allclose(few.transform(X[:3]), Y[:3])
    np.testing.assert_allclose(few.map_, np.linalg.pinv(X[:3] - X[:3].mean(axis=0)) @ (Y[:3] - Y[:3].mean(axis=0)))


@pytest.mark.parametrize("orthogonal", [False, True])
def test_single_precision_stays(orthogonal):
    X, Y = pairs()
    single = LeastSquaresMap(orthogonal).fit(X.astype(np.float32), Y)
    assert single.transform(X.astype(np.float32)).dtype == np.float32
    np.testing.assert_allclose(single.map_, LeastSquaresMap(orthogonal).fit(X, Y).map_, atol=1e-4)


def test_the_means_are_exact_far_from_zero_in_single_precision():
    X = np.random.default_rng(3).normal(loc=1000, size=(20_000, 2)).astype(np.float32)
    found = LeastSquaresMap().fit(X, X)
    np.testing.assert_allclose(found.source_mean_, X.astype(np.float64).mean(axis=0), rtol=1e-7)
    np.testing.assert_array_equal(found.source_mean_, found.target_mean_)


def test_a_target_of_one_number():
    X, Y = pairs()
    flat = LeastSquaresMap().fit(X, Y[:, 0])
    np.testing.assert_array_equal(flat.transform(X), LeastSquaresMap().fit(X, Y[:, :1]).transform(X))


def test_makes_two_spaces_comparable():
    rng = np.random.default_rng(0)
    hidden = rng.normal(size=(300, 4))
    image = hidden @ rng.normal(size=(4, 8)) + 0.3 * rng.normal(size=(300, 8))
    text = hidden @ rng.normal(size=(4, 8)) + 0.3 * rng.normal(size=(300, 8))
    before = median_rank(image[200:], text[200:])
    for orthogonal in (False, True):
        carry = make_pipeline(PCA(8), LeastSquaresMap(orthogonal)).fit(image[:200], text[:200])
        assert median_rank(carry.transform(image[200:]), text[200:]) < before / 3


def median_rank(queries, answers):
    similarity = cosine_similarity(queries, answers)
    return np.median((similarity >= np.diag(similarity)[:, None]).sum(axis=1))


def test_inside_pipelines_searches_and_copies():
    X, Y = pairs(n_targets=3)

    def closeness(model, X, Y):
        return -np.mean((model.transform(X) - Y) ** 2)

    pipe = make_pipeline(PCA(2), LeastSquaresMap())
    search = GridSearchCV(pipe, {"pca__n_components": [2, 5]}, scoring=closeness, cv=3).fit(X, Y)
    assert search.best_params_ == {"pca__n_components": 5}
    turns = {"leastsquaresmap__orthogonal": [True, False]}
    search = GridSearchCV(make_pipeline(PCA(3), LeastSquaresMap()), turns, scoring=closeness, cv=3).fit(X, Y)
    assert search.best_params_ == {"leastsquaresmap__orthogonal": False}
    assert cross_val_score(make_pipeline(LeastSquaresMap(), Ridge()), X, Y, cv=3).min() > 0.9
    table = make_pipeline(PCA(5), LeastSquaresMap()).set_output(transform="pandas").fit(X, Y).transform(X)
    assert list(table.columns) == ["leastsquaresmap0", "leastsquaresmap1", "leastsquaresmap2"]
    fitted = LeastSquaresMap().fit(X, Y)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(fitted)).transform(X), fitted.transform(X))
    assert clone(LeastSquaresMap(orthogonal=True).fit(X, X)).orthogonal is True


def test_says_what_is_wrong_with_the_pairs():
    X, Y = pairs()
    with pytest.raises(ValueError, match=r"n_features=5 and n_targets=3; bring both to the same n_components"):
        LeastSquaresMap(orthogonal=True).fit(X, Y[:, :3])
    with pytest.raises(ValueError, match=r"requires y to be passed"):
        LeastSquaresMap().fit(X, None)
    with pytest.raises(ValueError, match=r"inconsistent numbers of samples: \[60, 59\]"):
        LeastSquaresMap().fit(X, Y[:59])
    with pytest.raises(ValueError, match="Input X contains NaN"):
        LeastSquaresMap().fit(np.full_like(X, np.nan), Y)
    with pytest.raises(ValueError, match="Input y contains NaN"):
        LeastSquaresMap().fit(X, np.full_like(Y, np.nan))
    with pytest.raises(ValueError, match="could not convert string to float: 'red'; turn words into numbers first"):
        LeastSquaresMap().fit(X[:2], np.array([["red"], ["blue"]], dtype=object))
    with pytest.raises(ValueError, match="a minimum of 2 is required"):
        LeastSquaresMap().fit(X[:1], Y[:1])
