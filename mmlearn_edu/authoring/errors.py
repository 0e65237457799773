"""The one complaint of this room: a chapter that cannot be built, in words its author can act on."""

__all__ = ["SourceError"]


class SourceError(ValueError):
    """A chapter's source cannot become a notebook; the message says where, what was found and what to write."""
