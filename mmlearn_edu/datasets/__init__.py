"""Data to learn from: every loader returns a `Dataset`, seeded, offline, with a card."""

from mmlearn_edu.datasets._files import CorruptDatasetError, list_datasets, verify
from mmlearn_edu.datasets.dataset import SAMPLING_RATE, Dataset
from mmlearn_edu.datasets.folder import load_folder
from mmlearn_edu.datasets.scenes import make_scenes
from mmlearn_edu.datasets.spoken_digits import load_spoken_digits

__all__ = [
    "SAMPLING_RATE",
    "CorruptDatasetError",
    "Dataset",
    "list_datasets",
    "load_folder",
    "load_spoken_digits",
    "make_scenes",
    "verify",
]
