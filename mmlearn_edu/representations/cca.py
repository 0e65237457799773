"""Canonical correlation analysis."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils import Tags
from sklearn.utils.validation import check_array, check_is_fitted

from mmlearn_edu.modalities import Modalities, as_modalities
from mmlearn_edu.representations.base import FLOATS, Matrix

__all__ = ["CCA"]


class CCA(TransformerMixin, BaseEstimator, auto_wrap_output_keys=None):  # type: ignore[call-arg]  # untyped
    r"""Find what two or more modalities have in common.

    Give every modality m a weighted sum of its features, :math:`z_m = (X_m - \bar x_m) w_m`, such that the sums
    agree. For two modalities, with covariances :math:`C_1, C_2` and the covariance :math:`C_{12}` between them: the
    correlation :math:`w_1^\top C_{12} w_2` is largest while each sum has the variance :math:`w_m^\top C_m w_m = 1`
    [1]_; the next pair is uncorrelated with the first, and so on.

    To find them, *whiten* each modality: turn and stretch its axes until the cloud of samples is a sphere, which varies
    alike in every direction. Between spheres, the singular vectors of their cross-covariance are the directions that
    agree most [2]_. For more than two, take the leading eigenvectors of all cross-covariances together [3]_, which for
    two is the same.

    Parameters
    ----------
    n_components : int, default=2
        Sums to find per modality, at most the rank of each: the number of directions in which it varies.
    regularization : float, default=0.0
        r in [0, 1]: each covariance :math:`C_m` becomes :math:`(1 - r) C_m + r \bar v_m I`, with :math:`\bar v_m` its
        mean variance per feature. 0 is plain CCA, which finds correlations of 1 in pure noise as soon as the
        modalities together have as many features as there are samples; 1 looks for large covariance instead.

    Attributes
    ----------
    correlations_ : ndarray of shape (n_components,), largest first
        Two modalities: the canonical correlations of the training samples, in [0, 1]. More:
        :math:`(\lambda - 1) / (n_{modalities} - 1)` with :math:`\lambda` the eigenvalue, 1 if all agree. With
        regularization, the same of the shrunk covariances: no longer correlations, and they may pass 1.
    weights_ : dict of str to ndarray of shape (n_features_m, n_components), in 1 / units of the modality
        Without regularization the variances of a component, averaged over the modalities, are 1; for two
        modalities each is 1. The sign means nothing; here the largest weight of the first modality is positive.
    means_ : dict of str to ndarray of shape (n_features_m,)
    n_features_per_modality_ : dict of str to int

    References
    ----------
    .. [1] Hotelling, H. (1936). Relations between two sets of variates. Biometrika 28, 321-377.
    .. [2] Björck, Å. & Golub, G. H. (1973). Numerical methods for computing angles between linear subspaces.
       Mathematics of Computation 27, 579-594.
    .. [3] Kettenring, J. R. (1971). Canonical analysis of several sets of variables. Biometrika 58, 433-451 (MAXVAR).

    Examples
    --------
    >>> import numpy as np
    >>> from mmlearn_edu.representations import CCA
    >>> rng = np.random.default_rng(0)
    >>> shared = rng.normal(size=(100, 1))
    >>> image = np.hstack([shared, rng.normal(size=(100, 2))])
    >>> X = {"image": image, "sound": np.hstack([rng.normal(size=(100, 1)), -shared])}
    >>> cca = CCA(n_components=1).fit(X)
    >>> cca.correlations_.round(3)
    array([1.])
    >>> Z = cca.transform(X)
    >>> Z
    Modalities(image: (100, 1), sound: (100, 1))
    >>> np.allclose(Z["image"], Z["sound"])  # one sample, one place
    True
    """

    def __init__(self, n_components: int = 2, regularization: float = 0.0) -> None:
        self.n_components = n_components
        self.regularization = regularization

    def fit(self, X: Modalities | Mapping[str, Any], y: Any = None) -> CCA:
        """Learn from the samples of `X` that have every modality, one matrix (n_samples, n_features_m) each.

        Raises
        ------
        ValueError
            If there are not two modalities, one is no finite matrix, fewer than two samples are complete, or a
            parameter is out of range.
        TypeError
            If `n_components` is not a whole number.
        """
        X = as_modalities(X)
        if len(X.names) < 2:
            raise ValueError(f"CCA compares modalities and needs at least two, got {list(X.names)}; PCA takes one")
        if not isinstance(self.regularization, (int, float, np.number)) or not 0 <= self.regularization <= 1:
            raise ValueError(f"regularization must lie in [0, 1], got {self.regularization!r}; try 0.1")
        complete = np.logical_and.reduce([X.present(name) for name in X.names])
        views = {name: _matrix(X[name], complete, name, fewest=2) for name in X.names}
        # 1 whiten: sphere = (X - mean) @ whitener / sqrt(n - 1), and sphere.T @ sphere = I unless regularized
        whitened = {name: _whiten(a, self.regularization) for name, a in views.items()}
        self._check_n_components(views, whitened)
        # 2 the directions in which the spheres agree
        spheres = [sphere for sphere, _ in whitened.values()]
        agree = _agree_two if len(spheres) == 2 else _agree
        self.correlations_, directions = agree(spheres, self.n_components)
        # 3 the same directions as weights of the original features
        weights = [whitener @ u for (_, whitener), u in zip(whitened.values(), directions, strict=True)]
        signs = _signs(weights[0])
        self.weights_ = {n: (w * signs).astype(views[n].dtype) for n, w in zip(views, weights, strict=True)}
        self.means_ = {name: a.mean(axis=0, dtype=np.float64).astype(a.dtype) for name, a in views.items()}
        self.n_features_per_modality_ = {name: a.shape[1] for name, a in views.items()}
        return self

    def transform(self, X: Modalities | Mapping[str, Any]) -> Modalities:
        """Bring each modality of `X` to shape (n_samples, n_components), all in the one shared space.

        Some of the modalities are enough (a picture looks for its caption). A sample that lacks a modality gets a
        row of NaN there, and stays marked in ``missing``.

        Raises
        ------
        ValueError
            If a modality was not there in ``fit``, or had another width.
        """
        check_is_fitted(self)
        X = as_modalities(X)
        return Modalities({name: self._transform_one(X, name) for name in X.names}, X.missing)

    def score(self, X: Modalities | Mapping[str, Any], y: Any = None) -> float:
        """Correlate the modalities of `X`, component by component: the mean, in [-1, 1], over components and pairs.

        On samples that were not learnt from, it tells which ``regularization`` to choose; a component that does not
        vary there counts 0. Samples that lack a modality are left out; `y` is ignored.

        Raises
        ------
        ValueError
            If `X` has fewer than two modalities, or fewer than two samples are complete.
        """
        Z = self.transform(X)
        complete = np.logical_and.reduce([Z.present(name) for name in Z.names])
        if len(Z.names) < 2 or complete.sum() < 2:
            raise ValueError(
                f"a correlation needs two modalities and two samples that have them, got {list(Z.names)} "
                f"and {complete.sum()}; pass all of the modalities, and more samples"
            )
        unit = [_unit_columns(Z[name][complete].astype(np.float64)) for name in Z.names]
        return float(np.mean([(a * b).sum(axis=0) for a, b in combinations(unit, 2)]))

    def get_feature_names_out(self, input_features: Any = None) -> dict[str, NDArray[Any]]:
        """Return the names of the components of every modality: ``image_cca0``, ``image_cca1``, ..."""
        check_is_fitted(self)
        n_components = len(self.correlations_)
        return {m: np.array([f"{m}_cca{i}" for i in range(n_components)], dtype=object) for m in self.weights_}

    def _transform_one(self, X: Modalities, name: str) -> Matrix:
        if name not in self.weights_:
            raise ValueError(f"CCA was fitted on {list(self.weights_)}, not on {name!r}; leave it out, or fit again")
        present = X.present(name)
        rows = _matrix(X[name], present, name)
        if rows.shape[1] != self.n_features_per_modality_[name]:
            raise ValueError(
                f"{name} has n_features={rows.shape[1]}, CCA was fitted on {self.n_features_per_modality_[name]}; "
                "prepare it by the same transformer"
            )
        shared = (rows - self.means_[name]) @ self.weights_[name]
        out = np.full((len(X), shared.shape[1]), np.nan, dtype=shared.dtype)
        out[present] = shared
        return out

    def _check_n_components(self, views: dict[str, Matrix], whitened: dict[str, tuple[Matrix, Matrix]]) -> None:
        if not isinstance(self.n_components, (int, np.integer)):
            raise TypeError(f"n_components must be a whole number of directions, got {self.n_components!r}")
        rank = {name: sphere.shape[1] for name, (sphere, _) in whitened.items()}
        poorest = min(rank, key=lambda name: rank[name])
        n_samples, n_features = views[poorest].shape
        if not 1 <= self.n_components <= rank[poorest]:
            raise ValueError(
                f"n_components={self.n_components} not in 1..{rank[poorest]}, the directions in which "
                f"{poorest!r} varies ({n_samples=}, {n_features=}); choose fewer"
            )

    def set_output(self, *, transform: str | None = None) -> CCA:
        """Change nothing: Modalities come out, whatever `transform` says; a pipeline may set its other steps."""
        return self

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False  # the input is Modalities
        tags.no_validation = True
        return tags


def _matrix(a: Any, present: NDArray[np.bool_], name: str, fewest: int = 0) -> Matrix:
    """Return the rows of modality `a` that are present, checked."""
    a = a.toarray() if hasattr(a, "toarray") else a
    if a.ndim != 2:
        raise ValueError(
            f"CCA needs a matrix of shape (n_samples, n_features) per modality, got {name} of shape {a.shape}; "
            "make features of it first, e.g. with PerModality"
        )
    rows = a if present.all() else a[present]
    return check_array(rows, dtype=FLOATS, input_name=name, ensure_min_samples=fewest)


def _whiten(X: Matrix, regularization: float) -> tuple[Matrix, Matrix]:
    """Return the sphere of shape (n_samples, rank) and the whitener of shape (n_features, rank) that makes it."""
    X = X.astype(np.float64, copy=False)  # whitening divides by small numbers: float32 has not enough digits
    centred = X - X.mean(axis=0)
    scatter, V = _axes(centred, float(np.linalg.norm(X)))
    shrunk = (1 - regularization) * scatter + regularization * scatter.sum() / X.shape[1]
    return centred @ (V / np.sqrt(shrunk)), V * np.sqrt((len(X) - 1) / shrunk)


def _axes(centred: Matrix, size: float) -> tuple[Matrix, Matrix]:
    """Return the scatter along every axis in which anything varies, and the axes as columns."""
    scatter, V = np.linalg.eigh(centred.T @ centred)
    if scatter[0] > 1e-6 * scatter[-1]:  # squares cost a weak axis twice the digits: at least ten of 16 are left
        return scatter, V
    _, s, Vt = np.linalg.svd(np.linalg.qr(centred, mode="r"), full_matrices=False)  # R is small, with the same s and Vt
    rank = int((s > np.finfo(float).eps * max(centred.shape) * size).sum())  # the rest is rounding
    return s[:rank] ** 2, Vt[:rank].T


def _agree_two(spheres: list[Matrix], n_components: int) -> tuple[Matrix, list[Matrix]]:
    """Two spheres: the singular vectors of their cross-covariance."""
    left, correlations, right = np.linalg.svd(spheres[0].T @ spheres[1], full_matrices=False)
    return correlations[:n_components], [left[:, :n_components], right[:n_components].T]


def _agree(spheres: list[Matrix], n_components: int) -> tuple[Matrix, list[Matrix]]:
    """Any number of spheres: the leading eigenvectors of all their cross-covariances, with 1 on the diagonal."""
    blocks = np.cumsum([sphere.shape[1] for sphere in spheres])[:-1]
    together = np.hstack(spheres)
    cross = together.T @ together
    for block in np.split(np.arange(len(cross)), blocks):
        cross[np.ix_(block, block)] = np.eye(len(block))  # regularization has taken some of each block's own
    eigenvalues, vectors = np.linalg.eigh(cross)
    leading = vectors[:, ::-1][:, :n_components] * np.sqrt(len(spheres))
    return (eigenvalues[::-1][:n_components] - 1) / (len(spheres) - 1), np.split(leading, blocks)


def _unit_columns(X: Matrix) -> Matrix:
    """Centre the columns and scale them to length 1; one that is constant becomes zeros."""
    centred = X - X.mean(axis=0)
    length = np.linalg.norm(centred, axis=0)
    return centred / np.where(length > 1e-12 * np.linalg.norm(X, axis=0), length, np.inf)


def _signs(weights: Matrix) -> Matrix:
    size = np.abs(weights)
    largest = (size > (1 - 1e-5) * size.max(axis=0)).argmax(axis=0)  # the first of equals: rounding must not pick
    return np.where(weights[largest, np.arange(weights.shape[1])] < 0, -1.0, 1.0)
