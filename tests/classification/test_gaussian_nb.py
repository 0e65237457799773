import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.stats import norm
from sklearn import naive_bayes
from sklearn.datasets import load_digits, make_classification

from mmlearn_edu.classification import GaussianNB
from tests.conformance import contract


@contract(GaussianNB())
def test_scikit_learn_contract(estimator, check):
    check(estimator)


def three_classes(shape, seed=0):
    n_samples, n_features = shape
    rng = np.random.default_rng(seed)
    y = np.arange(n_samples) % 3
    return rng.normal(loc=rng.normal(size=(3, n_features))[y], scale=np.geomspace(0.1, 30, n_features)), y


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("shape", [(90, 5), (9, 40), (30, 1)], ids=["tall", "wide", "one column"])
@pytest.mark.parametrize("var_smoothing", [1e-9, 0.1])
def test_agrees_with_scikit_learn(dtype, shape, var_smoothing):
    X, y = three_classes(shape)
    X, names = X.astype(dtype), np.array(["ant", "bee", "cat"])[y]
    ours = GaussianNB(var_smoothing).fit(X, names)
    theirs = naive_bayes.GaussianNB(var_smoothing=var_smoothing).fit(X.astype(np.float64), names)
    np.testing.assert_allclose(ours.theta_, theirs.theta_, rtol=1e-12)
    np.testing.assert_allclose(ours.var_, theirs.var_, rtol=1e-12)
    np.testing.assert_allclose(
        ours.predict_log_proba(X), theirs.predict_log_proba(X.astype(np.float64)), rtol=1e-10, atol=1e-10
    )
    np.testing.assert_array_equal(ours.predict(X), theirs.predict(X.astype(np.float64)))


def test_agrees_with_scikit_learn_on_digits_with_their_constant_pixels():
    X, y = load_digits(return_X_y=True)
    ours, theirs = GaussianNB().fit(X[:900], y[:900]), naive_bayes.GaussianNB().fit(X[:900], y[:900])
    assert (X[:900].std(axis=0) == 0).any()
    np.testing.assert_allclose(ours.predict_log_proba(X), theirs.predict_log_proba(X), rtol=1e-10, atol=1e-8)


def test_by_hand_with_scipys_bell_curve():
    model = GaussianNB(var_smoothing=0).fit([[1.0], [3.0], [5.0], [4.0], [8.0]], [0, 0, 0, 1, 1])
    np.testing.assert_allclose(model.theta_, [[3], [6]])
    np.testing.assert_allclose(model.var_, [[8 / 3], [4]])  # (4 + 0 + 4) / 3 and (4 + 4) / 2
    np.testing.assert_allclose(model.class_prior_, [0.6, 0.4])
    joint = np.array([0.6 * norm.pdf(5, 3, np.sqrt(8 / 3)), 0.4 * norm.pdf(5, 6, 2)])
    np.testing.assert_allclose(model.predict_proba([[5.0]]), [joint / joint.sum()])


def test_smoothing_is_a_share_of_the_largest_variance_over_all_classes():
    X = np.array([[0.0, 7.0], [2.0, 7.0], [4.0, 7.0], [6.0, 7.0]])  # variances 5 and 0
    model = GaussianNB(var_smoothing=0.1).fit(X, [0, 0, 1, 1])
    np.testing.assert_allclose(model.var_, [[1.5, 0.5], [1.5, 0.5]])


def test_moving_and_stretching_the_data_changes_nothing():
    X, y = make_classification(60, random_state=0)
    model, moved = GaussianNB().fit(X, y), GaussianNB().fit(10 * X + 1e6, y)
    np.testing.assert_allclose(moved.predict_proba(10 * X + 1e6), model.predict_proba(X), atol=1e-6)
    np.testing.assert_allclose(model.predict_proba(X).sum(axis=1), 1, rtol=1e-12)


def test_samples_twice_change_nothing():
    X, y = three_classes((30, 4))
    twice = GaussianNB().fit(np.vstack([X, X]), np.hstack([y, y]))
    np.testing.assert_allclose(twice.predict_proba(X), GaussianNB().fit(X, y).predict_proba(X), rtol=1e-9, atol=1e-12)


def test_far_away_there_is_still_an_answer():
    model = GaussianNB().fit([[-1.0], [0.0], [1.0], [2.0]], [0, 0, 1, 1])
    log_p = model.predict_log_proba([[1e6]])
    assert np.isfinite(log_p).all()
    assert log_p[0, 0] < -1e5


def test_says_what_is_wrong():
    with pytest.raises(ValueError, match=r"var_smoothing=-1, expected a number from 0 up; the usual is 1e-9"):
        GaussianNB(-1).fit([[1.0], [2.0]], [0, 1])
    with pytest.raises(ValueError, match=r"var_smoothing=inf, expected a number from 0 up"):
        GaussianNB(np.inf).fit([[1.0], [2.0]], [0, 1])
    with pytest.raises(TypeError, match="Sparse data was passed"):
        GaussianNB().fit([[1.0], [2.0]], [0, 1]).predict(csr_array([[1.0]]))
    with pytest.raises(ValueError, match=r"feature 1 is constant in class a, and var_smoothing=0 of the largest"):
        GaussianNB(0).fit([[1.0, 3.0], [2.0, 3.0], [1.0, 4.0], [3.0, 5.0]], ["a", "a", "b", "b"])
    with pytest.raises(ValueError, match=r"feature 0 is constant in class 0, .*remove constant features"):
        GaussianNB().fit(np.ones((4, 2)), [0, 0, 1, 1])
    with pytest.raises(ValueError, match=r"all 3 samples are of one class, 7; a classifier needs at least two"):
        GaussianNB().fit([[1.0], [2.0], [3.0]], [7, 7, 7])
    with pytest.raises(ValueError, match="all 1 samples are of one class"):
        GaussianNB().fit([[1.0]], [7])
    with pytest.raises(ValueError, match="Input X contains NaN"):
        GaussianNB().fit([[np.nan], [2.0]], [0, 1])
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        GaussianNB().fit([[1.0], [2.0]], [0, 1, 1])
