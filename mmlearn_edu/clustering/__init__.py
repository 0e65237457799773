"""A matrix in, groups out."""

from mmlearn_edu.clustering.kmeans import KMeans
from mmlearn_edu.clustering.mini_batch import MiniBatchKMeans
from mmlearn_edu.clustering.objective import kmeans_objective
from mmlearn_edu.clustering.seeding import kmeans_plus_plus

__all__ = ["KMeans", "MiniBatchKMeans", "kmeans_objective", "kmeans_plus_plus"]
