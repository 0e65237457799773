"""Whose file is it? The names that Moodle and Canvas give to downloads, a folder a student, or the file's own name.

Moodle (``mod/assign/classes/downloader.php``): ``Surname Firstname_1234567_assignsubmission_file_/08-pca.ipynb``,
lately without the last ``_``; without folders ``..._assignsubmission_file_08-pca.ipynb``. A group is ``Group_12_...``,
students without one ``Default group_assignsubmission_file_``, hidden names ``Participant_1234567_...``.

Canvas (``lib/content_zipper.rb``): ``doejane_LATE_12345_67890_08-pca-2.ipynb``: the name in small letters, the numbers
of student and file, and the file's own name, which gets ``-1``, ``-2`` when it is handed in again. Hidden names are
``anon_a1B2c_67890_...``; text or a link typed into Canvas is ``doejane_12345_text.html`` or ``..._link.html``.
"""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from mmlearn_edu.grading.archives import is_archive, shown

__all__ = ["Owner", "by_place", "by_platform", "hand_in_name", "is_notebook", "may_be_graded", "of_moodle", "safe"]

_MOODLE = re.compile(r"(?P<student>.+?)(?:_(?P<number>\d+))?_assignsubmission_(?P<kind>[a-z]+)(?:_(?P<rest>.*))?")
_CANVAS = re.compile(
    r"(?P<student>[^\W\d_]\w*?)(?P<late>_LATE)?_(?P<number>\d+)_(?:\d{3,}_(?P<rest>.+)|(?:text|link)\.html)"
)
_CANVAS_HIDDEN = re.compile(
    r"(?P<late>LATE_)?(?P<student>anon_[A-Za-z0-9]+)_(?:\d{3,}_(?P<rest>.+)|(?:text|link)\.html)"
)
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)  # no file on Windows may be called so
_NOTEBOOK = re.compile(r"\.ipynb(\.txt|\.json)?", re.IGNORECASE)  # what browsers and editors add


@dataclass(frozen=True)
class Owner:
    """Who handed a file in, as its path tells."""

    student: str
    number: str = ""  # the platform's number of the student
    rest: str = ""  # the file's own name, and the folders of the student's own
    late: bool = False
    sure: bool = True  # whether the path names the student; a zip's contents may know better

    @property
    def key(self) -> tuple[str, str]:
        """What makes two files those of one student."""
        return unicodedata.normalize("NFC", self.student).casefold(), self.number


def is_notebook(name: str) -> bool:
    """Say whether a file of this name should be a notebook."""
    return bool(_NOTEBOOK.fullmatch(_split(name)[1]))


def may_be_graded(name: str) -> bool:
    """Say whether a file gets a row of its own: others lie beside a notebook."""
    return is_notebook(name) or is_archive(name)


def by_platform(parts: Sequence[str]) -> Owner | None:
    """Return the owner if a folder or file has a name that Moodle or Canvas gave."""
    for place, part in enumerate(parts):
        deeper = "/".join(parts[place + 1 :])
        if owner := of_moodle(part, deeper):
            return owner
        hidden = _CANVAS_HIDDEN.fullmatch(part)
        found = hidden or _CANVAS.fullmatch(part)
        if found and (hidden or found["student"] == found["student"].lower()):
            number = found.groupdict().get("number") or ""
            rest = re.sub(r"-\d+(?=\.\w+$)", "", found["rest"] or part.rpartition("_")[2])
            rest = "/".join(filter(None, (rest, deeper)))
            return Owner(shown(found["student"]), number, rest, late=bool(found["late"]))
    return None


def of_moodle(part: str, deeper: str = "") -> Owner | None:
    """Return the owner if a folder or file has a name that Moodle gave; `deeper` is the path within it."""
    if found := _MOODLE.fullmatch(part):
        rest = "/".join(filter(None, (found["rest"], deeper)))
        return Owner(shown(found["student"].strip()), found["number"] or "", rest)
    return None


def by_place(places: Sequence[Sequence[str]], root: str, chapter: str, zipped: bool = False) -> list[Owner]:
    """Return the owners of files in one folder or zip: those of the first folder in which its notebooks differ.

    A file that lies in no such folder is named after its student, or like the chapter, and then `root` names them.
    """
    folders = [place[:-1] for place in places if may_be_graded(place[-1])]
    wrapper = tuple(level[0] for level in takewhile(lambda level: len(set(level)) == 1, zip(*folders, strict=False)))
    if wrapper and (not zipped or any(map(is_archive, wrapper))):  # a student's own zip often holds just one folder
        root = next(filter(is_archive, wrapper), wrapper[-1])
    root = shown(_told(root, chapter)[0] or root) if is_archive(root) else shown(root)
    depth = len(wrapper)
    inner = [place[depth:] if tuple(place[:depth]) == wrapper and len(place) > depth else place for place in places]
    is_roots = any(len(parts) == 1 and is_notebook(parts[0]) and not _told(parts[0], chapter)[0] for parts in inner)
    return [_placed(parts, root, chapter, is_roots and not may_be_graded(parts[-1])) for parts in inner]


def _placed(parts: Sequence[str], root: str, chapter: str, is_roots: bool) -> Owner:
    if len(parts) > 1:
        folder = _told(parts[0], chapter)[0] if is_archive(parts[0]) else parts[0]
        return Owner(shown(folder) or root, rest="/".join(parts[1:]))
    student, rest = ("", parts[0]) if is_roots else _told(parts[0], chapter)
    return Owner(shown(student) or root, rest=rest, sure=False)


def _told(name: str, chapter: str) -> tuple[str, str]:
    """Split a file's name into the student, "" if it says nothing of one, and what it says of the chapter."""
    stem, ending = _split(name)
    found = re.search(_chapter_pattern(chapter), stem, re.IGNORECASE)
    if found is None:
        return stem.strip(), ""
    return (stem[: found.start()] + stem[found.end() :]).strip("-_ ."), found[0] + ending


def _chapter_pattern(chapter: str) -> str:
    """Return what a file of the chapter may be called, such as ``08_pca``, ``Copy of 08-pca`` or ``08-pca (2)``."""
    name = "[-_ ]".join(map(re.escape, re.split("[-_ ]", chapter)))
    return (
        rf"(?:copy of |副本)?(?<![^\W_]){name}(?![^\W_])(?:[-_ ]?(?:copy\d*|副本\d*|solutions?|\(\d+\)|\d+(?![^\W_])))*"
    )


def hand_in_name(owner: Owner, chapter: str) -> str:
    """Return a name made of the student, and of the file's own name unless it is the chapter's."""
    stem = _split(owner.rest.rpartition("/")[2])[0]
    if re.fullmatch("[-_ ]".join(map(re.escape, re.split("[-_ ]", chapter))), stem, re.IGNORECASE):
        stem = ""
    return safe("_".join(filter(None, (owner.student, owner.number, stem))))


def safe(text: str, most: int = 60) -> str:
    """Return a file name that every system takes, made of the letters and digits of `text`.

    Where this loses more than spaces and the like, six digits of a hash keep two texts apart.
    """
    whole = unicodedata.normalize("NFC", text)
    name = re.sub(r"[^\w.-]+", "-", whole.replace("\ufffd", "")).strip("-_.")
    kept = [letter for letter in name if letter.isalnum()]
    lost = len(kept) < sum(not letter.isspace() and letter not in "-_.,()'+&@" for letter in whole)
    if lost or len(name) > most or not kept or _RESERVED.fullmatch(name):
        digits = hashlib.sha256(whole.encode("utf-8", "replace")).hexdigest()[:6]
        name = f"{name[:most].strip('-_.') or 'hand-in'}-{digits}"
        name = f"_{name}" if _RESERVED.fullmatch(name) else name
    return name


def _split(name: str) -> tuple[str, str]:
    """Return stem and ending; ``.ipynb.txt`` is one ending."""
    found = re.search(r"(\.ipynb(\.txt|\.json)?|\.\w{1,8})$", name, re.IGNORECASE)
    return (name[: found.start()], found[0]) if found else (name, "")
