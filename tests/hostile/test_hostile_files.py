"""Files that are no notebook, or nearly none: every one gets a row, in words, and nobody crashes."""

import codecs
import gzip
import io
import json
import zipfile

import nbformat
import numpy as np
import pytest

from mmlearn_edu.grading import sandbox as grading
from tests.hostile.handin import exercise_cell, hand_in, honest
from tests.hostile.looking import assert_sound, marks_of, verdicts

BEST = next(level.name for level in grading.levels() if not level.missing)
GOOD = hand_in("08-pca")


def changed(change):
    """Return the honest hand-in after `change` was made to its tree."""
    notebook = json.loads(GOOD)
    change(notebook)
    return json.dumps(notebook).encode()


def older(version):
    """Return the honest hand-in in an older format, with its metadata."""
    notebook = nbformat.reads(GOOD.decode(), as_version=4)
    return nbformat.writes(nbformat.convert(notebook, version), version=version).encode()


def deep(depth):
    return changed(lambda nb: nb["metadata"].update(deep=None)).replace(b'"deep": null', b'"deep": ' + b"[" * depth)


def packed():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.ipynb", GOOD)
    return stream.getvalue()


def everywhere(value):
    """Return a change that puts `value` in the place of every cell's metadata, outputs and id."""

    def change(notebook):
        for cell in notebook["cells"]:
            cell.update(metadata=value, outputs=value, id=value)

    return change


def sources(kind):
    """Return a change of how sources are written: by lines, or with nothing in them."""

    def change(notebook):
        for cell in notebook["cells"]:
            cell["source"] = kind(cell["source"])

    return change


def many_cells(notebook):
    notebook["cells"] += [{"cell_type": "code", "source": "x = 1", "metadata": {}, "outputs": []}] * 1500


def huge_output(notebook):
    exercise_cell(notebook, "center")["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "x" * 2**23}]


def half_character(notebook):
    exercise_cell(notebook, "center")["source"] += "\n# \ud800"


UNREADABLE = {
    "nothing": b"",
    "blanks": b" \n\t" * 1000,
    "zeros": bytes(10_000),
    "noise": np.random.default_rng(0).bytes(100_000),
    "half of it": GOOD[: len(GOOD) // 2],
    "one byte short": GOOD[:-1],
    "a script": b"import numpy as np\n\ndef center(X):\n    return X\n",
    "a page": b"<!doctype html><html><body>08-pca</body></html>",
    "a zip": packed(),
    "gzipped": gzip.compress(GOOD),
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(1000),
    "a pickle": b"\x80\x04\x95" + bytes(100),
    "json of something else": b'{"a": [1, 2, 3]}',
    "a list": b"[]",
    "a number": b"1e400",
    "a long number": b'{"cells": ' + b"9" * 5_000_000 + b"}",
    "a deep list": b"[" * 1_000_000,
    "a deep dict": b'{"a":' * 1_000_000,
    "deep and closed": b"[" * 100_000 + b"]" * 100_000,
    "too large": b'{"cells": ["' + b"x" * (21 * 2**20) + b'"]}',
    "millions of parts": b'{"cells": [' + b"[]," * 3_000_000 + b"[]]}",
    "too many cells": changed(lambda nb: nb.update(cells=nb["cells"] * 50)),
    "cells that are a dict": changed(lambda nb: nb.update(cells={"a": 1})),
    "no cells": changed(lambda nb: nb.pop("cells")),
    "not closed inside": deep(100_000),
    "R's kernel": changed(
        lambda nb: nb["metadata"].update(kernelspec={"name": "ir", "language": "R"}, language_info={"name": "R"})
    ),
}


def blank_lines(notebook):
    notebook["cells"] += [{"cell_type": "code", "source": "\n" * 20_000 + "x = 1", "metadata": {}, "outputs": []}] * 50


def long_cells(notebook):
    long = "y = 1 % 2\n" * 9_000
    notebook["cells"] += [{"cell_type": "code", "source": long, "metadata": {}, "outputs": []}] * 50


SAME = {
    "as it is": GOOD,
    "with a byte order mark": codecs.BOM_UTF8 + GOOD,
    "in UTF-16": GOOD.decode().encode("utf-16"),
    "in UTF-32": GOOD.decode().encode("utf-32"),
    "by lines": changed(sources(lambda text: "".join(text).splitlines(keepends=True))),
    "with Windows line ends": changed(sources(lambda text: "".join(text).replace("\n", "\r\n"))),
    "format 3": older(3),
    "no format": changed(lambda nb: nb.pop("nbformat")),
    "format 99": changed(lambda nb: nb.update(nbformat=99)),
    "format in words": changed(lambda nb: nb.update(nbformat="vier", nbformat_minor=None)),
    "no metadata": changed(lambda nb: nb.pop("metadata")),
    "metadata is a list": changed(lambda nb: nb.update(metadata=[])),
    "odd metadata": changed(lambda nb: nb["metadata"].update(mmlearn_edu={"exercises": [1], "chapter": 7})),
    "odd versions": changed(lambda nb: nb["metadata"]["mmlearn_edu"].update(exercises={"pca.center": "one"})),
    "numbers as cell metadata": changed(everywhere(7)),
    "nothing as cell metadata": changed(everywhere(None)),
    "cells that are none": changed(lambda nb: nb["cells"].extend([None, 7, "x", [], {}, {"cell_type": "code"}])),
    "many cells": changed(many_cells),
    "cells of blank lines": changed(blank_lines),
    "long cells": changed(long_cells),
    "8 MB of output": changed(huge_output),
    "half a character": changed(half_character),
    "half a character, written out": changed(half_character).replace(b"\\ud800", b"\xed\xa0\x80"),
    "no python in the kernel": changed(lambda nb: nb["metadata"].update(kernelspec={"name": "my-env"})),
}


@pytest.fixture(scope="module")
def place(judged):
    return judged.place("08-pca", BEST)


@pytest.mark.parametrize("kind", UNREADABLE)
def test_says_in_words_why_a_file_cannot_be_read(place, kind):
    row = place.grade(UNREADABLE[kind], "unreadable")
    assert_sound(row)
    assert row["status"] == "unreadable"
    assert len(row["message"]) > 20
    assert row["message"] in row["look"]
    assert row["score"] == 0


@pytest.mark.parametrize("kind", SAME)
def test_an_odd_file_gets_the_same_marks(place, kind):
    row = place.grade(SAME[kind], "odd")
    assert_sound(row)
    assert row["status"] == "graded"
    assert marks_of(row) == pytest.approx(honest("08-pca")["marks"], abs=1e-5)


def test_an_older_version_of_an_exercise_is_refused_in_words_and_costs_no_other(place):
    row = place.grade(changed(lambda nb: nb["metadata"]["mmlearn_edu"]["exercises"].update({"pca.center": 7})))
    assert row["exercises"][0]["status"] == "refused"
    assert marks_of(row) == pytest.approx({**honest("08-pca")["marks"], "center": 0.0}, abs=1e-5)


def test_the_same_seed_gives_the_same_marks_in_a_fresh_process(judged):
    first = judged.place("08-pca", BEST).grade(GOOD)
    other = judged.place("08-pca", BEST, call=1.25).grade(GOOD)
    assert verdicts(first) == verdicts(other)
