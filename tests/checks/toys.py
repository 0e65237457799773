"""Small exercises to try the engine on, beside the real chapters."""

import sys

import numpy as np

from mmlearn_edu.checks.authoring import (
    case,
    cases,
    chapter,
    close,
    each_key,
    exact,
    exercise,
    law,
    mistake,
    prediction,
    question,
    random_matrices,
)

CHAPTER = chapter("08-pca", "Toys", minutes=1)


def _shift_blind(f, rng):
    X = rng.normal(size=(6, 3))
    return np.allclose(f(X), f(X + 7), atol=1e-8)


@exercise(
    "pca.center",
    points=3,
    cases=random_matrices([(3, 2), (30, 4), (5, 9)], loc=3),
    compare=close(),
    laws=[law("moving the cloud changes nothing", _shift_blind)],
    mistakes=[
        mistake("centred-rows", lambda X: X - X.mean(axis=1, keepdims=True), "You centred each sample."),
        mistake("grand-mean", lambda X: X - X.mean(), "You took one mean of all numbers."),
        mistake("median", lambda X: X - np.median(X, axis=0), "You took the median."),
    ],
    alternatives=[lambda X: X - np.ones((len(X), 1)) * (X.sum(0) / len(X))],
    hints=["Where is the middle?", "One mean a column.", "X.mean(axis=...)"],
    forbids=["sklearn.preprocessing"],
)
def center(X):
    """Move the cloud so that every feature averages zero."""
    # 1 one mean a feature
    ### BEGIN SOLUTION
    #: mean = X.mean(axis=...)
    mean = X.mean(axis=0)
    ### END SOLUTION
    # 2 subtract
    ### BEGIN SOLUTION
    return X - mean
    ### END SOLUTION


@exercise(
    "pca.foresee",
    kind="value",
    points=2,
    compare=each_key(exact()),
    mistakes=[mistake("stacked", lambda: {"a": (3, 3), "b": (2,)}, "Nothing is stacked here.")],
    hints=["a", "b", "c"],
)
def foreseen():
    """Write two shapes."""
    ### BEGIN SOLUTION
    #: foreseen = {
    #:     "a": ...,
    #:     "b": ...,
    #: }
    foreseen = {"a": (3, 4), "b": (1,)}
    ### END SOLUTION
    return foreseen


@exercise(
    "pca.why",
    kind="choice",
    options={"a": "because", "b": "why not"},
    mistakes=[mistake("a", lambda: "a", "Because is no reason.")],
)
def why():
    """Say why."""
    ### BEGIN SOLUTION
    #: answer = ...
    answer = "b"
    ### END SOLUTION
    return answer


@exercise("pca.turn", kind="widget", compare=close(atol=3), hints=["a", "b", "c"])
def angle():
    """Turn the axis."""
    ### BEGIN SOLUTION
    #: angle = ...
    angle = 45.0
    ### END SOLUTION
    return angle


@exercise(
    "pca.same_rows",
    cases=cases(
        case({"image": np.ones((2, 3)), "text": np.ones((2, 5))}, label="two rows each"),
        case(
            {"image": np.ones((2, 3)), "text": np.ones((4, 5))}, label="two and four", raises=ValueError, says=["text"]
        ),
        case({"image": np.ones((3, 3))}, label="kept for grading", hidden=True),
    ),
    compare=exact(),
    hints=["a", "b", "c"],
)
def same_rows(arrays):
    """Return the number of rows; raise ValueError naming the modality that differs."""
    ### BEGIN SOLUTION
    counts = {name: len(a) for name, a in arrays.items()}
    first = next(iter(counts.values()))
    for name, n in counts.items():
        if n != first:
            raise ValueError(f"{name} has {n} rows, not {first}")
    return first
    ### END SOLUTION


PREDICTIONS = [
    prediction(
        id="pca.share",
        prompt="How much?",
        options={"a": "little", "b": "much"},
        outcome=lambda share: "a" if share < 0.5 else "b",
        after="So it is.",
    ),
    prediction(id="pca.percent", prompt="How many percent?", unit="%", within=5),
]

QUESTIONS = [
    question(
        id=f"pca.q{i}",
        prompt=f"Question {i}?",
        options={"a": "yes", "b": "no", "c": "maybe"},
        answer="b",
        why="No is right.",
        wrong={"a": "Yes misses it."},
    )
    for i in range(7)
]

MODULE = sys.modules[__name__]
