"""Chapter 08-pca: centre, find the axes, project and come back, choose how many, fit on the training rows only."""

import functools

import numpy as np

from mmlearn_edu.checks.authoring import (
    case,
    chapter,
    close,
    exact,
    exercise,
    law,
    mistake,
    prediction,
    question,
    random_matrices,
    same_hints,
    up_to_sign,
)
from mmlearn_edu.checks.exercise import Problem
from mmlearn_edu.datasets import load_spoken_digits

CHAPTER = chapter("08-pca", "PCA: the directions in which data varies", minutes=50, needs=["00-start-here"])

LIBRARY = ["sklearn.decomposition", "mmlearn_edu.representations"]

PREDICTIONS = [
    prediction(
        id="pca.raw_axis",
        prompt="The pixels of 1797 digits, not centred. What does the first axis of their SVD look like?",
        options={
            "a": "the average digit",
            "b": "the stroke in which the digits differ most",
            "c": "noise: no digit can be seen in it",
        },
        outcome=lambda cosine: "a" if cosine > 0.95 else "b",
        after="A cloud far from zero has one dominant direction as seen from zero: the way to its own middle.",
        example=0.99,
    ),
    prediction(
        id="pca.test_error",
        prompt="You fit PCA, 20 axes, on 60 training digits; then again on those 60 and the 60 test digits together. "
        "What happens to the squared error on the test digits, rebuilt from their codes?",
        options={
            "a": "nearly nothing: PCA never sees a label",
            "b": "it drops by a third or more",
            "c": "it grows",
        },
        outcome=lambda ratio: "c" if ratio > 1.1 else "b" if ratio < 2 / 3 else "a",
        after="The axes were bent towards the very rows they are judged on. That is a leak, without any label.",
        example=0.5,
    ),
]

QUESTIONS = [
    question(
        id="pca.q1",
        prompt="You take the SVD of pixels that were not centred. What is the first axis?",
        options={
            "a": "the direction of most variance",
            "b": "a random direction",
            "c": "nearly the direction of the mean",
        },
        answer="c",
        why="From zero, the cloud lies in the direction of its middle; only after centring do axes speak of variance.",
        wrong={"a": "That needs centred data.", "b": "It is the same every time, and it is no accident."},
    ),
    question(
        id="pca.q2",
        prompt="X has shape (100, 64) and you keep 10 axes. What shape have the codes?",
        options={"a": "(10, 64)", "b": "(64, 10)", "c": "(100, 10)"},
        answer="c",
        why="One row per sample stays; each sample is now 10 numbers, one per axis.",
        wrong={"a": "That is the shape of the axes: one row per axis.", "b": "That is the shape of the axes, turned."},
    ),
    question(
        id="pca.q3",
        prompt="Two PCA programs agree in everything, but the third axis has opposite signs. Which one is wrong?",
        options={"a": "neither", "b": "the one whose axis has a negative first entry", "c": "both"},
        answer="a",
        why="v and -v span the same line and catch the same variance; fix a sign only to make pictures repeatable.",
        wrong={"b": "A sign rule is a habit, not part of PCA.", "c": "Both axes span the same line."},
    ),
    question(
        id="pca.q4",
        prompt="New rows arrive after PCA was fitted. What do you subtract from them before projecting?",
        options={"a": "the mean of the training rows", "b": "the mean of the new rows", "c": "nothing"},
        answer="a",
        why="The axes start from the training mean. A single new row has no mean of its own to offer.",
        wrong={
            "b": "Then the same image gets another code in other company.",
            "c": "Then every code is shifted by the same amount.",
        },
    ),
    question(
        id="pca.q5",
        prompt="You keep every axis, project the rows, and rebuild them from their codes. How large is the error?",
        options={"a": "zero, up to rounding", "b": "the smallest variance", "c": "it depends on the signs"},
        answer="a",
        why="With every axis kept, PCA only turns the cloud. What you drop is what you lose.",
        wrong={
            "b": "Even the axis with the smallest variance was kept.",
            "c": "A sign cancels: it is used going and coming back.",
        },
    ),
    question(
        id="pca.q6",
        prompt="The variances along the axes are 6, 3, 1. How many axes hold at least 90 % of the variance?",
        options={"a": "1", "b": "2", "c": "3"},
        answer="b",
        why="6 + 3 = 9 of 10.",
        wrong={"a": "One axis holds 60 %.", "c": "Three hold everything; two are enough for 90 %."},
    ),
    question(
        id="pca.q7",
        prompt="PCA uses no labels. May you fit it on training and test rows together before you measure on the test?",
        options={
            "a": "yes: without labels nothing can leak",
            "b": "no: the axes adapt to the test rows",
            "c": "only if the test rows are centred by themselves first",
        },
        answer="b",
        why="With few rows and many features the error on the test rows can halve; on new data it will not.",
        wrong={
            "a": "The axes and the mean are learned from rows, labels or not.",
            "c": "Then the test rows are measured from another place, and the axes have still seen them.",
        },
    ),
    question(
        id="pca.q8",
        prompt="s holds the singular values of centred X with n rows. What is the variance along axis i?",
        options={"a": "s[i]", "b": "s[i] / n", "c": "s[i]**2 / (n - 1)"},
        answer="c",
        why="The variance is the mean of the squared positions along the axis; their squares sum to s[i]**2.",
        wrong={
            "a": "s is a length: it is neither squared nor divided by the number of rows.",
            "b": "A length divided by a number is no variance; square it first.",
        },
    ),
]


# Clouds with a known spectrum: no two axes are alike, so the right axes are unique up to their signs.


_MEAN = np.array([3.0, -1.0, 4.0])


def _cloud(rng, n_samples, n_features, variances, dtype, middle=5.0):
    """Draw (n_samples, n_features) whose covariance has exactly `variances`, with its middle far from zero."""
    raw = rng.normal(size=(n_samples, len(variances)))
    scores = np.linalg.qr(raw - raw.mean(axis=0))[0] * np.sqrt(np.asarray(variances) * (n_samples - 1))
    axes = np.linalg.qr(rng.normal(size=(n_features, len(variances))))[0].T
    return (scores @ axes + middle + rng.normal(size=n_features)).astype(dtype)


def _fit(X, k):
    """Return the mean and the k first axes of X."""
    X = np.asarray(X, float)
    mean = X.mean(axis=0)
    return mean, np.linalg.svd(X - mean, full_matrices=False)[2][:k]


# pca.center


@exercise(
    "pca.center",
    title="Centre the cloud",
    section=("by-hand", "3 · By hand"),
    points=1,
    cases=random_matrices(shapes=[(3, 2), (30, 4), (5, 9), (4, 4)], loc=3),
    laws=[
        law(
            "every feature averages zero", lambda f, rng: np.allclose(np.mean(f(rng.normal(9, 2, (20, 3))), axis=0), 0)
        ),
        law("moving the cloud changes nothing", lambda f, rng: _moves_nothing(f, rng)),
    ],
    mistakes=[
        mistake(
            "centred-rows",
            lambda X: X - X.mean(axis=1, keepdims=True),
            "You centred each sample. Centre each feature: average over axis 0, down the columns.",
            seen="Cross Validated question 36254: mean centring across rows or columns?",
        ),
        mistake(
            "averaged-rows",
            lambda X: X - X.mean(axis=1),
            "axis=1 averages along each row and leaves one number per sample. You need one number per feature: "
            "average down the columns, over axis 0.",
            seen="Cross Validated question 36254: a - np.mean(a, axis=1), one of three candidates",
        ),
        mistake(
            "one-mean-for-all",
            lambda X: X - X.mean(),
            "You subtracted one number, the mean of the whole table. Each feature needs its own mean: "
            "n_features numbers, so tell mean() along which axis to average.",
            seen="Cross Validated question 36254: a - np.mean(a), one of three candidates",
        ),
        mistake(
            "median",
            lambda X: X - np.median(X, axis=0),
            "You subtracted the median. PCA needs the mean: only then does every feature average zero.",
            seen="expected slip, not yet seen: another middle",
        ),
        mistake(
            "standardised",
            lambda X: (X - X.mean(axis=0)) / X.std(axis=0),
            "You also divided by the standard deviation. That is standardising. Here, only move the cloud.",
            seen="B. Mikulski, 'PCA - how to choose the number of components?': PCA 'is going to standardize'",
        ),
        mistake(
            "no-axis-2",
            lambda X: X - X.mean(axis=2),
            "Axes are counted from 0. X has two: axis 0 runs down the rows, axis 1 along each row. There is no axis 2.",
            seen="expected slip, not yet seen: axes counted from 1",
        ),
        mistake(
            "changes-input",
            lambda X: np.subtract(X, X.mean(axis=0), out=X),
            "X -= ... writes into the table you were given. Make a new one: return X - mean.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "mean-returned",
            lambda X: X.mean(axis=0),
            "You returned the means. Return the cloud after it has moved: X - mean.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "mean-added",
            lambda X: X + X.mean(axis=0),
            "You added the mean, which moves the cloud twice as far from zero. Subtract it: X - mean.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "other-way-round",
            lambda X: X.mean(axis=0) - X,
            "You subtracted the data from the mean, so every sign is turned round. Write X - mean.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "sum-subtracted",
            lambda X: X - X.sum(axis=0),
            "You subtracted the sum of each column. The mean is that sum divided by the number of samples: "
            "X.mean(axis=0).",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "first-row-subtracted",
            lambda X: X - X[0],
            "You moved the first sample to zero. It is the middle of all samples that should land there: "
            "subtract the mean.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "divided",
            lambda X: X / X.mean(axis=0),
            "You divided by the mean. To move the cloud, subtract: X - mean.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "axis-in-quotes",
            lambda X: X - X.mean(axis="0"),
            "axis= wants a number. Write 0 without quotes.",
            seen="typed while answering this chapter as a newcomer",
        ),
    ],
    alternatives=[
        lambda X: X - np.ones((len(X), 1)) * (X.sum(axis=0) / len(X)),
        lambda X: np.apply_along_axis(lambda column: column - column.mean(), 0, X),
    ],
    hints_for={
        **same_hints(
            [
                "Print X.shape and mean.shape. Do the two fit, lined up from the right?",
                (
                    "A cloud of shape (3, 2) needs a mean of shape (2,): one number per column. axis= names the axis "
                    "that disappears."
                ),
                "mean = X.mean(axis=...)      # (n_samples, n_features) -> (n_features,)",
            ],
            "raised",
            "averaged-rows",
            "axis-in-quotes",
            "no-axis-2",
        ),
        **same_hints(
            [
                "Average your own result over axis 0. Which columns are not zero?",
                (
                    "A column averages zero once its own mean has been subtracted from each of its numbers, and "
                    "nothing else was done."
                ),
                "mean = X.mean(axis=...)\nreturn X - mean\n\n# to look at it: center(X).mean(axis=0) is all zeros",
            ],
            "every feature averages zero",
            "values",
        ),
    },
    hints=[
        "X has one row per sample and one column per feature. You need one mean per column: n_features numbers.",
        (
            "mean(axis=0) walks down the rows and leaves one number per column. "
            "Its shape (n_features,) then broadcasts over all rows when you subtract."
        ),
        "mean = X.mean(axis=?)      # shape (n_features,)\nreturn X - mean",
    ],
    forbids=[*LIBRARY, "sklearn.preprocessing"],
)
def center(X):
    """Move the cloud X, (n_samples, n_features), so that every feature averages zero."""
    # 1 centre: one mean per feature, shape (n_features,)
    ### BEGIN SOLUTION
    #: mean = X.mean(axis=...)
    mean = X.mean(axis=0)
    ### END SOLUTION
    return X - mean


def _moves_nothing(f, rng):
    X = rng.normal(size=(12, 3))
    return np.allclose(f(X), f(X + np.array([100.0, -7.0, 3.0])))


# pca.fit_axes


def _axes_cases(rng, dtype):
    return [
        case(_cloud(rng, 4, 3, [9, 4, 1], dtype), 2, label="4 samples, 3 features, 2 axes"),
        case(_cloud(rng, 30, 5, [16, 9, 4, 2, 1], dtype), 3, label="30 samples, 5 features, 3 axes"),
        case(_cloud(rng, 20, 4, [16, 9, 4, 1], dtype), 4, label="20 samples, 4 features, all 4 axes"),
        case(_cloud(rng, 6, 9, [25, 16, 9, 4, 1], dtype), 2, label="6 samples, 9 features, 2 axes"),
    ]


def _svd_of(X, k, centre=True, power=2, divisor=1):
    """Compute axes and variances by SVD, with the slips that the mistakes below need."""
    _, s, Vt = np.linalg.svd(X - X.mean(axis=0) if centre else X, full_matrices=False)
    return Vt[:k], s[:k] ** power / (len(X) - divisor)


def _eigh_of(X, k, slip="", centred=None, divisor=None):
    """Compute axes and variances by covariance, with the slips that the mistakes below need."""
    centred = X - X.mean(axis=0) if centred is None else centred
    variances, vectors = np.linalg.eigh(centred.T @ centred / (divisor or len(X) - 1))
    return {
        "": (vectors.T[::-1][:k], variances[::-1][:k]),
        "smallest-first": (vectors.T[:k], variances[:k]),
        "rows-not-columns": (vectors[::-1][:k], variances[::-1][:k]),
        "axes-in-columns": (vectors[:, ::-1][:, :k], variances[::-1][:k]),
        "last-k": (vectors.T[-k:], variances[-k:]),
        "only-axes-ordered": (vectors.T[::-1][:k], variances[:k]),
        "only-variances-ordered": (vectors.T[:k], variances[::-1][:k]),
    }[slip]


def _samples_for_features(X, k):
    centred = X - X.mean(axis=0)
    variances, vectors = np.linalg.eigh(np.cov(centred))
    return vectors.T[::-1][:k], variances[::-1][:k]


def _orthonormal(f, rng):
    axes = np.asarray(f(_cloud(rng, 25, 6, [20, 12, 7, 4, 2, 1], float), 3)[0])
    return np.allclose(axes @ axes.T, np.eye(len(axes)), atol=1e-8) or "axes @ axes.T should be the identity matrix."


def _promises(f, rng):
    X = _cloud(rng, 25, 6, [20, 12, 7, 4, 2, 1], float)
    axes, variances = f(X, 3)
    along = np.var((X - X.mean(axis=0)) @ np.asarray(axes).T, axis=0, ddof=1)
    return (
        np.allclose(along, variances) or "Project, take np.var(..., ddof=1): that should be the variances you return."
    )


def _stays(f, rng):
    X = _cloud(rng, 15, 4, [16, 9, 4, 1], float)
    return up_to_sign()(tuple(f(X, 2)), tuple(f(X + 50.0, 2))) is None


def _by_eigh(X, pick, divisor=None, minus=0):
    """Return what `pick` makes of eigh's two results and of the order from large to small."""
    centred = X - X.mean(axis=0)
    variances, vectors = np.linalg.eigh(centred.T @ centred / (divisor or len(X) - 1) - minus)
    return pick(variances, vectors, np.argsort(variances)[::-1])


def _by_eig_unsorted(X, k):
    variances, vectors = np.linalg.eig(np.cov(X, rowvar=False))
    return vectors.T[:k], variances[:k]


def _changes_input(X, k):
    X -= X.mean(axis=0)
    return _svd_of(X, k)


@exercise(
    "pca.fit_axes",
    title="Find the axes of most variance",
    section=("by-hand", "3 · By hand"),
    points=3,
    cases=_axes_cases,
    compare=up_to_sign(rtol=1e-6, atol=1e-8),
    laws=[
        law("axes have length 1 and stand at right angles", _orthonormal),
        law("the variances are those of the data along the axes", _promises),
        law("moving the cloud changes nothing", _stays),
    ],
    mistakes=[
        mistake(
            "uncentred",
            lambda X, k: _svd_of(X, k, centre=False),
            "You did not centre (step 1). Your first axis points from zero to the middle of the cloud, "
            "which is the mean, not the direction of most variance.",
            seen="Cross Validated question 390469: SVD of an uncentred matrix compared with scikit-learn's PCA",
        ),
        mistake(
            "smallest-first",
            lambda X, k: _eigh_of(X, k, "smallest-first"),
            "You kept the axes with the least variance. eigh sorts from small to large: turn the order round (step 4).",
            seen="Astroua/TurbuStat pull request #35: eigenvalues picked were the smallest",
        ),
        mistake(
            "rows-not-columns",
            lambda X, k: _eigh_of(X, k, "rows-not-columns"),
            "You took rows of the matrix of eigenvectors. NumPy puts one eigenvector in each COLUMN: transpose first.",
            seen="Data Science Stack Exchange question 82864: rows of eig's eigenvectors sorted",
        ),
        mistake(
            "axes-in-columns",
            lambda X, k: _eigh_of(X, k, "axes-in-columns"),
            "Your axes stand in columns. Return one axis per row, shape (k, n_features), as scikit-learn does.",
            seen="expected slip, not yet seen: transpose",
        ),
        mistake(
            "axes-only",
            lambda X, k: _svd_of(X, k)[0],
            "Your axes are right, but they came alone. Return two things: return axes, variances.",
            seen="expected slip, not yet seen: stopped at Vt[:k]",
        ),
        mistake(
            "divided-by-n",
            lambda X, k: _svd_of(X, k, divisor=0),
            "Your axes are right; your variances are divided by n_samples. Divide by n_samples - 1, "
            "because the mean was estimated from the same rows.",
            seen="scikit-learn pull request #9105: explained_variance_ was divided by n_samples",
        ),
        mistake(
            "singular-values",
            lambda X, k: (_svd_of(X, k)[0], np.linalg.svd(X - X.mean(axis=0), compute_uv=False)[:k]),
            "Your axes are right, but you returned singular values. "
            "The variance is the square: s**2 / (n_samples - 1).",
            seen="scikit-learn issue #12716: singular values taken for eigenvalues, so why square them?",
        ),
        mistake(
            "samples-for-features",
            _samples_for_features,
            "You computed how samples vary together, an (n_samples, n_samples) table. You need features with features, "
            "(n_features, n_features): np.cov wants rowvar=False, or use centred.T @ centred.",
            seen="question 'Can't calculate np.cov() correctly': (150, 150) for 150 irises",
        ),
        mistake(
            "centred-rows",
            lambda X, k: _eigh_of(X, k, centred=X - X.mean(axis=1, keepdims=True)),
            "You centred each sample (step 1). Centre each feature: one mean per column, over axis 0.",
            seen="expected slip, not yet seen: axis",
        ),
        mistake(
            "standardised",
            lambda X, k: _eigh_of(X, k, centred=(X - X.mean(axis=0)) / X.std(axis=0)),
            "You also divided by the standard deviation. Then every feature varies equally, and the axes are others. "
            "Step 1 only subtracts the mean.",
            seen="expected slip, not yet seen: StandardScaler where centring was asked",
        ),
        mistake(
            "samples-with-samples",
            lambda X, k: _eigh_of(X.T, k, centred=(X - X.mean(axis=0)).T, divisor=len(X) - 1),
            "Your axes have one number per sample: step 2 compares samples with samples, or you took U of an SVD. "
            "Compare features with features, centred.T @ centred, or take the rows of Vt.",
            seen="expected slip, not yet seen: the transpose on the other side",
        ),
        mistake(
            "not-divided",
            lambda X, k: _eigh_of(X, k, divisor=1),
            "Your axes are right; your variances are sums. Divide the covariance (step 2) by n_samples - 1.",
            seen="expected slip, not yet seen: a sum for a mean",
        ),
        mistake(
            "least-of-the-best-first",
            lambda X, k: _eigh_of(X, k, "last-k"),
            "You kept the right axes, but the one with the least variance among them comes first. "
            "eigh sorts from small to large: turn the order round (step 4).",
            seen="expected slip, not yet seen: the last k, not turned round",
        ),
        mistake(
            "only-axes-ordered",
            lambda X, k: _eigh_of(X, k, "only-axes-ordered"),
            "Your axes are in the right order, your variances are not: they still run from small to large. "
            "Put both in one order (step 4).",
            seen="expected slip, not yet seen: one of two turned round",
        ),
        mistake(
            "only-variances-ordered",
            lambda X, k: _eigh_of(X, k, "only-variances-ordered"),
            "Your variances are in the right order, your axes are not: they still begin with the least variance. "
            "Put both in one order (step 4).",
            seen="expected slip, not yet seen: one of two turned round",
        ),
        mistake(
            "all-axes",
            lambda X, k: _eigh_of(X, X.shape[1]),
            "You returned every axis. Keep the first k, of the axes and of the variances: [:k] (step 4).",
            seen="expected slip, not yet seen: k forgotten",
        ),
        mistake(
            "variances-first",
            lambda X, k: _eigh_of(X, k)[::-1],
            "Right numbers, other order: return the axes first, then the variances.",
            seen="expected slip, not yet seen: eigh returns them in this order",
        ),
        mistake(
            "shares",
            lambda X, k: (_svd_of(X, k)[0], _svd_of(X, k)[1] / X.var(axis=0, ddof=1).sum()),
            "Your axes are right, but you returned shares. Return the variances themselves, not divided by their sum.",
            seen="expected slip, not yet seen: share for variance",
        ),
        mistake(
            "columns-of-Vt",
            lambda X, k: (np.linalg.svd(X - X.mean(axis=0))[2][:, :k].T, _svd_of(X, k)[1]),
            "You took columns of Vt. np.linalg.svd puts one axis into each row: Vt[:k].",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "variances-left-alone",
            lambda X, k: (_eigh_of(X, k)[0], _eigh_of(X, X.shape[1])[1][::-1]),
            "Your axes are right, but you return the variances as eigh gave them: all of them, from small to large. "
            "Put them into the order of the axes and keep the first k (step 4).",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "rows-smallest-first",
            lambda X, k: _by_eigh(X, lambda variances, vectors, order: (vectors[:k], variances[:k])),
            "Two things are missing in step 4. eigh puts one axis into each column, so transpose; and it sorts "
            "from small to large, so turn the order round.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "columns-smallest-first",
            lambda X, k: _by_eigh(X, lambda variances, vectors, order: (vectors[:, :k], variances[:k])),
            "The first columns of eigh have the least variance. Turn the order round, and return one axis per "
            "row (step 4).",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "last-rows",
            lambda X, k: _by_eigh(X, lambda variances, vectors, order: (vectors[-k:], variances[-k:])),
            "The last k are the right ones, but among the columns of eigh, not among its rows; and the largest "
            "comes first.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "all-axes-of-svd",
            lambda X, k: (
                np.linalg.svd(X - X.mean(axis=0))[2],
                np.linalg.svd(X - X.mean(axis=0), compute_uv=False) ** 2 / (len(X) - 1),
            ),
            "You returned all that the SVD found. Keep the first k: Vt[:k], and the first k variances.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "variances-not-cut",
            lambda X, k: _by_eigh(X, lambda variances, vectors, order: (vectors.T[order][:k], variances[order])),
            "Your axes are right and so is the order, but you return all variances. Keep the first k of them "
            "as well: [:k].",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "eigh-as-it-is",
            lambda X, k: _by_eigh(X, lambda variances, vectors, order: (variances, vectors)),
            "You return what eigh gave you. Step 4 is missing: largest first, keep k, one axis per row, axes "
            "before variances.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "eigh-swapped",
            lambda X, k: _by_eigh(
                X,
                lambda variances, vectors, order: (
                    variances.T[np.argsort(vectors)[::-1][:k]],
                    vectors[np.argsort(vectors)[::-1][:k]],
                ),
            ),
            "np.linalg.eigh returns the variances first, then the vectors: variances, vectors = "
            "np.linalg.eigh(covariance).",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "eig-unsorted",
            _by_eig_unsorted,
            "np.linalg.eig sorts nothing. Take np.linalg.eigh, made for covariances, and put the largest "
            "variance first (step 4).",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "values-for-places",
            lambda X, k: _by_eigh(X, lambda variances, vectors, order: vectors.T[variances[::-1][:k]]),
            "You used variances where places are needed. np.argsort(variances) says at which places they stand.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "minus-one-outside",
            lambda X, k: _by_eigh(
                X,
                lambda variances, vectors, order: (vectors.T[order[:k]], variances[order[:k]]),
                len(X),
                1,
            ),
            "Division comes before subtraction: you took 1 from every covariance. Put brackets: / (len(X) - 1).",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "divided-by-features",
            lambda X, k: _eigh_of(X, k, divisor=X.shape[1] - 1),
            "Your axes are right; your variances are divided by the number of features. Count the samples: len(X) - 1.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "one-mean-for-all",
            lambda X, k: _eigh_of(X, k, centred=X - X.mean()),
            "You subtracted one number from the whole table (step 1). Each feature has its own mean: X.mean(axis=0).",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "star-for-at",
            lambda X, k: _eigh_of(X, k, centred=(X - X.mean(axis=0)).T * (X - X.mean(axis=0))),
            "* multiplies number by number. The covariance (step 2) is a matrix product: centred.T @ centred.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "changes-input",
            _changes_input,
            "X -= ... writes into the table you were given. Make a new one: centred = X - X.mean(axis=0).",
            seen="typed while answering this chapter as a newcomer",
        ),
    ],
    alternatives=[
        lambda X, k: _svd_of(X, k),
        lambda X, k: _by_cov_and_eig(X, k),
        lambda X, k: _by_sorting_columns(X, k),
    ],
    hints_for={
        **{
            about: [
                "Project the centred data on your first axis. Is the variance of the result your first number?",
                "Order axes and variances by the same order, largest variance first, and divide by n - 1.",
                "order = np.argsort(variances)[::-1]\naxes, variances = vectors.T[order], variances[order]",
            ]
            for about in (
                "only-axes-ordered",
                "only-variances-ordered",
                "the variances are those of the data along the axes",
            )
        },
        **same_hints(
            [
                "Add 50 to every number of X. Axes and variances must stay as they are. Do yours?",
                (
                    "Step 1 is one mean per column, subtracted from it, and nothing else. All later steps use the "
                    "centred rows."
                ),
                "centred = X - X.mean(axis=...)\ncovariance = centred.T @ centred / (len(X) - 1)",
            ],
            "uncentred",
            "centred-rows",
            "one-mean-for-all",
            "standardised",
            "moving the cloud changes nothing",
        ),
        **same_hints(
            [
                (
                    "Multiply: covariance @ vectors[:, 0]. Is it vectors[:, 0], made longer? Try the row vectors[0] as "
                    "well."
                ),
                (
                    "eigh puts an axis into each column, the least variance first. Transpose, so that axes are rows; "
                    "then turn round."
                ),
                "order = np.argsort(variances)[::-1][:k]\nreturn vectors.T[order], variances[...]",
            ],
            "rows-not-columns",
            "axes-in-columns",
            "rows-smallest-first",
            "columns-smallest-first",
            "last-rows",
            "columns-of-Vt",
        ),
    },
    hints=[
        (
            "Follow the numbers: 1 centre, 2 covariance, 3 decompose, 4 order. "
            "The by-hand section does the first three on four points."
        ),
        (
            "The covariance is centred.T @ centred / (n_samples - 1). np.linalg.eigh returns (variances, vectors): "
            "variances from small to large, and one axis per COLUMN of vectors. Turn both round and keep k."
        ),
        (
            "centred = ...\n"
            "covariance = centred.T @ centred / (len(X) - 1)\n"
            "variances, vectors = np.linalg.eigh(covariance)\n"
            "order = np.argsort(variances)[::-1][:k]     # largest first\n"
            "return vectors.T[order], variances[...]"
        ),
    ],
    forbids=LIBRARY,
)
def fit_axes(X, k):
    """Return (axes, variances): the k axes along which X (n_samples, n_features) varies most.

    axes, (k, n_features): one per row, length 1, any sign, most variance first.
    variances, (k,): in the same order; divide by n_samples - 1.
    """
    # 1 centre
    ### BEGIN SOLUTION
    centred = X - X.mean(axis=0)
    ### END SOLUTION
    # 2 covariance, (n_features, n_features)
    ### BEGIN SOLUTION
    covariance = centred.T @ centred / (len(X) - 1)
    ### END SOLUTION
    # 3 decompose
    ### BEGIN SOLUTION
    variances, vectors = np.linalg.eigh(covariance)
    ### END SOLUTION
    # 4 order: largest first, one axis per row
    ### BEGIN SOLUTION
    order = np.argsort(variances)[::-1][:k]
    return vectors.T[order], variances[order]
    ### END SOLUTION


def _by_cov_and_eig(X, k):
    values, vectors = np.linalg.eigh(np.cov(X, rowvar=False))
    return np.flip(vectors, axis=1)[:, :k].T, np.flip(values)[:k]


def _by_sorting_columns(X, k):
    values, vectors = np.linalg.eig(np.cov(X.T))
    best = np.argsort(-values.real)[:k]
    return vectors.real[:, best].T, values.real[best]


# pca.transform


def _projection_cases(rng, dtype):
    found = []
    for n, d, k in [(3, 2, 1), (20, 5, 3), (1, 4, 2), (8, 3, 3)]:
        mean, axes = _fit(_cloud(rng, 12, d, np.arange(d, 0, -1), float), k)
        X = rng.normal(6, 2, size=(n, d))
        label = f"n_samples = {n}, n_features = {d}, k = {k}"
        found.append(case(X.astype(dtype), mean.astype(dtype), axes.astype(dtype), label=label))
    return found


def _centred_in_place(X, mean, axes):
    X -= mean
    return X @ axes.T


@exercise(
    "pca.transform",
    title="Project samples onto the axes",
    section=("by-hand", "3 · By hand"),
    points=1,
    cases=_projection_cases,
    laws=[
        law("the mean itself lands on zero", lambda f, rng: _mean_lands(f, rng)),
        law("a sample's code does not depend on its company", lambda f, rng: _company(f, rng)),
    ],
    mistakes=[
        mistake(
            "forgot-the-mean",
            lambda X, mean, axes: X @ axes.T,
            "You projected without subtracting the mean first. The axes start at the mean, so start there too.",
            seen="eriklindernoren/ML-From-Scratch, PCA.transform: X.dot(eigenvectors), X not centred",
        ),
        mistake(
            "own-mean",
            lambda X, mean, axes: (X - X.mean(axis=0)) @ axes.T,
            "You subtracted the mean of these rows. Subtract the mean you were given: new rows are measured from where "
            "the axes were fitted. (One row alone would always land on zero.)",
            seen="Cross Validated question 517029: B - np.mean(B, axis=0), with axes fitted on A",
        ),
        mistake(
            "axes-not-transposed",
            lambda X, mean, axes: (X - mean) @ axes,
            "axes is (k, n_features), one axis per row. For a dot product of every sample with every axis you need "
            "axes.T: (n_samples, n_features) @ (n_features, k).",
            seen="question 'What does the PCA().transform() method do?': P @ X for P.T @ X",
        ),
        mistake(
            "centred-too-late",
            lambda X, mean, axes: X @ axes.T - mean[: len(axes)],
            "You subtracted the mean after projecting. It lives among the features: subtract it from X, then project.",
            seen="expected slip, not yet seen: order of the two steps",
        ),
        mistake(
            "star-for-at",
            lambda X, mean, axes: (X - mean) * axes,
            "* multiplies number by number. The dot product of every sample with every axis is written with @: "
            "centred @ axes.T.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "one-mean-for-all",
            lambda X, mean, axes: (X - X.mean()) @ axes.T,
            "You subtracted one number, the mean of the whole table. You were given `mean`, one number per "
            "feature: X - mean.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "mean-of-the-mean",
            lambda X, mean, axes: (X - mean.mean()) @ axes.T,
            "`mean` is a mean already. Averaged once more it is one number for all features. Subtract it as it "
            "is: X - mean.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "axes-first",
            lambda X, mean, axes: axes @ (X - mean).T,
            "The numbers are right, turned round: one row per axis. One row per sample is asked for: (X - "
            "mean) @ axes.T.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "axes-before-samples",
            lambda X, mean, axes: axes @ (X - mean),
            "In A @ B the order matters. Samples come first, and the axes are turned: (X - mean) @ axes.T.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "no-brackets",
            lambda X, mean, axes: X - mean @ axes.T,
            "@ comes before -, so only `mean` was projected. Put brackets: (X - mean) @ axes.T.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "mean-added",
            lambda X, mean, axes: (X + mean) @ axes.T,
            "You added the mean. Subtract it: the way there starts at the mean.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "mean-added-back",
            lambda X, mean, axes: (X - mean) @ axes.T + mean,
            "The codes were right before you added the mean again. That belongs to the way back, in `inverse`.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "there-and-back",
            lambda X, mean, axes: (X - mean) @ axes.T @ axes,
            "You went there and came back: n_features numbers per sample again. Stop after the first product: "
            "the k numbers.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "one-axis-only",
            lambda X, mean, axes: (X - mean) @ axes[0],
            "You used the first axis only. Take all k at once: axes.T.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "axes-subtracted",
            lambda X, mean, axes: (X - axes) @ axes.T,
            "You subtracted the axes. An axis is a direction; the middle of the cloud is `mean`: X - mean.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "not-projected",
            lambda X, mean, axes: X - mean,
            "You centred the samples, and step 2 is missing: the dot product with every axis, centred @ axes.T.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "other-way-round",
            lambda X, mean, axes: (mean - X) @ axes.T,
            "You subtracted the samples from the mean, so every sign is turned round. Write X - mean.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "star-for-at-turned",
            lambda X, mean, axes: (X - mean) * axes.T,
            "The factors are right, the sign between them is not: * multiplies number by number, @ makes dot products.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "changes-input",
            _centred_in_place,
            "X -= mean writes into the samples you were given. Make a new array: centred = X - mean.",
            seen="typed while answering this chapter as a newcomer",
        ),
    ],
    alternatives=[
        lambda X, mean, axes: np.einsum("ij,kj->ik", X - mean, axes),
        lambda X, mean, axes: X @ axes.T - mean @ axes.T,
        lambda X, mean, axes: np.stack([(X - mean) @ axis for axis in axes], axis=1),
    ],
    hints_for={
        "own-mean": [
            "Give your function one sample alone, then among others. Which number in your code changes?",
            "Use the `mean` that was passed in. A mean of the X that you got now is another one for every X.",
            "centred = X - mean      # not X.mean(axis=0)",
        ],
        **same_hints(
            [
                "Write the shapes below the names: X (n, d), mean (d,), axes (k, d). Which product gives (n, k)?",
                "In A @ B the inner sizes must be equal: (n, d) @ (d, k). So the axes have to be turned.",
                "centred = X - mean          # (n, d)\nreturn centred @ ...        # (n, d) @ (d, k)",
            ],
            "raised",
            "shape",
            "axes-not-transposed",
            "axes-first",
            "axes-before-samples",
            "no-brackets",
        ),
    },
    hints=[
        (
            "Say the shapes aloud: X (n_samples, n_features), mean (n_features,), axes (k, n_features). "
            "You want (n_samples, k)."
        ),
        (
            "Centre with the mean that you were given. Then take the dot product of every sample with every axis: "
            "(n_samples, n_features) @ (n_features, k)."
        ),
        "centred = X - ...\nreturn centred @ ...      # (n_samples, n_features) @ (n_features, k)",
    ],
    forbids=LIBRARY,
)
def transform(X, mean, axes):
    """Say where each sample lies along each axis: (n_samples, n_features) -> (n_samples, k).

    mean has shape (n_features,), axes has shape (k, n_features): one unit axis per row.
    """
    # 1 centre with the mean you were given
    ### BEGIN SOLUTION
    #: centred = X - ...
    centred = X - mean
    ### END SOLUTION
    # 2 project: a dot product of every sample with every axis
    ### BEGIN SOLUTION
    #: return centred @ ...
    return centred @ axes.T
    ### END SOLUTION


def _mean_lands(f, rng):
    mean, axes = _fit(rng.normal(4, 1, (9, 5)), 2)
    return np.allclose(f(mean[None, :], mean, axes), 0)


def _company(f, rng):
    X = rng.normal(4, 1, (9, 5))
    mean, axes = _fit(X, 2)
    return np.allclose(f(X, mean, axes)[:3], f(X[:3], mean, axes))


# pca.inverse


def _inverse_cases(rng, dtype):
    found = []
    for n, d, k in [(3, 2, 1), (20, 5, 3), (1, 4, 2), (8, 3, 3)]:
        mean, axes = _fit(_cloud(rng, 12, d, np.arange(d, 0, -1), float), k)
        Z = rng.normal(0, 2, size=(n, k))
        label = f"n_samples = {n}, k = {k}, n_features = {d}"
        found.append(case(Z.astype(dtype), mean.astype(dtype), axes.astype(dtype), label=label))
    return found


def _errors(f, rng):
    """Reconstruction errors of one cloud for k = 1, 2, ... all axes."""
    X = _cloud(rng, 20, 5, [16, 9, 4, 2, 1], float)
    mean, axes = _fit(X, 5)
    rebuilt = [f((X - mean) @ axes[:k].T, mean, axes[:k]) for k in range(1, 6)]
    return [float(np.mean((X - again) ** 2)) for again in rebuilt]


def _falls(f, rng):
    errors = _errors(f, rng)
    return all(np.diff(errors) < 0) or f"Errors for 1, 2, ... axes: {', '.join(f'{e:.2g}' for e in errors)}"


@exercise(
    "pca.inverse",
    title="Rebuild samples from their codes",
    section=("by-hand", "3 · By hand"),
    points=2,
    cases=_inverse_cases,
    laws=[
        law("the error falls with every axis you keep", _falls),
        law("with all axes nothing is lost", lambda f, rng: _errors(f, rng)[-1] < 1e-12),
        law("code zero is rebuilt as the mean", lambda f, rng: np.allclose(f(np.zeros((1, 2)), *_fitted(rng)), _MEAN)),
    ],
    mistakes=[
        mistake(
            "forgot-the-mean",
            lambda Z, mean, axes: Z @ axes,
            "You came back to a cloud around zero. The way back undoes each step in reverse order: after the axes, "
            "add the mean again.",
            seen="scikit-learn issue #16654: KernelPCA.inverse_transform did not add the mean",
        ),
        mistake(
            "axes-transposed",
            lambda Z, mean, axes: Z @ axes.T + mean,
            "Going there you needed axes.T; coming back you need axes: (n_samples, k) @ (k, n_features).",
            seen="expected slip, not yet seen: transpose",
        ),
        mistake(
            "subtracted-the-mean",
            lambda Z, mean, axes: Z @ axes - mean,
            "You subtracted the mean a second time. On the way back it is added.",
            seen="expected slip, not yet seen: sign",
        ),
        mistake(
            "added-too-early",
            lambda Z, mean, axes: (Z + mean) @ axes,
            "You added the mean to the codes. It lives among the features: go back to n_features numbers, then add it.",
            seen="expected slip, not yet seen: order of the two steps",
        ),
        mistake(
            "subtracted-too-early",
            lambda Z, mean, axes: (Z - mean) @ axes,
            "These are the steps of the way there. On the way back, walk along the axes first, then add the mean.",
            seen="expected slip, not yet seen: the way there copied",
        ),
        mistake(
            "matrix-inverse",
            lambda Z, mean, axes: Z @ np.linalg.inv(axes) + mean,
            "np.linalg.inv wants a square matrix, and axes is (k, n_features). You need no inverse: "
            "the axes have length 1 and stand at right angles, so Z @ axes walks back.",
            seen="expected slip, not yet seen: inverse taken at its word",
        ),
        mistake(
            "axes-first",
            lambda Z, mean, axes: axes @ Z + mean,
            "In A @ B the order matters. Codes come first: Z @ axes, (n_samples, k) @ (k, n_features).",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "axes-first-turned",
            lambda Z, mean, axes: axes.T @ Z + mean,
            "Codes come first and the axes stay as they are: Z @ axes. So every sample keeps its row.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "no-brackets",
            lambda Z, mean, axes: Z + mean @ axes,
            "The factors are the codes and the axes; the mean is added afterwards: Z @ axes + mean.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "codes-mean",
            lambda Z, mean, axes: Z @ axes + Z.mean(axis=0),
            "You added the mean of the codes. The cloud stood around `mean`, the mean of the features: add that.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "own-mean",
            lambda Z, mean, axes: Z @ axes + (Z @ axes).mean(axis=0),
            "You added the mean of what you rebuilt. Add the `mean` that you were given.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "mean-of-the-mean",
            lambda Z, mean, axes: Z @ axes + mean.mean(),
            "`mean` has one number per feature, and each feature needs its own. Add it as it is: + mean.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "star-for-at",
            lambda Z, mean, axes: Z * axes + mean,
            "* multiplies number by number. A sample is a sum of axes, and that is a matrix product: Z @ axes.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "inverse-of-the-turned",
            lambda Z, mean, axes: Z @ np.linalg.inv(axes.T) + mean,
            "np.linalg.inv wants as many rows as columns, and axes.T has k columns only. No inverse is needed: "
            "Z @ axes.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "divided",
            lambda Z, mean, axes: Z / axes + mean,
            "A product is not undone by a division here. Walk along the axes: Z @ axes.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "other-way-round",
            lambda Z, mean, axes: mean - Z @ axes,
            "You walked against the axes: from the mean, add Z @ axes.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "way-there-again",
            lambda Z, mean, axes: (Z - mean) @ axes.T,
            "This is `transform` again. The way back: Z @ axes first, then + mean.",
            seen="typed while answering this chapter as a newcomer",
        ),
    ],
    alternatives=[
        lambda Z, mean, axes: np.dot(Z, axes) + np.tile(mean, (len(Z), 1)),
        lambda Z, mean, axes: Z @ np.linalg.pinv(axes).T + mean,
        lambda Z, mean, axes: mean + sum(np.outer(Z[:, i], axes[i]) for i in range(len(axes))),
    ],
    hints_for={
        "forgot-the-mean": [
            "A code of zeros says: walk nowhere along any axis. Where do you stand then?",
            "Going there subtracted the mean first. Coming back adds it last, after the axes.",
            "return Z @ axes + mean",
        ],
        **same_hints(
            [
                "Write the shapes below the names: Z (n, k), axes (k, d), mean (d,). Which product gives (n, d)?",
                (
                    "In A @ B the inner sizes must be equal: (n, k) @ (k, d). The axes stay as they are; nothing is "
                    "inverted."
                ),
                "centred = Z @ ...           # (n, k) @ (k, d)\nreturn centred + mean       # (n, d) + (d,)",
            ],
            "raised",
            "axes-transposed",
            "axes-first",
            "axes-first-turned",
            "matrix-inverse",
            "inverse-of-the-turned",
        ),
    },
    hints=[
        "transform did two steps: subtract the mean, then project. Undo them in reverse order.",
        (
            "A code says how far to walk along each axis, so a sample is a sum of axes: (n, k) @ (k, n_features). "
            "Then move the cloud back to its place."
        ),
        "centred = Z @ ...           # (n_samples, k) @ (k, n_features)\nreturn centred + ...",
    ],
    forbids=LIBRARY,
)
def inverse(Z, mean, axes):
    """Rebuild samples from their codes: (n_samples, k) -> (n_samples, n_features).

    mean has shape (n_features,), axes (k, n_features). What `transform` dropped stays lost.
    """
    # 1 walk along the axes
    ### BEGIN SOLUTION
    centred = Z @ axes
    ### END SOLUTION
    # 2 move back to the mean
    ### BEGIN SOLUTION
    return centred + mean
    ### END SOLUTION


def _fitted(rng):
    return _MEAN, np.linalg.qr(rng.normal(size=(3, 2)))[0].T


# pca.components_for


def _variance_cases(rng, dtype):
    drawn = np.sort(rng.gamma(1.0, 3.0, size=12))[::-1]
    return [
        case(np.array([6, 3, 1], dtype), 0.5, label="variances 6, 3, 1; half of it"),
        case(np.array([2, 1, 1], dtype), 0.75, label="variances 2, 1, 1; three quarters, which two hold exactly"),
        case(np.array([8, 4, 2, 1, 1], dtype), 0.9, label="variances 8, 4, 2, 1, 1; 90 %"),
        case(np.array([5, 4, 3, 2], dtype), 1.0, label="variances 5, 4, 3, 2; all of it"),
        case(drawn.astype(dtype), 0.8, label="12 variances; 80 %"),
        case((1.5 * drawn / drawn.sum()).astype(dtype), 0.95, label="12 small variances; 95 %"),
    ]


def _held(variances):
    return np.cumsum(variances) / np.cumsum(variances)[-1]


def _stops_early(variances, share):
    for k in range(len(variances)):
        if _held(variances)[k - 1] >= share and k > 0:
            return k
    return None


def _strict_loop(variances, share):
    for k, held in enumerate(_held(variances), start=1):
        if held > share:
            return k
    return None


@exercise(
    "pca.components_for",
    title="Count the axes that hold enough variance",
    section=("raw-axis-text", "5 · On real data, through the package"),
    points=2,
    cases=_variance_cases,
    compare=exact(),
    laws=[
        law(
            "other units change nothing",
            lambda f, rng: f(np.array([6.0, 3, 1]), 0.8) == f(np.array([6e4, 3e4, 1e4]), 0.8),
        ),
        law("asking for more never needs fewer axes", lambda f, rng: _grows(f, rng)),
    ],
    mistakes=[
        mistake(
            "off-by-one",
            lambda variances, share: int(np.argmax(np.cumsum(variances) >= share * np.cumsum(variances)[-1])),
            "One too few. A position counts from 0, and counting the k that are not enough stops one short. Add one.",
            seen="discuss.cloudxlab.com topic 5097: why is 1 added to argmax?",
        ),
        mistake(
            "strictly-more",
            lambda variances, share: min(
                len(variances), int(np.sum(np.cumsum(variances) <= share * np.cumsum(variances)[-1])) + 1
            ),
            "Close: you ask for more than the share. The task says at least: exactly 75 % is enough for 75 %.",
            seen="scikit-learn issue #18425: while var <= var_thres",
        ),
        mistake(
            "not-divided",
            lambda variances, share: int(np.argmax(np.cumsum(variances) >= share)) + 1,
            "You compared variances with a share. Divide by the total variance first, or multiply the share by it.",
            seen="expected slip, not yet seen: a share of what?",
        ),
        mistake(
            "squared-again",
            lambda variances, share: (
                int(np.argmax(np.cumsum(variances**2) >= share * np.sum(variances**2) * (1 - 1e-12))) + 1
            ),
            "You squared the variances. Singular values are squared to become variances; these are variances already.",
            seen="scikit-learn-contrib/scikit-matter pull request #85: eigenvalues squared once more",
        ),
        mistake(
            "not-summed",
            lambda variances, share: int(np.sum(variances / variances.sum() >= 1 - share)),
            "You looked at each axis alone. What counts is what the first k hold together: a running sum (np.cumsum).",
            seen="expected slip, not yet seen: each axis judged alone",
        ),
        mistake(
            "never-more-than-all",
            lambda variances, share: int(np.argmax(np.cumsum(variances) > share * np.cumsum(variances)[-1])) + 1,
            "You ask for more than the share; the task says at least, so >=. No k holds more than 100 %, "
            "and argmax finds no True: it then says 0.",
            seen="expected slip, not yet seen: argmax with > for >=",
        ),
        mistake(
            "stops-early",
            _stops_early,
            "range(len(variances)) stops one short: the last k is never tried. Count from 1 to all of them: "
            "range(1, len(variances) + 1).",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "strict-loop",
            _strict_loop,
            "You wait until the sum is more than the share. At least is asked for: >=. With > all of it is "
            "never reached, and nothing comes back.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "one-too-many",
            lambda variances, share: int(np.sum(_held(variances) <= share)) + 1,
            "Where the share is reached exactly, you count one axis too many. Those that fall short count: < "
            "instead of <=.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "all-positions",
            lambda variances, share: np.where(_held(variances) >= share)[0] + 1,
            "You return every k that is enough. Return the smallest, one number: the first of them.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "truth-values",
            lambda variances, share: _held(variances) >= share,
            "You return one True or False for each k. Return the first k that is True: np.argmax(...) + 1.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "running-sum-returned",
            lambda variances, share: np.cumsum(variances),
            "That is what the first k axes hold, for every k. Return the first k at which it reaches the share.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "share-returned",
            lambda variances, share: _held(variances)[_held(variances) >= share][0],
            "You return the share that is held. Return how many axes hold it.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "share-of-the-axes",
            lambda variances, share: int(np.ceil(share * len(variances))),
            "You took a share of the number of axes. The first axes hold more than the last: add up their variances.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "enough-counted",
            lambda variances, share: int(np.sum(_held(variances) >= share)),
            "You counted the k that are enough. Count those that are not yet enough, and add one.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "not-more-counted",
            lambda variances, share: int(np.sum(_held(variances) <= share)),
            "You counted how many sums stay within the share. One more axis is needed, unless the share was "
            "reached exactly: count those below it (<) and add one.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "each-alone",
            lambda variances, share: int(np.sum(variances / variances.sum() >= share)),
            "You asked of each axis alone whether it holds the share. Several hold it together: np.cumsum.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "always-one",
            lambda variances, share: 1,
            "Your answer is always 1. Do you compare each axis alone, or percent with a share, or does np.argmax find "
            "no True (it then says 0)? Add the axes up first, np.cumsum, and divide by the sum of all.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "divided-by-count",
            lambda variances, share: int(np.argmax(np.cumsum(variances) / len(variances) >= share)) + 1,
            "You divided by the number of axes. A share is a part of the whole: divide by the sum of all variances.",
            seen="typed while answering this chapter as a newcomer",
        ),
    ],
    alternatives=[
        lambda variances, share: int(np.argmax(np.cumsum(variances) / np.cumsum(variances)[-1] >= share)) + 1,
        lambda variances, share: int(np.searchsorted(np.cumsum(variances), share * np.cumsum(variances)[-1])) + 1,
        lambda variances, share: _count_up(variances, share),
    ],
    hints_for={
        "not-divided": [
            "Multiply all variances by 100, as centimetres for metres do. Your answer must not change.",
            "Compare shares with `share`: divide the running sum by the sum of all variances.",
            "held = np.cumsum(variances) / np.sum(variances)",
        ],
        **same_hints(
            [
                (
                    "Try it by hand: variances 2, 1, 1. How many axes hold at least 75 %? How many at least 76 %, and "
                    "100 %?"
                ),
                "Two axes hold 3 of 4, which is enough for 75 %. A place counts from 0, a number of axes from 1.",
                (
                    "held = np.cumsum(variances)      # 2, 3, 4\n"
                    "falls_short = held < share * held[-1]\n"
                    "# how many fall short, and one more"
                ),
            ],
            "off-by-one",
            "stops-early",
            "strict-loop",
            "strictly-more",
            "never-more-than-all",
            "one-too-many",
        ),
        **same_hints(
            [
                "What kind of thing do you return: one number, or an array with an entry for every k?",
                ("One whole number is asked for. Count the entries that are True, or ask where the first True stands."),
                (
                    "int(np.sum(...))          # counts the True ones\n"
                    "int(np.argmax(...))       # place of the first True, from 0"
                ),
            ],
            "type",
            "all-positions",
            "truth-values",
            "running-sum-returned",
        ),
    },
    hints=[
        "Of variances 6, 3, 1 the first axis holds 6 of 10, the first two 9. Which NumPy function makes 6, 9, 10?",
        (
            "np.cumsum(variances) is what the first 1, 2, 3, ... axes hold; its last entry is the total. "
            "Count how many prefixes fall short of the share; one more axis is enough."
        ),
        "held = np.cumsum(variances)\ntoo_little = held < share * held[-1]\nreturn int(too_little.sum()) + ...",
    ],
    forbids=LIBRARY,
    equivalent_mutants={
        "return int(np.sum(held < share * held[-1])) + 1: int(np.sum(held < share * held[-1])) -> "
        "np.sum(held < share * held[-1])": "np.sum counts in whole numbers already; int() only makes it print as 21"
    },
)
def components_for(variances, share):
    """Return the smallest k such that the first k axes hold at least `share` of the variance.

    variances has shape (n_axes,), all axes, largest first; share is above 0 and at most 1.
    """
    # 1 what the first 1, 2, 3, ... axes hold
    ### BEGIN SOLUTION
    held = np.cumsum(variances)
    ### END SOLUTION
    # 2 the first k that is enough
    ### BEGIN SOLUTION
    return int(np.sum(held < share * held[-1])) + 1
    ### END SOLUTION


def _grows(f, rng):
    variances = np.sort(rng.gamma(1.0, 3.0, size=9))[::-1]
    found = [f(variances, share) for share in (0.3, 0.6, 0.9, 0.99)]
    return all(np.diff(found) >= 0)


def _count_up(variances, share):
    held, total = 0.0, float(np.sum(variances))
    for k, variance in enumerate(variances.tolist(), start=1):
        held += variance
        if held >= share * total * (1 - 1e-7):
            return k
    return len(variances)


# pca.train_only_fit


def _split_cases(rng, dtype):
    found = []
    for n_train, n_test, d, k in [(5, 2, 2, 1), (20, 8, 4, 2), (30, 1, 5, 3)]:
        spread = 2.0 ** np.arange(d, 0, -1)
        X_train = _cloud(rng, n_train, d, spread, dtype)
        X_test = _cloud(rng, 40, d, spread[::-1], dtype, middle=7.0)[:n_test]
        label = f"{n_train} training rows, {n_test} test rows, {d} features, k = {k}"
        found.append(case(X_train, X_test, k, label=label))
    return found


def _same_axes(expected, actual):
    """Compare both parts; an axis may change its sign, but then in both."""
    if isinstance(expected, np.ndarray):  # one part alone, as some mistakes return it
        return up_to_sign(axis=1, rtol=1e-6, atol=1e-8)(expected, actual)
    stacked = _stack(actual)
    if stacked is not None and stacked.shape == _stack(expected).shape:
        signs = np.where((_stack(expected) * stacked).sum(axis=0) < 0, -1, 1)
        actual = tuple(part * signs for part in actual)
    return close(rtol=1e-6, atol=1e-8)(expected, actual)


def _stack(parts):
    """Return (Z_train, Z_test) as one matrix, or None if they are no such pair."""
    if not isinstance(parts, tuple | list) or len(parts) != 2:
        return None
    if not all(isinstance(part, np.ndarray) and part.ndim == 2 and part.dtype.kind == "f" for part in parts):
        return None
    return np.vstack(parts) if parts[0].shape[1] == parts[1].shape[1] else None


def _mean_of_all(X_train, X_test, k):
    mean = np.vstack([X_train, X_test]).mean(axis=0)
    axes = np.linalg.svd(X_train - mean, full_matrices=False)[2][:k]
    return (X_train - mean) @ axes.T, (X_test - mean) @ axes.T


def _projected_raw(X_train, X_test, k):
    axes = _fit(X_train, k)[1]
    return X_train @ axes.T, X_test @ axes.T


def _both(X_train, X_test, k, fit_on="train", mean_of="train"):
    """Fit and project with the slips that the mistakes below need."""
    rows = {"train": X_train, "test": X_test, "all": np.vstack([X_train, X_test])}
    mean, axes = _fit(rows[fit_on], k)
    test_mean = {"train": mean, "test": X_test.mean(axis=0), "none": 0.0}[mean_of]
    return (X_train - mean) @ axes.T, (X_test - test_mean) @ axes.T


def _raw_axes(X_train, X_test, k, middle):
    """Take the axes of rows that were not centred; `middle` is subtracted afterwards."""
    axes = np.linalg.svd(X_train, full_matrices=False)[2][:k]
    return (X_train - middle) @ axes.T, (X_test - middle) @ axes.T


def _columns_of_vt(X_train, X_test, k):
    mean, Vt = _fit(X_train, None)
    return (X_train - mean) @ Vt[:, :k], (X_test - mean) @ Vt[:, :k]


def _standardised(X_train, X_test, k):
    mean, spread = X_train.mean(axis=0), X_train.std(axis=0)
    return _both((X_train - mean) / spread, (X_test - mean) / spread, k)


def _own_axes(X_train, X_test, k):
    """Fit the test rows by themselves; with fewer rows than axes the missing columns are zero."""
    mean, axes = _fit(X_test, k)
    Z_test = np.zeros((len(X_test), k))
    Z_test[:, : len(axes)] = (X_test - mean) @ axes.T
    return _both(X_train, X_test, k)[0], Z_test


def _no_influence(f, rng):
    X = _cloud(rng, 20, 4, [16, 9, 4, 1], float)
    train, test = X[:14], X[14:]
    together, alone = np.asarray(f(train, test, 2)[1])[:1], np.asarray(f(train, test[:1], 2)[1])
    return np.allclose(together, alone) or "The same test row got another code when other test rows were added."


def _same_row_same_code(f, rng):
    X = _cloud(rng, 20, 4, [16, 9, 4, 1], float)
    Z_train, Z_test = f(X, X[:3], 2)
    return np.allclose(np.asarray(Z_train)[:3], Z_test)


def _unpacked_too_late(X_train, X_test, k):  # noqa: ARG001
    axes = fit_axes(X_train, k)
    return (X_train - X_train.mean(axis=0)) @ axes.T, None


def _one_number(X_train, X_test, k):
    axes = _fit(X_train, k)[1]
    return (X_train - X_train.mean()) @ axes.T, (X_test - X_train.mean()) @ axes.T


def _codes_of_length_one(X_train, X_test, k):
    U = np.linalg.svd(X_train - X_train.mean(axis=0), full_matrices=False)[0]
    return U[:, :k], _both(X_train, X_test, k)[1]


def _centred_twice(X_train, X_test, k):
    mean, axes = _fit(X_train, k)
    return (X_train - 2 * mean) @ axes.T, (X_test - 2 * mean) @ axes.T


@exercise(
    "pca.train_only_fit",
    title="Fit on the training rows alone",
    section=("leak-text", "Which rows may it see?"),
    points=3,
    cases=_split_cases,
    compare=_same_axes,
    laws=[
        law("a test row's code does not depend on other test rows", _no_influence),
        law("a row gets the same code in training and in test", _same_row_same_code),
    ],
    mistakes=[
        mistake(
            "fitted-on-all",
            lambda X_train, X_test, k: _both(X_train, X_test, k, fit_on="all"),
            "The mean and the axes were fitted on training and test rows together. Fit on X_train alone: "
            "the test rows stand for data you have not seen yet.",
            seen="Cross Validated question 388740: 'tons of people doing PCA before doing test/train splits'",
        ),
        mistake(
            "mean-of-all",
            _mean_of_all,
            "The mean was taken over training and test rows together. The mean is fitted too: take it from X_train.",
            seen="Cross Validated question 455472: the mean of the training set, the test set or their union?",
        ),
        mistake(
            "not-centred",
            _projected_raw,
            "The axes are right, but the rows you projected were not centred. Subtract the training mean from both.",
            seen="eriklindernoren/ML-From-Scratch, PCA.transform: X.dot(eigenvectors), X not centred",
        ),
        mistake(
            "fitted-twice",
            _own_axes,
            "The test rows got a PCA of their own. Then column 0 means one thing in training and another in the test. "
            "Fit once, project both.",
            seen="Data Science Stack Exchange question 24889: 'run another PCA' for the test images",
        ),
        mistake(
            "test-mean",
            lambda X_train, X_test, k: _both(X_train, X_test, k, mean_of="test"),
            "The axes are right, but from the test rows you subtracted their own mean. Subtract the training mean from "
            "both parts.",
            seen="Cross Validated question 142216: centre the test set by its own mean?",
        ),
        mistake(
            "test-not-centred",
            lambda X_train, X_test, k: _both(X_train, X_test, k, mean_of="none"),
            "The test rows were not centred. Subtract the training mean from them too.",
            seen="Stack Overflow question 41748811: must the mean be subtracted before projecting?",
        ),
        mistake(
            "swapped",
            lambda X_train, X_test, k: _both(X_train, X_test, k)[::-1],
            "The two parts are swapped: return the training codes first, then the test codes.",
            seen="expected slip, not yet seen: order of results",
        ),
        mistake(
            "uncentred-axes",
            lambda X_train, X_test, k: _raw_axes(X_train, X_test, k, X_train.mean(axis=0)),
            "You project centred rows, but on axes of rows that were not centred. "
            "Subtract the training mean before the SVD too.",
            seen="expected slip, not yet seen: the SVD of X_train itself",
        ),
        mistake(
            "never-centred",
            lambda X_train, X_test, k: _raw_axes(X_train, X_test, k, 0),
            "Nothing was centred, so the first axis is the mean of the training rows. "
            "Subtract that mean before the SVD, and from both parts before you project.",
            seen="expected slip, not yet seen: the article's recipe, again",
        ),
        mistake(
            "columns-of-Vt",
            _columns_of_vt,
            "The axes are the rows of Vt, and you took columns. axes = Vt[:k]; then project on axes.T.",
            seen="expected slip, not yet seen: rows and columns of Vt",
        ),
        mistake(
            "axes-not-transposed",
            lambda X_train, X_test, k: [
                (part - X_train.mean(axis=0)) @ _fit(X_train, k)[1] for part in (X_train, X_test)
            ],
            "The axes stand in rows, (k, n_features). To project, turn them: axes.T is (n_features, k).",
            seen="expected slip, not yet seen: transpose",
        ),
        mistake(
            "standardised",
            _standardised,
            "You also divided by the standard deviation. Here, only subtract the training mean.",
            seen="expected slip, not yet seen: StandardScaler where centring was asked",
        ),
        mistake(
            "training-only",
            lambda X_train, X_test, k: _both(X_train, X_test, k)[0],
            "You return the training codes alone. Return two things: project X_test on the same axes, with the "
            "same mean.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "test-only",
            lambda X_train, X_test, k: _both(X_train, X_test, k)[1],
            "You return the test codes alone. Return two things: Z_train, Z_test.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "stacked",
            lambda X_train, X_test, k: np.vstack(_both(X_train, X_test, k)),
            "You put both parts into one table. Return them apart: Z_train, Z_test.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "axes-returned",
            lambda X_train, X_test, k: fit_axes(X_train, k),
            "You return axes and variances. The codes are asked for: where each row lies along the axes, "
            "centred @ axes.T.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "not-unpacked",
            _unpacked_too_late,
            "One name holds all results of the call. Take them apart: axes, variances = fit_axes(...); of "
            "np.linalg.svd you need the third result, Vt.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "one-mean-for-all",
            _one_number,
            "You subtracted one number, the mean of the whole table. Each feature has its own: X_train.mean(axis=0).",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "codes-from-U",
            _codes_of_length_one,
            "The columns of U all have length 1. The codes are U * s, or, for training and test alike, centred "
            "@ Vt[:k].T.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "all-axes",
            lambda X_train, X_test, k: _both(X_train, X_test, None),
            "You kept every axis. Keep the first k: Vt[:k].",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "centred-twice",
            _centred_twice,
            "The mean was subtracted twice, perhaps once by you and once in `transform`. Once is enough.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "training-twice",
            lambda X_train, X_test, k: _both(X_train, X_train, k),
            "Both parts are codes of X_train. The second must be those of X_test.",
            seen="typed while answering this chapter as a newcomer",
        ),
    ],
    alternatives=[lambda X_train, X_test, k: _by_covariance(X_train, X_test, k)],
    hints_for={
        about: [
            "Take one row out of X_test. The codes of the others must stay as they are; yours change.",
            "Nothing may be computed from X_test but its own codes: no mean, no axes, no spread.",
            "test_codes = (X_test - mean) @ axes.T      # mean and axes of X_train",
        ]
        for about in ("fitted-on-all", "mean-of-all", "fitted-twice", "test-mean")
    },
    hints=[
        "Ask of every number you use: which rows did it come from? Mean and axes must come from X_train only.",
        (
            "Compute the mean and the axes of X_train (np.linalg.svd of the centred rows gives the axes as rows of Vt, "
            "most variance first). Then do the same two steps, subtract and project, to X_train and to X_test."
        ),
        (
            "mean = X_train.mean(axis=0)\n"
            "Vt = np.linalg.svd(X_train - mean, full_matrices=False)[2]\n"
            "axes = Vt[:k]\n"
            "return (X_train - mean) @ axes.T, ..."
        ),
    ],
    forbids=LIBRARY,
    equivalent_mutants={
        "Vt = np.linalg.svd(X_train - mean, full_matrices=False)[2]: np.linalg.svd(X_train - mean, full_matrices=False)"
        " -> np.linalg.svd(X_train - mean)": "the k first rows of Vt are the same; the full matrix only costs memory",
        "Vt = np.linalg.svd(X_train - mean, full_matrices=False)[2]: False -> True": "as above",
    },
)
def train_only_fit(X_train, X_test, k):
    """Fit PCA on X_train alone, then return the codes (Z_train, Z_test), each (n_samples, k).

    A test row's code must not depend on the other test rows. A row that stands in both parts
    must get the same code in both. An axis may have either sign, the same in both parts.
    """
    ### BEGIN SOLUTION
    mean = X_train.mean(axis=0)
    Vt = np.linalg.svd(X_train - mean, full_matrices=False)[2]
    axes = Vt[:k]
    return (X_train - mean) @ axes.T, (X_test - mean) @ axes.T
    ### END SOLUTION


def _by_covariance(X_train, X_test, k):
    variances, vectors = np.linalg.eigh(np.cov(X_train, rowvar=False))
    axes, middle = vectors[:, np.argsort(variances)[::-1][:k]], X_train.mean(axis=0)
    return tuple(np.dot(part - middle, axes) for part in (X_train, X_test))


# pca.turn_axis


@functools.cache
def _halves():
    """Return the mean brightness of the left and the right half of every twelfth digit, (150, 2)."""
    images = load_spoken_digits().X["image"]
    return np.stack([images[:, :, :4].mean(axis=(1, 2)), images[:, :, 4:].mean(axis=(1, 2))], axis=1)[::12]


def _same_angle(expected, actual):
    """Compare angles of an axis: 135 degrees, -45 and 315 are one axis; 3 degrees either way are fine.

    The wrong answer in radians is a small number; 3 degrees around it would take in 0, where the axis begins.
    """
    if not isinstance(actual, int | float | np.number) or not -1e6 < float(actual) < 1e6:
        return close()(expected, actual)
    if abs((actual - expected + 90) % 180 - 90) <= (3 if expected > np.pi else 0.1):
        return None
    centred = _halves() - _halves().mean(axis=0)
    along = centred @ [np.cos(np.radians(actual)), np.sin(np.radians(actual))]
    caught = np.sum(along**2) / np.sum(centred**2)
    return Problem("value", f"At {actual:g} degrees the axis catches {caught:.0%} of the variance. More is possible.")


def _degrees(x, y):
    return np.degrees(np.arctan2(y, x)) % 180


def _line(halves, across=False):
    """Return the angle of the least-squares line; `across` predicts the first feature from the second."""
    covariance = np.cov(halves, rowvar=False)
    return _degrees(covariance[0, 1], covariance[1, 1]) if across else _degrees(covariance[0, 0], covariance[0, 1])


def _best(halves):
    axis = _fit(halves, 1)[1][0]
    return _degrees(axis[0], axis[1])


def _share(halves):
    return float(_svd_of(halves, 1)[1][0] / halves.var(axis=0, ddof=1).sum())


@exercise(
    "pca.turn_axis",
    title="Turn the axis to where variance is largest",
    section=("by-hand", "3 · By hand"),
    kind="widget",
    points=1,
    cases=lambda rng, dtype: [case(halves=_halves(), label="the angle")],
    compare=_same_angle,
    mistakes=[
        mistake(
            "least-variance",
            lambda halves: _best(halves) + 90,
            "This axis catches the least, not the most. It points from zero to the middle of the cloud, where SVD "
            "without centring would look first. Turn on by 90 degrees.",
            seen="what SVD without centring returns on these points",
        ),
        mistake(
            "regression-line",
            _line,
            "That is the line which predicts the right half from the left half. It keeps vertical distances small; "
            "the first axis keeps distances at right angles to itself small. Turn on and watch the share.",
            seen="question 'Why does a least squares fit appear to have a bias when applied to simple data?'",
        ),
        mistake(
            "other-regression-line",
            lambda halves: _line(halves, across=True),
            "That is the line which predicts the left half from the right half. PCA favours neither feature: "
            "the axis with most variance lies between the two regression lines.",
            seen="benediktehinger.de: neither of the two regression lines is the first component",
        ),
        mistake(
            "radians",
            lambda halves: float(np.radians(_best(halves))),
            "That is the angle in radians. The widget speaks in degrees: multiply by 180 / pi.",
            seen="expected slip, not yet seen: units of angles",
        ),
        mistake(
            "typed-the-share",
            lambda halves: 100 * _share(halves),
            "That is the share of the variance, in percent. The answer is the angle at which you found it.",
            seen="expected slip, not yet seen: the other number on the screen",
        ),
        mistake(
            "along-the-left",
            lambda halves: 0.0,
            "At 0 (or 180) degrees the axis looks at the left half alone. An axis across both halves catches "
            "more: turn on.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "along-the-right",
            lambda halves: 90.0,
            "At 90 degrees the axis looks at the right half alone. An axis across both halves catches more: turn on.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "share-as-a-fraction",
            lambda halves: _share(halves),
            "That is the share of the variance as a fraction. The angle at which you found it is asked for, in "
            "degrees.",
            seen="typed while answering this chapter as a newcomer",
        ),
    ],
    alternatives=[_best, lambda halves: _best(halves) - 180, lambda halves: round(_best(halves)) + 2],
    hints_for={
        **same_hints(
            [
                "Look at the number that says how much the axis catches. Is it more or less ten degrees further?",
                (
                    "An axis has no front and no back: 180 degrees bring all of them past you. The most stands at "
                    "right angles to the least."
                ),
                "angle = ...      # the degrees at which the share is largest",
            ],
            "least-variance",
            "along-the-left",
            "along-the-right",
        ),
        **same_hints(
            [
                (
                    "You found a line that fits well. What did you keep small: distances along an arrow upwards, or "
                    "across the line?"
                ),
                ("Do not judge by the eye. Turn until the share itself is largest, in steps of one degree at the end."),
                "axis = fit_axes(halves, 1)[0][0]\nangle = np.degrees(np.arctan2(axis[1], axis[0]))",
            ],
            "regression-line",
            "other-regression-line",
        ),
    },
    hints=[
        "Watch the share of the variance while you turn. It rises, has one top, and falls again.",
        "Turn in steps of ten degrees until the share falls, then go back in steps of one.",
        "Or let PCA turn:\naxis = fit_axes(halves, 1)[0][0]\nangle = np.degrees(np.arctan2(axis[1], axis[0]))",
    ],
    equivalent_mutants={
        "axis = fit_axes(halves, 1)[0][0]: 1 -> 2": "the first axis is the same, however many are asked for",
        "angle = np.degrees(np.arctan2(axis[1], axis[0])) % 180: 180 -> 181": "off by 1 degree at most, of 3 allowed",
        "angle = np.degrees(np.arctan2(axis[1], axis[0])) % 180: 180 -> 179": "off by 1 degree at most, of 3 allowed",
        "angle = np.degrees(np.arctan2(axis[1], axis[0])) % 180: np.arctan2(axis[1], axis[0]) -> "
        "np.arctan2(axis[0], axis[1])": "mirrors the axis at the diagonal, and this one lies across the diagonal",
    },
)
def turned(halves):
    """Turn the axis until it catches the most variance of halves, (150, 2); the answer is its angle in degrees."""
    ### BEGIN SOLUTION
    #: angle = ...  # the degrees you found, or the widget itself: angle = turning
    axis = fit_axes(halves, 1)[0][0]
    angle = np.degrees(np.arctan2(axis[1], axis[0])) % 180
    ### END SOLUTION
    return angle


# pca.fix_article and why


def _article_cases(rng, dtype):
    return [
        case(_cloud(rng, 4, 2, [6, 1], dtype), 1, label="4 samples, 2 features, 1 component"),
        case(_cloud(rng, 30, 5, [16, 9, 4, 2, 1], dtype), 2, label="30 samples, 5 features, 2 components"),
        case(_cloud(rng, 20, 4, [16, 9, 4, 1], dtype), 4, label="20 samples, 4 features, all 4 components"),
    ]


def _by_svd(X, k, middle, project=None, power=2):
    """Reduce as the article does, with `middle` subtracted first."""
    _, s, Vt = np.linalg.svd(X - middle, full_matrices=False)
    share = s**power / np.sum(s**power)
    return (X - (middle if project is None else project)) @ Vt[:k].T, share[:k].sum()


def _truncated(X, k):
    """Do what scikit-learn's TruncatedSVD does, with its honest share of axes that are not centred."""
    Z, _ = _by_svd(X, k, 0)
    return Z, Z.var(axis=0).sum() / X.var(axis=0).sum()


def _too_late(X, k):
    Z, share = _by_svd(X, k, 0)
    return Z - Z.mean(axis=0), share


def _dropped_first(X, k):
    _, s, Vt = np.linalg.svd(X, full_matrices=False)
    share = s**2 / np.sum(s**2)
    return X @ Vt[1 : k + 1].T, share[1 : k + 1].sum()


def _mended(X, k, report):
    """Mend the article, and report something else than the share: `report` gets the k shares."""
    Z, variances = _by_svd(X, k, X.mean(axis=0))[0], _svd_of(X, k)[1]
    return Z, report(variances / X.var(axis=0, ddof=1).sum())


def _by_fit_axes(X, k):
    axes, variances = fit_axes(X, k)
    return transform(X, X.mean(axis=0), axes), variances.sum() / X.var(axis=0, ddof=1).sum()


def _uncorrelated(f, rng):
    Z = np.asarray(f(_cloud(rng, 30, 5, [16, 9, 4, 2, 1], float), 3)[0])
    together = np.cov(Z, rowvar=False)
    return np.allclose(together, np.diag(np.diag(together)), atol=1e-8)


def _moved(f, rng):
    X = _cloud(rng, 30, 5, [16, 9, 4, 2, 1], float)
    before, after = f(X, 2)[1], f(X + 1000, 2)[1]
    return (
        np.allclose(before, after) or f"The share was {before:.1%}; with 1000 added to every number it is {after:.1%}."
    )


def _changed_in_place(X, k):
    X -= X.mean(axis=0)
    return _by_svd(X, k, 0)


def _svd_and(X, pick):
    """Mend the article, and return what `pick` makes of centred rows, U, Vt and the shares."""
    centred = X - X.mean(axis=0)
    U, s, Vt = np.linalg.svd(centred, full_matrices=False)
    return pick(centred, U, Vt, s**2 / np.sum(s**2))


@exercise(
    "pca.fix_article",
    title="Mend the article's PCA",
    section=("by-hand", "3 · By hand"),
    points=3,
    cases=_article_cases,
    compare=up_to_sign(axis=1, rtol=1e-6, atol=1e-8),
    laws=[
        law("moving the cloud does not change the share", _moved),
        law(
            "the columns of Z average zero",
            lambda f, rng: np.allclose(np.mean(f(_cloud(rng, 9, 3, [4, 2, 1], float), 2)[0], axis=0), 0),
        ),
        law("the columns of Z are uncorrelated", _uncorrelated),
    ],
    mistakes=[
        mistake(
            "uncentred",
            lambda X, k: _by_svd(X, k, 0),
            "X is still not centred. The first axis is the way from zero to the mean, and the share counts that way "
            "as if it were variance.",
            seen="Cross Validated question 390469: SVD of an uncentred matrix compared with scikit-learn's PCA",
        ),
        mistake(
            "truncated-svd",
            _truncated,
            "TruncatedSVD does not centre either; it is meant for sparse counts. Its first axis is again the mean. "
            "Centre X first, or take PCA from sklearn.decomposition.",
            seen="scikit-learn's documentation of TruncatedSVD says that it does not centre",
        ),
        mistake(
            "standardised",
            lambda X, k: _by_svd((X - X.mean(axis=0)) / X.std(axis=0), k, 0),
            "You also divided by the standard deviation. That is PCA of the correlations, which asks another question. "
            "Here, only centre.",
            seen="B. Mikulski, 'PCA - how to choose the number of components?': PCA 'is going to standardize'",
        ),
        mistake(
            "projected-uncentred",
            lambda X, k: _by_svd(X, k, X.mean(axis=0), project=0),
            "The axes are right now, but you project the X that was not centred: every column of Z is shifted. "
            "Use the centred rows in both places.",
            seen="Cross Validated question 249983: np.dot(components, X.T) differs from fit_transform",
        ),
        mistake(
            "centred-too-late",
            _too_late,
            "You centred Z, after the axes were found. Centre X, before the SVD: the axes themselves are wrong.",
            seen="expected slip, not yet seen: the symptom repaired instead of the cause",
        ),
        mistake(
            "one-mean-for-all",
            lambda X, k: _by_svd(X, k, X.mean()),
            "You subtracted one number from the whole table. Each feature has its own mean: average over axis 0.",
            seen="PythonOT/POT pull request #840: np.mean(X) without axis, subtracted from every feature",
        ),
        mistake(
            "centred-rows",
            lambda X, k: _by_svd(X, k, X.mean(axis=1, keepdims=True)),
            "You centred each sample. Centre each feature: average over axis 0.",
            seen="Cross Validated question 36254: mean centring across rows or columns?",
        ),
        mistake(
            "not-squared",
            lambda X, k: _by_svd(X, k, X.mean(axis=0), power=1),
            "Z is right; the share is not. Variances are squared singular values, and the share is made of variances.",
            seen="scikit-learn issue #12716: singular values taken for eigenvalues, so why square them?",
        ),
        mistake(
            "dropped-first",
            _dropped_first,
            "Leaving out the first axis hides the symptom: the next axes are close to the right ones, not equal, "
            "and Z is still shifted. Centre X before the SVD.",
            seen="expected slip, not yet seen: the mean cut off instead of subtracted",
        ),
        mistake(
            "shares-not-summed",
            lambda X, k: _mended(X, k, lambda shares: shares),
            "Z is right. The share is one number: the sum over the k components. You returned one number for each.",
            seen="expected slip, not yet seen: explained_variance_ratio_ without a sum",
        ),
        mistake(
            "percent",
            lambda X, k: _mended(X, k, lambda shares: 100 * shares.sum()),
            "Z is right, and so is your share, in percent. Return it as a number from 0 to 1.",
            seen="expected slip, not yet seen: percent for share",
        ),
        mistake(
            "variances-for-share",
            lambda X, k: _mended(X, k, lambda shares: shares.sum() * X.var(axis=0, ddof=1).sum()),
            "Z is right. You summed variances; a share is that sum divided by the variance of all features.",
            seen="expected slip, not yet seen: explained_variance_ for explained_variance_ratio_",
        ),
        mistake(
            "averaged-rows",
            lambda X, k: _by_svd(X, k, X.mean(axis=1)),
            "axis=1 averages along each row: one number per sample. Centring needs one per feature: X.mean(axis=0).",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "changes-input",
            _changed_in_place,
            "X -= ... writes into the table you were given, and the caller still needs it. Write centred = X - "
            "X.mean(axis=0).",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "uncentred-not-squared",
            lambda X, k: _by_svd(X, k, 0, power=1),
            "The squares were right: a variance is a squared singular value. What is missing is centring: X - "
            "X.mean(axis=0).",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "median",
            lambda X, k: _by_svd(X, k, np.median(X, axis=0)),
            "You subtracted the median. Variance is measured from the mean: X - X.mean(axis=0).",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "columns-of-Vt",
            lambda X, k: _svd_and(X, lambda centred, U, Vt, share: (centred @ Vt[:, :k], share[:k].sum())),
            "The share is right. Vt holds one axis per row, and you took columns: Vt[:k].T.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "axes-not-transposed",
            lambda X, k: _svd_and(X, lambda centred, U, Vt, share: (centred @ Vt[:k], share[:k].sum())),
            "Vt[:k] has one axis per row. To project on it, turn it: centred @ Vt[:k].T.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "codes-from-U",
            lambda X, k: _svd_and(X, lambda centred, U, Vt, share: (U[:, :k], share[:k].sum())),
            "The share is right. The columns of U all have length 1: the codes are centred @ Vt[:k].T.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "all-codes",
            lambda X, k: _svd_and(X, lambda centred, U, Vt, share: (centred @ Vt.T, share[:k].sum())),
            "The share is right. Z has a column for every axis; keep the first k: Vt[:k].T.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "codes-only",
            lambda X, k: _svd_and(X, lambda centred, U, Vt, share: centred @ Vt[:k].T),
            "The codes are right. Return two things: the codes, then the share.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "share-first",
            lambda X, k: _svd_and(X, lambda centred, U, Vt, share: (share[:k].sum(), centred @ Vt[:k].T)),
            "Both are right, in the other order: return the codes first, then the share.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "one-share",
            lambda X, k: _svd_and(X, lambda centred, U, Vt, share: (centred @ Vt[:k].T, share[k].sum())),
            "Z is right. share[k] is the one share after the first k. The first k together are share[:k].sum().",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "all-shares",
            lambda X, k: _svd_and(X, lambda centred, U, Vt, share: (centred @ Vt[:k].T, share.sum())),
            "Z is right. All shares together are always 1. Add up the first k: share[:k].sum().",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "squared-twice",
            lambda X, k: (_by_svd(X, k, X.mean(axis=0))[0], _by_svd(X, k, X.mean(axis=0), power=4)[1]),
            "Z is right; the share was squared twice. The SVD of X.T @ X gives squares already.",
            seen="typed while answering this chapter as a newcomer",
        ),
    ],
    alternatives=[
        _by_fit_axes,
        lambda X, k: _with_scikit_learn(X, k),
        lambda X, k: _by_svd(X - X.mean(axis=0), k, 0),
    ],
    hints_for={
        **same_hints(
            [
                "Average each column of Z. Which line of yours still uses rows that were not centred?",
                "The centred rows are needed twice: in the SVD, and in the product that makes Z.",
                "centred = X - X.mean(axis=0)\n_, s, Vt = np.linalg.svd(...)\nreturn ... @ Vt[:k].T, share[:k].sum()",
            ],
            "the columns of Z average zero",
            "projected-uncentred",
            "centred-too-late",
        ),
        **same_hints(
            [
                (
                    "Z is right, so look at the share alone. It is one number from 0 to 1, and 1 when all components "
                    "are kept."
                ),
                "A variance is a squared singular value. The share: the first k variances, divided by all of them.",
                "share = s**2 / np.sum(s**2)      # one number per component\nshare[:k].sum()",
            ],
            "not-squared",
            "shares-not-summed",
            "percent",
            "variances-for-share",
            "one-share",
            "all-shares",
            "squared-twice",
        ),
    },
    hints=[
        "Run the broken function on X, then on X + 1000. Variance ignores where the cloud lies. Does the share?",
        (
            "One step of the four is missing: 1 centre, 2 covariance (or SVD), 3 decompose, 4 order. "
            "The centred rows are needed twice."
        ),
        (
            "centred = X - X.mean(axis=...)\n_, s, Vt = np.linalg.svd(..., full_matrices=False)\n"
            "share = s**2 / np.sum(s**2)\nreturn ... @ Vt[:k].T, share[:k].sum()"
        ),
    ],
    equivalent_mutants={
        "_, s, Vt = np.linalg.svd(centred, full_matrices=False): np.linalg.svd(centred, full_matrices=False) -> "
        "np.linalg.svd(centred)": "the k first rows of Vt are the same; the full matrices only cost memory",
        "_, s, Vt = np.linalg.svd(centred, full_matrices=False): False -> True": "as above",
    },
)
def article_pca(X, k):
    """Return the codes Z, (n_samples, k), and the share of the variance that they keep."""
    ### BEGIN SOLUTION
    #: _, s, Vt = np.linalg.svd(X, full_matrices=False)
    #: share = s**2 / np.sum(s**2)
    #: return X @ Vt[:k].T, share[:k].sum()
    centred = X - X.mean(axis=0)
    _, s, Vt = np.linalg.svd(centred, full_matrices=False)
    share = s**2 / np.sum(s**2)
    return centred @ Vt[:k].T, share[:k].sum()
    ### END SOLUTION


def _with_scikit_learn(X, k):
    from sklearn.decomposition import PCA

    pca = PCA(n_components=k, svd_solver="full").fit(X)
    return pca.transform(X), pca.explained_variance_ratio_.sum()


@exercise(
    "pca.why_unnoticed",
    title="Say why missing centring goes unnoticed",
    section=("predict-text", "4 · Predict, run, explain"),
    kind="choice",
    points=1,
    version=2,
    cases=lambda rng, dtype: [case(label="your choice")],
    options={
        "a": "because nothing failed: shapes are right, and the share it prints is higher than the true one",
        "b": "because NumPy warns only once, and the warning scrolled away",
        "c": "because centring changes only the signs of the axes",
        "d": "because pixels are never negative, so they need no centring",
    },
    mistakes=[
        mistake(
            "b",
            lambda: "b",
            "NumPy gives no warning here: the SVD of an uncentred matrix is a perfectly good SVD, of another question.",
            seen="expected slip, not yet seen: a wrong belief about warnings",
        ),
        mistake(
            "c",
            lambda: "c",
            "Signs are harmless. Centring changed the first axis itself, from the mean digit to a real difference.",
            seen="expected slip, not yet seen: two ambiguities confused",
        ),
        mistake(
            "d",
            lambda: "d",
            "The other way round: numbers that are never negative have a mean far from zero. They need it most.",
            seen="expected slip, not yet seen: a wrong belief about pixels and counts",
        ),
    ],
    hints=["Compare what the broken and the mended function print. Which number looks better in a report?"],
)
def why_unnoticed():
    """Say why the missing centring could have gone unnoticed."""
    ### BEGIN SOLUTION
    #: answer = ...  # a letter
    answer = "a"
    ### END SOLUTION
    return answer
