"""Two classifiers of scikit-learn, ready for a fused matrix."""

from __future__ import annotations

from sklearn.ensemble import RandomForestClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

__all__ = ["random_forest_pipeline", "svm_pipeline"]


def svm_pipeline(C: float = 1.0, *, kernel: str = "rbf", gamma: str | float = "scale") -> Pipeline:
    r"""Scale every feature, then separate the classes by the widest margin [1]_.

    Scaling is inside because the kernel compares distances: of two fused modalities the one with larger numbers would
    decide alone. And inside the pipeline it learns means and deviations from the training part of every split;
    scaling all samples beforehand would tell the model about the test samples.

    Parameters
    ----------
    C : float, default=1.0
        Above 0. The larger, the fewer training samples may lie on the wrong side.
    kernel : {"rbf", "linear", "poly", "sigmoid"}, default="rbf"
        "rbf" compares by :math:`e^{-\gamma \lVert x - z \rVert^2}`.
    gamma : "scale", "auto" or float, default="scale"
        "scale" is 1 / (n_features * variance of all entries).

    Returns
    -------
    Pipeline
        Unfitted, with the steps "scale" and "svm": search over ``svm__C``. It names classes; for probabilities wrap
        it in scikit-learn's ``CalibratedClassifierCV``. It has no randomness, hence no seed.

    References
    ----------
    .. [1] Cortes, C. & Vapnik, V. (1995). Support-vector networks. Machine Learning 20, 273-297.

    Examples
    --------
    >>> from mmlearn_edu.classification import svm_pipeline
    >>> from mmlearn_edu.fusion import ConcatFusion
    >>> from sklearn.pipeline import make_pipeline
    >>> X = {"image": [[0.0], [1.0], [8.0], [9.0]], "audio": [[900.0], [100.0], [100.0], [900.0]]}
    >>> model = make_pipeline(ConcatFusion(), svm_pipeline(kernel="linear")).fit(X, ["dark", "dark", "light", "light"])
    >>> model.predict({"image": [[2.0], [7.0]], "audio": [[900.0], [900.0]]})
    array(['dark', 'light'], dtype='<U5')
    """
    return Pipeline([("scale", StandardScaler()), ("svm", SVC(C=C, kernel=kernel, gamma=gamma))])


def random_forest_pipeline(n_estimators: int = 200, *, random_state: int | None = 0) -> Pipeline:
    """Scale every feature, then let many trees vote, each grown on its own draw of samples and features [1]_.

    A tree asks whether a feature is above a value, so scaling does not help it, nor does it harm. It is inside so that
    both pipelines take the same input and change places freely.

    Parameters
    ----------
    n_estimators : int, default=200
        Trees, at least 1: more are slower and steadier.
    random_state : int or None, default=0
        The same number grows the same trees.

    Returns
    -------
    Pipeline
        Unfitted, with the steps "scale" and "forest": search over ``forest__max_depth``. ``predict_proba`` is there.

    References
    ----------
    .. [1] Breiman, L. (2001). Random forests. Machine Learning 45, 5-32.

    Examples
    --------
    >>> from mmlearn_edu.classification import random_forest_pipeline
    >>> model = random_forest_pipeline(20).fit([[0.0], [1.0], [8.0], [9.0]], ["low", "low", "high", "high"])
    >>> model.predict([[0.5], [8.5]])
    array(['low', 'high'], dtype='<U4')
    """
    forest = RandomForestClassifier(n_estimators=n_estimators, random_state=random_state)
    return Pipeline([("scale", StandardScaler()), ("forest", forest)])
