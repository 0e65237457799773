"""Late fusion: every modality has its own classifier, and their probabilities are combined."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import logsumexp

from mmlearn_edu.fusion.average import weighted_mean
from mmlearn_edu.fusion.base import Matrices, Presence, read_matrices
from mmlearn_edu.modalities import Modalities, as_modalities

__all__ = ["mean_of_probabilities", "product_of_experts"]

SLACK = 1e-4  # a softmax in float32 over many classes does not sum to 1 exactly


def mean_of_probabilities(P: Modalities | Mapping[str, Any]) -> NDArray[np.floating[Any]]:
    r"""Average the experts' probabilities, :math:`p(c) = \frac1M \sum_m p_m(c)`, over those a sample has [1]_.

    One expert's firm no does not settle the matter: the others are still heard. The mean is never surer than
    the surest expert, even where all agree; `product_of_experts` can be. For unequal weights use `AverageFusion`
    on the same `P`.

    Parameters
    ----------
    P : Modalities or mapping of str to array-like of shape (n_samples, n_classes)
        Probabilities by one expert per modality, as ``predict_proba`` returns them; columns in one order for all.

    Returns
    -------
    ndarray of shape (n_samples, n_classes)
        Probabilities, each row sums to 1.

    Raises
    ------
    ValueError
        If rows are no probabilities, if the experts differ in n_classes, or if a sample has no modality at all.

    References
    ----------
    .. [1] Kittler, J., Hatef, M., Duin, R. and Matas, J. (1998). On combining classifiers.
       IEEE Trans. Pattern Analysis and Machine Intelligence 20(3). (The sum rule.)

    Examples
    --------
    >>> from mmlearn_edu.fusion import mean_of_probabilities
    >>> mean_of_probabilities({"image": [[0.75, 0.25]], "audio": [[0.25, 0.75]]})
    array([[0.5, 0.5]])
    """
    matrices, present = _read_probabilities(P)
    return weighted_mean(matrices, present, dict.fromkeys(matrices, 1.0))


def product_of_experts(P: Modalities | Mapping[str, Any], prior: ArrayLike | None = None) -> NDArray[np.floating[Any]]:
    r"""Multiply the experts' probabilities, and count the prior once instead of once per expert.

    If the modalities are independent given the class, Bayes' rule gives [1]_

    .. math:: p(c \mid x_1, \ldots, x_M) \propto p(c) \prod_m \frac{p(c \mid x_m)}{p(c)}

    Each factor is what one modality adds to the prior :math:`p(c)`, the share of the class. In the code it is a sum of
    logarithms, so that a product of many small numbers does not become 0. Modalities that share their errors make it
    too sure. A class that one expert calls impossible stays impossible. The product runs over the modalities that a
    sample has; with none, what is left is the prior.

    Parameters
    ----------
    P : Modalities or mapping of str to array-like of shape (n_samples, n_classes)
        Probabilities by one expert per modality, as ``predict_proba`` returns them; columns in one order for all.
    prior : array-like of shape (n_classes,), default=None
        Share of each class in the data the experts were trained on, above 0, sum 1; equal if None.

    Returns
    -------
    ndarray of shape (n_samples, n_classes)
        Probabilities, each row sums to 1.

    Raises
    ------
    ValueError
        If rows are no probabilities, if the experts or the prior differ in n_classes, or if the experts of one
        sample rule out every class between them.

    References
    ----------
    .. [1] Kittler, J., Hatef, M., Duin, R. and Matas, J. (1998). On combining classifiers.
       IEEE Trans. Pattern Analysis and Machine Intelligence 20(3). (The product rule.)

    Examples
    --------
    >>> from mmlearn_edu.fusion import product_of_experts
    >>> P = {"image": [[0.75, 0.25]], "audio": [[0.75, 0.25]]}
    >>> product_of_experts(P).round(3)  # 9 to 1: surer than either
    array([[0.9, 0.1]])
    >>> product_of_experts(P, prior=[0.75, 0.25])  # both only repeated the prior
    array([[0.75, 0.25]])
    """
    matrices, present = _read_probabilities(P)
    log_prior = np.log(_checked_prior(prior, next(iter(matrices.values())).shape[1]))
    log_p = np.tile(log_prior, (len(next(iter(matrices.values()))), 1))  # up to a constant, until the last step
    with np.errstate(divide="ignore"):  # log 0 is -inf: impossible, and meant
        for name, p in matrices.items():
            log_p[present[name]] += np.log(p[present[name]], dtype=np.float64) - log_prior
    ruled_out = np.isneginf(log_p).all(axis=1)
    if ruled_out.any():
        raise ValueError(
            f"the experts of sample {int(ruled_out.argmax())} rule out every class between them; no expert should be "
            "that sure: mix in a little of the prior first, e.g. 0.99 * p + 0.01 / n_classes"
        )
    fused = np.exp(log_p - logsumexp(log_p, axis=1, keepdims=True))
    return fused.astype(np.result_type(*matrices.values()))


def _read_probabilities(P: Modalities | Mapping[str, Any]) -> tuple[Matrices, Presence]:
    P = as_modalities(P)
    labels = [name for name in P.names if P[name].ndim == 1]
    if labels:
        raise ValueError(
            f"{labels[0]} has shape {P[labels[0]].shape}, expected probabilities of shape (n_samples, n_classes); "
            "pass what predict_proba returns, not predict"
        )
    matrices, present = read_matrices(P)
    widths = {name: p.shape[1] for name, p in matrices.items()}
    if len(set(widths.values())) != 1:
        raise ValueError(f"every expert needs the same classes, got n_classes {widths}; train all on the same labels")
    for name, p in matrices.items():
        wrong = present[name] & ((p < 0).any(axis=1) | (np.abs(p.sum(axis=1) - 1) > SLACK))
        if wrong.any():
            row = int(wrong.argmax())
            raise ValueError(
                f"sample {row} of {name} is {p[row].tolist()[:6]}, not probabilities (0 or more, sum 1); "
                "pass what predict_proba returns, or the softmax of the scores"
            )
    return matrices, present


def _checked_prior(prior: ArrayLike | None, n_classes: int) -> NDArray[np.float64]:
    p = np.full(n_classes, 1 / n_classes) if prior is None else np.asarray(prior, dtype=np.float64)
    if p.shape != (n_classes,) or not (p > 0).all() or not abs(p.sum() - 1) <= SLACK:
        raise ValueError(
            f"prior must hold n_classes={n_classes} shares above 0 with sum 1, got {p.tolist()}; "
            "e.g. np.bincount(y_train) / len(y_train)"
        )
    return p
