import numpy as np
import pytest
import torch
from torch import nn

from mmlearn_edu.networks import device, discriminator_loss, generator_loss

PLACE = "cpu" if device().type == "mps" else device()  # Apple's GPU has no double precision


def logits(n=7, seed=0, scale=3.0):
    return (scale * torch.from_numpy(np.random.default_rng(seed).normal(size=n))).to(PLACE).requires_grad_()


def test_who_can_only_guess_pays_log_4():
    half = torch.zeros(5, 1, device=device())  # D = 1/2
    assert discriminator_loss(half, half).item() == pytest.approx(np.log(4))
    assert generator_loss(half).item() == pytest.approx(np.log(2))


def test_equal_the_formulas_in_numpy():
    real, made = logits(6, 1), logits(9, 2)
    D_real, D_made = (1 / (1 + np.exp(-a.detach().cpu().numpy())) for a in (real, made))
    expected = -np.log(D_real).mean() - np.log(1 - D_made).mean()
    assert discriminator_loss(real, made).item() == pytest.approx(expected, rel=1e-12)
    assert generator_loss(made).item() == pytest.approx(-np.log(D_made).mean(), rel=1e-12)


def test_agree_with_torchs_cross_entropy():
    real, made = logits(6, 1), logits(9, 2)
    cross_entropy = nn.functional.binary_cross_entropy_with_logits
    theirs = cross_entropy(real, torch.ones_like(real)) + cross_entropy(made, torch.zeros_like(made))
    torch.testing.assert_close(discriminator_loss(real, made), theirs)
    torch.testing.assert_close(generator_loss(made), cross_entropy(made, torch.ones_like(made)))


def test_gradients():
    assert torch.autograd.gradcheck(discriminator_loss, (logits(4), logits(5, 1)))
    assert torch.autograd.gradcheck(generator_loss, (logits(4),))


def test_the_generators_gradient_does_not_saturate():
    """Where the discriminator is sure that a sample is made, log D pulls and log(1 - D) does not."""
    made = torch.tensor([-30.0, 0.0, 30.0], dtype=torch.float64, requires_grad=True)
    D = made.detach().sigmoid()
    generator_loss(made).backward()
    torch.testing.assert_close(made.grad, -(1 - D) / 3)
    assert made.grad[0].item() == pytest.approx(-1 / 3)
    minimax = made.detach().requires_grad_()
    torch.log(1 - minimax.sigmoid()).mean().backward()
    assert abs(minimax.grad[0].item()) < 1e-12


def test_no_logarithm_meets_a_zero():
    sure = torch.tensor([-1e4, 1e4], device=device())
    assert discriminator_loss(sure, sure).item() == pytest.approx(1e4)
    assert generator_loss(sure).item() == pytest.approx(5e3)


def test_says_what_is_empty():
    some, none = torch.zeros(2), torch.zeros(0, 1)
    with pytest.raises(ValueError, match=r"real has shape \(0, 1\), expected the logit of one sample or more"):
        discriminator_loss(none, some)
    with pytest.raises(ValueError, match=r"made has shape \(0, 1\), expected"):
        discriminator_loss(some, none)
    with pytest.raises(ValueError, match=r"made has shape \(0, 1\), expected"):
        generator_loss(none)
