"""Equal answers are found whatever their names and layout, and what everybody writes is nobody's copy."""

import ast
import functools
import json
import random
import re
import sys
import textwrap
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmlearn_edu.checks import registry
from mmlearn_edu.checks.source import solution_source, stub_source
from mmlearn_edu.grading.alike import fingerprint, normalised, runs, tokens
from mmlearn_edu.grading.copies import Copies, find_copies, freedom
from mmlearn_edu.grading.engine import Grader
from mmlearn_edu.grading.near_copies import near_pairs
from mmlearn_edu.grading.sandbox import Limits
from mmlearn_edu.grading.submission import read_submission

ROOT = Path(__file__).parents[2]
WRONG = tomllib.loads((ROOT / "tests/exercises/wrong_answers/08-pca.toml").read_text(encoding="utf-8"))
AXES = """
def fit_axes(X, k):
    # 1 centre
    centred = X - np.mean(X, axis=0)
    # 2 to 4 by singular values
    U, s, Vt = np.linalg.svd(centred, full_matrices=False)
    biggest = s[:k] ** 2
    return Vt[:k], biggest / (X.shape[0] - 1)

check("pca.fit_axes", fit_axes)
"""


def renamed(source, **names):
    return re.sub(r"\b(" + "|".join(names) + r")\b", lambda found: names[found[0]], source)


DISGUISES = {
    "names": renamed(AXES, X="data", k="n", centred="c", biggest="big", s="singular", U="_", Vt="V"),
    "comments": re.sub("#.*", "# mine", AXES),
    "no comments": re.sub(" *#.*\n", "", AXES),
    "layout": AXES.replace("    ", "\t")
    .replace(" ** 2", "**2")
    .replace("np.mean(X, axis=0)", "( np.mean(X,\n\t\taxis = 0) )"),
    "docstring": AXES.replace("# 1 centre", '"""Mine."""'),
    "types": AXES.replace("(X, k):", "(X: np.ndarray, k: int = None) -> tuple:").replace(" = None", ""),
    "typed variable": AXES.replace("centred =", "centred: np.ndarray ="),
    "check": AXES.replace('check("pca.fit_axes", fit_axes)', 'hint("pca.fit_axes")'),
    "line ends": AXES.replace("    U", "    U ").replace("biggest = s", "biggest = \\\n  s"),
    "commands": "%matplotlib inline\n!pip install numpy\n" + AXES,
    "texts": AXES.replace("    U", "    'a remark'\n    U"),
}


@pytest.mark.parametrize("disguise", DISGUISES)
def test_a_disguise_changes_nothing(disguise):
    assert DISGUISES[disguise] != AXES
    assert fingerprint(DISGUISES[disguise]) == fingerprint(AXES) != ""


DIFFERENT = [
    AXES.replace("axis=0", "axis=1"),
    AXES.replace("- 1", "+ 1"),
    AXES.replace("np.mean", "np.median"),
    AXES.replace("[:k] **", "[k:] **"),
    AXES.replace("Vt[:k], biggest", "U[:k], biggest"),
    renamed(AXES, k="X", X="k"),
    AXES.replace("biggest = s[:k] ** 2\n    return Vt[:k], biggest", "return Vt[:k], s[:k] ** 2"),
]


def test_what_the_code_does_is_kept():
    prints = [fingerprint(source) for source in [AXES, *DIFFERENT]]
    swapped = prints.index(prints[-2])
    assert len(set(prints)) == len(prints) - (swapped == 0)  # names swapped throughout are the same code


def test_by_hand():
    assert normalised("def f(a, b=np):\n    c = a.b(axis=b)\n    return g(c)") == (
        "def $0($1, $2=np):\n    $3 = $1.b(axis=$2)\n    return g($3)"
    )
    assert normalised("import numpy as n\nfor i in n.x: pass") == "import numpy as $0\nfor $1 in $0.x:\n    pass"
    assert normalised("def f(a): return a\nf(a=1)") == "def $0($1):\n    return $1\n$0($1=1)"
    assert normalised("check('a', b)\n'text'\npass") == ""
    assert fingerprint("check('a', b)") == fingerprint("") == fingerprint("# nothing") == ""


def test_no_python_is_compared_by_its_words():
    assert fingerprint("def f(:\n  retrun x") == fingerprint("def g( :\n\tretrun   y  # mine") != ""
    assert fingerprint("def f(:\n  retrun x") != fingerprint("def f(:\n  retrun x + 1")


@pytest.mark.parametrize(
    "hard", ["(" * 90, "-" * 5000 + "x", "x" + "[0]" * 5000, "\0", "\ud800", "'''" * 9, "lambda: " * 90]
)
def test_hard_sources_end(hard):
    assert isinstance(fingerprint(hard), str)


def test_tokens_by_hand():
    assert " ".join(tokens("mean = X.mean(axis=0) # m")) == "V = V . mean ( V = 0 )"
    assert " ".join(tokens("def f(a):\n  return f(a) + np.sum(a) ** 2")) == (
        "def V ( V ) : return V ( V ) + V . sum ( V ) ** 2"
    )
    assert tokens("'a' + \"b\" + '''c\n'd' '''") == ["S", "+", "S", "+", "S"]
    assert " ".join(tokens("n = X.shape[0]")) == "V = V . shape [ 0 ]"
    assert tokens("") == []
    assert tokens('a = "open\nb') == ["V", "=", "S", "V"]
    assert len(tokens('"' + '\\"' * 100_000)) == 1  # in the time of one look at it, not of one from every quote


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="abX019 \n\t'\"\\#()[].=+-*:,\ud800名", max_size=60))
def test_any_text_has_tokens_and_a_fingerprint(text):
    assert all(tokens(text))
    assert re.fullmatch("([0-9a-f]{16})?", fingerprint(text))


def test_every_source_of_ours_survives_renaming():
    """Its names numbered, code is still code, and doing it twice changes nothing more."""
    for exercise in registry.exercises("08-pca"):
        once = normalised(solution_source(exercise))
        assert "$0" in once
        ast.parse(once.replace("$", "v"))
        assert normalised(once.replace("$", "v")) == once


# ------------------------------------------------------------------------------------------------- the whole class

TITLES = {exercise.id: exercise.title for exercise in registry.exercises("08-pca")}


@functools.cache
def head(exercise):
    return stub_source(registry.get(exercise)).split("\n")[0]


def answer(exercise, number):
    """One of the things that learners typed, in a cell."""
    blocks = WRONG[exercise]
    code = blocks[number % len(blocks)]["code"].strip("\n")
    if registry.get(exercise).is_called and not code.startswith("def "):
        code = head(exercise) + "\n" + textwrap.indent(code, "    ")
    return f"{code}\nmine = {number}\n"


def result(student, answers, sha256="", status="failed", name=""):
    rows = [
        {
            "id": one,
            "title": TITLES.get(one, one),
            "status": status,
            "fingerprint": fingerprint(code),
            "runs": runs(code),
        }
        for one, code in answers.items()
    ]
    name = name or student.replace(" ", "-")
    who = {"submission": name, "student": student}
    return who | {"status": "graded", "sha256": sha256, "chapter": "08-pca", "exercises": rows}


@functools.cache
def class_of(count):
    """Everybody answers every exercise in their own way."""
    return [result(f"s{n}", {one: answer(one, n) for one in TITLES}, sha256=str(n)) for n in range(count)]


def test_own_answers_are_no_copies():
    assert find_copies(class_of(30)) == []
    assert find_copies([]) == []


def test_a_copy_under_other_names_is_found():
    others = class_of(30)
    copies = [result("Ada", {"pca.fit_axes": AXES}), result("Bob", {"pca.fit_axes": DISGUISES["names"]})]
    (found,) = find_copies([*others, *copies])
    assert isinstance(found, Copies)
    assert (found.submissions, found.exercises) == (("Ada", "Bob"), ("pca.fit_axes",))
    assert found.title == TITLES["pca.fit_axes"]
    assert found.wrong == ("pca.fit_axes",)
    assert not found.same_file
    assert TITLES["pca.fit_axes"] in found.words
    assert "read both" in found.words


def test_what_most_of_a_class_writes_is_no_copy():
    few = [result(f"t{n}", {"pca.fit_axes": AXES}) for n in range(3)]
    assert [one.submissions for one in find_copies(class_of(30) + few)] == [("t0", "t1", "t2")]
    many = [result(f"t{n}", {"pca.fit_axes": AXES}) for n in range(4)]
    assert find_copies(class_of(30) + many) == []
    assert len(find_copies(class_of(200) + many)[0].submissions) == 4  # four of 204 are rare


def test_the_published_solution_and_the_skeleton_are_no_copies():
    for source in (solution_source, stub_source):
        same = {exercise.id: source(exercise) for exercise in registry.exercises("08-pca")}
        assert find_copies(class_of(30) + [result(name, same, sha256="s") for name in ("Ada", "Bob")]) == []


@pytest.mark.parametrize("exercise", ["pca.center", "pca.transform", "pca.turn_axis", "pca.why_unnoticed"])
def test_where_little_is_written_equality_says_nothing(exercise):
    same = [result(name, {exercise: AXES}, sha256="s") for name in ("Ada", "Bob")]
    assert find_copies(class_of(30) + same) == []


def test_three_answers_of_middle_length_together():
    middle = ["pca.inverse", "pca.components_for", "pca.fix_article"]
    for count, expected in ((2, 0), (3, 1)):
        same = dict.fromkeys(middle[:count], AXES)
        found = find_copies(class_of(30) + [result(name, same, status="passed") for name in ("Ada", "Bob")])
        assert len(found) == expected
    assert found[0].exercises == tuple(middle)
    assert found[0].wrong == ()


def test_the_same_file_under_two_names():
    same = {"pca.inverse": AXES}
    (found,) = find_copies(class_of(30) + [result(name, same, sha256="same") for name in ("Ada", "Bob")])
    assert found.same_file
    assert "to the byte" in found.words


def test_several_hand_ins_of_one_student_are_no_copies():
    same = [result("Ada", {"pca.fit_axes": AXES}, "s", name=f"Ada_{n}") for n in range(2)]
    assert find_copies(class_of(30) + same) == []
    (found,) = find_copies(class_of(30) + same + [result("Bob", {"pca.fit_axes": AXES}, "t")])
    assert found.submissions == ("Ada_0", "Ada_1", "Bob")


def test_what_was_not_judged_does_not_count():
    same = [result(name, {"pca.fit_axes": AXES}, "s", status="not attempted") for name in ("Ada", "Bob")]
    assert find_copies(class_of(30) + same) == []
    unreadable = [result(name, {}, "s") | {"status": "unreadable"} for name in ("Ada", "Bob")]
    assert find_copies(class_of(30) + unreadable) == []


def test_groups_that_share_a_student_are_one():
    rest = {"pca.train_only_fit": AXES}
    axes = {"pca.fit_axes": AXES}
    found = find_copies([*class_of(30), result("Ada", axes), result("Bob", axes | rest), result("Carl", rest)])
    assert [one.submissions for one in found] == [("Ada", "Bob", "Carl")]
    assert set(found[0].exercises) == {"pca.fit_axes", "pca.train_only_fit"}


def test_a_teachers_own_exercises_count_as_middle():
    rows = {f"own.{n}": AXES for n in range(3)}
    assert len(find_copies(class_of(30) + [result(name, rows) for name in ("Ada", "Bob")])) == 1
    assert find_copies(class_of(30) + [result(name, {"own.1": AXES}) for name in ("Ada", "Bob")]) == []
    unknown = [result(name, rows) | {"chapter": "my-own"} for name in ("Ada", "Bob")]
    assert len(find_copies(unknown)) == 1


def test_the_order_of_the_class_changes_nothing():
    everybody = class_of(30) + [result(f"t{n}", {"pca.fit_axes": AXES, "pca.inverse": AXES}) for n in range(3)]
    found = find_copies(everybody)
    random.Random(0).shuffle(everybody)
    assert {one.submissions for one in find_copies(everybody)} == {one.submissions for one in found} != set()


def test_freedom_is_what_the_solution_adds():
    room = {exercise.id: freedom(exercise) for exercise in registry.exercises("08-pca")}
    assert room["pca.why_unnoticed"] == room["pca.turn_axis"] == 0
    assert room["pca.center"] < 8 <= room["pca.components_for"] < 40 <= room["pca.fit_axes"]


@pytest.fixture(scope="module")
def grader():
    with Grader("08-pca", seed=1, limits=Limits(cell=10, submission=120)) as made:
        yield made


def test_from_notebooks_to_copies(grader):
    """The sandbox takes the fingerprints; the solution and the hand-out are nobody's copy."""
    solution = (ROOT / "notebooks/solutions/08-pca.ipynb").read_bytes()
    hand_out = json.loads((ROOT / "notebooks/08-pca.ipynb").read_text(encoding="utf-8"))
    (cell,) = [cell for cell in hand_out["cells"] if cell["id"] == "ex-fit-axes"]
    files = {"Ada": solution, "Bob": solution, "Carl": json.dumps(hand_out).encode()}
    for student, disguise in (("Dora", "names"), ("Emil", "docstring")):
        cell["source"] = DISGUISES[disguise]
        files[student] = json.dumps(hand_out).encode()
    results = [grader.grade(read_submission(data, who, who, f"{who}.ipynb")) for who, data in files.items()]
    prints = {(one["submission"], row["id"]): row["fingerprint"] for one in results for row in one["exercises"]}
    assert all(prints["Ada", one.id] == fingerprint(solution_source(one)) for one in registry.exercises("08-pca"))
    assert not any(prints["Carl", exercise] for exercise in TITLES)
    assert [(one.submissions, one.exercises) for one in find_copies(results)] == [(("Dora", "Emil"), ("pca.fit_axes",))]
    assert find_copies(results)[0].wrong == ()


# ----------------------------------------------------------------------------------------------------- near copies


def own_code(seed, count=60):
    """A page of code that nobody else writes."""
    draw = random.Random(seed)
    calls = ["np.sum", "np.mean", "np.sort", "np.diff", "np.cumsum", "abs", "np.sqrt", "np.exp", "np.outer"]
    signs = "+-*/@"
    lines = [f"v{n} = {draw.choice(calls)}(v{n - 1}) {draw.choice(signs)} {draw.randint(0, 99)}" for n in range(count)]
    return "\n".join(lines)


def edited(source):
    """Other names, a line more, another less, one in two changed a little at the end, and the halves exchanged."""
    lines = renamed(source, v3="mine", v4="yours").split("\n")
    lines[5:6] = ["print(1)", "print(2)"]
    lines[-8::2] = [line + " + 1" for line in lines[-8::2]]
    return "\n".join(lines[30:] + lines[:30])


def writes(student, code, exercise="pca.inverse"):
    return result(student, {exercise: code}, sha256=student)


def test_runs_by_hand():
    assert runs("a = b") == []  # three words
    assert all(number % 4 == 0 for number in runs(own_code(0)))
    assert runs(own_code(0)) == runs(renamed(own_code(0), v1="x", v2="y")) == sorted(set(runs(own_code(0))))
    words = len(tokens(own_code(0, 150)))
    assert 0.2 * words < len(runs(own_code(0, 150))) < 0.3 * words
    assert len(runs(own_code(0, 2000))) == 500


def test_an_edited_copy_is_near():
    everybody = [writes(f"s{n}", own_code(n)) for n in range(20)]
    assert find_copies(everybody) == []
    (found,) = find_copies([*everybody, writes("zoe", edited(own_code(0)), "pca.fit_axes")])
    assert found.submissions == ("s0", "zoe")
    assert set(found.exercises) == {"pca.inverse", "pca.fit_axes"}
    assert re.search(r"^[6789]\d% of what is unusual", found.words)
    assert "read both" in found.words
    assert TITLES["pca.inverse"] in found.words
    assert (found.wrong, found.same_file) == ((), False)


def test_what_is_half_the_same_is_not_near():
    half = own_code(0).split("\n")[:20] + own_code("other").split("\n")[20:]
    assert find_copies([writes("a", own_code(0)), writes("b", "\n".join(half))]) == []


def test_what_many_write_is_not_near():
    for few, expected in ((3, 1), (4, 0)):
        edits = [own_code("popular"), edited(own_code("popular")), own_code("popular") + "\nx = 1"]
        class_ = [writes(f"s{n}", edits[n % 3] if n < few else own_code(n)) for n in range(20)]
        assert (len(find_copies(class_)) > 0) == expected


def test_a_short_exercise_is_not_near():
    everybody = [writes(f"s{n}", own_code(n), "pca.center") for n in range(9)]
    assert find_copies([*everybody, writes("zoe", edited(own_code(0)), "pca.center")]) == []


def test_a_changed_solution_is_not_near():
    (train,) = [exercise for exercise in registry.exercises("08-pca") if exercise.id == "pca.train_only_fit"]
    mine = [solution_source(train) + f"\nx = {n}" for n in range(2)]
    assert runs(mine[0])
    assert find_copies([writes(f"s{n}", code, train.id) for n, code in enumerate(mine)]) == []


def test_a_pair_that_is_the_same_is_listed_once():
    everybody = [writes(f"s{n}", own_code(n)) for n in range(20)]
    (found,) = find_copies([*everybody, writes("zoe", renamed(own_code(0), v3="x"), "pca.inverse") | {"sha256": "s0"}])
    assert found.same_file


def test_results_without_runs():
    """Written by an older version."""
    old = [writes(f"s{n}", own_code(n // 2) + f"\nx = {n}") for n in range(4)]
    assert len(find_copies(old)) == 2
    for one in old:
        del one["exercises"][0]["runs"]
    assert find_copies(old) == []


def test_pairs_by_hand():
    theirs = {"a": {1, 2, 3, 4}, "b": {3, 4, 5, 6, 7}, "c": {1, 8}, "d": {1, 9}}
    assert near_pairs(theirs, few=2, least=2, alike=0.5) == {("a", "b"): 2 / 3}  # of 2, 3, 4; three wrote 1
    assert near_pairs(theirs, few=2, least=3, alike=0.5) == near_pairs(theirs, few=2, least=2, alike=0.7) == {}
    assert near_pairs({}, 3) == near_pairs({"a": set(), "b": set()}, 3) == {}


def test_runs_never_parse(monkeypatch):
    def refused(*_, **__):
        raise AssertionError("student code was compiled")

    monkeypatch.setattr(sys.modules["builtins"], "compile", refused)
    assert runs(own_code(0))


def test_json(monkeypatch):
    """What is found can be written, in both languages."""
    monkeypatch.setenv("MMLEARN_LANG", "zh")
    (found,) = find_copies(class_of(9) + [result(name, {"pca.fit_axes": AXES}, "s") for name in ("王芳", "李娜")])
    assert "谈话之前" in json.dumps(found.words, ensure_ascii=False)
