"""Thousands of mutated notebooks and mutated replies: the grader never crashes, and no mark is gained."""

import numpy as np
import pytest

from mmlearn_edu.grading import sandbox as grading
from tests.hostile.handin import hand_in
from tests.hostile.looking import assert_sound, marks_of
from tests.hostile.mutators import mutated_notebook

BEST = next(level.name for level in grading.levels() if not level.missing)
BLOCK = 20  # mutations in one test
ANSWERS = {
    "center": "def center(X):\n    return X - X.mean(axis=0)",
    "fit_axes": "def fit_axes(X, k):\n    ...",
    "transform": "def transform(X, mean, axes):\n    return np.full((len(X), 77), 7.5)",
    "turn_axis": "angle = ...",
}


def blocks(total, kept):
    """List the seeds of `total` mutations, `BLOCK` a test; all but the first `kept` in the slow tier."""
    return [
        pytest.param(start, marks=[] if start < kept else [pytest.mark.slow], id=f"from {start}")
        for start in range(0, total, BLOCK)
    ]


@pytest.mark.parametrize("start", blocks(2000, 60))
def test_mutated_notebooks_crash_nothing_and_gain_nothing(judged, start):
    place = judged.place("08-pca", BEST, call=0.5, cell=0.5)
    data = hand_in("08-pca", ANSWERS)
    true = marks_of(place.grade(data))
    assert {name for name, mark in true.items() if mark} == {"center", "inverse", "why_unnoticed"}
    for seed in range(start, start + BLOCK):
        row = place.grade(mutated_notebook(data, np.random.default_rng(seed)), f"mutated-{seed}")
        assert_sound(row)
        assert all(mark <= true[name] for name, mark in marks_of(row).items()), seed
        if row["status"] == "unreadable":
            assert row["message"]


@pytest.fixture(scope="module")
def relayed(tmp_path_factory):
    """Return a grader whose sandbox stands behind a relay, and the hand-in to grade."""
    from mmlearn_edu.grading.engine import Grader
    from mmlearn_edu.grading.submission import read_submission
    from tests.hostile.relay import Relay

    answers = {**ANSWERS, "center": "def center(X):\n    return X - X.mean(axis=0) if X.shape == (3, 2) else X"}
    submission = read_submission(hand_in("08-pca", answers), "mutated", "mutated", "mutated.ipynb")
    limits = grading.Limits(cell=0.5, call=0.5, submission=30)
    with Grader("08-pca", seed=1, isolation=BEST, limits=limits) as grader:
        relay = Relay(grader.sandbox())
        grader._sandboxes._launched["light"] = relay  # where answers run that need no library but NumPy
        yield grader, relay, submission


@pytest.mark.parametrize("start", blocks(2000, 60))
def test_mutated_replies_crash_nothing_and_gain_nothing(relayed, start):
    from tests.hostile.relay import changed

    grader, relay, submission = relayed
    relay.change = None
    true = marks_of(grader.grade(submission))
    assert 0 < true["center"] < 1
    for seed in range(start, start + BLOCK):
        rng = np.random.default_rng(seed)
        aim = int(rng.integers(1, 20))
        relay.replies = 0
        relay.change = lambda frame, rng=rng, aim=aim: changed(frame, rng) if relay.replies == aim else frame
        row = grader.grade(submission)
        assert relay.replies, "nothing went through the relay"
        assert row["status"] == "graded", (seed, row["message"])
        assert_sound(row)
        assert all(mark <= true[name] for name, mark in marks_of(row).items()), seed
