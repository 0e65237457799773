"""One catalogue in two languages, and no sentence beside it."""

import ast
import locale
import re
import string
from pathlib import Path

import numpy as np
import pytest
import toys

import mmlearn_edu.checks
from mmlearn_edu.checks import check, hint, messages, predict, progress, recall, reset, show_source, solution, use
from mmlearn_edu.checks.messages import catalogue, language, say
from mmlearn_edu.checks.verdict import STATUSES

ENGLISH, CHINESE = catalogue("en"), catalogue("zh")
CHECKS = Path(mmlearn_edu.checks.__file__).parent
HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture
def chinese(monkeypatch):
    monkeypatch.setenv("MMLEARN_LANG", "zh")


@pytest.fixture
def system(monkeypatch):
    """Return a function that sets the system's language, with nothing else set."""

    def sets(**variables):
        for name in ("MMLEARN_LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
            monkeypatch.delenv(name, raising=False)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)

    return sets


def placeholders(sentence):
    parts = string.Formatter().parse(sentence)
    return sorted(f"{name}!{conversion}:{spec}" for _, name, spec, conversion in parts if name)


def test_both_languages_have_every_sentence():
    assert list(ENGLISH) == list(CHINESE)


@pytest.mark.parametrize("name", ENGLISH)
def test_both_languages_fill_in_the_same_and_quote_the_same_code(name):
    english, chinese = ENGLISH[name], CHINESE[name]
    assert placeholders(english) == placeholders(chinese)
    assert sorted(re.findall("`[^`]+`", english)) == sorted(re.findall("`[^`]+`", chinese))
    if re.search(r"[a-z]{2,} [a-z]{2,}", re.sub(r"\{[^}]*\}", "", english)):
        assert HAN.search(chinese), f"{name} is not translated"


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"MMLEARN_LANG": "zh"}, "zh"),
        ({"MMLEARN_LANG": "zh_CN.UTF-8"}, "zh"),
        ({"MMLEARN_LANG": "zh-Hans"}, "zh"),
        ({"MMLEARN_LANG": " ZH "}, "zh"),
        ({"MMLEARN_LANG": "en", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"MMLEARN_LANG": "", "LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_TW"}, "zh"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LC_MESSAGES": "zh_CN.UTF-8", "LANG": "en_US.UTF-8"}, "zh"),
        ({"LANGUAGE": "fr:zh_CN:en", "LANG": "en_US.UTF-8"}, "zh"),
        ({"LANGUAGE": "en", "LC_ALL": "zh_CN.UTF-8"}, "en"),
    ],
)
def test_the_setting_chooses_and_then_the_system(system, variables, expected):
    system(**variables)
    assert language() == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Chinese (Simplified)_China", "zh"), ("zh_CN", "zh"), ("English_United States", "en"), (None, "en")],
)
def test_without_any_variable_the_locale_is_asked(system, monkeypatch, name, expected):
    system()
    monkeypatch.setattr(locale, "getlocale", lambda: (name, "cp936"))
    assert language() == expected


def test_an_unknown_language_costs_one_warning_and_speaks_english(system, monkeypatch):
    monkeypatch.setattr(messages, "_warned", set())
    system(MMLEARN_LANG="klingon", LANG="zh_CN.UTF-8")
    with pytest.warns(UserWarning, match=r"MMLEARN_LANG='klingon' .* choose one of en, zh") as warned:
        assert [say("passed"), say("failed")] == ["Right.", "Not right yet."]
    assert len(warned) == 1


def test_the_language_may_change_between_two_sentences(monkeypatch):
    said = []
    for name in ("en", "zh", "en"):
        monkeypatch.setenv("MMLEARN_LANG", name)
        said.append(say("passed"))
    assert said == ["Right.", "正确。", "Right."]


# No sentence beside the catalogue

# What learners do not read: the words of the gate, of mutants, and of complaints to a chapter's author.
AUTHORS = {"gate.py", "mutants.py", "authoring.py", "explanations.py"}  # the last has patterns of NumPy's own words
NOT_SHOWN = {
    *STATUSES,
    "your answer",  # an id
    "too large",  # an id
    "(its repr raised ",  # the text of an Opaque, which is compared with nothing and shown nowhere
    "reading it raised ",
}


def sentences(path):
    """Yield every string of two words or more that is no docstring, no markup, no style, and no ValueError's.

    A ValueError of the checks is for authors; learners meet LookupErrors.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"))
    owners = [node for node in ast.walk(tree) if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)]
    passed_over = {id(node.body[0].value) for node in owners if ast.get_docstring(node)}
    raised = [node for node in ast.walk(tree) if isinstance(node, ast.Raise) and "ValueError(" in ast.unparse(node)]
    passed_over |= {id(part) for node in raised for part in ast.walk(node)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in passed_over:
            continue
        if re.search(r"[A-Za-z]{2,}[,:;]? [A-Za-z`]{2,}", node.value) and not re.search(r"[<>;#]|\w:\S", node.value):
            yield node.lineno, node.value


@pytest.mark.parametrize("path", sorted(CHECKS.rglob("*.py")), ids=lambda path: str(path.relative_to(CHECKS)))
def test_no_sentence_is_written_beside_the_catalogue(path):
    if path.name in AUTHORS or path.parent.name == "messages":
        return
    found = [f"{path.name}:{line}: {text!r}" for line, text in sentences(path) if text not in NOT_SHOWN]
    assert not found, "move to messages/en.py and zh.py what a learner reads:\n" + "\n".join(found)


def test_the_search_for_sentences_finds_them(tmp_path):
    file = tmp_path / "some.py"
    file.write_text('"""Not this one."""\nSTYLE = "border:1px solid red"\nsay(f"You chose {1} of them, again")\n')
    assert [text for _, text in sentences(file)] == ["You chose ", " of them, again"]


# All of it in Chinese


def session():
    """Do everything a learner can do with the toys."""
    answers = [lambda X: X - X.mean(), lambda X: None, lambda X: X.T, lambda X: X * np.nan, lambda X: 1 / 0, 3, ...]
    for answer in [*answers, lambda X: X - X.mean(axis=0), toys.center]:
        check("pca.center", answer)
        use("pca.center", answer)
    for _ in range(4):
        hint("pca.center")
    for answer in ({"a": (3, 3)}, {"a": "x", "b": None}, 5, ...):
        check("pca.foresee", answer)
    for letter in (..., "a", "q", "b"):
        check("pca.why", letter)
    for guess in (..., "q", "a", "b"):
        predict("pca.share", guess)
    for guess in (..., "many", 42):
        predict("pca.percent", guess)
    predict("pca.share", result=0.9)
    predict("pca.percent", result=None)
    recall("08-pca", ..., ..., ...)
    recall("08-pca", "b", "a")
    recall("08-pca", "z", ..., "b")
    solution("pca.foresee")
    solution("pca.turn")
    reset("pca.foresee")
    show_source(len)
    return progress()


def test_a_whole_session_in_chinese_has_no_english_sentence(toy_chapter, chinese, capsys):
    found = session()
    shown = capsys.readouterr().out + str(found) + found._repr_html_()
    theirs = {text for path in [Path(toys.__file__)] for _, text in sentences(path)}
    for text in sorted(theirs, key=len, reverse=True):
        shown = shown.replace(text, "")
    english = set(re.findall(r"[A-Za-z]{2,},? [a-z]{2,},? [a-z]{2,}", re.sub(r"<[^>]*>", "", shown)))
    assert not english - {"division by zero", "an array of"}  # Python's words; a label of the toys, who have no twin
    assert len(HAN.findall(shown)) > 500


def test_the_verdict_is_the_same_in_both_languages(toy_chapter, monkeypatch):
    from mmlearn_edu.checks import registry
    from mmlearn_edu.checks.learner import verdict_of

    for answer in (lambda X: X - X.mean(), lambda X: X.T, lambda X: X / 0, lambda X: 1 / 0, lambda X: "no", 3):
        facts = []
        for name in ("en", "zh"):
            monkeypatch.setenv("MMLEARN_LANG", name)
            verdict = verdict_of(registry.get("pca.center"), answer, seed=3)
            items = [(item.id, item.problem, item.points, item.earned) for item in verdict.items]
            facts.append((verdict.status, list(verdict.diagnosis), items))
        assert facts[0] == facts[1]


def test_cards_name_their_language(toy_chapter, chinese):
    from mmlearn_edu.checks.display import Card

    verdict = check("pca.center", lambda X: X)
    for page in (verdict.mime_bundle()["text/html"], Card("a")._repr_html_(), progress()._repr_html_()):
        assert 'lang="zh-Hans"' in page.split(">")[0]
    assert ENGLISH["row-yours"] not in verdict.mime_bundle()["text/html"]


def test_a_locale_that_python_does_not_know_is_english(system, monkeypatch):
    def unknown():
        raise ValueError("unknown locale: UTF-8")

    system()
    monkeypatch.setattr(locale, "getlocale", unknown)
    assert language() == "en"
