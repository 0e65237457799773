import numpy as np
import pytest
import torch
from scipy.linalg import fractional_matrix_power

from mmlearn_edu.networks import device, seeded, total_correlation
from mmlearn_edu.representations import CCA


def codes(n_pairs=60, widths=(4, 3), dtype=torch.float64):
    with seeded(0):
        Za, Zb = (torch.randn(n_pairs, width, dtype=torch.float64) for width in widths)
    Zb[:, 0] += 2 * Za[:, 0]
    return (Za * 3 + 5).to(dtype), Zb.to(dtype)


def by_roots(Za, Zb, r):
    """Compute the trace norm as the paper writes it, by matrix roots, in double precision."""
    d = Za.shape[1]
    C = np.cov(np.hstack([Za, Zb]).astype(np.float64), rowvar=False)
    roots = [
        fractional_matrix_power((1 - r) * S + r * np.trace(S) / len(S) * np.eye(len(S)), -0.5)
        for S in (C[:d, :d], C[d:, d:])
    ]
    return np.linalg.svd(roots[0] @ C[:d, d:] @ roots[1], compute_uv=False).sum()


@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float64, 1e-10), (torch.float32, 1e-4)])
@pytest.mark.parametrize("widths", [(4, 3), (3, 4), (1, 1), (1, 5)], ids=str)
@pytest.mark.parametrize("regularization", [1e-3, 0.3, 1.0])
def test_agrees_with_scipy(widths, regularization, dtype, tolerance):
    Za, Zb = codes(widths=widths, dtype=dtype)
    place = device() if dtype == torch.float32 else "cpu"  # not every device has double precision
    loss = total_correlation(Za.to(place), Zb.to(place), regularization)
    assert loss.dtype == dtype
    assert loss.item() == pytest.approx(by_roots(Za.numpy(), Zb.numpy(), regularization), rel=tolerance)


@pytest.mark.parametrize("regularization", [1e-9, 0.1])
def test_is_the_sum_of_the_correlations_of_linear_cca(regularization):
    Za, Zb = codes()
    cca = CCA(3, regularization).fit({"a": Za.numpy(), "b": Zb.numpy()})
    assert total_correlation(Za, Zb, regularization).item() == pytest.approx(cca.correlations_.sum(), rel=1e-9)


def test_by_hand():
    """Variances 4/3 and 2.5/3, covariance 1/3: the correlation is 0.1 ** 0.5; with r = 1 nothing else remains."""
    Za = torch.tensor([[1.0], [-1.0], [1.0], [-1.0]], dtype=torch.float64)
    Zb = torch.tensor([[1.0], [-1.0], [-0.5], [0.5]], dtype=torch.float64)
    for regularization in (1e-6, 1.0):  # one column alone is its own mean variance
        assert total_correlation(Za, Zb, regularization).item() == pytest.approx(0.1**0.5)


def test_its_gradient_is_right():
    Za, Zb = (Z.requires_grad_() for Z in codes(12, (3, 2)))
    assert torch.autograd.gradcheck(lambda A, B: total_correlation(A, B, 0.01), (Za, Zb))


def test_blind_to_units_and_nearly_to_turns():
    Za, Zb = codes()
    loss = total_correlation(Za, Zb)
    torch.testing.assert_close(total_correlation(1000 * Za - 3, Zb / 1000), loss)
    turned = Za @ torch.linalg.qr(torch.arange(16.0, dtype=torch.float64).reshape(4, 4) ** 2 + torch.eye(4))[0]
    torch.testing.assert_close(total_correlation(turned, Zb), loss)
    torch.testing.assert_close(total_correlation(Zb, Za), loss)
    assert total_correlation(Za, Zb.flip(0)) < loss - 0.3


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_a_code_that_does_not_vary_counts_nothing(dtype):
    Za, Zb = torch.zeros(9, 2, dtype=dtype).requires_grad_(), codes(9, (4, 3), dtype)[1].requires_grad_()
    loss = total_correlation(Za, Zb)
    assert loss.item() == 0
    loss.backward()
    assert torch.isfinite(Za.grad).all()
    assert torch.isfinite(Zb.grad).all()


@pytest.mark.parametrize(
    "shapes", [((4, 2), (4, 2)), ((9, 2), (8, 2)), ((9,), (9,)), ((0, 1), (0, 1)), ((1, 1), (1, 1))]
)
def test_says_which_shapes_cannot_correlate(shapes):
    with pytest.raises(ValueError, match=r"Za has shape \(.*\) and Zb \(.*\); expected two matrices of partners, with"):
        total_correlation(*map(torch.ones, shapes))


@pytest.mark.parametrize("regularization", [0.0, -0.1, 1.1, float("nan")])
def test_says_where_regularization_lies(regularization):
    with pytest.raises(ValueError, match=r"regularization=.* not in \(0, 1\]; 0\.001 is a good start"):
        total_correlation(*codes(), regularization)


def test_says_when_regularization_is_lost_to_rounding():
    Za, Zb = codes(dtype=torch.float32)
    with pytest.raises(ValueError, match=r"regularization=1e-30 is lost to the rounding of torch\.float32; try 1e-29"):
        total_correlation(Za[:, [0, 0, 0, 0]] * torch.tensor([1.0, 3.0, 0.1, 7.0]), Zb, 1e-30)


@pytest.mark.parametrize("strange", [float("nan"), float("inf"), 1e30])
def test_what_is_no_number_stays_none(strange):
    """So that `train` stops in its own words."""
    Za, Zb = codes(dtype=torch.float32)
    Za[0, 0] = strange
    assert torch.isnan(total_correlation(Za, Zb))
    assert torch.isnan(total_correlation(Zb, Za))
