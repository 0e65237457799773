"""What runs in Gradescope's container: grade the one submission there, and write ``results/results.json``.

If this fails nothing is written: Gradescope then tells the teacher, and no student gets a mark for our mistake.

References
----------
The fields of results.json, from "Output format" to "Output String Formatting":
https://gradescope-autograders.readthedocs.io/en/latest/specs/ (no JSON Schema is published; the tests have ours of it).
What a submission finds of those before: https://gradescope-autograders.readthedocs.io/en/latest/submission_metadata/
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mmlearn_edu.checks.messages import say as say_check
from mmlearn_edu.grading.collect import HandIn, collect
from mmlearn_edu.grading.engine import Grader
from mmlearn_edu.grading.exports.beside import example_lines, speaking
from mmlearn_edu.grading.submission import UnreadableError
from mmlearn_edu.grading.words import say

__all__ = ["grade", "main", "results"]

Result = Mapping[str, Any]


def main(arguments: list[str] | None = None) -> int:
    """Grade the submission below the folder given, ``/autograder`` if none is."""
    given = sys.argv[1:] if arguments is None else arguments
    root = Path(given[0] if given else "/autograder")
    settings = json.loads((root / "source" / "settings.json").read_text(encoding="utf-8"))
    with speaking(settings["language"]):
        found = results(grade(root, settings))
    path = root / "results" / "results.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0


def grade(root: Path, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return our grader's result for a notebook in ``submission`` that can be read, one named as the chapter first."""
    chapter = settings["chapter"]
    found = sorted(collect([root / "submission"], chapter), key=lambda one: Path(one.origin).stem != chapter)
    own = root / "source" / "exercises" if settings["exercises"] else None
    with Grader(chapter, seed=settings["seed"], exercises=own) as grader:
        unreadable = []
        for hand_in in found:
            try:
                return dict(grader.grade(hand_in.submission(chapter)))
            except UnreadableError as error:
                unreadable.append(grader.unreadable(hand_in, str(error)))
        nothing = HandIn(chapter, "", "", bytes)
        return dict(unreadable[0] if unreadable else grader.unreadable(nothing, _no_notebook(chapter)))


def _no_notebook(chapter: str) -> str:
    return say("exports", "no-notebook", chapter=chapter)


def results(result: Result) -> dict[str, Any]:
    """Return what Gradescope reads: a test an exercise, with partial credit, and words for the student.

    Parameters
    ----------
    result : mapping
        What our grader found, as in RESULTS/NAME.json.

    Returns
    -------
    dict
        The contents of ``results.json``; every text is plain, whatever the student's code printed.
    """
    return {
        "score": float(result["score"]),
        "output": _overall(result),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "execution_time": round(float(result["seconds"]["total"]), 3),
        "extra_data": _facts(result),
        "tests": [_test(number, one) for number, one in enumerate(result["exercises"], start=1)],
    }


def _test(number: int, exercise: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "number": str(number),
        "name": f"{exercise['title']} ({exercise['id']})",
        "score": float(exercise["score"]),
        "max_score": float(exercise["points"]),
        "status": "passed" if exercise["status"] == "passed" else "failed",
        "output": _words(exercise),
        "visibility": "visible",
        "extra_data": {"id": exercise["id"], "status": exercise["status"], "diagnosis": list(exercise["diagnosis"])},
    }


def _words(exercise: Mapping[str, Any]) -> str:
    """Say what the student can do about it: the named mistakes first, then each item that was not right."""
    lines = [say("exports", exercise["status"].replace(" ", "-"))]
    lines += [f"→ {words} [{name}]" for words, name in zip(exercise["messages"], exercise["diagnosis"], strict=False)]
    lines += list(exercise["notes"])
    shown: set[str] = set()  # one example of a kind is enough to read
    for one in exercise["items"]:
        right = one["earned"] >= one["points"]
        words = "" if right else f"{say_check('colon')}{one['message']}"
        lines.append(f"{'✔' if right else '✘'} {one['label'] or one['id']}{words}")
        lines += [] if right or one["problem"] in shown else example_lines(one["example"])
        shown |= {one["problem"]}
    return "\n".join(lines)


def _overall(result: Result) -> str:
    lines = [result["message"], *result["notes"]]
    lines += [f"{event['where']}: {event['words']}" for event in result["events"]]
    lines.append(say("exports", "isolation", level=result["isolation"]["level"]))
    return "\n".join(line for line in lines if line)


def _facts(result: Result) -> dict[str, Any]:
    """Return what is stored with the marks; not the seed, since the next submission is run beside what is stored."""
    kept = ("chapter", "package", "sha256", "status", "isolation", "look")
    return {name: result[name] for name in kept if name in result}


if __name__ == "__main__":
    sys.exit(main())
