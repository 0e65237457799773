import numpy as np
import pytest

from mmlearn_edu.classification.base import BaseSoftmaxClassifier


class Halves(BaseSoftmaxClassifier):
    """A classifier of one's own, which has learnt that the second class has the larger numbers."""

    def fit(self, X, y):
        self.classes_, self.n_features_in_ = np.unique(y), len(X[0])
        return self

    def _scores(self, X):
        self.scored_ = X.dtype
        return np.column_stack([np.zeros(len(X)), X[:, 0]])


@pytest.mark.parametrize("dtype", [np.uint8, np.float16, np.float32, object])
def test_a_classifier_of_ones_own_gets_floats_whatever_comes(dtype):
    model = Halves().fit([[0], [1]], ["no", "yes"])
    np.testing.assert_allclose(model.predict_proba(np.array([[0], [1]], dtype=dtype))[:, 0], [0.5, 1 / (1 + np.e)])
    assert model.scored_ == np.float64


def test_says_what_a_classifier_of_ones_own_lacks():
    class Nothing(BaseSoftmaxClassifier):
        fit = Halves.fit

    with pytest.raises(NotImplementedError, match=r"Nothing needs a method _scores\(X\)"):
        Nothing().fit([[0], [1]], ["no", "yes"]).predict([[0.0]])
