"""The forked guard and the answerer in place, for systems that cannot fork, give the same verdict on every answer."""

import functools
import json
import os
import random
import re

import numpy as np
import pytest

from mmlearn_edu.checks import registry
from mmlearn_edu.checks.adapters import adapted
from mmlearn_edu.checks.answerer import InPlace
from mmlearn_edu.checks.drawn import Drawn
from mmlearn_edu.checks.gate import MISBEHAVIOUR, RUBBISH
from mmlearn_edu.checks.guard import Forked, can_fork
from mmlearn_edu.checks.judge import judge
from mmlearn_edu.checks.mutants import mutants

pytestmark = pytest.mark.skipif(not can_fork(), reason="needs fork (Linux); elsewhere there is one answerer only")
SECONDS = 5.0
CALLED = [exercise for slug in registry.chapter_ids() for exercise in registry.exercises(slug) if exercise.is_called]


def answers(exercise):
    """Yield every answer that the exercise knows of: right ones, named mistakes, and mutants of the reference."""
    yield "the reference", exercise.reference
    yield from ((f"alternative {i}", function) for i, function in enumerate(exercise.alternatives, start=1))
    yield from ((f"mistake {mistake.id}", mistake.function) for mistake in exercise.mistakes)
    yield from ((f"mutant {mutant.name}", mutant.function) for mutant in mutants(exercise))


def verdicts(drawn, function):
    """Return what the judge says by each of the two answerers; `function` makes the answer for each of them."""
    exercise, found = drawn.exercise, []
    for kind in (Forked, InPlace):
        answerer = kind(adapted(exercise, function()), SECONDS)
        found.append(judge(exercise, answerer, drawn.seed, drawn.dtype, hidden=True, drawn=drawn))
    return found


def comparable(verdict):
    """Return a verdict as text, without the line that raised: in a warm loop Python 3.11 may name the one before."""
    return re.sub(r"(in the line: ).*?(?=\\n|\")", r"\1", json.dumps(verdict.to_dict(), default=str))


def differences(exercise, found, seeds, dtypes=(np.float64,)):
    """Return what the two answerers judge differently."""
    different = []
    draws = [Drawn(exercise, seed, dtype) for seed in range(seeds) for dtype in dtypes]
    for name, function in found:
        for drawn in draws:
            forked, in_place = verdicts(drawn, lambda: function)  # noqa: B023
            if comparable(forked) != comparable(in_place):
                different.append(f"{name}, seed {drawn.seed}:\n{forked}\nin place:\n{in_place}")
    return different


@pytest.mark.parametrize("exercise", CALLED, ids=lambda exercise: exercise.id)
def test_both_answerers_give_the_same_verdict_on_every_sixth_answer(exercise):
    """The reference is the first; what toys answer, right and wrong, is all in test_judge.py."""
    assert differences(exercise, [*answers(exercise)][::6], seeds=1) == []


@pytest.mark.slow
@pytest.mark.parametrize("exercise", CALLED, ids=lambda exercise: exercise.id)
def test_both_answerers_give_the_same_verdict_on_every_answer(exercise):
    assert differences(exercise, answers(exercise), seeds=3, dtypes=(np.float64, np.float32)) == []


def _chatty(X):
    print("mean", "x" * 1000)
    return X


def _displays(X):
    from IPython.display import display

    display(X.shape)
    return X


def _draws_without_a_seed(X):
    return X - np.random.normal()  # noqa: NPY002


class _Counts:
    """Changes the world a little at every call."""

    def __call__(self, X):
        np.seterr(all="raise")
        os.environ["MMLEARN_COUNT"] = os.environ.get("MMLEARN_COUNT", "") + "x"
        random.random()
        return X * len(os.environ["MMLEARN_COUNT"])


def _constant(value, *_args, **_kwargs):
    return value


def _constantly(make):
    return functools.partial(_constant, make())


def _breaks_numpy(X):
    np.asarray = np.mean = np.linalg.svd = None
    return X


ODD = {
    "breaks NumPy": lambda: _breaks_numpy,
    **{name: functools.partial(_constantly, make) for name, make in RUBBISH.items()},
    **MISBEHAVIOUR,
    "prints": lambda: _chatty,
    "displays": lambda: _displays,
    "draws without a seed": lambda: _draws_without_a_seed,
    "changes the world": _Counts,
}


@pytest.mark.parametrize("name", ODD)
def test_both_answerers_give_the_same_verdict_on_what_is_no_answer(name):
    forked, in_place = verdicts(Drawn(registry.get("pca.center"), 0), ODD[name])
    assert forked.to_dict() == in_place.to_dict()
    assert forked.score == 0
