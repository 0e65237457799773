"""Chapter 14-autoencoders: errors, subspaces, a bottleneck, noise kept and removed, codes of two networks."""

# ruff: noqa: ARG001  (cases and laws have one signature, whatever they use of it)

import functools

import numpy as np
from torch import nn

from mmlearn_edu.checks.authoring import (
    builds,
    case,
    chapter,
    close,
    computes,
    exact,
    exercise,
    law,
    learns,
    mistake,
    module,
    prediction,
    question,
    same_hints,
    steady,
)
from mmlearn_edu.checks.exercise import Problem
from mmlearn_edu.datasets import load_spoken_digits
from mmlearn_edu.networks import Autoencoder
from mmlearn_edu.representations import LeastSquaresMap
from mmlearn_edu.similarity import cosine_similarity
from mmlearn_edu.widgets import walk_latent

CHAPTER = chapter(
    "14-autoencoders",
    "Autoencoders: what a small error does not tell",
    minutes=50,
    needs=["05-cnn-features", "08-pca", "09-similarity"],
)

PREDICTIONS = [
    prediction(
        id="autoencoder.noise_out",
        prompt="A linear autoencoder with 128 numbers for 64 pixels rebuilds new digits almost without error. Now it "
        "gets noisy digits. How much of the noise comes out again?",
        options={"a": "less than a quarter", "b": "from a quarter to a half", "c": "more than half"},
        outcome=lambda kept: "a" if kept < 0.25 else "b" if kept <= 0.5 else "c",
        after="With room for everything it need not know what a digit is: it hands on what it gets, noise too.",
        example=0.84,
    ),
    prediction(
        id="autoencoder.other_seed",
        prompt="Two autoencoders, 16 numbers each, learn from the same digits and rebuild equally well; only the seed "
        "differs. Take the code of each of 891 new pictures by one, and look for the nearest code by the other. "
        "How often is it the code of the very same picture?",
        options={"a": "at most 1 in 100", "b": "about every second time", "c": "nearly always"},
        outcome=lambda recall: "a" if recall <= 0.01 else "b" if recall < 0.75 else "c",
        after="Nothing in the error says which way a code should point. Each seed ends in a space of its own.",
        example=0.001,
    ),
]

QUESTIONS = [
    question(
        id="autoencoder.q1",
        prompt="A linear autoencoder with 4 numbers has learnt to the end. What has it in common with PCA?",
        options={
            "a": "each number is one of the first four components",
            "b": "the space that its four directions span",
            "c": "nothing: it has learnt by gradient steps",
        },
        answer="b",
        why="The error is the same for every four directions that span this space, however turned or stretched.",
        wrong={
            "a": "Its directions may lie anywhere in the space, and need not be at right angles.",
            "c": "Both make the same error small. The way there does not matter.",
        },
    ),
    question(
        id="autoencoder.q2",
        prompt="An autoencoder has 64 numbers for 64 pixels, and rebuilds new pictures almost without error. What do "
        "you know?",
        options={
            "a": "that it can hand on what it is given",
            "b": "that it has learnt what digits look like",
            "c": "that it removes noise",
        },
        answer="a",
        why="Copying needs no knowledge of digits. Give it noise: what comes out tells.",
        wrong={"b": "It may know nothing of digits, and rebuild noise as well.", "c": "Who copies keeps the noise."},
    ),
    question(
        id="autoencoder.q3",
        prompt="What does a denoising autoencoder get while it learns, and what is its target?",
        options={
            "a": "clean pictures; the same pictures with noise",
            "b": "noisy pictures; the same noisy pictures",
            "c": "noisy pictures; the clean ones",
        },
        answer="c",
        why="Copying no longer pays: what went in is not what should come out.",
        wrong={"a": "So it would learn to add noise.", "b": "So it would learn to copy the noise."},
    ),
    question(
        id="autoencoder.q4",
        prompt="The mean squared error of noisy pictures is 0.09; denoised, it is 0.009. What is the gain?",
        options={"a": "about 1 dB", "b": "10 dB", "c": "20 dB"},
        answer="b",
        why="A tenth of the error: 10 times log10(10) = 10 dB.",
        wrong={"a": "1 is the logarithm itself. Decibels are tenths of it.", "c": "Squared errors take 10, not 20."},
    ),
    question(
        id="autoencoder.q5",
        prompt="Two networks, trained apart, make codes of the same width. What do you need before you compare a code "
        "of one with a code of the other?",
        options={
            "a": "samples that both have coded, to learn a map from",
            "b": "codes of length 1",
            "c": "the same number of epochs",
        },
        answer="a",
        why="A map between the two spaces can be learnt from pairs. Without pairs, nothing says which way is which.",
        wrong={
            "b": "Length is the least of it: the directions mean other things.",
            "c": "Even the same network, trained twice as long with another seed, ends in another space.",
        },
    ),
    question(
        id="autoencoder.q6",
        prompt="A picture has grey pixels, and is rebuilt without any error. What is its binary cross-entropy?",
        options={"a": "0", "b": "below 0", "c": "above 0"},
        answer="c",
        why="For a pixel of 0.5, rebuilt as 0.5, it is log 2. Its smallest value is only 0 where pixels are 0 or 1.",
        wrong={
            "a": "That is the mean squared error.",
            "b": "Logarithms of shares are negative; the sign is turned.",
        },
    ),
]


def _pictures(rng, n, n_pixels, dtype=float):
    """Draw pictures of shape (n, n_pixels), values in [0, 1]."""
    return rng.random((n, n_pixels)).astype(dtype)


# autoencoder.measure_errors


def _error_cases(rng, dtype):
    by_hand = case(
        np.array([[0, 1], [1, 0.5]], dtype), np.array([[0.1, 0.9], [0.5, 0.5]], dtype), label="2 pictures of 2 pixels"
    )
    cases = [by_hand]
    for n, n_pixels in ((5, 4), (3, 64)):
        X, rebuilt = _pictures(rng, n, n_pixels, dtype), _pictures(rng, n, n_pixels, dtype)
        X[0, :2], rebuilt[0, :3] = (0, 1), (0, 1, 1)  # the ends of the range, right and wrong
        cases.append(case(X, rebuilt, label=f"{n} pictures of {n_pixels} pixels, black and white among them"))
    return cases


def _mse(X, rebuilt):
    return np.mean((X - rebuilt) ** 2)


def _surprise(X, p):
    return -(X * np.log(p) + (1 - X) * np.log(1 - p))


def _safe(p):
    return np.clip(p, 1e-6, 1 - 1e-6)


def _errors(mse=_mse, bce=lambda X, p: np.mean(_surprise(X, p))):
    """Make a wrong `rebuild_errors` of two wrong halves."""
    return lambda X, rebuilt: (mse(X, rebuilt), bce(X, _safe(rebuilt)))


def _best_is_the_truth(f, rng):
    X = rng.random((4, 6))
    at_truth, beside = f(X, X), f(X, np.clip(X + 0.1, 0, 1))
    if not np.isclose(at_truth[0], 0):
        return "Rebuilt without error, the mean squared error is 0."
    return at_truth[1] < beside[1] or "No other pictures have a smaller cross-entropy than the true ones."


@exercise(
    "autoencoder.measure_errors",
    title="Measure how well a picture was rebuilt",
    section=("errors-text", "How wrong is a picture?"),
    points=1,
    cases=_error_cases,
    laws=[law("both are smallest where the picture is rebuilt as it was", _best_is_the_truth)],
    mistakes=[
        mistake(
            "not-squared",
            _errors(mse=lambda X, rebuilt: np.mean(np.abs(X - rebuilt))),
            "The first number is the mean absolute error. Square the differences, then average.",
            seen="expected slip, not yet seen: np.abs for the square",
        ),
        mistake(
            "signs-cancel",
            _errors(mse=lambda X, rebuilt: np.mean(X - rebuilt) ** 2),
            "You averaged first, so too bright and too dark cancelled. Square first, then average.",
            seen="expected slip, not yet seen: square and mean in the other order",
        ),
        mistake(
            "summed",
            _errors(mse=lambda X, rebuilt: np.sum((X - rebuilt) ** 2)),
            "The first number is a sum. Take the mean over all pixels of all pictures.",
            seen="expected slip, not yet seen: sum for mean",
        ),
        mistake(
            "summed-over-pixels",
            _errors(mse=lambda X, rebuilt: np.mean(np.sum((X - rebuilt) ** 2, axis=1))),
            "The first number is the error of a whole picture. Average over pixels too: np.mean without an axis.",
            seen="Baldi & Hornik write the error of a sample; torch's mse_loss averages over all",
        ),
        mistake(
            "root",
            _errors(mse=lambda X, rebuilt: np.sqrt(np.mean((X - rebuilt) ** 2))),
            "The first number is the root of the mean squared error. Leave it squared.",
            seen="expected slip, not yet seen: RMSE",
        ),
        mistake(
            "sign",
            _errors(bce=lambda X, p: -np.mean(_surprise(X, p))),
            "The cross-entropy is negative: logarithms of shares are. Turn its sign.",
            seen="expected slip, not yet seen: minus forgotten",
        ),
        mistake(
            "half-negative",
            _errors(bce=lambda X, p: np.mean(-X * np.log(p) + (1 - X) * np.log(1 - p))),
            "One half of the cross-entropy is above 0, the other below. Both logarithms are negative: add, then turn "
            "the sign.",
            seen="typed by a reader of the chapter",
        ),
        mistake(
            "white-forgotten",
            _errors(bce=lambda X, p: -np.mean(X * np.log(p))),
            "The cross-entropy has two halves. Where a pixel is 0, the first is 0: add (1 - X) * np.log(1 - p).",
            seen="expected slip, not yet seen: the cross-entropy of classes",
        ),
        mistake(
            "second-half-not-turned",
            _errors(bce=lambda X, p: -np.mean(X * np.log(p) + (1 - X) * np.log(p))),
            "In the second half the logarithm is that of 1 - p, not of p.",
            seen="expected slip, not yet seen: np.log(p) copied",
        ),
        mistake(
            "second-half-weight",
            _errors(bce=lambda X, p: -np.mean(X * np.log(p) + X * np.log(1 - p))),
            "In the second half the weight is 1 - X, not X.",
            seen="expected slip, not yet seen: X copied",
        ),
        mistake(
            "roles-swapped",
            lambda X, rebuilt: (_mse(X, rebuilt), np.mean(_surprise(rebuilt, _safe(X)))),
            "X and the rebuilt picture have changed places in the cross-entropy: the logarithm is of what was rebuilt.",
            seen="expected slip, not yet seen: arguments swapped, as torch and scikit-learn order them differently",
        ),
        mistake(
            "not-clipped",
            lambda X, rebuilt: (_mse(X, rebuilt), np.mean(_surprise(X, rebuilt))),
            "You took the logarithm of `rebuilt`, which may be 0. Take it of `p`, which is a little inside.",
            seen="expected slip, not yet seen: the prepared p not used",
        ),
        mistake(
            "bits",
            _errors(bce=lambda X, p: np.mean(_surprise(X, p)) / np.log(2)),
            "You took the logarithm to base 2. Here it is the natural one, np.log.",
            seen="expected slip, not yet seen: log2",
        ),
        mistake(
            "bce-summed",
            _errors(bce=lambda X, p: np.sum(_surprise(X, p))),
            "The cross-entropy is a sum. Take the mean over all pixels of all pictures.",
            seen="expected slip, not yet seen: sum for mean",
        ),
        mistake(
            "bce-summed-over-pixels",
            _errors(bce=lambda X, p: np.mean(np.sum(_surprise(X, p), axis=1))),
            "The cross-entropy is that of a whole picture. Average over pixels too: np.mean without an axis.",
            seen="typed by a reader of the chapter",
        ),
        mistake(
            "other-order",
            lambda X, rebuilt: (np.mean(_surprise(X, _safe(rebuilt))), _mse(X, rebuilt)),
            "Both are right, in the wrong order: return mse, bce.",
            seen="expected slip, not yet seen: order of what is returned",
        ),
    ],
    alternatives=[
        lambda X, rebuilt: (
            float(((rebuilt - X) ** 2).mean(axis=1).mean()),
            np.where(X < 2, _surprise(X, _safe(rebuilt)), 0).mean(axis=0).mean(),
        ),
        lambda X, rebuilt: [
            np.square(X - rebuilt).sum() / X.size,
            -(X * np.log(_safe(rebuilt) / (1 - _safe(rebuilt))) + np.log(1 - _safe(rebuilt))).mean(),
        ],
    ],
    compare=close(rtol=1e-3, atol=1e-6),
    hints_for=same_hints(
        [
            "Take one pixel that is 0 and was rebuilt as 0.1. What should each half of the cross-entropy be?",
            "X weighs the logarithm of p, 1 - X that of 1 - p. Both are negative, so a minus stands in front.",
            "-np.mean(X * np.log(p) + (1 - ...) * np.log(1 - ...))",
        ],
        "sign",
        "white-forgotten",
        "second-half-not-turned",
        "second-half-weight",
        "roles-swapped",
        "not-clipped",
    ),
    hints=[
        "Two means over all pixels: one of squares, one of logarithms.",
        "For the second, X says how much of log(p) counts, and 1 - X how much of log(1 - p).",
        "mse = np.mean((... - ...) ** 2)\nbce = -np.mean(X * np.log(p) + ...)",
    ],
    forbids=["sklearn.metrics", "torch.nn.functional"],
)
def rebuild_errors(X, rebuilt):
    """Return (mse, bce): mean squared error and binary cross-entropy, each a mean over all pixels.

    X and rebuilt are (n, n_pixels), values in [0, 1].
    """
    p = np.clip(rebuilt, 1e-6, 1 - 1e-6)  # log(0) is infinite
    # square the differences; then weigh the logarithms of p and of 1 - p
    ### BEGIN SOLUTION
    #: mse = np.mean(...)
    #: bce = -np.mean(X * np.log(p) + ...)
    mse = np.mean((X - rebuilt) ** 2)
    bce = -np.mean(X * np.log(p) + (1 - X) * np.log(1 - p))
    ### END SOLUTION
    return mse, bce


# autoencoder.compare_subspaces


def _subspace_cases(rng, dtype):
    by_hand = case(
        np.array([[1.0, 0, 0], [0, 1, 0]]), np.array([[1.0, 1, 0], [0, 2, 2]]), label="2 planes in 3 dimensions"
    )
    A = rng.normal(size=(3, 8))
    same = case(A, rng.normal(size=(3, 3)) @ A, label="3 directions, turned and stretched within their space")
    near = case(A, rng.normal(size=(3, 3)) @ (A + 0.1 * rng.normal(size=(3, 8))), label="3 directions, a little off")
    far = case(5 * rng.normal(size=(4, 30)), rng.normal(size=(4, 30)), label="4 directions and 4 others of 30 numbers")
    return [by_hand, same, near, far]


def _cosines(A, B, axes):
    return np.clip(np.linalg.svd(axes(A) @ axes(B).T, compute_uv=False), 0, 1)


def _by_qr(A):
    return np.linalg.qr(A.T)[0].T


def _by_svd(A):
    return np.linalg.svd(A, full_matrices=False)[2]


def _rows_of_length_one(A):
    return A / np.linalg.norm(A, axis=1, keepdims=True)


def _angle(A, B, axes=_by_qr, of=lambda cosines: cosines[-1]):
    return np.degrees(np.arccos(of(_cosines(A, B, axes))))


def _by_projectors(A, B):
    """Return the angle whose sine is the largest gap between the two projections."""
    P, Q = _by_qr(A).T @ _by_qr(A), _by_qr(B).T @ _by_qr(B)
    return np.degrees(np.arcsin(np.minimum(np.linalg.norm(P - Q, 2), 1)))


def _any_basis(f, rng):
    A, B = rng.normal(size=(3, 7)), rng.normal(size=(3, 7))
    return np.isclose(f(A, B), f(rng.normal(size=(3, 3)) @ A, B)) or (
        "Mix the rows of A with one another: they span the same space, and the angle must stay."
    )


def _with_itself(f, rng):
    lines = rng.normal(size=(30, 1, 5))  # some give a cosine a little above 1, by rounding
    return np.allclose([f(line, 3 * line) for line in lines], 0, atol=1e-3) or (
        "A line and the same line, three times as long, must give 0 degrees, not nan."
    )


def _either_way(f, rng):
    A, B = rng.normal(size=(2, 5)), rng.normal(size=(2, 5))
    return np.isclose(f(A, B), f(B, A)) or "A beside B and B beside A must give one angle."


@exercise(
    "autoencoder.compare_subspaces",
    title="Measure the angle between two subspaces",
    section=("angle-text", "Two subspaces, one angle"),
    points=2,
    cases=_subspace_cases,
    compare=close(rtol=1e-5, atol=1e-3),
    laws=[
        law("any rows that span the same space give the same angle", _any_basis),
        law("the order of the two does not matter", _either_way),
        law("a line and itself make no angle", _with_itself),
    ],
    mistakes=[
        mistake(
            "no-axes-made",
            lambda A, B: _angle(A, B, lambda A: A),
            "You multiplied the rows as they came. Their lengths and their angles to one another spoil it: make axes "
            "of them first, by QR.",
            seen="expected slip, not yet seen: step 1 left out",
        ),
        mistake(
            "only-length-one",
            lambda A, B: _angle(A, B, _rows_of_length_one),
            "The rows have length 1 now, but are not at right angles to one another. np.linalg.qr does both.",
            seen="expected slip, not yet seen: normalised instead of orthonormalised",
        ),
        mistake(
            "smallest-angle",
            lambda A, B: _angle(A, B, of=lambda cosines: cosines[0]),
            "That is the smallest angle: the singular values come largest first. The largest angle has the last.",
            seen="expected slip, not yet seen: first for last",
        ),
        mistake(
            "mean-angle",
            lambda A, B: np.degrees(np.mean(np.arccos(_cosines(A, B, _by_qr)))),
            "You averaged the angles. One direction that is missed can hide behind three that fit: take the largest.",
            seen="expected slip, not yet seen: mean for maximum",
        ),
        mistake(
            "radians",
            lambda A, B: np.radians(_angle(A, B)),
            "np.arccos gives radians. Degrees are asked for: np.degrees.",
            seen="expected slip, not yet seen: unit",
        ),
        mistake(
            "cosine",
            lambda A, B: _cosines(A, B, _by_qr)[-1],
            "That is the cosine of the angle. np.arccos makes an angle of it, np.degrees degrees.",
            seen="expected slip, not yet seen: arccos forgotten",
        ),
        mistake(
            "rows-for-columns",
            lambda A, B: np.degrees(np.arccos(min(np.linalg.svd(np.linalg.qr(A)[0].T @ np.linalg.qr(B)[0])[1][-1], 1))),
            "np.linalg.qr makes axes of the columns. Your directions are rows: give it A.T.",
            seen="numpy documentation: qr orthonormalises columns",
        ),
        mistake(
            "product-turned",
            lambda A, B: np.degrees(np.arccos(np.clip(np.linalg.svd(_by_qr(A).T @ _by_qr(B))[1][-1], 0, 1))),
            "The product is (n_features, n_features) large. Your axes are columns: axes_A.T @ axes_B meets each with "
            "each.",
            seen="typed by a reader of the chapter",
        ),
        mistake(
            "row-by-row",
            lambda A, B: np.degrees(
                np.arccos(np.clip(np.abs(np.sum(_rows_of_length_one(A) * _rows_of_length_one(B), axis=1)), 0, 1)).max()
            ),
            "You compared row i with row i. A space has no first direction: compare the spaces, by singular values.",
            seen="expected slip, not yet seen: axis by axis",
        ),
        mistake(
            "all-angles",
            lambda A, B: np.degrees(np.arccos(_cosines(A, B, _by_qr))),
            "These are all the angles, and they are right. Return the largest, one number.",
            seen="expected slip, not yet seen: stopped at the angles",
        ),
        mistake(
            "diagonal",
            lambda A, B: np.degrees(np.arccos(np.clip(np.abs(np.diag(_by_qr(A) @ _by_qr(B).T)), 0, 1).min())),
            "The diagonal of the product pairs axis i with axis i. The singular values of the product do not depend "
            "on which axes were chosen.",
            seen="expected slip, not yet seen: diagonal for singular values",
        ),
    ],
    alternatives=[lambda A, B: _angle(A, B, _by_svd), _by_projectors],
    hints_for=same_hints(
        [
            "Give it A and 2 * A. The two span one space. What does your function say?",
            "np.linalg.qr(A.T) returns two matrices. The columns of the first are the axes.",
            "axes_A = np.linalg.qr(A.T)[0]      # (n_features, k); and the same for B",
        ],
        "no-axes-made",
        "only-length-one",
        "rows-for-columns",
        "any rows that span the same space give the same angle",
    )
    | same_hints(
        [
            "The product of the axes is a matrix of k x k cosines. What in it does not depend on the axes chosen?",
            "Its singular values, largest first. The last one belongs to the direction that fits worst.",
            "cosines = np.linalg.svd(..., compute_uv=False)      # then the last one",
        ],
        "smallest-angle",
        "mean-angle",
        "row-by-row",
        "diagonal",
        "all-angles",
    ),
    equivalent_mutants={
        "return np.degrees(np.arccos(min(1, cosines[-1]))): min(1, cosines[-1]) -> min(cosines[-1], 1)": "the same"
    },
    hints=[
        "Three steps: axes of length 1 at right angles; cosines between them; the worst of these as an angle.",
        "np.linalg.qr(A.T)[0] has the axes of A as columns. np.linalg.svd(M, compute_uv=False) gives singular values.",
        ("cosines = np.linalg.svd(axes_A.T @ ..., compute_uv=False)\nreturn np.degrees(np.arccos(min(1, ...)))"),
    ],
    forbids=["scipy.linalg"],
)
def subspace_angle(A, B):
    """Return the largest angle between two subspaces, in degrees, 0 to 90.

    The k rows of A, (k, n_features), span one subspace, those of B the other.
    Rows may have any length, and any angle between them.
    """
    # 1 axes: directions of length 1 at right angles, as columns
    ### BEGIN SOLUTION
    axes_A, _ = np.linalg.qr(A.T)
    axes_B, _ = np.linalg.qr(B.T)
    ### END SOLUTION
    # 2 singular values of the axes' product: cosines, largest first
    ### BEGIN SOLUTION
    cosines = np.linalg.svd(axes_A.T @ axes_B, compute_uv=False)
    ### END SOLUTION
    # 3 the largest angle, in degrees; rounding can leave 1.0000000002
    ### BEGIN SOLUTION
    #: return np.degrees(np.arccos(min(1, ...)))
    return np.degrees(np.arccos(min(1, cosines[-1])))
    ### END SOLUTION


# autoencoder.stack_layers


@functools.cache
def _digits():
    """Return 400 handwritten digits, (400, 64), values in [0, 1]."""
    images = load_spoken_digits().X["image"].reshape(-1, 64)
    return images[::4][:400] / 255


def _trials(rng, dtype):
    digits = rng.permutation(_digits())
    rows = rng.random((5, 20))
    return [
        builds(20, 3, inputs=rows, label="built for 20 pixels and a code of 3"),
        computes(20, 3, inputs=rows, label="with weights that are given"),
        steady(20, 3, inputs=rows, label="the same rows twice"),
        learns(
            64,
            8,
            inputs=digits[:100],
            targets=digits[:100],
            held_out=(digits[300:], digits[300:]),
            steps=40,
            seeds=1,
            label="learning to rebuild digits",
        ),
    ]


def _dense(*widths, after=(0, 2)):
    """Stack dense layers, with a ReLU after those whose numbers `after` lists."""
    layers = []
    for i in range(len(widths) - 1):
        layers += [nn.Linear(widths[i], widths[i + 1]), *([nn.ReLU()] if i in after else [])]
    return nn.Sequential(*layers)


def _ending_in(last):
    return lambda n_pixels, width: nn.Sequential(_dense(n_pixels, 64, width, 64, n_pixels), last)


class _ByClass(nn.Module):
    """The same network, written as a class."""

    def __init__(self, n_pixels, width):
        super().__init__()
        self.encoder = _dense(n_pixels, 64, width, after=(0,))
        self.decoder = _dense(width, 64, n_pixels, after=(0,))

    def forward(self, X):
        return self.decoder(self.encoder(X))


@exercise(
    "autoencoder.stack_layers",
    title="Build a network with a bottleneck",
    section=("build-text", "A network with a bottleneck"),
    kind="module",
    points=2,
    cases=_trials,
    compare=module(slack=1.5, beats_pca=1),
    mistakes=[
        mistake(
            "relu-on-the-code",
            lambda n_pixels, width: _dense(n_pixels, 64, width, 64, n_pixels, after=(0, 1, 2)),
            "There is a ReLU behind the code: it turns every negative number of the code into 0, and half the plane is "
            "lost. A ReLU comes behind the 64, twice, and nowhere else.",
            seen="expected slip, not yet seen: an activation after every layer",
        ),
        mistake(
            "relu-everywhere",
            lambda n_pixels, width: _dense(n_pixels, 64, width, 64, n_pixels, after=(0, 1, 2, 3)),
            "There is a ReLU behind every layer, also behind the code and at the end. Only the two layers of 64 have "
            "one.",
            seen="typed by a reader of the chapter",
        ),
        mistake(
            "relu-only-on-the-code",
            lambda n_pixels, width: _dense(n_pixels, 64, width, 64, n_pixels, after=(1,)),
            "The one ReLU stands behind the code, where there should be none. Put one behind each of the two layers "
            "of 64.",
            seen="typed by a reader of the chapter",
        ),
        mistake(
            "linear",
            lambda n_pixels, width: _dense(n_pixels, 64, width, 64, n_pixels, after=()),
            "Without a ReLU, four dense layers are no more than one linear map there and one back: PCA. "
            "Put nn.ReLU() behind both layers of 64.",
            seen="expected slip, not yet seen: activations forgotten",
        ),
        mistake(
            "one-relu",
            lambda n_pixels, width: _dense(n_pixels, 64, width, 64, n_pixels, after=(0,)),
            "The encoder has its ReLU, the decoder has none. Put one behind its 64 too.",
            seen="expected slip, not yet seen: half forgotten",
        ),
        mistake(
            "relu-at-the-end",
            _ending_in(nn.ReLU()),
            "There is a ReLU behind the last layer. A pixel that begins below 0 gets no gradient there, and stays "
            "black. End with nn.Linear.",
            seen="expected slip, not yet seen: an activation after every layer",
        ),
        mistake(
            "sigmoid-at-the-end",
            _ending_in(nn.Sigmoid()),
            "There is a sigmoid behind the last layer. Many write it, with cross-entropy; here end with nn.Linear.",
            seen="Keras blog, Building autoencoders in Keras (2016): sigmoid outputs",
        ),
        mistake(
            "encoder-only",
            lambda n_pixels, width: _dense(n_pixels, 64, width, after=(0,)),
            "That is the encoder: codes come out. Behind it the decoder leads back to n_pixels.",
            seen="expected slip, not yet seen: half of the network",
        ),
        mistake(
            "decoder-only",
            lambda n_pixels, width: nn.Sequential(nn.Linear(n_pixels, width), nn.ReLU(), nn.Linear(width, n_pixels)),
            "The layers of 64 are missing. The way down is n_pixels, 64, width, and the way back the same in reverse.",
            seen="expected slip, not yet seen: one layer each way",
        ),
        mistake(
            "no-bottleneck",
            lambda n_pixels, width: nn.Sequential(
                nn.Linear(n_pixels, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, n_pixels)
            ),
            "Nothing is narrow here: `width` is not used. The encoder ends with nn.Linear(64, width).",
            seen="expected slip, not yet seen: the code as wide as the hidden layer",
        ),
        mistake(
            "shortcut",
            lambda n_pixels, width: nn.Sequential(
                nn.Linear(n_pixels, 64), nn.ReLU(), nn.Linear(64, width), nn.Linear(width, n_pixels)
            ),
            "The decoder goes from the code to the pixels in one step. It takes the way back through 64.",
            seen="expected slip, not yet seen: a shorter decoder",
        ),
        mistake(
            "tanh",
            lambda n_pixels, width: nn.Sequential(
                nn.Linear(n_pixels, 64),
                nn.Tanh(),
                nn.Linear(64, width),
                nn.Linear(width, 64),
                nn.Tanh(),
                nn.Linear(64, n_pixels),
            ),
            "Between the layers stands something other than a ReLU. Here it is nn.ReLU().",
            seen="expected slip, not yet seen: another activation",
        ),
    ],
    alternatives=[_ByClass, lambda n_pixels, width: _dense(n_pixels, 64, width, 64, n_pixels)],
    hints_for=same_hints(
        [
            "Write down what goes in and what comes out of every layer. Where is it narrow?",
            "Four dense layers: from n_pixels to 64, to width, to 64, to n_pixels.",
            "nn.Linear(n_pixels, 64), ..., nn.Linear(64, width)      # and the same way back",
        ],
        "module-shape",
        "module-parameters",
        "module-weights",
        "encoder-only",
        "decoder-only",
        "no-bottleneck",
        "shortcut",
    )
    | same_hints(
        [
            "A ReLU stands behind two of the four layers. Behind which?",
            "Behind the wide ones. The code may be negative, and so may what the last layer says.",
            "nn.Sequential(nn.Linear(n_pixels, 64), nn.ReLU(), nn.Linear(...))      # no ReLU here",
        ],
        "module-output",
        "relu-on-the-code",
        "linear",
        "one-relu",
        "relu-at-the-end",
        "sigmoid-at-the-end",
        "tanh",
    ),
    hints=[
        "nn.Sequential(one, other, ...) sends what comes out of one into the next.",
        "The encoder: n_pixels, 64, ReLU, width. The decoder is its mirror image.",
        (
            "encoder = nn.Sequential(nn.Linear(n_pixels, 64), nn.ReLU(), ...)\n"
            "decoder = ...\n"
            "return nn.Sequential(encoder, decoder)"
        ),
    ],
    time_limit=20.0,
    seeds=4,
)
def bottleneck_network(n_pixels, width):
    """Build a torch.nn.Module that leads n_pixels numbers through a code of `width` back to n_pixels.

    Four nn.Linear: n_pixels to 64 to width to 64 to n_pixels.
    An nn.ReLU behind both layers that end in 64, and nowhere else.
    """
    # the encoder, down to the code; the decoder, the same way back
    ### BEGIN SOLUTION
    #: encoder = nn.Sequential(...)
    #: decoder = nn.Sequential(...)
    encoder = nn.Sequential(nn.Linear(n_pixels, 64), nn.ReLU(), nn.Linear(64, width))
    decoder = nn.Sequential(nn.Linear(width, 64), nn.ReLU(), nn.Linear(64, n_pixels))
    ### END SOLUTION
    return nn.Sequential(encoder, decoder)


# autoencoder.choose_width


LEVELS = {3: (0.5, 0.6), 5: (0.2, 0.25), 9: (0.2, 0.28), 17: (0.05, 0.1), 33: (0.15, 0.2), 65: (0.11, 0.15)}


def _width_cases(rng, dtype):
    by_hand = case(
        np.array([2, 4, 8]),
        np.array([[0.5, 0.4], [0.2, 0.4], [0.1, 0.3]], dtype),
        np.array(0.3, dtype)[()],
        label="3 widths, 2 seeds",
    )
    cases = [by_hand]
    for n_seeds, widths in ((3, [5, 33, 9, 65, 3, 17]), (5, [33, 3, 17, 9, 65, 5])):
        errors = {width: rng.uniform(*LEVELS[width], size=n_seeds) for width in widths}
        errors[5][0] = 0.33  # one seed fails, the mean does not
        errors[9][-1] = 0.3  # reached exactly
        table = np.array([errors[width] for width in widths], dtype)
        label = f"6 widths in any order, {n_seeds} seeds"
        cases.append(case(np.array(widths), table, np.array(0.3, dtype)[()], label=label))
    nothing = case(np.array([2, 4]), np.array([[0.5, 0.4], [0.3, 0.2]], dtype), 0.1, label="no width is good enough")
    return [*cases, nothing]


def _choose(good, pick=lambda widths, good: widths[good].min()):
    """Make a wrong `choose_width` of how a width is judged and which one is picked."""

    def answer(widths, errors, target):
        found = good(errors, target)
        return pick(widths, found) if found.any() else 0

    return answer


def _every(errors, target):
    return (errors <= target).all(axis=1)


def _one_more_seed(f, rng):
    widths, errors = np.array([2, 4, 8]), np.array([[0.3, 0.3], [0.2, 0.2], [0.1, 0.1]])
    bad = np.hstack([errors, [[0.3], [0.9], [0.1]]])
    return f(widths, errors, 0.2) == 4 and f(widths, bad, 0.2) == 8


@exercise(
    "autoencoder.choose_width",
    title="Choose the narrowest code that is good enough",
    section=("width-text", "How narrow may it be?"),
    points=2,
    cases=_width_cases,
    compare=exact(),
    laws=[law("a seed that fails makes a width fail", _one_more_seed)],
    mistakes=[
        mistake(
            "on-average",
            _choose(lambda errors, target: errors.mean(axis=1) <= target),
            "You averaged over the seeds, so one that fails can hide behind the others. Every seed has to reach it: "
            "all(axis=1).",
            seen="expected slip, not yet seen: mean over seeds",
        ),
        mistake(
            "best-seed",
            _choose(lambda errors, target: (errors <= target).any(axis=1)),
            "You were content with one good seed. Every seed has to reach the target: all, not any.",
            seen="expected slip, not yet seen: the best seed reported",
        ),
        mistake(
            "reached-is-not-enough",
            _choose(lambda errors, target: (errors < target).all(axis=1)),
            "An error that is exactly the target is good enough: at most means <=.",
            seen="expected slip, not yet seen: < for <=",
        ),
        mistake(
            "position",
            _choose(_every, lambda widths, good: int(np.flatnonzero(good)[0])),
            "That is a position in the list. Return the width that stands there.",
            seen="expected slip, not yet seen: argmax returned",
        ),
        mistake(
            "first-listed",
            _choose(_every, lambda widths, good: widths[good.argmax()]),
            "You took the first that is listed. The widths come in any order: take the smallest of the good ones.",
            seen="expected slip, not yet seen: order taken for granted",
        ),
        mistake(
            "widths-sorted-alone",
            lambda widths, errors, target: _choose(_every)(np.sort(widths), errors, target),
            "You sorted the widths and left the rows of errors where they were. Row i belongs to widths[i].",
            seen="typed by a reader of the chapter",
        ),
        mistake(
            "one-seed",
            _choose(lambda errors, target: errors[:, 0] <= target),
            "You looked at the first seed only. Every number of a row has to reach the target: all(axis=1).",
            seen="typed by a reader of the chapter",
        ),
        mistake(
            "widest",
            _choose(_every, lambda widths, good: widths[good].max()),
            "That is the widest. The narrowest code that is good enough is asked for: min.",
            seen="expected slip, not yet seen: max for min",
        ),
        mistake(
            "smallest-error",
            lambda widths, errors, target: widths[errors.mean(axis=1).argmin()],
            "That is the width with the smallest error. Wider is nearly always better; ask for the narrowest that is "
            "good enough.",
            seen="expected slip, not yet seen: argmin of the errors",
        ),
        mistake(
            "above-target",
            _choose(lambda errors, target: (errors >= target).all(axis=1)),
            "You picked among the widths that miss the target. An error is good when it is small.",
            seen="expected slip, not yet seen: an error read as a score",
        ),
        mistake(
            "all-good-ones",
            lambda widths, errors, target: widths[_every(errors, target)],
            "These are all that are good enough. Return the smallest of them; 0, if there is none.",
            seen="expected slip, not yet seen: stopped at the good ones",
        ),
        mistake(
            "widest-if-none",
            lambda widths, errors, target: (
                widths[_every(errors, target)].min() if _every(errors, target).any() else widths.max()
            ),
            "Where no width reaches the target you return the widest, as if it did. Return 0 there.",
            seen="expected slip, not yet seen: nothing found, and not said",
        ),
    ],
    alternatives=[
        lambda widths, errors, target: min(
            (int(width) for width, row in zip(widths, errors, strict=True) if max(row) <= target), default=0
        ),
        lambda widths, errors, target: next((widths[i] for i in np.argsort(widths) if np.all(errors[i] <= target)), 0),
    ],
    hints_for=same_hints(
        [
            "Row i of errors belongs to widths[i]. What must hold for all numbers of the row?",
            "errors <= target is a table of True and False; all(axis=1) makes one of each row.",
            "good = (errors <= target).all(axis=...)",
        ],
        "on-average",
        "best-seed",
        "reached-is-not-enough",
        "above-target",
        "smallest-error",
        "a seed that fails makes a width fail",
    )
    | same_hints(
        [
            "Which widths are good? And what is asked about them?",
            "widths[good] keeps the good ones. If there is none, it is empty, and min() of nothing is an error.",
            "return widths[good].min() if good.any() else ...      # what, if none is good?",
        ],
        "position",
        "first-listed",
        "widest",
        "all-good-ones",
        "widest-if-none",
        "raised",
    ),
    hints=[
        "Two steps: which widths are good enough; which of those is the smallest.",
        "A width is good if every number in its row is at most the target.",
        "good = (errors <= ...).all(axis=1)\nreturn widths[good].... if good.any() else 0",
    ],
)
def choose_width(widths, errors, target):
    """Return the smallest width whose error is at most target for every seed; 0 if no width is.

    widths is (n_widths,), in any order; errors is (n_widths, n_seeds).
    """
    # which widths are good enough, whatever the seed?
    ### BEGIN SOLUTION
    good = (errors <= target).all(axis=1)
    ### END SOLUTION
    # the narrowest of them
    ### BEGIN SOLUTION
    return widths[good].min() if good.any() else 0
    ### END SOLUTION


# autoencoder.trace_noise


def _noise_cases(rng, dtype):
    X, noisy = np.array([[0, 1.0]], dtype), np.array([[0.2, 0.6]], dtype)
    cases = [
        case(X, noisy, np.array([[0.5, 0.5]], dtype), np.array([[0.6, 0.3]], dtype), label="1 picture of 2 pixels")
    ]
    for n, n_pixels in ((4, 6), (3, 64)):
        X = _pictures(rng, n, n_pixels, dtype)
        noisy = X + (0.1 + rng.normal(scale=0.3, size=X.shape) * rng.uniform(0.3, 2, size=(n, 1))).astype(dtype)
        rebuilt = (0.5 * X + 0.2).astype(dtype)
        came_out = (0.1 + 0.6 * rng.normal(size=X.shape) * rng.uniform(0.1, 0.5, size=(n, 1))).astype(dtype)
        cases.append(case(X, noisy, rebuilt, rebuilt + came_out, label=f"{n} pictures of {n_pixels} pixels"))
    return cases


def _size(change):
    return np.mean(np.square(change))


def _a_copy(f, rng):
    X, noisy = rng.random((3, 5)), rng.random((3, 5))
    return np.isclose(f(X, noisy, X, noisy), 1) or "Who copies keeps all the noise: 1."


def _a_wall(f, rng):
    X, noisy, same = rng.random((3, 5)), rng.random((3, 5)), rng.random((3, 5))
    return np.isclose(f(X, noisy, same, same), 0) or "Where noise changes nothing, none is kept: 0."


@exercise(
    "autoencoder.trace_noise",
    title="Measure how much noise comes through",
    section=("sweep-see", "The identity trap"),
    points=3,
    cases=_noise_cases,
    laws=[law("a copy keeps everything", _a_copy), law("what never changes keeps nothing", _a_wall)],
    mistakes=[
        mistake(
            "compared-with-the-clean-picture",
            lambda X, noisy, rebuilt, rebuilt_noisy: _size(rebuilt_noisy - X) / _size(noisy - X),
            "You compared what came out with X. That also counts what the network gets wrong without any noise. "
            "Compare it with `rebuilt`, what comes out of the clean picture.",
            seen="expected slip, not yet seen: the error taken for the change",
        ),
        mistake(
            "compared-with-the-noisy-picture",
            lambda X, noisy, rebuilt, rebuilt_noisy: _size(rebuilt_noisy - noisy) / _size(noisy - X),
            "You compared what came out with what went in. Compare the two that came out with each other.",
            seen="expected slip, not yet seen: input and output compared",
        ),
        mistake(
            "upside-down",
            lambda X, noisy, rebuilt, rebuilt_noisy: _size(noisy - X) / _size(rebuilt_noisy - rebuilt),
            "Upside down: divide what came out by what went in.",
            seen="expected slip, not yet seen: numerator and denominator",
        ),
        mistake(
            "root",
            lambda X, noisy, rebuilt, rebuilt_noisy: np.sqrt(_size(rebuilt_noisy - rebuilt) / _size(noisy - X)),
            "That is the ratio of lengths. Take the mean squares, without a root.",
            seen="expected slip, not yet seen: standard deviation for variance",
        ),
        mistake(
            "not-squared",
            lambda X, noisy, rebuilt, rebuilt_noisy: (
                np.mean(np.abs(rebuilt_noisy - rebuilt)) / np.mean(np.abs(noisy - X))
            ),
            "You compared mean absolute changes. Square them, then average.",
            seen="expected slip, not yet seen: np.abs for the square",
        ),
        mistake(
            "signs-cancel",
            lambda X, noisy, rebuilt, rebuilt_noisy: np.mean(rebuilt_noisy - rebuilt) ** 2 / np.mean(noisy - X) ** 2,
            "You averaged the changes before you squared them, and they cancelled. Square first.",
            seen="expected slip, not yet seen: square and mean in the other order",
        ),
        mistake(
            "variance",
            lambda X, noisy, rebuilt, rebuilt_noisy: np.var(rebuilt_noisy - rebuilt) / np.var(noisy - X),
            "np.var first takes the mean change away. If all pixels get brighter, that is a change too: mean square.",
            seen="expected slip, not yet seen: np.var",
        ),
        mistake(
            "picture-by-picture",
            lambda X, noisy, rebuilt, rebuilt_noisy: np.mean(
                np.mean((rebuilt_noisy - rebuilt) ** 2, axis=1) / np.mean((noisy - X) ** 2, axis=1)
            ),
            "You divided for every picture, and averaged the ratios. One mean square over all, divided by the other.",
            seen="expected slip, not yet seen: mean of ratios",
        ),
        mistake(
            "pixel-by-pixel",
            lambda X, noisy, rebuilt, rebuilt_noisy: np.mean((rebuilt_noisy - rebuilt) ** 2 / (noisy - X) ** 2),
            "You divided pixel by pixel, and pixels with next to no noise weigh most. Take both means first, then "
            "divide.",
            seen="typed by a reader of the chapter",
        ),
        mistake(
            "removed",
            lambda X, noisy, rebuilt, rebuilt_noisy: 1 - _size(rebuilt_noisy - rebuilt) / _size(noisy - X),
            "That is the share that was lost. The share that was kept is asked for: no 1 minus.",
            seen="expected slip, not yet seen: 1 minus the answer",
        ),
        mistake(
            "of-the-picture",
            lambda X, noisy, rebuilt, rebuilt_noisy: _size(rebuilt_noisy - rebuilt) / _size(X),
            "You divided by the picture. Divide by the noise that went in: noisy - X.",
            seen="expected slip, not yet seen: share of the signal",
        ),
        mistake(
            "not-divided",
            lambda X, noisy, rebuilt, rebuilt_noisy: _size(rebuilt_noisy - rebuilt),
            "That is how much came out. Divide it by how much went in.",
            seen="expected slip, not yet seen: half of the answer",
        ),
    ],
    alternatives=[
        lambda X, noisy, rebuilt, rebuilt_noisy: np.sum((rebuilt - rebuilt_noisy) ** 2) / np.sum((X - noisy) ** 2),
        lambda X, noisy, rebuilt, rebuilt_noisy: float(
            (np.linalg.norm(rebuilt_noisy - rebuilt) / np.linalg.norm(noisy - X)) ** 2
        ),
    ],
    hints_for=same_hints(
        [
            "What would come out if there were no noise? Which argument is that?",
            "Two changes: from X to noisy, what went in; from rebuilt to rebuilt_noisy, what came out.",
            "came_out = rebuilt_noisy - ...      # not X",
        ],
        "compared-with-the-clean-picture",
        "compared-with-the-noisy-picture",
        "of-the-picture",
        "a copy keeps everything",
        "what never changes keeps nothing",
    ),
    hints=[
        "How much did the input change? How much did the output change?",
        "Measure each change by its mean square over all pixels of all pictures. Then divide.",
        "came_out = ...\nwent_in = ...\nreturn np.mean(came_out**2) / ...",
    ],
)
def noise_kept(X, noisy, rebuilt, rebuilt_noisy):
    """Return which share of the noise comes out again: the mean square of what came out over what went in.

    All four are (n, n_pixels). The network makes rebuilt of X, and rebuilt_noisy of noisy.
    What went in is the change from X to noisy; what came out, the change it makes.
    A copy keeps 1.
    """
    ### BEGIN SOLUTION
    went_in, came_out = noisy - X, rebuilt_noisy - rebuilt
    return np.mean(came_out**2) / np.mean(went_in**2)
    ### END SOLUTION


# autoencoder.rate_denoiser


def _gain_cases(rng, dtype):
    by_hand = case(
        np.array([[0, 1.0]], dtype), np.array([[0.5, 0.5]], dtype), np.array([[0.1, 0.8]], dtype), label="1 picture"
    )
    cases = [by_hand]
    for n, n_pixels in ((4, 6), (3, 64)):
        clean = _pictures(rng, n, n_pixels, dtype)
        strength = rng.uniform(0.1, 0.8, size=(n, 1))
        noisy = clean + (strength * rng.normal(size=clean.shape)).astype(dtype)
        rebuilt = clean + rng.normal(scale=0.1, size=clean.shape).astype(dtype)
        cases.append(case(clean, noisy, rebuilt, label=f"{n} pictures of {n_pixels} pixels"))
    worse = case(cases[1].args[0], cases[1].args[2], cases[1].args[1], label="rebuilt worse than it came")
    return [*cases, worse]


def _decibels(ratio):
    return 10 * np.log10(ratio)


def _left_alone(f, rng):
    clean, noisy = rng.random((3, 5)), rng.random((3, 5))
    return np.isclose(f(clean, noisy, noisy), 0) or "Left as it came, nothing is gained: 0 dB."


@exercise(
    "autoencoder.rate_denoiser",
    title="Rate a denoiser in decibels",
    section=("trap-see", "Denoising: where copying does not pay"),
    points=2,
    cases=_gain_cases,
    laws=[law("what is left as it came gains 0 dB", _left_alone)],
    mistakes=[
        mistake(
            "upside-down",
            lambda clean, noisy, rebuilt: _decibels(_mse(rebuilt, clean) / _mse(noisy, clean)),
            "Upside down: a smaller error must give a gain above 0. Divide the error before by the error after.",
            seen="expected slip, not yet seen: numerator and denominator",
        ),
        mistake(
            "twenty",
            lambda clean, noisy, rebuilt: 2 * _decibels(_mse(noisy, clean) / _mse(rebuilt, clean)),
            "20 is for lengths. These errors are squared: 10.",
            seen="expected slip, not yet seen: amplitude for power",
        ),
        mistake(
            "root",
            lambda clean, noisy, rebuilt: _decibels(_mse(noisy, clean) / _mse(rebuilt, clean)) / 2,
            "You took roots before the logarithm. Leave the errors squared: 10 is for squares.",
            seen="typed by a reader of the chapter",
        ),
        mistake(
            "no-ten",
            lambda clean, noisy, rebuilt: np.log10(_mse(noisy, clean) / _mse(rebuilt, clean)),
            "That is the logarithm. A decibel is a tenth of it: 10 times.",
            seen="expected slip, not yet seen: bel for decibel",
        ),
        mistake(
            "natural-logarithm",
            lambda clean, noisy, rebuilt: 10 * np.log(_mse(noisy, clean) / _mse(rebuilt, clean)),
            "np.log is the natural logarithm. Decibels are made of np.log10.",
            seen="expected slip, not yet seen: np.log",
        ),
        mistake(
            "ratio",
            lambda clean, noisy, rebuilt: _mse(noisy, clean) / _mse(rebuilt, clean),
            "That is the ratio of the errors. In decibels: 10 * np.log10 of it.",
            seen="expected slip, not yet seen: logarithm forgotten",
        ),
        mistake(
            "against-the-noisy",
            lambda clean, noisy, rebuilt: _decibels(_mse(noisy, clean) / _mse(rebuilt, noisy)),
            "The second error is that of `rebuilt` beside `noisy`. Both errors are measured from the clean picture.",
            seen="expected slip, not yet seen: compared with the input",
        ),
        mistake(
            "signal-to-noise",
            lambda clean, noisy, rebuilt: _decibels(np.mean(clean**2) / _mse(rebuilt, clean)),
            "That is the signal-to-noise ratio after. The gain is from before to after: the error of noisy over that "
            "of rebuilt.",
            seen="expected slip, not yet seen: SNR, as in chapter 06",
        ),
        mistake(
            "picture-by-picture",
            lambda clean, noisy, rebuilt: np.mean(
                _decibels(np.mean((noisy - clean) ** 2, axis=1) / np.mean((rebuilt - clean) ** 2, axis=1))
            ),
            "You averaged decibels picture by picture. Here: one mean squared error over all, then the decibels.",
            seen="expected slip, not yet seen: mean of logarithms",
        ),
        mistake(
            "not-squared",
            lambda clean, noisy, rebuilt: _decibels(np.mean(np.abs(noisy - clean)) / np.mean(np.abs(rebuilt - clean))),
            "You compared mean absolute errors. Square the differences, then average.",
            seen="expected slip, not yet seen: np.abs for the square",
        ),
        mistake(
            "difference",
            lambda clean, noisy, rebuilt: _mse(noisy, clean) - _mse(rebuilt, clean),
            "You subtracted the errors. Decibels compare them by their ratio.",
            seen="expected slip, not yet seen: - for /",
        ),
    ],
    alternatives=[
        lambda clean, noisy, rebuilt: 10 * (np.log10(_mse(noisy, clean)) - np.log10(_mse(rebuilt, clean))),
        lambda clean, noisy, rebuilt: float(
            20 * np.log10(np.linalg.norm(noisy - clean) / np.linalg.norm(rebuilt - clean))
        ),
    ],
    hints_for=same_hints(
        [
            "A network that removes noise: is your number above 0?",
            "Two errors, both measured from the clean picture: before, of noisy; after, of rebuilt.",
            "after = np.mean((rebuilt - ...) ** 2)      # and the same for noisy",
        ],
        "upside-down",
        "against-the-noisy",
        "signal-to-noise",
        "what is left as it came gains 0 dB",
    )
    | same_hints(
        [
            "The error falls to a tenth. How many decibels should your function say?",
            "10: ten times the logarithm to base 10 of the ratio of squared errors.",
            "10 * np.log10(before / ...)",
        ],
        "twenty",
        "no-ten",
        "natural-logarithm",
        "ratio",
        "difference",
    ),
    hints=[
        "How wrong was the picture before, and how wrong is it after?",
        "Mean squared error of each beside the clean picture; the ratio, before over after; in decibels.",
        "before = np.mean((noisy - clean) ** 2)\nafter = ...\nreturn 10 * np.log10(...)",
    ],
)
def denoising_gain(clean, noisy, rebuilt):
    """Return by how many decibels the mean squared error has fallen, from noisy to rebuilt.

    All three are (n, n_pixels), and both errors are measured from clean.
    A tenth of the error is a gain of 10 dB; a larger error, one below 0.
    """
    ### BEGIN SOLUTION
    before = np.mean((noisy - clean) ** 2)
    after = np.mean((rebuilt - clean) ** 2)
    return 10 * np.log10(before / after)
    ### END SOLUTION


# autoencoder.find_border


@functools.cache
def _walk():
    """Return the widget of the notebook: the plane of codes, from 7 to 1."""
    digits = load_spoken_digits()
    images = (digits.X["image"] / 255).reshape(-1, 64)
    old, y = digits.groups["writer"] < 7, np.asarray(digits.y)
    plane = Autoencoder(2, hidden=(128, 64), epochs=60, random_state=4).fit(images[old])
    return walk_latent(
        plane.transform(images[old]), y[old], lambda Z: plane.inverse_transform(Z).clip(0, 1), start=7, goal=1
    )


def _kind_of_place(point):
    """Say where in the plane a point lies: what the picture there is read as, or at the border."""
    try:
        return "border" if _walk().at_border(point) else _walk().read_as(point)
    except ValueError:
        return "outside"


def _same_kind_of_place(expected, actual):
    """Compare two places by what the pictures there are read as."""
    if np.shape(actual) != (2,) or np.asarray(actual).dtype.kind not in "iuf":
        return close()(np.array([0.0, 0.0]), actual) or Problem("place", "Give two numbers, (x, y).")
    want, got = _kind_of_place(expected), _kind_of_place(actual)
    if want == got:
        return None
    if got == "outside":
        return Problem("outside", "This place lies outside the plane. Read x and y below the picture.")
    if got == "border":
        return Problem("value", "This is the border.")  # beside a mistake; nobody reads it
    return Problem("not-the-border", f"Here the picture is read as {got}, and on all sides there is no border.")


def _border_cases(rng, dtype):
    start, goal = _walk().ends
    way = np.linspace(start, goal, 50)
    return [case(way=way, read=np.array([_walk().read_as(place) for place in way]), label="the place")]


def _place_of(digit):
    """Return the place read as a digit that is nearest to the middle of its codes."""
    walk = _walk()
    codes = np.array(walk.codes)[np.array(walk.groups) == digit]
    for place in codes[np.square(codes - codes.mean(axis=0)).sum(axis=1).argsort()]:
        if _kind_of_place(place) == digit:
            return tuple(place.tolist())
    raise LookupError(f"no place is read as {digit}")


@exercise(
    "autoencoder.find_border",
    title="Walk through codes to where a 7 becomes a 1",
    section=("walk-text", "7 · Walk through the codes"),
    kind="widget",
    points=1,
    cases=_border_cases,
    compare=_same_kind_of_place,
    mistakes=[
        mistake(
            "still-a-seven",
            lambda way, read: _place_of(7),
            "Here the picture is a 7, and on all sides too. Walk on towards the 1.",
            seen="expected slip, not yet seen: stopped too early",
        ),
        mistake(
            "already-a-one",
            lambda way, read: _place_of(1),
            "Here it is a 1 already, on all sides. The border lies behind you.",
            seen="expected slip, not yet seen: walked past",
        ),
        mistake(
            "among-the-threes",
            lambda way, read: _place_of(3),
            "Here it is a 3. You have left the way from 7 to 1.",
            seen="expected slip, not yet seen: another border",
        ),
        mistake(
            "among-the-nines",
            lambda way, read: _place_of(9),
            "Here it is a 9. You have left the way from 7 to 1.",
            seen="expected slip, not yet seen: another border",
        ),
        mistake(
            "off-the-plane",
            lambda way, read: (99.0, 99.0),
            "This place lies outside the plane. Read x and y below the picture.",
            seen="expected slip, not yet seen: pixels of the screen",
        ),
    ],
    alternatives=[
        lambda way, read: tuple(way[np.flatnonzero(read == 7)[-1]].tolist()),
        lambda way, read: way[np.argmax(read == 1)].round(1).tolist(),
    ],
    hints_for=same_hints(
        [
            "Press PageDown: it walks towards the 1. What is the picture read as after each step?",
            "Stop at the first step where the words below the picture change from 7 to 1; one back is as good.",
            "place = walking      # after you have moved the point",
        ],
        "still-a-seven",
        "already-a-one",
        "among-the-threes",
        "among-the-nines",
    ),
    hints=[
        "Start at a 7, and walk towards the 1 step by step. The picture changes little at a time.",
        "At the border a single step changes what the picture is read as, though it hardly changes the picture.",
        "place = (..., ...)      # x and y, as the widget says them; or the widget itself",
    ],
    equivalent_mutants={
        "place = way[np.flatnonzero(read != 7)[0]]: 0 -> 1": "the second place beyond is still within two steps"
    },
    time_limit=30.0,
)
def border_place(way, read):
    """Find a place where the decoded picture stops being a 7 and becomes a 1.

    Give the place as (x, y), or the widget itself.
    """
    ### BEGIN SOLUTION
    #: place = ...  # (x, y), or the widget itself: place = walking
    place = way[np.flatnonzero(read != 7)[0]]
    ### END SOLUTION
    return place


# autoencoder.fix_article and why


def _pairs(rng, n, width_image, width_audio, noise=0.3):
    """Draw codes of two modalities that share a cause, each turned, stretched and moved in its own way."""
    cause = rng.normal(size=(n, 3))
    return tuple(
        cause @ rng.normal(size=(3, width))
        + noise * rng.normal(size=(n, width)) @ rng.normal(size=(width, width))
        + rng.normal(size=width)
        for width in (width_image, width_audio)
    )


def _match_cases(rng, dtype):
    return [
        case(*_pairs(rng, n, width, width), np.arange(n_train), np.arange(n_train, n), label=label)
        for n, width, n_train, label in [
            (10, 2, 7, "10 pairs, 2 numbers each"),
            (40, 4, 25, "40 pairs, 4 numbers each"),
            (60, 6, 45, "60 pairs, 6 numbers each"),
        ]
    ]


def _centred(Z, rows):
    return Z - Z[rows].mean(axis=0)


def _matched(fit_on=lambda train, test: train, centre_on=lambda train, test: train, back=False):
    """Make a `match_scores`, with the slips that the mistakes below need."""

    def answer(Z_image, Z_audio, train, test):
        A, B = (_centred(Z, centre_on(train, test)) for Z in (Z_image, Z_audio))
        rows = fit_on(train, test)
        if back:
            return cosine_similarity(A[test], B[test] @ np.linalg.lstsq(B[rows], A[rows])[0])
        return cosine_similarity(A[test] @ np.linalg.lstsq(A[rows], B[rows])[0], B[test])

    return answer


def _everything(train, test):
    return np.concatenate([train, test])


def _no_intercept(Z_image, Z_audio, train, test):
    return cosine_similarity(Z_image[test] @ np.linalg.lstsq(Z_image[train], Z_audio[train])[0], Z_audio[test])


def _rotated(Z_image, Z_audio, train, test):
    A, B = _centred(Z_image, train), _centred(Z_audio, train)
    U, _, Vt = np.linalg.svd(A[train].T @ B[train])
    return cosine_similarity(A[test] @ U @ Vt, B[test])


def _length_first(Z_image, Z_audio, train, test):
    A, B = _rows_of_length_one(_centred(Z_image, train)), _rows_of_length_one(_centred(Z_audio, train))
    return cosine_similarity(A[test] @ np.linalg.lstsq(A[train], B[train])[0], B[test])


def _by_columns_of_one(Z_image, Z_audio, train, test):
    """Fit the intercept as one more weight."""
    X = np.column_stack([Z_image, np.ones(len(Z_image))])
    W = np.linalg.lstsq(X[train], Z_audio[train])[0]
    middle = Z_audio[train].mean(axis=0)
    return cosine_similarity(X[test] @ W - middle, Z_audio[test] - middle)


def _by_the_package(Z_image, Z_audio, train, test):
    carry, middle = LeastSquaresMap().fit(Z_image[train], Z_audio[train]), Z_audio[train].mean(axis=0)
    return cosine_similarity(carry.transform(Z_image[test]) - middle, Z_audio[test] - middle)


def _turned_and_stretched(f, rng):
    Z_image, Z_audio = _pairs(rng, 30, 4, 4)
    rows = np.arange(20), np.arange(20, 30)
    other = Z_image @ rng.normal(size=(4, 4)) + 5
    return np.allclose(f(Z_image, Z_audio, *rows), f(other, Z_audio, *rows), atol=1e-6) or (
        "Turn, stretch and move all image codes, as another seed might: the scores must stay."
    )


def _other_widths(f, rng):
    Z_image, Z_audio = _pairs(rng, 30, 3, 5, noise=0)
    scores = np.asarray(f(Z_image, Z_audio, np.arange(20), np.arange(20, 30)))
    return np.mean(scores.argmax(axis=1) == np.arange(10)) > 0.7


@exercise(
    "autoencoder.fix_article",
    title="Repair a search across two separate codes",
    section=("by-hand", "3 · By hand"),
    points=3,
    cases=_match_cases,
    compare=close(rtol=1e-5, atol=1e-7),
    laws=[
        law("another seed's code gives the same scores", _turned_and_stretched),
        law("codes of different widths find each other", _other_widths),
    ],
    mistakes=[
        mistake(
            "as-published",
            lambda Z_image, Z_audio, train, test: cosine_similarity(Z_image[test], Z_audio[test]),
            "The codes still meet as they are. Number 1 of an image code has nothing to do with number 1 of an audio "
            "code: learn a map from one space to the other, on the train pairs.",
            seen="CLIP-like tutorials with two autoencoders trained apart: cosine between their latents",
        ),
        mistake(
            "only-centred",
            lambda Z_image, Z_audio, train, test: cosine_similarity(
                _centred(Z_image, train)[test], _centred(Z_audio, train)[test]
            ),
            "Both clouds lie around 0 now, but their directions mean other things. Learn the map: np.linalg.lstsq.",
            seen="expected slip, not yet seen: centring taken for alignment",
        ),
        mistake(
            "standardised",
            lambda Z_image, Z_audio, train, test: cosine_similarity(
                _centred(Z_image, train)[test] / Z_image[train].std(axis=0),
                _centred(Z_audio, train)[test] / Z_audio[train].std(axis=0),
            ),
            "Same mean and same spread are not the same space. Learn the map from pairs: np.linalg.lstsq.",
            seen="expected slip, not yet seen: scaling taken for alignment",
        ),
        mistake(
            "two-pcas",
            lambda Z_image, Z_audio, train, test: cosine_similarity(
                *(_centred(Z, train)[test] @ _by_svd(_centred(Z, train)[train]).T for Z in (Z_image, Z_audio))
            ),
            "Two PCAs are two spaces again: the first axis of each is what varies most there. Learn a map from pairs.",
            seen="mlearn tutorials that bring both modalities to one width by SVD, and compare",
        ),
        mistake(
            "fitted-on-all",
            _matched(fit_on=_everything, centre_on=_everything),
            "The map has seen the test pairs, which it should find. Learn it from the train rows only.",
            seen="expected slip, not yet seen: fit on everything",
        ),
        mistake(
            "fitted-on-test",
            _matched(fit_on=lambda train, test: test),
            "You learnt the map from the very pairs it should find. Take the train rows.",
            seen="expected slip, not yet seen: train and test swapped",
        ),
        mistake(
            "not-centred",
            _no_intercept,
            "Nearly. The map has no intercept: codes do not lie around 0. Subtract each side's train mean first.",
            seen="expected slip, not yet seen: lstsq without a column of ones",
        ),
        mistake(
            "audio-not-centred",
            lambda Z_image, Z_audio, train, test: cosine_similarity(
                LeastSquaresMap().fit(Z_image[train], Z_audio[train]).transform(Z_image[test]), Z_audio[test]
            ),
            "The map is right. Measure the angles from the mean audio code of the train rows: subtract it on both "
            "sides.",
            seen="expected slip, not yet seen: transform() taken as it comes",
        ),
        mistake(
            "audio-left-where-it-lies",
            lambda Z_image, Z_audio, train, test: cosine_similarity(
                _centred(Z_image, train)[test] @ np.linalg.lstsq(_centred(Z_image, train)[train], Z_audio[train])[0],
                Z_audio[test],
            ),
            "Only the image codes are centred. Subtract the train mean of the audio codes too.",
            seen="typed by a reader of the chapter",
        ),
        mistake(
            "mapped-from-all",
            lambda Z_image, Z_audio, train, test: cosine_similarity(
                LeastSquaresMap().fit(Z_image, Z_audio).transform(Z_image[test]), Z_audio[test]
            ),
            "The map has seen the test pairs, which it should find: fit it on the train rows. Then subtract the "
            "train mean of the audio codes on both sides.",
            seen="typed by a reader of the chapter",
        ),
        mistake(
            "means-of-all",
            _matched(centre_on=_everything),
            "You subtracted means over all rows: the test rows are among them. Take the means of the train rows.",
            seen="typed by a reader of the chapter",
        ),
        mistake(
            "length-before-the-map",
            _length_first,
            "You made lengths of 1 before the map. Learn the map from the centred codes; lengths come after it.",
            seen="typed by a reader of the chapter",
        ),
        mistake(
            "own-means",
            lambda Z_image, Z_audio, train, test: cosine_similarity(
                (Z_image[test] - Z_image[test].mean(axis=0))
                @ np.linalg.lstsq(_centred(Z_image, train)[train], _centred(Z_audio, train)[train])[0],
                Z_audio[test] - Z_audio[test].mean(axis=0),
            ),
            "You subtracted the means of the test rows. A single new picture has no such mean: take those of train.",
            seen="expected slip, not yet seen: test mean, as in chapter 08",
        ),
        mistake(
            "carried-back",
            _matched(back=True),
            "You carried the audio codes over to the images. That can be done too; here carry the image codes over.",
            seen="expected slip, not yet seen: X and Y swapped in lstsq",
        ),
        mistake(
            "only-turned",
            _rotated,
            "You allowed the map to turn and mirror only. Two networks stretch their codes differently too: "
            "np.linalg.lstsq.",
            seen="expected slip, not yet seen: Procrustes",
        ),
        mistake(
            "not-unit-length",
            lambda Z_image, Z_audio, train, test: (
                _centred(Z_image, train)[test]
                @ np.linalg.lstsq(_centred(Z_image, train)[train], _centred(Z_audio, train)[train])[0]
                @ _centred(Z_audio, train)[test].T
            ),
            "The map is right. But the rows are no longer brought to length 1, so these are no cosines.",
            seen="expected slip, not yet seen: the division lost in the repair",
        ),
        mistake(
            "transposed",
            lambda Z_image, Z_audio, train, test: _matched()(Z_image, Z_audio, train, test).T,
            "Right, but turned round: rows are images, columns are clips.",
            seen="expected slip, not yet seen: transposed",
        ),
    ],
    alternatives=[_by_columns_of_one, _by_the_package],
    hints_for=same_hints(
        [
            "Turn all image codes by a quarter. Their decoder could undo it. What happens to your scores?",
            "The train rows are pairs: row i of Z_image belongs to row i of Z_audio. Learn a matrix from them.",
            "W = np.linalg.lstsq(A[train], B[train])[0]      # then A[test] @ W meets B[test]",
        ],
        "as-published",
        "only-centred",
        "standardised",
        "two-pcas",
        "only-turned",
        "another seed's code gives the same scores",
        "codes of different widths find each other",
    )
    | same_hints(
        [
            "Around which point do the image codes lie? Around which the audio codes?",
            "Subtract from each side the mean of its train rows, before the map is learnt and before it is used.",
            "A = Z_image - Z_image[train].mean(axis=0)      # the same for B; then the map",
        ],
        "not-centred",
        "audio-not-centred",
        "own-means",
    )
    | same_hints(
        [
            "Print what np.linalg.lstsq returns. Is it one matrix?",
            "It returns four things in a tuple. The matrix is the first: [0].",
            "W = np.linalg.lstsq(A[train], B[train])[0]",
        ],
        "raised",
    ),
    hints=[
        "What do the two networks know of each other? Which argument of the function does it not use?",
        "np.linalg.lstsq(A, B)[0] is the matrix W that brings A @ W nearest to B. Learn it from the train pairs.",
        (
            "A, B = Z_image - ..., Z_audio - ...      # train means\n"
            "W = np.linalg.lstsq(A[train], ...)[0]\n"
            "A, B = A[test] @ W, B[test]      # then lengths and cosines as before"
        ),
    ],
)
def match_scores(Z_image, Z_audio, train, test):
    """Score every test image with every test clip by cosine: (n_test, n_test), rows are images.

    Row i of Z_image and of Z_audio belong together; train and test are arrays of rows.
    Image codes are carried over by the linear map that fits the train pairs best
    (least squares). Both sides are measured from their mean over the train rows.
    """
    ### BEGIN SOLUTION
    #: A, B = Z_image[test], Z_audio[test]
    #: A = A / np.linalg.norm(A, axis=1, keepdims=True)
    #: B = B / np.linalg.norm(B, axis=1, keepdims=True)
    #: return A @ B.T
    A = Z_image - Z_image[train].mean(axis=0)
    B = Z_audio - Z_audio[train].mean(axis=0)
    W = np.linalg.lstsq(A[train], B[train])[0]
    A, B = A[test] @ W, B[test]
    A = A / np.linalg.norm(A, axis=1, keepdims=True)
    B = B / np.linalg.norm(B, axis=1, keepdims=True)
    return A @ B.T
    ### END SOLUTION


@exercise(
    "autoencoder.why_unnoticed",
    title="Say why nobody noticed",
    section=("walk-see", "8 · Debug the article"),
    kind="choice",
    points=1,
    cases=lambda rng, dtype: [case(label="your choice")],
    options={
        "a": "because the two networks were trained for too few epochs, and longer training would bring them together",
        "b": "because each network rebuilds well, widths fit, and only scores within a modality were shown",
        "c": "because recall at chance is normal for a search across modalities",
        "d": "because cosine is the wrong measure: with Euclidean distance the search would have worked",
    },
    mistakes=[
        mistake(
            "a",
            lambda: "a",
            "Each network would rebuild better, and stay in its own space: nothing in its loss speaks of the other.",
            seen="expected slip, not yet seen: a wrong belief about training",
        ),
        mistake(
            "c",
            lambda: "c",
            "It is not: the same codes, carried over by a map, find the right digit several times as often.",
            seen="expected slip, not yet seen: a wrong belief about difficulty",
        ),
        mistake(
            "d",
            lambda: "d",
            "Distances between spaces with nothing in common are as empty as their angles. Try it.",
            seen="expected slip, not yet seen: a wrong belief about metrics",
        ),
    ],
    hints=["What did the author look at before publishing, and what was never compared with chance?"],
)
def why_unnoticed():
    """Say why the article's fault could have gone unnoticed."""
    ### BEGIN SOLUTION
    #: answer = ...  # a letter
    answer = "b"
    ### END SOLUTION
    return answer
