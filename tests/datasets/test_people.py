"""people: what is in it, that every trait shows where it should, and that no modality suffices alone."""

import hashlib
from types import SimpleNamespace

import numpy as np
import pytest

from mmlearn_edu.datasets import SAMPLING_RATE, list_datasets, make_people, verify
from mmlearn_edu.datasets._persons import (
    BUILD,
    FACE,
    FACE_TAKE,
    LOOKS,
    NAME,
    RELATIONS,
    VOICE,
    VOICE_TAKE,
    draw,
    persons,
)
from tools import measure_people

CHECKSUMS = {  # SHA256 of the bytes of make_people(20, 5), the same on every machine
    "image": "4bf38e1ccb64fbe942ecf58ec55f6657aeabe6c3e7541af0b7bfe36c8ba836aa",
    "audio": "612b0b6da54b087ebe38c9ab718c83c78ab9ec9e876dfb11b4bfbf688f8b9c58",
    "text": "ee47c71aa33050123b52f0fbac97db397a152b90cc03e0e68a7b6f4f071664c4",
}
MODALITIES = ["image", "audio", "text"]


@pytest.fixture(scope="module")
def people():
    return make_people(16, 5, random_state=3)


def fingerprint(array):
    content = "\n".join(array).encode() if array.dtype == object else np.ascontiguousarray(array).tobytes()
    return hashlib.sha256(content).hexdigest()


def test_shapes_and_kinds(people):
    assert {name: (array.dtype, array.shape) for name, array in people.X.items()} == {
        "image": (np.uint8, (80, 48, 48, 3)),
        "audio": (np.int16, (80, 6000)),
        "text": (np.dtype(object), (80,)),
    }
    assert {type(card) for card in people.X["text"]} == {str}
    np.testing.assert_array_equal(people.y, np.repeat(np.arange(16), 5))
    np.testing.assert_array_equal(people.groups["person"], people.y)
    np.testing.assert_array_equal(people.groups["pair"], people.y // 2)
    np.testing.assert_array_equal(people.latents["take"], np.tile(np.arange(5), 16))
    assert SAMPLING_RATE == 8000


@pytest.mark.parametrize("modality", MODALITIES)
def test_bytes_are_the_published_ones(modality):
    assert fingerprint(make_people(20, 5).X[modality]) == CHECKSUMS[modality]


def test_same_seed_same_people_other_seed_others(people):
    again, other = make_people(16, 5, random_state=3), make_people(16, 5, random_state=4)
    for name in MODALITIES:
        np.testing.assert_array_equal(people.X[name], again.X[name])
        assert (people.X[name] != other.X[name]).any()


def test_the_first_people_stay_the_same_when_there_are_more(people):
    fewer = make_people(5, 5, random_state=3)
    for name in MODALITIES:
        np.testing.assert_array_equal(fewer.X[name], people.X[name][:25])
    for name, latent in fewer.latents.items():
        np.testing.assert_array_equal(latent, people.latents[name][:25], err_msg=name)


def test_the_people_stay_the_same_when_they_are_met_more_often(people):
    often = make_people(16, 6, random_state=3)
    for name in ["name", *FACE, *VOICE]:
        np.testing.assert_array_equal(often.latents[name][::6], people.latents[name][::5], err_msg=name)


@pytest.mark.parametrize("random_state", [None, np.random.default_rng(0), np.random.RandomState(0), np.int64(4)])
def test_anything_of_scikit_learn_seeds(random_state):
    assert len(make_people(2, 2, random_state=random_state)) == 4


def test_one_person_once_is_enough():
    alone = make_people(np.int64(1), 1)
    assert alone.target_names == (f"0 {alone.latents['name'][0]}",)


def test_unpacks_as_in_scikit_learn(people):
    X, y = make_people(16, 5, random_state=3, return_X_y=True)
    assert X.names == ("image", "audio", "text")
    np.testing.assert_array_equal(y, people.y)


@pytest.mark.parametrize("count", [0, -1, 2.5, True, "many"])
@pytest.mark.parametrize(("name", "example"), [("n_persons", 100), ("n_takes", 10)])
def test_says_how_many_are_possible(name, example, count):
    with pytest.raises(ValueError, match=rf"{name}={count!r} must be a whole number of at least 1; try {example}"):
        make_people(**{name: count})


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"image_noise": -0.1}, "image_noise=-0.1 must be a number from 0 to 10"),
        ({"audio_snr_db": float("nan")}, "audio_snr_db=nan must be a number of decibels.*or None"),
        ({"random_state": -1}, "random_state=-1 is out of range"),
    ],
)
def test_says_what_is_allowed(wrong, message):
    with pytest.raises(ValueError, match=message):
        make_people(2, 2, **wrong)


def test_noise_in_one_modality_leaves_the_others_alone():
    clean, noisy = (
        make_people(4, 3, image_noise=0, audio_snr_db=None),
        make_people(4, 3, image_noise=0.2, audio_snr_db=0),
    )
    grain = noisy.X["image"].astype(float) - clean.X["image"]
    inside = (clean.X["image"] > 110) & (clean.X["image"] < 145)  # more than two deviations from either end
    assert grain[inside].std() == pytest.approx(0.2 * 255, rel=0.05)
    for other, left_alone in [({"image_noise": 0.2, "audio_snr_db": None}, "audio"), ({"image_noise": 0}, "image")]:
        np.testing.assert_array_equal(make_people(4, 3, **other).X[left_alone], clean.X[left_alone])
    np.testing.assert_array_equal(noisy.X["text"], clean.X["text"])


@pytest.mark.parametrize("snr_db", [20, 0])
def test_signal_to_noise_ratio_is_the_ratio(snr_db):
    clean, mixed = (make_people(8, 2, audio_snr_db=snr).X["audio"].astype(float) for snr in (None, snr_db))
    length = make_people(8, 2).latents["length"]
    share = (mixed * clean).sum(axis=1) / (clean**2).sum(axis=1)
    noise = mixed - share[:, None] * clean
    measured = 10 * np.log10(share**2 * (clean**2).sum(axis=1) / length / (noise**2).mean(axis=1))
    assert np.median(measured) == pytest.approx(snr_db, abs=0.1)
    np.testing.assert_allclose(measured, snr_db, atol=0.6)  # noise resembles a clip now and then


# Who is like whom --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def drawn():
    return persons(4000, np.random.RandomState(0), np.random.RandomState(1))


def same(drawn, relation, traits, by=0):
    """Tell for each trait how often the two of a pair of that relation have it in common."""
    first = np.arange(2 * RELATIONS.index(relation), 4000, 8)
    return [(np.abs(drawn[t][first] - drawn[t][first + 1]) <= by).mean() for t in traits]


def test_those_who_look_alike_share_a_face_and_a_family_but_no_voice(drawn):
    assert min(same(drawn, "look alike", [*LOOKS, "family", "script"])) == 1
    assert min(same(drawn, "look alike", BUILD, by=2)) == 1
    assert max(same(drawn, "look alike", BUILD)) < 0.4  # nearly, not quite
    assert max(same(drawn, "look alike", VOICE)) < 0.05
    assert max(same(drawn, "look alike", ["given"])) < 0.05


def test_those_who_sound_alike_share_a_voice_only(drawn):
    assert min(same(drawn, "sound alike", VOICE, by=2)) == 1
    assert max(same(drawn, "sound alike", BUILD)) < 0.2
    assert max(same(drawn, "sound alike", ["given", "family"])) < 0.05


def test_those_who_share_a_name_share_nothing_else(drawn):
    assert min(same(drawn, "share a name", NAME)) == 1
    assert max(same(drawn, "share a name", BUILD)) < 0.2
    assert max(same(drawn, "share a name", VOICE)) < 0.05


def test_strangers_are_strangers(drawn):
    assert max(same(drawn, "strangers", [*BUILD, *VOICE])) < 0.2
    assert max(same(drawn, "strangers", ["given", "family"])) < 0.05


def test_relation_and_name_of_each_person_are_told(people):
    once = {name: latent[::5] for name, latent in people.latents.items()}
    assert list(once["relation"]) == [relation for relation in RELATIONS for _ in range(2)] * 2
    assert once["name"][4] == once["name"][5]
    assert once["name"][6] != once["name"][7]
    assert people.target_names[5] == f"5 {once['name'][5]}"


def test_traits_of_strangers_are_even_and_independent(drawn):
    alone = {name: trait[6::8] for name, trait in drawn.items()}
    for name, trait in alone.items():
        low, high = trait.min(), trait.max()
        assert abs(trait.mean() - (low + high) / 2) < 4.5 * (high - low) / np.sqrt(8 * len(trait)), name
    correlation = np.corrcoef([*alone.values()]) - np.eye(len(alone))
    assert np.abs(correlation).max() < 4.5 / np.sqrt(500)


def test_draws_reach_both_ends_of_a_range():
    values = draw({"a": (-3, 3), "b": ["x", "y", "z"]}, 3000, np.random.RandomState(0))
    assert np.unique(values["a"]).tolist() == [*range(-3, 4)]
    assert np.unique(values["b"]).tolist() == [0, 1, 2]


def test_groups_are_what_the_latents_say(people):
    known, groups = people.latents, people.groups
    np.testing.assert_array_equal(groups["voice_register"] == "high", known["pitch"] >= 165)
    np.testing.assert_array_equal(groups["glasses"] == "no", known["eyewear"] == "none")
    np.testing.assert_array_equal(groups["script"], known["script"])
    assert {name: sorted(set(groups[name])) for name in ("voice_register", "glasses", "script")} == {
        "voice_register": ["high", "low"],
        "glasses": ["no", "yes"],
        "script": ["Han", "Latin"],
    }


# No modality suffices ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def recognised():
    people = make_people(random_state=1)
    scores = measure_people.recognise(people, measure_people.features_of(people))
    test = people.latents["take"] >= measure_people.N_ENROLLED
    right = {name: s.argmax(axis=1) == people.y[test] for name, s in scores.items()}
    return SimpleNamespace(right=right, relation=people.latents["relation"][test])


@pytest.mark.parametrize(
    ("modalities", "low", "high"),
    [
        ("image", 0.35, 0.65),
        ("audio", 0.25, 0.50),
        ("text", 0.55, 0.80),
        ("image + audio", 0.72, 0.92),
        ("image + text", 0.80, 0.96),
        ("audio + text", 0.80, 0.97),
        ("image + audio + text", 0.92, 0.995),
    ],
)
def test_each_alone_is_imperfect_and_together_they_are_good(recognised, modalities, low, high):
    assert low < recognised.right[modalities].mean() < high


@pytest.mark.parametrize(("modality", "relation"), [*zip(MODALITIES, RELATIONS[:3], strict=True)])
def test_siblings_are_mistaken_where_they_are_alike(recognised, modality, relation):
    alike, strangers = (recognised.right[modality][recognised.relation == r].mean() for r in (relation, "strangers"))
    assert alike < strangers - 0.07
    assert recognised.right["image + audio + text"][recognised.relation == relation].mean() > 0.9


# The card ----------------------------------------------------------------------------------------


def test_every_latent_stands_in_the_card(people):
    for name in [*people.latents, *people.groups]:
        assert f"`{name}`" in people.card, name


def test_the_card_has_the_ranges(people):
    for name, values in {**BUILD, **VOICE, **FACE_TAKE, **VOICE_TAKE}.items():
        if not isinstance(values, list):
            assert f"`{name}` {values[0]} to {values[1]}" in people.card, name
    for name, values in {**LOOKS, **{k: v for k, v in FACE_TAKE.items() if isinstance(v, list)}}.items():
        for value in set(values) if isinstance(values, list) else ():
            assert value in people.card, (name, value)


def test_the_card_says_what_must_not_be_concluded(people):
    for words in ("do not exist", "consent", "No demographics", "CC BY 4.0", "Peterson", "Klatt"):
        assert words in people.card
    assert "people" in list_datasets()
    assert verify("people") == []
