"""Arrays in, Axes out: labelled, readable in grey, each with a text that says what is drawn.

A picture in fresh Axes is black ink on a white card: it is read alike in a light and in a dark notebook. In Axes of
yours, ``ax=...``, it keeps the look you gave them.

Nothing here shows or saves; ``describe(ax)`` returns the text for those who cannot see the picture.
"""

from mmlearn_edu.plots.alt_text import describe
from mmlearn_edu.plots.chinese_font import chinese
from mmlearn_edu.plots.curves import objective_curve, scree
from mmlearn_edu.plots.histograms import score_histogram
from mmlearn_edu.plots.hues import hue_circle
from mmlearn_edu.plots.matrices import heat_matrix
from mmlearn_edu.plots.neighbours import neighbour_grid
from mmlearn_edu.plots.pictures import image_grid
from mmlearn_edu.plots.pixels import pixel_numbers
from mmlearn_edu.plots.points import scatter_2d
from mmlearn_edu.plots.scores import forest_plot, score_bars
from mmlearn_edu.plots.sound import spectrogram, waveform
from mmlearn_edu.plots.style import COLOURS, MARKERS
from mmlearn_edu.plots.training import training_curves
from mmlearn_edu.plots.verdicts import reliability_diagram, roc_plot

__all__ = [
    "COLOURS",
    "MARKERS",
    "chinese",
    "describe",
    "forest_plot",
    "heat_matrix",
    "hue_circle",
    "image_grid",
    "neighbour_grid",
    "objective_curve",
    "pixel_numbers",
    "reliability_diagram",
    "roc_plot",
    "scatter_2d",
    "score_bars",
    "score_histogram",
    "scree",
    "spectrogram",
    "training_curves",
    "waveform",
]
