"""A labelled plot of real data as an exercise: built as a chapter would, taken through the gate."""

import functools

import matplotlib.pyplot as plt
import numpy as np
import pytest

from mmlearn_edu.checks.adapters import adapted
from mmlearn_edu.checks.answerer import InPlace
from mmlearn_edu.checks.authoring import case, exercise, figure, mistake
from mmlearn_edu.checks.gate import gate
from mmlearn_edu.checks.judge import judge
from mmlearn_edu.checks.learner import verdict_of
from mmlearn_edu.datasets import load_spoken_digits

RATE = 8000


@functools.cache
def _digits():
    digits = load_spoken_digits()
    return digits.X["image"], digits.X["audio"], digits.y


def _draw_cases(rng, dtype):
    """Two digits, each written by three hands and spoken by two voices: 8 x 8 pixels, and 0.2 s at 8000 Hz."""
    images, clips, y = _digits()
    found = []
    for digit in rng.choice(10, size=2, replace=False):
        rows = rng.permutation(np.flatnonzero(y == digit))[:3]
        sound = clips[rows[:2], :1600].astype(dtype) / 2**15
        found.append(case(images[rows].astype(dtype), sound, RATE, label=f"the digit {digit}"))
    return found


def _drawn(images, clips, rate, **changes):
    """Draw as it should be, but for what `changes` says."""
    picture, wave = plt.subplots(1, 2)[1]
    picture.imshow(changes.get("picture", images.mean(axis=0)), cmap="gray")
    seconds = np.arange(clips.shape[1]) / rate
    names = changes.get("names", ["first voice", "second voice"])
    for name, clip, colour in zip(names, clips, changes.get("colours", ["black", "C0"]), strict=False):
        xy = (seconds, clip) if not changes.get("swapped") else (clip, seconds)
        wave.plot(*xy, color=colour, label=name)
    wave.set(xlabel=changes.get("xlabel", "time (s)"), ylabel=changes.get("ylabel", "sound pressure"))
    if changes.get("legend", True):
        wave.legend()
    for ax in (picture, wave):
        ax.alt_text = changes.get("alt", "the mean picture of a digit, and two voices that say it")
    return changes.get("returned", lambda ax: ax.figure)(wave)


def _variant(**changes):
    return functools.partial(_drawn, **changes)


def _summed(images, clips, rate):
    return _drawn(images, clips, rate, picture=images.sum(axis=0))


def _transposed(images, clips, rate):
    return _drawn(images, clips, rate, picture=images.mean(axis=0).T)


def _first_only(images, clips, rate):
    return _drawn(images, clips, rate, picture=images[0])


def _in_samples(images, clips, rate):
    return _drawn(images, clips, 1)


def _normalised(images, clips, rate):
    return _drawn(images, clips / np.abs(clips).max(axis=1, keepdims=True), rate)


# how it is wrong: the answer, the problem, and words of its message
WRONG = {
    "swapped": (_variant(swapped=True), "figure-swapped", "belongs on the x-axis"),
    "samples-for-seconds": (_in_samples, "figure-data", "does not show first voice"),
    "one-voice": (_variant(names=["first voice"]), "figure-data", "does not show second voice"),
    "another-level": (_normalised, "figure-data", "does not show first voice"),
    "no-unit": (_variant(xlabel="time"), "figure-unit", "write (s) after"),
    "no-label": (_variant(ylabel=""), "figure-label", "The y-axis has no label"),
    "no-legend": (_variant(legend=False), "figure-legend", "0 entries, but 2"),
    "pale": (_variant(colours=["black", "#ffff99"]), "figure-contrast", "second voice"),
    "transposed": (_transposed, "figure-image", "of shape (8, 8)"),
    "one-hand": (_first_only, "figure-image", "of shape (8, 8)"),
    "sum": (_summed, "figure-image", "of shape (8, 8)"),
    "no-alt": (_variant(alt=""), "figure-alt", "no alt text"),
    "one-axes": (_variant(returned=lambda ax: ax), "figure-axes", "has 1 axes, but 2"),
}


def _with_pyplot(images, clips, rate):
    plt.figure(figsize=(9, 3))
    plt.subplot(1, 2, 1)
    plt.pcolormesh(np.mean(images, 0), cmap="viridis").axes.alt_text = "a mean of three hands"
    plt.subplot(1, 2, 2)
    plt.plot(np.linspace(0, clips.shape[1] / rate, clips.shape[1], endpoint=False), clips.T, label=["a", "b"])
    plt.xlabel("t [s]")
    plt.ylabel("level")
    plt.legend(loc="upper right")
    plt.gca().alt_text = "two voices over time"
    plt.show()


def _on_a_dark_ground(images, clips, rate):
    with plt.style.context("dark_background"):
        return _drawn(images, clips, rate, colours=["white", "yellow"])


FIRST = "wave.plot(seconds, clips[0], color='black', label='first voice')"
SECOND = "wave.plot(seconds, clips[1], color='C0', label='second voice')"
LABELS = "wave.set(xlabel='time (s)', ylabel='sound pressure')"


@exercise(
    "pca.draw_digit",
    kind="figure",
    points=2,
    cases=_draw_cases,
    compare=figure(alt=True, contrast=2),  # matplotlib's own blue and orange are fine: 4.5 and 2.5 to 1
    mistakes=[mistake(name, answer, f"It is wrong: {name}.") for name, (answer, _, _) in WRONG.items()],
    alternatives=[_with_pyplot, _on_a_dark_ground],
    hints=["Two axes side by side.", "imshow left, plot right, then label.", "picture, wave = ..."],
    seeds=3,
    equivalent_mutants={
        "fig, (picture, wave) = plt.subplots(1, 2): plt.subplots(1, 2) -> plt.subplots(2, 1)": "one above the other",
        "picture.imshow(images.mean(axis=0), cmap='gray') -> picture.imshow(images.mean(axis=0))": "other colours",
        f"{FIRST} -> wave.plot(seconds, clips[0], label='first voice')": "matplotlib's own colour",
        f"{FIRST}: 'first voice' -> 'first voice_'": "another name",
        f"{SECOND} -> wave.plot(seconds, clips[1], label='second voice')": "matplotlib's own colour",
        f"{SECOND}: 'second voice' -> 'second voice_'": "another name",
        f"{LABELS}: 'time (s)' -> 'time (s)_'": "still a label with its unit",
        f"{LABELS}: 'sound pressure' -> 'sound pressure_'": "still a label",
        "picture.alt_text = 'the mean picture of a digit': 'the mean picture of a digit' -> "
        "'the mean picture of a digit_'": "still an alt text",
        "wave.alt_text = 'two voices that say it': 'two voices that say it' -> 'two voices that say it_'": "as above",
    },
)
def draw_digit(images, clips, rate):
    """Draw the mean of `images`, (n, 8, 8), and beside it both `clips`, (2, n_samples), over the time in seconds."""
    ### BEGIN SOLUTION
    fig, (picture, wave) = plt.subplots(1, 2)
    picture.imshow(images.mean(axis=0), cmap="gray")
    seconds = np.arange(clips.shape[1]) / rate
    wave.plot(seconds, clips[0], color="black", label="first voice")
    wave.plot(seconds, clips[1], color="C0", label="second voice")
    wave.set(xlabel="time (s)", ylabel="sound pressure")
    wave.legend()
    picture.alt_text = "the mean picture of a digit"
    wave.alt_text = "two voices that say it"
    return fig
    ### END SOLUTION


DRAW = draw_digit.__exercise__


def verdict(answer, seed=0):
    return judge(DRAW, InPlace(adapted(DRAW, answer), 10), seed)


@pytest.mark.parametrize("answer", [draw_digit, _variant(), _with_pyplot, _on_a_dark_ground])
def test_right_figures_pass(answer):
    for seed in range(3):
        assert verdict(answer, seed).passed, str(verdict(answer, seed))


@pytest.mark.parametrize("name", WRONG)
def test_every_wrong_one_is_told_apart(name):
    answer, problem, words = WRONG[name]
    found = verdict_of(DRAW, answer, seed=0)  # as a learner's, in the guarded copy
    assert [item.problem for item in found.items] == [problem] * 2, str(found)
    assert words in found.items[0].message
    assert found.diagnosis[:1] == [name]


@pytest.mark.slow
def test_it_passes_the_gate():
    report = gate(DRAW)
    assert report.passed, str(report)
    assert plt.get_fignums() == []
