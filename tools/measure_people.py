"""How well two plain recognisers tell the people of `make_people` apart: ``python tools/measure_people.py`` (minutes).

Takes 0 to 4 of each person are enrolled, takes 5 to 9 are to be recognised. *Template*: the nearest mean of a person's
enrolled takes, columns standardised; modalities are fused by adding their distances, each divided by the mean square of
its own features. *Discriminant*: linear discriminant analysis; fused by adding the logarithms of its probabilities.
*Strangers*: the last fifth of the persons is not enrolled; how well does the best score tell them from the others?
"""

from itertools import combinations

import numpy as np
from sklearn.decomposition import PCA
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import euclidean_distances, roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from mmlearn_edu.datasets import SAMPLING_RATE, make_people
from mmlearn_edu.features.audio import mfcc_summary

N_ENROLLED, N_COMPONENTS, SHRINKAGE = 5, 80, 0.05
SLOWEST, QUICKEST = 80, 300  # Hz, pitches to look for
SLICES = ["glasses", "voice_register", "script"]


def image_features(image):
    """Average blocks of 3 x 3 pixels; each colour as a share of its mean, which takes out most of the lighting."""
    blocks = image.reshape(len(image), 16, 3, 16, 3, 3).mean(axis=(2, 4))
    return (blocks / blocks.mean(axis=(1, 2), keepdims=True)).reshape(len(image), -1)


def audio_features(audio):
    return np.hstack([mfcc_summary(audio, SAMPLING_RATE, n_segments=1), np.log(pitch(audio))[:, None]])


def pitch(audio, width=512):
    """Return the pitch in Hz: where the autocorrelation, summed over windows, is highest."""
    windows = np.lib.stride_tricks.sliding_window_view(audio[:, 400:4000].astype(float), width, axis=1)[:, ::160]
    power = np.abs(np.fft.rfft(windows * np.hanning(width), 2 * width)) ** 2
    lags = np.arange(SAMPLING_RATE // QUICKEST, SAMPLING_RATE // SLOWEST)
    return SAMPLING_RATE / lags[np.fft.irfft(power.sum(axis=1))[:, lags].argmax(axis=1)]


def features_of(people):
    cards = TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 3)).fit_transform(people.X["text"]).toarray()
    return {"image": image_features(people.X["image"]), "audio": audio_features(people.X["audio"]), "text": cards}


def template_scores(F, y, enrolled, test):
    """Return minus the distance of each take to be recognised from the template of each enrolled person."""
    if F.min() < 0 or F.max() > 1:  # TF-IDF is left as it is
        F = StandardScaler().fit(F[enrolled]).transform(F)
    templates = np.array([F[enrolled & (y == person)].mean(axis=0) for person in np.unique(y[enrolled])])
    return -euclidean_distances(F[test], templates, squared=True) / (F[enrolled] ** 2).sum(axis=1).mean()


def discriminant_scores(F, y, enrolled, test):
    """Return the logarithm of the probability that each take shows each enrolled person."""
    reduce = PCA(N_COMPONENTS, svd_solver="full") if F.shape[1] > 100 else "passthrough"
    model = make_pipeline(StandardScaler(), reduce, LinearDiscriminantAnalysis(solver="eigen", shrinkage=SHRINKAGE))
    return np.log(model.fit(F[enrolled], y[enrolled]).predict_proba(F[test]) + 1e-6)


def recognise(people, features, score=template_scores, n_known=None):
    """Return, for every combination of modalities, a score for each take to be recognised and each enrolled person."""
    test = people.latents["take"] >= N_ENROLLED
    enrolled = ~test if n_known is None else ~test & (people.y < n_known)
    alone = {name: score(F, people.y, enrolled, test) for name, F in features.items()}
    names = [some for k in (1, 2, 3) for some in combinations(alone, k)]
    return {" + ".join(some): sum(alone[name] for name in some) for some in names}


def report(score, n_seeds):
    """Return the mean over seeds of every figure, by combination of modalities."""
    found = {}
    for seed in range(n_seeds):
        people = make_people(random_state=seed)
        features, n_known = features_of(people), round(people.y.max() * 0.8)
        test = people.latents["take"] >= N_ENROLLED
        facts = {"relation": people.latents["relation"], **{name: people.groups[name] for name in SLICES}}
        open_set = recognise(people, features, score, n_known)
        for modality, scores in recognise(people, features, score).items():
            right = scores.argmax(axis=1) == people.y[test]
            row = {"accuracy": right.mean()}
            row["strangers"] = roc_auc_score(people.y[test] < n_known, open_set[modality].max(axis=1))
            for fact, values in facts.items():
                row |= {f"{fact} {value}": right[values[test] == value].mean() for value in np.unique(values)}
            found.setdefault(modality, []).append(row)
    return {
        modality: {what: np.mean([row[what] for row in rows]) for what in rows[0]} for modality, rows in found.items()
    }


def main(n_seeds=5):
    for name, score in {"template": template_scores, "discriminant": discriminant_scores}.items():
        print(f"\npeople, {name}, mean of {n_seeds} seeds (strangers: area under the ROC curve)")
        for modality, row in report(score, n_seeds).items():
            print(f"  {modality:20}", ", ".join(f"{what} {mean:.3f}" for what, mean in row.items()))


if __name__ == "__main__":
    main()
