"""Help in the chapters: the section that explains an exercise, and hints about what failed."""

import re
from pathlib import Path

import numpy as np
import pytest

from mmlearn_edu.checks import check, hint, journal, registry

SOURCES = Path(__file__).parents[2] / "notebooks" / "source"
EXERCISES = [(slug, exercise) for slug in registry.chapter_ids() for exercise in registry.exercises(slug)]


@pytest.mark.parametrize(("slug", "exercise"), EXERCISES, ids=lambda each: getattr(each, "id", each))
def test_the_section_is_a_heading_above_the_exercise(slug, exercise):
    text = (SOURCES / f"{slug.replace('-', '_')}.py").read_text(encoding="utf-8")
    above, _, _ = text.partition(f'exercise="{exercise.id}"')
    slug, heading = exercise.section
    cell = above.partition(f'# %% [markdown] slug="{slug}"\n')[2].partition("# %%")[0]
    assert heading in re.findall(r"^# ##+ (.+)$", cell, re.MULTILINE)


ONE_QUESTION = "one question with one answer: each wrong letter has its own words, and nothing else can fail"
NO_HINTS_OF_THEIR_OWN = {
    "start.why_silent": ONE_QUESTION,
    "tfidf.why_unnoticed": ONE_QUESTION,
    "images.why_unnoticed": ONE_QUESTION,
    "cnn.why_unnoticed": ONE_QUESTION,
    "sound.why_unnoticed": ONE_QUESTION,
    "video.why_unnoticed": ONE_QUESTION,
    "pca.why_unnoticed": ONE_QUESTION,
    "similarity.why_unnoticed": ONE_QUESTION,
    "kmeans.why_unnoticed": ONE_QUESTION,
    "fusion.why_unnoticed": ONE_QUESTION,
    "evaluation.why_unnoticed": ONE_QUESTION,
    "autoencoder.why_unnoticed": ONE_QUESTION,
}


@pytest.mark.parametrize(("slug", "exercise"), EXERCISES, ids=lambda each: getattr(each, "id", each))
def test_what_failed_has_hints_of_its_own(slug, exercise):
    """Write ``hints_for`` where learners can fail in different ways; list the others here, with the reason."""
    assert bool(exercise.hints_for) != (exercise.id in NO_HINTS_OF_THEIR_OWN), NO_HINTS_OF_THEIR_OWN.get(exercise.id)
    for key, hints in exercise.hints_for.items():
        assert len(hints) == 3, key
        assert all(len(hint.split()) <= 160 for hint in hints), key


def test_the_hints_of_a_failure_are_not_the_general_ones():
    for _, exercise in EXERCISES:
        for key, hints in exercise.hints_for.items():
            assert hints[0] != exercise.hints[0], f"{exercise.id}: {key}"


def test_what_failed_chooses_the_hints_and_the_general_ones_come_afterwards(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("MMLEARN_HOME", str(tmp_path))

    def no_empty_group(X, labels, centroids):
        moved = centroids.copy()
        for c in range(len(centroids)):
            members = X[labels == c]
            moved[c] = members.mean(axis=0) if len(members) else np.nan
        return moved

    check("kmeans.update", no_empty_group)
    said = []
    for _ in range(4):
        capsys.readouterr()
        hint("kmeans.update")
        said.append(capsys.readouterr().out)
    assert "Hint 1 of 3" in said[0]
    assert "What is the mean of no rows?" in said[0]
    assert "if len(members) > 0" in said[2]
    assert "Hint 1 of 3" in said[3]
    assert "Take one group at a time" in said[3]
    assert [entry["about"] for entry in journal.read() if entry["event"] == "hint"] == ["nan"] * 3 + [""]


@pytest.mark.parametrize(("slug", "exercise"), EXERCISES, ids=lambda each: getattr(each, "id", each))
def test_the_title_says_what_is_learnt_in_a_few_words(slug, exercise):
    assert 5 < len(exercise.title) < 60, "give it title=; the progress page lists what was learnt by these"
    assert not exercise.title.endswith(".")
