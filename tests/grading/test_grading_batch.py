"""A class: every hand-in gets its row, whatever becomes of workers, folder and main process."""

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import pytest

from mmlearn_edu.checks import registry
from mmlearn_edu.grading import batch, handing_out, ledger, workers
from mmlearn_edu.grading.batch import BatchError, BatchStoppedError, grade_class
from mmlearn_edu.grading.collect import collect
from mmlearn_edu.grading.results import read_result
from tests.grading.conftest import CHAPTER, FakeGrader, FakeLimits, a_notebook

SEED = 5
NAMES = [f"student-{number:02}" for number in range(12)]


def marks(out):
    """Return the mark of every result; each file has to be whole."""
    return {path.stem: read_result(path)["score"] for path in out.glob("*.json") if path.name != "run.json"}


def run_json(out):
    return json.loads((out / "run.json").read_text())


@pytest.fixture
def out(tmp_path):
    return tmp_path / "results"


@pytest.fixture
def hand_ins(hand_in):
    return [hand_in(name) for name in NAMES]


# ------------------------------------------------------------------------------------------------------- the usual way


def test_every_file_gets_a_row_and_the_run_is_described(hand_ins, out, fake):
    outcome = grade_class(hand_ins, CHAPTER, out, seed=SEED, jobs=2, **fake)
    found = marks(out)
    assert sorted(found) == NAMES
    assert (outcome.rows, outcome.files, outcome.kept, outcome.whole) == (12, 12, 0, True)
    assert outcome.score == pytest.approx(sum(found.values()))
    facts = run_json(out)
    assert (facts["kind"], facts["seed"], facts["chapter"]) == ("mmlearn-edu grading run", SEED, CHAPTER)
    assert facts["started"].endswith("+00:00")
    assert (out / "grades.csv").exists()
    assert not [*out.glob(".*.part")]


def test_the_seed_decides_the_marks_and_nothing_else_does(hand_ins, tmp_path, fake):
    def graded(name, seed=SEED, jobs=1, order=1):
        grade_class(hand_ins[::order], CHAPTER, tmp_path / name, seed=seed, jobs=jobs, **fake)
        return marks(tmp_path / name)

    first = graded("one")
    assert graded("three jobs", jobs=3) == first
    assert graded("the other way round", jobs=2, order=-1) == first
    assert graded("another seed", seed=SEED + 1) != first


def test_a_seed_is_drawn_and_kept_in_every_result(hand_ins, tmp_path, fake):
    seeds = [grade_class(hand_ins[:2], CHAPTER, tmp_path / name, **fake).run.seed for name in "ab"]
    assert seeds[0] != seeds[1]
    assert run_json(tmp_path / "a")["seed"] == seeds[0]
    assert {read_result(tmp_path / "a" / f"{name}.json")["seed"] for name in NAMES[:2]} == {seeds[0]}


def test_a_slow_one_holds_up_nobody(hand_in, out, fake, diary):
    class_ = [hand_in("a", "late"), *(hand_in(name) for name in NAMES)]
    grade_class(class_, CHAPTER, out, jobs=2, **fake)
    slow = next(process for process, what in diary() if what == "grades a")
    assert [what for process, what in diary() if process == slow][1:] == ["grades a", "ends"]


def test_no_two_living_workers_have_one_slot(hand_in, hand_ins, out, fake, diary):
    """The user that a sandbox runs as is chosen by it: two of one user could end each other."""
    grade_class([hand_in("a", "late"), hand_in("b", "late"), *hand_ins], CHAPTER, out, jobs=3, **fake)
    assert sorted(what for _, what in diary() if what.startswith("begins")) == [f"begins in slot {n}" for n in range(3)]


def test_memory_holds_sums_only(hand_in, out, fake):
    """300 tiny hand-ins: what is told of them is counted, none of it is kept."""
    tiny = [hand_in(f"tiny-{number}") for number in range(300)]
    told = []
    outcome = grade_class(tiny, CHAPTER, out, jobs=2, on_progress=told.append, **fake)
    assert len(marks(out)) == outcome.rows == 300
    assert [step.done for step in told if step.row] == [*range(1, 301)]
    outcome.reports.clear()  # a name for every page
    assert all(len(value) < 5 for value in vars(outcome).values() if isinstance(value, (list, dict)))


def test_names_in_chinese_and_names_of_ours(hand_in, out, fake):
    grade_class([hand_in("王小明"), hand_in("run"), hand_in("run_"), hand_in("Run")], CHAPTER, out, **fake)
    assert sorted(marks(out)) == ["Run_", "run_", "run__", "王小明"]


def test_what_cannot_be_read_gets_a_row_too(hand_in, out, fake):
    def gone():
        raise FileNotFoundError(2, "No such file or directory")

    class_ = [
        hand_in("good"),
        hand_in("zip", problem="the archive is damaged"),
        replace(hand_in("gone"), read=gone),
        replace(hand_in("text"), read=lambda: b"not a notebook", notes=("handed in late",)),
    ]
    outcome = grade_class(class_, CHAPTER, out, **fake)
    rows = {name: read_result(out / f"{name}.json") for name in ("zip", "gone", "text")}
    assert outcome.statuses == {"graded": 1, "unreadable": 3}
    assert (outcome.look, outcome.whole) == (3, True)
    assert rows["zip"]["message"] == "the archive is damaged"
    assert "cannot be read: No such file or directory" in rows["gone"]["message"]
    assert rows["text"]["notes"] == ["handed in late"]
    assert (rows["gone"]["sha256"], len(rows["text"]["sha256"])) == ("", 64)


def test_two_hand_ins_with_one_name_are_our_mistake(hand_ins, out, fake):
    with pytest.raises(ValueError, match="names have to be unique"):
        grade_class([hand_ins[0], hand_ins[0]], CHAPTER, out, **fake)


# ------------------------------------------------------------------------------------------- what may befall a worker


@pytest.mark.parametrize("fate", ["crash", "kill", "bug"])
def test_a_worker_that_ends_is_replaced_and_its_hand_in_tried_once_more(hand_in, hand_ins, out, fake, diary, fate):
    outcome = grade_class([*hand_ins, hand_in("bad", f"once:{fate}")], CHAPTER, out, seed=SEED, jobs=2, **fake)
    assert outcome.statuses == {"graded": 13}
    assert [what for _, what in diary()].count("grades bad") == 2


@pytest.mark.parametrize("fate", ["crash", "kill", "bug", "hang", "unheard"])
def test_one_that_ends_its_worker_twice_is_given_up_and_nobody_else_suffers(
    hand_in, hand_ins, out, fake, diary, monkeypatch, fate
):
    monkeypatch.setattr(batch, "MARGIN", 0.3)
    monkeypatch.setattr(handing_out, "TICK", 0.1)
    fake["limits"] = FakeLimits(0.2)
    outcome = grade_class([hand_in("bad", fate), *hand_ins], CHAPTER, out, seed=SEED, jobs=2, **fake)
    row = read_result(out / "bad.json")
    how = {"bug": "ZeroDivisionError: a bug", "hang": "fell silent", "unheard": "fell silent"}.get(
        fate, "ended suddenly"
    )
    assert (row["status"], row["score"], how in row["message"]) == ("stopped", 0, True)
    assert "look at this hand-in yourself" in row["look"][0]
    assert (outcome.statuses, outcome.given_up, outcome.whole) == ({"graded": 12, "stopped": 1}, ["bad"], False)
    assert [what for _, what in diary()].count("grades bad") == 2
    assert_gone([process for process, _ in diary()])
    assert list_scratch() == []


def test_a_hand_in_without_even_a_row_is_named(hand_in, hand_ins, out, fake):
    class Worse(FakeGrader):
        def unreadable(self, hand_in, words):
            os._exit(9)

    fake["grader"] = Worse
    outcome = grade_class([hand_in("bad", "crash"), *hand_ins], CHAPTER, out, **fake)
    assert (outcome.without_row, outcome.rows, outcome.whole) == (["bad"], 12, False)
    assert "bad got no row" in outcome.notes[0]


def test_no_grader_on_this_machine_is_said_before_anything_is_graded(hand_ins, out, fake):
    with pytest.raises(BatchError, match="this machine has no such level"):
        grade_class(hand_ins, CHAPTER, out, isolation="none of ours", **fake)
    assert marks(out) == {}
    grade_class(hand_ins, CHAPTER, out, **fake)  # and the folder can be used again


def test_a_grader_that_is_broken_stops_the_run_soon(hand_in, out, fake, diary):
    with pytest.raises(BatchStoppedError, match=r"failed 6 times in a row .ZeroDivisionError: a bug of the grader"):
        grade_class([hand_in(name, "bug") for name in NAMES], CHAPTER, out, jobs=1, **fake)
    assert [what for _, what in diary() if what.startswith("grades")] == [f"grades {name}" for name in NAMES[:6]]


def test_workers_that_never_become_ready(hand_ins, out, fake):
    with pytest.raises(BatchStoppedError, match=r"no worker became ready \(the process .* ended suddenly"):
        grade_class(hand_ins, CHAPTER, out, isolation="stillborn", **fake)


# ------------------------------------------------------------------------------------------- what may befall the folder


def test_a_folder_with_results_is_refused_without_resume(hand_ins, out, fake):
    grade_class(hand_ins[:2], CHAPTER, out, seed=SEED, **fake)
    before = {path: path.read_bytes() for path in out.rglob("*.*") if path.is_file()}
    with pytest.raises(BatchError, match=f"holds a run of {CHAPTER} already.* add --resume"):
        grade_class(hand_ins, CHAPTER, out, seed=SEED, **fake)
    assert {path: path.read_bytes() for path in out.rglob("*.*") if path.is_file()} == before


@pytest.mark.parametrize("resume", [False, True])
def test_a_folder_with_other_things_is_refused(hand_ins, out, fake, resume):
    out.mkdir()
    (out / "essay.txt").write_text("mine")
    with pytest.raises(BatchError, match=r"holds other things \(essay.txt\); give --out a new"):
        grade_class(hand_ins, CHAPTER, out, resume=resume, **fake)
    assert (out / "essay.txt").read_text() == "mine"
    assert not (out / "run.json").exists()


@pytest.mark.parametrize("text", ["{", "[]", '{"kind": "other"}', "null", "[" * 100_000])
def test_a_run_json_of_somebody_else(hand_ins, out, fake, text):
    out.mkdir()
    (out / "run.json").write_text(text)
    with pytest.raises(BatchError, match=r"is no description of a run of ours"):
        grade_class(hand_ins, CHAPTER, out, resume=True, **fake)
    assert (out / "run.json").read_text() == text


def test_resume_without_a_run_begins_one(hand_ins, out, fake):
    outcome = grade_class(hand_ins[:2], CHAPTER, out, resume=True, **fake)
    assert "holds no run to go on with" in outcome.notes[0]
    assert outcome.rows == 2


def test_resume_keeps_what_is_whole_and_takes_chapter_and_seed_from_the_run(hand_ins, out, fake, diary):
    grade_class(hand_ins[:5], CHAPTER, out, seed=SEED, isolation="namespaces", **fake)
    outcome = grade_class(hand_ins, None, out, resume=True, **fake)
    assert (outcome.kept, outcome.rows, outcome.run.seed, outcome.run.chapter) == (5, 12, SEED, CHAPTER)
    assert {read_result(out / f"{name}.json")["isolation"]["level"] for name in NAMES} == {"namespaces"}
    assert sorted(what for _, what in diary() if what.startswith("grades")) == [f"grades {name}" for name in NAMES]
    assert grade_class(hand_ins, None, out, resume=True, **fake).score == pytest.approx(outcome.score)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"seed": 6}, "--seed 6 is not that of the run in .* which has 5"),
        ({"chapter": "08-pca"}, "--chapter 08-pca is not that of the run in .* which has 00-start-here"),
        ({"isolation": "processes"}, "--isolation processes is not that of the run"),
        ({"exercises": "mine"}, "are not those the run in .* began with"),
    ],
)
def test_resume_refuses_another_run(hand_ins, out, fake, tmp_path, monkeypatch, asked, words):
    monkeypatch.chdir(tmp_path)
    Path("mine").mkdir()
    grade_class(hand_ins[:2], CHAPTER, out, seed=SEED, **fake)
    with pytest.raises(BatchError, match=words):
        grade_class(hand_ins, **({"chapter": None} | asked), out=out, resume=True, **fake)


EXAM = '''
from mmlearn_edu.checks.authoring import chapter, exercise

CHAPTER = chapter("exam-1", "Midterm", minutes=20)

@exercise("exam.why", kind="choice", points=2, options={"a": "rows", "b": "columns"})
def why():
    """Along what?"""
    ### BEGIN SOLUTION
    #: answer = ...
    answer = "a"
    ### END SOLUTION
    return answer
'''


def test_exercises_of_a_teacher_are_remembered_and_must_not_change(hand_ins, out, fake, tmp_path):
    own = tmp_path / "own"
    (own / "source").mkdir(parents=True)
    (own / "source" / "exam.py").write_text("# %% slug='a'\n")
    (own / "exam.py").write_text(EXAM)
    grade_class(hand_ins[:2], "exam-1", out, exercises=own, **fake)
    assert registry.added_ids() == []
    assert grade_class(hand_ins[:4], None, out, resume=True, **fake).kept == 2
    assert grade_class(hand_ins[:4], None, out, resume=True, exercises=own, **fake).kept == 4
    (own / "exam.py").write_text(EXAM.replace("points=2", "points=3"))
    with pytest.raises(BatchError, match="marks of both would not be comparable"):
        grade_class(hand_ins, None, out, resume=True, **fake)


def test_a_file_that_changed_is_graded_again_and_that_is_said(hand_ins, hand_in, out, fake, diary):
    grade_class(hand_ins, CHAPTER, out, seed=SEED, **fake)
    before = marks(out)
    outcome = grade_class([hand_in(NAMES[0], "better = 1"), *hand_ins[1:]], None, out, resume=True, **fake)
    assert outcome.notes == [f"the file of {NAMES[0]} has changed since it was graded, and is graded again"]
    assert (outcome.kept, outcome.rows) == (11, 12)
    assert {name for name, mark in marks(out).items() if mark != before[name]} == {NAMES[0]}


def unreadable(tmp_path):
    """Return six hand-ins that cannot be graded, as collect() finds them."""
    class_ = tmp_path / "class"
    for name, data in {
        "ada/notes.txt": b"my answers",
        "bob/08-pca.ipynb": b"",
        "cleo/x.ipynb": b"not a notebook",
        "dan/x.zip": b"no zip",
        "eve/big.ipynb": b" " * (20 * 2**20 + 1),
    }.items():
        (class_ / name).parent.mkdir(parents=True, exist_ok=True)
        (class_ / name).write_bytes(data)
    (class_ / "fay").mkdir()
    (class_ / "fay" / "x.ipynb").symlink_to("/etc/hostname")
    return collect([class_], CHAPTER)


def test_what_cannot_be_read_is_done_while_the_same_file_lies_there(tmp_path, out, fake, diary):
    class_ = unreadable(tmp_path)
    assert grade_class(class_, CHAPTER, out, **fake).statuses == {"unreadable": 6}
    before = {path: path.read_bytes() for path in out.glob("*.json")}
    kept = grade_class(collect([tmp_path / "class"], CHAPTER), None, out, resume=True, **fake)
    assert (kept.kept, kept.rows, kept.notes) == (6, 6, [])
    assert {path: path.read_bytes() for path in out.glob("*.json")} == before
    hashes = {path.stem: read_result(path)["sha256"] for path in out.glob("*.json") if path.name != "run.json"}
    known = {name for name, digest in hashes.items() if digest}
    assert known == {"ada_notes", "bob_08-pca", "cleo_x"}, "what was not opened is known by what is wrong with it"


def test_an_unreadable_file_that_is_put_right_is_graded(tmp_path, out, fake):
    class_ = unreadable(tmp_path)
    grade_class(class_, CHAPTER, out, **fake)
    folder = tmp_path / "class"
    (folder / "ada" / "notes.txt").write_bytes(b"other answers")  # still none
    (folder / "cleo" / "x.ipynb").write_bytes(a_notebook("1"))
    (folder / "fay" / "x.ipynb").unlink()
    (folder / "fay" / "x.ipynb").write_bytes(a_notebook("1"))
    (folder / "eve" / "big.ipynb").write_bytes(a_notebook("1"))
    outcome = grade_class(collect([folder], CHAPTER), None, out, resume=True, **fake)
    assert (outcome.kept, outcome.statuses) == (2, {"unreadable": 3, "graded": 3})


def test_a_notebook_under_a_wrong_name_is_graded_once_it_has_a_right_one(tmp_path, out, fake):
    (tmp_path / "gus.txt").write_bytes(a_notebook("1"))
    assert grade_class(collect([tmp_path / "gus.txt"], CHAPTER), CHAPTER, out, **fake).statuses == {"unreadable": 1}
    (tmp_path / "gus.txt").rename(tmp_path / "gus.ipynb")
    outcome = grade_class(collect([tmp_path / "gus.ipynb"], CHAPTER), None, out, resume=True, **fake)
    assert outcome.statuses == {"graded": 1}
    assert outcome.notes == ["gus could not be read in the run before, and is looked at again"]


def test_what_raises_anything_while_it_is_read_gets_its_row(hand_in, out, fake):
    def torn():
        raise RuntimeError("an archive like no other")

    grade_class([hand_in("good"), hand_in("bad")], CHAPTER, out, **fake)
    outcome = grade_class([hand_in("good"), replace(hand_in("bad"), read=torn)], None, out, resume=True, **fake)
    assert (outcome.kept, outcome.statuses) == (1, {"graded": 1, "unreadable": 1})
    assert read_result(out / "bad.json")["message"].endswith("cannot be read: RuntimeError: an archive like no other")
    assert outcome.notes == ["the file of bad has changed since it was graded, and is graded again"]


def test_results_of_another_version_and_those_given_up_are_graded_again(hand_in, hand_ins, out, fake):
    bad = hand_in("bad", "crash")
    grade_class([bad, *hand_ins[:2]], CHAPTER, out, seed=SEED, **fake)
    old = out / f"{NAMES[0]}.json"
    old.write_text(json.dumps(json.loads(old.read_text()) | {"package": "0.0.1"}))
    fake["grader"] = Sound
    outcome = grade_class([bad, *hand_ins[:2]], None, out, resume=True, **fake)
    assert (outcome.kept, outcome.rows, outcome.whole) == (1, 3, True)
    assert [note.split(",")[0] for note in outcome.notes] == [
        "the grader gave up on bad in the run before",
        f"{NAMES[0]} was graded by version 0.0.1",
    ]


class Sound(FakeGrader):
    """One that no hand-in can end."""

    def grade(self, submission):
        return super().grade(replace(submission, cells=()))


@pytest.mark.parametrize("text", ["", "{", '{"mine": 1}', "[" * 100_000, "\udcff"])
def test_what_is_not_ours_is_left_alone_and_said(hand_ins, out, fake, text):
    grade_class(hand_ins[:2], CHAPTER, out, seed=SEED, **fake)
    for name in (NAMES[2], "somebody"):
        (out / f"{name}.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    (out / ".7.8.part").write_text("half")
    (out / "feedback" / ".7.8.part").write_text("half")
    outcome = grade_class(hand_ins, None, out, resume=True, **fake)
    assert (outcome.rows, outcome.without_row, outcome.whole) == (11, [NAMES[2]], False)
    for name in (NAMES[2], "somebody"):
        assert (out / f"{name}.json").read_bytes() == text.encode("utf-8", "surrogateescape")
    assert "is no result of ours and is left alone" in outcome.notes[0]
    assert outcome.notes[1].endswith("left alone: somebody.json")
    assert not [*out.rglob(".*.part")]


def test_a_result_of_another_run_is_left_alone(hand_ins, tmp_path, out, fake):
    grade_class(hand_ins[:1], CHAPTER, out, seed=SEED, **fake)
    grade_class(hand_ins[:2], CHAPTER, tmp_path / "other", seed=SEED + 1, **fake)
    (tmp_path / "other" / f"{NAMES[1]}.json").rename(out / f"{NAMES[1]}.json")
    outcome = grade_class(hand_ins, None, out, resume=True, **fake)
    assert outcome.without_row == [NAMES[1]]
    assert "is a result of another run (00-start-here, seed 6)" in outcome.notes[0]
    assert read_result(out / f"{NAMES[1]}.json")["seed"] == SEED + 1


def test_two_runs_into_one_folder(hand_ins, out, fake, monkeypatch):
    monkeypatch.setattr(ledger, "_PATIENCE", 0.1)
    with ledger.locked(out), pytest.raises(BatchError, match=r"another run is grading into .*; wait for its end"):
        grade_class(hand_ins, CHAPTER, out, **fake)
    grade_class(hand_ins, CHAPTER, out, **fake)


def test_a_folder_that_may_not_be_written(hand_ins, out, fake):
    grade_class(hand_ins[:1], CHAPTER, out.with_name("before"), **fake)  # whoever is nobody can import no more
    out.mkdir(mode=0o555)
    out.chmod(0o555)
    assert as_nobody(grade_class, hand_ins, CHAPTER, out, **fake) == "PermissionError"


def as_nobody(function, *arguments, **keywords):
    """Call in a fork that is no superuser; return the kind of what it raised."""
    read, write = os.pipe()
    if os.fork() == 0:
        try:
            if os.getuid() == 0:
                os.setgroups([])
                os.setresgid(65534, 65534, 65534)
                os.setresuid(65534, 65534, 65534)
            function(*arguments, **keywords)
        except Exception as error:
            os.write(write, type(error).__name__.encode())
        finally:
            os._exit(0)
    os.wait()
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        return pipe.read().decode()


def test_a_result_that_cannot_be_written_stops_the_run_and_keeps_the_rest(hand_ins, out, fake, monkeypatch):
    class Sealing(FakeGrader):
        def grade(self, submission):
            if submission.name == NAMES[6]:
                (out / f"{NAMES[6]}.json").mkdir()  # not even the superuser puts a file there
            return super().grade(submission)

    with pytest.raises(BatchStoppedError, match=r"Is a directory.*run the same command with --resume"):
        grade_class(hand_ins, CHAPTER, out, seed=SEED, jobs=1, **{**fake, "grader": Sealing})
    (out / f"{NAMES[6]}.json").rmdir()
    assert grade_class(hand_ins, None, out, resume=True, **fake).kept == 6
    assert sorted(marks(out)) == NAMES


@pytest.fixture
def small_disk(tmp_path):
    """Return a folder on a disk of 64 kB; skip by name where none can be made."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], capture_output=True, text=True
    )
    if mounted.returncode:
        pytest.skip(f"a full disk needs the right to mount a small one: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def test_a_full_disk(hand_ins, small_disk, fake):
    filler = small_disk / "filler"
    out = small_disk / "results"
    filler.write_bytes(b"x" * 32_000)
    with pytest.raises(BatchStoppedError, match="No space left on device; make room there"):
        grade_class(hand_ins, CHAPTER, out, seed=SEED, **fake)
    kept = len(marks(out))  # all of them whole
    filler.unlink()
    with contextlib.suppress(BatchStoppedError):
        grade_class(hand_ins, None, out, resume=True, **fake)
    assert len(marks(out)) > kept > 0


def test_wrong_numbers(hand_ins, out, fake):
    with pytest.raises(BatchError, match="seed is -1, and has to be a whole number from 0 up"):
        grade_class(hand_ins, CHAPTER, out, seed=-1, **fake)
    with pytest.raises(BatchError, match="jobs is 0, and has to be a whole number from 1 up"):
        grade_class(hand_ins, CHAPTER, out, jobs=0, **fake)
    with pytest.raises(BatchError, match="did you mean 08-pca"):
        grade_class(hand_ins, "08-pac", out, **fake)
    with pytest.raises(BatchError, match="nowhere"):
        grade_class(hand_ins, "08-pca", out, exercises="nowhere", **fake)
    assert not out.exists()
    with pytest.raises(BatchError, match="say which chapter"):
        grade_class(hand_ins, None, out, **fake)


def test_systems_that_cannot_fork_are_told_so(hand_ins, out, fake, monkeypatch):
    monkeypatch.setattr(batch, "can_fork", lambda: False)
    with pytest.raises(BatchError, match="use Linux, WSL on Windows"):
        grade_class(hand_ins, CHAPTER, out, **fake)


# ------------------------------------------------------------------------------------- what may befall the main process


@pytest.fixture(autouse=True)
def _own_temporary_files(tmp_path, monkeypatch):
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))


def list_scratch():
    return [*Path(tempfile.gettempdir()).iterdir()]


def test_what_sandboxes_wrote_is_removed_after_a_kill_too(hand_in, hand_ins, out, fake, diary):
    class_ = [hand_in("a", "litter"), *hand_ins]
    process = main_process(class_, CHAPTER, out, seed=SEED, jobs=2, **fake)
    until = time.monotonic() + 20
    while len(marks(out)) < len(NAMES) and time.monotonic() < until:
        time.sleep(0.02)
    assert [path.name for path in list_scratch()[0].rglob("*") if path.is_file()] == ["left"]
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    assert len(list_scratch()) == 1
    grade_class(hand_ins, None, out, resume=True, **fake)
    assert list_scratch() == []


def main_process(*arguments, **keywords):
    """Fork a process that grades, and return its number."""
    sys.stdout.flush()
    process = os.fork()
    if process == 0:
        code = 1
        try:
            os.setsid()
            signal.signal(signal.SIGINT, signal.default_int_handler)
            grade_class(*arguments, **keywords)
            code = 0
        except KeyboardInterrupt:
            code = 2
        finally:
            os._exit(code)
    return process


def of_session(session):
    """Return the living processes of a session."""
    living = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = path.read_text().rpartition(")")[2].split()
            if int(fields[3]) == session and fields[0] != "Z":
                living.append(int(path.parent.name))
    return living


def assert_gone(processes, within=10.0):
    until = time.monotonic() + within
    while time.monotonic() < until:
        if not any(Path(f"/proc/{process}").exists() for process in processes):
            return
        time.sleep(0.02)
    pytest.fail(f"still there: {[process for process in processes if Path(f'/proc/{process}').exists()]}")


def killed(number, moment, *arguments, **keywords):
    """Grade in a process of its own, kill it after `moment` seconds; return whether it was killed in time."""
    process = main_process(*arguments, **keywords)
    time.sleep(moment)
    os.kill(process, number)
    status = os.waitpid(process, 0)[1]
    until = time.monotonic() + 10
    while of_session(process) and time.monotonic() < until:
        time.sleep(0.01)
    assert of_session(process) == [], "a worker outlived the main process"
    return status != 0


@pytest.mark.parametrize("n_kills", [30, pytest.param(1000, marks=pytest.mark.slow)])
def test_kills_at_any_moment_lose_nothing_and_double_nothing(hand_ins, tmp_path, fake, diary, n_kills, monkeypatch):
    monkeypatch.setattr(FakeGrader, "pause", 0.01)
    monkeypatch.setattr(handing_out, "TICK", 0.02)
    began = time.monotonic()
    whole = main_process(hand_ins, CHAPTER, tmp_path / "whole", seed=SEED, jobs=2, **fake)
    assert os.waitpid(whole, 0)[1] == 0
    usual = time.monotonic() - began  # in a process like those that are killed: else none may ever come to its end
    expected = marks(tmp_path / "whole")
    rng, kills, outs = random.Random(0), 0, 0
    while kills < n_kills:
        out = tmp_path / f"killed-{outs}"
        outs += 1
        arguments = {"seed": SEED, "jobs": 2, "resume": True, **fake}
        while len(marks(out)) < len(NAMES) or not (out / "grades.csv").exists():
            kept = marks(out)
            noted = len(diary())
            if not killed(signal.SIGKILL, rng.uniform(0, usual), hand_ins, CHAPTER, out, **arguments):
                break
            kills += 1
            again = {what.removeprefix("grades ") for _, what in diary()[noted:]}
            assert not again & set(kept), "graded twice"
            assert kept.items() <= marks(out).items(), "lost"
        outcome = grade_class(hand_ins, CHAPTER, out, **arguments)
        assert outcome.whole
        assert marks(out) == expected
        assert not [*out.rglob(".*.part")]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGKILL])
def test_no_worker_outlives_the_main_process(hand_in, hand_ins, out, fake, diary, number, monkeypatch):
    monkeypatch.setattr(workers, "FAREWELL", 0.5)
    class_ = [hand_in("a", "hang"), hand_in("b", "unheard"), *hand_ins]
    process = main_process(class_, CHAPTER, out, seed=SEED, jobs=3, **fake)
    until = time.monotonic() + 20
    while len(marks(out)) < len(NAMES) and time.monotonic() < until:
        time.sleep(0.02)
    crew = {pid for pid, _ in diary()}
    assert len(crew) == 3
    os.kill(process, number)
    assert os.waitpid(process, 0)[1] != 0
    assert_gone(crew, within=20)
    assert sorted(marks(out)) == NAMES
