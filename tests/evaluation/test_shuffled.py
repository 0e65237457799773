import numpy as np
import pytest
from scipy import sparse

from mmlearn_edu.evaluation import shuffled_modality_scores
from mmlearn_edu.modalities import Modalities


def draw(n=100):
    rng = np.random.default_rng(0)
    return Modalities({"image": rng.normal(size=(n, 3)), "text": [f"第{i}" for i in range(n)], "number": np.arange(n)})


def pairing(X):
    """Share of samples whose text still says its number."""
    return float(np.mean(X["text"] == [f"第{i}" for i in X["number"]]))


@pytest.mark.parametrize("modality", ["text", "number"])
def test_a_score_that_needs_the_pairing_falls_and_one_that_does_not_stays(modality):
    X = draw()
    assert pairing(X) == 1
    scores = shuffled_modality_scores(pairing, X, modality, n_shuffles=50)
    assert scores.shape == (50,)
    assert np.all(np.diff(scores) >= 0)
    assert abs(scores.mean() - 1 / 100) < 0.01  # one row in a hundred falls into its place by luck
    assert set(shuffled_modality_scores(pairing, X, "image")) == {1.0}


def test_values_stay_pairing_goes_and_the_rest_is_untouched():
    X = draw()
    seen = []
    shuffled_modality_scores(lambda shuffled: seen.append(shuffled) or 0.0, X, "image", n_shuffles=2)
    for shuffled in seen:
        assert shuffled.names == X.names
        np.testing.assert_array_equal(shuffled["text"], X["text"])
        np.testing.assert_array_equal(np.sort(shuffled["image"][:, 0]), np.sort(X["image"][:, 0]))
        assert not np.array_equal(shuffled["image"], X["image"])
    assert not np.array_equal(seen[0]["image"], seen[1]["image"])
    np.testing.assert_array_equal(X["image"], draw()["image"])  # the input is left alone


def test_the_mask_moves_with_its_rows():
    number = np.arange(60)
    X = Modalities({"a": number, "b": number}, missing={"a": number < 20, "b": number < 5})

    def in_place(X):
        return float(np.array_equal(X["a"] < 20, X.missing["a"]) and np.array_equal(number < 5, X.missing["b"]))

    assert set(shuffled_modality_scores(in_place, X, "a")) == {1.0}


def test_takes_a_plain_dict_and_sparse_rows():
    X = {"a": sparse.csr_array(np.diag(np.arange(1.0, 31))), "b": np.arange(1.0, 31)}

    def in_pairs(X):
        return float(np.mean(X["a"].sum(axis=1) == X["b"]))

    assert shuffled_modality_scores(in_pairs, X, "a").max() < 0.5
    assert shuffled_modality_scores(in_pairs, X, "b").max() < 0.5


def test_two_samples_and_one_shuffle_are_enough():
    X = {"a": [1.0, 2.0], "b": [1.0, 2.0]}
    scores = [shuffled_modality_scores(lambda X: X["a"][0], X, "a", n_shuffles=1, random_state=i) for i in range(20)]
    assert set(np.concatenate(scores)) == {1.0, 2.0}


def test_seeds_are_kept():
    def first(X):
        return float(X["number"][0])

    one, again, other = (shuffled_modality_scores(first, draw(), "number", random_state=seed) for seed in (0, 0, 1))
    np.testing.assert_array_equal(one, again)
    assert not np.array_equal(one, other)
    np.testing.assert_array_equal(one, shuffled_modality_scores(first, draw(), "number"))


def test_says_what_is_wrong():
    with pytest.raises(KeyError, match="no modality 'sound'; there is image, text, number"):
        shuffled_modality_scores(pairing, draw(), "sound")
    with pytest.raises(ValueError, match=r"1 sample\(s\) and n_shuffles=20; give two samples or more"):
        shuffled_modality_scores(pairing, draw(1), "text")
    with pytest.raises(ValueError, match=r"9 sample\(s\) and n_shuffles=0; give two samples or more, and one shuffle"):
        shuffled_modality_scores(pairing, draw(9), "text", n_shuffles=0)
    with pytest.raises(TypeError, match="Modalities needs names"):
        shuffled_modality_scores(pairing, np.eye(3), "text")
