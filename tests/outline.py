"""What a page of ours says, without a browser: its tags in their order, and its words."""

import itertools
import re
from html.parser import HTMLParser

__all__ = ["Outline", "assert_in_order", "words_of"]

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


def assert_in_order(outline):
    """Say what is wrong with a page's headings, landmarks, ids or tables."""
    levels = [int(tag[1]) for tag, _ in outline.tags if re.fullmatch("h[1-6]", tag)]
    assert levels.count(1) == 1, levels
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels)), levels
    assert {"header", "main", "footer"} <= {tag for tag, _ in outline.tags}
    ids = [attributes["id"] for _, attributes in outline.tags if "id" in attributes]
    assert len(ids) == len(set(ids)), ids
    labelled = {each["aria-labelledby"] for _, each in outline.tags if "aria-labelledby" in each}
    assert labelled <= set(ids), labelled - set(ids)
    assert {each["scope"] for each in outline.all("th")} == {"col", "row"}
