import json

import pytest

from mmlearn_edu.checks import journal, registry


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """Give every test a progress file of its own."""
    monkeypatch.setenv("MMLEARN_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(journal, "_memory", [])
    monkeypatch.setattr(journal, "_warned", set())
    return tmp_path / "home"


@pytest.fixture
def half_way():
    """Pass the first chapter, begin the next, guess, recall, and ask for help."""
    first, second, *_ = registry.chapter_ids()
    for exercise in registry.exercises(first):
        journal.record("check", exercise.id, status="passed")
    names = [exercise.id for exercise in registry.exercises(second)]
    for name, status in zip(names, ["passed", "partly", "failed", "checker problem"], strict=False):
        journal.record("check", name, status=status)
    journal.record("hint", names[1], level=1, about="")
    journal.record("solution", names[1])
    guesses = [prediction.id for slug in (first, second) for prediction in registry.predictions(slug)][:4]
    for number, name in enumerate(guesses):
        journal.record("outcome", name, guess="a", right=number % 2 == 1)
    for question, right in zip(registry.questions(first)[:3], (True, False, True), strict=True):
        journal.record("recall", question.id, right=right, answer="a")
    return names


@pytest.fixture
def write_lines(home):
    """Return a function that writes lines of a progress file as they come."""

    def wrote(*lines):
        home.mkdir(parents=True, exist_ok=True)
        text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
        (home / "progress.jsonl").write_text(text, encoding="utf-8")

    return wrote
