"""Motion is in the order of the frames: a 3-D CNN sees it; no frame, mean frame or shuffled film shows it.

Claims of the course's plan, for films of drawn scenes in which a shape goes left, right, up or down: a 3-D CNN reaches
.999, one frame .27, shuffled time .60; chance is .25. A shape that leaves at one edge comes back at the other, so every
frame shows it anywhere. The same network learns from each kind of film and is tested on the same kind: as it is; one
frame, shown eight times; the mean frame, shown eight times; with the frames of every film in an order of its own.

We agree on films, single frames and chance, and not on shuffled time, where nobody can do better than .50: a film to
the left played backwards is a film to the right, so in random order both are the same. What is left is the axis, up and
down or across, which the mean frame tells as well. In one order for all films, everything is still there, and most is
found again; a network that learnt from films as they are makes little of shuffled ones. None of the three comes near
.60. (An accuracy cannot exceed 1; the interval of five can.)
"""

import numpy as np

from mmlearn_edu.datasets import make_scenes
from mmlearn_edu.features import mean_frame, reverse_time
from mmlearn_edu.networks import NetworkClassifier, VideoCNN

SHUFFLED_LATER = "film as it is to learn from, frames in random order to be tested on"
BACKWARDS = "film played backwards is said to go the opposite way"
TARGETS = {
    "film as it is": 0.999,
    "one frame": 0.27,
    "mean frame": None,
    "frames in random order": 0.60,
    "frames in one order for all films": None,
    SHUFFLED_LATER: 0.60,
    BACKWARDS: None,
}
OPPOSITE = {"left": "right", "right": "left", "up": "down", "down": "up"}


def rows(seeds):
    """Return (what, target, accuracies over the seeds) for every kind of film."""
    found = [accuracies(seed) for seed in seeds]
    return [(what, target, [accuracy[what] for accuracy in found]) for what, target in TARGETS.items()]


def accuracies(seed, n_samples=1500, epochs=10):
    """Learn from two thirds of the films, and score on the others."""
    scenes = make_scenes(n_samples, random_state=seed)
    clips, motion = (scenes.X["clip"] / 255).astype(np.float32), scenes.latents["motion"]
    n_train, rng = 2 * n_samples // 3, np.random.default_rng(seed)
    kinds = {
        "film as it is": clips,
        "one frame": standing_still(clips[:, 0]),
        "mean frame": standing_still(mean_frame(clips)),
        "frames in random order": shuffled(clips, rng),
        "frames in one order for all films": clips[:, rng.permutation(clips.shape[1])],
    }
    models, found = {}, {}
    for kind, films in kinds.items():
        model = NetworkClassifier(VideoCNN, epochs=epochs, batch_size=32, learning_rate=0.01, random_state=seed)
        models[kind] = model.fit(films[:n_train], motion[:n_train])
        found[kind] = model.score(films[n_train:], motion[n_train:])
    shown_shuffled = kinds["frames in random order"][n_train:]
    found[SHUFFLED_LATER] = models["film as it is"].score(shown_shuffled, motion[n_train:])
    backwards = models["film as it is"].predict(reverse_time(clips[n_train:]))
    found[BACKWARDS] = np.mean([OPPOSITE[name] for name in backwards] == motion[n_train:])
    return found


def standing_still(frames):
    """Show every frame eight times: (n_clips, height, width) -> (n_clips, 8, height, width)."""
    return np.repeat(frames[:, None], 8, axis=1)


def shuffled(clips, rng):
    """Put the frames of every clip in an order of its own."""
    order = rng.permuted(np.tile(np.arange(clips.shape[1]), (len(clips), 1)), axis=1)
    return clips[np.arange(len(clips))[:, None], order]
