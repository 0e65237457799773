"""Exports for other graders: what is in them, the marks that their calls give, and what is never overwritten."""

import base64
import contextlib
import hashlib
import io
import json
import os
import sys
import types
import zipfile
from functools import partial
from pathlib import Path

import jsonschema
import nbformat
import numpy as np
import pytest

from mmlearn_edu._resources import resource
from mmlearn_edu.authoring import begin
from mmlearn_edu.checks import registry
from mmlearn_edu.checks.learner import verdict_of
from mmlearn_edu.grading import engine
from mmlearn_edu.grading.exports import TARGETS, ExportError, beside, export, item, marks
from mmlearn_edu.grading.exports.beside import judged, seed_of
from mmlearn_edu.grading.exports.wheel import wheel, wheel_name, zipped

CHAPTER = "08-pca"
# nbgrader 0.9.6, nbgraderformat/v3.json: the metadata of a cell
NBGRADER_CELL = {
    "type": "object",
    "properties": {
        "schema_version": {"type": "integer", "minimum": 3, "maximum": 3},
        "grade": {"type": "boolean"},
        "locked": {"type": "boolean"},
        "solution": {"type": "boolean"},
        "task": {"type": "boolean"},
        "grade_id": {"type": "string", "pattern": r"^[a-zA-Z0-9_\-]*$", "minLength": 1},
        "points": {"type": "number", "minimum": 0},
    },
    "required": ["schema_version", "grade", "locked", "solution", "grade_id", "points"],
    "additionalProperties": False,
}


def right(X):
    return X - X.mean(axis=0)


def centred_rows(X):
    return X - X.mean(axis=1, keepdims=True)


def half_right(variances, share):
    """Return one axis too many where the share is held exactly."""
    return int(np.searchsorted(np.cumsum(variances) / np.sum(variances), share, side="right") + 1)


def stub(X):
    mean = X.mean(axis=...)
    return X - mean


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return exported(tmp_path_factory, "nbgrader")


@pytest.fixture(scope="module")
def tests(tmp_path_factory):
    return exported(tmp_path_factory, "otter")


def exported(tmp_path_factory, target):
    out = tmp_path_factory.mktemp("exports") / target
    export(CHAPTER, target, out)
    return out


def files_in(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# ------------------------------------------------------------------------------------------------------------- marks


def test_a_right_answer_gets_all_points_and_is_shown(capsys):
    assert marks("pca.center", right) == 1.0
    said = capsys.readouterr()
    assert said.out.startswith("✔ pca.center")
    assert said.err == "", "nbgrader gives nothing to a cell that wrote to stderr"


def test_marks_are_plain_numbers_that_nbgrader_can_read():
    assert [type(marks("pca.center", answer)) for answer in (right, centred_rows, stub, ...)] == [float] * 4


def test_a_wrong_answer_gets_the_words_of_its_mistake(capsys):
    assert marks("pca.center", centred_rows) == 0.0
    assert "average over axis 0" in capsys.readouterr().out


def test_partial_credit_is_that_of_our_own_verdict(capsys):
    exercise = registry.get("pca.components_for")
    verdict = verdict_of(exercise, half_right, seed_of(exercise.id, 0), hidden=True)
    assert 0 < verdict.score < exercise.points
    assert marks(exercise.id, half_right) == verdict.score
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("answer", [stub, ..., 7, None, "text", np.ones(3)])
def test_what_is_no_answer_gets_nothing(answer, capsys):
    assert marks("pca.center", answer) == 0.0
    assert "pca.center" in capsys.readouterr().out


def test_the_librarys_own_answer_gets_nothing(capsys):
    assert marks("pca.center", registry.get("pca.center").reference) == 0.0
    assert "mmlearn_edu.exercises" in capsys.readouterr().out


def test_the_same_seed_draws_the_same_inputs_whoever_answers():
    one, other = (judged("pca.center", answer, 5, "en") for answer in (centred_rows, lambda X: 2 * X))
    assert one.items[0].example["input"] == other.items[0].example["input"]
    assert one.items[0].example["input"] != judged("pca.center", centred_rows, 6, "en").items[0].example["input"]


def test_what_grading_keeps_back_is_run():
    (exercise,) = [one for one in registry.exercises("00-start-here") if any(law.hidden for law in one.laws)]
    found = judged(exercise.id, lambda *_args, **_kwargs: 1.0, 0, "en")
    assert found.hidden == 0
    assert [law.name for law in exercise.laws] == [item.id for item in found.items[-len(exercise.laws) :]]


def test_draws_the_inputs_that_our_own_grader_draws():
    for exercise in ("pca.center", "kmeans.loop"):
        assert seed_of(exercise, 5) == engine.seed_of(5, exercise)


def test_speaks_the_language_of_the_export_and_puts_the_own_one_back(monkeypatch, capsys):
    monkeypatch.setenv("MMLEARN_LANG", "en")
    marks("pca.center", centred_rows, language="zh")
    said = capsys.readouterr().out
    assert "还不" in said
    assert "average over axis 0" not in said
    monkeypatch.setenv("MMLEARN_LANG", "zh")
    marks("pca.center", centred_rows)
    said = capsys.readouterr().out
    assert "Not right yet" in said
    assert "average over axis 0" in said
    assert os.environ["MMLEARN_LANG"] == "zh"


def test_items_pass_or_raise_the_words():
    item("pca.center", right, 1)
    with pytest.raises(AssertionError, match="average over axis 0") as caught:
        item("pca.center", centred_rows, 1)
    assert "expected" in str(caught.value)
    with pytest.raises(AssertionError) as second:
        item("pca.center", centred_rows, 2)
    assert "expected:" not in str(second.value), "one example of a kind is enough to read"


def test_items_of_no_answer_say_so():
    with pytest.raises(AssertionError, match=r"[Nn]ot attempted"):
        item("pca.center", ..., 3)


def test_an_answer_is_judged_once_for_all_its_items(monkeypatch):
    calls = []
    monkeypatch.setattr(beside, "verdict_of", lambda *a, **k: calls.append(1) or verdict_of(*a, **k))
    for answer in (lambda X: X - X.mean(axis=0), lambda X: X - X.mean(axis=0, keepdims=True)):
        for number in range(1, 7):
            item("pca.center", answer, number)
    assert len(calls) == 2


# ---------------------------------------------------------------------------------------------------------- nbgrader


def source_of(course):
    return nbformat.read(course / "source" / CHAPTER / f"{CHAPTER}.ipynb", as_version=4)


def test_nbgrader_every_exercise_is_followed_by_its_marks_cell(course):
    cells = source_of(course).cells
    nbformat.validate(source_of(course))
    asked = [i for i, cell in enumerate(cells) if "mmlearn_edu" in cell.metadata]
    assert len(asked) == len(registry.exercises(CHAPTER))
    for i in asked:
        exercise = registry.get(cells[i].metadata.mmlearn_edu.exercise)
        about = cells[i + 1].metadata.nbgrader
        jsonschema.validate(about, NBGRADER_CELL)
        assert "nbgrader" not in cells[i].metadata, "nbgrader would replace the code of a solution cell"
        assert (about.grade, about.solution, about.locked, about.task) == (True, False, True, False)
        assert about.points == exercise.points
        assert f'marks("{exercise.id}"' in cells[i + 1].source


def test_nbgrader_ids_are_unique(course):
    ids = [cell.metadata.nbgrader.grade_id for cell in source_of(course).cells if "nbgrader" in cell.metadata]
    assert len(set(ids)) == len(ids) == 9


def test_nbgrader_students_see_neither_seed_nor_call(course):
    for cell in source_of(course).cells:
        if "nbgrader" in cell.metadata:
            assert released(cell.source).count("\n") == 0
            assert "seed" not in released(cell.source)


def released(source):
    """Return what nbgrader's ClearHiddenTests leaves of a cell."""
    kept, hidden = [], False
    for line in source.split("\n"):
        if "BEGIN HIDDEN TESTS" in line:
            hidden = True
        elif "END HIDDEN TESTS" in line:
            hidden = False
        elif not hidden:
            kept.append(line)
    return "\n".join(kept)


def test_nbgrader_leaves_every_other_cell_as_it_was(course):
    ours = nbformat.read(resource("notebooks", f"{CHAPTER}.ipynb"), as_version=4)
    kept = [cell for cell in source_of(course).cells if "nbgrader" not in cell.metadata]
    assert [(c.id, c.source, c.metadata) for c in kept] == [(c.id, c.source, c.metadata) for c in ours.cells]


def test_nbgrader_marks_cell_takes_a_missing_answer_for_none(course, capsys):
    (cell, *_others) = [c for c in source_of(course).cells if "nbgrader" in c.metadata]
    *before, last = cell.source.replace("### END HIDDEN TESTS", "").strip().splitlines()
    scope = {}
    exec("\n".join(before), scope)
    assert eval(last, scope) == 0.0
    scope["center"] = right
    assert eval(last, scope) == 1.0


def test_nbgrader_config_is_what_nbgrader_runs(course):
    class Anything(dict):
        __getattr__ = dict.__getitem__
        __missing__ = lambda self, name: self.setdefault(name, Anything())  # noqa: E731
        __setattr__ = dict.__setitem__

    config = Anything()
    exec((course / "nbgrader_config.py").read_text(encoding="utf-8"), {"get_config": lambda: config})
    assert config["OverwriteCells"]["add_missing_cells"] is True
    assert config["Execute"]["timeout"] > 30


# ------------------------------------------------------------------------------------------------------------- otter


class FakeCase:
    """What otter.test_files.test_case is to a test file: a decorator that keeps its arguments."""

    def __init__(self, name=None, points=None, hidden=False, success_message=None, failure_message=None):
        self.name, self.points, self.hidden = name, points, hidden

    def __call__(self, function):
        self.run = function
        return self


@pytest.fixture
def otter(monkeypatch):
    module = types.ModuleType("otter.test_files")
    module.test_case = FakeCase
    monkeypatch.setitem(sys.modules, "otter", types.ModuleType("otter"))
    monkeypatch.setitem(sys.modules, "otter.test_files", module)

    def cases(path):
        scope = {}
        exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), scope)
        assert scope["OK_FORMAT"] is False
        assert scope["name"] == path.stem
        return [thing for thing in scope.values() if isinstance(thing, FakeCase)]

    return cases


def earned(cases, **answers):
    total = 0
    for one in cases:
        with contextlib.suppress(AssertionError):
            one.run(answers)
            total += one.points
    return total


def test_otter_points_of_the_cases_are_those_of_the_exercise(tests, otter):
    for exercise in registry.exercises(CHAPTER):
        cases = otter(tests / "tests" / f"{exercise.id.replace('.', '_')}.py")
        assert sum(one.points for one in cases) == pytest.approx(exercise.points)
        assert len({one.name for one in cases}) == len(cases)


def test_otter_gives_partial_credit_as_we_do(tests, otter):
    cases = otter(tests / "tests" / "pca_components_for.py")
    expected = judged("pca.components_for", half_right, 0, "en").score
    assert 0 < expected < 2
    assert earned(cases, components_for=half_right) == pytest.approx(expected)
    assert earned(cases) == 0


def test_otter_right_and_wrong(tests, otter):
    cases = otter(tests / "tests" / "pca_center.py")
    assert earned(cases, center=right) == pytest.approx(1)
    assert earned(cases, center=centred_rows) == 0


def test_otter_notebooks_name_tests_that_exist(tests):
    for kind in ("student", "solution"):
        notebook = nbformat.read(tests / kind / f"{CHAPTER}.ipynb", as_version=4)
        nbformat.validate(notebook)
        named = [name for cell in notebook.cells for name in cell.metadata.get("otter", {}).get("tests", [])]
        assert sorted(named) == sorted(path.stem for path in (tests / "tests").iterdir())


def test_otter_hidden_cases_are_those_that_only_grading_runs(otter, tmp_path):
    export("00-start-here", "otter", tmp_path / "out")
    hidden = 0
    for exercise in registry.exercises("00-start-here"):
        cases = otter(tmp_path / "out" / "tests" / f"{exercise.id.replace('.', '_')}.py")
        drawn = exercise.cases(np.random.default_rng(0), np.float64)
        kept_back = sum(case.hidden for case in drawn) + sum(law.hidden for law in exercise.laws)
        assert sum(one.hidden for one in cases) == kept_back
        hidden += kept_back
    assert hidden, "the chapter has a hidden law"


# ------------------------------------------------------------------------------------------------------------- wheel


def test_the_wheel_holds_the_package_and_what_it_ships():
    names = set(zipfile.ZipFile(io.BytesIO(wheel())).namelist())
    assert {"mmlearn_edu/cli.py", "mmlearn_edu/grading/exports/beside.py", "mmlearn_edu/py.typed"} <= names
    assert f"mmlearn_edu/_shipped/notebooks/{CHAPTER}.ipynb" in names
    assert any(name.startswith("mmlearn_edu/_shipped/datasets/spoken_digits/") for name in names)
    assert not [name for name in names if "__pycache__" in name or "/." in name]


def test_the_wheels_record_is_right():
    archive = zipfile.ZipFile(io.BytesIO(wheel()))
    (record,) = [name for name in archive.namelist() if name.endswith("/RECORD")]
    lines = archive.read(record).decode().splitlines()
    assert len(lines) == len(archive.namelist())
    for line in lines[:-1]:
        name, digest, size = line.rsplit(",", 2)
        data = archive.read(name)
        found = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        assert (digest, size) == (f"sha256={found}", str(len(data)))


def test_the_wheel_is_named_as_pip_reads_it():
    assert wheel_name().split("-")[0] == "mmlearn_edu"
    assert wheel_name().endswith("-py3-none-any.whl")


def test_a_zip_says_nothing_of_when_it_was_made():
    made = zipped({"b": b"2", "a/run": b"1"}, executable=("a/run",))
    archive = zipfile.ZipFile(io.BytesIO(made))
    assert [entry.filename for entry in archive.infolist()] == ["a/run", "b"]
    assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert [oct(entry.external_attr >> 16) for entry in archive.infolist()] == ["0o100755", "0o100644"]


# ----------------------------------------------------------------------------------------------------------- writing


@pytest.mark.parametrize("target", TARGETS)
def test_the_same_bytes_every_time(target, tmp_path):
    assert export(CHAPTER, target, tmp_path / "one") == sorted(files_in(tmp_path / "one"))
    export(CHAPTER, target, tmp_path / "two")
    assert files_in(tmp_path / "one") == files_in(tmp_path / "two")


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_readme_says_what_to_do_and_what_it_does_not_protect(target, language, tmp_path, monkeypatch):
    monkeypatch.setenv("MMLEARN_LANG", language)
    export(CHAPTER, target, tmp_path / "out", seed=41)
    words = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    assert {"en": "does not protect against", "zh": "防不住"}[language] in words
    assert "mmlearn-edu grade" in words
    assert "17" in words
    assert "41" in words


def test_an_empty_folder_is_taken(tmp_path):
    export(CHAPTER, "nbgrader", tmp_path / "new" / "deep")
    (tmp_path / "empty").mkdir()
    export(CHAPTER, "nbgrader", tmp_path / "empty")
    assert (tmp_path / "empty" / "README.md").is_file()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "new"], "nothing half-written is left"


def test_nothing_is_overwritten(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(ExportError, match="nothing in it is overwritten"):
        export(CHAPTER, "nbgrader", tmp_path)
    with pytest.raises(ExportError, match="is a file"):
        export(CHAPTER, "nbgrader", tmp_path / "mine.txt")
    assert files_in(tmp_path) == {"mine.txt": b"mine"}


def test_what_does_not_exist_is_named(tmp_path):
    with pytest.raises(ExportError, match="did you mean 08-pca"):
        export("08-pac", "nbgrader", tmp_path / "out")
    with pytest.raises(ExportError, match="did you mean otter"):
        export(CHAPTER, "oter", tmp_path / "out")
    with pytest.raises(ExportError, match="90-gallery"):
        export("90-gallery", "nbgrader", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ExportError, match="cannot be written"):
        export(CHAPTER, "nbgrader", tmp_path / "file" / "out")


@pytest.mark.parametrize("chapter", registry.chapter_ids())
def test_every_chapter_can_be_exported(chapter, tmp_path):
    export(chapter, "nbgrader", tmp_path / "out")
    notebook = nbformat.read(tmp_path / "out" / "source" / chapter / f"{chapter}.ipynb", as_version=4)
    points = [cell.metadata.nbgrader.points for cell in notebook.cells if "nbgrader" in cell.metadata]
    assert sum(points) == sum(exercise.points for exercise in registry.exercises(chapter))


# ------------------------------------------------------------------------------------------------------ command line


@pytest.fixture
def run(command):
    return partial(command, "export")


@pytest.mark.parametrize(
    "arguments",
    [
        (CHAPTER, "--to", "nbgrader", "out"),
        (CHAPTER, "out", "--to", "nbgrader"),
        ("--to", "nbgrader", CHAPTER, "out"),
        ("--to=nbgrader", CHAPTER, "--out", "out"),
        (f"{CHAPTER}.ipynb", "--to", "nbgrader", "out", "--seed", "3"),
    ],
)
def test_the_command_takes_the_folder_in_any_place(run, arguments):
    code, out, err = run(*arguments)
    assert (code, err) == (0, "")
    assert "wrote 5 files into out" in out
    assert Path("out/source/08-pca/08-pca.ipynb").is_file()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((CHAPTER, "--to", "nbgrader"), "say where to write it"),
        ((CHAPTER, "--to", "nbgrader", "one", "--out", "two"), "say once"),
        ((CHAPTER, "--to", "nbgrader", "one", "two"), "unrecognized arguments"),
        ((CHAPTER, "--to", "nbgrder", "out"), "did you mean nbgrader"),
        (("08-pce", "--to", "otter", "out"), "did you mean 08-pca"),
        ((CHAPTER, "--to", "nbgrader", "out", "--seed", "-1"), "no seed|expected one argument"),
        ((CHAPTER, "--to", "nbgrader", "out", "--seed", "1.5"), "no seed"),
        ((CHAPTER, "--to", "nbgrader", "."), "not empty"),
    ],
)
def test_wrong_use_is_met_with_words(run, arguments, words):
    Path("mine.txt").write_text("mine")
    code, out, err = run(*arguments)
    assert code == 2
    assert out == ""
    assert any(word in err for word in words.split("|"))
    assert [path.name for path in Path().iterdir()] == ["mine.txt"]


# --------------------------------------------------------------------------------------------- a teacher's exercises


@pytest.fixture
def mine(tmp_path):
    """Begin a folder of one's own, and put another file beside that has nothing to do with the chapter."""
    begin(tmp_path / "mine")
    (tmp_path / "mine" / "grades.csv").write_text("nobody's business")
    return tmp_path / "mine"


def power(sounds):
    return np.mean(np.asarray(sounds) ** 2, axis=1)


def power_of_all(sounds):
    return np.mean(np.asarray(sounds) ** 2)


@pytest.fixture
def forgotten():
    """Forget the exercises that a test made known."""
    with registry.folder(None):
        yield
    beside._KNOWN.clear()
    beside._LAST.clear()


@pytest.mark.parametrize("target", TARGETS)
def test_exercises_of_ones_own_go_along_and_the_readme_says_who_reads_them(target, mine, tmp_path):
    export("my-exam", target, tmp_path / "out", exercises=mine)
    assert registry.added_ids() == [], "nothing stays known"
    words = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    assert "Exercises of your own" in words
    found = files_in(tmp_path / "out")
    if target == "gradescope":
        archive = zipfile.ZipFile(io.BytesIO(found["autograder.zip"]))
        found = {name: archive.read(name) for name in archive.namelist()}
        assert json.loads(found["settings.json"])["exercises"] is True
    own = {name for name in found if name.startswith("exercises/")}
    assert {"exercises/exam.py", "exercises/source/exam.py"} <= own
    assert not any(b"nobody's business" in data for data in found.values())


def test_nbgrader_marks_exercises_of_ones_own_in_its_folders(mine, tmp_path, monkeypatch, capsys, forgotten):
    out = tmp_path / "out"
    export("my-exam", "nbgrader", out, exercises=mine)
    notebook = nbformat.read(out / "source" / "my-exam" / "my-exam.ipynb", as_version=4)
    cell = next(cell for cell in notebook.cells if "nbgrader" in cell.metadata)
    here = out / "autograded" / "ann" / "my-exam"
    here.mkdir(parents=True)
    monkeypatch.chdir(here)
    *before, last = cell.source.replace("### END HIDDEN TESTS", "").strip().splitlines()
    scope = {"mean_power": power}
    exec("\n".join(before), scope)
    assert eval(last, scope) == 3.0
    assert eval(last, scope | {"mean_power": power_of_all}) == 0.0
    assert "average along axis 1" in capsys.readouterr().out
    sources = "".join(cell.source for cell in notebook.cells)
    assert "check(" not in sources
    assert "np.mean(sounds**2" not in sources


def test_otter_marks_exercises_of_ones_own(mine, tmp_path, monkeypatch, otter, forgotten):
    export("my-exam", "otter", tmp_path / "out", exercises=mine)
    cases = otter(tmp_path / "out" / "tests" / "exam_mean_power.py")
    monkeypatch.chdir(tmp_path / "out")  # where otter copies the folder to
    assert earned(cases, mean_power=power) == pytest.approx(3)
    assert earned(cases, mean_power=power_of_all) == 0
    solution = nbformat.read("solution/my-exam.ipynb", as_version=4)
    assert not [cell for cell in solution.cells if "check(" in cell.source]
    assert any("np.mean(sounds**2, axis=1)" in cell.source for cell in solution.cells)


def test_a_folder_of_exercises_that_cannot_be_used_is_named(tmp_path):
    with pytest.raises(ExportError, match="nowhere"):
        export("my-exam", "nbgrader", tmp_path / "out", exercises=tmp_path / "nowhere")
    assert not (tmp_path / "out").exists()


def test_the_command_takes_exercises_of_ones_own(run, mine):
    code, out, err = run("my-exam", "--to", "nbgrader", "out", "--exercises", mine)
    assert (code, err) == (0, "")
    assert "wrote" in out
    code, _, err = run("my-exan", "--to", "nbgrader", "other", "--exercises", mine)
    assert code == 2
    assert "did you mean my-exam" in err
