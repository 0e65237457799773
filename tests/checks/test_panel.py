"""What the side panel is told: every status has a sign, a word and a sentence, in both languages."""

import json

import pytest

from mmlearn_edu.checks import journal, panel, registry
from mmlearn_edu.checks.registry import ChapterError
from mmlearn_edu.checks.verdict import STATUSES


def exercise(found, wanted):
    return next(one for chapter in found["chapters"] for one in chapter["exercises"] if one["id"] == wanted)


def test_nothing_done_yet():
    found = panel.facts({})
    assert [chapter["id"] for chapter in found["chapters"]] == registry.chapter_ids()
    assert {one["status"] for chapter in found["chapters"] for one in chapter["exercises"]} == {"not-attempted"}
    first = found["chapters"][0]
    assert (first["passed"], first["begun"], first["minutes"]) == (0, False, "45 min")
    assert found["next"]["chapter"] == "00-start-here"
    assert found["next"]["exercise"] == first["exercises"][0]["id"]
    assert found["kept"][-1] == "Recall is due in 00-start-here: 3 to answer."
    json.dumps(found)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_status_has_a_sign_and_words_of_its_own(monkeypatch, language):
    monkeypatch.setenv("MMLEARN_LANG", language)
    told = []
    for status in STATUSES:
        journal.record("check", "pca.center", status=status)
        told.append(exercise(panel.facts({}), "pca.center"))
        monkeypatch.setenv("MMLEARN_HOME", str(journal.home().with_name(f"after {status}")))
    for part in ("sign", "word", "spoken", "status"):
        assert len({one[part] for one in told}) == len(STATUSES)
    assert set(panel.SIGNS) == {*STATUSES, "stale"}


def test_a_status_of_a_newer_version_is_a_problem_and_no_error():
    journal.record("check", "pca.center", status="brilliant")
    assert exercise(panel.facts({}), "pca.center")["sign"] == "!"


def test_a_chapter_in_numbers_and_in_words():
    journal.record("check", "pca.center", status="passed")
    journal.record("check", "pca.inverse", status="failed")
    chapter = next(one for one in panel.facts({})["chapters"] if one["id"] == "08-pca")
    assert (chapter["passed"], chapter["begun"], chapter["share"], chapter["count"]) == (1, True, "1 of 9", "1 of 9")


def test_a_chapter_that_cannot_be_loaded_says_so_and_the_others_are_told(monkeypatch):
    def broken(slug):
        if slug == "08-pca":
            raise ChapterError("chapter 08-pca cannot be loaded")
        return real(slug)

    real = registry._module
    monkeypatch.setattr(registry, "_module", broken)
    chapters = {chapter["id"]: chapter for chapter in panel.facts({})["chapters"]}
    assert chapters["08-pca"]["title"] == "chapter 08-pca cannot be loaded"
    assert (chapters["08-pca"]["total"], chapters["08-pca"]["exercises"]) == (0, [])
    assert chapters["10-kmeans"]["exercises"]


def test_when_all_is_done_there_is_nowhere_to_go():
    for slug in registry.chapter_ids():
        for one in registry.exercises(slug):
            journal.record("check", one.id, status="passed")
    assert panel.facts({})["next"] == {"words": "Every exercise is passed."}


def test_an_empty_panel_has_all_the_words(monkeypatch):
    monkeypatch.setenv("MMLEARN_LANG", "zh")
    found = panel.empty("出错了")
    assert (found["language"], found["notes"], found["chapters"]) == ("zh-Hans", ["出错了"], [])
    assert found["words"] == panel.facts({})["words"]
