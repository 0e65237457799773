"""Scores that know what chance would give, and that do not care what a cluster is called."""

from mmlearn_edu.evaluation.chance import bootstrap_interval, chance_level, chance_scores
from mmlearn_edu.evaluation.classes import (
    accuracy,
    class_scores,
    confusion_matrix,
    macro_f1,
    macro_precision,
    macro_recall,
)
from mmlearn_edu.evaluation.clusters import (
    adjusted_rand_index,
    clustering_accuracy,
    contingency_matrix,
    normalized_mutual_information,
)
from mmlearn_edu.evaluation.ranking import (
    exact_ceiling,
    mean_average_precision,
    mean_reciprocal_rank,
    median_rank,
    recall_at_k,
)

__all__ = [
    "accuracy",
    "adjusted_rand_index",
    "bootstrap_interval",
    "chance_level",
    "chance_scores",
    "class_scores",
    "clustering_accuracy",
    "confusion_matrix",
    "contingency_matrix",
    "exact_ceiling",
    "macro_f1",
    "macro_precision",
    "macro_recall",
    "mean_average_precision",
    "mean_reciprocal_rank",
    "median_rank",
    "normalized_mutual_information",
    "recall_at_k",
]
