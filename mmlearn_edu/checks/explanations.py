"""What Python's and NumPy's most frequent errors mean, in a sentence for somebody who meets them for the first time."""

import re

from mmlearn_edu.checks.messages import say

__all__ = ["explain"]

_MEANT = {
    r"matmul: .*\(size (\d+) is different from (\d+)\)": "why-matmul",
    r"not aligned: (\d+) \(dim \d+\) != (\d+) \(dim \d+\)": "why-dot",
    r"could not be broadcast together with shapes (\(.*?\)) (\(.*?\))": "why-broadcast",
    r"cannot reshape array of size (\d+) into shape (\(.*?\))": "why-reshape",
    r"input array dimensions except for the concatenation axis must match": "why-joined",
    r"truth value of an array with more than one element": "why-truth",
    r"'(tuple|\w+Result)' object has no attribute|can only concatenate tuple": "why-tuple",
    r"'NoneType'": "why-none",
    r"'tuple' object is not callable|'numpy\.ndarray' object is not callable": "why-called",
}


def explain(text: str) -> str:
    """Say what the message of an error means; nothing where we have no better words.

    Examples
    --------
    >>> explain("operands could not be broadcast together with shapes (3,2) (3,) ")
    'Lined up from the right, (3,2) and (3,) have two sizes that differ, and neither is 1.'
    >>> explain("no such file")
    ''
    """
    for pattern, message_id in _MEANT.items():
        found = re.search(pattern, text)
        if found:
            first, second = (*found.groups(), "", "")[:2]
            return say(message_id, first=first, second=second)
    return ""
