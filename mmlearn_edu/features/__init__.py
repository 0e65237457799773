"""One modality's raw data in, one matrix out."""

from mmlearn_edu.features.audio import (
    dominant_frequency,
    frame_signal,
    mel_filter_bank,
    mfcc,
    mfcc_deltas,
    mfcc_summary,
    pad_clips,
    power_spectrogram,
    waveform_statistics,
)
from mmlearn_edu.features.image import (
    colour_histogram,
    flatten_images,
    global_average_pool,
    image_features,
    image_patches,
    oriented_gradients,
    rgb_to_hsv,
    sobel_edges,
    sobel_gradients,
)
from mmlearn_edu.features.text import TfidfVectorizer, tokenize
from mmlearn_edu.features.video import (
    clip_features,
    clip_tensor,
    frame_differences,
    mean_frame,
    motion_energy,
    reverse_time,
    velocity,
)

__all__ = [
    "TfidfVectorizer",
    "clip_features",
    "clip_tensor",
    "colour_histogram",
    "dominant_frequency",
    "flatten_images",
    "frame_differences",
    "frame_signal",
    "global_average_pool",
    "image_features",
    "image_patches",
    "mean_frame",
    "mel_filter_bank",
    "mfcc",
    "mfcc_deltas",
    "mfcc_summary",
    "motion_energy",
    "oriented_gradients",
    "pad_clips",
    "power_spectrogram",
    "reverse_time",
    "rgb_to_hsv",
    "sobel_edges",
    "sobel_gradients",
    "tokenize",
    "velocity",
    "waveform_statistics",
]
