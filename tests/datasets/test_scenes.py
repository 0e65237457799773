"""scenes: the latents are where the table says, and nowhere else."""

import hashlib

import numpy as np
import pytest
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.feature_extraction.text import CountVectorizer

from mmlearn_edu.datasets import SAMPLING_RATE, make_scenes
from mmlearn_edu.datasets._templates import AREAS, CHINESE, COLOURS, MOTIONS, SHAPES, SIZES, STEPS, masks

CHECKSUMS = {  # SHA256 of the bytes of make_scenes(100, random_state=0), the same on every machine
    "image": "892f069bab41d22eb4b3836ec9309b3791b079a7e3c77050f0ec08d1ba1ebb7b",
    "audio": "86f813f8fc367cbce6d831c35c3d324c46d24db21a509ed703c8ebb87afc4e46",
    "text": "bc3b58dd78b13fefcce3699374055ec01109e7d506f661a20a93cb7fb177aa61",
    "clip": "1f62231c065821c6928543bb7eebe4a7d70c37b7a4a5900a99d2481c6866e776",
}
CHINESE_TEXT = "7881ba59c3b59209a6b7a0c5b3f6239d1347dbc3bd2c8f3aea8337af12509a9e"
VISIBLE = {
    "shape": {"image", "text", "audio", "clip"},
    "size": {"image", "text", "audio", "clip"},
    "colour": {"image", "text"},
    "background": {"image"},
    "x": {"image"},
    "y": {"image"},
    "pitch": {"audio"},
    "motion": {"clip"},
    "clip_x": {"clip"},
    "clip_y": {"clip"},
}
MODALITIES = ["image", "text", "audio", "clip"]
N_SAMPLES, N_TRAIN = 2000, 1200


@pytest.fixture(scope="module")
def scenes():
    return make_scenes(N_SAMPLES, random_state=7)


def fingerprint(array):
    content = "\n".join(array).encode() if array.dtype == object else np.ascontiguousarray(array).tobytes()
    return hashlib.sha256(content).hexdigest()


def test_shapes_and_kinds():
    scenes = make_scenes(5)
    assert {name: (array.dtype, array.shape) for name, array in scenes.X.items()} == {
        "image": (np.uint8, (5, 32, 32, 3)),
        "text": (np.dtype(object), (5,)),
        "audio": (np.int16, (5, 4096)),
        "clip": (np.uint8, (5, 8, 32, 32)),
    }
    assert scenes.y is None
    assert list(scenes.latents) == [
        "shape", "size", "colour", "background", "x", "y", "pitch", "motion", "clip_x", "clip_y",
    ]  # fmt: skip


@pytest.mark.parametrize("modality", MODALITIES)
def test_bytes_are_the_published_ones(modality):
    assert fingerprint(make_scenes(100).X[modality]) == CHECKSUMS[modality]


def test_same_seed_same_scenes_other_seed_others():
    first, again, other = make_scenes(50, 1), make_scenes(50, 1), make_scenes(50, 2)
    for name in MODALITIES:
        np.testing.assert_array_equal(first.X[name], again.X[name])
        assert (first.X[name] != other.X[name]).any()


@pytest.mark.parametrize("random_state", [None, np.random.default_rng(0), np.random.RandomState(0), np.int64(4)])
def test_anything_of_scikit_learn_seeds(random_state):
    assert len(make_scenes(3, random_state)) == 3


@pytest.mark.parametrize("n_samples", [0, -1, 2.5, True, "many"])
def test_says_how_many_are_possible(n_samples):
    with pytest.raises(ValueError, match="must be a whole number of at least 1; try 1000"):
        make_scenes(n_samples)


def test_one_scene_is_enough():
    assert len(make_scenes(np.int64(1))) == 1


# What each modality shows, read off by hand -------------------------------------------------------


def test_the_picture_has_the_colour_on_the_background(scenes):
    image, known = scenes.X["image"].astype(float), scenes.latents
    middle = image[np.arange(N_SAMPLES), known["y"], known["x"]]
    painted = np.array([COLOURS[name] for name in known["colour"]])
    assert np.abs(middle - painted).mean() < 6
    np.testing.assert_allclose(image[:, :3, :3].mean(axis=(1, 2, 3)), known["background"], atol=6)


def test_shapes_stay_inside_the_picture(scenes):
    known = scenes.latents
    assert min(known["x"].min(), known["y"].min()) == 10
    assert max(known["x"].max(), known["y"].max()) == 21


def test_shapes_of_one_size_cover_one_area():
    np.testing.assert_allclose(masks().sum(axis=(2, 3)) / 255, np.tile(AREAS, (len(SHAPES), 1)), rtol=0.06)


def test_the_caption_says_size_colour_shape(scenes):
    known = scenes.latents
    for i in range(20):
        assert scenes.X["text"][i] == f"a {known['size'][i]} {known['colour'][i]} {known['shape'][i]}"


def test_chinese_captions_say_the_same_of_the_same_scenes_and_change_nothing_else():
    english, chinese = make_scenes(300), make_scenes(300, language="zh")
    for name in ("image", "audio", "clip"):
        np.testing.assert_array_equal(english.X[name], chinese.X[name])
    known = english.latents
    for i, caption in enumerate(chinese.X["text"]):
        size, colour, shape = (CHINESE[known[name][i]] for name in ("size", "colour", "shape"))
        assert caption == f"一个{size}的{colour}{shape}"
    assert fingerprint(make_scenes(100, language="zh").X["text"]) == CHINESE_TEXT


def test_no_two_latents_share_a_chinese_name():
    assert set(CHINESE) == {*SIZES, *COLOURS, *SHAPES}
    assert len(set(CHINESE.values())) == len(CHINESE)


@pytest.mark.parametrize("language", ["cn", "ZH", "", None, 1])
def test_says_which_languages_there_are(language):
    with pytest.raises(ValueError, match=r"is not a language of the captions; there are 'en' and 'zh' \(Chinese\)"):
        make_scenes(3, language=language)


def test_at_most_72_captions_so_retrieval_has_a_ceiling(scenes):
    captions, twins = np.unique(scenes.X["text"][:1000].astype(str), return_inverse=True)
    assert len(captions) == len(SIZES) * len(COLOURS) * len(SHAPES) == 72
    best_guess = 1 / np.bincount(twins)[twins]  # all scenes with the query's caption are equally good
    assert best_guess.mean() == pytest.approx(0.072)


def test_the_sound_has_the_pitch(scenes):
    pure = scenes.latents["shape"] == "circle"
    spectrum = np.abs(np.fft.rfft(scenes.X["audio"][pure] * np.hanning(4096)))
    heard = spectrum.argmax(axis=1) * SAMPLING_RATE / 4096
    assert np.abs(heard - scenes.latents["pitch"][pure]).max() < 10


def test_large_things_ring_longer(scenes):
    late = np.abs(scenes.X["audio"][:, 1500:2000].astype(float)).mean(axis=1)
    small, medium, large = (late[scenes.latents["size"] == size].mean() for size in SIZES)
    assert small < 300 < 2 * medium < large


def test_every_frame_is_the_one_before_moved_three_pixels(scenes):
    for motion, (dx, dy) in zip(MOTIONS, STEPS, strict=True):
        clip = scenes.X["clip"][scenes.latents["motion"] == motion].astype(float)
        moved = np.roll(clip[:, :-1], (dy, dx), axis=(2, 3))
        assert np.sqrt(((clip[:, 1:] - moved) ** 2).mean()) < 15  # the grain of two frames: 10 * sqrt(2)


def test_latents_are_independent(scenes):
    codes = np.array([np.unique(v, return_inverse=True)[1] for v in scenes.latents.values()])
    correlation = np.corrcoef(codes) - np.eye(len(codes))
    assert np.abs(correlation).max() < 4.5 / np.sqrt(N_SAMPLES)


# Visible and hidden latents: a forest on plain features ------------------------------------------


def spread(picture):
    """Log power spectrum: what a shape is, wherever it is."""
    return np.log1p(np.abs(np.fft.fft2(picture))[:, :6, :6]).reshape(len(picture), -1)


def whereabouts(picture):
    """Project on both axes."""
    return np.hstack([picture.mean(axis=1), picture.mean(axis=2)])


def motion_fits(clip):
    """Tell how badly each of the four motions explains the clip."""
    fits = [np.abs(clip[:, 1:] - np.roll(clip[:, :-1], (dy, dx), axis=(2, 3))).mean(axis=(1, 2, 3)) for dx, dy in STEPS]
    return np.array(fits).T


def image_features(image):
    image = image.astype(float)
    bright = image.max(axis=3)
    ground = image[:, :3, :3].mean(axis=(1, 2))
    vivid = np.sort(image - image.mean(axis=3, keepdims=True), axis=1)[:, -1].max(axis=1)
    contrast = bright - bright[:, :3, :3].mean(axis=(1, 2))[:, None, None]
    return np.hstack([ground, vivid, spread(contrast), whereabouts(contrast)])


def audio_features(audio):
    spectrum = np.abs(np.fft.rfft(audio[:, :2048] * np.hanning(2048)))
    pitch = spectrum[:, 50:].argmax(axis=1)[:, None] + 50
    harmonics = np.array([s[np.arange(1, 6) * p[0] % 1025] for s, p in zip(spectrum, pitch, strict=True)])
    bands = np.log1p(np.add.reduceat(spectrum, np.arange(0, 1024, 8), axis=1))
    fading = np.log1p(np.abs(audio.astype(float)).reshape(len(audio), 16, -1).mean(axis=2))
    return np.hstack([pitch, np.log1p(harmonics), bands, fading])


def clip_features(clip):
    clip = clip.astype(float)
    return np.hstack([spread(clip[:, 0]), whereabouts(clip[:, 0]), motion_fits(clip), spread(clip.mean(axis=1))])


FEATURES = {
    "image": image_features,
    "text": lambda text: CountVectorizer().fit_transform(text).toarray(),
    "audio": audio_features,
    "clip": clip_features,
}


@pytest.fixture(scope="module")
def features(scenes):
    return {name: make(scenes.X[name]) for name, make in FEATURES.items()}


def probe(F, latent):
    """Return the accuracy of a forest on unseen scenes, and that of always naming the commonest value."""
    if latent.dtype.kind == "i":
        latent = np.searchsorted(np.quantile(latent, [0.25, 0.5, 0.75]), latent)
    forest = ExtraTreesClassifier(30, max_features=0.3, min_samples_leaf=2, random_state=0)
    score = forest.fit(F[:N_TRAIN], latent[:N_TRAIN]).score(F[N_TRAIN:], latent[N_TRAIN:])
    return score, np.unique(latent, return_counts=True)[1].max() / len(latent)


def nearly_always_below(chance):
    """Four and a half standard deviations above chance."""
    return chance + 4.5 * np.sqrt(chance * (1 - chance) / (N_SAMPLES - N_TRAIN))


@pytest.mark.parametrize("modality", MODALITIES)
@pytest.mark.parametrize("latent", list(VISIBLE))
def test_a_latent_is_found_exactly_where_the_card_says(scenes, features, latent, modality):
    score, chance = probe(features[modality], scenes.latents[latent])
    if modality in VISIBLE[latent]:
        assert score > chance + 0.3
    else:
        assert score < nearly_always_below(chance)


@pytest.mark.parametrize("frame", [0, 4, 7])
def test_one_frame_does_not_betray_the_motion(scenes, frame):
    picture = scenes.X["clip"][:, frame].astype(float)
    score, chance = probe(np.hstack([whereabouts(picture), spread(picture)]), scenes.latents["motion"])
    assert score < nearly_always_below(chance)


def test_the_mean_of_the_frames_shows_the_axis_but_not_the_direction(scenes):
    picture = scenes.X["clip"].mean(axis=1)
    F = np.hstack([whereabouts(picture), spread(picture)])
    motion = scenes.latents["motion"]
    assert probe(F, np.isin(motion, ["left", "right"]).astype(str))[0] > 0.95
    assert probe(F, motion)[0] < nearly_always_below(0.5)


def test_the_card_has_the_same_table(scenes):
    for latent, where in VISIBLE.items():
        (row,) = [line for line in scenes.card.splitlines() if line.startswith(f"| {latent} |")]
        marks = [cell.strip() for cell in row.strip("|").split("|")][2:]
        assert {m for m, mark in zip(MODALITIES, marks, strict=True) if mark == "yes"} == where
