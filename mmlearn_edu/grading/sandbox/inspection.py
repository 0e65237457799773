"""Inside the sandbox: which of the learner's things is the answer, and what it is made of."""

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from mmlearn_edu.checks.adapters import adapted
from mmlearn_edu.checks.answers import facts_about, value_of
from mmlearn_edu.checks.exercise import CALLED

__all__ = ["inspect"]

Facts = dict[str, Any]


def inspect(
    captured: Mapping[str, Sequence[Any]], scope: Mapping[str, Any], wanted: Mapping[str, Any], by_name: bool
) -> tuple[Any, Facts]:
    """Find the answer: the last thing that `check` was given and that is no stub, else what has the name asked for.

    Returns
    -------
    found : callable
        What to call; a value becomes a function of nothing.
    facts : dict
        As of :func:`mmlearn_edu.checks.answers.facts_about`; ``state`` is "missing" if there is nothing.
    """
    candidates = list(captured.get(wanted["id"], ()))[-8:]
    if by_name and wanted["name"] in scope:
        candidates.insert(0, scope[wanted["name"]])
    found, facts = None, {"state": "missing"}
    for candidate in reversed(candidates):
        seen = facts_about(candidate, wanted)
        if facts["state"] == "missing" or seen["state"] not in ("blank", "stub"):
            found, facts = candidate, seen
        if seen["state"] not in ("blank", "stub"):
            break
    return _callable(found, wanted["kind"]), facts


def _callable(found: Any, kind: str) -> Any:
    if kind in CALLED:
        return adapted(SimpleNamespace(kind=kind), found)
    value = value_of(found, kind)
    return lambda: value
