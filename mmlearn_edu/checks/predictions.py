"""Predictions: locked in before the cell runs, shown beside the result afterwards."""

import math
from numbers import Real
from typing import Any

from mmlearn_edu.checks import journal, registry
from mmlearn_edu.checks.display import Card, show_now
from mmlearn_edu.checks.exercise import Prediction, letter
from mmlearn_edu.checks.messages import say

__all__ = ["predict"]

_MISSING = object()
_locked: dict[str, Any] = {}


def predict(prediction_id: str, guess: Any = _MISSING, result: Any = _MISSING) -> None:
    """Lock in a prediction, or show a result beside it.

    Parameters
    ----------
    prediction_id : str
    guess : str or float, optional
        A letter of the options, or a number. ``...`` shows the question and locks nothing.
    result : object, optional
        What really came out.

    Raises
    ------
    LookupError
        If there is no such prediction.
    """
    asked = registry.prediction(prediction_id)
    if result is not _MISSING:
        _compare(asked, result)
    elif guess is _MISSING or guess is Ellipsis:
        show_now(Card(asked.prompt, f"{_choices(asked)}\n{say('predict-now')}"))
    else:
        _lock(asked, guess)


def _choices(asked: Prediction) -> str:
    if asked.options:
        return "\n".join(f"{letter}) {text}" for letter, text in asked.options.items())
    return say("predict-number-in", unit=asked.unit) if asked.unit else say("predict-number")


def _lock(asked: Prediction, guess: Any) -> None:
    if asked.id in _locked:
        words = say("locked-already-words", guess=_told(asked, _locked[asked.id]))
        show_now(Card(say("locked-already"), words))
        return
    problem = _unfit(asked, guess)
    if problem:
        show_now(Card(asked.prompt, f"{problem}\n{_choices(asked)}", colour="#b7791f"))
        return
    _locked[asked.id] = _normal(guess)
    journal.record("predict", asked.id, guess=_locked[asked.id])
    show_now(Card(say("locked"), say("locked-words", guess=_told(asked, _locked[asked.id]))))


def _normal(guess: Any) -> Any:
    if isinstance(guess, str):
        return letter(guess)
    return float(guess) if isinstance(guess, Real) else guess


def _unfit(asked: Prediction, guess: Any) -> str:
    """Return why `guess` is no answer to the question, or nothing."""
    if asked.options:
        letters = say("comma").join(asked.options)
        return "" if _normal(guess) in asked.options else say("not-a-letter", answer=guess, letters=letters)
    if isinstance(guess, bool) or not isinstance(guess, Real) or not math.isfinite(guess):
        return say("not-a-number", answer=guess)
    return ""


def _told(asked: Prediction, guess: Any) -> str:
    if guess in asked.options:
        return f"{guess}) {asked.options[guess]}"
    return f"{guess:g}{f' {asked.unit}' if asked.unit else ''}" if isinstance(guess, int | float) else str(guess)


def _found(asked: Prediction, result: Any) -> Any:
    """Read a result as the prediction does: as one of its letters, or as a number."""
    try:
        return asked.outcome(result) if asked.outcome else float(result)
    except (TypeError, ValueError, KeyError):
        return _MISSING


def _compare(asked: Prediction, result: Any) -> None:
    found = _found(asked, result)
    if found is _MISSING:
        words = say("no-result-words", kind=type(result).__name__)
        show_now(Card(say("no-result", id=asked.id), words, colour="#b7791f"))
        return
    lines = [say("result-is", found=_told(asked, found))]
    if asked.id not in _locked:
        lines.insert(0, say("not-predicted"))
        title = say("result")
    else:
        guess = _locked[asked.id]
        right = asked.right(guess, result)
        title = say("as-predicted" if right else "not-as-predicted")
        lines.insert(0, say("predicted", guess=_told(asked, guess)))
        journal.record("outcome", asked.id, guess=guess, right=right)
    if asked.after:
        lines.append(asked.after)
    show_now(Card(title, "\n".join(lines)))
