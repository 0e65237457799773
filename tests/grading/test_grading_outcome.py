"""What a run counts."""

from pathlib import Path

from mmlearn_edu.grading.outcome import Outcome


def row(status, score):
    level = {"level": "processes", "does_not_defend": []}
    return {"status": status, "score": score, "points": 4.0, "isolation": level, "submission": "a", "look": []}


def test_a_file_that_cannot_be_read_has_no_mark_and_lowers_no_mean():
    outcome = Outcome(Path("out"), run=None, files=3)
    assert outcome.mean is None
    outcome.add(row("unreadable", 0.0))
    assert outcome.mean is None
    outcome.add(row("graded", 3.0))
    outcome.add(row("stopped", 1.0))
    assert outcome.mean == 2.0
