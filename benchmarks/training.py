"""How long the networks learn, and what for. `make bench` keeps the table in benchmarks/RESULTS.md.

    python benchmarks/training.py                  every network, over five seeds, on the CPU
    python benchmarks/training.py video gan        networks whose name has one of these words: printed, not kept
    python benchmarks/training.py --device cuda    on an NVIDIA GPU; the table goes to benchmarks/GPU.md

The seconds are those of ``fit`` alone; the score is that of samples the network has not seen. Data, split and first
weights are drawn anew for every seed.
"""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from report import conditions, write_section

HERE = Path(__file__).resolve().parent
SEEDS = range(5)
PACKAGES = ["numpy", "scikit-learn", "torch"]
HEADINGS = {"cpu": "# How long the networks learn", "cuda": "# How long the networks learn on a GPU"}


@dataclass(frozen=True)
class Training:
    """One row of the table: `run` takes a seed and returns the seconds of ``fit`` and the score of the result."""

    name: str
    seconds: float
    measure: str
    score: float
    run: Callable[[int], tuple[float, float]]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("words", nargs="*")
    parser.add_argument("--device", choices=list(HEADINGS), default="cpu")
    asked = parser.parse_args()
    chosen = [task for task in TRAININGS if not asked.words or any(word in task.name.lower() for word in asked.words)]
    if not chosen:
        sys.exit(f"no network has {' or '.join(asked.words)} in its name: {', '.join(t.name for t in TRAININGS)}")
    choose(asked.device)
    text = section(asked.device, [measure(task) for task in chosen])
    if not asked.words:
        write_section(HERE / ("RESULTS.md" if asked.device == "cpu" else "GPU.md"), text)
    print(text)


def choose(device):
    """Let everything learn there; stop where there is no such device."""
    import torch

    if device == "cuda" and not torch.cuda.is_available():
        sys.exit("this machine has no NVIDIA GPU that torch can use: nothing was measured, and GPU.md is as it was")
    os.environ["MMLEARN_DEVICE"] = device


def measure(task):
    task.run(0)  # imports, and what a GPU does only once
    seconds, scores = zip(*(task.run(seed) for seed in SEEDS), strict=True)
    print(f"{task.name}: {statistics.median(seconds):.1f} s, {statistics.mean(scores):.3f}", file=sys.stderr)
    return task, seconds, scores


def section(device, rows):
    about = conditions(PACKAGES)
    if device == "cuda":
        import torch

        about += f"\nGPU: {torch.cuda.get_device_name()}."
    introduction = (
        "Written by `make bench`" if device == "cpu" else "Written by `python benchmarks/training.py --device cuda`"
    )
    seeds = f"{introduction}; {len(SEEDS)} seeds, each with its own data or split, and first weights. Seconds of `fit`."
    return "\n".join([HEADINGS[device], "", seeds, "", about, "", *table(rows), ""])


def table(rows):
    yield "| network | seconds, median | slowest | at most | measure | score, mean | lowest | at least |"
    yield "|---|---:|---:|---:|---|---:|---:|---:|"
    for task, seconds, scores in rows:
        late = " **missed**" if statistics.median(seconds) > task.seconds else ""
        poor = " **missed**" if statistics.mean(scores) < task.score else ""
        yield (
            f"| {task.name} | {statistics.median(seconds):.2f}{late} | {max(seconds):.2f} | {task.seconds:g} | "
            f"{task.measure} | {statistics.mean(scores):.3f}{poor} | {min(scores):.3f} | {task.score:g} |"
        )


def seconds_of(fit, *data):
    start = time.perf_counter()
    fit(*data)
    return time.perf_counter() - start


# --- one function per network: seed -> seconds, score


def autoencoder(seed):
    """Explain unseen digits by two numbers; the plane of PCA explains 0.28 of their variance."""
    from sklearn.datasets import load_digits

    from mmlearn_edu.networks import Autoencoder

    X = np.random.default_rng(seed).permutation(load_digits().data / 16).astype(np.float32)
    here, there = X[:1400], X[1400:]
    model = Autoencoder(epochs=20, random_state=seed)
    seconds = seconds_of(model.fit, here)
    return seconds, 1 + model.score(there) / float(there.var(axis=0).mean())


def image_cnn(seed):
    """Read the digits of writers it has not met."""
    from sklearn.model_selection import GroupShuffleSplit

    from mmlearn_edu.datasets import load_spoken_digits
    from mmlearn_edu.networks import ImageCNN, NetworkClassifier

    digits = load_spoken_digits()
    X, y = digits.X["image"] / np.float32(255), digits.y
    writers = GroupShuffleSplit(n_splits=1, test_size=0.3, random_state=seed)
    here, there = next(writers.split(X, groups=digits.groups["writer"]))
    model = NetworkClassifier(ImageCNN, epochs=20, learning_rate=5e-3, random_state=seed)
    return seconds_of(model.fit, X[here], y[here]), model.score(X[there], y[there])


def video_cnn(seed):
    """Tell which way things move: left, right, up or down."""
    from mmlearn_edu.datasets import make_scenes
    from mmlearn_edu.networks import NetworkClassifier, VideoCNN

    scenes = make_scenes(1500, random_state=seed)
    X, y = scenes.X["clip"] / np.float32(255), scenes.latents["motion"]
    model = NetworkClassifier(VideoCNN, epochs=8, batch_size=32, learning_rate=0.01, random_state=seed)
    return seconds_of(model.fit, X[:1000], y[:1000]), model.score(X[1000:], y[1000:])


def picture_tower():
    from torch import nn

    layers = [nn.Conv2d(3, 16, 5, 2, 2), nn.BatchNorm2d(16), nn.ReLU(), nn.Conv2d(16, 32, 3, 2, 1), nn.BatchNorm2d(32)]
    layers += [nn.ReLU(), nn.Conv2d(32, 32, 3, 2, 1), nn.ReLU(), nn.Flatten(), nn.Linear(32 * 4 * 4, 16)]
    return nn.Sequential(*layers)


def two_towers(seed):
    """Find the caption of a picture and back, as a share of what is possible where captions are equal."""
    from mmlearn_edu.datasets import make_scenes
    from mmlearn_edu.evaluation import exact_ceiling
    from mmlearn_edu.features import CountVectorizer
    from mmlearn_edu.modalities import Modalities
    from mmlearn_edu.networks import TwoTowers

    X = make_scenes(2500, random_state=seed).X
    captions = X["text"].astype(str)
    pictures = X["image"].transpose(0, 3, 1, 2) / np.float32(255)
    pairs = Modalities({"image": pictures, "text": CountVectorizer().fit_transform(captions).toarray()})
    model = TwoTowers(16, encoders={"image": picture_tower}, epochs=25, temperature=0.2, random_state=seed)
    seconds = seconds_of(model.fit, pairs[:2000])
    return seconds, model.score(pairs[2000:]) / exact_ceiling(captions[2000:])


def gan(seed):
    """Cover the eight modes of a ring: each by a quarter of its fair share of samples, or more."""
    from mmlearn_edu.datasets import make_ring, ring_centres
    from mmlearn_edu.evaluation import mode_counts
    from mmlearn_edu.networks import GAN

    model = GAN(epochs=20, random_state=seed)
    seconds = seconds_of(model.fit, make_ring(2000, std=0.1, random_state=seed).X["point"])
    counts = mode_counts(model.sample(2500, random_state=seed), ring_centres(), 0.1)
    return seconds, int((counts >= 2500 / 8 / 4).sum())


def skip_gram(seed):
    """Find, as the nearest of all words that belong to one topic, a word of the same topic; by chance 0.10."""
    from mmlearn_edu.datasets import load_docstrings
    from mmlearn_edu.features import CountVectorizer
    from mmlearn_edu.networks import SkipGram

    data = load_docstrings()
    texts = data.X["text"]
    model = SkipGram(window=4, min_count=10, random_state=seed)
    seconds = seconds_of(model.fit, texts)
    counter = CountVectorizer().fit(texts)
    counts = counter.transform(texts)[:, [counter.vocabulary_[word] for word in model.vocabulary_]].toarray()
    by_topic = np.array([counts[data.y == topic].sum(axis=0) for topic in range(12)])
    own = by_topic.max(axis=0) >= 0.6 * by_topic.sum(axis=0)
    topics, V = by_topic[:, own].argmax(axis=0), model.vectors_[own]
    V = V / np.linalg.norm(V, axis=1, keepdims=True)
    nearest = (V @ V.T - 2 * np.eye(len(V))).argmax(axis=1)
    return seconds, float((topics[nearest] == topics).mean())


TRAININGS = [
    Training("Autoencoder, digits", 3, "variance explained", 0.33, autoencoder),
    Training("ImageCNN, digits of new writers", 20, "accuracy", 0.95, image_cnn),
    Training("TwoTowers, pictures and captions of scenes", 30, "recall at 1, share of its ceiling", 0.9, two_towers),
    Training("VideoCNN, motion in scenes", 10, "accuracy", 0.98, video_cnn),
    Training("GAN, ring of 8 modes", 30, "modes covered", 6, gan),
    Training("SkipGram, words of 1320 docstrings", 20, "nearest word of the same topic", 0.6, skip_gram),
]

if __name__ == "__main__":
    main()
