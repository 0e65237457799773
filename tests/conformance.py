"""The whole scikit-learn contract, as one decorator."""

from functools import partial

import numpy as np
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin, ClassNamePrefixFeaturesOutMixin, TransformerMixin, clone
from sklearn.exceptions import NotFittedError
from sklearn.pipeline import make_pipeline
from sklearn.utils import estimator_checks as ec
from sklearn.utils import get_tags
from sklearn.utils.validation import check_is_fitted, validate_data

from mmlearn_edu.fusion import ConcatFusion

# scikit-learn runs these on its own transformers but leaves them out of check_estimator
TRANSFORMER_EXTRAS = [
    ec.check_transformer_get_feature_names_out,
    ec.check_transformer_get_feature_names_out_pandas,
    ec.check_set_output_transform,
    ec.check_set_output_transform_pandas,
    ec.check_n_features_in_after_fitting,
    ec.check_dataframe_column_names_consistency,
]
FEWEST_CHECKS = 35


def check_not_fitted_error(name, estimator):
    """scikit-learn's own check also accepts a bare AttributeError; we do not."""
    with pytest.raises(NotFittedError):
        (estimator.transform if hasattr(estimator, "transform") else estimator.predict)([[1.0, 2.0]])


def contract(*estimators, but=()):
    """Parametrize ``test(estimator, check)`` with every check `but` those named; refuse to pass by running none."""
    pairs = []
    for estimator in estimators:
        name = type(estimator).__name__
        extras = TRANSFORMER_EXTRAS if hasattr(estimator, "transform") else []
        found = [*ec.estimator_checks_generator(estimator)]
        assert len(found) > FEWEST_CHECKS, f"{name}: only {len(found)} checks apply, look at its tags"
        pairs += found
        pairs += [(estimator, partial(check, name)) for check in [*extras, check_not_fitted_error]]
    names = {_case_name(check) for _, check in pairs}
    assert names.issuperset(but), f"no such check: {set(but) - names}"
    pairs = [(estimator, check) for estimator, check in pairs if _case_name(check) not in but]
    # check_set_output_transform_pandas mixes tables and arrays: the warning is its own doing
    quiet = pytest.mark.filterwarnings("ignore:X (has|does not have valid) feature names:UserWarning")
    cases = pytest.mark.parametrize(("estimator", "check"), pairs, ids=_case_name)
    return lambda test: quiet(cases(test))


def _case_name(value):
    """Name a case after its check, and after what the adapter wraps."""
    if isinstance(value, BaseEstimator):
        wrapped = f"({value.fusion})" if hasattr(value, "fusion") else ""
        return type(value).__name__ + wrapped
    return getattr(value, "func", value).__name__


class TwoHalves(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):
    """Present one matrix to a fusion as two equally wide modalities, so that scikit-learn can check it."""

    def __init__(self, fusion=None):
        self.fusion = fusion

    def _split(self, X):
        half = max(1, X.shape[1] // 2)
        return {"left": X[:, :half], "right": X[:, -half:]}

    def fit(self, X, y=None):
        X = validate_data(self, X, dtype=[np.float64, np.float32])
        self.fusion_ = clone(self.fusion).fit(self._split(X), y)
        self._n_features_out = len(self.fusion_.get_feature_names_out())
        return self

    def transform(self, X):
        check_is_fitted(self)
        X = validate_data(self, X, dtype=[np.float64, np.float32], reset=False)
        return self.fusion_.transform(self._split(X))

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        if self.fusion is not None:
            tags.target_tags.required = get_tags(self.fusion).target_tags.required
            tags.transformer_tags = get_tags(self.fusion).transformer_tags or tags.transformer_tags
        return tags


class SideBySide(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):
    """Present the Modalities that an estimator makes as one matrix, so that `TwoHalves` can take it for a fusion."""

    def __init__(self, shared=None):
        self.shared = shared

    def fit(self, X, y=None):
        self.pipe_ = make_pipeline(clone(self.shared), ConcatFusion()).fit(X)
        return self

    def transform(self, X):
        return self.pipe_.transform(X)

    def get_feature_names_out(self, input_features=None):
        return self.pipe_[-1].get_feature_names_out()

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        if self.shared is not None:
            tags.transformer_tags = get_tags(self.shared).transformer_tags
        return tags


class TwoHalvesClassifier(ClassifierMixin, BaseEstimator):
    """Present one matrix to a classifier of Modalities as two, so that scikit-learn can check it."""

    _split = TwoHalves._split

    def __init__(self, fusion=None):
        self.fusion = fusion

    def fit(self, X, y):
        X, y = validate_data(self, X, y, dtype=[np.float64, np.float32])
        self.fusion_ = clone(self.fusion).fit(self._split(X), y)
        self.classes_ = self.fusion_.classes_
        return self

    def predict(self, X):
        check_is_fitted(self)
        return self.fusion_.predict(self._split(validate_data(self, X, dtype=[np.float64, np.float32], reset=False)))

    def predict_proba(self, X):
        check_is_fitted(self)
        X = validate_data(self, X, dtype=[np.float64, np.float32], reset=False)
        return self.fusion_.predict_proba(self._split(X))
