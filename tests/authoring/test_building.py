"""Notebooks come out the same to the byte, and stale ones are found without running anything."""

import json

import nbformat
import pytest

from mmlearn_edu.authoring import SourceError, build_learner, build_solution, check_notebook, stale, write
from mmlearn_edu.authoring.notebooks import to_bytes


def cells(notebook):
    return {cell.id: cell.source for cell in notebook.cells}


def test_learner_gets_stub_and_check_but_no_answer(folder, bank):
    notebook = build_learner("99-toy", folder / "99_toy.py", bank)
    assert cells(notebook)["ex-add"] == 'def add(a, b):\n    return ...\n\ncheck("toy.add", add)'
    assert cells(notebook)["guess"] == 'predict("toy.sum", ...)  # 先猜 ...'
    assert "only-in-solution" not in cells(notebook)
    assert all(not cell.outputs for cell in notebook.cells if cell.cell_type == "code")


def test_solution_has_every_blank_filled_in(folder, bank):
    found = cells(build_solution("99-toy", folder / "99_toy.py", bank))
    assert found["ex-letter"] == 'letter = "b"\n\ncheck("toy.letter", letter)'
    assert found["guess"] == 'predict("toy.sum", 5)  # 先猜 ...'
    assert found["remember"] == 'recall("99-toy", "a", "c")'
    assert "only-in-solution" in found


def test_notebook_is_valid_and_says_what_it_is(folder, bank):
    notebook = build_learner("99-toy", folder / "99_toy.py", bank)
    nbformat.validate(notebook)
    facts = notebook.metadata.mmlearn_edu
    assert (facts.chapter, facts.kind, dict(facts.exercises)) == ("99-toy", "learner", {"toy.add": 1, "toy.letter": 2})
    assert notebook.metadata.kernelspec.name == "python3"
    assert [cell.id for cell in notebook.cells][:3] == ["title", "imports", "ex-add"]


def test_bytes_are_the_same_every_time_and_as_jupyter_writes_them(folder, bank, tmp_path):
    first, second = (to_bytes(build_learner("99-toy", folder / "99_toy.py", bank)) for _ in range(2))
    nbformat.write(nbformat.reads(first.decode(), as_version=4), tmp_path / "jupyter.ipynb")
    assert first == second == (tmp_path / "jupyter.ipynb").read_bytes()
    assert "加法".encode() in first
    assert first.endswith(b"}\n")


@pytest.mark.notebook
def test_build_execute_then_nothing_is_stale(folder, bank):
    built = write(execute=True, source=folder, bank=bank)
    assert built.problems == []
    assert built.written == ["99-toy.ipynb", "solutions/99-toy.ipynb"]
    assert stale(source=folder, bank=bank) == []
    solution = folder.parent / "solutions" / "99-toy.ipynb"
    text = solution.read_text(encoding="utf-8")
    assert '"execution"' not in text
    assert "0x7" not in text
    assert '"seed"' not in text
    before = solution.read_bytes()
    assert write(source=folder, bank=bank).written == []  # the outputs of an up-to-date solution stay
    write(execute=True, source=folder, bank=bank)
    assert solution.read_bytes() == before

    report = check_notebook(solution)
    assert report.passed
    assert report.exercises == {"toy.add": "passed", "toy.letter": "passed"}
    report = check_notebook(folder.parent / "99-toy.ipynb")
    assert not report.passed
    assert report.exercises == {"toy.add": "not attempted", "toy.letter": "not attempted"}
    assert report.errors == []


def test_stale_names_the_file_and_the_command(folder, bank):
    assert stale(source=folder, bank=bank) == [
        "notebooks/99-toy.ipynb is missing; run `mmlearn-edu build 99-toy`",
        "notebooks/solutions/99-toy.ipynb is missing; run `mmlearn-edu build --execute 99-toy`",
    ]
    built = write(source=folder, bank=bank)
    assert built.notes == ["solutions/99-toy.ipynb has no outputs; run `mmlearn-edu build --execute 99-toy`"]
    assert stale(source=folder, bank=bank) == [
        "notebooks/solutions/99-toy.ipynb was never executed; run `mmlearn-edu build --execute 99-toy`"
    ]


@pytest.mark.parametrize(
    ("damage", "complaint"),
    [
        (lambda nb: nb["cells"][0]["source"].append("x"), "was made from an older source"),
        (lambda nb: nb["metadata"]["mmlearn_edu"].update(source_sha256="0"), "was made from an older source"),
        (lambda nb: nb["metadata"].pop("mmlearn_edu"), "cannot be read as a notebook of ours"),
        (lambda nb: nb.pop("cells"), "cannot be read as a notebook of ours"),
    ],
)
def test_a_damaged_solution_is_stale(folder, bank, damage, complaint):
    write(source=folder, bank=bank)
    path = folder.parent / "solutions" / "99-toy.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    damage(notebook)
    path.write_text(json.dumps(notebook), encoding="utf-8")
    assert complaint in stale(source=folder, bank=bank)[0]


def test_one_changed_byte_in_the_learner_notebook_is_stale(folder, bank):
    write(source=folder, bank=bank)
    path = folder.parent / "99-toy.ipynb"
    path.write_bytes(path.read_bytes() + b" ")
    assert "notebooks/99-toy.ipynb differs from its source" in stale(source=folder, bank=bank)[0]


def test_changed_reference_makes_the_solution_stale_and_not_the_learner_notebook(folder, bank):
    write(source=folder, bank=bank)
    bank.solutions = {**bank.solutions, "toy.letter": 'letter = "B"\n'}
    found = stale(source=folder, bank=bank)
    assert len(found) == 1
    assert "solutions/99-toy.ipynb was made from an older source" in found[0]


def test_notebook_without_source_is_named(folder, bank):
    write(source=folder, bank=bank)
    (folder.parent / "98-gone.ipynb").write_text("{}")
    assert stale(source=folder, bank=bank)[-1] == "notebooks/98-gone.ipynb has no source; delete it"


def test_one_broken_chapter_does_not_stop_the_others(folder, bank):
    (folder / "98_broken.py").write_text("# %%\nx = 1\n")
    built = write(source=folder, bank=bank)
    assert "99-toy.ipynb" in built.written
    assert built.problems[0].startswith("98-broken: 98_broken.py, line 1: this cell has no slug")


def test_unknown_chapter_suggests_the_nearest(folder, bank):
    with pytest.raises(LookupError, match=r"no chapter '99-toi' .* did you mean 99-toy"):
        write(["99-toi"], source=folder, bank=bank)


@pytest.mark.notebook
def test_solution_that_fails_its_own_check_is_a_problem(folder, bank):
    bank.solutions = {**bank.solutions, "toy.add": "def add(a, b):\n    return a - b\n"}
    text = (folder / "99_toy.py").read_text(encoding="utf-8")
    (folder / "99_toy.py").write_text(text + '\n# %% slug="boom"\n1 / 0\n', encoding="utf-8")
    problems = write(execute=True, source=folder, bank=bank).problems
    assert problems == [
        "solutions/99-toy.ipynb: cell 'boom' raised ZeroDivisionError: division by zero",
        "solutions/99-toy.ipynb: toy.add: failed, with the reference solution",
    ]


@pytest.mark.notebook
def test_solution_must_not_print_a_path_of_this_machine(folder, bank):
    (folder / "99_toy.py").write_text('# %% slug="home"\nfrom pathlib import Path\nprint(Path.home())\n')
    bank.versions = lambda chapter: {}
    problems = write(execute=True, source=folder, bank=bank).problems
    assert "cell 'home' prints" in problems[0]


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("# %% slug=title\nx\n", "cannot read 'slug=title' on the marker; write for instance"),
        ('# %% slug="a\nx\n', "cannot read"),
        ("# %%\nx\n", "line 1: this cell has no slug"),
        ('# %% slug="a"\n1\n# %% slug="b"\n2\n# %% slug="a"\n3\n', "line 5: slug 'a' already names the cell on line 1"),
        ('# %% slug="A b"\n1\n', "slug 'A b' must be small letters"),
        ('# %% slug="a" tags="x"\n1\n', "metadata.tags: 'x' is not of type 'array'"),
        ('# %% slug="a" hide="me"\n1\n', "hide='me' names no notebook"),
        ('# %% slug="a" colour="red"\n1\n', "unknown metadata colour; known: exercise, hide, slug, tags"),
        ("x = 1\n", "text stands before the first"),
        ("", "text stands before the first"),
        ('# %% slug="a"\nx = = 1\n', "cell 'a': line 1 of this code cell is not Python"),
        ('# %% slug="a" exercise="toy.ad"\n', "the chapter has no exercise 'toy.ad'; did you mean toy.add"),
        ('# %% slug="a" exercise="toy.add"\nx = 1\n', "must be an empty code cell"),
        ('# %% [markdown] slug="a" exercise="toy.add"\n# hello\n', "must be an empty code cell, found a markdown cell"),
        ('# %% slug="a" exercise="toy.add"\n', "no cell asks toy.letter"),
        ('# %% slug="a" exercise="toy.add"\n# %% slug="b" exercise="toy.add"\n', "is asked in 2 cells"),
    ],
)
def test_bad_sources_are_met_with_words(folder, bank, source, complaint):
    (folder / "99_toy.py").write_text(source)
    with pytest.raises(SourceError) as caught:
        build_learner("99-toy", folder / "99_toy.py", bank)
    assert complaint in str(caught.value)
    assert "99_toy.py" in str(caught.value)


@pytest.mark.parametrize(
    ("call", "complaint"),
    [
        ('predict("toy.sun", ...)', "no prediction 'toy.sun'; did you mean 'toy.sum'"),
        ('hint("toy.ad")', "no exercise 'toy.ad'"),
        ('recall("99-toy", ...)', "recall('99-toy') takes 2 answers, found 1 blanks"),
    ],
)
def test_calls_in_cells_are_checked_too(folder, bank, call, complaint):
    text = (folder / "99_toy.py").read_text(encoding="utf-8")
    (folder / "99_toy.py").write_text(f'{text}\n# %% slug="call"\n{call}\n', encoding="utf-8")
    with pytest.raises(SourceError) as caught:
        build_solution("99-toy", folder / "99_toy.py", bank)
    assert complaint in str(caught.value)
    assert "cell 'call'" in str(caught.value)
