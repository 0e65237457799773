"""Answers that draw: what is read from a figure, and what is said about it."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from mmlearn_edu.checks.adapters import adapted
from mmlearn_edu.checks.answerer import InPlace
from mmlearn_edu.checks.authoring import case, exercise, figure, mistake
from mmlearn_edu.checks.comparators.figures import contrast_ratio
from mmlearn_edu.checks.gate import gate
from mmlearn_edu.checks.judge import judge
from mmlearn_edu.checks.learner import verdict_of
from mmlearn_edu.plots import scree, spectrogram


def _draws(rng, dtype):
    return [case(np.arange(5) / 10, rng.normal(size=5).astype(dtype), label="five points")]


def _swapped(seconds, level):
    ax = plt.subplots()[1]
    ax.plot(level, seconds)
    ax.set(xlabel="time (s)", ylabel="level")
    return ax


def _no_unit(seconds, level):
    ax = plt.subplots()[1]
    ax.plot(seconds, level)
    ax.set(xlabel="time", ylabel="level")
    return ax


def _pale(seconds, level):
    ax = plt.subplots()[1]
    ax.plot(seconds, level, color="#ffff99")
    ax.set(xlabel="time (s)", ylabel="level")
    return ax


def _points(seconds, level):
    fig = plt.figure()
    ax = fig.add_subplot()
    ax.scatter(seconds[::-1], level[::-1], color="black")
    ax.set(xlabel="time in (S)", ylabel="how loud")
    return fig


def _returns_nothing(seconds, level):
    plt.plot(seconds, level, "k--")
    plt.xlabel("t [s]")
    plt.ylabel("level")


@exercise(
    "pca.draw",
    kind="figure",
    points=2,
    cases=_draws,
    mistakes=[
        mistake("swapped", _swapped, "x and y have changed places."),
        mistake("no-unit", _no_unit, "Seconds? Milliseconds? Write the unit."),
        mistake("pale", _pale, "Nobody can see pale yellow."),
    ],
    alternatives=[_points, _returns_nothing],
    hints=["Time runs to the right.", "plot, then label.", "ax.plot(..., ...)"],
    seeds=3,
    equivalent_mutants={
        "ax.set(xlabel='time (s)', ylabel='level'): 'time (s)' -> 'time (s)_'": "still a label with its unit",
        "ax.set(xlabel='time (s)', ylabel='level'): 'level' -> 'level_'": "still a label",
    },
)
def draw(seconds, level):
    """Draw `level` over `seconds`."""
    ### BEGIN SOLUTION
    ax = plt.subplots()[1]
    ax.plot(seconds, level)
    ax.set(xlabel="time (s)", ylabel="level")
    return ax
    ### END SOLUTION


TOY = draw.__exercise__


def verdict(answer):
    return judge(TOY, InPlace(adapted(TOY, answer)), seed=0)


def test_the_toy_passes_the_gate():
    report = gate(TOY)
    assert report.passed, str(report)
    assert plt.get_fignums() == []


def test_right_figures_pass_in_the_guarded_copy():
    found = verdict_of(TOY, _points, seed=0)
    assert found.passed, str(found)


def _nothing_drawn(seconds, level):
    plt.subplots()


def _no_label(seconds, level):
    plt.plot(seconds, level)
    plt.ylabel("level")


@pytest.mark.parametrize(
    ("answer", "problem", "words"),
    [
        (_nothing_drawn, "figure-data", "does not show line"),
        (lambda x, y: None, "figure-none", "Nothing was drawn"),
        (lambda x, y: "a figure", "figure-none", "Nothing was drawn"),
        (_swapped, "figure-swapped", "belongs on the x-axis"),
        (_no_label, "figure-label", "The x-axis has no label"),
        (_no_unit, "figure-unit", r"'time', lacks the unit: write (s)"),
        (_pale, "figure-contrast", "3 to 1 or more"),
    ],
)
def test_words(answer, problem, words):
    (item,) = verdict(answer).items
    assert item.problem == problem
    assert words in item.message


def _description(draw_it):
    return adapted(TOY, draw_it)()


def _two(ax, legend):
    ax.plot([1, 2], [1, 2], label="first", color="C0")
    ax.plot([1, 2], [2, 1], label="second", color="C3")
    if legend:
        ax.legend()


def _with_legend(legend):
    def draw_it():
        ax = plt.subplots()[1]
        _two(ax, legend)
        return ax

    return _description(draw_it)


def test_a_legend_is_asked_for_where_the_reference_has_one():
    assert figure()(_with_legend(True), _with_legend(True)) is None
    problem = figure()(_with_legend(True), _with_legend(False))
    assert problem.id == "figure-legend"
    assert "0 entries, but 2 were expected" in problem.message
    assert figure()(_with_legend(False), _with_legend(True)) is None


def test_pictures_bars_and_histograms_are_read():
    X = np.arange(6.0).reshape(2, 3)
    values = np.random.default_rng(0).normal(size=50)

    def reference():
        axes = plt.subplots(1, 3)[1]
        axes[0].imshow(X)
        axes[1].bar(["a", "b"], [3, 1])
        axes[2].hist(values, bins=5)
        return axes

    def other():
        fig, axes = plt.subplots(1, 3)
        axes[0].pcolormesh(X)
        axes[1].scatter([1, 0], [1, 3])
        axes[2].hist(values, bins=5, color="black")
        return fig

    want = _description(reference)
    assert figure()(want, _description(other)) is None
    assert [len(one["series"]) for one in want["figure"]] == [0, 1, 1]
    assert figure()(want, _with_legend(True)).id == "figure-axes"
    (image,) = want["figure"][0]["images"]
    assert image.tolist() == X.tolist()


def test_the_alt_text_of_our_plots_is_found_and_another_may_be_written():
    ours = _description(lambda: scree([0.7, 0.2]))
    assert ours["figure"][0]["alt"].startswith("Scree plot: 2 components")
    assert figure(alt=True)(ours, ours) is None
    without = _description(lambda: _no_alt(scree([0.7, 0.2])))
    assert figure(alt=True)(ours, without).id == "figure-alt"


def _no_alt(ax):
    fig = plt.figure()
    other = fig.add_subplot()
    for line in ax.lines:
        other.plot(line.get_xdata(), line.get_ydata(), color="black")
    for bars in ax.containers:
        other.bar([b.get_x() + b.get_width() / 2 for b in bars], [b.get_height() for b in bars], color="black")
    other.set(xlabel=ax.get_xlabel(), ylabel=ax.get_ylabel())
    if ax.get_legend():
        for text in ax.get_legend().get_texts():
            other.plot([], [], label=text.get_text(), color="black")
        other.legend()
    return other


def test_a_spectrogram_of_ours_is_a_picture():
    described = _description(lambda: spectrogram(np.random.default_rng(0).normal(size=8000), 8000))
    assert described["figure"][0]["images"]


def test_contrast_is_that_of_wcag():
    assert contrast_ratio([1, 1, 1], [0, 0, 0]) == 21
    assert contrast_ratio([0.5, 0.5, 0.5], [0.5, 0.5, 0.5]) == 1
    assert contrast_ratio([119 / 255] * 3, [1, 1, 1]) == pytest.approx(4.48, abs=0.005)  # #777 on white, as published


def test_figures_of_the_learner_stay_open():
    mine = plt.figure()
    verdict(draw)
    assert plt.get_fignums() == [mine.number]
    plt.close(mine)


def _line(*data, **style):
    def draw_it():
        ax = plt.subplots()[1]
        ax.plot(*data, **style)
        return ax

    return draw_it


def test_a_line_that_nobody_sees_is_none():
    want = _description(_line([1, 2], [3, 4]))
    assert figure()(want, _description(_line([1, 2], [3, 4], alpha=0.05))).id == "figure-contrast"
    assert figure()(want, _description(_line([1, 2], [3, 4], linestyle=""))).id == "figure-data"
    assert figure()(want, _description(_line([1, 2], [3, 4], linestyle="", marker="o"))) is None


def test_an_infinite_value_does_not_make_everything_equal():
    want = _description(_line([1, 2, 3], [-np.inf, 3, 4]))
    assert figure()(want, _description(_line([1, 2, 3], [-np.inf, 3, 4]))) is None
    assert figure()(want, _description(_line([1, 2, 3], [-np.inf, 3, 5]))).id == "figure-data"


def test_dates_and_gaps_are_read_as_numbers():
    days = np.array(["2024-01-01", "2024-01-02", "2024-01-04"], dtype="datetime64[D]")
    want = _description(_line(days, [1, 2, 3]))
    assert figure()(want, _description(_line(days.tolist(), [1, 2, 3]))) is None
    assert figure()(want, _description(_line(days + 1, [1, 2, 3]))).id == "figure-data"
    gap = _description(_line([1, 2, 3], [1, None, 3]))
    assert figure()(gap, _description(_line([1, 2, 3], [1, np.nan, 3]))) is None
    assert figure()(gap, _description(_line([1, 2, 3], [0, None, 2]))).id == "figure-data"


def test_show_and_figures_that_are_open_do_not_hide_what_was_drawn(monkeypatch):
    monkeypatch.setattr(plt, "show", lambda: plt.close("all"))  # as in a notebook
    mine = plt.figure()

    def shows(seconds, level):
        _returns_nothing(seconds, level)
        plt.show()

    def closes(seconds, level):
        plt.close("all")
        return draw(seconds, level)

    show = plt.show
    for answer in (shows, _returns_nothing, closes):
        assert verdict(answer).passed, str(verdict(answer))
        assert plt.get_fignums() == [mine.number]
        assert mine.axes == []
    assert plt.show is show
    plt.close(mine)


def test_a_part_of_a_figure_is_one():
    from matplotlib.figure import Figure

    def part():
        sub = Figure().subfigures(1, 2)[0]
        sub.subplots().plot([1, 2], [3, 4])
        return sub

    assert figure()(_description(_line([1, 2], [3, 4])), _description(part)) is None


UNITS = [("samples", False), ("time\uff08s\uff09", True), ("t/s", True), ("时间 s", True)]


@pytest.mark.parametrize(("label", "right"), UNITS)
def test_a_unit_is_a_word_of_its_own(label, right):
    def labelled(seconds, level):
        ax = draw(seconds, level)
        ax.set(xlabel=label)
        return ax

    assert verdict(labelled).passed == right
