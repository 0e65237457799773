"""What the build needs to know of a chapter's exercises, and where it asks."""

from typing import Protocol

from mmlearn_edu.authoring.errors import SourceError
from mmlearn_edu.checks import authoring, registry
from mmlearn_edu.checks.recall import default_answers

__all__ = ["Bank", "RegistryBank"]


class Bank(Protocol):
    """Exercises, predictions and recall questions, as source code ready for a cell."""

    def versions(self, chapter: str) -> dict[str, int]:
        """Return the exercises of a chapter in order: id -> version."""

    def stub(self, exercise: str) -> str:
        """Return what the learner starts from."""

    def solution(self, exercise: str) -> str:
        """Return the reference answer."""

    def answer_name(self, exercise: str) -> str:
        """Return the name of the function or variable that is checked."""

    def prediction(self, name: str) -> str:
        """Return the right answer of a prediction, as source code; LookupError if there is none of that name."""

    def recalled(self, chapter: str) -> list[str]:
        """Return the right letters of the chapter's recall questions."""


class RegistryBank:
    """The bank of the installed package: ``mmlearn_edu/exercises``."""

    def versions(self, chapter: str) -> dict[str, int]:
        """Return the exercises of a chapter in order: id -> version."""
        return {exercise.id: exercise.version for exercise in registry.exercises(chapter)}

    def stub(self, exercise: str) -> str:
        """Return what the learner starts from."""
        return authoring.stub_source(registry.get(exercise))

    def solution(self, exercise: str) -> str:
        """Return the reference answer."""
        return authoring.solution_source(registry.get(exercise))

    def answer_name(self, exercise: str) -> str:
        """Return the name of the function or variable that is checked."""
        return authoring.answer_name(registry.get(exercise))

    def prediction(self, name: str) -> str:
        """Return the right answer of a prediction, as source code."""
        found = registry.prediction(name)
        if found.example is None:
            raise SourceError(f"prediction {name!r} needs example=, the result that its cell finds, for the solution")
        return repr(found.outcome(found.example) if found.outcome else found.example)

    def recalled(self, chapter: str) -> list[str]:
        """Return the right letters of the chapter's recall questions."""
        return default_answers(chapter)
