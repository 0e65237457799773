"""Several modalities in, one matrix out."""

from mmlearn_edu.fusion.average import AverageFusion
from mmlearn_edu.fusion.base import BaseFusion
from mmlearn_edu.fusion.concat import ConcatFusion
from mmlearn_edu.fusion.late import mean_of_probabilities, product_of_experts
from mmlearn_edu.fusion.least_squares import LeastSquaresFusion
from mmlearn_edu.fusion.stacking import StackingFusion
from mmlearn_edu.fusion.weighted import WeightedFusion, simplex_grid

__all__ = [
    "AverageFusion",
    "BaseFusion",
    "ConcatFusion",
    "LeastSquaresFusion",
    "StackingFusion",
    "WeightedFusion",
    "mean_of_probabilities",
    "product_of_experts",
    "simplex_grid",
]
