import pytest
import torch

from mmlearn_edu.networks import device, drop_modalities, seeded


def drop(present, share, seed=0):
    place = device()
    with seeded(seed, place):
        return drop_modalities(present.to(place), share).cpu()


def test_hides_as_often_as_it_should():
    """Of two modalities one stays in any case: each is hidden with probability q, less q squared / 2 for the rescue."""
    here = torch.ones(40_000, 2, dtype=torch.bool)
    for share in (0.2, 0.5, 0.9):
        kept = drop(here, share)
        assert kept.dtype == torch.bool
        assert kept.any(dim=1).all()
        expected = 1 - share + share**2 / 2
        assert kept.double().mean(dim=0).tolist() == pytest.approx([expected, expected], abs=0.01)
        assert kept.all(dim=1).double().mean().item() == pytest.approx((1 - share) ** 2, abs=0.01)


def test_hides_samples_and_modalities_on_their_own():
    kept = drop(torch.ones(40_000, 3, dtype=torch.bool), 0.1).double()
    assert torch.corrcoef(kept.T).fill_diagonal_(0).abs().max() < 0.03
    first, second = kept[:20_000, 0], kept[20_000:, 0]
    assert torch.corrcoef(torch.stack([first, second]))[0, 1].abs() < 0.03


def test_never_brings_back_what_is_missing_and_leaves_the_last_one():
    here = torch.tensor([[True, False, False], [False, True, True], [False, False, False]]).repeat(500, 1)
    kept = drop(here, 0.8)
    assert not (kept & ~here).any()
    assert kept[::3, 0].all()
    assert kept[1::3].any(dim=1).all()
    assert not kept[2::3].any()  # who had nothing gets nothing


def test_hides_nothing_with_probability_zero_and_is_seeded():
    here = torch.tensor([[True, False], [True, True]]).repeat(200, 1)
    assert torch.equal(drop(here, 0.0), here)
    assert torch.equal(drop(here, 0.5, seed=1), drop(here, 0.5, seed=1))
    assert not torch.equal(drop(here, 0.5, seed=1), drop(here, 0.5, seed=2))
