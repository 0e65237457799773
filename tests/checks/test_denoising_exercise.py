"""A denoising autoencoder of real digits as an exercise: built as a chapter would, taken through the gate."""

import functools
import itertools

import numpy as np
import pytest
import torch
from torch import nn

from mmlearn_edu.checks.adapters import adapted
from mmlearn_edu.checks.answerer import InPlace
from mmlearn_edu.checks.authoring import builds, computes, exercise, learns, mistake, module, steady
from mmlearn_edu.checks.comparators.losses import pca_error
from mmlearn_edu.checks.gate import gate
from mmlearn_edu.checks.judge import judge
from mmlearn_edu.checks.learner import verdict_of
from mmlearn_edu.datasets import load_spoken_digits

WIDTH = 12


@functools.cache
def _digits():
    """Return 400 handwritten digits, (400, 64), values in [0, 1]."""
    images = load_spoken_digits().X["image"].reshape(-1, 64)
    return images[:: len(images) // 400][:400] / images.max()


def _trials(rng, dtype):
    clean = rng.permutation(_digits()).astype(dtype)
    noisy = clean + 0.3 * rng.normal(size=clean.shape).astype(dtype)
    return [
        builds(64, WIDTH, inputs=noisy[:5]),
        computes(64, WIDTH, inputs=noisy[:5]),
        steady(64, WIDTH, inputs=noisy[:5]),
        learns(
            64,
            WIDTH,
            inputs=noisy[:300],
            targets=clean[:300],
            held_out=(noisy[300:], clean[300:]),
            steps=80,
            seeds=2,
        ),
    ]


class Denoiser(nn.Module):
    """Squeeze noisy pictures, (n, n_pixels), to `width` numbers, with dropout, and draw them clean."""

    def __init__(self, n_pixels, width):
        super().__init__()
        ### BEGIN SOLUTION
        #: self.encoder = ...
        #: self.decoder = ...
        self.encoder = nn.Sequential(nn.Linear(n_pixels, 32), nn.ReLU(), nn.Linear(32, width))
        self.decoder = nn.Sequential(nn.Linear(width, 32), nn.ReLU(), nn.Linear(32, n_pixels))
        self.dropout = nn.Dropout(0.1)
        ### END SOLUTION

    def forward(self, X):
        """Return the clean pictures, of the shape of X."""
        ### BEGIN SOLUTION
        return self.decoder(self.encoder(self.dropout(X)))
        ### END SOLUTION


class Untrained(Denoiser):
    def forward(self, X):
        with torch.no_grad():
            return super().forward(X)


class FrozenEncoder(Denoiser):
    def __init__(self, n_pixels, width):
        super().__init__(n_pixels, width)
        self.encoder.requires_grad_(False)


class DetachedCode(Denoiser):
    def forward(self, X):
        return self.decoder(self.encoder(self.dropout(X)).detach())


class DropoutInEval(Denoiser):
    def forward(self, X):
        return self.decoder(self.encoder(nn.functional.dropout(X, 0.1)))


class NoDropout(Denoiser):
    def forward(self, X):
        return self.decoder(self.encoder(X))


class GivesTheCode(Denoiser):
    def forward(self, X):
        return self.encoder(self.dropout(X))


class Climbs(Denoiser):
    def forward(self, X):
        out = super().forward(X)
        return 2 * out.detach() - out


class ReturnsItsInput(Denoiser):
    def forward(self, X):
        return X + 0 * super().forward(X)


class BuiltInForward(nn.Module):
    def __init__(self, n_pixels, width):
        super().__init__()
        self.sizes = n_pixels, width

    def forward(self, X):
        return Denoiser(*self.sizes)(X)


class OtherNames(nn.Module):
    def __init__(self, n_pixels, width):
        super().__init__()
        sizes = [n_pixels, 32, width, 32, n_pixels]
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in itertools.pairwise(sizes))

    def forward(self, X):
        X = nn.functional.dropout(X, 0.1, self.training)
        for i, layer in enumerate(self.layers):
            X = layer(X).relu() if i in (0, 2) else layer(X)
        return X


class WithLazyLayers(nn.Module):
    def __init__(self, n_pixels, width):
        super().__init__()
        self.dropout = nn.Dropout(0.1)
        self.encoder = nn.Sequential(nn.LazyLinear(32), nn.ReLU(), nn.LazyLinear(width))
        self.decoder = nn.Sequential(nn.LazyLinear(32), nn.ReLU(), nn.LazyLinear(n_pixels))

    def forward(self, X):
        return self.decoder(self.encoder(self.dropout(X)))


# mistake: what shows it, as (number of the trial, problem)
WRONG = {
    Untrained: (3, "module-unreached"),
    FrozenEncoder: (0, "module-parameters"),
    DetachedCode: (3, "module-unreached"),
    DropoutInEval: (2, "module-twice"),
    NoDropout: (2, "module-random"),
    GivesTheCode: (0, "module-shape"),
    Climbs: (3, "module-no-loss"),
    ReturnsItsInput: (1, "module-output"),
    BuiltInForward: (0, "module-parameters"),
}

exercise(
    "pca.denoiser",
    kind="module",
    points=4,
    cases=_trials,
    compare=module(slack=1.5, beats_pca=3),
    mistakes=[mistake(wrong.__name__, wrong, f"This is {wrong.__name__}.") for wrong in WRONG],
    alternatives=[OtherNames, WithLazyLayers],
    hints=["Which layer is narrow?", "Squeeze, then draw.", "self.encoder = ..."],
    time_limit=60,
    seeds=2,
)(Denoiser)
DENOISER = Denoiser.__exercise__


def verdict(answer):
    return judge(DENOISER, InPlace(adapted(DENOISER, answer), 60), seed=0)


@pytest.mark.slow
def test_it_passes_the_gate():
    report = gate(DENOISER)
    assert report.passed, str(report)


@pytest.mark.parametrize("right", [Denoiser, OtherNames, WithLazyLayers])
def test_right_answers_pass(right):
    assert verdict(right).passed, str(verdict(right))


@pytest.mark.parametrize("wrong", WRONG)
def test_every_wrong_one_is_told_apart(wrong):
    found = verdict_of(DENOISER, wrong, seed=0)  # as a learner's, in the guarded copy
    trial, problem = WRONG[wrong]
    assert found.items[trial].problem == problem, str(found)
    assert found.diagnosis == [wrong.__name__]
    assert not found.passed


def test_what_no_gradient_reaches_is_named():
    assert "encoder.0.weight, encoder.0.bias, encoder.2.weight" in verdict(DetachedCode).items[3].message
    assert "decoder" not in verdict(DetachedCode).items[3].message


def test_a_pca_is_held_against_it_on_the_same_noisy_pictures():
    """Fit on noisy pictures and shown noisy ones, as the module is: clean ones would make it look too good."""
    trial = _trials(np.random.default_rng(0), np.float64)[3]
    noisy, clean = trial.kwargs["held_out"], trial.truth
    mean = trial.kwargs["inputs"].mean(axis=0)
    Vt = np.linalg.svd(trial.kwargs["inputs"] - mean, full_matrices=False)[2][:WIDTH]
    expected = np.mean((clean - mean - (noisy - mean) @ Vt.T @ Vt) ** 2)
    assert pca_error(trial.kwargs["inputs"], noisy, clean, WIDTH) == pytest.approx(expected)
    assert expected > pca_error(trial.kwargs["inputs"], clean, clean, WIDTH)
