"""How to compare an answer with the reference's; every comparator says in words what is different."""

from mmlearn_edu.checks.comparators.chance import over_seeds, same_neighbours
from mmlearn_edu.checks.comparators.figures import figure
from mmlearn_edu.checks.comparators.kinds import describe
from mmlearn_edu.checks.comparators.modules import builds, computes, learns, module, steady
from mmlearn_edu.checks.comparators.sparse import sparse
from mmlearn_edu.checks.comparators.structure import EachKey, each_key, exact, ranking, up_to_relabel
from mmlearn_edu.checks.comparators.text import text
from mmlearn_edu.checks.comparators.values import close, up_to_rotation, up_to_sign

__all__ = [
    "EachKey",
    "builds",
    "close",
    "computes",
    "describe",
    "each_key",
    "exact",
    "figure",
    "learns",
    "module",
    "over_seeds",
    "ranking",
    "same_neighbours",
    "sparse",
    "steady",
    "text",
    "up_to_relabel",
    "up_to_rotation",
    "up_to_sign",
]
