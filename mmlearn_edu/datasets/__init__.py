"""Data to learn from: every loader returns a `Dataset` with a card; all but `fetch_*` work offline."""

from mmlearn_edu.datasets._catalogue import fetch_file, list_downloads
from mmlearn_edu.datasets._download import DatasetUnavailable
from mmlearn_edu.datasets._files import CorruptDatasetError, list_datasets, verify
from mmlearn_edu.datasets.dataset import SAMPLING_RATE, Dataset
from mmlearn_edu.datasets.docstrings import load_docstrings
from mmlearn_edu.datasets.folder import load_folder
from mmlearn_edu.datasets.fsdd import fetch_fsdd
from mmlearn_edu.datasets.mnist import fetch_mnist
from mmlearn_edu.datasets.multiple_features import fetch_multiple_features
from mmlearn_edu.datasets.newsgroups import fetch_newsgroups
from mmlearn_edu.datasets.olivetti import fetch_olivetti
from mmlearn_edu.datasets.people import make_people
from mmlearn_edu.datasets.ring import make_ring, ring_centres
from mmlearn_edu.datasets.scenes import make_scenes
from mmlearn_edu.datasets.spoken_digits import load_spoken_digits

__all__ = [
    "SAMPLING_RATE",
    "CorruptDatasetError",
    "Dataset",
    "DatasetUnavailable",
    "fetch_file",
    "fetch_fsdd",
    "fetch_mnist",
    "fetch_multiple_features",
    "fetch_newsgroups",
    "fetch_olivetti",
    "list_datasets",
    "list_downloads",
    "load_docstrings",
    "load_folder",
    "load_spoken_digits",
    "make_people",
    "make_ring",
    "make_scenes",
    "ring_centres",
    "verify",
]
