"""The autograder for Gradescope: what is in the zip, and what it writes for hand-ins of every kind."""

import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import jsonschema
import nbformat
import pytest

from mmlearn_edu._resources import resource
from mmlearn_edu.authoring import begin
from mmlearn_edu.checks import registry
from mmlearn_edu.grading.exports import export, on_gradescope
from mmlearn_edu.grading.exports.beside import judged

CHAPTER = "08-pca"
SCHEMA = json.loads((Path(__file__).parent / "gradescope_results.schema.json").read_text(encoding="utf-8"))
ROOT = Path(__file__).parents[2]
ONE_TOO_MANY = """def components_for(variances, share):
    return int(np.searchsorted(np.cumsum(variances) / np.sum(variances), share, side="right") + 1)

check("pca.components_for", components_for)"""


def item(number, earned, problem="", example=None):
    words = "The values differ." if problem else ""
    facts = {"id": f"call {number}", "label": f"第 {number} 次", "points": 0.5, "earned": earned}
    return facts | {"problem": problem, "message": words, "example": example or {}}


def exercise(status="partly", score=0.5, **facts):
    items = [
        item(1, 0.5),
        item(2, 0.0, "values", {"input": "[1 2]", "yours": "3"}),
        item(3, 0, "values", {"input": "9"}),
    ]
    row = {"id": "pca.center", "title": "Centre", "status": status, "points": 1.0, "score": score, "items": items}
    return row | {"diagnosis": ["centred-rows"], "messages": ["Average over axis 0."], "notes": ["By the way."]} | facts


def result(*exercises, **facts):
    isolation = {"level": "processes", "user": "nobody", "defends": ["time"], "does_not_defend": ["files"]}
    head = {"score": 0.5, "points": 1.0, "message": "", "notes": [], "events": [], "look": [], "isolation": isolation}
    known = {"chapter": CHAPTER, "seed": 3, "package": "0.1.0", "sha256": "", "status": "graded"}
    return head | known | {"seconds": {"total": 0.25}, "exercises": list(exercises)} | facts


def valid(found):
    jsonschema.validate(found, SCHEMA)
    return found


# ------------------------------------------------------------------------------------------------------ results.json


def test_points_of_an_exercise_are_ours():
    found = valid(on_gradescope.results(result(exercise())))
    (test,) = found["tests"]
    assert found["score"] == 0.5
    assert (test["score"], test["max_score"], test["status"], test["number"]) == (0.5, 1.0, "failed", "1")
    assert test["name"] == "Centre (pca.center)"
    assert valid(on_gradescope.results(result(exercise("passed", 1.0))))["tests"][0]["status"] == "passed"


def test_a_student_reads_the_named_mistake_and_one_example():
    words = on_gradescope.results(result(exercise()))["tests"][0]["output"]
    assert "→ Average over axis 0. [centred-rows]" in words
    assert "✔ 第 1 次" in words
    assert "✘ 第 2 次" in words
    assert "By the way." in words
    assert "[1 2]" in words
    assert "9" not in words, "one example of a kind is enough to read"


@pytest.mark.parametrize("status", ["passed", "partly", "failed", "not attempted", "checker problem", "refused"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_status_has_words(status, language, monkeypatch):
    monkeypatch.setenv("MMLEARN_LANG", language)
    found = valid(on_gradescope.results(result(exercise(status, 0, items=[], messages=[], diagnosis=[], notes=[]))))
    assert len(found["tests"][0]["output"]) > 2


def test_what_a_student_printed_is_never_markup():
    loud = exercise(messages=["<script>alert(1)</script>"])
    found = valid(on_gradescope.results(result(loud, message="<b>", notes=["<i>"])))
    assert {found["output_format"], found["test_output_format"], found["test_name_format"]} == {"text"}
    assert found["stdout_visibility"] == "hidden"


def test_what_happened_is_said_with_the_isolation():
    event = {"kind": "hung", "where": "cell ex-center", "words": "It was stopped after 20 s."}
    found = valid(on_gradescope.results(result(events=[event], message="Given up.", notes=["Was format 3."])))
    assert found["output"].splitlines()[:3] == [
        "Given up.",
        "Was format 3.",
        "cell ex-center: It was stopped after 20 s.",
    ]
    assert "processes" in found["output"]
    assert found["extra_data"]["isolation"]["does_not_defend"] == ["files"]


def test_no_later_submission_can_read_the_seed():
    """Gradescope lays the results of earlier submissions beside the next one, with their extra data."""
    found = on_gradescope.results(result(exercise(), seed=987654321))
    assert "987654321" not in json.dumps(found)
    assert found["extra_data"]["status"] == "graded"


def test_the_schema_can_fail():
    found = on_gradescope.results(result(exercise()))
    for wrong in ({"visibility": "shown"}, {"score": "1"}, {"test": []}, {"tests": [{"status": "partly"}]}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(found | wrong, SCHEMA)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"output": "neither score nor tests"}, SCHEMA)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"tests": [{"name": "no score, and none of the whole", "status": "passed"}]}, SCHEMA)
    valid({"tests": [{"name": "only informs", "status": "passed"}, {"score": 5, "max_score": 10}]})
    valid({"score": 1, "tests": [{"name": "shown without a score"}]})


# ----------------------------------------------------------------------------------------------------------- the zip


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    out = tmp_path_factory.mktemp("gradescope") / "out"
    export(CHAPTER, "gradescope", out, seed=5)
    return out


def test_the_zip_has_at_its_root_what_gradescope_runs(exported):
    archive = zipfile.ZipFile(exported / "autograder.zip")
    for name in ("setup.sh", "run_autograder"):
        assert archive.getinfo(name).external_attr >> 16 & 0o111, "executable"
        text = archive.read(name).decode()
        assert text.startswith("#!/usr/bin/env bash\n")
        subprocess.run(["bash", "-n"], input=text, text=True, check=True)
    assert json.loads(archive.read("settings.json")) == {
        "chapter": CHAPTER,
        "exercises": False,
        "language": "en",
        "seed": 5,
    }
    (wheel,) = [name for name in archive.namelist() if name.endswith(".whl")]
    assert wheel in archive.read("setup.sh").decode()
    assert "mmlearn_edu/grading/exports/on_gradescope.py" in zipfile.ZipFile(io.BytesIO(archive.read(wheel))).namelist()


def laid_out(zipped, root):
    """Lay `root` out as /autograder; return a function that hands in a notebook, runs, and reads what was written."""
    with zipfile.ZipFile(zipped) as archive:
        archive.extractall(root / "source")
    (root / "submission").mkdir()
    (root / "run_autograder").write_bytes((root / "source" / "run_autograder").read_bytes())

    def ran(name=None, data=b""):
        if name is not None:
            (root / "submission" / name).write_bytes(data)
        own = {"MMLEARN_AUTOGRADER": str(root), "MMLEARN_VENV": sys.prefix, "PYTHONPATH": str(ROOT)}
        subprocess.run(["bash", "run_autograder"], cwd=root, env=os.environ | own, check=True)
        return valid(json.loads((root / "results" / "results.json").read_text(encoding="utf-8")))

    return ran


@pytest.fixture
def autograder(exported, tmp_path):
    return laid_out(exported / "autograder.zip", tmp_path)


def handed_in(kind=""):
    notebook = nbformat.read(resource("notebooks", kind, f"{CHAPTER}.ipynb"), as_version=4)
    for cell in notebook.cells:
        if cell.id == "ex-components-for" and kind:
            cell.source = ONE_TOO_MANY
    return nbformat.writes(notebook).encode()


def test_the_autograder_runs_and_gives_our_marks(autograder):
    found = autograder(f"{CHAPTER}.ipynb", handed_in("solutions"))
    scope = {"np": __import__("numpy"), "check": lambda *_: None}
    exec(ONE_TOO_MANY, scope)
    ours = judged("pca.components_for", scope["components_for"], 5, "en").score
    assert 0 < ours < 2
    marks = {test["extra_data"]["id"]: test["score"] for test in found["tests"]}
    expected = {one.id: one.points for one in registry.exercises(CHAPTER)} | {"pca.components_for": ours}
    assert marks == pytest.approx(expected)
    assert found["score"] == pytest.approx(sum(expected.values()))


@pytest.mark.slow
def test_an_untouched_notebook_gets_nothing(autograder):
    found = autograder(f"{CHAPTER}.ipynb", handed_in())
    assert found["score"] == 0
    assert [test["output"] for test in found["tests"]] == ["Not attempted."] * 9


@pytest.mark.slow
def test_the_notebook_of_the_chapter_is_found_among_others(autograder):
    autograder("00-notes.ipynb", b"not a notebook")
    assert autograder(f"{CHAPTER}.ipynb", handed_in("solutions"))["score"] > 15


@pytest.mark.slow
@pytest.mark.parametrize(("name", "data"), [(None, b""), ("x.ipynb", b"\xff\xfe nonsense"), ("x.ipynb", b"")])
def test_what_cannot_be_read_gets_nothing_and_words(autograder, name, data):
    found = autograder(name, data)
    assert found["score"] == 0
    assert found["tests"] == []
    assert len(found["output"].splitlines()[0]) > 10


@pytest.mark.slow
def test_exercises_of_ones_own_are_graded_there(tmp_path):
    begin(tmp_path / "mine")
    export("my-exam", "gradescope", tmp_path / "out", exercises=tmp_path / "mine")
    (tmp_path / "ag").mkdir()
    run = laid_out(tmp_path / "out" / "autograder.zip", tmp_path / "ag")
    assert run("my-exam.ipynb", (tmp_path / "out" / "student" / "my-exam.ipynb").read_bytes())["score"] == 0
    found = run("my-exam.ipynb", (tmp_path / "out" / "solution" / "my-exam.ipynb").read_bytes())
    assert found["score"] == sum(test["max_score"] for test in found["tests"]) > 0
