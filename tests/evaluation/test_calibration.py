import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.calibration import calibration_curve

from mmlearn_edu.evaluation import expected_calibration_error, reliability_curve

EVERY = [reliability_curve, expected_calibration_error]


def draw(n_samples=200, n_classes=3, dtype=np.float64, seed=0):
    rng = np.random.default_rng(seed)
    P = rng.dirichlet(np.full(n_classes, 0.5), size=n_samples).astype(dtype)
    return rng.integers(n_classes, size=n_samples), P


@pytest.mark.parametrize("n_bins", [1, 2, 10, 33])
@pytest.mark.parametrize("shape", [(300, 2), (40, 90), (1, 4)], ids=["tall", "wide", "one sample"])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_agrees_with_scikit_learn(shape, dtype, n_bins):
    y, P = draw(*shape, dtype)
    accuracy, confidence = calibration_curve(P.argmax(axis=1) == y, P.max(axis=1), n_bins=n_bins)
    ours = reliability_curve(y, P, n_bins=n_bins)
    np.testing.assert_allclose(ours[0], confidence, rtol=1e-6)
    np.testing.assert_allclose(ours[1], accuracy, rtol=1e-12)
    assert ours[2].sum() == shape[0]
    assert ours[2].min() > 0


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 20))
def test_the_error_is_the_sum_over_bins(seed, n_bins):
    y, P = draw(50, seed=seed)
    sure, right = P.max(axis=1), P.argmax(axis=1) == y
    bins = np.ceil(sure * n_bins).clip(1)
    expected = sum(abs(right[bins == b].sum() - sure[bins == b].sum()) for b in np.unique(bins)) / 50
    assert expected_calibration_error(y, P, n_bins=n_bins) == pytest.approx(expected)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.permutations(range(3)))
def test_names_and_orders_do_not_matter(seed, order):
    y, P = draw(50, seed=seed)
    expected = expected_calibration_error(y, P)
    assert expected_calibration_error(y, P[:, order], classes=order) == pytest.approx(expected)
    names = np.array(["猫", "狗", "owl"])
    assert expected_calibration_error(names[y], P, classes=names) == pytest.approx(expected)
    assert expected_calibration_error(y[::-1], P[::-1]) == pytest.approx(expected)


def test_who_says_what_is_true_is_calibrated_and_who_boasts_is_not():
    rng = np.random.default_rng(0)
    p = rng.uniform(0.5, 1, size=20_000)
    y = (rng.random(20_000) < p).astype(int)
    honest, boasting = np.column_stack([1 - p, p]), np.tile([0.0, 1.0], (20_000, 1))
    assert expected_calibration_error(y, honest) < 0.01
    assert expected_calibration_error(y, boasting) == pytest.approx(1 - y.mean())


def test_by_hand():
    P = np.array([[0.8, 0.2], [0.2, 0.8], [0.5, 0.5], [1.0, 0.0]])
    confidence, accuracy, n_samples = reliability_curve([0, 0, 0, 0], P, n_bins=5)
    assert confidence.tolist() == [0.5, 0.8, 1.0]  # 0.8 is the upper edge of its bin; the tie answers column 0
    assert accuracy.tolist() == [1.0, 0.5, 1.0]
    assert n_samples.tolist() == [1, 2, 1]
    assert expected_calibration_error([0, 0, 0, 0], P, n_bins=5) == pytest.approx((1 * 0.5 + 2 * 0.3) / 4)


def test_ten_bins_unless_said_otherwise():
    y, P = draw()
    np.testing.assert_equal(reliability_curve(y, P), reliability_curve(y, P, n_bins=10))
    assert expected_calibration_error(y, P) == expected_calibration_error(y, P, n_bins=10)


def test_one_class_and_rounding():
    assert expected_calibration_error([0, 0], [[1.0], [1.0]]) == 0
    assert expected_calibration_error([0, 0], np.full((2, 3), 0.33333)) == pytest.approx(2 / 3, abs=1e-4)


@pytest.mark.parametrize("score", EVERY, ids=lambda s: s.__name__)
def test_says_what_is_wrong(score):
    good = [[0.5, 0.5], [0.2, 0.8]]
    with pytest.raises(ValueError, match=r"row 1 adds up to 1\.1, not 1; divide each row by its sum"):
        score([0, 1], [[0.5, 0.5], [0.3, 0.8]])
    with pytest.raises(ValueError, match=r"row 0 adds up to 0\.9998, not 1"):
        score([0, 1], [[0.4999, 0.4999], [0.2, 0.8]])
    with pytest.raises(ValueError, match="a probability is -1, below 0; pass predict_proba, not decision_function"):
        score([0, 1], [[2.0, -1.0], [0.2, 0.8]])
    with pytest.raises(ValueError, match=r"one column per class is needed; .* np\.column_stack\(\[1 - p, p\]\)"):
        score([0, 1], [0.5, 0.5])
    with pytest.raises(ValueError, match=r"3 samples of 2 classes do not fit probabilities of shape \(2, 2\)"):
        score([0, 1, 1], good)
    with pytest.raises(ValueError, match=r"2 samples of 3 classes do not fit probabilities of shape \(2, 2\)"):
        score([0, 1], good, classes=["a", "b", "c"])
    with pytest.raises(ValueError, match=r"^classes must have shape \(n_samples,\)"):
        score([0, 1], good, classes=[["a", "b"]])
    with pytest.raises(ValueError, match=r"y_true holds 'cat', the columns are \[0, 1\]; pass classes=model\.classes_"):
        score(["cat", "cat"], good)
    with pytest.raises(ValueError, match="y_true holds 7, the columns are"):
        score(np.array(["owl", 7], dtype=object), good)  # numbers before texts
    with pytest.raises(ValueError, match="n_bins=0 is below 1; 10 is usual"):
        score([0, 1], good, n_bins=0)
    with pytest.raises(ValueError, match="probabilities holds 1 NaN"):
        score([0, 1], [[0.5, np.nan], [0.2, 0.8]])
    with pytest.raises(ValueError, match="y_true must have shape"):
        score([], np.zeros((0, 2)))
