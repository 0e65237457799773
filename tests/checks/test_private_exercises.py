"""A teacher's own folder: known by name beside the workbook's chapters, in none of its lists, and met with words."""

import inspect
import pickle
import sys

import pytest

from mmlearn_edu.checks import progress, registry
from mmlearn_edu.checks.gate import gate
from mmlearn_edu.checks.source import answer_name, solution_source, stub_source

EXAM = '''\
"""An exam."""

from dataclasses import dataclass

from mmlearn_edu.checks.authoring import case, chapter, exercise, mistake, prediction, random_matrices

CHAPTER = chapter("exam-1", "Midterm", minutes=20)

PREDICTIONS = [prediction(id="exam.guess", prompt="How much?", options={"a": "little", "b": "much"})]


@dataclass
class Pair:
    left: int


@exercise(
    "exam.largest",
    cases=random_matrices([(3, 2), (5, 4)]),
    mistakes=[mistake("columns", lambda X: X.max(axis=0), "That is one number per column.")],
)
def largest(X):
    """Return the largest number of each row of X, (n_samples, n_features)."""
    ### BEGIN SOLUTION
    return X.max(axis=1)
    ### END SOLUTION


@exercise("exam.why", kind="choice", options={"a": "rows", "b": "columns"})
def why():
    """Along what?"""
    ### BEGIN SOLUTION
    #: answer = ...
    answer = "a"
    ### END SOLUTION
    return answer


@exercise("exam.box", kind="module", cases=lambda rng, dtype: [case()])
class Box:
    """A class."""

    ### BEGIN SOLUTION
    size = 1
    ### END SOLUTION
'''


@pytest.fixture(autouse=True)
def _forgotten():
    """Leave no chapter behind."""
    with registry.folder(None):
        yield


def write(folder, name="exam.py", text=EXAM, source="# %% slug='a'\n"):
    (folder / "source").mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    if source is not None:
        (folder / "source" / name).write_text(source, encoding="utf-8")
    return folder


def test_its_chapters_are_known_by_name(tmp_path):
    folder = write(tmp_path / "期末 考试", "期末 一.py")
    assert registry.add_folder(str(folder)) == ["exam-1"] == registry.added_ids()
    assert registry.chapter("exam-1").title == "Midterm"
    assert [one.id for one in registry.exercises("exam-1")] == ["exam.largest", "exam.why", "exam.box"]
    assert registry.get("exam.largest").topic == "exam"
    assert registry.prediction("exam.guess").prompt == "How much?"
    assert registry.questions("exam-1") == ()
    assert registry.broken("exam-1") == ""
    assert registry.chapter_of("exam.why") == "exam-1"
    assert registry.earlier("exam-1") == registry.chapter_ids()
    assert registry.source_of("exam-1") == folder / "source" / "期末 一.py"
    assert registry.source_of("08-pca") is None
    with pytest.raises(LookupError, match=r"did you mean exam\.largest"):
        registry.get("exam.largst")
    with pytest.raises(LookupError, match="did you mean exam-1"):
        registry.chapter("exam-2")


def test_stub_solution_and_classes_find_their_source(tmp_path):
    registry.add_folder(write(tmp_path))
    largest, why, box = registry.exercises("exam-1")
    assert stub_source(largest).endswith("    ...\n")
    assert "X.max(axis=1)" in solution_source(largest)
    assert (stub_source(why), answer_name(why)) == ("answer = ...\n", "answer")
    assert stub_source(box) == 'class Box:\n    """A class."""\n\n    ...\n'
    assert inspect.getsourcefile(largest.reference) == str(tmp_path / "exam.py")
    assert pickle.loads(pickle.dumps(largest.reference)) is largest.reference
    assert [gate(one, seeds=2, min_mistakes=0).killed for one in (largest, why)] == [3, 1]


def test_the_workbooks_own_lists_do_not_show_it(tmp_path):
    def lists():
        return registry.chapter_ids(), registry.notebook_ids(), [chapter.id for chapter in progress().chapters]

    before = lists()
    registry.add_folder(write(tmp_path))
    assert lists() == before


def test_nobody_else_can_import_it_and_the_folder_is_left_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    paths = list(sys.path)
    registry.add_folder(write(tmp_path))
    assert sys.path == paths
    with pytest.raises(ModuleNotFoundError):
        __import__("exam")
    assert not any(name.isidentifier() for name in sys.modules if str(tmp_path) in name)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["exam.py", "exam.py", "source"]


def test_without_it_nothing_is_left(tmp_path):
    with registry.folder(write(tmp_path)) as slugs:
        assert slugs == ["exam-1"]
        assert registry.get("exam.why")
    with pytest.raises(LookupError, match="there is no exercise"):
        registry.get("exam.why")
    assert not [name for name in sys.modules if str(tmp_path) in name]


def test_a_folder_that_is_added_again_is_read_anew(tmp_path):
    registry.add_folder(write(tmp_path))
    registry.add_folder(write(tmp_path, text=EXAM.replace("X.max(axis=1)", "1 * X.max(axis=1)")))
    assert "1 * X.max" in solution_source(registry.get("exam.largest"))
    with pytest.raises(registry.FolderError, match="line 1"):
        registry.add_folder(write(tmp_path, text="?"))
    assert sys.modules[registry.get("exam.largest").reference.__module__]
    assert registry.added_ids() == ["exam-1"]


def test_a_second_folder_stands_beside_the_first(tmp_path):
    registry.add_folder(write(tmp_path / "one"))
    other = EXAM.replace("exam", "final")
    assert registry.add_folder(write(tmp_path / "two", text=other)) == ["final-1"]
    assert registry.added_ids() == ["exam-1", "final-1"]
    with pytest.raises(registry.FolderError, match="there is a chapter exam-1 already"):
        registry.add_folder(write(tmp_path / "three"))


def test_its_chinese_lies_in_the_same_place_as_the_workbooks(tmp_path, monkeypatch):
    write(tmp_path)
    (tmp_path / "zh").mkdir()
    words = 'title = "期中"\n[exercise."exam.why".options]\na = "行"\n'
    (tmp_path / "zh" / "exam.toml").write_text(words, encoding="utf-8")
    registry.add_folder(tmp_path)
    monkeypatch.setenv("MMLEARN_LANG", "zh")
    assert registry.chapter("exam-1").title == "期中"
    assert registry.get("exam.why").options == {"a": "行", "b": "columns"}


CHAPTER_LINE = 'CHAPTER = chapter("exam-1", "Midterm", minutes=20)'


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda text: text.replace("import case", "import case case"), r"exam\.py, line 5: this is not Python"),
        (lambda text: text + "\nX = 1 / 0\n", r"exam\.py, line 47 raised ZeroDivisionError: division by zero"),
        (lambda text: text + "\nraise SystemExit(3)\n", r"exam\.py, line 47 raised SystemExit: 3"),
        (
            lambda text: text.replace("import case", "import cse"),
            "line 5 raised ImportError: cannot import name 'cse'",
        ),
        (
            lambda text: text.replace('kind="choice"', 'kind="chioce"'),
            "line 29 raised ValueError: exam.why: kind='chio",
        ),
        (lambda text: text.replace(CHAPTER_LINE, ""), r'names no chapter; .* chapter\("exam", "Midterm", minutes=45\)'),
        (lambda text: text.replace(CHAPTER_LINE, "CHAPTER = 1"), "names no chapter"),
        (lambda text: text.replace('"exam-1"', '"Exam 1"'), "'Exam 1' is no id of a chapter; write small letters"),
        (lambda text: text.replace('"exam-1"', '"../x"'), "is no id of a chapter"),
        (lambda text: text.replace("exam-1", "08-pca"), "there is a chapter 08-pca already"),
        (lambda text: text.replace("exam-1", "90-gallery"), "there is a chapter 90-gallery already"),
        (lambda text: text.partition("@exercise")[0], r"has no exercise: no function carries `@exercise"),
        (lambda text: text.replace('"exam.why"', '"quiz.why"'), r"exam\.largest and quiz\.why do not belong together"),
        (lambda text: text.replace('"exam.why"', '"why"'), "do not belong together"),
        (lambda text: text.replace("exam.guess", "pca.raw_axis"), r"exam\.largest and pca\.raw_axis do not"),
        (lambda text: text.replace('"exam.', '"pca.'), r"the topic pca of pca\.largest belongs to another chapter"),
        (lambda text: text.replace('"exam.why"', '"exam.box"'), r"two exercises have the id exam\.box"),
        (lambda text: text.replace("def why()", "def largest()"), "two exercises are called largest"),
        (lambda text: "# coding: nonsense\n" + text, "this is not Python"),
        (lambda text: text.replace("An exam", "An \0 exam"), "this is not Python"),
        (lambda text: "", "names no chapter"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_in_words(tmp_path, change, words):
    with pytest.raises(registry.FolderError, match=words) as told:
        registry.add_folder(write(tmp_path, text=change(EXAM)))
    assert str(tmp_path / "exam.py") in str(told.value)
    assert registry.added_ids() == []
    assert not [name for name in sys.modules if str(tmp_path) in name]


def test_bytes_that_are_no_text(tmp_path):
    write(tmp_path)
    (tmp_path / "exam.py").write_bytes("标题 = 1".encode("gbk"))
    with pytest.raises(registry.FolderError, match=r"exam\.py, line 1: this is not Python"):
        registry.add_folder(tmp_path)


def test_all_files_are_looked_at_before_anything_is_said(tmp_path):
    write(tmp_path, "a.py", "(")
    write(tmp_path, "b.py", EXAM, source=None)
    write(tmp_path, "c.py", EXAM.replace("exam-1", "exam-2"))
    write(tmp_path, "d.py", EXAM.replace("exam-1", "exam-3"))
    (tmp_path / "zh").mkdir()
    (tmp_path / "zh" / "d.toml").write_text("=", encoding="utf-8")
    write(tmp_path, "_notes.py", "(")
    with pytest.raises(registry.FolderError) as told:
        registry.add_folder(tmp_path)
    first, second, third = str(told.value).splitlines()
    assert "a.py, line 1: this is not Python" in first
    assert f"b.py has no notebook: write {tmp_path / 'source' / 'b.py'}" in second
    assert "d.py: the topic exam of exam.largest belongs to another chapter" in third


def test_a_twin_that_is_no_toml(tmp_path):
    write(tmp_path)
    (tmp_path / "zh").mkdir()
    (tmp_path / "zh" / "exam.toml").write_text("=", encoding="utf-8")
    with pytest.raises(registry.FolderError, match=r"exam\.toml: this is not TOML"):
        registry.add_folder(tmp_path)


@pytest.mark.parametrize(
    ("twin", "words"),
    [
        ('["exam.largest".mistakes]\nfirst = "x"', "the chapter has no exam.largest"),
        ('[exercise."exam.smallest"]\ntitle = "x"', r'no exercise."exam.smallest"'),
        ('[exercise."exam.largest"]\nmessage = "x"', r'no exercise."exam.largest".message'),
        ('[exercise."exam.largest"]\nmistakes.no-such = "x"', r'no exercise."exam.largest".mistakes.no-such'),
        ('[exercise]\n"exam.largest" = 3', "there is a text where a table belongs"),
    ],
)
def test_a_twin_of_something_that_is_not_there(tmp_path, twin, words):
    write(tmp_path)
    (tmp_path / "zh").mkdir()
    (tmp_path / "zh" / "exam.toml").write_text(twin, encoding="utf-8")
    with pytest.raises(registry.FolderError, match=words):
        registry.add_folder(tmp_path)


def test_a_folder_that_is_none(tmp_path):
    with pytest.raises(registry.FolderError, match="there is no folder"):
        registry.add_folder(tmp_path / "nowhere")
    with pytest.raises(registry.FolderError, match="holds no exercises"):
        registry.add_folder(tmp_path)
    (tmp_path / "a.py").write_text("", encoding="utf-8")
    with pytest.raises(registry.FolderError, match="is a file; give the folder"):
        registry.add_folder(tmp_path / "a.py")


def test_in_chinese_too(tmp_path, monkeypatch):
    monkeypatch.setenv("MMLEARN_LANG", "zh")
    with pytest.raises(registry.FolderError, match="第 1 行：这不是 Python 代码"):
        registry.add_folder(write(tmp_path, text="?"))
