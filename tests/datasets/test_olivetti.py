"""The Olivetti faces: the pixels are those of scikit-learn's own reader, and the card says what one owes to people."""

import numpy as np
import pytest
from sklearn.datasets import _olivetti_faces as theirs

from mmlearn_edu.datasets import DatasetUnavailable, fetch_olivetti, olivetti
from tests.datasets.serving import olivetti_archive

FACES = np.random.default_rng(0).integers(256, size=(64 * 64, 400), dtype=np.uint8)


@pytest.mark.parametrize("dtype", [np.uint8, np.float64])  # Matlab calls everything a double
def test_agrees_with_scikit_learn(server, tmp_path, monkeypatch, dtype):
    content = olivetti_archive(FACES.astype(dtype))
    server.offer(monkeypatch, olivetti, content)
    ours = fetch_olivetti(tmp_path / "ours")

    def fetch_remote(remote, dirname, **options):
        (tmp_path / "faces.mat").write_bytes(content)
        return str(tmp_path / "faces.mat")

    monkeypatch.setattr(theirs, "_fetch_remote", fetch_remote)
    expected = theirs.fetch_olivetti_faces(data_home=tmp_path / "theirs")
    assert (ours.X["image"].dtype, ours.X["image"].shape) == (np.uint8, (400, 64, 64))
    np.testing.assert_allclose(ours.X["image"] / 255, expected.images, rtol=0, atol=1e-7)
    for person in (ours.y, ours.groups["person"]):
        np.testing.assert_array_equal(person, expected.target)
    assert ours.target_names == tuple(map(str, range(40)))


def test_a_column_of_matlab_is_a_face_by_columns(server, tmp_path, monkeypatch):
    faces = np.zeros((64 * 64, 10), dtype=np.uint8)
    faces[1, 3], faces[64, 3] = 10, 20  # one pixel down, one pixel to the right
    server.offer(monkeypatch, olivetti, olivetti_archive(faces))
    image = fetch_olivetti(tmp_path).X["image"]
    assert (image[3, 1, 0], image[3, 0, 1], image.sum()) == (10, 20, 30)


@pytest.mark.parametrize(
    ("faces", "words"),
    [
        (FACES[:-1], r"expected faces of shape \(4096, n\), ten each, found \(4095, 400\)"),
        (FACES[:, :-1], r"found \(4096, 399\)"),
        (FACES / 255, "expected whole grey values from 0 to 255"),
        (np.full((4096, 10), 256, dtype=np.uint16), "expected whole grey values"),
        (np.full((4096, 10), np.nan), "expected whole grey values"),
    ],
)
def test_other_arrays_are_told(server, tmp_path, monkeypatch, faces, words):
    server.offer(monkeypatch, olivetti, olivetti_archive(faces))
    with pytest.raises(DatasetUnavailable, match=words):
        fetch_olivetti(tmp_path)


def test_the_card_speaks_of_the_people():
    assert "## Real people" in olivetti.CARD
    assert "make_people()" in olivetti.CARD
