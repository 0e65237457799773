"""A matrix in, a shorter matrix out."""

from mmlearn_edu.representations.alignment import LeastSquaresMap
from mmlearn_edu.representations.cca import CCA
from mmlearn_edu.representations.cooccurrence import cooccurrence, ppmi
from mmlearn_edu.representations.incremental_pca import IncrementalPCA
from mmlearn_edu.representations.neighbour_maps import TSNE, UMAP
from mmlearn_edu.representations.pca import PCA
from mmlearn_edu.representations.per_modality import PerModality
from mmlearn_edu.representations.topics import LatentDirichletAllocation
from mmlearn_edu.representations.truncated_svd import TruncatedSVD
from mmlearn_edu.representations.word_vectors import WordVectors

__all__ = [
    "CCA",
    "PCA",
    "TSNE",
    "UMAP",
    "IncrementalPCA",
    "LatentDirichletAllocation",
    "LeastSquaresMap",
    "PerModality",
    "TruncatedSVD",
    "WordVectors",
    "cooccurrence",
    "ppmi",
]
