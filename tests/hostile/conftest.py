"""Places where hostile hand-ins are graded, one for each level, chapter and user; started when first asked for."""

import shutil
import sys
import tempfile
import time
from pathlib import Path

import pytest

if not sys.platform.startswith("linux"):
    collect_ignore_glob = ["*"]

from tests.hostile.looking import assert_sound, marks_of, verdicts, what_happened
from tests.hostile.place import BeatenError, Place


def settled(place, before, patience=20.0):
    """Return the surroundings as before, or as they still are after a while: a new sandbox takes seconds to load."""
    end = time.monotonic() + patience
    while (after := place.surroundings()) != before and time.monotonic() < end:
        time.sleep(0.1)
    return after


class Judged:
    """Grade a case, and look at everything around it."""

    def __init__(self, folder):
        self._folder = folder
        self._places = {}

    def place(self, chapter, level, ordinary=False, **limits):
        """Return the place for a chapter at a level, as root or as an ordinary user."""
        key = (chapter, level, ordinary, *sorted(limits.items()))
        if key not in self._places:
            name = f"{len(self._places)}-{chapter}-{level}"
            self._places[key] = Place(self._folder / name, chapter, level, ordinary, limits)
        return self._places[key]

    def close(self):
        """End every place."""
        for place in self._places.values():
            place.close()

    def row(self, case, level, ordinary=False):
        """Grade `case`, then a bystander and the twin; assert all that holds for every case; return the row."""
        from tests.hostile.handin import hand_in, honest

        limits = (
            {"call": 60.0, "submission": 150.0} if case.chapter.startswith("14") else {}
        )  # an answer that trains takes its time
        place = self.place(case.chapter, level, ordinary, **limits)
        if place.bystander is None:
            place.bystander = place.grade(hand_in(case.chapter), "bystander")
            wanted = honest(case.chapter)["marks"]
            assert marks_of(place.bystander) == pytest.approx(wanted, abs=1e-5), what_happened(place.bystander)
        before = place.surroundings()
        row = place.grade(case.notebook(place.names()), case.id)
        assert_sound(row)
        after = settled(place, before)
        beside = place.grade(hand_in(case.chapter), "bystander")
        assert verdicts(beside) == verdicts(place.bystander), what_happened(beside)
        if level in case.open_at:
            assert row["isolation"]["does_not_defend"]
            after["heard"] = before["heard"]
        assert after == before
        assert place.memory < 3 * 2**30, "the trusted side was made to take memory"
        if case.twin:
            key = repr(case.twin)
            if key not in place.twins:
                place.twins[key] = marks_of(place.grade(case.twin_notebook(), "twin"))
            twin = place.twins[key]
            assert all(mark <= twin[name] for name, mark in marks_of(row).items()), "the tampering gained a mark"
        return row


@pytest.fixture(scope="session")
def judged():
    """Return what grades the cases of this session.

    Not below pytest's own folder: that is closed to an ordinary user again whenever another worker first uses it.
    """
    folder = Path(tempfile.mkdtemp(prefix="mmlearn-cases-"))
    folder.chmod(0o711)
    judged = Judged(folder)
    yield judged
    judged.close()
    shutil.rmtree(folder, ignore_errors=True)


__all__ = ["BeatenError"]
