"""What stands in the cells of a hand-out: the task and the stub, and no call that needs the exercises.

Students do not have a teacher's own exercises: `check`, `hint` and `solution` could only fail there.
"""

import ast
import inspect
import re
import sys
import textwrap
from collections.abc import Mapping

from mmlearn_edu.authoring.calls import calls_in, parsed
from mmlearn_edu.authoring.errors import SourceError
from mmlearn_edu.checks import registry
from mmlearn_edu.checks.authoring import answer_name, stub_source
from mmlearn_edu.checks.exercise import Exercise
from mmlearn_edu.checks.messages import catalogue

__all__ = ["answer_cell", "without_checks"]

_NEED_EXERCISES = {"check", "hint", "predict", "recall", "reset", "solution", "use"}
_HAN = re.compile(r"[\u4e00-\u9fff]")
_WIDTH = 98


def answer_cell(exercise_id: str) -> str:
    """Return the cell that a student answers in: what to leave as it is, what is asked, and the stub.

    It speaks the language of the chapter's title, whoever builds it: the bytes are the same every time.
    """
    exercise: Exercise = registry.get(exercise_id).reference.__exercise__  # type: ignore[attr-defined]
    kind = exercise.kind if exercise.kind == "choice" else "function" if exercise.is_called else "value"
    facts = {"id": exercise.id, "points": exercise.points, "name": answer_name(exercise)}
    lines = [_words_for(exercise)[f"answer-{kind}"].format(**facts)]
    if not exercise.is_called:  # the docstring of a function stays in its stub
        lines += inspect.cleandoc(exercise.task).splitlines()
    lines += [f"{letter}) {text}" for letter, text in exercise.options.items()]
    return "\n".join([*map(_comment, lines), stub_source(exercise)]).rstrip()


def _words_for(exercise: Exercise) -> Mapping[str, str]:
    title = sys.modules[exercise.reference.__module__].CHAPTER.title
    return catalogue("zh" if _HAN.search(title) else "en")


def _comment(line: str) -> str:
    return textwrap.fill(line, _WIDTH, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False) or "#"


def without_checks(source: str, chapter: str, where: str) -> str:
    """Return a code cell without the lines that call `check`, `hint` and the like for a teacher's own chapter.

    Raises
    ------
    SourceError
        If such a call is part of a longer line; the message says which.
    """
    tree = parsed(source, where)
    calls = [call for _, name, call in calls_in(tree, _NEED_EXERCISES) if _is_of(name, chapter)]
    alone = [node for node in tree.body if isinstance(node, ast.Expr) and node.value in calls]
    dropped = {line for node in alone for line in range(node.lineno, (node.end_lineno or 0) + 1)}
    kept = {line for n in tree.body if n not in alone for line in range(n.lineno, (n.end_lineno or 0) + 1)}
    for call in calls:
        if call.lineno not in dropped - kept:
            raise SourceError(
                f"{where}: line {call.lineno}, `{ast.unparse(call)}`, cannot work for students, who do not have this "
                "exercise, and is no line of its own that could be left out; write it without"
            )
    lines = source.splitlines(keepends=True)
    return "".join(line for number, line in enumerate(lines, start=1) if number not in dropped).strip("\n")


def _is_of(name: str, chapter: str) -> bool:
    """Say whether `name` is the chapter, or an exercise or a prediction of it."""
    topics = {one.topic for one in registry.exercises(chapter)}
    return name == chapter or ("." in name and name.partition(".")[0] in topics)
