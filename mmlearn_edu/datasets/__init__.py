"""Data to learn from: every loader returns a `Dataset`, seeded, offline, with a card."""

from mmlearn_edu.datasets._files import CorruptDatasetError, list_datasets, verify
from mmlearn_edu.datasets.dataset import Dataset
from mmlearn_edu.datasets.spoken_digits import SAMPLING_RATE, load_spoken_digits

__all__ = ["SAMPLING_RATE", "CorruptDatasetError", "Dataset", "list_datasets", "load_spoken_digits", "verify"]
