"""What is said about a notebook that only its author's kernel could run."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from mmlearn_edu.authoring import check_notebook
from mmlearn_edu.authoring.hidden_state import leans
from mmlearn_edu.authoring.verdicts import MIME
from mmlearn_edu.cli import main


def _missed(name):
    return [new_output("error", ename="NameError", evalue=f"name '{name}' is not defined", traceback=[])]


def _lean(*cells):
    """Return the words about a notebook of (source, name that was missed or None)."""
    made = [
        new_code_cell(source, id=f"c{i}", outputs=_missed(name) if name else [])
        for i, (source, name) in enumerate(cells)
    ]
    notebook = new_notebook(cells=[new_markdown_cell("# Title"), *made])
    return [lean.words for lean in leans(notebook, MIME)]


def test_a_name_whose_cell_is_gone():
    (words,) = _lean(("x = 1", None), ("y = x + shift", "shift"))
    assert words.startswith("cell 3 (y = x + shift) needs `shift`, and no cell makes it: it came from one that was")


@pytest.mark.parametrize(
    "later", ["shift = 2", "def shift(): ...", "import shift", "from a import b as shift", "for shift in []: pass",
              "class shift: ...", "%matplotlib inline\nshift = 1", "(shift := 2)", "with open('a') as shift: ..."],
)  # fmt: skip
def test_a_name_that_is_made_further_down(later):
    (words,) = _lean(("print(shift)", "shift"), (later, None))
    assert "which is made only further down, in cell 3" in words
    assert words.endswith("move that cell up")


def test_a_name_whose_cell_came_to_an_error_first():
    (words,) = _lean(("1 / 0\nshift = 2", None), ("print(shift)", "shift"))
    assert "and cell 2 (1 / 0), which makes it, came to an error first" in words


def test_a_name_that_is_used_before_it_is_made_in_its_own_cell():
    (words,) = _lean(("shift += 1\nshift = 2", "shift"))
    assert "only after it is used" in words


def test_a_name_inside_a_function_is_not_made_for_others():
    (words,) = _lean(("def f():\n    shift = 1", None), ("shift", "shift"))
    assert "no cell makes it" in words
    (words,) = _lean(("shift", "shift"), ("def f():\n    global shift\n    shift = 1", None))
    assert "further down" in words


def test_names_missed_inside_an_answer_are_found_in_its_verdict():
    verdict = {"items": [{"message": "Your function raised NameError: name 'helper' is not defined"}]}
    output = new_output("display_data", data={MIME: verdict})
    notebook = new_notebook(cells=[new_code_cell("def f():\n    return helper()", outputs=[output, output])])
    (lean,) = leans(notebook, MIME)
    assert lean.name == "helper"


def test_cells_that_are_no_python_make_nothing():
    (words,) = _lean(("def (", None), ("shift", "shift"))
    assert "no cell makes it" in words


@pytest.mark.notebook
def test_in_a_fresh_kernel(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("MMLEARN_HOME", str(tmp_path / "home"))
    passed = new_output("display_data", data={MIME: {"id": "pca.center", "status": "passed"}})
    cells = [
        new_code_cell("from mmlearn_edu.checks import check", id="imports"),
        new_code_cell(
            "def center(X):\n    return X - middle(X)\n\ncheck('pca.center', center)", id="answer", outputs=[passed]
        ),
    ]
    ours = {"mmlearn_edu": {"chapter": "08-pca", "kind": "learner", "exercises": {"pca.center": 1}}}
    path = tmp_path / "08-pca.ipynb"
    nbformat.write(new_notebook(cells=cells, metadata=ours), path)
    report = check_notebook(path, {"pca.center": 1})
    assert report.exercises == {"pca.center": "failed"}
    assert report.lost == ["pca.center"]
    assert [(lean.cell, lean.name) for lean in report.leans] == [("answer", "middle")]
    assert main(["check", str(path)]) == 1
    said = capsys.readouterr().out
    assert "cell 2 (def center(X):) needs `middle`, and no cell makes it" in said
    assert "pca.center passes in the notebook as you saved it, but not from a fresh start" in said


@pytest.mark.parametrize("items", [None, 3 * ["x"], [None], [{"message": 3}]])
def test_a_verdict_that_somebody_else_wrote_is_passed_over(items):
    output = new_output("display_data", data={MIME: {"items": items}})
    assert leans(new_notebook(cells=[new_code_cell("x = 1", outputs=[output])]), MIME) == []


def test_a_cell_that_python_cannot_read_makes_nothing():
    (words,) = _lean(("shift = 1\0", None), ("shift", "shift"))
    assert "no cell makes it" in words
