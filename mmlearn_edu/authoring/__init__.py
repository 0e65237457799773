"""From a chapter's source to the notebooks people open, and from a notebook to its marks."""

from mmlearn_edu.authoring.building import Built, chapters, stale, write
from mmlearn_edu.authoring.errors import SourceError
from mmlearn_edu.authoring.notebooks import build_learner, build_solution
from mmlearn_edu.authoring.verdicts import NotebookError, NotebookReport, check_notebook

__all__ = [
    "Built",
    "NotebookError",
    "NotebookReport",
    "SourceError",
    "build_learner",
    "build_solution",
    "chapters",
    "check_notebook",
    "stale",
    "write",
]
