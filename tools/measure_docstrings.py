"""Print the figures that the card of docstrings quotes: ``python tools/measure_docstrings.py`` (a minute or two).

Naive Bayes and logistic regression name the topic, on three kinds of split and five seeds each; the words that give a
topic away; how near the nearest two texts are; what LDA finds without the topics.
"""

from collections import Counter

import numpy as np
from sklearn.cluster import KMeans
from sklearn.decomposition import NMF, LatentDirichletAllocation, TruncatedSVD
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import confusion_matrix
from sklearn.metrics import normalized_mutual_info_score as nmi
from sklearn.model_selection import (
    GroupShuffleSplit,
    StratifiedShuffleSplit,
    cross_val_predict,
    cross_val_score,
)
from sklearn.naive_bayes import MultinomialNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import Normalizer

from mmlearn_edu.datasets import load_docstrings

MANUAL = (  # words of every manual
    "argument arguments attribute attributes class classes default example false function functions given input "
    "instance method methods new note number object objects option output parameter parameters provided return "
    "returned returns set specified true type use used using value values various"
)
MODELS = {
    "naive Bayes": make_pipeline(CountVectorizer(), MultinomialNB(alpha=0.1)),
    "logistic regression": make_pipeline(
        TfidfVectorizer(sublinear_tf=True), LogisticRegression(C=10, solver="newton-cg", tol=1e-3)
    ),
}


def main():
    data = load_docstrings()
    report_size(data)
    report_accuracy(data)
    report_leak(data)
    report_telling_words(data)
    report_nearness(data)
    report_topics(data)


def report_size(data):
    texts = data.X["text"]
    lengths = [len(text.split()) for text in texts]
    words = CountVectorizer().fit(texts).vocabulary_
    print(f"{len(texts)} texts, {sum(lengths)} words, {len(words)} different; length from {min(lengths)} to", end=" ")
    print(f"{max(lengths)}, median {np.median(lengths):.0f}; {len(set(data.groups['module']))} modules")
    for topic, name in enumerate(data.target_names):
        print(f"  {name}:", *[f"{k} {n}," for k, n in Counter(data.groups["library"][data.y == topic]).most_common()])


def report_accuracy(data):
    splits = {"random": StratifiedShuffleSplit} | dict.fromkeys(data.groups, GroupShuffleSplit)
    for kind, splitter in splits.items():
        for name, model in MODELS.items():
            split = splitter(n_splits=5, test_size=0.25, random_state=0)
            score = cross_val_score(model, data.X["text"], data.y, groups=data.groups.get(kind), cv=split)
            print(f"split {kind}, {name}: {score.mean():.3f}, from {score.min():.3f} to {score.max():.3f}")
    found = cross_val_predict(MODELS["logistic regression"], data.X["text"], data.y, cv=5)
    confused = confusion_matrix(data.y, found)
    print("right of 110:", *[f"{n} {k}," for n, k in zip(data.target_names, confused.diagonal(), strict=True)])
    np.fill_diagonal(confused, 0)
    for i, j in zip(*np.unravel_index(np.argsort(-confused, axis=None)[:6], confused.shape), strict=True):
        print(f"  {confused[i, j]} texts on {data.target_names[i]} taken for {data.target_names[j]}")


def report_leak(data):
    """Naive Bayes on fifteen splits of each kind; the control deals the modules out anew within each topic."""
    module, rng = data.groups["module"], np.random.default_rng(0)
    dealt = module.copy()
    for topic in range(12):
        rows = np.flatnonzero(data.y == topic)
        dealt[rows] = rng.permutation(module[rows])
    for kind, groups in {"random": None, "module": module, "modules dealt out anew": dealt}.items():
        splitter = StratifiedShuffleSplit if groups is None else GroupShuffleSplit
        splits = [splitter(n_splits=5, test_size=0.25, random_state=seed) for seed in range(3)]
        model, texts = MODELS["naive Bayes"], data.X["text"]
        scores = [cross_val_score(model, texts, data.y, groups=groups, cv=split).mean() for split in splits]
        print(f"fifteen splits, {kind}: {np.mean(scores):.3f}")


def report_telling_words(data):
    """The words by which naive Bayes tells a topic, then how it does without the ten most telling of each topic."""
    counts = CountVectorizer(min_df=5)
    X = counts.fit_transform(data.X["text"])
    telling = np.argsort(-_log_odds(X, data.y), axis=1)[:, :10]
    words = counts.get_feature_names_out()
    for name, row in zip(data.target_names, telling, strict=True):
        print(f"  {name}: {' '.join(words[row])}")
    without = CountVectorizer(stop_words=words[telling].ravel().tolist())
    split = StratifiedShuffleSplit(n_splits=5, test_size=0.25, random_state=0)
    score = cross_val_score(make_pipeline(without, MultinomialNB(alpha=0.1)), data.X["text"], data.y, cv=split)
    print(f"without these words, naive Bayes on a random split: {score.mean():.3f}")


def _log_odds(X, y):
    """Return, per topic and word, how much more often the word comes there: weighted by how often it comes at all."""
    inside = np.vstack([np.asarray(X[y == topic].sum(axis=0)).ravel() for topic in range(12)])
    outside = inside.sum(axis=0) - inside
    rate = (inside + 0.5) / inside.sum(axis=1, keepdims=True)
    return inside * np.log(rate / ((outside + 0.5) / outside.sum(axis=1, keepdims=True)))


def report_nearness(data):
    X = TfidfVectorizer().fit_transform(data.X["text"])
    cosine = (X @ X.T).toarray()
    np.fill_diagonal(cosine, 0)
    i, j = np.unravel_index(cosine.argmax(), cosine.shape)
    print(f"nearest two texts: cosine {cosine[i, j]:.3f}, {data.latents['name'][i]} and {data.latents['name'][j]}")
    nearest = cosine.argmax(axis=1)
    for kind in data.groups:
        same = data.groups[kind] == data.groups[kind][nearest]
        print(f"nearest text is of the same {kind}: {same.mean():.3f}")
    print(f"nearest text is of the same topic: {(data.y == data.y[nearest]).mean():.3f}")


def report_topics(data):
    """How well LDA, matrix factorization and k-means find the topics without being told: NMI with `y`."""
    stop_words = sorted(ENGLISH_STOP_WORDS | set(MANUAL.split()))
    counts = CountVectorizer(stop_words=stop_words, min_df=8, max_df=0.1, token_pattern=r"[a-z]{3,}")
    X = counts.fit_transform(data.X["text"])
    print(f"LDA on {X.shape[1]} words")
    for seed in range(5):
        lda = LatentDirichletAllocation(12, max_iter=60, random_state=seed, doc_topic_prior=0.05, topic_word_prior=0.05)
        print(f"  seed {seed}: NMI {nmi(data.y, lda.fit_transform(X).argmax(axis=1)):.3f}")
        if seed == 0:
            for weights in lda.components_:
                print("   ", *counts.get_feature_names_out()[np.argsort(-weights)[:8]])
    tfidf = TfidfVectorizer(stop_words=stop_words, min_df=3, sublinear_tf=True).fit_transform(data.X["text"])
    parts = NMF(12, init="nndsvd", max_iter=400).fit_transform(tfidf)
    print(f"matrix factorization of TF-IDF: NMI {nmi(data.y, parts.argmax(axis=1)):.3f}")
    latent = make_pipeline(TruncatedSVD(40, random_state=0), Normalizer()).fit_transform(tfidf)
    found = [KMeans(12, n_init=10, random_state=seed).fit_predict(latent) for seed in range(5)]
    print("k-means after SVD to 40 columns: NMI", *[f"{nmi(data.y, labels):.3f}" for labels in found])


if __name__ == "__main__":
    main()
