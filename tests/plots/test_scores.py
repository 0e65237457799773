import numpy as np
import pandas as pd
import pytest

from mmlearn_edu import plots
from mmlearn_edu.evaluation import accuracy, slice_scores

TABLE = {
    "high": [0.93, 0.8, 0.9],  # in any order
    "group": ["day", "night", "fog"],
    "n_samples": [400, 60, 4],
    "score": [0.9, 0.7, 0.5],
    "low": [0.88, 0.6, 0.1],
}
ONE = {"group": ["{0} 组"], "n_samples": [3], "score": [0.5], "low": [0.4], "high": [0.6]}


@pytest.mark.parametrize("kind", [dict, pd.DataFrame, lambda table: {k: np.array(v) for k, v in table.items()}])
def test_groups_are_drawn_where_they_belong(kind):
    ax = plots.forest_plot(kind(TABLE), overall=0.85)
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["day (n = 400)", "night (n = 60)", "fog (n = 4)"]
    places = [bars.lines[0].get_xydata()[0] for bars in ax.containers]
    np.testing.assert_array_equal(places, [[0.9, 0], [0.7, 1], [0.5, 2]])
    ends = [bars.lines[2][0].get_segments()[0][:, 0] for bars in ax.containers]
    np.testing.assert_allclose(ends, list(zip(TABLE["low"], TABLE["high"], strict=True)))
    assert ax.get_ylim() == (2.5, -0.5)  # the first on top


def test_groups_away_from_all_have_their_own_mark():
    ax = plots.forest_plot(TABLE, overall=0.85)
    assert [bars.lines[0].get_marker() for bars in ax.containers] == ["D", "D", "o"]
    assert plots.describe(ax).endswith("all together 0.85; away from it: day, night.")
    alone = plots.forest_plot(TABLE)
    assert {bars.lines[0].get_marker() for bars in alone.containers} == {"o"}
    assert "all together" not in plots.describe(alone)


def test_gains_are_compared_with_no_gain_and_need_no_numbers_of_samples():
    gains = {"group": ["mean", "product"], "score": [-0.1, 0.2], "low": [-0.2, 0.1], "high": [-0.05, 0.3]}
    ax = plots.forest_plot(gains, overall=0, line="no gain", label="gain")
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["mean", "product"]
    assert [text.get_text() for text in ax.texts] == ["no gain 0.00"]
    assert plots.describe(ax) == (
        "Forest plot of gain by group: mean -0.10 (-0.20 to -0.05), product 0.20 (0.10 to 0.30); no gain 0.00; "
        "away from it: mean, product."
    )


@pytest.mark.parametrize(("overall", "away"), [(0.4, "none"), (0.6, "none"), (0.39, "{0} 组"), (0.61, "{0} 组")])
def test_the_ends_of_an_interval_belong_to_it(overall, away):
    text = plots.describe(plots.forest_plot(ONE, overall=overall))
    assert "{0} 组 0.50 (0.40 to 0.60, n = 3)" in text
    assert text.endswith(f"away from it: {away}.")


def test_the_mean_of_equal_scores_lies_between_them():
    score = 0.9258426966292135
    mean = np.mean([score] * 3)
    assert mean > score, "its last digit is rounded up"
    assert "0.93 (0.93 to 0.93)" in plots.describe(plots.score_bars({"a": mean}, intervals={"a": (score, score)}))
    assert "0.93 (0.93 to 0.93" in plots.describe(
        plots.forest_plot(ONE | {"score": [mean], "low": [score], "high": [score]})
    )


def test_takes_what_slice_scores_returns():
    y = np.arange(100) % 2
    table = slice_scores(accuracy, y, np.where(np.arange(100) < 90, y, 0), np.repeat(["high", "low"], 50))
    assert "high 1.00 (1.00 to 1.00, n = 50), low 0.90" in plots.describe(plots.forest_plot(table))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"group": [], "n_samples": [], "score": [], "low": [], "high": []}, "at least one finite score by name"),
        ({"score": [np.nan]}, "at least one finite score by name"),
        ({"score": [0.5, 0.6]}, r"columns of table differ in shape: \(1,\), \(1,\), \(2,\), \(1,\), \(1,\)"),
        (dict.fromkeys(ONE, 0.5), "columns of table differ in shape"),
        ({"score": [0.7]}, "interval 0.4 to 0.6 of '.0. 组' does not hold its score 0.7"),
        ({"low": [np.nan]}, "does not hold its score"),
    ],
)
def test_says_what_does_not_fit(change, message):
    with pytest.raises(ValueError, match=message):
        plots.forest_plot(ONE | change)


def test_says_which_column_is_missing():
    with pytest.raises(ValueError, match="table lacks high; it needs group, n_samples, score, low, high"):
        plots.forest_plot({name: ONE[name] for name in ("group", "score", "low")})
