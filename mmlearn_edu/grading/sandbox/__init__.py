"""A place where a learner's code runs and can reach nothing: no mark, no file, no network, no neighbour."""

from mmlearn_edu.grading.sandbox.isolation import LEVELS, IsolationError, Level, choose, levels
from mmlearn_edu.grading.sandbox.launch import Launched
from mmlearn_edu.grading.sandbox.limits import Limits

__all__ = ["LEVELS", "IsolationError", "Launched", "Level", "Limits", "choose", "levels"]
