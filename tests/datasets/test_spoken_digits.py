"""spoken_digits: what is in it, that its noise is what it says, and that its splits leak nothing."""

import hashlib
from importlib import import_module

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.model_selection import GroupShuffleSplit

from mmlearn_edu.datasets import SAMPLING_RATE, load_spoken_digits
from mmlearn_edu.datasets._captions import FACTS, WORDING

# SHA256 of the bytes of each array: the same on every machine and with every numpy
CLEAN = {
    "image": "c4bdc680ab5d04111f565ffc8882f36b48946a1bd9014929e938204bd72b928f",
    "audio": "3fcd4da1e8906a3ec7c5f10abc8a922c23198757499fec9d0ec2fb2bc09db332",
    "text": "657817fbaf2a595f47deb475dd5c0efb6bb8c9c32ecc5ccfb32fde3d91ab2ac1",
}
NOISY = {
    "image": "3d88ccdae20c640f4707c20327e0ca983f9d5e5023c4cca9be74bbea9f7708a7",
    "audio": "86132b8e84490f4d89a1fefbb5303b3b75cc3ec7eedd2370f0672d58d4df3c80",
    "text": "657817fbaf2a595f47deb475dd5c0efb6bb8c9c32ecc5ccfb32fde3d91ab2ac1",
}


module = import_module("mmlearn_edu.datasets.spoken_digits")


def fingerprint(array):
    content = "\n".join(array).encode() if array.dtype == object else np.ascontiguousarray(array).tobytes()
    return hashlib.sha256(content).hexdigest()


@pytest.fixture(scope="module")
def clean():
    return load_spoken_digits()


@pytest.fixture(scope="module")
def noisy():
    return load_spoken_digits(image_noise=0.4, audio_snr_db=-10)


def test_shapes_kinds_and_ranges(clean):
    assert {name: (array.dtype, array.shape) for name, array in clean.X.items()} == {
        "image": (np.uint8, (1797, 8, 8)),
        "audio": (np.int16, (1797, 5600)),
        "text": (np.dtype(object), (1797,)),
    }
    assert SAMPLING_RATE == 8000
    assert {type(caption) for caption in clean.X["text"]} == {str}
    assert clean.target_names == tuple("0123456789")


def test_images_are_those_of_scikit_learn(clean):
    digits = load_digits()
    np.testing.assert_array_equal(clean.X["image"], (digits.images * 255 // 16).astype(np.uint8))
    np.testing.assert_array_equal(clean.y, digits.target)


def test_without_its_file_the_pictures_come_from_scikit_learns_loader(monkeypatch):
    read = module._read_pictures.__wrapped__
    file = read()
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    for ours, theirs in zip(file, read(), strict=True):
        assert ours.dtype == theirs.dtype
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("modality", ["image", "audio", "text"])
def test_bytes_are_the_published_ones(clean, noisy, modality):
    assert fingerprint(clean.X[modality]) == CLEAN[modality]
    assert fingerprint(noisy.X[modality]) == NOISY[modality]


def test_same_seed_same_data(noisy):
    again = load_spoken_digits(image_noise=0.4, audio_snr_db=-10, random_state=0)
    for name, array in noisy.X.items():
        np.testing.assert_array_equal(array, again.X[name])


@pytest.mark.parametrize("make", [lambda: np.random.default_rng(3), lambda: np.random.RandomState(3)])
def test_generators_seed_too_and_move_on(make):
    rng = make()
    first, second = (load_spoken_digits(image_noise=0.2, random_state=rng).X["image"] for _ in range(2))
    assert (first != second).mean() > 0.5
    np.testing.assert_array_equal(first, load_spoken_digits(image_noise=0.2, random_state=make()).X["image"])


def test_other_seed_other_noise_same_pairs(clean, noisy):
    other = load_spoken_digits(image_noise=0.4, audio_snr_db=-10, random_state=1)
    for name, array in noisy.X.items():
        assert (array != other.X[name]).reshape(1797, -1).any(axis=1).mean() > 0.9, name
    np.testing.assert_array_equal(clean.latents["clip"], other.latents["clip"])


def test_noise_in_one_modality_leaves_the_others_alone(clean, noisy):
    only_image = load_spoken_digits(image_noise=0.4)
    np.testing.assert_array_equal(only_image.X["image"], noisy.X["image"])
    np.testing.assert_array_equal(only_image.X["audio"], clean.X["audio"])
    np.testing.assert_array_equal(only_image.X["text"], clean.X["text"])


@pytest.mark.parametrize("noise", [0.05, 0.2])
def test_image_noise_is_a_share_of_the_range(clean, noise):
    noisy = load_spoken_digits(image_noise=noise).X["image"].astype(float)
    grey = (clean.X["image"] > 110) & (clean.X["image"] < 145)  # more than two deviations from either end
    difference = (noisy - clean.X["image"])[grey] / 255
    assert abs(difference.mean()) < 0.01
    assert difference.std() == pytest.approx(noise, rel=0.05)


@pytest.mark.parametrize("snr_db", [20, 0, -10])
def test_signal_to_noise_ratio_is_the_ratio(clean, snr_db):
    speech, length = clean.X["audio"].astype(float), clean.latents["length"]
    mixed = load_spoken_digits(audio_snr_db=snr_db).X["audio"].astype(float)
    share = (mixed * speech).sum(axis=1) / (speech**2).sum(axis=1)  # how far the row was turned down
    noise = mixed - share[:, None] * speech
    measured = 10 * np.log10(share**2 * (speech**2).sum(axis=1) / length / (noise**2).mean(axis=1))
    assert np.median(measured) == pytest.approx(snr_db, abs=0.05)
    chance = 4.5 * np.sqrt(10 ** (-snr_db / 10) / length.min())  # how wrong `share` can be by chance resemblance
    assert np.abs(10 ** ((measured - snr_db) / 20) - 1).max() < chance + 0.05
    assert np.abs(mixed).max() <= 32000  # nothing is clipped


def test_noise_is_white(clean):
    hiss = load_spoken_digits(audio_snr_db=-40).X["audio"].astype(float)
    power = (np.abs(np.fft.rfft(hiss, axis=1)) ** 2).mean(axis=0)[1:-1].reshape(-1, 9).mean(axis=1)
    assert power.max() / power.min() < 1.25


def test_every_image_is_paired_with_its_own_digit(clean):
    clip, digit = clean.latents["clip"], clean.y
    assert all(len(set(digit[clip == c])) == 1 for c in np.unique(clip))
    for c in (0, 400, 839):  # and the same clip is the same sound
        rows = clean.X["audio"][clip == c]
        assert (rows == rows[0]).all()
    assert (clean.X["audio"][np.arange(5600) >= clean.latents["length"][:, None]] == 0).all()


def test_counts_are_those_of_the_card(clean):
    counts = {name: len(np.unique(values)) for name, values in {**clean.groups, **clean.latents}.items()}
    assert (counts["writer"], counts["voice"], counts["clip"], counts["take"], counts["base"]) == (14, 28, 840, 3, 4)
    for fact in ("14 writers", "28 voices", "840 clips", "1797"):
        assert fact in clean.card
    assert np.bincount(np.bincount(clean.latents["clip"])).nonzero()[0].max() <= 3


def test_blocks_of_writers_are_contiguous_and_complete(clean):
    writer = clean.groups["writer"]
    assert (np.diff(writer) >= 0).all()
    assert np.bincount(writer).min() >= 120
    assert all(len(set(clean.y[writer == w])) == 10 for w in range(14))


@pytest.mark.parametrize("group", ["writer", "voice"])
@pytest.mark.parametrize("seed", range(5))
def test_a_split_by_writer_or_voice_shares_no_clip(clean, group, seed):
    splitter = GroupShuffleSplit(1, test_size=0.3, random_state=seed)
    train, test = next(splitter.split(clean.X, clean.y, clean.groups[group]))
    shared = ["clip", "voice", "writer"] if group == "writer" else ["clip", "voice"]
    facts = {**clean.groups, **clean.latents}
    for name in shared:
        assert not set(facts[name][train]) & set(facts[name][test]), name


def test_a_random_split_would_share_clips(clean):
    train = np.random.default_rng(0).random(1797) < 0.7
    assert set(clean.latents["clip"][train]) & set(clean.latents["clip"][~train])


def test_captions_tell_three_facts_one_in_ten_wrong(clean):
    values = {wording: (f, v) for f, fact in enumerate(WORDING) for v, ways in enumerate(fact) for wording in ways}
    told = [[values[part] for part in caption.split(", ")] for caption in clean.X["text"]]
    assert {len(facts) for facts in told} == {3}
    right = np.array([FACTS[f, digit] == v for facts, digit in zip(told, clean.y, strict=True) for f, v in facts])
    assert right.mean() == pytest.approx(0.9, abs=0.015)


def test_captions_never_name_the_digit(clean):
    names = {"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", *"0123456789"}
    assert not names & set(" ".join(clean.X["text"]).replace(",", "").split())


def test_unpacks_as_in_scikit_learn(clean):
    X, y = load_spoken_digits(return_X_y=True)
    assert X.names == ("image", "audio", "text")
    np.testing.assert_array_equal(y, clean.y)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"image_noise": -0.1}, r"image_noise=-0.1 must be a number from 0 to 10.*try 0.4"),
        ({"image_noise": float("nan")}, r"image_noise=nan must be"),
        ({"image_noise": "loud"}, r"image_noise='loud' must be"),
        ({"audio_snr_db": float("inf")}, r"audio_snr_db=inf must be a number of decibels.*or None.*try -10"),
        ({"audio_snr_db": "low"}, r"audio_snr_db='low' must be"),
        ({"audio_snr_db": 4000}, r"from -100 to 100"),
        ({"audio_snr_db": True}, r"audio_snr_db=True must be"),
        ({"random_state": -1}, r"random_state=-1 is out of range"),
    ],
)
def test_says_what_is_allowed(wrong, message):
    with pytest.raises(ValueError, match=message):
        load_spoken_digits(**wrong)


def test_says_what_can_seed():
    with pytest.raises(TypeError, match="whole number, None, a numpy Generator or a RandomState, got str"):
        load_spoken_digits(random_state="today")
