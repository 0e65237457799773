"""Whatever a teacher downloads: every file gets a row, every row a student and a name that lasts."""

import io
import json
import os
import pickle
import random
import re
import stat
import struct
import zipfile

import pytest

from mmlearn_edu.grading import archives
from mmlearn_edu.grading import collect as collecting
from mmlearn_edu.grading.collect import collect
from mmlearn_edu.grading.submission import UnreadableError

NOTEBOOK = json.dumps({"nbformat": 4, "metadata": {"mmlearn_edu": {"chapter": "08-pca"}}, "cells": []}).encode()


def folder(root, files):
    """Write files, each given as its path, or as path: bytes."""
    for name, data in (files if isinstance(files, dict) else dict.fromkeys(files, NOTEBOOK)).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        os.utime(path, (1_800_000_000, 1_800_000_000))
    return root


def zipped(files, **options):
    """Return a zip's bytes."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", **options) as archive:
        for name, data in (files if isinstance(files, dict) else dict.fromkeys(files, NOTEBOOK)).items():
            archive.writestr(name, data)
    return body.getvalue()


def rows(*paths, chapter="08-pca", **options):
    return {one.name: one.student for one in collect(paths, chapter, **options)}


def problems(*paths):
    return {one.name: one.problem for one in collect(paths, "08-pca")}


MOODLE = [
    "Wang Fang_1234567_assignsubmission_file_/08-pca.ipynb",
    "王芳_1234568_assignsubmission_file_/08-pca.ipynb",
    "O'Brien Zoë_1234569_assignsubmission_file/answers/08_pca.ipynb",
    "Participant_77_assignsubmission_file_/answers.ipynb",
    "Participant_78_assignsubmission_file_/08-pca.ipynb",
    "Group A_12_assignsubmission_file_/08-pca.ipynb",
    "Default group_assignsubmission_file_/08-pca.ipynb",
    "Lee Ann_1234570_assignsubmission_file_08-pca.ipynb",
    "Kim Min_1234571_assignsubmission_onlinetext_/onlinetext.html",
]
MOODLE_ROWS = {
    "Wang-Fang_1234567": "Wang Fang",
    "王芳_1234568": "王芳",
    "O-Brien-Zoë_1234569": "O'Brien Zoë",
    "Participant_77_answers": "Participant (77)",
    "Participant_78": "Participant (78)",
    "Group-A_12": "Group A",
    "Default-group": "Default group",
    "Lee-Ann_1234570": "Lee Ann",
    "Kim-Min_1234571_onlinetext": "Kim Min",
}


def test_moodle(tmp_path):
    """With folders and without, in a folder and in the zip as it came."""
    root = folder(tmp_path / "CS101-PCA-4567", MOODLE)
    (tmp_path / "CS101-PCA-4567.zip").write_bytes(zipped(MOODLE))
    assert rows(root) == MOODLE_ROWS
    assert rows(tmp_path / "CS101-PCA-4567.zip") == MOODLE_ROWS
    both = rows(tmp_path)  # notebooks of one name go by their whole paths; typed text gets no second row
    assert len(both) == 2 * len(MOODLE) - 1
    assert set(both.values()) == set(MOODLE_ROWS.values())
    assert "typed into" in problems(root)["Kim-Min_1234571_onlinetext"]


CANVAS = {
    "doejane_12345_67890_08-pca.ipynb": ("doejane_12345", "doejane"),
    "doejohn_LATE_12346_67891_08-pca-2.ipynb": ("doejohn_12346", "doejohn"),
    "王芳_12347_67892_08-pca.ipynb": ("王芳_12347", "王芳"),
    "obrien_12348_67893_my work-1.ipynb": ("obrien_12348_my-work", "obrien"),
    "anon_a1B2c_67894_08-pca.ipynb": ("anon_a1B2c", "anon_a1B2c"),
    "LATE_anon_a1B2d_67895_08-pca.ipynb": ("anon_a1B2d", "anon_a1B2d"),
    "roe_12349_text.html": ("roe_12349_text", "roe"),
}


def test_canvas(tmp_path):
    (tmp_path / "submissions.zip").write_bytes(zipped([*CANVAS]))
    found = collect([folder(tmp_path / "unpacked", [*CANVAS])], "08-pca")
    assert {one.name: one.student for one in found} == dict(CANVAS.values())
    assert rows(tmp_path / "submissions.zip") == dict(CANVAS.values())
    late = {one.student for one in found if any("late" in note for note in one.notes)}
    assert late == {"doejohn", "anon_a1B2d"}


def test_dates_in_file_names_are_no_canvas(tmp_path):
    names = ["hw_2026_11_22", "2026_11_22", "Doe_2026_1122_work"]  # Canvas writes small letters
    assert rows(folder(tmp_path, [f"{name}.ipynb" for name in names])).keys() == {*names}


@pytest.mark.parametrize("wrapper", ["", "class/", "spring/class/"])
def test_a_folder_a_student(tmp_path, wrapper):
    files = ["alice/08-pca.ipynb", "bob/ps1/08-pca.ipynb", "张伟/作业.ipynb"]
    expected = {"alice": "alice", "bob": "bob", "张伟_作业": "张伟"}
    assert rows(folder(tmp_path / "here", [wrapper + name for name in files])) == expected
    (tmp_path / "class.zip").write_bytes(zipped([wrapper + name for name in files]))
    assert rows(tmp_path / "class.zip") == expected


def test_plain_files_are_named_after_their_students(tmp_path):
    files = ["alice.ipynb", "bob_08-pca.ipynb", "08-pca 张伟.ipynb", "Carl 08_PCA (2).ipynb", "08-pca-Dora.ipynb"]
    assert rows(folder(tmp_path, files)) == {
        "alice": "alice",
        "bob": "bob",
        "张伟": "张伟",
        "Carl_08_PCA-2": "Carl",
        "Dora": "Dora",
    }


def test_files_given_one_by_one(tmp_path):
    """As a shell writes ``*/08-pca.ipynb`` and ``*/*.ipynb``."""
    folder(tmp_path, ["alice/08-pca.ipynb", "bob/08-pca.ipynb", "a/work.ipynb", "b/work.ipynb", "x/carl.ipynb"])
    assert rows(*tmp_path.glob("*/08-pca.ipynb")) == {"alice": "alice", "bob": "bob"}
    assert rows(*tmp_path.glob("*/work.ipynb")) == {"a_work": "a", "b_work": "b"}
    assert rows(tmp_path / "x" / "carl.ipynb", tmp_path / "x" / "carl.ipynb") == {"carl": "carl"}
    assert rows(tmp_path / "x", tmp_path / "x" / "carl.ipynb") == {"carl": "carl"}


def test_a_students_own_zip(tmp_path):
    inner = zipped(["homework/08-pca.ipynb"])
    files = {"alice.zip": inner, "bob_08-pca.zip": zipped(["08-pca.ipynb"])}
    assert rows(folder(tmp_path / "a", files)) == {"alice": "alice", "bob": "bob"}
    files = {f"{who}_12_assignsubmission_file_/hw.zip": inner for who in ("Wang Fang", "Li Na")}
    assert rows(folder(tmp_path / "b", files)) == {"Wang-Fang_12": "Wang Fang", "Li-Na_12": "Li Na"}
    (tmp_path / "class.zip").write_bytes(zipped(files))
    assert rows(tmp_path / "class.zip") == {"Wang-Fang_12": "Wang Fang", "Li-Na_12": "Li Na"}
    (tmp_path / "class2.zip").write_bytes(zipped({"alice.zip": inner, "bob.zip": inner}))
    found = collect([tmp_path / "class2.zip"], "08-pca")
    assert {one.name: one.student for one in found} == {"alice": "alice", "bob": "bob"}
    assert found[0].origin.endswith("class2.zip!alice.zip!homework/08-pca.ipynb")
    assert found[0].read() == NOTEBOOK


def test_several_notebooks_of_one_student(tmp_path):
    root = folder(tmp_path, ["alice/08-pca.ipynb", "alice/08-pca-Copy1.ipynb", "bob/08-pca.ipynb"])
    os.utime(root / "alice" / "08-pca-Copy1.ipynb", (1_800_000_100, 1_800_000_100))
    found = {one.name: one.notes for one in collect([root], "08-pca")}
    assert found.keys() == {"alice", "alice_08-pca-Copy1", "bob"}
    assert "newest of 2" in found["alice_08-pca-Copy1"][0]
    assert "alice/08-pca-Copy1.ipynb" in found["alice"][0]
    assert found["bob"] == ()


def test_a_flood_of_notebooks_of_one_student(tmp_path):
    folder(tmp_path, {"alice/hw.zip": zipped([f"{n}.ipynb" for n in range(150)]), "bob/08-pca.ipynb": NOTEBOOK})
    found = collect([tmp_path], "08-pca")
    assert len(found) == collecting.MAX_NOTEBOOKS + 2
    assert [one.problem for one in found if one.problem] == [
        "This student handed in 150 notebooks; the newest 20 are graded, and this row stands for the others."
    ]


def test_files_beside_the_notebook_are_named_in_its_row(tmp_path):
    folder(tmp_path, ["alice/08-pca.ipynb", "alice/data.csv", "alice/plot.png", "bob/08-pca.py", "bob/plan.txt"])
    alice, bob = collect([tmp_path], "08-pca")
    assert "data.csv, plot.png" in alice.notes[0]
    assert (alice.problem, bob.name) == ("", "bob")
    assert "script" in bob.problem
    assert "plan.txt" in bob.notes[0]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a.py", "script"),
        ("a.txt", "text document"),
        ("a.html", "web page"),
        ("a.rar", "archive"),
        ("a", "no notebook"),
    ],
)
def test_what_is_no_notebook(tmp_path, name, words):
    (one,) = collect([folder(tmp_path, [name])], "08-pca")
    assert words in one.problem
    with pytest.raises(UnreadableError, match=words):
        one.submission()


def test_one_student_with_files_beside_the_notebook(tmp_path):
    folder(tmp_path, ["alice/08-pca.ipynb", "alice/data.csv"])
    assert rows(tmp_path) == rows(tmp_path / "alice") == {"alice": "alice"}
    folder(tmp_path, ["read me.txt", "class/a.ipynb", "class/b.ipynb"])
    (tmp_path / "alice").rename(tmp_path / "class" / "c")
    assert rows(tmp_path / "class") == {"a": "a", "b": "b", "c": "c"}


def test_what_systems_leave_behind_is_left_out(tmp_path):
    clutter = [".ipynb_checkpoints/08-pca-checkpoint.ipynb", "__MACOSX/._08-pca.ipynb", "._08-pca.ipynb", ".DS_Store"]
    files = ["08-pca.ipynb", "Thumbs.db", "desktop.ini", ".git/config", *clutter]
    assert rows(folder(tmp_path / "a", [f"alice/{name}" for name in files])) == {"alice": "alice"}
    (tmp_path / "a.zip").write_bytes(zipped([f"alice/{name}" for name in files] + clutter))
    assert len(rows(tmp_path / "a.zip")) == 1
    assert len(rows(folder(tmp_path / "b", [".ipynb"]))) == 1


def test_results_in_the_same_folder_are_left_out(tmp_path):
    folder(tmp_path, ["alice/08-pca.ipynb", "bob/08-pca.ipynb", "results/alice.json", "results/grades.csv"])
    assert rows(tmp_path, leave_out=[tmp_path / "results"]) == {"alice": "alice", "bob": "bob"}


def test_endings_that_browsers_and_editors_add(tmp_path):
    root = folder(tmp_path, ["a/08-pca.ipynb.txt", "b/08-pca.IPYNB", "c/08-pca.ipynb.json"])
    assert [one.problem for one in collect([root], "08-pca")] == ["", "", ""]
    assert rows(root) == {"a": "a", "b": "b", "c": "c"}


def test_two_of_one_name_are_told_apart_by_their_paths(tmp_path):
    folder(tmp_path, ["A/alice.ipynb", "B/alice.ipynb", "A/bob.ipynb"])
    assert rows(tmp_path / "A", tmp_path / "B") == {"A_alice": "alice", "B_alice": "alice", "bob": "bob"}
    folder(tmp_path, ["x/A/carl.ipynb", "y/A/carl.ipynb"])
    first = rows(tmp_path / "x" / "A", tmp_path / "y" / "A")
    assert len(first) == 2
    assert all(name.startswith("A_carl-") for name in first)
    assert rows(tmp_path / "y" / "A", tmp_path / "x" / "A") == first


def test_names_stay_whatever_is_added(tmp_path):
    root = folder(tmp_path / "class", [*MOODLE, "zoe/08-pca.ipynb", "adam/08-pca.ipynb", "adam/extra.ipynb"])
    before = {one.origin: one.name for one in collect([root], "08-pca")}
    assert {one.origin: one.name for one in collect([root], "08-pca")} == before
    folder(
        root,
        ["aaa/08-pca.ipynb", "adam/aaa.ipynb", "adam/zzz.ipynb", "Wang Fang_99_assignsubmission_file_/08-pca.ipynb"],
    )
    after = {one.origin: one.name for one in collect([root], "08-pca")}
    assert {origin: after[origin] for origin in before} == before
    assert len(set(after.values())) == len(before) + 4


def test_case_does_not_tell_names_apart(tmp_path):
    (tmp_path / "a.zip").write_bytes(zipped(["Alice/08-pca.ipynb", "alice/08-pca.ipynb", "bob/08-pca.ipynb"]))
    names = [*rows(tmp_path / "a.zip")]
    assert len({name.casefold() for name in names}) == 3


ODD = [
    "../../etc/passwd.ipynb",
    "/abs.ipynb",
    "C:\\x\\y.ipynb",
    "con.ipynb",
    "-rf.ipynb",
    "...ipynb",
    "\u202exyz.ipynb",
]
ODD += ["a\nb.ipynb", "😀.ipynb", "x" * 250 + ".ipynb", "😀😀.ipynb", "!?.ipynb", "?!.ipynb", "Ж.ipynb", "<b>.ipynb"]


def test_names_are_safe_whatever_the_file_is_called(tmp_path):
    (tmp_path / "a.zip").write_bytes(zipped(ODD))
    found = collect([tmp_path / "a.zip"], "08-pca")
    assert len(found) == len(ODD)
    for one in found:
        assert one.name == one.name.strip("-. ")
        assert all(letter.isalnum() or letter in "-_." for letter in one.name)
        assert 0 < len(one.name.encode()) < 200
        assert one.name.split(".")[0].lower() not in ("con", "nul", "aux", "prn")
        assert "\n" not in one.student + one.origin
        assert "\u202e" not in one.student + one.origin
        assert one.read() == NOTEBOOK


def test_what_a_name_loses_is_kept_apart_by_a_hash(tmp_path):
    (tmp_path / "one.zip").write_bytes(zipped(["a😀.ipynb", "c/x.ipynb"]))
    (tmp_path / "two.zip").write_bytes(zipped(["a😀.ipynb", "a🚀.ipynb", "a.ipynb"]))
    names = [*rows(tmp_path / "two.zip")]
    assert names[0] == "a"
    assert all(re.fullmatch("a-[0-9a-f]{6}", name) for name in names[1:])
    assert set(names) >= {name for name in rows(tmp_path / "one.zip") if name.startswith("a")}


def test_a_name_that_is_no_text(tmp_path):
    try:
        folder(tmp_path, [os.fsdecode(b"al\xffce.ipynb")])
    except OSError:
        pytest.skip("this file system takes only text")
    (one,) = collect([tmp_path], "08-pca")
    assert one.read() == NOTEBOOK
    json.dumps([one.name, one.student, one.origin], ensure_ascii=False).encode()


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_chinese_names_in_zips_of_old_programs(tmp_path, encoding):
    """They do not say in which encoding they write."""
    (tmp_path / "a.zip").write_bytes(
        zipped(["AAAA/08-pca.ipynb", "x/08-pca.ipynb"]).replace(b"AAAA", "王芳".encode("gb18030"))
    )
    if encoding == "utf-8":
        (tmp_path / "a.zip").write_bytes(
            zipped(["AAAAAA/08-pca.ipynb", "x/08-pca.ipynb"]).replace(b"AAAAAA", "王芳".encode())
        )
    assert rows(tmp_path / "a.zip") == {"王芳": "王芳", "x": "x"}


def test_zips_of_windows(tmp_path):
    (tmp_path / "a.zip").write_bytes(zipped(["class\\alice\\08-pca.ipynb", "class\\bob\\08-pca.ipynb"]))
    assert rows(tmp_path / "a.zip") == {"alice": "alice", "bob": "bob"}


def test_no_more_is_read_than_is_allowed():
    class Endless(io.RawIOBase):
        def read(self, size=-1):
            assert 0 < size <= archives.MAX_BYTES + 1
            return b"x" * size

    with pytest.raises(UnreadableError, match="MB"):
        archives._read_bounded(Endless())


def test_read_can_be_pickled_and_reads_late(tmp_path):
    root = folder(tmp_path, {"a/08-pca.ipynb": NOTEBOOK, "b/hw.zip": zipped(["08-pca.ipynb"])})
    found = pickle.loads(pickle.dumps(collect([root], "08-pca")))
    assert [one.read() for one in found] == [NOTEBOOK] * 2
    assert [one.submission("08-pca").chapter for one in found] == ["08-pca"] * 2
    (root / "a" / "08-pca.ipynb").unlink()
    (root / "b" / "hw.zip").write_bytes(b"gone")
    for one in found:
        with pytest.raises(UnreadableError, match=r"cannot be read|damaged"):
            one.read()


def test_notes_of_the_file_come_before_those_on_its_contents(tmp_path):
    found = collect([folder(tmp_path, ["doe_LATE_12345_67890_08-pca.ipynb"])], "08-pca")
    assert found[0].submission().notes == ("The learning platform marked it as late.", "The notebook has no code cell.")


def test_a_path_that_does_not_exist(tmp_path):
    with pytest.raises(FileNotFoundError, match="no file or folder"):
        collect([tmp_path / "typo"], "08-pca")
    assert collect([tmp_path], "08-pca") == []
    assert collect([], "08-pca") == []


def test_links_pipes_and_locked_files(tmp_path):
    root = folder(tmp_path / "a", ["secret/exam.ipynb", "class/bob/08-pca.ipynb"]) / "class"
    (root / "alice.ipynb").symlink_to(tmp_path / "a" / "secret" / "exam.ipynb")
    (root / "others.ipynb").symlink_to(root)
    (root / "lost.ipynb").symlink_to(root / "nowhere")
    os.mkfifo(root / "pipe.ipynb")
    found = problems(root)
    assert found.pop("bob") == ""
    assert {"alice", "others", "lost", "pipe"} == found.keys()
    assert all("link" in found[name] for name in ("alice", "others", "lost"))
    assert "neither a file nor a folder" in found["pipe"]
    if os.geteuid():
        (root / "bob" / "08-pca.ipynb").chmod(0)
        bob = next(one for one in collect([root], "08-pca") if one.name == "bob")
        with pytest.raises(UnreadableError, match="cannot be read"):
            bob.read()


def test_a_pipe_is_not_waited_for(tmp_path):
    folder(tmp_path, ["a/08-pca.ipynb"])
    (one,) = collect([tmp_path], "08-pca")
    (tmp_path / "a" / "08-pca.ipynb").unlink()
    os.mkfifo(tmp_path / "a" / "08-pca.ipynb")
    with pytest.raises(UnreadableError, match="neither a file"):
        one.read()


def test_too_large(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "MAX_BYTES", 1000)
    big = b"x" * 1001
    root = folder(
        tmp_path, {"a/08-pca.ipynb": big, "b/hw.zip": zipped({"08-pca.ipynb": big}), "c/08-pca.ipynb": NOTEBOOK}
    )
    found = collect([root], "08-pca")
    assert ["MB" in one.problem for one in found] == [True, True, False]
    for one in found[:2]:
        with pytest.raises(UnreadableError, match="MB"):
            one.read()
    (root / "c" / "08-pca.ipynb").write_bytes(big)  # it grew in the meantime
    with pytest.raises(UnreadableError, match="MB"):
        found[2].read()


def in_class(tmp_path, hostile):
    """One hostile zip among others: those keep their rows."""
    root = folder(tmp_path, {"alice/hw.zip": hostile, "bob/hw.zip": zipped(["08-pca.ipynb"])})
    alice, bob = collect([root], "08-pca")
    assert (alice.student, bob.student) == ("alice", "bob")
    assert bob.read() == NOTEBOOK
    return alice


def test_a_bomb(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "MAX_GROWN", 50 * 2**20)
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for n in range(3):
            archive.writestr(f"{n}.ipynb", bytes(20 * 2**20))
    assert len(body.getvalue()) < 2**20
    assert "would grow to 60 MB" in in_class(tmp_path, body.getvalue()).problem


def test_a_member_that_lies_about_its_size(tmp_path):
    data = zipped({"08-pca.ipynb": bytes(30 * 2**20)}, compression=zipfile.ZIP_DEFLATED)
    lying = data.replace(struct.pack("<I", 30 * 2**20), struct.pack("<I", 1000))
    with pytest.raises(UnreadableError, match="damaged"):
        in_class(tmp_path, lying).read()


def test_a_hundred_thousand_members(tmp_path):
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        for n in range(25_000):
            archive.writestr(zipfile.ZipInfo(f"{n}"), b"")
    assert "25000 files" in in_class(tmp_path / "a", body.getvalue()).problem
    record = body.getvalue()[-22:]
    many = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 65535, 65535, 9 * 2**20, 100, 0)
    assert len(record) == len(many)
    assert "20000 are allowed" in in_class(tmp_path / "b", bytes(9 * 2**20 + 100) + many).problem


def test_an_encrypted_member(tmp_path):
    data = bytearray(zipped(["08-pca.ipynb"]))
    data[6] |= 1
    data[data.index(b"PK\1\2") + 8] |= 1
    assert "password" in in_class(tmp_path, bytes(data)).problem


def test_a_link_in_a_zip(tmp_path):
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        link = zipfile.ZipInfo("08-pca.ipynb")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    assert "link" in in_class(tmp_path, body.getvalue()).problem


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_other_methods(tmp_path, method):
    assert "Zip it anew" in in_class(tmp_path, zipped(["08-pca.ipynb"], compression=method)).problem


def test_zips_in_zips(tmp_path):
    deep = zipped({"b.zip": zipped({"c.zip": zipped(["08-pca.ipynb"])})})
    assert "zip in a zip in a zip" in in_class(tmp_path / "x", deep).problem
    broken = in_class(tmp_path / "y", zipped({"b.zip": b"no zip"}))
    assert "zip is damaged" in broken.problem
    many = in_class(tmp_path / "z", zipped({"b.zip": zipped([f"{n}" for n in range(201)])}))
    assert "201 files" in many.problem


@pytest.mark.parametrize(
    "data",
    [b"", b"no zip", zipped(["08-pca.ipynb"])[:60], b"PK\5\6" + bytes(18)],
    ids=["empty", "no zip", "cut short", "an end alone"],  # the bytes hold the time: no two workers would agree
)
def test_a_corrupt_zip(tmp_path, data):
    assert in_class(tmp_path, data).problem.startswith(("The zip is damaged", "There is no notebook in it"))


def test_a_zip_whose_beginning_is_lost(tmp_path):
    with pytest.raises(UnreadableError, match="damaged"):
        in_class(tmp_path, zipped(["08-pca.ipynb"])[60:]).read()


def test_a_damaged_member(tmp_path):
    data = bytearray(zipped(["08-pca.ipynb"]))
    data[60] ^= 255  # within the contents
    with pytest.raises(UnreadableError, match="damaged"):
        in_class(tmp_path, bytes(data)).read()


def test_a_zip_without_anything(tmp_path):
    assert "no notebook in it" in in_class(tmp_path, zipped([])).problem
    assert "no notebook in it" in in_class(tmp_path / "b", zipped(["__MACOSX/x.ipynb"])).problem


def test_mutated_zips_never_raise_anything_else(tmp_path):
    draw = random.Random(0)
    original = zipped({"class/alice/08-pca.ipynb": NOTEBOOK, "class/bob.zip": zipped(["08-pca.ipynb"]), "x.csv": b"1"})
    path = tmp_path / "class.zip"
    outcomes = set()
    for _ in range(500):
        data = bytearray(original)
        for _ in range(draw.randint(1, 5)):
            if draw.random() < 0.2:
                start = draw.randrange(len(data))
                del data[start : start + draw.randint(1, 40)]
            else:
                data[draw.randrange(len(data))] = draw.choice([0, 1, 255, draw.randrange(256)])
        path.write_bytes(data)
        for one in collect([path], "08-pca"):
            outcomes.add(bool(one.problem))
            json.dumps([one.name, one.student, one.origin], ensure_ascii=False).encode()
            try:
                one.read()
            except UnreadableError:
                outcomes.add("unreadable")
    assert outcomes == {True, False, "unreadable"}


def test_many_files_beside_the_notebooks(tmp_path):
    files = [f"S{n}_{n + 1000}_assignsubmission_file_/08-pca.ipynb" for n in range(100)]
    files += [f"S{n}_{n + 1000}_assignsubmission_file_/plot{k}.png" for n in range(100) for k in range(20)]
    (tmp_path / "class.zip").write_bytes(zipped(files))
    assert len(collect([tmp_path / "class.zip"], "08-pca")) == 100
