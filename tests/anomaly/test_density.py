import numpy as np
import pytest
from scipy.stats import multivariate_normal
from sklearn.covariance import EmpiricalCovariance, LedoitWolf, ShrunkCovariance

from mmlearn_edu.anomaly import GaussianDensity
from tests.conformance import contract


@contract(GaussianDensity(), GaussianDensity(shrinkage=0.3))
def test_scikit_learn_contract(estimator, check):
    check(estimator)


def cloud(shape, dtype=np.float64, seed=0):
    rng = np.random.default_rng(seed)
    return (rng.normal(size=shape) @ rng.normal(size=(shape[1], shape[1])) + 5).astype(dtype)


ORACLES = {
    "plain": (0.0, EmpiricalCovariance()),
    "shrunk": (0.2, ShrunkCovariance(shrinkage=0.2)),
    "ledoit-wolf": ("ledoit-wolf", LedoitWolf()),
}


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-9), (np.float32, 1e-3)])
@pytest.mark.parametrize("shape", [(90, 5), (10, 30), (40, 1)], ids=["tall", "wide", "one column"])
@pytest.mark.parametrize("oracle", ORACLES)
def test_agrees_with_scikit_learn_and_scipy(oracle, shape, dtype, tolerance):
    shrinkage, theirs = ORACLES[oracle]
    if oracle == "plain" and shape[0] < shape[1]:
        return  # the next test: there is no density
    X, new = cloud(shape, dtype), cloud((20, shape[1]), dtype, seed=1)
    ours, theirs = GaussianDensity(shrinkage).fit(X), theirs.fit(X.astype(np.float64))
    np.testing.assert_allclose(ours.covariance_, theirs.covariance_, rtol=tolerance, atol=tolerance)
    if oracle == "ledoit-wolf":
        np.testing.assert_allclose(ours.shrinkage_, theirs.shrinkage_, rtol=1e-6)
    np.testing.assert_allclose(ours.mahalanobis(new), theirs.mahalanobis(new.astype(np.float64)), rtol=tolerance)
    density = multivariate_normal(ours.mean_, ours.covariance_)
    np.testing.assert_allclose(ours.score_samples(new), density.logpdf(new), rtol=tolerance)
    np.testing.assert_array_equal(ours.anomaly_score(new), -ours.score_samples(new))


def test_by_hand():
    density = GaussianDensity(0.5, contamination=0.5).fit([[-2.0, 0.0], [2.0, 0.0], [-2.0, 0.0], [2.0, 0.0]])
    np.testing.assert_allclose(density.covariance_, [[3, 0], [0, 1]])  # halfway from (4, 0) to (2, 2)
    np.testing.assert_allclose(density.mahalanobis([[3.0, 0.0], [0.0, 3.0], [3.0, 3.0]]), [3, 9, 12])
    np.testing.assert_allclose(density.anomaly_score([[0.0, 0.0]]), [np.log(3) / 2 + np.log(2 * np.pi)])


def test_shrunk_all_the_way_the_curve_is_a_ball():
    density = GaussianDensity(1).fit([[-2.0, 0.0], [2.0, 0.0]])
    np.testing.assert_allclose(density.covariance_, [[2, 0], [0, 2]])  # the mean of the variances 4 and 0
    assert density.shrinkage_ == 1


def test_distances_do_not_depend_on_the_coordinates():
    X, rng = cloud((60, 4)), np.random.default_rng(1)
    turned = X @ rng.normal(size=(4, 4)) + 7
    np.testing.assert_allclose(
        GaussianDensity(0.0).fit(turned).mahalanobis(turned), GaussianDensity(0.0).fit(X).mahalanobis(X)
    )
    # the mean of the squared distances is the number of features
    np.testing.assert_allclose(GaussianDensity(0.0).fit(X).mahalanobis(X).mean(), 4)


def test_shrinking_tells_new_samples_from_anomalies_where_there_are_few_samples():
    rng = np.random.default_rng(0)
    train, new = rng.normal(size=(30, 25)), rng.normal(size=(2000, 25))
    plain, shrunk = GaussianDensity(0.0).fit(train), GaussianDensity().fit(train)
    assert plain.score_samples(new).mean() < shrunk.score_samples(new).mean() - 10  # nats per sample
    assert shrunk.shrinkage_ > 0.5


def test_more_samples_need_less_shrinking():
    few, many = (GaussianDensity().fit(cloud((n, 6))).shrinkage_ for n in (20, 2000))
    assert 0 < many < 0.05 < few < 1


def test_a_common_unit_changes_nothing_in_the_shrinkage():
    X = cloud((30, 4))
    np.testing.assert_allclose(GaussianDensity().fit(X / 1000).shrinkage_, GaussianDensity().fit(X).shrinkage_)


def test_constant_column_is_well_once_shrunk():
    X = np.column_stack([cloud((30, 2)), np.full(30, 0.1)])
    assert np.isfinite(GaussianDensity().fit(X).anomaly_score(X)).all()
    twice = np.vstack([X, X])
    np.testing.assert_allclose(
        GaussianDensity(0.1).fit(twice).mahalanobis(X), GaussianDensity(0.1).fit(X).mahalanobis(X)
    )


@pytest.mark.parametrize(
    ("X", "directions"),
    [
        (np.column_stack([cloud((30, 2)), np.full(30, 0.1)]), "1 of 3"),
        (cloud((30, 2)) @ [[1.0, 0.0, 1.0], [0.0, 1.0, 1.0]], "1 of 3"),
        (cloud((4, 6)), "3 of 6"),
        (np.full((5, 2), 0.1), "2 of 2"),
        (np.full((3, 1), 0.1), "1 of 1"),  # whose mean is not quite 0.1
        (np.full((3, 1), 0.1 * 2**20), "1 of 1"),
        (np.zeros((5, 2)), "2 of 2"),
    ],
    ids=["constant", "collinear", "wide", "all constant", "all but rounding", "rounding far from zero", "zeros"],
)
def test_says_that_the_density_is_infinite(X, directions):
    with pytest.raises(ValueError, match=rf"the {len(X)} samples do not vary in {directions} directions.*ledoit-wolf"):
        GaussianDensity(shrinkage=0).fit(X)


def test_says_what_is_wrong():
    X = cloud((20, 3))
    with pytest.raises(ValueError, match=r"the 5 samples do not vary in 2 of 2 directions, .*drop constant features"):
        GaussianDensity().fit(np.ones((5, 2)))
    with pytest.raises(ValueError, match=r'shrinkage=1\.5 not in \[0, 1\]; "ledoit-wolf" estimates it'):
        GaussianDensity(1.5).fit(X)
    with pytest.raises(ValueError, match=r"shrinkage='oas', expected \"ledoit-wolf\" or a number"):
        GaussianDensity("oas").fit(X)
    with pytest.raises(ValueError, match="Input X contains infinity"):
        GaussianDensity().fit(np.full((3, 3), np.inf))
    with pytest.raises(ValueError, match=r"contamination=0\.7 not in"):
        GaussianDensity(contamination=0.7).fit(X)
    with pytest.raises(ValueError, match="a minimum of 2 is required"):
        GaussianDensity().fit(X[:1])
    with pytest.raises(ValueError, match="X has 2 features, but GaussianDensity is expecting 3"):
        GaussianDensity().fit(X).mahalanobis(X[:, :2])
