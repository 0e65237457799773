import numpy as np
import pytest
from sklearn import decomposition
from sklearn.base import clone
from sklearn.decomposition import NMF
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from mmlearn_edu.anomaly import ReconstructionDetector
from mmlearn_edu.representations import PCA, TSNE
from tests.conformance import contract


@contract(ReconstructionDetector(), ReconstructionDetector(PCA(n_components=1), contamination=0.2))
def test_scikit_learn_contract(estimator, check):
    check(estimator)


def plane(shape, dtype=np.float64, seed=0):
    """Samples near a plane, somewhere in space."""
    n_samples, n_features = shape
    mean, *axes = np.random.default_rng(9).normal(size=(3, n_features))
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n_samples, 2)) @ axes + mean
    return (X + 0.1 * rng.normal(size=shape)).astype(dtype)


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-12), (np.float32, 1e-4)])
@pytest.mark.parametrize("shape", [(80, 6), (8, 30)], ids=["tall", "wide"])
def test_agrees_with_the_part_of_pca_that_was_dropped(shape, dtype, tolerance):
    X, new = plane(shape, dtype), plane((50, shape[1]), dtype, seed=1)
    theirs = decomposition.PCA(svd_solver="full").fit(X.astype(np.float64))
    dropped = theirs.transform(new.astype(np.float64))[:, 2:]
    everywhere = ((new - theirs.mean_) ** 2).sum(axis=1) - (theirs.transform(new)[:, :2] ** 2).sum(axis=1)
    detector = ReconstructionDetector().fit(X)
    np.testing.assert_allclose(detector.anomaly_score(new), everywhere, rtol=1e-3, atol=tolerance)
    if shape[0] > shape[1]:
        np.testing.assert_allclose(detector.anomaly_score(new), (dropped**2).sum(axis=1), rtol=1e-3, atol=tolerance)


def test_by_hand_and_every_name_for_it():
    detector = ReconstructionDetector(PCA(n_components=1), contamination=0.5)
    detector.fit([[-2.0, 0.0], [2.0, 0.0], [0.0, 1.0], [0.0, -1.0]])
    np.testing.assert_allclose(detector.anomaly_score([[7.0, 0.0], [7.0, 3.0]]), [0, 9], atol=1e-12)
    assert detector.threshold_ == 0.5  # the scores 0, 0, 1, 1
    np.testing.assert_allclose(detector.score_samples([[7.0, 3.0]]), [-9])
    np.testing.assert_allclose(detector.decision_function([[7.0, 0.0], [7.0, 3.0]]), [0.5, -8.5], atol=1e-12)
    assert detector.predict([[7.0, 0.0], [7.0, 3.0]]).tolist() == [1, -1]


def test_finds_what_leaves_the_plane_and_misses_what_stays_in_it():
    X, normal = plane((200, 6)), plane((100, 6), seed=1)
    detector = ReconstructionDetector().fit(X)
    y = np.arange(200) < 100
    beside = normal + np.random.default_rng(2).normal(size=normal.shape)
    assert roc_auc_score(y, detector.anomaly_score(np.vstack([beside, normal]))) > 0.95
    far_along = X.mean(axis=0) + 5 * (normal - X.mean(axis=0)) - 4 * (normal - rebuilt(detector, normal))
    assert roc_auc_score(y, detector.anomaly_score(np.vstack([far_along, normal]))) < 0.6


def rebuilt(detector, X):
    return detector.transformer_.inverse_transform(detector.transformer_.transform(X))


@pytest.mark.parametrize("contamination", [0.01, 0.1, 0.5])
def test_contamination_is_the_share_of_training_samples_above_the_threshold(contamination):
    X = plane((200, 6))
    detector = ReconstructionDetector(contamination=contamination).fit(X)
    assert (detector.predict(X) == -1).mean() == contamination
    np.testing.assert_array_equal(detector.predict(X) == -1, detector.anomaly_score(X) > detector.threshold_)
    np.testing.assert_array_equal(detector.fit_predict(X), detector.predict(X))


def test_takes_any_transformer_that_can_rebuild_and_leaves_it_alone():
    X = np.abs(plane((60, 6)))
    nmf = NMF(2, init="nndsvda", max_iter=5000, random_state=0)
    scores = ReconstructionDetector(nmf).fit(X).anomaly_score(X)
    ours = clone(nmf).fit(X)
    np.testing.assert_allclose(scores, ((X - ours.inverse_transform(ours.transform(X))) ** 2).sum(axis=1))
    assert not hasattr(nmf, "components_")
    scaled = ReconstructionDetector(make_pipeline(StandardScaler(), PCA(2))).fit(X)  # a pipeline rebuilds as well
    assert scaled.anomaly_score(X).shape == (60,)


def test_keeping_everything_loses_nothing():
    X = plane((20, 3))
    np.testing.assert_allclose(ReconstructionDetector(PCA(3)).fit(X).anomaly_score(10 * X), 0, atol=1e-20)


def test_constant_columns_and_samples_that_repeat():
    detector = ReconstructionDetector(PCA(1)).fit([[1.0, 5.0], [2.0, 5.0], [2.0, 5.0]])
    np.testing.assert_allclose(detector.anomaly_score([[9.0, 5.0], [1.0, 7.0]]), [0, 4], atol=1e-12)


def test_says_what_is_wrong():
    X = plane((20, 3))
    with pytest.raises(TypeError, match="TSNE has no inverse_transform and cannot rebuild a sample; give"):
        ReconstructionDetector(TSNE()).fit(X)
    for contamination in (0, 0.6, -1, np.nan):
        with pytest.raises(ValueError, match=rf"contamination={contamination} not in \(0, 0\.5\]"):
            ReconstructionDetector(contamination=contamination).fit(X)
    with pytest.raises(ValueError, match="Input X contains NaN"):
        ReconstructionDetector().fit(np.full((3, 3), np.nan))
    with pytest.raises(ValueError, match="minimum of 2 is required"):
        ReconstructionDetector().fit(X[:1])
    with pytest.raises(ValueError, match="X has 2 features, but ReconstructionDetector is expecting 3"):
        ReconstructionDetector().fit(X).anomaly_score(X[:, :2])
