"""What scikit-learn is told about the input; its pipelines and searches go by that."""

import pytest
from sklearn.utils import get_tags

from mmlearn_edu.representations import (
    CCA,
    PCA,
    UMAP,
    LatentDirichletAllocation,
    LeastSquaresMap,
    PerModality,
    TruncatedSVD,
    WordVectors,
)


@pytest.mark.parametrize(
    ("estimator", "group", "expected"),
    [
        (CCA(), "input_tags", {"two_d_array": False}),  # Modalities
        (PerModality({}), "input_tags", {"two_d_array": False}),
        (WordVectors(), "input_tags", {"two_d_array": False, "string": True}),
        (PCA(), "input_tags", {"two_d_array": True, "sparse": False}),
        (TruncatedSVD(), "input_tags", {"two_d_array": True, "sparse": True}),
        (LatentDirichletAllocation(), "input_tags", {"sparse": True, "positive_only": True}),
        (LatentDirichletAllocation(), "transformer_tags", {"preserves_dtype": ["float64", "float32"]}),
        (LeastSquaresMap(), "target_tags", {"required": True, "multi_output": True}),
        (UMAP(), "transformer_tags", {"preserves_dtype": ["float32"]}),
    ],
    ids=lambda value: type(value).__name__,
)
def test_says_what_it_takes(estimator, group, expected):
    tags = getattr(get_tags(estimator), group)
    assert {name: getattr(tags, name) for name in expected} == expected
    assert get_tags(estimator).no_validation == isinstance(estimator, (CCA, PerModality))
