"""Help with names that were nearly right."""

from collections.abc import Iterable
from difflib import get_close_matches

__all__ = ["MOST", "closest", "nearest"]

MOST = 25  # names to list: a vocabulary has thousands


def closest(name: str, known: Iterable[str]) -> list[str]:
    """Return the one or two known names that `name` was probably meant to be; none if it is like no other."""
    names = list(known)
    return get_close_matches(name, names, n=2, cutoff=0.5) or [n for n in names if name and name in n][:2]


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the hint that follows an unknown name: ``did you mean 08-pca?``, or the list of what there is."""
    names = list(known)
    close = closest(name, names)
    if close:
        return f"did you mean {' or '.join(close)}?"
    more = f" and {len(names) - MOST} more" if len(names) > MOST else ""
    return f"there is {', '.join(names[:MOST])}{more}" if names else "there is none yet"
