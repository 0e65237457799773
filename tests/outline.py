"""What a page of ours says, without a browser: its tags in their order, and its words."""

import re
from html.parser import HTMLParser

__all__ = ["Outline", "words_of"]

VOID = {"br", "meta", "circle", "path", "line", "polyline", "rect", "source", "img"}


class Outline(HTMLParser):
    """Tags in their order; complain about one that is closed wrongly; keep the words."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.words = [], [], []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open[-1:] != ["style"] and self.open[-1:] != ["script"]:
            self.words.append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


def words_of(text):
    """Return the words of a page, one blank between them."""
    return re.sub(r"\s+", " ", "".join(Outline(text).words))
