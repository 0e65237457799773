import numpy as np
import pytest
from sklearn.datasets import make_classification
from sklearn.ensemble import RandomForestClassifier
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from mmlearn_edu.classification import random_forest_pipeline, svm_pipeline
from mmlearn_edu.fusion import ConcatFusion
from mmlearn_edu.modalities import Modalities


def loud_and_quiet(n_samples=200, seed=0):
    """Make two modalities: the class is in the small numbers, the large ones are noise."""
    rng = np.random.default_rng(seed)
    y = np.array(["no", "yes"])[np.arange(n_samples) % 2]
    quiet = rng.normal(size=(n_samples, 3)) + 2.0 * (y == "yes")[:, None]
    return np.hstack([quiet, 1000 * rng.normal(size=(n_samples, 3))]), y


def test_the_svm_is_scikit_learns_on_scaled_features():
    X, y = loud_and_quiet()
    model = svm_pipeline(C=2.0, kernel="poly", gamma=0.1).fit(X[:100], y[:100])
    scaler = StandardScaler().fit(X[:100])
    alone = SVC(C=2.0, kernel="poly", gamma=0.1).fit(scaler.transform(X[:100]), y[:100])
    np.testing.assert_array_equal(model.decision_function(X[100:]), alone.decision_function(scaler.transform(X[100:])))


def test_scaling_is_what_the_svm_needs_and_the_forest_does_not():
    X, y = loud_and_quiet()
    assert cross_val_score(svm_pipeline(), X, y).mean() > 0.9
    assert cross_val_score(SVC(), X, y).mean() < 0.7  # the large numbers decide
    with_scaling = cross_val_score(random_forest_pipeline(50), X, y).mean()
    without = cross_val_score(RandomForestClassifier(50, random_state=0), X, y).mean()
    assert with_scaling > 0.9
    assert abs(with_scaling - without) < 0.02


@pytest.mark.parametrize("make", [svm_pipeline, lambda: random_forest_pipeline(20)], ids=["svm", "forest"])
def test_unfitted_reproducible_and_at_chance_on_shuffled_classes(make):
    X, y = make_classification(200, n_informative=4, random_state=0)
    with pytest.raises(NotFittedError):
        make().predict(X)
    model = make()
    np.testing.assert_array_equal(model.fit(X, y).predict(X), make().fit(X, y).predict(X))
    shuffled = np.random.default_rng(0).permutation(y)
    assert cross_val_score(make(), X, y).mean() > 0.75
    assert abs(cross_val_score(make(), X, shuffled).mean() - 0.5) < 0.15


def test_takes_a_fused_matrix_under_a_grid_search():
    X, y = loud_and_quiet(80)
    views = Modalities({"image": X[:, :3], "audio": X[:, 3:]})
    model = make_pipeline(ConcatFusion(), svm_pipeline())
    search = GridSearchCV(model, {"pipeline__svm__C": [0.1, 1.0]}, cv=3).fit(views, y)
    assert search.best_score_ > 0.85


def test_the_seed_of_the_forest():
    X, y = make_classification(200, flip_y=0.3, random_state=0)
    p = [random_forest_pipeline(10, random_state=seed).fit(X, y).predict_proba(X) for seed in (0, 0, 1)]
    np.testing.assert_array_equal(p[0], p[1])
    assert (p[0] != p[2]).any()
    np.testing.assert_allclose(p[0].sum(axis=1), 1)


def test_steps_and_settings_are_as_promised():
    svm, forest = svm_pipeline(), random_forest_pipeline()
    assert [list(pipe.named_steps) for pipe in (svm, forest)] == [["scale", "svm"], ["scale", "forest"]]
    assert [svm.get_params()[f"svm__{name}"] for name in ("C", "kernel", "gamma")] == [1.0, "rbf", "scale"]
    assert [forest.get_params()[f"forest__{name}"] for name in ("n_estimators", "random_state")] == [200, 0]


def test_wrong_settings_are_refused_by_fit():
    X, y = loud_and_quiet(20)
    with pytest.raises(ValueError, match="The 'C' parameter of SVC must be"):
        svm_pipeline(C=-1.0).fit(X, y)
    with pytest.raises(ValueError, match="The 'n_estimators' parameter of RandomForestClassifier must be"):
        random_forest_pipeline(0).fit(X, y)
    with pytest.raises(ValueError, match="Input X contains infinity"):
        svm_pipeline().fit(np.full_like(X, np.inf), y)
