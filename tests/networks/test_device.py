import pytest
import torch

from mmlearn_edu.networks import device


@pytest.fixture
def machine(monkeypatch):
    """Pretend to be a machine with so many NVIDIA GPUs, with or without Apple's, and with the variable set."""

    def pretend(cuda=0, mps=False, asked=None):
        monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda > 0)
        monkeypatch.setattr(torch.cuda, "device_count", lambda: cuda)
        monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)
        monkeypatch.delenv("MMLEARN_DEVICE", raising=False)
        if asked is not None:
            monkeypatch.setenv("MMLEARN_DEVICE", asked)

    return pretend


@pytest.mark.parametrize(
    ("cuda", "mps", "expected"),
    [(1, False, "cuda"), (1, True, "cuda"), (0, True, "mps"), (0, False, "cpu")],
)
def test_takes_the_fastest_there_is(machine, cuda, mps, expected):
    machine(cuda, mps)
    assert device() == torch.device(expected)
    machine(cuda, mps, asked="  ")
    assert device() == torch.device(expected)


@pytest.mark.parametrize("asked", ["cpu", "cuda", "cuda:0", "cuda:1", "mps", " CUDA:1 "])
def test_takes_what_the_variable_says(machine, asked):
    machine(cuda=2, mps=True, asked=asked)
    assert device() == torch.device(asked.strip().lower())


@pytest.mark.parametrize("asked", ["gpu", "cuda:", "cuda:x", "cuda:-1", "cpu:1", "cuda1", "meta", "显卡"])
def test_says_which_names_there_are(machine, asked):
    machine(cuda=2, mps=True, asked=asked)
    with pytest.raises(ValueError, match=f"MMLEARN_DEVICE={asked}, expected cpu, cuda, cuda:1 or mps; unset it"):
        device()


@pytest.mark.parametrize(
    ("cuda", "asked", "words"),
    [
        (0, "cuda", "this machine has no NVIDIA GPU that torch can use"),
        (0, "cuda:1", "this machine has no NVIDIA GPU that torch can use"),
        (2, "cuda:2", "the last of this machine's NVIDIA GPUs is cuda:1"),
        (2, "mps", "this machine has no Apple GPU that torch can use"),
    ],
)
def test_says_what_is_not_there(machine, cuda, asked, words):
    machine(cuda, asked=asked)
    with pytest.raises(ValueError, match=f"MMLEARN_DEVICE={asked}, but {words}; unset it or set cpu"):
        device()


def test_a_tensor_can_live_there():
    assert (torch.ones(2, device=device()) + 1).sum().item() == 4
