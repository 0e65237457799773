import pickle
from collections import Counter

import numpy as np
import pytest
import torch
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.utils import estimator_checks as ec

from mmlearn_edu.datasets import load_docstrings, make_scenes
from mmlearn_edu.features import tokenize
from mmlearn_edu.networks import SkipGram, device, negative_sampling_loss
from mmlearn_edu.representations import cooccurrence

TEXTS = ["the cat drinks milk", "the dog drinks milk", "a car needs fuel", "a truck needs fuel", "", "一 只 猫"]
# what applies to an estimator that reads texts; the other checks of the suite feed it a matrix of numbers
CHECKS = [
    ec.check_no_attributes_set_in_init,
    ec.check_get_params_invariance,
    ec.check_set_params,
    ec.check_estimator_repr,
    ec.check_estimator_cloneable,
    ec.check_do_not_raise_errors_in_init_or_set_params,
    ec.check_parameters_default_constructible,
    ec.check_mixin_order,
    ec.check_estimator_tags_renamed,
    ec.check_valid_tag_types,
]
SMALL = {"n_components": 4, "batch_size": 16, "random_state": 0}


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_scikit_learn_contract(check):
    check("SkipGram", SkipGram())


# The loss


PLACE = "cpu" if device().type == "mps" else device()  # Apple's GPU has no double precision


def vectors(*shape, seed=0):
    drawn = np.random.default_rng(seed).normal(size=shape)
    return torch.from_numpy(drawn).to(PLACE).requires_grad_()


def test_the_loss_equals_the_formula_in_numpy():
    v, u, noise = vectors(6, 3), vectors(6, 3, seed=1), vectors(6, 4, 3, seed=2)
    ours = negative_sampling_loss(v, u, noise).item()
    v, u, noise = (tensor.detach().cpu().numpy() for tensor in (v, u, noise))
    sigmoid = lambda a: 1 / (1 + np.exp(-a))  # noqa: E731
    total = sum(
        np.log(sigmoid(u[i] @ v[i])) + sum(np.log(sigmoid(-noise[i, k] @ v[i])) for k in range(4)) for i in range(6)
    )
    assert ours == pytest.approx(-total / 6, rel=1e-12)


def test_gradients_of_the_loss():
    assert torch.autograd.gradcheck(negative_sampling_loss, (vectors(3, 2), vectors(3, 2), vectors(3, 4, 2)))


def test_no_logarithm_meets_a_zero():
    v = torch.full((1, 1), 100.0)
    assert negative_sampling_loss(v, -v, v[:, None]).item() == pytest.approx(2e4)


@pytest.mark.parametrize("shapes", [[(2, 3), (2, 3), (2, 3)], [(2, 3), (2, 4), (2, 5, 3)], [(0, 3), (0, 3), (0, 5, 3)]])
def test_the_loss_says_which_shapes_fit(shapes):
    with pytest.raises(ValueError, match=r"centre has shape \(\d, 3\), context .* noise .*; expected \(B, n_comp"):
        negative_sampling_loss(*map(torch.zeros, shapes))


# The pairs


@pytest.mark.parametrize("window", [1, 3])
def test_pairs_are_those_that_cooccurrence_counts(window):
    documents = [tokenize(text) for text in load_docstrings().X["text"][:50]]
    counts, vocabulary = cooccurrence(documents, window)
    model = SkipGram(window=window)
    model.vocabulary_ = vocabulary
    pairs = Counter(map(tuple, model._pairs(documents).tolist()))
    counts = counts.tocoo()
    found = zip(counts.row.tolist(), counts.col.tolist(), counts.data.tolist(), strict=True)
    assert pairs == {(i, j): count for i, j, count in found}


def test_noise_is_drawn_by_frequency_to_the_three_quarters():
    words = SkipGram(**SMALL, window=1, epochs=1).fit(["a b", "a c", "b a"])
    np.testing.assert_allclose(words.network_.frequency, np.array([3, 2, 1]) ** 0.75, rtol=1e-6)


# What is learnt


@pytest.fixture(scope="module")
def scenes():
    return make_scenes(400, random_state=0)


@pytest.mark.parametrize("seed", range(5))
def test_words_that_share_company_are_near(scenes, seed):
    """Of a caption's words, the nearest is of the same kind: a colour to a colour, a size to a size."""
    kinds = [set(scenes.latents[latent]) for latent in ("colour", "shape", "size")]
    settings = {"n_components": 8, "window": 1, "batch_size": 128, "learning_rate": 0.02, "random_state": seed}
    right = {}
    texts = [text.split() for text in scenes.X["text"]]
    every = np.random.default_rng(seed).permutation(np.concatenate(texts))  # who stands where is luck now
    shuffled = [" ".join(words) for words in np.split(every, np.cumsum([len(words) for words in texts])[:-1])]
    for name, corpus in (("true", scenes.X["text"]), ("shuffled", shuffled)):
        words = SkipGram(**settings).fit(corpus)
        right[name] = np.mean([words.nearest(word, k=1)[0][0] in kind for kind in kinds for word in kind])
    assert right["true"] > 0.9
    assert right["shuffled"] < 0.6  # by chance 0.27, and there are only thirteen words


def test_on_real_texts_neighbours_are_of_one_topic():
    """Of the words that one topic has more often than all others, the nearest such word is of the same topic."""
    data = load_docstrings()
    documents = [tokenize(text) for text in data.X["text"]]
    words = SkipGram(30, min_count=15, epochs=4, learning_rate=0.02, random_state=0).fit(data.X["text"])
    table = np.zeros((len(words.vocabulary_), 12))
    for tokens, topic in zip(documents, data.y, strict=True):
        np.add.at(table[:, topic], [words.vocabulary_[word] for word in tokens if word in words.vocabulary_], 1)
    own = table.max(axis=1) > 0.6 * table.sum(axis=1)
    topics, V = table[own].argmax(axis=1), words.vectors_[own]
    V /= np.linalg.norm(V, axis=1, keepdims=True)
    nearest = (V @ V.T - 2 * np.eye(len(V))).argmax(axis=1)
    chance = ((np.bincount(topics) / len(topics)) ** 2).sum()
    assert (topics[nearest] == topics).mean() > 2.5 * chance
    rng = np.random.default_rng(0)
    assert (rng.permutation(topics)[nearest] == topics).mean() < 1.5 * chance  # the measure itself


def test_chinese_words_and_characters():
    texts = ["红色 的 圆", "蓝色 的 圆", "红色 的 环", "蓝色 的 环"] * 50
    words = SkipGram(8, batch_size=32, random_state=0).fit(texts)
    assert words.nearest("红色", k=1)[0][0] == "蓝色"
    characters = SkipGram(**SMALL, epochs=2, token_pattern=r"\w").fit(["红色圆", "蓝色圆", "红色环"])
    assert list(characters.vocabulary_) == sorted("红蓝色圆环")


# How it behaves


def test_history_starts_where_nothing_is_learnt():
    words = SkipGram(**SMALL, epochs=30, negatives=3).fit(TEXTS * 20)
    assert words.history_.train[0] < 4 * np.log(2) * 1.05
    assert words.history_.train[-1] < 0.8 * words.history_.train[0]
    assert len(words.history_.validation) == len(words.history_.train)


def test_vectors_are_those_of_the_words_in_the_middle():
    words = SkipGram(**SMALL, epochs=2).fit([*TEXTS, "hermit"])
    table = words.network_.centre.weight.detach().numpy().copy()
    table[words.vocabulary_["hermit"]] = 0  # stands near nobody
    np.testing.assert_array_equal(words.vectors_, table)
    with pytest.raises(ValueError, match="'hermit' has a vector of zeros, which points nowhere: what it met, if any"):
        words.nearest("hermit")
    scores = words.network_(torch.tensor([1]))
    assert scores.shape == (1, len(table))
    expected = words.network_.context.weight.detach().numpy() @ words.network_.centre.weight.detach().numpy()[1]
    np.testing.assert_allclose(scores[0].detach(), expected, rtol=1e-4, atol=1e-7)


def test_a_text_is_the_mean_of_its_known_words():
    words = SkipGram(**SMALL, epochs=2).fit(TEXTS)
    cat, dog = words.vectors_[words.vocabulary_["cat"]], words.vectors_[words.vocabulary_["dog"]]
    out = words.transform(["Dog, dog UNKNOWN cat!", "", "cat"])
    np.testing.assert_allclose(out, [(2 * dog + cat) / 3, np.zeros(4), cat], atol=1e-15)


def test_one_seed_one_result():
    state = torch.get_rng_state()
    first, again, other = (SkipGram(**{**SMALL, "random_state": seed}, epochs=2).fit(TEXTS) for seed in (0, 0, 1))
    assert torch.equal(torch.get_rng_state(), state)
    np.testing.assert_array_equal(first.vectors_, again.vectors_)
    assert not np.allclose(first.vectors_, other.vectors_, atol=0.01)


def test_inside_pipelines_tables_and_copies(scenes):
    model = SkipGram(8, window=1, batch_size=128, epochs=5, learning_rate=0.02, random_state=0)
    pipeline = make_pipeline(model, LogisticRegression(C=100, max_iter=2000)).fit(
        scenes.X["text"], scenes.latents["colour"]
    )
    assert pipeline.score(scenes.X["text"], scenes.latents["colour"]) > 0.9
    fitted = pipeline[0]
    again = pickle.loads(pickle.dumps(fitted))
    np.testing.assert_array_equal(again.transform(TEXTS), fitted.transform(TEXTS))
    assert again.history_ == fitted.history_
    assert clone(fitted).get_params() == model.get_params()
    table = SkipGram(**SMALL, epochs=1).set_output(transform="pandas").fit_transform(TEXTS)
    assert list(table.columns) == ["skipgram0", "skipgram1", "skipgram2", "skipgram3"]
    with pytest.raises(NotFittedError):
        clone(fitted).transform(TEXTS)
    with pytest.raises(NotFittedError):
        SkipGram().nearest("cat")


def test_more_components_than_words_and_the_numbers_of_a_numpy_grid():
    settings = {"n_components": np.int64(20), "batch_size": np.int64(8), "negatives": np.int64(2)}
    words = SkipGram(**settings, window=np.int64(2), epochs=np.int64(1)).fit(["a b"])
    assert words.vectors_.shape == (2, 20)


def test_a_window_wider_than_every_text():
    words = SkipGram(**SMALL, window=1000, epochs=1).fit(["a b c", "d e"])
    assert words.vectors_.any(axis=1).all()


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs an NVIDIA GPU")
def test_the_gpu_learns_the_same(scenes, monkeypatch):
    """It draws other words than the CPU; the loss on held-out pairs comes out alike."""
    losses = {}
    for place in ("cpu", "cuda"):
        monkeypatch.setenv("MMLEARN_DEVICE", place)
        words = SkipGram(8, window=1, batch_size=128, learning_rate=0.02, random_state=0).fit(scenes.X["text"])
        assert {weight.device.type for weight in words.network_.parameters()} == {"cpu"}
        losses[place] = min(words.history_.validation)
    assert losses["cuda"] == pytest.approx(losses["cpu"], rel=0.05)


@pytest.mark.parametrize(
    ("X", "settings", "error", "message"),
    [
        ("a red ring", {}, TypeError, "X is a single text; give a list of texts"),
        (["a", None], {}, TypeError, r"X\[1\] is NoneType, expected a text; for one that is missing give ''"),
        ([], {}, ValueError, "no word is left from 0 texts"),
        (["a b"], {"min_count": 2}, ValueError, "no word is left from 1 texts with min_count=2"),
        (["a", "b"], {}, ValueError, "no two of the 2 words stand within window=2 of each other; give longer texts"),
        (["a b"], {"n_components": 0}, ValueError, "n_components=0, expected a whole number, 1 or more"),
        (["a b"], {"negatives": 1.5}, ValueError, r"negatives=1\.5, expected a whole number"),
        (["a b"], {"window": 0}, ValueError, "window must be 1 or more"),
        (["a b"], {"window": "two"}, TypeError, "window must be a whole number of words, got 'two'"),
        (["a b"], {"epochs": 0}, ValueError, "epochs=0, expected a whole number"),
        (["a b"], {"learning_rate": -1}, ValueError, "learning_rate=-1, expected a number above 0"),
    ],
)
def test_says_what_it_cannot_learn_from(X, settings, error, message):
    with pytest.raises(error, match=message):
        SkipGram(**settings).fit(X)


def test_says_which_word_it_does_not_know():
    with pytest.raises(LookupError, match=r"'trucks' is not among the 13 words; did you mean truck or drinks\?"):
        SkipGram(**SMALL, epochs=1).fit(TEXTS).nearest("trucks")
