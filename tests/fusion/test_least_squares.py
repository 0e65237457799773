import numpy as np
import pytest
from sklearn.base import clone
from sklearn.linear_model import Ridge
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures

from mmlearn_edu.fusion import LeastSquaresFusion
from mmlearn_edu.modalities import Modalities
from tests.conformance import TwoHalves, contract


@contract(TwoHalves(LeastSquaresFusion()), TwoHalves(LeastSquaresFusion(alpha=1.0)))
def test_scikit_learn_contract(estimator, check):
    check(estimator)


def three(n_samples, widths=(4, 3, 2), dtype=np.float64, seed=0):
    rng = np.random.default_rng(seed)
    names = ("image", "audio", "text")
    X = {name: rng.normal(3, 2, (n_samples, d)).astype(dtype) for name, d in zip(names, widths, strict=True)}
    return X, rng.normal(5, 1, (n_samples, 2))


@pytest.mark.parametrize("n_samples", [40, 6], ids=["tall", "wide"])
@pytest.mark.parametrize(("dtype", "atol"), [(np.float64, 1e-10), (np.float32, 2e-5)])
def test_agrees_with_lstsq(n_samples, dtype, atol):
    X, Y = three(n_samples, dtype=dtype)
    fused = LeastSquaresFusion().fit_transform(X, Y)
    side_by_side = np.hstack(list(X.values())).astype(np.float64)
    centred = side_by_side - side_by_side.mean(axis=0)
    W = np.linalg.lstsq(centred, Y - Y.mean(axis=0))[0]
    np.testing.assert_allclose(fused, centred @ W + Y.mean(axis=0), atol=atol)
    assert fused.dtype == dtype


@pytest.mark.parametrize("n_samples", [40, 6], ids=["tall", "wide"])
def test_agrees_with_ridge(n_samples):
    X, Y = three(n_samples)
    new, _ = three(7, seed=1)
    ours = LeastSquaresFusion(alpha=0.7).fit(X, Y)
    theirs = Ridge(alpha=0.7, solver="cholesky").fit(np.hstack(list(X.values())), Y)
    np.testing.assert_allclose(ours.transform(new), theirs.predict(np.hstack(list(new.values()))), atol=1e-10)
    np.testing.assert_allclose(np.vstack(list(ours.coef_.values())), theirs.coef_.T, atol=1e-10)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_modalities_that_say_the_same_share_the_weight(dtype):
    X, _ = three(50, dtype=dtype)
    twins = {"image": X["image"], "copy": X["image"]}
    y = X["image"] @ [1.0, -2.0, 0.5, 3.0]
    for alpha in (0.0, 1e-3):
        fusion = LeastSquaresFusion(alpha=alpha).fit(twins, y)
        np.testing.assert_allclose(fusion.coef_["image"], fusion.coef_["copy"], atol=1e-5)
        np.testing.assert_allclose(fusion.coef_["image"].ravel(), [0.5, -1.0, 0.25, 1.5], atol=1e-3)
        assert fusion.rank_ == 4


def test_float32_rounding_is_no_information():
    X, _ = three(200, widths=(3, 1, 1), dtype=np.float32)
    sums = {"image": X["image"], "text": X["image"].sum(axis=1, keepdims=True)}
    fusion = LeastSquaresFusion().fit(sums, np.random.default_rng(1).normal(size=200))
    assert fusion.rank_ == 3
    assert max(np.abs(W).max() for W in fusion.coef_.values()) < 1
    wide, _ = three(200, widths=(60, 1, 1), dtype=np.float32)
    turned = wide["image"] @ np.linalg.qr(wide["image"][:60])[0]  # the same said once more, and rounded
    assert LeastSquaresFusion().fit({"image": wide["image"], "text": turned}, np.arange(200)).rank_ == 60


def test_means_are_taken_in_double_precision():
    rng = np.random.default_rng(0)
    x, y = (rng.normal(1e3, 1, 5001).astype(np.float32) for _ in range(2))
    fusion = LeastSquaresFusion().fit({"image": x[:, None]}, y)
    np.testing.assert_allclose(fusion.means_["image"], x.astype(np.float64).mean(), rtol=1e-12)
    np.testing.assert_allclose(fusion.target_mean_, y.astype(np.float64).mean(), rtol=1e-12)


def test_ridge_shrinks_what_is_nearly_collinear():
    rng = np.random.default_rng(0)
    a = rng.normal(size=(30, 1))
    X = {"image": a, "text": a + 1e-6 * rng.normal(size=(30, 1))}
    y = a.ravel() + rng.normal(size=30)
    wild, tame = LeastSquaresFusion().fit(X, y), LeastSquaresFusion(alpha=0.1).fit(X, y)
    assert wild.rank_ == 2
    assert abs(wild.coef_["text"][0, 0]) > 1e3 > 1 > abs(tame.coef_["text"][0, 0])


def test_the_residual_is_uncorrelated_with_every_feature():
    X, Y = three(60)
    residual = Y - LeastSquaresFusion().fit_transform(X, Y)
    for a in X.values():
        np.testing.assert_allclose((a - a.mean(axis=0)).T @ residual, 0, atol=1e-10)


def test_by_hand():
    fusion = LeastSquaresFusion(alpha=2.0).fit({"image": [[1.0], [3.0]]}, [0.0, 4.0])
    np.testing.assert_allclose(fusion.coef_["image"], [[1.0]])  # (-1, 1).(-2, 2) / (2 + alpha)
    np.testing.assert_allclose(fusion.transform({"image": [[2.0], [5.0]]}), [[2.0], [5.0]])


def test_a_missing_modality_adds_nothing():
    missing = {"text": [False, False, False, True]}
    X = Modalities({"image": [[0.0], [1.0], [2.0], [3.0]], "text": [[1.0], [0.0], [1.0], [np.nan]]}, missing=missing)
    fusion = LeastSquaresFusion().fit(X, [1.0, 2.0, 3.0, 7.0])
    np.testing.assert_allclose(fusion.means_["text"], [2 / 3])
    image_alone = fusion.target_mean_ + (3.0 - 1.5) * fusion.coef_["image"].ravel()
    np.testing.assert_allclose(fusion.transform(X)[3], image_alone)


def test_corners_one_sample_and_constant_columns():
    one = LeastSquaresFusion().fit({"image": [[1.0, 2.0]]}, [7.0])
    np.testing.assert_array_equal(one.transform({"image": [[9.0, 9.0]]}), [[7.0]])
    assert one.rank_ == 0
    X, Y = three(20)
    with_constant = LeastSquaresFusion().fit({**X, "flat": np.full((20, 1), 4.0)}, Y)
    np.testing.assert_allclose(with_constant.coef_["flat"], 0, atol=1e-12)
    np.testing.assert_allclose(with_constant.coef_["text"], LeastSquaresFusion().fit(X, Y).coef_["text"], atol=1e-10)


def test_works_in_a_pipeline_and_a_search():
    X, Y = three(40)
    search = GridSearchCV(
        make_pipeline(LeastSquaresFusion(), PolynomialFeatures(1), Ridge()),
        {"leastsquaresfusion__alpha": [0.0, 10.0]},
        cv=3,
    )
    assert search.fit(Modalities(X), Y).predict(Modalities(X)).shape == (40, 2)
    assert clone(LeastSquaresFusion(alpha=3.0)).alpha == 3.0
    assert LeastSquaresFusion().fit(X, Y).get_feature_names_out().tolist() == [
        "leastsquaresfusion0",
        "leastsquaresfusion1",
    ]


@pytest.mark.parametrize(
    ("alpha", "y", "message"),
    [
        (-1.0, [1, 2, 3], r"alpha=-1\.0 must be a finite number of 0 or more"),
        (np.nan, [1, 2, 3], "alpha=nan must be"),
        (np.inf, [1, 2, 3], "alpha=inf must be"),
        (0.0, None, r"requires y to be passed.*call fit\(X, y\), or use AverageFusion or ConcatFusion"),
        (0.0, [1, 2], r"inconsistent numbers of samples: \[2, 3\]"),
        (0.0, [1, np.nan, 2], "^Input y contains NaN"),
        (0.0, ["cat", "dog", "cat"], r"y must be numbers .*for classes give one column each"),
    ],
)
def test_says_what_is_wrong(alpha, y, message):
    with pytest.raises(ValueError, match=message):
        LeastSquaresFusion(alpha).fit({"image": np.eye(3)}, y)
