"""Clips to movement, mean frames and tensors."""

from mmlearn_edu.features.video.motion import frame_differences, motion_energy, velocity
from mmlearn_edu.features.video.summary import clip_features, mean_frame
from mmlearn_edu.features.video.tensor import clip_tensor, reverse_time

__all__ = [
    "clip_features",
    "clip_tensor",
    "frame_differences",
    "mean_frame",
    "motion_energy",
    "reverse_time",
    "velocity",
]
