"""The broken article of chapter 08 fails, and misleads, exactly as its text says, on the versions we pin."""

import numpy as np
import pytest
from sklearn.decomposition import PCA, TruncatedSVD
from sklearn.model_selection import GroupShuffleSplit, cross_val_score
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline

from mmlearn_edu import representations
from mmlearn_edu.checks import registry
from mmlearn_edu.checks.learner import verdict_of
from mmlearn_edu.checks.source import stub_source
from mmlearn_edu.datasets import load_spoken_digits, make_scenes


@pytest.fixture(scope="module")
def images():
    return load_spoken_digits().X["image"].reshape(1797, 64).astype(float)


@pytest.fixture(scope="module")
def broken():
    """The comment's repair, as the learner's cell has it."""
    scope = {"np": np}
    exec(stub_source(registry.get("pca.fix_article")), scope)
    return scope["article_pca"]


def test_the_loud_fault_names_pca_and_the_module_that_has_none():
    with pytest.raises(ImportError, match=r"^cannot import name 'PCA' from 'sklearn\.manifold' \("):
        exec("from sklearn.manifold import PCA", {})


def test_the_silent_fault_runs_with_the_right_shapes_and_a_better_number(images, broken):
    Z, share = broken(images, 2)
    honest = PCA(n_components=2).fit(images).explained_variance_ratio_.sum()
    assert Z.shape == (1797, 2)
    assert share > 2 * honest


def test_adding_a_constant_gives_the_silent_fault_away(images, broken):
    mended = registry.get("pca.fix_article").reference
    assert broken(images + 1000, 2)[1] > broken(images, 2)[1] + 0.2
    np.testing.assert_allclose(mended(images + 1000, 2)[1], mended(images, 2)[1])


def test_the_first_raw_axis_is_the_mean_and_the_next_are_one_place_late(images):
    mean = images.mean(axis=0)
    raw = np.linalg.svd(images, full_matrices=False)[2]
    centred = np.linalg.svd(images - mean, full_matrices=False)[2]
    assert abs(raw[0] @ mean) / np.linalg.norm(mean) > 0.999
    assert min(abs(raw[1] @ centred[0]), abs(raw[2] @ centred[1])) > 0.99


def test_by_hand_the_raw_axis_claims_most_and_catches_least():
    points = np.array([[6, 2], [2, 6], [5, 5], [3, 3]])
    centred = points - points.mean(axis=0)
    _, s, Vt = np.linalg.svd(points, full_matrices=False)
    assert s[0] ** 2 / np.sum(s**2) == pytest.approx(132 / 148)
    assert (centred @ Vt[0]).var() / centred.var(axis=0).sum() == pytest.approx(0.2)


def test_truncated_svd_is_named(images):
    def answer(X, k):
        svd = TruncatedSVD(n_components=k, random_state=0).fit(X)
        return svd.transform(X), svd.explained_variance_ratio_.sum()

    assert verdict_of(registry.get("pca.fix_article"), answer, seed=0).diagnosis[0] == "truncated-svd"


@pytest.fixture(scope="module")
def writer():
    return load_spoken_digits().groups["writer"]


@pytest.mark.parametrize("seed", range(100, 105))
def test_a_leak_promises_what_new_digits_do_not_keep(images, writer, seed):
    """The order of the columns that section 6 speaks of, on five other seeds than it shows."""
    rng = np.random.default_rng(seed)
    train, rest = rng.permutation(images[writer < 7]), rng.permutation(images[writer >= 7])
    few, test, new = train[:60], rest[:60], rest[60:120]

    def loss(rows, fitted_on):
        pca = PCA(n_components=20, svd_solver="full").fit(fitted_on)
        return np.mean((rows - pca.inverse_transform(pca.transform(rows))) ** 2)

    seen = np.vstack([few, test])
    honest, cheat, kept, every = loss(test, few), loss(test, seen), loss(new, seen), loss(test, train)
    assert cheat < 2 / 3 * honest
    assert cheat < 0.8 * every
    assert kept > 1.3 * cheat, "on new digits the same axes do much worse"


@pytest.mark.parametrize("seed", range(5))
def test_what_centring_is_worth(images, writer, seed):
    """What section 5 says in words, on five seeds of its splits."""
    splits = GroupShuffleSplit(n_splits=5, test_size=0.5, random_state=seed)
    y = load_spoken_digits().y

    def score(*steps):
        model = make_pipeline(*steps, KNeighborsClassifier(5))
        return cross_val_score(model, images, y, groups=writer, cv=splits).mean()

    raw, raw_20 = (score(TruncatedSVD(k, random_state=0)) for k in (1, 20))
    centred, centred_20 = (score(representations.PCA(n_components=k)) for k in (1, 20))
    assert 0.1 < raw < 0.13, "hardly better than chance"
    assert centred > 2 * raw, "right more than twice as often"
    assert abs(centred_20 - raw_20) < 0.005, "with twenty axes the difference is gone"
    assert max(raw_20, centred_20) < score(), "all pixels are the ceiling"


def test_the_uncentred_axis_of_the_halves_is_almost_the_worst(images):
    pictures = images.reshape(-1, 8, 8)[::12]
    halves = np.stack([pictures[:, :, :4].mean(axis=(1, 2)), pictures[:, :, 4:].mean(axis=(1, 2))], axis=1)
    worst = np.linalg.svd(halves - halves.mean(axis=0), full_matrices=False)[2][1]
    assert abs(np.linalg.svd(halves, full_matrices=False)[2][0] @ worst) > 0.999


@pytest.mark.parametrize("seed", range(5))
def test_the_background_is_the_first_axis_of_the_scenes(seed):
    scenes = make_scenes(300, random_state=seed)
    along = representations.PCA(n_components=1).fit_transform(scenes.X["image"].reshape(300, -1).astype(float))[:, 0]
    background, x, y = (abs(np.corrcoef(along, scenes.latents[cause])[0, 1]) for cause in ("background", "x", "y"))
    assert background > 0.9
    assert max(x, y) < 0.3
