import numpy as np
import pytest
from scipy.sparse import csr_array
from sklearn.base import BaseEstimator, OutlierMixin, clone
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.metrics import roc_auc_score
from sklearn.utils import get_tags
from sklearn.utils.validation import check_is_fitted, validate_data

from mmlearn_edu.anomaly import CrossModalMismatch, GaussianDensity, ReconstructionDetector, alarm_threshold
from mmlearn_edu.datasets import make_scenes
from mmlearn_edu.features import CountVectorizer, colour_histogram
from mmlearn_edu.modalities import Modalities
from mmlearn_edu.representations import CCA, PCA, LeastSquaresMap
from tests.conformance import contract


class TwoHalvesDetector(OutlierMixin, BaseEstimator):
    """Present one matrix as two modalities, so that scikit-learn can check the detector."""

    def __init__(self, measure="residual"):
        self.measure = measure

    def _split(self, X):
        half = max(1, X.shape[1] // 2)
        return {"left": X[:, :half], "right": X[:, -half:]}

    def fit(self, X, y=None):
        X = validate_data(self, X, dtype=[np.float64, np.float32], ensure_min_samples=2)
        self.detector_ = clone(CrossModalMismatch("left", "right", measure=self.measure)).fit(self._split(X))
        self.offset_ = self.detector_.offset_
        return self

    def _ask(self, method, X):
        check_is_fitted(self)
        X = validate_data(self, X, dtype=[np.float64, np.float32], reset=False)
        return getattr(self.detector_, method)(self._split(X))

    def predict(self, X):
        return self._ask("predict", X)

    def decision_function(self, X):
        return self._ask("decision_function", X)

    def score_samples(self, X):
        return self._ask("score_samples", X)


@contract(TwoHalvesDetector())
def test_scikit_learn_contract(estimator, check):
    check(estimator)


# these have two features, one for each half: the cosine of single numbers is 1 or -1, and all of them can be normal
@contract(TwoHalvesDetector("cosine"), but=["check_outliers_train", "check_outliers_fit_predict"])
def test_scikit_learn_contract_of_the_cosine(estimator, check):
    check(estimator)


def scenes(seed):
    """Return normal scenes to learn from, and others of which about half have the caption of another one."""
    data = make_scenes(1200, random_state=seed)
    words = CountVectorizer().fit_transform(data.X["text"]).toarray().astype(float)
    train, test = np.arange(800), np.arange(800, 1200)
    swapped = test[np.random.default_rng(seed).random(400) < 0.5]
    caption = test.copy()
    caption[swapped - 800] = np.roll(swapped, 1)
    y = data.X["text"][caption] != data.X["text"][test]  # two scenes may be told by the same words
    look = colour_histogram(data.X["image"])
    return (
        Modalities({"image": look[train], "text": words[train]}),
        Modalities({"image": look[test], "text": words[caption]}),
        y,
    )


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_finds_swapped_captions_that_no_single_modality_shows(seed):
    train, test, y = scenes(seed)
    assert 0.35 < y.mean() < 0.65
    across = {
        "residual": CrossModalMismatch("image", "text"),
        "cosine": CrossModalMismatch("image", "text", measure="cosine"),
        "cca": CrossModalMismatch("image", "text", model=CCA(4, regularization=0.1), measure="cosine"),
    }
    auroc = {name: roc_auc_score(y, detector.fit(train).anomaly_score(test)) for name, detector in across.items()}
    alone = [
        roc_auc_score(y, detector.fit(train[name]).anomaly_score(test[name]))
        for name in ("image", "text")
        for detector in (GaussianDensity(), ReconstructionDetector(PCA(4)))
    ]
    assert min(auroc.values()) > 0.9, auroc
    assert auroc["residual"] > 0.94, auroc
    backwards = CrossModalMismatch("text", "image").fit(train).anomaly_score(test)
    assert roc_auc_score(y, backwards) < 0.65  # most of a picture does not follow from its caption
    assert 0.4 < min(alone) <= max(alone) < 0.6, alone


def test_a_threshold_from_validation_keeps_its_promise():
    train, test, y = scenes(0)
    detector = CrossModalMismatch("image", "text").fit(train)
    half = np.arange(400) % 2 == 0
    scores = detector.anomaly_score(test)
    threshold = alarm_threshold(scores[half & ~y], false_alarm_rate=0.1)
    assert (scores[~half & ~y] > threshold).mean() < 0.2
    assert (scores[~half & y] > threshold).mean() > 0.7


def pairs(n_samples=60, dtype=np.float64, seed=0):
    rng = np.random.default_rng(seed)
    A = rng.normal(size=(n_samples, 4))
    B = A @ np.random.default_rng(9).normal(size=(4, 3)) + 3 + 0.1 * rng.normal(size=(n_samples, 3))
    return {"image": A.astype(dtype), "sound": B.astype(dtype)}


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-10), (np.float32, 1e-3)])
def test_agrees_with_scikit_learns_regression(dtype, tolerance):
    X, new = pairs(dtype=dtype), pairs(20, dtype, seed=1)
    line = LinearRegression().fit(X["image"].astype(float), X["sound"].astype(float))
    left = line.predict(new["image"].astype(float)) - new["sound"]
    detector = CrossModalMismatch("image", "sound").fit(X)
    np.testing.assert_allclose(detector.anomaly_score(new), (left**2).sum(axis=1), rtol=tolerance, atol=tolerance)
    mean = X["sound"].mean(axis=0)
    a, b = line.predict(new["image"]) - mean, new["sound"] - mean
    cosine = (a * b).sum(axis=1) / np.linalg.norm(a, axis=1) / np.linalg.norm(b, axis=1)
    detector = CrossModalMismatch("image", "sound", measure="cosine").fit(X)
    np.testing.assert_allclose(detector.anomaly_score(new), 1 - cosine, rtol=tolerance, atol=tolerance)


def test_by_hand():
    X = {"a": [[0.0], [1.0], [2.0]], "b": [[0.0, 0.0], [1.0, 2.0], [2.0, 4.0]]}
    detector = CrossModalMismatch("a", "b").fit(X)
    np.testing.assert_allclose(detector.anomaly_score({"a": [[3.0]], "b": [[3.0, 5.0]]}), [1])
    back = CrossModalMismatch("b", "a", measure="cosine").fit(X)  # the mean of a is 1
    np.testing.assert_allclose(back.anomaly_score({"a": [[3.0], [-1.0]], "b": [[3.0, 6.0]] * 2}), [0, 2], atol=1e-12)


def test_takes_a_regressor_a_map_or_a_shared_space_and_leaves_it_alone():
    X, new = pairs(), pairs(20, seed=1)
    ridge = Ridge(1e-12)
    scores = CrossModalMismatch("image", "sound", model=ridge).fit(X).anomaly_score(new)
    np.testing.assert_allclose(scores, CrossModalMismatch("image", "sound").fit(X).anomaly_score(new), atol=1e-8)
    assert not hasattr(ridge, "coef_")
    rotation = LeastSquaresMap(orthogonal=True)
    with pytest.raises(ValueError, match="a rotation needs two spaces of one width"):
        CrossModalMismatch("image", "sound", model=rotation).fit(X)
    shared = CCA(2).fit(X).transform(new)
    expected = ((shared["image"] - shared["sound"]) ** 2).sum(axis=1)
    scores = CrossModalMismatch("image", "sound", model=CCA(2)).fit(X).anomaly_score(new)
    np.testing.assert_allclose(scores, expected)
    one = CrossModalMismatch("image", "height", model=Ridge()).fit({"image": X["image"], "height": X["sound"][:, :1]})
    assert one.anomaly_score({"image": new["image"], "height": new["sound"][:, :1]}).shape == (20,)


def test_sparse_counts_are_welcome():
    X = pairs()
    dense = CrossModalMismatch("image", "sound").fit(X).anomaly_score(X)
    sparse = {name: csr_array(a) for name, a in X.items()}
    np.testing.assert_allclose(CrossModalMismatch("image", "sound").fit(sparse).anomaly_score(sparse), dense)


def test_a_sample_that_lacks_one_is_not_judged():
    X = pairs()
    lost = np.arange(60) < 10
    X["sound"][lost] = np.nan
    missing = Modalities(X, missing={"sound": lost})
    detector = CrossModalMismatch("image", "sound").fit(missing)
    complete = CrossModalMismatch("image", "sound").fit({name: a[~lost] for name, a in X.items()})
    assert detector.threshold_ == complete.threshold_
    scores = detector.anomaly_score(missing)
    np.testing.assert_array_equal(np.isnan(scores), lost)
    assert (detector.predict(missing)[lost] == 1).all()
    assert np.isnan(detector.anomaly_score(missing[:3])).all()


def test_two_pairs_are_enough_one_is_not():
    X = {"a": [[0.0], [1.0]], "b": [[0.0], [2.0]]}
    np.testing.assert_allclose(CrossModalMismatch("a", "b").fit(X).anomaly_score({"a": [[3.0]], "b": [[7.0]]}), [1])
    one = Modalities(X)[:1]
    with pytest.raises(ValueError, match="a minimum of 2 is required"):  # a ridge would be content with one
        CrossModalMismatch("a", "b", model=Ridge()).fit(one)


@pytest.mark.parametrize("dtype", [np.uint8, np.float16])
def test_the_model_gets_floats_whatever_comes(dtype):
    seen = set()

    class Spy(Ridge):
        def fit(self, X, y):
            seen.update({X.dtype, y.dtype})
            return super().fit(X, y)

    X = {"a": np.arange(4, dtype=dtype)[:, None], "b": np.arange(4, dtype=dtype)[::-1, None]}
    CrossModalMismatch("a", "b", model=Spy()).fit(X)
    assert seen == {np.dtype(np.float64)}


def test_says_to_scikit_learn_that_it_takes_no_matrix():
    tags = get_tags(CrossModalMismatch("a", "b"))
    assert (tags.input_tags.two_d_array, tags.no_validation) == (False, True)


def test_says_what_is_wrong():
    X = pairs()
    with pytest.raises(ValueError, match="no modality 'text' in X; there is image, sound"):
        CrossModalMismatch("image", "text").fit(X)
    with pytest.raises(ValueError, match="source and target are both 'image'; a mismatch needs two"):
        CrossModalMismatch("image", "image").fit(X)
    with pytest.raises(ValueError, match='measure=\'angle\', expected "residual" or "cosine"'):
        CrossModalMismatch("image", "sound", measure="angle").fit(X)
    with pytest.raises(ValueError, match=r"per modality, got 图 of shape \(2, 3, 3\); make features of it first"):
        CrossModalMismatch("图", "sound").fit({"图": np.ones((2, 3, 3)), "sound": np.ones((2, 1))})
    with pytest.raises(ValueError, match="Input sound contains NaN"):
        CrossModalMismatch("image", "sound").fit({**X, "sound": np.full((60, 3), np.nan)})
    with pytest.raises(ValueError, match="the model makes 3 columns of image, but sound has 2; pass what"):
        CrossModalMismatch("image", "sound").fit(X).anomaly_score({**X, "sound": X["sound"][:, :2]})
    everything = Modalities(X, missing={"sound": np.ones(60, dtype=bool)})
    with pytest.raises(ValueError, match=r"Found array with 0 sample\(s\)"):
        CrossModalMismatch("image", "sound").fit(everything)
    with pytest.raises(TypeError, match="Modalities needs names"):
        CrossModalMismatch("image", "sound").fit(np.ones((3, 3)))
