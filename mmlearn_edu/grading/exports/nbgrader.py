"""A course folder for nbgrader: after every exercise a locked cell that gets its marks.

The exercise cells themselves are plain: nbgrader would replace the code of a "solution" cell by a stub of its own, and
ours have theirs. What the marks cell says is a hidden test: taken out of what students get, put back when it is graded.

References
----------
nbgrader's cell metadata, schema 3, and partial credit: https://nbgrader.readthedocs.io/en/stable/
"""

from collections.abc import Mapping

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from mmlearn_edu.authoring.notebooks import to_bytes
from mmlearn_edu.grading.exports.plan import Plan, readme, rewritten
from mmlearn_edu.grading.words import say

__all__ = ["files"]

SECONDS = 300  # a cell may take; nbgrader's own 30 are few where a chapter trains a network

_CONFIG = """# What the exported chapter needs of nbgrader; copy these lines if you have a course folder of your own.
c = get_config()  # noqa: F821
c.CourseDirectory.course_id = {course!r}
c.Execute.timeout = {seconds}  # seconds a cell may take
c.OverwriteCells.add_missing_cells = True  # a marks cell that a student deleted is put back
"""

_MARKS = """# {words}
### BEGIN HIDDEN TESTS
from mmlearn_edu.grading.exports import marks

{call}
### END HIDDEN TESTS"""


def files(plan: Plan) -> Mapping[str, bytes]:
    """Return the files of the course folder by their paths.

    Parameters
    ----------
    plan : Plan

    Returns
    -------
    mapping of str to bytes
        ``source/CHAPTER/CHAPTER.ipynb`` is what ``nbgrader generate_assignment`` starts from.
    """
    chapter = plan.chapter
    config = _CONFIG.format(course="mmlearn_edu", seconds=SECONDS)
    return {
        "README.md": readme(plan, "nbgrader"),
        "nbgrader_config.py": config.encode(),
        f"source/{chapter}/{chapter}.ipynb": to_bytes(_marked(plan, plan.handout)),
        f"source/{chapter}/.mmlearn/README.md": say("exports", "progress-here").encode(),
        f"solution/{chapter}.ipynb": to_bytes(_marked(plan, plan.solution)),
        **plan.files_in("exercises"),
    }


def _marked(plan: Plan, notebook: NotebookNode) -> NotebookNode:
    """Put a marks cell behind every exercise cell: there the name still is the student's, whatever comes later."""
    return rewritten(notebook, lambda cell, exercise: [cell, _marks_cell(plan, exercise)])


def _marks_cell(plan: Plan, exercise: str) -> NotebookNode:
    points = plan.exercises[exercise].points
    words = say("exports", "marks-cell", id=exercise, points=f"{points:g}")
    answer = f'globals().get("{plan.name_of(exercise)}", ...)'
    call = plan.call("marks", exercise, answer, folder="../../../exercises")  # from autograded/STUDENT/CHAPTER
    about = {
        "grade": True,
        "grade_id": exercise.replace(".", "-"),  # letters, digits, - and _ only
        "locked": True,
        "points": points,
        "schema_version": 3,
        "solution": False,
        "task": False,
    }
    cell_id = f"marks-{exercise.replace('.', '-')}"
    return new_code_cell(_MARKS.format(words=words, call=call), id=cell_id, metadata={"nbgrader": about})
