"""What isolation leaves open, said of one chapter: only the workbook's own solutions are public."""

from typing import Any

from mmlearn_edu.checks import registry
from mmlearn_edu.grading.words import say

__all__ = ["true_gaps"]


def true_gaps(result: dict[str, Any]) -> dict[str, Any]:
    """Return the result without the sentence that the solutions are public, where its exercises are a teacher's own.

    Parameters
    ----------
    result : dict
        Of a chapter that the registry knows.
    """
    if registry.source_of(result["chapter"]) is None:
        return result
    isolation = result["isolation"]
    public = say("sandbox", "public-not")
    left = [words for words in isolation["does_not_defend"] if words != public]
    return result | {"isolation": isolation | {"does_not_defend": left}}
