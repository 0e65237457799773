import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics

from mmlearn_edu.evaluation import (
    accuracy,
    class_scores,
    confusion_matrix,
    macro_f1,
    macro_precision,
    macro_recall,
)

MACRO = {"precision": macro_precision, "recall": macro_recall, "f1": macro_f1}
EVERY = [confusion_matrix, class_scores, *MACRO.values()]
labels = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=40)


@pytest.mark.filterwarnings("ignore:A single label was found:UserWarning")
@settings(max_examples=100, deadline=None)
@given(labels, st.sampled_from([None, [4, 2, 0, 1, 3], [9, 0, 1, 2, 3, 4]]))
def test_agrees_with_scikit_learn(pairs, order):
    true, pred = map(np.array, zip(*pairs, strict=True))
    expected = metrics.confusion_matrix(true, pred, labels=order)
    np.testing.assert_array_equal(confusion_matrix(true, pred, labels=order), expected)
    expected = metrics.precision_recall_fscore_support(true, pred, labels=order, zero_division=0)
    ours = class_scores(true, pred, labels=order)
    for name, values in zip(["precision", "recall", "f1", "n_true"], expected, strict=True):
        np.testing.assert_allclose(ours[name], values, atol=1e-12)
    macro = metrics.precision_recall_fscore_support(true, pred, labels=order, zero_division=0, average="macro")
    for score, value in zip(MACRO.values(), macro, strict=False):
        assert score(true, pred, labels=order) == pytest.approx(value)


@settings(max_examples=50, deadline=None)
@given(labels, st.permutations(list("abcde")))
def test_what_a_class_is_called_does_not_matter(pairs, names):
    true, pred = map(np.array, zip(*pairs, strict=True))
    renamed = np.array(names)[true], np.array(names)[pred]
    for score in MACRO.values():
        assert score(*renamed) == pytest.approx(score(true, pred))
    found = class_scores(*renamed)
    ours = class_scores(true, pred)
    for i, name in enumerate(ours["class"]):
        j = found["class"].tolist().index(names[name])
        assert found["f1"][j] == ours["f1"][i]


@settings(max_examples=50, deadline=None)
@given(labels)
def test_swapping_truth_and_prediction_swaps_precision_and_recall(pairs):
    true, pred = map(np.array, zip(*pairs, strict=True))
    assert macro_precision(true, pred) == macro_recall(pred, true)
    np.testing.assert_array_equal(confusion_matrix(true, pred), confusion_matrix(pred, true).T)
    assert np.trace(confusion_matrix(true, pred)) / len(true) == accuracy(true, pred)


def test_by_hand():
    true, pred = ["cat", "cat", "cat", "dog"], ["cat", "cat", "dog", "owl"]
    np.testing.assert_array_equal(confusion_matrix(true, pred), [[2, 1, 0], [0, 0, 1], [0, 0, 0]])
    assert confusion_matrix(true, pred).dtype == np.int64
    scores = class_scores(true, pred)
    assert scores["class"].tolist() == ["cat", "dog", "owl"]
    assert scores["precision"].tolist() == [1, 0, 0]
    assert scores["recall"].tolist() == pytest.approx([2 / 3, 0, 0])  # no sample is an owl: 0, and it counts
    assert scores["f1"].tolist() == pytest.approx([0.8, 0, 0])
    assert scores["n_true"].tolist() == [3, 1, 0]
    assert scores["n_predicted"].tolist() == [2, 1, 1]
    assert macro_recall(true, pred) == pytest.approx(2 / 9)


def test_an_absent_class_counts_as_zero_if_it_is_named():
    y = [0, 1, 0, 1]
    assert [score(y, y) for score in MACRO.values()] == [1, 1, 1]
    assert [score(y, y, labels=[0, 1, 2, 3]) for score in MACRO.values()] == [0.5, 0.5, 0.5]


def test_answering_one_class_always_earns_one_over_the_number_of_classes():
    true = np.repeat(np.arange(5), [100, 1, 1, 1, 1])
    assert macro_recall(true, np.zeros(104, dtype=int)) == pytest.approx(1 / 5)


def test_chinese_names_numbers_and_mixed_storage():
    assert class_scores(["猫", "狗"], ["猫", "猫"], labels=["狗", "猫"])["recall"].tolist() == [0, 1]
    assert macro_f1(np.array(["a", "b"], dtype=object), np.array(["a", "b"])) == 1
    assert macro_f1(np.array([0, 1]), np.array([0.0, 1.0], dtype=np.float32)) == 1
    assert (
        macro_f1(pd.Series(["nan", "None"], index=[5, 6]), np.array(["nan", "None"], dtype=object)) == 1
    )  # mere names
    assert class_scores([7], [7])["f1"].tolist() == [1]


@pytest.mark.parametrize("score", EVERY, ids=lambda s: s.__name__)
def test_says_what_is_wrong(score):
    with pytest.raises(ValueError, match="3 true labels and 2 predicted ones"):
        score([0, 1, 2], [0, 1])
    with pytest.raises(ValueError, match=r"the true labels must have shape \(n_samples,\)"):
        score([], [])
    with pytest.raises(ValueError, match="the predicted labels hold NaN or infinity"):
        score([0, 1], [0, np.nan])
    with pytest.raises(ValueError, match="the true labels hold None or NaN, which is no class"):
        score(["cat", None], ["cat", "dog"])
    with pytest.raises(ValueError, match="the predicted labels hold None or NaN"):
        score(["cat", "dog"], np.array(["cat", np.nan], dtype=object))
    with pytest.raises(ValueError, match="the true labels hold None or NaN"):
        score(pd.Series(["cat", pd.NA], dtype="string"), ["cat", "dog"])
    with pytest.raises(ValueError, match=r"classes of different kinds, e\.g\. 1 and '1', cannot be compared; make"):
        score([1, 2], ["1", "2"])
    with pytest.raises(ValueError, match=r"a sample has class 'owl', which is not among labels=\['cat', 'dog'\]; add"):
        score(["cat", "dog"], ["cat", "owl"], labels=["cat", "dog"])
    with pytest.raises(ValueError, match=r"labels=\[0, 0, 1\] names a class twice"):
        score([0, 1], [0, 1], labels=[0, 0, 1])
    with pytest.raises(ValueError, match=r"labels must have shape \(n_samples,\)"):
        score([0, 1], [0, 1], labels=[[0, 1]])
