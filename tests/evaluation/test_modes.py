import numpy as np
import pytest
from scipy.spatial.distance import cdist

from mmlearn_edu.datasets import make_ring, ring_centres
from mmlearn_edu.evaluation import mode_counts

CENTRES = [[0.0, 0.0], [1.0, 0.0]]


def test_by_hand():
    X = [[0.0, 0.29], [0.29, 0.0], [0.31, 0.0], [0.71, 0.0], [1.0, -0.29], [9.0, 9.0]]
    np.testing.assert_array_equal(mode_counts(X, CENTRES, 0.1), [2, 2])
    np.testing.assert_array_equal(mode_counts(X, CENTRES, 0.1, within=2.0), [0, 0])
    np.testing.assert_array_equal(mode_counts(X, CENTRES, 0.1, within=4.0), [3, 2])


def test_clouds_that_overlap_share_nobody():
    X = np.random.default_rng(0).normal(0.5, 1.0, size=(500, 2))
    counts = mode_counts(X, CENTRES, std=100.0)
    assert counts.sum() == 500
    np.testing.assert_array_equal(counts, np.bincount(X[:, 0] > 0.5))  # each belongs to the nearer one


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("seed", range(3))
def test_agrees_with_scipy(dtype, seed):
    rng = np.random.default_rng(seed)
    X, centres = rng.normal(size=(300, 4)).astype(dtype), rng.normal(size=(6, 4)).astype(dtype)
    distances = cdist(X, centres)
    expected = [((distances.argmin(axis=1) == k) & (distances.min(axis=1) <= 1.5)).sum() for k in range(6)]
    np.testing.assert_array_equal(mode_counts(X, centres, 0.5), expected)


def test_of_the_ring_itself_the_share_is_known():
    """A Gaussian in two dimensions has 1 - exp(-9 / 2) within three standard deviations; the ends of others' do not."""
    X = make_ring(20_000).X["point"]
    counts = mode_counts(X, ring_centres(), 0.1)
    assert counts.sum() / len(X) == pytest.approx(1 - np.exp(-4.5), abs=0.002)
    assert (counts > 0.9 * len(X) / 8).all()


def test_a_mode_nobody_went_to_counts_nothing():
    assert mode_counts(np.tile([[2.0, 0.0]], (100, 1)), ring_centres(), 0.1).tolist() == [100, 0, 0, 0, 0, 0, 0, 0]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (([[1.0]], CENTRES, 0.1), "X has n_features=1 and centres have 2; they must be equal"),
        (([[1.0, np.nan]], CENTRES, 0.1), "X holds 1 NaN"),
        (([[1.0, 2.0]], [1.0, 2.0], 0.1), "centres must have shape"),
        (([[1.0, 2.0]], CENTRES, 0.0), r"std=0\.0, expected a number above 0"),
        (([[1.0, 2.0]], CENTRES, np.nan), "std=nan, expected a number above 0"),
    ],
)
def test_complaints(arguments, words):
    with pytest.raises(ValueError, match=words):
        mode_counts(*arguments)
    with pytest.raises(ValueError, match=r"within=-1, expected a number above 0"):
        mode_counts([[1.0, 2.0]], CENTRES, 0.1, within=-1)
