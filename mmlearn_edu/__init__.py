"""Reference implementations, exercises and checks for the multimodal-learning workbook.

Each room below is imported on first use, so ``import mmlearn_edu`` stays fast.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mmlearn_edu import (
        anomaly,
        checks,
        classification,
        clustering,
        datasets,
        evaluation,
        features,
        fusion,
        modalities,
        networks,
        plots,
        representations,
        retrieval,
        similarity,
        widgets,
    )

__version__ = "0.1.0"
__all__ = [
    "anomaly",
    "checks",
    "classification",
    "clustering",
    "datasets",
    "evaluation",
    "features",
    "fusion",
    "modalities",
    "networks",
    "plots",
    "representations",
    "retrieval",
    "similarity",
    "widgets",
]


def __getattr__(name: str) -> object:
    if name in __all__:
        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}; its rooms are {', '.join(__all__)}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
