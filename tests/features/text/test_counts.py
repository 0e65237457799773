from unicodedata import normalize

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.feature_extraction import text as sklearn_text
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.naive_bayes import MultinomialNB
from sklearn.pipeline import make_pipeline

from mmlearn_edu.features import CountVectorizer
from tests.features.text.text_contract import TEXTS, assert_same, text_contract

OPTIONS = [
    {},
    {"min_df": 2},
    {"ngram_range": (1, 2)},
    {"ngram_range": (2, 3)},
    {"token_pattern": r"[一-鿿]|[^\W一-鿿]+", "ngram_range": (1, 2)},
    {"token_pattern": r"(\w)\w*"},  # the group is the word: here, first letters
    {"analyzer": "char"},
    {"analyzer": "char", "ngram_range": (1, 2)},
    {"analyzer": "char", "ngram_range": [2, 4], "min_df": 2},
]


def even_out(text):
    return normalize("NFC", text.lower())


def theirs_like(kind, options):
    options = {"token_pattern": r"\w+", **options, "ngram_range": tuple(options.get("ngram_range", (1, 1)))}
    if options.get("analyzer") == "char":
        del options["token_pattern"]
    return kind(preprocessor=even_out, **options)


@text_contract(CountVectorizer(), CountVectorizer(analyzer="char", ngram_range=(1, 2)))
def test_scikit_learn_contract(estimator, check):
    check(type(estimator).__name__, clone(estimator))


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_agrees_with_scikit_learn(options):
    theirs = theirs_like(sklearn_text.CountVectorizer, options).fit(TEXTS)
    ours = CountVectorizer(**options).fit(TEXTS)
    assert ours.vocabulary_ == theirs.vocabulary_
    assert list(ours.vocabulary_) == ours.get_feature_names_out().tolist() == theirs.get_feature_names_out().tolist()
    unseen = [*TEXTS, "green", "a green ring", "圆的红色", " \t\n  blue\n\nblue"]
    assert_same(ours.transform(unseen), theirs.transform(unseen))
    assert_same(ours.fit_transform(TEXTS), theirs.transform(TEXTS))
    assert ours.transform(unseen).dtype == theirs.transform(unseen).dtype == np.int64


# a few letters that meet often, and anything else
letters = st.text(st.sampled_from("aAbé 红色的，。🔴\n\u0301") | st.characters(codec="utf-8"), max_size=30)


@settings(max_examples=40)
@given(st.lists(letters, min_size=1, max_size=6), st.lists(letters, max_size=3), st.sampled_from(OPTIONS))
def test_agrees_with_scikit_learn_on_any_text(texts, unseen, options):
    theirs = theirs_like(sklearn_text.CountVectorizer, options)
    try:
        theirs.fit(texts)
    except ValueError:  # no word, or none often enough
        with pytest.raises(ValueError, match="nothing is left to count"):
            CountVectorizer(**options).fit(texts)
        assume(False)
    ours = CountVectorizer(**options)
    assert_same(ours.fit_transform(texts), theirs.transform(texts))
    assert ours.vocabulary_ == theirs.vocabulary_
    if unseen:
        assert_same(ours.transform(unseen), theirs.transform(unseen))


def test_by_hand():
    count = CountVectorizer(ngram_range=(1, 2)).fit(["red ring", "Ring, red ring"])
    assert count.vocabulary_ == {"red": 0, "red ring": 1, "ring": 2, "ring red": 3}
    np.testing.assert_array_equal(count.transform(["ring ring red", "green"]).toarray(), [[1, 0, 2, 1], [0, 0, 0, 0]])


def test_rare_words_are_left_out_by_texts_not_by_occurrences():
    assert list(CountVectorizer(min_df=2).fit(["a a a b", "b"]).vocabulary_) == ["b"]


def test_counts_add_up_to_the_tokens():
    out = CountVectorizer(analyzer="char").fit_transform(["红色的圆", "", "🔴🔴"])
    np.testing.assert_array_equal(out.sum(axis=1), [4, 0, 2])


def test_each_text_is_read_once():
    class Once:
        def __init__(self):
            self.times = 0

        def __iter__(self):
            self.times += 1
            return iter(TEXTS)

    texts = Once()
    CountVectorizer().fit_transform(texts)
    assert texts.times == 1


def test_in_a_pipeline_and_a_search():
    texts = ["a red ring", "red red disc", "one red star", "the blue ring", "blue disc", "so blue a star"] * 3
    colour = ["red", "red", "red", "blue", "blue", "blue"] * 3
    bayes = make_pipeline(CountVectorizer(), MultinomialNB())
    np.testing.assert_array_equal(cross_val_score(bayes, texts, colour, cv=3), 1)
    grid = {"countvectorizer__analyzer": ["word", "char"], "countvectorizer__ngram_range": [(1, 1), (1, 2)]}
    assert GridSearchCV(bayes, grid, cv=3).fit(texts, colour).score(texts, colour) == 1
    names = bayes.fit(texts, colour)[:-1].get_feature_names_out()
    assert names.tolist() == ["a", "blue", "disc", "one", "red", "ring", "so", "star", "the"]


def test_not_fitted():
    for ask in (lambda count: count.transform(TEXTS), lambda count: count.get_feature_names_out()):
        with pytest.raises(NotFittedError):
            ask(clone(CountVectorizer().fit(TEXTS)))


@pytest.mark.parametrize(
    ("options", "X", "error", "message"),
    [
        (
            {},
            ["", "!?"],
            ValueError,
            r"nothing is left to count in 2 texts with analyzer='word', .*; look at the texts",
        ),
        ({"min_df": 2}, ["a", "b"], ValueError, r"nothing is left to count in 2 texts with .*min_df=2"),
        ({}, [], ValueError, "nothing is left to count in 0 texts"),
        ({"analyzer": "char", "ngram_range": (3, 3)}, ["ab"], ValueError, r"in 1 texts with .*ngram_range=\(3, 3\)"),
        ({"min_df": 0.5}, TEXTS, TypeError, "min_df=0.5 must be a whole number of texts, e.g. 2"),
        ({"min_df": 0}, TEXTS, ValueError, "min_df=0 must be at least 1"),
    ],
)
def test_says_what_it_cannot_count(options, X, error, message):
    with pytest.raises(error, match=message):
        CountVectorizer(**options).fit(X)
