"""Short English texts on twelve topics, from the documentation of open-source libraries."""

import csv
import io
from typing import Literal, overload

import numpy as np
from numpy.typing import NDArray

from mmlearn_edu.datasets._files import read_bytes, read_card
from mmlearn_edu.datasets.dataset import Dataset
from mmlearn_edu.modalities import Modalities

__all__ = ["load_docstrings"]

NAME = "docstrings"


@overload
def load_docstrings(return_X_y: Literal[False] = ...) -> Dataset: ...
@overload
def load_docstrings(return_X_y: Literal[True]) -> tuple[Modalities, NDArray[np.int64]]: ...
def load_docstrings(return_X_y: bool = False) -> Dataset | tuple[Modalities, NDArray[np.int64]]:
    """Load 1320 texts of 40 to 200 words: what functions and classes of Python libraries say of themselves.

    Parameters
    ----------
    return_X_y : bool, default=False
        Return ``(X, y)`` instead of a `Dataset`.

    Returns
    -------
    Dataset of 1320 samples
        ``X["text"]`` is an array of strings, one line of plain English each; ``y`` is the topic, 0 to 11, 110 texts of
        each, named in ``target_names``. Split by ``groups["module"]``: texts of one file share words, so a random
        split flatters. By ``groups["library"]`` it is harder still, some topics having one main library.
        The latents say which docstring a text is (name) and from which version of the library.

    Raises
    ------
    CorruptDatasetError
        If a shipped file is missing or has been changed.

    Examples
    --------
    >>> from mmlearn_edu.datasets import load_docstrings
    >>> docstrings = load_docstrings()
    >>> docstrings.target_names[:4]
    ('algebra', 'astronomy', 'graphs', 'images')
    >>> len(docstrings.X["text"])
    1320
    """
    rows = list(csv.DictReader(io.StringIO(read_bytes(NAME, "texts.csv").decode(), newline="")))
    column = {name: np.array([row[name] for row in rows]) for name in ("topic", "library", "version", "module", "name")}
    topics, y = np.unique(column["topic"], return_inverse=True)
    X = Modalities({"text": np.array([row["text"] for row in rows], dtype=object)})
    if return_X_y:
        return X, y.astype(np.int64)
    return Dataset(
        name=NAME,
        X=X,
        y=y.astype(np.int64),
        groups={"library": column["library"], "module": column["module"]},
        latents={"name": column["name"], "version": column["version"]},
        card=read_card(NAME),
        target_names=tuple(topics.tolist()),
    )
