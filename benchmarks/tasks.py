"""What is timed: the same data, ours, theirs, and how the two answers must agree."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["TASKS", "Task"]


@dataclass(frozen=True)
class Task:
    """One row of the table; `small` cuts the data down for a first call that loads what stays in memory."""

    name: str
    peer: str
    limit: float
    make: Callable[[], tuple[Any, ...]]
    ours: Callable[..., Any]
    theirs: Callable[..., Any]
    agree: Callable[[Any, Any], None]
    rounds: int = 5
    small: Callable[..., tuple[Any, ...]] = lambda *data: data


def same(ours, theirs, **tolerance):
    np.testing.assert_allclose(ours, theirs, **tolerance)


def same_up_to_sign(ours, theirs, atol):
    signs = np.sign((ours * theirs).sum(axis=0))
    np.testing.assert_allclose(ours * signs, theirs, atol=atol)


def few(*data):
    return tuple(array[:60] if hasattr(array, "__len__") else array for array in data)


# --- principal components


def matrix(n_samples, n_features, dtype):
    """Eighty directions of falling strength and a little noise, as in photographs or word counts."""
    rng = np.random.default_rng(0)
    hidden = rng.normal(size=(n_samples, 80)) * np.geomspace(30, 0.3, 80)
    return (hidden @ rng.normal(size=(80, n_features)) + rng.normal(size=(n_samples, n_features))).astype(dtype)


def our_pca(X, n_components):
    from mmlearn_edu.representations import PCA

    return PCA(n_components).fit_transform(X)


def their_pca(X, n_components):
    from sklearn.decomposition import PCA

    return PCA(n_components, random_state=0).fit_transform(X)


def same_variance(ours, theirs):
    """Compare variances: a randomized peer finds the axes only nearly."""
    np.testing.assert_allclose(ours.var(axis=0), theirs.var(axis=0), rtol=0.02)


# --- k-means


ROUNDS = 100


def blobs(structured, dtype):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(200_000, 64))
    if structured:
        X += 2 * rng.normal(size=(10, 64))[rng.integers(10, size=len(X))]
    X = X.astype(dtype)
    return X, X[rng.choice(len(X), 10, replace=False)]


def our_kmeans(algorithm):
    def run(X, start):
        from mmlearn_edu.clustering import KMeans

        return KMeans(10, init=start, algorithm=algorithm, max_iter=ROUNDS).fit(X)

    return run


def their_kmeans(X, start):
    import warnings

    from sklearn.cluster import KMeans
    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # the rounds are limited, alike for both
        return KMeans(10, init=start, n_init=1, algorithm="lloyd", tol=0, max_iter=ROUNDS).fit(X)


def same_clusters(ours, theirs):
    """In double precision the same labels; in single, rounding leads two runs on data without groups apart."""
    np.testing.assert_allclose(ours.inertia_, theirs.inertia_, rtol=1e-4)
    if ours.cluster_centers_.dtype == np.float64:
        assert (ours.labels_ == theirs.labels_).mean() > 0.999


# --- text


def docstrings():
    from mmlearn_edu.datasets import load_docstrings

    return (list(load_docstrings().X["text"]) * 20,)


def our_tfidf(texts):
    from mmlearn_edu.features import TfidfVectorizer

    return TfidfVectorizer().fit_transform(texts)


def their_tfidf(texts):
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(token_pattern=r"\w+").fit_transform(texts)


def same_sparse(ours, theirs):
    assert abs(ours - theirs).max() < 1e-12


# --- search


def bank():
    rng = np.random.default_rng(0)
    return tuple(rng.normal(size=(n, 256)).astype(np.float32) for n in (1000, 100_000))


def our_search(queries, bank):
    from mmlearn_edu.retrieval import search

    return search(queries, bank, 10)[1]


def torch_search(queries, bank):
    from mmlearn_edu.networks import search

    return search(queries, bank, 10, device="cpu")[1]


def neighbors_search(queries, bank):
    from sklearn.neighbors import NearestNeighbors

    return NearestNeighbors(n_neighbors=10, metric="cosine", algorithm="brute").fit(bank).kneighbors(queries)[1]


def faiss_search(queries, bank):
    import faiss

    index = faiss.IndexFlatIP(bank.shape[1])
    index.add(bank / np.linalg.norm(bank, axis=1, keepdims=True))
    return index.search(queries / np.linalg.norm(queries, axis=1, keepdims=True), 10)[1]


def same_items(ours, theirs):
    """All but the pairs that single precision cannot tell apart."""
    assert (ours == theirs).mean() > 0.999


# --- canonical correlation


def views():
    rng = np.random.default_rng(0)
    shared = rng.normal(size=(2000, 12)) * np.linspace(3, 1, 12)
    return tuple(shared @ rng.normal(size=(12, 64)) + 4 * rng.normal(size=(2000, 64)) for _ in range(2))


def our_cca(X, Y):
    from mmlearn_edu.representations import CCA

    return CCA(n_components=8).fit({"x": X, "y": Y}).correlations_


def sklearn_cca(X, Y):
    from sklearn.cross_decomposition import CCA

    return correlations(*CCA(n_components=8).fit_transform(X, Y))


def zoo_cca(X, Y):
    from cca_zoo.linear import CCA

    return correlations(*CCA(n_components=8).fit([X, Y]).transform([X, Y]))


def correlations(U, V):
    return np.array([np.corrcoef(u, v)[0, 1] for u, v in zip(U.T, V.T, strict=True)])


# --- sound


def clips():
    rng = np.random.default_rng(0)
    t = np.arange(8000) / 8000
    tones = np.sin(2 * np.pi * rng.uniform(100, 3000, size=(500, 1)) * t)
    return (np.float32(0.3 * tones + 0.05 * rng.normal(size=(500, 8000))),)


def our_mfcc(y):
    from mmlearn_edu.features import mfcc

    return mfcc(y, 8000, 13, n_fft=512, hop_length=128, n_mels=40)


def librosa_mfcc(y):
    import librosa

    shape = {"sr": 8000, "n_mfcc": 13, "n_fft": 512, "hop_length": 128, "n_mels": 40}
    return np.stack([librosa.feature.mfcc(y=clip, **shape) for clip in y])


# --- fusion


def three_views():
    rng = np.random.default_rng(0)
    return tuple(rng.normal(loc=3, scale=scale, size=(100_000, 32)) for scale in (1, 5, 0.1))


def our_concat(*blocks):
    from mmlearn_edu.fusion import ConcatFusion

    return ConcatFusion(scale_blocks=True).fit_transform(dict(zip("abc", blocks, strict=True)))


def our_average(*blocks):
    from mmlearn_edu.fusion import AverageFusion

    return AverageFusion().fit_transform(dict(zip("abc", blocks, strict=True)))


def stacked_and_scaled(*blocks):
    from sklearn.preprocessing import StandardScaler

    return StandardScaler().fit_transform(np.hstack(blocks))


def same_shape_of_clouds(ours, theirs):
    """Block scaling differs from column scaling by one factor per block (the columns of a block vary alike here)."""
    np.testing.assert_allclose(np.corrcoef(ours[:, 0], theirs[:, 0])[0, 1], 1, atol=1e-9)


def is_the_mean(ours, theirs):
    assert ours.shape == (len(theirs), theirs.shape[1] // 3)


# --- training


def digits(name):
    """Return pictures, classes, and a function that builds the same network at every call."""
    from sklearn.datasets import load_digits

    from mmlearn_edu import networks

    def build():
        with networks.seeded(0):
            return getattr(networks, name)((8, 8), 10)

    data = load_digits()
    return (data.images / 16).astype(np.float32), data.target.astype(np.int64), build


def our_loop(X, y, build, epochs):
    from torch.nn.functional import cross_entropy

    from mmlearn_edu.networks import train

    network = build()
    settings = {"epochs": epochs, "patience": epochs, "validation_share": 0, "seed": 0, "device": "cpu"}
    train(network, lambda network, X, y: cross_entropy(network(X), y), X, y, **settings)
    return network


def loop_by_hand(X, y, build, epochs):
    """What a tutorial would write, with the random numbers of ours so that the weights can be compared."""
    import torch

    network, X, y = build(), torch.from_numpy(X), torch.from_numpy(y)
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-3)
    torch.manual_seed(0)
    rows = torch.randperm(len(X))
    for _ in range(epochs):
        for batch in rows[torch.randperm(len(X))].split(64):
            optimizer.zero_grad()
            loss = torch.nn.functional.cross_entropy(network(X[batch]), y[batch])
            loss.backward()
            optimizer.step()
    return network


def same_weights(ours, theirs):
    """Compare the weights: the same steps were taken, so few that the last epoch is the best, which ours keeps."""
    for here, there in zip(ours.parameters(), theirs.parameters(), strict=True):
        np.testing.assert_allclose(here.detach(), there.detach(), atol=1e-3)


def pca_task(n_components, n_samples, n_features, dtype, limit):
    return Task(
        f"PCA, {n_components} of {n_features}, {n_samples} rows, {np.dtype(dtype).name}",
        "scikit-learn PCA (auto)",
        limit,
        make=lambda: (matrix(n_samples, n_features, dtype), n_components),
        ours=our_pca,
        theirs=their_pca,
        agree=same_variance,
        small=few,
    )


def kmeans_task(algorithm, structured, dtype, limit):
    data = f"{'blobs' if structured else 'no groups'}, {np.dtype(dtype).name}"
    return Task(
        f"kmeans, 200000 x 64, k = 10, at most {ROUNDS} rounds, {data}: {algorithm}",
        "scikit-learn KMeans (lloyd)",
        limit,
        make=lambda: blobs(structured, dtype),
        ours=our_kmeans(algorithm),
        theirs=their_kmeans,
        agree=same_clusters,
        rounds=3,
        small=lambda X, start: (X[:60], start),
    )


def search_task(ours, name, theirs, peer, limit):
    return Task(
        f"cosine top-10, 1000 in 100000 x 256, {name}",
        peer,
        limit,
        make=bank,
        ours=ours,
        theirs=theirs,
        agree=same_items,
        small=few,
    )


def cca_task(theirs, peer, limit):
    return Task(
        "CCA, 2000 x (64, 64), 8 components",
        peer,
        limit,
        make=views,
        ours=our_cca,
        theirs=theirs,
        agree=lambda ours, theirs: same(ours, theirs, atol=1e-3),
    )


def fusion_task(name, ours, agree):
    return Task(
        f"fusion, {name}, 100000 x 3 views of 32",
        "NumPy hstack + StandardScaler",
        1.2,
        make=three_views,
        ours=ours,
        theirs=stacked_and_scaled,
        agree=agree,
        small=few,
    )


def training_task(name, epochs):
    return Task(
        f"{epochs} epochs of {name} on digits",
        "torch, loop by hand",
        1.15,
        make=lambda: (*digits(name), epochs),
        ours=our_loop,
        theirs=loop_by_hand,
        agree=same_weights,
        rounds=7,
        small=lambda X, y, build, epochs: (X[:60], y[:60], build, 1),
    )


TASKS = [
    pca_task(32, 100_000, 256, np.float32, 1.2),
    pca_task(50, 500, 4096, np.float64, 1.3),
    *(
        kmeans_task(algorithm, structured, dtype, limit)
        for structured, dtype in [(True, np.float64), (False, np.float64), (True, np.float32), (False, np.float32)]
        for algorithm, limit in [("lloyd", 2.5), ("bounds", 1.3)]
    ),
    Task("TF-IDF, docstrings x 20", "TfidfVectorizer", 1.0, docstrings, our_tfidf, their_tfidf, same_sparse, small=few),
    search_task(our_search, "NumPy", neighbors_search, "NearestNeighbors (brute)", 0.8),
    search_task(torch_search, "torch", neighbors_search, "NearestNeighbors (brute)", 0.4),
    search_task(torch_search, "torch", faiss_search, "faiss IndexFlatIP", 1.5),
    cca_task(sklearn_cca, "scikit-learn CCA", 0.05),
    cca_task(zoo_cca, "cca-zoo CCA", 1.0),
    Task(
        "MFCC, 500 clips of 1 s",
        "librosa, clip by clip",
        0.5,
        clips,
        our_mfcc,
        librosa_mfcc,
        lambda ours, theirs: same(ours, theirs, atol=0.02),
        small=few,
    ),
    fusion_task("average", our_average, is_the_mean),
    fusion_task("concat with block scaling", our_concat, same_shape_of_clouds),
    training_task("DenseNetwork", 20),
    training_task("ImageCNN", 3),
]
