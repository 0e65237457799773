"""Back to Moodle: the marks as its grading worksheet, and the feedback pages as the zip that it hands out.

Both find a student by the number in the names of the download, ``Surname Firstname_1234567_assignsubmission_file_``,
which the worksheet calls ``Participant 1234567``. Where a hand-in is a group's, the number is that of the group.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from mmlearn_edu.grading.pieces import number
from mmlearn_edu.grading.results import Result, unjudged
from mmlearn_edu.grading.students import Owner, of_moodle
from mmlearn_edu.grading.tables import as_text

__all__ = ["WORKSHEET", "by_participant", "feedback_zip", "worksheet"]

WORKSHEET = ("Identifier", "Full name", "Grade", "Maximum grade", "Last modified (grade)", "Hand-ins")

Participants = Mapping[str, tuple[str, Sequence[Result]]]  # number -> name and hand-ins


def by_participant(results: Iterable[Result]) -> Participants:
    """Return the hand-ins that came by a download of Moodle: number of the participant -> name, results.

    Parameters
    ----------
    results : iterable of dict
    """
    found: dict[str, tuple[str, list[Result]]] = {}
    for result in results:
        owner = _owner(result["origin"])
        if owner and owner.number.isascii() and owner.number:
            found.setdefault(owner.number, (owner.student, []))[1].append(result)
    return found


def worksheet(participants: Participants) -> str:
    """Return the marks as Moodle's *Upload grading worksheet* reads them, in English: it finds columns by their names.

    A mark stands only where a participant has one hand-in, and all of it was judged. Moodle leaves a participant
    without a mark as they are, and with "-" as the time of the last mark, marks that are there already.

    Parameters
    ----------
    participants : mapping
        As of :func:`by_participant`.

    References
    ----------
    .. [1] Moodle, ``mod/assign/feedback/offline/importgradeslib.php``.
    """
    table = io.StringIO(newline="")
    writer = csv.writer(table)
    writer.writerow(WORKSHEET)
    for participant, (name, results) in participants.items():
        is_final = [result["status"] for result in results] == ["graded"] and not unjudged(results[0])
        mark = number(results[0]["score"]) if is_final else ""
        hand_ins = as_text(" + ".join(f"{result['submission']} ({result['status']})" for result in results))
        row = (f"Participant {participant}", as_text(name), mark, number(results[0]["points"]), "-", hand_ins)
        writer.writerow(row)
    return "\ufeff" + table.getvalue()


def feedback_zip(participants: Participants, pages: Path) -> bytes:
    """Return what Moodle's *Upload multiple feedback files in a zip* takes: a folder a participant, named by Moodle.

    The names end with ``_``, as before Moodle 4.1, whose successors take both.

    Parameters
    ----------
    participants : mapping
        As of :func:`by_participant`.
    pages : Path
        The folder with a feedback page for each submission.

    References
    ----------
    .. [1] Moodle, ``mod/assign/feedback/file/importziplib.php``.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for participant, (name, results) in participants.items():
            folder = f"{name.replace('_', ' ')}_{participant}_assignsubmission_file_"
            for result in results:
                page = pages / f"{result['submission']}.html"
                member = zipfile.ZipInfo(f"{folder}/{page.name}")  # without a time: the same results, the same zip
                member.external_attr = 0o644 << 16
                archive.writestr(member, page.read_bytes(), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _owner(origin: str) -> Owner | None:
    return next(filter(None, map(of_moodle, re.split(r"[/\\!]", origin))), None)
