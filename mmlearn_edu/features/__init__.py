"""One modality's raw data in, one matrix out."""

from mmlearn_edu.features.audio import mel_filter_bank, mfcc, mfcc_summary, power_spectrogram
from mmlearn_edu.features.image import colour_histogram, flatten_images, image_features, rgb_to_hsv, sobel_edges
from mmlearn_edu.features.text import TfidfVectorizer, tokenize
from mmlearn_edu.features.video import clip_features, motion_energy, velocity

__all__ = [
    "TfidfVectorizer",
    "clip_features",
    "colour_histogram",
    "flatten_images",
    "image_features",
    "mel_filter_bank",
    "mfcc",
    "mfcc_summary",
    "motion_energy",
    "power_spectrogram",
    "rgb_to_hsv",
    "sobel_edges",
    "tokenize",
    "velocity",
]
