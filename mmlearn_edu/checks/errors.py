"""Complaints about the files of chapters: the message says why, and what to do."""

__all__ = ["ChapterError", "FolderError"]


class ChapterError(ImportError):
    """The file of a chapter cannot be loaded; the message says why and what to do."""


class FolderError(ChapterError):
    """A folder of exercises of one's own cannot be used; the message names every file and what is wrong in it."""
