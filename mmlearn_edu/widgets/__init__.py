"""Explorables: pictures to move, each with a task; their logic runs in the page.

Every one has ``.task`` (what to do), ``.answer`` (None until you touched it) and a still picture for where no
widget can run.
"""

from mmlearn_edu.widgets.axis import TurnAxis, share_caught, turn_axis
from mmlearn_edu.widgets.broadcasting import BroadcastShapes, broadcast_shapes
from mmlearn_edu.widgets.centroids import DragCentroids, drag_centroids, lloyd, stuck_start

__all__ = [
    "BroadcastShapes",
    "DragCentroids",
    "TurnAxis",
    "broadcast_shapes",
    "drag_centroids",
    "lloyd",
    "share_caught",
    "stuck_start",
    "turn_axis",
]
