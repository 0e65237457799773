from functools import partial

import numpy as np
import pytest
import torch
from sklearn.metrics import log_loss
from torch.nn import functional

from mmlearn_edu.features import mel_filter_bank, power_spectrogram
from mmlearn_edu.networks import AudioCNN, NetworkClassifier, device, seeded


def network(clip_shape=(2000,), n_classes=3, **settings):
    with seeded(0):
        return AudioCNN(clip_shape, n_classes, **settings).eval()


def noise(n_clips=4, n_samples=2000, seed=0):
    rng = np.random.default_rng(seed)
    return (0.1 * rng.normal(size=(n_clips, n_samples)) * np.linspace(0, 1, n_samples)).astype(np.float32)


@pytest.mark.parametrize(
    ("n_samples", "settings"),
    [(2000, {}), (384, {}), (1001, {"n_fft": 256, "hop_length": 100, "n_mels": 20}), (3000, {"sampling_rate": 16000})],
)
def test_hears_what_the_features_hear(n_samples, settings):
    net, X = network((n_samples,), **settings), noise(n_samples=n_samples)
    rate, n_mels = settings.pop("sampling_rate", 8000), settings.pop("n_mels", 40)
    bank = mel_filter_bank(rate, settings.get("n_fft", 512), n_mels)
    loudness = 10 * np.log10(np.maximum(bank @ power_spectrogram(X.astype(np.float64), **settings), 1e-10))
    below = np.maximum(loudness - loudness.max(axis=(1, 2), keepdims=True), -80) / 80
    heard = net.mel_spectrogram(torch.from_numpy(X)).numpy()
    assert heard.shape == below.shape == (4, n_mels, 1 + n_samples // settings.get("hop_length", 128))
    np.testing.assert_allclose(heard, below, atol=1e-4)


def test_the_volume_makes_no_difference_and_silence_no_trouble():
    net, X = network(), torch.from_numpy(noise())
    torch.testing.assert_close(net.mel_spectrogram(30000 * X), net.mel_spectrogram(10000 * X), rtol=0, atol=1e-5)
    assert net.mel_spectrogram(X).min() >= -1
    assert (net.mel_spectrogram(X).amax(dim=(1, 2)) == 0).all()
    assert torch.isfinite(net(torch.zeros(2, 2000))).all()


def by_formula(net, X):
    """What follows the spectrogram, in single steps of torch."""
    weights = dict(net.state_dict())

    def normalised(X, i):
        mean, variance, scale, offset = (
            weights[f"body.{i}.{name}"][:, None] for name in ("running_mean", "running_var", "weight", "bias")
        )
        return (X - mean) / (variance + 1e-5).sqrt() * scale + offset

    def step(X, i):
        X = functional.conv1d(X, weights[f"body.{i}.weight"], weights[f"body.{i}.bias"], padding=1)
        return normalised(X, i + 1).clamp_min(0)

    X = functional.max_pool1d(step(normalised(X, 0), 1), 2)
    return step(X, 5).mean(dim=2) @ weights["head.weight"].T + weights["head.bias"]


@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float32, 1e-5), (torch.float64, 1e-12)])
def test_agrees_with_the_formula(dtype, tolerance):
    net, X = network().to(dtype), torch.from_numpy(noise()).to(dtype)
    with torch.no_grad():
        net.train()(X)  # so that the running means are not 0
        net.eval()
        torch.testing.assert_close(net(X), by_formula(net, net.mel_spectrogram(X)), rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("n_samples", [384, 1999, 8000])
def test_its_layers_have_the_shapes_the_docstring_says(n_samples):
    net, X = network((n_samples,), 10), torch.zeros(2, n_samples)
    n_moments = 1 + n_samples // 128
    assert net.mel_spectrogram(X).shape == (2, 40, n_moments)
    assert net.body(net.mel_spectrogram(X)).shape == (2, 64, n_moments // 2)
    assert net.features(X).shape == (2, 64)
    assert net(X).shape == (2, 10)
    assert sum(weights.numel() for weights in net.parameters()) == 80 + 7744 + 128 + 12352 + 128 + 650 == 21082


def test_one_number_of_the_last_map_hears_8_moments():
    net = network().double()
    spectrogram = torch.rand(1, 40, 30, dtype=torch.float64, requires_grad=True)
    net.body[:-1](spectrogram)[0, :, 7].sum().backward()
    assert np.ptp(np.nonzero(spectrogram.grad[0].abs().sum(dim=0).numpy())[0]) + 1 == 8


def sweeps(n_clips, seed):
    """Tones that rise or fall, from anywhere, at any time: only order in time tells which."""
    rng = np.random.default_rng(seed)
    y = np.arange(n_clips) % 2
    t = np.arange(2000) / 8000
    rise = np.where(y == 1, 4000, -4000)[:, None]
    pitch = rng.uniform(1500, 2500, size=(n_clips, 1)) + rise * (t - 0.125)
    X = np.sin(2 * np.pi * np.cumsum(pitch, axis=1) / 8000) + 0.1 * rng.normal(size=(n_clips, 2000))
    return X.astype(np.float32), y


@pytest.mark.parametrize("seed", range(5))
def test_tells_rising_from_falling_and_no_shuffled_classes(seed):
    X, y = sweeps(300, seed)
    model = NetworkClassifier(AudioCNN, epochs=6, batch_size=32, learning_rate=0.01, random_state=seed)
    assert model.fit(X[:200], y[:200]).score(X[200:], y[200:]) > 0.9
    shuffled = np.random.default_rng(seed).permutation(y[:200])
    guessed = model.fit(X[:200], shuffled).predict_proba(X[200:])
    assert log_loss(y[200:], guessed) > 0.85 * np.log(2)  # chance; by accuracy, two groups may be guessed right


def test_takes_settings_through_partial():
    X, y = sweeps(20, 0)
    model = NetworkClassifier(partial(AudioCNN, n_mels=16), epochs=1).fit(X, y)
    assert model.network_.mel_spectrogram(torch.from_numpy(X)).shape == (20, 16, 16)


def test_the_device_gives_the_numbers_of_the_cpu():
    net, X = network(), torch.from_numpy(noise())
    with torch.no_grad():
        here = net(X)
        there = net.to(device())(X.to(device())).cpu()
    torch.testing.assert_close(there, here, rtol=1e-3, atol=1e-3)  # a GPU may multiply with ten bits


@pytest.mark.parametrize(
    ("clip_shape", "words"),
    [
        ((383,), r"clips of shape \(383,\) are too small, at least \(384,\) is needed; pad them with silence, or"),
        ((40, 32), r"clips of shape \(40, 32\), expected \(n_samples,\)"),
        (4000, "shape of clips=4000, expected a tuple of whole numbers"),
    ],
)
def test_says_which_clips_it_takes(clip_shape, words):
    with pytest.raises(ValueError, match=words):
        AudioCNN(clip_shape, 2)


def test_says_what_else_is_wrong():
    with pytest.raises(ValueError, match="triangles are narrower than a frequency step"):
        AudioCNN((4000,), 2, n_mels=400)
    with pytest.raises(ValueError, match=r"expected clips of shape \(n, 2000\), got \(2, 1000\)"):
        network()(torch.zeros(2, 1000))
