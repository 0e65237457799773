"""The loss of deep CCA: all canonical correlations of two codes at once."""

from __future__ import annotations

import torch
from torch import Tensor

__all__ = ["total_correlation"]

FLOOR = 1e-28  # variance that a code which never varies is divided by: it stays zeros, and gradients stay finite


def total_correlation(Za: Tensor, Zb: Tensor, regularization: float = 0.001) -> Tensor:
    r"""Add up the canonical correlations between two codes, such that gradients flow [1]_.

    With the covariances :math:`C_a, C_b` of the codes and :math:`C_{ab}` between them, the canonical correlations are
    the singular values of :math:`T`, so their sum is its trace norm:

    .. math:: T = S_a^{-1/2} C_{ab} S_b^{-1/2}, \quad S = (1 - r) C + r \bar v I,
        \qquad \lVert T \rVert_{tr} = \sum_k \sigma_k(T)

    As in `mmlearn_edu.representations.CCA`, r is a share of the mean variance :math:`\bar v`; the paper adds
    :math:`rI`, which larger codes would make harmless.

    Parameters
    ----------
    Za : Tensor of shape (B, n_components_a)
        Codes of one modality.
    Zb : Tensor of shape (B, n_components_b)
        Codes of the other; row i is the partner of row i of `Za`. Together they must have fewer columns than rows: or
        else correlations of 1 are found in pure noise.
    regularization : float, default=0.001
        r in (0, 1].

    Returns
    -------
    Tensor with one number
        From 0 to the smaller number of columns (with a large r it may pass that). A code that does not vary counts 0.

    Raises
    ------
    ValueError
        If the two are not matrices with equally many rows, and more of them than columns, or `regularization` is not
        in (0, 1], or so small that the covariance cannot be factored.

    References
    ----------
    .. [1] Andrew, G., Arora, R., Bilmes, J. and Livescu, K. (2013). Deep canonical correlation analysis. ICML.

    Examples
    --------
    >>> import torch
    >>> from mmlearn_edu.networks import total_correlation
    >>> Za = torch.tensor([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0], [0.0, 0.0]])
    >>> Zb = Za[:, :1]  # the first column says the same; the second has no partner
    >>> round(total_correlation(Za, Zb, regularization=1e-6).item(), 3)
    1.0
    """
    if Za.ndim != 2 or Zb.ndim != 2 or len(Za) != len(Zb) or len(Za) <= Za.shape[1] + Zb.shape[1]:
        raise ValueError(
            f"Za has shape {tuple(Za.shape)} and Zb {tuple(Zb.shape)}; expected two matrices of partners, with more "
            "rows than columns together: pass larger batches"
        )
    if not 0 < regularization <= 1:
        raise ValueError(f"{regularization=} not in (0, 1]; 0.001 is a good start")
    A, B = Za - Za.mean(dim=0), Zb - Zb.mean(dim=0)
    scatter = A.square().sum() + B.square().sum()
    if not torch.isfinite(scatter):
        return scatter * torch.nan  # a training that has left the numbers: `train` says what to do
    T = _whiten(A, regularization).T @ _whiten(B, regularization)
    return torch.linalg.svdvals(T).sum()


def _whiten(A: Tensor, regularization: float) -> Tensor:
    r"""Return :math:`A L^{-\top} / \sqrt{B - 1}` with :math:`S = L L^\top`: as good as the root, and stable.

    :math:`L` is :math:`S^{1/2}` but for a rotation, and a rotation changes no singular value.
    """
    C = A.T @ A / (len(A) - 1)
    variance = C.diagonal().mean()
    ridge = (regularization * variance + FLOOR) * torch.eye(len(C)).to(C)
    L, failed = torch.linalg.cholesky_ex((1 - regularization) * C + ridge)
    if failed:
        raise ValueError(f"{regularization=} is lost to the rounding of {A.dtype}; try {10 * regularization:g}")
    return torch.linalg.solve_triangular(L, A.T / (len(A) - 1) ** 0.5, upper=False).T
