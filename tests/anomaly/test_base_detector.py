import numpy as np
import pytest

from mmlearn_edu.anomaly.base import BaseDetector


class Distance(BaseDetector):
    """A detector of one's own: how far from the mean."""

    def __init__(self, contamination=0.25):
        self.contamination = contamination

    def _learn(self, X):
        self.learned_from_ = X.dtype
        self.mean_ = X.mean()

    def _score(self, X):
        return np.abs(X - self.mean_)[:, 0]


@pytest.mark.parametrize("dtype", [np.uint8, np.float16, bool, object])
def test_a_detector_of_ones_own_gets_floats_whatever_comes(dtype):
    X = np.array([[0], [0], [0], [1]], dtype=dtype)
    detector = Distance().fit(X)
    assert detector.learned_from_ == np.float64
    assert detector.predict(X).tolist() == [1, 1, 1, -1]


def test_says_what_a_detector_of_ones_own_lacks():
    class Nothing(BaseDetector):
        contamination = 0.1

    class Learns(Nothing):
        def _learn(self, X):
            pass

    with pytest.raises(NotImplementedError, match=r"Nothing needs a method _learn\(X\)"):
        Nothing().fit([[1.0], [2.0]])
    with pytest.raises(NotImplementedError, match=r"Learns needs a method _score\(X\)"):
        Learns().fit([[1.0], [2.0]])
