"""A grader that only looks as if it graded, and hand-ins to give it: what stands in a cell says what happens.

``crash`` ends the worker, ``kill`` does so by a signal, ``hang`` sleeps for ever, ``bug`` raises, ``unheard`` sleeps
through everything but SIGKILL, ``litter`` leaves a file and sleeps; behind ``once:`` only the first time. ``late``
takes a second.
"""

import hashlib
import json
import os
import signal
import tempfile
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from mmlearn_edu import __version__
from mmlearn_edu.grading.collect import HandIn

CHAPTER = "00-start-here"  # its exercises are imported sooner than those of any other


@dataclass(frozen=True)
class FakeLimits:
    submission: float = 60.0


class FakeGrader:
    """Marks are drawn from the seed and the bytes; every call is written to a diary."""

    pause = 0.0  # seconds that every hand-in takes

    def __init__(self, chapter, *, seed, isolation=None, limits=None, exercises=None, slot=0, diary=None):
        self.slot = slot
        self.chapter, self.seed, self.isolation, self.diary = chapter, seed, isolation or "processes", diary

    def __enter__(self):
        if self.isolation == "none of ours":
            raise RuntimeError("this machine has no such level")
        if self.isolation == "stillborn":
            os._exit(5)
        self.note(f"begins in slot {self.slot}")
        return self

    def __exit__(self, *error):
        self.note("ends")

    def note(self, words):
        if self.diary:
            with Path(self.diary).open("a") as file:
                file.write(f"{os.getpid()} {words}\n")

    def unreadable(self, hand_in, words):
        return a_row(self, hand_in, "", 0.0) | {"status": "unreadable", "message": words, "exercises": []}

    def grade(self, submission):
        self.note(f"grades {submission.name}")
        time.sleep(self.pause)
        act("".join(cell.source for cell in submission.cells), f"{self.diary}.{submission.name}")
        digest = hashlib.sha256(f"{self.seed} {submission.sha256}".encode()).digest()
        return a_row(self, submission, submission.sha256, digest[0] / 255)


def act(what, marker):
    """Do what the cell says."""
    if what.startswith("once:"):
        if Path(marker).exists():
            return
        Path(marker).touch()
    FATES.get(what.removeprefix("once:"), bool)()


def unheard():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    time.sleep(600)


def bug():
    raise ZeroDivisionError("a bug of the grader")


def litter():
    Path(tempfile.mkdtemp(), "left").touch()
    time.sleep(600)


FATES = {
    "litter": litter,
    "crash": lambda: os._exit(7),
    "kill": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "unheard": unheard,
    "hang": lambda: time.sleep(600),
    "late": lambda: time.sleep(1),
    "bug": bug,
}


def a_row(grader, hand_in, sha256, score):
    exercise = {
        "id": "pca.center", "title": "Centre", "kind": "function", "version": 1, "handed_in_version": 1,
        "status": "partly", "points": 1.0, "score": score, "items": [], "diagnosis": [], "messages": [], "notes": [],
        "printed": "", "fingerprint": "", "seconds": 0.0,
    }  # fmt: skip
    return {
        "format": 1, "kind": "mmlearn-edu grading result", "submission": hand_in.name, "student": hand_in.student,
        "origin": hand_in.origin, "sha256": sha256, "chapter": grader.chapter, "title": "A chapter",
        "package": __version__, "language": "en", "status": "graded", "message": "", "seed": grader.seed,
        "isolation": {"level": grader.isolation, "user": "me", "defends": [], "does_not_defend": ["reading files"]},
        "limits": {"submission": 60.0}, "points": 1.0, "score": score, "exercises": [exercise], "cells": [],
        "events": [], "look": [], "notes": [], "seconds": {"total": 0.1},
    }  # fmt: skip


def a_notebook(source):
    """Return the bytes of a notebook with one code cell."""
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "source": source, "outputs": [], "execution_count": None}
    metadata = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": [cell]}).encode()


@pytest.fixture
def hand_in(tmp_path):
    """Write a notebook whose only cell is `source`; return the hand-in."""

    def made(name, source="", problem=""):
        path = tmp_path / "handed in" / f"{name}.ipynb"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(a_notebook(source or f"answer = {name!r}"))
        return HandIn(name, name.title(), str(path), path.read_bytes, problem)

    return made


@pytest.fixture
def fake(tmp_path):
    """Return the keywords that give grade_class the grader above, and short waits."""
    return {"grader": partial(FakeGrader, diary=str(tmp_path / "diary")), "limits": FakeLimits()}


@pytest.fixture
def diary(tmp_path):
    """Return a function that tells what the graders wrote down: (process, what) in order."""

    def told():
        path = tmp_path / "diary"
        lines = path.read_text().splitlines() if path.exists() else []
        return [(int(line.split(" ", 1)[0]), line.split(" ", 1)[1]) for line in lines]

    return told
