"""Bytes that learners handed in: read where there is a notebook in them, refused in words where there is none."""

import copy
import json
import pickle
import random
import tracemalloc
from contextlib import nullcontext
from pathlib import Path

import nbformat
import pytest

from mmlearn_edu.grading import decoding, submission
from mmlearn_edu.grading.submission import Cell, UnreadableError, read_submission

NOTEBOOK = json.loads((Path(__file__).parents[2] / "notebooks" / "08-pca.ipynb").read_text(encoding="utf-8"))


def read(tree, origin="alice/08-pca.ipynb", **options):
    data = tree if isinstance(tree, bytes) else json.dumps(tree).encode()
    return read_submission(data, "alice", "Alice", origin, **options)


def notebook(*sources, **metadata):
    """A small notebook of chapter 08-pca."""
    cells = [{"cell_type": "code", "id": f"c{n}", "metadata": {}, "source": text} for n, text in enumerate(sources)]
    facts = {"mmlearn_edu": {"chapter": "08-pca", "exercises": {"pca.center": 1}}}
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": facts | metadata, "cells": cells}


def test_the_hand_out_itself():
    found = read(NOTEBOOK)
    code = [cell for cell in NOTEBOOK["cells"] if cell["cell_type"] == "code"]
    assert [cell.id for cell in found.cells] == [cell["id"] for cell in code]
    assert [cell.source for cell in found.cells] == ["".join(cell["source"]) for cell in code]
    assert {cell.id: cell.exercise for cell in found.cells if cell.exercise}["ex-center"] == "pca.center"
    assert found.chapter == "08-pca"
    assert found.versions == NOTEBOOK["metadata"]["mmlearn_edu"]["exercises"]
    assert (found.kernel, found.language, found.notes) == ("python3", "python", ())
    assert (found.name, found.student, found.origin) == ("alice", "Alice", "alice/08-pca.ipynb")
    assert len(found.sha256) == 64
    assert pickle.loads(pickle.dumps(found)) == found  # batches send it to their workers


def test_a_source_is_a_list_or_a_text_with_any_line_ends():
    found = read(notebook("a = 1\r\nb = 2\rc = 3", ["a = 1\n", "b = 2\n", "c = 3"], [], ""))
    assert [cell.source for cell in found.cells] == ["a = 1\nb = 2\nc = 3"] * 2 + ["", ""]


def test_markdown_and_raw_cells_and_outputs_are_left_out():
    tree = notebook("x = 1")
    tree["cells"][0]["outputs"] = [{"output_type": "stream", "text": "y" * 10**6}]
    tree["cells"] += [{"cell_type": kind, "source": "no code"} for kind in ("markdown", "raw", "heading", None, 3)]
    assert read(tree).cells == (Cell("c0", "x = 1"),)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_every_unicode_file(encoding):
    assert read(json.dumps(notebook("名 = 'é'"), ensure_ascii=False).encode(encoding)).cells[0].source == "名 = 'é'"


@pytest.mark.parametrize(
    ("encoding", "source"),
    [("latin-1", "x = 1  # déjà été"), ("latin-1", "x = 1  # élève"), ("gb2312", "x = 1  # 减去均值")],
)
def test_old_encodings_are_read_with_a_note(encoding, source):
    found = read(json.dumps(notebook(source), ensure_ascii=False).encode(encoding))
    assert found.cells[0].source == source
    assert encoding.upper() in found.notes[0].upper()


def test_half_characters_and_zeros_are_replaced():
    found = read(b'{"nbformat": 4, "cells": [{"cell_type": "code", "id": "x", "source": "a\\ud800b\\u0000c"}]}')
    assert found.cells[0].source == "a\ufffdb\ufffdc"
    assert any("x has characters that are no text" in note for note in found.notes)
    found.cells[0].source.encode()


@pytest.mark.parametrize("version", [2, 3])
def test_old_formats_as_nbformat_converts_them(version):
    new = nbformat.from_dict(notebook("a = 1\nb = 2", "c = 3") | {"metadata": {}})
    for cell in new.cells:
        cell.update(execution_count=None, outputs=[])
    old = nbformat.convert(new, 3)
    text = nbformat.v3.writes_json(old) if version == 3 else json.dumps(_as_v2(old))
    found = read(text.encode())
    assert [cell.source for cell in found.cells] == ["a = 1\nb = 2", "c = 3"]
    assert [cell.id for cell in found.cells] == ["cell 1", "cell 2"]
    assert any(f"format {version}" in note for note in found.notes)


def _as_v2(tree):
    return dict(tree) | {"nbformat": 2, "metadata": {"name": "old"}}


def test_a_newer_format_with_the_same_cells():
    found = read(notebook("x = 1") | {"nbformat": 5})
    assert [cell.source for cell in found.cells] == ["x = 1"]
    assert "format 5" in found.notes[0]


def test_stripped_metadata():
    tree = notebook("x = 1") | {"metadata": {}}
    del tree["cells"][0]["metadata"], tree["cells"][0]["id"]
    found = read(tree, chapter="08-pca")
    assert found.cells == (Cell("cell 1", "x = 1"),)
    assert (found.chapter, found.versions) == ("", {})
    assert "which chapter" in found.notes[0]


def test_twin_ids_keep_both_cells_in_order():
    tree = notebook("first", "second")
    tree["cells"][1]["id"] = "c0"
    found = read(tree)
    assert found.cells == (Cell("c0", "first"), Cell("cell 2", "second"))
    assert "c0" in found.notes[0]


@pytest.mark.parametrize("odd", ["cell 7", "x" * 65, "<b>", "", 3, None, ["a"], "\ud800"])
def test_an_id_that_no_notebook_may_have_is_a_number(odd):
    tree = notebook("x = 1")
    tree["cells"][0]["id"] = odd
    assert read(tree).cells == (Cell("cell 1", "x = 1"),)


@pytest.mark.parametrize("wrong", [None, 3, "text", True, [1], [None, "x"], {"a": 1}, 1.5])
def test_wrong_types_in_every_place(wrong):
    for path in _paths(notebook("x = 1")):
        tree = notebook("x = 1")
        here = tree
        for step in path[:-1]:
            here = here[step]
        here[path[-1]] = wrong
        if path == ("cells",):
            wrong_cells = pytest.raises(UnreadableError) if not isinstance(wrong, list) else nullcontext()
            with wrong_cells:
                read(tree)
        else:
            assert all(isinstance(cell.source, str) for cell in read(tree).cells)


def _paths(tree, before=()):
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in items:
        yield (*before, key)
        yield from _paths(value, (*before, key))


def test_a_missing_key_in_every_place():
    for path in _paths(notebook("x = 1")):
        tree = notebook("x = 1")
        here = tree
        for step in path[:-1]:
            here = here[step]
        del here[path[-1]]
        if path == ("cells",):
            with pytest.raises(UnreadableError, match="no cells"):
                read(tree)
        else:
            read(tree)


def test_versions_that_are_no_numbers_are_dropped():
    exercises = {"pca.center": 2, "pca.a": True, "pca.b": "1", "pca.c": -1, "pca.d": 10**30, "<b>": 1, "pca.e": 1.0}
    assert read(notebook(mmlearn_edu={"chapter": "08-pca", "exercises": exercises})).versions == {"pca.center": 2}
    many = {f"pca.e{n}": 1 for n in range(10_000)}
    assert len(read(notebook(mmlearn_edu={"exercises": many})).versions) == submission.MAX_VERSIONS


def test_another_chapter_is_refused_and_a_solution_is_noted():
    tree = notebook(mmlearn_edu={"chapter": "07-video", "kind": "solution"})
    with pytest.raises(UnreadableError, match="chapter 07-video, and 08-pca was asked for"):
        read(tree, chapter="08-pca")
    found = read(tree)
    assert found.chapter == "07-video"
    assert any("solution" in note for note in found.notes)


@pytest.mark.parametrize(
    "metadata",
    [
        {"kernelspec": {"name": "ir", "language": "R"}},
        {"kernelspec": {"name": "ir"}},
        {"kernelspec": {"name": "julia-1.9"}},
        {"language_info": {"name": "julia"}},
    ],
)
def test_another_language_is_refused(metadata):
    with pytest.raises(UnreadableError, match="Choose the kernel Python 3"):
        read(notebook("x <- 1", **metadata))


@pytest.mark.parametrize(
    "name", ["python3", "mmlearn", "conda-env-teaching-py", "ir2py", "rust-course-python", "", None, 3, "x" * 100]
)
def test_any_kernel_that_may_be_python(name):
    assert read(notebook("x = 1", kernelspec={"name": name})).language == "python"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b" \n\t ", "empty"),
        (b"\0" * 5000, "nothing but zeros"),
        (b"PK\x03\x04rest", "a zip"),
        (b"%PDF-1.7", "a PDF"),
        (b"<!DOCTYPE html><html>", "a web page"),
        (b"\xef\xbb\xbf<html>", "a web page"),
        (b"\x89PNG\r\n", "a picture"),
        (b"import numpy as np\n", "no notebook"),
        (b"[1, 2]", "no cells"),
        (b'"text"', "no cells"),
        (b"{}", "no cells"),
        (b'{"cells": {}}', "no cells"),
        (b'{\n"cells": [\n{"cell_type": "co', "damaged at line 3 of 3"),
        (b"<<<<<<< HEAD\n{}", "web page"),
        (b'{"cells": [' + b"[" * 100_000, "nested more deeply"),
        (b'{"a": ' * 50_000, "nested more deeply"),
        (b'{"cells": [], "a": ' + b"7" * 10**7 + b"}", "over 400 digits"),
        (b'{"cells": [], "a": 0.' + b"7" * 10**7 + b"}", "over 400 digits"),
        (b'{"cells": [' + b"[]," * 10**6 + b"[]]}", "million parts"),
        (b'{"cells": ["' + b"x" * decoding.MAX_BYTES + b'"]}', "20 MB are allowed"),
        (json.dumps({"cells": [{}] * 2001}).encode(), "2001 cells"),
        (b"\xff\xfe\x00", "no notebook"),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else "",
)
def test_what_is_no_notebook_is_said_in_words(data, words):
    with pytest.raises(UnreadableError, match=words):
        read(data)


@pytest.mark.parametrize(
    ("origin", "words"),
    [
        ("a.py", "script"),
        ("a.TXT", "text document"),
        ("a.html", "web page"),
        ("a.rar", "archive"),
        ("a", "no notebook"),
    ],
)
def test_another_kind_of_file_is_named(origin, words):
    with pytest.raises(UnreadableError, match=f"{words}.*Hand in the notebook itself"):
        read(b"no notebook", origin)


def test_a_long_cell_costs_that_cell_alone():
    found = read(notebook("x = 1", "y" * (submission.MAX_SOURCE + 1), "z = 1"))
    assert [cell.source for cell in found.cells] == ["x = 1", "z = 1"]
    assert "c1 has 200001 characters" in found.notes[0]


def test_damaged_cells_cost_themselves_alone_and_few_words():
    tree = notebook("x = 1")
    tree["cells"] += [{"cell_type": "code", "source": [1]}] * 1000 + [7]
    found = read(tree)
    assert [cell.source for cell in found.cells] == ["x = 1"]
    assert len(found.notes) == submission.MAX_NOTES


def test_no_code_is_a_note():
    assert "no code cell" in read(notebook()).notes[0]


def test_chinese_words(monkeypatch):
    monkeypatch.setenv("MMLEARN_LANG", "zh")
    with pytest.raises(UnreadableError, match="文件是空的"):
        read(b"")


def test_python_source_is_never_parsed(monkeypatch):
    """It may crash Python; so no compiler is asked here."""

    def refused(*_, **__):
        raise AssertionError("student code was compiled")

    monkeypatch.setattr("builtins.compile", refused)
    assert read(notebook("(" * 100_000)).cells[0].source == "(" * 100_000


# 1000 times bytes that are no JSON any more, 1500 times JSON of another shape
def test_mutated_bytes_never_raise_anything_else():
    draw = random.Random(0)
    small = _small()
    original = json.dumps(small, ensure_ascii=False, indent=1).encode()
    was_read = [_read_or_refuse(_mutated(bytearray(original), draw)) for _ in range(1000)]
    assert 50 < sum(was_read) < 950


def test_mutated_trees_never_raise_anything_else():
    draw = random.Random(1)
    was_read = []
    for _ in range(1500):
        tree = copy.deepcopy(_small())
        for _ in range(draw.randint(1, 4)):
            _mutate(tree, draw)
        was_read.append(_read_or_refuse(json.dumps(tree).encode(errors="replace")))
    assert 50 < sum(was_read) < 1450


def test_memory_stays_in_bounds():
    worst = b'{"cells": [], "x": [' + b'{"":0},' * 490_000 + b'{"a":"' + b"x" * (15 * 2**20) + b'"}]}'
    tracemalloc.start()
    assert _read_or_refuse(worst)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 12 * decoding.MAX_BYTES


def _small():
    return NOTEBOOK | {"cells": [cell for cell in NOTEBOOK["cells"] if cell["id"].startswith("ex-")][:3]}


def _read_or_refuse(data):
    try:
        found = read(data)
    except UnreadableError:
        return False
    assert all(cell.source.encode() is not None and cell.id for cell in found.cells)
    assert len({cell.id for cell in found.cells}) == len(found.cells)
    json.dumps([found.kernel, found.chapter, found.versions, found.notes], ensure_ascii=False).encode()
    return True


def _mutated(data, draw):
    for _ in range(draw.randint(1, 6)):
        place = draw.randrange(len(data))
        match draw.randrange(5):
            case 0:
                data[place] = draw.randrange(256)
            case 1:
                del data[place : place + draw.randint(1, 200)]
            case 2:
                data[place:place] = draw.randbytes(draw.randint(1, 20))
            case 3:
                data[place:place] = data[place : place + draw.randint(1, 500)]
            case 4:
                del data[max(place, 1) :]
        data = data or bytearray(b"{")
    return bytes(data)


_ODD = [
    None,
    True,
    -1,
    1e308,
    10**400,
    "",
    "\ud800",
    "\0",
    "x" * 10_000,
    [],
    {},
    [[]],
    {"": {}},
    "code",
    "../..",
    4,
    "id",
]


def _mutate(tree, draw):
    """Change one value, key or length somewhere in the tree."""
    here = tree
    while True:
        keys = list(here) if isinstance(here, dict) else list(range(len(here)))
        if not keys:
            return
        key = draw.choice(keys)
        if isinstance(here[key], dict | list) and draw.random() < 0.8:
            here = here[key]
            continue
        match draw.randrange(4):
            case 0:
                del here[key]
            case 1:
                here[key] = copy.deepcopy(draw.choice(_ODD))
            case 2 if isinstance(here, dict):
                here[str(draw.choice(_ODD))] = here[key]
            case _:
                here[key] = [here[key]] * draw.randint(0, 50)
        return
