"""What a row must be, whatever was handed in."""

import json
import math
import unicodedata
from collections.abc import Mapping

STATUSES = {"passed", "partly", "failed", "not attempted", "checker problem", "refused"}


def marks_of(row):
    """Return the mark of every exercise, by the short name of its id."""
    return {one["id"].partition(".")[2]: one["score"] for one in row["exercises"]}


def words_of(row):
    """Return every word of a row that a teacher reads."""
    parts = [row["message"], *row["look"], *row["notes"], *row["events"], *row["cells"], *row["exercises"]]
    return json.dumps(parts, ensure_ascii=False)


def what_happened(row):
    """Return a row in a few lines, for whoever reads why a test failed."""
    lines = [f"{row['status']} {row['message']}", *row["look"], *(f"{e['where']}: {e['words']}" for e in row["events"])]
    for one in row["exercises"]:
        if one["status"] != "not attempted":
            problems = {item["message"][:150] for item in one["items"] if item["message"]}
            lines.append(f"{one['id']} {one['status']} {one['score']} {one['notes'] or ''} {problems or ''}")
    return "\n".join(lines)


def assert_sound(row):
    """A row can be written, read, shown and summed, and it never says more than there is."""
    json.dumps(row, allow_nan=False)
    for text in texts(row):
        text.encode()  # no half of a character, which no file holds
        odd = [c for c in text if unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t"]
        assert not odd, f"control characters {odd[:5]} in {text[:200]!r}"
        assert len(text) < 20_000, text[:300]
    assert len(json.dumps(row)) < 2_000_000
    for one in row["exercises"]:
        assert one["status"] in STATUSES
        assert 0 <= one["score"] <= one["points"]
        assert math.isfinite(one["score"])
        assert one["status"] != "checker problem", one["notes"]
    if row["status"] != "unreadable":
        assert row["score"] == round(sum(one["score"] for one in row["exercises"]), 6)


def texts(thing):
    """Yield every string in plain data."""
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, Mapping):
        for key, value in thing.items():
            yield str(key)
            yield from texts(value)
    elif isinstance(thing, list | tuple):
        for value in thing:
            yield from texts(value)


def verdicts(row):
    """Return what must be the same for the same hand-in: all but the durations and the names."""
    kept = ("id", "status", "score", "items", "diagnosis", "messages", "notes")
    return [{key: one[key] for key in kept} for one in row["exercises"]]
