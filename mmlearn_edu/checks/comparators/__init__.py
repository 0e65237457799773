"""How to compare an answer with the reference's; every comparator says in words what is different."""

from mmlearn_edu.checks.comparators.kinds import describe
from mmlearn_edu.checks.comparators.structure import EachKey, each_key, exact, ranking, up_to_relabel
from mmlearn_edu.checks.comparators.values import close, up_to_sign

__all__ = ["EachKey", "close", "describe", "each_key", "exact", "ranking", "up_to_relabel", "up_to_sign"]
