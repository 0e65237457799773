import numpy as np
import pytest

from mmlearn_edu.anomaly import GaussianDensity
from mmlearn_edu.classification import GaussianNB, LogisticRegression, MultinomialNB


@pytest.mark.parametrize("estimator", [GaussianNB(), LogisticRegression(), MultinomialNB(), GaussianDensity()])
def test_texts_and_pictures_are_told_what_to_do_next(estimator):
    y = [0, 1, 0, 1]
    with pytest.raises(ValueError, match="turn words into numbers first"):
        estimator.fit([["a"], ["b"], ["c"], ["d"]], y)
    with pytest.raises(ValueError, match="give one row per sample"):
        estimator.fit(np.ones((4, 3, 3)), y)
