"""MNIST: pixels and split as published."""

import io

import numpy as np
import pytest

from mmlearn_edu.datasets import DatasetUnavailable, fetch_mnist, mnist
from tests.datasets.serving import mnist_archive


def test_arrives_unchanged_training_digits_first(server, tmp_path, monkeypatch):
    content = mnist_archive(n_train=5, n_test=3)
    server.offer(monkeypatch, mnist, content)
    data = fetch_mnist(tmp_path)
    published = np.load(io.BytesIO(content))
    train = data.latents["split"] == "train"
    assert train.tolist() == [True] * 5 + [False] * 3
    for split, rows in (("train", train), ("test", ~train)):
        np.testing.assert_array_equal(data.X[rows]["image"], published[f"x_{split}"])
        np.testing.assert_array_equal(data.y[rows], published[f"y_{split}"])
    assert (data.X["image"].dtype, data.X["image"].shape) == (np.uint8, (8, 28, 28))
    assert data.target_names == tuple("0123456789")


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"x_test": np.zeros((4, 784), np.uint8)}, r"'x_test': \('uint8', \(28, 28\)\).* found .*'x_test': .*\(784,\)"),
        ({"y_train": np.zeros(6)}, r"'y_train': \('uint8', \(\)\).* found .*'y_train': \('float64', \(\)\)"),
        ({"y_test": np.array([{}] * 4)}, "allow_pickle"),  # a pickle may run anything: it is not opened
    ],
)
def test_other_arrays_are_told(server, tmp_path, monkeypatch, other, words):
    server.offer(monkeypatch, mnist, mnist_archive(**other))
    with pytest.raises(DatasetUnavailable, match=words):
        fetch_mnist(tmp_path)
