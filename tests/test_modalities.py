import pickle

import numpy as np
import pytest
from scipy.sparse import coo_array, issparse
from sklearn.model_selection import KFold, train_test_split

from mmlearn_edu.modalities import Modalities, as_modalities


def four(n_samples=6):
    return Modalities(
        {
            "image": np.arange(n_samples * 12).reshape(n_samples, 2, 2, 3),
            "text": [f"text {i}" for i in range(n_samples)],
            "counts": coo_array(np.diag(np.arange(n_samples))),
            "sound": np.arange(n_samples * 5.0).reshape(n_samples, 5),
        },
        missing={"sound": np.arange(n_samples) % 2 == 1},
    )


@pytest.mark.parametrize(
    ("key", "rows"),
    [
        (slice(1, 4), [1, 2, 3]),
        ([4, 0, 4], [4, 0, 4]),
        (np.array([True, False, False, False, True, False]), [0, 4]),
        (2, [2]),
        (np.int64(-1), [5]),
        ((np.array([3, 1]), ...), [3, 1]),
        ([], []),
    ],
    ids=repr,
)
def test_rows_of_every_modality_and_mask_stay_together(key, rows):
    X = four()
    part = X[key]
    assert len(part) == len(rows)
    assert part["text"].tolist() == [f"text {i}" for i in rows]
    np.testing.assert_array_equal(part["image"], X["image"][np.array(rows, dtype=int)])
    np.testing.assert_array_equal(part["counts"].toarray().sum(axis=1), rows)
    np.testing.assert_array_equal(part.missing["sound"], [i % 2 == 1 for i in rows])
    np.testing.assert_array_equal(part.present("sound"), [i % 2 == 0 for i in rows])
    assert part.present("text").all()


def test_is_all_that_scikit_learn_needs():
    X = four(20)
    train, test = train_test_split(X, test_size=5, random_state=0)
    assert sorted([*train["text"], *test["text"]]) == sorted(X["text"])
    for train_rows, test_rows in KFold(4).split(X):
        assert len(X[train_rows]) + len(X[test_rows]) == 20
    again = pickle.loads(pickle.dumps(X))
    np.testing.assert_array_equal(again.missing["sound"], X.missing["sound"])


def test_what_it_holds():
    X = four()
    assert X.names == ("image", "text", "counts", "sound")
    assert X.shape == (6,)
    assert "text" in X
    assert "video" not in X
    assert issparse(X["counts"])
    assert dict(X.items()).keys() == set(X.names)
    assert repr(X) == "Modalities(image: (6, 2, 2, 3), text: (6,), counts: (6, 6), sound: (6, 5) with 3 missing)"
    assert as_modalities(X) is X
    assert as_modalities({"a": [1, 2]}).shape == (2,)


@pytest.mark.parametrize(
    ("arrays", "error", "message"),
    [
        ([np.ones(3)], TypeError, r'Modalities needs names, e\.g\. \{"image": A, "text": B\}, got list'),
        (np.ones(3), TypeError, "got ndarray"),
        ({}, ValueError, "every modality needs the same number of samples, got no modality"),
        ({"a": [1, 2], "b": [1]}, ValueError, "same number of samples, got a=2, b=1"),
        ({"a": 3}, ValueError, "'a' is a single value; give one row per sample"),
        ({"a": [[1, 2], [3]]}, ValueError, "rows of 'a' differ in shape; pad or crop them"),
    ],
)
def test_says_what_it_cannot_hold(arrays, error, message):
    with pytest.raises(error, match=message):
        Modalities(arrays)


@pytest.mark.parametrize(
    ("missing", "message"),
    [
        ({"b": [True, False]}, "missing names 'b', which is no modality; there is a"),
        ({"a": [True]}, r"one True or False per sample, shape \(2,\); got bool of shape \(1,\)"),
        ({"a": [0, 1]}, r"got int64 of shape \(2,\)"),
    ],
)
def test_says_what_is_wrong_with_a_mask(missing, message):
    with pytest.raises(ValueError, match=message):
        Modalities({"a": [1, 2]}, missing=missing)


def test_says_how_to_pick():
    X = four()
    with pytest.raises(KeyError, match="no modality 'video'; there is image, text, counts, sound"):
        X["video"]
    with pytest.raises(TypeError, match=r"takes one modality's name, or rows .* got \['image', 'text'\]"):
        X[["image", "text"]]
    with pytest.raises(TypeError, match="takes one modality's name, or rows"):
        X["image", 0]
    with pytest.raises(TypeError, match="takes one modality's name, or rows"):
        X[1.5]


def test_refuses_to_be_one_array_or_a_loop():
    X = four()
    with pytest.raises(TypeError, match=r"is several arrays, not one; pick one, X\['image'\], or fuse them first"):
        np.asarray(X)
    with pytest.raises(TypeError, match="not iterable"):
        list(X)


def test_masks_cannot_be_swapped_behind_its_back():
    with pytest.raises(TypeError):
        four().missing["text"] = np.ones(6, dtype=bool)
