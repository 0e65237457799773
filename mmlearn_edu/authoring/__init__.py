"""From a chapter's source to the notebooks people open, and from a notebook to its marks."""

from mmlearn_edu.authoring.beginning import begin
from mmlearn_edu.authoring.building import Built, chapters, stale, write
from mmlearn_edu.authoring.errors import SourceError
from mmlearn_edu.authoring.handout import hand_out
from mmlearn_edu.authoring.notebooks import build_learner, build_solution
from mmlearn_edu.authoring.trying import Tried, try_chapter
from mmlearn_edu.authoring.verdicts import NotebookError, NotebookReport, check_notebook

__all__ = [
    "Built",
    "NotebookError",
    "NotebookReport",
    "SourceError",
    "Tried",
    "begin",
    "build_learner",
    "build_solution",
    "chapters",
    "check_notebook",
    "hand_out",
    "stale",
    "try_chapter",
    "write",
]
