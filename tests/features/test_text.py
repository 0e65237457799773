import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.feature_extraction import text as sklearn_text
from sklearn.utils import estimator_checks as ec

from mmlearn_edu.features import TfidfVectorizer, tokenize

TEXTS = [
    "I saw a big red ring.",
    "A small blue disc, a red disc and a RED ring!",
    "",
    "it's 3 o'clock; naïve café",
    "blue blue blue",
    "一只 红色 的 圆",
]
# what applies to an estimator that reads texts; the other checks of the suite feed it a matrix of numbers
CHECKS = [
    ec.check_no_attributes_set_in_init,
    ec.check_get_params_invariance,
    ec.check_set_params,
    ec.check_estimator_repr,
    ec.check_parameters_default_constructible,
    ec.check_mixin_order,
    ec.check_estimator_tags_renamed,
    ec.check_valid_tag_types,
]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_scikit_learn_contract(check):
    check("TfidfVectorizer", TfidfVectorizer())


@pytest.mark.parametrize("min_df", [1, 2])
def test_agrees_with_scikit_learn_on_the_same_tokens(min_df):
    theirs = sklearn_text.TfidfVectorizer(tokenizer=tokenize, token_pattern=None, min_df=min_df).fit(TEXTS)
    ours = TfidfVectorizer(min_df=min_df).fit(TEXTS)
    assert ours.vocabulary_ == theirs.vocabulary_
    assert ours.get_feature_names_out().tolist() == theirs.get_feature_names_out().tolist()
    np.testing.assert_allclose(ours.idf_, theirs.idf_)
    unseen = [*TEXTS, "green", "a green ring"]
    np.testing.assert_allclose(ours.transform(unseen).toarray(), theirs.transform(unseen).toarray())


def test_by_hand():
    tfidf = TfidfVectorizer().fit(["ring ring", "ring disc"])
    np.testing.assert_allclose(tfidf.idf_, [np.log(3 / 2) + 1, 1.0])  # disc in one of two texts, ring in both
    row = np.array([np.log(3 / 2) + 1, 1.0])
    np.testing.assert_allclose(tfidf.transform(["disc ring"]).toarray()[0], row / np.linalg.norm(row))


def test_rows_have_length_one_or_zero_and_order_is_forgotten():
    out = TfidfVectorizer().fit_transform(TEXTS)
    assert out.format == "csr"
    np.testing.assert_allclose(np.sqrt(out.multiply(out).sum(axis=1)), [1, 1, 0, 1, 1, 1])
    tfidf = TfidfVectorizer().fit(TEXTS)
    turned = [" ".join(reversed(tokenize(text))) for text in TEXTS]
    np.testing.assert_allclose(tfidf.transform(turned).toarray(), out.toarray())


def test_reads_numpy_arrays_of_texts():
    plain = TfidfVectorizer().fit_transform(TEXTS).toarray()
    for kind in (str, object):
        np.testing.assert_array_equal(TfidfVectorizer().fit_transform(np.array(TEXTS, dtype=kind)).toarray(), plain)


def test_another_pattern_makes_other_words():
    assert tokenize("I saw a ring", r"\w\w+") == ["saw", "ring"]
    assert list(TfidfVectorizer(token_pattern=r"\w").fit(["ab", "b"]).vocabulary_) == ["a", "b"]


def test_clone_is_unfitted():
    with pytest.raises(NotFittedError):
        clone(TfidfVectorizer().fit(TEXTS)).transform(TEXTS)


@pytest.mark.parametrize(
    ("X", "error", "message"),
    [
        ("a red ring", TypeError, "X is a single text; give a list of texts"),
        (["a", None], TypeError, r"X\[1\] is NoneType, expected a text; for one that is missing give ''"),
        ([1.0], TypeError, r"X\[0\] is float"),
        (
            ["", "!?"],
            ValueError,
            r"no word is left from 2 texts with min_df=1 and token_pattern='.*'; look at the texts",
        ),
        ([], ValueError, "no word is left from 0 texts"),
    ],
)
def test_says_what_it_cannot_read(X, error, message):
    with pytest.raises(error, match=message):
        TfidfVectorizer().fit(X)
