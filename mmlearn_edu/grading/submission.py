"""Bytes -> the code cells of a hand-in.

Somebody else wrote every byte: nothing in it is believed, and none of its code is run, compiled or parsed here.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mmlearn_edu.grading.decoding import UnreadableError, read_json
from mmlearn_edu.grading.words import say

__all__ = ["MAX_CELLS", "MAX_SOURCE", "Cell", "Submission", "UnreadableError", "read_submission"]

MAX_CELLS = 2000
MAX_SOURCE = 200_000  # characters of one cell
MAX_VERSIONS = 200
MAX_NOTES = 20
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")  # what the notebook format allows
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")  # of a chapter or an exercise
_NO_TEXT = re.compile("[\ud800-\udfff\0]")  # half characters, and a byte that Python refuses
_OTHER_KERNELS = re.compile(
    r"ir\d*|r|julia\b.*|javascript|deno|bash|octave|matlab|scala|rust|xcpp\d*|sas|stata|wolfram.*"
)


@dataclass(frozen=True)
class Cell:
    """One code cell.

    Parameters
    ----------
    id : str
        Unique within its notebook; ``"cell 7"``, counted among all cells, if the file gives none that can be used.
    source : str
    exercise : str
        The exercise whose cell it says to be; "" if none.
    """

    id: str
    source: str
    exercise: str = ""


@dataclass(frozen=True)
class Submission:
    """A notebook that was handed in, reduced to what is graded.

    Parameters
    ----------
    name : str
        Unique within a batch and safe as a file name.
    student : str
        As the learning platform or the folder calls them.
    origin : str
        The path as given; ``"class.zip!a/b.ipynb"`` inside an archive.
    sha256 : str
        Of the file's bytes.
    cells : tuple of Cell
        In the order of the notebook.
    chapter : str
        The chapter that the file says to be; "" if it says none.
    versions : mapping of str to int
        The version of every exercise, as the hand-out gave it.
    kernel : str
        The kernel's name as the file gives it, such as ``"python3"``.
    language : str
        The programming language: ``"python"``.
    notes : tuple of str
        What was repaired or looks odd, in words.
    """

    name: str
    student: str
    origin: str
    sha256: str
    cells: tuple[Cell, ...]
    chapter: str
    versions: Mapping[str, int]
    kernel: str
    language: str
    notes: tuple[str, ...]


def read_submission(data: bytes, name: str, student: str, origin: str, chapter: str = "") -> Submission:
    """Read a notebook of any format (2 to 4, or newer if it has the same cells).

    Parameters
    ----------
    data : bytes
    name, student, origin : str
        As in :class:`Submission`.
    chapter : str
        The chapter that was asked for; a file that says to be another one is refused.

    Returns
    -------
    Submission

    Raises
    ------
    UnreadableError
        If it is no notebook, not one of Python, one of another chapter, or too large; in words for the student.
    """
    tree, notes = read_json(data, origin)
    raw_cells = _raw_cells(tree, notes)
    metadata, facts = _table(tree.get("metadata")), _table(_table(tree.get("metadata")).get("mmlearn_edu"))
    kernel, language = _kernel(metadata, raw_cells)
    said = _chapter(facts, chapter, notes)
    cells = tuple(_cells(raw_cells, notes))
    if not cells:
        notes.append(say("submission", "no-code"))
    sha256 = hashlib.sha256(data).hexdigest()
    unique = tuple(dict.fromkeys(notes))[:MAX_NOTES]
    return Submission(name, student, origin, sha256, cells, said, _versions(facts), kernel, language, unique)


def _table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _raw_cells(tree: Any, notes: list[str]) -> list[Any]:
    """Return the cells as they stand in the file; before format 4 they lay in worksheets."""
    if not isinstance(tree, dict):
        raise UnreadableError(say("submission", "other-json"))
    cells, sheets, version = tree.get("cells"), tree.get("worksheets"), tree.get("nbformat")
    if not isinstance(cells, list) and isinstance(sheets, list):
        found = [_table(sheet).get("cells") for sheet in sheets]
        cells = [cell for part in found if isinstance(part, list) for cell in part]
    if not isinstance(cells, list):
        raise UnreadableError(say("submission", "other-json"))
    if len(cells) > MAX_CELLS:
        raise UnreadableError(say("submission", "too-many-cells", count=len(cells), most=MAX_CELLS))
    if version != 4:
        shown = version if type(version) is int and 0 <= version < 100 else "?"
        notes.append(say("submission", "other-format", version=shown))
    return cells


def _kernel(metadata: dict[str, Any], raw_cells: list[Any]) -> tuple[str, str]:
    """Return the kernel's name and the programming language; refuse those that are not Python."""
    kernelspec = _table(metadata.get("kernelspec"))
    languages = [_table(metadata.get("language_info")).get("name"), kernelspec.get("language")]
    languages += [_table(cell).get("language") for cell in raw_cells]  # format 3 said it in every cell
    kernel = _short(kernelspec.get("name"))
    language = next((_short(one).lower() for one in languages if _short(one)), "")
    if not language and _OTHER_KERNELS.fullmatch(kernel.lower()):
        language = kernel
    if language and not re.match(r"i?python", language):
        raise UnreadableError(say("submission", "other-language", language=language))
    return kernel, "python"


def _short(value: Any) -> str:
    """Return a word that a file says about itself, if it is one."""
    return value.strip() if isinstance(value, str) and len(value) <= 80 and value.isprintable() else ""


def _chapter(facts: dict[str, Any], wanted: str, notes: list[str]) -> str:
    said = _name(facts.get("chapter"))
    if not said:
        notes.append(say("submission", "no-metadata"))
    elif wanted and said != wanted:
        raise UnreadableError(say("submission", "other-chapter", said=said, wanted=wanted))
    if facts.get("kind") == "solution":
        notes.append(say("submission", "is-solution"))
    return said


def _name(value: Any) -> str:
    return value if isinstance(value, str) and _NAME.fullmatch(value) else ""


def _versions(facts: dict[str, Any]) -> dict[str, int]:
    said = _table(facts.get("exercises"))
    known = {name: v for name, v in said.items() if _name(name) and type(v) is int and 0 < v < 10**6}
    return dict([*known.items()][:MAX_VERSIONS])


def _cells(raw_cells: list[Any], notes: list[str]) -> Iterator[Cell]:
    seen: Counter[str] = Counter()
    for number, raw in enumerate(raw_cells, start=1):
        if not isinstance(raw, dict):
            notes.append(say("submission", "damaged-cell", cell=f"cell {number}"))
        elif raw.get("cell_type") == "code":
            name = _cell_id(raw, number, seen, notes)
            source = _source(raw, name, notes)
            if source is not None:
                exercise = _table(_table(raw.get("metadata")).get("mmlearn_edu")).get("exercise")
                yield Cell(name, source, _name(exercise))


def _cell_id(raw: dict[str, Any], number: int, seen: Counter[str], notes: list[str]) -> str:
    """Return the cell's own id, or its number if it has none that is unique: an id finds the hand-out's cell."""
    own = raw.get("id")
    if not isinstance(own, str) or not _ID.fullmatch(own):
        return f"cell {number}"
    seen[own] += 1
    if seen[own] > 1:
        notes.append(say("submission", "twin-cells", cell=own))
        return f"cell {number}"
    return own


def _source(raw: dict[str, Any], cell: str, notes: list[str]) -> str | None:
    """Return the cell's code with Unix line ends; None if there is none that can be graded."""
    source = raw.get("source", raw.get("input"))  # formats 2 and 3 called it input
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        notes.append(say("submission", "damaged-cell", cell=cell))
        return None
    if len(source) > MAX_SOURCE:
        notes.append(say("submission", "long-cell", cell=cell, size=len(source), most=MAX_SOURCE))
        return None
    clean = _NO_TEXT.sub("\ufffd", source)
    if clean != source:
        notes.append(say("submission", "odd-characters", cell=cell))
    return clean.replace("\r\n", "\n").replace("\r", "\n")
