"""A learner's progress as one page to open in a browser: no network, no script, both themes, also on paper."""

from mmlearn_edu.progress_page.page import page
from mmlearn_edu.progress_page.writing import MARKER, PageError, destination, write

__all__ = ["MARKER", "PageError", "destination", "page", "write"]
