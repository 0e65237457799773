"""The gate every exercise passes: right answers pass, wrong ones fail by name, and no answer breaks the checker."""

import functools
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from mmlearn_edu.checks import wire
from mmlearn_edu.checks.adapters import adapted
from mmlearn_edu.checks.answerer import InPlace, Value
from mmlearn_edu.checks.drawn import Drawn
from mmlearn_edu.checks.exercise import CALLED, Exercise
from mmlearn_edu.checks.judge import judge
from mmlearn_edu.checks.learner import verdict_of
from mmlearn_edu.checks.messages import catalogue, say
from mmlearn_edu.checks.mutants import mutants
from mmlearn_edu.checks.source import answer_name, is_stub, stub_source
from mmlearn_edu.checks.verdict import STATUSES, Verdict

__all__ = ["MISBEHAVIOUR", "RUBBISH", "Report", "gate"]

MISTAKE_SEEDS = 5
MUTANT_SEEDS = 20
MUTANT_SECONDS = 5.0
DRAWS_KEPT = 64  # what was drawn for a seed, for the answers that meet it again

Draw = Callable[..., Drawn]  # of a seed and a dtype


@dataclass
class Report:
    """What the gate found: `problems` is empty where the exercise passes."""

    id: str
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    judged: int = 0
    mistakes: int = 0
    named: int = 0
    mutants: int = 0
    killed: int = 0
    equivalent: list[str] = field(default_factory=list)
    survivors: list[str] = field(default_factory=list)
    failures: set[str] = field(default_factory=set)
    seconds: float = 0.0

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems

    def __str__(self) -> str:
        head = f"{self.id}: {self.judged} judged, {self.killed} of {self.mutants} mutants killed"
        tail = f", {len(self.equivalent)} equivalent, {self.seconds:.1f} s"
        return "\n".join([head + tail, *(f"  {problem}" for problem in self.problems)])


def gate(exercise: Exercise, seeds: int | None = None, min_mistakes: int = 3, own: bool = False) -> Report:
    """Take `exercise` through everything it must stand.

    Parameters
    ----------
    exercise : Exercise
    seeds : int, optional
        How many seeds the right answers must pass; by default the exercise's own number. Each named mistake is
        tried with as many, but five at most.
    min_mistakes : int, default=3
        How many named mistakes it must know.
    own : bool, default=False
        Whether it is a teacher's own, for an exam: it needs no hints, and a mutant that passes is a note.
    """
    report = Report(exercise.id)
    start = time.perf_counter()
    draw = functools.lru_cache(DRAWS_KEPT)(functools.partial(Drawn, exercise))
    _right_answers(exercise, draw, report, seeds or exercise.seeds)
    _named_mistakes(exercise, draw, report, min(MISTAKE_SEEDS, seeds or exercise.seeds), min_mistakes, own)
    _stub(exercise, report)
    _mutants(exercise, draw, report)
    passing = [say("try-mutant" if own else "gate-mutant", name=name) for name in report.survivors]
    (report.notes if own else report.problems).extend(passing)
    _rubbish(exercise, draw, report, leave_out=_LOADS_HEAVY if own else ())
    _texts(exercise, report, hints_needed=not own)
    report.seconds = time.perf_counter() - start
    return report


def _answer(exercise: Exercise, function: Callable[..., Any], time_limit: float | None = None) -> InPlace | Value:
    """Answer with `function`: as it is, or for a value with what it returns."""
    if exercise.is_called:
        return InPlace(adapted(exercise, function), time_limit)
    (case, *_) = exercise.cases(np.random.default_rng(0), np.float64)
    return Value(function(*case.args, **case.kwargs))


def _right_answers(exercise: Exercise, draw: Draw, report: Report, seeds: int) -> None:
    dtypes = (np.float64, np.float32) if exercise.is_called else (np.float64,)
    for number, function in enumerate([exercise.reference, *exercise.alternatives]):
        name = say("gate-alternative", number=number) if number else say("gate-reference")
        for seed in range(seeds if exercise.is_called else 1):
            for dtype in dtypes:
                answer = _answer(exercise, function)
                verdict = judge(exercise, answer, seed, dtype, hidden=True, drawn=draw(seed, dtype))
                report.judged += 1
                if not verdict.passed:
                    facts = {"name": name, "seed": seed, "dtype": dtype.__name__, "verdict": verdict}
                    report.problems.append(say("gate-fails", **facts))
                    return


def _named_mistakes(exercise: Exercise, draw: Draw, report: Report, seeds: int, min_mistakes: int, own: bool) -> None:
    report.mistakes = len(exercise.mistakes)
    if len(exercise.mistakes) < min_mistakes:
        report.problems.append(say("gate-few-mistakes", count=len(exercise.mistakes), needed=min_mistakes))
    for mistake in exercise.mistakes:
        for seed in range(seeds):
            verdict = judge(exercise, _answer(exercise, mistake.function), seed, drawn=draw(seed, np.float64))
            report.judged += 1
            report.failures |= {item.problem for item in verdict.items} | {item.id for item in verdict.items}
            if verdict.passed or mistake.id not in verdict.diagnosis[:1]:
                report.problems.append(_unnamed(mistake.id, seed, verdict, own))
                break
        else:
            report.named += 1


def _unnamed(name: str, seed: int, verdict: Verdict, own: bool) -> str:
    """Say what a mistake reads as, where it does not read as itself; to a teacher, also what to do."""
    if not own:
        return say("gate-mistake", id=name, seed=seed, found=list(verdict.diagnosis) or verdict.status)
    if verdict.diagnosis and not verdict.passed:
        return say("try-mistake-other", id=name, other=verdict.diagnosis[0])
    return say("try-mistake-passes" if verdict.passed else "try-mistake-unnamed", id=name)


def _stub(exercise: Exercise, report: Report) -> None:
    scope = dict(vars(sys.modules[exercise.reference.__module__]))  # as after the notebook's imports
    try:
        exec(compile(stub_source(exercise), "<stub>", "exec"), scope)
    except Exception as error:  # a stub must run in a fresh notebook
        report.problems.append(say("gate-stub-raises", kind=type(error).__name__, text=error))
        return
    verdict = verdict_of(exercise, scope[answer_name(exercise)])
    if verdict.status != "not attempted":
        report.problems.append(say("gate-stub", status=verdict.status))
    if exercise.is_called and is_stub(exercise, exercise.reference):
        report.problems.append(say("gate-no-blank"))


def _mutants(exercise: Exercise, draw: Draw, report: Report) -> None:
    unused = set(exercise.equivalent_mutants)
    for mutant in mutants(exercise):
        report.mutants += 1
        if _survives(exercise, draw, mutant.function):
            if mutant.name in exercise.equivalent_mutants:
                report.equivalent.append(mutant.name)
                unused.discard(mutant.name)
            else:
                report.survivors.append(mutant.name)
        else:
            report.killed += 1
    report.problems += [say("gate-not-equivalent", name=name) for name in sorted(unused)]


def _survives(exercise: Exercise, draw: Draw, function: Callable[..., Any]) -> bool:
    """Whether a mutant passes every seed; the first failure ends the question."""
    for seed in range(min(MUTANT_SEEDS, exercise.seeds) if exercise.is_called else 1):
        try:
            answer = _answer(exercise, function, MUTANT_SECONDS)
        except Exception:  # a value that cannot even be computed is no right answer
            return False
        if not judge(exercise, answer, seed, hidden=True, drawn=draw(seed, np.float64)).passed:
            return False
    return True


class _EqualToAll:
    """Claims to be equal to everything."""

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        raise RuntimeError("no array here")


class _NoRepr:
    def __repr__(self) -> str:
        raise RuntimeError("no repr here")


def _nested() -> list[Any]:
    loop: list[Any] = []
    loop.append(loop)
    return loop


RUBBISH: dict[str, Callable[[], Any]] = {
    "zero": lambda: 0,
    "one": lambda: 1.0,
    "nan": lambda: float("nan"),
    "inf": lambda: float("inf"),
    "huge int": lambda: 10**5000,
    "complex": lambda: 1j,
    "true": lambda: True,
    "text": lambda: "answer",
    "bytes": lambda: b"answer",
    "empty list": list,
    "ragged list": lambda: [[1], [1, 2]],
    "dict": lambda: {1: 2},
    "set": lambda: {1, 2},
    "list in itself": _nested,
    "empty array": lambda: np.empty(0),
    "array of nan": lambda: np.full((30, 4), np.nan),
    "objects": lambda: np.array([None, "a", 1], dtype=object),
    "dates": lambda: np.array(["2020-01-01"], dtype="datetime64[D]"),
    "records": lambda: np.zeros(3, dtype=[("a", int), ("b", float)]),
    "terabytes announced": lambda: np.broadcast_to(1.0, (10**6, 10**6)),
    "generator": lambda: (i for i in range(3)),
    "function": lambda: len,
    "class": lambda: int,
    "module": lambda: np,
    "equal to all": _EqualToAll,
    "no repr": _NoRepr,
    "ellipsis": lambda: Ellipsis,
    "opaque": lambda: wire.Opaque("forged"),
}


class _NoWordsError(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no words here")


def _raises(*_args: Any, **_kwargs: Any) -> Any:
    raise ValueError("a learner's own error")


def _raises_wordlessly(*_args: Any, **_kwargs: Any) -> Any:
    raise _NoWordsError


def _exits(*_args: Any, **_kwargs: Any) -> Any:
    raise SystemExit(0)


def _spoils_its_input(*args: Any, **_kwargs: Any) -> Any:
    for value in args:
        if isinstance(value, np.ndarray):
            value[...] = value.dtype.type()
    return args[0] if args else None


def _yields(*_args: Any, **_kwargs: Any) -> Iterator[int]:
    yield 1


def _shows(*_args: Any, **_kwargs: Any) -> Any:
    import matplotlib.pyplot as plt  # heavy, and only this needs it

    plt.plot([1, 2])
    plt.show()


def _switches_settings(*_args: Any, **_kwargs: Any) -> None:
    import torch  # heavy, and only this needs it

    torch.set_default_dtype(torch.float64)
    np.seterr(all="raise")
    os.chdir(os.sep)


class _NeverTheSame:
    """Another answer at every call."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, *_args: Any, **_kwargs: Any) -> Any:
        self.calls += 1
        return np.full((1 + self.calls % 3, self.calls % 2 + 1), self.calls)


MISBEHAVIOUR: dict[str, Callable[[], Callable[..., Any]]] = {
    "raises": lambda: _raises,
    "raises without words": lambda: _raises_wordlessly,
    "exits": lambda: _exits,
    "spoils its input": lambda: _spoils_its_input,
    "yields": lambda: _yields,
    "shows": lambda: _shows,
    "switches settings": lambda: _switches_settings,
    "never the same": _NeverTheSame,
    "takes nothing": lambda: lambda: 1,
}


_LOADS_HEAVY = ("shows", "switches settings")  # they try the checker, more than the exercise


def _rubbish(exercise: Exercise, draw: Draw, report: Report, leave_out: Sequence[str]) -> None:
    for name, verdict in _rubbish_verdicts(exercise, draw, leave_out):
        report.judged += 1
        if isinstance(verdict, Exception):
            report.problems.append(say("gate-rubbish-raises", name=name, kind=type(verdict).__name__, text=verdict))
        elif verdict.status not in STATUSES or verdict.status == "checker problem":
            report.problems.append(say("gate-rubbish-reads", name=name, status=verdict.status, verdict=verdict))
        elif verdict.score > 0 and not _is_value_answer(exercise, name):
            report.problems.append(say("gate-rubbish-earns", name=name, score=verdict.score))


def _is_value_answer(exercise: Exercise, name: str) -> bool:
    """Say whether a number of the zoo may happen to be the right value; a constant function never is."""
    return not exercise.is_called and name in ("zero", "one", "true")


def _constant(value: Any, *_args: Any, **_kwargs: Any) -> Any:
    return value


def _rubbish_verdicts(
    exercise: Exercise, draw: Draw, leave_out: Sequence[str]
) -> Iterator[tuple[str, Verdict | Exception]]:
    answers: dict[str, Any] = {name: make() for name, make in RUBBISH.items()}
    if exercise.is_called:
        answers = {name: functools.partial(_constant, value) for name, value in answers.items()}
        answers |= {name: make() for name, make in MISBEHAVIOUR.items() if name not in leave_out}
    for name, answer in answers.items():
        try:
            if exercise.is_called:
                answerer = InPlace(adapted(exercise, answer), exercise.time_limit)
                verdict = judge(exercise, answerer, 0, drawn=draw(0, np.float64))
            else:
                verdict = verdict_of(exercise, answer, seed=0)
            str(verdict)
            verdict.mime_bundle()
            yield name, verdict
        except Exception as error:  # this is what the zoo is for
            yield name, error


def _texts(exercise: Exercise, report: Report, hints_needed: bool) -> None:
    if not exercise.task:
        report.problems.append(say("gate-no-task"))
    if hints_needed and exercise.kind in (*CALLED, "cell", "value") and len(exercise.hints) != 3:
        report.problems.append(say("gate-hints", count=len(exercise.hints)))
    unknown = sorted(set(exercise.hints_for) - _can_fail(exercise) - report.failures)
    report.problems += [say("gate-hints-for", key=key) for key in unknown]
    few = {key: len(hints) for key, hints in exercise.hints_for.items() if len(hints) != 3}
    report.problems += [say("gate-hints-for-few", key=key, count=count) for key, count in few.items()]
    every = [*exercise.hints, *(hint for hints in exercise.hints_for.values() for hint in hints)]
    long = [len(hint.split()) for hint in every if len(hint.split()) > 160]
    report.problems += [say("gate-hint-long", count=count) for count in long]


def _can_fail(exercise: Exercise) -> set[str]:
    """Gather what hints may be about: mistakes and laws of the exercise, labels of its cases, kinds of problems."""
    labels = {case.label for case in exercise.cases(np.random.default_rng(0), np.float64)}
    named = {mistake.id for mistake in exercise.mistakes} | {law.name for law in exercise.laws}
    return labels | named | set(catalogue("en"))
