from itertools import pairwise, permutations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, label_ranking_average_precision_score

from mmlearn_edu.datasets import make_scenes
from mmlearn_edu.evaluation import (
    exact_ceiling,
    mean_average_precision,
    mean_reciprocal_rank,
    median_rank,
    recall_at_k,
)

SCORES = [mean_average_precision, mean_reciprocal_rank, median_rank, lambda s, r=None: recall_at_k(s, 2, r)]
NAMES = ["mAP", "MRR", "median rank", "recall@2"]


def draw(n_queries, n_items, seed=0, dtype=np.float64):
    rng = np.random.default_rng(seed)
    relevant = rng.random((n_queries, n_items)) < 0.3
    relevant[np.arange(n_queries), rng.integers(n_items, size=n_queries)] = True
    return rng.normal(size=(n_queries, n_items)).astype(dtype), relevant


def over_all_orders(scores, relevant):
    """Recall@2, 1 / rank, rank and average precision of one query, averaged over every order of its ties."""
    found = []
    for order in permutations(range(len(scores))):
        if any(scores[a] < scores[b] for a, b in pairwise(order)):
            continue
        places = [place for place, item in enumerate(order, start=1) if relevant[item]]
        precision = np.mean([(i + 1) / place for i, place in enumerate(places)])
        found.append([precision, 1 / places[0], places[0], places[0] <= 2])
    return np.mean(found, axis=0)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.booleans()), min_size=2, max_size=6))
def test_ties_count_as_the_mean_of_all_orders(items):
    scores, relevant = map(np.array, zip(*items, strict=True))
    relevant[0] = True
    expected = over_all_orders(scores, relevant)
    for score, value in zip(SCORES, expected, strict=True):
        assert score([scores], [relevant]) == pytest.approx(value)


@pytest.mark.parametrize("shape", [(40, 5), (6, 50), (1, 9)], ids=["tall", "wide", "one query"])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_without_ties_agrees_with_scikit_learn(shape, dtype):
    scores, relevant = draw(*shape, dtype=dtype)
    expected = np.mean([average_precision_score(r, s) for s, r in zip(scores, relevant, strict=True)])
    assert mean_average_precision(scores, relevant) == pytest.approx(expected)
    assert mean_average_precision(scores, relevant) == pytest.approx(
        label_ranking_average_precision_score(relevant, scores)
    )


@pytest.mark.parametrize("shape", [(40, 5), (6, 50), (1, 9)], ids=["tall", "wide", "one query"])
def test_without_ties_agrees_with_sorting(shape):
    scores, relevant = draw(*shape)
    ranked = np.take_along_axis(relevant, np.argsort(-scores, axis=1), axis=1)
    rank = 1 + ranked.argmax(axis=1)
    assert mean_reciprocal_rank(scores, relevant) == pytest.approx(np.mean(1 / rank))
    assert median_rank(scores, relevant) == np.median(rank)
    for k in range(1, shape[1] + 1):
        assert recall_at_k(scores, k, relevant) == pytest.approx(np.mean(rank <= k))


@pytest.mark.parametrize("score", SCORES, ids=NAMES)
def test_the_order_of_items_is_no_clue(score):
    scores, relevant = draw(30, 8)
    scores = np.round(scores)  # many ties
    moved = np.random.default_rng(1).permutation(8)
    assert score(scores, relevant) == pytest.approx(score(scores[:, moved], relevant[:, moved]))
    assert score(scores[:, :8], relevant) == pytest.approx(score(scores * 1000 + 7, relevant))


def test_equal_scores_earn_chance_and_no_more():
    n = 50
    flat = np.ones((n, n))
    assert [recall_at_k(flat, k) for k in (1, 10, n)] == pytest.approx([1 / n, 10 / n, 1])
    assert median_rank(flat) == pytest.approx((n + 1) / 2)
    assert mean_reciprocal_rank(flat) == pytest.approx(np.mean(1 / np.arange(1, n + 1)))
    assert mean_average_precision(flat) == pytest.approx(mean_reciprocal_rank(flat))


def test_by_hand():
    scores = [[3.0, 2.0, 1.0], [3.0, 2.0, 1.0], [3.0, 2.0, 1.0]]  # places 1, 2, 3
    assert [recall_at_k(scores, k) for k in (1, 2, 3)] == pytest.approx([1 / 3, 2 / 3, 1])
    assert mean_reciprocal_rank(scores) == pytest.approx((1 + 1 / 2 + 1 / 3) / 3)
    assert median_rank(scores) == 2.0
    assert recall_at_k([[1.0, 1.0, 1.0]], 2, [[True, True, False]]) == pytest.approx(1)
    assert recall_at_k([[1.0, 1.0, 1.0]], 1, [[True, True, False]]) == pytest.approx(2 / 3)
    assert mean_average_precision([[2.0, 1.0, 1.0]], [[False, True, False]]) == pytest.approx((1 / 2 + 1 / 3) / 2)
    assert recall_at_k([[5.0]], 1) == mean_average_precision([[5.0]]) == median_rank([[5.0]]) == 1


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 2), min_size=2, max_size=4), st.integers(1, 2))
def test_no_search_by_caption_beats_the_ceiling_and_knowing_the_caption_reaches_it(captions, k):
    answers = list(permutations(range(len(captions)), k))  # what a search may answer to one caption
    searches = product(answers, repeat=3)
    best = max(np.mean([i in search[caption] for i, caption in enumerate(captions)]) for search in searches)
    assert exact_ceiling(captions, k) == pytest.approx(best)
    assert recall_at_k(np.equal.outer(captions, captions), k) == pytest.approx(best)


def test_the_ceiling_of_scenes():
    text = make_scenes(1000).X["text"]
    assert exact_ceiling(text) == len(set(text)) / 1000 < 0.1
    assert exact_ceiling(text, 1000) == 1


def test_ceiling_by_hand():
    captions = ["a"] * 3 + ["b"] * 2 + ["c"]
    assert [exact_ceiling(captions, k) for k in (1, 2, 3, 9)] == pytest.approx([3 / 6, 5 / 6, 1, 1])
    assert exact_ceiling([1.5, 2.5]) == 1
    assert exact_ceiling(["alone"]) == 1


@pytest.mark.parametrize("score", SCORES, ids=NAMES)
def test_says_what_is_wrong(score):
    square = np.zeros((3, 3))
    with pytest.raises(ValueError, match="scores has 2 queries and 3 items, so they are no pairs; pass relevant"):
        score(np.zeros((2, 3)))
    with pytest.raises(ValueError, match=r"relevant must be bool of shape \(3, 3\), got bool of \(2, 3\)"):
        score(square, np.ones((2, 3), dtype=bool))
    with pytest.raises(ValueError, match=r"relevant must be bool of shape \(3, 3\), got int64 of \(3, 3\)"):
        score(square, np.ones((3, 3), dtype=np.int64))
    with pytest.raises(ValueError, match="query 1 has no relevant item; leave such queries out"):
        score(square, np.diag([True, False, True]))
    with pytest.raises(ValueError, match="scores holds 1 NaN"):
        score([[np.nan]])


@pytest.mark.parametrize("k", [0, 4, -1])
def test_says_which_k_are_possible(k):
    with pytest.raises(ValueError, match=rf"k={k} not in 1\.\.3; scores has 3 items"):
        recall_at_k(np.eye(3), k)


def test_ceiling_says_what_is_wrong():
    with pytest.raises(ValueError, match="k=0 is below 1"):
        exact_ceiling(["a"], 0)
    with pytest.raises(ValueError, match=r"the captions must have shape \(n_samples,\) .* got shape \(0,\)"):
        exact_ceiling([])
