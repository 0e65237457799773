"""A teacher's own chapter: begun, tried, handed out; and nothing that helps to answer leaves the teacher's machine."""

import ast
import json
import re
from importlib import resources

import nbformat
import pytest

from mmlearn_edu._resources import resource
from mmlearn_edu.authoring import SourceError, begin, hand_out, try_chapter, trying
from mmlearn_edu.checks import registry
from mmlearn_edu.checks.source import answer_name, solution_source


@pytest.fixture
def folder(tmp_path):
    """The example, known to the registry for one test."""
    begin(tmp_path / "期末 考试")
    with registry.folder(None):
        yield tmp_path / "期末 考试"


def change(folder, old, new, name="exam.py"):
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return folder


def tried(folder):
    (slug,) = registry.add_folder(folder)
    return try_chapter(slug)


def cells(data):
    notebook = nbformat.reads(data.decode(), as_version=4)
    nbformat.validate(notebook)
    return {cell.id: cell.source for cell in notebook.cells}


# The example


def test_the_example_is_ready_as_it_comes(folder):
    found = tried(folder)
    assert found.passed
    assert (found.problems, found.notes, [report.notes for report in found.reports]) == ([], [], [[], []])
    assert list(found.lines("mine")) == [
        "my-exam: How loud is a sound? (2 exercises, points: 4)",
        "  ✓ exam.mean_power: 85 answers judged; mistakes named: 2 of 2; wrong variants caught: 7 of 7",
        "  ✓ exam.why_squared: 34 answers judged; mistakes named: 1 of 1; wrong variants caught: 1 of 1",
        "my-exam can be handed out: `mmlearn-edu hand-out my-exam --exercises mine`",
    ]
    json.dumps(found.to_dict())


def test_to_begin_again_overwrites_nothing(folder):
    change(folder, "minutes=20", "minutes=90")
    before = (folder / "exam.py").read_bytes()
    (folder / "source" / "exam.py").unlink()
    with pytest.raises(SourceError, match=r"exam\.py is there already and stays as it is"):
        begin(folder)
    assert (folder / "exam.py").read_bytes() == before
    assert not (folder / "source" / "exam.py").exists()


def test_the_example_is_written_as_we_write():
    template = resources.files("mmlearn_edu.authoring") / "template"
    for name in ("exam.py.txt", "source/exam.py.txt"):
        text = (template / name).read_text(encoding="utf-8")
        ast.parse(text)
        assert max(map(len, text.splitlines())) <= 120


# The hand-out


def test_a_handed_out_cell_says_what_to_leave_as_it_is(folder):
    registry.add_folder(folder)
    found = cells(hand_out("my-exam"))
    assert found["ex-mean-power"].startswith(
        "# exam.mean_power, points: 3. Write inside mean_power. Leave the name mean_power and this cell in\n"
        "# its place.\n"
        "def mean_power(sounds):\n"
    )
    assert found["ex-why-squared"] == (
        "# exam.why_squared, points: 1. Put your letter, in quotes, where the dots are. Leave the name\n"
        "# letter and this cell in its place.\n"
        "# Why are the samples squared before they are averaged?\n"
        "# a) Squares are faster to compute than absolute values.\n"
        "# b) Without them, samples above and below zero cancel.\n"
        "# c) Samples are between -1 and 1, and squares are not.\n"
        "letter = ..."
    )
    facts = json.loads(hand_out("my-exam"))["metadata"]["mmlearn_edu"]
    assert (facts["chapter"], facts["exercises"]) == ("my-exam", {"exam.mean_power": 1, "exam.why_squared": 1})
    asked = {c["id"]: c["metadata"].get("mmlearn_edu") for c in json.loads(hand_out("my-exam"))["cells"]}
    assert asked["ex-mean-power"] == {"exercise": "exam.mean_power"}
    assert asked["imports"] is None


def test_an_untouched_hand_out_runs_and_asks_for_nothing_that_students_lack(folder):
    registry.add_folder(folder)
    scope = {}
    for source in (
        s for name, s in cells(hand_out("my-exam")).items() if name.startswith(("ex-", "imports", "sounds"))
    ):
        if not source.startswith("Two"):
            exec(source, scope)
    assert scope["letter"] is ...


def test_nothing_that_helps_to_answer_is_in_the_file(folder):
    change(
        folder,
        "points=3,\n",
        'points=3,\n    hints=["HINT-1", "HINT-2", "HINT-3"], hints_for={"values": ["HINT-4", "HINT-5", "HINT-6"]},\n',
    )
    (slug,) = registry.add_folder(folder)
    data = hand_out(slug).decode()
    for exercise in registry.exercises(slug):
        stub = {line.strip() for line in cells(data.encode())[f"ex-{exercise.id[5:].replace('_', '-')}"].splitlines()}
        secret = {line.strip() for line in solution_source(exercise).splitlines()} - stub
        assert secret
        secret |= {mistake.id for mistake in exercise.mistakes} | {mistake.message for mistake in exercise.mistakes}
        assert not [line for line in secret if json.dumps(line)[1:-1] in data or line in data]
    file = (folder / "exam.py").read_text(encoding="utf-8")
    calls = {"random_matrices", "mistake", "shapes", "HINT", "SOLUTION", "alternatives", "reference", "(5, 40)"}
    assert all(word in file or word in ("alternatives", "reference") for word in calls)
    assert not [word for word in calls if word in data]
    assert not re.search(r"\b(check|hint|solution|use|predict|recall)\(", data)


def test_calls_that_need_the_exercises_are_left_out(folder):
    more = """
# %% slug="help"
from mmlearn_edu.checks import check, hint, progress, solution

hint("exam.mean_power")
solution(
    "exam.mean_power",
)
check("pca.center", ...)
progress()

# %% slug="only-help"
predict("exam.guess", ...)

# %% slug="of-before"
recall("my-exam", ..., ...)  # 复习
"""
    change(folder, '# %% slug="sounds"', more + '\n# %% slug="sounds"', "source/exam.py")
    registry.add_folder(folder)
    found = cells(hand_out("my-exam"))
    assert found["help"] == (
        'from mmlearn_edu.checks import check, hint, progress, solution\n\ncheck("pca.center", ...)\nprogress()'
    )
    assert {"only-help", "of-before"}.isdisjoint(found)


@pytest.mark.parametrize(
    "line",
    ['f = use("exam.mean_power", mean_power)', 'x = 1; check("exam.mean_power", 1)', 'print(hint("exam.why_squared"))'],
)
def test_a_call_that_cannot_be_left_out_is_named(folder, line):
    change(folder, "print(sounds.shape)", line, "source/exam.py")
    registry.add_folder(folder)
    with pytest.raises(
        SourceError, match=r"exam\.py, cell 'sounds': line 2, `.*` cannot work for students|cannot work"
    ):
        hand_out("my-exam")


def test_the_same_bytes_whoever_asks_in_whatever_language(folder, monkeypatch):
    (folder / "zh").mkdir()
    words = 'title = "声音有多响"\n[exercise."exam.why_squared".options]\na = "快"\n'
    (folder / "zh" / "exam.toml").write_text(words, encoding="utf-8")
    registry.add_folder(folder)
    found = []
    for language in ("en", "zh", "en"):
        monkeypatch.setenv("MMLEARN_LANG", language)
        registry.add_folder(folder)
        found.append(hand_out("my-exam"))
    assert found[0] == found[1] == found[2]


def test_a_chapter_with_a_chinese_title_speaks_chinese(folder):
    registry.add_folder(change(folder, "How loud is a sound?", "声音有多响？"))
    found = cells(hand_out("my-exam"))
    assert "请写在 mean_power 里面" in found["ex-mean-power"]
    assert "请把省略号换成你选的字母" in found["ex-why-squared"]


def test_a_chapter_of_the_workbook_is_handed_out_as_it_is_shipped():
    assert hand_out("08-pca") == resource("notebooks", "08-pca.ipynb").read_bytes()
    with pytest.raises(LookupError, match="did you mean 08-pca"):
        hand_out("08-pc")


# What trying finds

BEGIN = "    ### BEGIN SOLUTION\n"
SUM = "lambda sounds: sounds.mean(axis=1)"
CASES = "random_matrices(shapes=[(2, 3), (5, 40), (1, 4)])"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("np.mean(sounds**2, axis=1)\n    ###", "sounds.T.nothing\n    ###", "AttributeError"),
        (
            "lambda sounds: sounds.mean(axis=1)",
            "lambda s: np.mean(s**2, axis=1)",
            "the mistake not-squared passes: no input tells",
        ),
        (
            "lambda sounds: sounds.mean(axis=1)",
            "lambda s: np.mean(s**2)",
            "the mistake one-number reads as not-squared",
        ),
        (BEGIN + "    #: ...\n", "", "the reference reads as an untouched stub"),
        ("    #: letter = ...\n", '    #: letter = "b"\n', "the untouched stub reads 'passed'"),
        ("    #: letter = ...\n", "    #: letter = unknown\n", "the stub does not run: NameError"),
        ("    return letter\n", '    return "b"\n', "must end with `return name`"),
        (CASES, "lambda rng, dtype: []", "draws no input"),
        (CASES, "lambda rng, dtype: 1 / 0", "exam.py, line 16 raised ZeroDivisionError: division by zero"),
    ],
)
def test_what_is_wrong_is_said_and_where(folder, old, new, words):
    found = tried(change(folder, old, new))
    said = "\n".join(found.lines("mine"))
    assert not found.passed
    assert words in said
    assert "cannot be handed out yet" in said


def test_what_is_wrong_with_the_notebook_is_said(folder):
    found = tried(change(folder, 'slug="ex-why-squared" exercise="exam.why_squared"', 'slug="end"', "source/exam.py"))
    words = (
        "exam.py: no cell asks exam.why_squared; write an empty cell "
        '`# %% slug="ex-..." exercise="exam.why_squared"`, or take the exercise out'
    )
    assert found.problems == [words]


def test_a_reference_that_never_ends_is_stopped_by_its_time_limit(folder):
    change(folder, "points=3,\n", "points=3,\n    time_limit=0.2,\n")
    found = tried(change(folder, "    return np.mean(sounds**2, axis=1)\n", "    while True:\n        pass\n"))
    words = "the reference takes longer than the 0.2 s that an answer may take; raise time_limit=, or ask less"
    assert found.reports[0].problems == [words]


def test_files_as_other_editors_save_them(folder):
    registry.add_folder(folder)
    before = hand_out("my-exam")
    for path in (folder / "exam.py", folder / "source" / "exam.py"):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert tried(folder).passed
    assert hand_out("my-exam") == before
    (folder / "source" / "exam.py").write_bytes("# 期末".encode("gbk"))
    assert tried(folder).problems == ["exam.py: byte 2 is no UTF-8; save the file as UTF-8"]


def test_two_exercises_that_ask_for_one_name_are_named(folder):
    second = (folder / "exam.py").read_text(encoding="utf-8").partition("# A choice.")[2].partition("\n")[2]
    second = second.replace("why_squared", "why_again")
    (folder / "exam.py").write_text(
        (folder / "exam.py").read_text(encoding="utf-8") + "\n\n" + second, encoding="utf-8"
    )
    change(
        folder,
        '# %% slug="sounds"',
        '# %% slug="ex-again" exercise="exam.why_again"\n\n# %% slug="sounds"',
        "source/exam.py",
    )
    found = tried(folder)
    assert found.passed
    words = (
        "exam.why_squared, exam.why_again all ask for the name letter; where a platform strips a notebook's metadata, "
        "their answers cannot be told apart. Give each a name of its own"
    )
    assert found.notes == [words]


def test_what_the_reference_needs_and_the_notebook_lacks_is_named(folder):
    found = tried(change(folder, "import numpy as np\n", "import numpy\n", "source/exam.py"))
    assert found.problems == ["the cell sounds uses np, which no cell of the notebook imports or makes"]
    words = (
        "exam.mean_power: the reference uses np, which no cell of the notebook imports or makes; "
        "students have to do it themselves"
    )
    assert found.notes == [words]


def test_a_star_import_may_bring_anything(folder):
    found = tried(change(folder, "import numpy as np\n", "from numpy import *\n", "source/exam.py"))
    assert (found.problems, found.notes) == ([], [])


@pytest.mark.parametrize("chapter", registry.notebook_ids())
def test_no_name_of_the_workbooks_notebooks_is_thought_missing(chapter):
    code = [cell for cell in json.loads(hand_out(chapter))["cells"] if cell["cell_type"] == "code"]
    assert list(trying._lost(code, trying._known(code))) == []


def test_a_wrong_variant_that_passes_and_a_lack_of_mistakes_are_worth_a_look(folder):
    start = '    mistakes=[mistake("squares-are-small"'
    text = (folder / "exam.py").read_text(encoding="utf-8")
    (folder / "exam.py").write_text(re.sub(re.escape(start) + ".*\n", "", text), encoding="utf-8")
    found = tried(
        change(folder, "    return np.mean(sounds**2, axis=1)", "    return np.mean(sounds[:, :99] ** 2, axis=1)")
    )
    said = "\n".join(found.lines("mine"))
    assert found.passed
    assert "worth a look: a changed reference passes too; if it is wrong, add inputs" in said
    assert "99 -> 100" in said
    assert "worth a look: it knows no mistake by name" in said


def test_the_names_asked_for_are_those_of_the_workbook_too():
    assert answer_name(registry.get("pca.why_unnoticed"))
