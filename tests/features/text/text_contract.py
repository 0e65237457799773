"""The part of scikit-learn's contract that an estimator of texts can keep, by name; the rest on texts of our own."""

import pickle

import numpy as np
import pytest
from sklearn import config_context
from sklearn.base import clone
from sklearn.utils import estimator_checks as ec

TEXTS = [
    "I saw a big red ring.",
    "A small blue disc, a red disc and a RED ring!",
    "",
    "it's 3 o'clock; naïve café",
    "blue blue blue",
    "一只 红色 的 圆",
    "红色的圆，在ＬＥＤ灯的左边。 red LED 🔴",
]
# these read parameters, tags and names only; scikit-learn itself runs none of its suite on an estimator of texts
AS_THEY_ARE = [
    ec.check_estimator_cloneable,
    ec.check_estimator_repr,
    ec.check_estimator_tags_renamed,
    ec.check_get_params_invariance,
    ec.check_mixin_order,
    ec.check_no_attributes_set_in_init,
    ec.check_parameters_default_constructible,
    ec.check_set_params,
    ec.check_valid_tag_types,
]


# every other check fits a matrix of random numbers; those that make sense on texts follow, under scikit-learn's names


def check_estimators_fit_returns_self(name, estimator):
    assert estimator.fit(TEXTS) is estimator
    assert estimator.fit(TEXTS, [0] * len(TEXTS)) is estimator  # a target is ignored


def check_estimators_overwrite_params(name, estimator):
    before = dict(estimator.get_params())
    estimator.fit(TEXTS)
    assert estimator.get_params() == before


def check_dont_overwrite_attributes(name, estimator):
    before = set(vars(estimator))
    assert all(name.endswith("_") and not name.startswith("_") for name in set(vars(estimator.fit(TEXTS))) - before)


def check_dict_unchanged(name, estimator):
    before = pickle.dumps(estimator.fit(TEXTS))
    estimator.transform(TEXTS[:3])
    assert pickle.dumps(estimator) == before


def check_fit_idempotent(name, estimator):
    once = estimator.fit_transform(TEXTS)
    assert_same(estimator.fit_transform(TEXTS), once)
    assert_same(estimator.fit(TEXTS[3:]).fit_transform(TEXTS), once)  # nothing is left from before


def check_transformer_general(name, estimator):
    assert_same(clone(estimator).fit(TEXTS).transform(TEXTS), clone(estimator).fit_transform(TEXTS))


def check_methods_subset_invariance(name, estimator):
    whole = estimator.fit_transform(TEXTS).toarray()
    one_by_one = np.vstack([estimator.transform([text]).toarray() for text in TEXTS])
    np.testing.assert_allclose(one_by_one, whole, rtol=1e-15)


def check_methods_sample_order_invariance(name, estimator):
    whole = estimator.fit_transform(TEXTS).toarray()
    np.testing.assert_array_equal(estimator.transform(TEXTS[::-1]).toarray(), whole[::-1])


def check_estimators_pickle(name, estimator):
    fitted = estimator.fit(TEXTS)
    assert_same(pickle.loads(pickle.dumps(fitted)).transform(TEXTS), fitted.transform(TEXTS))


def check_containers_of_texts(name, estimator):
    import pandas as pd

    out = estimator.fit_transform(TEXTS)
    for same in (tuple(TEXTS), np.array(TEXTS), np.array(TEXTS, dtype=object), iter(TEXTS), pd.Series(TEXTS)):
        assert_same(clone(estimator).fit_transform(same), out)


def check_no_texts_at_all(name, estimator):
    assert estimator.fit(TEXTS).transform([]).shape == (0, estimator.transform(TEXTS).shape[1])


def check_sparse_structure(name, estimator):
    out = estimator.fit_transform(TEXTS)
    assert out.format == "csr"
    assert out.indices.dtype == out.indptr.dtype == np.int32  # solvers of scikit-learn refuse 64 bits
    assert all((np.diff(out.indices[a:b]) > 0).all() for a, b in zip(out.indptr[:-1], out.indptr[1:], strict=True))


def check_set_output_transform(name, estimator):
    assert estimator.set_output(transform="default").set_output() is estimator
    with pytest.raises(ValueError, match=rf"{name} returns a sparse matrix and makes no pandas table; in a pipeline"):
        estimator.set_output(transform="pandas")
    with config_context(transform_output="pandas"):  # a wish for the whole session is not meant for sparse matrices
        assert estimator.fit_transform(TEXTS).format == "csr"


def check_what_is_no_list_of_texts(name, estimator):
    import pandas as pd

    wrong = {
        "X is a single text; give a list of texts": "a red ring",
        "X is bytes; give a list of texts": b"a red ring",
        r"X is dict; give a list of texts, e.g. \[.*\], or one column of a table": {"text": TEXTS},
        "X is DataFrame; give": pd.DataFrame({"text": TEXTS}),
        "X is ndarray; give": np.array([TEXTS]),
        "X is NoneType; give": None,
        r"X\[1\] is NoneType, expected a text; for one that is missing give ''": ["a", None],
        r"X\[0\] is float, expected": [np.nan],
        r"X\[0\] is bytes, expected": [b"ring"],
        r"X\[0\] is list, expected": [["red", "ring"]],
    }
    estimator.fit(TEXTS)
    for message, X in wrong.items():
        with pytest.raises(TypeError, match=message):
            estimator.transform(X)
        if hasattr(estimator, "min_df"):
            with pytest.raises(TypeError, match=message):
                clone(estimator).fit(X)


def check_what_is_no_option(name, estimator):
    for option, value, error, message in [
        ("analyzer", "char_wb", ValueError, "analyzer='char_wb' is neither 'word' nor 'char'"),
        ("analyzer", str.split, ValueError, "is neither 'word' nor 'char'"),
        ("ngram_range", (2, 1), ValueError, r"ngram_range=\(2, 1\) must have 1 <= low <= high; \(1, 2\) is single"),
        ("ngram_range", (0, 1), ValueError, r"must have 1 <= low"),
        ("ngram_range", 2, TypeError, "ngram_range=2 is no pair of whole numbers"),
        ("ngram_range", (1, 2.0), TypeError, "is no pair of whole numbers"),
        ("ngram_range", (1, 2, 3), TypeError, "is no pair of whole numbers"),
        ("token_pattern", "(", ValueError, r"token_pattern='\(' is no regular expression: missing \)"),
        ("token_pattern", None, ValueError, "token_pattern=None is no regular expression"),
        ("token_pattern", "(a)(b)", ValueError, r"has 2 groups; write \(\?:...\) for all but one"),
    ]:
        changed = clone(estimator).set_params(analyzer="word").set_params(**{option: value})
        with pytest.raises(error, match=message):
            changed.fit(TEXTS)


def assert_same(ours, theirs, rtol=0.0):
    """Compare two sparse matrices entry by entry as they are stored."""
    np.testing.assert_array_equal(ours.shape, theirs.shape)
    np.testing.assert_array_equal(ours.indptr, theirs.indptr)
    np.testing.assert_array_equal(ours.indices, theirs.indices)
    np.testing.assert_allclose(ours.data, theirs.data, rtol=rtol)


ON_TEXTS = [check for name, check in list(globals().items()) if name.startswith("check_")]


def text_contract(*estimators):
    """Parametrize ``test(estimator, check)`` with every check that applies."""
    pairs = [(estimator, check) for estimator in estimators for check in AS_THEY_ARE + ON_TEXTS]
    ids = [f"{estimator.analyzer}-{check.__name__}" for estimator, check in pairs]
    return pytest.mark.parametrize(("estimator", "check"), pairs, ids=ids)
