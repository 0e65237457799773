"""Every plot with something to draw, the same at every call."""

import numpy as np

from mmlearn_edu import plots

__all__ = ["DRAWN", "SOUND"]

SOUND = np.sin(2 * np.pi * 500 * np.arange(4000) / 8000)


def random(*shape):
    return np.random.default_rng(0).random(shape)


def normal(n, *width, mean=0.0):
    return np.random.default_rng(0).normal(mean, size=(n, *width))


DRAWN = {
    "image_grid": lambda **to: plots.image_grid(random(5, 8, 6), titles=range(5), **to),
    "pixel_numbers": lambda **to: plots.pixel_numbers([[[0, 5], [9, 1]], random(2, 2, 3)], frame=(0, 0, 1), **to),
    "hue_circle": lambda **to: plots.hue_circle({"leaf": 0.34, "sky": 0.6}, **to),
    "scatter_2d": lambda **to: plots.scatter_2d(normal(30, 2), np.arange(30) % 3, **to),
    "scree": lambda **to: plots.scree([0.5, 0.3, 0.1], target=0.8, **to),
    "heat_matrix": lambda **to: plots.heat_matrix(np.arange(6).reshape(2, 3), **to),
    "objective_curve": lambda **to: plots.objective_curve([[5.0, 3.0, 2.0], [6.0, 1.0]], **to),
    "waveform": lambda **to: plots.waveform(SOUND, 8000, **to),
    "spectrogram": lambda **to: plots.spectrogram(SOUND, 8000, **to),
    "training_curves": lambda **to: plots.training_curves({"training": [3, 2, 1], "validation": [3, 2, 2.5]}, **to),
    "roc_plot": lambda **to: plots.roc_plot({"image": ([0, 0.2, 1], [0, 0.9, 1])}, **to),
    "reliability_diagram": lambda **to: plots.reliability_diagram([0.4, 0.9], [0.5, 0.7], [10, 30], **to),
    "forest_plot": lambda **to: plots.forest_plot(
        {"group": ["image", "fused"], "n_samples": [9, 8], "score": [0.7, 0.9], "low": [0.6, 0.8], "high": [0.8, 1]},
        **to,
    ),
    "neighbour_grid": lambda **to: plots.neighbour_grid(
        random(2, 8, 6),
        random(2, 3, 8, 6),
        random(2, 3) < 0.5,
        **to,
    ),
    "score_histogram": lambda **to: plots.score_histogram(
        {"normal": normal(90), "swapped": normal(20, mean=3.0)},
        threshold=1.6,
        **to,
    ),
    "score_bars": lambda **to: plots.score_bars({"image": 0.7, "fused": 0.9}, chance=0.1, **to),
}
