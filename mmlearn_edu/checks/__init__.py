"""The learner's side of every exercise: ``check("pca.center", center)`` says what is right, and what exactly is not."""

from mmlearn_edu.checks.hints import hint, reset, show_source, solution
from mmlearn_edu.checks.learner import check, use
from mmlearn_edu.checks.predictions import predict
from mmlearn_edu.checks.recall import recall
from mmlearn_edu.checks.summary import progress
from mmlearn_edu.checks.verdict import Item, Verdict

__all__ = [
    "Item",
    "Verdict",
    "check",
    "hint",
    "predict",
    "progress",
    "recall",
    "reset",
    "show_source",
    "solution",
    "use",
]
