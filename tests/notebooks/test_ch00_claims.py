"""What chapter 00 says in words holds for five draws of the noise, not only for the one it shows."""

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from mmlearn_edu import clustering, datasets, evaluation, features, fusion, similarity
from mmlearn_edu.checks import registry
from mmlearn_edu.representations import PCA, PerModality

SEEDS = range(5)


@pytest.fixture(scope="module", params=SEEDS, ids="seed {}".format)
def scores(request):
    """NMI of the groups with the digits, as in sections 0 and 4."""
    X, y = datasets.load_spoken_digits(image_noise=0.4, audio_snr_db=0, random_state=request.param, return_X_y=True)
    raw = {
        "image": features.flatten_images(X["image"]),
        "audio": features.mfcc_summary(X["audio"], datasets.SAMPLING_RATE),
        "text": features.TfidfVectorizer().fit_transform(X["text"]).toarray(),
    }
    shorten = make_pipeline(StandardScaler(), PCA(n_components=16))
    codes = PerModality(dict.fromkeys(raw, shorten)).fit_transform(raw)
    tables = dict(codes.items()) | {
        "average": fusion.AverageFusion().fit_transform(codes),
        "side by side": fusion.ConcatFusion(scale_blocks=True).fit_transform(codes),
    }
    kmeans = clustering.KMeans(n_clusters=10, n_init=5, random_state=0)
    labels = {name: kmeans.fit(table).labels_ for name, table in tables.items()}
    luck = np.random.default_rng(0).permutation(labels["side by side"])
    return {
        name: evaluation.normalized_mutual_information(y, found) for name, found in (labels | {"chance": luck}).items()
    }


def test_side_by_side_beats_the_best_sense(scores):
    assert scores["side by side"] > max(scores[name] for name in ("image", "audio", "text")) + 0.1


def test_the_average_is_clearly_worse_than_the_best_sense(scores):
    senses = {name: scores[name] for name in ("image", "audio", "text", "average")}
    assert registry.prediction("start.average").outcome(senses) == "c"


def test_every_sense_beats_chance(scores):
    assert min(scores[name] for name in ("image", "audio", "text")) > scores["chance"] + 0.1


@pytest.fixture(scope="module", params=SEEDS, ids="seed {}".format)
def search(request):
    """The share of the three best matches that agree in a fact, as in section 5."""
    scenes = datasets.make_scenes(1000, random_state=request.param)
    seen, learn, search = scenes.X, slice(0, 800), slice(800, 1000)
    words = features.TfidfVectorizer().fit(seen["text"][learn]).transform(seen["text"]).toarray()
    tables = {
        "image": features.image_features(seen["image"]),
        "audio": features.mfcc_summary(seen["audio"], datasets.SAMPLING_RATE, n_segments=4),
        "clip": features.clip_features(seen["clip"]),
    }
    shared = {n: LinearRegression().fit(t[learn], words[learn]).predict(t[search]) for n, t in tables.items()}
    shared = {name: table - words[learn].mean(axis=0) for name, table in (shared | {"text": words[search]}).items()}

    def share(query, other, *facts):
        found = similarity.cosine_similarity(shared[query], shared[other])
        np.fill_diagonal(found, -1)
        best = similarity.top_k(found, k=3)
        return np.mean([np.all([f[j] == f[i] for f in facts]) for i in range(200) for j in best[i]])

    return share, {name: scenes.latents[name][search] for name in ("size", "shape", "colour")}, shared


def test_every_pair_of_modalities_beats_chance(search):
    share, facts, shared = search
    worst = min(share(query, other, facts["size"], facts["shape"]) for query in shared for other in shared)
    assert worst > 2 / 12


def test_text_and_sound_find_each_other_best(search):
    share, facts, shared = search
    pairs = {(q, o): share(q, o, facts["size"], facts["shape"]) for q in shared for o in shared if q != o}
    assert set(sorted(pairs, key=pairs.get)[-2:]) == {("text", "audio"), ("audio", "text")}


def test_colour_cannot_be_heard(search):
    share, facts, _ = search
    assert share("audio", "image", facts["colour"]) == pytest.approx(1 / 6, abs=0.06)
    assert share("text", "image", facts["colour"]) > 0.5
