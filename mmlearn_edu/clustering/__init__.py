"""A matrix in, groups out."""

from mmlearn_edu.clustering.choosing import StabilityResult, choose_n_clusters
from mmlearn_edu.clustering.kmeans import KMeans
from mmlearn_edu.clustering.mini_batch import MiniBatchKMeans
from mmlearn_edu.clustering.objective import kmeans_objective
from mmlearn_edu.clustering.seeding import kmeans_plus_plus
from mmlearn_edu.clustering.stability import stability

__all__ = [
    "KMeans",
    "MiniBatchKMeans",
    "StabilityResult",
    "choose_n_clusters",
    "kmeans_objective",
    "kmeans_plus_plus",
    "stability",
]
