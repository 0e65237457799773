"""What chapter 09 claims: its article is at chance, its repair at the ceiling, and its numbers hold over seeds."""

import functools
import re
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import CountVectorizer as SklearnCounts

from mmlearn_edu.checks import registry
from mmlearn_edu.checks.source import stub_source
from mmlearn_edu.datasets import SAMPLING_RATE, load_docstrings, load_spoken_digits, make_scenes
from mmlearn_edu.evaluation import exact_ceiling, recall_at_k
from mmlearn_edu.exercises import ch09_similarity
from mmlearn_edu.features import CountVectorizer, TfidfVectorizer, clip_features, image_features, mfcc_summary
from mmlearn_edu.similarity import cosine_similarity, euclidean_distances, manhattan_distances, top_k
from mmlearn_edu.widgets import nearest_items

SOURCE = Path(__file__).parents[2] / "notebooks" / "source" / "09_similarity.py"
METRICS = {
    "cosine": cosine_similarity,
    "Euclid": lambda X, Y: -euclidean_distances(X, Y),
    "Manhattan": lambda X, Y: -manhattan_distances(X, Y),
}
every_seed = pytest.mark.parametrize("seed", range(5))


@pytest.fixture(scope="module")
def broken():
    """The article's function, as the learner's cell has it."""
    scope = {"np": np, "TruncatedSVD": TruncatedSVD, "cosine_similarity": cosine_similarity}
    exec(stub_source(registry.get("similarity.fix_article")), scope)
    return scope["match"]


@pytest.fixture(scope="module")
def mended():
    return registry.get("similarity.fix_article").reference


@functools.cache
def tables_of(seed):
    """Return the article's two tables."""
    scenes = make_scenes(1000, random_state=seed)
    texts = SklearnCounts(max_features=8, token_pattern=r"\w+").fit_transform(scenes.X["text"]).toarray()
    images = np.log1p(np.abs(np.fft.fft2(scenes.X["image"].mean(axis=3)))).reshape(1000, -1)
    return texts, images


def test_the_first_line_of_the_article_names_both_widths():
    texts, images = tables_of(1)
    with pytest.raises(ValueError, match="n_features=8 and Y has n_features=1024; they must be equal"):
        cosine_similarity(texts, images)


def test_the_listing_of_section_2_scores_as_the_exercise_does(broken):
    _, repair = re.findall(r"```python\n(.*?)# ```", SOURCE.read_text("utf-8"), flags=re.DOTALL)[:2]
    texts, images = tables_of(1)
    scope = {"TruncatedSVD": TruncatedSVD, "cosine_similarity": cosine_similarity, "texts": texts, "images": images}
    exec(re.sub(r"^# ?", "", repair, flags=re.MULTILINE), scope)
    np.testing.assert_allclose(scope["scores"][800:, 800:], broken(texts, images, 800), atol=1e-9)


def test_the_article_is_confident_at_chance_and_the_repair_reaches_the_ceiling(broken, mended):
    found = []
    for seed in range(5):
        texts, images = tables_of(seed)
        scores = broken(texts, images, 800)
        assert scores.max(axis=1).mean() > 0.55, "every caption gets an answer with a high cosine"
        found.append(recall_at_k(scores, 10))
        ceiling = exact_ceiling([str(row) for row in texts[800:]], 10)
        assert 0.55 < ceiling < 0.65
        assert recall_at_k(mended(texts, images, 800), 10) > ceiling - 0.02
    assert max(found) < 0.12
    assert abs(np.mean(found) - 0.05) < 0.03


def test_in_the_notebook_the_article_is_within_what_shuffling_gives(broken):
    scores, rng = broken(*tables_of(1), 800), np.random.default_rng(0)
    shuffled = [recall_at_k(scores[:, rng.permutation(200)], 10) for _ in range(20)]
    assert min(shuffled) <= recall_at_k(scores, 10) <= max(shuffled)


@every_seed
def test_over_all_signs_of_the_axes_the_article_averages_chance(seed):
    texts, images = tables_of(seed)
    eight = TruncatedSVD(8, random_state=0).fit_transform(images)[800:]
    found = [recall_at_k(cosine_similarity(texts[800:], eight * signs), 10) for signs in product([1, -1], repeat=8)]
    assert min(found) < 0.03 < 0.07 < max(found)
    assert abs(np.mean(found) - 0.05) < 0.02


@functools.cache
def spoilt_digits(seed):
    bank = load_spoken_digits().X["image"].reshape(1797, 64).astype(float)
    own = np.arange(0, 1797, 6)
    rng = np.random.default_rng(seed)
    dead = bank[own]
    for row in dead:
        row[rng.choice(64, size=12, replace=False)] = 255
    return bank, own, {"half": bank[own] / 2, "dead": dead, "grain": bank[own] + rng.normal(0, 100, size=(300, 64))}


@every_seed
def test_each_metric_forgives_another_spoil(seed):
    bank, own, spoilt = spoilt_digits(seed)
    found = {
        spoil: {name: np.mean(top_k(score(X, bank), k=1)[:, 0] == own) for name, score in METRICS.items()}
        for spoil, X in spoilt.items()
    }
    assert found["half"]["cosine"] == 1
    assert max(found["half"]["Euclid"], found["half"]["Manhattan"]) < 0.3
    assert found["dead"]["Manhattan"] > 0.99
    assert max(found["dead"]["cosine"], found["dead"]["Euclid"]) < 0.7
    assert abs(found["grain"]["Euclid"] - found["grain"]["cosine"]) < 0.08, "level, or Euclid a little ahead"
    assert found["grain"]["Manhattan"] < min(found["grain"]["cosine"], found["grain"]["Euclid"])


def test_half_as_bright_euclid_errs_towards_fainter_digits():
    bank, own, spoilt = spoilt_digits(0)
    found = top_k(-euclidean_distances(spoilt["half"], bank), k=1)[:, 0]
    wrong = found != own
    lengths = np.linalg.norm(bank, axis=1)
    assert np.all(lengths[found[wrong]] < lengths[own[wrong]])


@every_seed
def test_same_width_is_not_same_space_and_length_is_sometimes_the_message(seed):
    scenes = make_scenes(1000, random_state=seed)
    tables = {
        "text": TfidfVectorizer().fit_transform(scenes.X["text"]).toarray(),
        "image": image_features(scenes.X["image"]),
        "audio": mfcc_summary(scenes.X["audio"], SAMPLING_RATE, n_segments=4),
        "clip": clip_features(scenes.X["clip"]),
    }
    both = np.char.add(scenes.latents["size"], scenes.latents["shape"])

    def share(scores):
        np.fill_diagonal(scores, scores.min() - 1)
        return np.mean(both[top_k(scores, k=5)] == both[:, None])

    for score in METRICS.values():
        assert share(score(tables["text"], tables["text"])) > 0.99
        assert share(score(tables["audio"], tables["audio"])) > 0.97
        assert 0.25 < share(score(tables["image"], tables["image"])) < 0.4
    by_cosine, by_euclid, by_manhattan = (share(score(tables["clip"], tables["clip"])) for score in METRICS.values())
    assert by_cosine < by_manhattan - 0.1 < by_euclid - 0.1
    lengths = np.linalg.norm(tables["clip"], axis=1)
    assert share(-np.abs(lengths[:, None] - lengths)) > by_euclid
    codes = [TruncatedSVD(8, random_state=0).fit_transform(X) for X in tables.values()]
    found = np.array([[share(cosine_similarity(q, other)) for other in codes] for q in codes])
    across = found[~np.eye(4, dtype=bool)]
    assert across.max() < 0.2, "the threshold of the prediction"
    assert abs(across.mean() - 1 / 12) < 0.03
    assert found.diagonal().min() > 0.25


def test_the_notebooks_widget_has_the_counts_of_the_exercise():
    docs, five = load_docstrings(), ch09_similarity.TEXTS
    assert f"five = load_docstrings(), {five}" in SOURCE.read_text("utf-8")
    counter = CountVectorizer().fit(docs.X["text"][five])
    columns = [counter.vocabulary_[word] for word in ("graph", "edge")]
    counts = counter.transform(docs.X["text"][five]).toarray()[:, columns]
    np.testing.assert_array_equal(counts, ch09_similarity._counts())
    assert counts.tolist() == [[12, 5], [6, 3], [3, 6], [11, 1], [4, 4]]
    named = [nearest_items(place, counts, "cosine").tolist() for place in ([2, 1], [6, 3], [12, 6])]
    assert named == [[1], [1], [1]], "one question told ever longer: cosine stays"
    assert len({nearest_items(place, counts, "euclidean")[0] for place in ([2, 1], [6, 3], [12, 6])}) == 3
