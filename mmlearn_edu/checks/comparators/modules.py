"""torch modules: what is tried with them where they live, and how the judge reads it. torch is loaded on first use.

A trial builds the module afresh and reports plain data, so an answer that hangs or dies spoils one trial only.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from mmlearn_edu.checks.comparators.kinds import describe, show
from mmlearn_edu.checks.comparators.losses import LOSSES, pca_error
from mmlearn_edu.checks.comparators.values import close
from mmlearn_edu.checks.exercise import Case, Problem
from mmlearn_edu.checks.messages import catalogue, say

__all__ = ["builds", "computes", "learns", "module", "steady"]

Report = dict[str, Any]


def builds(*init: Any, inputs: Any, label: str = "") -> Case:
    """Build the module with the arguments `init`: the shape it makes of `inputs`, and how many numbers it learns."""
    return _trial("builds", init, inputs, label)


def computes(*init: Any, inputs: Any, label: str = "") -> Case:
    """Give the module fixed weights, in the order of its parameters: the same outputs as the reference's."""
    return _trial("computes", init, inputs, label)


def steady(*init: Any, inputs: Any, label: str = "") -> Case:
    """In eval mode: the same output twice, a row alone gets what it gets in company; in training, dropout or none."""
    return _trial("steady", init, inputs, label)


def learns(
    *init: Any,
    inputs: Any,
    targets: Any,
    held_out: tuple[Any, Any],
    loss: str = "mse",
    steps: int = 100,
    learning_rate: float = 0.01,
    seeds: int = 3,
    label: str = "",
) -> Case:
    """Train the module with Adam on all rows: every weight is reached and moves, the loss on rows held out falls.

    Parameters
    ----------
    inputs, targets : array-like
        To learn from; for an autoencoder the same array twice.
    held_out : (inputs, targets)
        To judge by; only the judge sees these targets.
    loss : {"mse", "cross_entropy"}
    """
    data = {"targets": targets, "held_out": held_out[0], "loss": loss, "steps": steps}
    more = {**data, "learning_rate": learning_rate, "seeds": seeds}
    return replace(_trial("learns", init, inputs, label, **more), truth=np.asarray(held_out[1]))


def _trial(name: str, init: Sequence[Any], inputs: Any, label: str, **data: Any) -> Case:
    label = label or catalogue("en")[f"trial-{name}"]  # the item's id, the same in every language
    return Case((), {"trial": name, "init": tuple(init), "inputs": inputs, **data}, label=label)


@dataclass(frozen=True)
class Module:
    """Judge the report of a trial beside the reference's."""

    slack: float = 1.5
    beats_pca: int | None = None
    case: Case | None = None

    def for_case(self, case: Case) -> "Module":
        """Return the same rule for one trial."""
        return replace(self, case=case)

    def __call__(self, expected: Any, actual: Any) -> Problem | None:
        """Return what is wrong first."""
        if not isinstance(actual, dict) or "module" not in actual:
            return Problem("type", say("type", actual=describe(actual), expected=say("kind-plain")))
        if actual["module"] is not True:
            return Problem("module-type", say("module-type", actual=actual["module"]))
        readers: dict[str, Callable[..., Problem | None]] = {
            "parameters": _shape_and_size,
            "weights": _outputs,
            "steady": _steadiness,
            "after": self._learning,
        }
        return next(reader(expected, actual) for key, reader in readers.items() if key in expected)

    def _learning(self, expected: Report, actual: Report) -> Problem | None:
        ours, theirs = _still(expected), _still(actual)
        for key in ("unreached", "unmoved"):
            if theirs[key] and not ours[key]:
                return Problem(f"module-{key}", say(f"module-{key}", names=", ".join(theirs[key][:3])))
        if self.case is None:  # two reports side by side, as when a mistake is looked for
            return close(rtol=0.05)(expected["after"], actual["after"])
        measure = LOSSES[self.case.kwargs["loss"]]
        truth = self.case.truth
        reports = (actual["before"], actual["after"], expected["after"])
        before, after, usual = ([measure(output, truth) for output in report] for report in reports)
        for seed, (first, last) in enumerate(zip(before, after, strict=True)):
            if not last < first:
                words = say("module-no-loss", seed=seed, before=show(first), after=show(last))
                return Problem("module-no-loss", words)
        return self._far(float(np.median(after)), float(np.median(usual)), len(after))

    def _far(self, reached: float, usual: float, seeds: int) -> Problem | None:
        assert self.case is not None
        if self.beats_pca is not None:
            data = self.case.kwargs
            limit = pca_error(data["inputs"], data["held_out"], self.case.truth, self.beats_pca)
            if not reached < limit:
                words = say("module-pca", actual=f"{reached:.4g}", pca=f"{limit:.4g}", width=self.beats_pca)
                return Problem("module-pca", words)
        if reached <= usual * self.slack:
            return None
        words = say("module-loss", actual=f"{reached:.4g}", expected=f"{usual:.4g}", seeds=seeds)
        return Problem("module-loss", words)


def module(slack: float = 1.5, beats_pca: int | None = None) -> Module:
    """Judge torch modules; the cases are trials: `builds`, `computes`, `learns`, `steady`.

    Parameters
    ----------
    slack : float, default=1.5
        How many times the reference's held-out loss is still fine after training.
    beats_pca : int, optional
        For autoencoders: the held-out error has to be below that of a PCA with as many components.
    """
    return Module(slack, beats_pca)


def _shape_and_size(expected: Report, actual: Report) -> Problem | None:
    if list(actual["shape"]) != list(expected["shape"]):
        words = {"actual": tuple(actual["shape"]), "expected": tuple(expected["shape"])}
        return Problem("module-shape", say("module-shape", inputs=tuple(expected["inputs"]), **words))
    if actual["parameters"] != expected["parameters"]:
        words = {"actual": actual["parameters"], "expected": expected["parameters"]}
        return Problem("module-parameters", say("module-parameters", **words))
    return None


def _outputs(expected: Report, actual: Report) -> Problem | None:
    want, got = ([tuple(shape) for shape in report["weights"]] for report in (expected, actual))
    if want != got:
        example = {"yours": "\n".join(map(str, got)), "expected": "\n".join(map(str, want))}
        return Problem("module-weights", say("module-weights"), example)
    problem = close(rtol=1e-4, atol=1e-6)(expected["output"], actual["output"])
    return Problem("module-output", say("module-output"), problem.example) if problem else None


def _still(report: Report) -> dict[str, list[str]]:
    """Name the weights that are after training what they were before: no gradient reached them, or none moved them.

    Read off the weights, here: what runs beside the module could say anything.
    """
    pairs = list(zip(report["start"], report["end"], strict=True))
    names = dict.fromkeys(name for start, _ in pairs for name in start)
    same = [n for n in names if any(n in end and np.array_equal(start.get(n), end[n]) for start, end in pairs)]
    unreached = [str(name) for name in same if name in report["unreached"]]
    return {"unreached": unreached, "unmoved": [str(name) for name in same if str(name) not in unreached]}


def _steadiness(expected: Report, actual: Report) -> Problem | None:
    ours, theirs = _how_steady(expected), _how_steady(actual)
    for key in ("twice", "alone"):
        if ours[key] and not theirs[key]:
            return Problem(f"module-{key}", say(f"module-{key}"))
    if ours["random"] == theirs["random"]:
        return None
    key = "module-random" if ours["random"] else "module-never-random"
    return Problem(key, say(key))


def _how_steady(report: Report) -> dict[str, bool]:
    (first, second), alone, (one, other) = report["steady"], report["alone"], report["training"]
    row = np.atleast_1d(first)[:1]
    same = alone.shape == row.shape and np.allclose(alone, row, atol=1e-4, equal_nan=True)
    return {
        "twice": np.array_equal(first, second, equal_nan=True),
        "alone": bool(same),
        "random": not np.array_equal(one, other, equal_nan=True),
    }
