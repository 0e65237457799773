"""What chapter 14 claims: its article searches at chance in silence, and its numbers hold over five seeds."""

import re
from pathlib import Path

import numpy as np
import pytest
from sklearn.preprocessing import StandardScaler

from mmlearn_edu.checks import registry
from mmlearn_edu.checks.source import stub_source
from mmlearn_edu.datasets import load_spoken_digits
from mmlearn_edu.evaluation import recall_at_k
from mmlearn_edu.features import mfcc_summary
from mmlearn_edu.networks import Autoencoder, ConvAutoencoder
from mmlearn_edu.representations import PCA, LeastSquaresMap
from mmlearn_edu.similarity import cosine_similarity
from mmlearn_edu.widgets import walk_latent

SOURCE = Path(__file__).parents[2] / "notebooks" / "source" / "14_autoencoders.py"
DIGITS = load_spoken_digits()
PIXELS = (DIGITS.X["image"] / 255).astype(np.float32).reshape(-1, 64)
SEEN = DIGITS.groups["writer"] < 7
X, X_NEW = PIXELS[SEEN], PIXELS[~SEEN]
# one seed quickly, the others in the long tests
EACH = [pytest.param(seed, marks=[pytest.mark.slow] if seed > 0 else []) for seed in range(5)]


def reference(name):
    return registry.get(f"autoencoder.{name}").reference


def rebuild(model, rows):
    return model.inverse_transform(model.transform(rows))


def error(model, rows=X_NEW):
    return np.mean((rebuild(model, rows) - rows) ** 2)


@pytest.fixture(scope="module")
def broken():
    """The article's function, as the learner's cell has it."""
    scope = {"np": np}
    exec(stub_source(registry.get("autoencoder.fix_article")), scope)
    return scope["match_scores"]


@pytest.mark.parametrize("seed", EACH)
def test_a_linear_autoencoder_spans_the_subspace_of_pca_by_other_directions(seed):
    whole = {"epochs": 100, "learning_rate": 0.02, "validation_share": 0, "patience": 100}
    model, pca = Autoencoder(4, hidden=(), random_state=seed, **whole).fit(X), PCA(n_components=4).fit(X)
    directions = model.network_.decoder[0].weight.detach().numpy().T
    assert reference("compare_subspaces")(directions, pca.components_) < 5
    assert abs(error(model) / error(pca) - 1) < 0.02
    r = np.abs(np.corrcoef(model.transform(X_NEW).T, pca.transform(X_NEW).T)[:4, 4:])
    assert r.max(axis=1).min() < 0.85, "no number of the code need be a component"


@pytest.mark.parametrize("seed", EACH)
def test_the_smallest_error_lets_most_of_the_noise_pass_and_a_denoiser_the_least(seed):
    noisy = X_NEW + np.random.default_rng(0).normal(scale=0.3, size=X_NEW.shape)
    models = {
        "pca": PCA(n_components=8).fit(X),
        "copy": Autoencoder(128, hidden=(), epochs=40, random_state=seed).fit(X),
        "dense": Autoencoder(8, epochs=40, random_state=seed).fit(X),
        "plain": Autoencoder(64, epochs=40, random_state=seed).fit(X),
        "denoising": Autoencoder(64, noise=0.3, epochs=40, random_state=seed).fit(X),
    }
    kept = {
        name: reference("trace_noise")(X_NEW, noisy, rebuild(model, X_NEW), rebuild(model, noisy))
        for name, model in models.items()
    }
    gain = {name: reference("rate_denoiser")(X_NEW, noisy, rebuild(model, noisy)) for name, model in models.items()}
    assert error(models["copy"]) < 0.0005 < 0.012 < error(models["denoising"])
    assert kept["denoising"] < kept["pca"] < 0.15 < 0.35 < kept["dense"] < 0.6 < 0.75 < kept["copy"]
    assert gain["plain"] < gain["denoising"] - 2, "the same network: the noise it learns with makes the difference"
    assert error(models["plain"]) < 0.5 * error(models["denoising"])
    assert gain["copy"] < 1 < gain["dense"] < gain["pca"] < 4.5 < gain["denoising"]


@pytest.mark.parametrize("seed", EACH)
def test_eight_numbers_bend_enough_for_the_target_where_eight_components_do_not(seed):
    assert error(Autoencoder(8, epochs=40, random_state=seed).fit(X)) < 0.022
    assert error(Autoencoder(4, epochs=40, random_state=seed).fit(X)) > 0.026
    assert error(PCA(n_components=8).fit(X)) > 0.0255
    wide = Autoencoder(32, epochs=40, random_state=seed).fit(X)
    assert error(wide) > 1.5 * error(PCA(n_components=32).fit(X)), "at 32 the components win"


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_after_as_many_epochs_convolutions_bring_no_gain_on_pictures_this_small(seed):
    old, new = X.reshape(-1, 8, 8), X_NEW.reshape(-1, 8, 8)
    conv = ConvAutoencoder(8, epochs=40, random_state=seed).fit(old)
    assert error(conv, new) > 0.99 * error(Autoencoder(8, epochs=40, random_state=seed).fit(X))


@pytest.mark.parametrize("seed", EACH)
def test_two_seeds_find_nothing_in_each_other_until_a_map_is_learnt(seed):
    one, other = (Autoencoder(16, epochs=40, random_state=s).fit(X) for s in (seed, seed + 1))
    assert abs(error(one) / error(other) - 1) < 0.1
    A, B = one.transform(X_NEW), other.transform(X_NEW)
    assert recall_at_k(cosine_similarity(A, B), 1) < 5 / len(X_NEW)
    carried = LeastSquaresMap().fit(one.transform(X), other.transform(X)).transform(A)
    assert recall_at_k(cosine_similarity(carried, B), 1) > 0.85


def _codes(seed):
    sounds = mfcc_summary(DIGITS.X["audio"], 8000)
    sounds = StandardScaler().fit(sounds[SEEN]).transform(sounds).astype(np.float32)
    return [Autoencoder(16, epochs=40, random_state=seed).fit(rows[SEEN]).transform(rows) for rows in (PIXELS, sounds)]


@pytest.mark.parametrize("seed", EACH)
def test_the_article_is_at_chance_between_modalities_and_right_within_one(seed, broken):
    Z_image, Z_audio = _codes(seed)
    old, new = np.flatnonzero(SEEN), np.flatnonzero(~SEEN)
    same_digit = DIGITS.y[new][:, None] == DIGITS.y[new]
    assert 0.04 < recall_at_k(broken(Z_image, Z_audio, old, new), 1, same_digit) < 0.2
    mended = reference("fix_article")(Z_image, Z_audio, old, new)
    assert 0.5 < recall_at_k(mended, 1, same_digit) < 0.75
    not_itself = broken(Z_image, Z_image, old, new) - 2 * np.eye(len(new))
    assert recall_at_k(not_itself, 1, same_digit) > 0.95
    with pytest.raises(ValueError, match="n_features=16 and Y has n_features=8"):
        cosine_similarity(Z_image, Z_audio[:, :8])


def test_the_listing_of_section_2_scores_as_the_exercise_does(broken):
    (listing,) = re.findall(r"```python\n(# def encode.*?)# ```", SOURCE.read_text("utf-8"), flags=re.DOTALL)
    rng = np.random.default_rng(0)

    class FewEpochs(Autoencoder):
        def __init__(self, n_components):
            super().__init__(n_components, epochs=1, random_state=0)

    scope = {"Autoencoder": FewEpochs, "cosine_similarity": cosine_similarity}
    scope |= {"pictures": rng.random((30, 20)), "sounds": rng.random((30, 25))}
    exec(re.sub(r"^# ?", "", listing, flags=re.MULTILINE), scope)
    rows = np.arange(30)
    expected = broken(scope["Z_image"], scope["Z_audio"], rows, rows).argmax(axis=1)
    np.testing.assert_array_equal(scope["best"], expected)


def test_the_notebook_opens_the_widget_of_the_exercise():
    cell = re.search(r'slug="widget"\n(.*?)\nwalking\n', SOURCE.read_text("utf-8"), flags=re.DOTALL).group(1)
    scope = {"np": np, "Autoencoder": Autoencoder, "walk_latent": walk_latent, "X": X, "y": DIGITS.y, "seen": SEEN}
    exec(cell, scope)
    (case,) = registry.get("autoencoder.find_border").cases(None, None)
    np.testing.assert_array_equal(scope["way"], case.kwargs["way"])
    np.testing.assert_array_equal(scope["read"], case.kwargs["read"])
