"""A document to edit, and its words by tf-idf while you type (chapter 02)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np
import traitlets

from mmlearn_edu.widgets._svg import MUTED, PALETTE, picture, text
from mmlearn_edu.widgets.base import Explorable

__all__ = ["EditDocument", "edit_document", "word_weights"]

_SHOWN = 8


def word_weights(document: str, idf: Mapping[str, float]) -> list[tuple[str, int, float]]:
    r"""Weigh the words of one document by tf-idf, the heaviest first.

    .. math:: x_j = \frac{\mathrm{tf}_j\,\mathrm{idf}_j}{\sqrt{\sum_i (\mathrm{tf}_i\,\mathrm{idf}_i)^2}}

    Parameters
    ----------
    document : str
    idf : mapping of str to float
        From a word to its idf, learned elsewhere; a word that is not in it is skipped.

    Returns
    -------
    list of (str, int, float)
        The word, how often it stands there, and its weight after scaling to length 1; equal weights in the order of
        the alphabet.

    Examples
    --------
    >>> from mmlearn_edu.widgets import word_weights
    >>> idf = {"a": 1.0, "red": 1.3, "ring": 1.7}
    >>> [(word, tf, round(weight, 2)) for word, tf, weight in word_weights("A red, red ring!", idf)]
    [('red', 2, 0.8), ('ring', 1, 0.52), ('a', 1, 0.31)]
    """
    from mmlearn_edu.features.text.tokens import tokenize  # its room loads scikit-learn, which no other widget needs

    tf = Counter(word for word in tokenize(document) if word in idf)
    heavy = {word: times * float(idf[word]) for word, times in tf.items()}
    length = float(np.sqrt(sum(weight**2 for weight in heavy.values())))
    order = sorted(heavy, key=lambda word: (-heavy[word], word))
    return [(word, tf[word], heavy[word] / length) for word in order]


class EditDocument(Explorable):
    """Edit a document and watch which of its words tf-idf puts on top.

    Attributes
    ----------
    answer : int, str or None
        None until touched. How often the goal stands in the text once it is the top word, and no other word weighs as
        much; before that a few words that say which word is on top.
    text : str
        The document as it stands in the page.
    goal : str
        The word to bring to the top.
    idf : dict of str to str
        From an idf, written as a number, to the words that have it, with blanks between them: most words are rare, so
        this is half as long as a pair for each.
    """

    text = traitlets.Unicode().tag(sync=True)
    goal = traitlets.Unicode().tag(sync=True)
    idf = traitlets.Dict().tag(sync=True)

    def _weights(self) -> list[tuple[str, int, float]]:
        return word_weights(self.text, {w: float(idf) for idf, words in self.idf.items() for w in words.split(" ")})

    def _task(self) -> str:
        return self._say("task", goal=self.goal)

    def _alt(self) -> str:
        words = ", ".join(f"{word} {weight:.2f}" for word, _, weight in self._weights()[:_SHOWN])
        return self._say("alt", words=words)

    def _still(self) -> str:
        parts = []
        for place, (word, tf, weight) in enumerate(self._weights()[:_SHOWN]):
            y = 40 + 24 * place
            length = 260 * weight / self._weights()[0][2]
            parts.append(text(16, y + 13, f"{word} ({tf}×)"))
            colour = PALETTE[1] if word == self.goal else PALETTE[0]
            parts.append(f'<rect x="150" y="{y}" width="{length:.1f}" height="17" rx="3" fill="{colour}"/>')
            parts.append(text(156 + length, y + 13, f"{weight:.2f}"))
        head = f'<text x="16" y="24" fill="{MUTED}">{self._say("weights")}</text>'
        return picture(480, 48 + 24 * _SHOWN, self._say("title"), [head, *parts])


def edit_document(document: str, idf: Mapping[str, float], goal: str) -> EditDocument:
    """Open a document for editing, beside its words by tf-idf.

    Parameters
    ----------
    document : str
        What stands in the page at first.
    idf : mapping of str to float
        From a word to its idf, for instance ``dict(zip(engine.get_feature_names_out(), engine.idf_))`` of a fitted
        `TfidfVectorizer`. Words that are not in it weigh nothing.
    goal : str
        The word to bring to the top by adding copies of it.

    Returns
    -------
    EditDocument
        Show it as the last line of a cell; its ``.answer`` is how often `goal` stands in the text once it is on top.

    Raises
    ------
    ValueError
        If `goal` is not in `idf`, an idf is not a finite number above 0, or no word of the document is in `idf`.
    TypeError
        If the document is no text.
    """
    if not isinstance(document, str):
        raise TypeError(f"document is {type(document).__name__}, expected one text, e.g. texts[0]")
    if goal not in idf:
        raise ValueError(f"{goal=} is not among the {len(idf)} words of idf; pick one of them")
    values = np.array(list(idf.values()), dtype=float)
    if not (np.isfinite(values) & (values > 0)).all():
        raise ValueError("every idf must be a finite number above 0; take the idf_ of a fitted TfidfVectorizer")
    if not word_weights(document, idf):
        raise ValueError("no word of the document is in idf, so there is nothing to weigh; give another document")
    groups: dict[str, list[str]] = {}
    for word, value in idf.items():
        groups.setdefault(repr(float(value)), []).append(word)
    return EditDocument(text=document, goal=goal, idf={value: " ".join(words) for value, words in groups.items()})
