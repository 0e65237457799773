import inspect

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb

from mmlearn_edu import plots
from tests.plots.drawn import DRAWN, SOUND

RNG = np.random.default_rng(0)
every_plot = pytest.mark.parametrize("name", DRAWN)


def test_every_plot_is_tried_here():
    functions = {n for n in plots.__all__ if inspect.isfunction(getattr(plots, n))}
    assert functions - {"chinese", "describe"} == set(DRAWN)


@every_plot
def test_returns_axes_and_never_shows(name, monkeypatch):
    monkeypatch.setattr(plt, "show", lambda *a, **k: pytest.fail("a plot called plt.show()"))
    ax = DRAWN[name]()
    assert isinstance(ax, Axes)
    ax.figure.canvas.draw()
    mine = plt.subplots()[1]
    assert DRAWN[name](ax=mine) is mine


@every_plot
def test_is_described_and_labelled(name):
    ax = DRAWN[name]()
    text = plots.describe(ax)
    assert text.endswith(".")
    assert len(text) > 20
    if name not in ("hue_circle", "image_grid", "neighbour_grid", "pixel_numbers"):
        assert ax.get_xlabel()
        assert ax.get_ylabel() or [tick.get_text().split()[0] for tick in ax.get_yticklabels()] == ["image", "fused"]


@every_plot
def test_fits_a_notebook_cell_and_leaves_one_figure(name):
    ax = DRAWN[name]()
    assert plt.get_fignums() == [ax.figure.number]
    assert 2 < ax.figure.get_figwidth() < 10  # inches


@every_plot
@pytest.mark.parametrize("width", [4, 7])
def test_no_word_is_cut_off_and_no_other_figure_is_opened(name, width):
    """In a cell of a notebook, about 7 inches, or beside another picture, with a title in Chinese."""
    own = DRAWN[name]().figure.get_size_inches()
    plt.close("all")
    figure, ax = plt.subplots(figsize=(width, width * own[1] / own[0]), layout="constrained")
    assert plots.describe(DRAWN[name](ax=ax, title="手写数字")).startswith("手写数字: ")
    figure.canvas.draw()  # a missing sign would be a warning, hence an error
    box = figure.get_tightbbox()
    assert box.min.min() > -0.05
    assert (box.max < figure.get_size_inches() + 0.05).all(), box
    assert plt.get_fignums() == [figure.number]


BAD = [
    lambda: plots.image_grid(np.zeros(3)),
    lambda: plots.pixel_numbers([]),
    lambda: plots.hue_circle({"degrees": 359.0}),
    lambda: plots.scatter_2d([[1, 2, 3]]),
    lambda: plots.scree([2.0]),
    lambda: plots.heat_matrix([[1, 2]], row_names=["a", "b"]),
    lambda: plots.objective_curve([[1.0], [2.0]], names=["a"]),
    lambda: plots.waveform([[1.0]], 8000),
    lambda: plots.spectrogram([[1.0]], 8000),
    lambda: plots.training_curves({}),
    lambda: plots.roc_plot({}),
    lambda: plots.reliability_diagram([2.0], [1.0], [1]),
    lambda: plots.forest_plot({}),
    lambda: plots.neighbour_grid(np.zeros((1, 2, 2)), np.zeros((2, 1, 2, 2)), [[True]]),
    lambda: plots.score_histogram({"normal": [1.0]}, threshold=np.nan),
    lambda: plots.score_bars({}),
]


@pytest.mark.parametrize("draw", BAD)
def test_a_complaint_leaves_no_empty_figure(draw):
    assert len(BAD) == len(DRAWN)
    with pytest.raises(ValueError):  # noqa: PT011 - the messages are tested beside each plot
        draw()
    assert plt.get_fignums() == []


def test_two_pictures_keep_their_own_texts():
    first, second = DRAWN["scree"](), DRAWN["waveform"]()
    assert plots.describe(first).startswith("Scree plot")
    assert plots.describe(second).startswith("Waveform")


def test_a_title_is_drawn_and_said():
    ax = plots.waveform(SOUND, 8000, title="A tone")
    assert ax.get_title() == "A tone"
    assert plots.describe(ax).startswith("A tone: Waveform")


def test_classes_differ_by_more_than_colour():
    assert len(set(plots.MARKERS)) == 10
    ax = plots.scatter_2d(RNG.normal(size=(100, 2)), np.arange(100) % 10)
    assert [text.get_text() for text in ax.texts] == [str(i) for i in range(10)]  # each class says its name
    shapes = {tuple(map(tuple, points.get_paths()[0].vertices.round(3))) for points in ax.collections}
    assert len(shapes) == 10


def luminance(colour):
    """Relative luminance of WCAG 2."""
    rgb = np.array(to_rgb(colour))
    return np.where(rgb <= 0.03928, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722]


def test_colours_stand_out_from_white_and_numbers_from_their_cell():
    assert all(1.05 / (luminance(colour) + 0.05) > 2 for colour in plots.COLOURS)
    matrix = np.linspace(0, 1, 100).reshape(10, 10)
    ax = plots.heat_matrix(matrix)
    picture = ax.images[0]
    for text, entry in zip(ax.texts, matrix.ravel(), strict=True):
        dark, light = sorted([luminance(text.get_color()), luminance(picture.cmap(picture.norm(entry))[:3])])
        assert (light + 0.05) / (dark + 0.05) >= 4.5, f"{entry} is illegible"


def test_what_is_drawn_is_what_was_given():
    bars = [patch.get_height() for patch in plots.scree([0.6, 0.3]).patches]
    assert bars == [0.6, 0.3]
    line = plots.objective_curve(np.array([3.0, 2.0, 1.0])).lines[0]
    np.testing.assert_array_equal(line.get_ydata(), [3, 2, 1])
    bars = [patch.get_width() for patch in plots.score_bars({"a": 0.2, "b": 0.4}).patches]
    assert bars == [0.2, 0.4]
    np.testing.assert_array_equal(plots.heat_matrix([[1, 2], [3, 4]]).images[0].get_array(), [[1, 2], [3, 4]])
    points = plots.scatter_2d([[1, 2], [3, 4]]).collections[0].get_offsets()
    np.testing.assert_array_equal(points, [[1, 2], [3, 4]])
    images = plots.image_grid(np.arange(12.0).reshape(3, 2, 2), n_columns=2).images
    assert [image.get_array()[0, 0] for image in images] == [0, 4, 8]
    assert {(image.norm.vmin, image.norm.vmax) for image in images} == {(0, 11)}  # one scale for all


def test_pictures_of_a_grid_do_not_overlap():
    ax = plots.image_grid(np.zeros((7, 4, 4)), titles="abcdefg", n_columns=3)
    boxes = [image.get_extent() for image in ax.images]
    corners = [(left, top) for left, _, _, top in boxes]
    assert len(set(corners)) == 7
    for left, right, bottom, top in boxes:
        inside = [c for c in corners if left <= c[0] < right and top <= c[1] < bottom]
        assert inside == [(left, top)]
        assert ax.get_xlim()[0] <= left < right <= ax.get_xlim()[1]
        assert ax.get_ylim()[1] <= top < bottom <= ax.get_ylim()[0]


def test_loudness_is_relative_to_the_loudest():
    ax = plots.spectrogram(SOUND, 8000, n_fft=256, hop_length=64)
    assert ax.images[0].get_array().shape == (129, 1 + len(SOUND) // 64)
    ax = plots.spectrogram(SOUND, 8000)
    assert ax.images[0].get_array().max() == 0
    assert plots.describe(ax) == "Spectrogram of 0.5 s, 0 to 4000 Hz; strongest at 500 Hz."
    quiet = plots.spectrogram((1000 * SOUND).astype(np.int16), 8000)
    assert plots.describe(quiet) == plots.describe(ax)
    assert "strongest at 0 Hz" in plots.describe(plots.spectrogram(np.zeros(4000), 8000))


def test_a_target_that_is_not_reached_is_said():
    assert "too few for the target" in plots.describe(plots.scree([0.3, 0.2], target=0.9))


def test_numbers_of_a_large_matrix_are_left_out():
    assert not plots.heat_matrix(np.zeros((20, 20))).texts


@pytest.mark.parametrize(
    ("draw", "error", "message"),
    [
        (
            lambda: plots.image_grid(np.zeros((8, 8))),
            ValueError,
            r"got \(8, 8\); for a single picture write image\[None\]",
        ),
        (lambda: plots.image_grid(np.zeros((2, 8, 8)), ["a"]), ValueError, "2 pictures but 1 titles"),
        (lambda: plots.scatter_2d(np.zeros((5, 3))), ValueError, r"two axes, got X of shape \(5, 3\); reduce it first"),
        (lambda: plots.scatter_2d(np.zeros((5, 2)), [1, 2]), ValueError, r"X has 5 samples but y has shape \(2,\)"),
        (lambda: plots.scree([12.5, 3.0]), ValueError, "pass explained_variance_ratio_, not explained_variance_"),
        (lambda: plots.objective_curve([[1.0], [2.0]], names=["a"]), ValueError, "2 runs but 1 names"),
        (lambda: plots.heat_matrix(np.eye(2), row_names="abc"), ValueError, "row_names has 3 names for 2"),
        (
            lambda: plots.waveform(np.zeros((2, 9)), 8000),
            ValueError,
            r"one clip .* got \(2, 9\); pick one, e\.g\. y\[0\]",
        ),
        (lambda: plots.score_bars({}), ValueError, "at least one finite score by name"),
        (lambda: plots.score_bars({"a": np.nan}), ValueError, "at least one finite score by name"),
        (
            lambda: plots.score_bars({"a": 0.5}, intervals={"b": (0, 1)}),
            ValueError,
            "an interval for 'b', which is no score",
        ),
        (lambda: plots.score_bars({"a": 0.5}, intervals={"a": (0.6, 1)}), ValueError, "does not hold its score 0.5"),
        (lambda: plots.waveform(np.zeros(9), 0), ValueError, "a positive sampling_rate in Hz, got 0"),
        (lambda: plots.spectrogram(np.full(9, np.nan), 8000), ValueError, "NaN or infinite"),
        (lambda: plots.describe(plt.subplots()[1]), LookupError, "these Axes have no alt text"),
    ],
)
def test_says_what_it_cannot_draw(draw, error, message):
    with pytest.raises(error, match=message):
        draw()
