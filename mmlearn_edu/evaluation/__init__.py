"""Scores that know what chance would give, and that do not care what a cluster is called."""

from mmlearn_edu.evaluation.calibration import expected_calibration_error, reliability_curve
from mmlearn_edu.evaluation.cards import model_card
from mmlearn_edu.evaluation.chance import bootstrap_interval, chance_level, chance_scores, shuffled_modality_scores
from mmlearn_edu.evaluation.classes import (
    accuracy,
    class_scores,
    confusion_matrix,
    macro_f1,
    macro_precision,
    macro_recall,
)
from mmlearn_edu.evaluation.clusters import adjusted_rand_index, clustering_accuracy, contingency_matrix, purity
from mmlearn_edu.evaluation.information import adjusted_mutual_information, normalized_mutual_information
from mmlearn_edu.evaluation.maps import trustworthiness
from mmlearn_edu.evaluation.modes import mode_counts
from mmlearn_edu.evaluation.pairs import paired_bootstrap, paired_permutation_test
from mmlearn_edu.evaluation.ranking import (
    exact_ceiling,
    mean_average_precision,
    mean_reciprocal_rank,
    median_rank,
    recall_at_k,
)
from mmlearn_edu.evaluation.slices import slice_scores
from mmlearn_edu.evaluation.thresholds import (
    choose_threshold,
    equal_error_rate,
    precision_recall_curve,
    roc_auc,
    roc_curve,
)

__all__ = [
    "accuracy",
    "adjusted_mutual_information",
    "adjusted_rand_index",
    "bootstrap_interval",
    "chance_level",
    "chance_scores",
    "choose_threshold",
    "class_scores",
    "clustering_accuracy",
    "confusion_matrix",
    "contingency_matrix",
    "equal_error_rate",
    "exact_ceiling",
    "expected_calibration_error",
    "macro_f1",
    "macro_precision",
    "macro_recall",
    "mean_average_precision",
    "mean_reciprocal_rank",
    "median_rank",
    "mode_counts",
    "model_card",
    "normalized_mutual_information",
    "paired_bootstrap",
    "paired_permutation_test",
    "precision_recall_curve",
    "purity",
    "recall_at_k",
    "reliability_curve",
    "roc_auc",
    "roc_curve",
    "shuffled_modality_scores",
    "slice_scores",
    "trustworthiness",
]
