"""Predictions: locked in before the cell runs, shown beside the result afterwards."""

import math
from numbers import Real
from typing import Any

from mmlearn_edu.checks import journal, registry
from mmlearn_edu.checks.display import Card, show_now
from mmlearn_edu.checks.exercise import Prediction, letter

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
        show_now(Card(asked.prompt, _choices(asked) + "\nReplace the ... and run the cell, then go on."))
    else:
        _lock(asked, guess)


def _choices(asked: Prediction) -> str:
    if asked.options:
        return "\n".join(f"{letter}) {text}" for letter, text in asked.options.items())
    return f"Write a number{f' in {asked.unit}' if asked.unit else ''}."


def _lock(asked: Prediction, guess: Any) -> None:
    if asked.id in _locked:
        words = f"You predicted {_say(asked, _locked[asked.id])}. A prediction counts once; go on and see."
        show_now(Card("Locked already.", words))
        return
    problem = _unfit(asked, guess)
    if problem:
        show_now(Card(asked.prompt, f"{problem}\n{_choices(asked)}", colour="#b7791f"))
        return
    _locked[asked.id] = _normal(guess)
    journal.record("predict", asked.id, guess=_locked[asked.id])
    show_now(Card("Locked in.", f"You predict {_say(asked, _locked[asked.id])}. Now run the next cell."))


def _normal(guess: Any) -> Any:
    if isinstance(guess, str):
        return letter(guess)
    return float(guess) if isinstance(guess, Real) else guess


def _unfit(asked: Prediction, guess: Any) -> str:
    """Return why `guess` is no answer to the question, or nothing."""
    if asked.options:
        letters = ", ".join(asked.options)
        return "" if _normal(guess) in asked.options else f"{guess!r} is none of the letters {letters}."
    if isinstance(guess, bool) or not isinstance(guess, Real) or not math.isfinite(guess):
        return f"{guess!r} is not a number that can come true."
    return ""


def _say(asked: Prediction, guess: Any) -> str:
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
        words = f"{type(result).__name__} cannot be compared with a prediction. Run the cells above it again."
        show_now(Card(f"No result yet for {asked.id}.", words, colour="#b7791f"))
        return
    lines = [f"The result: {_say(asked, found)}"]
    if asked.id not in _locked:
        lines.insert(0, "You made no prediction; next time, guess first: it makes the result stick.")
        title = "The result"
    else:
        guess = _locked[asked.id]
        right = asked.right(guess, result)
        title = "✔ As you predicted." if right else "✘ Not as you predicted."
        lines.insert(0, f"You predicted: {_say(asked, guess)}")
        journal.record("outcome", asked.id, guess=guess, right=right)
    if asked.after:
        lines.append(asked.after)
    show_now(Card(title, "\n".join(lines)))
