import librosa
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmlearn_edu.datasets import load_spoken_digits
from mmlearn_edu.features import mfcc, mfcc_deltas


def coefficients(shape=(2, 5, 30), dtype=np.float64):
    return np.random.default_rng(0).normal(-20, 30, size=shape).astype(dtype)


@pytest.mark.parametrize(("dtype", "atol"), [(np.float32, 1e-4), (np.float64, 1e-10)])
@pytest.mark.parametrize("width", [3, 9, 15])
def test_agrees_with_librosa(width, dtype, atol):
    c = coefficients(dtype=dtype)
    out = mfcc_deltas(c, width)
    assert out.dtype == dtype
    np.testing.assert_allclose(out, librosa.feature.delta(c, width=width, mode="nearest"), atol=atol)
    inside = slice(width // 2, -(width // 2))  # away from the ends, all ways to continue are one
    np.testing.assert_allclose(out[..., inside], librosa.feature.delta(c, width=width)[..., inside], atol=atol)


def test_agrees_with_librosa_on_speech():
    c = mfcc(load_spoken_digits().X["audio"][:3], 8000)
    np.testing.assert_allclose(mfcc_deltas(c), librosa.feature.delta(c, mode="nearest"), atol=1e-10)


def test_by_hand():
    c = np.array([[[0.0, 0.0, 1.0, 0.0, 0.0, 0.0]]])
    np.testing.assert_allclose(mfcc_deltas(c, width=5), [[[0.2, 0.1, 0, -0.1, -0.2, 0]]])  # 2 (1 + 4) = 10


@settings(max_examples=30, deadline=None)
@given(st.floats(-5, 5), st.floats(-50, 50), st.sampled_from([3, 5, 9]))
def test_a_straight_line_has_its_own_slope(slope, start, width):
    c = (start + slope * np.arange(20.0)).reshape(1, 1, 20)
    np.testing.assert_allclose(mfcc_deltas(c, width)[..., width // 2 : -(width // 2)], slope, atol=1e-9)


def test_backwards_falls_what_rose_and_a_constant_is_flat():
    c = coefficients()
    np.testing.assert_allclose(mfcc_deltas(c[..., ::-1]), -mfcc_deltas(c)[..., ::-1], atol=1e-12)
    np.testing.assert_allclose(mfcc_deltas(np.full((1, 2, 4), 7.0)), 0, atol=1e-12)
    assert mfcc_deltas(np.ones((1, 1, 1))).tolist() == [[[0.0]]]  # shorter than the width: still its slope


@pytest.mark.parametrize("dtype", [np.int16, np.float16])
def test_short_numbers_do_not_overflow(dtype):
    c = np.array([[[20_000, -20_000, 20_000, 12_345]]], dtype=dtype)
    np.testing.assert_array_equal(mfcc_deltas(c), mfcc_deltas(c.astype(float)))


@pytest.mark.parametrize(
    ("c", "width", "message"),
    [
        (coefficients()[0], 9, r"\(n_clips, n_mfcc, n_frames\), got \(5, 30\); for a single clip .*\[None\]"),
        (coefficients((2, 5, 0)), 9, r"got \(2, 5, 0\)$"),
        (coefficients(), 4, "width=4, expected an odd number from 3"),
        (coefficients(), 1, "width=1, expected an odd number from 3"),
        (np.full((1, 1, 9), np.nan), 9, "the coefficients hold NaN or infinite values"),
    ],
)
def test_says_what_has_no_slope(c, width, message):
    with pytest.raises(ValueError, match=message):
        mfcc_deltas(c, width)


def test_says_what_is_no_number():
    for c in ([[["响", "声"]]], np.zeros((1, 1, 3), dtype=complex)):
        with pytest.raises(TypeError, match=r"expected coefficients in decibels, got an array of (<U1|complex128)"):
            mfcc_deltas(c)
