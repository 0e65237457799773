"""What scikit-learn is told about the input; its pipelines and searches go by that."""

import pytest
from sklearn.utils import get_tags

from mmlearn_edu.features import CountVectorizer, HashingVectorizer, TfidfTransformer, TfidfVectorizer


@pytest.mark.parametrize("estimator", [CountVectorizer(), HashingVectorizer(), TfidfVectorizer()])
def test_takes_texts_and_no_matrix(estimator):
    tags = get_tags(estimator)
    assert (tags.input_tags.two_d_array, tags.input_tags.string) == (False, True)
    assert tags.requires_fit == (not isinstance(estimator, HashingVectorizer))


def test_weighs_sparse_counts_of_either_precision():
    tags = get_tags(TfidfTransformer())
    assert (tags.input_tags.two_d_array, tags.input_tags.sparse) == (True, True)
    assert tags.transformer_tags.preserves_dtype == ["float64", "float32"]
