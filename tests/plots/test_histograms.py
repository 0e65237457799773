import matplotlib.pyplot as plt
import numpy as np
import pytest

from mmlearn_edu import plots
from mmlearn_edu.anomaly import alarm_threshold

RNG = np.random.default_rng(0)
NORMAL, ODD = RNG.normal(size=300), RNG.normal(3, 1, size=30)


def test_bars_are_shares_of_their_own_group_in_common_bins():
    ax = plots.score_histogram({"normal": NORMAL, "odd": ODD}, n_bins=10)
    edges = np.histogram_bin_edges(np.concatenate([NORMAL, ODD]), 10)
    for patch, values in zip(ax.patches, (NORMAL, ODD), strict=True):
        tops = np.histogram(values, edges)[0] / len(values) * 100
        drawn = [patch.get_path().vertices[:, 1].max(), patch.get_path().vertices[:, 0].min()]
        np.testing.assert_allclose(drawn, [tops.max(), edges[0]])
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["normal (n = 300)", "odd (n = 30)"]
    assert len({patch.get_hatch() for patch in ax.patches}) == 2  # they differ in grey too
    assert len({patch.get_linestyle() for patch in ax.patches}) == 2


def test_the_threshold_is_where_it_was_chosen_and_its_shares_are_said():
    threshold = alarm_threshold(NORMAL, false_alarm_rate=0.1)
    ax = plots.score_histogram({"normal": NORMAL, "odd": ODD}, threshold=threshold)
    assert ax.lines[0].get_xdata()[0] == threshold
    share = 100 * (threshold < ODD).mean()
    assert f"above {threshold:.3g} is raised by 10 % of normal, {share:.0f} % of odd." in plots.describe(ax)


def test_a_score_at_the_threshold_raises_no_alarm():
    text = plots.describe(plots.score_histogram({"normal": [1.0, 2.0]}, threshold=2.0))
    assert text.endswith("normal (n = 2) from 1 to 2, median 1.5; the alarm above 2 is raised by 0 % of normal.")


@pytest.mark.parametrize("values", [[1.0], [2.0, 2.0, 2.0], [-1e300, 1e300]], ids=["one", "constant", "huge"])
def test_odd_scores_are_drawn(values):
    ax = plots.score_histogram({"正常": values})
    ax.figure.canvas.draw()
    assert "正常" in plots.describe(ax)


@pytest.mark.parametrize(
    ("scores", "options", "error", "message"),
    [
        ({}, {}, ValueError, "expected 1 to 6 groups by name, got 0"),
        ({str(i): [1.0] for i in range(7)}, {}, ValueError, "got 7; put some together"),
        ({"normal": []}, {}, ValueError, r"scores of 'normal' .* at least one; got shape \(0,\)"),
        ({"normal": [[1.0]]}, {}, ValueError, r"got shape \(1, 1\)"),
        ({"normal": [1.0, np.nan]}, {}, ValueError, r"leave out samples that could not be judged \(NaN\)"),
        ({"normal": [1.0]}, {"threshold": np.inf}, ValueError, "threshold=inf must be finite; choose one with"),
        ({"normal": [1.0]}, {"n_bins": 0}, ValueError, "n_bins=0 must be at least 1"),
        ({"normal": [1.0]}, {"n_bins": 2.5}, TypeError, "n_bins=2.5 must be a whole number"),
    ],
)
def test_complaints(scores, options, error, message):
    with pytest.raises(error, match=message):
        plots.score_histogram(scores, **options)
    assert plt.get_fignums() == []
