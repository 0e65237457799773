"""Explorables: pictures to move, each with a task; their logic runs in the page.

Every one has ``.task`` (what to do), ``.answer`` (None until you touched it) and a still picture for where no
widget can run.
"""

from mmlearn_edu.widgets._kernels import correlate, edge_responses
from mmlearn_edu.widgets._latent import at_border, blend_pictures
from mmlearn_edu.widgets._loudness import safe_gain, sound_level
from mmlearn_edu.widgets._tones import peak_dip, shortest_window, tone_spectrum
from mmlearn_edu.widgets.axis import TurnAxis, share_caught, turn_axis
from mmlearn_edu.widgets.broadcasting import BroadcastShapes, broadcast_shapes
from mmlearn_edu.widgets.centroids import DragCentroids, drag_centroids, lloyd, stuck_start
from mmlearn_edu.widgets.clip import PlayClip, frame_energy, watch
from mmlearn_edu.widgets.latent import WalkLatent, walk_latent
from mmlearn_edu.widgets.painter import PaintMatrix, paint_kernel, paint_matrix
from mmlearn_edu.widgets.scatter import MoveQuery, move_query, nearest_items, rank_items
from mmlearn_edu.widgets.simplex import PickWeights, pick_weights, shift_weight, simplex_value
from mmlearn_edu.widgets.slider import LabelledSlider, labelled_slider
from mmlearn_edu.widgets.sound import PlaySound, listen
from mmlearn_edu.widgets.threshold import MoveThreshold, best_threshold, move_threshold, threshold_scores
from mmlearn_edu.widgets.tones import ResolveTones, resolve_tones
from mmlearn_edu.widgets.top_word import EditDocument, edit_document, word_weights

__all__ = [
    "BroadcastShapes",
    "DragCentroids",
    "EditDocument",
    "LabelledSlider",
    "MoveQuery",
    "MoveThreshold",
    "PaintMatrix",
    "PickWeights",
    "PlayClip",
    "PlaySound",
    "ResolveTones",
    "TurnAxis",
    "WalkLatent",
    "at_border",
    "best_threshold",
    "blend_pictures",
    "broadcast_shapes",
    "correlate",
    "drag_centroids",
    "edge_responses",
    "edit_document",
    "frame_energy",
    "labelled_slider",
    "listen",
    "lloyd",
    "move_query",
    "move_threshold",
    "nearest_items",
    "paint_kernel",
    "paint_matrix",
    "peak_dip",
    "pick_weights",
    "rank_items",
    "resolve_tones",
    "safe_gain",
    "share_caught",
    "shift_weight",
    "shortest_window",
    "simplex_value",
    "sound_level",
    "stuck_start",
    "threshold_scores",
    "tone_spectrum",
    "turn_axis",
    "walk_latent",
    "watch",
    "word_weights",
]
