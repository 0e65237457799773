import pickle

import numpy as np
import pytest
from scipy.linalg import block_diag, eigh
from scipy.sparse import csr_array
from sklearn import config_context, cross_decomposition
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline

from mmlearn_edu.fusion import AverageFusion, ConcatFusion
from mmlearn_edu.modalities import Modalities
from mmlearn_edu.representations import CCA
from mmlearn_edu.representations.cca import _agree, _agree_two, _signs, _unit_columns, _whiten
from tests.conformance import SideBySide, TwoHalves, contract


@contract(TwoHalves(SideBySide(CCA(1))), TwoHalves(SideBySide(CCA(1, regularization=0.1))))
def test_scikit_learn_contract(estimator, check):
    check(estimator)


def views(n_samples=300, widths=(5, 4), noise=(0.3, 1.0, 3.0), seed=0):
    """Each view mixes the same three hidden numbers, each with its own noise, with private ones."""
    rng = np.random.default_rng(seed)
    hidden = rng.normal(size=(n_samples, 3))
    out = {}
    for i, width in enumerate(widths):
        private = rng.normal(size=(n_samples, width))
        private[:, :3] = hidden + private[:, :3] * noise
        out["abcdef"[i]] = private @ rng.normal(size=(width, width)) + 7
    return out


def eigenproblem(X, regularization):
    """Solve sum over pairs by one generalised eigenproblem of the whole covariance, in double precision."""
    blocks = [np.cov(a, rowvar=False) for a in X.values()]
    r = regularization
    within = block_diag(*[(1 - r) * C + r * np.trace(C) / len(C) * np.eye(len(C)) for C in blocks])
    between = np.cov(np.hstack(list(X.values())), rowvar=False) - block_diag(*blocks)
    values, vectors = eigh(between, within)
    return values[::-1] / (len(X) - 1), vectors[:, ::-1] * np.sqrt(len(X))


@pytest.mark.parametrize("regularization", [0.0, 0.2, 1.0])
@pytest.mark.parametrize("widths", [(5, 4), (4, 6), (5, 4, 6), (3, 3, 3, 3)], ids=str)
def test_solves_the_eigenproblem(widths, regularization):
    X = views(widths=widths)
    cca = CCA(3, regularization).fit(X)
    correlations, vectors = eigenproblem(X, regularization)
    np.testing.assert_allclose(cca.correlations_, correlations[:3], atol=1e-10)
    weights = np.vstack(list(cca.weights_.values()))
    signs = np.sign((weights * vectors[:, :3]).sum(axis=0))
    np.testing.assert_allclose(weights, vectors[:, :3] * signs, rtol=1e-7, atol=1e-9)


def test_agrees_with_scikit_learn():
    X = views()
    ours = CCA(3).fit(X)
    theirs = cross_decomposition.CCA(3, max_iter=5000, tol=1e-12).fit(X["a"], X["b"])
    scores = theirs.transform(X["a"], X["b"])
    np.testing.assert_allclose(
        ours.correlations_,
        [np.corrcoef(a, b)[0, 1] for a, b in zip(*map(np.transpose, scores), strict=True)],
        atol=1e-6,
    )
    for mine, other in zip(ours.transform(X).items(), scores, strict=True):
        np.testing.assert_allclose(np.abs(np.diag(np.corrcoef(mine[1].T, other.T)[:3, 3:])), 1, atol=1e-6)


def test_the_shared_space_is_white_and_correlated_pair_by_pair():
    X = views()
    cca = CCA(4).fit(X)
    Z = cca.transform(X)
    covariance = np.cov(np.hstack([Z["a"], Z["b"]]), rowvar=False)
    R = np.diag(cca.correlations_)
    np.testing.assert_allclose(covariance, np.block([[np.eye(4), R], [R, np.eye(4)]]), atol=1e-10)
    assert (np.diff(cca.correlations_) < 0).all()


def test_three_views_share_a_variance_of_one():
    cca = CCA(2).fit(views(widths=(4, 4, 4)))
    Z = cca.transform(views(widths=(4, 4, 4)))
    np.testing.assert_allclose(np.mean([a.var(axis=0, ddof=1) for _, a in Z.items()], axis=0), [1, 1])


def test_by_hand():
    # a and b have no more in common than their first columns, whose correlation is 1 / 2
    a = np.array([[1.0, 1, 1], [-1, -1, 1], [1, 0, -1], [-1, 0, -1]])[:, [0]]
    b = np.array([[1.0], [-1], [-0.5], [0.5]])
    cca = CCA(1).fit({"a": a, "b": b})
    # covariances 4/3, 2.5/3 and (1 + 1 - 0.5 - 0.5)/3
    np.testing.assert_allclose(cca.correlations_, [(1 / 3) / np.sqrt(4 / 3 * 2.5 / 3)])
    np.testing.assert_allclose(cca.weights_["a"], [[np.sqrt(3 / 4)]])
    np.testing.assert_allclose(cca.weights_["b"], [[np.sqrt(3 / 2.5)]])
    np.testing.assert_allclose(cca.transform({"a": [[2.0]]})["a"], [[np.sqrt(3)]])


@pytest.mark.parametrize("widths", [(5, 4), (5, 4, 6)], ids=str)
def test_blind_to_invertible_linear_maps_unless_regularized(widths):
    X = views(widths=widths)
    turned = {**X, "a": X["a"] @ np.random.default_rng(1).normal(size=(5, 5)) * 100 - 3}
    first, second = CCA(3).fit(X), CCA(3).fit(turned)
    np.testing.assert_allclose(first.correlations_, second.correlations_, atol=1e-9)
    for name in X:
        overlap = np.corrcoef(first.transform(X)[name].T, second.transform(turned)[name].T)[:3, 3:]
        np.testing.assert_allclose(np.abs(np.diag(overlap)), 1, atol=1e-8)
    shrunk = [CCA(3, regularization=0.5).fit(data).correlations_ for data in (X, turned)]
    assert np.abs(shrunk[0] - shrunk[1]).max() > 0.01


def test_a_common_unit_changes_nothing_even_when_regularized():
    X = views()
    kilo = {**X, "b": X["b"] / 1000}
    np.testing.assert_allclose(CCA(2, 0.3).fit(X).correlations_, CCA(2, 0.3).fit(kilo).correlations_)


def test_two_roads_lead_to_the_same_directions():
    spheres = [_whiten(a, 0.1)[0] for a in views().values()]
    svd, eigen = _agree_two(spheres, 3), _agree(spheres, 3)
    np.testing.assert_allclose(svd[0], eigen[0], atol=1e-12)
    for u, v in zip(svd[1], eigen[1], strict=True):
        np.testing.assert_allclose(np.abs((u * v).sum(axis=0)), 1)


@pytest.mark.parametrize("widths", [(5, 4), (5, 4, 6)], ids=str)
def test_the_largest_weight_of_the_first_modality_is_positive(widths):
    X = views(widths=widths)
    for turned in (X, {**X, "a": -X["a"]}, {name: -a for name, a in X.items()}):
        weights = CCA(3).fit(turned).weights_["a"]
        np.testing.assert_array_equal(weights.max(axis=0), np.abs(weights).max(axis=0))


def test_regularization_finds_what_is_still_there_in_new_samples():
    rng = np.random.default_rng(0)
    shared = rng.normal(size=(550, 1))
    X = {name: shared + 2 * rng.normal(size=(550, 100)) for name in "ab"}
    train, new = Modalities(X)[:50], Modalities(X)[50:]
    plain, shrunk = CCA(1).fit(train), CCA(1, regularization=0.5).fit(train)
    np.testing.assert_allclose(plain.correlations_, [1.0])  # 100 features explain any 50 samples
    kept = [np.corrcoef(*[a[:, 0] for _, a in cca.transform(new).items()])[0, 1] for cca in (plain, shrunk)]
    assert kept[0] < 0.7 < 0.9 < kept[1]


def test_single_precision_stays_in_each_modality():
    X = views()
    single = {name: a.astype(np.float32) for name, a in X.items()}
    cca = CCA(2).fit(single)
    Z = cca.transform(single)
    assert {a.dtype for _, a in Z.items()} == {np.dtype(np.float32)}
    np.testing.assert_allclose(Z["a"], CCA(2).fit(X).transform(X)["a"], atol=1e-4)
    mixed = CCA(2).fit({**X, "b": single["b"]}).transform({**X, "b": single["b"]})
    assert (mixed["a"].dtype, mixed["b"].dtype) == (np.float64, np.float32)


def test_single_precision_is_exact_far_from_zero():
    single = {name: (a + 3000).astype(np.float32) for name, a in views(n_samples=20_000).items()}
    double = CCA(3).fit({name: a.astype(np.float64) for name, a in single.items()})
    cca = CCA(3).fit(single)
    np.testing.assert_allclose(cca.correlations_, double.correlations_, rtol=1e-12)  # whitened in double precision
    np.testing.assert_allclose(cca.means_["a"], double.means_["a"], rtol=1e-7)


def test_constant_and_repeated_columns_do_no_harm():
    X = views()
    padded = {**X, "a": np.hstack([X["a"], np.full((300, 1), 0.1), X["a"][:, :2]])}
    np.testing.assert_allclose(CCA(4).fit(padded).correlations_, CCA(4).fit(X).correlations_, atol=1e-10)
    assert np.abs(CCA(4).fit(padded).weights_["a"][5]).max() < 1e-9


def test_sparse_input_and_one_modality_alone():
    X = views()
    cca = CCA(2).fit(X)
    np.testing.assert_allclose(CCA(2).fit({**X, "b": csr_array(X["b"])}).correlations_, cca.correlations_)
    np.testing.assert_array_equal(cca.transform({"b": X["b"][:3]})["b"], cca.transform(X)["b"][:3])


def test_learns_from_complete_samples_and_marks_the_others():
    X = views()
    lost = np.arange(300) % 5 == 2
    broken = X["b"].copy()
    broken[lost] = np.nan
    holes = Modalities({"a": X["a"], "b": broken}, missing={"b": lost})
    cca = CCA(2).fit(holes)
    np.testing.assert_allclose(cca.correlations_, CCA(2).fit(Modalities(X)[~lost]).correlations_)
    Z = cca.transform(holes)
    assert np.isnan(Z["b"][lost]).all()
    assert np.isfinite(Z["a"]).all()
    np.testing.assert_array_equal(Z.missing["b"], lost)
    assert AverageFusion().fit_transform(Z).shape == (300, 2)
    nobody = Modalities({"b": broken[:2]}, missing={"b": [True, True]})
    assert cca.transform(nobody)["b"].shape == (2, 2)


def test_in_a_pipeline_searched_cloned_and_pickled():
    X = views(noise=(0.1, 1, 3))
    y = CCA(1).fit(X).transform(X)["a"][:, 0] > 0
    pipe = make_pipeline(CCA(1), AverageFusion(), LogisticRegression())
    search = GridSearchCV(pipe, {"cca__regularization": [0.0, 0.1]}, cv=3).fit(Modalities(X), y)
    assert search.best_score_ > 0.9
    fitted = clone(CCA(3, 0.1)).fit(X)
    again = pickle.loads(pickle.dumps(fitted))
    np.testing.assert_array_equal(again.transform(X)["b"], fitted.transform(X)["b"])


@pytest.mark.parametrize("spread", [1e-2, 1e-5], ids=["eigenvectors", "SVD"])
def test_no_digits_are_lost_to_badly_scaled_directions(spread):
    X = views(n_samples=2000)
    squeezed = {**X, "a": (X["a"] - 7) @ np.linalg.qr(np.random.default_rng(2).normal(size=(5, 5)))[0]}
    squeezed["a"] = squeezed["a"] * np.geomspace(1, spread, 5) @ np.linalg.qr(np.ones((5, 5)) + np.eye(5))[0]
    np.testing.assert_allclose(CCA(4).fit(squeezed).correlations_, CCA(4).fit(X).correlations_, atol=1e-9)
    Z = CCA(4).fit(squeezed).transform(squeezed)["a"]
    np.testing.assert_allclose(np.cov(Z, rowvar=False), np.eye(4), atol=1e-8)


@pytest.mark.parametrize("widths", [(5, 4), (5, 4, 6)], ids=str)
def test_score_is_the_mean_correlation_of_the_components(widths):
    X = views(widths=widths)
    cca = CCA(3).fit(Modalities(X)[:200])
    Z = cca.transform(Modalities(X)[200:])
    pairs = [(a, b) for a in X for b in X if a < b]
    each = [np.corrcoef(Z[a][:, i], Z[b][:, i])[0, 1] for i in range(3) for a, b in pairs]
    np.testing.assert_allclose(cca.score(Modalities(X)[200:]), np.mean(each))
    assert isinstance(cca.score(X), float)
    if len(widths) == 2:  # on the training samples these are the canonical correlations
        np.testing.assert_allclose(CCA(3).fit(X).score(X), CCA(3).fit(X).correlations_.mean())


def test_score_leaves_out_samples_that_lack_a_modality_and_counts_a_constant_as_nothing():
    X = views()
    cca = CCA(2).fit(X)
    lost = np.arange(300) < 100
    holes = Modalities(X, missing={"b": lost})
    np.testing.assert_allclose(cca.score(holes), cca.score(Modalities(X)[100:]))
    assert cca.score({"a": np.repeat(X["a"][:1], 9, axis=0), "b": X["b"][:9]}) == 0
    with pytest.raises(ValueError, match=r"two samples that have them, got \['a', 'b'\] and 1; pass all"):
        cca.score(holes[99:101])
    with pytest.raises(ValueError, match=r"a correlation needs two modalities .* got \['a'\] and 300"):
        cca.score({"a": X["a"]})
    with pytest.raises(NotFittedError):
        CCA(1).score(X)
    np.testing.assert_allclose(abs(CCA(1).fit(X).score({"a": X["a"][:2], "b": X["b"][:2]})), 1)  # two are enough


def test_unit_columns_by_hand():
    constant = np.full(3, 0.1 * 2**20)  # whose mean is off by rounding
    X = np.column_stack([np.zeros(3), constant, [1e15, -1e15, 0], [3, 4, 5]])
    half = np.sqrt(0.5)
    np.testing.assert_allclose(_unit_columns(X), [[0, 0, half, -half], [0, 0, -half, 0], [0, 0, 0, half]], atol=1e-15)


def test_means_are_column_by_column():
    X = {"a": [[0.0, 10.0], [2.0, 30.0], [1.0, 80.0]], "b": [[5.0], [3.0], [7.0]]}
    cca = CCA(1).fit(X)
    np.testing.assert_allclose(cca.means_["a"], [1, 40])
    np.testing.assert_allclose(cca.transform(X)["a"].mean(), 0, atol=1e-12)
    assert CCA().n_components == 2


def test_signs_by_hand():
    weights = np.array([[0.1, 3.0, 0.0, -1.0], [-0.5, -2.0, 0.0, 1.0]])
    np.testing.assert_array_equal(_signs(weights), [-1, 1, 1, -1])  # among equals the first decides


def test_two_samples_are_enough():
    np.testing.assert_allclose(CCA(1).fit({"a": [[0.0], [1.0]], "b": [[5.0], [3.0]]}).correlations_, [1])


def test_searches_regularization_without_a_target():
    rng = np.random.default_rng(0)
    shared = rng.normal(size=(90, 1))
    X = Modalities({name: shared + 2 * rng.normal(size=(90, 50)) for name in "ab"})
    search = GridSearchCV(CCA(1), {"regularization": [0.0, 0.5]}, cv=3).fit(X)
    assert search.best_params_ == {"regularization": 0.5}
    np.testing.assert_allclose(search.score(X), search.best_estimator_.score(X))
    assert (cross_val_score(CCA(1, 0.5), X, cv=3) > 0.5).all()


def test_names_its_columns_and_goes_through_a_pipeline_that_makes_tables():
    X = views()
    cca = CCA(2).fit(X)
    assert {m: names.tolist() for m, names in cca.get_feature_names_out().items()} == {
        "a": ["a_cca0", "a_cca1"],
        "b": ["b_cca0", "b_cca1"],
    }
    assert cca.get_feature_names_out()["a"].dtype == object  # as scikit-learn has them
    with pytest.raises(NotFittedError):
        CCA(2).get_feature_names_out()
    table = make_pipeline(CCA(2), ConcatFusion()).set_output(transform="pandas").fit_transform(X)
    assert table.shape == (300, 4)
    with config_context(transform_output="pandas"):
        assert isinstance(cca.transform(X), Modalities)


@pytest.mark.parametrize("n_components", [0, 5])
def test_says_which_n_components_are_possible(n_components):
    with pytest.raises(ValueError, match=r"not in 1\.\.4, the directions in which 'b' varies \(n_samples=300, n_fea"):
        CCA(n_components).fit(views())


def test_says_that_a_modality_never_varies():
    with pytest.raises(ValueError, match=r"n_components=1 not in 1\.\.0, the directions in which 'b' varies"):
        CCA(1).fit({**views(), "b": np.full((300, 3), 0.1)})


@pytest.mark.parametrize("n_components", [2.5, "2"])
def test_says_that_n_components_is_a_whole_number(n_components):
    with pytest.raises(TypeError, match="n_components must be a whole number of directions, got "):
        CCA(n_components).fit({"a": np.eye(3), "b": np.eye(3)})


@pytest.mark.parametrize("regularization", [-0.1, 1.1, np.nan, "0.1", None])
def test_says_where_regularization_lies(regularization):
    with pytest.raises(ValueError, match=r"regularization must lie in \[0, 1\], got "):
        CCA(1, regularization).fit(views())


def test_says_what_is_wrong_with_a_modality():
    X = views()
    with pytest.raises(ValueError, match=r"needs at least two, got \['a'\]; PCA takes one"):
        CCA(1).fit({"a": X["a"]})
    with pytest.raises(ValueError, match=r"got image of shape \(300, 8, 8\); make features of it first"):
        CCA(1).fit({**X, "image": np.ones((300, 8, 8))})
    with pytest.raises(ValueError, match="Input b contains NaN"):
        CCA(1).fit({**X, "b": np.full((300, 2), np.nan)})
    with pytest.raises(ValueError, match="a minimum of 2 is required"):
        CCA(1).fit(Modalities(X)[[0]])
    with pytest.raises(TypeError, match="Modalities needs names"):
        CCA(1).fit([X["a"], X["b"]])
    fitted = CCA(1).fit(X)
    with pytest.raises(ValueError, match=r"fitted on \['a', 'b'\], not on 'sound'; leave it out"):
        fitted.transform({"sound": X["a"]})
    with pytest.raises(ValueError, match="Input b contains NaN"):
        fitted.transform({"b": np.full((300, 4), np.nan)})
    with pytest.raises(ValueError, match=r"a has n_features=4, CCA was fitted on 5; prepare it"):
        fitted.transform({"a": X["b"]})
    with pytest.raises(NotFittedError):
        CCA(1).transform(X)
