"""A chapter for another grader: a course folder for nbgrader, tests for otter-grader, an autograder for Gradescope.

With nbgrader and otter the verdict is formed in the kernel that ran the student's code; each export says so.
"""

from mmlearn_edu.grading.exports.beside import item, marks
from mmlearn_edu.grading.exports.writing import TARGETS, ExportError, export

__all__ = ["TARGETS", "ExportError", "export", "item", "marks"]
