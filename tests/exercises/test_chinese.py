"""Every chapter speaks Chinese: each of its strings has a twin, and the judge does not notice."""

import ast
import re
import tomllib
from pathlib import Path

import numpy as np
import pytest

from mmlearn_edu.checks import registry
from mmlearn_edu.checks.adapters import adapted
from mmlearn_edu.checks.answerer import InPlace
from mmlearn_edu.checks.drawn import Drawn
from mmlearn_edu.checks.gate import RUBBISH
from mmlearn_edu.checks.judge import judge
from mmlearn_edu.checks.learner import verdict_of

HAN = re.compile(r"[\u4e00-\u9fff]")
SENTENCE = re.compile(r"[A-Za-z]{2,}[,:;]? [A-Za-z`]{2,}")
PHRASE = re.compile(r"(?s)(?=.* ).*\b[A-Za-z]{4,}\b")  # a blank and a word: labels such as "{} samples, {} groups"
FOUND_BY_ID = {"title", "hints", "hints_for", "options"}
NOT_TRANSLATED = {"equivalent_mutants", "section"}  # for authors; a heading of the notebook, which is English
DATA = {"a zero", "a one", "caption {}"}  # what the exercises compute with
DATA |= {"does not broadcast", "already (5, 5)", "{} has {} rows, {} has {}"}  # what widgets and wrong answers return
FOUND_ELSEWHERE = ("CHAPTER", "PREDICTIONS", "QUESTIONS", "TEXTS")  # by id; TEXTS is data
CHAPTERS = registry.chapter_ids()


def path_of(slug):
    return Path(registry._module(slug).__file__)


def twin(slug):
    path = path_of(slug)
    file = path.parent / "zh" / f"{path.stem}.toml"
    assert file.exists(), f"write {file.name}: exercises/zh has the chapter's words in Chinese"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def by_id(slug):
    """Return all that a chapter shows by id, in the shape of its twin."""
    module = registry._module(slug)
    found = {"title": module.CHAPTER.title, "exercise": {}, "prediction": {}, "question": {}}
    for exercise in registry.exercises(slug):
        messages = {mistake.id: mistake.message for mistake in exercise.mistakes}
        special = {key: list(hints) for key, hints in exercise.hints_for.items()}
        own = {
            "title": exercise.title,
            "hints": list(exercise.hints),
            "hints_for": special,
            "options": dict(exercise.options),
            "mistakes": messages,
        }
        found["exercise"][exercise.id] = {name: words for name, words in own.items() if words}
    for kind, things, fields in (
        ("prediction", registry.predictions(slug), ("prompt", "options", "unit", "after")),
        ("question", registry.questions(slug), ("prompt", "options", "why", "wrong")),
    ):
        for thing in things:
            own = {name: getattr(thing, name) for name in fields}
            found[kind][thing.id] = {name: words for name, words in own.items() if words}
    return found


def flat(tree, *names):
    """Yield every string of a tree with the path to it."""
    if isinstance(tree, str):
        yield names, tree
    else:
        for name, part in tree.items() if hasattr(tree, "items") else enumerate(tree):
            yield from flat(part, *names, name)


def own_words(slug):
    """Return what a chapter's file says without an id: labels, laws, details; ``{}`` for what is filled in."""
    tree = ast.parse(path_of(slug).read_text(encoding="utf-8"))
    found = [exercise.task for exercise in registry.exercises(slug) if not exercise.hints]
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in FOUND_ELSEWHERE:
            continue
        decorators = getattr(node, "decorator_list", [])
        found += [text for part in (decorators or [node]) for text in spoken(part)]
    return {text for text in found if PHRASE.match(text) and text not in DATA}


def spoken(node):
    """Yield the strings below `node`, but not docstrings, what an answer raises, and what is found by id."""
    if isinstance(node, ast.Raise) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
        return
    if getattr(node, "arg", "") in FOUND_BY_ID | NOT_TRANSLATED:
        return
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "mistake":
        return
    parts = list(ast.iter_child_nodes(node))
    if isinstance(node, ast.JoinedStr):
        yield "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in parts)
        parts = [part for part in parts if isinstance(part, ast.FormattedValue)]
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    for part in parts:
        yield from spoken(part)


@pytest.mark.parametrize("slug", CHAPTERS)
def test_every_string_has_its_twin_and_no_twin_is_stale(slug):
    theirs = twin(slug)
    words = theirs.pop("words", {})
    missing = [path for path, _ in flat(by_id(slug)) if path not in dict(flat(theirs))]
    stale = [path for path, _ in flat(theirs) if path not in dict(flat(by_id(slug)))]
    assert (missing, stale) == ([], [])
    asked = own_words(slug)
    assert (sorted(asked - set(words)), sorted(text for text in words if PHRASE.match(text) and text not in asked)) == (
        [],
        [],
    )


def facts_of(text):
    """Return what is the same in every language: code between backticks, and numbers."""
    numbers = re.findall(r"(?<![\w.])\.?\d[\d.]*\d|(?<!\w)\d", text.replace(",", " "))
    return sorted(re.findall(r"`[^`]+`", text)), set(numbers)


@pytest.mark.parametrize("slug", CHAPTERS)
def test_code_and_numbers_are_the_same_and_sentences_are_chinese(slug):
    theirs = twin(slug)
    words = theirs.pop("words", {})
    pairs = [(path, text, dict(flat(theirs))[path]) for path, text in flat(by_id(slug))]
    pairs += [("words", text, chinese) for text, chinese in words.items()]
    for path, text, chinese in pairs:
        assert facts_of(text) == facts_of(chinese), f"{path}: {text!r} and {chinese!r}"
        assert text.count("{}") == len(re.findall(r"\{\d?\}", chinese)) or path != "words", text
        if SENTENCE.search(re.sub(r"`[^`]+`|\([^)]*\)", "", text)) and "\n" not in text:
            assert HAN.search(chinese), f"{path} is not Chinese: {chinese!r}"


@pytest.mark.parametrize("slug", CHAPTERS)
def test_the_registry_hands_out_chinese_and_leaves_the_english_alone(slug, monkeypatch):
    english = by_id(slug)
    monkeypatch.setenv("MMLEARN_LANG", "zh")
    theirs = twin(slug)
    theirs.pop("words", None)
    found = by_id(slug)
    assert dict(flat({**found, "title": registry.chapter(slug).title})) == dict(flat(theirs))
    monkeypatch.setenv("MMLEARN_LANG", "en")
    assert by_id(slug) == english


def answers(exercise):
    """Return the right answer, every named mistake, and some rubbish."""
    made = [exercise.reference, *(mistake.function for mistake in exercise.mistakes)]
    rubbish = [(lambda value: lambda *args, **kwargs: value)(RUBBISH[name]()) for name in ("nan", "text", "empty list")]
    return [*made, *rubbish]


def verdict_on(drawn, function):
    exercise = drawn.exercise
    if exercise.is_called:
        return judge(exercise, InPlace(adapted(exercise, function)), drawn.seed, hidden=True, drawn=drawn)
    (case, *_) = exercise.cases(np.random.default_rng(0), np.float64)
    return verdict_of(exercise, function(*case.args, **case.kwargs), drawn.seed)


def facts_about(verdict):
    """Return what is the same in every language."""
    items = [(item.id, item.problem, item.points, item.earned) for item in verdict.items]
    return verdict.status, verdict.score, list(verdict.diagnosis), items


@pytest.mark.parametrize("exercise_id", [one.id for slug in CHAPTERS for one in registry.exercises(slug)])
def test_the_judge_is_the_same_and_speaks_chinese(exercise_id, monkeypatch):
    found = {}
    for language in ("en", "zh"):
        monkeypatch.setenv("MMLEARN_LANG", language)
        drawn = Drawn(registry.get(exercise_id), seed=5)
        found[language] = [verdict_on(drawn, function) for function in answers(drawn.exercise)]
    for english, verdict in zip(found["en"], found["zh"], strict=True):
        assert facts_about(english) == facts_about(verdict)
        said = [verdict.notes, [item.message for item in verdict.items], [item.label for item in verdict.items]]
        for text in (text for part in said for text in part):
            assert HAN.search(text) or not SENTENCE.search(text), text


def test_words_without_a_twin_stay_english():
    from mmlearn_edu.checks.translation import Twin

    some = Twin({"words": {"{} of {}": "{1} 里的 {0}", "{} groups of {}": "{} 组，每组 {}", "two": "两个"}})
    assert some.said("3 of 4") == "4 里的 3"
    assert some.said("two groups of a (b)") == "两个 组，每组 a (b)"
    assert some.said("nothing known") == "nothing known"
    assert some.said("training") == "训练"
    exercise = registry.get("pca.center")
    assert some.exercise(exercise).hints == exercise.hints
    assert some.exercise(exercise).mistakes == list(exercise.mistakes)


def test_a_shape_within_a_label_is_one_thing(monkeypatch):
    monkeypatch.setenv("MMLEARN_LANG", "zh")
    said = registry.get("kmeans.fix_article").said
    assert said("8 pictures of shape (2, 2, 1), 2 classes") == "8 幅形状为 (2, 2, 1) 的图像，2 个类别"
