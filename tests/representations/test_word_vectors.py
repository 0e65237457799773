import pickle

import numpy as np
import pytest
from scipy.sparse.linalg import svds
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils import estimator_checks as ec

from mmlearn_edu.datasets import load_docstrings, make_scenes
from mmlearn_edu.features import tokenize
from mmlearn_edu.representations import WordVectors, cooccurrence, ppmi

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


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_scikit_learn_contract(check):
    check("WordVectors", WordVectors())


@pytest.fixture(scope="module")
def documentation():
    return load_docstrings().X["text"]


def cosines(vectors):
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit @ unit.T


@pytest.mark.parametrize("window", [1, 4])
def test_agrees_with_scipy(documentation, window):
    ours = WordVectors(20, window=window, min_count=20).fit(documentation)
    counts, vocabulary = cooccurrence(map(tokenize, documentation), window, ours.vocabulary_)
    assert vocabulary == ours.vocabulary_
    U, s, _ = svds(ppmi(counts), k=20, random_state=1)
    np.testing.assert_allclose(ours.singular_values_, s[::-1], rtol=1e-8)
    theirs = U[:, ::-1] * np.sqrt(s[::-1])
    np.testing.assert_allclose(ours.vectors_ @ ours.vectors_.T, theirs @ theirs.T, atol=1e-6)  # any signs


def test_with_every_component_the_matrix_comes_back():
    ours = WordVectors(11, window=3).fit(TEXTS)
    M = ppmi(cooccurrence(map(tokenize, TEXTS), 3)[0]).toarray()
    # V = U sign, so U S U' is |M|: the symmetric matrix whose square is M squared
    np.testing.assert_allclose(np.linalg.matrix_power(ours.vectors_ @ ours.vectors_.T, 2), M @ M, atol=1e-10)


def test_by_hand():
    # a stands only beside b: PPMI is ln 2 for both orders, and so are both singular values
    words = WordVectors(2).fit(["a b", "b a"])
    np.testing.assert_allclose(words.singular_values_, [np.log(2)] * 2)
    np.testing.assert_allclose(words.vectors_ @ words.vectors_.T, np.log(2) * np.eye(2), atol=1e-12)
    assert words.nearest("a", k=1) == [("b", 0.0)]  # they meet, but no third word meets both


@pytest.fixture(scope="module")
def scenes():
    return make_scenes(400, random_state=0)


def test_words_that_share_company_are_near(scenes, documentation):
    words = WordVectors(8, window=1).fit(scenes.X["text"])
    for latent in ("colour", "shape", "size"):
        kind = set(scenes.latents[latent])
        for word in kind:
            assert {friend for friend, _ in words.nearest(word, k=len(kind) - 1)} == kind - {word}
    real = WordVectors(50, window=1, min_count=10).fit(documentation)
    for word, friend in [("false", "true"), ("minimum", "maximum"), ("first", "second"), ("row", "column")]:
        assert real.nearest(word, k=1)[0][0] == friend


def test_nearest_is_ordered_by_cosine_and_leaves_the_word_out(documentation):
    words = WordVectors(20, min_count=30).fit(documentation)
    every = words.nearest("the", k=len(words.vocabulary_) - 1)
    table = cosines(words.vectors_)[words.vocabulary_["the"]]
    assert sorted(["the", *(word for word, _ in every)]) == list(words.vocabulary_)
    np.testing.assert_allclose([cosine for _, cosine in every], [table[words.vocabulary_[word]] for word, _ in every])
    assert [cosine for _, cosine in every] == sorted((cosine for _, cosine in every), reverse=True)
    assert words.nearest("the") == every[:5]


def test_among_equals_the_alphabet_decides():
    animals = [f"animal{number:03}" for number in range(300)]
    words = WordVectors(7).fit([f"the {animal} drinks much milk" for animal in animals[::-1]])
    assert words.nearest("animal007", k=299) == [(animal, 1.0) for animal in animals if animal != "animal007"]


def test_a_text_is_the_mean_of_its_known_words():
    words = WordVectors(3).fit(TEXTS)
    cat, dog = words.vectors_[words.vocabulary_["cat"]], words.vectors_[words.vocabulary_["dog"]]
    out = words.transform(["Dog, dog UNKNOWN cat!", "", "nobody knows these", "cat"])
    np.testing.assert_allclose(out, [(2 * dog + cat) / 3, np.zeros(3), np.zeros(3), cat], atol=1e-15)
    assert words.transform([]).shape == (0, 3)


def test_the_order_of_texts_does_not_matter_and_a_second_fit_is_the_same():
    """Directions of equal strength may turn within their plane from fit to fit; what lies between words may not."""
    first, again, turned = (WordVectors(4).fit(texts) for texts in (TEXTS, TEXTS, TEXTS[::-1]))
    for other in (again, turned):
        np.testing.assert_allclose(other.singular_values_, first.singular_values_, atol=1e-12)
        np.testing.assert_allclose(other.vectors_ @ other.vectors_.T, first.vectors_ @ first.vectors_.T, atol=1e-12)


def test_rare_words_are_left_out_and_patterns_make_other_words():
    assert list(WordVectors(1, min_count=2).fit([*TEXTS, "the milk"]).vocabulary_) == [
        "a", "drinks", "fuel", "milk", "needs", "the",
    ]  # fmt: skip
    chinese = WordVectors(4, window=1, token_pattern=r"\w").fit(["红色圆", "蓝色圆", "红色环"])
    assert list(chinese.vocabulary_) == sorted("红蓝色圆环")
    assert {word for word, _ in chinese.nearest("红", k=3)} == set("蓝圆环")  # all stand beside 色


def test_directions_that_are_not_there_are_zeros():
    words = WordVectors(9).fit(["the cat drinks milk", "the dog drinks milk", "a car needs fuel", "a truck needs fuel"])
    assert (words.singular_values_ > 1e-6).tolist() == [True] * 6 + [False] * 3
    np.testing.assert_array_equal(words.vectors_[:, 6:], 0)


def test_inside_pipelines_searches_and_copies(scenes):
    texts, colour = scenes.X["text"], scenes.latents["colour"]
    pipe = make_pipeline(WordVectors(), StandardScaler(), LogisticRegression())
    search = GridSearchCV(pipe, {"wordvectors__n_components": [1, 12]}, cv=2).fit(texts, colour)
    assert search.best_params_["wordvectors__n_components"] == 12
    assert cross_val_score(search.best_estimator_, list(texts), colour, cv=2).mean() > 0.95
    fitted = WordVectors(3).fit(TEXTS)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(fitted)).transform(TEXTS), fitted.transform(TEXTS))
    with pytest.raises(NotFittedError):
        clone(fitted).transform(TEXTS)
    with pytest.raises(NotFittedError):
        WordVectors().nearest("cat")


def test_pandas_output_names_the_columns():
    table = WordVectors(2).set_output(transform="pandas").fit_transform(TEXTS)
    assert list(table.columns) == ["wordvectors0", "wordvectors1"]
    assert table.shape == (6, 2)


def test_says_which_word_it_does_not_know():
    words = WordVectors(2).fit(TEXTS)
    with pytest.raises(LookupError, match=r"'trucks' is not among the 13 words; did you mean truck or drinks\?"):
        words.nearest("trucks")
    with pytest.raises(LookupError, match="'zzz' is not among the 13 words; there is a, car, cat"):
        words.nearest("zzz")
    many = WordVectors(2).fit([" ".join(f"w{i}" for i in range(100))])
    with pytest.raises(LookupError, match=r"there is w0, w1, w10, .* and 75 more$"):
        many.nearest("zzz")
    for k in (0, 13):
        with pytest.raises(ValueError, match=rf"k={k} not in 1\.\.12; there are no other words"):
            words.nearest("cat", k)


def test_rounding_is_a_share_of_the_longest_vector():
    words = WordVectors(2).fit(["a b", "b a"])
    words.vectors_ = np.array([[1e3, 0.0], [1e-5, 0.0]])
    with pytest.raises(ValueError, match="'b' has a vector of zeros"):
        words.nearest("b", k=1)


def test_says_that_a_word_points_nowhere():
    alone = WordVectors(2).fit([*TEXTS, "hermit"])
    np.testing.assert_array_equal(alone.transform(["hermit"]), 0)
    with pytest.raises(ValueError, match=r"'hermit' has a vector of zeros, which points nowhere: .*the 2 strongest"):
        alone.nearest("hermit")
    assert dict(alone.nearest("cat", k=13))["hermit"] == 0
    # two worlds, one direction: the smaller world's part in it is rounding, and rounding is no neighbour
    worlds = WordVectors(1).fit(["a b c d e f a c e b d f", "x y z"])
    with pytest.raises(ValueError, match=r"'.' has a vector of zeros"):
        [worlds.nearest(word) for word in "ax"]


@pytest.mark.parametrize(
    ("X", "parameters", "error", "message"),
    [
        ("a red ring", {}, TypeError, "X is a single text; give a list of texts"),
        (["a", None], {}, TypeError, r"X\[1\] is NoneType, expected a text; for one that is missing give ''"),
        (["", "!?"], {}, ValueError, r"no word is left from 2 texts with min_count=1 and token_pattern='.*'; look at"),
        ([], {}, ValueError, "no word is left from 0 texts"),
        (["a b"], {"min_count": 2}, ValueError, "no word is left from 1 texts with min_count=2"),
        (["a b"], {"n_components": 3}, ValueError, "n_components=3 needs as many words, and 1 texts have 2"),
        (["a b"], {"n_components": 0}, ValueError, r"n_components=0 not in 1\.\.2"),
        (["a b"], {"n_components": 1.5}, TypeError, r"whole number of directions, got 1\.5"),
        (["a b"], {"window": 0}, ValueError, "window must be 1 or more"),
        (["a", "b"], {}, ValueError, r"no two of the 2 words meet more often than chance \(window=2\); give more"),
    ],
)
def test_says_what_it_cannot_learn_from(X, parameters, error, message):
    with pytest.raises(error, match=message):
        WordVectors(**parameters).fit(X)
