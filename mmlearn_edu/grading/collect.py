"""Paths -> what was handed in: notebooks, folders, zips, and the downloads of Moodle and Canvas.

Every file gets a row or is named in one, also what cannot be graded; nothing is unpacked, or read before it is needed.
"""

import hashlib
import os
import stat
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mmlearn_edu.grading.archives import Found, is_archive, is_clutter, members, shown, too_large
from mmlearn_edu.grading.decoding import UnreadableError, what_it_is
from mmlearn_edu.grading.students import Owner, by_place, by_platform, hand_in_name, is_notebook, may_be_graded, safe
from mmlearn_edu.grading.submission import Submission, read_submission
from mmlearn_edu.grading.words import say

__all__ = ["HandIn", "collect"]

MAX_NOTEBOOKS = 20  # of one student
_Owned = tuple[Found, Owner]
_Row = tuple[Found, Owner, str, tuple[str, ...]]  # with problem and notes


@dataclass(frozen=True)
class HandIn:
    """One file that was handed in.

    Parameters
    ----------
    name : str
        Unique in its list, whatever the case of letters, and safe as a file name.
    student : str
        As the learning platform or the folder calls them.
    origin : str
        The path as given; ``"class.zip!a/b.ipynb"`` inside an archive.
    read : callable
        Returns the file's bytes, 20 MB at most, or raises UnreadableError; it can be pickled.
    problem : str
        Why it cannot be graded, in words; "" if it can be read.
    notes : tuple of str
        What a teacher should know: late, one of several files of a student, files beside it.
    """

    name: str
    student: str
    origin: str
    read: Callable[[], bytes]
    problem: str = ""
    notes: tuple[str, ...] = ()

    def submission(self, chapter: str = "") -> Submission:
        """Read it, with our notes before those on its contents; parameters as in :func:`.read_submission`.

        Raises
        ------
        UnreadableError
            In words.
        """
        if self.problem:
            raise UnreadableError(self.problem)
        found = read_submission(self.read(), self.name, self.student, self.origin, chapter)
        return replace(found, notes=self.notes + found.notes)


def collect(
    paths: Iterable[str | os.PathLike[str]], chapter: str, leave_out: Iterable[str | os.PathLike[str]] = ()
) -> list[HandIn]:
    """Find every hand-in, in an order that depends on nothing but their names.

    A hand-in's name is made of its own path alone (the student, and the file's name unless it is the chapter's), so
    that it stays the same when other files are added. Only where two would have the same name, both are named by their
    whole path instead, and if this is not enough, some digits of a hash follow.

    Parameters
    ----------
    paths : iterable of path
        Notebooks, folders and zips in any mix. Links inside folders are not followed.
    chapter : str
        Such as ``"08-pca"``: a file of this name says nothing about its student, so that its folder does.
    leave_out : iterable of path
        Folders that hold no hand-ins, such as that of the results.

    Returns
    -------
    list of HandIn
        Sorted by name.

    Raises
    ------
    FileNotFoundError
        If one of `paths` does not exist: a mistyped path must not look like a student who handed in nothing.
    """
    skipped = {Path(path).resolve() for path in leave_out}
    given = [Path(path) for path in paths]
    for path in given:
        if not path.exists():
            raise FileNotFoundError(say("collect", "no-such-path", path=shown(str(path))))
    owned = _owned_files([path for path in given if not path.is_dir()], chapter)
    for folder in (path for path in given if path.is_dir()):
        found = [*_in_folder(folder, skipped)]
        owned += zip(found, _owners(found, 0, folder.resolve().name, chapter), strict=True)
    opened = [one for found, owner in owned for one in _opened(found, owner, chapter)]
    unique = {(found.path.resolve(), found.numbers): (found, owner) for found, owner in reversed(opened)}
    return _named(_rows(sorted(unique.values(), key=lambda one: one[0].origin)), chapter)


def _owned_files(paths: Sequence[Path], chapter: str) -> list[_Owned]:
    """Return files that were given one by one; where several have the same name, their folders tell them apart."""
    stems = Counter(path.name for path in set(paths))
    owned = []
    for path in paths:
        folder = path.absolute().parent.name
        found = _file(path, folder, (path.name,), follow=True)
        (by_name,) = by_place([(path.name,)], folder, chapter)
        if stems[path.name] > 1:
            by_name = replace(by_name, student=shown(folder), rest=path.name)
        owned.append((found, by_platform(path.absolute().parts[-3:]) or by_name))
    return owned


def _in_folder(root: Path, skipped: set[Path]) -> Iterator[Found]:
    broken: list[OSError] = []
    for folder, folders, files in os.walk(root, onerror=broken.append):
        here = Path(folder)
        links = [name for name in folders if (here / name).is_symlink()]
        folders[:] = [name for name in folders if not is_clutter(name) and (here / name).resolve() not in skipped]
        for name in sorted(files + links):
            if not is_clutter(name):
                path = here / name
                yield _file(path, root.resolve().name, path.relative_to(root).parts, follow=False)
    for error in broken:
        path = Path(os.fsdecode(error.filename))
        problem = say("collect", "folder-not-readable", why=error.strerror)
        yield Found(path, root.name, (*path.relative_to(root).parts, "?"), shown(str(path)), problem=problem)


def _file(path: Path, root: str, parts: tuple[str, ...], follow: bool) -> Found:
    try:
        facts = path.stat() if follow else path.lstat()
    except OSError as error:  # it vanished just now
        return Found(path, root, parts, shown(str(path)), problem=say("collect", "not-readable", why=error.strerror))
    problem = ""
    if stat.S_ISLNK(facts.st_mode):
        problem = say("collect", "is-link")
    elif not stat.S_ISREG(facts.st_mode):
        problem = say("collect", "no-file")
    elif not is_archive(path.name):
        problem = too_large(facts.st_size)
    return Found(path, root, parts, shown(str(path)), changed=facts.st_mtime, problem=problem)


def _owners(found: Sequence[Found], skip: int, root: str, chapter: str, zipped: bool = False) -> list[Owner]:
    """Return whose the files are: by the platform's names, else by the folders that lie under the first `skip`."""
    known = [by_platform(one.parts[skip:]) for one in found]
    rest = [one.parts[skip:] for one, owner in zip(found, known, strict=True) if owner is None]
    placed = iter(by_place(rest, root, chapter, zipped))
    return [owner or next(placed) for owner in known]


def _opened(outer: Found, owner: Owner, chapter: str) -> list[_Owned]:
    """Return the contents of a zip with their owners; any other file as it is."""
    if outer.problem or outer.numbers or not is_archive(outer.parts[-1]):
        return [(outer, owner)]
    try:
        inside = members(outer)
    except UnreadableError as error:
        return [(replace(outer, problem=str(error)), owner)]
    if not inside:
        return [(replace(outer, problem=say("collect", "no-notebook-inside")), owner)]
    owners = _owners(inside, len(outer.parts), owner.student, chapter, zipped=True)
    if owner.sure:  # it lies in a student's folder, or the platform says whose it is
        owners = [replace(owner, rest=inner.rest) for inner in owners]
    return [*zip(inside, owners, strict=True)]


def _rows(owned: Sequence[_Owned]) -> list[_Row]:
    """Return a row for every notebook, and one for every student who handed in none."""
    of_student: dict[tuple[str, str], list[_Owned]] = defaultdict(list)
    for found, owner in owned:
        of_student[owner.key].append((found, owner))
    return [row for theirs in of_student.values() for row in _rows_of(theirs)]


def _rows_of(theirs: Sequence[_Owned]) -> Iterator[_Row]:
    """Yield the rows of one student: a hundred notebooks would keep the others waiting."""
    wanted = [one for one in theirs if may_be_graded(one[0].parts[-1])] or theirs[:1]
    beside = _beside([one[0] for one in theirs if one not in wanted[:1] and not may_be_graded(one[0].parts[-1])])
    newest = sorted(wanted, key=lambda one: -one[0].changed)
    notes = _attempts([found for found, _ in newest if is_notebook(found.parts[-1])])
    for found, owner in newest[:MAX_NOTEBOOKS]:
        problem = found.problem or ("" if may_be_graded(found.parts[-1]) else what_it_is(found.parts[-1]))
        yield found, owner, problem, _late(owner) + notes.get(found, ()) + beside
    if len(newest) > MAX_NOTEBOOKS:
        found, owner = newest[MAX_NOTEBOOKS]
        yield found, owner, say("collect", "too-many", count=len(newest), most=MAX_NOTEBOOKS), _late(owner)


def _late(owner: Owner) -> tuple[str, ...]:
    return (say("collect", "late"),) if owner.late else ()


def _beside(others: Sequence[Found]) -> tuple[str, ...]:
    names = [shown(one.parts[-1], 60) for one in others]
    files = ", ".join(names[:10]) + (", ..." if len(names) > 10 else "")
    return (say("collect", "beside", files=files),) if names else ()


def _attempts(newest: Sequence[Found]) -> Mapping[Found, tuple[str]]:
    """Return what to say of each of several notebooks of one student, the newest first."""
    if len(newest) < 2:
        return {}
    count, is_known = len(newest), newest[0].changed > newest[1].changed
    first = say("collect", "newest", count=count) if is_known else say("collect", "one-of", count=count)
    older = say("collect", "older", count=count, newest=newest[0].origin) if is_known else first
    return dict.fromkeys(newest[1:], (older,)) | {newest[0]: (first,)}


def _named(rows: Sequence[_Row], chapter: str) -> list[HandIn]:
    """Give every row a name of its own, and every student a name that no other has."""
    numbers: dict[str, set[str]] = defaultdict(set)
    for _, owner, _, _ in rows:
        numbers[owner.key[0]].add(owner.number)
    names = _unique([_names(found, owner, chapter) for found, owner, _, _ in rows])
    hand_ins = []
    for name, (found, owner, problem, notes) in zip(names, rows, strict=True):
        is_shared = len(numbers[owner.key[0]]) > 1 and owner.number
        student = unicodedata.normalize("NFC", f"{owner.student} ({owner.number})" if is_shared else owner.student)
        hand_ins.append(HandIn(name, student, found.origin, found.read, problem, notes))
    return sorted(hand_ins, key=lambda one: (one.name.casefold(), one.name))


def _names(found: Found, owner: Owner, chapter: str) -> Iterator[str]:
    """Yield a hand-in's names, the most readable first, none of which depends on other hand-ins."""
    yield hand_in_name(owner, chapter)
    whole = safe("_".join((found.root, *found.parts)).removesuffix(".ipynb"))
    yield whole
    where = f"{found.path.resolve()}!{found.numbers}".encode("utf-8", "replace")
    yield f"{whole}-{hashlib.sha256(where).hexdigest()[:16]}"


def _unique(choices: Sequence[Iterator[str]]) -> list[str]:
    """Take everybody's first name; those who share one take their next, until nobody does."""
    names = [next(choice) for choice in choices]
    while shared := {name for name, count in Counter(name.casefold() for name in names).items() if count > 1}:
        names = [
            next(choice) if name.casefold() in shared else name for name, choice in zip(names, choices, strict=True)
        ]
    return names
