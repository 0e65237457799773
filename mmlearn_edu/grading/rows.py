"""What is written of one hand-in, as plain data: see ``schema/result-1.json``."""

from typing import Any

from mmlearn_edu import __version__
from mmlearn_edu.checks import registry
from mmlearn_edu.checks.exercise import Exercise
from mmlearn_edu.checks.messages import language
from mmlearn_edu.checks.verdict import Verdict
from mmlearn_edu.grading.handout import Handout
from mmlearn_edu.grading.sandbox.isolation import Level, user_in_words
from mmlearn_edu.grading.submission import Submission

__all__ = ["head_of", "isolation_of", "row_of"]

Result = dict[str, Any]


def head_of(named: Any, status: str, message: str, handout: Handout) -> Result:
    """Return a result in which nothing is judged yet; `named` has a name, a student and an origin."""
    return {
        "format": 1,
        "kind": "mmlearn-edu grading result",
        "submission": named.name,
        "student": named.student,
        "origin": named.origin,
        "sha256": getattr(named, "sha256", ""),
        "chapter": handout.chapter,
        "title": handout.title,
        "package": __version__,
        "language": language(),
        "status": status,
        "message": message,
        "points": float(sum(one.points for one in handout.exercises)),
        "score": 0.0,
        "exercises": [],
        "cells": [],
        "events": [],
        "look": [],
        "notes": [],
        "seconds": {"total": 0.0},
    }


def isolation_of(level: Level, slot: int, chapter: str) -> Result:
    """Return how a hand-in was kept from everything else; the solutions of a teacher's own chapter are not public."""
    return {
        "level": level.name,
        "user": user_in_words(slot),
        "defends": level.defends(),
        "does_not_defend": level.does_not_defend(public=registry.source_of(chapter) is None),
    }


def row_of(exercise: Exercise, verdict: Verdict, submission: Submission) -> Result:
    """Return one exercise of the result."""
    named = len(verdict.diagnosis) if verdict.items else 0
    return {
        "id": exercise.id,
        "title": exercise.title,
        "kind": exercise.kind,
        "version": exercise.version,
        "handed_in_version": submission.versions.get(exercise.id),
        "status": verdict.status,
        "points": float(exercise.points),
        "score": float(verdict.score),
        "items": [item.to_dict() for item in verdict.items],
        "diagnosis": list(verdict.diagnosis),
        "messages": list(verdict.notes[:named]),
        "notes": list(verdict.notes[named:]),
        "printed": verdict.printed,
        "fingerprint": "",
        "runs": [],
        "seconds": 0.0,
    }
