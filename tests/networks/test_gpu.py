"""What learns on the CPU learns as well on a GPU, and with one seed twice the same; the other files have more."""

import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits

from mmlearn_edu.datasets import make_scenes
from mmlearn_edu.networks import AudioCNN, ImageCNN, NetworkClassifier, VideoCNN

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs an NVIDIA GPU")


def pictures():
    digits = load_digits(n_class=4)
    return digits.images / 16, digits.target


def sounds():
    t = np.arange(2000) / 8000
    pitch = np.random.default_rng(0).uniform(300, 500, size=(300, 1)) * np.where(np.arange(300) % 2, 4, 1)[:, None]
    return np.sin(2 * np.pi * pitch * t).astype(np.float32), np.arange(300) % 2


def clips():
    scenes = make_scenes(400, random_state=0)
    across = np.isin(scenes.latents["motion"], ["left", "right"])
    return scenes.X["clip"][across] / 255, scenes.latents["motion"][across]


TASKS = [(ImageCNN, pictures, 0.003), (AudioCNN, sounds, 0.01), (VideoCNN, clips, 0.02)]


@pytest.mark.parametrize(("network", "task", "learning_rate"), TASKS, ids=lambda value: getattr(value, "__name__", ""))
def test_convolutions_learn_the_same(network, task, learning_rate, monkeypatch):
    X, y = task()
    cut = 2 * len(X) // 3
    model = NetworkClassifier(network, epochs=6, batch_size=16, learning_rate=learning_rate, random_state=0)
    scores = {}
    for place in ("cpu", "cuda"):
        monkeypatch.setenv("MMLEARN_DEVICE", place)
        scores[place] = model.fit(X[:cut], y[:cut]).score(X[cut:], y[cut:])
        first = model.predict_proba(X[cut:])
        np.testing.assert_array_equal(model.fit(X[:cut], y[:cut]).predict_proba(X[cut:]), first)
    assert scores["cuda"] == pytest.approx(scores["cpu"], abs=0.1)
