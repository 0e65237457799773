"""Pictures in a light and in a dark notebook: a white card with ink that stands out, whatever the style says."""

import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pytest
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.colors import to_rgba
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.text import Text
from nbclient import NotebookClient

from mmlearn_edu import plots
from mmlearn_edu.checks.comparators.figures import contrast_ratio
from mmlearn_edu.plots.style import INKS, ink_on
from tests.plots.drawn import DRAWN

THEMES = ("#ffffff", "#111111")  # JupyterLab's notebook behind the picture, light and dark
WHITE = (1.0, 1.0, 1.0)
MANY = {
    "objective_curve": lambda: plots.objective_curve([[9.0 - i, 8.0 - i] for i in range(8)]),
    "training_curves": lambda: plots.training_curves({f"run {i}": [9.0 - i, 8.0 - i] for i in range(8)}),
    "roc_plot": lambda: plots.roc_plot({f"model {i}": ([0, 0.1 * i, 1], [0, 0.9, 1]) for i in range(8)}),
    "score_histogram": lambda: plots.score_histogram({f"group {i}": [i, i + 1.0, i + 2.0] for i in range(6)}),
    "scatter_2d": lambda: plots.scatter_2d(np.random.default_rng(0).normal(size=(80, 2)), np.arange(80) % 8),
    "forest_plot": lambda: plots.forest_plot(
        {"group": ["a", "b"], "n_samples": [9, 9], "score": [0.5, 0.9], "low": [0.4, 0.85], "high": [0.6, 0.95]},
        overall=0.55,
    ),
    "heat_matrix": lambda: plots.heat_matrix(np.linspace(0, 1, 225).reshape(15, 15)),
}
BOTH = [*DRAWN.items(), *((f"many in {name}", draw) for name, draw in MANY.items())]
every_picture = pytest.mark.parametrize("draw", [draw for _, draw in BOTH], ids=[name for name, _ in BOTH])


def mixed(colour, behind=WHITE):
    """What is seen of a colour that is not opaque."""
    *rgb, opacity = to_rgba(colour)
    return [opacity * c + (1 - opacity) * b for c, b in zip(rgb, behind, strict=True)]


def best(*colours):
    """How far the most visible of several colours, such as face and edge, stands apart from the card."""
    return max((contrast_ratio(mixed(colour), WHITE) for colour in colours), default=1.0)


def colours_of(one, ax):
    """Return the colours that a drawn thing shows, one tuple for each of its parts."""
    if isinstance(one, Line2D):
        shown = [one.get_color()] if one.get_linestyle() not in ("None", "") else []
        marked = one.get_marker() not in ("None", None, "")
        return [(*shown, one.get_markeredgecolor()) if marked else tuple(shown)]
    if isinstance(one, PathCollection | LineCollection):
        sides = [side for side in (one.get_facecolor(), one.get_edgecolor()) if len(side)]
        return [tuple(side[i % len(side)] for side in sides) for i in range(max(map(len, sides)))]
    if isinstance(one, Patch) and one in ax.patches:
        return [(one.get_facecolor(), *([one.get_edgecolor()] if one.get_linewidth() else []))]
    return []


def marks(figure):
    """Yield everything drawn that means something, with its contrast; grids and the card itself mean nothing."""
    for ax in figure.axes:
        nothing = {id(line) for axis in (ax.xaxis, ax.yaxis) for line in axis.get_gridlines()}
        nothing |= {id(ax.patch), id(figure.patch)}
        for one in ax.findobj():
            if one.get_visible() and id(one) not in nothing:
                yield from ((one, best(*colours)) for colours in colours_of(one, ax) if colours)


def ground(one, ax):
    """What a word stands on: the last filled rectangle drawn below it, or the card."""
    below = [patch for patch in ax.patches if isinstance(patch, Rectangle) and patch.get_fill()]
    below = [patch for patch in below if patch.contains_point(ax.transData.transform(one.get_position()))]
    return mixed(below[-1].get_facecolor()) if one in ax.texts and below else WHITE


def words(figure):
    """Yield every word that stands on the card or a pixel, with its contrast; those on a matrix are tested apart."""
    for ax in figure.axes:
        on_cells = set(ax.texts) if ax.images else set()
        for one in ax.findobj(Text):
            if one.get_visible() and one.get_text().strip() and (one not in on_cells or ax.get_xlabel() == ""):
                yield one, contrast_ratio(mixed(one.get_color()), ground(one, ax))


@every_picture
@pytest.mark.parametrize("style", ["default", "ggplot"])  # of Matplotlib's, as a learner may choose one
def test_marks_stand_out_three_to_one_and_words_four_and_a_half(draw, style):
    with plt.style.context(style):
        figure = draw().figure
        figure.draw_without_rendering()
    weak = [f"{one}: {ratio:.2f}" for one, ratio in marks(figure) if ratio < 3]
    weak += [f"{one}: {ratio:.2f}" for one, ratio in words(figure) if ratio < 4.5]
    assert weak == []
    for card in [figure.patch, *(ax.patch for ax in figure.axes)]:  # opaque: no theme shines through
        assert [mixed(card.get_facecolor(), to_rgba(theme)[:3]) for theme in THEMES] == [[1, 1, 1]] * 2


@pytest.mark.parametrize("name", DRAWN)
def test_a_dark_style_changes_not_a_pixel(name):
    def pixels():
        figure = DRAWN[name]().figure
        figure.canvas.draw()
        return np.asarray(figure.canvas.buffer_rgba()).copy()

    before = pixels()
    with plt.style.context("dark_background"):
        np.testing.assert_array_equal(pixels(), before)
    assert plt.rcParams["text.color"] == "black"


@pytest.mark.parametrize("name", DRAWN)
def test_axes_of_the_readers_own_keep_their_look(name):
    with plt.style.context("dark_background"):
        figure, ax = plt.subplots()
        DRAWN[name](ax=ax)
        assert figure.get_facecolor() == (0, 0, 0, 1)
        assert plt.rcParams["text.color"] == "white"


@pytest.mark.notebook
def test_the_first_picture_of_a_notebook_is_shown():
    """The first figure of a kernel switches pictures in the notebook on; that has to stay so."""
    draw = "from mmlearn_edu.plots import scree\nax = scree([0.7, 0.2])"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(draw) for _ in range(2)])
    done = NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    shown = [[name for output in cell.outputs for name in output.get("data", {})] for cell in done.cells]
    assert ["image/png" in names for names in shown] == [True, True]


def test_what_changes_while_a_picture_is_drawn_stays_changed(monkeypatch):
    make = plt.subplots
    monkeypatch.setattr(plt, "subplots", lambda *args, **kwargs: (plt.ion(), make(*args, **kwargs))[1])
    plt.ioff()
    plots.scree([0.7, 0.2])
    assert plt.isinteractive()
    plt.ioff()


def test_a_complaint_leaves_the_settings_as_they_were():
    with plt.style.context("dark_background"):
        with pytest.raises(ValueError, match="pass explained_variance_ratio_"):
            plots.scree([2.0])
        assert plt.rcParams["text.color"] == "white"


def test_inks_are_colours_that_lines_can_have():
    assert set(INKS) <= set(plots.COLOURS)
    assert min(contrast_ratio(to_rgba(ink)[:3], WHITE) for ink in INKS) >= 3


def test_ink_on_any_colour_is_legible():
    for colour in np.random.default_rng(0).random((500, 3)).round(2):
        chosen = contrast_ratio(to_rgba(ink_on(colour))[:3], colour)
        assert chosen >= 4.5
        assert chosen >= max(contrast_ratio(ink, colour) for ink in ((0, 0, 0), WHITE)) - 0.01


def test_this_test_sees_what_is_pale():
    figure, ax = plt.subplots()
    ax.plot([1, 2], color="#56B4E9")
    ax.scatter([1, 2], [1, 2], color="#E69F00", alpha=0.7)
    ax.bar([1], [1], color="#dddddd")
    ax.set_title("pale", color="#888888")
    assert sum(ratio < 3 for _, ratio in marks(figure)) == 3
    assert sum(ratio < 4.5 for _, ratio in words(figure)) == 1
