"""The one way to torchvision, which also works beside a torch of another build."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType

import torch

__all__ = ["torchvision"]

# A CPU build of torch cannot load the compiled half of a CUDA build of torchvision; its import then fails with this.
SYMPTOM = "operator torchvision::nms does not exist"
# What the Python half looks up while it is imported; the models themselves never call them.
SCHEMAS = (
    "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
)
_libraries: list[torch.library.Library] = []  # a Library takes its definitions along when it is collected


def torchvision() -> ModuleType:
    """Import torchvision, and heal the most common broken installation on the way.

    A torchvision built for CUDA beside a torch built for the CPU stops with "operator torchvision::nms does
    not exist". Only then, the two missing operators are declared and the import is tried once more. Models,
    transforms and weights work after that; box operators such as ``torchvision.ops.nms`` still say that
    their compiled half is not there.

    Returns
    -------
    module

    Raises
    ------
    ImportError, RuntimeError
        Whatever else is wrong with the installation, as torchvision says it.

    Examples
    --------
    >>> from mmlearn_edu.networks import torchvision
    >>> torchvision().models.resnet18(weights=None).fc.in_features
    512
    """
    try:
        return import_module("torchvision")
    except RuntimeError as error:
        if str(error) != SYMPTOM:
            raise
    for name in [name for name in sys.modules if name.split(".")[0] == "torchvision"]:
        del sys.modules[name]  # half imported: the next import would take it for whole
    _declare_missing_operators()
    return import_module("torchvision")


def _declare_missing_operators() -> None:
    if _libraries:
        return
    _libraries.append(torch.library.Library("torchvision", "DEF"))  # type: ignore[no-untyped-call]
    for schema in SCHEMAS:
        _libraries[0].define(schema)  # type: ignore[no-untyped-call]
