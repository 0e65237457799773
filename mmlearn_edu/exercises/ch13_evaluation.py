"""Chapter 13-evaluation: recall by class, three checks for leaks, predictions held out, intervals, a threshold."""

# ruff: noqa: ARG001  (cases and laws have one signature, whatever they use of it)

import functools
from dataclasses import dataclass

import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from mmlearn_edu.checks.authoring import (
    case,
    chapter,
    close,
    exercise,
    law,
    mistake,
    nearest,
    prediction,
    question,
    same_hints,
)
from mmlearn_edu.checks.comparators.kinds import describe, kind_problem, show
from mmlearn_edu.checks.exercise import Problem
from mmlearn_edu.checks.messages import say
from mmlearn_edu.classification import LogisticRegression, svm_pipeline
from mmlearn_edu.datasets import SAMPLING_RATE, load_spoken_digits
from mmlearn_edu.features import flatten_images, mfcc_summary
from mmlearn_edu.widgets import best_threshold, threshold_scores

CHAPTER = chapter("13-evaluation", "Evaluation: right about nothing", minutes=50, needs=["00-start-here"])


def _size_of_gain(gain):
    return "a" if abs(gain) < 0.01 else "b" if abs(gain) < 0.1 else "c"


PREDICTIONS = [
    prediction(
        id="evaluation.by_lot",
        prompt="The article's report on 1797 digits says 1.00. Now every picture gets the label of another, drawn by "
        "lot: there is nothing left to learn. What does the same report say?",
        options={"a": "about 0.10, chance", "b": "about 0.50", "c": "about 1.00"},
        outcome=nearest({"a": 0.1, "b": 0.5, "c": 1.0}),
        after="The forest had learnt the test rows too, each by heart, whatever their labels said. A report that is "
        "high for labels by lot says nothing about the model.",
        example=1.0,
    ),
    prediction(
        id="evaluation.scaled_first",
        prompt="A support vector machine hears digits; half of the rows, drawn at random, are the test. Scaling by all "
        "rows uses test rows. How much higher is its accuracy than scaled by the training rows (mean of five draws)?",
        options={"a": "less than 0.01", "b": "0.01 to 0.1", "c": "more than 0.1"},
        outcome=_size_of_gain,
        after="900 rows of the same speakers have nearly the same means and spreads as 1800. The fault is real, its "
        "price here is nothing. Measure a leak before you blame it.",
        example=0.0004,
    ),
]

QUESTIONS = [
    question(
        id="evaluation.q1",
        prompt="Of 1000 people 990 are healthy. A test calls everybody healthy. What are its accuracy and its mean "
        "recall over the two classes?",
        options={"a": "0.99 and 0.50", "b": "0.99 and 0.99", "c": "0.50 and 0.99"},
        answer="a",
        why="990 of 1000 answers are right. The recalls are 1 and 0: it never found anybody who is ill.",
        wrong={
            "b": "The recall of the ill is 0, and it weighs as much as that of the healthy.",
            "c": "The other way round.",
        },
    ),
    question(
        id="evaluation.q2",
        prompt="You shuffle the labels, run everything again, and get 0.70 with two equally frequent classes. What "
        "does that say?",
        options={
            "a": "the model is better than chance",
            "b": "0.70 is what the model is really worth",
            "c": "somewhere the rows to be judged took part in learning or choosing",
        },
        answer="c",
        why="Nothing can be learnt from labels drawn by lot, so an honest score is 0.50.",
        wrong={"a": "There is nothing to be better at.", "b": "It is what the leak is worth."},
    ),
    question(
        id="evaluation.q3",
        prompt="A digit reader scores 0.99 on a random split. New writers will use it. What is missing?",
        options={
            "a": "more seeds for the random split",
            "b": "a split in which no writer stands on both sides",
            "c": "labels shuffled by lot",
        },
        answer="b",
        why="A random split asks about new digits of known writers. Split by what will be new.",
        wrong={
            "a": "All of them have the same writers on both sides.",
            "c": "That check is blind to writers: shuffled labels no longer belong to a hand.",
        },
    ),
    question(
        id="evaluation.q4",
        prompt="You tried 500 models on one test set and report the best. What is wrong with its score?",
        options={
            "a": "nothing: every model was fitted on other rows",
            "b": "it is too high: the best of many is also the luckiest",
            "c": "it is too low: the others pull it down",
        },
        answer="b",
        why="Even 500 coins have a best one. Choose on validation rows, and report on rows that chose nothing.",
        wrong={"a": "Choosing is learning too, and here the test rows did it.", "c": "The others are not reported."},
    ),
    question(
        id="evaluation.q5",
        prompt="Two models were judged on the same rows. Their intervals overlap. Are they equally good?",
        options={
            "a": "that cannot be told from the two: compare them row by row",
            "b": "yes, within the luck of these rows",
            "c": "no, for intervals never overlap by luck",
        },
        answer="a",
        why="What is hard for one is hard for the other. The interval of their difference can be clear of 0.",
        wrong={
            "b": "Each interval holds luck that both models share, and that cancels in their difference.",
            "c": "They often do.",
        },
    ),
    question(
        id="evaluation.q6",
        prompt="On which rows do you choose the threshold of an alarm?",
        options={"a": "on the training rows", "b": "on the test rows", "c": "on validation rows"},
        answer="c",
        why="They were not learnt from, and they are not reported on.",
        wrong={
            "a": "There the model is surer than it will ever be again: the threshold comes out too high.",
            "b": "Then the test rows chose something, and what they report is too good.",
        },
    ),
    question(
        id="evaluation.q7",
        prompt="A score is the mean of 14 writers. Which rows do you draw anew for its interval?",
        options={"a": "whole writers", "b": "single digits", "c": "only the wrong answers"},
        answer="a",
        why="Digits of one hand are alike: another sample would have brought other writers.",
        wrong={
            "b": "Then the interval is too narrow: it takes 1797 digits of 14 people for 1797 people.",
            "c": "Both right and wrong answers are part of the luck.",
        },
    ),
]


# evaluation.average_recall


def _count_cases(rng, dtype):
    def counts(n_classes, absent):
        found = rng.integers(0, 6, (n_classes, n_classes)) + np.diag(rng.integers(2, 12, n_classes))
        found[absent] = 0
        found[0, n_classes - 1] += 1  # the absent class is predicted, once at least
        return found

    return [
        case(np.array([[9, 0], [1, 0]]), label="10 cases, 1 of them ill; all called healthy"),
        case(np.array([[6, 2, 1], [1, 4, 0], [0, 0, 0]]), label="3 classes, no sample of the last"),
        case(counts(4, [3]), label="4 classes, no sample of the last"),
        case(counts(6, [2, 5]), label="6 classes, no sample of two"),
        case(counts(5, []), label="5 classes"),
    ]


def _recalls(counts, absent=0.0):
    n_true = counts.sum(axis=1)
    return np.where(n_true > 0, np.diagonal(counts) / np.maximum(n_true, 1), absent)


def _mean_precision(counts):
    n_called = counts.sum(axis=0)
    return np.mean(np.diagonal(counts)[n_called > 0] / n_called[n_called > 0])


def _mean_recall(counts):
    return _recalls(counts)[counts.sum(axis=1) > 0].mean()


def _more_of_one(f, rng):
    counts = rng.integers(1, 9, (3, 3))
    return np.isclose(f(counts), f(counts * np.array([[1], [50], [1]]))) or (
        "A class became 50 times more frequent, its recall stayed, and your mean moved."
    )


@exercise(
    "evaluation.average_recall",
    title="Average what was found, class by class",
    section=("by-hand", "3 · By hand"),
    points=1,
    cases=_count_cases,
    laws=[law("how frequent a class is does not matter", _more_of_one)],
    mistakes=[
        mistake(
            "accuracy",
            lambda counts: np.trace(counts) / counts.sum(),
            "That is the accuracy: frequent classes weigh more. First the recall of each class, then their mean.",
            seen="scikit-learn documentation: accuracy on imbalanced data, and why balanced_accuracy_score exists",
        ),
        mistake(
            "columns",
            _mean_precision,
            "You divided by the columns: of what was called the class, how much is right. That is precision. Recall "
            "divides by the rows, axis=1.",
            seen="expected slip, not yet seen: axis 0 for axis 1",
        ),
        mistake(
            "rows-by-columns",
            lambda counts: np.mean(_recalls(counts)[(counts.sum(axis=1) > 0) & (counts.sum(axis=0) > 0)]),
            "You also left out a class that occurs but was never found. Its recall is 0, and counts: only a class "
            "without a sample has no recall.",
            seen="expected slip, not yet seen: absent mixed up with never predicted",
        ),
        mistake(
            "absent-is-zero",
            lambda counts: _recalls(counts).mean(),
            "A class without a sample counts as 0 in your mean: nobody could find what is not there. Leave it out.",
            seen="scikit-learn issue #17704 (zero division): recall_score sets an absent class to 0",
        ),
        mistake(
            "absent-is-one",
            lambda counts: _recalls(counts, 1.0).mean(),
            "A class without a sample counts as 1 in your mean, as if it had been found. Leave it out.",
            seen="expected slip, not yet seen: zero_division=1",
        ),
        mistake(
            "recalls-returned",
            lambda counts: _recalls(counts)[counts.sum(axis=1) > 0],
            "These are the recalls, and they are right. Return their mean.",
            seen="expected slip, not yet seen: stopped before the mean",
        ),
        mistake(
            "added-up",
            lambda counts: _recalls(counts).sum(),
            "You added up the recalls. Divide by how many classes occur, or use np.mean.",
            seen="seen in a trial: np.sum for np.mean",
        ),
        mistake(
            "share-of-all",
            lambda counts: np.mean((np.diagonal(counts) / counts.sum())[counts.sum(axis=1) > 0]),
            "You divided by all samples. Each class is divided by its own: the sum of its row.",
            seen="expected slip, not yet seen: sum without an axis",
        ),
        mistake(
            "missed",
            lambda counts: 1 - _mean_recall(counts),
            "That is the share that was missed. Recall is the share that was found: the diagonal.",
            seen="expected slip, not yet seen: the complement",
        ),
    ],
    alternatives=[
        lambda counts: np.mean([row[i] / row.sum() for i, row in enumerate(counts) if row.sum() > 0]),
        lambda counts: float(np.nanmean(_recalls(counts, np.nan))),
    ],
    hints_for=same_hints(
        [
            "Which class of the case has no sample? What did you divide by there?",
            "n_true > 0 is True for classes that occur. An array of True and False picks entries: n_true[occurs].",
            "diagonal[occurs] / ...[occurs]      # only classes that occur; then the mean",
        ],
        "absent-is-zero",
        "absent-is-one",
        "nan",
        "rows-by-columns",
    ),
    hints=[
        "One recall for each class: of its samples, how many are on the diagonal?",
        "A row holds the samples of one true class. counts.sum(axis=...) adds up each row.",
        "n_true = counts.sum(axis=...)\noccurs = n_true > 0\nreturn np.mean(np.diagonal(counts)[occurs] / ...)",
    ],
    forbids=["sklearn.metrics", "mmlearn_edu.evaluation"],
)
def average_recall(counts):
    """Average the recall of all classes that occur: a number from 0 to 1.

    counts has shape (n_classes, n_classes): row the true class, column what it was called.
    A class without a sample, a row of zeros, has no recall: leave it out.
    """
    # 2 recall of every class that occurs
    ### BEGIN SOLUTION
    #: n_true = counts.sum(axis=...)
    #: occurs = n_true > 0
    n_true = counts.sum(axis=1)
    occurs = n_true > 0
    ### END SOLUTION
    # 3 average
    ### BEGIN SOLUTION
    #: return np.mean(np.diagonal(counts)[occurs] / ...)
    return np.mean(np.diagonal(counts)[occurs] / n_true[occurs])
    ### END SOLUTION


# evaluation.find_shared


def _group_cases(rng, dtype):
    def draw(groups, n_train, n_test):
        rows = rng.permutation(len(groups))
        return groups, np.sort(rows[:n_train]), np.sort(rows[n_train : n_train + n_test])

    writers = rng.permutation(np.repeat(np.arange(8), 3) + 20)
    apart = np.repeat([7, 3, 5, 9], 3)
    names = np.array(["awb", "kal16", "rms", "slt"])[rng.integers(0, 4, 14)]
    return [
        case(np.array(["ann", "ben", "ann", "cem"]), np.array([0, 1]), np.array([2, 3]), label="4 rows by 3 writers"),
        case(*draw(writers, 12, 8), label="24 rows by 8 writers"),
        case(apart, np.arange(6), np.arange(6, 12), label="12 rows, writers kept apart"),
        case(*draw(names, 6, 7), label="14 rows by 4 speakers"),
    ]


def _plain(values):
    return [each.item() if getattr(each, "ndim", 1) == 0 else each for each in values]


def _same_groups(expected, actual):
    """Compare two collections of groups, in any order."""
    kinds = (list, tuple, set, frozenset, np.ndarray)
    if actual is None or not isinstance(expected, kinds):
        return close()(expected, actual)
    if not isinstance(actual, kinds) or getattr(actual, "ndim", 1) != 1:
        return Problem("type", say("type", actual=describe(actual), expected=describe(expected)))
    want, got = (sorted(_plain(names), key=str) for names in (expected, actual))
    if list(map(str, want)) == list(map(str, got)):
        return None
    name, words = _how_they_differ(set(map(str, want)), set(map(str, got)), len(got))
    return Problem(name, words, _both(want, got))


def _how_they_differ(want, got, n_named):
    if len(got) < n_named:
        return "named-twice", "A group is named more than once."
    if want < got:
        return "too-many", "You name a group that stands on one side only."
    if got < want:
        return "too-few", "A group that stands on both sides is missing."
    return "other-groups", "These are not the groups that stand on both sides."


def _both(want, got):
    return {"yours": show(got), "expected": show(want)}


def _sides_swapped(f, rng):
    groups, rows = rng.integers(0, 6, 20), rng.permutation(20)
    one, other = f(groups, rows[:9], rows[9:]), f(groups, rows[9:], rows[:9])
    return sorted(_plain(one)) == sorted(_plain(other))


@exercise(
    "evaluation.find_shared",
    title="Find who stands on both sides of a split",
    section=("who-text", "Check 1: who is on both sides?"),
    points=1,
    cases=_group_cases,
    compare=_same_groups,
    laws=[law("train and test may change places", _sides_swapped)],
    mistakes=[
        mistake(
            "rows-compared",
            lambda groups, train, test: np.intersect1d(train, test),
            "You compared row numbers. No row is on both sides, but its writer may be: look at groups[train].",
            seen="expected slip, not yet seen: rows for groups",
        ),
        mistake(
            "rows-returned",
            lambda groups, train, test: np.asarray(test)[np.isin(groups[test], groups[train])],
            "These are rows. Name the groups themselves, each once.",
            seen="expected slip, not yet seen: row numbers returned",
        ),
        mistake(
            "places-returned",
            lambda groups, train, test: np.flatnonzero(np.isin(groups[test], groups[train])),
            "These are places within `test`. Name the groups themselves, each once.",
            seen="expected slip, not yet seen: flatnonzero returned",
        ),
        mistake(
            "every-row-named",
            lambda groups, train, test: groups[test][np.isin(groups[test], groups[train])],
            "Right groups, but one entry for every row. Name each group once: np.unique, or a set.",
            seen="expected slip, not yet seen: repeats left in",
        ),
        mistake(
            "both-lists-joined",
            lambda groups, train, test: np.union1d(groups[train], groups[test]),
            "That is everybody on either side. Those on both sides are asked for: the intersection.",
            seen="expected slip, not yet seen: | for &",
        ),
        mistake(
            "only-in-test",
            lambda groups, train, test: np.setdiff1d(groups[test], groups[train]),
            "Those stand in the test rows only: they are the honest ones. Name who stands on both sides.",
            seen="expected slip, not yet seen: - for &",
        ),
        mistake(
            "only-in-train",
            lambda groups, train, test: np.setdiff1d(groups[train], groups[test]),
            "Those stand in the training rows only. Name who stands on both sides.",
            seen="expected slip, not yet seen: - for &, other way round",
        ),
        mistake(
            "on-one-side",
            lambda groups, train, test: np.setxor1d(groups[train], groups[test]),
            "Those stand on one side only. Name who stands on both: the intersection.",
            seen="expected slip, not yet seen: ^ for &",
        ),
        mistake(
            "how-many",
            lambda groups, train, test: len(np.intersect1d(groups[train], groups[test])),
            "That is how many. Say who: return the groups.",
            seen="expected slip, not yet seen: the number returned",
        ),
        mistake(
            "yes-or-no",
            lambda groups, train, test: bool(np.isin(groups[test], groups[train]).any()),
            "That says whether. Say who: return the groups.",
            seen="expected slip, not yet seen: a bool returned",
        ),
    ],
    alternatives=[
        lambda groups, train, test: set(groups[train].tolist()) & set(groups[test].tolist()),
        lambda groups, train, test: [
            name for name in np.unique(groups) if name in groups[train] and name in groups[test]
        ],
        lambda groups, train, test: np.unique(groups[test][np.isin(groups[test], groups[train])]),
    ],
    hints_for=same_hints(
        [
            "train holds numbers of rows. Print groups[train]: what are these?",
            "groups[train] and groups[test] are the names on each side. NumPy or a set finds what both have.",
            "np.intersect1d(groups[...], groups[...])",
        ],
        "rows-compared",
        "rows-returned",
        "places-returned",
        "other-groups",
    )
    | same_hints(
        [
            "Take the first case: ann wrote rows 0 and 2. On which sides are they? And ben's, cem's?",
            "Of two sets, & is what both hold, | what either holds, - what only the first holds.",
            "set(groups[train].tolist()) & set(...)",
        ],
        "both-lists-joined",
        "only-in-test",
        "only-in-train",
        "on-one-side",
        "too-many",
        "too-few",
        "named-twice",
    ),
    equivalent_mutants={
        "return np.intersect1d(groups[train], groups[test]): np.intersect1d(groups[train], groups[test]) -> "
        "np.intersect1d(groups[test], groups[train])": "who is on both sides is so either way",
    },
    hints=[
        "Two steps: whose rows are on each side; who is in both lists.",
        "groups[train] picks the names of the training rows. np.intersect1d finds common entries, each once.",
        "return np.intersect1d(groups[train], ...)      # and the names on the other side",
    ],
)
def find_shared(groups, train, test):
    """Name every group that has rows on both sides of a split, each once, in any order.

    groups says whose each row is, for instance the writer.
    train and test are row numbers.
    """
    # whose rows are on each side? who is on both?
    ### BEGIN SOLUTION
    return np.intersect1d(groups[train], groups[test])
    ### END SOLUTION


# evaluation.shuffle_labels


def _label_cases(rng, dtype):
    return [
        case(np.arange(10) + 10, 4, int(rng.integers(1, 1000)), label="10 rows with different labels, 4 rounds"),
        case(np.arange(15) + 40, 6, int(rng.integers(1, 1000)), label="15 rows with different labels, 6 rounds"),
    ]


_SAID = {
    "labels-drawn": "Some labels come more often than before, others less. Shuffle the labels that are there.",
    "as-they-were": "The labels come in their old order.",
    "moved-along": "In a round the labels come in their old order, at most moved along. Shuffle them in every round.",
    "one-order-for-all": "All rounds have the same order. Draw a new one for every round.",
    "each-its-own": "Every round has an order of its own.",
}


def _kind_of_lot(lots):
    """Say how labels, whole numbers in a row like 10, 11, 12, were shuffled."""
    lots = np.asarray(lots)
    if np.any(np.sort(lots, axis=1) != np.sort(lots[0])) or len(np.unique(lots[0])) < lots.shape[1]:
        return "labels-drawn"
    if np.all(np.diff(lots, axis=1) > 0):
        return "as-they-were"
    if len(np.unique(lots, axis=0)) <= len(lots) / 2:
        return "one-order-for-all"
    moved_along = np.all(np.diff(lots, axis=1) % lots.shape[1] == 1, axis=1)  # 12 10 11 is 10 11 12 moved along
    return "moved-along" if moved_along.any() else "each-its-own"


@dataclass(frozen=True)
class _SameKindOfLot:
    """Judge shuffled labels by what they keep; which orders were drawn is free."""

    def __call__(self, expected, actual):
        """Return what was not kept."""
        problem = kind_problem(expected, actual)
        if problem is None and np.ndim(expected) == 1:
            return close()(np.sort(expected), np.sort(actual))
        if problem or np.ndim(expected) != 2 or np.asarray(actual).dtype.kind not in "iuf":
            return problem or close()(expected, actual)
        if not np.array_equal(np.sort(expected[0]), np.sort(np.asarray(actual)[0])):
            return Problem("labels-drawn", _SAID["labels-drawn"])
        want, got = _kind_of_lot(expected), _kind_of_lot(actual)
        return None if want == got else Problem(got, _SAID[got])


def _still_in_place(f, rng):
    y = np.arange(30) % 5
    kept = np.mean([np.mean(np.asarray(lot) == y) for lot in f(y, 40, 1)])
    return kept < 0.4 or "Most rows kept their own label: the labels must go to the wrong rows."


def _as_frequent(f, rng):
    y = rng.permutation(np.repeat([0, 1], [9, 3]))
    return all(np.sum(np.asarray(lot) == 1) == 3 for lot in f(y, 5, 2)) or (
        "3 of 12 labels were 1; after the shuffle it must be 3 again in every round."
    )


def _same_seed(f, rng):
    y = np.arange(12)
    return np.array_equal(f(y, 3, 5), f(y, 3, 5)) or "The same seed gave two different shuffles."


def _other_seed(f, rng):
    y = np.arange(12)
    return not np.array_equal(f(y, 3, 5), f(y, 3, 6)) or "Two seeds gave the same shuffle."


def _shuffled_in_place(y, n_rounds, seed):
    rng, found = np.random.default_rng(seed), []
    for _ in range(n_rounds):
        rng.shuffle(y)
        found.append(y.copy())
    return np.array(found)


@exercise(
    "evaluation.shuffle_labels",
    title="Hand the labels to the wrong rows",
    section=("lot-text", "Check 2: labels by lot"),
    points=2,
    cases=_label_cases,
    compare=_SameKindOfLot(),
    laws=[
        law("labels go to other rows", _still_in_place),
        law("each label is as frequent as before", _as_frequent),
        law("the same seed, the same shuffle", _same_seed),
        law("another seed, another shuffle", _other_seed),
    ],
    mistakes=[
        mistake(
            "one-order-for-all",
            lambda y, n_rounds, seed: np.array([np.random.default_rng(seed).permutation(y)] * n_rounds),
            "Every round has the same order, so ten rounds tell no more than one. Make the generator before the loop, "
            "and draw a permutation inside.",
            seen="expected slip, not yet seen: the generator made anew in every round",
        ),
        mistake(
            "labels-drawn",
            lambda y, n_rounds, seed: np.random.default_rng(seed).choice(y, (n_rounds, len(y))),
            "You drew labels anew, some twice, others never. Then chance is another in every round: shuffle those "
            "that are there, rng.permutation(y).",
            seen="expected slip, not yet seen: choice for permutation",
        ),
        mistake(
            "row-numbers",
            lambda y, n_rounds, seed: np.array(
                [rng.permutation(len(y)) for rng in [np.random.default_rng(seed)] for _ in range(n_rounds)]
            ),
            "These are row numbers in random order, not labels. Take y[order], or permute y itself.",
            seen="expected slip, not yet seen: permutation(len(y))",
        ),
        mistake(
            "one-round",
            lambda y, n_rounds, seed: np.random.default_rng(seed).permutation(y),
            "That is one round. Return n_rounds of them, a row each: (n_rounds, n_samples).",
            seen="expected slip, not yet seen: the loop left out",
        ),
        mistake(
            "a-column-a-round",
            lambda y, n_rounds, seed: (
                np.array([rng.permutation(y) for rng in [np.random.default_rng(seed)] for _ in range(n_rounds)]).T
            ),
            "Your rounds are columns. Give each a row: (n_rounds, n_samples).",
            seen="expected slip, not yet seen: transposed",
        ),
        mistake(
            "not-shuffled",
            lambda y, n_rounds, seed: np.array([y] * n_rounds),
            "The labels are in their old order. Use what rng.permutation(y) returns: y stays as it is, and of a table "
            "it would move whole rows only.",
            seen="expected slip, not yet seen: the result of rng.permutation thrown away",
        ),
        mistake(
            "in-place",
            _shuffled_in_place,
            "rng.shuffle wrote into the labels you were given: from now on they are wrong for everybody. Use "
            "rng.permutation, which makes a copy.",
            seen="numpy documentation: shuffle works in place, permutation returns a copy",
        ),
    ],
    alternatives=[
        lambda y, n_rounds, seed: np.random.default_rng(seed).permuted(np.tile(y, (n_rounds, 1)), axis=1),
        lambda y, n_rounds, seed: [y[np.random.default_rng([seed, i]).permutation(len(y))] for i in range(n_rounds)],
    ],
    hints_for=same_hints(
        [
            "Print two rows of what you return. Are they the same? Is each label as frequent as in y?",
            "rng.permutation(y) returns y in a new order, every time it is called on the same rng.",
            "rng = np.random.default_rng(seed)      # once; then a new permutation in every round",
        ],
        "one-order-for-all",
        "labels-drawn",
        "row-numbers",
        "not-shuffled",
        "the same seed, the same shuffle",
        "another seed, another shuffle",
    )
    | same_hints(
        [
            "How many rows does your answer have, and how many are asked for?",
            "A list of n_rounds arrays of length n_samples becomes (n_rounds, n_samples) by np.array.",
            "np.array([... for _ in range(n_rounds)])",
        ],
        "one-round",
        "a-column-a-round",
        "shape",
        "shape-transposed",
    ),
    equivalent_mutants={
        "return np.array([rng.permutation(y) for _ in range(n_rounds)]): np.array([rng.permutation(y) for _ in "
        "range(n_rounds)]) -> [rng.permutation(y) for _ in range(n_rounds)]": "a list of the same rows is as good",
    },
    hints=[
        "One generator from the seed. Then, n_rounds times, the labels in a new order.",
        "rng.permutation(y) returns a shuffled copy. np.array makes a matrix of a list of arrays.",
        "rng = ...\nreturn np.array([... for _ in range(n_rounds)])",
    ],
)
def shuffle_labels(y, n_rounds, seed):
    """Return the labels by lot, (n_rounds, n_samples): in every round a new order of the same labels.

    Each label stays as frequent as in y; only the rows it belongs to change.
    The same seed gives the same shuffles: rng = np.random.default_rng(seed).
    y itself is not changed.
    """
    ### BEGIN SOLUTION
    rng = np.random.default_rng(seed)
    return np.array([rng.permutation(y) for _ in range(n_rounds)])
    ### END SOLUTION


# evaluation.measure_scaling


def _scaled_cases(rng, dtype):
    train, test = rng.normal(size=(12, 4)) * [1, 5, 2, 9], rng.normal(2, 3, (9, 4)) * [1, 5, 2, 9]
    train[:, 2] = test[:, 2] = 4.0  # no spread at all
    both = np.vstack([train, test])
    alone = _scaled(train, train)
    wide, low = alone.copy(), alone.copy()
    wide[:, 3] *= 2.5
    low[:, 1] -= 1.75
    flat = alone.copy()
    flat[:, 2] = -0.5
    return [
        case(np.array([[0.0, 1.0], [1.0, 1.0], [2.0, 4.0]]), label="3 rows of 2 columns, not scaled"),
        case(alone, label="scaled by these very rows; one column has no spread"),
        case(_scaled(train, both), label="scaled together with other rows"),
        case(wide, label="a column is spread too far"),
        case(low, label="a column lies too low"),
        case(flat, label="a column has no spread and is not 0"),
        case(alone[:, [0, 1, 3]] / 2, label="spread too little"),
    ]


def _scaled(rows, by):
    spread = by.std(axis=0)
    return (rows - by.mean(axis=0)) / np.where(spread > 0, spread, 1)


def _offsets(Z, axis=0, ddof=0):
    mean, spread = Z.mean(axis=axis), Z.std(axis=axis, ddof=ddof)
    return np.abs(mean), np.where(spread > 0, np.abs(spread - 1), 0), spread


def _moved(f, rng):
    Z = _scaled(X := rng.normal(size=(20, 3)), X)
    return np.isclose(f(Z + np.array([0, 0.3, 0])), 0.3) or "One column was moved by 0.3: that is how far it is off."


@exercise(
    "evaluation.measure_scaling",
    title="Tell by which rows a table was scaled",
    section=("scaling-text", "Check 3: scaled by which rows?"),
    points=2,
    cases=_scaled_cases,
    laws=[law("a moved column is found", _moved)],
    mistakes=[
        mistake(
            "one-mean-for-all",
            lambda Z: max(abs(Z.mean()), abs(Z.std() - 1)),
            "You took one mean and one spread of the whole table: columns that are too high and too low cancel. "
            "Take them column by column, axis=0.",
            seen="expected slip, not yet seen: mean without an axis",
        ),
        mistake(
            "row-by-row",
            lambda Z: max(part.max() for part in _offsets(Z, axis=1)[:2]),
            "You looked at rows. Scaling works on columns: axis=0.",
            seen="expected slip, not yet seen: axis 1",
        ),
        mistake(
            "means-only",
            lambda Z: _offsets(Z)[0].max(),
            "You looked at the means only. A column of the wrong spread was scaled by other rows too.",
            seen="expected slip, not yet seen: half of the answer",
        ),
        mistake(
            "spreads-only",
            lambda Z: _offsets(Z)[1].max(),
            "You looked at the spreads only. A column whose mean is not 0 was scaled by other rows too.",
            seen="expected slip, not yet seen: half of the answer",
        ),
        mistake(
            "sign-kept",
            lambda Z: max(Z.mean(axis=0).max(), np.where(Z.std(axis=0) > 0, Z.std(axis=0) - 1, 0).max()),
            "You kept the sign: a column that lies too low, or is spread too little, is missed. Use np.abs.",
            seen="expected slip, not yet seen: max without abs",
        ),
        mistake(
            "sign-of-means-kept",
            lambda Z: max(Z.mean(axis=0).max(), _offsets(Z)[1].max()),
            "You kept the sign of the means: a column that lies too low is missed. Use np.abs there too.",
            seen="expected slip, not yet seen: abs on one of two",
        ),
        mistake(
            "no-spread-counted",
            lambda Z: max(_offsets(Z)[0].max(), np.abs(Z.std(axis=0) - 1).max()),
            "A column without spread cannot be scaled to spread 1, and you count it as off by 1. Judge it by its mean "
            "alone.",
            seen="expected slip, not yet seen: constant columns, as pixels in a corner are",
        ),
        mistake(
            "no-spread-left-out",
            lambda Z: max(part[Z.std(axis=0) > 0].max() for part in _offsets(Z)[:2]),
            "You left out the column without spread altogether. Its mean counts still.",
            seen="seen in a trial: columns without spread removed",
        ),
        mistake(
            "variance",
            lambda Z: max(_offsets(Z)[0].max(), np.where(Z.std(axis=0) > 0, np.abs(Z.var(axis=0) - 1), 0).max()),
            "You took the variance. The spread is its square root: Z.std(axis=0).",
            seen="seen in a trial: var for std",
        ),
        mistake(
            "sign-of-spreads-kept",
            lambda Z: max(_offsets(Z)[0].max(), np.where(Z.std(axis=0) > 0, Z.std(axis=0) - 1, 0).max()),
            "You kept the sign of spread - 1: a column that is spread too little is missed. Use np.abs there too.",
            seen="seen in a trial: abs on one of two",
        ),
        mistake(
            "divided-by-n-minus-1",
            lambda Z: max(part.max() for part in _offsets(Z, ddof=1)[:2]),
            "You divided by n - 1. Scalers divide by n, as Z.std(axis=0) does without ddof.",
            seen="scikit-learn documentation of StandardScaler: the biased estimator, numpy.std(x, ddof=0)",
        ),
        mistake(
            "averaged",
            lambda Z: max(_offsets(Z)[0].mean(), _offsets(Z)[1].mean()),
            "You averaged over the columns, so one bad column hides among good ones. Take the largest.",
            seen="expected slip, not yet seen: mean for max",
        ),
        mistake(
            "added-up",
            lambda Z: (_offsets(Z)[0] + _offsets(Z)[1]).max(),
            "You added the two. The larger of them is asked for.",
            seen="expected slip, not yet seen: sum for max",
        ),
        mistake(
            "yes-or-no",
            lambda Z: bool(max(part.max() for part in _offsets(Z)[:2]) < 1e-6),
            "That is a verdict. Return the number, so that one sees how far off it is.",
            seen="expected slip, not yet seen: a bool returned",
        ),
    ],
    alternatives=[
        lambda Z: max(
            max(abs(column.mean()), abs(column.std() - 1) if column.std() > 0 else 0) for column in np.asarray(Z).T
        ),
        lambda Z: np.max([_offsets(Z)[0], _offsets(Z)[1]]),
    ],
    hints_for=same_hints(
        [
            "Print Z.mean(axis=0) and Z.std(axis=0) of the case that fails. Which column is off, and how?",
            "Two lists of faults, one entry a column: |mean - 0|, and |spread - 1| where there is any spread.",
            "np.where(spread > 0, np.abs(...), 0)      # 0 where a column has no spread",
        ],
        "means-only",
        "spreads-only",
        "sign-kept",
        "sign-of-means-kept",
        "sign-of-spreads-kept",
        "no-spread-counted",
        "no-spread-left-out",
        "averaged",
        "added-up",
    )
    | same_hints(
        [
            "Z has rows and columns. Along which axis did the scaler take its means?",
            "Z.mean(axis=0) goes down each column: one mean a column.",
            "mean, spread = Z.mean(axis=...), Z.std(axis=...)      # one entry a column",
        ],
        "one-mean-for-all",
        "row-by-row",
        "type",
    ),
    equivalent_mutants={
        "return max(np.abs(mean).max(), off.max()): max(np.abs(mean).max(), off.max()) -> max(off.max(), "
        "np.abs(mean).max())": "the larger of two is so either way",
    },
    hints=[
        "Scaled by itself, a column has mean 0 and spread 1. How far is each column from that?",
        "Z.std(axis=0) is the spread. np.where(condition, one, other) picks for every column.",
        (
            "mean, spread = Z.mean(axis=0), Z.std(axis=0)\n"
            "off = np.where(spread > 0, ..., 0)\n"
            "return max(np.abs(mean).max(), ...)"
        ),
    ],
)
def measure_scaling(Z):
    """Say how far rows are from scaled by themselves: the largest fault of any column, a number.

    Z has shape (n_samples, n_features).
    A column's faults: how far its mean is from 0, and its spread (Z.std, divisor n) from 1.
    A column without any spread has only the first.
    """
    # mean and spread of every column
    ### BEGIN SOLUTION
    mean, spread = Z.mean(axis=0), Z.std(axis=0)
    ### END SOLUTION
    # how far are they off? the largest
    ### BEGIN SOLUTION
    off = np.where(spread > 0, np.abs(spread - 1), 0)
    return max(np.abs(mean).max(), off.max())
    ### END SOLUTION


# evaluation.predict_held_out


def _fold_cases(rng, dtype):
    def draw(n, folds, n_features=3):
        y = rng.permutation(np.arange(n) % 3)
        fold = rng.permutation(np.array(folds)[np.arange(n) % len(folds)])
        hand = rng.normal(size=(100, n_features))  # every fold has a place and a spread of its own
        X = rng.normal(size=(n, n_features)) + 1.3 * np.eye(3)[y] + 1.5 * hand[fold]
        X *= np.array([1, 20, 0.1])  # without a scaler the second column decides
        return (X * (1 + 5 * (fold == folds[0]))[:, None]).astype(dtype), y, fold

    return [
        case(*draw(36, [0, 1]), label="36 rows in folds 0 and 1"),
        case(*draw(60, [3, 7, 8]), label="60 rows in folds 3, 7 and 8"),
    ]


def _held_out(X, y, fold, learn):
    found = np.empty_like(y)
    for k in np.unique(fold):
        found[fold == k] = learn(X, y, fold == k)
    return found


def _honest(X, y, out):
    return svm_pipeline().fit(X[~out], y[~out]).predict(X[out])


def _others_say(X, y, fold, k):
    return make_pipeline(StandardScaler(), SVC()).fit(X[fold != k], y[fold != k]).predict(X)


def _swapped_folds(X, y, fold):
    found = np.empty_like(y)
    for k in np.unique(fold):
        found[fold != k] = svm_pipeline().fit(X[fold == k], y[fold == k]).predict(X[fold != k])
    return found


def _scaled_first(X, y, fold):
    Z = StandardScaler().fit_transform(X)
    return _held_out(Z, y, fold, lambda Z, y, out: SVC().fit(Z[~out], y[~out]).predict(Z[out]))


def _scaled_apart(X, y, out):
    train, test = (StandardScaler().fit_transform(X[rows]) for rows in (~out, out))
    return SVC().fit(train, y[~out]).predict(test)


def _not_scaled(X, y, out):
    return SVC().fit(X[~out], y[~out]).predict(X[out])


def _fold_scores(X, y, fold):
    return np.array([np.mean(_honest(X, y, fold == k) == y[fold == k]) for k in np.unique(fold)])


def _first_split_only(X, y, fold):
    out = fold == np.unique(fold)[0]
    return svm_pipeline().fit(X[~out], y[~out]).predict(X)


def _last_split_only(X, y, fold):
    return _others_say(X, y, fold, np.unique(fold)[-1])


def _last_fold_forgotten(X, y, fold):
    found = np.zeros_like(y)
    for k in np.unique(fold)[:-1]:
        found[fold == k] = _honest(X, y, fold == k)
    return found


def _own_label_unread(f, rng):
    X, y, fold = _fold_cases(rng, float)[1].args
    lied = np.where(fold == 7, (y + 1) % 3, y)
    same = np.array_equal(np.asarray(f(X, y, fold))[fold == 7], np.asarray(f(X, lied, fold))[fold == 7])
    return same or "The labels of fold 7 were changed, and so did the predictions for fold 7: its model had seen them."


@exercise(
    "evaluation.predict_held_out",
    title="Predict every row by a model that never saw its fold",
    section=("folds-text", "Every row judged, none learnt from"),
    points=3,
    cases=_fold_cases,
    laws=[law("the labels of a fold do not reach its predictions", _own_label_unread)],
    mistakes=[
        mistake(
            "fitted-on-all",
            lambda X, y, fold: svm_pipeline().fit(X, y).predict(X),
            "The model learnt from the rows it predicts. For each fold, fit on the rows outside it: fold != k.",
            seen="expected slip, not yet seen: fit(X, y).predict(X)",
        ),
        mistake(
            "fitted-on-its-fold",
            lambda X, y, fold: _held_out(
                X, y, fold, lambda X, y, out: svm_pipeline().fit(X[out], y[out]).predict(X[out])
            ),
            "Each fold was predicted by a model that learnt from that very fold. Fit on fold != k, predict fold == k.",
            seen="expected slip, not yet seen: the same mask twice",
        ),
        mistake(
            "the-other-way-round",
            _swapped_folds,
            "You learnt from one fold and predicted the others. Fit on fold != k, predict fold == k.",
            seen="expected slip, not yet seen: == and != swapped",
        ),
        mistake(
            "scaled-first",
            _scaled_first,
            "You scaled all rows before the folds, so each fold helped to scale itself. svm_pipeline() scales inside: "
            "give it the rows as they are.",
            seen="scikit-learn user guide, common pitfalls: data leakage during pre-processing",
        ),
        mistake(
            "scaled-apart",
            lambda X, y, fold: _held_out(X, y, fold, _scaled_apart),
            "You scaled the rows to be predicted by themselves. They must be scaled as the training rows were: "
            "svm_pipeline() does it.",
            seen="scikit-learn user guide, common pitfalls: inconsistent preprocessing",
        ),
        mistake(
            "not-scaled",
            lambda X, y, fold: _held_out(X, y, fold, _not_scaled),
            "You did not scale at all: the column with the largest numbers decides alone. svm_pipeline() scales, then "
            "calls the SVM.",
            seen="seen in a trial: SVC() for svm_pipeline()",
        ),
        mistake(
            "last-model-for-all",
            _last_split_only,
            "The model of the last round predicted all rows, most of which it had learnt from. In each round predict "
            "the rows of that fold, and only these: X[fold == k].",
            seen="seen in a trial: predict after the loop, or found = ... without a place",
        ),
        mistake(
            "one-model-for-all",
            _first_split_only,
            "One model predicted all rows, most of which it had learnt from. Fit anew in every round.",
            seen="expected slip, not yet seen: fit outside the loop",
        ),
        mistake(
            "in-order-of-folds",
            lambda X, y, fold: np.concatenate([_honest(X, y, fold == k) for k in np.unique(fold)]),
            "The predictions are right, but in order of the folds. Put each in its row's place: found[fold == k] = ...",
            seen="expected slip, not yet seen: concatenate",
        ),
        mistake(
            "a-fold-left-out",
            _last_fold_forgotten,
            "The last fold was never predicted. Go through all of np.unique(fold).",
            seen="expected slip, not yet seen: range ends one early",
        ),
        mistake(
            "scores-returned",
            _fold_scores,
            "These are scores, one a fold. Return the predictions, one a row: from them every score can be computed.",
            seen="expected slip, not yet seen: cross_val_score in mind",
        ),
        mistake(
            "one-score-returned",
            lambda X, y, fold: np.mean(_held_out(X, y, fold, _honest) == y),
            "That is the accuracy. Return the predictions, one a row: from them every score can be computed.",
            seen="expected slip, not yet seen: one number returned",
        ),
    ],
    alternatives=[
        lambda X, y, fold: _held_out(X, y, fold, _honest),
        lambda X, y, fold: sum(np.where(fold == k, _others_say(X, y, fold, k), 0) for k in set(fold.tolist())),
    ],
    hints_for=same_hints(
        [
            "Take fold k. Which rows may its model learn from, and which rows does it answer for?",
            "fold == k is True on the rows of the fold, fold != k on all others. Fit on one, predict the other.",
            "model = svm_pipeline().fit(X[fold != k], ...)      # and predict the rows that are left",
        ],
        "fitted-on-all",
        "fitted-on-its-fold",
        "the-other-way-round",
        "one-model-for-all",
        "last-model-for-all",
        "the labels of a fold do not reach its predictions",
    )
    | same_hints(
        [
            "Which rows told the scaler its means? svm_pipeline() holds a scaler of its own.",
            "A pipeline's fit scales by the rows it is given, and its predict scales new rows in the same way.",
            "svm_pipeline().fit(X[...], y[...]).predict(X[...])      # raw rows in, no scaler before",
        ],
        "scaled-first",
        "scaled-apart",
        "not-scaled",
    )
    | same_hints(
        [
            "If fit complains: how many rows, and of how many classes, does it get?",
            "range may name folds without rows; np.unique(fold) does not. found = y is no copy: filling it changes y.",
            "found = np.empty_like(y)\nfor k in np.unique(fold):\n    ...",
        ],
        "raised",
    )
    | same_hints(
        [
            "What has one entry a row, in the order of X?",
            "Make an array like y first, and fill in the rows of each fold.",
            "found = np.empty_like(y)\nfor k in np.unique(fold):\n    found[...] = ...",
        ],
        "in-order-of-folds",
        "a-fold-left-out",
        "scores-returned",
        "one-score-returned",
        "shape",
        "type",
    ),
    hints=[
        "One round a fold: a fresh model learns from all other rows and answers for this fold.",
        "np.unique(fold) lists the folds. found[fold == k] = ... fills the places of its rows.",
        (
            "found = np.empty_like(y)\n"
            "for k in np.unique(fold):\n"
            "    model = svm_pipeline().fit(X[...], y[...])\n"
            "    found[...] = model.predict(X[...])\n"
            "return found"
        ),
    ],
    equivalent_mutants={
        "for k in np.unique(fold):: np.unique(fold) -> fold": "the same folds, each done again for every row",
    },
    forbids=["sklearn.model_selection"],
    time_limit=10.0,
    seeds=12,
)
def predict_held_out(X, y, fold):
    """Predict every row by an svm_pipeline() that learnt from the other folds only: (n_samples,).

    X has shape (n_samples, n_features), y holds whole numbers.
    fold says to which fold each row belongs; any whole numbers.
    """
    ### BEGIN SOLUTION
    found = np.empty_like(y)
    for k in np.unique(fold):
        model = svm_pipeline().fit(X[fold != k], y[fold != k])
        found[fold == k] = model.predict(X[fold == k])
    return found
    ### END SOLUTION


# evaluation.resample_score

_DRAWS = 6000


def _score_cases(rng, dtype):
    seeds = rng.integers(1, 10_000, 3).tolist()
    outer = np.concatenate([[-2], rng.normal(3, 1, 38), [8]])  # the first and the last row must be drawn too
    return [
        case(np.array([1, 1, 0, 1, 1], float), _DRAWS, seeds[0], label="5 answers, 4 of them right"),
        case(outer, _DRAWS, seeds[1], label="40 scores"),
        case(rng.uniform(0.2, 0.9, 30), _DRAWS, seeds[2], label="30 scores from 0.2 to 0.9"),
    ]


def _means(values, n_draws, seed, size=None):
    values = np.asarray(values)
    rows = np.random.default_rng(seed).integers(len(values), size=(n_draws, size or len(values)))
    return values[rows].mean(axis=1)


def _ends(means, share=0.95):
    low, high = np.quantile(means, [(1 - share) / 2, (1 + share) / 2])
    return low, high


def _spread_of(values):
    return np.std(values) / np.sqrt(len(values))


def _how_wide(ratio, problem):
    if 0.9 < ratio < 1.1:
        return problem
    key = "too-narrow" if ratio < 1 else "too-wide"
    return Problem(key, f"Your interval is {ratio:.2g} times as wide as it should be.", problem.example)


@dataclass(frozen=True)
class _SameInterval:
    """Compare intervals from random draws: their ends may differ by a small part of their width."""

    def __call__(self, expected, actual):
        """Return what is off."""
        if np.shape(expected) != (2,):
            return close()(expected, actual)
        width = abs(expected[1] - expected[0])
        actual = tuple(actual) if isinstance(actual, np.ndarray) and actual.shape == (2,) else actual
        problem = close(rtol=0, atol=max(0.056 * width, 1e-9))(expected, actual)
        if problem is None or problem.id != "value" or not actual[0] <= actual[1]:
            return problem
        return _how_wide((actual[1] - actual[0]) / max(width, 1e-9), problem)


def _covers(f, rng):
    inside = 0
    for _ in range(80):
        low, high = f(rng.normal(0.7, 0.2, 100), 200, 1)
        inside += low <= 0.7 <= high
    return inside >= 66 or (
        f"80 times 100 scores were drawn around 0.7. Your interval held 0.7 only {inside} times; about 76 are due."
    )


def _same_draws(f, rng):
    values = rng.random(20)
    return np.array_equal(f(values, 100, 3), f(values, 100, 3)) or "The same seed gave two different intervals."


@exercise(
    "evaluation.resample_score",
    title="Say how far luck moves a score",
    section=("interval-text", "How far does luck reach?"),
    points=2,
    cases=_score_cases,
    compare=_SameInterval(),
    laws=[
        law("it covers the truth", _covers),
        law("the same seed, the same interval", _same_draws),
    ],
    mistakes=[
        mistake(
            "nothing-left-out",
            lambda values, n_draws, seed: (np.mean(values), np.mean(values)),
            "Each draw was all rows in another order, so every mean is the same. Draw with replacement: some rows "
            "twice, others not at all.",
            seen="expected slip, not yet seen: permutation for a bootstrap draw",
        ),
        mistake(
            "of-the-values",
            lambda values, n_draws, seed: _ends(values),
            "That is where single scores lie. Take the quantiles of the means, one mean a draw.",
            seen="expected slip, not yet seen: quantiles of the data",
        ),
        mistake(
            "ninety-percent",
            lambda values, n_draws, seed: _ends(_means(values, n_draws, seed), 0.9),
            "You cut off 5 % at each end: that is an interval of 90 %. For 95 % cut off 2.5 % at each end.",
            seen="expected slip, not yet seen: 0.05 and 0.95",
        ),
        mistake(
            "percent-for-share",
            lambda values, n_draws, seed: tuple(np.percentile(_means(values, n_draws, seed), [0.025, 0.975])),
            "np.percentile counts from 0 to 100, so both ends are near the smallest mean. Use np.quantile, or 2.5 and "
            "97.5.",
            seen="expected slip, not yet seen: percentile for quantile",
        ),
        mistake(
            "smallest-and-largest",
            lambda values, n_draws, seed: (_means(values, n_draws, seed).min(), _means(values, n_draws, seed).max()),
            "The smallest and the largest mean lie further apart the more you draw. Take quantiles: 0.025 and 0.975.",
            seen="expected slip, not yet seen: min and max",
        ),
        mistake(
            "half-as-many",
            lambda values, n_draws, seed: _ends(_means(values, n_draws, seed, len(values) // 2)),
            "You drew half as many rows. Means of fewer rows differ more: draw as many as there are.",
            seen="expected slip, not yet seen: half samples",
        ),
        mistake(
            "last-never-drawn",
            lambda values, n_draws, seed: _ends(
                np.random.default_rng(seed).choice(values[:-1], (n_draws, len(values))).mean(axis=1)
            ),
            "The last row is never drawn: rng.integers(n) stops before n by itself.",
            seen="seen in a trial: integers(n - 1)",
        ),
        mistake(
            "one-spread",
            lambda values, n_draws, seed: (
                np.mean(values) - _spread_of(values),
                np.mean(values) + _spread_of(values),
            ),
            "You went one spread to each side: about 68 %. The quantiles 0.025 and 0.975 hold 95 %.",
            seen="expected slip, not yet seen: plus and minus one standard error",
        ),
        mistake(
            "spread-of-the-values",
            lambda values, n_draws, seed: (
                np.mean(values) - 1.96 * np.std(values),
                np.mean(values) + 1.96 * np.std(values),
            ),
            "That is the spread of single scores. A mean of n scores moves less: draw rows, and look at their means.",
            seen="expected slip, not yet seen: standard deviation for standard error",
        ),
        mistake(
            "high-first",
            lambda values, n_draws, seed: _ends(_means(values, n_draws, seed))[::-1],
            "Both ends are right, in the wrong order: first the low one.",
            seen="expected slip, not yet seen: order of what is returned",
        ),
        mistake(
            "means-returned",
            lambda values, n_draws, seed: _means(values, n_draws, seed),
            "These are the means of all draws. Return the two between which 95 % of them lie.",
            seen="expected slip, not yet seen: stopped before the quantiles",
        ),
    ],
    alternatives=[
        lambda values, n_draws, seed: _ends(
            np.random.default_rng(seed).choice(values, (n_draws, len(values))).mean(axis=1)
        ),
        lambda values, n_draws, seed: np.percentile(_means(values, n_draws, seed), [2.5, 97.5]),
    ],
    hints_for=same_hints(
        [
            "Print one draw of row numbers. Does any row come twice? How many are there?",
            "rng.integers(n, size=n) draws n row numbers with replacement. Of their values you take one mean.",
            "rows = rng.integers(n, size=(n_draws, ...))      # a draw a row; values[rows] has the same shape",
        ],
        "nothing-left-out",
        "half-as-many",
        "last-never-drawn",
        "too-narrow",
        "too-wide",
        "of-the-values",
        "spread-of-the-values",
        "it covers the truth",
    )
    | same_hints(
        [
            "How many of your means lie below the low end, and how many above the high one?",
            "95 % in the middle leave 2.5 % at each end. np.quantile takes shares from 0 to 1.",
            "np.quantile(means, [..., 0.975])",
        ],
        "ninety-percent",
        "percent-for-share",
        "smallest-and-largest",
        "one-spread",
        "means-returned",
    ),
    hints=[
        "Had other rows been drawn, the mean would be another. Imitate that: draw from the rows you have.",
        "rng.integers(n, size=(n_draws, n)) draws row numbers with replacement. np.quantile cuts off the ends.",
        (
            "rng, n = np.random.default_rng(seed), len(values)\n"
            "rows = rng.integers(n, size=(...))\n"
            "return tuple(np.quantile(values[rows].mean(axis=...), [...]))"
        ),
    ],
    seeds=12,
    time_limit=10.0,
)
def resample_score(values, n_draws, seed):
    """Return (low, high): between them lie 95 % of the means of rows drawn anew.

    values is an array with one score a row, for instance 1 for right and 0 for wrong.
    n_draws times: draw as many rows as there are, with replacement, and take their mean.
    The same seed gives the same draws: rng = np.random.default_rng(seed).
    """
    ### BEGIN SOLUTION
    rng, n = np.random.default_rng(seed), len(values)
    rows = rng.integers(n, size=(n_draws, n))
    low, high = np.quantile(values[rows].mean(axis=1), [0.025, 0.975])
    return low, high
    ### END SOLUTION


# evaluation.find_threshold


@functools.cache
def eight_alarm():
    """Return who is really an eight, how sure the alarm is, and the writer, for all 1797 rows."""
    digits = load_spoken_digits(image_noise=0.4, audio_snr_db=-6)
    pixels = flatten_images(digits.X["image"])
    both = np.hstack([pixels, mfcc_summary(digits.X["audio"], SAMPLING_RATE, n_segments=5)])
    y, writer = np.asarray(digits.y), digits.groups["writer"]
    eight = np.equal(y, 8)
    alarm = make_pipeline(StandardScaler(), LogisticRegression(C=0.1)).fit(both[writer < 5], eight[writer < 5])
    return eight, alarm.predict_proba(both)[:, 1], writer


@functools.cache
def _validation():
    eight, sure, writer = eight_alarm()
    rows = (writer >= 5) & (writer < 9)
    return eight[rows], sure[rows]


def _at(threshold):
    eight, sure = _validation()
    found = threshold_scores(eight, sure, threshold)
    return float(found["recall"]), float(found["precision"])


def _best_precision():
    return _at(best_threshold(*_validation()))[1]


def _meets_goal(expected, actual):
    """Accept every threshold that reaches the goal; of the others say what they miss."""
    problem = close()(expected, actual)
    if problem is None or problem.id != "value":
        return problem
    (recall, precision), goal = _at(float(actual)), _best_precision() - 0.02
    if recall >= 0.9 and precision >= goal:
        wanted = _at(float(expected))
        return None if wanted[0] >= 0.9 and wanted[1] >= goal else problem
    if recall < 0.9:
        return Problem(
            "too-few-found",
            f"At {float(actual):.3g} the recall is {recall:.2f}, below 0.9: eights are missed. Move it down.",
        )
    return Problem(
        "too-many-called",
        f"At {float(actual):.3g} the recall is {recall:.2f}, but the precision only {precision:.2f}. There is a higher "
        "threshold that still finds 0.9 of the eights.",
    )


@exercise(
    "evaluation.find_threshold",
    title="Put a threshold where nine of ten are found",
    section=("widget-text", "7 · Find nine eights of ten"),
    kind="widget",
    points=1,
    cases=lambda rng, dtype: [case(label="the threshold")],
    compare=_meets_goal,
    mistakes=[
        mistake(
            "half",
            lambda: 0.5,
            "0.5 is where the alarm stands by itself. Eights are rare, and it is seldom that sure: too many are missed."
            " Move it down.",
            seen="expected slip, not yet seen: the default threshold",
        ),
        mistake(
            "everything-is-eight",
            lambda: 0.0,
            "At 0 everything is called an eight: all are found, and nine of ten alarms are false. Move it up.",
            seen="expected slip, not yet seen: the end of the slider",
        ),
        mistake(
            "the-goal",
            lambda: 0.9,
            "0.9 is the recall to reach. The answer is the threshold at which you reach it.",
            seen="expected slip, not yet seen: the other number on the screen",
        ),
        mistake(
            "the-goal-in-percent",
            lambda: 90.0,
            "That is the recall to reach, in percent. The answer is the threshold, a probability between 0 and 1.",
            seen="expected slip, not yet seen: the other number on the screen",
        ),
        mistake(
            "nothing-is-eight",
            lambda: 1.0,
            "At 1 nothing is called an eight, and none is found. Move it down.",
            seen="expected slip, not yet seen: the other end of the slider",
        ),
    ],
    alternatives=[lambda: best_threshold(*_validation())],
    hints_for=same_hints(
        [
            "Move from the left end to the right and watch recall. Where is it last at 0.9 or more?",
            "The highest threshold with recall 0.9 calls the fewest others: go up until recall breaks, then step back.",
            "threshold = moving      # reads the number from the widget",
        ],
        "half",
        "everything-is-eight",
        "nothing-is-eight",
        "the-goal",
        "too-few-found",
        "too-many-called",
    ),
    hints=[
        "A higher threshold calls fewer rows. What does that do to recall, and mostly to precision?",
        "Is recall above 0.9? Go up, as far as it lasts. Is it below? Go down, and no further than needed.",
        "threshold = moving      # reads the number from the widget",
    ],
)
def find_threshold():
    """Move the threshold until recall is at least 0.9, with as much precision as possible; give the threshold."""
    ### BEGIN SOLUTION
    #: threshold = ...  # the number you found, or the widget itself: threshold = moving
    threshold = 0.17
    ### END SOLUTION
    return threshold


# evaluation.fix_article and why


def _report_cases(rng, dtype):
    def draw(n, n_classes, n_trees):
        y = rng.permutation(np.arange(n) % n_classes)
        X = rng.normal(size=(n, 40)) + 0.35 * rng.normal(size=(n_classes, 40))[y]
        test = np.zeros(n, bool)
        test[rng.permutation(n)[: n // 2]] = True
        return X.astype(dtype), y, test, n_trees

    return [
        case(*draw(120, 3, 5), label="120 rows of 3 classes, 5 trees"),
        case(*draw(160, 4, 4), label="160 rows of 4 classes, 4 trees"),
    ]


def _reported(X, y, test, n_trees, learn=None, judge=None, max_features="sqrt"):
    learn, judge = ~test if learn is None else learn, test if judge is None else judge
    forest = RandomForestClassifier(n_trees, max_features=max_features, random_state=0)
    return forest.fit(X[learn], y[learn]).score(X[judge], y[judge])


def _lot_is_chance(f, rng):
    X, y, test = rng.normal(size=(200, 20)), rng.permutation(np.arange(200) % 2), np.arange(200) < 100
    found = float(f(X, y, test, 8))
    return (
        found < 0.75
        or f"Labels by lot, two classes, and the report says {found:.2f}. The forest has seen the test rows."
    )


@exercise(
    "evaluation.fix_article",
    title="Repair a report that judges what was learnt",
    section=("debug-text", "8 · Debug the article"),
    points=3,
    cases=_report_cases,
    laws=[law("labels by lot score at chance", _lot_is_chance)],
    mistakes=[
        mistake(
            "as-published",
            lambda X, y, test, n_trees: _reported(X, y, test, n_trees, learn=slice(None)),
            "The loud fault is mended, the silent one is not: fit still gets all rows, the test rows among them. Fit "
            "on X[~test].",
            seen="a classic of published notebooks: model.fit(X, y) before the score on X_test",
        ),
        mistake(
            "scored-on-training",
            lambda X, y, test, n_trees: _reported(X, y, test, n_trees, judge=~test),
            "You fit on the training rows and score the same rows. Score X[test], y[test].",
            seen="expected slip, not yet seen: ~test twice",
        ),
        mistake(
            "scored-on-all",
            lambda X, y, test, n_trees: _reported(X, y, test, n_trees, judge=slice(None)),
            "The score counts all rows, also those that were learnt from. Score X[test], y[test].",
            seen="expected slip, not yet seen: score(X, y)",
        ),
        mistake(
            "fitted-on-test",
            lambda X, y, test, n_trees: _reported(X, y, test, n_trees, learn=test),
            "You fit on the test rows and score them. Fit on the others: ~test is True where test is False.",
            seen="expected slip, not yet seen: the same mask twice",
        ),
        mistake(
            "sides-swapped",
            lambda X, y, test, n_trees: _reported(X, y, test, n_trees, learn=test, judge=~test),
            "You fit on the test rows and score the others. It is the other way round.",
            seen="expected slip, not yet seen: ~ on the wrong side",
        ),
        mistake(
            "all-features",
            lambda X, y, test, n_trees: _reported(X, y, test, n_trees, max_features=None),
            "The split is honest now. But None gives every tree all features; for a forest 'auto' meant 'sqrt'.",
            seen="scikit-learn 1.1 release notes: 'auto' is deprecated, use 'sqrt' to keep the behaviour",
        ),
        mistake(
            "log2",
            lambda X, y, test, n_trees: _reported(X, y, test, n_trees, max_features="log2"),
            "The split is honest now. But 'log2' is another rule; 'auto' meant 'sqrt', the square root.",
            seen="expected slip, not yet seen: the first word of the error's list",
        ),
        mistake(
            "training-rows-all-features",
            lambda X, y, test, n_trees: _reported(X, y, test, n_trees, learn=slice(None), max_features=None),
            "fit still gets all rows, the test rows among them: fit on X[~test]. And 'auto' meant 'sqrt', not None.",
            seen="expected slip, not yet seen: both",
        ),
        mistake(
            "training-rows-log2",
            lambda X, y, test, n_trees: _reported(X, y, test, n_trees, learn=slice(None), max_features="log2"),
            "fit still gets all rows, the test rows among them: fit on X[~test]. And 'auto' meant 'sqrt', not 'log2'.",
            seen="seen in a trial: both",
        ),
        mistake(
            "predictions-returned",
            lambda X, y, test, n_trees: (
                RandomForestClassifier(n_trees, random_state=0).fit(X[~test], y[~test]).predict(X[test])
            ),
            "These are the predictions. Return the share that is right: forest.score.",
            seen="expected slip, not yet seen: predict for score",
        ),
    ],
    alternatives=[
        lambda X, y, test, n_trees: (
            RandomForestClassifier(n_trees, random_state=0).fit(X[~test], y[~test]).score(X[test], y[test])
        ),
        lambda X, y, test, n_trees: np.mean(
            RandomForestClassifier(n_trees, max_features="sqrt", random_state=0)
            .fit(X[np.flatnonzero(~test)], y[np.flatnonzero(~test)])
            .predict(X[test])
            == y[test]
        ),
    ],
    hints_for=same_hints(
        [
            "Which rows does fit get? Which rows does score get? Do they share any?",
            "test is True for rows to be judged. ~test is True for all the others.",
            "forest.fit(X[...], y[...])      # the rows that will not be judged",
        ],
        "as-published",
        "scored-on-training",
        "scored-on-all",
        "fitted-on-test",
        "sides-swapped",
        "labels by lot score at chance",
    )
    | same_hints(
        [
            "Read the last line of the error: what may max_features be?",
            "'auto' was another word for the square root of the number of features.",
            "RandomForestClassifier(n_trees, max_features=..., random_state=0)      # or leave it out",
        ],
        "all-features",
        "log2",
        "training-rows-all-features",
        "training-rows-log2",
        "raised",
    ),
    equivalent_mutants={
        "forest = RandomForestClassifier(n_trees, max_features='sqrt', random_state=0): RandomForestClassifier("
        "n_trees, max_features='sqrt', random_state=0) -> RandomForestClassifier(n_trees, random_state=0)": "'sqrt' is "
        "the default",
    },
    hints=[
        "Two faults: one stops with an error, the other flatters.",
        "The error lists the words that are allowed. Then look at which rows fit is given.",
        (
            "forest = RandomForestClassifier(n_trees, max_features=..., random_state=0)\n"
            "forest.fit(X[...], y[...])\n"
            "return forest.score(X[test], y[test])"
        ),
    ],
    seeds=12,
    time_limit=10.0,
)
def report(X, y, test, n_trees):
    """Report the share of test rows that a forest gets right, having learnt from all other rows.

    test is an array of True and False, True for a row to be judged.
    n_trees is how many trees vote; everything else as in the article, random_state=0 too.
    """
    ### BEGIN SOLUTION
    #: forest = RandomForestClassifier(n_trees, max_features="auto", random_state=0)
    #: forest.fit(X, y)
    #: return forest.score(X[test], y[test])
    forest = RandomForestClassifier(n_trees, max_features="sqrt", random_state=0)
    forest.fit(X[~test], y[~test])
    return forest.score(X[test], y[test])
    ### END SOLUTION


@exercise(
    "evaluation.why_unnoticed",
    title="Say why nobody noticed",
    section=("debug-text", "8 · Debug the article"),
    kind="choice",
    points=1,
    cases=lambda rng, dtype: [case(label="your choice")],
    options={
        "a": "because a forest of trees can not be wrong on so few pixels",
        "b": "because test rows were named and scored, and a high number is what everybody hoped for",
        "c": "because random_state=0 was a lucky seed",
        "d": "because the error about max_features drew all eyes away from the number",
    },
    mistakes=[
        mistake(
            "a",
            lambda: "a",
            "Judged on rows it never saw, it is wrong on a few in a hundred; on labels by lot nearly always.",
            seen="expected slip, not yet seen: a wrong belief about forests",
        ),
        mistake(
            "c",
            lambda: "c",
            "Every seed gives a score near 1.00: the rows are known by heart.",
            seen="expected slip, not yet seen: a wrong belief about seeds",
        ),
        mistake(
            "d",
            lambda: "d",
            "When the article was written, 'auto' raised no error. The number stood there all by itself.",
            seen="expected slip, not yet seen: the loud fault taken for the reason",
        ),
    ],
    hints=[
        "Read the article's three lines as its author did. What looks like an honest test, and who doubts a good score?"
    ],
)
def why_unnoticed():
    """Say why the article's silent fault could have gone unnoticed."""
    ### BEGIN SOLUTION
    #: answer = ...  # a letter
    answer = "b"
    ### END SOLUTION
    return answer
