"""Posts of twenty newsgroups."""

import re
import tarfile
from collections.abc import Collection
from os import PathLike
from pathlib import Path
from typing import Literal, overload

import numpy as np
from numpy.typing import NDArray

from mmlearn_edu.datasets._download import Download, read_download
from mmlearn_edu.datasets.dataset import Dataset
from mmlearn_edu.modalities import Modalities
from mmlearn_edu.naming import nearest

__all__ = ["fetch_newsgroups"]

ARCHIVE = Download(
    url="https://ndownloader.figshare.com/files/5975967",
    # published in scikit-learn/scikit-learn, sklearn/datasets/_twenty_newsgroups.py
    sha256="8f1b2514ca22a5ade8fbb9cfa5727df95fa587f4c87b786e15c759fa66d95610",
    file="20news-bydate.tar.gz",
    twin="load_docstrings()",
    megabytes=14,
)
POST = re.compile(r"20news-bydate-(train|test)/([^/]+)/([^/]+)")
INTRODUCES = "writes in|writes:|wrote:|says:|said:|^In article|^Quoted from"
QUOTED = re.compile(rf"{INTRODUCES}|^[>|]")  # a line of somebody else's, or one that leads to it
CARD = """# newsgroups

20 newsgroups: what people wrote to twenty groups of Usenet in the early 1990s, in English.

## Origin

Collected by Ken Lang, sorted by date by Jason Rennie, http://qwone.com/~jason/20Newsgroups/ ("bydate").
Fetched when asked for (14 MB); nothing of it is shipped here.

## Licence

None is stated. The writers never gave one: use the posts to study, do not republish them.

## How it was made

18846 posts, cross-posts removed. The official split is by date: the first 60 % train, later posts test.

## Limits

Real people, with names and addresses in header and signature: do not look for persons. Some posts offend.
Headers, signatures and quotes tell the group without its topic: `remove` them to learn how well the topic is known.
"""


@overload
def fetch_newsgroups(
    remove: Collection[str] = ..., data_home: str | PathLike[str] | None = ..., return_X_y: Literal[False] = ...
) -> Dataset: ...
@overload
def fetch_newsgroups(
    remove: Collection[str] = ..., data_home: str | PathLike[str] | None = ..., *, return_X_y: Literal[True]
) -> tuple[Modalities, NDArray[np.int64]]: ...
def fetch_newsgroups(
    remove: Collection[str] = (), data_home: str | PathLike[str] | None = None, return_X_y: bool = False
) -> Dataset | tuple[Modalities, NDArray[np.int64]]:
    """Fetch 18846 posts of twenty newsgroups, split by date into 11314 to train and 7532 to test [1]_.

    The first call downloads 14 MB and compares them with the published checksum; later calls need no network.

    Parameters
    ----------
    remove : collection of "headers", "footers", "quotes", default=()
        What to cut from every post, by the same rules as scikit-learn: all before the first blank line; all after the
        last blank line or line of hyphens; lines that quote somebody or say that they will.
    data_home : str or path, default=None
        Folder to keep the download in; None: the user's cache folder.
    return_X_y : bool, default=False
        Return ``(X, y)`` instead of a `Dataset`.

    Returns
    -------
    Dataset of one sample per post, the training posts first, by group, then by file name
        ``X["text"]`` is an array of str, some empty once `remove` has cut all there was; ``y`` counts through the
        twenty groups in ``target_names``; ``latents["split"]`` is "train" for the earlier posts, "test" for the later.

    Raises
    ------
    DatasetUnavailable
        If the download does not arrive or cannot be read; `load_docstrings` has real texts and needs no network.
    ValueError
        If `remove` names something else.

    References
    ----------
    .. [1] Lang, K. (1995). NewsWeeder: Learning to Filter Netnews. ICML, 331-339.

    Examples
    --------
    >>> from mmlearn_edu.datasets import fetch_newsgroups
    >>> data = fetch_newsgroups(remove=["headers", "footers", "quotes"])  # doctest: +SKIP
    >>> train = data.latents["split"] == "train"  # doctest: +SKIP
    >>> len(data.X[train]), data.target_names[data.y[0]]  # doctest: +SKIP
    (11314, 'alt.atheism')
    """
    _check_remove(remove)
    posts = read_download(ARCHIVE, data_home, _read)
    split, group, _ = (np.array(column) for column in zip(*posts, strict=True))
    target_names, y = np.unique(group, return_inverse=True)
    X = Modalities({"text": np.array([_cut(text, remove) for text in posts.values()], dtype=object)})
    if return_X_y:
        return X, y
    return Dataset(
        name="newsgroups", X=X, y=y, latents={"split": split}, card=CARD, target_names=tuple(map(str, target_names))
    )


def _check_remove(remove: Collection[str]) -> None:
    if isinstance(remove, str) or not isinstance(remove, Collection):
        raise ValueError(f"remove={remove!r} is no list; give one, such as remove=['headers', 'quotes'], or []")
    for part in remove:
        if part not in CUTS:
            raise ValueError(f"remove cannot cut {part!r}; {nearest(str(part), CUTS)}")


def _read(path: Path) -> dict[tuple[str, str, str], str]:
    """Return every post by split, group and file, straight from the archive: nothing is unpacked onto the disk."""
    posts = {}
    with tarfile.open(path, "r:gz") as archive:
        for member in archive:
            content = archive.extractfile(member) if (name := POST.fullmatch(member.name)) else None
            if name and content:
                posts[name[1], name[2], name[3]] = content.read().decode("latin-1")  # every byte is a letter there
    if not posts:
        raise ValueError("it holds no 20news-bydate-train/GROUP/POST")
    return dict(sorted(posts.items(), key=lambda post: (post[0][0] == "test", post[0])))


def _cut(text: str, remove: Collection[str]) -> str:
    for part, cut in CUTS.items():  # in this order, however `remove` has it
        text = cut(text) if part in remove else text
    return text


def _without_header(text: str) -> str:
    return text.partition("\n\n")[2]


def _without_footer(text: str) -> str:
    lines = text.strip().split("\n")
    blank = [i for i, line in enumerate(lines) if not line.strip().strip("-")]
    return "\n".join(lines[: blank[-1]]) if blank and blank[-1] else text


def _without_quotes(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if not QUOTED.search(line))


CUTS = {"headers": _without_header, "footers": _without_footer, "quotes": _without_quotes}
