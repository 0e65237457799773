import numpy as np
import pytest

from mmlearn_edu.representations.base import BaseProjection, fix_signs


class Doubled(BaseProjection):
    """A projection of one's own."""

    def fit(self, X, y=None):
        self.components_, self.n_features_in_ = 2 * np.eye(len(X[0])), len(X[0])
        return self

    def _project(self, X):
        self.came_ = X.dtype
        return super()._project(X)

    def _rebuild(self, Z):
        self.came_back_ = Z.dtype
        return super()._rebuild(Z)


@pytest.mark.parametrize("dtype", [np.uint8, np.float16, object, np.float32])
def test_a_projection_of_ones_own_gets_floats_whatever_comes(dtype):
    X = np.array([[1, 2]], dtype=dtype)
    double = Doubled().fit(X)
    np.testing.assert_array_equal(double.transform(X), [[2, 4]])
    np.testing.assert_array_equal(double.inverse_transform(X), [[2, 4]])
    assert double.came_ == double.came_back_ == (np.float32 if dtype is np.float32 else np.float64)


def test_says_what_cannot_be_rebuilt():
    with pytest.raises(ValueError, match="Input Z contains NaN"):
        Doubled().fit([[1.0]]).inverse_transform([[np.nan]])


def test_signs_by_hand():
    rows = [[0.3, -0.4], [-3.0, 2.0], [1.0, -2.0], [-1.0, 1.0], [1.0, -1.0], [-1.0, 1.0 + 1e-7], [0.0, 0.0]]
    expected = [[-0.3, 0.4], [3.0, -2.0], [-1.0, 2.0], [1.0, -1.0], [1.0, -1.0], [1.0, -1.0 - 1e-7], [0.0, 0.0]]
    np.testing.assert_array_equal(fix_signs(np.array(rows)), expected)  # equal up to rounding: the first decides
