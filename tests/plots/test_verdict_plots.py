import numpy as np
import pytest
from sklearn.calibration import calibration_curve
from sklearn.metrics import roc_auc_score, roc_curve

from mmlearn_edu import plots

RNG = np.random.default_rng(0)
Y = np.repeat([0, 1], 50)
SCORES = Y + RNG.normal(size=100).round(1)  # with ties


@pytest.mark.parametrize("drop_intermediate", [True, False])
def test_area_and_curve_agree_with_scikit_learn(drop_intermediate):
    rates = roc_curve(Y, SCORES, drop_intermediate=drop_intermediate)
    ax = plots.roc_plot({"a": rates, "b": ([0, 1], [0, 1])})
    np.testing.assert_array_equal(ax.lines[0].get_xydata(), np.column_stack(rates[:2]))
    assert f"a has AUC {roc_auc_score(Y, SCORES):.3f}" in plots.describe(ax)
    legend = [text.get_text() for text in ax.get_legend().get_texts()]
    assert legend == [f"a, AUC {roc_auc_score(Y, SCORES):.3f}", "b, AUC 0.500", "chance, AUC 0.500"]
    assert ax.lines[0].get_linestyle() != ax.lines[1].get_linestyle()


def test_perfect_and_perverse():
    text = plots.describe(plots.roc_plot({"perfect": ([0, 0, 1], [0, 1, 1]), "perverse": ([0, 1, 1], [0, 0, 1])}))
    assert "perfect has AUC 1.000 and finds 100 % of the positives at 10 % false alarms" in text
    assert "perverse has AUC 0.000 and finds 0 % of the positives" in text


@pytest.mark.parametrize(
    ("curves", "message"),
    [
        ({}, "no curve to draw; give one by name"),
        ({"a": ([0, 1], [0, 0.5, 1])}, r"rates of 'a' must be two rows that rise .* got shapes \(2,\), \(3,\)"),
        ({"a": ([0, 0.5, 1], [0, 0.9, 0.5])}, r"rise from \(0, 0\) to \(1, 1\)"),
        ({"a": ([0, 0.7, 0.5, 1], [0, 0.8, 0.9, 1])}, "rise"),
        ({"a": ([1, 0.5, 0], [1, 0.9, 0])}, "rise"),
        ({"a": ([0, np.nan, 1], [0, 0.5, 1])}, "rise"),
        ({"a": ([], [])}, "rise"),
        ({"a": (0.3, 0.4)}, "rise"),
        ({"a": [[0, 1]]}, "rise"),
    ],
)
def test_says_which_curve_is_none(curves, message):
    with pytest.raises(ValueError, match=message):
        plots.roc_plot(curves)


def test_calibration_by_hand():
    ax = plots.reliability_diagram([0.5, 0.9], [0.7, 0.6], [10, 30])
    text = plots.describe(ax)
    assert "40 samples in 2 bins: ECE 0.275, on the whole too sure (confidence 0.800, accuracy 0.625)" in text
    assert "farthest off where it says 0.90 and is right 0.60 of the time (n = 30)" in text
    assert [bar.get_height() for bar in ax.patches] == [0.25, 0.75]
    assert [label.get_text() for label in ax.texts] == ["10", "30"]


def test_too_modest_and_just_right():
    assert "on the whole too modest" in plots.describe(plots.reliability_diagram([0.5], [0.8], [4]))
    exact = plots.describe(plots.reliability_diagram([0.5, 1], [0.5, 1], [4, 4]))
    assert "ECE 0.000, on the whole as sure as right" in exact


def test_points_agree_with_scikit_learn_and_empty_bins_are_left_out():
    probability = 1 / (1 + np.exp(-3 * SCORES))
    right, sure = calibration_curve(Y, probability, n_bins=5)
    counts = np.histogram(probability, np.linspace(0, 1, 6))[0]
    padded = [np.append(each, np.nan) for each in (sure, right)]
    ax = plots.reliability_diagram(*padded, np.append(counts[counts > 0], 0))
    points = next(line for line in ax.lines if line.get_label() == "accuracy")
    np.testing.assert_array_equal(points.get_xydata(), np.column_stack([sure, right]))


@pytest.mark.parametrize(
    ("bins", "message"),
    [
        (([0.5], [0.5, 0.6], [1, 2]), r"three of shape \(n_bins,\), got \(1,\), \(2,\), \(2,\)"),
        ((0.5, 0.5, 1), r"three of shape \(n_bins,\), got \(\), \(\), \(\)"),
        (([], [], []), "in at least one bin"),
        (([0.5], [0.5], [0]), "in at least one bin"),
        (([50.0], [0.5], [1]), r"in \[0, 1\]"),
        (([0.5], [-0.1], [1]), r"in \[0, 1\]"),
        (([np.nan], [0.5], [1]), r"reliability_diagram\(\*reliability_curve\(\.\.\.\)\)"),
    ],
)
def test_says_what_is_no_bin(bins, message):
    with pytest.raises(ValueError, match=message):
        plots.reliability_diagram(*bins)


def test_the_gap_runs_from_the_diagonal_to_the_accuracy():
    (gaps,) = plots.reliability_diagram([0.5, 0.9], [0.7, 0.6], [10, 30]).collections
    ends = [sorted(map(tuple, segment)) for segment in gaps.get_segments()]
    assert ends == [[(0.5, 0.5), (0.5, 0.7)], [(0.9, 0.6), (0.9, 0.9)]]


@pytest.mark.parametrize(("false_rate", "found"), [(0.1, 60), (0.11, 0)])
def test_found_at_ten_per_cent_of_false_alarms(false_rate, found):
    text = plots.describe(plots.roc_plot({"a": ([0, false_rate, 0.5, 1], [0, 0.6, 0.8, 1])}))
    assert f"finds {found} % of the positives at 10 % false alarms" in text
