import numpy as np
import pytest

from mmlearn_edu import plots

SCORES = {"day": 0.9, "night": 0.7, "fog": 0.5}
INTERVALS = {"fog": (0.1, 0.9), "day": (0.88, 0.93), "night": (0.6, 0.8)}  # in another order
NUMBERS = {"day": 400, "night": 60, "fog": 4}


def test_groups_are_drawn_where_they_belong():
    ax = plots.forest_plot(SCORES, INTERVALS, NUMBERS, overall=0.85)
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["day (n = 400)", "night (n = 60)", "fog (n = 4)"]
    places = [bars.lines[0].get_xydata()[0] for bars in ax.containers]
    np.testing.assert_array_equal(places, [[0.9, 0], [0.7, 1], [0.5, 2]])
    ends = [bars.lines[2][0].get_segments()[0][:, 0] for bars in ax.containers]
    np.testing.assert_allclose(ends, [INTERVALS[name] for name in SCORES])
    assert ax.get_ylim() == (2.5, -0.5)  # the first on top


def test_groups_away_from_all_have_their_own_mark():
    ax = plots.forest_plot(SCORES, INTERVALS, NUMBERS, overall=0.85)
    assert [bars.lines[0].get_marker() for bars in ax.containers] == ["D", "D", "o"]
    assert plots.describe(ax).endswith("all together 0.85; away from it: day, night.")
    near = plots.forest_plot({"day": 0.9}, {"day": (0.88, 0.93)}, NUMBERS, overall=0.88)  # at the very end is not away
    assert plots.describe(near).endswith("away from it: none.")
    alone = plots.forest_plot(SCORES, INTERVALS, NUMBERS)
    assert {bars.lines[0].get_marker() for bars in alone.containers} == {"o"}
    assert "all together" not in plots.describe(alone)


def test_names_may_hold_braces():
    ax = plots.forest_plot({"{0} 组": 0.5}, {"{0} 组": (0.4, 0.6)}, {"{0} 组": 3})
    assert "{0} 组 0.50 (0.40 to 0.60, n = 3)" in plots.describe(ax)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"scores": {}}, "at least one finite score by name"),
        ({"scores": {"day": np.inf}}, "at least one finite score by name"),
        ({"intervals": {"day": (0.8, 1)}}, "intervals lacks night, fog; give one for every group"),
        ({"n_samples": {"day": 1, "fog": 2}}, "n_samples lacks night; give one for every group"),
        ({"intervals": INTERVALS | {"dusk": (0, 1)}}, "an interval for 'dusk', which is no score"),
        ({"intervals": INTERVALS | {"day": (0.1, 0.2)}}, "of 'day' does not hold its score 0.9"),
    ],
)
def test_says_what_is_missing(change, message):
    with pytest.raises(ValueError, match=message):
        plots.forest_plot(**({"scores": SCORES, "intervals": INTERVALS, "n_samples": NUMBERS} | change))
