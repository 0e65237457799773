"""Anomalies by what is lost when a sample is made short and rebuilt."""

from __future__ import annotations

from sklearn.base import BaseEstimator, clone

from mmlearn_edu.anomaly.base import BaseDetector, Matrix
from mmlearn_edu.representations import PCA

__all__ = ["ReconstructionDetector"]


class ReconstructionDetector(BaseDetector):
    r"""Rebuild every sample from its short form, and call anomalous what does not come back.

    A transformer that has learnt the normal samples keeps what they have in common. The score is the squared distance
    between a sample and its reconstruction, :math:`\lVert x - \hat x \rVert^2` [1]_: what is foreign to the normal
    samples gets lost. An anomaly along the kept directions, however far out, comes back whole and is missed;
    `GaussianDensity` sees it.

    Parameters
    ----------
    transformer : transformer with ``inverse_transform``, default=None
        A copy is fitted: PCA, NMF, an autoencoder. None is ``PCA(n_components=2)``. It must keep less than
        everything, or nothing is ever lost.
    contamination : float, default=0.05
        Share of the training samples above the threshold, in (0, 0.5].

    Attributes
    ----------
    transformer_ : fitted transformer
    threshold_ : float
        In squared units of `X`; scores above it are anomalous.

    References
    ----------
    .. [1] Jackson, J. E. & Mudholkar, G. S. (1979). Control procedures for residuals associated with principal
       component analysis. Technometrics 21(3), 341-349.

    Examples
    --------
    >>> from mmlearn_edu.anomaly import ReconstructionDetector
    >>> from mmlearn_edu.representations import PCA
    >>> line = [[0.0, 0.0], [1.0, 1.0], [2.0, 2.0], [3.0, 3.0]]
    >>> detector = ReconstructionDetector(PCA(n_components=1)).fit(line)
    >>> detector.anomaly_score([[5.0, 5.0], [1.0, 3.0]]).round(3)  # far along the line, and beside it
    array([0., 2.])
    """

    def __init__(self, transformer: BaseEstimator | None = None, *, contamination: float = 0.05) -> None:
        self.transformer = transformer
        self.contamination = contamination

    def _learn(self, X: Matrix) -> None:
        transformer = PCA(n_components=2) if self.transformer is None else self.transformer
        if not hasattr(transformer, "inverse_transform"):
            raise TypeError(
                f"{type(transformer).__name__} has no inverse_transform and cannot rebuild a sample; "
                "give a transformer that has one, e.g. PCA()"
            )
        self.transformer_ = clone(transformer).fit(X)

    def _score(self, X: Matrix) -> Matrix:
        rebuilt = self.transformer_.inverse_transform(self.transformer_.transform(X))
        return ((X - rebuilt) ** 2).sum(axis=1)
