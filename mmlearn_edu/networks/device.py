"""Where the numbers are crunched."""

from __future__ import annotations

import os

import torch

__all__ = ["device"]

VARIABLE = "MMLEARN_DEVICE"


def device() -> torch.device:
    """Return the fastest device here: an NVIDIA GPU, an Apple GPU, or else the CPU.

    The environment variable ``MMLEARN_DEVICE`` overrules that: cpu, cuda, cuda:1 (the second GPU) or mps (Apple's).

    Returns
    -------
    torch.device
        Of type "cuda", "mps" or "cpu".

    Raises
    ------
    ValueError
        If ``MMLEARN_DEVICE`` names no such device, or one that is not here.

    Examples
    --------
    >>> from mmlearn_edu.networks import device
    >>> device().type in {"cuda", "mps", "cpu"}
    True
    """
    asked = os.environ.get(VARIABLE, "").strip()
    if asked:
        return _asked_for(asked)
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")


def _asked_for(asked: str) -> torch.device:
    kind, colon, number = asked.lower().partition(":")
    if kind not in {"cpu", "cuda", "mps"} or (colon and not (kind == "cuda" and number.isdecimal())):
        raise ValueError(f"{VARIABLE}={asked}, expected cpu, cuda, cuda:1 or mps; unset it to take the fastest device")
    if kind == "cuda" and not torch.cuda.is_available():
        missing = "this machine has no NVIDIA GPU that torch can use"
    elif kind == "mps" and not torch.backends.mps.is_available():
        missing = "this machine has no Apple GPU that torch can use"
    elif colon and int(number) >= torch.cuda.device_count():
        missing = f"the last of this machine's NVIDIA GPUs is cuda:{torch.cuda.device_count() - 1}"
    else:
        return torch.device(asked.lower())
    raise ValueError(f"{VARIABLE}={asked}, but {missing}; unset it or set cpu")
