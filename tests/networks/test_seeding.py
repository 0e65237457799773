import pytest
import torch

from mmlearn_edu.networks import seeded


def test_the_same_numbers_inside_and_others_outside_untouched():
    torch.default_generator.manual_seed(5)
    expected = torch.rand(2)
    torch.default_generator.manual_seed(5)
    with seeded(0):
        first = torch.rand(3)
    with seeded(0):
        assert torch.equal(first, torch.rand(3))
    with seeded(1):
        assert not torch.equal(first, torch.rand(3))
    assert torch.equal(torch.rand(2), expected)


def test_puts_the_numbers_back_after_an_error():
    state = torch.get_rng_state()
    with pytest.raises(ZeroDivisionError), seeded(0):
        1 / torch.rand(1).int().item()
    assert torch.equal(torch.get_rng_state(), state)


@pytest.mark.parametrize("before", [False, True])
def test_convolutions_add_in_one_order_inside(before, monkeypatch):
    monkeypatch.setattr(torch.backends.cudnn, "deterministic", before)
    with seeded(0):
        assert torch.backends.cudnn.deterministic
    assert torch.backends.cudnn.deterministic is before
    with pytest.raises(ZeroDivisionError), seeded(0):
        1 / torch.zeros(1).int().item()
    assert torch.backends.cudnn.deterministic is before


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs an NVIDIA GPU")
def test_the_gpu_has_numbers_of_its_own():
    state = torch.cuda.get_rng_state()
    drawn = []
    for seed in (0, 0, 1):
        with seeded(seed, "cuda"):
            drawn.append(torch.rand(3, device="cuda"))
    assert torch.equal(drawn[0], drawn[1])
    assert not torch.equal(drawn[0], drawn[2])
    assert torch.equal(torch.cuda.get_rng_state(), state)


def test_apples_gpu_is_seeded_and_put_back(monkeypatch):
    done = []
    monkeypatch.setattr(torch.mps, "get_rng_state", lambda: "before")
    monkeypatch.setattr(torch.mps, "manual_seed", done.append)
    monkeypatch.setattr(torch.mps, "set_rng_state", done.append)
    with seeded(3, "mps"):
        done.append("inside")
    assert done == [3, "inside", "before"]
