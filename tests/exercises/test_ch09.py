"""Chapter 09's own promises, beside what test_every_chapter.py asks of all."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist
from sklearn.linear_model import Ridge

from mmlearn_edu.checks import registry
from mmlearn_edu.checks.learner import verdict_of
from mmlearn_edu.evaluation import recall_at_k
from mmlearn_edu.exercises import ch09_similarity
from mmlearn_edu.similarity import cosine_similarity, top_k
from mmlearn_edu.widgets import move_query


def cases(name, seed):
    return registry.get(f"similarity.{name}").cases(np.random.default_rng(seed), np.float64)


@pytest.mark.parametrize("seed", range(5))
def test_the_references_are_those_of_the_libraries(seed):
    for case in cases("compare_directions", seed):
        if case.raises is None:
            np.testing.assert_allclose(
                ch09_similarity.compare_directions(*case.args), cosine_similarity(*case.args), atol=1e-12
            )
    for case in cases("measure_distances", seed):
        euclid, manhattan = ch09_similarity.measure_distances(*case.args)
        np.testing.assert_allclose(euclid, cdist(*case.args))
        np.testing.assert_allclose(manhattan, cdist(*case.args, "cityblock"))
    for case in cases("pick_top", seed):
        np.testing.assert_array_equal(ch09_similarity.pick_top(*case.args), top_k(*case.args))
    for case in cases("measure_recall", seed):
        assert np.isclose(ch09_similarity.measure_recall(*case.args), recall_at_k(*case.args))


def test_the_words_about_doubling_are_true():
    """Compute each of the nine numbers before and after, for many q and x."""
    rng = np.random.default_rng(0)
    numbers = {
        "dot": lambda q, x: q @ x,
        "cosine": lambda q, x: q @ x / np.linalg.norm(q) / np.linalg.norm(x),
        "Euclid": lambda q, x: np.linalg.norm(q - x),
        "Manhattan": lambda q, x: np.abs(q - x).sum(),
    }
    changes = {
        "q doubled": lambda q, x: (2 * q, x),
        "both doubled": lambda q, x: (2 * q, 2 * x),
        "both + (5, 5)": lambda q, x: (q + 5, x + 5),
    }
    for key, word in ch09_similarity.foresee_changes().items():
        name, change = key.split(", ", 1)
        ratios = []
        for _ in range(20):
            q, x = rng.normal(size=(2, 2))
            ratios.append(numbers[name](*changes[change](q, x)) / numbers[name](q, x))
        found = "same" if np.allclose(ratios, 1) else "doubles" if np.allclose(ratios, 2) else "other"
        assert found == word, key


def test_an_unstable_sort_is_told_of_its_ties():
    def unstable(scores, k):
        return np.array([np.lexsort((np.arange(len(row))[::-1], -row))[:k] for row in scores])

    verdict = verdict_of(registry.get("similarity.pick_top"), unstable, seed=0)
    assert {item.problem for item in verdict.items} >= {"tie"}


@pytest.mark.parametrize("seed", range(5))
def test_other_maps_learned_from_the_known_pairs_pass(seed):
    def by_ridge(texts, images, n_known):
        model = Ridge(1e-3).fit(images[:n_known], texts[:n_known])
        return cosine_similarity(texts[n_known:], model.predict(images[n_known:]))

    def turned_round(texts, images, n_known):
        return by_ridge(texts, images, n_known).T

    exercise = registry.get("similarity.fix_article")
    assert verdict_of(exercise, by_ridge, seed=seed).passed
    assert not verdict_of(exercise, turned_round, seed=seed).passed, "captions are rows, pictures are columns"


def test_the_place_of_the_query_is_the_answer():
    exercise = registry.get("similarity.move_query")
    widget = move_query(ch09_similarity._counts(), ["a", "b", "c", "d", "e"])
    assert verdict_of(exercise, widget).status == "not attempted"
    widget.answer = list(widget.query)
    assert not verdict_of(exercise, widget).passed, "where it starts, cosine and Euclid agree"
    widget.answer = [9.0, 6.0]
    assert verdict_of(exercise, widget).passed


def test_the_right_letters_are_spread():
    letters = [question.answer for question in registry.questions("09-similarity")]
    assert {letter: letters.count(letter) for letter in "abc"} == {"a": 3, "b": 3, "c": 2}
