"""Where the numbers are crunched."""

import torch

__all__ = ["device"]


def device() -> torch.device:
    """Return the fastest device here: an NVIDIA GPU, an Apple GPU, or else the CPU.

    Returns
    -------
    torch.device
        Of type "cuda", "mps" or "cpu".

    Examples
    --------
    >>> from mmlearn_edu.networks import device
    >>> device().type in {"cuda", "mps", "cpu"}
    True
    """
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")
