"""Print the figures that the cards of the datasets quote: ``python tools/measure_datasets.py`` (some minutes).

spoken_digits: pixels, MFCC summaries and TF-IDF, each standardised, each with the same logistic regression; early
fusion puts the columns side by side; five splits by writer. scenes: what one frame, frames in disorder and whole films
tell a small 3-D network of the motion, and what a canonical correlation of image and caption keeps.
"""

import warnings

import numpy as np
import torch
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import normalized_mutual_info_score
from sklearn.model_selection import GroupShuffleSplit
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from mmlearn_edu.datasets import SAMPLING_RATE, load_spoken_digits, make_scenes
from mmlearn_edu.features.audio import mfcc_summary


def main():
    warnings.simplefilter("ignore", ConvergenceWarning)
    for snr_db, n_segments in [(None, 5), (0, 1), (-10, 1), (-10, 5), (-16, 5)]:
        report_digits(0.0 if snr_db is None else 0.4, snr_db, n_segments)
    report_scenes()


def report_digits(image_noise, audio_snr_db, n_segments):
    digits = load_spoken_digits(image_noise=image_noise, audio_snr_db=audio_snr_db)
    features = {
        "image": digits.X["image"].reshape(len(digits), -1) / 255,
        "audio": mfcc_summary(digits.X["audio"], SAMPLING_RATE, n_segments=n_segments),
        "text": TfidfVectorizer().fit_transform(digits.X["text"]).toarray(),
    }
    features = {name: StandardScaler().fit_transform(F) for name, F in features.items()}
    groups = digits.groups["writer"]
    splits = list(GroupShuffleSplit(5, test_size=0.3, random_state=0).split(groups, groups=groups))
    scores = {name: [] for name in [*features, "image+audio", "product", "mean", "all three"]}
    for train, test in splits:
        chances = {}
        for name in [*features, "image+audio", "all three"]:
            names = {"image+audio": ["image", "audio"], "all three": list(features)}.get(name, [name])
            F = np.hstack([features[n] for n in names])
            model = LogisticRegression(C=0.02, max_iter=200).fit(F[train], digits.y[train])
            chances[name] = model.predict_proba(F[test])
        chances["product"] = chances["image"] * chances["audio"]
        chances["mean"] = chances["image"] + chances["audio"]
        for name, p in chances.items():
            scores[name].append((p.argmax(axis=1) == digits.y[test]).mean())
    print(f"\nspoken_digits, image_noise={image_noise}, audio_snr_db={audio_snr_db}, MFCC in {n_segments} segment(s)")
    print("  accuracy  ", ", ".join(f"{name} {np.mean(s):.3f}" for name, s in scores.items()))
    equal = {name: F / np.sqrt(F.shape[1]) for name, F in features.items()}
    equal["image+audio"] = np.hstack([equal["image"], equal["audio"]])
    print("  k-means NMI", ", ".join(f"{name} {nmi(F, digits.y):.3f}" for name, F in equal.items()))


def nmi(F, y):
    return normalized_mutual_info_score(y, KMeans(10, n_init=10, random_state=0).fit_predict(F))


def report_scenes():
    scenes = make_scenes(3000)
    clip, motion = scenes.X["clip"], np.unique(scenes.latents["motion"], return_inverse=True)[1]
    rng = np.random.default_rng(0)
    disorder = np.take_along_axis(
        clip, rng.permuted(np.tile(np.arange(8), (3000, 1)), axis=1)[:, :, None, None], axis=1
    )
    print("\nscenes: motion (chance .25) from")
    for name, film in {"films": clip, "disordered films": disorder, "frame 4": np.repeat(clip[:, 4:5], 8, 1)}.items():
        print(f"  {name}: {motion_accuracy(film, motion):.3f}")
    captions = np.unique(scenes.X["text"][:1000].astype(str))
    print(f"captions among the first 1000: {len(captions)}, so R@1 can not exceed {len(captions) / 1000:.3f}")
    report_cca(scenes)


def motion_accuracy(film, motion):
    """Train a small 3-D network on the first 2000 films, score it on the rest."""
    torch.manual_seed(0)
    layers = [torch.nn.Conv3d(1, 8, (2, 5, 5), padding=(0, 2, 2)), torch.nn.ReLU(), torch.nn.MaxPool3d((1, 2, 2))]
    layers += [torch.nn.Conv3d(8, 16, (2, 5, 5), padding=(0, 2, 2)), torch.nn.ReLU(), torch.nn.AdaptiveAvgPool3d(1)]
    network = torch.nn.Sequential(*layers, torch.nn.Flatten(), torch.nn.Linear(16, 4))
    X, y = torch.tensor(film[:, None, :, ::2, ::2] / 100.0 - 0.5, dtype=torch.float32), torch.tensor(motion)
    optimiser = torch.optim.Adam(network.parameters(), lr=0.01)
    for _ in range(15):
        for rows in torch.randperm(2000).split(50):
            optimiser.zero_grad()
            torch.nn.functional.cross_entropy(network(X[rows]), y[rows]).backward()
            optimiser.step()
    with torch.no_grad():
        return (network(X[2000:]).argmax(1) == y[2000:]).float().mean().item()


def report_cca(scenes):
    """Align image and caption on 2000 scenes; say what of each latent a linear model finds in the images' code.

    The images enter as colour histograms and as brightness by row and by column, which tell x, y and background too.
    """
    picture = scenes.X["image"].astype(float)
    bins = np.linspace(0, 256, 9)
    channels = picture.reshape(3000, -1, 3).transpose(2, 0, 1)
    histograms = [[np.histogram(values, bins)[0] for values in channel] for channel in channels]
    image = np.hstack([*histograms, picture.mean(axis=(1, 3)), picture.mean(axis=(2, 3))])
    text = CountVectorizer(token_pattern=r"\w\w+").fit_transform(scenes.X["text"]).toarray()
    image, text = (whiten(F.astype(float)) for F in (image, text))
    U, correlations, _ = np.linalg.svd(image[:2000].T @ text[:2000] / 2000)
    code = image @ U[:, : (correlations > 0.6).sum()]
    print(f"CCA of image and caption: {code.shape[1]} directions, correlations {np.round(correlations[:11], 2)}")
    print("  share of the variance of each latent that the code explains, on unseen scenes:")
    for name in ["colour", "size", "shape", "background", "x", "y"]:
        latent = scenes.latents[name][:, None]
        target = OneHotEncoder(sparse_output=False).fit_transform(latent) if latent.dtype.kind == "U" else latent
        target = target - target[:2000].mean(axis=0)
        weights = np.linalg.lstsq(code[:2000], target[:2000], rcond=None)[0]
        left = ((target[2000:] - code[2000:] @ weights) ** 2).sum()
        print(f"  {name}: {1 - left / (target[2000:] ** 2).sum():.2f}")


def whiten(F):
    pca = PCA(svd_solver="full").fit(F[:2000])
    keep = pca.explained_variance_ > 1e-9 * pca.explained_variance_[0]  # columns that follow from others are left out
    return (pca.transform(F) / np.sqrt(np.maximum(pca.explained_variance_, 1e-30)))[:, keep]


if __name__ == "__main__":
    main()
