import numpy as np
import pytest

from mmlearn_edu.datasets import list_datasets, make_ring, ring_centres, verify


def test_points_stand_around_their_centre():
    ring = make_ring(40_000, n_modes=5, std=0.3, random_state=1)
    X, y = ring.X["point"], ring.y
    apart = X - ring_centres(5)[y]
    np.testing.assert_allclose(apart.mean(axis=0), 0, atol=0.006)
    np.testing.assert_allclose(np.cov(apart.T), 0.09 * np.eye(2), atol=0.003)
    np.testing.assert_allclose(np.bincount(y) / len(y), 1 / 5, atol=0.01)


def test_centres_by_hand():
    np.testing.assert_allclose(ring_centres(1), [[2, 0]])
    np.testing.assert_allclose(ring_centres(), 2 * np.exp(0.25j * np.pi * np.arange(8)).view(float).reshape(8, 2))


def test_without_spread_every_point_is_a_centre():
    ring = make_ring(50, std=0.0)
    np.testing.assert_array_equal(ring.X["point"], ring_centres()[ring.y])


def test_one_seed_one_ring():
    first, again, other = (make_ring(30, random_state=seed) for seed in (0, 0, 1))
    np.testing.assert_array_equal(first.X["point"], again.X["point"])
    assert not np.array_equal(first.X["point"], other.X["point"])
    drawn = make_ring(30, random_state=np.random.default_rng(0))
    np.testing.assert_array_equal(drawn.y, make_ring(30, random_state=np.random.default_rng(0)).y)


def test_it_is_a_dataset_like_the_others():
    ring = make_ring(10)
    assert (len(ring), ring.name, ring.target_names[7], ring.y.dtype) == (10, "ring", "mode 7", np.int64)
    assert "ring" in list_datasets()
    assert verify("ring") == []
    assert "Metz" in ring.card


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"n_samples": 0}, "n_samples=0, expected a whole number, 1 or more"),
        ({"n_samples": True}, "n_samples=True, expected a whole number"),
        ({"n_modes": 2.5}, r"n_modes=2\.5, expected a whole number"),
        ({"n_modes": "八"}, "n_modes='八', expected a whole number"),
        ({"std": -0.1}, r"std=-0\.1, expected a standard deviation, 0 or more"),
        ({"std": np.nan}, "std=nan, expected"),
        ({"std": np.inf}, "std=inf, expected"),
        ({"random_state": -1}, "random_state=-1 is out of range"),
    ],
)
def test_says_which_number_is_wrong(settings, words):
    with pytest.raises(ValueError, match=words):
        make_ring(**settings)
    if "n_modes" in settings:
        with pytest.raises(ValueError, match=words):
            ring_centres(**settings)
