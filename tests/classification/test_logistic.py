import numpy as np
import pytest
from scipy.optimize import check_grad
from scipy.sparse import csr_array, csr_matrix
from sklearn import linear_model
from sklearn.datasets import load_digits, make_classification
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from mmlearn_edu.classification import LogisticRegression
from mmlearn_edu.classification.base import log_softmax
from mmlearn_edu.classification.logistic import penalised_loss
from tests.conformance import contract


@contract(LogisticRegression())
def test_scikit_learn_contract(estimator, check):
    check(estimator)


def classes(n_classes, shape, seed=0):
    rng = np.random.default_rng(seed)
    y = rng.permutation(np.arange(shape[0]) % n_classes)
    return rng.normal(size=shape) + rng.normal(size=(n_classes, shape[1]))[y], y


@pytest.mark.parametrize("make", [np.asarray, csr_array, csr_matrix, np.float32], ids=["dense", "csr", "matrix", "f32"])
@pytest.mark.parametrize("shape", [(120, 6), (12, 40), (60, 1)], ids=["tall", "wide", "one column"])
@pytest.mark.parametrize("n_classes", [2, 4])
@pytest.mark.parametrize("C", [0.01, 1.0, 100.0])
def test_agrees_with_scikit_learn(make, shape, n_classes, C):
    X, y = classes(n_classes, shape)
    X = X.astype(np.float32).astype(float)
    names = np.array(["ant", "bee", "cat", "dog"])[y]
    ours = LogisticRegression(C, tol=1e-9).fit(make(X), names)
    theirs = linear_model.LogisticRegression(C=C, solver="newton-cholesky", tol=1e-10).fit(X, names)
    assert ours.coef_.shape == theirs.coef_.shape
    np.testing.assert_allclose(ours.coef_, theirs.coef_, atol=1e-5)
    np.testing.assert_allclose(ours.predict_proba(make(X)), theirs.predict_proba(X), atol=1e-6)
    np.testing.assert_allclose(ours.decision_function(make(X)), theirs.decision_function(X), atol=1e-4)
    assert ours.predict(make(X)).tolist() == theirs.predict(X).tolist()


def test_agrees_with_scikit_learn_on_digits():
    X, y = load_digits(return_X_y=True)
    scaled = StandardScaler().fit_transform(X)
    ours = LogisticRegression(tol=1e-8).fit(scaled[:1000], y[:1000])
    theirs = linear_model.LogisticRegression(solver="newton-cholesky", tol=1e-8).fit(scaled[:1000], y[:1000])
    np.testing.assert_allclose(ours.predict_proba(scaled), theirs.predict_proba(scaled), atol=5e-5)
    assert ours.score(scaled[1000:], y[1000:]) > 0.9


@pytest.mark.parametrize("n_classes", [2, 3])
@pytest.mark.parametrize("make", [np.asarray, csr_array], ids=["dense", "sparse"])
def test_the_gradient_is_the_slope_of_the_loss(make, n_classes):
    X, y = classes(n_classes, (20, 4))
    n_rows = n_classes if n_classes > 2 else 1
    args = (make(X), np.eye(n_classes)[y], 0.7)
    weights = np.random.default_rng(0).normal(size=n_rows * 5)
    loss, slope = (lambda w: penalised_loss(w, *args)[0]), (lambda w: penalised_loss(w, *args)[1])
    assert check_grad(loss, slope, weights) < 1e-6
    assert np.linalg.norm(slope(weights)) > 0.1


def test_by_hand():
    X, y = [[-1.0], [1.0]], ["no", "yes"]
    # by symmetry b = 0, and the slope is 0 where w = 2 C (1 - p(yes | 1)): for w = 1, C = (1 + e) / 2
    model = LogisticRegression(C=(1 + np.e) / 2, tol=1e-10).fit(X, y)
    np.testing.assert_allclose([model.coef_[0, 0], model.intercept_[0]], [1, 0], atol=1e-7)
    np.testing.assert_allclose(model.predict_proba([[1.0]]), [[1 / (1 + np.e), np.e / (1 + np.e)]], atol=1e-7)


def test_without_features_that_tell_it_learns_the_shares_of_the_classes():
    model = LogisticRegression(tol=1e-9).fit(np.ones((10, 2)), [0] * 5 + [1] * 3 + [2] * 2)
    np.testing.assert_allclose(model.predict_proba([[1.0, 1.0]]), [[0.5, 0.3, 0.2]], atol=1e-7)


def test_at_the_minimum_probabilities_and_classes_agree_on_average():
    X, y = classes(3, (60, 4))
    model = LogisticRegression(tol=1e-9).fit(X, y)
    Y = np.eye(3)[y]
    p = model.predict_proba(X)
    np.testing.assert_allclose(p.sum(axis=1), 1, rtol=1e-12)
    np.testing.assert_allclose(p.mean(axis=0), Y.mean(axis=0), atol=1e-7)  # the intercepts are free
    np.testing.assert_allclose((Y - p).T @ X, model.coef_, atol=1e-5)  # C = 1: the pull of the data is the weight


def test_a_smaller_c_means_smaller_weights():
    X, y = classes(3, (60, 4))
    sizes = [np.linalg.norm(LogisticRegression(C).fit(X, y).coef_) for C in (1e-6, 0.01, 1.0, 100.0)]
    assert sizes == sorted(sizes)
    assert sizes[0] < 1e-3


def test_huge_scores_do_not_overflow():
    log_p = log_softmax(np.array([[1e308, 0.0], [-1e308, -1e308]]))
    np.testing.assert_array_equal(log_p, [[0, -1e308], [-np.log(2), -np.log(2)]])
    X, y = classes(3, (60, 4))
    model = LogisticRegression().fit(X, y)
    p = model.predict_proba(1e300 * X)
    assert np.isfinite(p).all()
    np.testing.assert_allclose(p.sum(axis=1), 1, rtol=1e-12)
    # the difference of two scores survives where the smaller probability is 0
    assert model.predict_log_proba(1e6 * X).min() < -1e5


def test_two_runs_agree_and_samples_twice_with_half_the_c():
    X, y = classes(3, (40, 4))
    model = LogisticRegression(tol=1e-10).fit(X, y)
    np.testing.assert_array_equal(model.coef_, LogisticRegression(tol=1e-10).fit(X, y).coef_)
    twice = LogisticRegression(0.5, tol=1e-10).fit(np.vstack([X, X]), np.hstack([y, y]))
    np.testing.assert_allclose(twice.coef_, model.coef_, atol=1e-6)


def test_learns_nothing_from_shuffled_classes():
    X, y = classes(4, (400, 6))
    assert LogisticRegression().fit(X[:200], y[:200]).score(X[200:], y[200:]) > 0.6
    shuffled = np.random.default_rng(1).permutation(y)
    assert LogisticRegression().fit(X[:200], shuffled[:200]).score(X[200:], shuffled[200:]) < 0.35


def test_in_a_pipeline_under_a_grid_search():
    X, y = make_classification(120, n_classes=3, n_informative=5, random_state=0)
    model = make_pipeline(StandardScaler(), LogisticRegression())
    search = GridSearchCV(model, {"logisticregression__C": [0.1, 1.0]}, cv=3).fit(X, y)
    assert search.best_score_ > 0.55


def test_says_that_it_is_not_there_yet():
    X, y = classes(3, (60, 4))
    words = r"stopped after 2 steps \(max_iter=2\) with a gradient of \d.*; scale the features first"
    with pytest.warns(ConvergenceWarning, match=words):
        model = LogisticRegression(max_iter=2).fit(X, y)
    assert model.n_iter_ == 2


def test_the_warning_points_at_the_line_that_fits():
    X, y = classes(3, (60, 4))
    with pytest.warns(ConvergenceWarning) as caught:
        LogisticRegression(max_iter=2).fit(X, y)
    assert caught[0].filename == __file__


@pytest.mark.parametrize("name", ["C", "max_iter", "tol"])
@pytest.mark.parametrize("value", [0, -1, np.inf, np.nan])
def test_says_which_numbers_it_takes(name, value):
    with pytest.raises(ValueError, match=rf"{name}={value}, expected a finite number above 0"):
        LogisticRegression(**{name: value}).fit([[0.0], [1.0]], [0, 1])


def test_says_what_is_wrong_with_the_data():
    with pytest.raises(ValueError, match=r"all 2 samples are of one class, cat; .*at least two"):
        LogisticRegression().fit([[0.0], [1.0]], ["cat", "cat"])
    with pytest.raises(ValueError, match="Unknown label type: continuous"):
        LogisticRegression().fit([[0.0], [1.0]], [0.5, 1.5])
    with pytest.raises(ValueError, match="Input X contains NaN"):
        LogisticRegression().fit([[np.nan], [1.0]], [0, 1])
    with pytest.raises(ValueError, match="X has 2 features, but LogisticRegression is expecting 1"):
        LogisticRegression().fit([[0.0], [1.0]], [0, 1]).predict([[1.0, 2.0]])
