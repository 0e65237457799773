import numpy as np
import pytest

from mmlearn_edu.clustering import choose_n_clusters, stability
from mmlearn_edu.clustering.choosing import _without_groups
from mmlearn_edu.datasets import make_scenes

QUICK = {"n_runs": 4, "n_references": 6}


def clouds(k, seed, n_features=2):
    """Round clouds whose centres lie at least ten standard deviations apart."""
    rng = np.random.default_rng(seed)
    centres = 10 * rng.permutation(np.stack(np.meshgrid(range(3), range(3)), axis=-1).reshape(-1, 2))[:k]
    X = rng.normal(size=(30 * k, n_features))
    X[:, :2] += np.repeat(centres, 30, axis=0)
    return X


@pytest.mark.parametrize(("k", "seed"), [(3, 0), (3, 1), (4, 2), (5, 0), (5, 3)])
def test_finds_how_many_clouds_there_are(k, seed):
    result = choose_n_clusters(clouds(k, seed, n_features=2 + seed), range(2, 7), **QUICK)
    assert result.chosen == k
    assert result.mean[result.tried == k] == pytest.approx(1.0)


@pytest.mark.parametrize("seed", range(3))
def test_finds_none_in_noise(seed):
    X = np.random.default_rng(seed).normal(size=(120, 2 + seed)) * ([5] + [1] * (1 + seed))
    result = choose_n_clusters(X, range(2, 6), **QUICK)
    assert result.chosen is None


def test_finds_none_in_the_evenly_spread_greys_of_the_scenes():
    X = make_scenes(200).X["image"].mean(axis=(1, 2))
    result = choose_n_clusters(X, range(2, 6), **QUICK)
    assert result.mean[0] > 0.9  # two groups come back in every run
    assert result.reference[0] > 0.9  # and so they do in any elongated cloud
    assert result.chosen is None


def test_result_says_how_it_was_found():
    result = choose_n_clusters(clouds(3, 0), [4, 2, 3, 3], **QUICK)
    assert result.tried.tolist() == [2, 3, 4]
    for values in (result.mean, result.spread, result.reference, result.luckiest):
        assert values.shape == (3,)
    assert np.all(result.luckiest >= result.reference)
    assert result.spread[1] == pytest.approx(0)


def test_a_seed_repeats():
    X = clouds(3, 1)
    first, second = (choose_n_clusters(X, [2, 3], random_state=5, **QUICK) for _ in range(2))
    np.testing.assert_array_equal(first.mean, second.mean)
    np.testing.assert_array_equal(first.reference, second.reference)


def test_the_defaults_are_those_of_the_docstring():
    X = clouds(2, 0)[::6]
    usual = choose_n_clusters(X, [2])
    named = choose_n_clusters(X, [2], n_runs=6, n_references=20, random_state=0)
    np.testing.assert_equal(vars(usual), vars(named))
    assert choose_n_clusters(X, n_runs=2, n_references=2).tried.tolist() == [2, 3, 4, 5, 6, 7, 8]


def test_by_the_recipe():
    """First the data, then references of either kind in turn; one stream of random numbers for all."""
    X, tried = clouds(3, 1)[::4], [2, 3, 5]
    random = np.random.default_rng(5)
    found = np.array([stability(X, k, n_runs=3, random_state=random) for k in tried])
    references = [_without_groups(X, random, even=even) for even in (False, True, False, True)]
    luck = [[stability(R, k, n_runs=3, random_state=random).mean() for k in tried] for R in references]
    result = choose_n_clusters(X, tried, n_runs=3, n_references=4, random_state=5)
    np.testing.assert_array_equal(result.mean, found.mean(axis=1))
    np.testing.assert_array_equal(result.spread, found.std(axis=1))
    np.testing.assert_array_equal(result.reference, np.mean(luck, axis=0))
    np.testing.assert_array_equal(result.luckiest, np.max(luck, axis=0))


@pytest.mark.parametrize(
    ("agreement", "luckiest", "chosen"),
    [
        ([1.0, 0.98, 0.97], 0.9, 3),  # almost perfectly is 0.98 or more
        ([1.0, 0.99, 0.5], 0.95, 3),
        ([1.0, 0.99, 0.5], 0.97, 2),
        ([1.0, 0.98, 0.5], 0.92, 2),  # 0.02 is not less than a quarter of 0.08
        ([0.9, 0.9, 0.97], 0.1, None),
        ([1.0, 1.0, 1.0], 1.0, None),
    ],
)
def test_the_rule_by_hand(monkeypatch, agreement, luckiest, chosen):
    X = clouds(3, 0)

    def pretended(data, k, *, n_runs, random_state):
        return np.full(n_runs, agreement[k - 2] if data is X else luckiest)

    monkeypatch.setattr("mmlearn_edu.clustering.choosing.stability", pretended)
    assert choose_n_clusters(X, [2, 3, 4], n_runs=2, n_references=2).chosen == chosen


@pytest.mark.parametrize("n_samples", [2, 3, 7])
def test_normal_references_have_the_variance_of_the_sample(n_samples):
    X = np.random.default_rng(1).normal(size=(n_samples, 1)) * 5
    drawn = np.random.default_rng(0).normal(size=(n_samples, 1))
    normal = _without_groups(X, np.random.default_rng(0), even=False)
    np.testing.assert_allclose(np.abs(normal), np.abs(drawn) * X.std(ddof=1))


@pytest.mark.parametrize("shape", [(2000, 3), (5, 40)], ids=["tall", "wide"])
def test_references_have_the_extent_of_the_data(shape):
    rng = np.random.default_rng(0)
    X = (
        rng.normal(size=shape)
        @ np.diag(np.geomspace(1, 30, shape[1]))
        @ np.linalg.qr(rng.normal(size=shape[1:] * 2))[0]
    )
    normal, box = (_without_groups(X, rng, even=even) for even in (False, True))
    assert normal.shape == box.shape == shape
    _, _, Vt = np.linalg.svd(X - X.mean(axis=0), full_matrices=False)
    scores, inside = (X - X.mean(axis=0)) @ Vt.T, box @ Vt.T
    assert np.all(inside >= scores.min(axis=0) - 1e-9)
    assert np.all(inside <= scores.max(axis=0) + 1e-9)
    if shape[0] > shape[1]:
        np.testing.assert_allclose((normal @ Vt.T).std(axis=0), scores.std(axis=0), rtol=0.1)
        assert np.ptp(inside, axis=0) == pytest.approx(np.ptp(scores, axis=0), rel=0.02)


def test_samples_that_are_all_alike_are_no_groups():
    assert choose_n_clusters(np.ones((20, 2)), [2, 3], n_runs=2, n_references=2).chosen is None


def test_says_what_is_wrong():
    X = clouds(3, 0)
    with pytest.raises(ValueError, match=r"n_clusters tries \[1, 2\], expected numbers from 2: one group is always"):
        choose_n_clusters(X, [1, 2])
    with pytest.raises(ValueError, match=r"n_clusters tries \[\], expected numbers from 2"):
        choose_n_clusters(X, [])
    with pytest.raises(ValueError, match=r"n_references=1, expected 2 or more, one of either kind"):
        choose_n_clusters(X, [2], n_references=1)
    with pytest.raises(ValueError, match=r"n_runs=1, expected 2 or more"):
        choose_n_clusters(X, [2], n_runs=1)
    with pytest.raises(ValueError, match=r"n_clusters=99 not in 1\.\.72, 80% of 90 samples"):
        choose_n_clusters(X, [99])
    with pytest.raises(ValueError, match=r"^X holds 1 NaN or infinite"):
        choose_n_clusters([[np.inf], [0.0]], [2])
